"""The cells of one worksheet part, and the shared strings that they point to.

One pass of expat over each part. Texts are collected only inside `v`, `f` and `t`, so that the
styled but empty cells, most of many a workbook, cost next to nothing.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.cells import Box
from sheetflow.workbooks.limits import damaged, excessive
from sheetflow.workbooks.package import LocalNames
from sheetflow.workbooks.workbook import CellKind, RawCell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from xml.parsers.expat import XMLParserType

    from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile
    from sheetflow.workbooks.package import Package

_ROWS = 1_048_576
_COLUMNS = 16_384
_DIGITS = 7
_ROW, _CELL, _CONTENT = 3, 4, 5  # elements that are open
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


_KINDS = {
    "n": CellKind.NUMBER,
    "s": CellKind.TEXT,
    "str": CellKind.TEXT,
    "inlineStr": CellKind.TEXT,
    "d": CellKind.TEXT,  # an ISO 8601 date, which only Strict writers use
    "b": CellKind.BOOLEAN,
    "e": CellKind.ERROR,
}


def shared_strings(package: Package, part: str, budget: Budget) -> list[str]:
    """Read the texts that cells name by their number; none if the part is absent."""
    strings: list[str] = []

    def done(text: str) -> None:
        strings.append(text)
        budget.spend(len(text))
        if len(strings) > package.caps.strings:
            raise excessive(package.caps, "strings")

    if part in package:
        package.parse(part, lambda parser: _collect_texts(parser, package.caps, done))
    return strings


def _collect_texts(
    parser: XMLParserType, caps: Caps, done: Callable[[str], None], depth: int = 0
) -> None:
    """Hand each string item to `done`, its runs joined and its phonetic hints left out.

    Depths: 1 sst, 2 si (or the `is` of a cell), 3 t, r or rPh, 4 the t of a run.
    """
    names = LocalNames()
    pieces: list[str] = []
    runs: list[str] = []
    within = ""
    taking = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal depth, within, taking
        depth += 1
        tag = names[name]
        if depth == 3:  # noqa: PLR2004
            within = tag
        elif depth > caps.depth:
            raise excessive(caps, "depth")
        if tag == "t" and (depth, within) in {(3, "t"), (4, "r")}:
            taking = True
            pieces.clear()

    def end(_: str) -> None:
        nonlocal depth, taking
        if taking:
            runs.append(decode("".join(pieces)))
            taking = False
        depth -= 1
        if depth == 1:
            text = "".join(runs)
            runs.clear()
            done(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append


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
        self._address = ""  # of the last cell in the row, "" if there is none yet
        self._cell: dict[str, str] | None = None  # the attributes of the cell that is open
        self._tag = ""  # v or f while that is open
        self._pieces: list[str] = []  # the texts since the last v or f began
        self._value = ""
        self._formula: str | None = None

    def attach(self, parser: XMLParserType) -> None:
        """Listen to a parser."""
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth == _CELL:
            if self._in_data and self._names[name] == "c":
                self._address = attributes.get("r") or self._next_address()
                self._cell = attributes
        elif depth == _CONTENT:
            if self._cell is not None:
                self._content(self._names[name], self._cell)
        elif depth < _CELL:
            self._frame(depth, self._names[name], attributes)
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
                self._keep(self._cell.get("t", "n"), self._cell.get("s", ""))
            self._cell = None

    def _frame(self, depth: int, tag: str, attributes: dict[str, str]) -> None:
        if depth == _ROW:
            if tag == "row" and self._in_data:
                self._row = _number(attributes["r"]) - 1 if "r" in attributes else self._row + 1
                self._address = ""
        elif depth > 1:
            self._in_data = tag == "sheetData"
            self.protected |= tag == "sheetProtection"
            self.validated |= tag == "dataValidations"
        elif tag != "worksheet":
            raise damaged(self._part, "root")

    def _next_address(self) -> str:
        previous = parse_address(self._address) if self._address else (self._row, -1)
        if self._address and -1 in previous:
            raise self._damaged("address")
        return Box(self._row, previous[1] + 1).address

    def _content(self, tag: str, cell: dict[str, str]) -> None:
        if tag == "f" or (tag == "v" and cell.get("t") != "inlineStr"):
            if self._value if tag == "v" else self._formula:
                raise self._damaged("duplicate")
            self._tag = tag
            self._pieces.clear()
        elif tag == "is" and cell.get("t") == "inlineStr":
            _collect_texts(self._parser, self._budget.caps, self._inline_ends, depth=2)

    def _inline_ends(self, text: str) -> None:
        if self._value:
            raise self._damaged("duplicate")
        self._value = text
        self._depth -= 1
        self.attach(self._parser)

    def _keep(self, cell_type: str, style: str) -> None:
        kind, text, formula = _KINDS.get(cell_type), self._value, self._formula
        if kind is None:
            raise self._damaged(f"type {cell_type}")
        self._value, self._formula = "", None
        self._budget.spend(len(text) + len(formula or ""), cells=1)
        if kind is CellKind.TEXT:
            text = self._text(cell_type, text)
        elif kind is CellKind.NUMBER and style in self._kinds:
            kind = self._kinds[style]
        if text or formula is not None:
            at = parse_address(self._address)
            if at in self.cells or -1 in at:
                raise self._damaged("address")
            content = (kind if text else CellKind.BLANK, text, formula)
            self.cells[at] = tuple.__new__(RawCell, content)  # half the time of RawCell(...)

    def _text(self, cell_type: str, text: str) -> str:
        if cell_type != "s" or not text:
            return decode(text) if cell_type == "str" else text
        number = _number(text)
        if not 0 <= number < len(self._strings):
            raise self._damaged("shared string")
        return self._strings[number]

    def _damaged(self, detail: str) -> UnreadableFile:
        return damaged(f"{self._sheet}!{self._address}", detail)


def decode(text: str) -> str:
    """Resolve `_xHHHH_`, which stands for a UTF-16 unit (ECMA-376 part 1, ST_Xstring)."""
    if "_x" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def parse_address(address: str) -> tuple[int, int]:
    """Read an A1 address as row and column from 0; -1 for what is none or past XFD1048576."""
    letters = address.rstrip(string.digits)
    row = _number(address[len(letters) :]) - 1
    column = _column(letters) if len(letters) <= len("XFD") else -1
    return (row if 0 <= row < _ROWS else -1), column


def _number(digits: str) -> int:
    """Read a row or an index; -1 if it is none (`int` alone takes １２, 1_2 and -1)."""
    plain = len(digits) <= _DIGITS and digits.isascii() and digits.isdigit()
    return int(digits) if plain else -1


@lru_cache(maxsize=_COLUMNS)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        if letter not in string.ascii_letters:
            return -1
        number = number * 26 + ord(letter.upper()) - ord("@")
    return number - 1 if number <= _COLUMNS else -1
