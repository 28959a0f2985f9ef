"""Tells from number formats which cells show their number as a date, a time or a percentage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetflow.workbooks.limits import excessive
from sheetflow.workbooks.workbook import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.workbooks.package import Package

_BUILT_IN = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
"""Built-in formats of dates and times, the Chinese ones included (ECMA-376 part 1, 18.8.30)."""
_PERCENT = frozenset({"9", "10"})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\[\]]*\]', re.IGNORECASE)
_DATE = re.compile("[ymdhs]", re.IGNORECASE)
_ONE = 3  # the depth of one format
_ID_LENGTH = 20
_CODE_LENGTH = 255


def number_kinds(package: Package, part: str) -> Mapping[str, CellKind]:
    """Give the style numbers, as cells name them, under which a number is more than a number."""
    if part not in package:
        return {}
    kinds: dict[str, CellKind] = {}
    formats: list[str] = []
    styles: list[str] = []

    def visit(depth: int, tag: str, attributes: dict[str, str], _: str) -> None:
        nonlocal formats, styles
        if depth == _ONE:
            identity = attributes.get("numFmtId", "")[:_ID_LENGTH]
            if tag == "numFmt":
                kinds[identity] = kind_of_format(identity, attributes.get("formatCode", ""))
            elif tag == "xf":
                formats.append(identity)
            if max(len(kinds), len(formats)) > package.caps.styles:
                raise excessive(package.caps, "styles")
        elif tag == "cellXfs":
            styles, formats = formats, []
        elif tag == "cellStyleXfs":
            formats = []

    package.walk(part, "styleSheet", visit)
    shown = (kinds.get(identity) or kind_of_format(identity, None) for identity in styles)
    special = ((number, kind) for number, kind in enumerate(shown) if kind is not CellKind.NUMBER)
    return {str(number): kind for number, kind in special}


def kind_of_format(identity: str, code: str | None) -> CellKind:
    """Say what a number shows as under a format: its own code, or the built-in one of that id."""
    if code is None:
        if identity in _PERCENT:
            return CellKind.PERCENT
        return CellKind.DATE if identity in _BUILT_IN else CellKind.NUMBER
    shown = _LITERAL.sub("", code[:_CODE_LENGTH])
    if code.casefold() != "general" and _DATE.search(shown):
        return CellKind.DATE
    return CellKind.PERCENT if "%" in shown else CellKind.NUMBER
