"""The cells of one worksheet part.

One pass of expat over the part. Texts are collected only inside `v`, `f` and `t`, so that the
styled but empty cells, most of many a workbook, cost next to nothing.
"""

from __future__ import annotations

import string
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.workbooks.limits import damaged, excessive, misplaced
from sheetflow.workbooks.package import LocalNames
from sheetflow.workbooks.strings import TextItems, decode
from sheetflow.workbooks.workbook import COLUMNS, ROWS, CellKind, RawCell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.parsers.expat import XMLParserType

    from sheetflow.workbooks.limits import Budget, UnreadableFile
    from sheetflow.workbooks.xml_parsing import Pause

_DIGITS = 7
_ROW, _CELL, _CONTENT = 3, 4, 5  # elements that are open

KINDS = {
    "n": CellKind.NUMBER,
    "s": CellKind.TEXT,
    "str": CellKind.TEXT,
    "inlineStr": CellKind.TEXT,
    "d": CellKind.TEXT,  # an ISO 8601 date, which only Strict writers use
    "b": CellKind.BOOLEAN,
    "e": CellKind.ERROR,
}
"""What a cell of each type holds."""


class SheetReader:
    """The cells of a worksheet; expat calls `_start` and `_end` for each element.

    Depths: 1 worksheet, 2 sheetData, 3 row, 4 c, 5 v, f or is.
    """

    def __init__(
        self,
        sheet: str,
        part: str,
        strings: Sequence[str],
        budget: Budget,
        *,
        kinds: Mapping[str, CellKind] | None = None,
    ) -> None:
        self.cells: dict[tuple[int, int], RawCell] = {}
        self.protected = False
        self.validated = False
        self._sheet = sheet
        self._part = part
        self._strings = strings
        self._budget = budget
        self._kinds = kinds or {}
        self._names = LocalNames()
        self._depth = 0
        self._in_data = False
        self._row = -1
        self._address = ""  # of the last cell in the row that says where it is, "" if none does
        self._followed = ""  # the last such address behind which there is a cell without one
        self._further = 0  # how many cells behind
        self._cell: dict[str, str] | None = None  # the attributes of the cell that is open
        self._tag = ""  # v or f while that is open
        self._pieces: list[str] = []  # the texts since the last v or f began
        self._value = ""
        self._formula: str | None = None
        self._items = TextItems(budget.caps, self._inline_ends)
        self._inline: Pause | None = None  # of the items while an `is` is open

    def attach(self, parser: XMLParserType) -> Pause:
        """Listen to a parser."""
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append
        return self._pause

    def _pause(self) -> None:
        if self._inline:
            self._inline()
        elif not self._tag:
            self._pieces.clear()
        if sum(map(len, self._pieces)) > self._budget.caps.one_text:
            raise excessive(self._budget.caps, "one_text")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth == _CELL:
            if self._in_data and self._names[name] == "c":
                self._cell = attributes
                address = attributes.get("r")
                if address:
                    self._address = address
                else:
                    self._follow()
        elif depth == _CONTENT:
            if self._cell is not None:
                self._content(self._names[name], self._cell)
        elif depth < _CELL:
            self._around_cells(depth, self._names[name], attributes)
        elif self._tag:
            raise self._damaged("content")
        elif depth > self._budget.caps.depth:
            raise excessive(self._budget.caps, "depth")

    def _end(self, _: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if self._cell is None:
            return
        if depth == _CONTENT:
            if self._tag == "v":
                self._value = "".join(self._pieces)
            elif self._tag:
                self._formula = "".join(self._pieces)
            self._tag = ""
        elif depth == _CELL:
            if self._value or self._formula is not None:
                self._keep(self._cell)
            self._cell = None

    def _around_cells(self, depth: int, tag: str, attributes: dict[str, str]) -> None:
        if depth == _ROW:
            if tag == "row" and self._in_data:
                self._row = (
                    parse_number(attributes["r"]) - 1 if "r" in attributes else self._row + 1
                )
                self._address, self._further = "", 0
        elif depth > 1:
            self._in_data = tag == "sheetData"
            self.protected |= tag == "sheetProtection"
            self.validated |= tag == "dataValidations"
        elif tag != "worksheet":
            raise damaged(self._part, "root")

    def _follow(self) -> None:
        if self._followed is not self._address:
            self._followed, self._further = self._address, 0
        self._further += 1

    def _follows(self) -> bool:
        return not (self._cell and self._cell.get("r"))

    def _behind(self) -> tuple[int, int]:
        """Say where a cell without an address is: behind the one before it."""
        row, column = parse_address(self._address) if self._address else (self._row, -1)
        if self._address and -1 in (row, column):
            raise misplaced(self._name())
        column += self._further
        inside = 0 <= self._row < ROWS and column < COLUMNS
        return (self._row, column) if inside else (-1, -1)

    def _name(self) -> str:
        """Name the cell for a message."""
        further = f"+{self._further}" if self._follows() else ""
        return f"{self._sheet}!{self._address}{further}"

    def _content(self, tag: str, cell: dict[str, str]) -> None:
        if tag == "f" or (tag == "v" and cell.get("t") != "inlineStr"):
            if self._value if tag == "v" else self._formula:
                raise self._damaged("duplicate")
            self._tag = tag
            self._pieces.clear()
        elif tag == "is" and cell.get("t") == "inlineStr":
            self._inline = self._items.attach(self._parser, depth=2)

    def _inline_ends(self, text: str) -> None:
        if self._value:
            raise self._damaged("duplicate")
        self._value = text
        self._depth -= 1
        self._inline = None
        self.attach(self._parser)

    def _keep(self, cell: dict[str, str]) -> None:
        cell_type, address = cell.get("t", "n"), cell.get("r")
        kind, text, formula = KINDS.get(cell_type), self._value, self._formula
        if kind is None:
            raise self._damaged(f"type {cell_type}")
        self._value, self._formula = "", None
        self._budget.spend(len(text) + len(formula or ""), cells=1)
        if kind is CellKind.TEXT:
            text = self._text(cell_type, text)
        elif kind is CellKind.NUMBER:
            kind = self._kinds.get(cell.get("s", ""), kind)
        if text or formula is not None:
            at = parse_address(address) if address else self._behind()
            if at in self.cells or -1 in at:
                raise misplaced(self._name())
            content = (kind if text else CellKind.BLANK, text, formula)
            self.cells[at] = tuple.__new__(RawCell, content)  # half the time of RawCell(...)

    def _text(self, cell_type: str, text: str) -> str:
        if cell_type != "s" or not text:
            return decode(text) if cell_type == "str" else text
        number = parse_number(text)
        if not 0 <= number < len(self._strings):
            raise self._damaged("shared string")
        return self._strings[number]

    def _damaged(self, detail: str) -> UnreadableFile:
        return damaged(self._name(), detail)


def parse_address(address: str) -> tuple[int, int]:
    """Read an A1 address as row and column from 0; -1 for what is none or past XFD1048576."""
    letters = address.rstrip(string.digits)
    digits = address[len(letters) :]
    row = int(digits) - 1 if 0 < len(digits) <= _DIGITS else -1
    column = _column(letters) if len(letters) <= len("XFD") else -1
    return (row if 0 <= row < ROWS else -1), column


def parse_number(digits: str) -> int:
    """Read a row or an index; -1 if it is none (`int` alone takes １２, 1_2 and -1)."""
    plain = len(digits) <= _DIGITS and digits.isascii() and digits.isdigit()
    return int(digits) if plain else -1


@lru_cache(maxsize=COLUMNS)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        if letter not in string.ascii_letters:
            return -1
        number = number * 26 + ord(letter.upper()) - ord("@")
    return number - 1 if number <= COLUMNS else -1
