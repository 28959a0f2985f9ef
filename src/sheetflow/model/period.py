"""统计期: the year, half-year, quarter or month that a form is about.

Written 2024, 2024-H1, 2024-Q1, 2024-03 (as in ISO 8601); said 2024年, 2024年上半年, 2024年第一季度,
2024年3月.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class PeriodKind(StrEnum):
    """How long a form's periods are."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def a_year(self) -> int:
        """How many of them a year has."""
        return _A_YEAR[self]


_A_YEAR = {PeriodKind.YEAR: 1, PeriodKind.HALF: 2, PeriodKind.QUARTER: 4, PeriodKind.MONTH: 12}
_MONTHS = 12
HALVES, QUARTERS = "上下", "一二三四"
"""The words that count them, in order."""
_WRITTEN = r"([1-9][0-9]{3})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?"


class Period(NamedTuple):
    """One period; those of one kind are in the order of time."""

    kind: PeriodKind
    year: int
    number: int = 1
    """Which of its year's it is, from 1 on."""

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.YEAR:
                return str(self.year)
            case PeriodKind.HALF:
                return f"{self.year}-H{self.number}"
            case PeriodKind.QUARTER:
                return f"{self.year}-Q{self.number}"
            case PeriodKind.MONTH:
                return f"{self.year}-{self.number:02}"

    @property
    def words(self) -> str:
        """As titles say it: 2024年, 2024年第一季度."""
        return f"{self.year}年{self.within_year}"

    @property
    def within_year(self) -> str:
        """The words behind the year's: 上半年, 第一季度, 3月; of a year none."""
        match self.kind:
            case PeriodKind.YEAR:
                return ""
            case PeriodKind.HALF:
                return f"{HALVES[self.number - 1]}半年"
            case PeriodKind.QUARTER:
                return f"第{QUARTERS[self.number - 1]}季度"
            case PeriodKind.MONTH:
                return f"{self.number}月"

    @property
    def before(self) -> Period:
        """The period right before it."""
        return self._moved(-1)

    @property
    def after(self) -> Period:
        """The period right after it."""
        return self._moved(1)

    @property
    def last_month(self) -> int:
        """The month with which it ends."""
        return self.number * (_MONTHS // self.kind.a_year)

    def _moved(self, by: int) -> Period:
        year, index = divmod(self.year * self.kind.a_year + self.number - 1 + by, self.kind.a_year)
        return Period(self.kind, year, index + 1)


def period_of(year: int, half: int, quarter: int, month: int) -> Period:
    """Give the period of which one number at most is not 0."""
    if half:
        return Period(PeriodKind.HALF, year, half)
    if quarter:
        return Period(PeriodKind.QUARTER, year, quarter)
    return Period(PeriodKind.MONTH, year, month) if month else Period(PeriodKind.YEAR, year)


@lru_cache(maxsize=64)
def parse_period(text: str) -> Period | None:
    """Read a period as it is written; None: it is written otherwise."""
    match = re.fullmatch(_WRITTEN, text)
    if match is None:
        return None
    return period_of(*(int(group or 0) for group in match.groups()))


def period_words(text: str) -> str:
    """Say a written period in words; what is none, as the blank of a master, gets its 年 too."""
    period = parse_period(text)
    return period.words if period else f"{text}年"


def year_of(text: str) -> str:
    """Give the year that a written period is, or is in; of what is none the text."""
    period = parse_period(text)
    return str(period.year) if period else text
