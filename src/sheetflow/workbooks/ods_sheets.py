"""The sheets of an OpenDocument spreadsheet: one pass of expat over its content.xml.

Each open element has a state, and what may follow in a state is a table; everything else (shapes,
notes, tracked changes) is passed over with all that it holds. Names count without their prefix.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import address
from sheetflow.workbooks.limits import damaged, excessive, misplaced
from sheetflow.workbooks.ods_cells import Paragraphs, cell_of, plain_names
from sheetflow.workbooks.ods_formulas import excel_formula, excel_reference
from sheetflow.workbooks.package import LocalNames
from sheetflow.workbooks.workbook import COLUMNS, ROWS, RawCell, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from xml.parsers.expat import XMLParserType

    from sheetflow.workbooks.limits import Budget, UnreadableFile

CONTENT = "content.xml"

_DIGITS = 9
_PASSED, _TEXT = "passed", "text"
_BLOCKS = {
    **dict.fromkeys(("p", "h"), _TEXT),
    **dict.fromkeys(("list", "list-item", "list-header", "section"), "block"),
}
_LINES = {
    "table-row": "row",
    **dict.fromkeys(("table-rows", "table-header-rows", "table-row-group"), "rows"),
}
_NEXT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "": {"document-content": "document"},
        "document": {"automatic-styles": "styles", "body": "body"},
        "styles": {"style": "style"},
        "style": {"table-properties": "look"},
        "body": {"spreadsheet": "book"},
        "book": {"table": "table", "named-expressions": "names"},
        "names": {"named-expression": "name", "named-range": "name"},
        "table": _LINES,
        "rows": _LINES,
        "row": {"table-cell": "cell", "covered-table-cell": "cell"},
        "cell": {**_BLOCKS, "table": "subtable"},
        "block": _BLOCKS,
    }
)
_NOT_SHOWN = frozenset(
    ("annotation", "note", "ruby-text", "p", "h", "list", "title", "desc", "binary-data")
)
"""What stands within a paragraph, or within a shape there, and is no text of its cell."""


class _Run(NamedTuple):
    """A cell that stands `columns` times from `column` on."""

    column: int
    columns: int
    cell: RawCell


class ContentReader:
    """Collects sheets and names; expat calls `_start` and `_end` for each element."""

    def __init__(self, budget: Budget) -> None:
        self.names: dict[str, str] = {}
        self._budget = budget
        self._local = LocalNames()
        self._states: list[str] = []
        self._state = ""
        self._style = ""
        self._hidden: set[str] = set()  # the styles of hidden sheets
        self._sheets: dict[str, tuple[Sheet, str]] = {}  # with the name of their style
        self._cells: dict[tuple[int, int], RawCell] = {}
        self._table: dict[str, str] = {}
        self._validated = False
        self._row = self._rows = self._column = 0
        self._runs: list[_Run] = []
        self._cell: dict[str, str] = {}
        self._paragraphs = Paragraphs(budget.caps)
        self._enter: Mapping[str, Callable[[dict[str, str]], None]] = {
            "style": self._enter_style,
            "look": self._enter_look,
            "name": self._enter_name,
            "table": self._enter_table,
            "row": self._enter_row,
            "cell": self._enter_cell,
            "subtable": self._enter_subtable,
        }
        self._leave: Mapping[str, Callable[[], None]] = {
            "table": self._leave_table,
            "row": self._leave_row,
            "cell": self._leave_cell,
        }

    def attach(self, parser: XMLParserType) -> None:
        """Listen to a parser."""
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def sheets(self) -> tuple[Sheet, ...]:
        """Give the sheets once all has been read."""
        if not self._sheets:
            raise damaged(CONTENT, "no sheet")
        return tuple(
            Sheet(sheet.name, "hidden", sheet.cells, sheet.protected, sheet.validated)
            if style in self._hidden
            else sheet
            for sheet, style in self._sheets.values()
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        before, tag = self._state, self._local[name]
        self._states.append(before)
        if before == _TEXT:
            state = self._enter_inline(tag, attributes)
        else:
            state = _NEXT.get(before, {}).get(tag, _PASSED)
            if state == _TEXT:
                self._parser.CharacterDataHandler = self._paragraphs.add
            elif state in self._enter:
                self._enter[state](attributes)
        self._state = state
        if len(self._states) > self._budget.caps.depth:
            raise excessive(self._budget.caps, "depth")
        if len(self._states) == 1 and state == _PASSED:
            raise damaged(CONTENT, "root")

    def _end(self, _: str) -> None:
        state, self._state = self._state, self._states.pop()
        if state == _TEXT:
            if self._state != _TEXT:
                self._paragraphs.end()
                self._parser.CharacterDataHandler = None
        elif self._state == _TEXT:
            self._parser.CharacterDataHandler = self._paragraphs.add
        elif state in self._leave:
            self._leave[state]()

    def _enter_inline(self, tag: str, attributes: dict[str, str]) -> str:
        if tag in _NOT_SHOWN:
            self._parser.CharacterDataHandler = None
            return _PASSED
        if tag in Paragraphs.MARKS:
            count = plain_names(attributes, self._local).get("c", "1")
            self._paragraphs.mark(tag, self._count(count))
        return _TEXT

    def _enter_style(self, attributes: dict[str, str]) -> None:
        named = plain_names(attributes, self._local)
        self._style = named.get("name", "") if named.get("family") == "table" else ""

    def _enter_look(self, attributes: dict[str, str]) -> None:
        if plain_names(attributes, self._local).get("display") == "false":
            self._budget.spend(len(self._style), cells=1)
            self._hidden.add(self._style)

    def _enter_name(self, attributes: dict[str, str]) -> None:
        named = plain_names(attributes, self._local)
        area = named.get("cell-range-address", "")
        text = excel_reference(area) or area or excel_formula(named.get("expression", ""))
        name = named.get("name", "")
        self._budget.spend(len(name) + len(text), cells=1)
        self.names[name] = text

    def _enter_table(self, attributes: dict[str, str]) -> None:
        self._table = plain_names(attributes, self._local)
        name = self._table.get("name", "")
        if not name or name.casefold() in self._sheets:
            raise damaged(f"{CONTENT} {name}", "sheet name")
        if len(self._sheets) >= self._budget.caps.sheets:
            raise excessive(self._budget.caps, "sheets")
        self._cells, self._validated, self._row = {}, False, 0

    def _leave_table(self) -> None:
        name = self._table["name"]
        protected = self._table.get("protected") == "true"
        sheet = Sheet(name, "visible", self._cells, protected, self._validated)
        self._sheets[name.casefold()] = sheet, self._table.get("style-name", "")

    def _enter_row(self, attributes: dict[str, str]) -> None:
        repeated = plain_names(attributes, self._local).get("number-rows-repeated", "1")
        self._rows, self._column = self._count(repeated), 0
        self._runs.clear()

    def _leave_row(self) -> None:
        """Put the row's cells down as often as it stands, once the budget allows all of them."""
        rows = range(self._row, self._row + self._rows)
        self._row = rows.stop
        if not self._runs:
            return
        if rows.stop > ROWS:
            raise misplaced(self._place())
        for _, columns, cell in self._runs:
            self._spend(cell, columns * (len(rows) - 1))
        for column, columns, cell in self._runs:
            for row in rows:
                for at in range(column, column + columns):
                    self._cells[row, at] = cell

    def _enter_cell(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        self._paragraphs.clear()

    def _leave_cell(self) -> None:
        if not self._cell and not self._paragraphs.lines:
            self._column += 1
            return
        named = plain_names(self._cell, self._local)
        columns = self._count(named.get("number-columns-repeated", "1"))
        self._validated |= "content-validation-name" in named
        cell = cell_of(named, self._paragraphs.lines)
        if cell:
            if self._column + columns > COLUMNS:
                raise misplaced(self._place())
            self._spend(cell, columns)
            self._runs.append(_Run(self._column, columns, cell))
        self._column += columns

    def _enter_subtable(self, _: dict[str, str]) -> None:
        raise self._damaged("table within a cell")

    def _spend(self, cell: RawCell, times: int) -> None:
        self._budget.spend(times * (len(cell.text) + len(cell.formula or "")), cells=times)

    def _count(self, digits: str) -> int:
        """Read how often something stands: a whole number from 1, of nine digits at most."""
        if digits == "1":
            return 1
        plain = len(digits) <= _DIGITS and digits.isascii() and digits.isdigit()
        if not plain or int(digits) == 0:
            raise self._damaged(f"repeated {digits}")
        return int(digits)

    def _damaged(self, detail: str) -> UnreadableFile:
        return damaged(self._place(), detail)

    def _place(self) -> str:
        place = address(self._row, min(self._column, COLUMNS))
        return f"{self._table.get('name', CONTENT)}!{place}"
