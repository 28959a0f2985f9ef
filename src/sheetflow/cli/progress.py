"""Bars that show how far long work is: in a terminal only, on standard error."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

import typer

from sheetflow.campaign.watching import watch_with
from sheetflow.messages.interface import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")
_PATIENCE = 0.6
"""Seconds that work may take without a bar."""


def show_progress() -> None:
    """Show bars from now on, if standard error is a terminal."""
    if sys.stderr.isatty():
        watch_with(with_bar)


def with_bar(work: str, things: Sequence[T]) -> Iterator[T]:
    """Go through things, with a bar once it has taken some time."""
    began, done, rest = monotonic(), 0, iter(things)
    for thing in rest:
        yield thing
        done += 1
        if monotonic() - began > _PATIENCE:
            break
    else:
        return
    with typer.progressbar(
        rest, length=len(things), label=say(f"doing_{work}"), file=sys.stderr
    ) as bar:
        bar.update(done)
        yield from bar
