"""What would change if another return of an agency counted: cell by cell, and in the totals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sheetflow.model.cells import exact_sum

if TYPE_CHECKING:
    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry
    from sheetflow.model.returns import Submission


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One cell that two returns answer differently."""

    cell: CellRef
    used: Entry
    other: Entry

    @property
    def change(self) -> Decimal:
        """What the sums over this cell would gain, or lose, if the other return counted."""
        gained = self.other.value or Decimal(0)
        lost = self.used.value or Decimal(0)
        return exact_sum((gained, lost.copy_negate()))


def differences(used: Submission, other: Submission) -> tuple[CellDifference, ...]:
    """Compare what two returns of one agency say, each as the agency reported it."""
    pairs = ((entry, other.entries[ref]) for ref, entry in used.entries.items())
    return tuple(
        CellDifference(one.ref, one, another)
        for one, another in pairs
        if _answer(one) != _answer(another)
    )


def _answer(entry: Entry) -> Decimal | str:
    """Give what an agency answered as it is shown: a blank and no such cell are alike."""
    return " ".join(entry.raw.split()) if entry.reported is None else entry.reported
