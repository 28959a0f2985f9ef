"""Writes files whole or not at all, on Windows as on Linux."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeVar

from sheetflow.errors import (
    DiskFullError,
    OutputsMixedError,
    SheetflowError,
    TargetInUseError,
    WriteFailedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    _Staged = tuple[Path, Path]
    """A temporary file that holds all its bytes, and the name that it is to get."""

T = TypeVar("T")

_PREFIX, _SUFFIX = ".sheetflow-", ".tmp"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LOST = (*_FULL, errno.EIO)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_AS_USUAL, _OWNERS = 0o666, 0o600
"""Who may read and write a file: those whom the user's umask lets, or its owner alone."""
_PIECE = 1 << 18
"""So many bytes at least are hashed and written at once, if there are more to come."""
_PATIENCE, _PAUSE = 2.0, 0.05
"""Seconds: what scans, indexes or uploads new files on Windows holds each for a moment only."""


@dataclass(frozen=True, slots=True)
class Journal:
    """A file that tells which others are being written.

    It says `begun` before the first of them is replaced and `done` after the last.
    """

    path: Path
    begun: bytes
    done: bytes


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes that are written already, to a temporary file beside the name they are to get."""

    temporary: Path
    sha256: str


def write_whole(path: Path, data: bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever sees half of it.

    Raises as `write_all` does.
    """
    write_all({path: data})


def write_secret(path: Path, data: bytes) -> None:
    """Write a file whole, for its owner's eyes only.

    Raises as `write_all` does.
    """
    waiting: list[Path] = []
    try:
        temporary = _write_beside(path, (data,), waiting, mode=_OWNERS)
        write_all({path: Staged(temporary, hashlib.sha256(data).hexdigest())})
    finally:
        _remove(waiting)


@contextlib.contextmanager
def writing_each() -> Iterator[Callable[[Path, bytes], None]]:
    """Write files that don't depend on each other, each whole; the names are durable at the end.

    What it gives raises TargetInUseError, DiskFullError or WriteFailedError; files before it stay.
    """
    folders: dict[Path, None] = {}

    def write(path: Path, data: bytes) -> None:
        waiting: list[Path] = []
        try:
            temporary = _write_beside(path, (data,), waiting)
            _refuse_if_in_use(path)
            _once_let_go(partial(temporary.replace, path))
        except OSError as error:
            raise _refused(error, path) from error
        finally:
            _remove(waiting)
        folders[path.parent] = None

    yield write
    for folder in folders:
        try:
            _sync_folder(folder)
        except OSError as error:
            raise failure(error, folder) from error


class Stage:
    """Files too large or too many to hold: written beside the names that `write_all` gives them."""

    def __init__(self) -> None:
        self._waiting: list[Path] = []

    def __call__(self, path: Path, chunks: Iterable[bytes]) -> Staged:
        """Write one, chunk by chunk; it is durable only when it is named.

        Raises DiskFullError or WriteFailedError; whatever the chunks raise leaves nothing.
        """
        digest = hashlib.sha256()

        def hashed() -> Iterator[bytes]:
            for piece in _pieces(chunks):
                digest.update(piece)
                yield piece

        temporary = _write_beside(path, hashed(), self._waiting, durable=False)
        return Staged(temporary, digest.hexdigest())

    def take_over(self, staged: Iterable[Staged]) -> None:
        """Take over what another process has staged."""
        self._waiting += [each.temporary for each in staged]

    def clear(self) -> None:
        """Remove what was not named."""
        _remove(self._waiting)


@contextlib.contextmanager
def staging() -> Iterator[Stage]:
    """Stage files for `write_all`; what was not named is removed at the end."""
    stage = Stage()
    try:
        yield stage
    finally:
        stage.clear()


def stage_all(files: Mapping[Path, Iterable[bytes]]) -> dict[Path, Staged]:
    """Stage files for a stage that takes them over; none is left if one can't be."""
    stage = Stage()
    try:
        return {path: stage(path, chunks) for path, chunks in files.items()}
    except BaseException:
        stage.clear()
        raise


def write_all(files: Mapping[Path, bytes | Staged], journal: Journal | None = None) -> None:
    """Write several files: first all bytes to disk, then all names, in the given order.

    Raises TargetInUseError, DiskFullError or WriteFailedError, each naming the file, if none of
    `files` was replaced, else OutputsMixedError.
    """
    begun = [(journal.path, journal.begun)] if journal else []
    done = [(journal.path, journal.done)] if journal else []
    waiting: list[Path] = []
    try:
        first, main, last = (
            [(_on_disk(path, data, waiting), path) for path, data in phase]
            for phase in (begun, files.items(), done)
        )
        for _, path in (*first, *main):
            _refuse_if_in_use(path)
        _replace(first, mixed=False)
        _replace(main, mixed=False)
        _replace(last, mixed=True)
    finally:
        _remove(waiting)


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed run left unfinished; only for who holds the campaign's lock."""
    with contextlib.suppress(OSError):
        _remove(path for path in folder.glob(f"{_PREFIX}*{_SUFFIX}") if path.is_file())


def remove_output(path: Path) -> None:
    """Remove an output that this run does not make; OutputsMixedError if it can't be."""
    try:
        _once_let_go(partial(path.unlink, missing_ok=True))
    except OSError as error:
        raise OutputsMixedError(str(path)) from error


def remove_if_empty(folder: Path) -> None:
    """Remove a folder that has nothing left in it."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def make_folder(folder: Path) -> None:
    """Make a folder with those above it; DiskFullError or WriteFailedError if that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failure(error, folder) from error


def is_leftover(path: Path) -> bool:
    """Whether a name is one of our temporary files'."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


def failure(error: OSError, path: Path) -> SheetflowError:
    """Say what went wrong with a file, as the error for it."""
    if error.errno in _FULL:
        return DiskFullError(str(path))
    return WriteFailedError(f"{path}: {error.strerror or error}")


def _on_disk(path: Path, data: bytes | Staged, waiting: list[Path]) -> Path:
    if not isinstance(data, Staged):
        return _write_beside(path, (data,), waiting)
    try:
        # Windows syncs only what is open to write.
        _once_let_go(partial(_sync, data.temporary, os.O_RDWR))
    except OSError as error:
        raise failure(error, path) from error
    return data.temporary


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Put small chunks together: each call that hashes or writes costs something by itself."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= _PIECE:
            yield b"".join(waiting)
            waiting.clear()
            size = 0
    if waiting:
        yield b"".join(waiting)


def _write_beside(
    path: Path,
    pieces: Iterable[bytes],
    waiting: list[Path],
    *,
    durable: bool = True,
    mode: int = _AS_USUAL,
) -> Path:
    """Write the bytes to a new file in the target's folder, which joins those waiting."""
    make_folder(path.parent)
    temporary = path.parent / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
    try:
        handle = os.open(temporary, _CREATE, mode)
        waiting.append(temporary)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except OSError as error:
        raise failure(error, path) from error
    return temporary


def _refuse_if_in_use(path: Path) -> None:
    """Ask before anything is replaced: Excel and WPS on Windows lock what they hold open."""
    if path.is_dir():
        raise TargetInUseError(str(path))
    try:
        _once_let_go(partial(path.open, "r+b")).close()
    except FileNotFoundError:
        return
    except PermissionError as error:
        raise TargetInUseError(str(path)) from error
    except OSError as error:
        raise failure(error, path) from error


def _replace(staged: list[_Staged], *, mixed: bool) -> None:
    """Give files their names, durably; `mixed` if others were replaced before them."""
    path = Path()
    try:
        for temporary, path in staged:
            _once_let_go(partial(temporary.replace, path))
            mixed = mixed or len(staged) > 1
        for folder in dict.fromkeys(path.parent for _, path in staged):
            path = folder
            _sync_folder(folder)
    except OSError as error:
        if mixed:
            raise OutputsMixedError(str(path)) from error
        raise _refused(error, path) from error


def _once_let_go(do: Callable[[], T]) -> T:
    """Do with a file what Windows refuses while another program holds it; Excel does not let go."""
    deadline = monotonic() + _PATIENCE
    while True:
        try:
            return do()
        except PermissionError:
            if os.name != "nt" or monotonic() > deadline:
                raise
            sleep(_PAUSE)


def _refused(error: OSError, path: Path) -> SheetflowError:
    """Say why a file did not get its name."""
    if isinstance(error, PermissionError):
        return TargetInUseError(str(path))
    return failure(error, path)


def _sync_folder(folder: Path) -> None:
    """Make new names durable, where folders can be synced; OSError if the disk failed or is full.

    Windows has no such call, and some network drives refuse it.
    """
    if os.name == "nt":
        return
    try:
        _sync(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno in _LOST:
            raise


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
