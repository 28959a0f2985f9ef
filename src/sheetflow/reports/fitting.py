"""How a table is set on the page: as the official form is, else so that no figure is broken.

What does not fit beside each other even in small type is taken apart between its columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.layout.grid import Role
from sheetflow.reports.view import TableView
from sheetflow.workbooks.styles import display_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheetflow.layout.grid import Grid, Label
    from sheetflow.model.cells import Box

TEXT_WIDTH = 8844
"""A4 less the margins of GB/T 9704 (28 and 26 mm), in twentieths of a point."""
SMALL, LARGE = 9, 11
"""Type sizes in points."""
_SIZES = (LARGE, SMALL, 7.5)
_WIDE = 7
"""From this number of columns on a table is set in small type, its items' names to the left."""
_LABEL_SHARE, _OUTER_SHARE, _VALUE_SHARE = 0.45, 0.075, 0.25
_HALF_WIDTH, _BESIDE = 10, 68
"""What a half-width character takes, per point of type size, and what stands free beside a text."""
_LARGER, _MORE_BESIDE = 1.05, 40
"""By how much browsers set figures larger, with more beside them, than Word does."""
_NARROWEST = 4
"""So many half-width characters a line of any column has at least."""
_LINES = 4
"""Into so many lines the official setting may break a label that is not as many rows high."""
_MOST = 0.4
"""What of the page a column asks for at most for the sake of its labels."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A table, or a part of one, its type size in points, and its columns' shares of the width."""

    table: TableView
    points: float
    shares: tuple[float, ...]

    @property
    def is_small(self) -> bool:
        """Whether it is set in small type, its items' names to the left."""
        return self.points < LARGE


def settings_of(table: TableView) -> tuple[Setting, ...]:
    """Set a table; of one that is too wide for the page give parts, to stand below each other."""
    grid = table.grid
    usual = Setting(table, SMALL if grid.columns >= _WIDE else LARGE, _official_shares(grid))
    if _has_room(usual):
        return (usual,)
    sizes = [size for size in _SIZES if size <= usual.points]
    for points in sizes:
        if sum(_narrowest(table, points)) <= TEXT_WIDTH:
            return (_set(table, points),)
    if len(grid.tables) > 1:
        return (_set(table, sizes[-1]),)
    return tuple(_set(part, SMALL) for part in _parts(table))


def _official_shares(grid: Grid) -> tuple[float, ...]:
    """Divide the width as the official form does: headings of headings narrow, items wide."""
    labels, values = grid.label_columns, grid.columns - grid.label_columns
    if not labels:
        return (1 / values,) * values
    beside = _LABEL_SHARE if labels > 1 else max(_VALUE_SHARE, 1 / grid.columns)
    outer = (_OUTER_SHARE,) * (labels - 1)
    return (*outer, beside - sum(outer), *((1 - beside) / values,) * values)


def _has_room(setting: Setting) -> bool:
    """Whether no figure is broken, and no label into more lines than it has room for."""
    widths = [share * TEXT_WIDTH for share in setting.shares]
    grid, points = setting.table.grid, setting.points
    needs = [
        *((box, _figure_width(text, points)) for box, text in _figures(setting.table)),
        *((x.box, _width(x.text, points, max(x.box.rows, _LINES))) for x in _labels(grid)),
    ]
    return all(need <= sum(_over(widths, box)) for box, need in needs)


def _set(table: TableView, points: float) -> Setting:
    """Give each column what its figures need, and share out the rest by what labels ask for."""
    least = _narrowest(table, points)
    asked = _asked(table, points, least)
    more = [want - need for want, need in zip(asked, least, strict=True)]
    spare = TEXT_WIDTH - sum(least)
    if 0 < spare < sum(more):
        asked = [need + spare * want / sum(more) for need, want in zip(least, more, strict=True)]
    elif spare <= 0:
        asked = least
    return Setting(table, points, tuple(width / sum(asked) for width in asked))


def _narrowest(table: TableView, points: float) -> list[float]:
    widths = [_width(" " * _NARROWEST, points)] * table.grid.columns
    for box, text in _figures(table):
        _widen(widths, box, _figure_width(text, points))
    return widths


def _asked(table: TableView, points: float, least: Sequence[float]) -> list[float]:
    """Give what columns ask for: an item's name on one line, or as many as it is high."""
    widths = list(least)
    for label in sorted(_labels(table.grid), key=lambda label: label.box.columns):
        lines = label.box.rows * (2 if label.role is Role.COLUMN else 1)
        need = _width(f"{label.text} ", points, lines)  # Word sets figures off from characters
        _widen(widths, label.box, min(need, _MOST * TEXT_WIDTH))
    return widths


def _widen(widths: list[float], box: Box, need: float) -> None:
    """Widen the last column under a box if its columns together are too narrow."""
    widths[box.last_column] += max(0, need - sum(_over(widths, box)))


def _over(widths: Sequence[float], box: Box) -> Sequence[float]:
    return widths[box.column : box.last_column + 1]


def _width(text: str, points: float, lines: int = 1) -> float:
    """Say how wide a text is, broken into so many lines."""
    longest = -(-display_width(text) // (2 * lines)) * 2 if lines > 1 else display_width(text)
    return longest * points * _HALF_WIDTH + _BESIDE


def _figure_width(text: str, points: float) -> float:
    return _width(text, points * _LARGER) + _MORE_BESIDE


def _figures(table: TableView) -> Iterator[tuple[Box, str]]:
    """Give the figures with their boxes, those of one column first."""
    slots = sorted(table.grid.slots, key=lambda slot: slot.box.columns)
    return ((slot.box, table.shown[slot.ref]) for slot in slots)


def _labels(grid: Grid) -> Iterator[Label]:
    return (label for label in grid.labels if label.role in {Role.ITEM, Role.COLUMN})


def _parts(table: TableView) -> Iterator[TableView]:
    """Take a table apart between its columns, as evenly as they fit beside its items' names."""
    grid = table.grid
    least = _narrowest(table, SMALL)
    beside = grid.label_columns
    names = min(sum(_asked(table, SMALL, least)[:beside]), _MOST * TEXT_WIDTH)
    values = grid.columns - beside
    fitting = max(1, int((TEXT_WIDTH - names) // max(least[beside:])))
    count = -(-values // fitting)
    for number in range(count):
        first, end = (beside + values * n // count for n in (number, number + 1))
        yield _part(table, [*range(beside), *range(first, end)])


def _part(table: TableView, columns: Sequence[int]) -> TableView:
    """Give some columns of a table; what reaches over others too is cut to these."""
    grid = table.grid

    def cut(box: Box) -> Box | None:
        kept = [at for at, column in enumerate(columns) if box.column <= column <= box.last_column]
        return box._replace(column=kept[0], columns=len(kept)) if kept else None

    slots = tuple(replace(s, box=box) for s in grid.slots if (box := cut(s.box)))
    labels = tuple(replace(x, box=box) for x in grid.labels if (box := cut(x.box)))
    cut_grid = replace(grid, columns=len(columns), slots=slots, labels=labels)
    return TableView(cut_grid, table.shown)
