"""Lists the returns folder: every entry once, regular files read once, nothing ever written."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUISANCES = ("~$", ".")
_SYSTEM_FILES = frozenset(("thumbs.db", "desktop.ini", "ehthumbs.db"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the folder: a regular file's bytes, or why it has none."""

    path: str
    """Relative to the campaign folder, with `/`."""
    data: bytes
    sha256: str = ""
    skipped: str = ""
    """Why the entry is ignored (a term), empty for a file that was read."""
    failed: str = ""
    """The system's message where reading failed."""


def list_entries(campaign: Path, folder: Path) -> Iterator[Entry]:
    """Give each file below a folder, in a fixed order; links and devices are not followed.

    A folder that can't be listed is an entry itself, so that what it holds is not lost unseen.
    """
    if not folder.is_dir():
        return
    shown = _shown(folder.relative_to(campaign))
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield _failed(shown, error)
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from list_entries(campaign, path)
        else:
            yield _entry(path, _shown(path.relative_to(campaign)))


def list_files(campaign: Path, files: tuple[Path, ...]) -> Iterator[Entry]:
    """Give the named files; those outside the campaign keep the path they were named by."""
    for path in files:
        inside = path.resolve().is_relative_to(campaign.resolve())
        shown = path.resolve().relative_to(campaign.resolve()) if inside else path
        yield _entry(path, _shown(shown))


def _shown(path: Path) -> str:
    """Write a path with `/`; a name that is no UTF-8 was most likely packed on Windows, in GBK."""
    return "/".join(_readable(name) for name in path.as_posix().split("/"))


def _readable(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "backslashreplace")
    return name


def _entry(path: Path, shown: str) -> Entry:
    skipped = _why_skipped(path)
    if skipped:
        return Entry(shown, b"", skipped=skipped)
    try:
        data = path.read_bytes()
    except OSError as error:
        return _failed(shown, error)
    return Entry(shown, data, sha256=hashlib.sha256(data).hexdigest())


def _failed(shown: str, error: OSError) -> Entry:
    return Entry(shown, b"", failed=error.strerror or type(error).__name__)


def _why_skipped(path: Path) -> str:
    name = path.name.lower()
    if name.startswith(_NUISANCES):
        return "lock_or_hidden_file"
    if name in _SYSTEM_FILES:
        return "system_file"
    try:
        mode = path.lstat().st_mode
    except OSError:
        return ""  # reading it will say what is wrong
    return "" if stat.S_ISREG(mode) else "not_a_regular_file"
