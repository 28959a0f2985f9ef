"""The agency explains a query in its workbook: what closes it, what does not, and where it goes."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import reported
from campaigns import roster_of, send, start
from samples import AGENCY, filled, form, plan, submitted, template
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import open_campaign
from sheetflow.gathering.explanations import explanations
from sheetflow.messages.phrases import says_something
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.cells import Place, parse_cell
from sheetflow.model.ledger import Standing
from sheetflow.model.returns import Explanation
from sheetflow.reports.appendices import _KINDS, Listing
from sheetflow.reports.data import findings_json
from sheetflow.settling.ledger import settle
from sheetflow.workbooks.front import CHECKS
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.ledger import Ledger

REASON = "2024年集中清理，规章由市政府统一公布，本局没有规章。"
ROSTER = "a 甲局"


def reasons(data: bytes) -> list[tuple[str, str, str, str]]:
    read = explanations(plan().asked, read_xlsx(data), "returns/a.xlsx")
    return [(e.check, str(e.cell or ""), e.text, e.place.address) for e in read]


def explained(*rows: tuple[int, str, str, str], name: str = CHECKS) -> bytes:
    """Write reasons into a template: row, code and place (empty: as printed), text."""
    book = load_workbook(io.BytesIO(template()))
    page = book[CHECKS]
    for row, code, place, text in rows:
        if code:
            page.cell(row, 1).value = code
            page.cell(row, 3).value = place
        page.cell(row, 5).value = text
    page.title = name
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


FREE = 6 + len(form().comparisons)


def test_a_reason_beside_a_relation_is_that_relations() -> None:
    index, first = next(
        (i, c) for i, c in enumerate(form().comparisons) if c.relation.check == "R1"
    )
    assert reasons(explained((4 + index, "", "", REASON))) == [
        ("R1", str(first.cells[0]), REASON, f"E{4 + index}")
    ]


def test_a_reason_in_a_free_row_names_check_and_cell() -> None:
    rows = [(FREE, "t2", "二！$B$8", REASON), (FREE + 1, "X1", "", "x"), (FREE + 2, "", "", "y")]
    ref = next(
        str(r) for r, (s, b) in plan().layout.slots.items() if (s, b.address) == ("二", "B8")
    )
    assert reasons(explained(*rows)) == [
        ("T2", ref, REASON, f"E{FREE}"),
        ("X1", "", "x", f"E{FREE + 1}"),
        ("", "", "y", f"E{FREE + 2}"),
    ]


def test_a_template_that_nobody_filled_in_explains_nothing() -> None:
    assert reasons(template()) == []


@pytest.mark.parametrize(
    "phrase",
    [
        "核实无误",
        "情况属实。",
        "经核实，数据无误！",
        "已核实",
        "无",
        "同上",
        "正常",
        "数据真实有效",
        "？",
    ],
)
def test_empty_phrases_say_nothing(phrase: str) -> None:
    assert not says_something(phrase)


@pytest.mark.parametrize(
    "reason", [REASON, "机构合并，上年为两家之和", "上年漏报3件", "本年起由行政审批局统一受理"]
)
def test_reasons_say_something(reason: str) -> None:
    assert says_something(reason)


@given(st.lists(st.sampled_from(["核实", "无误", "属实", "情况", "，", "。", " ", "！", "的"])))
def test_fillers_strung_together_never_become_a_reason(words: list[str]) -> None:
    assert not says_something("".join(words))


@given(st.text(alphabet=" \t\n，。、！；", max_size=9))
def test_white_space_and_punctuation_never_change_what_a_reason_is(around: str) -> None:
    assert says_something(f"{around}{REASON}{around}")
    assert not says_something(f"{around}核实{around}无误{around}")


def settled(**texts: str) -> Ledger:
    """Settle 民政局's return, 规章 blank in one cell, with reasons `T2=...`."""
    blank = "documents/regulations/made"
    sent = submitted(filled({blank: None}))
    given = tuple(
        Explanation(check, parse_cell(blank), text, Place("returns/a.xlsx", CHECKS, "E60"))
        for check, text in texts.items()
    )
    roster = roster_of(f"{AGENCY} 某局")
    return settle(
        form(), roster, (), submissions=[replace(sent, explanations=given)], files=(), findings=()
    )


def test_a_query_is_closed_by_a_reason_and_the_agency_accepted() -> None:
    ledger = settled(T2=REASON)
    assert [(f.code, f.status, f.reason) for f in ledger.findings] == [("T2", "explained", REASON)]
    assert ledger.lines[0].standing is Standing.ACCEPTED


def test_an_empty_phrase_closes_nothing_and_is_named() -> None:
    ledger = settled(T2="核实无误")
    assert [(f.code, f.status) for f in ledger.findings] == [("T2", "open"), ("T5", "open")]
    assert ledger.lines[0].standing is Standing.QUERIED


def test_a_reason_that_answers_nothing_is_listed() -> None:
    assert [f.code for f in settled(R9=REASON).findings] == ["T2", "T6"]


def test_an_error_stays_open_whatever_is_said_about_it(tmp_path: Path) -> None:
    root = start(tmp_path / "c", ROSTER)
    send(root, a="new 3 1\ndone.yes 3 2")
    path = root / "returns/a.xlsx"
    book = load_workbook(path)
    page = book[CHECKS]
    for r in range(4, 30):
        if page.cell(r, 1).value == "B1" and "单位" in str(page.cell(r, 3).value):
            page.cell(r, 5).value = REASON
    book.save(path)
    results = compute(open_campaign(root))
    errors = [f for f in results.ledger.findings if f.code == "B1" and f.reason]
    assert errors
    assert all(f.blocks for f in errors)
    assert REASON in findings_json(results).decode()


def test_the_appendix_lists_who_explained_what() -> None:

    given = reported.results()
    ledger = settled(T2=REASON)
    roster = roster_of(f"{AGENCY} 某局")
    given = replace(given, ledger=ledger, roster=roster, form=form(), layout=plan().layout)
    heading, blocks = _KINDS[AppendixKind.EXPLANATIONS]
    (block,) = blocks(given)
    assert isinstance(block.table, Listing)
    assert (heading, block.table.rows[0][0], block.table.rows[0][2]) == (
        "附录：各单位的说明", "某局", REASON,
    )  # fmt: skip
