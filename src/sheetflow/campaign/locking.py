"""One run at a time writes into a campaign folder: a lock that dies with its process.

The operating system holds the lock, so a run that was killed leaves none behind; the file
`.sheetflow/lock` stays and means nothing. A drive without locks (some network shares) is written to
all the same, and the caller is told.
"""

from __future__ import annotations

import contextlib
import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from sheetflow.campaign.storage import failure, remove_leftovers
from sheetflow.errors import CampaignBusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LOCK = ".sheetflow/lock"
PATIENCE = 30.0
"""Seconds that a run waits for another to end."""
_NO_LOCKS = (errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK)
_NO_LOCKS_ON_WINDOWS = (1, 50)
"""Its own numbers: no such function, not supported."""
_WRITTEN = (
    "",
    ".sheetflow",
    "output",
    "output/figures",
    "output/reminders",
    "output/sendback",
    "output/status",
    "report",
    "templates/xlsx",
    "templates/zip",
    "archive",
)
"""The folders in which a killed run may have left temporary files.

Those who write there know this module, so it can't ask them.
"""


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Calls:
    """What is told while a lock is taken: that one waits, that the drive has no locks."""

    waiting: Callable[[], None] = _nothing
    unlocked: Callable[[], None] = _nothing


_SILENT = Calls()


@contextlib.contextmanager
def campaign_lock(root: Path, calls: Calls = _SILENT) -> Iterator[None]:
    """Hold a campaign folder's lock; who holds it already, in the same thread, goes on at once.

    What a killed run left unfinished is removed, and what this one leaves if it fails.

    Raises CampaignBusyError if another run keeps the lock for longer than PATIENCE; DiskFullError,
    WriteFailedError if the folder can't be written.
    """
    lock = _lock(root)
    if not _acquire(lock, root, calls):
        calls.unlocked()
        yield
        return
    is_outermost = lock.lock_counter == 1
    try:
        if is_outermost:
            _remove_leftovers(root)
        yield
    except BaseException:
        if is_outermost:  # a process beside this one may have been stopped while it wrote
            _remove_leftovers(root)
        raise
    finally:
        lock.release()


def is_busy(root: Path) -> bool:
    """Whether another run is writing into the folder at this moment."""
    if not (root / LOCK).is_file():
        return False
    lock = _lock(root)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False
    lock.release()
    return False


def _remove_leftovers(root: Path) -> None:
    for folder in _WRITTEN:
        remove_leftovers(root / folder)


def _lock(root: Path) -> FileLock:
    """Give the one lock object of a folder, however the folder is named."""
    # The library's substitute for drives without locks would outlive a killed process.
    path = root.resolve() / LOCK
    return FileLock(path, mode=0o666, is_singleton=True, fallback_to_soft=False)


def _acquire(lock: FileLock, root: Path, calls: Calls) -> bool:
    """Take the lock; False if the drive has none."""
    try:
        (root / LOCK).parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            calls.waiting()
            lock.acquire(timeout=PATIENCE)
    except Timeout as error:
        raise CampaignBusyError(str(root)) from error
    except NotImplementedError:
        return False
    except OSError as error:
        if error.errno in _NO_LOCKS or getattr(error, "winerror", 0) in _NO_LOCKS_ON_WINDOWS:
            return False
        raise failure(error, root / LOCK) from error
    return True
