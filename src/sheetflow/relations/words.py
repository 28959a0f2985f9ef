"""Says a relation, or one cell, in the form's own labels."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.messages.periods import in_period_words
from sheetflow.model.cells import CellRef
from sheetflow.model.form import Along, LineKind, Operator, row_words

if TYPE_CHECKING:
    from sheetflow.model.form import Form, Relation, Term

_SIGN = {Operator.EQUAL: "＝", Operator.AT_MOST: "≤", Operator.AT_LEAST: "≥"}


def relation_words(relation: Relation, form: Form) -> str:
    """Say a relation: “一、本年新收…”＋“二、上年结转…”＝“（七）总计”＋“四、结转…”."""
    left = _side_words(relation, relation.left, form)
    right = _side_words(relation, relation.right, form)
    return f"{left}{_SIGN[relation.operator]}{right}"


@lru_cache(maxsize=1 << 12)
def cell_words(ref: CellRef, form: Form) -> str:
    """Say a cell by its last labels: （一）予以公开 · 自然人."""
    return " · ".join(
        label for label in (_line_words(ref, form, items=True), _line_words(ref, form)) if label
    )


def table_words(code: str, form: Form) -> str:
    """Say a table by its caption, else by the heading that it stands under."""
    table = form.table(code)
    headings = (each.heading for each in form.sections if each.code == table.section)
    return table.caption or next(headings, code)


@lru_cache(maxsize=1 << 12)
def line_words(table: str, code: str, form: Form, *, items: bool) -> str:
    """Say a line by its own label, with its heading where the label alone is ambiguous."""
    if items and form.table(table).is_register:
        return row_words(code)
    lines = form.table(table).items if items else form.table(table).columns
    line = next((line for line in lines if line.code == code), None)
    if line is None:
        return code
    twins = [other for other in lines if other.label == line.label]
    if len(twins) == 1:
        return line.name
    headings = [
        other.name
        for other in lines
        if other.kind is LineKind.HEADING and line.code.startswith(f"{other.code}.")
    ]
    return "".join([*headings, line.name])


def _line_words(ref: CellRef, form: Form, *, items: bool = False) -> str:
    return line_words(ref.table, ref.item if items else ref.column, form, items=items)


def _side_words(relation: Relation, terms: tuple[Term, ...], form: Form) -> str:
    words = ""
    for index, term in enumerate(terms):
        sign = "－" if term.factor < 0 else ("＋" if index else "")
        times = "" if abs(term.factor) == 1 else f"{abs(term.factor)}×"
        whose = in_period_words("{上年}", form.period) if term.previous else ""
        words += f"{sign}{times}{whose}“{_term_words(relation, term, form)}”"
    return words


def _term_words(relation: Relation, term: Term, form: Form) -> str:
    if relation.along is Along.CELLS:
        return cell_words(CellRef(*term.path.split("/")), form)
    items = relation.along is Along.COLUMNS
    if not term.star:
        return line_words(relation.table, term.path, form, items=items)
    heading = line_words(relation.table, term.path, form, items=items) if term.path else ""
    return f"{heading}各项之和" if items else f"{heading}各栏之和"


@lru_cache(maxsize=1 << 12)
def side_words(relation: Relation, form: Form, *, left: bool) -> str:
    """Say one side of a relation."""
    return _side_words(relation, relation.left if left else relation.right, form)
