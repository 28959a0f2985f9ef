"""Reads what an agency says besides figures: its reasons on 自检, its names on 封面."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.gathering.positions import normal
from sheetflow.model.cells import Place, address
from sheetflow.model.returns import Explanation
from sheetflow.workbooks.front import CHECKS, COVER, PEOPLE, check_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.workbooks.workbook import Sheet, Workbook

_CODE, _PLACE, _REASON = 0, 2, 4
_FIRST_ROW = 3
_ANY = ""


def explanations(
    asked: Mapping[tuple[str, str], CellRef], workbook: Workbook, file: str
) -> Iterator[Explanation]:
    """Give every reason with its check and cell; one without a check answers nothing, and is kept.

    A row is known by what stands in it, so rows may have moved.
    """
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == CHECKS), None)
    if sheet is None:
        return
    for (row, column), raw in sheet.cells.items():
        if column == _REASON and row >= _FIRST_ROW and raw.text.strip():
            check = _text(sheet, row, _CODE).upper()
            where = normal(_text(sheet, row, _PLACE)).replace("$", "")
            cell = asked.get((check, where)) or asked.get((_ANY, where.upper()))
            place = Place(file, sheet.name, address(row, column))
            yield Explanation(check, cell, raw.text.strip(), place)


def asked_places(form: Form, layout: Layout) -> Mapping[tuple[str, str], CellRef]:
    """Give cells by what 自检 prints for a relation, and by sheet and address for any check."""
    relations = {
        (each.relation.check, normal(check_place(form, layout, each))): each.cells[0]
        for each in form.comparisons
    }
    spots = ((f"{sheet}!{box.address}", ref) for ref, (sheet, box) in layout.slots.items())
    return {(_ANY, normal(spot).upper()): ref for spot, ref in spots} | relations


def people(workbook: Workbook) -> dict[str, str]:
    """Give who filled the return in, as its cover says, by the cover's labels."""
    cover = next((sheet for sheet in workbook.sheets if sheet.name == COVER), None)
    if cover is None:
        return {}
    rows = {normal(raw.text): row for (row, column), raw in cover.cells.items() if not column}
    named = {label: _text(cover, rows[label], 1) for label in PEOPLE if label in rows}
    return {label: text for label, text in named.items() if text}


def _text(sheet: Sheet, row: int, column: int) -> str:
    raw = sheet.cells.get((row, column))
    return raw.text.strip() if raw else ""
