"""Puts archives together from members that are compressed already: the same parts, the same bytes.

No clock, no program and no system stands in what is written: all members are of 1980-01-01.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# version needed, flags, method, time, date, CRC, stored size, size, lengths of name and extra
_FIELDS = struct.Struct("<HHHHHIIIHH")
_ENTRY_ONLY = struct.Struct("<HHHII")  # length of comment, disk, attributes twice, header's offset
_END = struct.Struct("<4sHHHHIIH")
_HEADER, _ENTRY, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _UTF8_NAME, _DEFLATED, _MIDNIGHT, _FIRST_DAY = 20, 0x800, 8, 0, 0x21
_MADE_BY = _VERSION.to_bytes(2, "little")  # and by no system in particular
_NAME_LENGTH_AT, _HEADER_SIZE, _LEVEL = 26, 30, 2


class Part(NamedTuple):
    """A member of an archive, deflated."""

    name: str
    crc: int
    size: int
    stored: bytes

    @property
    def content(self) -> bytes:
        """What it holds, inflated."""
        return zlib.decompress(self.stored, -zlib.MAX_WBITS)


def deflated(name: str, content: bytes) -> Part:
    """Compress a member; better compression would save 200 of 3,000 bytes in triple the time."""
    return deflated_from(name, (content,))


def deflated_from(name: str, pieces: Iterable[bytes]) -> Part:
    """Compress a member that is made piece by piece and never held whole."""
    packer = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
    stored = io.BytesIO()
    crc = size = 0
    for piece in pieces:
        stored.write(packer.compress(piece))
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    stored.write(packer.flush())
    return Part(name, crc, size, stored.getvalue())


def parts_of(archive: bytes) -> Iterator[Part]:
    """Give the members of an archive that a library wrote, all of them deflated."""
    with zipfile.ZipFile(io.BytesIO(archive)) as package:
        for entry in package.infolist():
            lengths = struct.unpack_from("<HH", archive, entry.header_offset + _NAME_LENGTH_AT)
            start = entry.header_offset + _HEADER_SIZE + sum(lengths)
            stored = archive[start : start + entry.compress_size]
            yield Part(entry.filename, entry.CRC, entry.file_size, stored)


def assembled(parts: Iterable[Part]) -> bytes:
    """Write an archive of under 4 GB: the members in their order, then the directory.

    Members that nobody else holds are let go one by one, as they are written.
    """
    archive = io.BytesIO()
    directory: list[bytes] = []
    offset = 0
    for part in parts:
        name = part.name.encode()
        fields = _FIELDS.pack(
            _VERSION,
            0 if part.name.isascii() else _UTF8_NAME,
            _DEFLATED,
            _MIDNIGHT,
            _FIRST_DAY,
            part.crc,
            len(part.stored),
            part.size,
            len(name),
            0,
        )
        archive.writelines((_HEADER, fields, name, part.stored))
        directory += _ENTRY, _MADE_BY, fields, _ENTRY_ONLY.pack(0, 0, 0, 0, offset), name
        offset += _HEADER_SIZE + len(name) + len(part.stored)
    listed = b"".join(directory)
    count = len(directory) // 5
    end = _END.pack(_END_MARK, 0, 0, count, count, len(listed), offset, 0)
    archive.write(listed + end)
    return archive.getvalue()
