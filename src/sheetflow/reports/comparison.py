"""本年与上年: what changed in a group's figures, exactly, and in the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sheetflow.model.cells import displayed, exact_product, exact_sum
from sheetflow.model.form import LineKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form, Side, Table
    from sheetflow.reports.results import Results

_TENTHS = 1000
"""Tenths of a percent in a whole."""
ROUNDED_AWAY = "0.0%"
"""What a percentage that is not 0 shows when it is too small to be seen."""


@dataclass(frozen=True, slots=True)
class TwoPeriods:
    """A figure of this period and of the last; None: nobody reported, or it is not known."""

    now: Decimal | None
    before: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """How much more it is now, below 0 how much less."""
        if self.now is None or self.before is None:
            return None
        return exact_sum((self.now, self.before.copy_negate()))

    @property
    def rate(self) -> str:
        """The difference in percent of the last period's figure, without sign; — from 0."""
        difference = self.difference
        if difference is None or not self.before:
            return displayed(None, None)
        return percentage(abs(difference), abs(self.before))


def percentage(part: Decimal | None, base: Decimal | None) -> str:
    """Write a part of a base in percent: exactly computed, half up to one decimal, else —.

    Half up is away from 0 on either side of it. None and all of it are 0% and 100%.
    """
    if part is None or not base:
        return displayed(None, None)
    tenths = Fraction(part) / Fraction(base) * _TENTHS
    if abs(tenths) in {0, _TENTHS}:
        return f"{int(tenths) // 10}%"
    whole, rest = divmod(int(abs(tenths) + Fraction(1, 2)), 10)
    sign = "-" if tenths < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{rest}%"


def change(results: Results, group: str, side: Side) -> TwoPeriods:
    """Compare a sum of cells with the last period's; not known unless each cell is."""
    now = {ref: results.aggregates[group].value(ref) for _, ref in side}
    return TwoPeriods(_sum(side, now), last_value(results, group, side))


def last_value(results: Results, group: str, side: Side) -> Decimal | None:
    """Add up the last period's figures of cells; not known unless each is."""
    return _sum(side, results.last.totals.get(group, {}))


def compared_cells(form: Form) -> Iterator[CellRef]:
    """Give the official figures that a comparison of years lists: totals where a row has them."""
    official = {section.code for section in form.sections if section.official}
    for table in form.tables:
        if table.section in official:
            columns = _compared_columns(table)
            cells = (ref for ref in form.cells if ref.table == table.code and form.adds(ref))
            yield from (ref for ref in cells if ref.column in columns)


def _compared_columns(table: Table) -> set[str]:
    totals = {column.code for column in table.columns if column.kind is LineKind.TOTAL}
    return totals or {column.code for column in table.columns}


def _sum(side: Side, figures: Mapping[CellRef, Decimal | None]) -> Decimal | None:
    values = [figures.get(ref) for _, ref in side]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    factors = (factor for factor, _ in side)
    return exact_sum(map(exact_product, factors, known))
