"""`trace`: from a total to the cells it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.errors import NotAddedUpError, UnknownCellError, UnknownGroupError
from sheetflow.reports.figures import exact_or_none
from sheetflow.rollup import aggregate, contributions

if TYPE_CHECKING:
    from decimal import Decimal

    from sheetflow.model.aggregate import Contribution, Total
    from sheetflow.model.cells import CellRef
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
    """Trace a cell's total in a group; the cell is named as `cell_called` takes it.

    Raises UnknownCellError, NotAddedUpError, UnknownGroupError.
    """
    ref = cell_called(results, cell)
    if not group:
        raise UnknownGroupError(group)
    try:
        summed = aggregate(results.form, results.roster, results.ledger, group)
    except KeyError as error:
        raise UnknownGroupError(group) from error
    if ref not in summed.totals:
        raise NotAddedUpError(cell)
    parts = contributions(results.form, results.roster, results.ledger, group, ref)
    previous = results.last.totals.get(group, {}).get(ref)
    return Trace(group, ref, summed.totals[ref], tuple(parts), previous)


def cell_called(results: Results, said: str) -> CellRef:
    """Give the cell of a code, or of a sheet and an address (三!D9); UnknownCellError if none."""
    ref = results.layout.called(said)
    if ref is None:
        raise UnknownCellError(said)
    return ref


def trace_record(traced: Trace) -> dict[str, object]:
    """Give a trace as `trace --json` prints it; figures are exact text."""
    total = traced.total
    return {
        "group": traced.group,
        "code": str(traced.cell),
        "value": exact_or_none(total.value),
        "reported": total.reported,
        "expected": total.expected,
        "previous": exact_or_none(traced.previous),
        "contributions": [
            {
                "agency": part.agency,
                "code": str(part.cell),
                "value": exact_or_none(part.value),
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
