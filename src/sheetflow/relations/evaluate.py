"""Evaluates relations on exact figures; a blank adds nothing, as in the spreadsheet."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import exact, exact_product, exact_sum
from sheetflow.model.form import Blank, Operator
from sheetflow.model.history import lacking

if TYPE_CHECKING:
    from collections.abc import KeysView, Mapping

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Comparison, Form, Side
    from sheetflow.model.history import Years

_ZERO = Decimal(0)
_COMPARE: Mapping[Operator, Callable[[int | Decimal, int | Decimal], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.AT_MOST: operator.le,
    Operator.AT_LEAST: operator.ge,
}


def with_totals(form: Form, entries: Mapping[CellRef, Decimal]) -> dict[CellRef, Decimal]:
    """Give the entries together with every total cell, computed from them."""
    plan = _plan(form)
    known = {**plan.zeros, **entries}
    figures = dict(entries)
    with exact():
        for ref, side in plan.totals:
            figures[ref] = _added(side, known)
    return figures


def with_known_totals(form: Form, entries: Mapping[CellRef, Decimal]) -> dict[CellRef, Decimal]:
    """Give the entries together with every total cell of which all parts are known."""
    figures = dict(entries.items())
    with exact():
        for ref, side in _plan(form).totals:
            if figures.keys() >= side.cells:
                figures[ref] = _added(side, figures)
    return figures


class Evaluated(NamedTuple):
    """A comparison and the values of its two sides."""

    comparison: Comparison
    left: Decimal
    right: Decimal


class Comparer:
    """Gives the comparisons that are not true of a return's figures, listed in a known order.

    Most returns have no fault: to see that needs no names of cells, and whole numbers are enough.
    Totals being computed, what compares them with their own parts alone is always true.
    """

    def __init__(self, form: Form, refs: Sequence[CellRef]) -> None:
        at = {ref: number for number, ref in enumerate(refs)}
        self._comparisons = [
            (
                each,
                _COMPARE[each.relation.operator],
                adder(in_entries(form, each.left), at),
                adder(in_entries(form, each.right), at),
                [at[ref] for ref in optional_operands(form, each)],
            )
            for each in form.comparisons
            if over_entries(form, each)
        ]

    def __call__(self, figures: Sequence[int | Decimal | None]) -> list[Evaluated]:
        """Evaluate all; what is not known counts as 0, what may be blank leaves them open."""
        known = [figure or 0 for figure in figures]
        unmet: list[Evaluated] = []
        with exact():
            for comparison, meets, add_left, add_right, optional in self._comparisons:
                left, right = add_left(known), add_right(known)
                if not meets(left, right) and all(figures[n] is not None for n in optional):
                    unmet.append(Evaluated(comparison, _ZERO + left, _ZERO + right))
        return unmet


class PeriodComparer:
    """Gives the relations to the last period that are not true of a return's figures.

    Figures of both periods are listed in the form's order of entries.
    """

    def __init__(self, form: Form) -> None:
        at = form.entry_numbers
        self._comparisons = [
            (
                each,
                _COMPARE[each.relation.operator],
                adder(in_entries(form, each.left), at),
                adder(in_entries(form, each.right), at),
                adder(in_entries(form, each.previous), at),
                needed_before(form, each),
                frozenset(at[ref] for ref in optional_operands(form, each)),
            )
            for each in form.successions
        ]

    def __call__(self, years: Years) -> list[Comparison]:
        """Evaluate those of which all that they name of the last period is known.

        What may be blank this period leaves them open, as it does others.
        """
        added, carried = years.added
        blank, unknown = lacking(years.now), years.unknown
        with exact():
            return [
                comparison
                for comparison, meets, left, right, last, needed, optional in self._comparisons
                if needed.isdisjoint(unknown)
                and optional.isdisjoint(blank)
                and not meets(left(added), right(added) + last(carried))
            ]


def needed_before(form: Form, comparison: Comparison) -> frozenset[int]:
    """Give the numbers of the entries of the last period that a relation to it names."""
    at = form.entry_numbers
    return frozenset(at[ref] for _, ref in in_entries(form, comparison.previous))


Adder = Callable[[Sequence[int | Decimal]], int | Decimal]
"""Adds up a side from figures in a known order."""


def adder(side: Side, at: Mapping[CellRef, int]) -> Adder:
    """Give what adds up a side; `at` says at which number each cell's figure stands."""
    once = [at[ref] for factor, ref in side if factor == 1]
    others = [(factor, at[ref]) for factor, ref in side if factor != 1]
    if others or not once:
        return lambda figures: sum(
            [*(figures[n] for n in once), *(factor * figures[n] for factor, n in others)]
        )
    pick = operator.itemgetter(*once)
    return pick if len(once) == 1 else lambda figures: sum(pick(figures))


class _Sum(NamedTuple):
    """A side: the cells that are added once, the others with their factors, and all of them."""

    added: tuple[CellRef, ...]
    others: Side
    cells: frozenset[CellRef]


class _Plan(NamedTuple):
    """A form's sums, made ready."""

    zeros: Mapping[CellRef, Decimal]
    totals: list[tuple[CellRef, _Sum]]


@lru_cache(maxsize=16)
def _plan(form: Form) -> _Plan:
    return _Plan(
        dict.fromkeys(form.cells, _ZERO),
        [(ref, _sum_of(side)) for ref, side in form.leaves.items()],
    )


def _sum_of(side: Side) -> _Sum:
    added = tuple(ref for factor, ref in side if factor == 1)
    others = tuple((factor, ref) for factor, ref in side if factor != 1)
    return _Sum(added, others, frozenset(ref for _, ref in side))


def _added(side: _Sum, known: Mapping[CellRef, Decimal]) -> Decimal:
    """Add up a side of which every cell is known, in an exact context."""
    total = sum(map(known.__getitem__, side.added), _ZERO)
    for factor, ref in side.others:
        total += factor * known[ref]
    return total


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


@lru_cache(maxsize=1 << 12)
def entry_operands(form: Form, comparison: Comparison) -> KeysView[CellRef]:
    """Give the entry cells under both sides of a comparison, totals resolved to their parts."""
    sides = in_entries(form, (*comparison.left, *comparison.right))
    return dict.fromkeys(ref for _, ref in sides).keys()


@lru_cache(maxsize=1 << 12)
def over_entries(form: Form, comparison: Comparison) -> Mapping[CellRef, int]:
    """Give what left side less right side adds of each entry cell; nothing: it is always 0."""
    factors: Counter[CellRef] = Counter()
    for sign, side in ((1, comparison.left), (-1, comparison.right)):
        for factor, ref in in_entries(form, side):
            factors[ref] += sign * factor
    return {ref: factor for ref, factor in factors.items() if factor}


@lru_cache(maxsize=1 << 12)
def optional_operands(form: Form, comparison: Comparison) -> tuple[CellRef, ...]:
    """Give the entry cells that decide a comparison and may stay blank: blank, it says nothing.

    A blank that is as good as a 0 in a row of a register is one there, too.
    """
    return tuple(ref for ref in over_entries(form, comparison) if _may_be_blank(form, ref))


def _may_be_blank(form: Form, ref: CellRef) -> bool:
    cell = form.cells[ref]
    return ref not in form.needed and not (cell.required and cell.blank is Blank.ZERO)


@lru_cache(maxsize=1 << 12)
def in_entries(form: Form, side: Side) -> Side:
    """Resolve the totals in a side to the entry cells that they add."""
    return tuple(
        (factor * inner, leaf) for factor, ref in side for inner, leaf in form.addends(ref)
    )
