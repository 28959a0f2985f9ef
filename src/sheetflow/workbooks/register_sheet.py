"""台账 in summary.xlsx: the rows of all agencies under each other, each linked to its return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.model.cells import column_letters
from sheetflow.model.days import parse_date
from sheetflow.model.form import Measure
from sheetflow.relations.formula import quoted
from sheetflow.workbooks.detail import cached
from sheetflow.workbooks.detail_rows import MOST_LINKS
from sheetflow.workbooks.front import set_up_page
from sheetflow.workbooks.styles import FIRST_DAY, clean_text, lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from xlsxwriter.worksheet import Worksheet

    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Line
    from sheetflow.model.registers import AgencyRow
    from sheetflow.workbooks.styles import StyledWorkbook

_BEFORE, _AFTER = ("代码", "名称", "序号"), ("文件", "位置")
_SUM_ROW, _HEAD_ROW = 2, 3
_WIDTHS, _WORDS, _USUAL, _FILE = (12, 24, 7), 40, 13, 30
_LINE, _HIGHEST, _MARGIN = 15, 405, 2
"""Points of a line and of the highest row; characters of a column that its borders take."""
_LONGEST_LINK = 2_000


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """All rows of a register."""

    name: str
    title: str
    columns: tuple[Line, ...]
    names: tuple[str, ...]
    """The columns' names."""
    rows: Sequence[AgencyRow]
    openable: frozenset[str]
    """The files that a link can open."""
    sums: Mapping[str, Decimal]
    """The exact sums of columns of figures, by their codes."""
    left_out: str = ""
    """What is left out, and where it is to be found."""


def write_register(book: StyledWorkbook, register: RegisterSheet, *, draft: bool) -> None:
    """Write a register: what a filter leaves of it is added up above its heading."""
    page = book.add_worksheet(register.name)
    page.write_string(0, 0, clean_text(register.title), book.style("title_left"))
    remark = "；".join(filter(None, ("草稿：尚有未处理事项" if draft else "", register.left_out)))
    if remark:
        page.write_string(1, 0, remark, book.style("title_left"))
    header = (*_BEFORE, *register.names, *_AFTER)
    for column, (name, width) in enumerate(zip(header, _column_widths(register), strict=True)):
        page.set_column(column, column, width)
        page.write_string(_HEAD_ROW, column, name, book.style("column"))
    first, last = _HEAD_ROW + 1, _HEAD_ROW + len(register.rows)
    measures = {line.code: line.measure or Measure.COUNT for line in register.columns}
    _write_sums(book, page, register, last)
    for row, each in enumerate(register.rows, first):
        is_linked = row - first < MOST_LINKS and each.row.file in register.openable
        _write_row(book, page, row, each, measures, is_linked=is_linked)
        entries = each.row.entries
        lines = max(lines_of(entry.raw, _room(measures[entry.ref.column])) for entry in entries)
        if lines > 1:  # LibreOffice does not look for itself
            page.set_row(row, min(lines * _LINE, _HIGHEST))
    page.autofilter(_HEAD_ROW, 0, last, len(header) - 1)
    page.freeze_panes(first, len(_BEFORE))
    page.repeat_rows(_HEAD_ROW)
    set_up_page(page, landscape=True)


def _column_widths(register: RegisterSheet) -> tuple[int, ...]:
    own = (_WORDS if line.measure is Measure.TEXT else _USUAL for line in register.columns)
    return (*_WIDTHS, *own, _FILE, _USUAL)


def _room(measure: Measure) -> int:
    return (_WORDS if measure is Measure.TEXT else _USUAL) - _MARGIN


def _write_sums(book: StyledWorkbook, page: Worksheet, register: RegisterSheet, last: int) -> None:
    style = book.style("count", kind="total")
    for column in range(len(_BEFORE) + len(register.columns) + len(_AFTER)):
        page.write_blank(_SUM_ROW, column, None, style)
    page.write_string(_SUM_ROW, 0, "合计", style)
    for column, line in enumerate(register.columns, len(_BEFORE)):
        if line.code in register.sums:
            letters = column_letters(column)
            area = f"{letters}{_HEAD_ROW + 2}:{letters}{last + 1}"
            style = book.style(str(line.measure), kind="total")
            value = cached(register.sums[line.code])
            page.write_formula(_SUM_ROW, column, f"=SUBTOTAL(9,{area})", style, value)


def _write_row(
    book: StyledWorkbook,
    page: Worksheet,
    row: int,
    register_row: AgencyRow,
    measures: Mapping[str, Measure],
    *,
    is_linked: bool,
) -> None:
    agency, (number, entries) = register_row
    place = entries[0].place
    page.write_string(row, 0, clean_text(agency.code), book.style("cell"))
    page.write_string(row, 1, clean_text(agency.name), book.style("cell"))
    file = clean_text(place.file).replace("/", "\\")
    url = f"external:..\\{file}#{quoted(clean_text(place.sheet))}!{place.address}"
    if is_linked and place.address and len(url) <= _LONGEST_LINK:
        page.write_url(row, 2, url, book.style("small_link"), number, "打开报表")
    else:
        page.write_string(row, 2, number, book.style("cell_middle"))
    for column, entry in enumerate(entries, len(_BEFORE)):
        _write_entry(book, page, (row, column), measures[entry.ref.column], entry)
    ends = (place.file, f"{place.sheet}!{place.address}")
    for column, text in enumerate(ends, len(_BEFORE) + len(entries)):
        page.write_string(row, column, clean_text(text), book.style("small"))


def _write_entry(
    book: StyledWorkbook, page: Worksheet, at: tuple[int, int], measure: Measure, entry: Entry
) -> None:
    """Write a figure as a number and a day as a day; anything else as it stood there."""
    style = book.style(measure.value)
    if entry.value is not None:
        page.write_number(*at, cached(entry.value), style)
    elif measure is Measure.DATE and (day := _day(entry)):
        page.write_datetime(*at, day, style)
    elif entry.raw.strip():
        page.write_string(*at, clean_text(entry.raw), style)
    else:
        page.write_blank(*at, None, style)


def _day(entry: Entry) -> date | None:
    day = parse_date(entry.raw)
    return day if day and day >= FIRST_DAY else None
