"""F10 and F34: what stands where the form has no cell; below a register's last row it is a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetflow.model.characters import some_of
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.returns import ChangeKind
from sheetflow.relations.words import table_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.checks.case import Case
    from sheetflow.model.cells import Place
    from sheetflow.model.form import Table
    from sheetflow.model.returns import Submission

_SHOWN_PLACES = 20
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


def surplus_rows(case: Case) -> Iterator[Finding]:
    """F34: something stands below the last row that a register offers; it could not be read."""
    for table in case.form.registers:
        rows: dict[int, Place] = {}
        for place, row in _below(case, table).items():
            rows.setdefault(row, place)
        facts = {"table": table_words(table.code, case.form), "rows": str(len(table.items))}
        yield from listed("F34", case.submission, [*rows.values()], Severity.ERROR, facts)


def unused_cells(case: Case) -> Iterator[Finding]:
    """F10: something stands where the form has no cell; it is listed, not used.

    On a sheet that was added a register may go on: of that the office is asked.
    """
    form, submission = case.form, case.submission
    rows = {place for table in form.registers for place in _below(case, table)}
    places = [place for place in submission.unused if place not in rows]
    is_asked = form.registers and not _added_sheets(submission).isdisjoint(p.sheet for p in places)
    yield from listed("F10", submission, places, Severity.QUERY if is_asked else Severity.NOTE)


def listed(
    code: str,
    submission: Submission,
    places: Sequence[Place],
    severity: Severity = Severity.NOTE,
    facts: Mapping[str, str] | None = None,
) -> Iterator[Finding]:
    """Give one finding on some places of a return, none if there are none."""
    if places:
        named = some_of((f"{p.sheet}!{p.address}" for p in places), _SHOWN_PLACES)
        facts = {**(facts or {}), "places": named, "count": str(len(places))}
        yield Finding(code, severity, submission.agency, place=places[0], facts=facts)


def _below(case: Case, table: Table) -> Mapping[Place, int]:
    """Give what stands in a register's columns below its last row, each with its row."""
    unused = case.submission.unused
    if not unused:
        return {}
    own = [e.place for e in case.submission.entries.values() if e.ref.table == table.code]
    spots = [spot for spot in map(_spot, own) if spot]
    columns = {(sheet, column) for sheet, column, _ in spots}
    last = max((row for *_, row in spots), default=0)
    found = ((place, _spot(place)) for place in unused)
    return {at: spot[2] for at, spot in found if spot and spot[:2] in columns and spot[2] > last}


def _added_sheets(submission: Submission) -> frozenset[str]:
    """Give the sheets that the template did not have."""
    added = (each for each in submission.changes if each.kind is ChangeKind.SHEET_ADDED)
    return frozenset(each.place.sheet for each in added)


def _spot(place: Place) -> tuple[str, str, int] | None:
    """Give sheet, column and row of a place that has them."""
    match = _ADDRESS.fullmatch(place.address)
    return (place.sheet, match[1], int(match[2])) if match else None
