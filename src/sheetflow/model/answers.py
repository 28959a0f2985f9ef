"""The answers of one return, kept as small as they are: the texts as found, and what is odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import compress, pairwise
from operator import itemgetter, not_
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sheetflow.model.cells import CellRef, Place
from sheetflow.model.entries import Entry, State, TotalCell

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Sequence, ValuesView

    Pick = Callable[[Sequence[str]], Sequence[str]]
    """Gives some of a return's texts, as `picker` makes it."""


_BLANK, _TEXT, _NUMBER = State.BLANK, State.TEXT, State.NUMBER
_SEPARATOR = "\x7f"
"""Stands in no text that somebody typed, and JSON writes it as it is."""
_MOST = 1 << 16
_LONGEST = 40
"""Characters of a text whose reading is kept, or gives an integer."""
_FURTHEST = 1_000
"""Places that a number's first digit may be from the point."""
T = TypeVar("T")
V = TypeVar("V")


class Odd(NamedTuple):
    """How an answer was read whose text alone does not say it."""

    state: State
    value: Decimal | None
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Slate:
    """What many returns have in common: their entry cells, in order, and where each is."""

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

    __slots__ = ("_texts", "file", "odd", "slate")

    def __init__(
        self, slate: Slate, file: str, texts: str | Sequence[str], odd: Mapping[int, Odd]
    ) -> None:
        """Keep what stood in each cell of a slate, one by one or as `keepable` gave it.

        ValueError if it is not one text for each cell, or what is odd is at none of them.
        """
        if not isinstance(texts, str):
            joined = _SEPARATOR.join(texts)
            is_safe = joined.count(_SEPARATOR) == len(texts) - 1
            texts = joined if is_safe else tuple(texts)
        count = texts.count(_SEPARATOR) + 1 if isinstance(texts, str) else len(texts)
        if count != len(slate.refs) or (odd and max(odd) >= count):
            raise ValueError(file)
        self.slate = slate
        self.file = file
        self._texts = texts
        self.odd = dict(sorted(odd.items())) if odd else odd
        """By their number, in order: answers that are no blank, text or number as it stands."""

    @property
    def keepable(self) -> str | Sequence[str]:
        """The texts in the form in which they are kept: joined, where that is safe."""
        return self._texts

    @property
    def texts(self) -> Sequence[str]:
        """What stood in each cell, empty for a blank."""
        texts = self._texts
        return _split(texts) if isinstance(texts, str) else texts

    def apart(self) -> list[str]:
        """Give the texts as a list of its own, for who looks at a return once."""
        texts = self._texts
        return texts.split(_SEPARATOR) if isinstance(texts, str) else list(texts)

    @property
    def text(self) -> str:
        """All texts in one."""
        return self._texts if isinstance(self._texts, str) else _SEPARATOR.join(self._texts)

    def entry(self, number: int) -> Entry:
        """Give an entry by its number."""
        return self._entry(number, self.texts[number])

    def _entry(self, number: int, text: str) -> Entry:
        ref = self.slate.refs[number]
        place = Place(self.file, *self.slate.places[number])
        if number in self.odd:
            state, value, rule = self.odd[number]
            return Entry(ref, state, value, text, place, rule)
        if not text:
            return Entry(ref, _BLANK, None, "", place)
        value = _figures[text] if self.slate.numeric[number] else None
        return Entry(ref, State.TEXT if value is None else State.NUMBER, value, text, place)

    def place(self, ref: CellRef) -> Place:
        """Give the place of an entry."""
        return Place(self.file, *self.slate.places[self.slate.index[ref]])

    def numbers(self) -> list[Decimal | None]:
        """Give the value of every entry, in order."""
        return self._values(_figures)

    def amounts(self) -> list[int | Decimal | None]:
        """Give the value of every entry, in order, as integers if whole."""
        return self._values(known_amounts)

    def _values(self, read: Mapping[str, V]) -> list[V | Decimal | None]:
        values: list[V | Decimal | None] = list(map(read.__getitem__, self.texts))
        for number in self.slate.texts:
            values[number] = None
        for number, odd in self.odd.items():
            values[number] = odd.value
        return values

    def figures(self) -> dict[CellRef, Decimal]:
        """Give every value there is, by cell."""
        pairs = zip(self.slate.refs, self.numbers(), strict=True)
        return {ref: value for ref, value in pairs if value is not None}

    def blanks(self, needed: frozenset[CellRef]) -> list[int]:
        """Give the numbers of the cells that are blank, of those that are needed."""
        numbers = _numbers(self.slate, needed)
        return list(compress(numbers, self.are_blank(numbers)))

    def are_blank(self, numbers: Sequence[int]) -> list[bool]:
        """Say of some entries, by their numbers, whether each is blank."""
        texts, odd = self.texts, self.odd
        blank = list(map(not_, map(texts.__getitem__, numbers)))
        if not odd:
            return blank
        return [
            odd[number].state is State.BLANK if number in odd else is_blank
            for number, is_blank in zip(numbers, blank, strict=True)
        ]

    def has_blank(self, numbers: Sequence[int], pick: Pick) -> bool:
        """Whether one of some entries, by their numbers and by what picks these, is blank."""
        if self.odd:
            return any(self.are_blank(numbers))
        return not all(pick(self.texts))

    def told(self) -> list[Entry]:
        """Give the entries that hold a text."""
        return [entry for entry in self.worded() if entry.state is State.TEXT]

    def worded(self) -> list[Entry]:
        """Give the entries that ask for a text and are not empty, however they were read."""
        words = self._words()
        if not any(words):
            return []
        filled = zip(self.slate.texts, words, strict=True)
        return [self._entry(number, text) for number, text in filled if text.strip()]

    def _words(self) -> Sequence[str]:
        """Give what stands in the cells that ask for a text; most stand near an end."""
        joined, ends = self._texts, _ends(self.slate)
        if not isinstance(joined, str):
            return [joined[number] for number in self.slate.texts]
        near = joined.split(_SEPARATOR, ends.head)[: ends.head]
        if ends.tail:
            near += joined.rsplit(_SEPARATOR, ends.tail)[-ends.tail :]
        return ends.pick(near)

    def odd_ones(self) -> list[Entry]:
        """Give the entries whose text alone does not say what was read."""
        texts = self.texts if self.odd else ()
        return [self._entry(number, texts[number]) for number in self.odd]

    @property
    def answered(self) -> int:
        """How many figures could be read."""
        states = [odd.state for odd in self.odd.values()]
        plain = sum(
            is_number and text != "" and number not in self.odd
            for number, (text, is_number) in enumerate(
                zip(self.texts, self.slate.numeric, strict=True)
            )
        )
        return plain + states.count(State.NUMBER)

    def values(self) -> ValuesView[Entry]:
        """Give every entry, in order."""
        return self._all().values()

    def items(self) -> ItemsView[CellRef, Entry]:
        """Give every entry with its cell."""
        return self._all().items()

    def _all(self) -> dict[CellRef, Entry]:
        slate, file, texts = self.slate, self.file, self.texts
        values = map(_figures.__getitem__, texts)
        entries = {
            ref: Entry(ref, _BLANK, None, "", Place(file, sheet, address))
            if not text
            else Entry(ref, _TEXT, None, text, Place(file, sheet, address))
            if value is None or not is_number
            else Entry(ref, _NUMBER, value, text, Place(file, sheet, address))
            for ref, (sheet, address), is_number, text, value in zip(
                slate.refs, slate.places, slate.numeric, texts, values, strict=True
            )
        }
        for number in self.odd:
            entries[slate.refs[number]] = self._entry(number, texts[number])
        return entries

    def __getitem__(self, ref: CellRef) -> Entry:
        return self.entry(self.slate.index[ref])

    def __contains__(self, ref: object) -> bool:
        return ref in self.slate.index

    def __iter__(self) -> Iterator[CellRef]:
        return iter(self.slate.refs)

    def __len__(self) -> int:
        return len(self.slate.refs)


def picker(numbers: Sequence[int]) -> Callable[[Sequence[T]], Sequence[T]]:
    """Give what picks the values of some numbers out of a sequence."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda values: [values[number] for number in numbers]


class Untyped(Mapping[CellRef, TotalCell]):
    """Total cells of which none was typed over."""

    __slots__ = ("file", "slate")

    def __init__(self, slate: Slate, file: str) -> None:
        self.slate = slate
        self.file = file

    def __getitem__(self, ref: CellRef) -> TotalCell:
        return TotalCell(ref, Place(self.file, *self.slate.places[self.slate.index[ref]]))

    def __iter__(self) -> Iterator[CellRef]:
        return iter(self.slate.refs)

    def __len__(self) -> int:
        return len(self.slate.refs)


def figure(text: str) -> Decimal | None:
    """Read a number as it stands; None if a text is none, or one that no cell can hold.

    Written out, 1e999999999 would take a gigabyte.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= _FURTHEST else None


@lru_cache(maxsize=256)
def _numbers(slate: Slate, refs: frozenset[CellRef]) -> tuple[int, ...]:
    """Give the numbers of some cells, in order."""
    return tuple(number for number, ref in enumerate(slate.refs) if ref in refs)


class _Ends(NamedTuple):
    """How many texts from the first on, and how many up to the last, hold all that are words."""

    head: int
    tail: int
    pick: Pick
    """Gives the words out of these."""


@lru_cache(maxsize=256)
def _ends(slate: Slate) -> _Ends:
    count = len(slate.refs)
    gaps = pairwise((-1, *slate.texts, count))
    before, behind = max(gaps, key=lambda gap: gap[1] - gap[0])
    head, tail = before + 1, count - behind
    return _Ends(head, tail, picker([n if n < head else n - behind + head for n in slate.texts]))


@lru_cache(maxsize=8)
def _split(texts: str) -> tuple[str, ...]:
    """Take texts apart; who looks at one answer of a return mostly looks at others too."""
    return tuple(texts.split(_SEPARATOR))


def amount(text: str) -> int | Decimal | None:
    """Read a number as it stands, as an integer if it is short and whole; None if a text is none.

    Python makes no integer of thousands of digits, of which every text of a return may be.
    """
    return int(text) if len(text) <= _LONGEST and text.isdecimal() else figure(text)


class Known(dict[str, T]):
    """What texts are read as; most are small numbers that many returns have."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> T:
        value = self._read(text)
        if len(text) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[text] = value
        return value


_figures = Known(figure)
known_amounts = Known(amount)


def compacted(
    entries: Mapping[CellRef, Entry], numeric: Mapping[CellRef, bool]
) -> Mapping[CellRef, Entry]:
    """Keep the entries of a return as small as they are, before anything was decided on them.

    `numeric` says which cells ask for a figure.
    """
    if isinstance(entries, Answers):
        return entries
    files = {entry.place.file for entry in entries.values()}
    if len(files) != 1:
        return entries
    listed = tuple(entries.values())
    slate = slate_of(listed, numeric)
    odd = {
        number: Odd(entry.state, entry.value, entry.rule)
        for number, entry in enumerate(listed)
        if not is_plain(entry, is_number=slate.numeric[number])
    }
    return Answers(slate, files.pop(), [entry.raw for entry in listed], odd)


def compacted_totals(
    totals: Mapping[CellRef, TotalCell], numeric: Mapping[CellRef, bool]
) -> Mapping[CellRef, TotalCell]:
    """Keep the totals of a return as small as they are, if none was typed over."""
    if isinstance(totals, Untyped):
        return totals
    files = {total.place.file for total in totals.values()}
    if len(files) != 1 or any(t.typed for t in totals.values()):
        return totals
    return Untyped(slate_of(tuple(totals.values()), numeric), files.pop())


def slate_of(cells: Sequence[Entry | TotalCell], numeric: Mapping[CellRef, bool]) -> Slate:
    """Give the slate of some cells; equal ones are one."""
    return make_slate(
        tuple((cell.ref, cell.place.sheet, cell.place.address) for cell in cells), numeric
    )


def make_slate(cells: Sequence[tuple[CellRef, str, str]], numeric: Mapping[CellRef, bool]) -> Slate:
    """Make a slate of cells, each with its sheet and address; equal ones are one."""
    return _slate(tuple(cells), tuple(numeric[ref] for ref, _, _ in cells))


@lru_cache(maxsize=256)
def _slate(cells: tuple[tuple[CellRef, str, str], ...], numeric: tuple[bool, ...]) -> Slate:
    refs = tuple(ref for ref, _, _ in cells)
    return Slate(
        refs,
        tuple((sheet, address) for _, sheet, address in cells),
        numeric,
        tuple(number for number, is_number in enumerate(numeric) if not is_number),
        {ref: number for number, ref in enumerate(refs)},
    )


def is_plain(entry: Entry, *, is_number: bool) -> bool:
    """Whether an entry's text alone says how it was read."""
    if entry.rule or not entry.raw:
        return entry.state is State.BLANK and not entry.rule
    if is_number:
        return entry.state is State.NUMBER and str(entry.value) == entry.raw
    return entry.state is State.TEXT
