"""In what state files are, told without reading them, and the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_ALL = 1 << 256
"""So many digests there are."""
_SETTLED = 2 * 10**9
"""Nanoseconds after which a file that is written again is sure to show another time of change."""


def file_state(path: Path | str) -> str:
    """Say in what state a file is, without reading it; "" if that tells nothing.

    A file that was written just now may be written again within the same tick of the clock.
    """
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    if not stat.S_ISREG(status.st_mode) or time.time_ns() - status.st_mtime_ns < _SETTLED:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def sha256_of(path: str) -> str:
    """Digest a regular file; "" if it can't be read."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return ""
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def states_in(
    folder: Path | str, leave_out: Collection[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Give path and state of all files below a folder, in any order; none of them is held.

    What has one of the names to leave out, right below it, is left out; links are not followed.
    Raises OSError where a folder can't be listed.
    """
    with os.scandir(folder) as found:
        for entry in found:
            if entry.name in leave_out:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from states_in(entry.path)
            else:
                yield entry.path, file_state(entry.path)


def state_of_all(files: Iterable[tuple[str, str]], *also: str) -> str:
    """Digest paths with their states, in whatever order they come, and what else is said.

    "" if a state tells nothing, or where a folder can't be listed. The digests of all are added up.
    """
    digests = _number("\0".join(also))
    try:
        for path, state in files:
            if not state:
                return ""
            digests += _number(f"{path}\0{state}")
    except OSError:
        return ""
    return f"{digests % _ALL:064x}"


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
