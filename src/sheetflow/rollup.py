"""Rolls the ledger up along the tree: every total with its coverage, and its contributions."""

from __future__ import annotations

import operator
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.aggregate import Aggregate, Contribution, Total
from sheetflow.model.answers import Picker
from sheetflow.model.cells import CellRef, Place, exact, exact_product, exact_sum, plain
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import Merge
from sheetflow.model.ledger import Standing
from sheetflow.model.roster import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.model.decisions import Decision
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form
    from sheetflow.model.ledger import Ledger
    from sheetflow.model.roster import Roster


_ZERO = Decimal(0)
_AT_ONCE = 256
"""Returns that are added up at a time."""


def roll_up(form: Form, roster: Roster, ledger: Ledger) -> dict[str, Aggregate]:
    """Give the aggregate of every group, in the roster's order, from one pass over the returns."""
    sums = _sums(form, roster, ledger)
    return {group: _aggregate(form, roster, ledger, group, sums[group]) for group in roster.groups}


def aggregate(form: Form, roster: Roster, ledger: Ledger, group: str) -> Aggregate:
    """Add up one group: entries first, then totals from the added entries, never from totals."""
    refs = added_cells(form)
    summed, picked = _Sum(len(refs)), Picker(refs)
    for agency in roster.members(group):
        line = ledger.by_agency[agency.code]
        numbers = picked(line.submission.entries) if line.submission else None
        summed.add(line.standing, numbers)
    return _aggregate(form, roster, ledger, group, summed)


class _Sum:
    """What agencies reported, added up cell by cell; how many they are, and how many reported."""

    def __init__(self, cells: int) -> None:
        self.expected = 0
        self._values: list[int | Decimal] = [0] * cells
        self._reported = [0] * cells
        self._waiting: list[Sequence[int | Decimal | None]] = []
        """Figures that are not added yet: many at once are added column by column."""

    @property
    def values(self) -> list[int | Decimal]:
        """The sum of each cell."""
        self._add_waiting()
        return self._values

    @property
    def reported(self) -> list[int]:
        """How many agencies reported each cell."""
        self._add_waiting()
        return self._reported

    def add(self, standing: Standing, numbers: Sequence[int | Decimal | None] | None) -> None:
        """Add an agency and the figures of its return that counts, None where there is none."""
        self.expected += standing is not Standing.EXCUSED
        if numbers is not None:
            self._waiting.append(numbers)
            if len(self._waiting) >= _AT_ONCE:
                self._add_waiting()

    def add_all(self, other: _Sum) -> None:
        """Add what other agencies reported."""
        self.expected += other.expected
        with exact():
            self._values = list(map(operator.add, self.values, other.values))
        self._reported = list(map(operator.add, self.reported, other.reported))

    def _add_waiting(self) -> None:
        if not self._waiting:
            return
        columns = list(zip(*self._waiting, strict=True))
        known = [
            [value for value in column if value is not None] if None in column else column
            for column in columns
        ]
        with exact():
            self._values = [
                sum(column, value) for value, column in zip(self._values, known, strict=True)
            ]
        self._reported = [n + len(column) for n, column in zip(self._reported, known, strict=True)]
        self._waiting.clear()


def _sums(form: Form, roster: Roster, ledger: Ledger) -> dict[str, _Sum]:
    """Add up every group: each return to those that stand as it does, these along the tree."""
    refs = added_cells(form)
    picked = Picker(refs)
    sums = {group: _Sum(len(refs)) for group in roster.groups}
    alike: dict[tuple[str, ...], _Sum] = {}
    for agency in roster.subtree(""):
        if agency.files:
            line = ledger.by_agency[agency.code]
            above = agency.code if agency.code in sums else agency.parent or ALL
            within = (above, *([f"kind:{agency.kind}"] if agency.kind else []))
            numbers = picked(line.submission.entries) if line.submission else None
            if within not in alike:
                alike[within] = _Sum(len(refs))
            alike[within].add(line.standing, numbers)
    for within, summed in alike.items():
        for group in within:
            sums[group].add_all(summed)
    for group in reversed([code for code in roster.groups if code in roster.by_code]):
        sums[roster.by_code[group].parent or ALL].add_all(sums[group])
    return sums


def _aggregate(form: Form, roster: Roster, ledger: Ledger, group: str, summed: _Sum) -> Aggregate:
    extra: dict[CellRef, list[Decimal]] = {}
    for decision in group_adjustments(roster, ledger, group):
        if decision.cell and decision.add is not None:
            extra.setdefault(decision.cell, []).append(decision.add)
    totals: dict[CellRef, Total] = {}
    for ref, value, reported in zip(added_cells(form), summed.values, summed.reported, strict=True):
        known = (
            exact_sum((Decimal(value), *extra.get(ref, ()))) if reported or ref in extra else None
        )
        totals[ref] = Total(known, reported, summed.expected)
    with exact():
        for ref, side in form.leaves.items():
            if all(leaf in totals for _, leaf in side):  # a table kept apart has no totals
                parts = [(factor, totals[leaf]) for factor, leaf in side]
                totals[ref] = _computed(parts, summed.expected)
    return Aggregate(group, {ref: totals[ref] for ref in form.cells if ref in totals})


@lru_cache(maxsize=16)
def added_cells(form: Form) -> tuple[CellRef, ...]:
    """Give the entry cells that are added up, in the form's order."""
    return tuple(
        cell.ref
        for cell in form.entries()
        if cell.numeric and form.table(cell.ref.table).merge is Merge.SUM
    )


def group_adjustments(roster: Roster, ledger: Ledger, group: str) -> tuple[Decision, ...]:
    """Give the decisions that add to a group's totals: its own and those of groups within it."""
    return tuple(
        decision
        for decision in ledger.applied
        if decision.kind is DecisionKind.ADJUST
        and decision.group
        and _within(roster, decision.group, group)
    )


def negative_totals(ledger: Ledger, aggregates: Mapping[str, Aggregate]) -> Iterator[Finding]:
    """D04: a decision on a group brings a total below 0, which no count or amount can be."""
    for decision in ledger.applied:
        if decision.kind is DecisionKind.ADJUST and decision.group and decision.cell:
            for group, summed in aggregates.items():
                value = summed.value(decision.cell)
                if value is not None and value < 0:
                    place = Place(decision.file, line=decision.line)
                    facts = {"subject": group, "group": group, "value": plain(value)}
                    yield Finding("D04", Severity.ERROR, "", decision.cell, place, facts=facts)
                    break


def contributions(
    form: Form, roster: Roster, ledger: Ledger, group: str, ref: CellRef
) -> Iterator[Contribution]:
    """Give every part of a group's total: agency by agency, then the decisions on groups.

    A total cell's parts are those of the entry cells that it adds; what it subtracts is a
    negative part, so that the parts always add up to the total.
    """
    factors = {cell: factor for factor, cell in form.addends(ref)}
    for agency in roster.members(group):
        line = ledger.by_agency[agency.code]
        for cell, factor in factors.items():
            if line.submission:
                yield _agency_contribution(line.submission.entries[cell], agency.code, factor)
    for decision in group_adjustments(roster, ledger, group):
        if decision.cell in factors and decision.add is not None:
            add = exact_product(factors[decision.cell], decision.add)
            yield adjustment_contribution(decision, decision.cell, add)


def _agency_contribution(entry: Entry, agency: str, factor: int) -> Contribution:
    value = None if entry.value is None else exact_product(factor, entry.value)
    state, reason = entry.state.value, entry.decision
    return Contribution(agency, entry.ref, value, state, entry.raw, entry.place, reason)


def adjustment_contribution(decision: Decision, cell: CellRef, add: Decimal) -> Contribution:
    """Give what a decision adds to a group, as a contribution of its own."""
    return Contribution(
        decision.group,
        cell,
        add,
        State.ADJUSTED.value,
        plain(add),
        Place(decision.file, line=decision.line),
        decision.why,
    )


def _within(roster: Roster, inner: str, outer: str) -> bool:
    if outer in (inner, ALL):
        return True
    return inner in roster.by_code and outer in roster.ancestors(inner)


def _computed(parts: Sequence[tuple[int, Total]], expected: int) -> Total:
    """Add up a total, in an exact context."""
    known = [factor * total.value for factor, total in parts if total.value is not None]
    reported = min((total.reported for _, total in parts), default=0)
    return Total(sum(known, _ZERO) if known else None, reported, expected)
