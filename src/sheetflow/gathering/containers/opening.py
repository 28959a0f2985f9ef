"""Opens archives and mails in memory and gives what lies in them as files of the folder.

Nothing is extracted: a member is read when its turn comes, and one that can't be read has a
problem. What is packed in what was packed comes out by opening that member again.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.gathering.containers.in_child import open_7z, open_msg
from sheetflow.gathering.containers.mails import open_mail, open_mailbox
from sheetflow.gathering.containers.members import (
    MOST_MEMBERS,
    Contents,
    nested_too_deep,
    too_many_members,
)
from sheetflow.gathering.containers.zip_archive import open_zip
from sheetflow.gathering.file_names import Apart, member_path, nuisance
from sheetflow.gathering.folder import LARGEST, MB, Incoming, too_large
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from sheetflow.gathering.containers.members import Member

_OPENERS: Mapping[str, Callable[[bytes], Contents]] = MappingProxyType(
    {"zip": open_zip, "eml": open_mail, "mbox": open_mailbox, "7z": open_7z, "msg": open_msg}
)
CONTAINERS = frozenset(_OPENERS)
"""The formats, as `sniff` names them, that `open_container` opens."""
_MAILS = frozenset({"eml", "msg"})
DEEPEST = 2
"""So many archives, a mailbox being one, may lie in one another, and so many mails."""
_TOTAL = 512 * MB


class Allowance:
    """What may still come out of one file of the folder, however deep it lies in there."""

    def __init__(self) -> None:
        self.members = MOST_MEMBERS
        self.size = _TOTAL

    def spend(self, members: int, size: int) -> None:
        """Count what a container is about to give; raises UnreadableFile if it is too much."""
        if members > self.members:
            raise too_many_members()
        if size > self.size:
            raise UnreadableFile("F15", {"part": f"> {_TOTAL // MB} MB"})
        self.members -= members
        self.size -= size


def open_container(
    incoming: Incoming, kind: str, allowance: Allowance | None = None
) -> Iterator[Incoming]:
    """Give the members of an archive or a mail, `kind` being one of `CONTAINERS`, as files.

    Raises UnreadableFile at once if it can't be opened. Pass one allowance for all that comes out
    of one file of the folder. `received` is the outermost mail's date, else the container's own.
    """
    alike = [outer for outer in incoming.within if (outer in _MAILS) == (kind in _MAILS)]
    if len(alike) >= DEEPEST:
        raise nested_too_deep(DEEPEST)
    contents = _OPENERS[kind](incoming.data)
    kept = [member.size for member in contents.members if member.size <= LARGEST]
    (allowance or Allowance()).spend(len(contents.members), sum(kept))
    in_mail = not _MAILS.isdisjoint(incoming.within)
    received = incoming.received if in_mail else contents.received or incoming.received
    return _members(incoming, (*incoming.within, kind), contents, received)


def _members(
    container: Incoming, within: tuple[str, ...], contents: Contents, received: date | None
) -> Iterator[Incoming]:
    apart = Apart()
    for member in contents.members:
        name = apart(member_path(member.name))
        skipped = member.skipped or next(filter(None, map(nuisance, name.split("/"))), "")
        data, problem = (b"", None) if skipped else _read(member)
        yield Incoming(
            path=f"{container.path}/{name}",
            data=data,
            sha256="" if skipped or problem else hashlib.sha256(data).hexdigest(),
            size=len(data) or member.size,
            skipped=skipped,
            problem=problem,
            received=received,
            container=container.path,
            within=within,
        )


def _read(member: Member) -> tuple[bytes, UnreadableFile | None]:
    if member.size > LARGEST:
        return b"", too_large(member.size)
    try:
        return member.read(), None
    except UnreadableFile as problem:
        return b"", problem
