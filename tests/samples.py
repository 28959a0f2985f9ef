"""Returns made in memory: one template is built and read once, then cells are put into copies."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sheetflow.checks.case import Case
from sheetflow.checks.submission import check_submission
from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text
from sheetflow.gathering.identify import Identity
from sheetflow.gathering.reading import Blueprint, blueprint, read_submission
from sheetflow.model.cells import CellRef, parse_cell
from sheetflow.workbooks.front import Cover
from sheetflow.workbooks.stamp import Mark, Stamp, seal
from sheetflow.workbooks.template import write_template
from sheetflow.workbooks.workbook import CellKind, RawCell, Workbook
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.model.findings import Finding
    from sheetflow.model.form import Form
    from sheetflow.model.returns import Submission

KEY = b"a key of the tests"
AGENCY = "hd-mzj"


@cache
def form() -> Form:
    """Load the shipped form."""
    loaded = load_form(shipped_form_text("zfxxgk-2021"), "form.toml").value
    assert loaded is not None
    return loaded


@cache
def plan() -> Blueprint:
    """Make the form's blueprint."""
    return blueprint(form())


def template(agency: str = AGENCY, period: str = "2024", code: str = "", issue: int = 1) -> bytes:
    """Write an agency's template, or one that says it is of another form or period."""
    mark = Mark(code or form().code, period, agency, issue)
    stamp = Stamp(mark, form().digest, "某局", seal(KEY, form().digest, mark), made_from="0")
    return write_template(form(), plan().layout, Cover("某市", period, "某局", agency), stamp)


@cache
def blank_workbook() -> Workbook:
    """Read the template of the agency, nothing filled in."""
    return read_xlsx(template())


def cell(code: str) -> CellRef:
    """Read a cell's code."""
    ref = parse_cell(code)
    assert ref is not None
    return ref


def number(text: str) -> RawCell:
    """Give a cell that holds a number."""
    return RawCell(CellKind.NUMBER, text, None)


def text(content: str) -> RawCell:
    """Give a cell that holds a text."""
    return RawCell(CellKind.TEXT, content, None)


def raw(value: object) -> RawCell | None:
    """Give a value as a reader finds it: numbers, texts, formulas with or without result."""
    if value is None or isinstance(value, RawCell):
        return value
    if isinstance(value, bool):
        return RawCell(CellKind.BOOLEAN, str(int(value)), None)
    if isinstance(value, int | float):
        return number(str(value))
    shown = str(value)
    return RawCell(CellKind.ERROR, shown, None) if shown.startswith("#") else text(shown)


def with_cells(book: Workbook, changes: Mapping[tuple[str, int, int], object]) -> Workbook:
    """Give a copy of a workbook with cells put in by sheet, row, column; None takes one out."""
    sheets = []
    for sheet in book.sheets:
        cells = dict(sheet.cells)
        for (name, row, column), value in changes.items():
            if name == sheet.name:
                cells.pop((row, column), None)
                put = raw(value)
                if put is not None:
                    cells[row, column] = put
        sheets.append(replace(sheet, cells=cells))
    return replace(book, sheets=tuple(sheets))


def filled(values: Mapping[str, object] | None = None) -> Workbook:
    """Give a return with 0 in every required entry, but for the given cells."""
    places = plan().layout.slots
    answers: dict[str, object] = {str(c.ref): 0 for c in form().entries() if c.required}
    answers |= dict(values or {})
    changes = {
        (places[cell(code)][0], places[cell(code)][1].row, places[cell(code)][1].column): value
        for code, value in answers.items()
    }
    return with_cells(blank_workbook(), changes)


def submitted(book: Workbook, *remarks: Finding) -> Submission:
    """Read a return as the agency's."""
    return read_submission(plan(), book, Identity(AGENCY, 1, remarks), "returns/a.xlsx", "0" * 64)


def found(submission: Submission) -> list[tuple[str, str, str]]:
    """Give a return's findings as code, severity and cell."""
    return [
        (finding.code, finding.severity.value, str(finding.cell or ""))
        for finding in check_submission(Case(form(), submission))
    ]


def findings(values: Mapping[str, object] | None = None) -> list[tuple[str, str, str]]:
    """Give the findings of a return of zeros but for the given cells."""
    return found(submitted(filled(values)))
