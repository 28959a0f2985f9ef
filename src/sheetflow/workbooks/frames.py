r"""Sheets that equal one already judged but for their values.

A sheet's frame is the XML of its rows with the contents of its `<v>` cut out; cells that are
unlocked for entry count as values that are absent where they are blank. What surrounds the rows is
judged apart (`surroundings`); where that is odd, it belongs to the frame. The plain reader judges
each frame once, filled with as many different numbers, and so says which cell each value belongs
to. That holds for every sheet of the same frame, byte for byte: nothing is guessed. What is unusual
in any way has no frame, and is left to the plain reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from isal.isal_zlib import crc32

from sheetflow.model.answers import picker
from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile
from sheetflow.workbooks.outlines import is_utf_8, plain_texts, recalled
from sheetflow.workbooks.strings import decode
from sheetflow.workbooks.surroundings import parted
from sheetflow.workbooks.workbook import CellKind, RawCell, SelectiveCells, Spot
from sheetflow.workbooks.worksheet import SheetReader, parse_number
from sheetflow.workbooks.xml_parsing import parse_xml

if TYPE_CHECKING:
    from collections.abc import Hashable, ItemsView, Iterator, Mapping, ValuesView

    from sheetflow.model.answers import Pick
    from sheetflow.workbooks.number_formats import Styles

_END = b"</"
"""What stands behind a value."""
_VALUE_OR_TEXT = re.compile(rb'(<[vt](?: xml:space="preserve")?>)([^<]*</)(?=[vt]>)')
ABSENT = "\0"
"""Stands for the value of an unlocked cell that has none; XML can't hold it."""
LARGEST = 1 << 20
"""Bytes; no larger sheet has a frame: what caps count can't be reached by small ones."""
_KEPT = 4 << 20
"""Bytes of frames that a family keeps; the oldest are dropped."""
_MOST_STYLES = 64
_MOST_LATELY = 64
"""Sheets that are kept taken apart: those that every return has stay, others pass."""
_MOST_ONCE = 1 << 16
_DATED = re.compile(rb"""\st\s*=\s*["'](?:d|&)""").search
"""Finds the type of a date, however it is written."""
_BEGINS_CELL = re.compile(rb'<c [^<>]*"><').fullmatch
_SHARED = "\1"
_NO_TEXT = {"", ABSENT}
_new_cell = tuple.__new__  # half the time of RawCell(...)
_FIRST, _AGAIN = 4_000_000, 5_000_000
"""The numbers of the first value in judging: what does not change with them is no value."""
_SLICE = 1 << 17
_NOTHING = (b"", b"")
_ROWS = (b"<worksheet><sheetData>", b"</sheetData></worksheet>")
"""What rows that were parted from their sheet are judged within."""
_CAPS = replace(Caps(), words=2_000, vocabulary=16_000)
"""So few names of elements that those around the rows can't make too many of them."""


class _Cut(NamedTuple):
    """How values are cut out of a sheet."""

    at: bytes
    """What values are cut off at, before and behind; nothing: at tags, by a pattern."""
    rest: bytes
    """What of its tag is left before a value."""
    known: dict[bytes, str]
    """Values that were met before, as they were cut: most are small numbers, or the template's."""


_AT_TAGS = _Cut(b"v>", b"", {})
_AT_LETTERS = _Cut(b"v", b">", {})
"""Searching for one letter takes half the time; some programs write it in rows, too."""
_BY_PATTERN = _Cut(b"", b"", _AT_TAGS.known)


class FrameCell(NamedTuple):
    """A cell that there may be in the sheets of a frame."""

    kind: CellKind
    text: str
    """If no value of a sheet's own belongs to it."""
    formula: str | None
    slot: int
    """The number of its value; -1: it has none."""
    is_shared: bool
    """Whether the value is the number of a shared string."""


class Frame:
    """A judged frame: which cell each value belongs to, and what else stands in the sheet."""

    def __init__(
        self, cells: Mapping[Spot, FrameCell], size: int, *, protected: bool, validated: bool
    ) -> None:
        self.protected = protected
        self.validated = validated
        self.size = size
        """How many values it takes."""
        self.cells = cells
        """Every cell that there may be."""
        numbered = [cell.slot for cell in cells.values() if cell.is_shared]
        self.pick_numbered: Pick = picker(numbered)
        """Gives of a sheet's values those that name shared strings."""
        self._top: dict[int, _Top] = {}

    def top(self, rows: int) -> _Top:
        """Give the cells of the first rows."""
        if rows not in self._top:
            held = [(spot, cell) for spot, cell in self.cells.items() if spot[0] < rows]
            constant = [(spot, cell.text) for spot, cell in held if cell.slot < 0]
            valued = [(spot, cell) for spot, cell in held if cell.slot >= 0]
            shared = [(spot, cell.slot) for spot, cell in valued if cell.is_shared]
            own = [
                (spot, cell.slot, cell.kind is CellKind.TEXT)
                for spot, cell in valued
                if not cell.is_shared
            ]
            texts = frozenset(text for _, text in constant)
            pick_shared: Pick = picker([slot for _, slot in shared])
            self._top[rows] = _Top(constant, shared, own, texts, pick_shared)
        return self._top[rows]


class _Top(NamedTuple):
    """Cells of the first rows: with a text of every sheet's, a shared string, a value."""

    constant: list[tuple[Spot, str]]
    shared: list[tuple[Spot, int]]
    own: list[tuple[Spot, int, bool]]
    """And whether it is a text."""
    constant_texts: frozenset[str]
    pick_shared: Pick
    """Gives of a sheet's values those that name their shared strings."""


def _cell(raw: RawCell, again: RawCell) -> FrameCell | None:
    """Take a cell as it was judged twice; None if it is neither always the same nor a value."""
    if raw == again:
        is_any = raw.text.startswith(_SHARED)
        return None if is_any else FrameCell(raw.kind, raw.text, raw.formula, -1, is_shared=False)
    number = raw.text.removeprefix(_SHARED)
    slot = parse_number(number) - _FIRST
    expected = raw._replace(text=raw.text.replace(number, str(_AGAIN + slot)))
    if again != expected:
        return None
    return FrameCell(raw.kind, "", raw.formula, slot, number != raw.text)


class FramedCells(SelectiveCells):
    """The cells of a sheet, made only when somebody looks at them."""

    __slots__ = ("_made", "frame", "strings", "texts")

    def __init__(self, frame: Frame, texts: Sequence[str], strings: Mapping[str, str]) -> None:
        self.frame = frame
        self.texts = texts
        self.strings = strings
        self._made: dict[Spot, RawCell] | None = None

    def get(self, spot: Spot, default: object = None) -> RawCell | None:  # type: ignore[override]  # noqa: ARG002 - there is no other default
        """Give what stands at a spot; None: nothing."""
        cell = self.frame.cells.get(spot)
        if cell is None:
            return None
        kind, text, formula, slot, is_shared = cell
        if slot >= 0:
            text = self.texts[slot]
            if is_shared:
                text = self.strings[text]
            elif text == ABSENT:
                text = ""
            elif kind is CellKind.TEXT:
                text = decode(text)
        if text:
            return _new_cell(RawCell, (kind, text, formula))
        return None if formula is None else RawCell(CellKind.BLANK, "", formula)

    def items(self) -> ItemsView[Spot, RawCell]:
        """Give every cell with its spot."""
        return self._all().items()

    def values(self) -> ValuesView[RawCell]:
        """Give every cell."""
        return self._all().values()

    def top(self, rows: int) -> list[tuple[Spot, str]]:
        """Give the texts of the first rows."""
        texts, strings = self.texts, self.strings
        constant, shared, own, *_ = self.frame.top(rows)
        found = constant + [(spot, strings[texts[slot]]) for spot, slot in shared]
        found += [
            (spot, decode(texts[slot]) if is_text else texts[slot]) for spot, slot, is_text in own
        ]
        return [(spot, text) for spot, text in found if text and text != ABSENT]

    def head_texts(self, rows: int) -> set[str]:
        """Give the different texts of the first rows."""
        texts, strings = self.texts, self.strings
        top = self.frame.top(rows)
        found = set(map(strings.__getitem__, top.pick_shared(texts)))
        found |= top.constant_texts
        found |= {decode(texts[slot]) if is_text else texts[slot] for _, slot, is_text in top.own}
        found -= _NO_TEXT
        return found

    def __getitem__(self, spot: Spot) -> RawCell:
        return self._all()[spot]

    def __iter__(self) -> Iterator[Spot]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[Spot, RawCell]:
        if self._made is None:
            found = ((spot, self.get(spot)) for spot in self.frame.cells)
            self._made = {spot: raw for spot, raw in found if raw}
        return self._made


class Taken(NamedTuple):
    """A sheet that was taken apart."""

    frame: Frame
    texts: Sequence[str]
    """Of its values."""
    highest: int
    """The highest number of a shared string that it names; -1: it names none."""
    size: int
    """Bytes of its XML."""
    protected: bool
    validated: bool


class Family:
    """Workbooks of the same styles, and the frames that were judged under them."""

    def __init__(self, styles: Styles) -> None:
        self.kinds = styles.kinds
        few = styles.unlocked if len(styles.unlocked) <= _MOST_STYLES else ()
        self._unlocked = tuple(b' s="%b"' % style.encode() for style in few)
        self._type: bytes | None = None
        """What its program writes before a number's value, ` t="n"` or nothing; None: not seen."""
        self._open: dict[str, list[bytes]] = {}
        """The styles of unlocked cells in each part that has blanks."""
        self._cuts: dict[str, _Cut] = {}
        """How each part is cut: by a pattern if its cells hold texts themselves."""
        self._met: set[str] = set()
        """The parts that were seen: only a second frame makes it worth to look for differences."""
        self._judged: dict[int, list[tuple[bytes, Frame | None]]] = {}
        """By a checksum the frames of that checksum, each with how and to what it was cut."""
        self._once: set[int] = set()
        """Checksums of frames that were met."""
        self._bytes = 0
        self._lately: dict[Hashable, Taken] = {}

    def known(self, key: Hashable) -> Taken | None:
        """Give a sheet that was taken apart lately, by what it was kept as."""
        taken = self._lately.pop(key, None)
        if taken:
            self._lately[key] = taken  # the last to be dropped
        return taken

    def keep(self, key: Hashable, taken: Taken) -> None:
        """Keep a sheet that was taken apart: many returns have the same instructions."""
        if len(self._lately) >= _MOST_LATELY:
            del self._lately[next(iter(self._lately))]
        self._lately[key] = taken

    def take(self, part: str, xml: bytes) -> Taken | None:
        """Take a sheet apart; None if it has no frame."""
        if len(xml) > LARGEST or b"\0" in xml:
            return None
        apart = parted(xml)
        framed = self._framed(part, apart.rows, _ROWS) if apart else self._framed(part, xml)
        if framed is None:
            return None
        frame, texts = framed
        highest = _highest(tuple(frame.pick_numbered(texts)))
        if highest is None:
            return None
        protected = frame.protected or (apart is not None and apart.protected)
        validated = frame.validated or (apart is not None and apart.validated)
        return Taken(frame, texts, highest, len(xml), protected, validated)

    def _framed(
        self, part: str, xml: bytes, around: tuple[bytes, bytes] = _NOTHING
    ) -> tuple[Frame, list[str]] | None:
        """Give the frame of a sheet, or of rows within what is around, and the values' texts."""
        cut = self._cuts.get(part) or self._cuts.setdefault(part, _usual_cut(xml))
        pieces, values = _apart(self._filled(part, xml), cut)
        if len(pieces) == len(values):
            return self._framed(part, xml, around) if self._is_cut_wrongly(part, xml) else None
        pieces[0] = around[0] + pieces[0]
        pieces[-1] += around[1]
        key = b"\0".join([cut.at, *pieces])  # cut otherwise, the same pieces mean another sheet
        checksum = crc32(key)
        frame = self._known(checksum, key)
        is_other = part in self._met and checksum not in self._once
        if frame is None and is_other and self._differs(part, xml):
            return self._framed(part, xml, around)
        self._met.add(part)
        if frame is None:
            frame = self._learn(checksum, key, pieces, cut)
        texts = recalled(cut.known, values, partial(_texts, cut.rest)) if frame else None
        return None if frame is None or texts is None else (frame, texts)

    def _came_before(self, checksum: int) -> bool:
        """Whether something of that checksum was met before; most never come again."""
        if checksum in self._once:
            return True
        if len(self._once) >= _MOST_ONCE:
            self._once.clear()
        self._once.add(checksum)
        return False

    def _filled(self, part: str, xml: bytes) -> bytes:
        """Write what cells are that may be blank or not: alike, whichever they are."""
        if part in self._open:
            value = (self._type or b"") + b"><v>\0</v></c>"
            for style in self._open[part]:
                xml = (style + value).join(xml.split(style + b"/>"))  # `replace` searches twice
        return xml

    def _differs(self, part: str, xml: bytes) -> bool:
        """Note in what the sheets of a part differ, if that was not known: texts, blanks."""
        if self._is_cut_wrongly(part, xml):
            return True
        if self._cuts[part] is not _BY_PATTERN and b"<is><t" in xml:
            self._cuts[part] = _BY_PATTERN
            return True
        if part in self._open:
            return False
        if self._type is None and b'"><v>' in xml:
            self._type = b' t="n"' if b'" t="n"><v>' in xml else b""
        if not any(style + b"/>" in xml for style in self._unlocked):
            return False
        self._open[part] = [style for style in self._unlocked if style in xml]
        return True

    def _is_cut_wrongly(self, part: str, xml: bytes) -> bool:
        """Note that a part's first sheet lacked letters which a later one has in other places."""
        if self._cuts[part] is not _AT_LETTERS or _usual_cut(xml) is _AT_LETTERS:
            return False
        self._cuts[part] = _AT_TAGS
        return True

    def _known(self, checksum: int, key: bytes) -> Frame | None:
        return next((frame for xml, frame in self._judged.get(checksum, ()) if xml == key), None)

    def _learn(self, checksum: int, key: bytes, pieces: Sequence[bytes], cut: _Cut) -> Frame | None:
        """Judge a frame that is met for the second time."""
        if checksum in self._judged or not self._came_before(checksum):
            return None
        frame = _judge(pieces, self.kinds, cut)
        self._judged.setdefault(checksum, []).append((key, frame))
        self._bytes += len(key)
        while self._bytes > _KEPT:
            oldest = self._judged.pop(next(iter(self._judged)))
            self._bytes -= sum(len(xml) for xml, _ in oldest)
        return frame


@lru_cache(maxsize=256)
def _highest(numbers: tuple[str, ...]) -> int | None:
    """Give the highest of the numbers of shared strings; None if one is not written as we do."""
    named = set(numbers) - _NO_TEXT
    known = [number for number in map(parse_number, named) if number >= 0]
    return max(known, default=-1) if set(map(str, known)) == named else None


def _usual_cut(xml: bytes) -> _Cut:
    """Give the quickest way in which sheets that are written like this one can be cut."""
    is_in_tags = xml.count(_AT_LETTERS.at) == xml.count(_AT_TAGS.at)
    return _AT_LETTERS if is_in_tags else _AT_TAGS


def _apart(xml: bytes, cut: _Cut) -> tuple[list[bytes], list[bytes]]:
    """Cut values out, each with the beginning of the tag behind it; give what stands around them.

    There is one piece more than values, or the sheet is not written in the usual way.
    """
    if cut.at:
        parts = xml.split(cut.at)  # half the time of a pattern
        return parts[::2], parts[1::2]
    parts = _VALUE_OR_TEXT.split(xml)
    return [*map(add, parts[::3], parts[1::3]), parts[-1]], parts[2::3]


def _texts(rest: bytes, values: Sequence[bytes]) -> list[str] | None:
    """Decode values as they were cut, the rest of their tag before them; None if one is none."""
    if not all(value.startswith(rest) and value.endswith(_END) for value in values):
        return None
    return plain_texts([value[len(rest) : -len(_END)] for value in values])


def _slices(xml: bytes) -> Iterator[bytes]:
    """Give the parser as much at a time as it is given of others: between them it counts."""
    yield from (xml[at : at + _SLICE] for at in range(0, len(xml), _SLICE))
    yield b""  # so that all is counted


class _AnyStrings(Sequence[str]):
    """As many shared strings as a cell can name, each its own number, marked."""

    def __getitem__(self, number: int) -> str:  # type: ignore[override]
        return f"{_SHARED}{number}"

    def __len__(self) -> int:
        return _AGAIN * 10


def _judge(pieces: Sequence[bytes], kinds: Mapping[str, CellKind], cut: _Cut) -> Frame | None:
    """Have the plain reader read a frame twice, filled with different numbers of its values.

    None if something in it is unusual: a value that is no cell's own, or markup that only looks
    like a cell's because what may be blank was filled in.
    """
    size = len(pieces) - 1
    if not is_utf_8(pieces[0]) or any(map(_DATED, pieces)) or not all(map(_is_begun, pieces)):
        return None
    first, again = (_probed(pieces, kinds, cut, number) for number in (_FIRST, _AGAIN))
    if first is None or again is None or first.cells.keys() != again.cells.keys():
        return None
    taken = {spot: _cell(raw, again.cells[spot]) for spot, raw in first.cells.items()}
    cells = {spot: cell for spot, cell in taken.items() if cell}
    slots = sorted(cell.slot for cell in cells.values() if cell.slot >= 0)
    if len(cells) < len(taken) or slots != list(range(size)):
        return None
    return Frame(cells, size, protected=first.protected, validated=first.validated)


def _is_begun(piece: bytes) -> bool:
    """Whether it is a cell's tag that is closed before a value, if there are attributes."""
    begun = piece.removesuffix(b"v>")
    return not begun.endswith(b'"><') or _BEGINS_CELL(begun, begun.rfind(b"<", 0, -1)) is not None


def _probed(
    pieces: Sequence[bytes], kinds: Mapping[str, CellKind], cut: _Cut, first: int
) -> SheetReader | None:
    """Have the plain reader read a frame whose values are numbers in sequence."""
    before, behind = cut.at + cut.rest, _END + cut.at
    probe = b"".join(
        b"%b%b%d%b" % (piece, before, number, behind)
        for number, piece in enumerate(pieces[:-1], first)
    )
    reader = SheetReader("", "", _AnyStrings(), Budget(_CAPS), kinds=kinds)
    try:
        parse_xml("", _slices(probe + pieces[-1]), _CAPS, reader.attach)
    except UnreadableFile:
        return None
    return reader
