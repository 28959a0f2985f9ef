"""Evaluates relations on exact figures; a blank adds nothing, as in the spreadsheet."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from sheetflow.model.cells import exact_product, exact_sum
from sheetflow.model.form import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Comparison, Form, Side

_COMPARE = {
    Operator.EQUAL: operator.eq,
    Operator.AT_MOST: operator.le,
    Operator.AT_LEAST: operator.ge,
}


def with_totals(form: Form, entries: Mapping[CellRef, Decimal]) -> dict[CellRef, Decimal]:
    """Give the entries together with every total cell, computed from them."""
    figures = dict(entries)
    for ref, side in form.leaves.items():
        figures[ref] = side_value(side, entries)
    return figures


def side_value(side: Side, figures: Mapping[CellRef, Decimal]) -> Decimal:
    """Add up one side; a cell without a figure adds nothing."""
    return exact_sum(
        figures[ref] if factor == 1 else exact_product(factor, figures[ref])
        for factor, ref in side
        if ref in figures
    )


def holds(comparison: Comparison, figures: Mapping[CellRef, Decimal]) -> bool:
    """Whether a comparison within one return is true of its figures."""
    left = side_value(comparison.left, figures)
    right = side_value(comparison.right, figures)
    return compare(comparison, left, right)


def compare(comparison: Comparison, left: Decimal, right: Decimal) -> bool:
    """Whether the values of the two sides compare as the relation says."""
    return bool(_COMPARE[comparison.relation.operator](left, right))


def entry_operands(form: Form, comparison: Comparison) -> Iterator[CellRef]:
    """Give the entry cells under both sides of a comparison, totals resolved to their parts."""
    seen: set[CellRef] = set()
    for ref in comparison.cells:
        for _, leaf in form.leaves.get(ref, ((1, ref),)):
            if leaf not in seen:
                seen.add(leaf)
                yield leaf
