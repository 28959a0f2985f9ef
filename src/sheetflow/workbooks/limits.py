"""What a file may cost, and how one that costs more, or is damaged, is refused."""

from __future__ import annotations

from dataclasses import dataclass

from sheetflow.errors import SheetflowError

_MB = 1 << 20
_FACT_LENGTH = 200  # a forged name can be megabytes long


@dataclass(frozen=True, slots=True)
class Caps:
    """What a workbook may cost: far above honest ones, far below what hurts a machine."""

    parts: int = 5_000
    part_size: int = 256 * _MB
    total_size: int = 512 * _MB
    ratio: int = 200
    """Inflated over stored size, judged once a part is larger than `ratio_from`."""
    ratio_from: int = _MB
    sheets: int = 512
    cells: int = 2_000_000
    strings: int = 2_000_000
    text: int = 128 * _MB
    """Characters kept, over all cells and shared strings."""
    depth: int = 256
    tags: int = 20_000_000
    """Tags of a worksheet or of the shared strings, which bounds the time that a part takes."""
    listed: int = 500_000
    """Tags of any other part, which bounds the memory that lists of names and relations take."""


class UnreadableFile(SheetflowError):  # noqa: N818 - a file is called so
    """A file that is refused: the finding's code, and the facts that its message needs."""

    def __init__(self, code: str, facts: dict[str, str]) -> None:
        self.code = code
        self.facts = {name: fact[:_FACT_LENGTH] for name, fact in facts.items()}
        super().__init__(code, self.facts)


def damaged(what: str, detail: str) -> UnreadableFile:
    """F02: a part or a cell is not what it must be."""
    return UnreadableFile("F02", {"what": what, "detail": detail})


def excessive(caps: Caps, cap: str) -> UnreadableFile:
    """F03: more than a cap allows; caps are named as in `Caps`."""
    return UnreadableFile("F03", {"what": cap, "limit": str(getattr(caps, cap))})


def suspicious(what: str, part: str) -> UnreadableFile:
    """F06: something that no spreadsheet program writes."""
    return UnreadableFile("F06", {"what": what, "part": part})


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
        if self.text < 0:
            raise excessive(self.caps, "text")
        if self.cells < 0:
            raise excessive(self.caps, "cells")
