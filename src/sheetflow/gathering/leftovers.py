"""Lists what a return holds besides the form, so that nothing in it is lost unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.gathering.locating import WITHOUT_FIGURES
from sheetflow.gathering.positions import is_printed
from sheetflow.layout.sheets import AGENCY_ROW, CODE_ROW, STATUS_ROW, TITLE_ROW
from sheetflow.model.cells import Place, address
from sheetflow.workbooks.correction import HEADER, SENDBACK
from sheetflow.workbooks.front import COVER, COVER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheetflow.gathering.explanations import ReasonSheet
    from sheetflow.gathering.locating import LocatedTable
    from sheetflow.workbooks.workbook import Sheet, Spot, Workbook

_PRINTED_COLUMNS = {SENDBACK: len(HEADER), COVER: COVER_COLUMNS}
_HEAD = tuple((row, 0) for row in (TITLE_ROW, AGENCY_ROW, CODE_ROW, STATUS_ROW))


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
    return (spot for spot in sheet.cells if printed and spot[1] >= printed)


def _outside_tables(here: Sequence[LocatedTable], sheet: Sheet) -> Iterator[Spot]:
    spots = {spot for each in here for spot in _spots(each)}
    tables = [each.table for each in here]
    for spot, raw in sheet.cells.items():
        if spot not in spots and not is_printed(raw.text, tables):
            yield spot


def _spots(located: LocatedTable) -> Iterator[Spot]:
    """Give where a table's cells and labels are; as issued, also where head lines and marks are."""
    yield from located.placement.spots.values()
    yield from located.placement.labels.values()
    yield from located.unplaced.values()
    yield from ((label.box.row, label.box.column) for label in located.lost_labels)
    if located.placement is located.table.issued:
        sheet = located.table.sheet
        yield from _HEAD
        yield from ((mark.box.row, mark.box.column) for mark in sheet.marks)
        yield from ((row, 0) for row in sheet.mark_rows)  # the words beside the marks below
