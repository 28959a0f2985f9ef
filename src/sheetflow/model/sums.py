"""Adds up the figures of many returns cell by cell, exactly and many at once.

Most figures are small and whole. Such a one is added together with a 1 far above it, so that one
sum says how much was reported at a cell, and how often. What is no such figure is added by itself.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.answers import Answers, Known, amount, picker
from sheetflow.model.cells import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from sheetflow.model.answers import Slate
    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry

_AT_ONCE = 64
"""Returns that are added up at a time."""
_ONCE = 1 << 48
"""Is added with each figure."""
_BELOW = _ONCE // _AT_ONCE
"""What a figure is less than that is added so: those of 64 returns stay below `_ONCE`."""
_OTHER = _ONCE * _AT_ONCE * 2
"""Stands for a figure that is not added so; more than all that are can be."""


def _share(text: str) -> int:
    """Give what an answer adds to the sum of its cell."""
    value = amount(text)
    if value is None:
        return 0
    return _ONCE + value if isinstance(value, int) and value < _BELOW else _OTHER


_shares = Known(_share)


class _Columns(NamedTuple):
    """Where the cells that are added up stand among those of a slate."""

    numbers: Sequence[int]
    by_number: Mapping[int, int]
    """Which of the cells that are added up each one of the slate's is."""
    pick: Callable[[Sequence[int]], Sequence[int]]


class Cells:
    """The cells that are added up."""

    def __init__(self, refs: Sequence[CellRef]) -> None:
        self.refs = refs
        self._columns: dict[Slate, _Columns] = {}

    def columns(self, slate: Slate) -> _Columns:
        """Say where they stand in returns of a slate."""
        known = self._columns.get(slate)
        if known is None:
            numbers = [slate.index[ref] for ref in self.refs]
            by_number = {number: column for column, number in enumerate(numbers)}
            known = self._columns[slate] = _Columns(numbers, by_number, picker(numbers))
        return known


class Sum:
    """What returns reported at some cells: the sum of each, and how many reported it."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._values: list[int | Decimal] = [0] * len(cells.refs)
        self._reported = [0] * len(cells.refs)
        self._held: dict[Slate, list[Answers]] = {}
        """Returns that are not added yet."""
        self._beside: dict[int, list[int | Decimal]] = {}
        """By column, figures that are not added yet, and have to be added by themselves."""
        self._count = 0
        """Of how many returns figures are not added yet."""

    @property
    def values(self) -> list[int | Decimal]:
        """The sum of each cell."""
        self.add_up()
        return self._values

    @property
    def reported(self) -> list[int]:
        """How many returns reported each cell."""
        self.add_up()
        return self._reported

    def add(self, entries: Mapping[CellRef, Entry]) -> None:
        """Add the figures of a return."""
        if isinstance(entries, Answers):
            self._held.setdefault(entries.slate, []).append(entries)
        else:
            for column, ref in enumerate(self._cells.refs):
                self._put_beside(column, entries[ref].value)
        self._count += 1
        if self._count == _AT_ONCE:
            self.add_up()

    def add_all(self, other: Sum) -> None:
        """Add what other returns reported at the same cells."""
        with exact():
            self._values = list(map(operator.add, self.values, other.values))
        self._reported = list(map(operator.add, self.reported, other.reported))

    def _put_beside(self, column: int, value: int | Decimal | None) -> None:
        if value is not None:
            self._beside.setdefault(column, []).append(value)

    def add_up(self) -> None:
        """Add what was given and not added yet."""
        if not self._count:
            return
        with exact():
            for slate, returns in self._held.items():
                columns = self._cells.columns(slate)
                self._add_texts(columns, [self._texts(columns, each) for each in returns])
            for column, values in self._beside.items():
                self._values[column] = sum(values, self._values[column])
                self._reported[column] += len(values)
        self._held.clear()
        self._beside.clear()
        self._count = 0

    def _texts(self, columns: _Columns, answers: Answers) -> Sequence[str]:
        """Give a return's texts, without those that don't say what is added."""
        texts = answers.apart()
        for number in answers.slate.texts:  # long ones are slow to be told as no figures
            texts[number] = ""
        for number, odd in answers.odd.items():
            texts[number] = ""
            if number in columns.by_number:
                self._put_beside(columns.by_number[number], odd.value)
        return texts

    def _add_texts(self, columns: _Columns, returns: Sequence[Sequence[str]]) -> None:
        added = columns.pick([_added(texts) for texts in zip(*returns, strict=True)])
        for column, (number, share) in enumerate(zip(columns.numbers, added, strict=True)):
            reported, value = divmod(share % _OTHER, _ONCE)
            self._values[column] += value
            self._reported[column] += reported
            if share >= _OTHER:
                for text in (texts[number] for texts in returns):
                    if _shares[text] == _OTHER:
                        self._put_beside(column, amount(text))


def _added(texts: tuple[str, ...]) -> int:
    """Add what the answers at a cell add to its sum; most often all are 0, or blank."""
    if texts == texts[:1] * len(texts):
        return _shares[texts[0]] * len(texts)
    return sum(map(_shares.__getitem__, texts))
