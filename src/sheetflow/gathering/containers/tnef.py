"""Reads winmail.dat, in which Outlook packs the attachments of a mail in its own format."""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING

from sheetflow.gathering.containers.members import MOST_MEMBERS, Member
from sheetflow.gathering.file_names import decode_name
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = b"\x78\x9f\x3e\x22"
_ATTRIBUTE = struct.Struct("<BLL")  # level, number, length
_CHECKSUM = 2  # bytes after each attribute
_BEGINS, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F


def tnef_members(packed: Member) -> list[Member]:
    """List the attachments in a winmail.dat; none if it holds only a text, or is no such file."""
    try:
        data = packed.read()
    except UnreadableFile:
        return []
    members: list[Member] = []
    title, held = "", False
    for number, value in _attributes(data):
        if number == _BEGINS:
            title, held = "", False
        elif number == _TITLE:
            title = decode_name(value.rstrip(b"\0"))
            if held:  # the title may follow the data
                last = members.pop()
                members.append(Member(f"{packed.name}/{title}", last.size, last.read))
        elif number == _DATA and len(members) <= MOST_MEMBERS:
            name = f"{packed.name}/{title or f'附件{len(members) + 1}'}"
            members.append(Member(name, len(value), partial(bytes, value)))
            held = True
    return members


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the attributes by number, as far as the file goes."""
    position = len(_SIGNATURE) + 2  # and a key
    if not data.startswith(_SIGNATURE):
        return
    while position + _ATTRIBUTE.size <= len(data):
        _, number, length = _ATTRIBUTE.unpack_from(data, position)
        position += _ATTRIBUTE.size
        yield number, data[position : position + length]
        position += length + _CHECKSUM
