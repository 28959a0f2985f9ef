"""Several returns of one agency: issue, then completeness, then date; never without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from campaigns import ref, settled, short, submission
from sheetflow.model.cells import Place
from sheetflow.model.entries import Entry, State
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.ledger import Standing
from sheetflow.model.returns import Explanation
from sheetflow.model.roster import Agency, Roster
from sheetflow.settling.choosing import choose
from sheetflow.settling.differences import differences

if TYPE_CHECKING:
    from sheetflow.model.returns import Submission

ROSTER = Roster((Agency("a", "甲局"),))
GOOD = "new 3 1\ndone.yes 3 1"
OTHER = "new 5 1\ndone.yes 5 1"
GAPS = "new 3 -\ndone.yes 3 -"


def sent(text: str, day: int = 0, *, issue: int = 1, name: str = "a") -> Submission:
    """Make a return that came on a day of January, 0: nobody knows when."""
    made = submission("a", text, issue=issue, name=name)
    return replace(made, received=date(2025, 1, day) if day else None)


@pytest.mark.parametrize(
    ("first", "second", "used", "why", "severity"),
    [
        (sent(GOOD), sent(OTHER, issue=2, name="b"), "b", "@by_issue", Severity.NOTE),
        (sent(GOOD), sent(GAPS, issue=2, name="b"), "b", "@by_issue", Severity.QUERY),
        (sent(GOOD, 20), sent(OTHER, 9, issue=2, name="b"), "b", "@by_issue", Severity.QUERY),
        (sent(GAPS), sent(OTHER, name="b"), "b", "@by_completeness", Severity.NOTE),
        (sent(GOOD, 9), sent(GAPS, 20, name="b"), "a", "@by_completeness", Severity.QUERY),
        (sent(GOOD, 9), sent(OTHER, 20, name="b"), "b", "@by_date", Severity.NOTE),
        (sent(GOOD), sent(GOOD, name="b"), "a", "@by_equality", Severity.NOTE),
        (sent(GAPS), sent(GAPS, 20, name="b"), "a", "@by_equality", Severity.NOTE),
    ],
)
def test_the_return_that_is_ahead_counts_and_a_finding_says_why(
    first: Submission, second: Submission, used: str, why: str, severity: Severity
) -> None:
    for order in ([first, second], [second, first]):
        choice = choose("a", order, ())
        assert choice.submission is not None
        if why != "@by_equality":
            assert choice.submission.file == f"returns/{used}.xlsx"
        (finding,) = choice.findings
        assert (finding.code, finding.facts["why"], finding.severity) == ("I07", why, severity)


def test_returns_of_equal_figures_are_equal_only_if_totals_and_reasons_are() -> None:
    wrong, corrected = sent("new 3 1 5", 9), sent("new 3 1 4", 20, name="b")
    place = corrected.place(ref("t/new/person"))
    reason = Explanation("B1", ref("t/new/person"), "已核实", place)
    explained = replace(sent("new 3 1 5", 20, name="b"), explanations=(reason,))
    odd = Finding("I10", Severity.QUERY, "a")
    doubtful = replace(sent("new 3 1 5", 20, name="b"), remarks=(odd,))
    for later in (corrected, explained, doubtful):
        choice = choose("a", [wrong, later], ())
        assert choice.submission is later
        assert choice.findings[0].facts["why"] == "@by_date"


def test_of_equal_returns_the_one_with_a_note_beside_its_tables_counts() -> None:
    """What stands there is listed of the return that counts alone (F10)."""
    noted = replace(sent(GOOD, name="b"), unused=(Place("returns/b.xlsx", "一", "H3"),))
    for order in ([sent(GOOD), noted], [noted, sent(GOOD)]):
        choice = choose("a", order, ())
        assert choice.submission is noted
        assert choice.findings[0].facts["why"] == "@by_equality"


@pytest.mark.parametrize("days", [(0, 0), (9, 0), (0, 9), (9, 9)])
def test_without_an_order_none_counts_and_unknown_dates_are_said_to_be(
    days: tuple[int, int],
) -> None:
    both = [sent(GOOD, days[0]), sent(OTHER, days[1], name="b")]
    choice = choose("a", both, ())
    assert choice.submission is None
    (finding,) = choice.findings
    assert (finding.code, finding.severity) == ("I06", Severity.ERROR)
    assert finding.facts["files"].count("收到日期不明") == days.count(0)


def test_every_cell_that_differs_is_listed_with_both_answers() -> None:
    found = differences(sent(GOOD), sent("new 5 -\ndone.yes 3 1", name="b"))
    assert [(str(each.cell), each.beside.value, each.other.value) for each in found] == [
        ("t/new/person", Decimal(3), Decimal(5)),
        ("t/new/firm", Decimal(1), None),
    ]
    assert differences(sent(GOOD), sent(GOOD, name="b")) == ()


def test_answers_that_look_the_same_do_not_differ() -> None:
    blank, absent = sent(GAPS), sent(GAPS, name="b")
    cell = ref("t/new/firm")
    gone = Entry(cell, State.UNREADABLE, None, "", Place(absent.file), "not_a_number")
    absent = replace(absent, entries={**absent.entries, cell: gone})
    assert differences(blank, absent) == ()


def test_an_adjusted_cell_is_compared_as_the_agency_reported_it() -> None:
    adjust = '[[adjust]] agency = "a"; cell = "t/new/person"; value = "4"'
    line = settled(ROSTER, [sent(GAPS), sent(GOOD, name="b")], adjust).by_agency["a"]
    assert line.submission is not None
    assert line.submission.entries[ref("t/new/person")].value == 4
    (other,) = line.others
    assert [str(each.cell) for each in differences(line.submission, other)] == [
        "t/new/firm",
        "t/done.yes/firm",
    ]


def test_the_ledger_keeps_the_returns_that_do_not_count() -> None:
    ledger = settled(ROSTER, [sent(GOOD), sent(OTHER, name="b")])
    line = ledger.by_agency["a"]
    assert (line.standing, line.submission, len(line.others)) == (Standing.REJECTED, None, 2)
    assert short(ledger) == ["I06 open"]
