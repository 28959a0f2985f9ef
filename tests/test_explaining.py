"""An agency's reasons at work: what they close and what not, and where they travel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

import reported
from campaigns import merged, roster_of, send, start
from office import convert
from samples import AGENCY, filled, form, plan, submitted
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import open_campaign
from sheetflow.messages.text import Language
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.cells import Place, parse_cell
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.ledger import Standing
from sheetflow.model.returns import Explanation
from sheetflow.reports.appendices import _KINDS
from sheetflow.reports.data import findings_json
from sheetflow.reports.findings import Speaker
from sheetflow.reports.listing_view import ListingView
from sheetflow.settling.explaining import explain
from sheetflow.settling.ledger import settle
from sheetflow.workbooks.correction import SENDBACK
from sheetflow.workbooks.self_check import CHECKS

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.ledger import Ledger

REASON = "2024年集中清理，规章由市政府统一公布，本局没有规章。"
ROSTER = "a 甲局"
BLANK = "documents/regulations/made"


def said(check: str, text: str, cell: str = BLANK, where: str = "") -> Explanation:
    place = Place("returns/a.xlsx", CHECKS, "E60")
    return Explanation(check, parse_cell(cell), text, place, where)


def settled(*given: Explanation, remarks: tuple[Finding, ...] = (), **texts: str) -> Ledger:
    """Settle 民政局's return, 规章 blank in one cell, with reasons `T2=...`."""
    sent = submitted(filled({BLANK: None}), *remarks)
    given += tuple(said(check, text) for check, text in texts.items())
    roster = roster_of(f"{AGENCY} 某局")
    return settle(
        form(), roster, (), submissions=[replace(sent, explanations=given)], files=(), findings=()
    )


def statuses(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(f.code, f.status.value, f.reason) for f in ledger.findings]


def test_a_query_is_closed_by_a_reason_and_the_agency_accepted() -> None:
    ledger = settled(T2=REASON)
    assert [(f.code, f.status, f.reason) for f in ledger.findings] == [("T2", "explained", REASON)]
    assert ledger.lines[0].standing is Standing.ACCEPTED


def test_an_empty_phrase_closes_nothing_and_is_named() -> None:
    ledger = settled(T2="核实无误")
    assert [(f.code, f.status) for f in ledger.findings] == [("T2", "open"), ("T5", "open")]
    assert ledger.lines[0].standing is Standing.QUERIED


def test_a_query_whose_reason_was_refused_says_so() -> None:
    speaker = Speaker(form(), plan().layout, Language.ZH)
    query = settled(T2="核实无误").findings[0]
    assert speaker.say(query).reason == "单位说明（没有说出原因，请写明）：核实无误"


def test_a_reason_beside_an_empty_phrase_closes_the_query() -> None:
    ledger = settled(said("T2", "情况属实"), said("T2", REASON), said("T2", REASON, cell=""))
    assert statuses(ledger)[0] == ("T2", "explained", REASON)


def test_a_reason_for_a_check_as_a_whole_answers_all_of_it() -> None:
    assert statuses(settled(said("T2", REASON, cell=""))) == [("T2", "explained", REASON)]


def test_a_reason_that_answers_nothing_is_listed() -> None:
    assert [f.code for f in settled(R9=REASON).findings] == ["T2", "T6"]


def test_a_reason_with_a_place_that_is_none_closes_nothing() -> None:
    ledger = settled(said("T2", REASON, cell="", where="D9"))
    assert [(f.code, f.status) for f in ledger.findings] == [("T2", "open"), ("T6", "open")]
    assert ledger.findings[1].facts["check"] == "E60 T2 D9"


def test_the_same_words_in_many_rows_are_one_note() -> None:
    given = [said(f"R{n}", "无") for n in range(1, 30)]
    idle = [f for f in settled(*given).findings if f.code == "T6"]
    assert [f.facts["text"] for f in idle] == ["无"]


def test_what_the_office_must_decide_is_not_explained_by_the_agency() -> None:
    odd = Finding("I05", Severity.QUERY, AGENCY, facts={"subject": "x"})
    ledger = settled(said("I05", REASON, cell=""), remarks=(odd,))
    assert ("I05", "open", "") in statuses(ledger)
    assert ledger.lines[0].standing is Standing.QUERIED


def test_a_query_that_follows_from_an_error_is_not_closed_by_that_errors_reason() -> None:
    error = Finding("T1", Severity.ERROR, AGENCY, parse_cell(BLANK))
    query = Finding("T2", Severity.QUERY, AGENCY, consequence_of=error.key)
    cause = Finding("T4", Severity.QUERY, AGENCY, parse_cell(BLANK))
    after = query._replace(code="N1", consequence_of=cause.key)
    sent = replace(submitted(filled()), explanations=(said("T1", REASON), said("T4", REASON)))
    told = explain(form(), [error, query, cause, after], sent)
    assert [each.status.value for each in told] == ["open", "open", "explained", "explained"]
    assert [each.reason for each in told] == [REASON, "", REASON, REASON]


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
    assert REASON in b"".join(findings_json(results)).decode()


def test_the_appendix_lists_who_explained_what() -> None:
    given = reported.results()
    ledger = settled(T2=REASON)
    roster = roster_of(f"{AGENCY} 某局")
    given = replace(given, ledger=ledger, roster=roster, form=form(), layout=plan().layout)
    heading, blocks = _KINDS[AppendixKind.EXPLANATIONS]
    (block,) = blocks(given)
    assert isinstance(block.table, ListingView)
    assert (heading, block.table.rows[0][0], block.table.rows[0][2]) == (
        "附录：各单位的说明", "某局", REASON,
    )  # fmt: skip


@pytest.fixture
def back(tmp_path: Path) -> Path:
    """Give a merged campaign whose agency left cells blank, which is a query, and said too little.

    B1 does not hold for 单位, an error that it tried to explain away.
    """
    root = start(tmp_path / "c", ROSTER)
    send(root, a="new 3 1\ndone.yes 3 2\nleft - 0")
    reason_in(
        root / "returns/a.xlsx", {"B1 一　单位": REASON, "": "另有一事：机构改革"}, free="情况属实"
    )
    merged(root)
    return root


def reason_in(path: Path, texts: dict[str, str], *, free: str = "", target: str = "") -> None:
    """Write reasons into 自检, by code (and place) of their rows; `free` is a T2 of 一!C11."""
    book = load_workbook(path)
    page = book[CHECKS]
    rows = [f"{row[0]} {row[2]}" for row in page.iter_rows(values_only=True)]
    end = len(rows)
    for about, text in texts.items():
        row = next(i for i, each in enumerate(rows, 1) if each.startswith(about)) if about else end
        page.cell(row, 5).value = text
    if free:
        for column, text in ((1, "T2"), (3, "一!C11"), (5, free)):
            page.cell(end - 1, column).value = text
    book.save(path.with_name(target) if target else path)


def copy_of(root: Path) -> Path:
    (path,) = (root / "output/sendback").glob("*.xlsx")
    return path


def rows_of(path: Path) -> list[tuple[object, ...]]:
    return [row[:5] for row in load_workbook(path)[CHECKS].iter_rows(values_only=True)]


def test_what_goes_back_says_why_a_reason_was_not_enough(back: Path) -> None:
    book = load_workbook(copy_of(back))
    texts = [str(row[4]) for row in book[SENDBACK].iter_rows(min_row=5, values_only=True)]
    assert any("单位说明（没有说出原因，请写明）：情况属实" in text for text in texts)
    assert any(f"单位说明（不能代替改正）：{REASON}" in text for text in texts)


def test_every_reason_comes_back_in_the_copy(back: Path) -> None:
    said_there = [str(row[4]) for row in rows_of(copy_of(back))]
    for text in ("情况属实", REASON, "另有一事：机构改革"):
        assert said_there.count(text) == 1


def test_one_reason_in_a_copy_answers_all_cells_that_its_row_asks_about(tmp_path: Path) -> None:
    root = start(tmp_path / "c", ROSTER)
    send(root, a="new 3 1\ndone.yes 3 1\nleft - -")
    merged(root)
    (asked,) = [row for row in rows_of(copy_of(root)) if row[0] == "T2"]
    assert asked[2] == "一!C11:D11"
    copied = root / "returns/b.xlsx"
    copied.write_bytes(copy_of(root).read_bytes())
    reason_in(copied, {"T2": REASON})
    ledger = merged(root).ledger
    assert [(f.code, f.status) for f in ledger.findings if f.code != "I07"] == [
        ("T2", "explained"),
        ("T2", "explained"),
    ]
    assert ledger.lines[0].standing is Standing.ACCEPTED
    summary = load_workbook(root / "output/summary.xlsx")["审核结果"]
    assert REASON in [cell.value for row in summary.iter_rows() for cell in row]


@pytest.mark.office
def test_reasons_survive_other_programs(tmp_path: Path) -> None:
    root = start(tmp_path / "c", ROSTER)
    send(root, a="new 3 1\ndone.yes 3 1\nleft - 0")
    source = root / "returns/a.xlsx"
    reason_in(source, {}, free=REASON)
    for kind in ("ods", "xls"):
        (saved,) = convert([source], kind, tmp_path / kind)
        assert {(e.check, e.text) for e in read_of(root, saved)} == {("T2", REASON)}


def read_of(root: Path, file: Path) -> tuple[Explanation, ...]:
    """Read a return in the place of the one that is there."""
    kept = {path: path.read_bytes() for path in (root / "returns").iterdir()}
    for path in kept:
        path.unlink()
    put = root / "returns" / file.name
    put.write_bytes(file.read_bytes())
    line = compute(open_campaign(root)).ledger.lines[0]
    assert line.submission
    assert line.submission.unused == ()
    put.unlink()
    for path, data in kept.items():
        path.write_bytes(data)
    return line.submission.explanations
