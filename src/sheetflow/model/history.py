"""上年数: last period's figures, and whose of them each agency's figures follow on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sheetflow.model.cells import CellRef


@dataclass(frozen=True, slots=True)
class Previous:
    """What one agency, or those that it was made of, reported for the last period."""

    period: str
    agencies: tuple[str, ...]
    """Their codes in the last period; several where they were merged."""
    figures: Mapping[CellRef, Decimal] = field(repr=False)
    """Entries and totals; a cell that nobody reported is not there."""
    texts: Mapping[CellRef, str] = field(default_factory=dict, repr=False)
