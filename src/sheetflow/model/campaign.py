"""填报任务: what the office set for one form, one period, one roster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sheetflow.model.appendix import AppendixKind


@dataclass(frozen=True, slots=True)
class Settings:
    """sheetflow.toml: the form's code, the period, the office's name, and how figures show."""

    form: str
    period: str
    name: str
    office: str = ""
    due: date | None = None
    previous: str = ""
    """Where last period's figures are: its campaign's folder, or a table; empty: not known."""
    passwords: str = ""
    """The file, in the campaign's folder, that lists passwords of returns, one a line."""
    decimals: int = 2
    """Display decimals of amounts; exact figures stay exact elsewhere."""
    appendices: tuple[AppendixKind, ...] = ()
    """What the report has in addition."""

    def is_overdue(self, day: date | None) -> bool:
        """Whether a day is later than the due one; not if either is not known."""
        return self.due is not None and day is not None and day > self.due
