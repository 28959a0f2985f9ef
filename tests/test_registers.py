"""A form asks for a register (台账): a row for each case; a group has the rows of all agencies.

The form below has a small table and a register of five rows. Rows are given as they are filled in:
day, applicant, what was asked for, fee due, fee paid, note; less at the end is blank.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from campaigns import SIGNED, merged, ref, roster_csv
from office import convert
from sheetflow.campaign.bundling import bundle
from sheetflow.campaign.computing import compute, gather_campaign
from sheetflow.campaign.folder import DECISIONS, FORM, OUTPUT, RETURNS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.starting import start_campaign
from sheetflow.campaign.tracing import trace
from sheetflow.checks.case import Case
from sheetflow.checks.submission import check_submission
from sheetflow.cli.forms import cell_records
from sheetflow.definitions.form import load_form
from sheetflow.definitions.form_consistency import consistency_findings
from sheetflow.errors import NotAddedUpError
from sheetflow.layout.sheets import STATUS_ROW, form_layout
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.campaign import Settings
from sheetflow.model.history import LastPeriod, Previous
from sheetflow.relations.consistency import equations
from sheetflow.reports.alternatives import alternatives, total_with
from sheetflow.reports.appendices import appendices
from sheetflow.reports.fragment import render_fragment
from sheetflow.reports.html import render_html
from sheetflow.reports.registers import MOST_LISTED
from sheetflow.reports.status import STATUS_PAGE
from sheetflow.reports.status_figures import figure_cells
from sheetflow.reports.summary import render_summary
from sheetflow.reports.typeset import typst_source
from sheetflow.reports.view import report_view
from sheetflow.reports.word import render_docx
from sheetflow.workbooks.front import COVER, Cover
from sheetflow.workbooks.template import write_template
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from sheetflow.model.form import Form
    from sheetflow.reports.results import Results

FORM_TEXT = """\
[form]
code = "requests"
title = "依申请公开情况"
letter = "示例"
period = "year"
preamble = "{year}年。"

[[section]]
code = "一"
heading = "一、数量"

[[section]]
code = "台账"
heading = "二、依申请公开台账"

[[table]]
code = "n"
section = "一"

[[column]]
table = "n"
code = "count"
label = "件数"

[[item]]
table = "n"
code = "new"
label = "收到申请"

[[table]]
code = "log"
section = "台账"
shape = "register"
rows = 5

[[column]]
table = "log"
code = "day"
label = "收到日期"
measure = "date"
blank = "error"

[[column]]
table = "log"
code = "who"
label = "申请人类型"
measure = "choice"
choices = ["自然人", "企业"]
blank = "query"

[[column]]
table = "log"
code = "about"
label = "申请内容"
measure = "text"

[[column]]
table = "log"
code = "fee"
label = "信息处理费"
kind = "heading"

[[column]]
table = "log"
code = "fee.due"
label = "通知收取（元）"
measure = "amount"
decimals = 2

[[column]]
table = "log"
code = "fee.paid"
label = "实际收取（元）"
measure = "amount"
blank = "zero"

[[column]]
table = "log"
code = "note"
label = "备注"
measure = "text"

[[check]]
code = "K1"
severity = "error"
title = "实际收取不超过通知收取"
title_en = "No more is paid than is due"
why = "不能多收。"
why_en = "No more may be charged."
remedy = "请核对两栏。"
remedy_en = "Compare the two columns."

[[relation]]
check = "K1"
table = "log"
along = "items"
holds = "[fee.paid] <= [fee.due]"
"""
RELATION = 'table = "log"\nalong = "items"\nholds = "[fee.paid] <= [fee.due]"'
COLUMNS = ("day", "who", "about", "fee.due", "fee.paid", "note")
SHEET = "台账"
TOP, LEFT = 8, 2
"""Where the first row begins, as openpyxl counts."""
LONG = (
    "申请公开城区一处国有土地上房屋征收补偿安置方案、评估报告、会议纪要等材料，"
    "并提供纸质复印件，邮寄至申请人住所，其他方式一概不予接受"
)
DAY = date(2024, 3, 1)
GOOD = (DAY, "自然人", "预算公开情况", 0, 0)
PAID = (date(2024, 4, 2), "企业", "环评批复", 30.5, 20.25, "加急")
Cells = tuple[date | str | int | float | None, ...]
Edit = Callable[["Workbook"], object]


def form(text: str = FORM_TEXT) -> Form:
    loaded = load_form(text, "form.toml")
    assert loaded.value, loaded.findings
    return loaded.value


def started(root: Path, agencies: str = "a", text: str = FORM_TEXT) -> Path:
    """Start a campaign of agencies with letters as codes."""
    root.mkdir()
    roster = root / "roster.csv"
    roster.write_bytes(roster_csv("\n".join(f"{code} {code}局" for code in agencies)))
    start_campaign(root / "c", Settings(form="requests", period="2024", name="某市"), text, roster)
    return root / "c"


def send(root: Path, *all_rows: Sequence[Cells], edit: Edit | None = None) -> None:
    """Send what agencies a, b … fill in: the rows of their registers."""
    for issued, rows in zip(issue_templates(open_campaign(root)), all_rows, strict=False):
        book = load_workbook(issued.path)
        book["一"]["B7"] = len(rows)
        write(book[SHEET], rows)
        if edit:
            edit(book)
        book.save(root / RETURNS / issued.path.name)


def write(sheet: Worksheet, rows: Sequence[Cells], top: int = TOP) -> None:
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            sheet.cell(top + down, LEFT + across).value = value


def returned(tmp_path: Path, *all_rows: Sequence[Cells], edit: Edit | None = None) -> Results:
    """Merge what agencies a, b … fill in."""
    root = started(tmp_path / "x", "abcdefgh"[: len(all_rows)])
    send(root, *all_rows, edit=edit)
    return merged(root)


def found(made: Results) -> list[str]:
    return [f"{each.code} {each.cell or ''}".strip() for each in made.ledger.findings]


def figures(root: Path) -> dict[str, tuple[str, str, str]]:
    """Give state, text and address of what figures.csv has of registers, by agency and cell."""
    text = (root / OUTPUT / "figures.csv").read_text("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(text))]
    return {
        f"{row['agency']} {row['code']}": (row["state"], row["raw"], row["cell"])
        for row in rows
        if row["code"].startswith("log/")
    }


def listed(made: Results) -> list[list[object]]:
    """Give the rows of the register in summary.xlsx, sums and heading included."""
    sheet = load_workbook(io.BytesIO(render_summary(made)))[SHEET]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]


def test_rows_are_read_and_listed_with_their_places_and_blank_ones_are_not(tmp_path: Path) -> None:
    made = returned(tmp_path, [GOOD, PAID], [])
    assert found(made) == []
    assert figures(tmp_path / "x" / "c") == {
        "a log/1/day": ("text", "2024-03-01", "B8"),
        "a log/1/who": ("text", "自然人", "C8"),
        "a log/1/about": ("text", "预算公开情况", "D8"),
        "a log/1/fee.due": ("number", "0", "E8"),
        "a log/1/fee.paid": ("number", "0", "F8"),
        "a log/1/note": ("blank", "", "G8"),
        "a log/2/day": ("text", "2024-04-02", "B9"),
        "a log/2/who": ("text", "企业", "C9"),
        "a log/2/about": ("text", "环评批复", "D9"),
        "a log/2/fee.due": ("number", "30.5", "E9"),
        "a log/2/fee.paid": ("number", "20.25", "F9"),
        "a log/2/note": ("text", "加急", "G9"),
    }
    totals = (tmp_path / "x" / "c" / OUTPUT / "totals.csv").read_text("utf-8-sig")
    assert totals.splitlines()[1:] == ["all,n/new/count,2,2,2"]


def test_a_group_has_the_rows_of_all_its_agencies_each_linked_to_its_return(tmp_path: Path) -> None:
    made = returned(tmp_path, [GOOD], [], [PAID, GOOD])
    sums, header, *rows = listed(made)
    assert header == [
        *("代码", "名称", "序号"),
        *("收到日期", "申请人类型", "申请内容", "信息处理费通知收取（元）"),
        *("信息处理费实际收取（元）", "备注"),
        *("文件", "位置"),
    ]
    assert [row[:3] for row in rows] == [["a", "a局", "1"], ["c", "c局", "1"], ["c", "c局", "2"]]
    assert rows[1][3:9] == [datetime(2024, 4, 2), "企业", "环评批复", 30.5, 20.25, "加急"]  # noqa: DTZ001
    assert rows[1][-1] == "台账!B8"
    assert sums[6:8] == ["=SUBTOTAL(9,G5:G7)", "=SUBTOTAL(9,H5:H7)"]
    sheet = load_workbook(io.BytesIO(render_summary(made)))[SHEET]
    link = sheet["C6"].hyperlink
    assert (link.target, link.location) == ("..\\returns\\c_c局.xlsx", "'台账'!B8")


@pytest.mark.parametrize("column", ["about", "who"])
def test_a_tick_is_an_answer_like_others(tmp_path: Path, column: str) -> None:
    text = FORM_TEXT.replace('["自然人", "企业"]', '["自然人", "√"]')
    root = started(tmp_path / "x", "a", text)
    row = (DAY, *("√" if column == code else "自然人" for code in ("who", "about")), 0, 0)
    send(root, [row])
    assert found(merged(root)) == []
    assert figures(root)[f"a log/1/{column}"][:2] == ("text", "√")


def test_a_formula_without_a_result_is_found_where_it_stands(tmp_path: Path) -> None:
    made = returned(tmp_path, [(DAY, "自然人", "=x", 0, "=1+1")])
    assert found(made) == ["T9 log/1/about", "T1 log/1/fee.paid"]
    assert figures(tmp_path / "x" / "c")["a log/1/about"] == ("unreadable", "'=x", "D8")


def test_days_are_listed_in_one_way_however_they_were_written(tmp_path: Path) -> None:
    days = ("2024年3月5日", "20240305", "2024.3.5", "3月5日")
    made = returned(tmp_path, [(day, *GOOD[1:]) for day in days])
    assert found(made) == ["T9 log/4/day"]
    _, _, *rows = listed(made)
    assert [row[3] for row in rows] == [*[datetime(2024, 3, 5)] * 3, "3月5日"]  # noqa: DTZ001
    _, section = report_view(made).sections
    assert section.register
    assert [row[2] for row in section.register.rows[:-1]] == [*["2024-03-05"] * 3, "3月5日"]


def test_days_and_figures_are_not_broken_for_the_sake_of_texts(tmp_path: Path) -> None:
    made = returned(tmp_path, [(DAY, "自然人", LONG, 1234567.25, 1234567.25, LONG)])
    _, section = report_view(made).sections
    assert section.register
    widths = dict(zip(section.register.header, section.register.widths, strict=True))
    assert widths["收到日期"] >= 9
    assert widths["信息处理费通知收取（元）"] >= 9
    assert sum(widths.values()) <= 100


def test_a_register_without_rows_has_no_sheet_in_the_summary(tmp_path: Path) -> None:
    made = returned(tmp_path, [], [])
    assert SHEET not in load_workbook(io.BytesIO(render_summary(made))).sheetnames
    _, section = report_view(made).sections
    assert (section.register, section.parts[0].paragraphs) == (None, ("无。",))


def test_the_report_lists_the_rows_and_adds_up_what_can_be_added(tmp_path: Path) -> None:
    made = returned(tmp_path, [GOOD], [PAID, PAID])
    _, section = report_view(made).sections
    assert section.register
    assert section.register.header[:4] == ("单位", "序号", "收到日期", "申请人类型")
    assert section.register.rows == (
        ("a局", "1", "2024-03-01", "自然人", "预算公开情况", "0", "0", ""),
        ("b局", "1", "2024-04-02", "企业", "环评批复", "30.50", "20.25", "加急"),
        ("b局", "2", "2024-04-02", "企业", "环评批复", "30.50", "20.25", "加急"),
        ("合计", "3行", "", "", "", "61", "40.50", ""),
    )
    assert section.parts == ()
    word = zipfile.ZipFile(io.BytesIO(render_docx(made))).read("word/document.xml")
    for page in (render_html(made), render_fragment(made), typst_source(made), word):
        assert page.decode("utf-8-sig").count("环评批复") == 2
    assert word.count(b"<w:cantSplit/>") >= len(section.register.rows)  # no case goes on overleaf


def test_a_long_register_is_cut_in_the_report_and_whole_in_the_summary(tmp_path: Path) -> None:
    text = FORM_TEXT.replace("rows = 5", "rows = 150")
    root = started(tmp_path / "x", text=text)
    send(root, [PAID] * 150)
    made = merged(root)
    _, section = report_view(made).sections
    assert section.register
    assert len(section.register.rows) == MOST_LISTED + 1
    assert section.register.rows[-1][:2] == ("合计", "150行")
    assert section.parts[0].paragraphs == (
        "共 150 行，此处列出前 100 行，全部见汇总表（summary.xlsx）。",
    )
    assert len(listed(made)) == 2 + 150


def test_a_begun_row_must_say_what_its_columns_ask_for(tmp_path: Path) -> None:
    begun = (None, None, "规划图", None, None, None)
    made = returned(tmp_path, [GOOD, begun, (), GOOD])
    assert found(made) == ["T7 log/2/day", "T7 log/2/who", "T2 log/2/fee.due"]
    assert [each.severity.value for each in made.ledger.findings] == ["error", "query", "error"]


def test_a_relation_holds_in_each_row(tmp_path: Path) -> None:
    over = (DAY, "企业", "图纸", 10, 12)
    known_as_zero, not_known = (DAY, "企业", "图纸", 10), (DAY, "企业", "图纸", None, 3)
    made = returned(tmp_path, [PAID, over, known_as_zero, not_known])
    assert found(made) == ["T2 log/4/fee.due", "K1 log/2/fee.paid"]


def test_blank_zero_fills_the_blank_figures_of_begun_rows_alone(tmp_path: Path) -> None:
    root = started(tmp_path / "x")
    send(root, [(DAY, "企业", "图纸")])
    (root / DECISIONS).write_text(f'[[blank-zero]]\nagency = "a"\nwhy = "核实"\n{SIGNED}', "utf-8")
    made = merged(root)
    assert made.ledger.open_findings == ()
    states = {cell: state for cell, (state, *_) in figures(root).items() if "fee" in cell}
    assert states == {"a log/1/fee.due": "adjusted", "a log/1/fee.paid": "adjusted"}


def test_what_is_no_answer_is_found_as_in_any_table(tmp_path: Path) -> None:
    made = returned(tmp_path, [("三月", "个人", "图纸", "无", -1)])
    assert found(made) == [
        *("T9 log/1/day", "T9 log/1/who", "T1 log/1/fee.due", "T1 log/1/fee.paid"),
    ]
    assert listed(made)[2][3:8] == ["三月", "个人", "图纸", "无", "-1"]


def test_rows_that_were_inserted_are_read_in_their_order(tmp_path: Path) -> None:
    def insert(book: Workbook) -> None:
        book[SHEET].insert_rows(TOP + 1)
        write(book[SHEET], [(DAY, "企业", "插入的", 4, 2, "2")], TOP + 1)

    made = returned(tmp_path, [GOOD, PAID, GOOD], edit=insert)
    assert found(made) == []
    assert [row[5] for row in listed(made)[2:]] == [
        "预算公开情况",
        "插入的",
        "环评批复",
        "预算公开情况",
    ]


def test_a_register_that_was_moved_is_read_by_its_headings(tmp_path: Path) -> None:
    def move(book: Workbook) -> None:
        for merged_cells in list(book[SHEET].merged_cells.ranges):
            book[SHEET].unmerge_cells(str(merged_cells))
        book[SHEET].insert_rows(1, 2)
        book[SHEET].insert_cols(4)

    made = returned(tmp_path, [(DAY, "企业", "4", 3, 2, "1"), GOOD], edit=move)
    assert found(made) == []
    places = figures(tmp_path / "x" / "c")
    assert places["a log/1/about"] == ("text", "4", "E10")
    assert places["a log/2/note"] == ("blank", "", "H11")


def test_a_return_is_read_alike_alone_and_among_others_of_its_make(tmp_path: Path) -> None:
    """From the third of a make on only entries are read anew; the last has a heading as a text."""
    among = [[(DAY, "企业", f"第{n}件", n, n, "5")] for n in range(1, 6)]
    among[4][0] = (DAY, "企业", "申请内容", 5, 5, "5")
    made = returned(tmp_path, *among)
    assert [row[4:8] for row in listed(made)[2:6]] == [
        ["企业", f"第{n}件", n, n] for n in range(1, 5)
    ]
    assert found(made) == ["T3 log/1/about"]
    (tmp_path / "alone").mkdir()
    assert found(returned(tmp_path / "alone", among[4])) == ["T3 log/1/about"]


def test_f34_is_found_at_rows_beyond_the_last_until_the_form_offers_more(tmp_path: Path) -> None:
    root = started(tmp_path / "x", "ab")
    send(root, [GOOD] * 7, [GOOD] * 5)
    made = merged(root)
    (finding,) = made.ledger.findings
    assert (finding.code, finding.severity.value, finding.blocks) == ("F34", "error", True)
    assert (finding.agency, finding.place and finding.place.address) == ("a", "B13")
    assert finding.facts == {
        "table": "二、依申请公开台账",
        "rows": "5",
        "places": "台账!B13、台账!B14",
        "count": "2",
    }
    assert not (root / OUTPUT / "sendback").exists()  # the office alone can mend it
    (root / FORM).write_text(FORM_TEXT.replace("rows = 5", "rows = 10"), "utf-8")
    made = merged(root)
    assert set(found(made)) == {"I11"}
    assert len(listed(made)) == 2 + 12


def test_what_stands_beside_a_register_is_a_note_and_its_numbers_are_nothing(
    tmp_path: Path,
) -> None:
    def remark(book: Workbook) -> None:
        book[SHEET]["A14"] = "填表人：张三"
        book[SHEET]["A13"] = 6
        book[SHEET]["A8"] = "7"

    made = returned(tmp_path, [GOOD], edit=remark)
    (finding,) = made.ledger.findings
    assert (finding.code, finding.facts["places"]) == ("F10", "台账!A14")


def test_the_office_is_asked_of_a_sheet_on_which_a_register_may_go_on(tmp_path: Path) -> None:
    def go_on(book: Workbook) -> None:
        write(book.copy_worksheet(book[SHEET]), [PAID])

    made = returned(tmp_path, [GOOD], edit=go_on)
    (finding,) = made.ledger.findings
    assert (finding.code, finding.severity.value, finding.blocks) == ("F10", "query", True)
    assert "台账 Copy!B8" in finding.facts["places"]


@pytest.mark.parametrize(
    ("heading", "severity"), [("收件日期", "error"), ("", "error"), ("备　注", "")]
)
def test_t3_is_found_at_a_heading_that_was_changed_over_what_was_filled_in(
    tmp_path: Path, heading: str, severity: str
) -> None:
    def rename(book: Workbook) -> None:
        book[SHEET]["G6"] = heading

    made = returned(tmp_path, [PAID], edit=rename)
    assert [each.severity.value for each in made.ledger.findings] == [severity] * bool(severity)


def test_a_column_without_anything_in_it_may_be_gone(tmp_path: Path) -> None:
    made = returned(tmp_path, [GOOD], edit=lambda book: book[SHEET].delete_cols(7))
    assert [(f.code, f.severity.value) for f in made.ledger.findings] == [("T3", "note")]


def test_a_template_offers_numbered_rows_with_one_validation_for_each_column() -> None:
    blank = write_template(form(), form_layout(form()), Cover(campaign="", period="2024"), None)
    sheet = load_workbook(io.BytesIO(blank))[SHEET]
    assert [sheet.cell(row, 1).value for row in range(6, 14)] == [
        *("序号", None, "1", "2", "3", "4", "5", None)
    ]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert {area: rule.type for area, rule in rules.items()} == {
        "B8:B12": "date",
        "C8:C12": "list",
        "D8:D12": "textLength",
        "E8:E12": "decimal",
        "F8:F12": "decimal",
        "G8:G12": "textLength",
    }
    assert rules["C8:C12"].promptTitle == "申请人类型"
    assert (sheet["B8"].protection.locked, sheet["A8"].protection.locked) == (False, True)
    assert sheet.freeze_panes == "B8"
    assert sheet.print_title_rows == "$6:$7"
    assert sheet.page_setup.fitToHeight == 0


@pytest.mark.office
def test_marks_say_nothing_of_blank_rows_and_wait_for_begun_ones(tmp_path: Path) -> None:
    root = started(tmp_path / "x")
    over = (DAY, "企业", "图纸", 10, 12)
    (issued,) = issue_templates(open_campaign(root))
    files = []
    fills: tuple[list[Cells], ...] = ([GOOD, PAID], [GOOD, (DAY,)], [over], [])
    for number, rows in enumerate(fills):
        book = load_workbook(issued.path)
        book["一"]["B7"] = 1
        write(book[SHEET], rows)
        files.append(tmp_path / f"{number}.xlsx")
        book.save(files[-1])
    told = []
    for path in convert(files, "xlsx", tmp_path / "out"):
        sheets = {sheet.name: sheet.cells for sheet in read_xlsx(path.read_bytes()).sheets}
        marks = [sheets[SHEET][TOP - 1 + n, 7].text for n in range(3)]
        (row,) = {row for (row, _), cell in sheets[COVER].items() if cell.text == "每件一行"}
        state = [sheets[COVER][row, column].text for column in (2, 3, 4)]
        told.append((marks, sheets[SHEET][STATUS_ROW, 0].text, state))
    assert told == [
        (["√", "√", ""], "√ 本表已填 2 行；每件填一行，没有的不填。", ["0", "0", "√"]),
        (["√", "待填", ""], "待填：本表还有 1 行没有填全（见表旁“待填”处）。", ["1", "0", "待填"]),
        (["× K1 多2", "", ""], "× 请核对：有 1 行（见表旁“×”处）。", ["0", "1", "× 请核对"]),
        (["", "", ""], "√ 本表已填 0 行；每件填一行，没有的不填。", ["0", "0", "√"]),
    ]


def test_a_correction_copy_has_the_agencys_rows_and_remarks_on_them(tmp_path: Path) -> None:
    root = started(tmp_path / "x")
    send(root, [GOOD, (None, "企业", "图纸", 10, 2)])
    merged(root)
    (copy,) = (root / OUTPUT / "sendback").glob("*.xlsx")
    book = load_workbook(copy)
    assert [cell.value for cell in book[SHEET][TOP + 1]][1:6] == [None, "企业", "图纸", 10, 2]
    assert "第2行 · 收到日期：未填写" in book[SHEET]["B9"].comment.text
    book[SHEET]["B9"], book[SHEET]["E9"] = DAY, 20
    book.save(root / RETURNS / copy.name)
    made = merged(root)
    assert found(made) == ["I07"]
    (other,) = alternatives(made)
    assert [str(each.cell) for each in other.cells] == ["log/2/day", "log/2/fee.due"]
    assert {total_with(made, other, each) for each in other.cells} == {None}


def test_a_countys_bundle_brings_its_rows(tmp_path: Path) -> None:
    county = started(tmp_path / "county", "ab")
    send(county, [GOOD], [PAID])
    campaign = open_campaign(county)
    data = bundle(campaign, gather_campaign(campaign, LastPeriod()), compute(campaign))
    city = started(tmp_path / "city", "abc")
    send(city, (), (), [PAID, GOOD])
    for code in "ab":
        (city / RETURNS / f"{code}_{code}局.xlsx").unlink()
    (city / RETURNS / "县.zip").write_bytes(data)
    made = merged(city)
    assert [row[:3] for row in listed(made)[2:]] == [
        *(["a", "a局", "1"], ["b", "b局", "1"], ["c", "c局", "1"], ["c", "c局", "2"])
    ]
    assert listed(made)[3][-2:] == ["returns/县.zip/returns/b_b局.xlsx", "台账!B8"]


def test_rows_of_last_year_and_of_others_are_compared_with_nothing(tmp_path: Path) -> None:
    row = (DAY, "企业", f"2022年收到申请3件，{LONG}", 50_000, 2, "1")
    made = returned(tmp_path, [row] * 5, [row] * 5)
    assert found(made) == []
    submission = made.ledger.lines[0].submission
    assert submission
    figures = {entry: value / 10_000 for entry, value in submission.figures.items()}
    told = {entry.ref: entry.raw for entry in submission.told}
    previous = Previous("2023", ("a",), figures, told)
    case = Case(made.form, submission, previous, "2024")
    assert [finding.code for finding in check_submission(case)] == []
    same = replace(previous, figures=submission.figures)
    assert [f.code for f in check_submission(replace(case, previous=same))] == []


def test_rows_stand_in_neither_the_status_page_nor_the_appendix_of_texts(tmp_path: Path) -> None:
    made = returned(tmp_path, [PAID])
    cells = figure_cells(made)
    assert cells.refs == (ref("n/new/count"),)
    assert cells.texts == ()
    page = (tmp_path / "x" / "c" / OUTPUT / STATUS_PAGE).read_text("utf-8")
    assert "各单位的台账见 summary.xlsx。" in page
    settings = replace(made.settings, appendices=(AppendixKind.TEXTS,))
    (appendix,) = appendices(replace(made, settings=settings))
    assert appendix.blocks == ()


def test_a_row_has_no_total_to_trace(tmp_path: Path) -> None:
    made = returned(tmp_path, [PAID])
    with pytest.raises(NotAddedUpError):
        trace(made, "log/1/fee.due", "all")


def test_a_form_may_be_a_register_alone(tmp_path: Path) -> None:
    text = FORM_TEXT.replace('[[section]]\ncode = "一"\nheading = "一、数量"\n', "")
    start, end = text.index('[[table]]\ncode = "n"'), text.index('[[table]]\ncode = "log"')
    root = started(tmp_path / "x", text=text[:start] + text[end:])
    (issued,) = issue_templates(open_campaign(root))
    book = load_workbook(issued.path)
    write(book[SHEET], [PAID])
    book.save(root / RETURNS / issued.path.name)
    made = merged(root)
    assert found(made) == []
    assert [row[3:5] for row in listed(made)[2:]] == [[datetime(2024, 4, 2), "企业"]]  # noqa: DTZ001


def test_a_client_is_told_of_every_row() -> None:
    records = {str(record["code"]): record for record in cell_records(form())}
    assert records["log/5/fee.due"]["address"] == "E12"
    assert records["log/5/fee.due"]["labels"] == ["第5行", "信息处理费", "通知收取（元）"]
    assert (records["log/1/day"]["required"], records["log/1/note"]["required"]) == (True, False)


def test_relations_are_judged_by_one_row_of_a_register() -> None:
    text = FORM_TEXT.replace(
        RELATION, RELATION.replace("<=", "=").replace("paid]", "paid] + [fee.due]", 1)
    )
    assert len(form(text).comparisons) == 5
    assert [each.line for each in equations(form(text))] == ["1"]
    (fault,) = consistency_findings(form(text), text, "form.toml")
    assert (fault.code, fault.facts["cells"]) == ("S30", "log/1/fee.paid")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("rows = 5\n", "", "S02 rows"),
        ("rows = 5", "rows = 0", "S04 rows"),
        ("rows = 5", "rows = 2001", "S04 rows"),
        ("rows = 5", 'rows = "5"', "S04 rows"),
        ('shape = "register"\n', "", "S04 shape"),
        ("rows = 5", 'rows = 5\nmerge = "sum"', "S04 merge"),
        ('section = "一"', 'section = "一"\nmerge = "append"', "S04 merge"),
        ('section = "台账"', 'section = "一"', "S04 section"),
        ("rows = 5", 'rows = 5\n[[item]]\ntable = "log"\ncode = "x"\nlabel = "x"', "S04 table"),
        ('blank = "zero"', 'blank = "zero"\nkind = "total"', "S04 kind"),
        (RELATION, RELATION.replace('"items"', '"columns"'), "S04 along"),
        (RELATION, 'along = "cells"\nholds = "[n/new/count] >= [log/1/fee.due]"', "S32 holds"),
        (RELATION, RELATION.replace("= [fee", "= previous[fee"), "S32 holds"),
        (RELATION, RELATION.replace("[fee.due]", "[about]"), "S32 holds"),
        (
            "[[check]]",
            '[[sentence]]\ncell = "log/1/about"\nsays = "收到[n/new/count]件。"\n[[check]]',
            "S04 cell",
        ),
        (
            "[[check]]",
            '[[mention]]\nmeans = "log/1/fee.due"\nwords = ["收取"]\n[[check]]',
            "S32 means",
        ),
    ],
)
def test_what_makes_no_sense_in_a_register_is_said(old: str, new: str, fault: str) -> None:
    assert old in FORM_TEXT
    faults = load_form(FORM_TEXT.replace(old, new, 1), "form.toml").findings
    assert fault in {f"{each.code} {each.facts['key']}" for each in faults}
