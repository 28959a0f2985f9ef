"""What the agency said about checks, where 自检 of its correction copy shows it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.model.findings import Severity
from sheetflow.relations.formula import SheetBox, ranges
from sheetflow.workbooks.markup import Row
from sheetflow.workbooks.self_check import (
    ASKED,
    HEAD_ROW,
    OTHER_ROWS,
    OTHER_STYLES,
    REASON,
    WIDTHS,
    check_height,
    row_height,
)
from sheetflow.workbooks.styles import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.model.returns import Explanation
    from sheetflow.workbooks.correction import FilledIn

_LINE = 15
_SHARED = 32000
"""So many characters of several reasons fit into one cell, with room to spare."""


def relation_reasons(
    form: Form, layout: Layout, filled: FilledIn
) -> Iterator[tuple[int, int, str]]:
    """Give the rows (from 0) of relations of which the agency said something, heights, and what."""
    if not filled.reasons:
        return
    for row, comparison in enumerate(form.comparisons, HEAD_ROW + 1):
        said = _said(filled.reasons, comparison.relation.check, comparison.cells[:1])
        if said:
            asked = check_height(form, layout, comparison)
            yield row, max(asked, _height(("",) * REASON + (said,))), said


def other_rows(form: Form, layout: Layout, filled: FilledIn) -> list[Row]:
    """Give the rows for queries that are no relation, and for reasons given anywhere else.

    None if there are none, else as many as a template has, or more.
    """
    texts = [*_other_texts(form, layout, filled)]
    if not texts:
        return []
    texts += [("",) * len(WIDTHS)] * (OTHER_ROWS - len(texts))
    return [Row(_height(row), tuple(zip(OTHER_STYLES, row, strict=True))) for row in texts]


def _height(texts: Iterable[str]) -> int:
    """Give the height in points of a row with these texts."""
    lines = max(lines_of(text, width - 3) for text, width in zip(texts, WIDTHS, strict=True))
    return row_height(_LINE * lines)


def _other_texts(form: Form, layout: Layout, filled: FilledIn) -> Iterator[tuple[str, ...]]:
    """Give code, question, place, state and reason of each row."""
    shown: set[tuple[str, CellRef | None]] = {
        (each.relation.check, each.cells[0]) for each in form.comparisons
    }
    for (check, refs), questions in _questions(filled).items():
        about = {(check, ref) for ref in refs or (None,)}
        if not about <= shown:
            asked = f"{ASKED}{''.join(questions)}"[:_SHARED]
            yield check, asked, _addresses(layout, refs), "", _said(filled.reasons, check, refs)
            shown |= about
    others: dict[tuple[str, str, str], list[CellRef]] = {}
    for each in filled.reasons:
        if each.where or (each.check, each.cell) not in shown:
            cells = others.setdefault((each.check, each.where, each.text), [])
            cells += [each.cell] if each.cell else []
    for (check, where, text), cells in others.items():
        yield check, "", where or _addresses(layout, cells), "", text


def _questions(filled: FilledIn) -> Mapping[tuple[str, tuple[CellRef, ...]], list[str]]:
    """Give what is asked by check and cells: one reason answers all that stands together."""
    questions: dict[tuple[str, tuple[CellRef, ...]], list[str]] = {}
    for remark in filled.remarks:
        if remark.severity is Severity.QUERY:
            questions.setdefault((remark.code, remark.cells), []).append(remark.sentence)
    return questions


def _said(reasons: Iterable[Explanation], check: str, cells: Iterable[CellRef]) -> str:
    """Give what the agency said about a check at some cells, each reason once."""
    asked: set[CellRef | None] = {*cells}
    texts = (
        each.text
        for each in reasons
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
