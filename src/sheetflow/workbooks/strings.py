"""The texts of a workbook: those that its cells share, and those that stand in a cell itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetflow.workbooks.limits import excessive
from sheetflow.workbooks.package import LocalNames

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.parsers.expat import XMLParserType

    from sheetflow.workbooks.limits import Budget, Caps
    from sheetflow.workbooks.package import Package
    from sheetflow.workbooks.xml_parsing import Pause

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_TEXTS = frozenset({(3, "t"), (4, "r")})  # depth of a `t`, and what lies at depth 3 around it


def shared_strings(package: Package, part: str, budget: Budget) -> list[str]:
    """Read the texts that cells name by their number; none if the part is absent."""
    strings: list[str] = []

    def done(text: str) -> None:
        strings.append(text)
        budget.spend(len(text))
        if len(strings) > package.caps.strings:
            raise excessive(package.caps, "strings")

    if part in package:
        package.parse(part, TextItems(package.caps, done).attach)
    return strings


class TextItems:
    """Hands each string item to `done`, its runs joined and its phonetic hints left out.

    Depths: 1 sst, 2 si (or the `is` of a cell), 3 t, r or rPh, 4 the t of a run.
    """

    def __init__(self, caps: Caps, done: Callable[[str], None]) -> None:
        self._caps = caps
        self._done = done
        self._depth = 0
        self._names = LocalNames()
        self._pieces: list[str] = []  # of the `t` that is open
        self._runs: list[str] = []
        self._seen = self._length = 0  # the runs that were counted, and their characters
        self._within = ""
        self._taking = False

    def attach(self, parser: XMLParserType, depth: int = 0) -> Pause:
        """Listen to a parser; so many elements are open."""
        self._depth = depth
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append
        return self._pause

    def _start(self, name: str, _: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        tag = self._names[name]
        if depth == 3:  # noqa: PLR2004 - see the class
            self._within = tag
        elif depth > self._caps.depth:
            raise excessive(self._caps, "depth")
        if tag == "t" and (depth, self._within) in _TEXTS:
            self._taking = True
            self._pieces.clear()

    def _end(self, _: str) -> None:
        if self._taking:
            self._runs.append(decode("".join(self._pieces)))
            self._taking = False
        self._depth = depth = self._depth - 1
        if depth == 1:
            self._done("".join(self._runs))
            self._runs.clear()
            self._seen = self._length = 0

    def _pause(self) -> None:
        if not self._taking:
            self._pieces.clear()
        self._length += sum(map(len, self._runs[self._seen :]))
        self._seen = len(self._runs)
        if self._length + sum(map(len, self._pieces)) > self._caps.one_text:
            raise excessive(self._caps, "one_text")


def decode(text: str) -> str:
    """Resolve `_xHHHH_`, which stands for a UTF-16 unit (ECMA-376 part 1, ST_Xstring)."""
    if "_x" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
