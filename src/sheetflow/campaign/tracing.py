"""`trace`: from a total to the cells it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.errors import UnknownNameError
from sheetflow.model.cells import CellRef, parse_cell, plain
from sheetflow.rollup import aggregate, contributions

if TYPE_CHECKING:
    from decimal import Decimal

    from sheetflow.model.aggregate import Contribution, Total
    from sheetflow.reports.results import Results


@dataclass(frozen=True, slots=True)
class Trace:
    """A group's total with every contribution to it."""

    group: str
    cell: CellRef
    total: Total
    contributions: tuple[Contribution, ...]
    previous: Decimal | None
    """Last period's figure; None: not known."""


def trace(results: Results, cell: str, group: str) -> Trace:
    """Trace a cell's total in a group; UnknownNameError names what does not exist."""
    ref = parse_cell(cell)
    if ref is None or ref not in results.form.cells:
        raise UnknownNameError(cell)
    if not group:
        raise UnknownNameError(group)
    try:
        summed = aggregate(results.form, results.roster, results.ledger, group)
    except KeyError as error:
        raise UnknownNameError(group) from error
    if ref not in summed.totals:
        raise UnknownNameError(cell)
    parts = contributions(results.form, results.roster, results.ledger, group, ref)
    previous = results.last.totals.get(group, {}).get(ref)
    return Trace(group, ref, summed.totals[ref], tuple(parts), previous)


def trace_record(traced: Trace) -> dict[str, object]:
    """Give a trace as `trace --json` prints it; figures are exact text."""
    total = traced.total
    return {
        "group": traced.group,
        "code": str(traced.cell),
        "value": None if total.value is None else plain(total.value),
        "reported": total.reported,
        "expected": total.expected,
        "previous": None if traced.previous is None else plain(traced.previous),
        "contributions": [
            {
                "agency": part.agency,
                "code": str(part.cell),
                "value": None if part.value is None else plain(part.value),
                "state": part.state,
                "raw": part.raw,
                "file": part.place.file,
                "sheet": part.place.sheet,
                "cell": part.place.address,
                "reason": part.reason,
            }
            for part in traced.contributions
        ],
    }
