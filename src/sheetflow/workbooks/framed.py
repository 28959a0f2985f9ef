"""Reads sheets that have frames: what most returns are made of, filled in on one template."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks.frames import ABSENT, Family, FramedCells
from sheetflow.workbooks.limits import Budget
from sheetflow.workbooks.number_formats import read_styles
from sheetflow.workbooks.ooxml_properties import target
from sheetflow.workbooks.package import inflated
from sheetflow.workbooks.string_items import string_items
from sheetflow.workbooks.strings import shared_strings
from sheetflow.workbooks.usual import usual_sheet
from sheetflow.workbooks.workbook import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheetflow.workbooks.package import Package, Relationship
    from sheetflow.workbooks.workbook import RawCell, Spot

_LARGEST = 3 << 20
"""Bytes of all sheets and texts together: so few can't reach a cap (no cell takes less than 20)."""
_SMALL, _FEW = 1 << 19, 5_000
"""Bytes of sheets and texts together, and texts, of a workbook that takes a few MB of memory."""
_NO_NUMBER = 2
"""Texts that stand in `_strings` for what names no string."""


def framed_sheets(
    package: Package, relations: Mapping[str, Relationship], listed: Iterable[tuple[str, str, str]]
) -> tuple[list[Sheet], bool] | None:
    """Read sheets (name, state, relation), each of which has a frame; None if one has none.

    Say also whether all are so small that some such workbooks may be held at once.
    """
    family = package.remembered(target(relations, "styles"), _family)
    shared = _strings(package, target(relations, "sharedstrings"))
    if shared is None:
        return None
    strings, size = shared
    sheets = []
    for name, state, identity in listed:
        relation = relations.get(identity)
        if relation is None or relation.type != "worksheet":
            return None
        sheet = _sheet(family, package, relation.target, strings)
        if sheet is None:
            return None
        cells, protected, validated, length = sheet
        size += length
        if size > _LARGEST:
            return None
        sheets.append(Sheet(name, state, cells, protected, validated))
    return sheets, size <= _SMALL and len(strings) <= _FEW


class _Read(NamedTuple):
    """What a sheet holds."""

    cells: Mapping[Spot, RawCell]
    protected: bool
    validated: bool
    size: int
    """Bytes of its XML."""


def _sheet(family: Family, package: Package, part: str, strings: Mapping[str, str]) -> _Read | None:
    """Read a sheet by its frame, or as one that is written in the usual way; None if it is not.

    One that lies in its archive byte for byte as one did lately is not even inflated.
    """
    stored = package.stored(part)
    taken = family.known((part, stored))
    xml = inflated(stored) if stored and taken is None else None
    if taken is None and xml:
        taken = family.take(part, xml)
        if taken:
            family.keep((part, stored), taken)
    if taken and taken.highest < len(strings) - _NO_NUMBER:
        cells = FramedCells(taken.frame, taken.texts, strings)
        return _Read(cells, taken.protected, taken.validated, taken.size)
    found = usual_sheet(xml, strings, family.kinds) if xml else None
    return _Read(*found, len(xml)) if xml and found else None


def _family(package: Package, part: str) -> Family:
    return Family(read_styles(package, part))


def _strings(package: Package, part: str) -> tuple[Mapping[str, str], int] | None:
    """Read the shared strings, by their number as cells write it, and give the bytes of their part.

    None if only the plain reader can read it.
    """
    if part not in package:
        return {"": "", ABSENT: ""}, 0
    xml = package.small(part)
    if xml is None:
        return None
    texts = string_items(xml)
    if texts is None:
        texts = shared_strings(package, part, Budget(package.caps))
    by_number = dict(zip(_numbers(len(texts)), texts, strict=True))
    by_number[""] = by_number[ABSENT] = ""
    return by_number, len(xml)


@lru_cache(maxsize=64)
def _numbers(count: int) -> list[str]:
    return list(map(str, range(count)))
