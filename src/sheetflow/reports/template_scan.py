"""Finds what is wrong in an office's template, paragraph by paragraph, as a clerk reads it.

Every fault is found at once, each with its paragraph; the template engine would stop at the first
and often name the wrong place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_FULL_WIDTH = re.compile("｛\\s*[｛{%％]|{\\s*[｛％]|[｝}%％]\\s*｝|｝\\s*}|％\\s*}")
_OPEN, _CLOSE = re.compile(r"\{\{|\{%"), {"{{": "}}", "{%": "%}"}
_SPACED = re.compile(
    r"\{\s+\{\s*[^\s{}]*[\u4e00-\u9fff]|\{\s+%\s*(?:p|tr|tc)?\s*(?:for|if|end|else)"
)
_BLOCK = re.compile(r"\{%[-+]?\s*(?:(?:p|tr|tc|r)\s+)?(for|if|endfor|endif)\b")
_TABLE = re.compile(r"\{\{(p?)\s[^{}]*?表格\s*\}\}")
_EXCERPT = 60


class Flaw(NamedTuple):
    """A fault of a template: its code in the catalogue, its paragraph, its facts."""

    code: str
    line: int
    facts: dict[str, str]


def flaws(
    lines: Sequence[tuple[int, str]], known: Collection[str], *, word: bool
) -> Iterator[Flaw]:
    """Find full-width, missing and spaced braces, open blocks, and tables in a wrong place."""
    single = re.compile(
        rf"(?<![{{｛%])[{{｛]\s*(?:{'|'.join(map(re.escape, known))})\s*[}}｝](?![}}｝])"
    )
    for number, line in lines:
        detail = {"detail": excerpt(line)}
        if _FULL_WIDTH.search(line):
            yield Flaw("S21", number, detail)
        elif single.search(line) or _SPACED.search(line) or (word and _is_open(line)):
            yield Flaw("S24", number, detail)
        if word and not _stand_alone(line):
            yield Flaw("S26", number, detail)
    yield from _blocks(lines)


def excerpt(line: str) -> str:
    """Quote a paragraph, at least its beginning."""
    return line.strip()[:_EXCERPT]


def _is_open(line: str) -> bool:
    """Whether a tag is not closed in its paragraph."""
    at = 0
    while opened := _OPEN.search(line, at):
        at = line.find(_CLOSE[opened[0]], opened.end())
        if at < 0:
            return True
    return False


def _stand_alone(line: str) -> bool:
    """Whether each table is alone in its paragraph and replaces it, or Word gets a broken file."""
    tables = list(_TABLE.finditer(line))
    return not tables or (len(tables) == 1 and line.strip() == tables[0][0] and bool(tables[0][1]))


def _blocks(lines: Iterable[tuple[int, str]]) -> Iterator[Flaw]:
    """Say which for or if has no end, and which end has no beginning."""
    opened: list[Flaw] = []
    for number, line in lines:
        for word in _BLOCK.findall(line):
            flaw = Flaw("S25", number, {"detail": excerpt(line), "word": word})
            if not word.startswith("end"):
                opened.append(flaw)
            elif opened and opened[-1].facts["word"] == word.removeprefix("end"):
                opened.pop()
            else:
                yield flaw
    yield from opened
