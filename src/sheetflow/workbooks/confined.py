"""Work on foreign bytes in a process of its own, which can die or be stopped without harm.

Libraries for old formats and for encryption can run for ever, take all memory or crash on forged
files. Here they get bytes through a pipe and give bytes back; memory, time and output are capped,
the disk is closed to them, and whatever becomes of them is a result or `UnreadableFile`.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING

from sheetflow.workbooks.confined_child import ERROR, HEAD, OUT_OF_MEMORY, RESULT
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MB = 1 << 20
_TASK = re.compile(r"sheetflow(\.[a-z]\w*)*\.[a-z]\w*_task:[a-z]\w*", re.ASCII)
_START = (
    "import sys; sys.path[:0] = sys.argv[5:]; "
    "from sheetflow.workbooks.confined_child import main; main()"
)
_PACKAGE = str(Path(__file__).resolve().parents[2])
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_WATCHED = sys.platform != "linux"  # elsewhere no resource limit holds the memory
_TICK = 0.02  # seconds between two looks at a watched process
_SLOW_TICK = 0.5


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a task may take; sizes in bytes."""

    memory: int = 160 * _MB
    output: int = 32 * _MB
    clock: float = 10.0
    """Seconds in all."""
    work: int = 8
    """Seconds of processor time, where the system counts them."""


_CONFINEMENT = Confinement()


def run_confined(
    task: str, data: bytes, argument: str = "", limits: Confinement = _CONFINEMENT
) -> bytes:
    """Run `module:function` on bytes and an argument in a child; give the bytes that it returns.

    The function belongs to a module of sheetflow whose name ends in `_task`, and has the type
    `(data: bytes, argument: str) -> bytes`. The `UnreadableFile` that it raises is raised here;
    F25 says that it took too much or died.
    """
    if not _TASK.fullmatch(task):
        raise ValueError(task)
    process = _start(task, limits)
    text = argument.encode()
    received: list[bytes] = []
    feeder = Thread(target=_feed, args=(process.stdin, (b"%d\n" % len(text), text, data)))
    reader = Thread(target=_receive, args=(process.stdout, limits.output, received))
    feeder.start()
    reader.start()
    try:
        stopped = _wait(process, reader, limits)
    finally:  # Ctrl+C too ends the child
        process.kill()
        process.wait()
        feeder.join()
        reader.join()
    answer = b"".join(received)
    if len(answer) > limits.output + HEAD:
        raise failure("child_memory")
    return _result(answer, stopped or _death(process.returncode))


def failure(what: str) -> UnreadableFile:
    """F25: the child took too much, or died; `what` is one of the terms child_..."""
    return UnreadableFile("F25", {"what": f"@{what}"})


def _start(task: str, limits: Confinement) -> subprocess.Popen[bytes]:
    """Start the child: isolated, without a window, and with this program's import path."""
    base = getattr(sys, "_base_executable", "") if sys.platform == "win32" else ""
    caps = (0 if _WATCHED else limits.memory, limits.work, limits.output)
    paths = [_PACKAGE, *(path for path in sys.path if Path(path).is_absolute())]
    return subprocess.Popen(  # noqa: S603 - this interpreter, and nothing that a file says
        [
            base or sys.executable,  # in a venv on Windows the latter only starts the former
            *("-I", "-S", "-B", "-c", _START, task),
            *(str(cap) for cap in caps),
            *paths,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=_NO_WINDOW,
    )


def _feed(pipe: IO[bytes], pieces: Sequence[bytes]) -> None:
    """Write the input; a child that died has no use for the rest."""
    with suppress(OSError), pipe:
        for piece in pieces:
            pipe.write(piece)


def _receive(pipe: IO[bytes], cap: int, received: list[bytes]) -> None:
    """Read the output, one byte past what it may be at most."""
    with pipe:
        received.append(pipe.read(cap + HEAD + 1))


def _wait(process: subprocess.Popen[bytes], reader: Thread, limits: Confinement) -> str:
    """Wait until the child has said all; if it is to be stopped before, say why."""
    memory = _watch(process.pid) if _WATCHED else None
    tick = _TICK if memory else _SLOW_TICK
    deadline = time.monotonic() + limits.clock
    while reader.is_alive():
        if memory and memory() > limits.memory:
            return "child_memory"
        left = deadline - time.monotonic()
        if left <= 0:
            return "child_time"
        reader.join(min(tick, left))
    try:  # its output is closed, so that nothing but its end can follow
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return "child_time"
    return ""


def _watch(pid: int) -> Callable[[], int]:
    """Give a function that tells the resident memory of a process, 0 once it has ended."""
    import psutil  # noqa: PLC0415 - installed only where limits do not hold

    def memory() -> int:
        try:
            return int(psutil.Process(pid).memory_info().rss)
        except psutil.Error:
            return 0

    return memory


def _death(status: int) -> str:
    """Say from its exit status what a child died of; "" if it ended by itself."""
    if status == 0:
        return ""
    signals = {name: -getattr(signal, name, 0) for name in ("SIGXCPU", "SIGKILL")}
    if status == signals["SIGXCPU"]:
        return "child_time"
    if status in {OUT_OF_MEMORY, signals["SIGKILL"]}:  # the system kills when memory runs out
        return "child_memory"
    return "child_died"


def _result(answer: bytes, death: str) -> bytes:
    """Take the answer apart: a mark, its length, and a result or an error."""
    if death:
        raise failure(death)
    mark, size, body = answer[:1], answer[1:HEAD], answer[HEAD:]
    if len(size) != HEAD - 1 or int.from_bytes(size, "big") != len(body):
        raise failure("child_died")
    if mark == RESULT:
        return body
    if mark != ERROR:
        raise failure("child_died")
    try:
        code, facts = json.loads(body)
        problem = UnreadableFile(str(code), {str(name): str(facts[name]) for name in facts})
    except (ValueError, TypeError, LookupError):
        raise failure("child_died") from None
    raise problem
