"""Tells from a workbook's styles which cells show their number as a date or a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheetflow.workbooks.package import Package

_BUILT_IN = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
"""Built-in formats of dates and times, the Chinese ones included (ECMA-376 part 1, 18.8.30)."""
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE = re.compile("[ymdhs]", re.IGNORECASE)


def date_styles(package: Package, part: str) -> frozenset[str]:
    """Give the style numbers, as cells name them, whose number format is a date or a time."""
    if part not in package:
        return frozenset()
    codes: dict[str, str] = {}
    formats: list[str] = []
    styles: list[str] = []

    def visit(depth: int, tag: str, attributes: dict[str, str], _: str) -> None:
        nonlocal styles
        if depth == 3 and tag == "numFmt":  # noqa: PLR2004
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif depth == 3 and tag == "xf":  # noqa: PLR2004
            formats.append(attributes.get("numFmtId", ""))
        elif tag == "cellXfs":
            styles = formats.copy()
        elif tag == "cellStyleXfs":
            formats.clear()

    package.walk(part, "styleSheet", visit)
    return frozenset(
        str(number) for number, identity in enumerate(styles) if _is_date(identity, codes)
    )


def _is_date(identity: str, codes: dict[str, str]) -> bool:
    if identity not in codes:
        return identity in _BUILT_IN
    code = codes[identity]
    return code.casefold() != "general" and bool(_DATE.search(_LITERAL.sub("", code)))
