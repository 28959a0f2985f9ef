"""Kills a run at a moment, and lets single calls to the system fail."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self
from unittest.mock import patch

from sheetflow.campaign import storage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    Gate = Callable[[str, object], None]

START, WRITING, REPLACING = "start", "_write_beside", "_replace"
"""Moments of a run: its start, its first temporary file, its first rename."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def killed(command: Callable[[], object], wait: float, since: str = START) -> bool:
    """Run a command in a process of its own and kill -9 it; whether it was still alive.

    `wait` seconds pass from its start, or from the first call of a function of storage.py.
    """
    reading_end, writing_end = os.pipe()
    child = _child(command, _told(since, lambda: os.write(writing_end, b"!")))
    os.close(writing_end)
    os.read(reading_end, 1)  # or the end of the child
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    os.close(reading_end)
    return _was_killed(child)


def killed_at(command: Callable[[], object], nth: int, below: Path) -> bool:
    """Run a command that is killed when it makes its nth call that writes; whether it made it."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return _was_killed(_child(command, _disturbing(die, nth, below, [])))


def _child(command: Callable[[], object], around: AbstractContextManager[object]) -> int:
    """Run a command in a process of its own and give the process's number."""
    child = os.fork()
    if child == 0:
        try:
            with around:
                command()
        finally:
            os._exit(0)
    return child


def _was_killed(child: int) -> bool:
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def duration(command: Callable[[], object], since: str = START) -> float:
    """Measure the seconds of a command, from the moment on that `killed` would wait from."""
    moments: list[float] = []
    with _told(since, lambda: moments.append(time.perf_counter())):
        command()
    return time.perf_counter() - moments[0]


@contextlib.contextmanager
def _told(since: str, tell: Callable[[], object]) -> Iterator[None]:
    """Tell when the body starts, or each time that it calls a function of storage.py."""
    if since == START:
        tell()
        yield
        return
    real = getattr(storage, since)

    def telling(*given: Any, **named: Any) -> object:  # noqa: ANN401 - handed on as they came
        tell()
        return real(*given, **named)

    with patch.object(storage, since, telling):
        yield


@contextlib.contextmanager
def failing(
    nth: int = -1, number: int = 0, *, lasting: bool = False, below: Path = Path("/")
) -> Iterator[list[str]]:
    """Let the nth call that writes below a folder fail with an error number; `lasting`: all after.

    Gives the calls as they are made, as `kind file`.
    """
    calls: list[str] = []

    def fail(file: object) -> None:
        raise OSError(number, os.strerror(number), str(file))

    with _disturbing(fail, nth, below, calls, lasting=lasting):
        yield calls


@contextlib.contextmanager
def _disturbing(
    act: Callable[[object], None],
    nth: int,
    below: Path,
    calls: list[str],
    *,
    lasting: bool = False,
) -> Iterator[None]:
    """Count the calls that write below a folder, and act at the nth; `lasting`: at all after."""

    def gate(kind: str, file: object) -> None:
        path = Path(str(file))
        if path.is_absolute() and not path.is_relative_to(below):
            return
        calls.append(f"{kind} {path.name}")
        due = len(calls) - 1
        if due == nth or (lasting and 0 <= nth < due):
            act(file)

    with contextlib.ExitStack() as stack:
        for patched in _patches(gate):
            stack.enter_context(patched)
        yield


def _patches(gate: Gate) -> list[Any]:
    opened: dict[int, object] = {}
    real_open, real_fdopen, real_fsync = os.open, os.fdopen, os.fsync

    def opening(path: Any, flags: int, *rest: Any, **named: Any) -> int:  # noqa: ANN401
        if flags & _WRITES:
            gate("create", path)
        elif Path(path).is_dir():
            gate("open-folder", path)
        handle = real_open(path, flags, *rest, **named)
        opened[handle] = path
        return handle

    def fdopening(handle: int, *given: Any, **named: Any) -> object:  # noqa: ANN401
        return _File(real_fdopen(handle, *given, **named), gate, opened.get(handle, ""))

    def syncing(handle: int) -> None:
        gate("fsync", opened.get(handle, ""))
        real_fsync(handle)

    return [
        patch.object(os, "open", opening),
        patch.object(os, "fdopen", fdopening),
        patch.object(os, "fsync", syncing),
        *(patch.object(os, name, _gated(gate, name)) for name in ("mkdir", "replace", "chmod")),
        patch.object(Path, "open", _opening_to_write(gate)),
    ]


def _gated(gate: Gate, name: str) -> Callable[..., object]:
    real = getattr(os, name)

    def call(path: Any, *rest: Any, **named: Any) -> object:  # noqa: ANN401 - handed on
        gate(name, rest[0] if name == "replace" else path)
        return real(path, *rest, **named)

    return call


def _opening_to_write(gate: Gate) -> Callable[..., object]:
    real = Path.open

    def call(path: Path, mode: str = "r", *rest: Any, **named: Any) -> object:  # noqa: ANN401
        if set(mode) & set("wax+"):
            gate("open-to-write", path)
        return real(path, mode, *rest, **named)

    return call


class _File:
    """A file whose writes pass the gate."""

    def __init__(self, file: IO[bytes], gate: Gate, path: object) -> None:
        self._file, self._gate, self._path = file, gate, path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        self._gate("write", self._path)
        return self._file.write(data)

    def flush(self) -> None:
        self._gate("flush", self._path)
        self._file.flush()
