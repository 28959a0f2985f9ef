"""A template is the official layout, locked but for its entries, and made from the form alone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl import load_workbook

import samples
from sheetflow.definitions.form import load_form
from sheetflow.layout.grid import Role
from sheetflow.layout.sheets import Layout, form_layout
from sheetflow.model.cells import CellRef, address
from sheetflow.model.form import Form, LineKind, Measure
from sheetflow.workbooks.front import COVER, SCRATCH, Cover
from sheetflow.workbooks.grid_sizes import column_widths, row_heights
from sheetflow.workbooks.self_check import CHECKS
from sheetflow.workbooks.stamp import HIDDEN_SHEET, Mark, Stamp, find_token, seal
from sheetflow.workbooks.styles import clean_text, display_width
from sheetflow.workbooks.template import write_template
from test_form_faults import FORM

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).resolve().parent.parent
KEY = b"a key of the tests"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def form() -> Form:
    return samples.form()


@pytest.fixture(scope="module")
def layout(form: Form) -> Layout:
    return form_layout(form)


def stamped(form: Form, agency: str, name: str) -> bytes:
    mark = Mark(form.code, "2024", agency, 1)
    stamp = Stamp(mark, form.digest, name, seal(KEY, form.digest, mark), made_from="0")
    cover = Cover("衡阳市", "2024", name, agency, "2025-01-31", "市政务公开办", 1)
    return write_template(form, form_layout(form), cover, stamp)


@pytest.fixture(scope="module")
def data(form: Form) -> bytes:
    return stamped(form, "hd-mzj", "衡东县民政局")


@pytest.fixture(scope="module")
def book(data: bytes) -> OpenpyxlWorkbook:
    return load_workbook(io.BytesIO(data))


def sheet_of(book: OpenpyxlWorkbook, layout: Layout, ref: CellRef) -> tuple[Worksheet, str]:
    sheet, box = layout.slots[ref]
    return book[sheet], box.address


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_sheets_stand_in_the_order_of_the_report(book: OpenpyxlWorkbook) -> None:
    expected = [COVER, "一", "二", "三", "四", "五", "六", "附表", CHECKS, SCRATCH, HIDDEN_SHEET]
    assert book.sheetnames == expected
    assert book[HIDDEN_SHEET].sheet_state == "veryHidden"


def test_the_structure_and_every_sheet_but_the_scratch_sheet_are_locked(
    book: OpenpyxlWorkbook,
) -> None:
    assert book.security is not None
    assert book.security.lockStructure
    unlocked = [name for name in book.sheetnames if not book[name].protection.sheet]
    assert unlocked == [SCRATCH]


def test_entries_are_open_and_coloured_and_everything_else_is_locked(
    form: Form, layout: Layout, book: OpenpyxlWorkbook
) -> None:
    for ref, cell in form.cells.items():
        sheet, address = sheet_of(book, layout, ref)
        is_entry = cell.kind is LineKind.ENTRY
        assert sheet[address].protection.locked is not is_entry, ref
        assert (sheet[address].fill.fgColor.rgb == "FFFFF8DC") is is_entry, ref
    for planned in layout.sheets:
        for label in planned.labels:
            assert book[planned.name][label.box.address].protection.locked


def test_every_label_stands_word_for_word_in_its_merged_box(
    layout: Layout, book: OpenpyxlWorkbook
) -> None:
    for planned in layout.sheets:
        merged = {str(area) for area in book[planned.name].merged_cells.ranges}
        for label in planned.labels:
            assert book[planned.name][label.box.address].value == (label.text or None)
            box = label.box
            if box.rows * box.columns > 1:
                last = address(box.last_row, box.last_column)
                assert f"{box.address}:{last}" in merged


def test_totals_are_formulas_without_a_stale_result(
    form: Form, layout: Layout, book: OpenpyxlWorkbook, data: bytes
) -> None:
    sheet, address = sheet_of(book, layout, CellRef("requests", "done.total", "person"))
    assert sheet[address].value == "=SUM(D11:D31)"
    assert book["三"]["J9"].value == "=SUM(D9:I9)"
    cached = load_workbook(io.BytesIO(data), data_only=True)
    for ref in form.definitions:
        page, where = sheet_of(cached, layout, ref)
        assert page[where].value in (None, ""), ref


def test_every_entry_has_a_chinese_prompt_and_error_text_that_excel_keeps(
    form: Form, layout: Layout, book: OpenpyxlWorkbook
) -> None:
    kinds = {Measure.COUNT: "whole", Measure.AMOUNT: "decimal", Measure.TEXT: "textLength"}
    for ref, cell in form.cells.items():
        if cell.kind is not LineKind.ENTRY:
            continue
        sheet, address = sheet_of(book, layout, ref)
        rules = [rule for rule in sheet.data_validations.dataValidation if address in rule.sqref]
        assert [rule.type for rule in rules] == [kinds[cell.measure]], ref
        assert rules[0].allow_blank
        assert 0 < len(rules[0].promptTitle) <= 32
        assert 0 < len(rules[0].prompt) <= 255
        assert "请填写" in rules[0].error


def test_pages_are_a4_one_page_wide_with_frozen_heads_and_anonymous_footers(
    book: OpenpyxlWorkbook, data: bytes
) -> None:
    for name in ("二", "三", "四"):
        sheet = book[name]
        set_up = sheet.sheet_properties.pageSetUpPr
        assert sheet.page_setup.paperSize == 9
        assert set_up is not None
        assert set_up.fitToPage
        assert sheet.freeze_panes
    assert book["三"].page_setup.orientation == "landscape"
    assert book["三"].freeze_panes == "D9"
    for part, content in parts(data).items():
        if part.startswith("xl/worksheets/"):
            printed = re.findall(rb"<headerFooter>.*?</headerFooter>", content)
            assert not any("民政局".encode() in text for text in printed)


def test_only_functions_that_old_excel_wps_and_libreoffice_share_are_used(
    book: OpenpyxlWorkbook,
) -> None:
    used: set[str] = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    used |= set(re.findall(r"([A-Z][A-Z0-9.]+)\(", cell.value))
                    assert len(cell.value) < 8192
                    assert "()" not in cell.value  # Excel calls such a workbook damaged
    shared = {"SUM", "IF", "COUNT", "COUNTA", "ROUND", "ABS", "LEFT", "AND", "SUMPRODUCT"}
    assert used <= shared


def test_the_cover_names_agency_period_and_due_date_and_asks_who_filled_it_in(
    book: OpenpyxlWorkbook,
) -> None:
    texts = [str(cell.value) for row in book[COVER].iter_rows() for cell in row if cell.value]
    for expected in ("衡东县民政局", "hd-mzj", "2025-01-31", "填报人", "审核人", "联系电话"):
        assert expected in texts
    assert any("2024年" in text for text in texts)


def test_each_check_has_a_line_with_room_for_the_agencys_reason(
    form: Form, book: OpenpyxlWorkbook
) -> None:
    page = book[CHECKS]
    codes = [page.cell(row, 1).value for row in range(4, 4 + len(form.comparisons))]
    assert codes == [comparison.relation.check for comparison in form.comparisons]
    assert not page.cell(4, 5).protection.locked


def test_rows_of_marks_below_several_tables_name_their_table(book: OpenpyxlWorkbook) -> None:
    assert [book["二"].cell(row, 1).value for row in (20, 21, 22)] == [
        "自动校验：第二十条第（五）项",
        "自动校验：第二十条第（六）项",
        "自动校验：第二十条第（八）项",
    ]
    assert book["三"].cell(34, 1).value == "自动校验（无需填写）"


def test_a_banner_over_narrow_columns_is_as_high_as_its_lines() -> None:
    banner = 'section = "一"\nbanner = "本栏统计全市各级行政机关的办理情况（含下属单位）"'
    text = FORM.replace('section = "一"', banner, 1)
    last = '[[column]]\ntable = "t"\ncode = "sum"\nlabel = "合计"\nkind = "total"\n'
    text = text.replace(last, "").replace("[sum] = [a] + [b]", "[a] <= [b]").replace("sum]", "a]")
    form = load_form(text, "form.toml").value
    assert form is not None
    grid = form_layout(form).sheets[0].grid
    assert grid is not None
    heights = row_heights(grid, column_widths(grid))
    (banner_row,) = (x.box.row for x in grid.labels if x.role is Role.CAPTION)
    assert heights[banner_row] >= 6 + 14 * 3


def test_a_label_on_several_lines_is_as_high_as_they_are() -> None:
    form = load_form(FORM.replace('"子项"', '"子项\\n\\n（含下属单位）"'), "form.toml").value
    assert form is not None
    grid = form_layout(form).sheets[0].grid
    assert grid is not None
    (row,) = (x.box.row for x in grid.labels if x.code == "part.x")
    assert row_heights(grid, column_widths(grid))[row] >= 6 + 14 * 3


def test_a_label_above_a_text_is_as_high_as_its_lines() -> None:
    form = load_form(FORM.replace('"情况"', '"情况\\n（不少于一百字）"'), "form.toml").value
    assert form is not None
    page = load_workbook(io.BytesIO(stamped(form, "hd-mzj", "衡东县民政局")))["二"]
    row = next(row for row in range(1, 30) if "情况\n" in str(page.cell(row, 1).value))
    assert page.row_dimensions[row].height >= 14 * 2


@pytest.mark.parametrize(("label", "column", "width"), [("甲", 2, 50), ("子项", 3, 40)])
def test_a_relation_between_long_labels_is_shown_whole_on_the_sheet_of_checks(
    label: str, column: int, width: int
) -> None:
    long = "经本级人民政府统一审核并在显著位置展示的专题专栏更新总数，不含转载的信息" * 3
    form = load_form(FORM.replace(f'"{label}"', f'"{long}"'), "form.toml").value
    assert form is not None
    page = load_workbook(io.BytesIO(stamped(form, "hd-mzj", "衡东县民政局")))[CHECKS]
    row = next(row for row in range(1, 30) if long in str(page.cell(row, column).value))
    lines = -(-display_width(str(page.cell(row, column).value)) // (width * 10.5 / 9))
    assert lines > 2
    assert page.row_dimensions[row].height >= 12 * lines


def test_the_four_marks_say_the_same(data: bytes, book: OpenpyxlWorkbook) -> None:
    token = book[HIDDEN_SHEET]["B1"].value
    assert isinstance(token, str)
    assert find_token(token) == Mark("zfxxgk-2021", "2024", "hd-mzj", 1)
    assert token.encode() in parts(data)["docProps/custom.xml"]
    assert book.defined_names["sheetflow_mark"].value == f'"{token}"'
    for name in ("二", "三", "四", "附表"):
        assert token in str(book[name]["A3"].value)
    assert token.encode() in b"".join(parts(data).values())


def test_what_is_one_agencys_own_stands_in_few_parts_only(form: Form, data: bytes) -> None:
    other = parts(stamped(form, "hd-jyj", "衡东县教育局"))
    mine = parts(data)
    differing = {name for name in mine if mine[name] != other[name]}
    assert differing == {"xl/sharedStrings.xml", "xl/workbook.xml", "docProps/custom.xml"}


def test_the_same_template_is_the_same_bytes(form: Form, data: bytes) -> None:
    assert stamped(form, "hd-mzj", "衡东县民政局") == data


def test_hostile_names_leave_the_workbook_well_formed(form: Form) -> None:
    for name in ("<a&b>]]>", "=1+1", "\x00\x08控制\ud800", "长" * 40_000, "{{ x }}"):
        for part, content in parts(stamped(form, "x", name)).items():
            if part.endswith((".xml", ".rels")):
                ET.fromstring(content)  # noqa: S314 - our own output


def test_the_cover_names_the_task_by_whose_it_is_period_and_form(book: OpenpyxlWorkbook) -> None:
    about = {row[0].value: row[1].value for row in book[COVER].iter_rows(max_col=2)}
    assert about["填报任务"] == "衡阳市2024年政府信息公开工作年度报告"


def test_positions_of_checks_are_shown_whole(book: OpenpyxlWorkbook) -> None:
    """About 46 letters of 9 points stand in a column of 40, and two lines in a row of 30."""
    page = book[CHECKS]
    room = page.column_dimensions["C"].width * 10.5 / 9
    places = [cell for (cell,) in page.iter_rows(min_row=4, min_col=3, max_col=3) if cell.hyperlink]
    assert places
    for cell in places:
        assert (cell.font.size, cell.alignment.wrap_text) == (9, True)
        assert display_width(str(cell.value)) <= 2 * room
        assert page.row_dimensions[cell.row or 0].height >= 2 * 12


def test_the_checked_in_master_is_what_the_code_makes(form: Form) -> None:
    made = write_template(form, form_layout(form), Cover(campaign="", period="    "), None)
    checked_in = (ROOT / "templates" / "xlsx" / "zfxxgk-2021.xlsx").read_bytes()
    assert parts(made) == parts(checked_in)


def test_texts_for_workbooks_lose_control_characters_and_excess_length() -> None:
    assert clean_text("a\x00b\x0bc\td\n") == "abc\td\n"
    assert len(clean_text("长" * 40_000)) == 32767
    assert display_width("ab中文") == 6
