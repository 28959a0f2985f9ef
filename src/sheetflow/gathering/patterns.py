"""Reads returns that differ from one already read in nothing but what was filled in.

Where all sheets have the frames of a return that was read cell by cell, and all that is neither an
entry, a total nor a live mark says the same, every label is where it was: only entries are read
anew. What is filled in elsewhere, or in another way, is left to the reading cell by cell.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.gathering.explanations import people_at, people_places, reason_sheet
from sheetflow.gathering.positions import is_printed
from sheetflow.gathering.values import is_told, plain_formula, read_entry, read_value
from sheetflow.layout.sheets import AGENCY_ROW, CODE_ROW, STATUS_ROW
from sheetflow.model.answers import Answers, Odd, Untyped, is_plain, picker, slate_of
from sheetflow.model.cells import Place
from sheetflow.model.returns import Submission
from sheetflow.workbooks.correction import HEADER, SENDBACK
from sheetflow.workbooks.frames import ABSENT, FramedCells
from sheetflow.workbooks.front import COVER, COVER_COLUMNS, SCRATCH
from sheetflow.workbooks.self_check import CHECKS, CODE, PLACE, REASON, STATE
from sheetflow.workbooks.stamp import HIDDEN_SHEET
from sheetflow.workbooks.strings import decode
from sheetflow.workbooks.workbook import CellKind, RawCell

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from sheetflow.gathering.identify import Identity
    from sheetflow.gathering.locating import LocatedTable
    from sheetflow.gathering.positions import PrintedTable
    from sheetflow.layout.sheets import SheetLayout
    from sheetflow.model.answers import Pick
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Cell, Form
    from sheetflow.workbooks.frames import FrameCell
    from sheetflow.workbooks.workbook import Sheet, Spot, Workbook

_MOST = 64
"""How many patterns are kept."""
_MOST_READINGS = 20_000


class Patterns:
    """The returns that were read cell by cell and may be met again, by what they are made of."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Pattern | None] = {}
        self._plain: dict[Hashable, set[str]] = {}

    def __reduce__(self) -> tuple[type[Patterns], tuple[()]]:
        """Start anew in another process."""
        return Patterns, ()

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
            pattern = Pattern(form, formulas, workbook, located, submission, self._plain)
        self._known.pop(make, None)
        if len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[make] = pattern


class _Slot(NamedTuple):
    """An entry cell whose text is more than the value of a number."""

    number: int
    """Among the entries."""
    ref: CellRef
    sheet: int
    spot: Spot


class _Numbers(NamedTuple):
    """Entry cells that ask for the same kind of number."""

    cell: Cell
    """One of them."""
    numbers: Sequence[int]
    pick: Pick
    """Gives their texts."""
    plain: set[str]
    """Texts that are read as they stand, and the blank."""

    def are_plain(self, texts: Sequence[str]) -> bool:
        """Whether all are known to be read as they stand."""
        return self.plain.issuperset(self.pick(texts))

    def odd(self, texts: Sequence[str]) -> dict[int, Odd]:
        """Read those that are not known to be read as they stand."""
        odd: dict[int, Odd] = {}
        for number in self.numbers:
            text = texts[number]
            if text not in self.plain:
                state, value, rule = read_value(self.cell, RawCell(CellKind.NUMBER, text, None))
                if rule or str(value) != text:
                    odd[number] = Odd(state, value, rule)
                elif len(self.plain) < _MOST_READINGS:
                    self.plain.add(text)
        return odd


class _Unlabelled(NamedTuple):
    """An entry cell that no label of its own leads to."""

    at: int
    """Where among the values of all sheets it has its number; -1: it may hold something else."""
    sheet: int
    spot: Spot
    table: PrintedTable

    def holds_print(self, cells: FramedCells) -> bool:
        raw = cells.get(self.spot)
        return raw is not None and is_printed(raw.text, (self.table,))


class _Unprinted:
    """Entry cells without labels; numbers met in them that none of their tables prints."""

    def __init__(self, cells: Sequence[_Unlabelled]) -> None:
        self._cells = cells
        self._numbers = [each.at for each in cells if each.at >= 0]
        self._others = [each for each in cells if each.at < 0]
        self._tables = [each.table for each in cells]
        self._seen = {"", ABSENT}

    def hold_print(self, values: Sequence[str], sheets: Sequence[FramedCells]) -> bool:
        """Whether a text that we print stands in one of them."""
        numbers = set(map(values.__getitem__, self._numbers))
        is_known = self._seen.issuperset(numbers)
        asked = self._others if is_known else self._cells
        if any(each.holds_print(sheets[each.sheet]) for each in asked):
            return True
        if not is_known and len(self._seen) < _MOST_READINGS:
            self._seen.update(n for n in numbers if not is_printed(n, self._tables))
        return False


class _Values:
    """The values of all sheets of a workbook, numbered through."""

    def __init__(self, workbook: Workbook) -> None:
        self.order = {sheet.name: number for number, sheet in enumerate(workbook.sheets)}
        self.sheets = [_framed(sheet) for sheet in workbook.sheets]
        *self._first, self.count = accumulate((x.frame.size for x in self.sheets), initial=0)

    def at(self, sheet: int, spot: Spot) -> int:
        """Give the number of the value of a cell that has one."""
        return self._first[sheet] + self.sheets[sheet].frame.cells[spot].slot


class Pattern:
    """How the returns of one make are read."""

    def __init__(  # noqa: PLR0917 - all that the reading cell by cell knows of one
        self,
        form: Form,
        formulas: Mapping[CellRef, str],
        workbook: Workbook,
        located: Sequence[LocatedTable],
        submission: Submission,
        plain: dict[Hashable, set[str]],
    ) -> None:
        self._form = form
        self._learned = submission
        self._slate = slate_of(tuple(submission.entries.values()), form.numeric)
        self._totals = slate_of(tuple(submission.totals.values()), form.numeric)
        values = _Values(workbook)
        picked = [values.count] * len(submission.entries)
        """Where among all values each entry has its own; past them: it has none."""
        self._slots: list[_Slot] = []
        kinds: dict[Hashable, list[int]] = {}
        free: list[set[Spot]] = [_free(sheet) for sheet in workbook.sheets]
        for each in located:
            sheet = values.order[each.table.sheet.name]
            free[sheet].update(_heads_and_marks(each.table.sheet))
            for ref, spot in each.placement.spots.items():
                framed = values.sheets[sheet].frame.cells.get(spot)
                if framed is None:
                    continue
                if ref in submission.entries:
                    free[sheet].add(spot)
                    entry, cell = self._slate.index[ref], form.cells[ref]
                    if cell.numeric and _is_number(framed):
                        picked[entry] = values.at(sheet, spot)
                        kind = (cell.kind, cell.measure, cell.unit)
                        kinds.setdefault(kind, []).append(entry)
                    else:
                        self._slots.append(_Slot(entry, ref, sheet, spot))
                elif framed.formula == "" or plain_formula(framed.formula or "") == formulas[ref]:
                    free[sheet].add(spot)
        self._pick: Pick = picker(picked)
        refs = self._slate.refs
        self._numbers = [
            _Numbers(form.cells[refs[some[0]]], some, picker(some), plain.setdefault(kind, {""}))
            for kind, some in kinds.items()
        ]
        self._unprinted = _Unprinted(list(_unlabelled(located, values)))
        self._constants = _Constants(values, free)
        checks = values.order[CHECKS]
        self._states = [values.at(checks, spot) for spot in _states(values.sheets[checks])]
        self._cover = values.order.get(COVER, 0)
        self._people = people_places(workbook.sheets[self._cover]) if COVER in values.order else {}
        """Labels of a cover stand where they stood, being constants."""

    def read(
        self, workbook: Workbook, identity: Identity, file: str, sha256: str
    ) -> Submission | None:
        """Read a return; None if it follows the pattern in its make alone."""
        sheets = [_framed(sheet) for sheet in workbook.sheets]
        values = _values(sheets)
        if not self._constants.hold(values, sheets[0].strings) or self._is_odd(values, sheets):
            return None
        learned = self._learned
        return Submission(
            agency=identity.agency,
            file=file,
            sha256=sha256,
            issue=identity.issue,
            remarks=identity.remarks,
            entries=self._answers(values, sheets, file),
            totals=Untyped(self._totals, file),
            unused=tuple(place._replace(file=file) for place in learned.unused),
            changes=tuple(
                replace(change, place=change.place._replace(file=file))
                for change in learned.changes
            ),
            people=people_at(self._people, sheets[self._cover]) if self._people else {},
        )

    def _answers(self, values: Sequence[str], sheets: Sequence[FramedCells], file: str) -> Answers:
        texts = list(self._pick([*values, ""]))
        if ABSENT in texts:
            texts = ["" if text == ABSENT else text for text in texts]
        odd: dict[int, Odd] = {}
        for kind in self._numbers:
            if not kind.are_plain(texts):
                odd |= kind.odd(texts)
        for number, ref, sheet, spot in self._slots:
            raw = sheets[sheet].get(spot)
            if raw and is_told(self._form.cells[ref], raw):
                texts[number] = raw.text
            elif raw:
                entry = read_entry(self._form, ref, Place(file), raw)
                texts[number] = entry.raw
                if not is_plain(entry, is_number=self._form.cells[ref].numeric):
                    odd[number] = Odd(entry.state, entry.value, entry.rule)
        return Answers(self._slate, file, texts, odd)

    def _is_odd(self, values: Sequence[str], sheets: Sequence[FramedCells]) -> bool:
        """Whether a state is none of ours, or a text without a label is one that we print."""
        states = {values[at] for at in self._states}  # few are different
        if not all(map(_is_state, map(decode, states))):
            return True
        return self._unprinted.hold_print(values, sheets)


def _is_number(cell: FrameCell | None) -> bool:
    """Whether a cell holds a number of its own and no formula, or nothing."""
    return (
        cell is not None
        and cell.kind is CellKind.NUMBER
        and cell.formula is None
        and cell.slot >= 0
    )


def _unlabelled(located: Iterable[LocatedTable], values: _Values) -> Iterator[_Unlabelled]:
    for each in located:
        sheet = values.order[each.table.sheet.name]
        for slot in each.table.unlabelled:
            spot = each.placement.spots[slot.ref]
            is_number = _is_number(values.sheets[sheet].frame.cells.get(spot))
            yield _Unlabelled(values.at(sheet, spot) if is_number else -1, sheet, spot, each.table)


class _Constants:
    """What every return holds that follows a pattern: the texts of some values."""

    def __init__(self, values: _Values, free: Sequence[set[Spot]]) -> None:
        slots = [
            (values.at(number, spot), framed.is_shared)
            for number, cells in enumerate(values.sheets)
            for spot, framed in cells.frame.cells.items()
            if framed.slot >= 0 and spot not in free[number]
        ]
        texts = _values(values.sheets)
        self._pick_own: Pick = picker([at for at, is_shared in slots if not is_shared])
        self._values = tuple(self._pick_own(texts))
        self._pick_shared: Pick = picker([at for at, is_shared in slots if is_shared])
        self._texts = self._shared(texts, values.sheets[0].strings)

    def hold(self, values: Sequence[str], strings: Mapping[str, str]) -> bool:
        """Whether the values of all sheets are so; shared strings by the numbers that name them."""
        own = tuple(self._pick_own(values))
        return own == self._values and self._shared(values, strings) == self._texts

    def _shared(self, values: Sequence[str], strings: Mapping[str, str]) -> list[str]:
        return list(map(strings.__getitem__, self._pick_shared(values)))


def _make(workbook: Workbook) -> Hashable | None:
    """Say what a workbook is made of, values apart; None if a sheet has no frame."""
    made: list[Hashable] = [workbook.client]
    for sheet in workbook.sheets:
        if not isinstance(sheet.cells, FramedCells):
            return None
        told = (sheet.protected, sheet.validated)
        made.append((sheet.name, sheet.state, told, sheet.cells.frame))
    return tuple(made)


def _values(sheets: Iterable[FramedCells]) -> list[str]:
    """Give the values of all sheets."""
    values: list[str] = []
    for cells in sheets:
        values += cells.texts
    return values


def _framed(sheet: Sheet) -> FramedCells:
    if not isinstance(sheet.cells, FramedCells):
        raise TypeError(sheet.name)  # `_make` gives no make to a workbook with such a sheet
    return sheet.cells


def _is_usual(workbook: Workbook, located: Iterable[LocatedTable], submission: Submission) -> bool:
    """Whether everything is where it was issued, on sheets of their names, and nothing typed over.

    Other returns are rare enough to be read cell by cell.
    """
    as_issued = all(
        each.sheet
        and each.sheet.name == each.table.sheet.name
        and each.placement is each.table.issued
        for each in located
    )
    is_usual = as_issued and not submission.typed and not submission.explanations
    return is_usual and _has_usual_checks(workbook)


def _has_usual_checks(workbook: Workbook) -> bool:
    """Whether 自检 has its name and its columns, and what formulas say there are marks of ours."""
    page = reason_sheet(workbook)
    if page is None or page.sheet.name != CHECKS:
        return False
    cells = _framed(page.sheet)
    states = (raw.text for raw in map(cells.get, _states(cells)) if raw)
    return (page.code, page.place, page.reason) == (CODE, PLACE, REASON) and all(
        map(_is_state, states)
    )


def _free(sheet: Sheet) -> set[Spot]:
    """Give the cells of a sheet whose text no reading depends on, or which are read anew."""
    cells = _framed(sheet)
    if sheet.name in (SCRATCH, HIDDEN_SHEET):
        return set(cells.frame.cells)
    if sheet.name == COVER:
        return {spot for spot in cells.frame.cells if 0 < spot[1] < COVER_COLUMNS}
    if sheet.name == SENDBACK:
        return {spot for spot in cells.frame.cells if spot[1] < len(HEADER)}
    return set(_states(cells)) if sheet.name == CHECKS else set()


def _heads_and_marks(sheet: SheetLayout) -> Iterator[Spot]:
    """Give what a sheet of the form says of its agency, and what it says of the figures."""
    yield from ((row, 0) for row in (AGENCY_ROW, CODE_ROW, STATUS_ROW, *sheet.mark_rows))
    yield from (mark.box.spot for mark in sheet.marks)


@lru_cache(maxsize=4096)
def _is_state(text: str) -> bool:
    return not text or is_printed(text, ())


def _states(cells: FramedCells) -> Iterator[Spot]:
    framed = cells.frame.cells.items()
    return (spot for spot, each in framed if spot[1] == STATE and each.formula and each.slot >= 0)
