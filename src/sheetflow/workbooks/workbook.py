"""A workbook as it was read, whatever its format."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

ROWS, COLUMNS = 1_048_576, 16_384
"""How many a sheet has at most."""
Spot = tuple[int, int]
"""A row and a column of a sheet, from 0."""


class CellKind(StrEnum):
    """What a cell holds.

    `date` is a number that shows as a date or a time (`date_1904`: in a workbook whose days count
    from 1904, as Macs did), `percent` one that shows as a percentage, `blank` a formula without a
    result; other blanks are no cells.
    """

    NUMBER = "number"
    DATE = "date"
    DATE_1904 = "date_1904"
    PERCENT = "percent"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    BLANK = "blank"

    @property
    def since_1904(self) -> CellKind:
        """The kind that it is in a workbook whose days count from 1904."""
        return CellKind.DATE_1904 if self is CellKind.DATE else self


class RawCell(NamedTuple):
    """A cell as saved. A tuple, since making two million dataclasses takes seconds more."""

    kind: CellKind
    text: str
    """The text; of a number, boolean (0, 1) or error the `<v>` as written; "" if blank."""
    formula: str | None
    """Without `=`; "" where the cell only shares another's formula; None if there is none."""


class SelectiveCells(Mapping[Spot, RawCell]):
    """Cells that are made when somebody looks at them."""

    __slots__ = ()

    @abstractmethod
    def top(self, rows: int) -> list[tuple[Spot, str]]:
        """Give the texts of the first rows that are not empty, in any order."""

    @abstractmethod
    def head_texts(self, rows: int) -> set[str]:
        """Give the different texts of the first rows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet; a chart or dialog sheet is one without cells."""

    name: str
    state: str
    """`visible`, `hidden` or `veryHidden`."""
    cells: Mapping[tuple[int, int], RawCell] = field(repr=False)
    """The cells that hold something, by row and column from 0."""
    protected: bool | None = None
    """Whether its cells are locked; None where the format does not say."""
    validated: bool | None = None
    """Whether some of its cells have a validation; None where the format does not say."""

    def top(self, rows: int) -> list[tuple[Spot, str]]:
        """Give the texts of the first rows that are not empty, in any order."""
        if isinstance(self.cells, SelectiveCells):
            return self.cells.top(rows)
        cells = self.cells.items()
        return [(spot, raw.text) for spot, raw in cells if spot[0] < rows and raw.text]

    def head_texts(self, rows: int) -> set[str]:
        """Give the different texts of the first rows."""
        if isinstance(self.cells, SelectiveCells):
            return self.cells.head_texts(rows)
        return {raw.text for spot, raw in self.cells.items() if spot[0] < rows}


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as saved, and what of it serves to tell whose it is."""

    sheets: tuple[Sheet, ...]
    names: Mapping[str, str] = field(repr=False)
    """Global defined names and the text that they stand for."""
    properties: Mapping[str, str] = field(repr=False)
    """Custom document properties, of whatever type, as text."""
    client: str
    """The program that saved the file by its own account, "" if it gives none."""
    is_small: bool = field(default=False, compare=False)
    """Whether it is known to take a few MB of memory at most, so that some may be held at once."""
