"""Sentences of the drafted text: words around figures, each of them cells or a sum of cells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sheetflow.model.cells import CellRef

RETURNS = "returns"
"""What stands for a table in references to how many agencies have reported."""
COUNTS = ("expected", "reported", "missing", "excused", "on_time")
RETURN_COUNTS = tuple(CellRef(RETURNS, "agencies", count) for count in COUNTS)


class ListBy(StrEnum):
    """Whose figures are listed: of counties, of kinds of agencies, of those with the most."""

    PARTS = "parts"
    KINDS = "kinds"
    LARGEST = "largest"


@dataclass(frozen=True, slots=True)
class Figure:
    """Cells added or subtracted; where there is a base, what percentage of it they are."""

    said: str
    """As the form says it; each cell that it names can be traced."""
    side: tuple[tuple[int, CellRef], ...]
    base: tuple[tuple[int, CellRef], ...] = ()

    @property
    def cells(self) -> tuple[CellRef, ...]:
        """Every cell that the figure comes from."""
        return tuple(ref for _, ref in (*self.side, *self.base))


@dataclass(frozen=True, slots=True)
class Mention:
    """Words by which texts give a figure that stands in the tables."""

    said: str
    """The cells, as the form says them."""
    side: tuple[tuple[int, CellRef], ...]
    words: tuple[str, ...]
    none: tuple[str, ...] = ()
    """Words of which a text may say that there was none: 0."""
    unit: str = ""
    """Empty: any unit of counting."""


@dataclass(frozen=True, slots=True)
class Growth:
    """比上年增加3件，增长12.5%: how cells added or subtracted changed since the last period."""

    figure: Figure
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """甲县12件、乙县8件: a cell's figure for each of several, each with its name."""

    by: ListBy
    cell: CellRef
    unit: str = ""
    most: int = 0
    """Of the largest, how many are listed."""


Part = str | Figure | Growth | Listing


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the drafted text, for one text item."""

    cell: CellRef
    parts: tuple[Part, ...]
    when: Figure | None = None
    """The sentence stands only if this figure is above 0."""
    until_written: bool = False
    """The sentence stands only until the office has written its own text."""
