"""A decision holds while what it rests on stays, and only as long."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import decided, file_of, ref, roster_of, small_form, submission
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity
from sheetflow.settling.fingerprints import held, seen_findings
from sheetflow.settling.ledger import settle

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from sheetflow.model.ledger import Ledger
    from sheetflow.model.returns import Submission

ROSTER = roster_of("a 甲局 . 部门\nb 乙局 . 部门")
ITEMS, COLUMNS = ("new", "done.yes", "done.no", "left"), ("person", "firm")
CELLS = [(item, column) for item in ITEMS for column in COLUMNS]
FIGURES = st.sampled_from(("0", "1", "2", "-", "?"))
ANSWERS = st.fixed_dictionaries(dict.fromkeys(CELLS, FIGURES))
CHANGES = st.dictionaries(st.sampled_from(CELLS), FIGURES, max_size=3)
COVERED = "t/done.total/person"
KINDS = {
    "adjust": '[[adjust]] agency = "a"; cell = "t/left/firm"; value = "7"',
    "group": '[[adjust]] group = "all"; cell = "t/left/firm"; add = "7"',
    "blank-zero": '[[blank-zero]] agency = "a"; table = "t"',
    "waive": f'[[waive]] agency = "a"; check = "B1"; cell = "{COVERED}"',
    "choose": '[[choose]] agency = "a"; sha256 = "{sha256}"',
    "excuse": '[[excuse]] agency = "b"',
}


def returned(agency: str, answers: Mapping[tuple[str, str], str], name: str = "") -> Submission:
    text = "\n".join(" ".join((item, *(answers[item, c] for c in COLUMNS))) for item in ITEMS)
    return submission(agency, text, name=name)


def settled(decisions: tuple[Decision, ...], *sent: Submission) -> Ledger:
    files = [file_of(each) for each in sent]
    return settle(small_form(), ROSTER, decisions, submissions=sent, files=files, findings=())


def taken(kind: str, *sent: Submission) -> tuple[Decision, ...]:
    """Take a decision as `decide` would: with what it rests on, if it rests on anything."""
    written = decided(ROSTER, KINDS[kind].replace("{sha256}", sent[0].sha256))
    seen = settled(written, *sent).seen
    return tuple(replace(each, seen=seen.get(each, "")) for each in written)


def rests_on(kind: str, *sent: Submission) -> Hashable:
    """Say anew, in the simplest way, what a decision rests on; None where it is about nothing."""
    by_agency = {each.agency: each for each in sent}
    entries = {ref: entry for ref, entry in by_agency["a"].entries.items() if ref.table == "t"}
    left = [each.entries[ref("t/left/firm")] for each in sent]
    match kind:
        case "adjust":
            return entries[ref("t/left/firm")].raw
        case "group":
            known = [entry.value for entry in left if entry.value is not None]
            return sum(known) if known else "nothing"
        case "blank-zero":
            return frozenset(ref for ref, entry in entries.items() if entry.state is State.BLANK)
        case "waive":
            return tuple(entry.raw for ref, entry in entries.items() if ref.column == "person")
        case "choose":
            return frozenset(each.sha256 for each in sent if each.agency == "a")
        case _:
            return "b" in by_agency


def is_about_something(kind: str, *sent: Submission) -> bool:
    """Whether there is what a waiver waives; other decisions rest on values, whatever they are."""
    open_ones = {finding.key for finding in settled((), *sent).findings}
    return kind != "waive" or f"B1 {COVERED}" in open_ones


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(answers=ANSWERS)
def test_running_again_with_nothing_changed_reopens_nothing(
    kind: str, answers: Mapping[tuple[str, str], str]
) -> None:
    sent = returned("a", answers)
    decisions = taken(kind, sent)
    again = settled(decisions, sent)
    assert not again.reopened
    assert "D05" not in {finding.code for finding in again.findings}
    by_hand = tuple(replace(each, seen="") for each in decisions)
    assert again.findings == settled(by_hand, sent).findings
    assert again.lines == settled(by_hand, sent).lines


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "choose"])
@settings(max_examples=150, deadline=None)
@given(answers=ANSWERS, changes=CHANGES)
def test_a_decision_reopens_exactly_when_a_value_that_it_rests_on_changes(
    kind: str,
    answers: Mapping[tuple[str, str], str],
    changes: Mapping[tuple[str, str], str],
) -> None:
    before, after = returned("a", answers), returned("a", {**answers, **changes})
    if not (is_about_something(kind, before) and is_about_something(kind, after)):
        return
    decisions = taken(kind, before)
    ledger = settled(decisions, after)
    changed = rests_on(kind, before) != rests_on(kind, after)
    assert ledger.reopened == (frozenset(decisions) if changed else frozenset())
    told = [finding for finding in ledger.findings if finding.code == "D05"]
    assert len(told) == changed
    assert all(each.facts["now"] != each.facts["then"] for each in told)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(answers=ANSWERS, others=ANSWERS)
def test_what_another_agency_returns_reopens_only_what_rests_on_it(
    kind: str, answers: Mapping[tuple[str, str], str], others: Mapping[tuple[str, str], str]
) -> None:
    own, other = returned("a", answers), returned("b", others)
    decisions = taken(kind, own)
    changed = rests_on(kind, own) != rests_on(kind, own, other)
    assert bool(settled(decisions, own, other).reopened) == changed


@pytest.mark.parametrize("kind", KINDS)
def test_a_renamed_file_reopens_nothing(kind: str) -> None:
    sent = returned("a", dict.fromkeys(CELLS, "1"))
    renamed = replace(sent, file="returns/终稿2(1).xlsx")
    assert not settled(taken(kind, sent), renamed).reopened


def test_a_choice_rests_on_which_returns_there_are() -> None:
    one, two, three = (returned("a", dict.fromkeys(CELLS, figure)) for figure in "012")
    decisions = taken("choose", one, two)
    assert not settled(decisions, two, one).reopened
    assert settled(decisions, one, two, three).reopened
    ledger = settled(decisions, one, three)
    assert ledger.reopened
    again = next(finding for finding in ledger.findings if finding.code == "D05")
    assert again.facts["now"] == "@changed_within"  # two returns then, two now, not the same


def test_a_decision_by_hand_holds_whatever_changes() -> None:
    (by_hand,) = decided(ROSTER, KINDS["adjust"])
    for figure in "012":
        sent = returned("a", dict.fromkeys(CELLS, figure))
        assert not settled((by_hand,), sent).reopened


def test_a_waiver_without_a_cell_rests_on_all_that_it_covers() -> None:
    wrong = {**dict.fromkeys(CELLS, "0"), ("new", "person"): "1", ("new", "firm"): "1"}
    written = decided(ROSTER, '[[waive]] agency = "a"; check = "B1"')
    seen = settled(written, returned("a", wrong)).seen
    decisions = tuple(replace(each, seen=seen[each]) for each in written)
    assert decisions[0].seen.startswith("0 / 1; 0 / 1; 0 / 2 #")
    assert settled(decisions, returned("a", {**wrong, ("new", "firm"): "2"})).reopened


def test_a_waiver_about_which_return_counts_rests_on_which_there_are() -> None:
    blank = dict.fromkeys(CELLS, "-")
    fuller = returned("a", dict.fromkeys(CELLS, "0"))
    newer = replace(returned("a", blank), issue=2)
    written = decided(ROSTER, '[[waive]] agency = "a"; check = "I07"')
    seen = settled(written, fuller, newer).seen
    decisions = tuple(replace(each, seen=seen[each]) for each in written)
    assert not settled(decisions, newer, fuller).reopened
    third = returned("a", dict.fromkeys(CELLS, "1"))
    assert settled(decisions, fuller, newer, third).reopened


def test_a_waiver_of_a_hint_rests_on_its_evidence() -> None:
    sent = returned("a", dict.fromkeys(CELLS, "1"))
    waiver = replace(decided(ROSTER, KINDS["waive"])[0], check="P1", cell=ref("t/new/person"))

    def seen(before: str) -> dict[Decision, str]:
        facts = {"now": "1", "before": before}
        hint = Finding("P1", Severity.QUERY, "a", ref("t/new/person"), facts=facts)
        return seen_findings(small_form(), [waiver], [hint], sent, [sent])

    taken_up = replace(waiver, seen=seen("10000")[waiver])
    assert held([taken_up], {taken_up: seen("10000")[waiver]})
    assert not held([taken_up], {taken_up: seen("9999")[waiver]})


def test_the_words_of_what_was_seen_may_be_edited() -> None:
    sent = returned("a", dict.fromkeys(CELLS, "1"))
    (adjusted,) = taken("adjust", sent)
    assert adjusted.seen.startswith("1 #")
    edited = replace(adjusted, seen=adjusted.seen.replace("1 #", "一件 #", 1))
    assert not settled((edited,), sent).reopened


def test_a_text_that_was_seen_is_told_on_one_line_and_not_in_full() -> None:
    sent = returned("a", dict.fromkeys(CELLS, "1"))
    entry = sent.entries[ref("t/left/firm")]
    raw = "大约\n三 #件，" + "另有若干" * 9
    told = entry._replace(state=State.UNREADABLE, value=None, raw=raw)
    entries = {**sent.entries, entry.ref: told}
    (adjusted,) = taken("adjust", replace(sent, entries=entries))
    words, _, digest = adjusted.seen.rpartition(" #")
    assert words == "大约 三 #件，另有若干…"
    assert len(digest) == 12
    assert not settled((adjusted,), replace(sent, entries=entries)).reopened


def test_a_group_without_any_figure_is_not_a_group_of_zero() -> None:
    blank = returned("a", dict.fromkeys(CELLS, "-"))
    decisions = taken("group", blank)
    assert decisions[0].kind is DecisionKind.ADJUST
    assert decisions[0].add == Decimal(7)
    assert decisions[0].seen.startswith("— #")
    assert settled(decisions, returned("a", dict.fromkeys(CELLS, "0"))).reopened
