"""Lists on sheets of their own: rows of plain text under a header."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol

from sheetflow.model.cells import column_letters
from sheetflow.workbooks.front import set_up_page
from sheetflow.workbooks.sheet_rows import SheetRows, finished_with
from sheetflow.workbooks.styles import StyledWorkbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sheetflow.workbooks.markup import Markup, Style
    from sheetflow.workbooks.sheet_rows import Writer

TEXT: Style = ("cell", "")
"""The format of the rows' cells."""
_MOST_ROWS = 1_048_573
"""What Excel opens in a sheet, less the rows above a list and the one that says it is cut."""
_MOST_SHARED = 20_000
"""So many rows share their texts, as Excel writes them; those of longer lists would pile up."""

_LINE, _HIGHEST, _MARGIN = 15, 405, 2
"""Points of a line and of the highest row; characters of a column that its indent takes."""

Row = tuple[str, ...]


class Rows(Protocol):
    """The rows of a list: how many, and all of them as often as they are gone through."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class MadeRows:
    """Rows that are made as they are gone through: all of them at once may be very large."""

    count: int
    make: Callable[[], Iterator[Row]]

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Row]:
        return self.make()


@dataclass(frozen=True, slots=True)
class TextTable:
    """A sheet of plain text: 报送情况, 审核结果, 处理决定."""

    name: str
    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Rows

    @property
    def shown(self) -> Iterator[Row]:
        """The rows that the sheet gets; one that Excel could not open is cut and says so."""
        if self.left_out:
            return chain(islice(self.rows, _MOST_ROWS), (("以下从略",),))
        return iter(self.rows or (("无",),))

    @property
    def shown_count(self) -> int:
        """How many rows the sheet gets."""
        return min(len(self.rows), _MOST_ROWS + 1) or 1

    @property
    def left_out(self) -> int:
        """How many rows the sheet does not get."""
        return max(0, len(self.rows) - _MOST_ROWS)


def write_text_tables(title: str, tables: Sequence[TextTable]) -> bytes:
    """Write a workbook of plain lists."""
    book = StyledWorkbook(title)
    for table in tables:
        write_table_head(book, table, draft=False)
    return finished_with(book, (TEXT,), table_writers(tables))


def write_table_head(book: StyledWorkbook, table: TextTable, *, draft: bool) -> None:
    """Write a list's sheet without its rows, which `table_writers` put in."""
    page = book.add_worksheet(table.name)
    page.write_string(0, 0, table.name, book.style("title_left"))
    if draft:
        page.write_string(0, 2, "草稿", book.style("draft"))
    for column, (name, width) in enumerate(zip(table.header, table.widths, strict=True)):
        page.set_column(column, column, width)
        page.write_string(1, column, name, book.style("column"))
    page.freeze_panes(2, 0)
    if table.rows:
        page.autofilter(1, 0, 1 + table.shown_count, len(table.header) - 1)
    if table.left_out:
        said = f"另有 {table.left_out} 行未列入：超过 Excel 每张工作表的行数上限"
        page.write_string(0, 3, said, book.style("draft"))
    page.repeat_rows(1)
    set_up_page(page, landscape=True)


def table_writers(tables: Sequence[TextTable]) -> dict[str, Writer]:
    """Give what writes the rows of each list, by its sheet."""
    return {table.name: partial(_table_rows, table) for table in tables}


def _table_rows(table: TextTable, markup: Markup) -> SheetRows:
    cell = markup.text_cell if len(table.rows) > _MOST_SHARED else markup.cell
    letters = [column_letters(column) for column in range(len(table.header))]
    written = (
        f'<row r="{number}"{_height(row, table.widths)}>'
        + "".join(
            f'<c r="{column}{number}"{cell(TEXT, text)}'
            for column, text in zip(letters, row, strict=False)
        )
        + "</row>"
        for number, row in enumerate(table.shown, 3)
    )
    return SheetRows(written, f"{letters[-1]}{2 + table.shown_count}")


def _height(row: Row, widths: Sequence[int]) -> str:
    """Give a row whose texts wrap the height that they need; LibreOffice does not look for itself.

    A Chinese character is two wide, as it is two bytes long in GBK.
    """
    lines = max(
        -(-len(text.encode("gbk", "replace")) // (width - _MARGIN))
        for text, width in zip(row, widths, strict=False)
    )
    return f' ht="{min(lines * _LINE, _HIGHEST)}"' if lines > 1 else ""
