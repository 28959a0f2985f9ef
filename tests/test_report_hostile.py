"""Names and texts that would break a document pass through every output unharmed."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from office import require_office
from reported import Page, cell, decision, results, word_everything
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.roster import Agency, Roster
from sheetflow.reports.data import findings_json
from sheetflow.reports.figure_files import FIGURES, figure_files
from sheetflow.reports.fragment import render_fragment
from sheetflow.reports.html import render_html
from sheetflow.reports.pdf import print_with
from sheetflow.reports.summary import render_summary
from sheetflow.reports.word import render_docx
from sheetflow.rollup import roll_up
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from sheetflow.reports.results import Results

LONGEST = 32767
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NASTY = [
    "<script>alert(1)</script>",
    "]]>&amp;&#0;<!--",
    "{{ 7*7 }}{% for x in y %}{_{a}_}",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "\x00\x07\x1b[31m\ud800\ufffe",
    "\u202e\u2066左右\u200b",
    '"><img src=x onerror=alert(1)>',
    "</w:t></w:r><w:br/>",
    "C:\\a\\b_c%d$1",
]


def given(text: str) -> Results:
    """Give results in which every name, kind, reason and text of the office is this text."""
    named = text if text.strip() else "局"
    base = results(
        missing=True, name=named, decisions=(decision(DecisionKind.EXCUSE, agency="zs", why=text),)
    )
    roster = Roster(
        (
            Agency("yf", named, kind=named),
            Agency("city", named, "yf", kind="b"),
            Agency("zs", named),
        )
    )
    return replace(
        base,
        roster=roster,
        aggregates=roll_up(base.form, roster, base.ledger),
        settings=replace(base.settings, office=text, appendices=tuple(AppendixKind)),
        office_texts={cell("texts/problems/text"): text},
    )


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_text_stands_in_every_document_as_it_is(text: str) -> None:
    case, clean = given(text), clean_text(text)
    page, fragment = Page(render_html(case)), Page(render_fragment(case))
    word = word_everything(render_docx(case))
    for shown in (word, page.text, fragment.text):
        assert shown.count(clean) >= 3
        assert not CONTROL.search(shown)
    assert page.scripts == fragment.scripts == 0
    assert not [tag for tag, _ in (*page.tags, *fragment.tags) if tag in {"img", "script"}]
    assert {name for _, attributes in page.tags for name in attributes}.isdisjoint({"onerror"})


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_text_is_a_text_in_the_summary_and_the_data(text: str) -> None:
    case = given(text)
    book = load_workbook(io.BytesIO(render_summary(case)))
    values = [each for page in book for row in page.iter_rows() for each in row if each.value]
    own = [each for each in values if each.value == clean_text(text)]
    assert len(own) >= 3
    assert {each.data_type for each in own} == {"s"}
    figures = b"".join(figure_files(case)[FIGURES]).decode("utf-8-sig")
    rows = csv.reader(io.StringIO(figures))
    assert not [field for row in rows for field in row if field.startswith(("=", "@", "+"))]
    json.loads(b"".join(findings_json(case)))


def test_a_text_as_long_as_a_cell_holds_passes_whole() -> None:
    text = ("甲<乙>{{丙}}&_" * LONGEST)[:LONGEST]
    case = given("局")
    case = replace(case, office_texts={cell("texts/problems/text"): text})
    assert text in word_everything(render_docx(case))
    assert text in Page(render_html(case)).text
    assert text in Page(render_fragment(case)).text


@pytest.mark.office
def test_libreoffice_prints_what_nasty_texts_are_in() -> None:
    text = "".join(NASTY)
    made = print_with(require_office(), render_docx(given(text)))
    assert made.data
