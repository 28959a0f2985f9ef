"""The tamper report: how a return differs from what was issued, harmless and harmful apart.

What programs do to a workbook by themselves (formulas recalculated, locks and prompts that they
can't keep, hidden sheets dropped) is no change that somebody made, and is not listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.gathering.locating import WITHOUT_FIGURES
from sheetflow.gathering.positions import normal
from sheetflow.model.answers import Untyped
from sheetflow.model.cells import Place, address
from sheetflow.model.returns import Change, ChangeKind
from sheetflow.workbooks.self_check import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.gathering.explanations import ReasonSheet
    from sheetflow.gathering.locating import LocatedTable
    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import TotalCell
    from sheetflow.model.returns import LabelFault
    from sheetflow.workbooks.workbook import Sheet, Workbook

_KEEPS_LOCKS = ("Microsoft Excel", "WPS", "LibreOffice")
"""Programs, as files name them, that keep locks and validations when they save."""


def changes(
    located: Sequence[LocatedTable],
    workbook: Workbook,
    faults: Sequence[LabelFault],
    totals: Mapping[CellRef, TotalCell],
    file: str,
    *,
    page: ReasonSheet | None,
) -> Iterator[Change]:
    """Give what somebody changed, sheet by sheet: sheets, labels, positions, formulas, locks."""
    for fault in faults:
        missing = not fault.place.address
        kind = ChangeKind.SHEET_MISSING if missing else ChangeKind.LABEL_LOST
        yield Change(kind, fault.place, fault.expected, fault.found, harmful=True)
    yield from _sheets(located, workbook, page, file)
    for each in located:
        yield from _labels(each, file)
    if not isinstance(totals, Untyped) and _has_formulas(workbook):
        yield from _formulas(totals)  # else the program that saved it, or its format, has none


def _has_formulas(workbook: Workbook) -> bool:
    return any(raw.formula is not None for sheet in workbook.sheets for raw in sheet.cells.values())


def _formulas(totals: Mapping[CellRef, TotalCell]) -> Iterator[Change]:
    for total in totals.values():
        if total.typed:
            typed, changed = ChangeKind.FORMULA_TYPED_OVER, ChangeKind.FORMULA_CHANGED
            yield Change(changed if total.by_formula else typed, total.place, "", total.raw)


def _sheets(
    located: Sequence[LocatedTable], workbook: Workbook, page: ReasonSheet | None, file: str
) -> Iterator[Change]:
    used: dict[str, str] = {page.sheet.name: CHECKS} if page else {}
    for each in located:
        if each.sheet:
            used.setdefault(each.sheet.name, each.table.sheet.name)
    keeps = workbook.client.startswith(_KEEPS_LOCKS)
    for sheet in workbook.sheets:
        place = Place(file, sheet.name)
        if sheet.name not in used:
            if sheet.name not in WITHOUT_FIGURES:
                yield Change(ChangeKind.SHEET_ADDED, place, "", sheet.name)
            continue
        if sheet.name and sheet.name != used[sheet.name]:
            yield Change(ChangeKind.SHEET_RENAMED, place, used[sheet.name], sheet.name)
        if keeps and used[sheet.name] != CHECKS:
            yield from _locks(sheet, place)


def _locks(sheet: Sheet, place: Place) -> Iterator[Change]:
    """Every sheet of the form is issued locked, and with validations."""
    if sheet.protected is False:
        yield Change(ChangeKind.PROTECTION_LOST, place, "", "")
    if sheet.validated is False:
        yield Change(ChangeKind.VALIDATION_LOST, place, "", "")


def _labels(located: LocatedTable, file: str) -> Iterator[Change]:
    """Give labels that say the same in other words, and the way that a table has moved."""
    sheet, placement = located.sheet, located.placement
    if sheet is None:
        return
    for label, spot in placement.labels.items():
        text = sheet.cells[spot].text
        if text != label.text and normal(text) != normal(label.text):
            place = Place(file, sheet.name, address(*spot))
            yield Change(ChangeKind.LABEL_REWORDED, place, label.text, text)
    if placement is located.table.issued:
        return
    moved = [
        (slot.box.address, address(*placement.spots[slot.ref]))
        for slot in located.table.slots
        if slot.ref in placement.spots and placement.spots[slot.ref] != slot.box.spot
    ]
    if moved:
        issued, found = moved[0]
        yield Change(
            ChangeKind.CELLS_MOVED,
            Place(file, sheet.name, found),
            f"{issued} … ({len(moved)})",
            found,
        )
