"""Checks by the form's relations: typed totals against computed ones, then every comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.model.findings import Finding
from sheetflow.model.form import Blank
from sheetflow.model.returns import State
from sheetflow.relations.evaluate import entry_operands, holds, side_value, with_totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
    figures = with_totals(form, _figures(submission))
    entries = submission.entries.values()
    own = {entry.ref: entry.reported for entry in entries if entry.reported is not None}
    reported = with_totals(form, own)
    for total in submission.totals.values():
        right = (None, figures[total.ref], reported[total.ref])
        if not total.typed or total.value in right:
            continue
        definition = form.definitions[total.ref]
        cause = _unknown_operand(form, submission, (leaf for _, leaf in form.leaves[total.ref]))
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

    One that fails is the consequence of a blank or unreadable cell among its entries, if there
    is one; and one whose entries include all those of another failure of the same relation (a
    total column over a wrong column) is the consequence of that.
    """
    form, submission = case.form, case.submission
    figures = with_totals(form, _figures(submission))
    failed = [
        (comparison, frozenset(entry_operands(form, comparison)))
        for comparison in form.comparisons
        if not holds(comparison, figures)
    ]
    for comparison, operands in failed:
        cause = _unknown_operand(form, submission, entry_operands(form, comparison))
        for narrower, inner in failed:
            if not cause and narrower.relation is comparison.relation and inner < operands:
                cause = f"{narrower.relation.check} {narrower.left[0][1]}"
        yield _finding(
            form,
            submission,
            comparison,
            left=side_value(comparison.left, figures),
            right=side_value(comparison.right, figures),
            consequence_of=cause,
        )


def _finding(
    form: Form,
    submission: Submission,
    comparison: Comparison,
    *,
    left: Decimal,
    right: Decimal,
    consequence_of: str,
) -> Finding:
    code = comparison.relation.check
    severity = next(check.severity for check in form.checks if check.code == code)
    first, *others = comparison.cells
    return Finding(
        code,
        severity,
        submission.agency,
        first,
        submission.place(first),
        left=left,
        right=right,
        related=tuple(others),
        consequence_of=consequence_of,
    )


def _figures(submission: Submission) -> dict[CellRef, Decimal]:
    return {
        ref: entry.value for ref, entry in submission.entries.items() if entry.value is not None
    }


def _unknown_operand(form: Form, submission: Submission, operands: Iterable[CellRef]) -> str:
    """Name the finding about the first entry without a value; empty if all have one."""
    unplaced = {ref: fault.cells[0] for fault in submission.label_faults for ref in fault.cells}
    for ref in operands:
        entry, cell = submission.entries[ref], form.cells[ref]
        if entry.value is not None:
            continue
        if ref in unplaced:
            return f"T3 {unplaced[ref]}"
        if entry.state is not State.BLANK:
            return f"T1 {ref}"
        if cell.required and cell.blank is not Blank.ZERO:
            return f"T2 {ref}"
    return ""
