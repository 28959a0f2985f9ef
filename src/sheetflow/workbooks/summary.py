"""summary.xlsx: the official tables as live sums over 明细, so that Excel itself can trace them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.model.cells import Box, CellRef, displayed
from sheetflow.model.form import LineKind, Measure
from sheetflow.relations.formula import SheetBox, quoted, ranges, side_formula
from sheetflow.workbooks.comparisons import write_charts, write_comparison
from sheetflow.workbooks.detail import DETAIL, FIRST_ROW, cached, write_detail_head
from sheetflow.workbooks.detail_rows import HEAD_STYLE, MOST_LINKS, detail_rows, detail_styles
from sheetflow.workbooks.front import set_up_page
from sheetflow.workbooks.grid_sizes import column_widths, row_heights
from sheetflow.workbooks.register_sheet import write_register
from sheetflow.workbooks.sheet_rows import finished_with
from sheetflow.workbooks.styles import StyledWorkbook, clean_text, merge_box
from sheetflow.workbooks.template import write_label
from sheetflow.workbooks.text_tables import TEXT, table_writers, write_table_head

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from sheetflow.layout.grid import Grid
    from sheetflow.layout.sheets import Layout, SheetLayout
    from sheetflow.model.aggregate import Aggregate
    from sheetflow.model.form import Cell, Form
    from sheetflow.workbooks.comparisons import BarChart, ComparedRow
    from sheetflow.workbooks.detail import Detail
    from sheetflow.workbooks.register_sheet import RegisterSheet
    from sheetflow.workbooks.text_tables import TextTable

SECTION_TOP = 2
"""How many rows stand above a section's table."""
_GROUP_GAP = 3
_PAGE = (500.0, 740.0)
"""What of A4 is left within the margins, in points."""
_POINTS_A_CHARACTER = 7.6
"""How broad a character of a column's width comes out at most, whatever the default font."""
_HEAD_HEIGHT = 60.0


@dataclass(frozen=True, slots=True)
class GroupRows:
    """A group and its rows of 明细: a run of rows, or all rows of one kind."""

    group: str
    title: str
    first: int = 0
    last: int = -1
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that summary.xlsx shows; the first group is the whole."""

    form: Form
    layout: Layout
    title: str
    draft: bool
    decimals: int
    detail: Detail | None
    """None: there are too many agencies for 明细; the tables hold figures instead of sums."""
    groups: tuple[GroupRows, ...]
    aggregates: Mapping[str, Aggregate]
    tables: tuple[TextTable, ...]
    registers: tuple[RegisterSheet, ...] = ()
    """Those in which any agency has a row."""
    compared: tuple[ComparedRow, ...] = ()
    """The whole beside the last period; empty: not known."""
    charts: tuple[BarChart, ...] = ()
    left_out: str = ""
    """What is left out, and where it is to be found."""


def write_summary(summary: Summary) -> bytes:
    """Write the summary workbook."""
    book = StyledWorkbook(summary.title)
    whole, *parts = summary.groups
    sheets = [sheet for sheet in summary.layout.sheets if sheet.grid and not sheet.register]
    for sheet in sheets:
        _write_section(book, summary, sheet, sheet.name, [whole])
    for sheet in sheets if parts else ():
        _write_section(book, summary, sheet, f"{sheet.name}（分组）", parts)
    for register in summary.registers:
        write_register(book, register, draft=summary.draft)
    if summary.detail:
        write_detail_head(book, summary.title, summary.form, summary.layout, summary.detail.cells)
    if summary.compared:
        write_comparison(
            book, summary.title, summary.compared, summary.form.period, draft=summary.draft
        )
    if summary.charts:
        write_charts(book, summary.charts, draft=summary.draft)
    for table in summary.tables:
        write_table_head(book, table, draft=summary.draft)
    writers = table_writers(summary.tables)
    if summary.detail is None:
        return finished_with(book, (TEXT,), writers)
    styles = detail_styles(summary.form, summary.detail).values()
    writers = {DETAIL: detail_rows(summary.form, summary.detail)} | writers
    return finished_with(book, (*styles, HEAD_STYLE, TEXT), writers)


def _write_section(
    book: StyledWorkbook,
    summary: Summary,
    sheet: SheetLayout,
    name: str,
    groups: Sequence[GroupRows],
) -> None:
    """Write one section's table for each group, under each other on one sheet."""
    grid = sheet.grid
    if grid is None:
        return
    page = book.add_worksheet(name)
    widths = column_widths(grid)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    heights = row_heights(grid, widths)
    remarks = ("草稿：尚有未处理事项" if summary.draft else "", summary.left_out)
    remark = "；".join(filter(None, remarks))
    linked = _linked(summary.detail, grid, len(groups))
    top = 0
    breaks: list[int] = []
    for group in groups:
        title = f"{group.title}　{sheet.section.heading}"
        _head(book, page, top, grid, title=title, remark=remark)
        top += SECTION_TOP
        for row, height in heights.items():
            page.set_row(top + row, height)
        _write_grid(book, page, summary, grid, top=top, sheet=name, group=group, linked=linked)
        top += grid.rows + _GROUP_GAP
        breaks.append(top)
    _set_up_groups(page, widths, sum(heights.values()) + _HEAD_HEIGHT, breaks)


def _linked(detail: Detail | None, grid: Grid, groups: int) -> Mapping[CellRef, str]:
    """Give the columns of 明细 that a sheet links to: none if it can't have so many links."""
    columns = detail.columns if detail else {}
    linked = {slot.ref: columns[slot.ref] for slot in grid.slots if slot.ref in columns}
    return linked if len(linked) * groups <= MOST_LINKS else {}


def _set_up_groups(
    page: Worksheet, widths: Sequence[float], height: float, breaks: Sequence[int]
) -> None:
    """Print one group a page; Excel heeds page breaks only where it need not fit pages itself."""
    width = sum(widths) * _POINTS_A_CHARACTER
    landscape = width > min(_PAGE)
    set_up_page(page, landscape=landscape)
    if len(breaks) == 1:
        page.fit_to_pages(1, 1)
        return
    across, down = (max(_PAGE), min(_PAGE)) if landscape else (min(_PAGE), max(_PAGE))
    page.set_print_scale(max(10, min(100, int(100 * min(across / width, down / height)))))
    page.set_h_pagebreaks(breaks[:-1])


def _head(
    book: StyledWorkbook, page: Worksheet, row: int, grid: Grid, *, title: str, remark: str
) -> None:
    merge_box(page, Box(row, 0, 1, grid.columns), book.style("title"))
    page.write_string(row, 0, clean_text(title), book.style("title"))
    page.set_row(row, 30)
    if remark:
        merge_box(page, Box(row + 1, 0, 1, grid.columns), book.style("draft"))
        page.write_string(row + 1, 0, remark, book.style("draft"))


def _write_grid(
    book: StyledWorkbook,
    page: Worksheet,
    summary: Summary,
    grid: Grid,
    *,
    top: int,
    sheet: str,
    group: GroupRows,
    linked: Mapping[CellRef, str],
) -> None:
    for label in grid.labels:
        write_label(book, page, label, top)
    boxes = {slot.ref: SheetBox(sheet, slot.box.moved_down(top)) for slot in grid.slots}
    aggregate = summary.aggregates[group.group]
    for slot in grid.slots:
        cell, is_added = summary.form.cells[slot.ref], summary.form.adds(slot.ref)
        if not is_added:
            formula = ""
        elif cell.kind is LineKind.TOTAL:
            side = summary.form.definitions[slot.ref].right
            area = ",".join(ranges((ref for _, ref in side), boxes.__getitem__, sheet))
            added = side_formula(side, boxes.__getitem__, sheet)
            formula = f'=IF(COUNT({area})=0,"—",{added})'
        elif summary.detail:
            formula = _sum_formula(summary.detail, slot.ref, group)
        else:
            formula = ""
        box, value = slot.box.moved_down(top), aggregate.value(slot.ref)
        style = _figure_style(book, cell, value, summary.decimals)
        merge_box(page, box, style)
        if slot.ref in linked:
            link = f"internal:{quoted(DETAIL)}!{linked[slot.ref]}{FIRST_ROW}"
            page.write_url(box.row, box.column, link, style, tip="查看明细")
        # The value stands in the cell already, for readers that do not calculate.
        nothing = displayed(None, None) if is_added else aggregate.not_added(cell)
        result = nothing if value is None else cached(value)
        if formula:
            page.write_formula(box.row, box.column, formula, style, result)
        else:
            page.write(box.row, box.column, result, style)


def _figure_style(book: StyledWorkbook, cell: Cell, value: Decimal | None, decimals: int) -> Format:
    """Show a figure as the report does: an amount that is whole has no decimals."""
    kind = "total" if cell.kind is LineKind.TOTAL else ""
    if cell.measure is not Measure.AMOUNT or value is None:
        return book.style(cell.measure.value, kind=kind)
    shown = decimals if cell.decimals is None else cell.decimals
    _, _, digits = displayed(value, shown).partition(".")
    return book.amount_style(len(digits), kind=kind)


def _sum_formula(detail: Detail, ref: CellRef, group: GroupRows) -> str:
    letters = detail.columns.get(ref)
    if not letters or (group.last < group.first and not group.kind):
        return '="—"'
    sheet = quoted(DETAIL)
    if group.kind:
        last = FIRST_ROW + len(detail.rows)
        figures = f"{sheet}!{letters}${FIRST_ROW + 1}:{letters}${last}"
        kinds = f"{sheet}!$C${FIRST_ROW + 1}:$C${last}"
        rows = enumerate(detail.rows, FIRST_ROW + 1)
        own = next((number for number, row in rows if row.head[2] == group.kind), 0)
        kind = f"{sheet}!$C${own}"  # no literal in a formula may have more than 255 characters
        count = f"SUMPRODUCT(({kinds}={kind})*ISNUMBER({figures}))"
        return f'=IF({count}=0,"—",SUMPRODUCT(({kinds}={kind})*1,{figures}))'
    first, last = FIRST_ROW + group.first + 1, FIRST_ROW + group.last + 1
    figures = f"{sheet}!{letters}${first}:{letters}${last}"
    return f'=IF(COUNT({figures})=0,"—",SUM({figures}))'
