"""What two returns of one agency say differently, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry
    from sheetflow.model.returns import Submission


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One cell that two returns answer differently."""

    cell: CellRef
    beside: Entry
    other: Entry


def differences(beside: Submission, other: Submission) -> tuple[CellDifference, ...]:
    """Compare what two returns of one agency say, each as the agency reported it."""
    pairs = ((entry, other.entries[ref]) for ref, entry in beside.entries.items())
    return tuple(
        CellDifference(one.ref, one, another)
        for one, another in pairs
        if _answer(one) != _answer(another)
    )


def _answer(entry: Entry) -> Decimal | str:
    """Give what an agency answered as it is shown: a blank and no such cell are alike."""
    return " ".join(entry.raw.split()) if entry.reported is None else entry.reported
