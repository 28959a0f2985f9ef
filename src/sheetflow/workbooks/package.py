r"""An OOXML package in memory: its parts inflated and parsed under caps, nothing on disk.

Part names compare as ECMA-376 part 2 has it, whatever the case; `\` stands for `/`, since some
writers on Windows store it. What no spreadsheet program writes (overlapping members, two parts of
one name, names that lead elsewhere, a document type) is refused by name, not merely survived.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from itertools import pairwise
from posixpath import normpath
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol
from urllib.parse import unquote
from xml.parsers import expat

from sheetflow.workbooks.limits import UnreadableFile, damaged, excessive, suspicious

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetflow.workbooks.limits import Caps

_LOCAL_HEADER = struct.Struct("<4s2xHH16xHH")  # signature, flags, method, lengths of name and extra
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # member, strong encryption, masked directory
_UTF8_NAME = 0x800
_NOT_A_ZIP = (zipfile.BadZipFile, NotImplementedError, OSError, OverflowError, ValueError)
_ENCODINGS = frozenset({"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "iso-8859-1"})


class LocalNames(dict[str, str]):
    """XML names without their prefix; Strict and Transitional differ in namespaces alone."""

    def __missing__(self, name: str) -> str:
        local = self[name] = name.rpartition(":")[2]
        return local


class Relation(NamedTuple):
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
        self._data = memoryview(data)
        self._members = _members(data, caps)
        self._inflated = 0

    def __contains__(self, part: str) -> bool:
        return part in self._members

    def read(self, part: str) -> bytes:
        """Inflate one part, never further than the caps allow, and hold it against its CRC."""
        if part not in self._members:
            raise damaged(part, "missing")
        member = self._members[part]
        stored = self._data[member.start : member.end]
        limit, cap = min(
            (self.caps.part_size, "part_size"),
            (self.caps.total_size - self._inflated, "total_size"),
            (max(self.caps.ratio_from, self.caps.ratio * len(stored)), "ratio"),
        )
        body = _inflate(part, stored, limit) if member.deflated else bytes(stored[: limit + 1])
        if len(body) > limit:
            raise excessive(self.caps, cap)
        if zlib.crc32(body) != member.crc:
            raise damaged(part, "CRC")
        self._inflated += len(body)
        return body

    def parse(
        self, part: str, attach: Callable[[expat.XMLParserType], None], *, cap: str = "tags"
    ) -> None:
        """Run a part through expat with the handlers that `attach` sets; DTDs are refused."""
        body = self.read(part)
        if body.count(b"<") > getattr(self.caps, cap):
            raise excessive(self.caps, cap)
        parser = expat.ParserCreate()
        parser.buffer_text = True
        _forbid(parser, part)
        attach(parser)
        try:
            parser.Parse(body, True)  # noqa: FBT003
        except (expat.ExpatError, UnicodeDecodeError):
            place = f"{parser.CurrentLineNumber}:{parser.CurrentColumnNumber}"
            raise damaged(part, f"XML {place}") from None

    def walk(self, part: str, root: str, visit: Visitor) -> None:
        """Show each element of a small part to `visit`, children before their parent."""
        names = LocalNames()
        open_elements: list[tuple[dict[str, str], list[str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if not open_elements and names[name] != root:
                raise damaged(part, "root")
            if len(open_elements) >= self.caps.depth:
                raise excessive(self.caps, "depth")
            open_elements.append((attributes, []))

        def characters(text: str) -> None:
            open_elements[-1][1].append(text)

        def end(name: str) -> None:
            depth = len(open_elements)
            attributes, pieces = open_elements.pop()
            visit(depth, names[name], attributes, "".join(pieces))

        def attach(parser: expat.XMLParserType) -> None:
            parser.StartElementHandler = start
            parser.EndElementHandler = end
            parser.CharacterDataHandler = characters

        self.parse(part, attach, cap="listed")

    def related(self, part: str) -> dict[str, Relation]:
        """Give the relations of a part (of the package itself for "") by their id."""
        folder, _, name = part.rpartition("/")
        relations: dict[str, Relation] = {}

        def visit(_depth: int, name: str, attributes: dict[str, str], _text: str) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                kind = attributes.get("Type", "").rpartition("/")[2].replace("-", "").lower()
                target = _resolve(folder, attributes.get("Target", ""))
                relations[attributes.get("Id", "")] = Relation(kind, target)

        source = _resolve(folder, f"_rels/{name}.rels")
        if source in self:
            self.walk(source, "Relationships", visit)
        return relations


class _Member(NamedTuple):
    """Where a part's stored bytes lie, and what they must inflate to."""

    start: int
    end: int
    deflated: bool
    crc: int


def _members(data: bytes, caps: Caps) -> dict[str, _Member]:
    """List the archive's members by part name, having refused what only attackers write."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries, directory = archive.infolist(), archive.start_dir
    except _NOT_A_ZIP:
        raise damaged("zip", "directory") from None
    if len(entries) > caps.parts:
        raise excessive(caps, "parts")
    members: dict[str, _Member] = {}
    spans = [(directory, directory, "zip")]
    for entry in entries:
        part = _part_name(entry.orig_filename)
        if part in members:
            raise suspicious("duplicate", part)
        members[part] = member = _locate(data, entry)
        spans.append((entry.header_offset, member.end, part))
    for (_, end, _), (start, _, part) in pairwise(sorted(spans)):
        if start < end:
            raise suspicious("overlap", part)
    return members


def _locate(data: bytes, entry: zipfile.ZipInfo) -> _Member:
    """Find a member's bytes through its local header, which must agree with the directory."""
    name = entry.orig_filename
    if not 0 <= entry.header_offset <= len(data) - _LOCAL_HEADER.size:
        raise damaged(name, "offset")
    signature, flags, method, name_length, extra_length = _LOCAL_HEADER.unpack_from(
        data, entry.header_offset
    )
    if (flags | entry.flag_bits) & _ENCRYPTED:
        raise UnreadableFile("F04", {})
    name_at = entry.header_offset + _LOCAL_HEADER.size
    start = name_at + name_length + extra_length
    encoding = "utf-8" if flags & _UTF8_NAME else "cp437"
    local_name = data[name_at : name_at + name_length].decode(encoding, "replace")
    if (signature, method, local_name) != (b"PK\x03\x04", entry.compress_type, name):
        raise damaged(name, "header")
    if method not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise damaged(name, f"method {method}")
    return _Member(start, start + entry.compress_size, method == zipfile.ZIP_DEFLATED, entry.CRC)


def _inflate(part: str, stored: memoryview, limit: int) -> bytes:
    """Inflate to one byte past the limit at most, so that the caller sees it passed."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = inflater.decompress(stored, limit + 1)
    except zlib.error:
        raise damaged(part, "deflate") from None
    if not inflater.eof and len(body) <= limit:
        raise damaged(part, "truncated")
    return body


def _part_name(stored: str) -> str:
    """Give the part that a member's name means; refused if it leads out of the package."""
    name = unquote(stored).replace("\\", "/")
    segments = name.split("/")
    if ".." in segments or not segments[0] or ":" in segments[0]:
        raise suspicious("traversal", stored)
    return normpath(name).lower()


def _resolve(folder: str, target: str) -> str:
    """Give the part that a relation's target means, seen from the folder of its source."""
    path = unquote(target).replace("\\", "/")
    return normpath(path if path.startswith("/") else f"/{folder}/{path}").lstrip("/").lower()


def _forbid(parser: expat.XMLParserType, part: str) -> None:
    """Refuse document types (with them entities) and encodings that OOXML does not allow."""

    def doctype(*_: object) -> NoReturn:
        raise suspicious("DOCTYPE", part)

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise damaged(part, f"encoding {encoding}")

    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
