"""A zip archive's directory: which members it lists, and where their bytes lie.

Read by hand rather than by `zipfile`, which reads a directory of any length, takes quoted overlaps
for members, and refuses a whole archive for one name. A workbook's own package is judged elsewhere,
and as a whole: here a bad member says nothing of the others.
"""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise
from typing import NamedTuple

from sheetflow.gathering.containers.members import MOST_MEMBERS, too_many_members
from sheetflow.gathering.file_names import decode_name
from sheetflow.workbooks.limits import damaged, overlap, truncated

_END = struct.Struct("<4s2H2H2LH")  # two disks, two counts, size and offset, length of the comment
_END_LENGTH = _END.size + 0xFFFF
_LOCATOR, _LOCATOR_LENGTH = b"PK\6\7", 20  # of the end as zip64 has it, which precedes it
_END64 = struct.Struct("<32xQQQ")  # count, size and offset
_LISTED = struct.Struct("<4sxB2xHH4xLLLHHH4xLL")
_LOCAL = struct.Struct("<4s22xHH")
_FULL, _FULL_COUNT = 0xFFFFFFFF, 0xFFFF  # the figure is too large for its field, see zip64
_ZIP64, _UNICODE_PATH = 0x0001, 0x7075  # extra fields
_FIELDS = 64  # honest members have five at most
_UTF8_NAME = 0x800
_UNIX, _LINK, _TYPE = 3, 0xA000, 0xF000


class Listed(NamedTuple):
    """A member as the directory lists it; `start` and `end` enclose its stored bytes."""

    name: str
    flags: int
    method: int
    crc: int
    size: int
    is_link: bool
    header: int
    start: int
    end: int


def list_members(data: bytes) -> list[Listed]:
    """List an archive's members; refuses it if the directory is damaged or members overlap."""
    start, end, count, shift = _directory(data)
    members: list[Listed] = []
    position = start
    while position < end:
        if len(members) >= MOST_MEMBERS:
            raise too_many_members()
        member, position = _member(data, position, end, shift)
        members.append(member)
    if position != end or len(members) & _FULL_COUNT != count & _FULL_COUNT:
        raise damaged("zip", "directory")
    spans = sorted((member.header, member.end, member.name) for member in members if member.start)
    for (_, before, _), (after, _, name) in pairwise([*spans, (start, start, "")]):
        if after < before:
            raise overlap(name or spans[-1][2])
    return members


def _directory(data: bytes) -> tuple[int, int, int, int]:
    """Give the directory's start and end, the number of members, and what precedes the archive."""
    found = data.rfind(b"PK\5\6", max(0, len(data) - _END_LENGTH))
    if found < 0 or found + _END.size > len(data):
        raise truncated("zip")
    *_, count, size, offset, _ = _END.unpack_from(data, found)
    end = found
    if data.startswith(_LOCATOR, found - _LOCATOR_LENGTH) and found >= _LOCATOR_LENGTH:
        end = found - _LOCATOR_LENGTH - _END64.size
        if not data.startswith(b"PK\6\6", end) or end < 0:
            raise damaged("zip", "directory")
        count, size, offset = _END64.unpack_from(data, end)
    shift = end - size - offset
    if shift < 0:
        raise damaged("zip", "directory")
    return end - size, end, count, shift


def _member(data: bytes, position: int, end: int, shift: int) -> tuple[Listed, int]:
    """Read one line of the directory; give the member, and where the next line starts."""
    if position + _LISTED.size > end:
        raise damaged("zip", "directory")
    signature, system, flags, method, crc, stored, size, *rest = _LISTED.unpack_from(data, position)
    name_length, extra_length, comment_length, attributes, header = rest
    name_at = position + _LISTED.size
    extra_at = name_at + name_length
    comment_at = extra_at + extra_length
    if signature != b"PK\1\2" or comment_at + comment_length > end:
        raise damaged("zip", "directory")
    raw, extra = data[name_at:extra_at], _fields(data[extra_at:comment_at])
    size, stored, header = _wide(extra.get(_ZIP64, b""), (size, stored, header))
    start = _stored_at(data, header + shift)
    member = Listed(
        name=_name(raw, flags, extra.get(_UNICODE_PATH, b"")),
        flags=flags,
        method=method,
        crc=crc,
        size=size,
        is_link=system == _UNIX and attributes >> 16 & _TYPE == _LINK,
        header=header + shift,
        start=start,
        end=start + stored,
    )
    return member, comment_at + comment_length


def _stored_at(data: bytes, header: int) -> int:
    """Find where a member's bytes start; 0 if there is no such member."""
    if header + _LOCAL.size > len(data):
        return 0
    signature, name_length, extra_length = _LOCAL.unpack_from(data, header)
    return header + _LOCAL.size + name_length + extra_length if signature == b"PK\3\4" else 0


def _fields(extra: bytes) -> dict[int, bytes]:
    """Split the first extra fields by their number; what is cut off at the end is dropped."""
    fields: dict[int, bytes] = {}
    position = 0
    for _ in range(_FIELDS):
        if position + 4 > len(extra):
            break
        number, length = struct.unpack_from("<HH", extra, position)
        fields.setdefault(number, extra[position + 4 : position + 4 + length])
        position += 4 + length
    return fields


def _wide(field: bytes, figures: tuple[int, int, int]) -> list[int]:
    """Take from the zip64 field, in its order, those figures that were too large."""
    wide = iter(struct.unpack_from(f"<{len(field) // 8}Q", field))
    return [next(wide, figure) if figure == _FULL else figure for figure in figures]


def _name(raw: bytes, flags: int, unicode_path: bytes) -> str:
    """Decode a member's name: flagged as UTF-8, else by its extra field, else by its bytes."""
    candidates = [raw] if flags & _UTF8_NAME else []
    if unicode_path[:1] == b"\1" and unicode_path[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
        candidates.append(unicode_path[5:])
    for candidate in candidates:
        try:
            return candidate.decode()
        except UnicodeDecodeError:
            continue
    return decode_name(raw)
