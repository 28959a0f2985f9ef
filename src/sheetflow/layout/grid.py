"""Lays a table out as the official form prints it: merged headings, several levels, both sides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sheetflow.model.cells import Box, CellRef
from sheetflow.model.form import Line, LineKind, Table, is_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Role(StrEnum):
    """What a label says: a table's caption, the corner, a column's or an item's name.

    The number of a register's row is no name: in another row the same would mean the same.
    """

    CAPTION = "caption"
    CORNER = "corner"
    COLUMN = "column"
    ITEM = "item"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Label:
    """A printed text of the form and the box it fills; `code` is its line's, if it names one."""

    box: Box
    text: str
    role: Role
    table: str
    code: str = ""
    also: tuple[str, ...] = ()
    """Other texts under which returns may have it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell's box."""

    ref: CellRef
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """One table or several under each other: labels and slots that fill a rectangle."""

    rows: int
    columns: int
    label_columns: int
    labels: tuple[Label, ...]
    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    header_rows: tuple[int, ...]
    """Rows that hold no slot: captions and column headings."""

    @property
    def register(self) -> Table | None:
        """The register that it is, which stands alone."""
        return self.tables[0] if self.tables[0].is_register else None


def tables_grid(tables: Sequence[Table]) -> Grid:
    """Lay tables out under each other at the width of the widest."""
    width = max(_label_depth(table) + len(_leaves(table.columns)) for table in tables)
    labels: list[Label] = []
    slots: list[Slot] = []
    row = 0
    for table in tables:
        table_labels, table_slots, rows = _table(table, row, width)
        labels += table_labels
        slots += table_slots
        row += rows
    filled = {slot.box.row for slot in slots}
    return Grid(
        rows=row,
        columns=width,
        label_columns=max(_label_depth(table) for table in tables),
        labels=tuple(labels),
        slots=tuple(slots),
        tables=tuple(tables),
        header_rows=tuple(r for r in range(row) if r not in filled),
    )


def _table(table: Table, top: int, width: int) -> tuple[list[Label], list[Slot], int]:
    """Lay one table out from row `top`; where it is narrower, its last column fills the width."""
    first_column = _label_depth(table)
    labels: list[Label] = []
    row = top
    for text in filter(None, (table.caption,)):
        labels.append(Label(Box(row, 0, 1, width), text, Role.CAPTION, table.code))
        row += 1
    header_top = row
    if table.banner:
        box = Box(row, first_column, 1, width - first_column)
        labels.append(Label(box, table.banner, Role.CAPTION, table.code))
        row += 1
    columns = _leaves(table.columns)
    depth = max(column.code.count(".") for column in columns) + 1
    spans = _column_boxes(columns, first_column, width)
    labels += [
        _line_label(line, Box(row + level, left, rows, wide), Role.COLUMN, table)
        for line, level, rows, left, wide in _headings(table.columns, depth, spans)
    ]
    row += depth
    if first_column:
        box = Box(header_top, 0, row - header_top, first_column)
        labels.append(Label(box, table.corner, Role.CORNER, table.code))
    items = _leaves(table.items)
    rows = {item.code: (row + index, 1) for index, item in enumerate(items)}
    if first_column:
        role = Role.NUMBER if table.is_register else Role.ITEM
        labels += [
            _line_label(line, Box(first, level, tall, wide), role, table)
            for line, level, wide, first, tall in _headings(table.items, first_column, rows)
        ]
    slots: list[Slot] = []
    for item in items:
        for column in columns:
            left, wide = spans[column.code]
            box = Box(rows[item.code][0], left, 1, wide)
            if is_cell(item, column):
                slots.append(Slot(CellRef(table.code, item.code, column.code), box))
            else:  # a text has no total
                labels.append(Label(box, "", Role.CORNER, table.code))
    return labels, slots, row + len(items) - top


def _line_label(line: Line, box: Box, role: Role, table: Table) -> Label:
    return Label(box, line.label, role, table.code, line.code, line.also)


def _leaves(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.kind is not LineKind.HEADING]


def _label_depth(table: Table) -> int:
    """How many columns the item labels take; none where the form prints no item label."""
    if not any(line.label for line in table.items):
        return 0
    return max(line.code.count(".") for line in table.items) + 1


def _column_boxes(
    columns: Sequence[Line], first_column: int, width: int
) -> dict[str, tuple[int, int]]:
    spans = {column.code: (first_column + index, 1) for index, column in enumerate(columns)}
    left, _ = spans[columns[-1].code]
    spans[columns[-1].code] = (left, width - left)
    return spans


def _headings(
    lines: Sequence[Line], depth: int, spans: dict[str, tuple[int, int]]
) -> Iterable[tuple[Line, int, int, int, int]]:
    """Give (line, level, levels covered, start, extent): a leaf reaches down to the values."""
    for line in lines:
        level = line.code.count(".")
        if line.kind is not LineKind.HEADING:
            yield line, level, depth - level, *spans[line.code]
            continue
        below = [spans[leaf] for leaf in spans if leaf.startswith(f"{line.code}.")]
        start = min(first for first, _ in below)
        yield line, level, 1, start, max(first + extent for first, extent in below) - start
