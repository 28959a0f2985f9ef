"""退回件: what a template carries when it goes back: the agency's answers, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from sheetflow.relations.formula import quoted
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.worksheet import Worksheet

    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.findings import Severity
    from sheetflow.model.returns import Explanation
    from sheetflow.workbooks.styles import StyledWorkbook

SENDBACK = "退回说明"
HEADER = ("序号", "性质", "编号", "位置", "问题", "怎么办")
_WIDTHS = (6, 9, 8, 16, 62, 44)
_HEAD_ROWS = 4
_ROW_HEIGHT, _LINE = 34, 15
_CHARACTERS = 30
"""How many Chinese characters a line of 问题 holds."""
_COMMENT = {"x_scale": 2.6, "y_scale": 1.9, "font_size": 9, "font_name": "宋体"}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend or explain: the cells that it is about, the first of them linked."""

    severity: Severity
    title: str
    code: str
    cells: tuple[CellRef, ...]
    place: Place | None
    """Where the first cell lies in the template; None: no cell of the form."""
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What the agency filled in, and the remarks on it."""

    values: Mapping[CellRef, Decimal | str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    """The cover's 填报人 and so on, by label."""
    reasons: tuple[Explanation, ...] = ()
    """What it said about checks."""
    remarks: tuple[Remark, ...] = ()
    asked: str = ""
    """The first lines of 退回说明: by whom, by when."""

    def marked(self) -> dict[CellRef, list[Remark]]:
        """Give the remarks of each cell that is in question."""
        marked: dict[CellRef, list[Remark]] = {}
        for remark in self.remarks:
            for ref in remark.cells:
                marked.setdefault(ref, []).append(remark)
        return marked


NOTHING = Answers()


def write_answer(
    page: Worksheet, row: int, column: int, value: Decimal | str, style: object
) -> None:
    """Write what the agency typed: a figure as a number where Excel keeps all its digits."""
    if isinstance(value, Decimal) and Decimal(repr(float(value))) == value:
        whole = value == value.to_integral_value()
        page.write_number(row, column, int(value) if whole else float(value), style)
    else:
        page.write_string(row, column, clean_text(str(value)), style)


def write_comment(page: Worksheet, address: str, remarks: Sequence[Remark], author: str) -> None:
    """Pin to a cell what is wrong with it and what to do."""
    parts = [f"【{each.title} {each.code}】{each.sentence}\n{each.remedy}" for each in remarks]
    options = {**_COMMENT, "author": clean_text(author)}
    page.write_comment(address, clean_text("\n".join(parts)), options)


def write_sendback(book: StyledWorkbook, page: Worksheet, title: str, answers: Answers) -> None:
    """Write 退回说明: what to mend or explain, in order, each linked to its cell."""
    last = len(HEADER) - 1
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    for row, (text, style, height) in enumerate(
        ((title, "title", 36), (answers.asked, "cell", 46), (_how_to(), "cell", 34))
    ):
        page.merge_range(row, 0, row, last, "", book.style(style))
        page.write_string(row, 0, clean_text(text), book.style(style))
        page.set_row(row, height)
    for column, name in enumerate(HEADER):
        page.write_string(_HEAD_ROWS - 1, column, name, book.style("column"))
    for number, remark in enumerate(answers.remarks, 1):
        _write_remark(book, page, _HEAD_ROWS + number - 1, number, remark)
    page.freeze_panes(_HEAD_ROWS, 0)
    page.repeat_rows(_HEAD_ROWS - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)


def _how_to() -> str:
    return (
        "红色的格须改正，橙色的格须改正或者在“自检”表的“说明”栏写明原因；"
        "点“位置”可转到该格，格上的批注写有同样的内容。改好后保存，把本文件发回。"
    )


def _write_remark(
    book: StyledWorkbook, page: Worksheet, row: int, number: int, remark: Remark
) -> None:
    page.write_number(row, 0, number, book.style("cell_middle"))
    mark = book.style("must_mend" if remark.severity.value == "error" else "must_explain")
    page.write_string(row, 1, remark.title, mark)
    page.write_string(row, 2, remark.code, book.style("cell_middle"))
    if remark.place:
        spot = f"{remark.place.sheet}!{remark.place.address}"
        more = f" 等 {len(remark.cells)} 格" if len(remark.cells) > 1 else ""
        link = f"internal:{quoted(remark.place.sheet)}!{remark.place.address}"
        page.write_url(row, 3, link, book.style("link"), clean_text(spot + more))
    else:
        page.write_string(row, 3, "整表", book.style("cell_middle"))
    page.write_string(row, 4, clean_text(remark.sentence), book.style("cell"))
    page.write_string(row, 5, clean_text(remark.remedy), book.style("cell"))
    lines = -(-max(len(remark.sentence), len(remark.remedy) * 3 // 2) // _CHARACTERS)
    page.set_row(row, max(_ROW_HEIGHT, 6 + _LINE * lines))
