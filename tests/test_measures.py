"""A form asks for more than figures: percentages, choices, days; what is not certain is refused."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from openpyxl import load_workbook

from campaigns import SIGNED, merged, ref, roster_csv
from mutants import mutant
from sheetflow.campaign.folder import DECISIONS, OUTPUT, RETURNS, campaign_key, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.starting import start_campaign
from sheetflow.checks.case import Case
from sheetflow.checks.submission import check_submission
from sheetflow.cli.forms import cell_records
from sheetflow.definitions.decisions import load_decisions
from sheetflow.definitions.form import load_form
from sheetflow.gathering.agency_names import KnownNames
from sheetflow.gathering.intake import Expectation
from sheetflow.gathering.reading import blueprint
from sheetflow.gathering.values import read_value, shown
from sheetflow.layout.sheets import form_layout
from sheetflow.messages.terms import TERMS
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.campaign import Settings
from sheetflow.model.findings import Outcome, Severity
from sheetflow.model.history import Previous
from sheetflow.reports.appendices import appendices
from sheetflow.reports.summary import decision_row, render_summary
from sheetflow.workbooks.front import Cover
from sheetflow.workbooks.package import Package
from sheetflow.workbooks.template import write_template
from sheetflow.workbooks.workbook import CellKind, RawCell
from test_frames import LEARNED, taken_in

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.decisions import Decision
    from sheetflow.model.form import Form
    from sheetflow.reports.results import Results

FORM = """\
[form]
code = "sites"
title = "政府网站工作年度报表"
letter = "示例"
period = "year"
preamble = "{year}年。"

[[section]]
code = "一"
heading = "一、网站情况"

[[table]]
code = "s"
section = "一"

[[column]]
table = "s"
code = "value"
label = "填报内容"

[[item]]
table = "s"
code = "visits"
label = "总访问量（次）"

[[item]]
table = "s"
code = "answered"
label = "留言办结率"
measure = "percent"

[[item]]
table = "s"
code = "closed"
label = "是否关停整合"
measure = "choice"
choices = ["是", "否", "正在 A 类整合"]
blank = "error"

[[item]]
table = "s"
code = "opened"
label = "开通日期"
measure = "date"
"""
CHOICES = 'choices = ["是", "否", "正在 A 类整合"]'
COLUMN = "value"
MUTANTS = 300
Answer = int | float | str | date | None


def form(text: str = FORM) -> Form:
    loaded = load_form(text, "form.toml")
    assert loaded.value, loaded.findings
    return loaded.value


def returned(root: Path, *all_answers: tuple[Answer, ...], text: str = FORM) -> Results:
    """Merge what agencies a, b … answer, each to the four questions in order."""
    roster = root / "roster.csv"
    agencies = "abcdefgh"[: len(all_answers)]
    roster.write_bytes(roster_csv("\n".join(f"{code} {code}局" for code in agencies)))
    start_campaign(root / "c", Settings(form="sites", period="2024", name="某市"), text, roster)
    layout = form_layout(form(text))
    for issued, answers in zip(
        issue_templates(open_campaign(root / "c")), all_answers, strict=True
    ):
        book = load_workbook(issued.path)
        for cell, answer in zip(form(text).entries(), answers, strict=True):
            place = layout.place(cell.ref)
            book[place.sheet][place.address].value = answer
        book.save(root / "c" / RETURNS / issued.path.name)
    return merged(root / "c")


def expecting(root: Path) -> Expectation:
    """Expect the returns of a campaign, with none in mind."""
    campaign, key = open_campaign(root), campaign_key(root)
    names = KnownNames(campaign.roster)
    return Expectation(blueprint(campaign.form), campaign.settings, names, key, ())


def found(made: Results) -> list[str]:
    return [f"{each.code} {each.cell}" for each in made.ledger.findings]


GOOD = (1200, 0.985, "是", date(2015, 3, 1))


def test_what_is_asked_for_is_read_and_listed_with_its_place(tmp_path: Path) -> None:
    made = returned(tmp_path, GOOD)
    assert found(made) == []
    rows = (tmp_path / "c" / OUTPUT / "figures.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [row.split(",")[1:5] for row in rows] == [
        ["s/visits/value", "1200", "number", "1200"],
        ["s/answered/value", "0.985", "number", "98.5%"],
        ["s/closed/value", "", "text", "是"],
        ["s/opened/value", "", "text", "2015-03-01"],
    ]
    totals = (tmp_path / "c" / OUTPUT / "totals.csv").read_text("utf-8-sig").splitlines()[1:]
    assert totals == ["all,s/visits/value,1200,1,1"]


def test_t9_is_found_at_what_is_none_of_the_choices_or_no_day(tmp_path: Path) -> None:
    made = returned(tmp_path, (1200, "98.5%", "部分", "2015年"))
    first, second, repaired = made.ledger.findings
    assert (first.code, str(first.cell), first.severity) == ("T9", "s/closed/value", Severity.ERROR)
    assert first.facts == {
        "raw": "部分",
        "expected": "是 / 否 / 正在 A 类整合",
        "hint": "@no_choice",
    }
    assert (second.code, str(second.cell)) == ("T9", "s/opened/value")
    assert second.facts == {"raw": "2015年", "expected": "@date", "hint": "@no_day"}
    assert (repaired.code, str(repaired.cell)) == ("T4", "s/answered/value")
    assert repaired.facts["value"] == "0.985"


def test_a_choice_is_asked_for_if_its_line_says_so_and_a_day_may_be_left_out(
    tmp_path: Path,
) -> None:
    made = returned(tmp_path, (1200, 0.5, None, None))
    assert found(made) == ["T7 s/closed/value"]


def test_a_tick_may_be_the_choice_where_an_item_has_no_label(tmp_path: Path) -> None:
    head, _ = FORM.split('[[item]]\ntable = "s"\ncode = "visits"')
    one = '[[item]]\ntable = "s"\ncode = "all"\nlabel = ""\n'
    asked = 'measure = "choice"\nchoices = ["√"]\nblank = "error"\n'
    made = returned(tmp_path, ("√",), text=f"{head}{asked}\n{one}")
    assert found(made) == []
    assert made.shown("all", ref("s/all/value")) == "√ 1"


def test_a_group_says_how_often_each_choice_was_made(tmp_path: Path) -> None:
    blank, wide = (1, 0.5, None, None), (3, 0.5, " 正在 Ａ 类整合", None)
    made = returned(tmp_path, GOOD, (2, 0.5, "否", None), GOOD, wide, blank)
    assert made.shown("all", ref("s/closed/value")) == "是 2、否 1、正在 A 类整合 1"
    assert made.shown("all", ref("s/opened/value")) == "见各单位"
    assert made.shown("all", ref("s/answered/value")) == "见各单位"
    sheet = load_workbook(io.BytesIO(render_summary(made)))["一"]
    shown = [row[1].value for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert shown == ["见各单位", "是 2、否 1、正在 A 类整合 1", "见各单位"]


def test_the_office_can_correct_an_agencys_percentage_but_add_nothing_to_a_groups(
    tmp_path: Path,
) -> None:
    returned(tmp_path, GOOD)
    decisions = "".join(
        f'[[adjust]]\n{whose}cell = "s/answered/value"\nby = "甲"\nwhy = "核实"\non = 2025-01-20\n'
        for whose in ('agency = "a"\nvalue = "50%"\n', 'group = "all"\nadd = "1"\n')
    )
    (tmp_path / "c" / DECISIONS).write_text(decisions, "utf-8")
    made = merged(tmp_path / "c")
    (fault,) = made.ledger.findings
    assert (fault.code, fault.place and fault.place.line) == ("D01", 11)
    assert made.ledger.lines[0].submission
    assert made.ledger.lines[0].submission.figures[ref("s/answered/value")] == Decimal("0.5")


def test_a_percentage_is_shown_with_its_sign(tmp_path: Path) -> None:
    made = returned(tmp_path, GOOD)
    assert made.displayed(ref("s/answered/value"), Decimal("0.985")) == "98.5%"
    assert made.displayed(ref("s/answered/value"), None) == "—"


def test_a_percentage_above_a_hundred_is_asked_about(tmp_path: Path) -> None:
    made = returned(tmp_path, (1, 98.5, "是", None), (2, 1, "是", None), (3, "101%", "是", None))
    hints = [each for each in made.ledger.findings if each.code == "P9"]
    said = [(each.agency, each.severity, each.facts["value"]) for each in hints]
    assert said == [("a", Severity.QUERY, "9850%"), ("c", Severity.QUERY, "101%")]


def test_lines_are_not_taken_for_exchanged_by_their_percentages(tmp_path: Path) -> None:
    made = returned(tmp_path, (1, 30, "是", None))
    submission = made.ledger.by_agency["a"].submission
    assert submission
    last = {ref("s/visits/value"): Decimal(30), ref("s/answered/value"): Decimal(1)}
    case = Case(form(), submission, Previous("2023", ("a",), last, {}))
    assert [each.code for each in check_submission(case)] == ["P9"]


def test_a_percentage_is_adjusted_with_its_sign_and_has_no_total_to_adjust(tmp_path: Path) -> None:
    returned(tmp_path, (1200, "98.5", "是", None))
    roster = open_campaign(tmp_path / "c").roster

    def adjust(keys: str) -> Outcome[tuple[Decision, ...]]:
        text = f'[[adjust]]\ncell = "s/answered/value"\n{keys}\nwhy = "经核实"\n{SIGNED}'
        return load_decisions(text, "decisions.toml", form(), roster)

    taken = adjust('agency = "a"\nvalue = "98.5%"')
    assert [each.value for each in taken.value or ()] == [Decimal("0.985")]
    for figure in ('"98.5"', '"0.985"', "98", '"-1%"', '"%"'):
        (fault,) = adjust(f'agency = "a"\nvalue = {figure}').findings
        assert fault.facts["expected"] in {'"98.5%"', "@percent"}
    (fault,) = adjust('group = "all"\nadd = "1"').findings
    assert fault.facts["expected"] == "@added_cell"


def test_an_adjusted_percentage_is_said_as_it_is_typed(tmp_path: Path) -> None:
    returned(tmp_path, (1200, "98.5", "是", None))
    root = tmp_path / "c"
    keys = 'agency = "a"\ncell = "s/answered/value"\nvalue = "98.5%"\nwhy = "经核实"'
    text = f"[[adjust]]\n{keys}\n{SIGNED}"
    (root / DECISIONS).write_text(text, "utf-8")
    made = merged(root)
    (decision,) = made.ledger.decisions
    assert "原填 98.5，改为 98.5%" in decision_row(made, decision)


def test_choices_and_days_stand_in_the_appendix_of_texts(tmp_path: Path) -> None:
    made = returned(tmp_path, GOOD)
    settings = replace(made.settings, appendices=(AppendixKind.TEXTS,))
    (appendix,) = appendices(replace(made, settings=settings))
    assert appendix.blocks[0].paragraphs == (
        "留言办结率 · 填报内容：98.5%",
        "是否关停整合 · 填报内容：是",
        "开通日期 · 填报内容：2015-03-01",
    )


def test_the_template_offers_choices_and_takes_days_and_percentages() -> None:
    blank = write_template(form(), form_layout(form()), Cover(campaign="", period="2024"), None)
    sheet = load_workbook(io.BytesIO(blank))["一"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    by_item = {
        cell.ref.item: form_layout(form()).place(cell.ref).address for cell in form().entries()
    }
    closed = rules[by_item["closed"]]
    assert (closed.type, closed.formula1) == ("list", '"是,否,正在 A 类整合"')
    assert closed.prompt == "请从下拉列表中选一项；不要留空。"
    assert rules[by_item["opened"]].type == "date"
    assert sheet[by_item["opened"]].number_format == "yyyy-mm-dd"
    assert sheet[by_item["answered"]].number_format == "0.0%"
    assert rules[by_item["answered"]].prompt.startswith("请填写百分数，如 98.5%")


def test_a_client_is_told_what_can_be_chosen() -> None:
    records = {str(record["code"]): record for record in cell_records(form())}
    assert records["s/closed/value"]["choices"] == ["是", "否", "正在 A 类整合"]
    assert "choices" not in records["s/visits/value"]


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (RawCell(CellKind.DATE, "42064", None), "2015-03-01"),
        (RawCell(CellKind.DATE, "42064.75", None), "2015-03-01"),
        (RawCell(CellKind.DATE_1904, "40602", None), "2015-03-01"),
        (RawCell(CellKind.DATE, "2015-03-01T00:00:00", None), "2015-03-01"),
        (RawCell(CellKind.TEXT, "2015年3月1日", None), "2015年3月1日"),
        (RawCell(CellKind.TEXT, "1998/5/4", None), "1998/5/4"),
        (RawCell(CellKind.NUMBER, "42064", None), ""),
        (RawCell(CellKind.NUMBER, "20150301", None), ""),
        (RawCell(CellKind.DATE, "0.5", None), ""),
        (RawCell(CellKind.DATE, "59", None), ""),
        (RawCell(CellKind.TEXT, "2015-02-29", None), ""),
        (RawCell(CellKind.TEXT, "3月1日", None), ""),
        (RawCell(CellKind.BOOLEAN, "1", None), ""),
    ],
)
def test_a_day_is_read_only_where_it_is_certain(raw: RawCell, day: str) -> None:
    cell = form().cells[ref("s/opened/value")]
    read = read_value(cell, raw)
    if day:
        assert (read.state.value, read.rule, shown(raw)) == ("text", "", day)
    else:
        assert (read.state.value, read.rule) == ("unreadable", "no_day")


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        (RawCell(CellKind.PERCENT, "0.985", None), "0.985", ""),
        (RawCell(CellKind.TEXT, "98.5%", None), "0.985", "text_number"),
        (RawCell(CellKind.TEXT, " １００％", None), "1.00", "full_width"),
        (RawCell(CellKind.NUMBER, "0.985", None), None, "no_percent_sign"),
        (RawCell(CellKind.NUMBER, "98.5", None), None, "no_percent_sign"),
        (RawCell(CellKind.TEXT, "98.5", None), None, "no_percent_sign"),
        (RawCell(CellKind.TEXT, "-3%", None), None, "negative"),
        (RawCell(CellKind.TEXT, "约9成", None), None, "no_percent_sign"),
        (RawCell(CellKind.DATE, "42064", None), None, "no_percent_sign"),
    ],
)
def test_a_percentage_needs_its_sign(raw: RawCell, value: str | None, rule: str) -> None:
    read = read_value(form().cells[ref("s/answered/value")], raw)
    assert (None if read.value is None else str(read.value), read.rule) == (value, rule)
    assert value or rule in TERMS


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (CHOICES, "", "S02 choices"),
        (CHOICES, "choices = []", "S04 choices"),
        (CHOICES, 'choices = ["是", "是"]', "S04 choices"),
        (CHOICES, 'choices = ["A", "Ａ"]', "S04 choices"),
        (CHOICES, 'choices = ["是,否"]', "S04 choices"),
        (CHOICES, "choices = ['\"是\"']", "S04 choices"),
        (CHOICES, f'choices = ["{"长" * 256}"]', "S04 choices"),
        ('measure = "choice"', 'measure = "text"', "S04 measure"),
        ('measure = "date"', 'measure = "date"\nkind = "total"', "S04 measure"),
        ('measure = "percent"', 'measure = "percent"\nkind = "total"', "S04 measure"),
        ('measure = "percent"', 'measure = "rate"', "S04 measure"),
    ],
)
def test_what_is_wrong_with_a_measure_is_said(old: str, new: str, fault: str) -> None:
    assert old in FORM
    faults = load_form(FORM.replace(old, new), "form.toml").findings
    assert fault in {f"{each.code} {each.facts['key']}" for each in faults}


@pytest.mark.parametrize("measure", ["percent", "date", 'choice"\nchoices = ["是"]#"'])
def test_a_relation_passes_over_what_is_not_added(measure: str) -> None:
    measure = measure.removesuffix('#"')
    told = (
        FORM
        + f"""
[[column]]
table = "s"
code = "last"
label = "上年"
measure = "{measure}{"" if measure.endswith("]") else '"'}

[[check]]
code = "V1"
severity = "error"
title = "等"
title_en = "equal"
why = "等"
why_en = "equal"
remedy = "核对"
remedy_en = "check"

[[relation]]
check = "V1"
table = "s"
along = "items"
holds = "[value] = [last]"
"""
    )
    faults = load_form(told, "form.toml").findings
    assert "S32" in {fault.code for fault in faults}


def test_mutants_of_such_returns_are_read_as_they_are_cell_by_cell(tmp_path: Path) -> None:
    returned(tmp_path, GOOD)
    root = tmp_path / "c"
    (path,) = (root / RETURNS).iterdir()
    data, expected = path.read_bytes(), expecting(root)
    for _ in range(LEARNED):
        (intake,) = taken_in(data, expected)
        assert intake.submission
    for seed in range(MUTANTS):
        damaged = mutant(random.Random(seed), data)  # noqa: S311 - no secret
        with patch.object(Package, "stored", lambda _self, _part: None):
            plain = taken_in(damaged, expecting(root))
        assert taken_in(damaged, expected) == plain, seed
