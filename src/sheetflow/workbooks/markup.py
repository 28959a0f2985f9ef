"""Cells, rows and shared texts as the XML of a workbook has them, to fill a plate's gaps with."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import quoteattr

from sheetflow.model.cells import address, plain
from sheetflow.workbooks.stamping import escaped
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

Style = tuple[str, str]
"""A format's name and the kind of cell, as `StyledWorkbook.style` knows them."""
Value = Decimal | int | str | None


class Row(NamedTuple):
    """A row: its height in points, and its cells from column A on."""

    height: int
    cells: tuple[tuple[Style, Value], ...]


class Markup:
    """Writes cells of one workbook; the texts that they share follow those that are there."""

    def __init__(self, formats: Mapping[Style, int], texts: int) -> None:
        self._formats = formats
        self._first = texts
        self._texts: dict[str, int] = {}
        self._uses = 0

    def cell(self, style: Style, value: Value) -> str:
        """Write a cell from the end of its address on: ` s="3"><v>12</v></c>`."""
        head = f' s="{self._formats[style]}"'
        value = stored(value)
        if isinstance(value, str):
            return f'{head} t="s"><v>{self._number(value)}</v></c>'
        return f"{head}/>" if value is None else f"{head}><v>{plain(Decimal(value))}</v></c>"

    def text_cell(self, style: Style, text: str) -> str:
        """Write a cell of text, as `cell` does, that shares its text with no other."""
        head, text = self.format(style), clean_text(text)
        return f'{head} t="inlineStr"><is>{_item(text)}</is></c>' if text else f"{head}/>"

    def format(self, style: Style) -> str:
        """Write the format of a cell that holds something already."""
        return f' s="{self._formats[style]}"'

    def row(self, number: int, row: Row) -> str:
        """Write a row (from 0)."""
        cells = (
            f'<c r="{address(number, column)}"{self.cell(style, value)}'
            for column, (style, value) in enumerate(row.cells)
        )
        return f'<row r="{number + 1}"{height(row.height)}>{"".join(cells)}</row>'

    def texts(self) -> bytes:
        """Give the items of the texts that were written."""
        return "".join(f"<si>{_item(text)}</si>" for text in self._texts).encode()

    def counts(self, uses: int) -> str:
        """Count the texts, which were used so many times before."""
        return f' count="{uses + self._uses}" uniqueCount="{self._first + len(self._texts)}"'

    def _number(self, text: str) -> int:
        self._uses += 1
        return self._texts.setdefault(text, self._first + len(self._texts))


def _item(text: str) -> str:
    return f'<t xml:space="preserve">{escaped(text)}</t>'


def height(points: int) -> str:
    """Write a row's height."""
    return f' ht="{points}" customHeight="1"'


def link(at: str, target: str) -> str:
    """Write a link from a cell to a place in the same workbook."""
    return f"<hyperlink ref={quoteattr(at)} location={quoteattr(target)}/>"


def stored(value: Value) -> Value:
    """Give what a cell can hold: a figure of which Excel would lose digits is a text."""
    if isinstance(value, Decimal) and Decimal(repr(float(value))) != value:
        value = str(value)
    return clean_text(value) or None if isinstance(value, str) else value
