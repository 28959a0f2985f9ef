"""What every program is given: the blank template, the answers, and the cells they belong in.

The template is made once and checked in with its answers, so that the saved files stay returns of
one template however the form's template is improved later.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from samples import form, plan, template
from sheetflow.model.cells import parse_cell
from sheetflow.model.form import LineKind
from sheetflow.workbooks.filling import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sheetflow.model.cells import Place

    Value = int | float | str

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "clients"
TEMPLATE = FIXTURES / "template.xlsx"
ANSWERS = FIXTURES / "answers.json"
TOTALS = FIXTURES / "totals.json"
_TEXTS = {
    "texts/overview.disclosure/text": (
        "全年主动公开信息1,234条，其中“两微一端”发布56条；应公开尽公开。"
    ),
    "texts/problems/text": "一是公开不够及时；二是A&B类<解读>偏少。\n下一步：加强培训。",
}
_FEE = 18651.064104
_BLANK = frozenset({"activity/published.media/count", "activity/letters/count"})
_COLUMNS = ("sheet", "row", "column", "value")
_FIRST, _ZERO_EACH = 101, 19


@dataclass(frozen=True, slots=True)
class Job:
    """The files that programs start from, all in one folder."""

    folder: Path
    template: Path
    filled: Path
    """The template filled by openpyxl: totals have no results."""
    file: Path
    """The cells to fill, and the whole of the filled sheets, as JSON."""


def renew() -> None:
    """Make the template and the answers anew: afterwards every program must save its file anew."""
    FIXTURES.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_bytes(template())
    text = json.dumps(dict(_answers()), ensure_ascii=False, indent=1)
    ANSWERS.write_text(text + "\n", encoding="utf-8")


def _answers() -> Iterator[tuple[str, Value]]:
    """Give each entry its own figure, so that one read from a neighbour's place is noticed."""
    for number, cell in enumerate(form().entries(), start=_FIRST):
        code = str(cell.ref)
        if code in _TEXTS:
            yield code, _TEXTS[code]
        elif cell.numeric and code not in _BLANK:
            amount = cell.ref.table == "charges"
            yield code, _FEE if amount else 0 if number % _ZERO_EACH == 0 else number


def prepare(folder: Path) -> Job:
    """Write what the programs are given into a folder."""
    job = Job(folder, folder / "template.xlsx", folder / "filled.xlsx", folder / "job.json")
    job.template.write_bytes(TEMPLATE.read_bytes())
    job.filled.write_bytes(fill(TEMPLATE.read_bytes(), dict(_places())))
    cells = [_cell(*each) for each in _places()]
    job.file.write_text(json.dumps({"cells": cells}))
    _write_lines(folder / "job.tsv", (tuple(cell[name] for name in _COLUMNS) for cell in cells))
    return job


def add_sheets(job: Job, calculated: Path) -> None:
    """Add what a clerk sees, totals too, for programs that write a workbook of their own.

    The totals are those of the program that calculated them, and a judge over the rest.
    """
    book = load_workbook(io.BytesIO(calculated.read_bytes()), data_only=True)
    totals = {
        str(ref): book[place.sheet][place.address].value
        for ref in form().definitions
        if (place := plan().layout.place(ref))
    }
    TOTALS.write_text(json.dumps(totals, indent=1) + "\n", encoding="utf-8")
    sheets = [
        {
            "name": sheet.title,
            "cells": [
                [cell.row - 1, cell.column - 1, cell.value]
                for row in sheet.iter_rows()
                for cell in row
                if isinstance(cell.value, str | int | float) and cell.column
            ],
        }
        for sheet in book.worksheets
        if sheet.title in {table.sheet.name for table in plan().tables}
    ]
    given = json.loads(job.file.read_text())
    job.file.write_text(json.dumps(given | {"sheets": sheets}))


def _write_lines(file: Path, cells: Iterable[tuple[object, ...]]) -> None:
    """Write cells one a line, for languages without JSON: sheet, row, column, kind, value."""
    lines = []
    for sheet, row, column, value in cells:
        kind, text = "s" if isinstance(value, str) else "n", str(value).replace("\n", "\\n")
        lines.append(f"{sheet}\t{row}\t{column}\t{kind}\t{text}\n")
    file.write_text("".join(lines), encoding="utf-8")


def _places() -> Iterator[tuple[Place, Value]]:
    slots = plan().layout.place
    for code, value in json.loads(ANSWERS.read_text(encoding="utf-8")).items():
        ref = parse_cell(code)
        if ref is None or form().cells[ref].kind is not LineKind.ENTRY:
            raise ValueError(code)
        yield slots(ref), value


def _cell(place: Place, value: Value) -> dict[str, Value]:
    letters = place.address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(place.address[len(letters) :])
    return {
        "sheet": place.sheet,
        "address": place.address,
        "row": row - 1,
        "column": column - 1,
        "value": value,
    }
