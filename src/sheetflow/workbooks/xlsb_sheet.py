"""The cells of one worksheet of an .xlsb."""

from __future__ import annotations

import struct
from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.model.cells import address
from sheetflow.workbooks import xlsb_records as record
from sheetflow.workbooks.limits import damaged, misplaced
from sheetflow.workbooks.workbook import COLUMNS, ROWS, CellKind, RawCell
from sheetflow.workbooks.xlsb_records import real_text, rk_text, wide_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheetflow.workbooks.limits import Budget, UnreadableFile

_ROW = struct.Struct("<I")
_REAL = struct.Struct("<d")
_CELL = struct.Struct("<II")  # column; style in 24 bits, and a flag
_STYLE = struct.Struct("<I")
_STYLE_BITS = 0xFFFFFF
_ERRORS: Mapping[int, str] = MappingProxyType(
    {
        0x00: "#NULL!",
        0x07: "#DIV/0!",
        0x0F: "#VALUE!",
        0x17: "#REF!",
        0x1D: "#NAME?",
        0x24: "#NUM!",
        0x2A: "#N/A",
        0x2B: "#GETTING_DATA",
    }
)
_PLAIN: Mapping[int, int] = MappingProxyType(
    {
        record.FORMULA_TEXT: record.TEXT,
        record.FORMULA_REAL: record.REAL,
        record.FORMULA_BOOLEAN: record.BOOLEAN,
        record.FORMULA_ERROR: record.ERROR,
    }
)
"""The records of formulas, and those that hold the same value without one."""
_SHORT = record.SHORT_BLANK - record.BLANK


class XlsbSheetReader:
    """Collects the cells of a worksheet from its records."""

    def __init__(
        self, name: str, strings: Sequence[str], styles: Sequence[CellKind], budget: Budget
    ) -> None:
        self.cells: dict[tuple[int, int], RawCell] = {}
        self.protected = False
        self.validated = False
        self._name = name
        self._strings = strings
        self._styles = styles
        self._budget = budget
        self._in_data = False
        self._row = self._column = -1

    def take(self, number: int, contents: bytes) -> None:
        """Take a record of the sheet's part; cells count in the sheet's data only."""
        if number <= record.SHORT_SHARED_TEXT or number == record.RICH_TEXT:
            if self._in_data:
                self._take_cell(number, contents)
        elif number in {record.SHEET_DATA, record.END_OF_SHEET_DATA}:
            self._in_data = number == record.SHEET_DATA
        elif number in {record.PROTECTION, record.PROTECTION_ISO}:
            self.protected = True
        elif number in {record.VALIDATIONS, record.VALIDATIONS_14}:
            self.validated = True

    def _take_cell(self, number: int, contents: bytes) -> None:
        if number == record.ROW:
            (self._row,) = _ROW.unpack_from(contents)
            self._column = -1
            return
        formula = None
        if record.SHORT_BLANK <= number <= record.SHORT_SHARED_TEXT:
            number -= _SHORT
            (style,) = _STYLE.unpack_from(contents)
            self._column += 1
            start = _STYLE.size
        else:
            self._column, style = _CELL.unpack_from(contents)
            start = _CELL.size
        if number in _PLAIN:
            number, formula = _PLAIN[number], ""
        if number != record.BLANK:
            kind, text = self._value(number, contents, start, style & _STYLE_BITS)
            self._keep(kind, text, formula)

    def _value(self, number: int, contents: bytes, start: int, style: int) -> tuple[CellKind, str]:
        if number in {record.RK, record.REAL}:
            kind = self._styles[style] if style < len(self._styles) else CellKind.NUMBER
            if number == record.RK:
                return kind, rk_text(contents, start)
            return kind, real_text(_REAL.unpack_from(contents, start)[0])
        if number == record.TEXT:
            return CellKind.TEXT, wide_text(contents, start)[0]
        if number == record.RICH_TEXT:
            return CellKind.TEXT, wide_text(contents, start + 1)[0]
        if number == record.SHARED_TEXT:
            (index,) = _ROW.unpack_from(contents, start)
            if index >= len(self._strings):
                raise self._damaged("shared string")
            return CellKind.TEXT, self._strings[index]
        code = contents[start]
        if number == record.BOOLEAN:
            return CellKind.BOOLEAN, "1" if code else "0"
        if code not in _ERRORS:
            raise self._damaged(f"error {code}")
        return CellKind.ERROR, _ERRORS[code]

    def _keep(self, kind: CellKind, text: str, formula: str | None) -> None:
        if not text and formula is None:
            return
        at = (self._row, self._column)
        if at in self.cells or not (0 <= at[0] < ROWS and at[1] < COLUMNS):
            raise misplaced(self._place())
        self._budget.spend(len(text), cells=1)
        self.cells[at] = RawCell(kind if text else CellKind.BLANK, text, formula)

    def _damaged(self, detail: str) -> UnreadableFile:
        return damaged(self._place(), detail)

    def _place(self) -> str:
        return f"{self._name}!{address(max(self._row, 0), min(self._column, COLUMNS))}"
