"""Reads returns that differ from one already read in nothing but what was filled in.

Where all sheets have the frames of a return that was read cell by cell, and all that is neither an
entry, a total nor a live mark says the same, every label is where it was: only entries are read
anew. What is filled in elsewhere, or in another way, is left to the reading cell by cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.gathering.explanations import people
from sheetflow.gathering.positions import is_printed
from sheetflow.gathering.values import Reading, plain_formula, read_entry, read_value
from sheetflow.layout.sheets import AGENCY_ROW, CODE_ROW, STATUS_ROW
from sheetflow.model.cells import CellRef, Place, address
from sheetflow.model.returns import Entry, State, Submission, TotalCell
from sheetflow.workbooks.correction import HEADER, SENDBACK
from sheetflow.workbooks.frames import ABSENT, FramedCells
from sheetflow.workbooks.front import COVER, COVER_COLUMNS, SCRATCH
from sheetflow.workbooks.self_check import CHECKS, STATE
from sheetflow.workbooks.stamp import HIDDEN_SHEET
from sheetflow.workbooks.workbook import CellKind, RawCell

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from sheetflow.gathering.identify import Identity
    from sheetflow.gathering.locating import LocatedTable
    from sheetflow.workbooks.workbook import Spot
    from sheetflow.layout.sheets import SheetLayout
    from sheetflow.model.form import Cell, Form
    from sheetflow.workbooks.workbook import Sheet, Workbook

_MOST = 64
"""How many patterns are kept."""
_MOST_READINGS = 20_000


class Patterns:
    """The returns that were read cell by cell and may be met again, by what they are made of."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Pattern | None] = {}
        self._readings: dict[Hashable, dict[str, Reading]] = {}

    def find(self, workbook: Workbook) -> Pattern | None:
        """Give the pattern that a workbook may follow."""
        return self._known.get(_make(workbook))

    def learn(
        self,
        form: Form,
        formulas: Mapping[CellRef, str],
        workbook: Workbook,
        located: Sequence[LocatedTable],
        submission: Submission,
    ) -> None:
        """Keep what others of the same make can be read by, once a second one has come."""
        make = _make(workbook)
        if make is None:
            return
        pattern = None
        if make in self._known and _is_usual(workbook, located, submission):
            pattern = Pattern(form, formulas, workbook, located, submission, self._readings)
        self._known.pop(make, None)
        if len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[make] = pattern


class _Slot(NamedTuple):
    """An entry cell: where a sheet of this make has its value, and how that is read."""

    ref: CellRef
    cell: Cell
    spot: Spot
    slot: int
    sheet: str
    address: str
    readings: dict[str, Reading] | None
    """What numbers were read as; None: it is no number."""


class Pattern:
    """How the returns of one make are read."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that the reading cell by cell knows of one
        self,
        form: Form,
        formulas: Mapping[CellRef, str],
        workbook: Workbook,
        located: Sequence[LocatedTable],
        submission: Submission,
        readings: dict[Hashable, dict[str, Reading]],
    ) -> None:
        self._form = form
        self._learned = submission
        sheets = [_framed(sheet) for sheet in workbook.sheets]
        order = {sheet.name: number for number, sheet in enumerate(workbook.sheets)}
        self._entries: list[tuple[int, list[_Slot]]] = []
        self._unlabelled: list[tuple[int, Spot, LocatedTable]] = []
        free: list[set[Spot]] = [_free(sheet) for sheet in workbook.sheets]
        for each in located:
            number = order[each.table.sheet.name]
            frame = sheets[number].frame
            free[number] |= set(_heads_and_marks(each.table.sheet))
            slots = []
            for ref, spot in each.placement.spots.items():
                if ref not in submission.entries:
                    formula = frame.cells[spot].formula if spot in frame.cells else None
                    if formula == "" or (formula and plain_formula(formula) == formulas[ref]):
                        free[number].add(spot)
                elif spot in frame.slots:
                    free[number].add(spot)
                    slots.append(_slot(form.cells[ref], spot, sheets[number], each, readings))
            self._entries.append((number, slots))
            self._unlabelled += [
                (number, each.placement.spots[slot.ref], each) for slot in each.table.unlabelled
            ]
        self._constants = [
            _Constants.of(cells, spots) for cells, spots in zip(sheets, free, strict=True)
        ]
        self._states = [
            (number, spot)
            for number, sheet in enumerate(workbook.sheets)
            if sheet.name == CHECKS
            for spot in _states(sheets[number])
        ]

    def read(
        self, workbook: Workbook, identity: Identity, file: str, sha256: str
    ) -> Submission | None:
        """Read a return; None if it follows the pattern in its make alone."""
        sheets = [_framed(sheet) for sheet in workbook.sheets]
        if not all(map(_Constants.hold, self._constants, sheets)) or self._is_odd(sheets):
            return None
        learned = self._learned
        entries = dict(learned.entries)  # keeps the order
        for number, slots in self._entries:
            _read_entries(self._form, slots, sheets[number], file, entries)
        for ref, entry in learned.entries.items():
            if entries[ref] is entry:  # has no value in any return of this make
                entries[ref] = entry._replace(place=entry.place._replace(file=file))
        return Submission(
            agency=identity.agency,
            file=file,
            sha256=sha256,
            issue=identity.issue,
            remarks=identity.remarks,
            entries=entries,
            totals={
                ref: TotalCell(ref, Place(file, total.place.sheet, total.place.address))
                for ref, total in learned.totals.items()
            },
            unused=tuple(place._replace(file=file) for place in learned.unused),
            changes=tuple(
                change.__class__(
                    change.kind,
                    change.place._replace(file=file),
                    change.issued,
                    change.found,
                    harmful=change.harmful,
                )
                for change in learned.changes
            ),
            people=people(workbook),
        )

    def _is_odd(self, sheets: Sequence[FramedCells]) -> bool:
        """Whether a state is none of ours, or a text without a label is one that we print."""
        for number, spot in self._states:
            raw = sheets[number].get(spot)
            if raw and raw.text and not is_printed(raw.text, ()):
                return True
        for number, spot, each in self._unlabelled:
            raw = sheets[number].get(spot)
            if raw and is_printed(raw.text, (each.table,)):
                return True
        return False


class _Constants(NamedTuple):
    """What every sheet must hold that follows a pattern: the texts of some values."""

    shared: list[int]
    texts: list[str | None]
    own: list[int]
    values: list[str]

    @classmethod
    def of(cls, cells: FramedCells, free: set[Spot]) -> _Constants:
        frame = cells.frame
        spots = [spot for spot in frame.slots if spot not in free]
        shared = [frame.slots[spot] for spot in spots if spot in frame.shared]
        own = [frame.slots[spot] for spot in spots if spot not in frame.shared]
        texts = [cells.strings.get(cells.texts[slot]) for slot in shared]
        return cls(shared, texts, own, [cells.texts[slot] for slot in own])

    def hold(self, cells: FramedCells) -> bool:
        """Whether a sheet holds them."""
        values, strings = cells.texts, cells.strings
        return [values[slot] for slot in self.own] == self.values and [
            strings.get(values[slot]) for slot in self.shared
        ] == self.texts


def _make(workbook: Workbook) -> Hashable | None:
    """Say what a workbook is made of, values apart; None if a sheet has no frame."""
    made: list[Hashable] = [workbook.client]
    for sheet in workbook.sheets:
        if not isinstance(sheet.cells, FramedCells):
            return None
        made.append((sheet.name, sheet.state, sheet.cells.frame))
    return tuple(made)


def _framed(sheet: Sheet) -> FramedCells:
    assert isinstance(sheet.cells, FramedCells)
    return sheet.cells


def _is_usual(
    workbook: Workbook, located: Iterable[LocatedTable], submission: Submission
) -> bool:
    """Whether everything is where it was issued, on sheets of their names, and nothing typed over.

    Other returns are rare enough to be read cell by cell.
    """
    as_issued = all(
        each.sheet
        and each.sheet.name == each.table.sheet.name
        and each.placement is each.table.issued
        for each in located
    )
    typed = any(total.typed for total in submission.totals.values())
    named = any(sheet.name == CHECKS for sheet in workbook.sheets)
    return as_issued and named and not typed and not submission.explanations


def _free(sheet: Sheet) -> set[Spot]:
    """Give the cells of a sheet whose text no reading depends on, or which are read anew."""
    cells = _framed(sheet)
    if sheet.name in (SCRATCH, HIDDEN_SHEET):
        return set(cells.frame.slots)
    if sheet.name == COVER:
        return {spot for spot in cells.frame.slots if 0 < spot[1] < COVER_COLUMNS}
    if sheet.name == SENDBACK:
        return {spot for spot in cells.frame.slots if spot[1] < len(HEADER)}
    return set(_states(cells)) if sheet.name == CHECKS else set()


def _heads_and_marks(sheet: SheetLayout) -> Iterator[Spot]:
    """Give what a sheet of the form says of its agency, and what it says of the figures."""
    yield from ((row, 0) for row in (AGENCY_ROW, CODE_ROW, STATUS_ROW, *sheet.mark_rows))
    yield from ((mark.box.row, mark.box.column) for mark in sheet.marks)


def _states(cells: FramedCells) -> Iterator[Spot]:
    raws = cells.frame.cells.items()
    return (spot for spot, raw in raws if spot[1] == STATE and raw.formula)


def _slot(
    cell: Cell,
    spot: Spot,
    cells: FramedCells,
    located: LocatedTable,
    readings: dict[Hashable, dict[str, Reading]],
) -> _Slot:
    raw = cells.frame.cells[spot]
    is_number = cell.numeric and raw.kind is CellKind.NUMBER and raw.formula is None
    kind = (cell.kind, cell.measure, cell.unit)
    known = readings.setdefault(kind, {}) if is_number else None
    slot = cells.frame.slots[spot]
    return _Slot(cell.ref, cell, spot, slot, located.table.sheet.name, address(*spot), known)


def _read_entries(
    form: Form, slots: Iterable[_Slot], cells: FramedCells, file: str, entries: dict[CellRef, Entry]
) -> None:
    values = cells.texts
    for ref, cell, spot, slot, sheet, where, readings in slots:
        place = Place(file, sheet, where)
        text = values[slot]
        if readings is None:
            entries[ref] = read_entry(form, ref, place, cells.get(spot))
        elif text in ("", ABSENT):
            entries[ref] = Entry(ref, State.BLANK, None, "", place)
        else:
            reading = readings.get(text)
            if reading is None:
                reading = read_value(cell, RawCell(CellKind.NUMBER, text, None))
                if len(readings) < _MOST_READINGS:
                    readings[text] = reading
            entries[ref] = Entry(ref, reading.state, reading.value, text, place, reading.rule)
