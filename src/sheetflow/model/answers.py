"""The answers of one return, kept as small as they are: the texts as found, and what is odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import CellRef, Place
from sheetflow.model.entries import Entry, State, TotalCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Odd(NamedTuple):
    """How an answer was read whose text alone does not say it."""

    state: State
    value: Decimal | None
    rule: str


class Slate(NamedTuple):
    """What many returns have in common: their entry cells in the form's order, and where each is."""

    refs: tuple[CellRef, ...]
    places: tuple[tuple[str, str], ...]
    """Sheet and address of each."""
    numeric: tuple[bool, ...]
    """Which of them ask for a figure."""
    texts: tuple[int, ...]
    """The numbers of those that do not."""
    index: Mapping[CellRef, int]
    """The number of each."""


class Answers(Mapping[CellRef, Entry]):
    """Entries by cell, each made when somebody looks at it."""

    __slots__ = ("file", "odd", "slate", "texts")

    def __init__(
        self, slate: Slate, file: str, texts: Sequence[str], odd: Mapping[int, Odd]
    ) -> None:
        self.slate = slate
        self.file = file
        self.texts = texts
        """What stood in each cell, empty for a blank."""
        self.odd = odd
        """Answers by their number that are neither blank, nor a text, nor the number as it stands."""

    @classmethod
    def of(cls, entries: Iterable[Entry], numeric: Mapping[CellRef, bool]) -> Answers | None:
        """Keep entries of one file; None if they are of several, or were decided on."""
        entries = tuple(entries)
        files = {entry.place.file for entry in entries}
        if len(files) != 1 or any(entry.decision for entry in entries):
            return None
        slate = slate_of(entries, numeric)
        odd = {
            number: Odd(entry.state, entry.value, entry.rule)
            for number, entry in enumerate(entries)
            if not is_plain(entry, is_number=slate.numeric[number])
        }
        return cls(slate, files.pop(), [entry.raw for entry in entries], odd)

    def entry(self, number: int) -> Entry:
        """Give an entry by its number."""
        ref, text = self.slate.refs[number], self.texts[number]
        place = Place(self.file, *self.slate.places[number])
        if number in self.odd:
            state, value, rule = self.odd[number]
            return Entry(ref, state, value, text, place, rule)
        if not text:
            return Entry(ref, State.BLANK, None, "", place)
        value = figure(text) if self.slate.numeric[number] else None
        return Entry(ref, State.TEXT if value is None else State.NUMBER, value, text, place)

    def numbers(self) -> list[Decimal | None]:
        """Give the value of every entry, in order."""
        figures = [
            figure(text) if is_number and text else None
            for text, is_number in zip(self.texts, self.slate.numeric, strict=True)
        ]
        for number, odd in self.odd.items():
            figures[number] = odd.value
        return figures

    def figures(self) -> dict[CellRef, Decimal]:
        """Give every value there is, by cell."""
        pairs = zip(self.slate.refs, self.numbers(), strict=True)
        return {ref: value for ref, value in pairs if value is not None}

    def blanks(self) -> list[Entry]:
        """Give the entries that are blank."""
        odd = self.odd
        blank = [number for number, text in enumerate(self.texts) if not text and number not in odd]
        if odd:
            blank = sorted(blank + [n for n, each in odd.items() if each.state is State.BLANK])
        return [self.entry(number) for number in blank]

    def told(self) -> list[Entry]:
        """Give the entries that hold a text."""
        texts = self.slate.texts
        told = [self.entry(number) for number in texts if self.texts[number].strip()]
        return [entry for entry in told if entry.state is State.TEXT]

    def odd_ones(self) -> list[Entry]:
        """Give the entries whose text alone does not say what was read."""
        return [self.entry(number) for number in sorted(self.odd)]

    @property
    def answered(self) -> int:
        """How many figures could be read."""
        pairs = zip(self.texts, self.slate.numeric, strict=True)
        plain = sum(is_number and text != "" for text, is_number in pairs)
        for number, odd in self.odd.items():
            was = self.slate.numeric[number] and self.texts[number] != ""
            plain += (odd.state is State.NUMBER) - was
        return plain

    def __getitem__(self, ref: CellRef) -> Entry:
        return self.entry(self.slate.index[ref])

    def __iter__(self) -> Iterator[CellRef]:
        return iter(self.slate.refs)

    def __len__(self) -> int:
        return len(self.slate.refs)


class Untyped(Mapping[CellRef, TotalCell]):
    """Total cells of which none was typed over."""

    __slots__ = ("_places", "file")

    def __init__(self, file: str, places: Mapping[CellRef, tuple[str, str]]) -> None:
        self.file = file
        self._places = places

    def __getitem__(self, ref: CellRef) -> TotalCell:
        return TotalCell(ref, Place(self.file, *self._places[ref]))

    def __iter__(self) -> Iterator[CellRef]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@lru_cache(maxsize=1 << 16)
def figure(text: str) -> Decimal:
    """Read a number as it stands."""
    return Decimal(text)


def slate_of(entries: Sequence[Entry], numeric: Mapping[CellRef, bool]) -> Slate:
    """Give the slate of some entries; equal ones are one."""
    return _slate(
        tuple(entry.ref for entry in entries),
        tuple((entry.place.sheet, entry.place.address) for entry in entries),
        tuple(numeric[entry.ref] for entry in entries),
    )


@lru_cache(maxsize=256)
def _slate(
    refs: tuple[CellRef, ...], places: tuple[tuple[str, str], ...], numeric: tuple[bool, ...]
) -> Slate:
    texts = tuple(number for number, is_number in enumerate(numeric) if not is_number)
    return Slate(refs, places, numeric, texts, {ref: n for n, ref in enumerate(refs)})


def is_plain(entry: Entry, *, is_number: bool) -> bool:
    """Whether an entry's text alone says how it was read."""
    if entry.rule or not entry.raw:
        return entry.state is State.BLANK and not entry.rule
    if is_number:
        return entry.state is State.NUMBER and str(entry.value) == entry.raw
    return entry.state is State.TEXT
