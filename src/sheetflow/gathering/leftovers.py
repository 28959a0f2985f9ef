"""Lists what a return holds besides the form, so that nothing in it is lost unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.gathering.locating import WITHOUT_FIGURES
from sheetflow.gathering.positions import is_printed
from sheetflow.model.cells import Place, address
from sheetflow.workbooks.correction import HEADER, SENDBACK
from sheetflow.workbooks.front import COVER, COVER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheetflow.gathering.explanations import ReasonSheet
    from sheetflow.gathering.locating import LocatedTable
    from sheetflow.workbooks.workbook import Sheet, Spot, Workbook

_PRINTED_COLUMNS = {SENDBACK: len(HEADER), COVER: COVER_COLUMNS}


def unused(
    located: Sequence[LocatedTable], workbook: Workbook, page: ReasonSheet | None, file: str
) -> Iterator[Place]:
    """Give the non-blank cells that are no cell, label, head line or live mark of the form.

    On 退回说明 and 封面 they are those beside what is printed; for `page`, 自检, see `unread`.
    """
    for sheet in workbook.sheets:
        if sheet.name in WITHOUT_FIGURES or (page and sheet is page.sheet):
            left = _beside_print(sheet)
        else:
            left = _outside_tables([each for each in located if each.sheet is sheet], sheet)
        for spot in left:
            if sheet.cells[spot].text.strip():
                yield Place(file, sheet.name, address(*spot))


def _beside_print(sheet: Sheet) -> Iterator[Spot]:
    printed = _PRINTED_COLUMNS.get(sheet.name)
    return (spot for spot in (sheet.cells if printed else ()) if spot[1] >= (printed or 0))


def _outside_tables(here: Sequence[LocatedTable], sheet: Sheet) -> Iterator[Spot]:
    spots = frozenset().union(*map(_spots, here))
    tables = [each.table for each in here]
    numbers = {column for each in here if (column := _numbered(each)) is not None}
    for spot, raw in sheet.cells.items():
        if spot in spots or is_printed(raw.text, tables):
            continue
        if not (spot[1] in numbers and raw.text.strip().isdecimal()):
            yield spot


def _numbered(located: LocatedTable) -> int | None:
    """Give the column in which a register has the numbers of its rows; None if it has none."""
    spots = located.placement.spots.values()
    has_numbers = located.table.sheet.register and spots
    return min(column for _, column in spots) - 1 if has_numbers else None


def _spots(located: LocatedTable) -> frozenset[Spot]:
    """Give where a table's cells and labels are; as issued, also where head lines and marks are."""
    placement = located.placement
    if placement is located.table.issued:
        return located.table.issued_spots
    lost = (label.box.spot for label in located.lost_labels)
    spots = (placement.spots, placement.labels, located.unplaced)
    return frozenset(lost).union(*(each.values() for each in spots))
