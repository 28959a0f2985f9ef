"""What styles say of cells: which show a number as a date or a percentage, which are unlocked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks.limits import excessive
from sheetflow.workbooks.workbook import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.workbooks.package import Package

_BUILT_IN = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
"""Built-in formats of dates and times, the Chinese ones included (ECMA-376 part 1, 18.8.30)."""
_PERCENT = frozenset({"9", "10"})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\[\]]*\]', re.IGNORECASE)
_GENERAL = re.compile("general|standard|g/通用格式", re.IGNORECASE)
_DATE = re.compile("[ymdhs]|aaa|(?<![0#?.])e(?![-+])", re.IGNORECASE)
"""Of years, months, days, hours, seconds, weekdays, years of an era; 0.00E+00 is none."""
_FALSE = ("0", "false")
_ONE = 3  # the depth of one format
_ID_LENGTH = 20
_CODE_LENGTH = 255


class Styles(NamedTuple):
    """What a workbook's styles say; cells name them by their number."""

    kinds: Mapping[str, CellKind]
    """Styles under which a number is more than a number."""
    unlocked: tuple[str, ...]
    """Styles of cells that are open for entry on a locked sheet."""


def read_styles(package: Package, part: str) -> Styles:
    """Read what a workbook's styles say; nothing if it has none."""
    if part not in package:
        return Styles({}, ())
    kinds: dict[str, CellKind] = {}
    formats: list[tuple[str, bool]] = []
    styles: list[tuple[str, bool]] = []
    locked = True

    def visit(depth: int, tag: str, attributes: dict[str, str], _: str) -> None:
        nonlocal formats, styles, locked
        if tag == "protection":
            locked = attributes.get("locked") not in _FALSE
        if depth == _ONE:
            identity = attributes.get("numFmtId", "")[:_ID_LENGTH]
            if tag == "numFmt":
                kinds[identity] = kind_of_format(identity, attributes.get("formatCode", ""))
            elif tag == "xf":
                formats.append((identity, locked))
            if max(len(kinds), len(formats)) > package.caps.styles:
                raise excessive(package.caps, "styles")
            locked = True
        elif tag == "cellXfs":
            styles, formats = formats, []
        elif tag == "cellStyleXfs":
            formats = []

    package.walk(part, "styleSheet", visit)
    shown = (kinds.get(identity) or kind_of_format(identity, None) for identity, _ in styles)
    special = ((number, kind) for number, kind in enumerate(shown) if kind is not CellKind.NUMBER)
    unlocked = (str(number) for number, (_, is_locked) in enumerate(styles) if not is_locked)
    return Styles({str(number): kind for number, kind in special}, tuple(unlocked))


def kind_of_format(identity: str, code: str | None) -> CellKind:
    """Say what a number shows as under a format: its own code, or the built-in one of that id."""
    if code is None:
        if identity in _PERCENT:
            return CellKind.PERCENT
        return CellKind.DATE if identity in _BUILT_IN else CellKind.NUMBER
    shown = _GENERAL.sub("", _LITERAL.sub("", code[:_CODE_LENGTH]))
    if _DATE.search(shown):
        return CellKind.DATE
    return CellKind.PERCENT if "%" in shown else CellKind.NUMBER
