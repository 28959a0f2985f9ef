"""What a hostile file is, for the modules that make them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from packages import parts, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DATA = "data"


class Hostile(NamedTuple):
    """A file by name, how its bytes are made, and what must become of it."""

    name: str
    make: Callable[[], bytes]
    expected: str
    """The code of the refusal, or `data`."""
    cells: Mapping[str, str] = MappingProxyType({})
    """Texts that must be read from the first sheet, by address."""
    heavy: bool = False
    """Whether it aims at memory or time, so that both are measured in a process of its own."""


def workbook(
    name: str,
    expected: str,
    rows: str = "",
    strings: str = "",
    *,
    cells: Mapping[str, str] = MappingProxyType({}),
    put: Mapping[str, str | bytes] = MappingProxyType({}),
) -> Hostile:
    """Describe an .xlsx with these rows and strings; the parts of `put` are put into it."""
    return Hostile(f"{name}.xlsx", lambda: zipped({**parts(rows, strings), **put}), expected, cells)
