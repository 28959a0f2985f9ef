"""Reads what an agency says besides figures: its reasons on 自检, its names on 封面."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.gathering.positions import is_printed, normal
from sheetflow.gathering.typed_places import Spots, cells_named
from sheetflow.gathering.values import shown
from sheetflow.model.cells import Place, address
from sheetflow.model.returns import Explanation
from sheetflow.workbooks import self_check
from sheetflow.workbooks.front import COVER, PEOPLE
from sheetflow.workbooks.self_check import ASKED, CHECKS, HEAD_ROW, HEADER, check_place
from sheetflow.workbooks.workbook import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.gathering.locating import LocatedTable
    from sheetflow.layout.sheets import Layout
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.workbooks.workbook import RawCell, Sheet, Spot, Workbook

_MOST = 500
"""So many reasons are read of one return; what stands beyond them is listed as unused."""
_HEAD = tuple(map(normal, HEADER))
_OURS = frozenset((*_HEAD, normal(self_check.TITLE), normal(self_check.OTHER_REASONS)))


@dataclass(frozen=True, slots=True)
class ReasonSheet:
    """自检 as a return has it: its sheet, the row of its heading, its columns."""

    sheet: Sheet
    head: int = HEAD_ROW
    code: int = self_check.CODE
    place: int = self_check.PLACE
    reason: int = self_check.REASON

    def text(self, row: int, column: int) -> str:
        """Give a cell's text, empty for a blank."""
        raw = self.sheet.cells.get((row, column))
        return raw.text.strip() if raw else ""

    def key(self, row: int) -> tuple[str, str]:
        """Give what a row is about: the check and the place that stand in it."""
        return normal(self.text(row, self.code)).upper(), normal(self.text(row, self.place))

    @property
    def rows(self) -> list[int]:
        """The rows in which a reason stands."""
        cells = self.sheet.cells.items()
        rows = (row for (row, column), raw in cells if column == self.reason and raw.text.strip())
        return sorted(row for row in rows if row > self.head)[:_MOST]


def reason_sheet(workbook: Workbook) -> ReasonSheet | None:
    """Find 自检: by its name, else the one sheet that has its heading; columns may have moved."""
    named = next((sheet for sheet in workbook.sheets if sheet.name == CHECKS), None)
    if named:
        return _headed(named) or ReasonSheet(named)
    shown = [found for sheet in workbook.sheets if (found := _headed(sheet))]
    return shown[0] if len(shown) == 1 else None


def _headed(sheet: Sheet) -> ReasonSheet | None:
    last = HEADER[-1]
    for (row, column), raw in sheet.cells.items():
        if raw.text.startswith(last[0]) and normal(raw.text) == _HEAD[-1]:
            columns = range(max(0, column - len(HEADER) * 2), column)
            texts = {
                normal(sheet.cells[row, c].text): c for c in columns if (row, c) in sheet.cells
            }
            code, place = texts.get(_HEAD[self_check.CODE]), texts.get(_HEAD[self_check.PLACE])
            if code is not None and place is not None:
                return ReasonSheet(sheet, row, code, place, column)
    return None


def explanations(
    asked: Mapping[tuple[str, str], CellRef],
    page: ReasonSheet,
    located: Sequence[LocatedTable],
    file: str,
) -> Iterator[Explanation]:
    """Give every reason with its check and each of its cells, whatever row it stands in.

    One without a check, or with a place that is none, answers nothing, and is kept.
    """
    spots: Spots | None = None
    for row in page.rows:
        check, printed = page.key(row)
        known = asked.get((check, printed))
        cells: tuple[CellRef, ...] = (known,) if known else ()
        where = "" if known else page.text(row, page.place)
        if where:
            spots = spots or Spots.of(located)
            cells = cells_named(where, spots)
        place = Place(file, page.sheet.name, address(row, page.reason))
        text = page.text(row, page.reason)
        for cell in cells or (None,):
            yield Explanation(check, cell, text, place, "" if cells else where)


def unread(
    asked: Mapping[tuple[str, str], CellRef], page: ReasonSheet, file: str
) -> Iterator[Place]:
    """Give the cells of 自检 that hold neither what we printed there nor a reason that is read."""
    cells = page.sheet.cells.items()
    rows = {row for row, _ in page.sheet.cells}
    explained = {*page.rows}
    relations = {row for row in rows if page.key(row) in asked}
    about = explained | {row for (row, _), raw in cells if raw.text.startswith(ASKED)}
    for (row, column), raw in cells:
        if column == page.reason:
            read = row in explained
        else:
            read = row in relations or (column in (page.code, page.place) and row in about)
        if not read and raw.text.strip() and not _is_ours(raw.text):
            yield Place(file, page.sheet.name, address(row, column))


def _is_ours(text: str) -> bool:
    return text.startswith(ASKED) or normal(text) in _OURS or is_printed(text, ())


def asked_places(form: Form, layout: Layout) -> Mapping[tuple[str, str], CellRef]:
    """Give the cell of each relation by its check and the place that 自检 prints for it."""
    return {
        (each.relation.check.upper(), normal(check_place(form, layout, each))): each.cells[0]
        for each in form.comparisons
    }


def people(workbook: Workbook) -> dict[str, str]:
    """Give who filled the return in, as its cover says, by the cover's labels."""
    cover = next((sheet for sheet in workbook.sheets if sheet.name == COVER), None)
    if cover is None:
        return {}
    return people_at(people_places(cover), cover.cells)


def people_places(cover: Sheet) -> dict[str, Spot]:
    """Say where a cover has who filled the return in, by its labels."""
    rows = {normal(text): row for (row, column), text in sorted(cover.top(ROWS)) if not column}
    return {label: (rows[label], 1) for label in PEOPLE if label in rows}


def people_at(places: Mapping[str, Spot], cells: Mapping[Spot, RawCell]) -> dict[str, str]:
    """Give who stands at some places."""
    found = ((label, cells.get(spot)) for label, spot in places.items())
    named = {label: shown(raw).strip() for label, raw in found if raw}
    return {label: text for label, text in named.items() if text}
