"""Writes files whole or not at all, on Windows as on Linux."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sheetflow.errors import TargetInUseError

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_whole(path: Path, data: bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever sees half of it."""
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files: first all bytes to disk, then all names, in the given order.

    Raises TargetInUseError, with nothing replaced, if another program holds a target open.
    """
    waiting: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting[path] = _write_beside(path, data)
        for path in files:
            _refuse_if_in_use(path)
        for path in files:
            try:
                waiting[path].replace(path)
            except PermissionError as error:
                raise TargetInUseError(str(path)) from error
            del waiting[path]
        for folder in {path.parent for path in files}:
            _sync_folder(folder)
    finally:
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)


def _write_beside(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=".sheetflow-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    Path(name).chmod(0o644)
    return Path(name)


def _refuse_if_in_use(path: Path) -> None:
    """Ask before anything is replaced: Excel and WPS on Windows lock what they hold open."""
    if path.is_dir():
        raise TargetInUseError(str(path))
    if not path.exists():
        return
    try:
        with path.open("r+b"):
            pass
    except PermissionError as error:
        raise TargetInUseError(str(path)) from error


def _sync_folder(folder: Path) -> None:
    """Make the new names durable; Windows has no such call for folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    with contextlib.suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)
