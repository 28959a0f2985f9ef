"""Reads the members of a zip archive in memory, each only as far as it said it would go."""

from __future__ import annotations

import bz2
import lzma
import zlib
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from sheetflow.gathering.containers.members import Contents, Member, encrypted, unreadable
from sheetflow.gathering.containers.zip_directory import Listed, list_members
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ENCRYPTED = 0x1 | 0x40 | 0x2000  # member, strong encryption, masked directory
_AES = 99
_RATIO, _RATIO_FROM = 200, 1 << 20
_STORED = 0
_METHODS = MappingProxyType(
    {0: "stored", 8: "deflate", 9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd", 98: "ppmd"}
)
_DAMAGE = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, IndexError)


class _Inflater(Protocol):
    """What the decompressors of the standard library have in common."""

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes, and give no more than so many."""


def open_zip(data: bytes) -> Contents:
    """List the files of a zip archive; raises UnreadableFile for the archive as a whole.

    An archive all of whose files are encrypted is refused once, rather than file by file.
    """
    members = [member for member in list_members(data) if not _is_folder(member)]
    if members and all(map(_is_encrypted, members)):
        raise encrypted()
    return Contents(
        [
            Member(
                member.name,
                member.size,
                partial(_read, data, member),
                "symlink" if member.is_link else "",
            )
            for member in members
        ]
    )


def _is_folder(member: Listed) -> bool:
    return member.name.endswith(("/", "\\")) and not member.size


def _is_encrypted(member: Listed) -> bool:
    return bool(member.flags & _ENCRYPTED) or member.method == _AES


def _read(data: bytes, member: Listed) -> bytes:
    """Inflate one member and hold it against its size and checksum."""
    method = _METHODS.get(member.method, str(member.method))
    if _is_encrypted(member):
        raise encrypted()
    if not member.start:
        raise unreadable("member_damaged", method)
    if member.method != _STORED and member.method not in _INFLATERS:
        raise unreadable("method", method)
    stored = data[member.start : member.end]
    if member.size > max(_RATIO_FROM, _RATIO * len(stored)):
        raise UnreadableFile("F15", {"part": member.name})
    try:
        body = stored if member.method == _STORED else _inflate(stored, member)
    except _DAMAGE:
        raise unreadable("member_damaged", method) from None
    if len(body) != member.size:
        raise unreadable("member_length", method)
    if zlib.crc32(body) != member.crc:
        raise unreadable("member_checksum", method)
    return body


def _inflate(stored: bytes, member: Listed) -> bytes:
    """Inflate to one byte past the stated size at most, so that the caller sees it passed."""
    inflater, stored = _INFLATERS[member.method](stored, member.size)
    pieces: list[bytes] = []
    wanted = member.size + 1
    while wanted > 0 and not inflater.eof:
        piece = inflater.decompress(stored, wanted)
        if not piece:
            break
        pieces.append(piece)
        wanted -= len(piece)
        stored = b""
    return b"".join(pieces)


def _deflate(stored: bytes, _size: int) -> tuple[_Inflater, bytes]:
    return zlib.decompressobj(-zlib.MAX_WBITS), stored


def _bzip2(stored: bytes, _size: int) -> tuple[_Inflater, bytes]:
    return bz2.BZ2Decompressor(), stored


def _lzma(stored: bytes, size: int) -> tuple[_Inflater, bytes]:
    """Read zip's own header of LZMA; a dictionary longer than the member would only take memory."""
    length = int.from_bytes(stored[2:4], "little")
    packed = stored[4]
    settings = {
        "id": lzma.FILTER_LZMA1,
        "lc": packed % 9,
        "lp": packed // 9 % 5,
        "pb": packed // 45,
        "dict_size": max(4096, min(size, int.from_bytes(stored[5:9], "little"))),
    }
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[settings]), stored[4 + length :]


_INFLATERS: Mapping[int, Callable[[bytes, int], tuple[_Inflater, bytes]]] = MappingProxyType(
    {8: _deflate, 12: _bzip2, 14: _lzma}
)
