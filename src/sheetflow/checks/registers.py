"""T2, T7 and F34 of registers: a begun row is not whole, or there are more rows than it offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetflow.checks.blanks import blank_entry
from sheetflow.model.characters import some_of
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import Blank
from sheetflow.model.registers import open_entries
from sheetflow.model.returns import ChangeKind
from sheetflow.relations.words import table_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheetflow.checks.case import Case
    from sheetflow.model.cells import Place
    from sheetflow.model.form import Table
    from sheetflow.model.returns import Submission

SHOWN_PLACES = 20
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


def unfinished_rows(case: Case) -> Iterator[Finding]:
    """T2, T7: something stands in a row of a register, but not all that it must say."""
    form, agency = case.form, case.submission.agency
    for entry in open_entries(form, case.submission.entries):
        if form.cells[entry.ref].blank is not Blank.ZERO:
            yield blank_entry(form, agency, entry.ref, entry.place)


def surplus_rows(case: Case) -> Iterator[Finding]:
    """F34: something stands below the last row that a register offers; it could not be read."""
    agency = case.submission.agency
    for table in case.form.registers:
        rows: dict[int, Place] = {}
        for place in surplus(case, table):
            _, _, row = _spot(place) or ("", "", 0)
            rows.setdefault(row, place)
        if rows:
            places = [*rows.values()]
            facts = {
                "table": table_words(table.code, case.form),
                "rows": str(len(table.items)),
                "places": some_of((f"{p.sheet}!{p.address}" for p in places), SHOWN_PLACES),
                "count": str(len(places)),
            }
            yield Finding("F34", Severity.ERROR, agency, place=places[0], facts=facts)


def surplus(case: Case, table: Table) -> Sequence[Place]:
    """Give what stands in a register's columns below its last row."""
    unused = case.submission.unused
    if not unused:
        return ()
    own = [e.place for e in case.submission.entries.values() if e.ref.table == table.code]
    spots = [spot for spot in map(_spot, own) if spot]
    columns = {(sheet, column) for sheet, column, _ in spots}
    last = max((row for *_, row in spots), default=0)
    return [
        place
        for place in unused
        if (spot := _spot(place)) and spot[:2] in columns and spot[2] > last
    ]


def added_sheets(submission: Submission) -> frozenset[str]:
    """Give the sheets that the template did not have."""
    added = (each for each in submission.changes if each.kind is ChangeKind.SHEET_ADDED)
    return frozenset(each.place.sheet for each in added)


def _spot(place: Place) -> tuple[str, str, int] | None:
    """Give sheet, column and row of a place that has them."""
    match = _ADDRESS.fullmatch(place.address)
    return (place.sheet, match[1], int(match[2])) if match else None
