"""Appendices on request: agencies with dates, counties' tables, texts to write from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx import Document

from reported import HARMLESS, HOSTILE, Page, cell, results, word_everything
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.entries import Entry, State
from sheetflow.model.roster import Roster
from sheetflow.reports.appendices import appendices
from sheetflow.reports.fragment import render_fragment
from sheetflow.reports.html import render_html
from sheetflow.reports.word import render_docx
from sheetflow.rollup import roll_up

if TYPE_CHECKING:
    from sheetflow.model.cells import CellRef
    from sheetflow.reports.results import Results


def asked(*kinds: AppendixKind, **texts: str) -> Results:
    """Give a city whose 雁峰区 has 市政府办 below it; texts are its answers by item."""
    base = results(missing=True, name=HOSTILE)
    agencies = {agency.code: agency for agency in base.roster.agencies}
    tree = (agencies["yf"], agencies["city"]._replace(parent="yf"), agencies["zs"])
    roster = Roster(tree)
    first, *others = base.ledger.lines
    assert first.submission
    answers: dict[CellRef, Entry] = {}
    for item, text in texts.items():
        ref = cell(f"texts/{item.replace('_', '.')}/text")
        answers[ref] = first.submission.entries.get(ref, entry(ref))._replace(raw=text)
    sent = replace(
        first.submission, entries={**first.submission.entries, **answers}, received=date(2025, 2, 1)
    )
    ledger = replace(base.ledger, lines=(replace(first, submission=sent), *others))
    return replace(
        base,
        roster=roster,
        ledger=ledger,
        aggregates=roll_up(base.form, roster, ledger),
        settings=replace(base.settings, appendices=kinds),
    )


def entry(ref: CellRef) -> Entry:
    given = results().ledger.lines[0].submission
    assert given
    return Entry(ref, State.TEXT, None, "", next(iter(given.entries.values())).place)


def test_without_a_wish_there_is_none() -> None:
    assert appendices(asked()) == ()


def test_agencies_are_listed_with_standing_and_date() -> None:
    given = asked(AppendixKind.AGENCIES)
    rows = [
        ["序号", "代码", "名称", "类别", "报送状态", "收到日期"],
        ["1", "city", "市政府办", "", "已审定", "2025-02-01"],
        ["2", "yf", "雁峰区", "县区", "已审定", "—"],
        ["3", "zs", HARMLESS, "", "未报", "—"],
    ]
    table = Document(BytesIO(render_docx(given))).tables[-1]
    assert [[each.text for each in row.cells] for row in table.rows] == rows
    cells = Page(render_html(given)).tables[-1]
    assert [[cells[row, column] for column in range(6)] for row in range(4)] == rows


def test_each_county_has_its_own_tables() -> None:
    given = asked(AppendixKind.GROUPS)
    (appendix,) = appendices(given)
    assert [block.heading for block in appendix.blocks] == [
        f"雁峰区　{sheet.section.heading}"
        for sheet in given.layout.sheets
        if sheet.grid and sheet.section.official
    ]
    page = Page(render_html(given))
    ref = cell("requests/new/person")
    assert [text for code, text in page.figures if code == str(ref)][-1] == given.shown("yf", ref)
    assert len(page.tables) == len(Document(BytesIO(render_docx(given))).tables) == 6


def test_texts_are_gathered_agency_by_agency() -> None:
    given = asked(
        AppendixKind.TEXTS, overview_disclosure="  一是公开。\n\n二是回应。", problems=HOSTILE
    )
    (appendix,) = appendices(given)
    (block,) = appendix.blocks
    assert block.heading == "市政府办"
    assert block.paragraphs == (
        "总体情况（一）主动公开",
        "一是公开。",
        "二是回应。",
        "存在的主要问题及改进情况",
        HARMLESS,
    )
    for text in (word_everything(render_docx(given)), Page(render_html(given)).text):
        assert "二是回应。" in text
        assert HARMLESS in text


def test_an_appendix_without_content_says_so() -> None:
    given = asked(AppendixKind.TEXTS)
    for text in (word_everything(render_docx(given)), Page(render_html(given)).text):
        assert "附录：各单位报送的文字" in text
        assert "没有内容。" in text


def test_the_fragment_for_publication_has_no_appendix() -> None:
    assert "附录" not in Page(render_fragment(asked(*AppendixKind))).text


@pytest.mark.parametrize("kind", list(AppendixKind))
def test_the_six_sections_are_the_same_with_and_without(kind: AppendixKind) -> None:
    with_one, without = (Page(render_html(asked(*kinds))) for kinds in ((kind,), ()))
    assert with_one.text.startswith(without.text.rstrip())
