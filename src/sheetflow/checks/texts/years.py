"""N4: a text that begins with last year's number and never names its own, as copied ones do."""

from __future__ import annotations

import re

from sheetflow.model.period import parse_period

_OPENING = re.compile(
    r"[^\w]*(?:[一二三四五六七八九十]{1,2}[、）]|\d[.、）])?(?P<year>20\d\d)年(?![底末初]|以来)"
)
"""The beginning of a text, behind a number such as （一）."""


def year_left(text: str, period: str) -> str:
    """Give the year that was left in a plain text of a period; empty if there is none.

    Only the year before is taken for one; a text that names its own year may compare the two.
    """
    opening = _OPENING.match(text)
    own = parse_period(period)
    if not opening or own is None or f"{own.year}年" in text:
        return ""
    return opening["year"] if int(opening["year"]) == own.year - 1 else ""
