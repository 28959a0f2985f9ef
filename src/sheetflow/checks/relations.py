"""Checks by the form's relations: typed totals, then every comparison within a return."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.model.cells import exact_sum
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding
from sheetflow.model.form import Blank
from sheetflow.relations.evaluate import (
    Evaluated,
    compare,
    entry_operands,
    side_value,
    with_totals,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from sheetflow.checks.case import Case
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Comparison, Form
    from sheetflow.model.returns import Submission


def total_findings(case: Case) -> Iterator[Finding]:
    """Compare each total that an agency typed with the one computed from its entries.

    The finding bears the code of the check that defines the total. A total that was right before
    the office overruled an entry is not the agency's mistake.
    """
    form, submission = case.form, case.submission
    if not submission.typed:
        return
    figures = case.figures
    entries = submission.entries.values()
    own = {entry.ref: entry.reported for entry in entries if entry.reported is not None}
    reported = with_totals(form, own)
    for total in submission.typed:
        right = (None, figures[total.ref], reported[total.ref])
        if total.value in right:
            continue
        definition = form.definitions[total.ref]
        cause = _unknown_operand(case, (leaf for _, leaf in form.leaves[total.ref]))
        yield _finding(
            form,
            submission,
            definition,
            left=total.value,
            right=figures[total.ref],
            consequence_of=cause,
        )


def relation_findings(case: Case) -> Iterator[Finding]:
    """Evaluate every relation at every line on the entries, totals recomputed, blanks adding 0.

    Nothing is said of one over a blank that may be one. One that fails is the consequence of a
    blank or unreadable cell among its entries, if there is one; and one whose entries include all
    those of another failure of the same relation (a total column over a wrong column) is the
    consequence of that.
    """
    yield from failures(case, case.unmet)


def evaluated(
    comparison: Comparison,
    figures: Mapping[CellRef, Decimal],
    previous: Mapping[CellRef, Decimal] = MappingProxyType({}),
) -> Evaluated:
    """Evaluate a comparison; last period's figures count on its right side."""
    left, right = (side_value(side, figures) for side in (comparison.left, comparison.right))
    if comparison.previous:
        right = exact_sum((right, side_value(comparison.previous, previous)))
    return Evaluated(comparison, left, right)


def failures(case: Case, compared: Iterable[Evaluated]) -> Iterator[Finding]:
    """Give a finding for each comparison that does not hold, and from what it follows."""
    form, submission = case.form, case.submission
    unmet = (each for each in compared if not compare(*each))
    failed = [(each, entry_operands(form, each.comparison)) for each in unmet]
    for (comparison, left, right), operands in failed:
        cause = _unknown_operand(case, operands)
        for (narrower, *_), inner in failed:
            if not cause and narrower.relation is comparison.relation and inner < operands:
                cause = f"{narrower.relation.check} {narrower.left[0][1]}"
        yield _finding(form, submission, comparison, left=left, right=right, consequence_of=cause)


def _finding(
    form: Form,
    submission: Submission,
    comparison: Comparison,
    *,
    left: Decimal,
    right: Decimal,
    consequence_of: str,
) -> Finding:
    code, first = comparison.relation.check, comparison.cells[0]
    severity = next(check.severity for check in form.checks if check.code == code)
    return Finding(
        code,
        severity,
        submission.agency,
        first,
        submission.place(first),
        left=left,
        right=right,
        related=comparison.cells[1:],
        consequence_of=consequence_of,
    )


def _unknown_operand(case: Case, operands: Iterable[CellRef]) -> str:
    """Name the finding about the first entry without a value; empty if all have one."""
    faults = case.submission.label_faults
    unplaced = {ref: fault.cells[0] for fault in faults for ref in fault.cells}
    for ref in operands:
        if case.amount(ref) is not None:
            continue
        if ref in unplaced:
            return f"T3 {unplaced[ref]}"
        entry, cell = case.submission.entries[ref], case.form.cells[ref]
        if entry.state is not State.BLANK:
            return f"T1 {ref}"
        if cell.required and cell.blank is not Blank.ZERO:
            return f"T2 {ref}"
    return ""
