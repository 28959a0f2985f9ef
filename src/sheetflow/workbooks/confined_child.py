"""The child's side of `confined`: limits first, then one task, then one answer.

It imports little, for each file that is read in a child waits for this.
"""

from __future__ import annotations

import os
import sys
from typing import IO

if sys.platform != "win32":
    import resource

HEAD = 9
"""Bytes of the mark and of the length before an answer."""
RESULT, ERROR = b"=", b"!"
"""The marks of an answer: a task's bytes, or the code and the facts of an `UnreadableFile`."""
OUT_OF_MEMORY = 77
"""The exit status when a task ran out of memory or said too much."""
_OPEN_FILES = 32


def main() -> None:  # pragma: no cover - its process ends here
    """Run the task that the command line names on the bytes that come in."""
    task, memory, work, output = sys.argv[1:5]
    answers = sys.stdout.buffer
    # What a library prints of a file may have characters that the system's encoding lacks.
    sys.stdout = open(os.devnull, "w", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115
    _restrict(int(memory), int(work))
    try:
        mark, body = _run(task, sys.stdin.buffer)
        if len(body) > int(output):
            os._exit(OUT_OF_MEMORY)
        answers.write(mark + len(body).to_bytes(HEAD - 1, "big"))
        answers.write(body)
        answers.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    os._exit(0)  # nothing is left to tidy up, which would take time


def _restrict(memory: int, work: int) -> None:  # pragma: no cover - it would bind the tests
    """Bind this process: memory in bytes (0: not here), processor time in seconds, no files."""
    if sys.platform != "win32":
        caps = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_FSIZE: 0,
            resource.RLIMIT_NOFILE: _OPEN_FILES,
            resource.RLIMIT_CPU: work,
            **({resource.RLIMIT_AS: memory} if memory else {}),
        }
        for kind, cap in caps.items():
            _, hard = resource.getrlimit(kind)
            allowed = cap if hard == resource.RLIM_INFINITY else min(cap, hard)
            resource.setrlimit(kind, (allowed, hard if kind == resource.RLIMIT_CPU else allowed))


def _run(task: str, source: IO[bytes]) -> tuple[bytes, bytes]:  # pragma: no cover - as above
    """Run a task; give the answer's mark and body."""
    from importlib import import_module  # noqa: PLC0415 - only once the limits hold

    from sheetflow.workbooks.limits import UnreadableFile  # noqa: PLC0415 - the same

    argument = source.read(int(source.readline())).decode()
    module, _, function = task.partition(":")
    try:
        return RESULT, getattr(import_module(module), function)(source.read(), argument)
    except UnreadableFile as problem:
        import json  # noqa: PLC0415 - for errors alone

        return ERROR, json.dumps([problem.code, problem.facts]).encode()
