"""The values of some cells of many returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.answers import Answers, known_amounts, picker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from sheetflow.model.answers import Odd, Pick, Slate
    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry


class _Picked(NamedTuple):
    """Where cells stand among those of a slate."""

    numbers: Sequence[int]
    pick: Pick
    texts: Sequence[int]
    """Which of the cells ask for a text."""


class Picker:
    """Gives the values of some cells of many returns."""

    def __init__(self, refs: Sequence[CellRef]) -> None:
        self.refs = refs
        self._picked: dict[Slate, _Picked] = {}

    def __call__(self, entries: Mapping[CellRef, Entry]) -> Sequence[int | Decimal | None]:
        """Give the values of the cells, in order; whole ones as integers or not."""
        if not isinstance(entries, Answers):
            return [entries[ref].value for ref in self.refs]
        picked = self._picked_of(entries.slate)
        values: list[int | Decimal | None] = list(
            map(known_amounts.__getitem__, picked.pick(entries.texts))
        )
        for position in picked.texts:
            values[position] = None
        for position, odd in self._odd(entries, picked):
            values[position] = odd.value
        return values

    def as_found(self, entries: Answers) -> tuple[Sequence[str], Sequence[tuple[int, Odd]]]:
        """Give what stands in the cells, in order, and with their positions in it what is odd.

        All of them have to ask for figures.
        """
        picked = self._picked_of(entries.slate)
        return picked.pick(entries.texts), self._odd(entries, picked)

    def _odd(self, entries: Answers, picked: _Picked) -> Sequence[tuple[int, Odd]]:
        if not entries.odd:
            return ()
        numbered = enumerate(picked.numbers)
        return [(at, entries.odd[number]) for at, number in numbered if number in entries.odd]

    def _picked_of(self, slate: Slate) -> _Picked:
        known = self._picked.get(slate)
        if known is None:
            numbers = [slate.index[ref] for ref in self.refs]
            texts = [place for place, number in enumerate(numbers) if not slate.numeric[number]]
            known = self._picked[slate] = _Picked(numbers, picker(numbers), texts)
        return known
