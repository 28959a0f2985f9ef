"""自检: each relation with its live state, and room in which the agency gives its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.model.form import Along
from sheetflow.relations.formula import quoted
from sheetflow.relations.words import line_words, relation_words
from sheetflow.workbooks.front import colour_state, set_up_page
from sheetflow.workbooks.styles import clean_text, lines_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.form import Comparison, Form
    from sheetflow.workbooks.front import Assembly

CHECKS = "自检"
TITLE = "自检：各项审核关系"
HEADER = ("编号", "审核关系", "位置", "状态", "说明（由填报单位填写）")
OTHER_REASONS = "其他需要说明的（左起填写：编号、单元格如 三!D9、说明）"
ASKED = "【须说明】"
"""What a question of a correction copy begins with."""
HEAD_ROW, CODE, QUESTION, PLACE, STATE, REASON = 2, 0, 1, 2, 3, 4
WIDTHS = (7, 50, 40, 16, 40)
OTHER_ROWS, ROW_HEIGHT, _HIGHEST_ROW = 10, 30, 300
OTHER_STYLES = tuple(
    ("small", "") if column in {QUESTION, STATE} else ("text", "entry")
    for column in range(len(HEADER))
)
"""The formats of a row for other reasons."""


def write_checks(made: Assembly) -> None:
    """Write 自检: each relation at each line, its live state, and room for the agency's reasons."""
    book = made.book
    page = book.add_worksheet(CHECKS)
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.merge_range(0, 0, 0, REASON, "", book.style("title"))
    page.write_string(0, 0, TITLE, book.style("title"))
    page.set_row(0, 30)
    for column, name in enumerate(HEADER):
        page.write_string(HEAD_ROW, column, name, book.style("column"))
    for index, comparison in enumerate(made.form.comparisons):
        _write_check(made, page, HEAD_ROW + 1 + index, comparison)
    _write_other_reasons(made, page, others_row(made.form) - 1)
    page.freeze_panes(HEAD_ROW + 1, 0)
    page.repeat_rows(HEAD_ROW)
    set_up_page(page, landscape=True)


def _write_check(made: Assembly, page: Worksheet, row: int, comparison: Comparison) -> None:
    book, form = made.book, made.form
    relation = comparison.relation
    sheet, box = made.layout.slots[comparison.left[0][1]]
    page.write_string(row, CODE, relation.check, book.style("cell_middle"))
    page.write_string(
        row, QUESTION, clean_text(relation_words(relation, form)), book.style("small")
    )
    page.write_url(
        row,
        PLACE,
        f"internal:{quoted(sheet)}!{box.address}",
        book.style("small_link"),
        check_place(form, made.layout, comparison),
    )
    formula = made.formulas.comparison(comparison, CHECKS)
    page.write_formula(row, STATE, formula, book.style("cell_middle"), "")
    page.write_blank(row, REASON, None, book.style("text", kind="entry"))
    page.set_row(row, check_height(form, made.layout, comparison))
    colour_state(book, page, row, STATE)


def check_height(form: Form, layout: Layout, comparison: Comparison) -> int:
    """Give the height in points at which a relation and its place show whole, in small letters."""
    said = relation_words(comparison.relation, form)
    lines = max(
        lines_of(text, WIDTHS[column] * 10.5 / 9)
        for column, text in ((QUESTION, said), (PLACE, check_place(form, layout, comparison)))
    )
    return row_height(6 + 12 * lines)


def row_height(points: int) -> int:
    """Give the height of a row that needs so many points, within what a page can show."""
    return min(max(ROW_HEIGHT, points), _HIGHEST_ROW)


def others_row(form: Form) -> int:
    """Give the first row for reasons about anything else."""
    return HEAD_ROW + 3 + len(form.comparisons)


def check_place(form: Form, layout: Layout, comparison: Comparison) -> str:
    """Say where a relation holds, as 自检 prints it: 三　自然人."""
    sheet, _ = layout.slots[comparison.left[0][1]]
    return clean_text(f"{sheet}　{_line_name(form, comparison)}".rstrip("　"))


def _line_name(form: Form, comparison: Comparison) -> str:
    relation = comparison.relation
    if relation.along is Along.CELLS:
        return ""
    items = relation.along is Along.ITEMS
    return line_words(relation.table, comparison.line, form, items=items)


def _write_other_reasons(made: Assembly, page: Worksheet, row: int) -> None:
    """Leave rows in which the agency explains what is asked of it and is no relation."""
    book = made.book
    page.merge_range(row, 0, row, REASON, "", book.style("caption"))
    page.write_string(row, 0, OTHER_REASONS, book.style("caption"))
    for line in range(row + 1, row + 1 + OTHER_ROWS):
        for column, (name, kind) in enumerate(OTHER_STYLES):
            page.write_blank(line, column, None, book.style(name, kind=kind))
        page.set_row(line, ROW_HEIGHT)
