"""Gives every cell of a form what holds for it: an item's keys win over its column's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.model.cells import CellRef
from sheetflow.model.form import (
    Blank,
    Cell,
    Line,
    LineKind,
    Measure,
    Shape,
    Table,
    is_cell,
    measure_of,
    row_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_TEXT = 32767
"""What an Excel cell holds: the limit of a text that states none."""


def resolve_cells(tables: Iterable[Table]) -> dict[CellRef, Cell]:
    """Give all cells in the form's order: table by table, item by item, column by column."""
    return {cell.ref: cell for table in tables for cell in _cells(table)}


def _cells(table: Table) -> Iterator[Cell]:
    beside = {column.code: (*_path(column, table.columns),) for column in table.columns}
    for item in table.items:
        above = (row_words(item.code),) if table.is_register else (*_path(item, table.items),)
        for column in table.columns:
            if is_cell(item, column):
                yield _cell(table, item, column, (*above, *beside[column.code]))


def _cell(table: Table, item: Line, column: Line, paths: tuple[str, ...]) -> Cell:
    total = LineKind.TOTAL in (item.kind, column.kind)
    measure = measure_of(item, column)
    longest = column.limit if item.limit is None else item.limit
    if longest is None and measure is Measure.TEXT:
        longest = LONGEST_TEXT
    return Cell(
        ref=CellRef(table.code, item.code, column.code),
        kind=LineKind.TOTAL if total else LineKind.ENTRY,
        measure=measure,
        unit=item.unit or column.unit,
        decimals=column.decimals if item.decimals is None else item.decimals,
        required=table.required and not total and _is_asked(table, item, column),
        blank=item.blank or column.blank or Blank.ERROR,
        section=item.section,
        labels=tuple(label for label in (table.caption, *paths) if label),
        help=item.help or column.help,
        limit=longest,
        choices=(item if item.measure else column).choices,
        in_register=table.is_register,
    )


def _is_asked(table: Table, item: Line, column: Line) -> bool:
    """Whether a blank is a fault: of a text in a grid, if the line that makes it one says so.

    Where an item has no figures, what it says of blanks can't be meant for them.
    """
    if table.shape is Shape.TEXTS or measure_of(item, column).numeric:
        return True
    others = (other for other in table.columns if is_cell(item, other))
    has_figures = any(measure_of(item, other).numeric for other in others)
    return bool((item if item.measure else column).blank or (item.blank and not has_figures))


def _path(line: Line, lines: Sequence[Line]) -> Iterator[str]:
    """Give the labels of a line's headings, outermost first, and its own."""
    for other in lines:
        if line.code == other.code or line.code.startswith(f"{other.code}."):
            yield other.label
