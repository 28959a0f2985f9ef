"""Does part of the work in a process beside this one, where a copy of this one can be made."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from sheetflow.campaign.workers import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

T = TypeVar("T")


@contextmanager
def beside(work: Callable[[], T], *, is_worth_it: bool) -> Iterator[Callable[[], T]]:
    """Begin a work that does not touch what this process holds; what is given waits for its result.

    Where no process can be forked, or where it fails or dies, the work is done here when its result
    is asked for, and raises what it raises.
    """
    if not (is_worth_it and _can_fork() and cores() > 1):
        yield work
        return
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_give, args=(work, sender), daemon=True)
    child.start()
    sender.close()
    try:
        yield partial(_result, receiver, work)
    finally:
        child.kill()
        child.join()
        receiver.close()


def _can_fork() -> bool:
    """Whether a process can be copied: other threads would be missing in the copy."""
    return sys.platform == "linux" and threading.active_count() == 1


def _give(work: Callable[[], T], sender: Connection) -> None:
    with suppress(Exception, KeyboardInterrupt):
        sender.send(work())


def _result(receiver: Connection, work: Callable[[], T]) -> T:
    try:
        result: T = receiver.recv()
    except EOFError:
        return work()
    return result
