"""Reads last period's figures from rows of text: figures.csv of a campaign, or a plain table.

A plain table has a row for each figure (单位代码, 指标代码, 数值), or a row for each agency under a
heading row of cell codes (`requests/new/person`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.definitions.roster import clean
from sheetflow.model.cells import CellRef, Place, parse_cell
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.form import LineKind
from sheetflow.model.history import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheetflow.model.form import Form

    Row = Sequence[str]

_AGENCY = ("agency", "单位代码", "代码")
_NAME = ("name", "单位名称", "名称")
_CELL = ("code", "指标代码", "格")
_VALUE = ("value", "数值")
_FROM_DECISIONS = "decisions.toml"
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,300})?")
_SHOWN = 40


class _Figure(NamedTuple):
    """What stands for one agency and one entry of the form."""

    line: int
    agency: str
    name: str
    ref: CellRef
    value: str
    raw: str = ""


def load_history(rows: Sequence[Row], file: str, form: Form) -> Outcome[Mapping[str, Record]]:
    """Read what each agency reported; cells that this form does not have are left out.

    S27 names each row that can't be read; then there is nothing, since a sum without it is wrong.
    """
    for index, row in enumerate(rows):
        if all(_column((row,), names) is not None for names in (_AGENCY, _CELL, _VALUE)):
            figures = tuple(_long(rows, index, form))
        elif any(_entry(text, form) for text in row):
            figures = tuple(_wide(rows, index, form))
        else:
            continue
        faults = tuple(_faults(figures, file, form))
        if faults or figures:
            return Outcome(None if faults else _records(figures, form), faults)
        break
    return Outcome(None, (_fault(file, 0, "@no_figures"),))


def load_totals(rows: Sequence[Row], form: Form) -> Mapping[str, Mapping[CellRef, Decimal]]:
    """Read totals.csv of a campaign: what each group's figures were, adjustments included.

    A decision on a group can bring a total below 0 (D04).
    """
    totals: dict[str, dict[CellRef, Decimal]] = {}
    for row in rows[1:]:
        group, code, value, *_ = (*row, "", "", "")
        ref = parse_cell(code)
        if ref and ref in form.cells and _NUMBER.fullmatch(value.removeprefix("-")):
            totals.setdefault(group, {})[ref] = Decimal(value)
    return totals


def _long(rows: Sequence[Row], head: int, form: Form) -> Iterator[_Figure]:
    """Read a row for each figure; what a decision added to a group is no agency's figure."""
    heading = (rows[head],)
    wanted = (_AGENCY, _NAME, _CELL, _VALUE, ("raw",), ("file",))
    columns = [_column(heading, names) for names in wanted]
    for line, row in enumerate(rows[head + 1 :], head + 2):
        agency, name, code, value, raw, file = (_text(row, column) for column in columns)
        ref = _entry(code, form)
        if ref and agency and file != _FROM_DECISIONS:
            yield _Figure(line, agency, name, ref, value, raw)


def _wide(rows: Sequence[Row], head: int, form: Form) -> Iterator[_Figure]:
    """Read a row for each agency; its code stands in the first column unless one is so named."""
    cells = [(index, ref) for index, text in enumerate(rows[head]) if (ref := _entry(text, form))]
    agency, name = (_column(rows[: head + 1], names) for names in (_AGENCY, _NAME))
    for line, row in enumerate(rows[head + 1 :], head + 2):
        code = _text(row, agency or 0)
        if code:
            for index, ref in cells:
                text = _text(row, index)
                yield _Figure(line, code, _text(row, name), ref, text, text)


def _column(heading: Iterable[Row], names: Sequence[str]) -> int | None:
    """Find the column that bears one of the names, the first of them before the others."""
    found = [[clean(text).casefold() for text in row] for row in heading]
    places = (row.index(name) for name in names for row in found if name in row)
    return next(places, None)


def _text(row: Row, column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _entry(code: str, form: Form) -> CellRef | None:
    ref = parse_cell(code)
    if ref is None or ref not in form.cells:
        return None
    return ref if form.cells[ref].kind is LineKind.ENTRY else None


def _faults(figures: Sequence[_Figure], file: str, form: Form) -> Iterator[Finding]:
    first: dict[tuple[str, CellRef], int] = {}
    for figure in figures:
        if form.cells[figure.ref].numeric and figure.value and not _number(figure.value):
            yield _fault(file, figure.line, "@no_number", figure.value[:_SHOWN])
        key = (figure.agency, figure.ref)
        if first.setdefault(key, figure.line) != figure.line:
            yield _fault(file, figure.line, "@twice", f"{figure.agency} {figure.ref}")


def _records(figures: Iterable[_Figure], form: Form) -> Mapping[str, Record]:
    values: dict[str, dict[CellRef, Decimal]] = {}
    texts: dict[str, dict[CellRef, str]] = {}
    names: dict[str, str] = {}
    for figure in figures:
        names.setdefault(figure.agency, figure.name)
        number = _number(figure.value)
        if not form.cells[figure.ref].numeric:
            if figure.raw:
                texts.setdefault(figure.agency, {})[figure.ref] = figure.raw
        elif number:
            values.setdefault(figure.agency, {})[figure.ref] = Decimal(number)
    return {
        agency: Record(values.get(agency, {}), texts.get(agency, {}), name)
        for agency, name in names.items()
    }


def _number(text: str) -> str:
    """Give a figure's digits, without the .0 of a spreadsheet's whole number; empty: it is none."""
    plain = re.sub(r"\.0+$", "", text)
    return plain if _NUMBER.fullmatch(plain) else ""


def _fault(file: str, line: int, problem: str, found: str = "") -> Finding:
    facts = {"problem": problem, "found": found, "subject": str(line)}
    return Finding("S27", Severity.ERROR, place=Place(file, line=line), facts=facts)
