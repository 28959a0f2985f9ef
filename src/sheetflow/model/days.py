"""Days as an office writes them."""

from __future__ import annotations

import re
from datetime import date

from sheetflow.model.characters import nfkc

_DATES = (
    re.compile(r"((?:19|20)\d\d)([-./_])(\d{1,2})\2(\d{1,2})(?: 0?0:00(?::00)?)?", re.ASCII),
    re.compile(r"((?:19|20)\d\d)()(\d\d)(\d\d)", re.ASCII),
    re.compile(r"((?:19|20)\d\d)(年)(\d{1,2})月(\d{1,2})日", re.ASCII),
)


def parse_date(text: str) -> date | None:
    """Read `2025-01-20`, `2025/1/20`, `2025.1.20`, `20250120` or `2025年1月20日`.

    None if the text is anything else, or no day of the calendar since 1900.
    """
    plain = nfkc(text[:40]).strip()
    for pattern in _DATES:
        if found := pattern.fullmatch(plain):
            try:
                return date(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                return None
    return None
