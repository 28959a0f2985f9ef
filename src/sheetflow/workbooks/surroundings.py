"""What stands around the rows of a sheet, judged apart from them.

Programs keep there which cell was chosen last, what part was shown, and the like, so that hardly
two sheets that were worked in are alike in it. The parser judges what stands before the rows, the
plain reader what stands behind them, with one cell before it; once for all that differ in nothing
but such values of attributes. Whatever is odd around the rows is left to the plain reader as a
whole: nothing is guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from isal.isal_zlib import crc32

from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile
from sheetflow.workbooks.outlines import is_utf_8
from sheetflow.workbooks.workbook import CellKind, RawCell
from sheetflow.workbooks.worksheet import SheetReader
from sheetflow.workbooks.xml_parsing import is_well_formed, parse_xml

BEFORE, BEHIND = 1 << 14, 1 << 16
"""Bytes before the rows, and behind them: so few can't hold as many names as a part may."""
_MOST = 128
"""How many judgements of each kind are kept."""
_VALUE = re.compile(rb'="\{?(?:[A-Za-z0-9:. $]|-(?=[A-Za-z0-9]))*\}?"')
"""Values of attributes that no markup can hang on, not even where they stand in a comment."""
_ROWS = b"sheetData"
_OPEN, _CLOSE, _EMPTY = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_TOLD = (_ROWS, b"sheetProtection", b"dataValidations")
"""Elements that tell something of a sheet; none of them stands before the rows of a usual one."""
_ONE_CELL = b'<sheetData><row><c r="A1"><v>1</v></c></row></sheetData>'
_READ = {(0, 0): RawCell(CellKind.NUMBER, "1", None)}
_CAPS = Caps()


class _Quick(bytes):
    """Bytes that are hashed by their checksum, in a fifth of the time."""

    __slots__ = ()

    def __hash__(self) -> int:
        return crc32(self)


class Parted(NamedTuple):
    """The rows of a sheet, and what is told behind them."""

    rows: bytes
    protected: bool
    validated: bool


class _Told(NamedTuple):
    protected: bool
    validated: bool


def parted(xml: bytes) -> Parted | None:
    """Part a sheet's rows from what surrounds them; None if that is odd in any way."""
    start, end = xml.find(_OPEN), xml.rfind(_CLOSE)
    if start < 0:
        rows = b""
        head, empty, tail = xml.partition(_EMPTY)
        is_parted = empty != b""
    else:
        first = start + len(_OPEN)
        head, rows, tail = xml[:start], xml[first:end], xml[end + len(_CLOSE) :]
        is_parted = first <= end
    is_small = len(head) <= BEFORE and len(tail) <= BEHIND
    if not is_parted or not is_small or not _is_plain_head(head):
        return None
    told = _behind_rows(_Quick(tail))
    return told and Parted(rows, *told)


@lru_cache(maxsize=_MOST)
def _is_plain_head(xml: bytes) -> bool:
    """Whether there is nothing of interest before the rows, and these are where they must be."""
    declaration, end, element = xml.rpartition(b"?>")
    return is_utf_8(xml) and _is_plain_outline(declaration + end + _outline(element))


@lru_cache(maxsize=_MOST)
def _is_plain_outline(xml: bytes) -> bool:
    if any(name in xml for name in _TOLD) or xml.count(b"<") > _CAPS.depth:
        return False
    return is_well_formed(xml + b"<sheetData/></worksheet>")


@lru_cache(maxsize=_MOST)
def _behind_rows(xml: bytes) -> _Told | None:
    """Have the plain reader read what stands behind the rows; None if it is no sheet's end."""
    return _told(xml if _ROWS in xml else _outline(xml))


@lru_cache(maxsize=_MOST)
def _told(xml: bytes) -> _Told | None:
    reader = SheetReader("", "", (), Budget(_CAPS))
    try:
        parse_xml("", iter((b"<worksheet>", _ONE_CELL, xml)), _CAPS, reader.attach)
    except UnreadableFile:
        return None
    return _Told(reader.protected, reader.validated) if reader.cells == _READ else None


def _outline(xml: bytes) -> bytes:
    """Leave the values of attributes out; whether XML parses does not depend on them."""
    return _VALUE.sub(b'=""', xml)
