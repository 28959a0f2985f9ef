"""明细 holds each agency's figures, linked with the cells that they come from."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from campaigns import small_form
from sheetflow.layout.sheets import form_layout
from sheetflow.model.cells import Place
from sheetflow.rollup import added_cells
from sheetflow.workbooks import detail_rows as module
from sheetflow.workbooks.detail import (
    DETAIL,
    FIRST_COLUMN,
    FIRST_ROW,
    Detail,
    DetailRow,
    write_detail_head,
)
from sheetflow.workbooks.detail_rows import HEAD_STYLE, detail_rows, detail_styles
from sheetflow.workbooks.sheet_rows import finished_with
from sheetflow.workbooks.styles import StyledWorkbook, clean_text
from sheetflow.workbooks.xlsx import read_xlsx
from sheetflow.workbooks.zip_assembly import parts_of

if TYPE_CHECKING:
    import pytest
    from openpyxl.worksheet.worksheet import Worksheet

FORM = small_form()
LAYOUT = form_layout(FORM)
CELLS = added_cells(FORM)
names = st.text(max_size=30) | st.sampled_from(("a&<\"'>.xlsx", "100%41 [一]#.xlsx", "</row>"))
figures = st.decimals(allow_nan=False, allow_infinity=False) | st.integers(0, 9).map(Decimal)


def written(*rows: DetailRow) -> bytes:
    book = StyledWorkbook("某市")
    write_detail_head(book, "某市", FORM, LAYOUT, CELLS)
    detail = Detail(CELLS, rows)
    styles = (*detail_styles(FORM, detail).values(), HEAD_STYLE)
    return finished_with(book, styles, {DETAIL: detail_rows(FORM, detail)})


def read(data: bytes) -> Worksheet:
    page = load_workbook(io.BytesIO(data)).active
    assert page
    return page


def row(name: str, file: str, *values: Decimal | None) -> DetailRow:
    places = {ref: Place(file, "一", f"B{n}") for n, ref in enumerate(CELLS[: len(values)], 1)}
    given = (*values, *[None] * (len(CELLS) - len(values)))
    return DetailRow(("a", name, "", "", file), given, places)


@settings(max_examples=60, deadline=None)
@given(names, names, st.lists(figures | st.none(), max_size=len(CELLS)))
@example("=1+1", "returns/a b%20.xlsx", [Decimal("18651.064104"), None, Decimal(0)])
def test_a_row_says_names_and_figures_as_they_are(
    name: str, file: str, values: list[Decimal | None]
) -> None:
    (page,) = read_xlsx(written(row(name, file, *values), row("乙局", "returns/b.xlsx"))).sheets
    texts = {at: cell.text for at, cell in page.cells.items()}
    assert texts.get((FIRST_ROW, 1), "") == clean_text(name)
    assert texts[FIRST_ROW + 1, 1] == "乙局"
    for number, value in enumerate(values):
        shown = texts.get((FIRST_ROW, FIRST_COLUMN + number))
        assert (float(shown) if shown else None) == (None if value is None else float(value))


def test_a_figure_leads_to_the_cell_that_it_comes_from() -> None:
    page = read(
        written(
            row("甲局", "returns/甲 局&[1]100%41.xlsx", Decimal(3), None, Decimal(4)),
            row("乙局", "returns/b.xlsx", Decimal(5)),
        )
    )
    linked = {
        cell.coordinate: (cell.hyperlink.target, cell.hyperlink.location)
        for cells in page.iter_rows()
        for cell in cells
        if cell.hyperlink
    }
    first = "..\\returns\\甲%20局&%5b1%5d100%2541.xlsx"
    assert linked == {
        "F5": (first, "'一'!B1"),
        "H5": (first, "'一'!B3"),
        "F6": ("..\\returns\\b.xlsx", "'一'!B1"),
    }


def test_a_sheet_with_more_links_than_excel_opens_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LINKS", 1)
    data = written(row("甲局", "returns/a.xlsx", Decimal(3), Decimal(4)))
    assert read(data)["F5"].value == 3
    assert read(data)["F5"].hyperlink is None
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in {part.name for part in parts_of(data)}


def test_a_summary_without_returns_has_no_rows() -> None:
    assert read(written()).max_row == FIRST_ROW
