"""Finds where a sheet holds a table's cells: where they were issued, else by the labels' paths.

A cell is where its item's row and its column meet. A label is the one that is meant if its text is
there once under its heading; what is not certain is not placed, and the reader makes it a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from sheetflow.layout.grid import Label, Role, Slot
from sheetflow.layout.sheets import AGENCY_ROW, CODE_ROW, STATUS_ROW, TITLE_ROW
from sheetflow.model.characters import nfkc, short_ones_kept
from sheetflow.model.form import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheetflow.layout.sheets import Layout, SheetLayout
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Cell, Form
    from sheetflow.workbooks.workbook import RawCell, Spot

_HEAD_ROWS = (TITLE_ROW, AGENCY_ROW, CODE_ROW, STATUS_ROW)
_REACH = 200
"""How far a heading may stand from what it heads, in rows or columns."""
_OWN_LINES = re.compile(
    r"填报单位：.*|编号\s*\S*:\S*|空白表样|自动校验(（无需填写）|：.*)"
    r"|√( 本表.*)?|待填(：本表还有.*)?|× (请核对：|非数字|\w+ [多少]).*"
)
"""What our own head lines and live marks say."""
_PIECES = 3
"""Into how many cells, one below the other, a heading may have been split in pasting."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a sheet holds a table: the spots of the cells that could be placed, and of labels."""

    spots: Mapping[CellRef, Spot]
    labels: Mapping[Label, Spot]
    doubled: Mapping[Label, tuple[Spot, ...]] = field(default_factory=dict)
    """Where labels stand that stand more often than the form prints them."""


@dataclass(frozen=True)
class PrintedTable:
    """What a sheet shows of one table: its labels and its cells, as issued."""

    sheet: SheetLayout
    code: str
    labels: tuple[Label, ...]
    slots: tuple[Slot, ...]
    printed: Mapping[str, int] = field(repr=False)
    """How often the form prints each text, on all of its sheets."""
    cells: Mapping[CellRef, Cell] = field(repr=False)
    """The form's cells."""

    @cached_property
    def headings(self) -> Mapping[Label, Label | None]:
        """For each label the nearest heading over it that has a text."""
        return {label: _heading(label, self.by_code) for label in self.labels}

    @cached_property
    def by_code(self) -> Mapping[tuple[Role, str], Label]:
        """The label of each item and column, headings included, by role and code."""
        return {(label.role, label.code): label for label in self.labels if label.code}

    @cached_property
    def unlabelled(self) -> tuple[Slot, ...]:
        """Cells that have no item's label on their row, only above it."""
        rows = {label.box.row for label in self.labels if label.role is Role.ITEM}
        return tuple(slot for slot in self.slots if slot.box.row not in rows)

    @cached_property
    def texts(self) -> frozenset[str]:
        """All that the form prints on the table's sheet, marks apart, without white space."""
        return frozenset(_printed_texts(self.sheet))

    @cached_property
    def label_texts(self) -> frozenset[str]:
        """What the table's labels may say."""
        return frozenset(text for label in self.labels for text in _texts(label))

    @cached_property
    def issued(self) -> Placement:
        """Where everything was when the template was issued."""
        return Placement(
            {slot.ref: slot.box.spot for slot in self.slots},
            {label: label.box.spot for label in self.labels},
        )

    @cached_property
    def issued_spots(self) -> frozenset[Spot]:
        """All that a sheet of the template holds: cells, labels, head lines, and live marks."""
        rows = (*_HEAD_ROWS, *self.sheet.mark_rows)  # those below with the words beside the marks
        marks = (mark.box.spot for mark in self.sheet.marks)
        issued = self.issued
        return frozenset(
            (*issued.spots.values(), *issued.labels.values(), *((row, 0) for row in rows), *marks)
        )

    def path(self, slot: Slot) -> Iterator[Label]:
        """Give the labels that say what a cell means, headings first; its item's, its column's."""
        for role, code in ((Role.ITEM, slot.ref.item), (Role.COLUMN, slot.ref.column)):
            label: Label | None = self.by_code.get((role, code))
            steps: list[Label] = []
            while label:
                steps.append(label)
                label = self.headings[label]
            yield from reversed(steps)


def printed_tables(form: Form, layout: Layout) -> tuple[PrintedTable, ...]:
    """Give the tables of a form, each with what is printed of it on its sheet."""
    printed = Counter(text for sheet in layout.sheets for text in _printed_texts(sheet))
    return tuple(
        PrintedTable(
            sheet,
            code,
            tuple(label for label in _named(sheet) if label.table == code and label.text),
            tuple(slot for slot in sheet.slots if slot.ref.table == code),
            printed,
            form.cells,
        )
        for sheet in layout.sheets
        for code in dict.fromkeys(slot.ref.table for slot in sheet.slots)
    )


def _printed_texts(sheet: SheetLayout) -> Iterator[str]:
    """Give the texts that a sheet prints, each as often as it does, and those allowed instead."""
    yield normal(sheet.section.heading)
    if sheet.section.help:  # an empty cell prints nothing
        yield normal(sheet.section.help)
    for label in _named(sheet):
        yield from _texts(label)


def _named(sheet: SheetLayout) -> Iterator[Label]:
    """Give the labels that say what a cell means: the number of a register's row does not."""
    return (label for label in sheet.labels if label.role is not Role.NUMBER)


def place(table: PrintedTable, cells: Mapping[Spot, RawCell]) -> Placement:
    """Place a table's cells on a sheet; those that can't be placed with certainty are left out."""
    issued = table.issued
    if all(_says(cells, spot, label) for label, spot in issued.labels.items()) and not any(
        _holds_print(table, cells, slot.ref, issued.spots[slot.ref]) for slot in table.unlabelled
    ):
        return issued
    search = _Search(table, cells)
    found = search.found()
    shift = _header_shift(table, found)
    spots = {}
    for slot in table.slots:
        spot = _spot(table, slot, found, shift)
        certain = spot and all(label in found for label in table.path(slot))
        if spot and certain and not _holds_print(table, cells, slot.ref, spot):
            spots[slot.ref] = spot
    taken = Counter((*spots.values(), *found.values()))
    certain_spots = {ref: spot for ref, spot in spots.items() if taken[spot] == 1}
    return Placement(certain_spots, found, search.doubled)


def _holds_print(
    table: PrintedTable, cells: Mapping[Spot, RawCell], ref: CellRef, spot: Spot
) -> bool:
    """Whether a text of the form stands where an answer should.

    A choice may be √, and so may a text in a register, whose marks never stand in its columns.
    """
    raw = cells.get(spot)
    if raw is None or not is_printed(raw.text, (table,)):
        return False
    asked = table.cells[ref]
    if asked.in_register and asked.measure is Measure.TEXT:
        return normal(raw.text) in table.texts
    return not asked.chosen(raw.text)


def is_printed(text: str, tables: Iterable[PrintedTable]) -> bool:
    """Whether a text is one that the form itself prints: a label, a head line, a live mark."""
    plain = normal(text)
    return any(plain in table.texts for table in tables) or bool(_OWN_LINES.fullmatch(text.strip()))


@short_ones_kept
def normal(text: str) -> str:
    """Compare labels without white space, brackets half or full width alike."""
    return "".join(nfkc(text).split())


def _says(cells: Mapping[Spot, RawCell], spot: Spot, label: Label) -> bool:
    raw = cells.get(spot)
    return raw is not None and (raw.text == label.text or normal(raw.text) in _texts(label))


@lru_cache(maxsize=4096)
def _texts(label: Label) -> frozenset[str]:
    """Give what a label may say: its text, or what the form allows instead of it."""
    return frozenset(normal(text) for text in (label.text, *label.also))


def _heading(label: Label, by_code: Mapping[tuple[Role, str], Label]) -> Label | None:
    code = label.code.rpartition(".")[0]
    while code and (label.role, code) not in by_code:
        code = code.rpartition(".")[0]
    return by_code[label.role, code] if code else None


class _Search:
    """Looks for one table's labels on one sheet."""

    def __init__(self, table: PrintedTable, cells: Mapping[Spot, RawCell]) -> None:
        self._table = table
        self._cells = cells
        self._found: dict[Label, Spot | None] = {}
        self._split: dict[Spot, int] = {}
        """How many cells above a spot hold the beginning of its text."""
        self._by_text = self._index()
        self.doubled = dict(self._doubled())
        """Labels of which one too many stands there; then only those where issued count."""
        self._rows = self._span()

    def found(self) -> dict[Label, Spot]:
        """Give the labels whose place is certain."""
        for label in self._table.labels:
            self._resolve(label)
        issued = self._table.issued.labels
        return {
            label: spot
            for label, spot in self._found.items()
            if spot and (not self.doubled or spot == issued[label])
            if not self._is_covered(label, spot)
        }

    def _is_covered(self, label: Label, spot: Spot) -> bool:
        """Whether another column's label stands between that of a column and its figures."""
        labels, (top, column) = self._table.labels, spot
        if label.role is not Role.COLUMN or label in self._table.headings.values():
            return False
        texts = {text for each in labels if each.role is Role.COLUMN for text in _texts(each)}
        figures = min(self._rows_of(Role.ITEM), default=max(self._rows_of(Role.COLUMN)) + 1)
        between = ((row, column) for row in range(top + 1, figures))
        return any(normal(self._cells[at].text) in texts for at in between if at in self._cells)

    def _rows_of(self, role: Role) -> list[int]:
        """Give the rows of the labels of a role, as far as they are known."""
        labels = (label for label in self._table.labels if label.role is role)
        return [spot[0] for label in labels if (spot := self._resolve(label))]

    def _doubled(self) -> Iterator[tuple[Label, tuple[Spot, ...]]]:
        for label in self._table.labels:
            spots = self._spots(label)
            if len(spots) > max(self._table.printed[text] for text in _texts(label)):
                yield label, tuple(sorted(spots))

    def _span(self) -> range:
        """Give the rows of the table: those of labels that stand there once."""
        labels = self._table.labels
        if self.doubled:
            rows = [label.box.row for label in labels]
        else:
            rows = [spots[0][0] for label in labels if len(spots := self._spots(label)) == 1]
        return range(min(rows), max(rows) + 1) if rows else range(0)

    def _index(self) -> dict[str, list[Spot]]:
        """Note where each text stands that a label may have; split ones at their last cell."""
        wanted = {text: label.role for label in self._table.labels for text in _texts(label)}
        index: dict[str, list[Spot]] = {text: [] for text in wanted}
        for (row, column), raw in self._cells.items():
            text = normal(raw.text)
            if text in wanted:
                index[text].append((row, column))
                continue
            for further in range(1, _PIECES):
                below = self._cells.get((row + further, column))
                if not text or below is None:
                    break
                text += normal(below.text)
                if wanted.get(text) is Role.COLUMN:
                    index[text].append((row + further, column))
                    self._split[row + further, column] = further
        return index

    def _spots(self, label: Label) -> list[Spot]:
        return [spot for text in _texts(label) for spot in self._by_text[text]]

    def _resolve(self, label: Label) -> Spot | None:
        if label not in self._found:
            self._found[label] = self._only(label)
        return self._found[label]

    def _only(self, label: Label) -> Spot | None:
        """Give the one spot where a label stands under its heading; None if there is no such one.

        Of a text that also stands outside the table the one among its rows is meant; of a column's
        that stands there twice the one that is nearest above the items.
        """
        heading = self._table.headings[label]
        over = self._resolve(heading) if heading else None
        if heading and over is None:
            return None
        if over:
            spots = [spot for spot in self._spots(label) if self._heads(over, spot, label.role)]
        else:
            spots = [spot for spot in self._spots(label) if not self._is_headed(spot, label)]
        if len(spots) > 1:
            spots = [spot for spot in spots if spot[0] in self._rows]
        if len(spots) > 1 and label.role is Role.COLUMN:
            spots = self._nearest_above_items(spots)
        return spots[0] if len(spots) == 1 else None

    def _is_headed(self, spot: Spot, label: Label) -> bool:
        """Whether a line that stands under no heading in the form stands under one here."""
        if label in self._table.headings.values():
            return False
        headings = {h for h in self._table.headings.values() if h and h.role is label.role}
        over = (self._resolve(heading) for heading in headings)
        return any(at and self._heads(at, spot, label.role) for at in over)

    def _heads(self, heading: Spot, spot: Spot, role: Role) -> bool:
        """Whether a heading reaches over a spot: no other text stands between the two."""
        (top, left), (row, column) = heading, spot
        row -= self._split.get(spot, 0)
        rows, columns = range(top, row + 1), range(left, column + 1)
        if not rows or not columns or len(rows) + len(columns) > _REACH:
            return False
        inner = columns[:-1] if role is Role.ITEM else columns
        outer = rows[:-1] if role is Role.COLUMN else rows
        if len(inner) == 0 or len(outer) == 0:
            return False
        text = self._cells[heading].text
        others = (self._cells[r, c].text for r in outer for c in inner if (r, c) in self._cells)
        return all(not other.strip() or other == text for other in others)

    def _nearest_above_items(self, spots: Sequence[Spot]) -> list[Spot]:
        rows = self._rows_of(Role.ITEM)
        above = [spot for spot in spots if rows and spot[0] < min(rows)]
        return [spot for spot in above if spot[0] == max(row for row, _ in above)]


def _header_shift(table: PrintedTable, found: Mapping[Label, Spot]) -> int | None:
    """Say how far down the column headings moved; None if the lowest ones do not agree on it."""
    columns = [label for label in table.labels if label.role is Role.COLUMN]
    lowest = max((label.box.row for label in columns), default=0)
    rows = {found[label][0] for label in columns if label.box.row == lowest and label in found}
    return rows.pop() - lowest if len(rows) == 1 else None


def _spot(
    table: PrintedTable, slot: Slot, found: Mapping[Label, Spot], shift: int | None
) -> Spot | None:
    """Give where a cell's row and column meet; None where one of them is not known.

    Items without labels stand right below the column headings, in their order.
    """
    item = table.by_code.get((Role.ITEM, slot.ref.item))
    column = table.by_code.get((Role.COLUMN, slot.ref.column))
    at_item = found.get(item) if item else None
    at_column = found.get(column) if column else None
    if item and at_item:
        row = at_item[0] + slot.box.row - item.box.row
    elif item is None and shift is not None:
        row = slot.box.row + shift
    else:
        return None
    if column and at_column:
        inside = at_column[0] < row and (at_item is None or at_item[1] < at_column[1])
        return (row, at_column[1]) if inside else None
    if column or item is None or at_item is None:
        return None
    return row, at_item[1] + slot.box.column - item.box.column
