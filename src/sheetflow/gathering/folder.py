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

_NUISANCES = ("~$", ".~lock", "._", ".")
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
    """Give each file below a folder, in a fixed order; links and devices are not followed."""
    for path in _walk(folder):
        yield _entry(path, path.relative_to(campaign).as_posix())


def list_files(campaign: Path, files: tuple[Path, ...]) -> Iterator[Entry]:
    """Give the named files; those outside the campaign keep the path they were named by."""
    for path in files:
        inside = path.resolve().is_relative_to(campaign.resolve())
        shown = path.resolve().relative_to(campaign.resolve()) if inside else path
        yield _entry(path, shown.as_posix())


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)


def _entry(path: Path, shown: str) -> Entry:
    skipped = _why_skipped(path)
    if skipped:
        return Entry(shown, b"", skipped=skipped)
    try:
        data = path.read_bytes()
    except OSError as error:
        return Entry(shown, b"", failed=error.strerror or type(error).__name__)
    return Entry(shown, data, sha256=hashlib.sha256(data).hexdigest())


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
