"""What every kind of container gives: its members, to be read one by one, and when it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

MOST_MEMBERS = 5_000
"""A container with more is refused, and so is the one in it that would bring the sum above."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a container: its name as decoded, and how to get at its bytes."""

    name: str
    size: int
    """What reading it takes, in bytes at most."""
    read: Callable[[], bytes]
    """Gives the bytes, or raises UnreadableFile for this member alone."""
    skipped: str = ""
    """Why it is no file that counts (a term), whatever its name."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The members of a container; `received` is a mail's own date."""

    members: Sequence[Member]
    received: date | None = None


def unreadable(detail: str, method: str) -> UnreadableFile:
    """F30: a member can't be got out; the detail is a term, the method a name."""
    return UnreadableFile("F30", {"detail": f"@{detail}", "method": method})


def encrypted() -> UnreadableFile:
    """F27: an archive, or one member of it, asks for a password."""
    return UnreadableFile("F27", {})


def nested_too_deep(limit: int) -> UnreadableFile:
    """F28: more containers in one another than are opened."""
    return UnreadableFile("F28", {"limit": str(limit)})


def too_many_members() -> UnreadableFile:
    """F24: more members than a container may have."""
    return UnreadableFile("F24", {"what": "members", "limit": str(MOST_MEMBERS)})
