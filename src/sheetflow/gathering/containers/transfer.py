"""A container's members as bytes, to be handed over by a child process."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.gathering.containers.members import MOST_MEMBERS, Contents, Member, too_many_members
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_BYTES = 24 << 20
"""Bytes that all members of such a container may have together."""


class ReadMember(NamedTuple):
    """A member that was read in a child: its bytes, or why it has none."""

    name: str
    data: bytes = b""
    skipped: str = ""
    problem: UnreadableFile | None = None


def to_bytes(members: Sequence[ReadMember], received: date | None = None) -> bytes:
    """Write a line of JSON that tells of the members, and then their bytes."""
    if len(members) > MOST_MEMBERS:
        raise too_many_members()
    told = [
        (name, len(data), skipped, [problem.code, problem.facts] if problem else None)
        for name, data, skipped, problem in members
    ]
    head = json.dumps([received.isoformat() if received else "", told]).encode()
    return b"\n".join((head, b"".join(member.data for member in members)))


def from_bytes(data: bytes) -> Contents:
    """Read what `to_bytes` wrote; a member's bytes are copied when it is read."""
    position = data.index(b"\n") + 1
    received, told = json.loads(data[: position - 1])
    members: list[Member] = []
    for name, size, skipped, problem in told:
        refused = UnreadableFile(*problem) if problem else None
        read = partial(_read, data, position, position + size, refused)
        members.append(Member(name, size, read, skipped))
        position += size
    return Contents(members, date.fromisoformat(received) if received else None)


def _read(data: bytes, start: int, end: int, refused: UnreadableFile | None) -> bytes:
    if refused:
        raise refused
    return data[start:end]
