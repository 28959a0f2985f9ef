"""Figures of many returns added up at once: what adding them one by one gives, to the digit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.model.answers import Answers, compacted
from sheetflow.model.cells import CellRef, Place, exact_sum
from sheetflow.model.entries import Entry, State
from sheetflow.model.picking import Picker
from sheetflow.model.sums import Cells, Sum

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REFS = tuple(CellRef("t", item, "n") for item in "abc")
WORDS = CellRef("t", "words", "text")
NUMERIC = {**dict.fromkeys(REFS, True), WORDS: False}
ORDERS = ((*REFS, WORDS), (WORDS, *reversed(REFS)), (REFS[1], WORDS, REFS[0], REFS[2]))
"""Makes of a return: their cells stand in another order."""

PLAIN = (
    st.sampled_from(["0", "7", "0.00", "0.10", "1E+3", "-4", "-0.5", "-0", "10000000000.25"])
    | st.integers(0, 10**6).map(str)
    | st.integers(2**41 - 3, 2**43).map(str)
    | st.integers(10**14, 10**50).map(str)
    | st.decimals(0, 10**9, places=6).map(str)
)
ANSWERS = st.tuples(PLAIN, st.just(State.NUMBER)) | st.sampled_from(
    [("", State.BLANK), ("无", State.UNREADABLE), ("5", State.UNREADABLE), ("3 件", State.NUMBER)]
)
SAID = st.sampled_from(["", "文字", "12", "3.5", "字" * 70])
RETURNS = st.tuples(
    st.sampled_from(ORDERS),
    st.lists(ANSWERS, min_size=3, max_size=3),
    SAID,
    st.sampled_from(["kept", "made"]),
)
Drawn = tuple[tuple[CellRef, ...], list[tuple[str, State]], str, str]


def entries_of(drawn: Drawn) -> Mapping[CellRef, Entry]:
    """Make a return's entries, or keep them as small as they are."""
    order, answers, said, kept = drawn
    entries: dict[CellRef, Entry] = {}
    for ref, (raw, state) in zip(REFS, answers, strict=True):
        value = Decimal(raw.removesuffix(" 件")) if state is State.NUMBER else None
        rule = "" if state is State.BLANK or (value is not None and str(value) == raw) else "r"
        entries[ref] = Entry(ref, state, value, raw, Place("a.xlsx", "一", ref.item), rule)
    place = Place("a.xlsx", "二", "D1")
    entries[WORDS] = Entry(WORDS, State.TEXT if said else State.BLANK, None, said, place)
    entries = {ref: entries[ref] for ref in order}
    return compacted(entries, NUMERIC) if kept == "kept" else entries


def written(summed: Sum) -> list[str]:
    """Write each cell's sum, all its digits, and its count."""
    return [
        f"{exact_sum((Decimal(value),))} {count}"
        for value, count in zip(summed.values, summed.reported, strict=True)
    ]


def one_by_one(returns: Sequence[Mapping[CellRef, Entry]]) -> list[str]:
    """Add up the plain way."""
    columns = ([each[ref].value for each in returns] for ref in REFS)
    known = ([value for value in column if value is not None] for column in columns)
    return [f"{exact_sum(column)} {len(column)}" for column in known]


def summed_of(returns: Sequence[Mapping[CellRef, Entry]]) -> Sum:
    summed = Sum(Cells(REFS))
    for entries in returns:
        summed.add(entries)
    return summed


@given(st.lists(RETURNS, max_size=8), st.sampled_from([1, 1, 30]))
def test_many_at_once_are_what_they_are_one_by_one(drawn: list[Drawn], times: int) -> None:
    returns = [entries_of(each) for each in drawn] * times
    assert written(summed_of(returns)) == one_by_one(returns)


@given(st.lists(st.lists(RETURNS, max_size=4), max_size=4))
def test_sums_add_up_and_stay_as_they_are(drawn: list[list[Drawn]]) -> None:
    parts = [[entries_of(each) for each in part] for part in drawn]
    cells = Cells(REFS)
    whole, sums = Sum(cells), []
    for part in parts:
        own = Sum(cells)
        for entries in part:
            own.add(entries)
        whole.add_all(own)
        sums.append(own)
    assert written(whole) == one_by_one([entries for part in parts for entries in part])
    assert [written(each) for each in sums] == [one_by_one(part) for part in parts]


@pytest.mark.parametrize("count", [1, 63, 64, 65, 128, 200])
@pytest.mark.parametrize("figure", [2**42 - 1, 2**42, 2**48, 10**15 - 1, 10**15])
def test_no_figure_runs_over_into_the_count(figure: int, count: int) -> None:
    answer = (str(figure), State.NUMBER)
    returns = [entries_of((ORDERS[0], [answer] * 3, "", "kept"))] * count
    assert written(summed_of(returns)) == [f"{figure * count} {count}"] * 3


@given(RETURNS)
def test_some_cells_of_a_return_are_read_as_all_of_them_are(drawn: Drawn) -> None:
    order, answers, said, _ = drawn
    made, kept = (entries_of((order, answers, said, how)) for how in ("made", "kept"))
    for refs in (REFS, REFS[:1], (WORDS, *REFS[1:]), ()):
        assert list(Picker(refs)(kept)) == [made[ref].value for ref in refs]
    assert isinstance(kept, Answers)
    assert kept.worded() == kept.told() == ([made[WORDS]] if said else [])


def test_nothing_added_is_nothing_reported() -> None:
    assert written(summed_of([])) == ["0 0"] * 3
