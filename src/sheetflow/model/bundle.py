"""县区汇总包: a county's returns as they were read there, with what its office decided."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What a bundle holds besides returns, as the texts of its parts."""

    path: str
    """The bundle's own path."""
    roster: str
    decisions: str
    totals: str
