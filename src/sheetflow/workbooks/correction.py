"""退回件: what a template carries when it goes back: the agency's answers, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheetflow.model.findings import Severity
from sheetflow.workbooks.markup import Row
from sheetflow.workbooks.stamping import gap
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from xlsxwriter.worksheet import Worksheet

    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.returns import Explanation
    from sheetflow.workbooks.styles import StyledWorkbook

SENDBACK = "退回说明"
HEADER = ("序号", "性质", "编号", "位置", "问题", "怎么办")
_WIDTHS = (6, 9, 8, 16, 62, 44)
HEAD_ROWS, PLACE = 4, 3
"""Rows above the remarks; the column (from 0) that links each with its cell."""
TITLE, ASKED, COMMENT = "sendback_title", "sendback_asked", "sendback_comment"
"""The gaps for the title, for the lines under it, and for a comment."""
_HOW_TO = (
    "红色的格须改正，橙色的格须改正或者在“自检”表的“说明”栏写明原因；"
    "点“位置”可转到该格，格上的批注写有同样的内容。改好后保存，把本文件发回。"
)
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
class FilledIn:
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


def comment_text(remarks: Sequence[Remark]) -> str:
    """Say what is wrong with a cell and what to do."""
    parts = (f"【{each.title} {each.code}】{each.sentence}\n{each.remedy}" for each in remarks)
    return clean_text("\n".join(parts))


def write_comment(page: Worksheet, address: str, author: str) -> None:
    """Pin a comment to a cell, with a gap for its text."""
    options = {**_COMMENT, "author": clean_text(author)}
    page.write_comment(address, gap(COMMENT), options)


def write_sendback(book: StyledWorkbook, page: Worksheet) -> None:
    """Write the head of 退回说明, which will list what to mend or explain."""
    last = len(HEADER) - 1
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    for row, (text, style, height) in enumerate(
        ((gap(TITLE), "title", 36), (gap(ASKED), "cell", 46), (_HOW_TO, "cell", 34))
    ):
        page.merge_range(row, 0, row, last, "", book.style(style))
        page.write_string(row, 0, text, book.style(style))
        page.set_row(row, height)
    for column, name in enumerate(HEADER):
        page.write_string(HEAD_ROWS - 1, column, name, book.style("column"))
    page.freeze_panes(HEAD_ROWS, 0)
    page.repeat_rows(HEAD_ROWS - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)


def remark_row(number: int, remark: Remark) -> Row:
    """Give the row of 退回说明 for a remark."""
    mark = "must_mend" if remark.severity is Severity.ERROR else "must_explain"
    lines = -(-max(len(remark.sentence), len(remark.remedy) * 3 // 2) // _CHARACTERS)
    cells = (
        ("cell_middle", number),
        (mark, remark.title),
        ("cell_middle", remark.code),
        ("link", _spot(remark)) if remark.place else ("cell_middle", "整表"),
        ("cell", remark.sentence),
        ("cell", remark.remedy),
    )
    return Row(
        max(_ROW_HEIGHT, 6 + _LINE * lines), tuple(((name, ""), value) for name, value in cells)
    )


def _spot(remark: Remark) -> str:
    place = remark.place
    more = f" 等 {len(remark.cells)} 格" if len(remark.cells) > 1 else ""
    return f"{place.sheet}!{place.address}{more}" if place else ""
