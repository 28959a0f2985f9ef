"""Tasks that misbehave, for the tests of confinement; children import this module."""

from __future__ import annotations

import os
import signal
import tempfile
import time

from sheetflow.workbooks.limits import UnreadableFile


def echo(data: bytes, _: str) -> bytes:
    return data


def argue(_: bytes, argument: str) -> bytes:
    return argument.encode()


def chatter(_: bytes, __: str) -> bytes:
    print("noise that is no part of the answer")  # noqa: T201 - that is the point
    return b"answer"


def mutter(_: bytes, __: str) -> bytes:
    print("*** sheet \ud800 \u2713 is odd")  # noqa: T201 - that is the point
    return b"answer"


def refuse(_: bytes, argument: str) -> bytes:
    raise UnreadableFile("F04", {"what": argument})


def fail(_: bytes, __: str) -> bytes:
    raise ValueError


def sleep(_: bytes, __: str) -> bytes:
    while True:
        time.sleep(1)


def spin(_: bytes, __: str) -> bytes:
    while True:
        pass


def hoard(_: bytes, __: str) -> bytes:
    hoarded = []
    while True:
        hoarded.append(b"x" * (1 << 20))
        time.sleep(0.001)


def answer(_: bytes, argument: str) -> bytes:
    return b"x" * int(argument)


def shout(_: bytes, argument: str) -> bytes:
    os.write(1, b"=" + bytes(1 << 20) * int(argument))
    os._exit(0)


def crash(_: bytes, __: str) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def killed(_: bytes, __: str) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def write(_: bytes, __: str) -> bytes:
    try:
        with tempfile.TemporaryFile(buffering=0) as file:
            file.write(b"x")
    except OSError:
        return b"refused"
    return b"written"


def imports(_: bytes, __: str) -> bytes:
    import sheetflow  # noqa: PLC0415 - it tells where it came from

    return str(sheetflow.__file__).encode()
