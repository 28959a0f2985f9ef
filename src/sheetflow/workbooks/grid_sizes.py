"""How broad and how high the columns and rows of a grid are, in templates and in the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.layout.grid import Role
from sheetflow.model.form import Measure, measure_of
from sheetflow.workbooks.styles import display_width, lines_of

if TYPE_CHECKING:
    from sheetflow.layout.grid import Grid

_USUAL, _SMALL, _WORDS, _NUMBER = 13, 8, 30, 7
"""Characters of a column of figures, where there are many of them, of texts, of rows' numbers."""
_MANY = 14
_NARROWEST, _NARROWEST_OPTIONAL = 46, 26
"""So many characters the sentences above a table take, however few columns it has."""


def column_widths(grid: Grid) -> list[float]:
    """Give column widths in characters: narrow headings, one broad column for item labels."""
    usual = _USUAL if grid.register or grid.columns < _MANY else _SMALL
    with_words = _columns_of_texts(grid)
    labelled = [_label_width(grid, column) for column in range(grid.label_columns)]
    others = range(grid.label_columns, grid.columns)
    widths: list[float] = [*labelled, *(_WORDS if n in with_words else usual for n in others)]
    is_asked = any(table.required for table in grid.tables)
    widths[-1] += max(0, (_NARROWEST if is_asked else _NARROWEST_OPTIONAL) - sum(widths))
    return widths


def _label_width(grid: Grid, column: int) -> int:
    if grid.register:
        return _NUMBER
    labels = [
        label
        for label in grid.labels
        if label.box.column == column
        and label.box.columns == 1
        and label.role in (Role.ITEM, Role.COLUMN)
    ]
    if labels and all(label.box.rows > 1 for label in labels):
        return max(6, *(2 * -(-len(label.text) // label.box.rows) + 4 for label in labels))
    widest = max((display_width(label.text) for label in labels), default=20)
    return min(46, max(16, widest + 4))


def _columns_of_texts(grid: Grid) -> frozenset[int]:
    """Give the numbers of the columns in which somewhere a text is asked for."""
    items = {(table.code, item.code): item for table in grid.tables for item in table.items}
    columns = {(table.code, each.code): each for table in grid.tables for each in table.columns}
    asked = (
        (slot.box.column, items[slot.ref.table, slot.ref.item], columns[slot.ref[::2]])
        for slot in grid.slots
    )
    return frozenset(n for n, *lines in asked if measure_of(*lines) is Measure.TEXT)


def row_heights(grid: Grid, widths: list[float]) -> dict[int, float]:
    """Give row heights in points, so that every label shows whole.

    A register's rows have none: spreadsheet programs make each as high as its texts need.
    """
    rows = grid.header_rows if grid.register else range(grid.rows)
    heights: dict[int, float] = dict.fromkeys(rows, 20.0)
    for label in grid.labels:
        if label.box.row in heights and label.box.rows == 1 and label.role is not Role.CORNER:
            room = sum(widths[label.box.column : label.box.last_column + 1]) - 3
            height = label_height(lines_of(label.text, room))
            heights[label.box.row] = max(heights[label.box.row], height)
    return heights


def label_height(lines: int) -> float:
    """Give the height in points of a label of so many lines."""
    return 6 + 14.0 * lines
