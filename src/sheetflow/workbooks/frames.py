r"""Sheets that equal one already judged but for their values.

A sheet's frame is its XML with the contents of its `<v>` cut out; cells that are unlocked for entry
count as values that are absent where they are blank. The plain reader judges each frame once,
filled with as many different numbers, and so says which cell each value belongs to. That holds for
every sheet of the same frame, byte for byte: nothing is guessed. What is unusual in any way has no
frame, and is left to the plain reader.
"""

from __future__ import annotations

import re
from collections.abc import ItemsView, Iterator, ValuesView
from typing import TYPE_CHECKING

from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile
from sheetflow.workbooks.strings import decode
from sheetflow.workbooks.workbook import CellKind, RawCell, SelectiveCells, Spot
from sheetflow.workbooks.worksheet import SheetReader
from sheetflow.workbooks.xml_parsing import parse_xml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheetflow.workbooks.number_formats import Styles

ABSENT = "\0"
"""Stands for the value of an unlocked cell that has none; XML can't hold it."""
LARGEST = 1 << 20
"""Bytes; no larger sheet has a frame: what caps count can't be reached by small ones."""
_KEPT = 4 << 20
"""Bytes of frames that a family keeps; the oldest are dropped."""
_VALUE = re.compile(rb"<v>([^<]*)</v>")
DECLARATIONS = (b'<?xml version="1.0" encoding="UTF-8"', b"<?xml version='1.0' encoding='UTF-8'")
_FORBIDDEN = re.compile("[\x02-\x08\x0b-\x1f\ufffe\uffff]")
_MOST_STYLES = 64
_DATED = b' t="d"'
_SHARED = "\1"
_CAPS = Caps()


class Frame:
    """A judged frame: which cell each value belongs to, and what else stands in the sheet."""

    def __init__(self, reader: SheetReader, size: int) -> None:
        self.protected = reader.protected
        self.validated = reader.validated
        self.size = size
        """How many values it takes."""
        self._top: dict[int, list[Spot]] = {}
        self.slots: dict[Spot, int] = {}
        """The number of a cell's value, by spot."""
        self.shared: set[Spot] = set()
        """Cells whose value is the number of a shared string."""
        self.cells: dict[Spot, RawCell] = {}
        """Every cell there may be, as it was judged; the text of one that has a value is left out."""
        for spot, raw in reader.cells.items():
            number = raw.text.removeprefix(_SHARED)
            if number.isdecimal():
                self.slots[spot] = int(number)
                if number != raw.text:
                    self.shared.add(spot)
                raw = raw._replace(text="")
            self.cells[spot] = raw

        self.numbered = [self.slots[spot] for spot in self.shared]
        """The numbers of the values that name shared strings."""

    @property
    def is_whole(self) -> bool:
        """Whether every value belongs to one cell."""
        return sorted(self.slots.values()) == list(range(self.size))

    def top(self, rows: int) -> list[Spot]:
        """Give the spots in the first rows."""
        if rows not in self._top:
            self._top[rows] = [spot for spot in self.cells if spot[0] < rows]
        return self._top[rows]

    def cell(self, spot: Spot, values: Sequence[str], strings: Mapping[str, str]) -> RawCell | None:
        """Give what a sheet with these values holds at a spot; None: nothing."""
        raw = self.cells.get(spot)
        slot = self.slots.get(spot)
        if raw is None or slot is None:
            return raw
        kind, _, formula = raw
        text = values[slot]
        if text in ("", ABSENT):
            return RawCell(CellKind.BLANK, "", formula) if formula is not None else None
        if spot in self.shared:
            text = strings[text]
        elif kind is CellKind.TEXT:
            text = decode(text)
        if text or formula is not None:
            return RawCell(kind if text else CellKind.BLANK, text, formula)
        return None


class FramedCells(SelectiveCells):
    """The cells of a sheet, made only when somebody looks at them."""

    __slots__ = ("_made", "frame", "strings", "texts")

    def __init__(self, frame: Frame, texts: Sequence[str], strings: Mapping[str, str]) -> None:
        self.frame = frame
        self.texts = texts
        self.strings = strings
        self._made: dict[Spot, RawCell] | None = None

    def get(self, spot: Spot, default: object = None) -> RawCell | None:  # type: ignore[override]
        """Give what stands at a spot."""
        return self.frame.cell(spot, self.texts, self.strings)

    def items(self) -> ItemsView[Spot, RawCell]:
        """Give every cell with its spot."""
        return self._all().items()

    def values(self) -> ValuesView[RawCell]:
        """Give every cell."""
        return self._all().values()

    def top(self, rows: int) -> Iterator[tuple[Spot, RawCell]]:
        """Give the cells of the first rows."""
        for spot in self.frame.top(rows):
            raw = self.get(spot)
            if raw:
                yield spot, raw

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


class Family:
    """Workbooks of the same styles, and the frames that were judged under them."""

    def __init__(self, styles: Styles) -> None:
        self._kinds = styles.kinds
        few = styles.unlocked if len(styles.unlocked) <= _MOST_STYLES else ()
        self._unlocked = tuple(b' s="%b"' % style.encode() for style in few)
        self._type: bytes | None = None
        """What its program writes before a number's value, ` t="n"` or nothing; None: not seen."""
        self._judged: dict[bytes, Frame | None] = {}
        self._bytes = 0

    def cells(self, xml: bytes, strings: Mapping[str, str]) -> FramedCells | None:
        """Take a sheet apart; None if it has no frame.

        `strings` are the shared ones by their number, as cells write it.
        """
        if len(xml) > LARGEST or b"\0" in xml or _DATED in xml:
            return None
        parts = _VALUE.split(self._filled(xml))
        values = _texts(parts[1::2])
        frame = None if values is None else self._frame(parts[::2])
        if values is None or frame is None:
            return None
        named = {values[slot] for slot in frame.numbered}
        if not named - {"", ABSENT} <= strings.keys():
            return None
        return FramedCells(frame, values, strings)

    def _filled(self, xml: bytes) -> bytes:
        """Write what cells are that may be blank or not: alike, whichever they are."""
        if self._type is None and b'"><v>' in xml:
            self._type = b' t="n"' if b'" t="n"><v>' in xml else b""
        value = (self._type or b"") + b"><v>\0</v></c>"
        for attribute in self._unlocked:
            xml = xml.replace(attribute + b"/>", attribute + value)
        return xml

    def _frame(self, pieces: list[bytes]) -> Frame | None:
        key = b"\0".join(pieces)
        if key in self._judged:
            return self._judged[key]
        frame = self._judged[key] = _judge(pieces, self._kinds)
        self._bytes += len(key)
        while self._bytes > _KEPT:
            oldest = next(iter(self._judged))
            self._bytes -= len(oldest)
            del self._judged[oldest]
        return frame


def forbidden(text: str) -> bool:
    """Whether a text has characters that the parser refuses, or a carriage return, which it drops.

    It may have \\0 and \\1, which are for the caller to look for.
    """
    return _FORBIDDEN.search(text) is not None


def _texts(values: list[bytes]) -> list[str] | None:
    """Decode values; None if the parser would not hand them on as they stand."""
    try:
        joined = b"\1".join(values).decode()
    except UnicodeDecodeError:
        return None
    texts = joined.split("\1") if values else []
    return None if len(texts) != len(values) or "&" in joined or forbidden(joined) else texts


def _judge(pieces: list[bytes], kinds: Mapping[str, CellKind]) -> Frame | None:
    """Have the plain reader read a frame, filled with the numbers of its values."""
    size = len(pieces) - 1
    if not pieces[0].startswith(DECLARATIONS):
        return None
    probe = b"".join(b"%b<v>%d</v>" % (piece, number) for number, piece in enumerate(pieces[:-1]))
    strings = [f"{_SHARED}{number}" for number in range(size)]
    reader = SheetReader("", "", strings, Budget(_CAPS), kinds=kinds)
    try:
        parse_xml("", iter([probe + pieces[-1]]), _CAPS, reader.attach)
    except UnreadableFile:
        return None
    frame = Frame(reader, size)
    return frame if frame.is_whole else None
