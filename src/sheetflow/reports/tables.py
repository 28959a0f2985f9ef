"""Prints a grid as an official table, in Word and in HTML, from one walk over its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from sheetflow.layout.grid import Role
from sheetflow.model.cells import Box
from sheetflow.reports.fitting import SMALL, TEXT_WIDTH, Setting, settings_of
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sheetflow.layout.grid import Grid
    from sheetflow.reports.view import TableView

_CELL_MARGIN = 34
CONTINUED = "续表"
"""Stands above the further parts of a table that is too wide for the page."""
WHOLE = 30
"""Tables of up to so many rows fit on a page and are kept whole."""
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


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


def html_table(table: TableView) -> Markup:
    """Render a table as HTML; each figure's cell bears its code."""
    between = Markup('\n<p class="continued">{}</p>\n').format(CONTINUED)
    return between.join(map(_html_part, settings_of(table)))


def _html_part(setting: Setting) -> Markup:
    grid = setting.table.grid
    column = Markup('<col style="width:{:.2f}%">')
    head = _head_rows(grid)
    rows = [_html_row(row, index, grid) for index, row in enumerate(table_rows(setting.table))]
    size = Markup(' style="font-size:{}pt"').format(setting.points)
    return Markup(
        '<table class="official {}"{}><colgroup>{}</colgroup>{}<tbody>\n{}</tbody></table>'
    ).format(
        "wide" if setting.is_small else "narrow",
        size if setting.points < SMALL else "",
        joined(column.format(100 * share) for share in setting.shares),
        Markup("<thead>\n{}</thead>").format(joined(rows[:head])) if head else "",
        joined(rows[head:]),
    )


def word_table(table: TableView) -> Markup:
    """Render a table as WordprocessingML, all formatting its own: any template may hold it."""
    between = Markup(
        '<w:p><w:pPr><w:keepNext/><w:spacing w:before="60" w:after="60" w:line="300" '
        'w:lineRule="exact"/><w:jc w:val="right"/></w:pPr>'
        '<w:r><w:rPr><w:rFonts w:eastAsia="宋体"/><w:sz w:val="18"/></w:rPr>'
        "<w:t>{}</w:t></w:r></w:p>"
    ).format(CONTINUED)
    return between.join(map(_word_part, settings_of(table)))


def _word_part(part: Setting) -> Markup:
    setting = _WordSetting.of(part)
    grid = part.table.grid
    repeated = _head_rows(grid)
    return Markup(
        '<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:jc w:val="center"/>{}'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{}" w:type="dxa"/>'
        '<w:right w:w="{}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "<w:tblGrid>{}</w:tblGrid>{}</w:tbl>"
    ).format(
        sum(setting.widths),
        word_borders(),
        _CELL_MARGIN,
        _CELL_MARGIN,
        joined(Markup('<w:gridCol w:w="{}"/>').format(width) for width in setting.widths),
        joined(
            _word_row(row, index, setting, repeat=index < repeated)
            for index, row in enumerate(table_rows(part.table))
        ),
    )


def word_borders() -> Markup:
    """Write the borders of a table, all of them thin, for WordprocessingML."""
    border = Markup('<w:{} w:val="single" w:sz="4" w:space="0" w:color="000000"/>')
    return Markup("<w:tblBorders>{}</w:tblBorders>").format(joined(map(border.format, _SIDES)))


def joined(parts: Iterable[Markup]) -> Markup:
    """Put pieces of markup together."""
    return Markup("").join(parts)


def word_text(text: str) -> Markup:
    """Escape a text for Word, and hide from docxtpl what it would take for its own, as `{_{`."""
    return escape(text).replace("_", Markup("&#95;"))


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
    return Markup("<tr>{}</tr>\n").format(joined(_html_tile(tile, grid) for tile in starting))


def _html_tile(tile: Tile, grid: Grid) -> Markup:
    spans = html_spans(tile.box)
    if tile.role is None:  # most are; `format` takes five times as long
        code, text = escape(tile.code), escape(tile.text)
        return Markup(f'<td data-cell="{code}" title="{code}"{spans}>{text}</td>')  # noqa: S704
    is_beside = tile.box.column < grid.label_columns
    if tile.role is Role.CORNER and (grid.label_columns > 1 or not is_beside):
        return Markup('<td class="corner"{}>{}</td>').format(spans, tile.text)
    return Markup('<th class="{}" scope="{}"{}>{}</th>').format(
        tile.role.value, html_scope(tile), spans, tile.text
    )


def html_spans(box: Box) -> Markup:
    """Write how far a box reaches, as attributes."""
    rows = Markup(' rowspan="{}"').format(box.rows) if box.rows > 1 else Markup("")
    return rows + (Markup(' colspan="{}"').format(box.columns) if box.columns > 1 else "")


def html_scope(tile: Tile) -> str:
    """Say which cells a label is the heading of."""
    if tile.role is Role.ITEM:
        return "rowgroup" if tile.box.rows > 1 else "row"
    return "colgroup" if tile.box.columns > 1 else "col"


@dataclass(frozen=True, slots=True)
class _WordSetting:
    """How a table is set in Word: widths in twentieths of a point, type size in points."""

    widths: tuple[int, ...]
    points: float
    is_small: bool
    kept: frozenset[int]
    """Rows that stay on the page of the next one."""

    @classmethod
    def of(cls, setting: Setting) -> _WordSetting:
        grid = setting.table.grid
        widths = [int(TEXT_WIDTH * share) for share in setting.shares]
        widths[max(grid.label_columns - 1, 0)] += TEXT_WIDTH - sum(widths)
        kept = range(grid.rows - 1) if grid.rows <= WHOLE else grid.header_rows
        return cls(tuple(widths), setting.points, setting.is_small, frozenset(kept))

    def width(self, box: Box) -> int:
        """Give the width that a box covers."""
        return sum(self.widths[box.column : box.last_column + 1])

    def room(self, box: Box) -> int:
        """Count the Chinese characters that fit in a line of a box."""
        return max(int((self.width(box) - 2 * _CELL_MARGIN) // (20 * self.points)), 1)


def _word_row(row: Row, index: int, setting: _WordSetting, *, repeat: bool) -> Markup:
    return Markup(
        '<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{}" w:hRule="atLeast"/>{}</w:trPr>{}</w:tr>'
    ).format(
        int(setting.points * 29),
        Markup("<w:tblHeader/>") if repeat else "",
        joined(_word_tile(tile, index, setting) for tile in row),
    )


def _word_tile(tile: Tile, index: int, setting: _WordSetting) -> Markup:
    box = tile.box
    first = index == box.row
    merge = Markup("")
    if box.rows > 1:
        merge = Markup('<w:vMerge w:val="restart"/>') if first else Markup("<w:vMerge/>")
    return Markup(
        '<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/>{}{}<w:vAlign w:val="center"/></w:tcPr>'
        '<w:p><w:pPr>{}<w:snapToGrid w:val="0"/>'
        '<w:spacing w:before="0" w:after="0" w:line="{}" w:lineRule="exact"/>'
        '<w:ind w:left="0" w:right="0" w:firstLineChars="0" w:firstLine="0"/>'
        '<w:jc w:val="{}"/></w:pPr>{}</w:p></w:tc>'
    ).format(
        setting.width(box),
        Markup('<w:gridSpan w:val="{}"/>').format(box.columns) if box.columns > 1 else "",
        merge,
        Markup("<w:keepNext/>") if index in setting.kept else "",
        int(setting.points * 25),
        "left" if _stands_left(tile, setting) else "center",
        _word_run(tile, setting) if first else "",
    )


def _stands_left(tile: Tile, setting: _WordSetting) -> bool:
    """Say whether a text is a line's name in a large table; all else is centred."""
    return tile.role is Role.ITEM and setting.is_small and tile.box.rows == 1


def _word_run(tile: Tile, setting: _WordSetting) -> Markup:
    room, size = setting.room(tile.box), int(2 * setting.points)
    note = tile.role is Role.CORNER and len(tile.text) > room
    heading = tile.role in (Role.CAPTION, Role.COLUMN, Role.CORNER) and not note
    lines = balanced(tile.text, room) if tile.role is Role.COLUMN else (tile.text,)
    return Markup(
        '<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
        'w:cs="Times New Roman" w:eastAsia="{}"/><w:sz w:val="{}"/><w:szCs w:val="{}"/></w:rPr>'
        "{}</w:r>"
    ).format(
        "黑体" if heading else "宋体",
        size,
        size,
        Markup("<w:br/>").join(
            Markup('<w:t xml:space="preserve">{}</w:t>').format(word_text(line)) for line in lines
        ),
    )
