"""Workbooks as packages of parts, and zip archives byte by byte, made for tests."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'

Parts = dict[str, str | bytes]


def relations(*triples: tuple[str, str, str]) -> str:
    """Write a part of relationships from (id, type, target)."""
    lines = (f'<Relationship Id="{i}" Type="{t}" Target="{to}"/>' for i, t, to in triples)
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'


def sheet(rows: str, after: str = "") -> str:
    """Write a worksheet that holds `rows`."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(rows: str, strings: str = "", **changes: str | bytes) -> Parts:
    """Write the parts of a workbook with one sheet 表 that holds `rows`."""
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("r1", f"{OFFICE}/officeDocument", BOOK)),
        BOOK: f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        LINKS: relations(
            ("r1", f"{OFFICE}/worksheet", "worksheets/sheet1.xml"),
            ("r2", f"{OFFICE}/sharedStrings", "sharedStrings.xml"),
            ("r3", f"{OFFICE}/styles", "styles.xml"),
        ),
        STRINGS: f'<sst xmlns="{MAIN}" count="9" uniqueCount="4000000000">{strings}</sst>',
        SHEET: sheet(rows),
        **changes,
    }


def zipped(members: Parts, method: int = zipfile.ZIP_DEFLATED, level: int | None = None) -> bytes:
    """Pack parts into an archive that is the same at any time of day."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name), body, method, level)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of an archive, with what may be said wrongly of it; None is what is true."""

    name: bytes
    body: bytes = b""
    method: int = 8
    flags: int = 0
    crc: int | None = None
    stored: bytes | None = None
    """The bytes in the archive."""
    stored_size: int | None = None
    size: int | None = None
    header: int | None = None
    """Where the directory says that the member's own header is."""
    local_name: bytes | None = None
    extra: bytes = b""
    """The directory's extra field."""


def archive(
    entries: Iterable[Entry], *, comment: bytes = b"", before: bytes = b"", wide: bool = False
) -> bytes:
    """Write an archive; `before` stands in front of it uncounted, `wide` is with a zip64 end."""
    body, directory, count = bytearray(), bytearray(), 0
    for entry in entries:
        stored = _stored(entry) if entry.stored is None else entry.stored
        crc = zlib.crc32(entry.body) if entry.crc is None else entry.crc
        stored_size = len(stored) if entry.stored_size is None else entry.stored_size
        size = len(entry.body) if entry.size is None else entry.size
        fields = struct.pack("<5H3I", 20, entry.flags, entry.method, 0, 33, crc, stored_size, size)
        header = len(body) if entry.header is None else entry.header
        local = entry.name if entry.local_name is None else entry.local_name
        body += b"PK\3\4" + fields + struct.pack("<2H", len(local), 0) + local + stored
        lengths = struct.pack("<3H8xI", len(entry.name), len(entry.extra), 0, header)
        directory += b"PK\1\2\x14\0" + fields + lengths + entry.name + entry.extra
        count += 1
    start, length = len(body), len(directory)
    end = b""
    if wide:
        end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start)
        end += struct.pack("<4sIQI", b"PK\6\7", 0, start + length, 1)
        count, length, start = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
    numbers = struct.pack(
        "<4H2IH", 0, 0, count & 0xFFFF, count & 0xFFFF, length, start, len(comment)
    )
    return bytes(before + body + directory + end + b"PK\5\6" + numbers + comment)


def entries(members: Parts, method: int = 8) -> list[Entry]:
    """Give the parts of a workbook as members of an archive."""
    return [
        Entry(name.encode(), body.encode() if isinstance(body, str) else body, method)
        for name, body in members.items()
    ]


def _stored(entry: Entry) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(entry.body) + packer.flush() if entry.method == 8 else entry.body
