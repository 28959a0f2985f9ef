"""Places the form's sections on sheets: fixed head rows, then the grid, then the live marks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sheetflow.layout.grid import Grid, Label, Role, Slot, tables_grid
from sheetflow.model.cells import Box, CellRef, Place
from sheetflow.model.form import Along, Comparison, Form, LineKind, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TITLE_ROW, AGENCY_ROW, CODE_ROW, STATUS_ROW, SPACER_ROW, FIRST_ROW = range(6)
"""Rows (from 0) at the head of every sheet of the form; the grid starts at FIRST_ROW."""


@dataclass(frozen=True, slots=True)
class LiveMark:
    """A live mark beside a row or below a column: which cells it watches, what must hold."""

    box: Box
    entries: tuple[CellRef, ...]
    """Figures, and texts that are required; in a register all that its row has."""
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One sheet of the workbook: a section's printed labels, its cells, its marks."""

    section: Section
    columns: int
    rows: int
    labels: tuple[Label, ...]
    slots: tuple[Slot, ...]
    marks: tuple[LiveMark, ...] = ()
    grid: Grid | None = None

    @property
    def mark_rows(self) -> tuple[int, ...]:
        """The rows of marks below the grid."""
        rows = (mark.box.row for mark in self.marks if mark.box.row >= self.rows)
        return tuple(dict.fromkeys(rows))

    @property
    def register(self) -> Table | None:
        """The register that it shows, and so nothing else."""
        return self.grid.register if self.grid else None

    @property
    def name(self) -> str:
        """The sheet's name, which is the section's code."""
        return self.section.code


@dataclass(frozen=True)
class Layout:
    """Every sheet of a form's workbook."""

    sheets: tuple[SheetLayout, ...]
    slots: Mapping[CellRef, tuple[str, Box]] = field(repr=False)

    def place(self, ref: CellRef, file: str = "") -> Place:
        """Give a cell's place in a workbook."""
        sheet, box = self.slots[ref]
        return Place(file, sheet, box.address)

    def called(self, said: str) -> CellRef | None:
        """Give the cell of a code, or of a sheet and an address (三!D9)."""
        sheet, _, address = said.replace("！", "!").partition("!")
        for ref, (name, box) in self.slots.items():
            if said == str(ref) or (sheet == name and address.upper() == box.address):
                return ref
        return None


def form_layout(form: Form) -> Layout:
    """Lay out a form's workbook, one sheet a section."""
    sheets = tuple(_sheet(form, section) for section in form.sections)
    return Layout(
        sheets,
        {slot.ref: (sheet.name, slot.box) for sheet in sheets for slot in sheet.slots},
    )


def _sheet(form: Form, section: Section) -> SheetLayout:
    tables = form.tables_of(section.code)
    return _grid_sheet(form, section, tables) if tables else _text_sheet(form, section)


def _grid_sheet(form: Form, section: Section, tables: tuple[Table, ...]) -> SheetLayout:
    grid = tables_grid(tables)
    marks = (*_row_marks(form, grid), *_column_marks(form, grid))
    return SheetLayout(
        section=section,
        columns=grid.columns,
        rows=FIRST_ROW + grid.rows,
        labels=tuple(replace(label, box=label.box.moved_down(FIRST_ROW)) for label in grid.labels),
        slots=tuple(Slot(slot.ref, slot.box.moved_down(FIRST_ROW)) for slot in grid.slots),
        marks=tuple(mark for mark in marks if mark.entries),
        grid=grid,
    )


def _text_sheet(form: Form, section: Section) -> SheetLayout:
    """Lay texts out under each other: a label, and below it one cell for the whole text."""
    labels: list[Label] = []
    slots: list[Slot] = []
    row = FIRST_ROW
    for cell in form.texts_of(section.code):
        text = cell.item_labels[-1]
        labels.append(Label(Box(row, 0), text, Role.ITEM, cell.ref.table, cell.ref.item))
        slots.append(Slot(cell.ref, Box(row + 1, 0)))
        row += 2
    return SheetLayout(section, 1, row, tuple(labels), tuple(slots))


def _row_marks(form: Form, grid: Grid) -> Iterator[LiveMark]:
    """One mark to the right of each row: relations along items, and those of single cells."""
    rows: dict[int, list[CellRef]] = {}
    for slot in grid.slots:
        rows.setdefault(slot.box.row, []).append(slot.ref)
    for row, refs in rows.items():
        box = Box(FIRST_ROW + row, grid.columns)
        along = _comparisons(form, refs[0].table, Along.ITEMS, refs[0].item)
        single = tuple(
            comparison
            for comparison in form.comparisons
            if comparison.relation.along is Along.CELLS and comparison.left[0][1] in refs
        )
        yield _mark(form, box, refs, (*along, *single))


def _column_marks(form: Form, grid: Grid) -> Iterator[LiveMark]:
    """One row of marks below the grid for each table with relations that run along columns."""
    row = FIRST_ROW + grid.rows
    for table in grid.tables:
        if not any(r.table == table.code and r.along is Along.COLUMNS for r in form.relations):
            continue
        for column in (line for line in table.columns if line.kind is not LineKind.HEADING):
            slots = [
                slot
                for slot in grid.slots
                if slot.ref.table == table.code and slot.ref.column == column.code
            ]
            box = Box(row, slots[0].box.column, 1, slots[0].box.columns)
            refs = [slot.ref for slot in slots]
            comparisons = _comparisons(form, table.code, Along.COLUMNS, column.code)
            yield _mark(form, box, refs, comparisons)
        row += 1


def _comparisons(form: Form, table: str, along: Along, line: str) -> tuple[Comparison, ...]:
    return tuple(
        comparison
        for comparison in form.comparisons
        if comparison.relation.along is along
        and comparison.relation.table == table
        and comparison.line == line
    )


def _mark(
    form: Form, box: Box, refs: list[CellRef], comparisons: tuple[Comparison, ...]
) -> LiveMark:
    """Watch the entries under the cells beside a mark, and those that its relations name."""
    named = [ref for comparison in comparisons for ref in comparison.cells]
    entries = dict.fromkeys(leaf for ref in (*refs, *named) for _, leaf in form.addends(ref))
    cells = map(form.cells.__getitem__, entries)
    watched = (cell for cell in cells if cell.in_register or cell.numeric or cell.required)
    return LiveMark(box, tuple(cell.ref for cell in watched), comparisons)
