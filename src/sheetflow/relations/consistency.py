"""What a form's relations say together: which repeat others, never fail, or rule each other out.

Each comparison is a row of factors: left side less right side. All is exact, in fractions;
a form has a few dozen rows.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.form import FIRST_NUMBER, Operator
from sheetflow.relations.evaluate import over_entries
from sheetflow.relations.feasibility import proof_of_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Comparison, Form

    Row = Mapping[CellRef, Fraction]


class Conflict(NamedTuple):
    """Comparisons that hold together only if cells, each free to be above 0, are all 0."""

    comparisons: tuple[Comparison, ...]
    cells: tuple[CellRef, ...]


def comparisons(form: Form) -> tuple[Comparison, ...]:
    """Give those between figures of one return, of a register its first row's: all say the same."""
    return tuple(
        each
        for each in form.comparisons
        if each.line == FIRST_NUMBER or not form.cells[each.left[0][1]].in_register
    )


def equations(form: Form) -> tuple[Comparison, ...]:
    """Give the equations between figures of one return, in the form's order."""
    return tuple(c for c in comparisons(form) if c.relation.operator is Operator.EQUAL)


def implied(form: Form) -> tuple[Comparison, ...]:
    """Give the equations that follow from those before them: they never fail alone."""
    solved: dict[CellRef, Row] = {}
    found = []
    for comparison in equations(form):
        row = _row(comparison)
        while pivot := next((ref for ref in row if ref in solved), None):
            row = _sum(row, solved[pivot], -row[pivot])
        if row:
            pivot = next(iter(row))
            solved[pivot] = {ref: factor / row[pivot] for ref, factor in row.items()}
        else:
            found.append(comparison)
    return tuple(found)


def never_fails(form: Form, comparison: Comparison) -> bool:
    """Whether a comparison holds whatever the entries of at least 0; a total's definition can't."""
    if form.definitions.get(comparison.left[0][1]) is comparison:
        return False
    factors = over_entries(form, comparison).values()
    match comparison.relation.operator:
        case Operator.EQUAL:
            return not factors
        case Operator.AT_LEAST:
            return all(factor >= 0 for factor in factors)
        case Operator.AT_MOST:
            return all(factor <= 0 for factor in factors)


def is_same(one: Comparison, other: Comparison) -> bool:
    """Whether two comparisons say the same of the same cells, up to a factor."""
    left, right = (_row(each) for each in (one, other))
    if left.keys() != right.keys() or one.previous != other.previous:
        return False
    ratios = {left[ref] / right[ref] for ref in left}
    turned = {Operator.AT_MOST: Operator.AT_LEAST, Operator.AT_LEAST: Operator.AT_MOST}
    operator = other.relation.operator
    if any(ratio < 0 for ratio in ratios):
        operator = turned.get(operator, operator)
    return len(ratios) == 1 and one.relation.operator is operator


def conflict(form: Form) -> Conflict | None:
    """Find comparisons that can't hold together while all that they name is above 0."""
    factors = {c: over_entries(form, c) for c in comparisons(form)}
    rows = {c: {ref: Fraction(f) for ref, f in row.items()} for c, row in factors.items() if row}
    multipliers = proof_of_none([(row, c.relation.operator) for c, row in rows.items()])
    if not any(multipliers):
        return None
    total: Row = {}
    for row, multiplier in zip(rows.values(), multipliers, strict=True):
        total = _sum(total, row, multiplier)
    guilty = (c for c, multiplier in zip(rows, multipliers, strict=True) if multiplier)
    return Conflict(tuple(guilty), tuple(total))


def _row(comparison: Comparison) -> Row:
    """Give a comparison's factors of the cells that it names."""
    row: Row = {}
    for sign, side in ((1, comparison.left), (-1, comparison.right)):
        for factor, ref in side:
            row = _sum(row, {ref: Fraction(1)}, sign * factor)
    return row


def _sum(one: Row, other: Row, factor: Fraction | int) -> Row:
    """Give one row plus a multiple of another; what cancels out is gone."""
    refs = dict.fromkeys((*one, *other))
    added = {ref: one.get(ref, Fraction(0)) + factor * other.get(ref, Fraction(0)) for ref in refs}
    return {ref: value for ref, value in added.items() if value}
