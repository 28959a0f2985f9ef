"""Read tables in plain text (csv, tsv) in the encodings and with the separators that clients write.

The separator is decided by the whole text, never by a sample: all rows are equally wide under it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING, Literal

from sheetflow.model.cells import address
from sheetflow.workbooks.limits import Budget, Caps, damaged, excessive, misplaced
from sheetflow.workbooks.workbook import COLUMNS, ROWS, CellKind, RawCell, Sheet, Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAPS = Caps()
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 1 << 20  # bytes
_COMMA = ","
_SEPARATORS = ("\t", _COMMA, ";")  # of two that fit, the one that stands in fewer texts
_NAMED = re.compile(r"sep=([\t,;])(?:\r\n?|\n|$)", re.IGNORECASE)
_NAMED_LENGTH = len("sep=,\r\n")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def read_delimited(data: bytes, caps: Caps = _CAPS) -> Workbook:
    """Read a text as a workbook of one sheet without name; `UnreadableFile` if it can't be."""
    text = _decoded(data, caps)
    if sum(map(text.count, (*_SEPARATORS, "\r", "\n"))) > caps.tags:
        raise excessive(caps, "tags")
    named = _NAMED.match(text[:_NAMED_LENGTH])
    separator = named[1] if named else _separator(text)
    if named:
        text = text[named.end() :]  # the whole one, which can be large, is let go
    cells = _cells(text, separator, Budget(caps))
    return Workbook((Sheet("", "visible", cells),), {}, {}, "")


def _decoded(data: bytes, caps: Caps) -> str:
    """Decode the text as its mark says, else as the first encoding that fits without an error."""
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in marked or [*_wide_encodings(data), "utf-8", "gb18030"]:
        try:
            text = _decoded_as(data, encoding, caps)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise damaged("text", "NUL")
        return text
    raise damaged("text", "encoding")


def _decoded_as(data: bytes, encoding: str, caps: Caps) -> str:
    """Decode piece by piece, so that no more is made than may be kept."""
    decoder = codecs.getincrementaldecoder(encoding)()
    target = io.StringIO(newline="")
    size = 0
    for start in range(0, len(data) + 1, _PIECE):
        piece = data[start : start + _PIECE]
        size += target.write(decoder.decode(piece, final=start + _PIECE > len(data)))
        if size > caps.text:
            raise excessive(caps, "text")
    return target.getvalue()


def _wide_encodings(data: bytes) -> Iterator[str]:
    """Tell UTF-16 without a mark: one byte order shows line ends or separators, the other none."""
    if b"\0" in data and len(data) % 2 == 0:
        little, big = _shows_signs(data, "little"), _shows_signs(data, "big")
        if little != big:
            yield "utf-16-le" if little else "utf-16-be"


def _shows_signs(data: bytes, order: Literal["little", "big"]) -> bool:
    low, high = (data[::2], data[1::2]) if order == "little" else (data[1::2], data[::2])
    signs = frozenset(b"\t\r\n,;")
    return any(byte in signs and not above for byte, above in zip(low, high, strict=True))


def _separator(text: str) -> str:
    """Choose the separator under which all rows are equally wide, else the only one, else comma."""
    present = [separator for separator in _SEPARATORS if separator in text]
    if len(present) == 1:
        return present[0]
    fitting = (separator for separator in present if _is_even(text, separator))
    return next(fitting, _COMMA)


def _is_even(text: str, separator: str) -> bool:
    """Whether all rows that hold something have the same number of columns, more than one."""
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            if row and len(row) != (width := width or len(row)):
                return False
    except csv.Error:
        return False
    return width > 1


def _cells(text: str, separator: str, budget: Budget) -> dict[tuple[int, int], RawCell]:
    cells: dict[tuple[int, int], RawCell] = {}
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row, fields in enumerate(rows):
            for column, field in enumerate(fields):
                if field and not field.isspace():
                    if row >= ROWS or column >= COLUMNS:
                        raise misplaced(address(row, min(column, COLUMNS)))
                    budget.spend(len(field), cells=1)
                    kind = CellKind.NUMBER if _NUMBER.fullmatch(field) else CellKind.TEXT
                    cells[row, column] = RawCell(kind, field, None)
    except csv.Error as error:  # a quotation mark is never closed, or more follows it
        raise damaged(f"line {rows.line_num}", str(error)) from None
    return cells
