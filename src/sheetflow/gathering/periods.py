"""Periods as the sheets of returns name them, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetflow.model.period import HALVES, QUARTERS, period_of

if TYPE_CHECKING:
    from sheetflow.model.period import Period

_SAID = re.compile(
    r"(?<![0-9])(?P<year>20[0-9]{2})[ 　]*年度?+[ 　]*+"
    r"(?![0-9]{1,2}[ 　]*月[ 　]*[0-9]{1,2}[ 　]*日)"  # a day is no period
    r"(?:(?:(?P<half>[上下])半年|第?[ 　]*(?P<quarter>[一二三四1-4])[ 　]*季度"
    r"|(?P<month>1[0-2]|0?[1-9])[ 　]*月份?+)(?![ 　]*[至到~～—–-]))?"
)
"""In a range, as 2024年1月至3月, only the year is taken."""


def said_periods(text: str) -> tuple[Period, ...]:
    """Give the periods that a text names, as titles do, or with 2024年1季度 and the like."""
    return tuple(
        period_of(
            int(match["year"]),
            HALVES.find(match["half"] or "无") + 1,
            QUARTERS.find(match["quarter"] or "无") + 1 or _digit(match["quarter"]),
            int(match["month"] or 0),
        )
        for match in _SAID.finditer(text)
    )


def _digit(text: str | None) -> int:
    return int(text) if text and text.isascii() else 0
