"""Reads places as people type them: 三!D9, 三表D9:D12、F9, ‘三’！$D$9."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.gathering.positions import normal
from sheetflow.model.characters import nfkc
from sheetflow.workbooks.worksheet import parse_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheetflow.gathering.locating import LocatedTable
    from sheetflow.model.cells import CellRef
    from sheetflow.workbooks.workbook import Spot

_LONGEST = 1000
_SEPARATOR = re.compile(r"[、,;\s]+")
_PLACE = re.compile(
    r"(?:(?P<sheet>.+)!|(?P<name>[^A-Z0-9!]+))?"
    r"(?P<first>[A-Z]{1,3}[0-9]{1,7})(?:[:~至-](?P<last>[A-Z]{1,3}[0-9]{1,7}))?"
)


@dataclass(frozen=True, slots=True)
class Spots:
    """Where a return has each cell: by the name of its sheet, as it is now and as issued."""

    by_sheet: Mapping[str, Mapping[Spot, CellRef]]

    @classmethod
    def of(cls, located: Iterable[LocatedTable]) -> Spots:
        """Note the cells that could be placed; a sheet's own name goes before an issued one."""
        now: dict[str, dict[Spot, CellRef]] = {}
        issued: dict[str, dict[Spot, CellRef]] = {}
        for each in located:
            spots = {spot: ref for ref, spot in each.placement.spots.items()}
            if each.sheet:
                now.setdefault(normal(each.sheet.name).upper(), {}).update(spots)
                issued.setdefault(normal(each.table.sheet.name).upper(), {}).update(spots)
        return cls(issued | now)


def cells_named(text: str, spots: Spots) -> tuple[CellRef, ...]:
    """Give the cells that a text names; none if any part of it names no cell of the form."""
    plain = nfkc(text[:_LONGEST]).upper()
    plain = re.sub(r"\s*!\s*", "!", re.sub(r"[$'\"“”‘’]", "", plain)).strip()
    named: dict[CellRef, None] = {}
    cells: Mapping[Spot, CellRef] = {}
    for part in _SEPARATOR.split(plain) if len(text) <= _LONGEST else ():
        match = _PLACE.fullmatch(part)
        sheet = match and (match["sheet"] or match["name"])
        if match and sheet:
            bare = sheet.removesuffix("表")
            cells = spots.by_sheet.get(sheet) or spots.by_sheet.get(bare) or {}
        inside = _inside(match["first"], match["last"], cells) if match else []
        if not inside:
            return ()
        named |= dict.fromkeys(inside)
    return tuple(named)


def _inside(first: str, last: str | None, cells: Mapping[Spot, CellRef]) -> list[CellRef]:
    (top, left), (bottom, right) = parse_address(first), parse_address(last or first)
    return [
        ref
        for (row, column), ref in cells.items()
        if top <= row <= bottom and left <= column <= right
    ]
