"""Reads a return's workbook into a submission: labels are checked before any value is taken."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.gathering.values import read_value
from sheetflow.layout.grid import Role
from sheetflow.layout.sheets import (
    AGENCY_ROW,
    CODE_ROW,
    STATUS_ROW,
    TITLE_ROW,
    Layout,
    form_layout,
)
from sheetflow.model.cells import Box, CellRef, Place, column_letters
from sheetflow.model.form import Form, LineKind
from sheetflow.model.returns import Entry, LabelFault, State, Submission, TotalCell
from sheetflow.workbooks.front import CHECKS, COVER, SCRATCH
from sheetflow.workbooks.marks import Formulas
from sheetflow.workbooks.stamp import HIDDEN_SHEET
from sheetflow.workbooks.workbook import CellKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheetflow.gathering.identify import Identity
    from sheetflow.layout.grid import Label, Slot
    from sheetflow.layout.sheets import SheetLayout
    from sheetflow.workbooks.workbook import RawCell, Workbook

_WITHOUT_FIGURES = frozenset((COVER, CHECKS, SCRATCH, HIDDEN_SHEET))
_HEAD = tuple((row, 0) for row in (TITLE_ROW, AGENCY_ROW, CODE_ROW, STATUS_ROW))


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What every return of a form is compared with, made once: layout and issued formulas."""

    form: Form
    layout: Layout
    formulas: Mapping[CellRef, str]


def blueprint(form: Form) -> Blueprint:
    """Make a form's blueprint."""
    layout = form_layout(form)
    formulas = Formulas(layout)
    issued = {
        ref: _plain_formula(formulas.total(definition, layout.slots[ref][0]))
        for ref, definition in form.definitions.items()
    }
    return Blueprint(form, layout, issued)


def read_submission(
    plan: Blueprint, workbook: Workbook, identity: Identity, file: str, sha256: str
) -> Submission:
    """Read every cell of the form from where it was issued, if its labels still stand there."""
    sheets = {sheet.name: sheet.cells for sheet in workbook.sheets}
    faults: list[LabelFault] = []
    entries: dict[CellRef, Entry] = {}
    totals: dict[CellRef, TotalCell] = {}
    for sheet in plan.layout.sheets:
        cells = sheets.get(sheet.name)
        fault = _label_fault(plan.layout, sheet, cells, file)
        faults += [fault] if fault else []
        unplaced = frozenset(fault.cells) if fault else frozenset()
        for slot in sheet.slots:
            place = plan.layout.place(slot.ref, file)
            raw = (cells or {}).get((slot.box.row, slot.box.column))
            if plan.form.cells[slot.ref].kind is LineKind.TOTAL:
                known = raw if slot.ref not in unplaced else None
                totals[slot.ref] = _total(plan, slot.ref, place, known)
            elif slot.ref in unplaced:
                text = raw.text if raw else ""
                entries[slot.ref] = Entry(slot.ref, State.UNREADABLE, None, text, place)
            else:
                entries[slot.ref] = _entry(plan.form, slot.ref, place, raw)
    return Submission(
        agency=identity.agency,
        file=file,
        sha256=sha256,
        issue=identity.issue,
        remarks=identity.remarks,
        entries=entries,
        totals=totals,
        label_faults=tuple(faults),
        unused=tuple(_unused(plan.layout, workbook, file)),
    )


def _entry(form: Form, ref: CellRef, place: Place, raw: RawCell | None) -> Entry:
    reading = read_value(form.cells[ref], raw)
    text = "" if raw is None else raw.text or (f"={raw.formula}" if raw.formula else "")
    return Entry(ref, reading.state, reading.value, text, place, reading.rule)


def _total(plan: Blueprint, ref: CellRef, place: Place, raw: RawCell | None) -> TotalCell:
    """Read a total cell: the issued formula, a blank or a formula without result says nothing."""
    if raw is None or raw.kind is CellKind.BLANK:
        return TotalCell(ref, place)
    if raw.formula is not None and _plain_formula(raw.formula) == plan.formulas[ref]:
        return TotalCell(ref, place)
    reading = read_value(plan.form.cells[ref], raw)
    typed = reading.state is not State.BLANK
    return TotalCell(ref, place, typed, reading.value, raw.text, reading.rule)


def _label_fault(
    layout: Layout, sheet: SheetLayout, cells: Mapping[tuple[int, int], RawCell] | None, file: str
) -> LabelFault | None:
    """Compare a sheet's labels with the issued ones; the cells under a wrong one are unplaced."""
    if cells is None:
        refs = tuple(slot.ref for slot in sheet.slots)
        return LabelFault(Place(file, sheet.name), f"工作表 {sheet.name}", "—", refs)
    wrong = [label for label in sheet.labels if _found(cells, label) != _normal(label.text)]
    lost = [
        (slot.ref, label)
        for slot in sheet.slots
        for label in wrong
        if label in layout.watched[slot.ref] or _follows(label, slot)
    ]
    if not lost:
        return None
    unplaced = tuple(dict.fromkeys(ref for ref, _ in lost))
    first = min((label for _, label in lost), key=wrong.index)
    place = Place(file, sheet.name, first.box.address)
    raw = cells.get((first.box.row, first.box.column))
    return LabelFault(place, first.text, raw.text if raw else "", unplaced)


def _follows(label: Label, slot: Slot) -> bool:
    """Whether a text ends above a label: where that one has moved up, it is read as the text."""
    below = (slot.box.last_row + 1, slot.box.column)
    return label.role is Role.ITEM and (label.box.row, label.box.column) == below


def _found(cells: Mapping[tuple[int, int], RawCell], label: Label) -> str:
    raw = cells.get((label.box.row, label.box.column))
    return _normal(raw.text) if raw else ""


def _normal(text: str) -> str:
    """Compare labels without white space, brackets half or full width alike."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _plain_formula(formula: str) -> str:
    return formula.replace(" ", "").replace("$", "").removeprefix("=").upper()


def _unused(layout: Layout, workbook: Workbook, file: str) -> Iterator[Place]:
    """Give the non-blank cells that stand where the form has none, foreign sheets included."""
    known = {sheet.name: _known_boxes(sheet) for sheet in layout.sheets}
    for sheet in workbook.sheets:
        if sheet.name in _WITHOUT_FIGURES:
            continue
        boxes = known.get(sheet.name, frozenset())
        for (row, column), raw in sheet.cells.items():
            if raw.text.strip() and (row, column) not in boxes:
                yield Place(file, sheet.name, f"{column_letters(column)}{row + 1}")


def _known_boxes(sheet: SheetLayout) -> frozenset[tuple[int, int]]:
    boxes: list[Box] = [label.box for label in sheet.labels]
    boxes += [slot.box for slot in sheet.slots]
    boxes += [mark.box for mark in sheet.marks]
    boxes += [Box(row, 0) for row in sheet.mark_rows]  # the words beside the marks below
    return frozenset({(box.row, box.column) for box in boxes} | {*_HEAD})
