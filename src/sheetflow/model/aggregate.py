"""汇总表、合计、构成: a form filled for a group, every total with its parts and its coverage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.form import Cell


NOT_ADDED = "见各单位"
"""Stands in a group's table for what can't be added, and for what the form keeps apart."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """构成: one figure that was added, from an agency's cell or from a decision on a group."""

    agency: str
    """The agency's code, or the group's where a decision adds to a group."""
    cell: CellRef
    value: Decimal | None
    state: str
    raw: str
    place: Place
    reason: str = ""


class Total(NamedTuple):
    """合计 of one cell in one group; value None means that nobody reported a value."""

    value: Decimal | None
    reported: int
    expected: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """汇总表: the totals of one group, entry and total cells alike."""

    group: str
    totals: Mapping[CellRef, Total] = field(repr=False)
    chosen: Mapping[tuple[CellRef, str], int] = field(default_factory=dict, repr=False)
    """How many agencies chose an answer at a cell."""

    def value(self, ref: CellRef) -> Decimal | None:
        """Give the group's figure at a cell; None where nobody reported, or nothing is added."""
        total = self.totals.get(ref)
        return total.value if total else None

    def not_added(self, cell: Cell) -> str:
        """Say what stands at a cell without figure: how often each choice was made, if any."""
        counts = ((choice, self.chosen.get((cell.ref, choice))) for choice in cell.choices)
        return "、".join(f"{choice} {count}" for choice, count in counts if count) or NOT_ADDED
