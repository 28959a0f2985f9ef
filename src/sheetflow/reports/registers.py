"""The registers of a group: the rows of all its agencies under each other, each with its agency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from sheetflow.model.cells import exact
from sheetflow.model.days import parse_date
from sheetflow.model.form import Measure
from sheetflow.model.registers import AgencyRow, begun_rows, register_columns
from sheetflow.model.roster import ALL
from sheetflow.reports.figure_files import FIGURES
from sheetflow.reports.listing_view import ListingView
from sheetflow.workbooks.register_sheet import RegisterSheet
from sheetflow.workbooks.styles import clean_text, display_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form, Line, Table
    from sheetflow.reports.results import Results

_ZERO = Decimal(0)
MOST_LISTED = 100
"""So many rows of a register the report lists; summary.xlsx has all."""
_MOST_CELLS = 500_000
"""So many cells of a register summary.xlsx has, which are written one by one."""
_HEAD = ("单位", "序号")
_WIDEST, _NARROWEST = 30, 4
"""What a column of the report's table asks for, in half-width characters."""
_ROOM, _BORDERS = 118, 1
"""So many of them has a line in small type, and a column's borders take."""
_LEAST = 5
"""Hundredths of the page that the narrowest column has."""
_BREAKABLE = frozenset((Measure.TEXT, Measure.CHOICE))


def agency_rows(results: Results, table: Table, group: str = ALL) -> Iterator[AgencyRow]:
    """Give the rows in which a group's agencies wrote something, in the roster's order."""
    for line in results.lines(group):
        if line.submission:
            agency = results.roster.by_code[line.agency]
            for row in begun_rows(table, line.submission.entries):
                yield AgencyRow(agency, row)


def column_names(table: Table) -> tuple[str, ...]:
    """Name a register's columns, each on one line, with the headings above it before its label."""
    return tuple(clean_text(_with_headings(table, each)) for each in register_columns(table))


def _with_headings(table: Table, column: Line) -> str:
    above = (each for each in table.columns if column.code.startswith(f"{each.code}."))
    return "".join(each.name for each in (*above, column))


def column_sums(form: Form, rows: Sequence[AgencyRow]) -> Mapping[str, Decimal]:
    """Add up the columns that can be added, by code; one without a figure has no sum."""
    sums: dict[str, Decimal] = {}
    with exact():
        for entry in (entry for each in rows for entry in each.row.entries):
            if form.cells[entry.ref].measure.adds and entry.value is not None:
                sums[entry.ref.column] = sums.get(entry.ref.column, _ZERO) + entry.value
    return sums


@dataclass(frozen=True, slots=True)
class RegisterView:
    """What the report shows of a register; no table where nobody wrote anything."""

    paragraphs: tuple[str, ...]
    table: ListingView | None


def register_view(results: Results, table: Table, group: str = ALL) -> RegisterView:
    """Give a group's register as the report shows it, and say what it does not."""
    rows = tuple(agency_rows(results, table, group))
    if not rows:
        return RegisterView(("无。",), None)
    listed = _listed(results, table, rows)
    if len(rows) <= MOST_LISTED:
        return RegisterView((), listed)
    whole = "汇总表（summary.xlsx）" if group == ALL else "各单位的报表"
    note = f"共 {len(rows)} 行，此处列出前 {MOST_LISTED} 行，全部见{whole}。"
    return RegisterView((note,), listed)


def _listed(results: Results, table: Table, rows: Sequence[AgencyRow]) -> ListingView:
    """Give the first rows of a register as the report lists them, and the sums of all."""
    form = results.form
    header = (*_HEAD, *column_names(table))
    listed = [
        (
            clean_text(each.agency.name),
            each.row.number,
            *(clean_text(_said(results, entry)) for entry in each.row.entries),
        )
        for each in rows[:MOST_LISTED]
    ]
    sums = column_sums(form, rows)
    if sums:
        cells = (entry.ref for entry in rows[0].row.entries)
        added = (
            results.displayed(ref, sums[ref.column]) if ref.column in sums else "" for ref in cells
        )
        listed.append(("合计", f"{len(rows)}行", *added))
    columns = register_columns(table)
    unbroken = [False, True, *(each.measure not in _BREAKABLE for each in columns)]
    widths = _widths(header, listed, unbroken)
    return ListingView(header, widths, tuple(listed), is_small=True)


def register_sheets(results: Results, openable: frozenset[str]) -> Iterator[RegisterSheet]:
    """Give the registers that have rows, for summary.xlsx; of one that is too long a part.

    Files that are openable can be linked to.
    """
    for sheet in results.layout.sheets:
        table = sheet.register
        rows = list(agency_rows(results, table)) if table else []
        if table and rows:
            columns = register_columns(table)
            shown = rows[: _MOST_CELLS // len(columns)]
            left_out = len(rows) - len(shown)
            yield RegisterSheet(
                name=sheet.name,
                title=f"{results.settings.name}　{sheet.section.heading}",
                columns=columns,
                names=column_names(table),
                rows=shown,
                openable=openable,
                sums=column_sums(results.form, shown),
                left_out=f"另有 {left_out} 行未列入，见 {FIGURES}" if left_out else "",
            )


def _said(results: Results, entry: Entry) -> str:
    """Show an entry, days all in one way; one that can't be read as it stands there."""
    if entry.value is not None:
        return results.displayed(entry.ref, entry.value)
    is_day = results.form.cells[entry.ref].measure is Measure.DATE
    day = parse_date(entry.raw) if is_day else None
    return day.isoformat() if day else entry.raw.strip()


def _widths(
    header: Sequence[str], rows: Sequence[Sequence[str]], unbroken: Sequence[bool]
) -> tuple[int, ...]:
    """Share out the page: figures and days take what they need, as long as there is room for them.

    All others have the least, and share the rest by their longest texts; a heading may take three
    lines.
    """
    longest = [
        max(_NARROWEST, -(-display_width(name) // 3), *map(display_width, texts))
        for name, texts in zip(header, zip(*rows, strict=True), strict=True)
    ]
    needs = [
        -(-100 * (width + _BORDERS) // _ROOM) if is_whole else _LEAST
        for width, is_whole in zip(longest, unbroken, strict=True)
    ]
    rest = 100 - sum(needs)
    if rest < 0 and any(unbroken):
        return _widths(header, rows, [False] * len(needs))
    more = [
        0 if is_whole else min(width, _WIDEST) - _NARROWEST
        for width, is_whole in zip(longest, unbroken, strict=True)
    ]
    up_to = [max(rest, 0) * width // (sum(more) or 1) for width in accumulate(more, initial=0)]
    shares = (end - start for start, end in pairwise(up_to))
    return tuple(need + share for need, share in zip(needs, shares, strict=True))
