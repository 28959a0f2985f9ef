"""Prints a grid as an official table, in Word and in HTML, from one walk over its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from sheetflow.layout.grid import Role
from sheetflow.model.cells import Box
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.layout.grid import Grid
    from sheetflow.reports.view import TableView

_TEXT_WIDTH = 8844
"""A4 less the margins of GB/T 9704 (28 and 26 mm), in twentieths of a point."""
_CELL_MARGIN = 34
_WIDE = 7
"""From this number of columns on a table is set in small type."""
_LABEL_SHARE, _OUTER_SHARE, _VALUE_SHARE = 0.45, 0.075, 0.25


@dataclass(frozen=True, slots=True)
class Tile:
    """A box of the printed table with its text; a figure has no role but its cell's code."""

    box: Box
    text: str
    role: Role | None
    code: str = ""


Row = tuple[Tile, ...]


def table_rows(table: TableView) -> tuple[Row, ...]:
    """Give each row's tiles from left to right; a tile that reaches down stands in every row."""
    grid = table.grid
    covering: dict[tuple[int, int], Tile] = {}
    for tile in _tiles(table):
        for row in range(tile.box.row, tile.box.last_row + 1):
            for column in range(tile.box.column, tile.box.last_column + 1):
                covering[row, column] = tile
    rows = []
    for row in range(grid.rows):
        tiles = (
            covering.get((row, column)) or Tile(Box(row, column), "", Role.CORNER)
            for column in range(grid.columns)
        )
        rows.append(tuple(dict.fromkeys(tiles)))
    return tuple(rows)


def column_shares(grid: Grid) -> tuple[float, ...]:
    """Divide the width of the page: headings of headings narrow, the items' names wide."""
    labels, values = grid.label_columns, grid.columns - grid.label_columns
    if not labels:
        return (1 / values,) * values
    beside = _LABEL_SHARE if labels > 1 else max(_VALUE_SHARE, 1 / grid.columns)
    outer = (_OUTER_SHARE,) * (labels - 1)
    return (*outer, beside - sum(outer), *((1 - beside) / values,) * values)


def html_table(table: TableView) -> Markup:
    """Render a table as HTML; each figure's cell bears its code."""
    grid = table.grid
    columns = Markup("").join(
        Markup('<col style="width:{:.2f}%">').format(100 * share) for share in column_shares(grid)
    )
    head = _head_rows(grid)
    rows = [_html_row(row, index, grid) for index, row in enumerate(table_rows(table))]
    size = "wide" if grid.columns >= _WIDE else "narrow"
    return Markup(
        '<table class="official {}"><colgroup>{}</colgroup>{}<tbody>\n{}</tbody></table>'
    ).format(
        size,
        columns,
        Markup("<thead>\n{}</thead>").format(Markup("").join(rows[:head])) if head else "",
        Markup("").join(rows[head:]),
    )


def word_table(table: TableView) -> Markup:
    """Render a table as WordprocessingML, all formatting its own: any template may hold it."""
    grid = table.grid
    widths = _word_widths(grid)
    points = 9 if grid.columns >= _WIDE else 11
    repeated = _head_rows(grid)
    rows = Markup("").join(
        _word_row(row, index, widths, points, header=index in grid.header_rows, repeat=repeated)
        for index, row in enumerate(table_rows(table))
    )
    return Markup(
        '<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:jc w:val="center"/>'
        "<w:tblBorders>{}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{}" w:type="dxa"/>'
        '<w:right w:w="{}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "<w:tblGrid>{}</w:tblGrid>{}</w:tbl>"
    ).format(
        sum(widths),
        Markup("").join(
            Markup('<w:{} w:val="single" w:sz="4" w:space="0" w:color="000000"/>').format(side)
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        ),
        _CELL_MARGIN,
        _CELL_MARGIN,
        Markup("").join(Markup('<w:gridCol w:w="{}"/>').format(width) for width in widths),
        rows,
    )


def word_text(text: str) -> Markup:
    """Escape a text for Word; docxtpl takes `{_{` and the like for its own, so it never sees them."""
    safe = escape(text)
    return Markup(safe.replace("_", "&#95;"))  # noqa: S704 - escaped in the line above


def balanced(text: str, most: int) -> tuple[str, ...]:
    """Break a heading into lines of nearly equal length, at most so many characters each."""
    lines = -(-len(text) // most) or 1
    length = -(-len(text) // lines) or 1
    return tuple(text[start : start + length] for start in range(0, len(text), length)) or ("",)


def _tiles(table: TableView) -> Iterator[Tile]:
    for label in table.grid.labels:
        yield Tile(label.box, clean_text(label.text), label.role)
    for slot in table.grid.slots:
        yield Tile(slot.box, table.shown[slot.ref], None, str(slot.ref))


def _head_rows(grid: Grid) -> int:
    """Count the rows to repeat on each page; several tables in a block have no common heading."""
    return grid.slots[0].box.row if len(grid.tables) == 1 else 0


def _html_row(row: Row, index: int, grid: Grid) -> Markup:
    starting = (tile for tile in row if tile.box.row == index)
    tiles = Markup("").join(_html_tile(tile, grid) for tile in starting)
    return Markup("<tr>{}</tr>\n").format(tiles)


def _html_tile(tile: Tile, grid: Grid) -> Markup:
    box, spans = tile.box, Markup("")
    if box.rows > 1:
        spans += Markup(' rowspan="{}"').format(box.rows)
    if box.columns > 1:
        spans += Markup(' colspan="{}"').format(box.columns)
    if tile.role is None:
        return Markup('<td data-cell="{0}" title="{0}"{1}>{2}</td>').format(
            tile.code, spans, tile.text
        )
    if tile.role is Role.CORNER and grid.label_columns > 1:
        return Markup('<td class="corner"{}>{}</td>').format(spans, tile.text)
    return Markup('<th class="{}" scope="{}"{}>{}</th>').format(
        tile.role.value, _scope(tile), spans, tile.text
    )


def _scope(tile: Tile) -> str:
    if tile.role is Role.ITEM:
        return "rowgroup" if tile.box.rows > 1 else "row"
    return "colgroup" if tile.box.columns > 1 else "col"


def _word_widths(grid: Grid) -> list[int]:
    widths = [int(_TEXT_WIDTH * share) for share in column_shares(grid)]
    widths[grid.label_columns - 1] += _TEXT_WIDTH - sum(widths)
    return widths


def _word_row(
    row: Row, index: int, widths: list[int], points: int, *, header: bool, repeat: int
) -> Markup:
    mark = Markup("<w:tblHeader/>") if index < repeat else ""
    cells = Markup("").join(_word_tile(t, index, widths, points, header=header) for t in row)
    height = points * 29
    return Markup(
        '<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{}" w:hRule="atLeast"/>{}</w:trPr>{}</w:tr>'
    ).format(height, mark, cells)


def _word_tile(tile: Tile, index: int, widths: list[int], points: int, *, header: bool) -> Markup:
    box = tile.box
    width = sum(widths[box.column : box.last_column + 1])
    span = Markup('<w:gridSpan w:val="{}"/>').format(box.columns) if box.columns > 1 else ""
    first = index == box.row
    merge = Markup("")
    if box.rows > 1:
        merge = Markup('<w:vMerge w:val="restart"/>') if first else Markup("<w:vMerge/>")
    room = (width - 2 * _CELL_MARGIN) // (20 * points)
    return Markup(
        '<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/>{}{}<w:vAlign w:val="center"/></w:tcPr>'
        '<w:p><w:pPr>{}<w:snapToGrid w:val="0"/>'
        '<w:spacing w:before="0" w:after="0" w:line="{}" w:lineRule="exact"/>'
        '<w:ind w:left="0" w:right="0" w:firstLineChars="0" w:firstLine="0"/>'
        '<w:jc w:val="{}"/></w:pPr>{}</w:p></w:tc>'
    ).format(
        width,
        span,
        merge,
        Markup("<w:keepNext/>") if header else "",
        points * 25,
        _alignment(tile, points),
        _word_run(tile, points, max(room, 1)) if first else "",
    )


def _alignment(tile: Tile, points: int) -> str:
    """Names of lines stand left in the large table, as in the official form; all else centred."""
    return "left" if tile.role is Role.ITEM and points < 11 and tile.box.rows == 1 else "center"


def _word_run(tile: Tile, points: int, room: int) -> Markup:
    heading = tile.role in (Role.CAPTION, Role.COLUMN) or (
        tile.role is Role.CORNER and len(tile.text) <= room
    )
    lines = balanced(tile.text, room) if tile.role is Role.COLUMN else (tile.text,)
    text = Markup("<w:br/>").join(
        Markup('<w:t xml:space="preserve">{}</w:t>').format(word_text(line)) for line in lines
    )
    return Markup(
        '<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
        'w:cs="Times New Roman" w:eastAsia="{}"/><w:sz w:val="{}"/><w:szCs w:val="{}"/></w:rPr>'
        "{}</w:r>"
    ).format("黑体" if heading else "宋体", 2 * points, 2 * points, text)
