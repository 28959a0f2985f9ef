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

_SETTLED = 2 * 10**9
"""Nanoseconds after which a file that is written again is sure to show another time of change."""


def stamp_of(path: Path | str) -> str:
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


def stamps_in(
    folder: Path | str, leave_out: Collection[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Give path and stamp of all files below a folder, in the order of names.

    What has one of the names to leave out, right below it, is left out; links are not followed.
    Raises OSError where a folder can't be listed.
    """
    with os.scandir(folder) as found:
        names = {entry.name: entry.is_dir(follow_symlinks=False) for entry in found}
    for name in sorted(names.keys() - leave_out):
        path = f"{folder}{os.sep}{name}"
        if names[name]:
            yield from stamps_in(path)
        else:
            yield path, stamp_of(path)


def state_of(stamped: Iterable[tuple[str, str]], *also: str) -> str:
    """Digest paths with their stamps, and what else is said; "" if a stamp tells nothing.

    Also "" where a folder can't be listed.
    """
    digest = hashlib.sha256("\0".join(also).encode())
    try:
        for path, stamp in stamped:
            if not stamp:
                return ""
            digest.update(f"{path}\0{stamp}\0".encode("utf-8", "surrogatepass"))
    except OSError:
        return ""
    return digest.hexdigest()
