"""Dates as an office writes them on folders and in tables, and as workbooks number them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from sheetflow.model.characters import nfkc
from sheetflow.workbooks.workbook import CellKind, RawCell

_DATES = (
    re.compile(r"((?:19|20)\d\d)([-./_])(\d{1,2})\2(\d{1,2})(?: 0?0:00(?::00)?)?", re.ASCII),
    re.compile(r"((?:19|20)\d\d)()(\d\d)(\d\d)", re.ASCII),
    re.compile(r"((?:19|20)\d\d)(年)(\d{1,2})月(\d{1,2})日", re.ASCII),
)
_SERIAL = re.compile(r"([1-9][0-9]{2,5})(?:\.[0-9]*)?", re.ASCII)  # a time of day apart
_DAY_0 = {CellKind.DATE: date(1899, 12, 30), CellKind.DATE_1904: date(1904, 1, 1)}


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


def day_in(raw: RawCell) -> date | None:
    """Give the day that a cell holds, as a workbook numbers it or as a text; None: it holds none.

    Excel counts a 29 February 1900 that never was, so that days before March of it are not certain.
    """
    if raw.kind is CellKind.TEXT:
        return parse_date(raw.text)
    if raw.kind not in _DAY_0:
        return None
    serial = _SERIAL.fullmatch(raw.text)
    if serial is None:
        return parse_date(raw.text.replace("T", " "))  # OpenDocument writes days out
    return _DAY_0[raw.kind] + timedelta(int(serial[1]))


@lru_cache(maxsize=1024)
def date_on_path(folders: tuple[str, ...]) -> date | None:
    """Give the date that the innermost folder named as one stands for."""
    dates = (parse_date(folder) for folder in reversed(folders))
    return next((found for found in dates if found), None)
