"""Lists the returns folder: all of it once; regular files read once, nothing ever written."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import is_normalized

from sheetflow.errors import NoReturnsError
from sheetflow.gathering.dates import date_on_path
from sheetflow.gathering.file_names import Apart, nuisance, shown_name
from sheetflow.messages.terms import refusal
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

MB = 1 << 20
LARGEST = 64 * MB
"""A larger file is not read, only hashed."""
_LARGEST_HASHED = 2048 * MB
_JUNCTION = 0xA0000003  # Windows' tag of a folder that stands for another one
_READ_ONLY = (  # a pipe that took a file's place must not make us wait
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file of the folder, or a member of a container in it: its bytes, or why it has none."""

    path: str
    """Relative to the campaign folder, with `/`; a member's continues its container's."""
    data: bytes = field(default=b"", repr=False)
    sha256: str = ""
    size: int = 0
    """In bytes, also where they were not read."""
    skipped: str = ""
    """Why it is ignored (a term), empty for a file that counts."""
    problem: UnreadableFile | None = None
    """Why a file that counts could not be read."""
    received: date | None = None
    """When it came in, by the mail or the dated folder that it lay in."""
    container: str = ""
    """The path of the archive or mail that it lay in."""
    within: tuple[str, ...] = ()
    """The kinds of all containers around it, outermost first."""


class Source(NamedTuple):
    """Something on the disk, and the names under which it is shown."""

    path: str
    names: tuple[str, ...]
    ours: int
    """How many of the names were there before anybody put a file in."""
    problem: UnreadableFile | None = None
    """Why a folder can't be listed."""

    @property
    def shown(self) -> str:
        """The path under which it is shown."""
        return "/".join(self.names)


def list_sources(campaign: Path, folder: Path) -> Iterator[Source]:
    """Give each file below a folder, in a fixed order; links and devices are not followed.

    A folder that can't be listed is given itself, so that what it holds is not lost unseen.
    Raises NoReturnsError if there is no such folder: nothing sent and nothing read are two things.
    """
    if not _is_folder(str(folder)):
        raise NoReturnsError(str(folder))
    above = folder.relative_to(campaign).parts
    whole = Source(str(folder), tuple(map(shown_name, above)), len(above))
    waiting = [iter(((whole, True),))]
    while waiting:
        place, is_folder = next(waiting[-1], (None, False))
        if place is None:
            waiting.pop()
        elif not is_folder:
            yield place
        else:
            try:
                waiting.append(_contents(place))
            except OSError as error:
                yield place._replace(problem=_refused(error))


def named_sources(campaign: Path, files: Sequence[Path]) -> Iterator[Source]:
    """Give the named files; those outside the campaign keep the path they were named by."""
    root = Path(os.path.realpath(campaign))
    for path in files:
        full = Path(os.path.realpath(path.parent)) / path.name
        shown = full.relative_to(root) if full.is_relative_to(root) else path
        names = tuple(shown_name(name) for name in shown.as_posix().split("/"))
        yield Source(str(path), names, len(names) - 1)


def _contents(place: Source) -> Iterator[tuple[Source, bool]]:
    """List a folder, sorted by name, and say which are folders.

    Names that show as they are keep their names.
    """
    names, folders = [], set()
    with os.scandir(place.path) as found:
        for entry in found:
            names.append(entry.name)
            if entry.is_dir(follow_symlinks=False) and _is_folder(entry.path):
                folders.add(entry.name)
    names.sort()
    shown = {} if all(map(_is_plain, names)) else _shown(names)
    path, above, ours = f"{place.path}{os.sep}", place.names, place.ours
    return (
        (Source(f"{path}{name}", (*above, shown.get(name, name)), ours), name in folders)
        for name in names
    )


def _shown(names: Sequence[str]) -> dict[str, str]:
    """Give the names under which files are shown, of which no two are alike."""
    apart = Apart()
    printed = {name: shown_name(name) for name in names}
    shown = {name: apart(name) for name in names if printed[name] == name}
    return shown | {name: apart(printed[name]) for name in names if name not in shown}


def _is_plain(name: str) -> bool:
    """Whether a name shows as it is, and like no other one."""
    return shown_name(name) == name and is_normalized("NFC", name)


def _is_folder(path: str) -> bool:
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and not _is_junction(status)


def _is_junction(status: os.stat_result) -> bool:
    return getattr(status, "st_reparse_tag", 0) == _JUNCTION


def read_source(place: Source) -> Incoming:
    """Read a file, or say why it is ignored or can't be read."""
    path = place.shown
    if place.problem:
        return Incoming(path, problem=place.problem)
    received = date_on_path(place.names[:-1])
    skipped = next(filter(None, map(nuisance, place.names[place.ours :])), "")
    try:
        skipped = skipped or _irregular(os.lstat(place.path))
        if skipped:
            return Incoming(path, skipped=skipped, received=received)
        with FileIO(os.open(place.path, _READ_ONLY)) as file:  # read once, so never buffered
            return _read(file, path, received)
    except OSError as error:
        return Incoming(path, problem=_refused(error), received=received)


def _irregular(status: os.stat_result) -> str:
    """Say what a thing is that is no regular file, as a term."""
    if stat.S_ISLNK(status.st_mode) or _is_junction(status):
        return "symlink"
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    return "" if stat.S_ISREG(status.st_mode) else "special_file"


def _read(file: FileIO, path: str, received: date | None) -> Incoming:
    """Read a file, or hash it if it is too large; the file itself says which, not its name."""
    status = os.fstat(file.fileno())
    if skipped := _irregular(status):
        return Incoming(path, skipped=skipped, received=received)
    data = b"" if status.st_size > LARGEST else _up_to(file, status.st_size + 1)
    if len(data) > status.st_size:  # it is growing
        data += _up_to(file, LARGEST + 1 - len(data))
    size = max(status.st_size, len(data))
    if size > LARGEST:
        file.seek(0)
        hashed = size <= _LARGEST_HASHED
        digest = hashlib.file_digest(file, "sha256").hexdigest() if hashed else ""
        return Incoming(path, sha256=digest, size=size, problem=too_large(size), received=received)
    digest = hashlib.sha256(data).hexdigest()
    return Incoming(path, data, sha256=digest, size=len(data), received=received)


def _up_to(file: FileIO, most: int) -> bytes:
    """Read so many bytes, or all that there are; the system may give fewer at a time."""
    pieces = []
    while most > 0 and (piece := file.read(most)):
        pieces.append(piece)
        most -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def too_large(size: int, limit: int = LARGEST) -> UnreadableFile:
    """F29: a file or member of so many bytes is not read."""
    facts = {"size": f"{size / MB:.1f}", "limit": str(limit // MB)}
    return UnreadableFile("F29", facts)


def _refused(error: OSError) -> UnreadableFile:
    """F09: the system does not let us read it."""
    return UnreadableFile("F09", {"detail": refusal(error)})
