"""Dates as an office writes them on folders and in tables."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from sheetflow.model.characters import nfkc

_DATES = (
    re.compile(r"(20\d\d)([-./_])(\d{1,2})\2(\d{1,2})(?: 0?0:00(?::00)?)?", re.ASCII),
    re.compile(r"(20\d\d)()(\d\d)(\d\d)", re.ASCII),
    re.compile(r"(20\d\d)(年)(\d{1,2})月(\d{1,2})日", re.ASCII),
)


def parse_date(text: str) -> date | None:
    """Read `2025-01-20`, `2025/1/20`, `2025.1.20`, `20250120` or `2025年1月20日`.

    None if the text is anything else, or no day of this century's calendar.
    """
    plain = nfkc(text[:40]).strip()
    for pattern in _DATES:
        if found := pattern.fullmatch(plain):
            try:
                return date(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                return None
    return None


@lru_cache(maxsize=1024)
def date_on_path(folders: tuple[str, ...]) -> date | None:
    """Give the date that the innermost folder named as one stands for."""
    dates = (parse_date(folder) for folder in reversed(folders))
    return next((found for found in dates if found), None)
