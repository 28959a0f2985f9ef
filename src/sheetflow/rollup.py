"""Rolls the ledger up along the tree: every total with its coverage, and its contributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.model.aggregate import Aggregate, Contribution, Total
from sheetflow.model.cells import CellRef, Place, exact_product, exact_sum, plain
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import LineKind, Merge
from sheetflow.model.ledger import Standing
from sheetflow.model.roster import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from sheetflow.model.decisions import Decision
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form
    from sheetflow.model.ledger import Ledger, LedgerLine
    from sheetflow.model.roster import Roster


def roll_up(form: Form, roster: Roster, ledger: Ledger) -> dict[str, Aggregate]:
    """Give the aggregate of every group, in the roster's order."""
    return {group: aggregate(form, roster, ledger, group) for group in roster.groups}


def aggregate(form: Form, roster: Roster, ledger: Ledger, group: str) -> Aggregate:
    """Add up one group: entries first, then totals from the added entries, never from totals."""
    lines = [ledger.by_agency[agency.code] for agency in roster.members(group)]
    expected = sum(line.standing is not Standing.EXCUSED for line in lines)
    added = group_adjustments(roster, ledger, group)
    totals: dict[CellRef, Total] = {}
    for ref in added_cells(form):
        values = [v for line in lines if (v := _value(line, ref)) is not None]
        extra = [d.add for d in added if d.cell == ref and d.add is not None]
        value = exact_sum((*values, *extra)) if values or extra else None
        totals[ref] = Total(value, len(values), expected)
    for ref, side in form.leaves.items():
        if all(leaf in totals for _, leaf in side):  # a table kept apart has no totals
            totals[ref] = _computed([(factor, totals[leaf]) for factor, leaf in side], expected)
    return Aggregate(group, {ref: totals[ref] for ref in form.cells if ref in totals})


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
                    place = Place("decisions.toml", line=decision.line)
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
    entry = form.cells[ref].kind is LineKind.ENTRY
    factors = {ref: 1} if entry else {cell: factor for factor, cell in form.leaves[ref]}
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
        Place("decisions.toml", line=decision.line),
        decision.why,
    )


def _within(roster: Roster, inner: str, outer: str) -> bool:
    if outer in (inner, ALL):
        return True
    return inner in roster.by_code and outer in roster.ancestors(inner)


def _value(line: LedgerLine, ref: CellRef) -> Decimal | None:
    return line.submission.entries[ref].value if line.submission else None


def _computed(parts: list[tuple[int, Total]], expected: int) -> Total:
    known = [exact_product(factor, t.value) for factor, t in parts if t.value is not None]
    reported = min((total.reported for _, total in parts), default=0)
    return Total(exact_sum(known) if known else None, reported, expected)
