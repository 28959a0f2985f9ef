"""Python's search for cycles of garbage, made rarer while many values come that all stay."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEW, _YOUNG, _OLD = 50_000, 20, 100
"""New containers, and then rounds of each kind, before a search; by itself 700, 10 and 10."""


@contextmanager
def few_collections() -> Iterator[None]:
    """Search rarely: with a hundred findings a return it takes a twelfth of the time of reading."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW, _YOUNG, _OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
