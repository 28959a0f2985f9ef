"""The returns that do not count: how they differ from the one that does, and what that would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.checks.case import Case
from sheetflow.checks.submission import check_submission
from sheetflow.model.cells import exact_sum, plain
from sheetflow.model.characters import shortened
from sheetflow.model.roster import ALL
from sheetflow.reports.figures import exact_or_none
from sheetflow.settling.differences import CellDifference, differences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from sheetflow.model.entries import Entry
    from sheetflow.model.returns import Submission
    from sheetflow.reports.results import Results

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Alternative:
    """A return that does not count, beside the one that does, or beside the first of its equals."""

    agency: str
    other: Submission
    beside: Submission
    as_sent: Submission
    """The one beside it as it came, before any decision on its values."""
    is_used: bool
    """Whether the one beside it counts; else none of the agency's returns does."""
    cells: tuple[CellDifference, ...]


def alternatives(results: Results) -> Iterator[Alternative]:
    """Give every return that was not used though it could be read, agency by agency."""
    for line in results.ledger.with_others:
        beside = line.submission or next(iter(line.others), None)
        for other in line.others:
            if beside and other is not beside:
                as_sent, is_used = line.as_sent or beside, line.submission is not None
                cells = differences(beside, other)
                yield Alternative(line.agency, other, beside, as_sent, is_used, cells)


def settled_and_raised(
    results: Results, alternative: Alternative
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the findings on the other return that the one beside it settles, and those it raises.

    Each is `code cell`; both returns are taken as they came, before any decision.
    """
    previous = results.last.by_agency.get(alternative.agency)
    cases = (
        Case(results.form, submission, previous, results.settings.period)
        for submission in (alternative.other, alternative.as_sent)
    )
    other, beside = (
        dict.fromkeys(finding.key for finding in check_submission(case) if finding.blocks)
        for case in cases
    )
    return (
        tuple(key for key in other if key not in beside),
        tuple(key for key in beside if key not in other),
    )


def groups_above(results: Results, agency: str) -> tuple[str, ...]:
    """Give the groups by place whose totals an agency's figures enter: the whole, its county …."""
    above = (agency, *results.roster.ancestors(agency))
    return (ALL, *(code for code in reversed(above) if code in results.aggregates))


def total_with(
    results: Results, alternative: Alternative, cell: CellDifference, group: str = ALL
) -> Decimal | None:
    """Give what a group's total would be if the other return counted; None: nothing is added."""
    if not results.form.adds(cell.cell):
        return None
    total = results.aggregates[group].value(cell.cell)
    parts = [total, cell.other.value]
    if alternative.is_used and cell.beside.value is not None:
        parts.append(cell.beside.value.copy_negate())
    known = [part for part in parts if part is not None]
    return exact_sum(known) if known else None


def answer_words(entry: Entry) -> str:
    """Write what an agency answered: the figure as reported, else the text's beginning, else —."""
    if entry.reported is not None:
        return plain(entry.reported)
    return shortened(" ".join(entry.raw.split()), _SHOWN) or "—"


def alternatives_record(results: Results) -> list[dict[str, object]]:
    """Give the alternatives as `check --json` prints them; figures are exact text."""
    return [_record(results, each) for each in alternatives(results)]


def _record(results: Results, each: Alternative) -> dict[str, object]:
    settled, raised = settled_and_raised(results, each)
    return {
        "agency": each.agency,
        "used": each.beside.file if each.is_used else None,
        "beside": each.beside.file,
        "other": each.other.file,
        "sha256": each.other.sha256,
        "received": each.other.received.isoformat() if each.other.received else None,
        "settled": list(settled),
        "raised": list(raised),
        "cells": [
            {
                "cell": str(cell.cell),
                "beside": answer_words(cell.beside),
                "other": answer_words(cell.other),
                "total": exact_or_none(results.aggregates[ALL].value(cell.cell)),
                "total_with_other": exact_or_none(total_with(results, each, cell)),
                "groups_with_other": {
                    group: exact_or_none(total_with(results, each, cell, group))
                    for group in groups_above(results, each.agency)
                },
            }
            for cell in each.cells
        ],
    }
