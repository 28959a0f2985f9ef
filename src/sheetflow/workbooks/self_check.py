"""自检: each relation with its live state, and room in which the agency gives its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.findings import Severity
from sheetflow.model.form import Along
from sheetflow.relations.evaluate import entry_operands
from sheetflow.relations.formula import SheetBox, quoted, ranges
from sheetflow.relations.words import line_words, relation_words
from sheetflow.workbooks.front import colour_state, set_up_page
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Comparison, Form
    from sheetflow.workbooks.front import Assembly

CHECKS = "自检"
TITLE = "自检：各项审核关系"
HEADER = ("编号", "审核关系", "位置", "状态", "说明（由填报单位填写）")
OTHER_REASONS = "其他需要说明的（左起填写：编号、单元格如 三!D9、说明）"
ASKED = "【须说明】"
"""What a question of a correction copy begins with."""
HEAD_ROW, CODE, QUESTION, PLACE, STATE, REASON = 2, 0, 1, 2, 3, 4
_WIDTHS = (7, 50, 40, 16, 40)
_OTHER_ROWS = 10
_ROW_HEIGHT, _LINE, _HIGHEST = 30, 15, 300
_SHARED = 32000
"""So many characters of several reasons fit into one cell, with room to spare."""


class _Row(NamedTuple):
    """A row for what is no relation: the five texts of its cells."""

    code: str
    question: str = ""
    place: str = ""
    state: str = ""
    reason: str = ""


def write_checks(made: Assembly) -> None:
    """Write 自检: each relation at each line, its live state, and room for the agency's reasons."""
    book = made.book
    page = book.add_worksheet(CHECKS)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    page.merge_range(0, 0, 0, REASON, "", book.style("title"))
    page.write_string(0, 0, TITLE, book.style("title"))
    page.set_row(0, 30)
    for column, name in enumerate(HEADER):
        page.write_string(HEAD_ROW, column, name, book.style("column"))
    for index, comparison in enumerate(made.form.comparisons):
        _write_check(made, page, HEAD_ROW + 1 + index, comparison)
    _write_other_reasons(made, page, HEAD_ROW + 2 + len(made.form.comparisons))
    page.freeze_panes(HEAD_ROW + 1, 0)
    page.repeat_rows(HEAD_ROW)
    set_up_page(page, landscape=True)


def _write_check(made: Assembly, page: Worksheet, row: int, comparison: Comparison) -> None:
    book, form = made.book, made.form
    relation = comparison.relation
    sheet, box = made.layout.slots[comparison.left[0][1]]
    entries = tuple(entry_operands(form, comparison))
    required = any(form.cells[ref].required for ref in entries)
    page.write_string(row, CODE, relation.check, book.style("cell_middle"))
    page.write_string(
        row, QUESTION, clean_text(relation_words(relation, form)), book.style("small")
    )
    page.write_url(
        row,
        PLACE,
        f"internal:{quoted(sheet)}!{box.address}",
        book.style("link"),
        check_place(form, made.layout, comparison),
    )
    formula = made.formulas.comparison(comparison, entries, CHECKS, required=required)
    page.write_formula(row, STATE, formula, book.style("cell_middle"), "")
    reason = _said(made, relation.check, comparison.cells[:1])
    _write_if_any(page, row, REASON, reason, book.style("text", kind="entry"))
    page.set_row(row, _height(_Row("", reason=reason)))
    colour_state(book, page, row, STATE)


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
    """Leave rows in which the agency explains what is asked of it and is no relation.

    What was asked of it already stands there, with what it said about it.
    """
    book, known = made.book, _other_reasons(made)
    page.merge_range(row, 0, row, REASON, "", book.style("caption"))
    page.write_string(row, 0, OTHER_REASONS, book.style("caption"))
    for number in range(max(_OTHER_ROWS, len(known))):
        line = row + 1 + number
        texts = known[number] if number < len(known) else _Row("")
        for column, text in enumerate(texts):
            locked = column in (QUESTION, STATE)
            style = book.style("small") if locked else book.style("text", kind="entry")
            _write_if_any(page, line, column, text, style)
        page.set_row(line, _height(texts))


def _height(texts: _Row) -> int:
    """Give the height in points that a row's texts need, within what a page can show."""
    needed = zip(map(len, texts), _WIDTHS, strict=True)
    lines = max(-(-length * 2 // width) for length, width in needed)
    return min(max(_ROW_HEIGHT, _LINE * lines), _HIGHEST)


def _write_if_any(page: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if text:
        page.write_string(row, column, clean_text(text), style)
    else:
        page.write_blank(row, column, None, style)


def _other_reasons(made: Assembly) -> list[_Row]:
    """Give the rows for queries that are no relation, and for reasons given anywhere else."""
    shown: set[tuple[str, CellRef | None]] = {
        (each.relation.check, each.cells[0]) for each in made.form.comparisons
    }
    rows = []
    for remark in made.answers.remarks:
        about = {(remark.code, ref) for ref in remark.cells or (None,)}
        if remark.severity is Severity.QUERY and not about <= shown:
            place = _addresses(made.layout, remark.cells)
            reason = _said(made, remark.code, remark.cells)
            rows.append(_Row(remark.code, f"{ASKED}{remark.sentence}", place, reason=reason))
            shown |= about
    others: dict[tuple[str, str, str], list[CellRef]] = {}
    for each in made.answers.reasons:
        if each.where or (each.check, each.cell) not in shown:
            cells = others.setdefault((each.check, each.where, each.text), [])
            cells += [each.cell] if each.cell else []
    for (check, where, text), cells in others.items():
        rows.append(_Row(check, "", where or _addresses(made.layout, cells), reason=text))
    return rows


def _said(made: Assembly, check: str, cells: Iterable[CellRef]) -> str:
    """Give what the agency said about a check at some cells, each reason once."""
    asked: set[CellRef | None] = {*cells}
    texts = (
        each.text
        for each in made.answers.reasons
        if each.check == check and not each.where and each.cell in (asked or {None})
    )
    return "；".join(dict.fromkeys(texts))[:_SHARED]


def _addresses(layout: Layout, cells: Iterable[CellRef]) -> str:
    """Write places as an agency would, and as they are read again: 三!D9:D12、F9."""
    by_sheet: dict[str, list[CellRef]] = {}
    for ref in cells:
        by_sheet.setdefault(layout.slots[ref][0], []).append(ref)
    return "、".join(
        f"{sheet}!{'、'.join(ranges(refs, lambda ref: SheetBox(*layout.slots[ref]), sheet))}"
        for sheet, refs in by_sheet.items()
    )
