"""Long work tells whoever watches how far it is; normally nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
Watch = Callable[[str, Sequence[Any]], Iterable[Any]]
"""Is given the phrase that names the work, and what it goes through; hands that on, one by one."""

READING, TEMPLATES, COPIES, OUTPUTS = "reading", "templates", "copies", "outputs"


def steps(work: str, things: Sequence[T]) -> Iterable[T]:
    """Go through the things that a work consists of, seen by whoever watches."""
    return _WATCH.get()(work, things)


def watch_with(watch: Watch) -> None:
    """Have all work from now on watched."""
    _WATCH.set(watch)


def _unwatched(_: str, things: Sequence[T]) -> Iterable[T]:
    return things


_WATCH: ContextVar[Watch] = ContextVar("watch", default=_unwatched)
