"""填报任务: what the office set for one form, one period, one roster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.model.period import parse_period, period_words, year_of

if TYPE_CHECKING:
    from datetime import date

    from sheetflow.model.appendix import AppendixKind


@dataclass(frozen=True, slots=True)
class Settings:
    """sheetflow.toml: the form's code, the period, the office's name, and how figures show."""

    form: str
    period: str
    """As it is written: 2024, 2024-H1, 2024-Q1, 2024-03."""
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

    @property
    def period_words(self) -> str:
        """The period as titles say it: 2024年, 2024年第一季度."""
        return period_words(self.period)

    @property
    def year(self) -> str:
        """The year that the period is, or is in."""
        return year_of(self.period)

    @property
    def period_before(self) -> str:
        """The period right before, as it is written; empty: this one is none."""
        period = parse_period(self.period)
        return str(period.before) if period else ""

    @property
    def period_after(self) -> str:
        """The period right after, as it is written; empty: this one is none."""
        period = parse_period(self.period)
        return str(period.after) if period else ""

    def is_overdue(self, day: date | None) -> bool:
        """Whether a day is later than the due one; not if either is not known."""
        return self.due is not None and day is not None and day > self.due
