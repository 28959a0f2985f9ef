"""The documents prove themselves: what is read from each again is the aggregate as displayed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from docx import Document
from openpyxl import load_workbook

from office import require_office
from reported import HEADINGS, Page, printed, results, word_everything
from sheetflow.model.aggregate import Aggregate
from sheetflow.reports.fragment import render_fragment
from sheetflow.reports.html import render_html
from sheetflow.reports.pdf import find_office, print_with
from sheetflow.reports.summary import render_summary
from sheetflow.reports.word import render_docx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openpyxl.cell.cell import Cell, MergedCell

    from sheetflow.reports.results import Results

Table = dict[tuple[int, int], str]
PREAMBLE = (
    "本年度报告根据《中华人民共和国政府信息公开条例》第五十条规定编制，由总体情况、主动公开政府信息情况、"
    "收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、"
    "其他需要报告的事项六个部分组成。所列数据的统计期限自2024年1月1日起至2024年12月31日止。"
)
ORDER = [*HEADINGS[:2], "table", HEADINGS[2], "table", HEADINGS[3], "table", *HEADINGS[4:]]
PORTAL_TAGS = {"h1", "h2", "h3", "p", "span", "table", "colgroup", "col", "tbody", "tr", "td", "th"}
PORTAL_ATTRIBUTES = {"style", "rowspan", "colspan", "scope", "width", "border"}
PORTAL_ATTRIBUTES |= {"cellspacing", "cellpadding"}
GIVEN = {
    "final": results(),
    "draft": results(missing=True),
    "nobody reported": replace(
        results(), aggregates={group: Aggregate(group, {}) for group in results().aggregates}
    ),
}
every_case = pytest.mark.parametrize("case", list(GIVEN))


# reading the documents again


def word_tables(given: Results) -> list[Table]:
    """Read the official tables of report.docx; a merged cell is told by the place it begins at."""
    found = []
    for table, expected in zip(Document(BytesIO(word(given))).tables, printed(given), strict=False):
        cells = {at: table.cell(*at) for at in expected}
        known = [each._tc for each in cells.values()]  # noqa: SLF001 - a cell's identity
        everywhere = (each for row in table.rows for each in row.cells)
        assert not [each.text for each in everywhere if each._tc not in known and each.text]  # noqa: SLF001 - as above
        found.append({at: each.text.replace("\n", "") for at, each in cells.items()})
    return found


def html_tables(given: Results) -> list[Table]:
    return Page(render_html(given)).tables[:3]


def fragment_tables(given: Results) -> list[Table]:
    return Page(fragment(given)).tables


def summary_tables(given: Results) -> list[Table]:
    """Read the official tables of summary.xlsx as a spreadsheet shows them, title rows aside."""
    book = load_workbook(BytesIO(render_summary(given)), data_only=True)
    sheets = [s for s in given.layout.sheets if s.grid and s.section.official]
    return [
        {(row, column): seen(book[sheet.name].cell(row + 3, column + 1)) for row, column in each}
        for sheet, each in zip(sheets, printed(given), strict=True)
    ]


def seen(cell: Cell | MergedCell) -> str:
    """Show a cell of a workbook as its number format does."""
    if not isinstance(cell.value, int | float):
        return str(cell.value)
    decimals = len(cell.number_format.partition(".")[2])
    exact = Decimal(repr(cell.value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return format(exact, "f")


READERS: dict[str, Callable[[Results], list[Table]]] = {
    "docx": word_tables,
    "html": html_tables,
    "fragment": fragment_tables,
    "summary": summary_tables,
}
every_format = pytest.mark.parametrize("name", list(READERS))


def word(given: Results) -> bytes:
    return render_docx(given)


def fragment(given: Results) -> bytes:
    return render_fragment(given).removeprefix(b"\xef\xbb\xbf")


@functools.cache
def pdf_text(case: str) -> str:
    """Print the Word report and give its text, laid out as on the page."""
    require_office()
    program = shutil.which("pdftotext")
    if not program:
        if os.environ.get("SHEETFLOW_REQUIRE_OFFICE"):
            pytest.fail("pdftotext is not installed")
        pytest.skip("pdftotext is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SHEETFLOW_OFFICE")
        office = find_office()
    made = print_with(office, word(GIVEN[case])).data
    assert made
    command = [program, "-layout", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode()  # noqa: S603 - our own file


def figure_rows(given: Results) -> Iterator[list[str]]:
    """Give the figures of each printed row, from left to right."""
    for sheet in given.layout.sheets:
        if sheet.grid and sheet.section.official:
            slots = sorted(sheet.grid.slots, key=lambda slot: slot.box)
            for _, row in groupby(slots, key=lambda slot: slot.box.row):
                yield [given.shown("all", slot.ref) for slot in row]


# the tables


@every_format
@every_case
def test_every_table_read_again_is_the_aggregate_as_displayed(name: str, case: str) -> None:
    given = GIVEN[case]
    assert READERS[name](given) == printed(given)


@every_format
@every_case
def test_no_cell_is_blank(name: str, case: str) -> None:
    given = GIVEN[case]
    tables = READERS[name](given)
    assert sum(len(table) for table in tables) > 200
    assert all(text.strip() for table in tables for text in table.values())


@every_format
def test_a_figure_that_nobody_reported_is_a_dash_and_no_zero(name: str) -> None:
    given = GIVEN["nobody reported"]
    grids = [s.grid for s in given.layout.sheets if s.grid and s.section.official]
    for grid, table in zip(grids, READERS[name](given), strict=True):
        shown = {table[slot.box.spot] for slot in grid.slots}
        assert shown == {"—"}


@pytest.mark.office
@every_case
def test_the_pdf_shows_every_row_of_figures_in_order(case: str) -> None:
    given = GIVEN[case]
    lines = iter([line.split() for line in pdf_text(case).splitlines()])
    for figures in figure_rows(given):
        assert any(line[-len(figures) :] == figures for line in lines), figures


# headings and words


@every_case
def test_six_chapters_stand_in_order_each_with_its_table(case: str) -> None:
    given = GIVEN[case]
    body = Document(BytesIO(word(given)))
    blocks = ["table" if hasattr(b, "rows") else b.text for b in body.iter_inner_content()]
    assert [block for block in blocks if block in {*HEADINGS, "table"}][: len(ORDER)] == ORDER
    assert Page(render_html(given)).order[: len(ORDER)] == ORDER
    assert Page(fragment(given)).order == ORDER


@pytest.mark.office
@every_case
def test_six_chapters_stand_in_order_on_paper(case: str) -> None:
    lines = ["".join(line.split()) for line in pdf_text(case).splitlines()]
    assert [line for line in lines if line in HEADINGS] == HEADINGS


def test_the_preamble_is_the_letter_s() -> None:
    given = GIVEN["final"]
    for text in (word_everything(word(given)), *pages(given)):
        assert PREAMBLE in text


# drafts


def pages(given: Results) -> tuple[str, str]:
    return Page(render_html(given)).text, Page(fragment(given)).text


@every_case
def test_a_draft_says_so_in_every_document_and_nothing_else_does(case: str) -> None:
    given = GIVEN[case]
    is_draft = case == "draft"
    for text in (word_everything(word(given)), *pages(given)):
        assert ("年度报告（草稿）" in text) is is_draft
        assert ("草" in text) is is_draft
    book = load_workbook(BytesIO(render_summary(given)))
    for page in book.worksheets:
        cells = (str(cell.value) for row in page.iter_rows(max_row=2) for cell in row)
        marked = any("草稿" in text for text in cells)
        assert marked is (is_draft and page.title != "明细"), page.title


@pytest.mark.office
@every_case
def test_every_page_of_a_draft_says_so_on_paper(case: str) -> None:
    *sheets, rest = pdf_text(case).split("\f")
    assert not rest
    assert len(sheets) >= 4
    marked = {"草稿" in "".join(sheet.split()) for sheet in sheets}
    assert marked == {case == "draft"}


# the fragment for a portal


@every_case
def test_the_fragment_holds_only_what_portals_keep(case: str) -> None:
    data = render_fragment(GIVEN[case])
    assert data.startswith(b"\xef\xbb\xbf<h1 ")
    page = Page(fragment(GIVEN[case]))
    assert {tag for tag, _ in page.tags} <= PORTAL_TAGS
    assert {name for _, given in page.tags for name in given} <= PORTAL_ATTRIBUTES
    assert all(given.get("style") for tag, given in page.tags if tag in {"h1", "h2", "p", "td"})
    assert all("url(" not in given.get("style", "") for _, given in page.tags)


def test_the_fragment_s_tables_have_borders_even_without_styles() -> None:
    page = Page(fragment(GIVEN["final"]))
    tables = [given for tag, given in page.tags if tag == "table"]
    assert {given["border"] for given in tables} == {"1"}
    styles = {given["style"] for tag, given in page.tags if tag in {"td", "th"}}
    assert all("border:1px solid" in style for style in styles)


def test_the_fragment_tells_nothing_of_the_office_s_own_affairs() -> None:
    text = Page(fragment(GIVEN["draft"])).text
    assert "未报送：" not in text
    assert "没有处理决定" not in text
