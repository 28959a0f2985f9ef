"""The sheets around the form's own: 封面, 演算 and the hidden one that names the agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.model.form import LineKind
from sheetflow.model.period import period_words
from sheetflow.relations.formula import quoted
from sheetflow.workbooks.marks import (
    MARK_STYLES,
    RIGHT,
    WAITING,
    WRONG,
    Formulas,
    waiting_count,
    wrong_count,
)
from sheetflow.workbooks.stamp import HIDDEN_SHEET, MADE_FROM, NAME, PROPERTY
from sheetflow.workbooks.stamping import hidden_text
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlsxwriter.worksheet import Worksheet

    from sheetflow.layout.sheets import Layout, SheetLayout
    from sheetflow.model.form import Form
    from sheetflow.workbooks.styles import StyledWorkbook

COVER, SCRATCH = "封面", "演算"
COVER_COLUMNS = 5
_HOW_TO = (
    "只填浅黄色的格；灰色的格自动计算，其余内容已锁定，请不要增删行列、改动标签。",
    "没有发生的填 0，不要留空，也不要填“无”“/”“-”；数字后面不要带单位。",
    "表旁和表下的“√”表示勾稽关系成立，“×”表示不成立并给出差数，“待填”表示还有格未填。",
    "“自检”表列出每条审核关系；情况属实而关系不成立的，在“说明”栏写明原因。",
    "填完后直接保存（保持 .xlsx 格式），把本文件发回；文件名可以改，内容以表内编号为准。",
)
PEOPLE = ("填报人", "审核人", "联系电话", "填报日期")
_ABOUT_ROW, _PROGRESS_ROW = 2, 9


@dataclass(frozen=True, slots=True)
class Cover:
    """What the cover says about one agency's task."""

    campaign: str
    period: str
    agency_name: str = ""
    agency_code: str = ""
    due: str = ""
    office: str = ""
    issue: int = 1


@dataclass(frozen=True, slots=True)
class Assembly:
    """All that the sheets of one template are made from."""

    book: StyledWorkbook
    form: Form
    layout: Layout
    formulas: Formulas
    cover: Cover
    own: Mapping[str, str]
    """What to write for the texts that are the agency's own, as `own_texts` names them."""


def write_cover(made: Assembly, page: Worksheet) -> None:
    """Write 封面: whose it is, what is still blank, how to fill it in, who filled it in."""
    book, cover = made.book, made.cover
    page.set_column(0, 0, 42)
    page.set_column(1, 3, 11)
    page.set_column(4, 4, 14)
    page.merge_range(0, 0, 0, 4, "", book.style("title"))
    title = f"{period_words(cover.period)}{made.form.title}"
    page.write_string(0, 0, clean_text(title), book.style("title"))
    page.set_row(0, 42)
    about = {
        "填报单位": made.own["agency_name"],
        "单位代码": made.own["agency_code"],
        "填报任务": clean_text(f"{cover.campaign}{title}"),
        "报送截止": clean_text(cover.due),
        "收表单位": clean_text(cover.office),
        "下发次数": made.own["issue"],
    }
    for row, (name, value) in enumerate(about.items(), _ABOUT_ROW):
        _pair(book, page, row, name, value)
    _write_progress(made, page)
    row = people_row(made.layout) - len(_HOW_TO) - 2
    page.merge_range(row, 0, row, 4, "", book.style("caption"))
    page.write_string(row, 0, "填写说明", book.style("caption"))
    for number, text in enumerate(_HOW_TO, 1):
        page.merge_range(row + number, 0, row + number, 4, "", book.style("cell"))
        page.write_string(row + number, 0, f"{number}. {text}", book.style("cell"))
        page.set_row(row + number, 32)
    for row, name in enumerate(PEOPLE, people_row(made.layout)):
        page.write_string(row, 0, name, book.style("cell"))
        page.merge_range(row, 1, row, 4, "", book.style("text", kind="entry"))
    set_up_page(page)


def people_row(layout: Layout) -> int:
    """Give the cover's first row of those that name people, whose answers stand in column B."""
    return _PROGRESS_ROW + len(layout.sheets) + 2 + len(_HOW_TO) + 2


def _pair(book: StyledWorkbook, page: Worksheet, row: int, name: str, value: str) -> None:
    page.write_string(row, 0, name, book.style("cell"))
    page.merge_range(row, 1, row, 4, "", book.style("cell"))
    page.write_string(row, 1, value, book.style("cell"))
    page.set_row(row, 20)


def _write_progress(made: Assembly, page: Worksheet) -> None:
    """Write a line for each sheet: how many entries, how many blank, how many marks say ×."""
    book, form, formulas = made.book, made.form, made.formulas
    for column, name in enumerate(("表", "应填格数", "尚未填写", "需要核对", "状态")):
        page.write_string(_PROGRESS_ROW, column, name, book.style("column"))
    for row, sheet in enumerate(made.layout.sheets, _PROGRESS_ROW + 1):
        page.write_url(
            row, 0, f"internal:{quoted(sheet.name)}!A1", book.style("link"), sheet.section.heading
        )
        entries = [s.ref for s in sheet.slots if form.cells[s.ref].kind is LineKind.ENTRY]
        required = [ref for ref in entries if ref in form.needed]
        style = book.style("cell_middle")
        if sheet.register:
            page.write_string(row, 1, "每件一行", style)
            page.write_formula(row, 2, f"={waiting_count(sheet, sheet.name)}", style, "")
        elif not required:
            page.write_string(row, 1, "选填", style)
            page.write_formula(row, 2, "=" + formulas.blanks(entries, COVER), style, "")
        else:
            page.write_number(row, 1, len(required), style)
            page.write_formula(row, 2, "=" + formulas.blanks(required, COVER), style, "")
        page.write_formula(row, 3, f"={_wrong(sheet)}", style, "")
        excel = row + 1
        blank_state = f'IF(AND(B{excel}<>"选填",C{excel}>0),"{WAITING}","{RIGHT}")'
        state = f'=IF(D{excel}>0,"{WRONG} 请核对",{blank_state})'
        page.write_formula(row, 4, state, book.style("cell_middle"), "")
        colour_state(book, page, row, 4)


def _wrong(sheet: SheetLayout) -> str:
    return wrong_count(sheet, sheet.name) if sheet.marks else "0"


def colour_state(book: StyledWorkbook, page: Worksheet, row: int, column: int) -> None:
    """Colour a cell by the mark that its text begins with."""
    for word, style in MARK_STYLES:
        page.conditional_format(
            row,
            column,
            row,
            column,
            {
                "type": "text",
                "criteria": "begins with",
                "value": word,
                "format": book.style(style),
            },
        )


def write_scratch(book: StyledWorkbook) -> None:
    """Write 演算: a free sheet for the agency's own sums, never read."""
    page = book.add_worksheet(SCRATCH)
    page.write_string(0, 0, "本表供演算使用，内容不参加汇总。", book.style("info"))


def write_identity(made: Assembly, keys: Iterable[str]) -> None:
    """Write the marks that say whose template this is, and the hidden sheet with its seal."""
    book, own = made.book, made.own
    page = book.add_worksheet(HIDDEN_SHEET)
    for row, key in enumerate(keys):
        page.write_string(row, 0, key)
        page.write_string(row, 1, own[hidden_text(key)])
    page.very_hidden()
    book.set_custom_property(PROPERTY, own[hidden_text("mark")], "text")
    book.set_custom_property(MADE_FROM, own[hidden_text("made_from")], "text")
    book.define_name(NAME, f'="{own[hidden_text("mark")]}"')


def set_up_page(page: Worksheet, *, landscape: bool = False) -> None:
    """Set a sheet up for A4, one page wide, page numbers below."""
    page.set_paper(9)
    if landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer("&C第 &P 页 共 &N 页")
    page.hide_gridlines(2)
