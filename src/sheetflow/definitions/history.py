"""Reads last period's figures from rows of text: figures.csv of a campaign, or a plain table.

A plain table has a row for each figure (单位代码, 指标代码, 数值), or a row for each agency under a
heading row of cell codes (`requests/new/person`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING

from sheetflow.definitions.roster import clean
from sheetflow.model.answers import Known
from sheetflow.model.cells import CellRef, Place, parse_cell
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.form import LineKind
from sheetflow.model.history import Figures, Reported

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
_NOTHING = "-"
"""Stands for a figure that was reported as a blank."""
_Figure = tuple[int, str, str, CellRef, str, str]
"""What stands for an entry: line, agency's code and name, cell, value, text; there are millions."""


def load_history(rows: Iterable[Row], file: str, form: Form) -> Outcome[Mapping[str, Reported]]:
    """Read what each agency reported; cells that this form does not have are left out.

    S27 names each row that can't be read; then there is nothing, since a sum without it is wrong.
    Rows are gone through once: of very many agencies there are millions.
    """
    rest = iter(rows)
    above: list[Row] = []
    for row in rest:
        above.append(row)
        if all(_column((row,), names) is not None for names in (_AGENCY, _CELL, _VALUE)):
            return _loaded(_long(above, rest, form), file, form)
        if any(_entry(text, form) for text in row):
            return _loaded(_wide(above, rest, form), file, form)
    return Outcome(None, (_no_figures(file),))


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


def _long(above: Sequence[Row], rest: Iterable[Row], form: Form) -> Iterator[_Figure]:
    """Read a row for each figure; what a decision added to a group is no agency's figure."""
    wanted = (_AGENCY, _NAME, _CELL, _VALUE, ("raw",), ("file",))
    columns = [_column(above[-1:], names) for names in wanted]
    blank = ("",) * (1 + max(column for column in columns if column is not None))
    pick = itemgetter(*(-1 if column is None else column for column in columns))
    entries: dict[str, CellRef | None] = {}
    for line, row in enumerate(rest, len(above) + 1):
        agency, name, code, value, raw, file = map(str.strip, pick((*row, *blank)))
        if code not in entries:
            entries[code] = _entry(code, form)
        ref = entries[code]
        if ref and agency and file != _FROM_DECISIONS:
            yield line, agency, name, ref, value, raw


def _wide(above: Sequence[Row], rest: Iterable[Row], form: Form) -> Iterator[_Figure]:
    """Read a row for each agency; its code stands in the first column unless one is so named."""
    cells = [(index, ref) for index, text in enumerate(above[-1]) if (ref := _entry(text, form))]
    agency, name = (_column(above, names) for names in (_AGENCY, _NAME))
    for line, row in enumerate(rest, len(above) + 1):
        code = _text(row, agency or 0)
        if code:
            for index, ref in cells:
                text = _text(row, index)
                yield line, code, _text(row, name), ref, text, text


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


def _loaded(figures: Iterable[_Figure], file: str, form: Form) -> Outcome[Mapping[str, Reported]]:
    """Sort figures by agency; of all agencies but the one at hand they are kept joined."""
    known, numeric, numbers = Known(_number), form.numeric, form.entry_numbers
    kept: dict[str, Figures] = {}
    texts: dict[str, dict[CellRef, str]] = {}
    names: dict[str, str] = {}
    faults: list[Finding] = []
    of, reported = "", [""] * len(numbers)
    for line, agency, name, ref, value, raw in figures:
        if agency != of:
            if of:
                kept[of] = Figures(numbers, reported)
            reported = kept[agency].texts if agency in kept else [""] * len(numbers)
            names.setdefault(agency, name)
            of = agency
        number, place = known[value], numbers[ref]
        if not numeric[ref]:
            number = ""
            if raw:
                texts.setdefault(agency, {})[ref] = raw
        elif value and not number:
            faults.append(_fault(file, line, "@no_number", value[:_SHOWN]))
        if reported[place]:
            faults.append(_fault(file, line, "@twice", f"{agency} {ref}"))
        reported[place] = number or _NOTHING
    if of:
        kept[of] = Figures(numbers, reported)
    if faults or not kept:
        return Outcome(None, tuple(faults) or (_no_figures(file),))
    records = {
        agency: Reported(figures, texts.get(agency, {}), names[agency])
        for agency, figures in kept.items()
    }
    return Outcome(records)


def _number(text: str) -> str:
    """Give a figure's digits, without the .0 of a spreadsheet's whole number; empty: it is none."""
    plain = re.sub(r"\.0+$", "", text)
    return plain if _NUMBER.fullmatch(plain) else ""


def _no_figures(file: str) -> Finding:
    return _fault(file, 0, "@no_figures")


def _fault(file: str, line: int, problem: str, found: str = "") -> Finding:
    facts = {"problem": problem, "found": found, "subject": str(line)}
    return Finding("S27", Severity.ERROR, place=Place(file, line=line), facts=facts)
