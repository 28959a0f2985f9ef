"""Rolls the ledger up along the tree: every total with its coverage, and its contributions."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.aggregate import Aggregate, Contribution, Total
from sheetflow.model.cells import CellRef, Place, exact, exact_product, plain
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.ledger import Standing
from sheetflow.model.roster import ALL
from sheetflow.model.sums import Cells, Sum

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.model.decisions import Decision
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Cell, Form
    from sheetflow.model.ledger import Ledger, LedgerLine
    from sheetflow.model.roster import Roster


_ZERO = Decimal(0)
_HELD = 4_096
"""So many returns may be waiting to be added up."""


def roll_up(form: Form, roster: Roster, ledger: Ledger) -> dict[str, Aggregate]:
    """Give the aggregate of every group, in the roster's order, from one pass over the returns."""
    sums = _sums(form, roster, ledger)
    return {group: _aggregate(form, roster, ledger, group, sums[group]) for group in roster.groups}


def aggregate(form: Form, roster: Roster, ledger: Ledger, group: str) -> Aggregate:
    """Add up one group: entries first, then totals from the added entries, never from totals."""
    summed = _Group(Cells(added_cells(form)), form.counted())
    for agency in roster.members(group):
        summed.add_line(ledger.by_agency[agency.code])
    return _aggregate(form, roster, ledger, group, summed)


class _Group(Sum):
    """What the agencies of a group reported, added up, and how many are expected to report."""

    def __init__(self, cells: Cells, counted: Sequence[Cell]) -> None:
        super().__init__(cells)
        self.expected = 0
        self.chosen = Counter[tuple[CellRef, str]]()
        """How many of them chose an answer at a cell."""
        self._counted = counted

    def add_line(self, line: LedgerLine) -> None:
        """Add an agency, and its return if one counts."""
        self.expected += line.standing is not Standing.EXCUSED
        if line.submission:
            self.add(line.submission.entries)
            for cell in self._counted:
                choice = cell.chosen(line.submission.entries[cell.ref].raw)
                self.chosen.update([(cell.ref, choice)] if choice else ())

    def add_group(self, other: _Group) -> None:
        """Add the agencies of another group."""
        self.expected += other.expected
        self.chosen += other.chosen
        self.add_all(other)


def _sums(form: Form, roster: Roster, ledger: Ledger) -> dict[str, _Group]:
    """Add up every group: each return to those that stand as it does, these along the tree."""
    cells, counted = Cells(added_cells(form)), form.counted()
    sums = {group: _Group(cells, counted) for group in roster.groups}
    alike: dict[tuple[str, str], _Group] = {}
    for number, line in enumerate(ledger.lines, 1):
        if number % _HELD == 0:  # of a nation's returns few are held
            for each in alike.values():
                each.add_up()
        agency = roster.by_code[line.agency]
        above = agency.code if agency.code in sums else agency.parent or ALL
        within = (above, agency.kind)
        if within not in alike:
            alike[within] = _Group(cells, counted)
        alike[within].add_line(line)
    for (above, kind), summed in alike.items():
        sums[above].add_group(summed)
        if kind:
            sums[f"kind:{kind}"].add_group(summed)
    for group in reversed([code for code in roster.groups if code in roster.by_code]):
        sums[roster.by_code[group].parent or ALL].add_group(sums[group])
    return sums


def _aggregate(form: Form, roster: Roster, ledger: Ledger, group: str, summed: _Group) -> Aggregate:
    counts, expected = summed.reported, summed.expected
    totals: dict[CellRef, Total] = {}
    with exact():
        values = _with_adjustments(form, group_adjustments(roster, ledger, group), summed)
        for ref, value, reported in zip(added_cells(form), values, counts, strict=True):
            totals[ref] = Total(None if value is None else _ZERO + value, reported, expected)
        for ref, side in _added_totals(form):
            parts = ((factor, values[column]) for factor, column in side)
            known = [factor * value for factor, value in parts if value is not None]
            reported = min((counts[column] for _, column in side), default=0)
            totals[ref] = Total(_ZERO + sum(known) if known else None, reported, expected)
    ordered = {ref: totals[ref] for ref in form.cells if ref in totals}
    return Aggregate(group, ordered, summed.chosen)


def _with_adjustments(
    form: Form, adjustments: Sequence[Decision], summed: _Group
) -> list[int | Decimal | None]:
    """Give the sum of each added cell with what decisions add to it; None: nobody reported it."""
    values: list[int | Decimal | None] = [
        value if reported else None
        for value, reported in zip(summed.values, summed.reported, strict=True)
    ]
    columns = {ref: column for column, ref in enumerate(added_cells(form))} if adjustments else {}
    for decision in adjustments:
        if decision.cell in columns and decision.add is not None:
            value = values[columns[decision.cell]]
            values[columns[decision.cell]] = decision.add + (0 if value is None else value)
    return values


@lru_cache(maxsize=16)
def _added_totals(form: Form) -> tuple[tuple[CellRef, tuple[tuple[int, int], ...]], ...]:
    """Give the total cells, each with its factors and the numbers of the added cells it adds."""
    numbers = {ref: number for number, ref in enumerate(added_cells(form))}
    return tuple(
        (ref, tuple((factor, numbers[leaf]) for factor, leaf in side))
        for ref, side in form.leaves.items()
        if all(leaf in numbers for _, leaf in side)  # a table kept apart has no totals
    )


@lru_cache(maxsize=16)
def added_cells(form: Form) -> tuple[CellRef, ...]:
    """Give the entry cells that are added up, in the form's order."""
    return tuple(cell.ref for cell in form.entries() if form.adds(cell.ref))


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
