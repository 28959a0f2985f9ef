r"""An OOXML package in memory: its parts inflated and parsed under caps, nothing on disk.

Part names compare as ECMA-376 part 2 has it, whatever the case; `\` stands for `/`, since some
writers on Windows store it. What no spreadsheet program writes (overlapping members, two parts of
one name, names that lead elsewhere, a document type) is refused by name, not merely survived.
"""

from __future__ import annotations

import zlib
from functools import lru_cache, partial
from itertools import chain, pairwise
from posixpath import normpath
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar
from urllib.parse import unquote

from isal import isal_zlib

from sheetflow.workbooks.limits import (
    Budget,
    Caps,
    UnreadableFile,
    damaged,
    duplicate,
    excessive,
    overlap,
    traversal,
    truncated,
    wrong_checksum,
)
from sheetflow.workbooks.outlines import read_alike, walk_alike
from sheetflow.workbooks.xml_parsing import parse_xml
from sheetflow.workbooks.zip_directory import members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from xml.parsers.expat import XMLParserType

    from sheetflow.workbooks.xml_parsing import Attach, Pause
    from sheetflow.workbooks.zip_directory import ZipMember

    NamedTexts = Callable[[str, Callable[["Visitor"], None], Budget], tuple["T", Mapping[str, str]]]
    """What `Package.named_texts` calls: it gets the part's name, what walks it, and a budget."""

T = TypeVar("T")
_USUAL = Caps()
_LISTED = 1 << 16  # bytes of a part that differs from others in texts alone
_MOST_READ = 64  # parts that are remembered
_read: dict[tuple[object, ...], Any] = {}
_SMALL = 1 << 20  # bytes of a part that `small` gives
_PIECE = 1 << 17  # bytes that are parsed at a time
_INPUT = 1 << 16  # what zlib has not used of its input is copied each time


class LocalNames(dict[str, str]):
    """XML names without their prefix; Strict and Transitional differ in namespaces alone."""

    def __missing__(self, name: str) -> str:
        local = self[name] = name.rpartition(":")[2]
        return local


class Stored(NamedTuple):
    """A part as it lies in the archive: parts that are equal in this are equal."""

    data: bytes
    deflated: bool
    crc: int

    def __hash__(self) -> int:
        return self.crc


class Relationship(NamedTuple):
    """A relationship: the last word of its type (lower case, no hyphen) and the part it means."""

    type: str
    target: str


class Visitor(Protocol):
    """What `Package.walk` calls as an element closes; the root's depth is 1."""

    def __call__(self, depth: int, name: str, attributes: dict[str, str], text: str, /) -> None:
        """Take one element: its local name, its attributes and its own text."""


class Package:
    """The parts of an OOXML package; opening one judges the archive as a whole."""

    def __init__(self, data: bytes, caps: Caps) -> None:
        self.caps = caps
        self._is_usual = caps == _USUAL
        self._whole = data
        self._data = memoryview(data)
        self._members = _by_part(data, caps)
        self._inflated = 0
        self._tags = 0

    def __contains__(self, part: str) -> bool:
        return part in self._members

    def read(self, part: str) -> bytes:
        """Inflate one small part and hold it against its CRC."""
        pieces: list[bytes] = []
        size = 0
        for piece in self._pieces(part):
            size += len(piece)
            if size > self.caps.whole:
                raise excessive(self.caps, "whole")
            pieces.append(piece)
        return b"".join(pieces)

    def stored(self, part: str) -> Stored | None:
        """Give a part as it lies in the archive; None if it is not there, or caps are tight."""
        member = self._members.get(part)
        if member is None or not self._is_usual:
            return None
        return Stored(self._whole[member.start : member.end], member.deflated, member.crc)

    def small(self, part: str) -> bytes | None:
        """Inflate a part at once; None if it is not there, is large or damaged, or caps are tight.

        It does not count towards the caps on all parts together.
        """
        stored = self.stored(part)
        return stored and inflated(stored)

    def parse(self, part: str, attach: Attach, *, cap: str = "tags") -> None:
        """Run a part through expat with the handlers that `attach` sets; DTDs are refused.

        What `attach` returns is called now and then, to let go of texts or to refuse them.
        """
        pieces = self._pieces(part)
        try:
            parse_xml(part, self._counted(pieces, cap), self.caps, attach)
        except UnreadableFile:
            for _ in pieces:  # if the data are wrong, that is what is wrong with the file
                pass
            raise

    def walk(self, part: str, root: str, visit: Visitor) -> None:
        """Show each element of a small part to `visit`, children before their parent."""
        xml = self._listed(part)
        parse = partial(self._walk, part, root)
        if xml is None or not walk_alike(xml, (part, root), parse, visit):
            self.parse(part, _walker(part, root, visit, self.caps), cap="listed")

    def named_texts(
        self, part: str, root: str, read: NamedTexts[T], budget: Budget
    ) -> tuple[T, Mapping[str, str]]:
        """Give what `read` makes of a small part: something, and texts by name, each worth a cell.

        It reads parts that differ in texts alone once for all of them.
        """

        def outline(filled: bytes) -> tuple[tuple[T, int], Mapping[str, str]] | None:
            own = Budget(self.caps)
            found, texts = read(part, partial(self._walk, part, root, filled), own)
            other = self.caps.text - own.text - _length(texts)
            return ((found, other), texts) if self.caps.cells - own.cells == len(texts) else None

        xml = self._listed(part)
        known = xml and read_alike(xml, (part, root, read), outline)
        if not known:
            return read(part, partial(self.walk, part, root), budget)
        (found, other), texts = known
        budget.spend(other + _length(texts), cells=len(texts))
        return found, texts

    def _listed(self, part: str) -> bytes | None:
        """Give a part that is so small that what is made of it may be kept."""
        xml = self.small(part)
        return xml if xml is not None and len(xml) <= _LISTED else None

    def _walk(self, part: str, root: str, xml: bytes, visit: Visitor) -> None:
        attach = _walker(part, root, visit, self.caps)
        parse_xml(part, self._counted(iter((xml,)), "listed"), self.caps, attach)

    def related(self, part: str) -> Mapping[str, Relationship]:
        """Give the relations of a part (of the package itself for "") by their id."""
        folder, _, name = part.rpartition("/")
        source = _resolve(folder, f"_rels/{name}.rels")
        return self.remembered(source, _relations) if source in self else {}

    def remembered(self, part: str, read: Callable[[Package, str], T]) -> T:
        """Read a part that is the same in many workbooks, once for all of them."""
        stored = self.stored(part)
        if stored is None:
            return read(self, part)
        key = (read, part, stored)
        known: T | None = _read.get(key)
        if known is None:
            known = read(self, part)
            if len(stored.data) <= _SMALL:
                if len(_read) >= _MOST_READ:
                    _read.clear()
                _read[key] = known
        return known

    def _pieces(self, part: str) -> Iterator[bytes]:
        """Inflate a part, never further than the caps allow; its CRC is judged at the end."""
        if part not in self._members:
            raise damaged(part, "missing")
        member = self._members[part]
        stored = self._data[member.start : member.end]
        limit, cap = min(
            (self.caps.part_size, "part_size"),
            (self.caps.total_size - self._inflated, "total_size"),
            (max(self.caps.ratio_from, self.caps.ratio * len(stored)), "ratio"),
        )
        size = crc = 0
        for piece in _inflate(part, stored) if member.deflated else _slices(stored, _PIECE):
            size += len(piece)
            self._inflated += len(piece)
            if size > limit:
                raise excessive(self.caps, cap)
            crc = zlib.crc32(piece, crc)
            yield piece
        if crc != member.crc:
            raise wrong_checksum(part)

    def _counted(self, pieces: Iterator[bytes], cap: str) -> Iterator[bytes]:
        """Count the tags: those of this part, and those of all parts together."""
        tags = 0
        for piece in pieces:
            count = piece.count(b"<")
            tags += count
            self._tags += count
            if tags > getattr(self.caps, cap):
                raise excessive(self.caps, cap)
            if self._tags > self.caps.tags:
                raise excessive(self.caps, "tags")
            yield piece


def _length(texts: Mapping[str, str]) -> int:
    return sum(map(len, chain(texts, texts.values())))


def _walker(part: str, root: str, visit: Visitor, caps: Caps) -> Attach:
    """Give the handlers that show each element of a part to `visit`."""
    names = LocalNames()
    open_elements: list[tuple[dict[str, str], list[str]]] = []
    held = 0  # characters of their texts

    def start(name: str, attributes: dict[str, str]) -> None:
        if not open_elements and names[name] != root:
            raise damaged(part, "root")
        if len(open_elements) >= caps.depth:
            raise excessive(caps, "depth")
        open_elements.append((attributes, []))

    def characters(text: str) -> None:
        nonlocal held
        held += len(text)
        open_elements[-1][1].append(text)

    def end(name: str) -> None:
        nonlocal held
        depth = len(open_elements)
        attributes, pieces = open_elements.pop()
        text = "".join(pieces)
        held -= len(text)
        visit(depth, names[name], attributes, text)

    def pause() -> None:
        if sum(len(attributes) for attributes, _ in open_elements) > caps.words:
            raise excessive(caps, "words")
        values = (value for attributes, _ in open_elements for value in attributes.values())
        if held + sum(map(len, values)) > caps.one_text:
            raise excessive(caps, "one_text")

    def attach(parser: XMLParserType) -> Pause:
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        return pause

    return attach


def _relations(package: Package, part: str) -> Mapping[str, Relationship]:
    folder = part.rpartition("/")[0].rpartition("_rels")[0].rstrip("/")
    caps = package.caps
    relations: dict[str, Relationship] = {}

    def visit(_depth: int, name: str, attributes: dict[str, str], _text: str) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2].replace("-", "").lower()
            target = attributes.get("Target", "")
            identity = attributes.get("Id", "")
            if len(identity) + len(kind) + len(target) > caps.name:
                raise excessive(caps, "name")
            if len(relations) >= caps.parts:
                raise excessive(caps, "parts")
            relations[identity] = Relationship(kind, _resolve(folder, target))

    package.walk(part, "Relationships", visit)
    return relations


def inflated(stored: Stored) -> bytes | None:
    """Inflate a part at once; None if it is large or damaged."""
    whole = stored.data[: _SMALL + 1]
    if stored.deflated:
        inflater = isal_zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            whole = inflater.decompress(stored.data, _SMALL + 1)
        except isal_zlib.error:  # type: ignore[misc]
            return None
        if not inflater.eof:
            return None
    return whole if len(whole) <= _SMALL and isal_zlib.crc32(whole) == stored.crc else None


def _by_part(data: bytes, caps: Caps) -> dict[str, ZipMember]:
    """List the archive's members by part name, having refused what only attackers write."""
    listed, directory = members(data, caps)
    parts = dict(zip(_part_names(tuple([member.name for member in listed])), listed, strict=True))
    spans = [(member.header, member.end, part) for part, member in parts.items()]
    for (_, end, _), (start, _, part) in pairwise(sorted([*spans, (directory, directory, "zip")])):
        if start < end:
            raise overlap(part)
    return parts


@lru_cache(maxsize=64)
def _part_names(stored: tuple[str, ...]) -> list[str]:
    """Give the parts that members' names mean, no two of which may be the same."""
    parts: dict[str, None] = {}
    for name in stored:
        part = _part_name(name)
        if part in parts:
            raise duplicate(part)
        parts[part] = None
    return list(parts)


def _inflate(part: str, stored: memoryview) -> Iterator[bytes]:
    """Inflate in pieces, by what inflates small parts at once: others refuse some odd streams."""
    inflater = isal_zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for given in _slices(stored, _INPUT):
            waiting = given
            while waiting and not inflater.eof:
                piece = inflater.decompress(waiting, _PIECE)
                waiting = inflater.unconsumed_tail
                if piece:
                    yield piece
        while not inflater.eof:
            piece = inflater.decompress(b"", _PIECE)
            if not piece:
                raise truncated(part)
            yield piece
    except isal_zlib.error:  # type: ignore[misc]
        raise damaged(part, "deflate") from None


def _slices(stored: memoryview, length: int) -> Iterator[bytes]:
    for start in range(0, len(stored), length):
        yield bytes(stored[start : start + length])


@lru_cache(maxsize=4096)
def _part_name(stored: str) -> str:
    """Give the part that a member's name means; refused if it leads out of the package."""
    name = unquote(stored).replace("\\", "/")
    segments = name.split("/")
    if ".." in segments or not segments[0] or ":" in segments[0] or "\0" in name:
        raise traversal(stored)
    return normpath(name).lower()


@lru_cache(maxsize=4096)
def _resolve(folder: str, target: str) -> str:
    """Give the part that a relation's target means, seen from the folder of its source."""
    path = unquote(target).replace("\\", "/")
    return normpath(path if path.startswith("/") else f"/{folder}/{path}").lstrip("/").lower()
