"""The summary's sheets that compare: 同比 or 环比 (with the last period), 图表 (groups)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.messages.periods import in_period_words
from sheetflow.model.cells import displayed, exact_sum
from sheetflow.workbooks.front import set_up_page
from sheetflow.workbooks.styles import clean_text, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from xlsxwriter.worksheet import Worksheet

    from sheetflow.model.cells import CellRef
    from sheetflow.model.period import PeriodKind
    from sheetflow.workbooks.styles import StyledWorkbook

_COMPARISON, CHARTS = "{同比}", "图表"
_HEADER = ("指标", "代码", "{本年}", "{上年}", "增减", "增减比例")
_WIDTHS = (58, 40, 14, 14, 14, 12)
_FIRST_ROW, _LINE, _MARGIN = 2, 15, 2
"""Points of a line; characters of a column that its indent takes."""
_DRAFT_COLUMN = 10
"""Right of the charts' titles, which no other cell may cut off."""
_CHART_ROWS, _BAR_ROWS, _WIDTH = 6, 1.4, 760
_ROW_PIXELS = 20
_COLOUR = "#2F5FA7"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A figure of the whole: where the summary has it, and what it was in the last period."""

    ref: CellRef
    name: str
    formula: str
    now: Decimal | None
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class BarChart:
    """A cell's figure in each of several groups."""

    title: str
    bars: tuple[tuple[str, Decimal], ...]


def write_comparison(
    book: StyledWorkbook,
    title: str,
    rows: Sequence[ComparedRow],
    kind: PeriodKind,
    *,
    draft: bool,
) -> None:
    """Write this period's figures beside the last one's; differences are live formulas."""
    sheet = in_period_words(_COMPARISON, kind)
    page = book.add_worksheet(sheet)
    page.write_string(0, 0, clean_text(f"{title}　{sheet}"), book.style("title_left"))
    if draft:
        page.write_string(0, 2, "草稿", book.style("draft"))
    for column, (name, width) in enumerate(zip(_HEADER, _WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(1, column, in_period_words(name, kind), book.style("column"))
    for number, row in enumerate(rows):
        _write_row(book, page, _FIRST_ROW + number, row)
    page.freeze_panes(_FIRST_ROW, 1)
    page.repeat_rows(1)
    set_up_page(page, landscape=True)


def _write_row(book: StyledWorkbook, page: Worksheet, number: int, row: ComparedRow) -> None:
    figure, percent = book.style("amount"), book.style("percent")
    lines = lines_of(row.name, _WIDTHS[0] - _MARGIN)
    if lines > 1:
        page.set_row(number, lines * _LINE)
    page.write_string(number, 0, clean_text(row.name), book.style("cell"))
    page.write_string(number, 1, str(row.ref), book.style("code"))
    page.write_formula(number, 2, row.formula, figure, _cached(row.now))
    if row.before is None:
        page.write_string(number, 3, displayed(None, None), figure)
    else:
        page.write_number(number, 3, float(row.before), figure)
    line = number + 1
    both = f"COUNT(C{line}:D{line})=2"
    difference = rate = None
    if row.now is not None and row.before is not None:
        difference = exact_sum((row.now, row.before.copy_negate()))
        rate = difference / row.before if row.before else None
    page.write_formula(number, 4, f'=IF({both},C{line}-D{line},"—")', figure, _cached(difference))
    divided = f'=IF({both},IF(D{line}=0,"—",(C{line}-D{line})/D{line}),"—")'
    page.write_formula(number, 5, divided, percent, _cached(rate))


def _cached(value: Decimal | None) -> float | str:
    return displayed(None, None) if value is None else float(value)


def write_charts(book: StyledWorkbook, charts: Sequence[BarChart], *, draft: bool) -> None:
    """Write a bar chart for each comparison of groups, its figures beside it."""
    page = book.add_worksheet(CHARTS)
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 12)
    if draft:
        page.write_string(0, _DRAFT_COLUMN, "草稿", book.style("draft"))
    row = 0
    for chart in charts:
        row += _write_chart(book, page, row, chart)
    set_up_page(page, landscape=True)


def _write_chart(book: StyledWorkbook, page: Worksheet, row: int, chart: BarChart) -> int:
    """Write one chart below a row; give how many rows it takes."""
    page.write_string(row, 0, clean_text(chart.title), book.style("title_left"))
    first, last = row + 1, row + len(chart.bars)
    for number, (name, value) in enumerate(chart.bars, first):
        page.write_string(number, 0, clean_text(name), book.style("cell"))
        page.write_number(number, 1, float(value), book.style("amount"))
    bars = book.add_chart({"type": "bar"})
    bars.add_series(
        {
            "categories": [CHARTS, first, 0, last, 0],
            "values": [CHARTS, first, 1, last, 1],
            "fill": {"color": _COLOUR},
            "gap": 60,
            "data_labels": {"value": True},
        }
    )
    rows = max(len(chart.bars) + 2, int(_CHART_ROWS + _BAR_ROWS * len(chart.bars)))
    bars.set_title({"none": True})
    bars.set_legend({"none": True})
    bars.set_y_axis({"reverse": True, "line": {"none": True}})
    bars.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    bars.set_size({"width": _WIDTH, "height": rows * _ROW_PIXELS})
    page.insert_chart(first, 3, bars, {"description": clean_text(chart.title)})
    return rows + 3
