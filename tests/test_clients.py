"""Returns as real programs save them are read right, or named for what they are."""

from __future__ import annotations

import csv
import functools
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intakes import gather, list_files
from samples import AGENCY, KEY, form, plan
from sheetflow.gathering.agency_names import KnownNames
from sheetflow.gathering.intake import Expectation
from sheetflow.model.campaign import Settings
from sheetflow.model.cells import CellRef, parse_cell
from sheetflow.model.entries import State
from sheetflow.model.roster import Agency, Roster
from sheetflow.workbooks.readers import READERS
from sheetflow.workbooks.stamp import HIDDEN_SHEET, NAME, PROPERTY, find_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.gathering.gather import Gathered
    from sheetflow.model.entries import Entry
    from sheetflow.model.returns import Submission
    from sheetflow.workbooks.workbook import RawCell, Workbook

CLIENTS = Path(__file__).parent / "fixtures" / "clients"
ROWS = list(csv.DictReader((CLIENTS / "clients.csv").open(encoding="utf-8", newline="")))
USED = [row for row in ROWS if row["verdict"] == "used"]
READ = [row for row in USED if row["sheets"]]
NO_RETURNS = {
    *(".gitattributes", "README.md", "answers.json", "clients.csv", "template.xlsx"),
    "totals.json",
}


def values(name: str) -> dict[CellRef, str | Decimal]:
    text = (CLIENTS / name).read_text(encoding="utf-8")
    given = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return {ref: value for code, value in given.items() if (ref := parse_cell(code))}


ANSWERS, TOTALS = values("answers.json"), values("totals.json")


@functools.cache
def gathered(file: str) -> Gathered:
    roster = Roster((Agency(AGENCY, "某局"), Agency("b", "乙局")))
    settings = Settings(form="zfxxgk-2021", period="2024", name="某市")
    expected = Expectation(plan(), settings, KnownNames(roster), KEY, ())
    return gather(list_files(CLIENTS, (CLIENTS / file,)), expected)


def submission(row: dict[str, str]) -> Submission:
    (read,) = gathered(row["file"]).submissions
    return read


def named(rows: list[dict[str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[row["file"] for row in rows])


def held(row: dict[str, str], ref: CellRef) -> bool:
    return row["sheets"] in {"all", plan().layout.place(ref).sheet}


def answer(entry: Entry) -> str | Decimal | None:
    return entry.value if entry.state is State.NUMBER else entry.raw or None


def test_the_table_lists_every_file() -> None:
    assert {row["file"] for row in ROWS} == {p.name for p in CLIENTS.iterdir()} - NO_RETURNS


def test_no_fewer_than_44_pairs_of_program_and_format_are_read() -> None:
    made = [row for row in READ if row["version"]]  # not by hand
    pairs = {(row["program"].partition(",")[0], Path(row["file"]).suffix) for row in made}
    assert len(pairs) >= 44


@named(ROWS)
def test_each_file_gets_its_verdict(row: dict[str, str]) -> None:
    (file,) = gathered(row["file"]).files
    verdict = (file.format, file.verdict.value, file.reason, file.agency)
    assert verdict == (row["format"], row["verdict"], row["reason"], row["agency"])


@named(READ)
def test_every_answer_is_read_as_it_was_given(row: dict[str, str]) -> None:
    entries = {r: e for r, e in submission(row).entries.items() if held(row, r)}
    assert {ref: answer(entry) for ref, entry in entries.items()} == {
        ref: ANSWERS.get(ref) for ref in entries
    }


@named(USED)
def test_what_a_file_does_not_hold_is_a_fault_and_no_figure(row: dict[str, str]) -> None:
    read = submission(row)
    missing = {ref for ref in form().cells if not held(row, ref)}
    assert {ref for fault in read.label_faults for ref in fault.cells} == missing
    assert {e.state for r, e in read.entries.items() if r in missing} <= {State.UNREADABLE}


@named(READ)
def test_nothing_is_left_over_but_a_picture_beside_the_form(row: dict[str, str]) -> None:
    pictures = {"wps-like-images.xlsx": ["五!A60"]}
    unused = [f"{place.sheet}!{place.address}" for place in submission(row).unused]
    assert unused == pictures.get(row["file"], [])


@named(USED)
def test_totals_are_taken_as_typed_only_where_no_formula_is_left(row: dict[str, str]) -> None:
    typed = {ref: total.value for ref, total in submission(row).totals.items() if total.typed}
    right = {ref: TOTALS[ref] for ref in TOTALS if held(row, ref)}
    assert (
        typed
        == {
            "": {},
            "typed": right,
            "stale": dict.fromkeys(right, Decimal(0)),
        }[row["totals"]]
    )


@named(USED)
def test_what_each_program_loses_is_known(row: dict[str, str]) -> None:
    book = READERS[row["format"]]((CLIENTS / row["file"]).read_bytes())
    assert " ".join(lost(book)) == row["lost"]


def lost(book: Workbook) -> Iterator[str]:
    """Say what of the template is not in a workbook, in the words of clients.csv."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    own = [sheets.get(table.sheet.name) for table in plan().tables]
    totals = {ref: at(book, ref) for ref in TOTALS}
    kept = {
        "hidden_sheet": HIDDEN_SHEET in sheets,
        "property": find_token(book.properties.get(PROPERTY, "")),
        "name": find_token(book.names.get(NAME, "")),
        "locks": all(sheet and sheet.protected for sheet in own),
        "validations": all(sheet and sheet.validated for sheet in own),
        "formulas": any(raw and raw.formula is not None for raw in totals.values()),
        "results": any(raw and shows(raw, TOTALS[ref]) for ref, raw in totals.items()),
    }
    yield from (word for word, is_kept in kept.items() if not is_kept)


def at(book: Workbook, ref: CellRef) -> RawCell | None:
    """Give the cell where a total was issued; the only sheet of a csv has no name."""
    name, box = plan().layout.slots[ref]
    sheets = [sheet for sheet in book.sheets if sheet.name == name]
    if not sheets and len(book.sheets) == 1:
        sheets = [book.sheets[0]]
    return sheets[0].cells.get(box.spot) if sheets else None


def shows(raw: RawCell, total: str | Decimal) -> bool:
    try:
        return Decimal(raw.text) == total
    except ArithmeticError:
        return False
