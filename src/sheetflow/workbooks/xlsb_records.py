"""The records of BIFF12, of which the binary parts of an .xlsb consist ([MS-XLSB] 2.1.4)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from sheetflow.workbooks.limits import damaged, excessive

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetflow.workbooks.package import Package

ROW, BLANK, RK, ERROR, BOOLEAN, REAL, TEXT, SHARED_TEXT = range(8)
FORMULA_TEXT, FORMULA_REAL, FORMULA_BOOLEAN, FORMULA_ERROR = range(8, 12)
SHORT_BLANK, SHORT_SHARED_TEXT = 12, 18
"""Undocumented: 12 to 18 are 1 to 7 without a column, right of the cell before."""
TABLE_TEXT = 19
NAME = 39
NUMBER_FORMAT = 44
CELL_FORMAT = 47
RICH_TEXT = 62
SHEET_DATA, END_OF_SHEET_DATA = 145, 146
WORKBOOK_PROPERTIES = 153
SHEET = 156
PROTECTION, PROTECTION_ISO = 535, 678
VALIDATIONS, VALIDATIONS_14 = 573, 1054
CELL_FORMATS, END_OF_CELL_FORMATS = 617, 618

_MORE = 0x80  # a byte of a number that goes on
_SEVEN = 0x7F
_SIZE_BYTES = 4
_LENGTH = struct.Struct("<I")
_NO_TEXT = 0xFFFFFFFF
_MALFORMED = (struct.error, IndexError, UnicodeDecodeError)  # too short, or no UTF-16


class XlsbRecords:
    """Reads binary parts, and counts their records over the whole workbook."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._left = package.caps.tags

    def read(self, part: str, take: Callable[[int, bytes], None]) -> None:
        """Show each record's number and contents to `take`, which need not check its length."""
        body = self._package.read(part)
        at, size = 0, len(body)
        try:
            while at < size:
                number, length, start = _header(body, at)
                at = start + length
                if at > size:
                    raise damaged(part, "truncated")
                self._left -= 1
                if self._left < 0:
                    raise excessive(self._package.caps, "tags")
                take(number, body[start:at])
        except _MALFORMED:
            raise damaged(part, "record") from None


def wide_text(contents: bytes, at: int) -> tuple[str, int]:
    """Read an XLWideString (or one that may be null) and where it ends; `IndexError` if cut off."""
    (length,) = _LENGTH.unpack_from(contents, at)
    start = at + _LENGTH.size
    if length == _NO_TEXT:
        return "", start
    end = start + 2 * length
    if end > len(contents):
        raise IndexError
    return contents[start:end].decode("utf-16-le"), end


def real_text(number: float) -> str:
    """Write a double so that it reads back the same; a whole number without `.0`."""
    text = repr(number)
    return text.removesuffix(".0")


def rk_text(contents: bytes, at: int) -> str:
    """Write an RK number: 30 bits of an integer or the upper ones of a double, maybe hundredths."""
    (packed,) = struct.unpack_from("<i", contents, at)
    if packed & 2:
        whole = packed >> 2
        return real_text(whole / 100) if packed & 1 else str(whole)
    (number,) = struct.unpack("<d", struct.pack("<q", (packed & ~3) << 32))
    return real_text(number / 100 if packed & 1 else number)


def _header(body: bytes, at: int) -> tuple[int, int, int]:
    """Read a record's number and length, and where its contents start."""
    number = body[at]
    at += 1
    if number & _MORE:
        number = number & _SEVEN | (body[at] & _SEVEN) << 7
        at += 1
    length = body[at]
    at += 1
    if length & _MORE:
        length &= _SEVEN
        for shift in range(7, 7 * _SIZE_BYTES, 7):
            byte = body[at]
            at += 1
            length |= (byte & _SEVEN) << shift
            if not byte & _MORE:
                break
    return number, length, at
