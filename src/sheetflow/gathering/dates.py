"""Days on folders, and in cells as workbooks number them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from sheetflow.model.days import parse_date
from sheetflow.workbooks.workbook import CellKind, RawCell

_SERIAL = re.compile(r"([1-9][0-9]{2,5})(?:\.[0-9]*)?", re.ASCII)  # a time of day apart
_DAY_0 = {CellKind.DATE: date(1899, 12, 30), CellKind.DATE_1904: date(1904, 1, 1)}


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
