"""Reads a return's workbook into a submission: a value is taken where its labels say what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheetflow.gathering.changes import changes
from sheetflow.gathering.explanations import (
    asked_places,
    explanations,
    people,
    reason_sheet,
    unread,
)
from sheetflow.gathering.issued import IssuedCells, is_untouched
from sheetflow.gathering.leftovers import unused
from sheetflow.gathering.locating import LocatedTable, locate
from sheetflow.gathering.patterns import Patterns
from sheetflow.gathering.positions import PrintedTable, normal, printed_tables
from sheetflow.gathering.values import plain_formula, read_entry, read_value, shown
from sheetflow.layout.sheets import Layout, form_layout
from sheetflow.model.cells import Place, address
from sheetflow.model.entries import Entry, State, TotalCell
from sheetflow.model.form import Form, LineKind
from sheetflow.model.returns import LabelFault, Submission
from sheetflow.workbooks.marks import Formulas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.gathering.identify import Identity
    from sheetflow.layout.grid import Slot
    from sheetflow.model.cells import CellRef
    from sheetflow.workbooks.workbook import RawCell, Workbook


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What every return of a form is compared with, made once: layout and issued formulas."""

    form: Form
    layout: Layout
    tables: tuple[PrintedTable, ...]
    formulas: Mapping[CellRef, str]
    asked: Mapping[tuple[str, str], CellRef]
    """What the relations' rows of 自检 are about, by check and the place that they print."""
    issued: IssuedCells = field(compare=False, repr=False)
    """The form's cells where they were issued."""
    patterns: Patterns = field(default_factory=Patterns, compare=False, repr=False)
    """What returns were read before."""


def blueprint(form: Form) -> Blueprint:
    """Make a form's blueprint."""
    layout = form_layout(form)
    written = Formulas(form, layout)
    formulas = {
        ref: plain_formula(written.total(definition, layout.slots[ref][0]))
        for ref, definition in form.definitions.items()
    }
    tables = printed_tables(form, layout)
    places = asked_places(form, layout)
    return Blueprint(form, layout, tables, formulas, places, IssuedCells(form, tables, formulas))


def read_submission(
    plan: Blueprint, workbook: Workbook, identity: Identity, file: str, sha256: str
) -> Submission:
    """Read every cell of the form that can be placed; what can't be is a fault of its label."""
    pattern = plan.patterns.find(workbook)
    return (pattern and pattern.read(workbook, identity, file, sha256)) or _read_cells(
        plan, workbook, identity, file, sha256
    )


def _read_cells(
    plan: Blueprint, workbook: Workbook, identity: Identity, file: str, sha256: str
) -> Submission:
    located = locate(plan.tables, workbook)
    faults = tuple(_label_faults(located, file))
    page = reason_sheet(workbook)
    entries = plan.issued.answers(located, file) or _entries(plan, located, file)
    totals = plan.issued.untyped(located, file) or _totals(plan, located, file)
    submission = Submission(
        agency=identity.agency,
        file=file,
        sha256=sha256,
        issue=identity.issue,
        remarks=identity.remarks,
        entries=entries,
        totals=totals,
        label_faults=faults,
        unused=(
            *unused(located, workbook, page, file),
            *(unread(plan.asked, page, file) if page else ()),
        ),
        changes=tuple(changes(located, workbook, faults, totals, file, page=page)),
        explanations=tuple(explanations(plan.asked, page, located, file)) if page else (),
        people=people(workbook),
    )
    plan.patterns.learn(plan.form, plan.formulas, workbook, located, submission)
    return submission


def _entries(
    plan: Blueprint, located: Sequence[LocatedTable], file: str
) -> Mapping[CellRef, Entry]:
    entries: dict[CellRef, Entry] = {}
    for each in located:
        for slot in each.table.slots:
            if plan.form.cells[slot.ref].kind is LineKind.TOTAL:
                continue
            place, raw = _found(each, slot, file)
            if slot.ref in each.placement.spots:
                entries[slot.ref] = read_entry(plan.form, slot.ref, place, raw)
            else:
                text = shown(raw) if raw else ""
                entries[slot.ref] = Entry(slot.ref, State.UNREADABLE, None, text, place)
    return entries


def _totals(
    plan: Blueprint, located: Sequence[LocatedTable], file: str
) -> Mapping[CellRef, TotalCell]:
    totals: dict[CellRef, TotalCell] = {}
    for each in located:
        for slot in each.table.slots:
            if plan.form.cells[slot.ref].kind is LineKind.TOTAL:
                place, raw = _found(each, slot, file)
                is_placed = slot.ref in each.placement.spots
                totals[slot.ref] = _total(plan, slot.ref, place, raw if is_placed else None)
    return totals


def _found(located: LocatedTable, slot: Slot, file: str) -> tuple[Place, RawCell | None]:
    """Give a cell's place and what stands there; of one that is not placed, where it was issued."""
    spot = located.placement.spots.get(slot.ref) or located.unplaced.get(slot.ref)
    sheet = located.sheet
    name = sheet.name if sheet else located.table.sheet.name
    raw = sheet.cells.get(spot) if sheet and spot else None
    return Place(file, name, address(*spot) if spot else ""), raw


def _total(plan: Blueprint, ref: CellRef, place: Place, raw: RawCell | None) -> TotalCell:
    """Read a total cell; one that was left as it was issued says nothing."""
    if raw is None or is_untouched(raw, plan.formulas[ref]):
        return TotalCell(ref, place)
    reading = read_value(plan.form.cells[ref], raw)
    typed = reading.state is not State.BLANK
    text, by_formula = shown(raw), raw.formula is not None
    return TotalCell(ref, place, typed, reading.value, text, reading.rule, by_formula=by_formula)


def _label_faults(located: Sequence[LocatedTable], file: str) -> Iterator[LabelFault]:
    """Say which labels are not to be found, each with the cells that it takes with it."""
    by_sheet: dict[str, list[LocatedTable]] = {}
    for each in located:
        by_sheet.setdefault(each.table.sheet.name, []).append(each)
    for name, tables in by_sheet.items():
        if any(each.sheet for each in tables):
            for each in tables:
                yield from _faults_of(each, file)
        else:
            cells = tuple(slot.ref for each in tables for slot in each.table.slots)
            rivals = dict.fromkeys(rival for each in tables for rival in each.rivals)
            found = "、".join(rivals) or "—"
            yield LabelFault(Place(file, name), f"工作表 {name}", found, cells, removed=not rivals)


def _faults_of(located: LocatedTable, file: str) -> Iterator[LabelFault]:
    lost = located.lost_labels
    known = {normal(label.text) for label in located.table.sheet.labels} if lost else set()
    name = located.sheet.name if located.sheet else located.table.sheet.name
    for label, refs in lost.items():
        raw = located.sheet.cells.get(label.box.spot) if located.sheet else None
        found = raw.text if raw else "、".join(located.rivals)
        removed = not found.strip() or normal(found) in known
        if removed and label in located.placement.doubled:
            places = (address(*each) for each in located.placement.doubled[label])
            found, removed = f"{label.text}（{'、'.join(places)}）", False
        place = Place(file, name, label.box.address)
        yield LabelFault(place, label.text, found, refs, removed=removed)
