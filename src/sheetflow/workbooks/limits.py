"""What a file may cost, and how one that costs more, or is damaged or forged, is refused."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.errors import SheetflowError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MB = 1 << 20
_FACT_LENGTH = 200  # a forged name can be megabytes long


@dataclass(frozen=True, slots=True)
class Caps:
    """What a workbook may cost: above honest ones, and no file takes 300 MB or ten seconds."""

    parts: int = 5_000
    """Members of the archive, and relations of one part."""
    name: int = 2_000
    """Bytes of a member's name, characters of what a relation says."""
    part_size: int = 64 * _MB
    total_size: int = 96 * _MB
    """Of the parts that are read."""
    whole: int = 8 * _MB
    """Of a part that is held in memory whole."""
    ratio: int = 200
    """Inflated over stored size, judged once a part is larger than `ratio_from`."""
    ratio_from: int = _MB
    sheets: int = 512
    cells: int = 300_000
    """Cells, names and properties kept."""
    strings: int = 300_000
    text: int = 10 * _MB
    """Characters kept, over all cells and shared strings."""
    one_text: int = _MB
    """Characters of one text."""
    token: int = _MB
    """Bytes of one tag with its attributes, or of one comment."""
    depth: int = 64
    tags: int = 3_000_000
    """Tags of all parts that are read, which bounds the time that a workbook takes."""
    listed: int = 500_000
    """Tags of a part that is no sheet and no table of texts."""
    styles: int = 70_000
    words: int = 20_000
    """Different names of elements and attributes in a part; the parser keeps each."""
    vocabulary: int = 100_000
    """Characters of all these names."""


class UnreadableFile(SheetflowError):  # noqa: N818 - a file is called so
    """A file that is refused: the finding's code, and the facts that its message needs."""

    def __init__(self, code: str, facts: dict[str, str]) -> None:
        self.code = code
        self.facts = {name: fact[:_FACT_LENGTH] for name, fact in facts.items()}
        super().__init__(code, self.facts)


_TOO_MUCH: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("part_size", "total_size", "whole", "ratio"), "F15"),
        **dict.fromkeys(("strings", "text", "one_text", "token"), "F16"),
        "cells": "F17",
        "depth": "F18",
    }
)
"""Codes of the caps; those of all others, which count parts of the file's make, are F24."""


def excessive(caps: Caps, cap: str) -> UnreadableFile:
    """F15 to F18 and F24: more than a cap allows; caps are named as in `Caps`."""
    code = _TOO_MUCH.get(cap, "F24")
    return UnreadableFile(code, {"what": cap, "limit": str(getattr(caps, cap))})


def damaged(what: str, detail: str) -> UnreadableFile:
    """F02: a part or a cell is not what it must be."""
    return UnreadableFile("F02", {"what": what, "detail": detail})


def overlap(part: str) -> UnreadableFile:
    """F11: a member of the archive lies over another one, or over the directory."""
    return UnreadableFile("F11", {"part": part})


def duplicate(part: str) -> UnreadableFile:
    """F12: two members mean the same part, and programs differ in which one they take."""
    return UnreadableFile("F12", {"part": part})


def traversal(name: str) -> UnreadableFile:
    """F13: a member's name leads out of the package, or is cut short by a NUL."""
    return UnreadableFile("F13", {"part": name})


def document_type(part: str) -> UnreadableFile:
    """F14: a part declares a document type, the only place where entities can be made."""
    return UnreadableFile("F14", {"part": part})


def wrong_checksum(part: str) -> UnreadableFile:
    """F19: a part inflates to something else than was packed."""
    return UnreadableFile("F19", {"part": part})


def truncated(part: str) -> UnreadableFile:
    """F20: the archive (`zip`) or a part's data end too early."""
    return UnreadableFile("F20", {"part": part})


def forbidden_character(part: str) -> UnreadableFile:
    """F21: a part holds a character that XML does not allow."""
    return UnreadableFile("F21", {"part": part})


def lone_surrogate(part: str) -> UnreadableFile:
    """F22: a part holds half of a character of two UTF-16 units."""
    return UnreadableFile("F22", {"part": part})


def misplaced(cell: str) -> UnreadableFile:
    """F23: a cell lies outside the grid, or where another one of the sheet lies."""
    return UnreadableFile("F23", {"cell": cell})


class Budget:
    """What the workbook may still keep, over all its sheets."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self.cells = caps.cells
        self.text = caps.text

    def spend(self, text: int, cells: int = 0) -> None:
        """Count something that is kept."""
        self.text -= text
        self.cells -= cells
        if self.cells < 0:
            raise excessive(self.caps, "cells")
        if self.text < 0:
            raise excessive(self.caps, "text")
