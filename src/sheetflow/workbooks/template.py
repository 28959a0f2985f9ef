"""空表: the locked workbook that one agency fills in, all of it derived from the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.layout.grid import Role
from sheetflow.layout.sheets import (
    AGENCY_ROW,
    CODE_ROW,
    FIRST_ROW,
    SPACER_ROW,
    STATUS_ROW,
    TITLE_ROW,
)
from sheetflow.model.cells import column_letters
from sheetflow.model.form import LineKind
from sheetflow.workbooks.correction import SENDBACK, write_comment, write_sendback
from sheetflow.workbooks.front import (
    COVER,
    SCRATCH,
    Assembly,
    Cover,
    set_up_page,
    write_cover,
    write_identity,
    write_scratch,
)
from sheetflow.workbooks.grid_sizes import column_widths, label_height, row_heights
from sheetflow.workbooks.marks import MARK_STYLES, Formulas, register_status, status
from sheetflow.workbooks.prompts import write_prompts
from sheetflow.workbooks.self_check import write_checks
from sheetflow.workbooks.stamping import gap, own_texts, plate_of
from sheetflow.workbooks.styles import StyledWorkbook, clean_text, lines_of, merge_box

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xlsxwriter.worksheet import Worksheet

    from sheetflow.layout.grid import Grid, Label, Slot
    from sheetflow.layout.sheets import Layout, SheetLayout
    from sheetflow.model.form import Form
    from sheetflow.workbooks.stamp import Stamp
    from sheetflow.workbooks.stamping import Plate

_LANDSCAPE_FROM = 7
_LOCKED = {"select_locked_cells": True, "select_unlocked_cells": True, "format_rows": True}
_TEXT_WIDTH, _TEXT_HEIGHT = 80, 105


def write_template(form: Form, layout: Layout, cover: Cover, stamp: Stamp | None) -> bytes:
    """Write one agency's template; without a stamp, the blank master that shows the form."""
    if stamp:
        return make_plate(form, layout, cover, stamp).stamped(own_texts(cover, stamp))
    return template_book(form, layout, cover, own_texts(cover, None)).finished()


def make_plate(form: Form, layout: Layout, cover: Cover, stamp: Stamp) -> Plate:
    """Build a template with gaps for what is the agency's own.

    It serves all agencies: what cover and stamp say of one is left out.
    """
    gaps = {name: gap(name) for name in own_texts(cover, stamp)}
    return plate_of(template_book(form, layout, cover, gaps, stamp.rows()).parts())


def template_book(
    form: Form,
    layout: Layout,
    cover: Cover,
    own: Mapping[str, str],
    hidden: Collection[str] = (),
    *,
    sent_back: bool = False,
) -> StyledWorkbook:
    """Write all sheets; `hidden` are the keys of the hidden one, none if there is none.

    One that is sent back has 退回说明 in front, and gaps for a comment at each cell of the form.
    """
    book = StyledWorkbook(form.title)
    made = Assembly(book, form, layout, Formulas(form, layout), cover, own)
    sendback = book.add_worksheet(SENDBACK) if sent_back else None
    front = book.add_worksheet(COVER)
    for sheet in layout.sheets:
        page = book.add_worksheet(sheet.name)
        _write_sheet(made, page, sheet)
        for slot in sheet.slots if sent_back else ():
            write_comment(page, slot.box.address, cover.office or cover.campaign)
    write_cover(made, front)
    if sendback:
        write_sendback(book, sendback)
    write_checks(made)
    write_scratch(book)
    if hidden:
        write_identity(made, hidden)
    for page in book.worksheets():
        if page.get_name() != SCRATCH:
            page.protect("", _LOCKED)
    (sendback or front).activate()
    return book


def _write_sheet(made: Assembly, page: Worksheet, sheet: SheetLayout) -> None:
    book, form = made.book, made.form
    _write_head(made, page, sheet)
    for label in sheet.labels:
        write_label(book, page, label)
    for slot in sheet.slots:
        _write_slot(made, page, slot, sheet.name)
    _write_marks(made, page, sheet)
    write_prompts(page, form, sheet)
    if sheet.grid:
        _shape_grid(page, sheet, sheet.grid)
    else:
        page.set_column(0, 0, _TEXT_WIDTH)
        for label in sheet.labels:
            if (lines := lines_of(label.text, _TEXT_WIDTH - 3)) > 1:
                page.set_row(label.box.row, label_height(lines))
        for slot in sheet.slots:
            page.set_row(slot.box.row, _TEXT_HEIGHT)
    _set_up_print(page, sheet)


def _write_head(made: Assembly, page: Worksheet, sheet: SheetLayout) -> None:
    book, last = made.book, sheet.columns - 1
    _across(book, page, TITLE_ROW, last, clean_text(sheet.section.heading), style="title")
    page.set_row(TITLE_ROW, 30)
    _across(book, page, AGENCY_ROW, last, made.own["about"], style="info")
    _across(book, page, CODE_ROW, last, made.own["printed_code"], style="code")
    if sheet.grid:
        _across(book, page, STATUS_ROW, last, _status_bar(made, sheet), style="status")
        page.set_row(STATUS_ROW, 24)
        _colour(book, page, f"A{STATUS_ROW + 1}:{column_letters(last)}{STATUS_ROW + 1}", "$A$4")
    else:
        _across(book, page, STATUS_ROW, last, clean_text(sheet.section.help), style="status")
        page.set_row(STATUS_ROW, 15 * lines_of(sheet.section.help, _TEXT_WIDTH))
    page.set_row(SPACER_ROW, 6)


def _status_bar(made: Assembly, sheet: SheetLayout) -> str:
    if sheet.register:
        return register_status(sheet)
    needed = [slot.ref for slot in sheet.slots if slot.ref in made.form.needed]
    return status(sheet, made.formulas.blanks(needed, sheet.name), required=bool(needed))


def _across(
    book: StyledWorkbook, page: Worksheet, row: int, last: int, text: str, *, style: str
) -> None:
    """Write a text or formula over the sheet's whole width."""
    if last:
        page.merge_range(row, 0, row, last, "", book.style(style))
    if text.startswith("="):
        page.write_formula(row, 0, text, book.style(style), "")
    else:
        page.write_string(row, 0, text, book.style(style))


def write_label(book: StyledWorkbook, page: Worksheet, label: Label, top: int = 0) -> None:
    """Write a printed label into its box, moved down by `top` rows."""
    style = label.role.value
    if label.role is Role.ITEM and label.box.rows > 1:
        style = "heading"
    box = label.box.moved_down(top)
    merge_box(page, box, book.style(style))
    page.write_string(box.row, box.column, clean_text(label.text), book.style(style))


def _write_slot(made: Assembly, page: Worksheet, slot: Slot, sheet: str) -> None:
    book, form, box = made.book, made.form, slot.box
    cell = form.cells[slot.ref]
    style = book.style(cell.measure.value, kind=cell.kind.value)
    merge_box(page, box, style)
    if cell.kind is LineKind.TOTAL:
        formula = made.formulas.total(form.definitions[slot.ref], sheet)
        page.write_formula(box.row, box.column, formula, style, "")
    else:
        page.write_blank(box.row, box.column, None, style)


def _write_marks(made: Assembly, page: Worksheet, sheet: SheetLayout) -> None:
    book = made.book
    for mark in sheet.marks:
        box = mark.box
        merge_box(page, box, book.style("mark"))
        formula = made.formulas.mark(mark, sheet.name)
        page.write_formula(box.row, box.column, formula, book.style("mark"), "")
        if not sheet.register:
            _colour(book, page, box.address, box.address)
    if sheet.register:  # its rows may be many, and are alike
        first, lowest = sheet.marks[0].box.address, sheet.marks[-1].box.address
        _colour(book, page, f"{first}:{lowest}", first)
    last = sheet.grid.label_columns - 1 if sheet.grid else 0
    for row in sheet.mark_rows:
        if last > 0:
            page.merge_range(row, 0, row, last, "", book.style("mark_label"))
        if last >= 0:
            said, style = _mark_words(made.form, sheet, row)
            page.write_string(row, 0, said, book.style(style))


def _mark_words(form: Form, sheet: SheetLayout, row: int) -> tuple[str, str]:
    """Say what a row of marks below the grid is, of several of which table; in which style."""
    mark = next(mark for mark in sheet.marks if mark.box.row == row)
    table = form.table(mark.entries[0].table)
    name = table.caption or table.banner or table.corner
    if len(sheet.mark_rows) == 1 or not name:
        return "自动校验（无需填写）", "mark_label"
    return clean_text(f"自动校验：{name}"), "mark_name"


def _colour(book: StyledWorkbook, page: Worksheet, area: str, watched: str) -> None:
    """Colour an area by the mark that its watched cell begins with."""
    for word, style in MARK_STYLES:
        rule = {
            "type": "formula",
            "criteria": f'=LEFT({watched},{len(word)})="{word}"',
            "format": book.style(style),
        }
        page.conditional_format(area, rule)


def _shape_grid(page: Worksheet, sheet: SheetLayout, grid: Grid) -> None:
    widths = column_widths(grid)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.set_column(grid.columns, grid.columns, 13)
    for row, height in row_heights(grid, widths).items():
        page.set_row(FIRST_ROW + row, height)
    page.set_row(sheet.rows, 20)
    for row in sheet.mark_rows if len(sheet.mark_rows) > 1 else ():
        page.set_row(row, 24)  # the name of its table may take two lines
    header = FIRST_ROW + len(grid.header_rows) if len(grid.tables) == 1 else FIRST_ROW
    page.freeze_panes(header, grid.label_columns)


def _set_up_print(page: Worksheet, sheet: SheetLayout) -> None:
    set_up_page(page, landscape=sheet.columns >= _LANDSCAPE_FROM)
    if sheet.grid and sheet.register:
        page.repeat_rows(FIRST_ROW, FIRST_ROW + len(sheet.grid.header_rows) - 1)
    elif sheet.grid:
        page.fit_to_pages(1, 1)
    page.center_horizontally()
