"""P4: lines of a table that seem to have changed places since the last time."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.checks.plausibility import NEAR, hint
from sheetflow.model.cells import CellRef, exact, plain
from sheetflow.model.form import LineKind, Merge, Shape
from sheetflow.relations.evaluate import adder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sheetflow.checks.case import Case
    from sheetflow.model.findings import Finding
    from sheetflow.model.form import Form, Line, Table
    from sheetflow.relations.evaluate import Adder

_MANY = 10
"""Fewer than this many cases tell nothing by their number."""


class _Lines(NamedTuple):
    """The rows or the columns of a table that are filled in, and what adds the cells of each."""

    table: Table
    lines: tuple[Line, ...]
    sums: tuple[Adder, ...]


class _Sum(NamedTuple):
    """What stands in a line, this year and last."""

    line: Line
    now: int | Decimal
    before: int | Decimal


def exchanged_lines(case: Case) -> Iterator[Finding]:
    """P4: two rows or columns have about what the other had last year: slid by one, or swapped."""
    if case.years is None:
        return
    now, before = case.years.added
    for each in _lines_of(case.form):
        with exact():
            pairs = zip(each.lines, each.sums, strict=True)
            sums = [_Sum(line, add(now), add(before)) for line, add in pairs]
        # what has about what another had, that had ten times as much or a tenth, has changed itself
        altered = [line for line in sums if not _is_near(line.now, line.before)]
        found = [pair for pair in combinations(altered, 2) if _are_exchanged(*pair)]
        if len(found) == 1:  # more than one would be a change of everything
            yield _exchanged(case, each.table, *found[0])


@lru_cache(maxsize=16)
def _lines_of(form: Form) -> tuple[_Lines, ...]:
    summed = (t for t in form.tables if t.shape is Shape.GRID and t.merge is Merge.SUM)
    at = {ref: number for ref, number in form.entry_numbers.items() if form.adds(ref)}
    return tuple(each for table in summed for each in _rows_and_columns(table, at))


def _rows_and_columns(table: Table, at: Mapping[CellRef, int]) -> Iterator[_Lines]:
    items, columns = (
        tuple(line for line in lines if line.kind is LineKind.ENTRY)
        for lines in (table.items, table.columns)
    )
    rows = [[CellRef(table.code, i.code, c.code) for c in columns] for i in items]
    yield _Lines(table, items, tuple(_adder(row, at) for row in rows))
    yield _Lines(table, columns, tuple(_adder(cells, at) for cells in zip(*rows, strict=True)))


def _adder(refs: Iterable[CellRef], at: Mapping[CellRef, int]) -> Adder:
    """Add what can be added: percentages, choices and days say nothing here."""
    return adder(tuple((1, ref) for ref in refs if ref in at), at)


def _are_exchanged(first: _Sum, second: _Sum) -> bool:
    """Whether each line has about what the other had, and one of them had many."""
    low, high = sorted((first.before, second.before))
    many = high >= _MANY and high >= _MANY * low
    return many and _is_near(second.now, first.before) and _is_near(first.now, second.before)


def _is_near(now: int | Decimal, before: int | Decimal) -> bool:
    if not before:
        return not now
    return before <= now * NEAR and now <= before * NEAR


def _exchanged(case: Case, table: Table, first: _Sum, second: _Sum) -> Finding:
    codes = {first.line.code, second.line.code}
    own = (ref for ref in case.submission.entries if ref.table == table.code)
    facts = {
        "first": first.line.name,
        "second": second.line.name,
        "now": f"{plain(Decimal(first.now))} / {plain(Decimal(second.now))}",
        "before": f"{plain(Decimal(first.before))} / {plain(Decimal(second.before))}",
        "subject": f"{first.line.code} {second.line.code}",
    }
    return hint("P4", case, next(ref for ref in own if codes & {ref.item, ref.column}), facts)
