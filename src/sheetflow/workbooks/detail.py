"""明细: the summary's sheet that has a row for each agency and a column for each cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sheetflow.model.cells import column_letters
from sheetflow.relations.words import cell_words
from sheetflow.workbooks.front import set_up_page
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from xlsxwriter.worksheet import Worksheet

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.form import Form
    from sheetflow.workbooks.styles import StyledWorkbook

DETAIL = "明细"
FIRST_ROW = 4
"""The row (from 0) of the first agency."""
_HEAD = ("代码", "名称", "类别", "报送状态", "文件")
FIRST_COLUMN = len(_HEAD)


@dataclass(frozen=True, slots=True)
class DetailRow:
    """A line of 明细: an agency's figures, or what a decision adds to a group."""

    head: tuple[str, str, str, str, str]
    values: Sequence[int | Decimal | None]
    """One for each cell that has a column."""
    places: Mapping[CellRef, Place] = field(default_factory=dict)
    """Where the figures stand in a file that can be opened from here."""


@dataclass(frozen=True)
class Detail:
    """All of 明细: the cells that have a column, and the rows."""

    cells: tuple[CellRef, ...]
    rows: tuple[DetailRow, ...]

    @cached_property
    def columns(self) -> Mapping[CellRef, str]:
        """The letters of each cell's column."""
        columns = enumerate(self.cells, FIRST_COLUMN)
        return {ref: column_letters(column) for column, ref in columns}


def cached(value: Decimal) -> int | float:
    """Give a figure as spreadsheets hold it; the exact one stands in totals.csv."""
    return int(value) if value == value.to_integral_value() else float(value)


def write_detail_head(
    book: StyledWorkbook, title: str, form: Form, layout: Layout, cells: Sequence[CellRef]
) -> None:
    """Write the sheet without its rows, which `detail_rows` puts in."""
    page = book.add_worksheet(DETAIL)
    page.write_string(0, 0, clean_text(f"{title}　{DETAIL}"), book.style("title_left"))
    for column, name in enumerate(_HEAD):
        page.merge_range(1, column, 3, column, "", book.style("column"))
        page.write_string(1, column, name, book.style("column"))
    for column, ref in enumerate(cells, FIRST_COLUMN):
        section, box = layout.slots[ref]
        page.write_string(1, column, f"{section}!{box.address}", book.style("column"))
        page.write_string(2, column, clean_text(cell_words(ref, form)), book.style("item"))
        page.write_string(3, column, str(ref), book.style("code"))
    _shape(page, len(cells))


def _shape(page: Worksheet, cells: int) -> None:
    page.set_row(2, 60)
    page.set_column(0, 0, 12)
    page.set_column(1, 1, 30)
    page.set_column(2, 3, 9)
    page.set_column(4, 4, 24)
    page.set_column(FIRST_COLUMN, FIRST_COLUMN + cells, 12)
    page.freeze_panes(FIRST_ROW, 2)
    set_up_page(page, landscape=True)
