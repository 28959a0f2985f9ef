"""One cell of an OpenDocument sheet: its paragraphs and what its attributes say of its value."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from sheetflow.workbooks.limits import excessive
from sheetflow.workbooks.ods_formulas import excel_formula
from sheetflow.workbooks.workbook import CellKind, RawCell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheetflow.workbooks.limits import Caps
    from sheetflow.workbooks.package import LocalNames

_VALUES: Mapping[str, tuple[CellKind, str]] = MappingProxyType(
    {
        "float": (CellKind.NUMBER, "value"),
        "currency": (CellKind.NUMBER, "value"),
        "percentage": (CellKind.PERCENT, "value"),
        "date": (CellKind.DATE, "date-value"),
        "time": (CellKind.DATE, "time-value"),
        "boolean": (CellKind.BOOLEAN, "boolean-value"),
    }
)
"""The kind of a value type, and the attribute that holds its value."""
_BOOLEANS = {"true": "1", "false": "0"}
_ERROR = re.compile(
    r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!)|(?:Err|错误):\d{3}", re.ASCII
)
_SHOWN_DATE = re.compile(
    r"\d+[-/]\d+[-/]\d+|\d:\d\d|\d年\d+月|\d月\d+日|\d时\d+分|\d-[A-Za-z]{3}\b|[A-Za-z]{3}-\d",
    re.ASCII,
)
_SPACE = re.compile("[ \t\r\n]+")
_MARKS = str.maketrans({"\x01": " ", "\x02": "\t", "\x03": "\n"})


class Paragraphs:
    """The paragraphs of the cell that is open; white space counts as in HTML."""

    MARKS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"s": "\x01", "tab": "\x02", "line-break": "\x03"}
    )
    """Elements that stand for white space, as characters that no XML can hold."""

    def __init__(self, caps: Caps) -> None:
        self.lines: list[str] = []
        self._caps = caps
        self._pieces: list[str] = []
        self._size = 0

    def clear(self) -> None:
        """Forget the paragraphs of the cell before."""
        self.lines.clear()
        self._size = 0

    def add(self, text: str) -> None:
        """Take a piece of text."""
        self._grow(len(text))
        self._pieces.append(text)

    def mark(self, tag: str, count: int) -> None:
        """Take white space that an element stands for."""
        self._grow(count)
        self._pieces.append(self.MARKS[tag] * count)

    def end(self) -> None:
        """End a paragraph."""
        self._grow(1)
        text = "".join(self._pieces)
        self._pieces.clear()
        self.lines.append(_SPACE.sub(" ", text).lstrip(" ").translate(_MARKS))

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > self._caps.one_text:
            raise excessive(self._caps, "one_text")


def plain_names(attributes: dict[str, str], local: LocalNames) -> dict[str, str]:
    """Give attributes by local name; of a value type's two, the one that says error."""
    if not attributes:
        return attributes
    named = {local[name]: value for name, value in attributes.items()}
    if "value-type" in named and "error" in attributes.values():
        types = (value for name, value in attributes.items() if local[name] == "value-type")
        named["value-type"] = "error" if "error" in types else named["value-type"]
    return named


def cell_of(attributes: Mapping[str, str], lines: Sequence[str]) -> RawCell | None:
    """Give the cell; None if it holds nothing."""
    written = attributes.get("formula")
    formula = None if written is None else excel_formula(written)
    shown = "\n".join(lines)
    kind, text = _value(attributes, shown, by_formula=formula is not None)
    if not text and formula is None:
        return None
    return RawCell(kind if text else CellKind.BLANK, text, formula)


def _value(attributes: Mapping[str, str], shown: str, *, by_formula: bool) -> tuple[CellKind, str]:
    """Give kind and text. A number whose value is not written is the text that shows it.

    OpenOffice and older LibreOffice write a formula's error as a 0 that shows as the error.
    """
    value_type = attributes.get("value-type", "")
    kind, attribute = _VALUES.get(value_type, (CellKind.TEXT, "string-value"))
    text = attributes.get(attribute, "")
    as_text = shown or attributes.get("string-value", "")
    if value_type == "error" or (by_formula and _ERROR.fullmatch(as_text)):
        return CellKind.ERROR, as_text
    if kind is CellKind.TEXT or not text:
        return CellKind.TEXT, as_text
    if kind is CellKind.NUMBER and shown != text:
        return _as_shown(shown), text
    return kind, _BOOLEANS.get(text, text)


def _as_shown(shown: str) -> CellKind:
    """Tell a plain number from a date or a percentage: SheetJS gives all of them out as floats."""
    if shown.endswith("%"):
        return CellKind.PERCENT
    return CellKind.DATE if _SHOWN_DATE.search(shown) else CellKind.NUMBER
