"""A cell's meaning (`CellRef`) and its place, two things that are never mixed up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

NOT_KNOWN = "—"
"""Is shown for a figure that nobody reported."""
_ZERO = Decimal(0)
_EXACT = Context(prec=700)  # Figures are below 1e15 and doubles end at 1e-323: no sum is rounded.


class CellRef(NamedTuple):
    """What a value means: `table/item/column`, for example `requests/done.granted/person`."""

    table: str
    item: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}/{self.item}/{self.column}"


def parse_cell(text: str) -> CellRef | None:
    """Read `table/item/column`; None if the text is not three non-empty codes."""
    parts = text.strip().split("/")
    return CellRef(*parts) if len(parts) == 3 and all(parts) else None  # noqa: PLR2004


class Place(NamedTuple):
    """Where something stood: a file and, within it, a sheet and an A1 address, or a line."""

    file: str
    sheet: str = ""
    address: str = ""
    line: int = 0


class Box(NamedTuple):
    """A rectangle of a sheet: its first row and column (from 0) and how far it reaches."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def spot(self) -> tuple[int, int]:
        """The row and column of the upper left corner, which holds the value of a merged cell."""
        return self.row, self.column

    @property
    def address(self) -> str:
        """The A1 address of that corner."""
        return address(self.row, self.column)

    @property
    def last_row(self) -> int:
        """The last row that the box covers."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """The last column that the box covers."""
        return self.column + self.columns - 1

    def moved_down(self, rows: int) -> Box:
        """Give the same rectangle, so many rows below."""
        return Box(self.row + rows, self.column, self.rows, self.columns)


@lru_cache(maxsize=1 << 10)
def column_letters(column: int) -> str:
    """Name a column (from 0) as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Name a cell (row and column from 0) as spreadsheets do: D31."""
    return f"{column_letters(column)}{row + 1}"


def exact_sum(numbers: Iterable[Decimal]) -> Decimal:
    """Add figures without rounding, whatever their number of digits."""
    return reduce(_EXACT.add, numbers, _ZERO)


def exact() -> AbstractContextManager[Context]:
    """Give a block in which plain arithmetic on figures does not round."""
    return localcontext(_EXACT)


def exact_product(factor: int, number: Decimal) -> Decimal:
    """Multiply a figure by a whole number without rounding."""
    return _EXACT.multiply(Decimal(factor), number)


def plain(number: Decimal) -> str:
    """Write a figure exactly, without exponent and without trailing zeros: 18651.064104, 12, 0."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def percentage(fraction: Decimal) -> str:
    """Write a fraction exactly as a percentage, with its sign: 0.985 is 98.5%."""
    return f"{plain(fraction.scaleb(2))}%"


def displayed(value: Decimal | None, decimals: int | None) -> str:
    """Show a figure: — where nobody reported; an amount rounded half up to display decimals.

    A whole amount shows none of them, and one too small for them shows all its own digits,
    since it is not 0.
    """
    if value is None:
        return NOT_KNOWN
    if decimals is None or value == value.to_integral_value():
        return plain(value)
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT)
    return format(rounded, "f") if rounded else plain(value)
