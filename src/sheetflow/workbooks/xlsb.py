"""Read binary workbooks (.xlsb): the package of an .xlsx, with parts of records instead of XML.

Of formulas only the result is read, and that there is one: their text is stored as compiled.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks import xlsb_records as record
from sheetflow.workbooks.limits import Budget, Caps, damaged, excessive
from sheetflow.workbooks.number_formats import kind_of_format
from sheetflow.workbooks.ooxml_properties import client, custom_properties, target
from sheetflow.workbooks.package import Package
from sheetflow.workbooks.workbook import Sheet, Workbook
from sheetflow.workbooks.xlsb_records import XlsbRecords, wide_text
from sheetflow.workbooks.xlsb_sheet import XlsbSheetReader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetflow.workbooks.workbook import CellKind

_CAPS = Caps()
_STATES = ("visible", "hidden", "veryHidden")
_STATE = struct.Struct("<I4x")
_NAME_HEAD = struct.Struct("<5xI")  # flags and a key; the sheet
_GLOBAL = 0xFFFFFFFF
_SINCE_1904 = 1
_FORMULA_SIZE = struct.Struct("<I")
_TEXT_TOKEN = struct.Struct("<BH")  # of a constant, and its length
_TEXT = 0x17
_FORMAT = struct.Struct("<H")


class _Listed(NamedTuple):
    """A sheet as the workbook part lists it."""

    name: str
    state: str
    relation: str


def read_xlsb(data: bytes, caps: Caps = _CAPS) -> Workbook:
    """Read the bytes of a workbook; `UnreadableFile`, and nothing else, if they can't be."""
    package = Package(data, caps)
    reader, budget = XlsbRecords(package), Budget(caps)
    main = target(package.related(""), "officedocument")
    if not main:
        raise damaged("_rels/.rels", "officeDocument")
    relations = package.related(main)
    contents = _Contents(main, budget)
    reader.read(main, contents.take)
    strings = _Strings(budget)
    if (part := target(relations, "sharedstrings")) in package:
        reader.read(part, strings.take)
    styles = _Styles(caps)
    if (part := target(relations, "styles")) in package:
        reader.read(part, styles.take)
    kinds = styles.kinds()
    if contents.since_1904:
        kinds = [kind.since_1904 for kind in kinds]
    sheets = []
    for name, state, identity in contents.listed():
        relation = relations.get(identity)
        if relation is None:
            raise damaged(name, "relationship")
        sheet = XlsbSheetReader(name, strings.texts, kinds, budget)
        if relation.type == "worksheet":
            reader.read(relation.target, sheet.take)
        sheets.append(Sheet(name, state, sheet.cells, sheet.protected, sheet.validated))
    properties = custom_properties(package, budget)
    return Workbook(tuple(sheets), contents.names, properties, client(package))


class _Contents:
    """The workbook part: its sheets in order, how days count, and names that stand for a text."""

    def __init__(self, main: str, budget: Budget) -> None:
        self.names: dict[str, str] = {}
        self.since_1904 = False
        """Whether days are counted from 1904."""
        self._main = main
        self._budget = budget
        self._sheets: dict[str, _Listed] = {}

    def take(self, number: int, contents: bytes) -> None:
        """Take a record."""
        if number == record.SHEET:
            self._take_sheet(contents)
        elif number == record.WORKBOOK_PROPERTIES:
            self.since_1904 = bool(contents[0] & _SINCE_1904)
        elif number == record.NAME:
            name, text = _name(contents)
            if text:
                self._budget.spend(len(name) + len(text), cells=1)
                self.names[name] = text

    def listed(self) -> Iterable[_Listed]:
        """Give the sheets."""
        if not self._sheets:
            raise damaged(self._main, "no sheet")
        return self._sheets.values()

    def _take_sheet(self, contents: bytes) -> None:
        (state,) = _STATE.unpack_from(contents)
        relation, end = wide_text(contents, _STATE.size)
        name, _ = wide_text(contents, end)
        if not name or name.casefold() in self._sheets:
            raise damaged(f"{self._main} {name}", "sheet name")
        if len(self._sheets) >= self._budget.caps.sheets:
            raise excessive(self._budget.caps, "sheets")
        shown = _STATES[state] if state < len(_STATES) else "visible"
        self._sheets[name.casefold()] = _Listed(name, shown, relation)


class _Strings:
    """The texts that cells name by their number, without their runs and phonetic hints."""

    def __init__(self, budget: Budget) -> None:
        self.texts: list[str] = []
        self._budget = budget

    def take(self, number: int, contents: bytes) -> None:
        """Take a record."""
        if number == record.TABLE_TEXT:
            text, _ = wide_text(contents, 1)
            self._budget.spend(len(text))
            if len(self.texts) >= self._budget.caps.strings:
                raise excessive(self._budget.caps, "strings")
            self.texts.append(text)


class _Styles:
    """The styles of cells, as far as they say what a number shows as."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._kinds: dict[int, CellKind] = {}  # of the formats of its own, by number
        self._formats: list[int] = []
        self._in_cells = False

    def take(self, number: int, contents: bytes) -> None:
        """Take a record."""
        if number == record.NUMBER_FORMAT:
            (identity,) = _FORMAT.unpack_from(contents)
            code, _ = wide_text(contents, _FORMAT.size)
            self._kinds[identity] = kind_of_format(str(identity), code)
        elif number in {record.CELL_FORMATS, record.END_OF_CELL_FORMATS}:
            self._in_cells = number == record.CELL_FORMATS
        elif number == record.CELL_FORMAT and self._in_cells:
            if len(self._formats) >= self._caps.styles:
                raise excessive(self._caps, "styles")
            self._formats.append(_FORMAT.unpack_from(contents, _FORMAT.size)[0])

    def kinds(self) -> list[CellKind]:
        """Give what a number shows as under each style."""
        return [self._kinds.get(f) or kind_of_format(str(f), None) for f in self._formats]


def _name(contents: bytes) -> tuple[str, str]:
    """Read a defined name and its text as a formula writes it; "" if it is local or no text."""
    (sheet,) = _NAME_HEAD.unpack_from(contents)
    name, end = wide_text(contents, _NAME_HEAD.size)
    (size,) = _FORMULA_SIZE.unpack_from(contents, end)
    start = end + _FORMULA_SIZE.size
    if sheet != _GLOBAL or size < _TEXT_TOKEN.size or contents[start] != _TEXT:
        return name, ""
    _, length = _TEXT_TOKEN.unpack_from(contents, start)
    if size != _TEXT_TOKEN.size + 2 * length:
        return name, ""
    text = contents[start + _TEXT_TOKEN.size : start + size].decode("utf-16-le")
    return name, '"' + text.replace('"', '""') + '"'
