"""What stood in one cell of a return, and how it was read."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from sheetflow.model.cells import CellRef, Place


class State(StrEnum):
    """How an entry stands: blank, zero and 不适用 are three different things."""

    NUMBER = "number"
    BLANK = "blank"
    NA = "na"
    TEXT = "text"
    UNREADABLE = "unreadable"
    ADJUSTED = "adjusted"


class Entry(NamedTuple):
    """What an agency filled in at one cell: raw text, the value read from it, and its place."""

    ref: CellRef
    state: State
    value: Decimal | None
    raw: str
    place: Place
    rule: str = ""
    """How the raw text was repaired, or why it was refused; empty if it was read as it stood."""
    decision: str = ""
    """The reason of the decision that set the value, empty if the agency's own."""
    overruled: Decimal | None = None
    """The agency's own figure where a decision set another."""

    @property
    def reported(self) -> Decimal | None:
        """The agency's own figure, whatever was decided."""
        return self.overruled if self.decision else self.value


class TotalCell(NamedTuple):
    """What stood in a total cell; `typed` unless it is blank or still the issued formula."""

    ref: CellRef
    place: Place
    typed: bool = False
    value: Decimal | None = None
    raw: str = ""
    rule: str = ""
    """How the raw text was repaired, or why it was refused."""
    by_formula: bool = False
    """Whether another formula than the issued one gave the value."""
