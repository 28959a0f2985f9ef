"""Where the parts of a built correction copy have gaps: cells, rows, comments, shared texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from sheetflow.model.cells import address
from sheetflow.workbooks.correction import COMMENT, SENDBACK
from sheetflow.workbooks.front import COVER, PEOPLE, people_row
from sheetflow.workbooks.self_check import CHECKS, HEAD_ROW, REASON, others_row
from sheetflow.workbooks.stamping import gap
from sheetflow.workbooks.zip_assembly import deflated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sheetflow.layout.sheets import Layout, SheetLayout
    from sheetflow.model.form import Form
    from sheetflow.workbooks.zip_assembly import Part

TEXTS, TEXT_COUNTS = "texts", "text counts"
PERSON = "B"
"""The cover's column for names of people."""
_CELL = re.compile(rb'(<c r="([A-Z]+\d+)")( s="\d+"(?:/>)?)')
_ROW_HEIGHT = re.compile(rb'(<row r="(\d+)"[^>]*?)( ht="[^"]*" customHeight="1")')
_SIZE = re.compile(rb'<dimension ref="[^"]*"/>')
_DRAWING = re.compile(rb"<legacyDrawing [^>]*/>")
_COMMENT = re.compile(rb'<comment ref="([A-Z]+\d+)".*?</comment>', re.DOTALL)
_SHAPE = re.compile(rb"<v:shape id=.*?<x:Row>(\d+)</x:Row><x:Column>(\d+)</x:Column>.*?</v:shape>")
_COUNTS = re.compile(rb' count="(\d+)" uniqueCount="(\d+)"')


@dataclass(frozen=True, slots=True)
class Note:
    """A cell's comment: what stands before and after its text, and the box that shows it."""

    before: bytes = b""
    after: bytes = b""
    box: bytes = b""


@dataclass(slots=True)
class NoteParts:
    """What a sheet has only if some of its cells have comments."""

    number: int
    sheet: int
    drawing: bytes = b""
    listed: bytes = b""

    @property
    def comments(self) -> str:
        """The part with the texts."""
        return f"xl/comments{self.number}.xml"

    @property
    def boxes(self) -> str:
        """The part with the boxes."""
        return f"xl/drawings/vmlDrawing{self.number}.vml"

    @property
    def names(self) -> tuple[str, ...]:
        """All parts."""
        return self.comments, self.boxes, f"xl/worksheets/_rels/sheet{self.sheet}.xml.rels"


@dataclass(slots=True)
class Gaps:
    """Puts gaps into the parts of a finished workbook and keeps what stands there."""

    form: Form
    layout: Layout
    sheets: Sequence[str]
    """The names of all sheets, in order."""
    standing: dict[bytes, bytes] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    """By sheet and address: 三!D9."""
    note_parts: dict[str, NoteParts] = field(default_factory=dict)
    """By sheet."""
    text_counts: tuple[int, int] = (0, 0)
    """How often the shared texts are used, and how many there are."""

    def __post_init__(self) -> None:
        """Name the parts for comments: each sheet that has cells of the form has some."""
        with_cells = (sheet for sheet in self.layout.sheets if sheet.slots)
        for number, sheet in enumerate(with_cells, 1):
            place = self.sheets.index(sheet.name) + 1
            self.note_parts[sheet.name] = NoteParts(number, place)

    def parts(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Give the parts with gaps in them."""
        names = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(self.sheets, 1)}
        forms = {sheet.name: sheet for sheet in self.layout.sheets}
        for part in parts:
            content = part.content
            name = names.get(part.name, "")
            if name in forms:
                content = self._form_sheet(content, forms[name])
            elif name == COVER:
                rows = range(people_row(self.layout) + 1, people_row(self.layout) + 1 + len(PEOPLE))
                content = self._cells(content, COVER, {f"{PERSON}{row}" for row in rows})
            elif name == CHECKS:
                content = self._checks(content)
            elif name == SENDBACK:
                content = self._sendback(content)
            else:
                content = self._other(part.name, content)
            yield part if content == part.content else deflated(part.name, content)

    def _put(self, name: str, stood: bytes = b"") -> bytes:
        self.standing[name.encode()] = stood
        return gap(name).encode()

    def _cells(self, content: bytes, sheet: str, addresses: Collection[str]) -> bytes:
        def put(match: re.Match[bytes]) -> bytes:
            at = match[2].decode()
            return match[1] + self._put(f"{sheet}!{at}", match[3]) if at in addresses else match[0]

        return _CELL.sub(put, content)

    def _size(self, content: bytes, sheet: str) -> bytes:
        return _SIZE.sub(lambda match: self._put(f"{sheet} size", match[0]), content)

    def _form_sheet(self, content: bytes, sheet: SheetLayout) -> bytes:
        def put(match: re.Match[bytes]) -> bytes:
            self.note_parts[sheet.name].drawing = match[0]
            return self._put(f"{sheet.name} drawing")

        content = self._cells(content, sheet.name, {slot.box.address for slot in sheet.slots})
        return _DRAWING.sub(put, content)

    def _checks(self, content: bytes) -> bytes:
        rows = range(HEAD_ROW + 2, HEAD_ROW + 2 + len(self.form.comparisons))

        def put(match: re.Match[bytes]) -> bytes:
            row = int(match[2])
            return (
                match[1] + self._put(f"{CHECKS} row {row}", match[3]) if row in rows else match[0]
            )

        content = _ROW_HEIGHT.sub(put, content)
        column = address(0, REASON).rstrip("1")
        content = self._cells(content, CHECKS, {f"{column}{row}" for row in rows})
        start = content.index(b'<row r="%d"' % (others_row(self.form) + 1))
        end = content.index(b"</sheetData>")
        others = self._put(f"{CHECKS} rows", content[start:end])
        return self._size(content[:start] + others + content[end:], CHECKS)

    def _sendback(self, content: bytes) -> bytes:
        rows, links = self._put(f"{SENDBACK} rows"), self._put(f"{SENDBACK} links")
        content = content.replace(b"</sheetData>", rows + b"</sheetData>")
        return self._size(content.replace(b"</mergeCells>", b"</mergeCells>" + links), SENDBACK)

    def _other(self, part: str, content: bytes) -> bytes:
        if part == "xl/sharedStrings.xml":
            return self._texts(content)
        for sheet, parts in self.note_parts.items():
            if part == parts.comments:
                content = _COMMENT.sub(partial(self._comment, sheet), content)
            elif part == parts.boxes:
                content = _SHAPE.sub(partial(self._box, sheet), content)
            elif part == "[Content_Types].xml":
                listed = rb'<Override PartName="/%s"[^>]*/>' % parts.comments.encode()
                content = re.sub(listed, partial(self._listed, sheet), content)
        return content

    def _listed(self, sheet: str, match: re.Match[bytes]) -> bytes:
        self.note_parts[sheet].listed = match[0]
        return self._put(f"{sheet} listed")

    def _comment(self, sheet: str, match: re.Match[bytes]) -> bytes:
        at = f"{sheet}!{match[1].decode()}"
        before, after = match[0].split(gap(COMMENT).encode())
        self.notes[at] = replace(self.notes.get(at, Note()), before=before, after=after)
        return self._put(f"{at} comment")

    def _box(self, sheet: str, match: re.Match[bytes]) -> bytes:
        at = f"{sheet}!{address(int(match[1]), int(match[2]))}"
        self.notes[at] = replace(self.notes.get(at, Note()), box=match[0])
        return self._put(f"{at} box")

    def _texts(self, content: bytes) -> bytes:
        uses, number = _COUNTS.findall(content)[0]
        self.text_counts = int(uses), int(number)
        content = _COUNTS.sub(lambda match: self._put(TEXT_COUNTS, match[0]), content, count=1)
        return content.replace(b"</sst>", self._put(TEXTS) + b"</sst>")
