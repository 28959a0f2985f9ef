"""Read a legacy workbook (BIFF 2 to 8, in an OLE container or bare) with xlrd, in a child.

xlrd knows the format; what it would not say is overheard: each record passes `_Book`, each cell
`_Sheet`, which keep formulas, locks and number formats, and hold the caps while it reads.
"""

from __future__ import annotations

import struct
import sys
from typing import ClassVar

import xlrd
import xlrd.biffh
import xlrd.compdoc

from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile, damaged, excessive, misplaced
from sheetflow.workbooks.number_formats import kind_of_format
from sheetflow.workbooks.property_sets import application, custom_properties
from sheetflow.workbooks.transfer import pack
from sheetflow.workbooks.workbook import CellKind, RawCell, Sheet, Workbook

_CAPS = Caps()
_STATES = ("visible", "hidden", "veryHidden")
_FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
_PROTECT, _VALIDATION = 0x0012, 0x01BE
_UNICODE = 80  # BIFF 8, as xlrd counts
_TEXT = b"\x17"  # the token of a text in a formula
_TOKENS = 22  # where in its record a formula of BIFF 8 has its tokens
_EXACT = 2**53


def read(data: bytes, _: str = "") -> bytes:
    """Read a workbook and pack it; `UnreadableFile` if it can't be."""
    return pack(read_workbook(data))


def read_workbook(data: bytes, caps: Caps = _CAPS) -> Workbook:
    """Read a workbook in this process: only where a forged one may take it down."""
    xlrd.book.Book, xlrd.sheet.Sheet = _Book, _Sheet
    _Book.budget = Budget(caps)  # xlrd makes the book itself
    try:
        book = xlrd.book.open_workbook_xls(file_contents=data, logfile=sys.stdout, ragged_rows=True)
        return _workbook(book, data)
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - xlrd lets any of them out
        raise damaged("BIFF", f"{type(error).__name__}: {error}") from None


class _Book(xlrd.book.Book):  # type: ignore[misc]
    """The workbook's records, shown to the sheet that is being read."""

    budget: ClassVar[Budget]
    codepage: int | None
    cells: _Sheet | None = None
    """The sheet whose records come; None while they are the workbook's own."""

    def get_record_parts(self) -> tuple[int, int, bytes]:
        """Give the next record: its code, length and data."""
        code, length, data = super().get_record_parts()
        if self.cells is not None:
            self.cells.overhear(code, data)
        return code, length, data

    def derive_encoding(self) -> str:
        """Choose the encoding of texts that are not Unicode."""
        if self.codepage is None and self.biff_version < _UNICODE:
            self.codepage = 936  # a file that does not say was made here
        return str(super().derive_encoding())

    def handle_boundsheet(self, data: bytes) -> None:
        """Take in a sheet's name."""
        super().handle_boundsheet(data)
        if len(self._sheet_names) > self.budget.caps.sheets:
            raise excessive(self.budget.caps, "sheets")

    def handle_filepass(self, _: bytes) -> None:
        """Refuse: all that follows is encrypted."""
        raise UnreadableFile("F04", {})

    def names_epilogue(self) -> None:
        """Leave the formulas of names alone, which xlrd would evaluate."""


class _Sheet(xlrd.sheet.Sheet):  # type: ignore[misc]
    """A sheet's cells, kept only where they hold something."""

    book: _Book

    def __init__(self, book: _Book, position: int | None, name: str, number: int) -> None:
        super().__init__(book, position, name, number)
        self.kept: dict[tuple[int, int], RawCell] = {}
        self.protected = self.validated = False
        self._formula = (-1, -1)
        self._constant: str | None = None
        """The text that the formula is, if it is nothing else."""

    def read(self, book: _Book) -> int:
        """Read the sheet's records."""
        book.cells = self
        try:
            return int(super().read(book))
        finally:
            book.cells = None

    def overhear(self, code: int, data: bytes) -> None:
        """Note what a record says that xlrd passes over."""
        if code in _FORMULAS:
            row, column = struct.unpack_from("<HH", data)
            self._formula = row, column
            self._constant = _only_text(data) if self.biff_version >= _UNICODE else None
        elif code == _PROTECT:
            self.protected |= any(data[:2])
        elif code == _VALIDATION:
            self.validated = True

    def put_cell_ragged(
        self, row: int, column: int, kind: int | None, value: float | str, style: int | None
    ) -> None:
        """Keep a cell; xlrd gives no kind for numbers."""
        at = row, column
        formula = "" if at == self._formula else None
        if kind is None and formula == "" and self._constant is not None:
            kind, value = xlrd.XL_CELL_TEXT, self._constant  # LibreOffice may keep a 0 as result
        if kind in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK} or (value == "" and formula is None):
            return
        cell = RawCell(*self._content(kind, value, style), formula)
        if at in self.kept or not (row < self.utter_max_rows and column < self.utter_max_cols):
            raise misplaced(f"{self.name}!{xlrd.cellname(row, column)}")
        self.book.budget.spend(len(cell.text), cells=1)
        self.kept[at] = cell

    def _content(
        self, kind: int | None, value: float | str, style: int | None
    ) -> tuple[CellKind, str]:
        if kind is None:
            return self._number_kind(style), _number(float(value))
        if kind == xlrd.XL_CELL_ERROR:
            return CellKind.ERROR, str(xlrd.error_text_from_code.get(value, f"#{value}"))
        if kind == xlrd.XL_CELL_BOOLEAN:
            return CellKind.BOOLEAN, str(int(value != 0))
        return (CellKind.TEXT if value else CellKind.BLANK), str(value)

    def _number_kind(self, style: int | None) -> CellKind:
        styles = self.book.xf_list
        if style is None or not 0 <= style < len(styles):
            return CellKind.NUMBER
        key = styles[style].format_key
        listed = self.book.format_map.get(key)
        kind = kind_of_format(str(key), listed.format_str if listed else None)
        return kind.since_1904 if self.book.datemode else kind


def _only_text(record: bytes) -> str | None:
    """Give the text that a formula of BIFF 8 is, None if it is anything else."""
    size = int.from_bytes(record[_TOKENS - 2 : _TOKENS], "little")
    tokens = record[_TOKENS : _TOKENS + size]
    is_text = tokens[:1] == _TEXT and len(tokens) > 2  # noqa: PLR2004 - its length, its encoding
    is_only = is_text and len(tokens) == 3 + tokens[1] * (1 + tokens[2] % 2)
    return _wide_text(tokens) if is_only else None


def _wide_text(tokens: bytes) -> str:
    """Give the text of the token that a formula of BIFF 8 begins with."""
    return tokens[3:].decode("utf-16-le" if tokens[2] & 1 else "latin-1", "replace")


def _number(value: float) -> str:
    """Write a double so that it reads back the same, whole numbers without `.0`."""
    return repr(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _workbook(book: _Book, data: bytes) -> Workbook:
    """Put together what was read."""
    sheets = tuple(_sheet(sheet) for sheet in book.sheets())
    if not sheets:
        raise damaged("BIFF", "no sheet")
    names = {name.name: text for name in book.name_obj_list if (text := _constant(book, name))}
    properties, client = _properties(data)
    return Workbook(sheets, names, properties, client)


def _sheet(sheet: _Sheet) -> Sheet:
    state = _STATES[min(sheet.visibility, 2)]
    validated = sheet.validated if sheet.biff_version >= _UNICODE else None
    return Sheet(sheet.name, state, sheet.kept, sheet.protected, validated)


def _constant(book: _Book, name: xlrd.book.Name) -> str:
    """Give the text that a global name stands for, "" if it is another name."""
    formula: bytes = name.raw_formula[: name.basic_formula_len]
    unicode = book.biff_version >= _UNICODE
    if (name.excel_sheet_index if unicode else name.extn_sheet_num) or formula[:1] != _TEXT:
        return ""
    if not unicode:
        return formula[2:].decode(str(book.encoding))
    return _wide_text(formula)


def _properties(data: bytes) -> tuple[dict[str, str], str]:
    """Read the custom properties and the name of the program that saved the file."""
    if not data.startswith(xlrd.compdoc.SIGNATURE):
        return {}, ""
    container = xlrd.compdoc.CompDoc(data, logfile=sys.stdout)
    summary, custom = (
        container.get_named_stream(f"\x05{name}") or b""
        for name in ("SummaryInformation", "DocumentSummaryInformation")
    )
    return custom_properties(custom), application(summary)
