"""figures.csv, made line by line as it is written; a file a province where Excel can't open one."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING

from sheetflow.model.decisions import DecisionKind
from sheetflow.model.roster import ALL
from sheetflow.model.shelf import picked
from sheetflow.reports.figures import csv_lines, figure_lines, harmless, number_text
from sheetflow.reports.regions import region_of
from sheetflow.rollup import adjustment_contribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheetflow.model.form import Form
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.model.roster import Roster
    from sheetflow.reports.results import Results

FIGURES, FIGURES_FOLDER = "figures.csv", "figures"
_MOST_ROWS = 1_048_575
"""What Excel opens, less the header."""
_ADJUSTMENTS = "汇总更正"
_HEADER = ("agency", "code", "value", "state", "raw", "file", "sheet", "cell")


def figure_files(results: Results) -> dict[str, Iterator[bytes]]:
    """Give every entry of every chosen submission with its place, and the group adjustments.

    Rows of a register in which nothing stands are left out.

    One file, or where Excel can't open that, one for each group directly under the whole, one for
    agencies that stand there themselves, and one for adjustments. None holds more than Excel opens.
    """
    lines = results.ledger.lines
    rows = array("Q", (len(x.submission.entries) if x.submission else 0 for x in lines))
    adjustments = list(_adjustment_rows(results))
    if sum(rows) + len(adjustments) <= _MOST_ROWS:
        return {FIGURES: _chunks(results.form, lines, adjustments)}
    files = {
        f"{FIGURES_FOLDER}/{name}.csv": _chunks(results.form, picked(lines, piece), ())
        for part, numbers in _parts(results.roster, rows).items()
        for name, piece in _pieces(part, numbers, rows)
    }
    if adjustments:
        files[f"{FIGURES_FOLDER}/{_ADJUSTMENTS}.csv"] = _chunks(results.form, (), adjustments)
    return files


def _chunks(
    form: Form, lines: Iterable[LedgerLine], adjustments: Iterable[Sequence[str]]
) -> Iterator[bytes]:
    yield csv_lines([_HEADER]).encode("utf-8-sig")
    for line in lines:
        if line.submission:
            yield figure_lines(form, line.agency, line.submission.entries)
    yield csv_lines(adjustments).encode()


def _parts(roster: Roster, rows: Sequence[int]) -> dict[str, array[int]]:
    """Sort the lines that have rows by their regions."""
    regions = region_of(roster)
    parts: dict[str, array[int]] = {}
    for number, agency in enumerate(roster.members(ALL)):  # as the lines are
        if rows[number]:
            parts.setdefault(regions[agency.code], array("Q")).append(number)
    return parts


def _pieces(
    part: str, lines: Sequence[int], rows: Sequence[int]
) -> Iterator[tuple[str, Sequence[int]]]:
    """Cut a part that is itself past the limit into numbered pieces, no agency into two."""
    starts, count = [0], 0
    for at, line in enumerate(lines):
        count += rows[line]
        if count > _MOST_ROWS and at > starts[-1]:
            starts.append(at)
            count = rows[line]
    for number, (start, end) in enumerate(pairwise((*starts, len(lines))), 1):
        yield (part if len(starts) == 1 else f"{part}（{number}）"), lines[start:end]


def _adjustment_rows(results: Results) -> Iterator[Sequence[str]]:
    for decision in results.ledger.applied:
        if decision.kind is DecisionKind.ADJUST and decision.cell and decision.add is not None:
            part = adjustment_contribution(decision, decision.cell, decision.add)
            number, place, raw = number_text(part.value), part.place, harmless(part.raw)
            yield (part.agency, str(part.cell), number, part.state, raw, place.file, "", "")
