"""Reads sheets that have frames: what most returns are made of, filled in on one template."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.workbooks.frames import ABSENT, Family, FramedCells
from sheetflow.workbooks.limits import Budget
from sheetflow.workbooks.number_formats import read_styles
from sheetflow.workbooks.ooxml_properties import target
from sheetflow.workbooks.package import inflated
from sheetflow.workbooks.string_items import string_items
from sheetflow.workbooks.strings import shared_strings
from sheetflow.workbooks.workbook import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheetflow.workbooks.frames import Taken
    from sheetflow.workbooks.package import Package, Relation

_LARGEST = 4 << 20
"""Bytes of all sheets together: so few can't reach a cap."""


def framed_sheets(
    package: Package, relations: Mapping[str, Relation], listed: Iterable[tuple[str, str, str]]
) -> list[Sheet] | None:
    """Read sheets (name, state, relation), each of which has a frame; None if one has none."""
    family = package.remembered(target(relations, "styles"), _family)
    strings = _strings(package, target(relations, "sharedstrings"))
    if strings is None:
        return None
    sheets = []
    size = 0
    for name, state, identity in listed:
        relation = relations.get(identity)
        if relation is None or relation.type != "worksheet":
            return None
        taken = _taken(family, package, relation.target)
        if taken is None or taken.highest >= len(strings) - 2:  # two stand for no number
            return None
        size += taken.size
        if size > _LARGEST:
            return None
        frame = taken.frame
        cells = FramedCells(frame, taken.texts, strings)
        sheets.append(Sheet(name, state, cells, frame.protected, frame.validated))
    return sheets


def _taken(family: Family, package: Package, part: str) -> Taken | None:
    """Take a sheet apart, unless one was lately that lay in its archive byte for byte the same."""
    stored = package.stored(part)
    key = (part, stored)
    taken = family.known(key)
    if taken is None and stored:
        xml = inflated(stored)
        taken = family.take(part, xml) if xml else None
        if taken:
            family.keep(key, taken)
    return taken


def _family(package: Package, part: str) -> Family:
    return Family(read_styles(package, part))


def _strings(package: Package, part: str) -> Mapping[str, str] | None:
    """Read the shared strings, by their number as cells write it; None if there is no such part."""
    if part not in package:
        return {"": "", ABSENT: ""}
    xml = package.small(part)
    if xml is None:
        return None
    texts = string_items(xml)
    if texts is None:
        texts = shared_strings(package, part, Budget(package.caps))
    by_number = dict(zip(_numbers(len(texts)), texts, strict=True))
    by_number[""] = by_number[ABSENT] = ""
    return by_number


@lru_cache(maxsize=64)
def _numbers(count: int) -> list[str]:
    return list(map(str, range(count)))
