"""P4: lines of a table that seem to have changed places since the last time."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.checks.plausibility import NEAR, hint
from sheetflow.model.cells import CellRef, exact_sum, plain
from sheetflow.model.form import LineKind, Merge, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from sheetflow.checks.case import Case
    from sheetflow.model.findings import Finding
    from sheetflow.model.form import Line, Table

_MANY = 10
"""Fewer than this many cases tell nothing by their number."""


class _Lines(NamedTuple):
    """Two lines of a table and what stands in them, this year and last."""

    first: Line
    second: Line
    now: tuple[Decimal, Decimal]
    before: tuple[Decimal, Decimal]

    @property
    def are_exchanged(self) -> bool:
        """Whether each line has about what the other had, and one of them had many."""
        low, high = sorted(self.before)
        many = high >= _MANY and high >= _MANY * low
        crossed = (self.now[1], self.now[0])
        near = (_is_near(now, was) for now, was in zip(crossed, self.before, strict=True))
        return many and all(near)


def _is_near(now: Decimal, before: Decimal) -> bool:
    if not before:
        return not now
    return before <= now * NEAR and now <= before * NEAR


def exchanged_lines(case: Case) -> Iterator[Finding]:
    """P4: two rows or columns have about what the other had last year: slid by one, or swapped."""
    if case.previous is None:
        return
    now, before = case.entered, case.previous.figures
    for table in case.form.tables:
        if table.shape is not Shape.GRID or table.merge is not Merge.SUM:
            continue
        for lines in (table.items, table.columns):
            entries = [line for line in lines if line.kind is LineKind.ENTRY]
            sums = [(_line_sum(table, x, now), _line_sum(table, x, before)) for x in entries]
            pairs = combinations(range(len(entries)), 2)
            found = [p for i, j in pairs if (p := _lines(entries, sums, i, j)).are_exchanged]
            if len(found) == 1:  # more than one would be a change of everything
                yield _exchanged(case, table, found[0])


def _lines(entries: list[Line], sums: list[tuple[Decimal, Decimal]], i: int, j: int) -> _Lines:
    now, before = zip(sums[i], sums[j], strict=True)
    return _Lines(entries[i], entries[j], now, before)


def _line_sum(table: Table, line: Line, figures: Mapping[CellRef, Decimal]) -> Decimal:
    codes = (line.code,)
    items = codes if line in table.items else _entry_codes(table.items)
    columns = codes if line in table.columns else _entry_codes(table.columns)
    refs = (CellRef(table.code, item, column) for item in items for column in columns)
    return exact_sum(figures[ref] for ref in refs if ref in figures)


def _entry_codes(lines: tuple[Line, ...]) -> tuple[str, ...]:
    return tuple(line.code for line in lines if line.kind is LineKind.ENTRY)


def _exchanged(case: Case, table: Table, lines: _Lines) -> Finding:
    codes = {lines.first.code, lines.second.code}
    own = (ref for ref in case.submission.entries if ref.table == table.code)
    first = next(ref for ref in own if codes & {ref.item, ref.column})
    facts = {
        "first": lines.first.label,
        "second": lines.second.label,
        "now": " / ".join(map(plain, lines.now)),
        "before": " / ".join(map(plain, lines.before)),
        "subject": f"{lines.first.code} {lines.second.code}",
    }
    return hint("P4", case, first, facts)
