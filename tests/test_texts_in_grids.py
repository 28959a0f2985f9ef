"""A grid may ask for texts beside its figures: nothing adds them, nothing loses them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from campaigns import merged, ref, roster_csv
from sheetflow.campaign.folder import RETURNS, open_campaign, text_files
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.starting import start_campaign
from sheetflow.definitions.form import load_form
from sheetflow.layout.sheets import form_layout
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.campaign import Settings
from sheetflow.model.findings import Severity
from sheetflow.reports.appendices import appendices
from sheetflow.reports.comparison import compared_cells
from sheetflow.reports.summary import render_summary
from sheetflow.reports.view import report_view
from sheetflow.workbooks.filling import fill
from sheetflow.workbooks.front import Cover
from sheetflow.workbooks.grid_sizes import column_widths
from sheetflow.workbooks.template import write_template

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.cells import Place
    from sheetflow.model.form import Form
    from sheetflow.reports.results import Results

FORM = """\
[form]
code = "lawsuits"
title = "诉讼情况"
letter = "示例"
period = "year"
preamble = "{year}年。"

[[section]]
code = "一"
heading = "一、诉讼情况"

[[table]]
code = "g"
section = "一"

[[column]]
table = "g"
code = "n"
label = "受理"

[[column]]
table = "g"
code = "won"
label = "胜诉"

[[column]]
table = "g"
code = "lost"
label = "败诉"

[[column]]
table = "g"
code = "came"
label = "是否出庭"
measure = "text"
limit = 2

[[column]]
table = "g"
code = "note"
label = "备注"
measure = "text"

[[item]]
table = "g"
code = "first"
label = "一审"

[[item]]
table = "g"
code = "second"
label = "二审"

[[item]]
table = "g"
code = "all"
label = "合计"
kind = "total"

[[check]]
code = "V1"
severity = "error"
title = "合计"
title_en = "Total"
why = "相加"
why_en = "added"
remedy = "核对"
remedy_en = "check"

[[relation]]
check = "V1"
table = "g"
along = "columns"
holds = "[all] = [first] + [second]"

[[relation]]
check = "V1"
table = "g"
along = "items"
holds = "[won] + [lost] = [n]"
"""
FILLED = """\
first 3 2 1 是 -
second 1 0 1 否 均为上年案件
"""
CODES = ("n", "won", "lost", "came", "note")


def form(text: str = FORM) -> Form:
    loaded = load_form(text, "form.toml")
    assert loaded.value, loaded.findings
    return loaded.value


def results(root: Path, text: str = FILLED, definition: str = FORM) -> Results:
    """Merge what one agency answers, a line an item, a word a column; - is a blank."""
    roster = root / "roster.csv"
    roster.write_bytes(roster_csv("a 甲局"))
    start_campaign(
        root / "c", Settings(form="lawsuits", period="2024", name="某市"), definition, roster
    )
    (issued,) = issue_templates(open_campaign(root / "c"))
    layout = form_layout(form(definition))
    values: dict[Place, int | float | str | None] = {}
    for line in text.splitlines():
        item, *words = line.split()
        for column, word in zip(CODES, words, strict=True):
            if word != "-":
                place = layout.place(ref(f"g/{item}/{column}"))
                values[place] = int(word) if word.isdigit() else word
    target = root / "c" / RETURNS / "a.xlsx"
    target.write_bytes(fill(issued.path.read_bytes(), values))
    return merged(root / "c")


def found(made: Results) -> list[str]:
    return [f"{each.code} {each.cell}" for each in made.ledger.findings]


def test_a_relation_that_fails_beside_a_text_is_a_finding(tmp_path: Path) -> None:
    made = results(tmp_path, FILLED.replace("first 3 2 1", "first 3 2 2"))
    assert found(made) == ["V1 g/first/won", "V1 g/all/won"]


def test_a_text_that_is_filled_in_or_left_blank_is_no_fault(tmp_path: Path) -> None:
    assert found(results(tmp_path)) == []


def test_n2_notes_a_text_that_is_longer_than_its_cell_allows(tmp_path: Path) -> None:
    made = results(tmp_path, FILLED.replace("是", "均出庭"))
    (note,) = made.ledger.findings
    assert (note.code, str(note.cell), note.severity) == ("N2", "g/first/came", Severity.NOTE)
    assert note.facts == {"section": "一审 · 是否出庭", "length": "3", "limit": "2"}


def test_live_marks_look_at_figures_and_at_texts_that_are_required() -> None:
    def watched(text: str) -> set[str]:
        (sheet,) = form_layout(form(text)).sheets
        return {entry.column for mark in sheet.marks for entry in mark.entries}

    assert watched(FORM) == {"n", "won", "lost"}
    assert watched(asked()) == {"n", "won", "lost", "came"}


def asked() -> str:
    """Ask for the first text in any case."""
    return FORM.replace("limit = 2", 'limit = 2\nblank = "error"')


def test_a_text_is_required_if_the_line_that_makes_it_one_says_so(tmp_path: Path) -> None:
    blank = FILLED.replace("否", "-")
    assert found(results(tmp_path, blank, asked())) == ["T7 g/second/came"]


def test_an_item_of_a_table_without_figures_may_require_its_text() -> None:
    texts = re.sub(r"\n\[\[check\]\].*", "", FORM, flags=re.DOTALL).replace('kind = "total"', "")
    texts = texts.replace('label = "一审"', 'label = "一审"\nblank = "error"')
    of_text = texts.replace('section = "一"\n\n[[col', 'section = "一"\nmeasure = "text"\n\n[[col')
    under = texts.replace('measure = "text"\n', "").replace(
        '[[column]]\ntable = "g"\ncode = "',
        '[[column]]\ntable = "g"\nmeasure = "text"\ncode = "case.',
    )
    heading = '[[column]]\ntable = "g"\ncode = "case"\nlabel = "案件"\nkind = "heading"\n\n'
    for made in (form(of_text), form(under.replace("[[column]]", f"{heading}[[column]]", 1))):
        assert {cell.ref.item for cell in made.entries() if cell.required} == {"first"}
    with_figures = form(FORM.replace('label = "一审"', 'label = "一审"\nblank = "error"'))
    assert not any(cell.required for cell in with_figures.entries() if not cell.numeric)


def test_what_a_table_says_of_blank_figures_is_not_said_of_its_texts() -> None:
    made = form(FORM.replace('code = "g"\nsection', 'code = "g"\nblank = "query"\nsection'))
    assert {cell.blank.value for cell in made.entries() if cell.numeric} == {"query"}
    assert not any(cell.required for cell in made.entries() if not cell.numeric)


def test_the_prompt_of_a_text_says_whether_it_may_stay_blank_and_how_long_it_may_be() -> None:
    cover = Cover(campaign="", period="2024")
    made = form(asked())
    book = load_workbook(io.BytesIO(write_template(made, form_layout(made), cover, None)))
    rules = book["一"].data_validations.dataValidation
    prompts = {str(rule.sqref): str(rule.prompt) for rule in rules if rule.type == "textLength"}
    assert prompts["E7"] == "请填写文字，不超过 2 字；不要留空。"
    assert prompts["F7"] == "请填写文字，不超过 32767 字；可以留空。"


def test_a_column_in_which_texts_are_asked_for_is_broader_than_one_of_figures() -> None:
    (sheet,) = form_layout(form()).sheets
    assert sheet.grid
    _, *figures, came, note = column_widths(sheet.grid)
    assert {came, note} == {30}
    assert set(figures) == {13}


def test_a_prompt_names_the_unit_if_there_is_one() -> None:
    made = form(FORM.replace('label = "胜诉"', 'label = "胜诉"\nunit = "起"'))
    blank = write_template(made, form_layout(made), Cover(campaign="", period="2024"), None)
    rules = load_workbook(io.BytesIO(blank))["一"].data_validations.dataValidation
    prompts = {str(rule.sqref): str(rule.prompt) for rule in rules}
    assert prompts["C7"].startswith("请填写不小于 0 的整数，单位：起；")
    assert prompts["B7"].startswith("请填写不小于 0 的整数；")


def test_a_group_has_no_sum_of_texts_and_its_tables_say_where_they_are(tmp_path: Path) -> None:
    made = results(tmp_path)
    (section,) = report_view(made).sections
    assert section.table
    shown = {str(cell): text for cell, text in section.table.shown.items()}
    assert shown["g/first/came"] == shown["g/second/note"] == "见各单位"
    assert shown["g/all/n"] == "4"
    assert "g/all/note" not in shown  # a text has no total
    book = load_workbook(io.BytesIO(render_summary(made)))
    assert [cell.value for cell in book["一"][4]][4:] == ["见各单位", "见各单位"]


def test_the_appendix_of_texts_lists_those_of_grids_by_cell(tmp_path: Path) -> None:
    made = results(tmp_path)
    settings = replace(made.settings, appendices=(AppendixKind.TEXTS,))
    (appendix,) = appendices(replace(made, settings=settings))
    (block,) = appendix.blocks
    assert block.heading == "甲局"
    assert block.paragraphs == (
        "一审 · 是否出庭：是",
        "二审 · 是否出庭：否",
        "二审 · 备注：均为上年案件",
    )


def test_the_office_is_asked_for_no_text_that_the_report_would_not_print() -> None:
    assert text_files(form()) == {}


def test_what_is_kept_apart_is_shown_as_a_text_is(tmp_path: Path) -> None:
    apart = FORM.replace('section = "一"', 'section = "一"\nmerge = "apart"', 1)
    made = results(tmp_path, FILLED, apart)
    assert made.shown("all", ref("g/first/n")) == "见各单位"
    assert made.shown("all", ref("g/all/n")) == "见各单位"


def test_texts_are_not_compared_with_last_year() -> None:
    columns = {cell.column for cell in compared_cells(form())}
    assert columns == {"n", "won", "lost"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("[won] + [lost] = [n]", "[won] + [note] = [n]", "S32"),
        ("[won] + [lost] = [n]", "[came] = [note]", "S32"),
        ('label = "二审"', 'label = "二审"\nmeasure = "text"', "S32"),
        ('kind = "total"', 'kind = "total"\nmeasure = "text"', "S04"),
    ],
)
def test_a_relation_or_a_total_over_a_text_is_a_fault(old: str, new: str, code: str) -> None:
    assert old in FORM
    assert code in {fault.code for fault in load_form(FORM.replace(old, new), "form.toml").findings}


def test_a_star_means_the_figures_among_a_tables_lines() -> None:
    total = '[[column]]\ntable = "g"\ncode = "sum"\nlabel = "计"\nkind = "total"\n\n[[item]]'
    rule = '\n[[relation]]\ncheck = "V1"\ntable = "g"\nalong = "items"\nholds = "[sum] = [*]"\n'
    made = form(FORM.replace("[[item]]", total, 1) + rule)
    assert [leaf.column for _, leaf in made.leaves[ref("g/first/sum")]] == ["n", "won", "lost"]
