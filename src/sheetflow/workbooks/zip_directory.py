"""The directory of a zip archive in memory: which members it has and where their bytes lie.

Stricter than `zipfile`, and bounded: entries are counted before anything is made of them, nothing
may stand before the archive, and each member's own header must agree with the directory.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from itertools import islice
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks.limits import UnreadableFile, damaged, excessive, truncated
from sheetflow.workbooks.zip_columns import (
    ENTRY,
    ENTRY_SIZE,
    HEADER,
    IN_EXTRA,
    DirectoryEntry,
    entries_alike,
    learn,
    starts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sheetflow.workbooks.limits import Caps

_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
# flags, method, CRC, stored size, size, lengths of name, extra and comment, header's offset
_ENTRY_FIELDS = struct.Struct("<8xHH4xIIIHHH8xI")
_END_FIELDS = struct.Struct("<12xIIH")  # size and offset of the directory, length of the comment
_END_64_FIELDS = struct.Struct("<40xQQ")
_LOCATOR_64_SIZE = 20
_LOCAL_FIELDS = struct.Struct("<6xHH16xHH")  # flags, method, lengths of name and extra
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # member, strong encryption, masked directory
_UTF8_NAME = 0x800
_STORED, _DEFLATED = 0, 8
_new_member = tuple.__new__  # half the time of ZipMember(...)
_FEW = 1 << 16  # bytes of a directory that is listed at once
_SHOWN = 200  # bytes of a name by which a format is told


class ZipMember(NamedTuple):
    """A member: its name as stored, its header's offset, where its bytes lie, what they are."""

    name: str
    header: int
    start: int
    end: int
    deflated: bool
    crc: int


def members(data: bytes, caps: Caps) -> tuple[list[ZipMember], int]:
    """List the members, and give the offset of the directory."""
    start, end = _directory(data)
    directory = data[start:end]
    found = _members_alike(data, directory, caps)
    if found is None:
        found = []
        for entry in _entries(directory):
            if len(found) >= caps.parts:
                raise excessive(caps, "parts")
            if len(entry[0]) > caps.name:
                raise excessive(caps, "name")
            found.append(_member(data, *entry))
    return found, start


def member_names(data: bytes, limit: int) -> tuple[bytes, ...]:
    """Give the first names; of an archive that was cut off, from the headers still there."""
    try:
        start, end = _directory(data)
        names = [name for name, *_ in islice(_entries(data[start:end]), limit)]
    except UnreadableFile:
        names = list(islice(_headers(data), limit))
    return tuple([name[:_SHOWN] for name in names])


def is_cut_off(data: bytes) -> bool:
    """Whether an archive has no directory, so that it can't say what it holds."""
    return data.rfind(_END, max(0, len(data) - _END_FIELDS.size - _LONGEST_COMMENT)) < 0


def _directory(data: bytes) -> tuple[int, int]:
    """Find where the directory begins and ends."""
    at = data.rfind(_END, max(0, len(data) - _END_FIELDS.size - _LONGEST_COMMENT))
    if not 0 <= at <= len(data) - _END_FIELDS.size:
        raise truncated("zip") if data.startswith(HEADER) else damaged("zip", "directory")
    size, start, _ = _END_FIELDS.unpack_from(data, at)
    at_64 = at - _LOCATOR_64_SIZE - _END_64_FIELDS.size
    if at_64 >= 0 and data.startswith(_LOCATOR_64, at - _LOCATOR_64_SIZE):
        if not data.startswith(_END_64, at_64):
            raise damaged("zip", "directory")
        at = at_64
        size, start = _END_64_FIELDS.unpack_from(data, at)
    before = at - size - start
    if before > 0 and data.startswith(HEADER, before):
        raise truncated("zip")  # what ends here is a smaller archive within the one that was cut
    if before:
        raise damaged("zip", "directory")
    return start, at


def _entries(directory: bytes) -> Iterable[DirectoryEntry]:
    return _listed(directory) or _walked(directory)


@lru_cache(maxsize=1)
def _listed(directory: bytes) -> list[DirectoryEntry]:
    """List the entries of a small directory without a fault; of another one, none.

    It is asked for twice, since the format is told first.
    """
    entries = entries_alike(directory) if len(directory) <= _FEW else []
    if entries is None:
        try:
            entries = list(_walked(directory))
        except UnreadableFile:
            return []
        learn(directory, entries)
    return entries


def _walked(directory: bytes) -> Iterator[DirectoryEntry]:
    start, end = 0, len(directory)
    while start < end:
        names_at = start + ENTRY_SIZE
        if names_at > end or not directory.startswith(ENTRY, start):
            raise damaged("zip", "directory")
        flags, method, crc, stored, size, name, extra, comment, header = _ENTRY_FIELDS.unpack_from(
            directory, start
        )
        extra_at = names_at + name
        comment_at = extra_at + extra
        start = comment_at + comment
        if start > end:
            raise damaged("zip", "directory")
        if IN_EXTRA in (stored, size, header):
            stored, header = _large(directory[extra_at:comment_at], stored, size, header)
        yield directory[names_at:extra_at], flags, method, crc, stored, header


def _large(extra: bytes, stored: int, size: int, header: int) -> tuple[int, int]:
    """Take from the zip64 extra field the numbers that do not fit into 32 bits."""
    while extra:
        if len(extra) < 4:  # noqa: PLR2004 - the extra field's own header
            raise damaged("zip", "directory")
        kind, length = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == 1:
            numbers = iter([number for (number,) in struct.iter_unpack("<Q", body[: length & ~7])])
            given = [next(numbers, n) if n == IN_EXTRA else n for n in (size, stored, header)]
            return given[1], given[2]
    return stored, header


def _members_alike(data: bytes, directory: bytes, caps: Caps) -> list[ZipMember] | None:
    """List the members all at once; None if one of them asks for a look of its own."""
    entries = _listed(directory)
    if not 0 < len(entries) <= caps.parts:
        return None
    names, flags, methods, checksums, sizes, headers = zip(*entries, strict=True)
    is_plain = {*methods} <= {_STORED, _DEFLATED} and max(map(len, names)) <= caps.name
    if not is_plain or any(flag & _ENCRYPTED for flag in {*flags}):
        return None
    begin = starts(data, entries)
    if begin is None:
        return None
    ends = map(add, begin, sizes)
    deflated = [method == _DEFLATED for method in methods]
    fields = zip(_all_decoded(names, flags), headers, begin, ends, deflated, checksums, strict=True)
    return [_new_member(ZipMember, each) for each in fields]


@lru_cache(maxsize=64)
def _all_decoded(names: tuple[bytes, ...], flags: tuple[int, ...]) -> list[str]:
    pairs = zip(names, flags, strict=True)
    return [_decoded(name, is_utf_8=flag & _UTF8_NAME != 0) for name, flag in pairs]


def _member(  # noqa: PLR0917 - the fields of an `DirectoryEntry`
    data: bytes, stored_name: bytes, flags: int, method: int, crc: int, stored: int, header: int
) -> ZipMember:
    """Find a member's bytes through its own header, which must agree with the directory."""
    name = _decoded(stored_name, is_utf_8=flags & _UTF8_NAME != 0)
    if not 0 <= header <= len(data) - _LOCAL_FIELDS.size:
        raise damaged(name, "offset")
    own_flags, own_method, name_length, extra_length = _LOCAL_FIELDS.unpack_from(data, header)
    if (flags | own_flags) & _ENCRYPTED:
        raise UnreadableFile("F04", {})
    name_at = header + _LOCAL_FIELDS.size
    start = name_at + name_length + extra_length
    if (
        not data.startswith(HEADER, header)
        or method != own_method
        or name_length != len(stored_name)
        or not data.startswith(stored_name, name_at)
    ):
        raise damaged(name, "header")
    if method not in {_STORED, _DEFLATED}:
        raise damaged(name, f"method {method}")
    return _new_member(ZipMember, (name, header, start, start + stored, method == _DEFLATED, crc))


@lru_cache(maxsize=4096)
def _decoded(name: bytes, *, is_utf_8: bool = False) -> str:
    try:
        return name.decode("utf-8" if is_utf_8 else "cp437")
    except UnicodeDecodeError:
        raise damaged("zip", "directory") from None


def _headers(data: bytes) -> Iterator[bytes]:
    """Give the names in the members' own headers, wherever these stand."""
    at = data.find(HEADER)
    while at >= 0:
        name_at = at + _LOCAL_FIELDS.size
        length = int.from_bytes(data[name_at - 4 : name_at - 2], "little")
        yield data[name_at : name_at + length]
        at = data.find(HEADER, at + len(HEADER))
