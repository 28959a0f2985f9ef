"""All hostile files by name. `python tests/hostile.py FOLDER` writes them there to look at.

`python tests/hostile.py --read FILE` says what becomes of one and, on Linux, the kilobytes it took.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hostile_archives
import hostile_heavy
import hostile_others
import hostile_parts
from hostile_kinds import DATA, Hostile
from sheetflow.workbooks.formats import REFUSALS, sniff
from sheetflow.workbooks.limits import UnreadableFile
from sheetflow.workbooks.readers import READERS

if TYPE_CHECKING:
    from sheetflow.workbooks.workbook import Workbook

HOSTILE: tuple[Hostile, ...] = (
    *hostile_archives.HOSTILE,
    *hostile_parts.HOSTILE,
    *hostile_others.HOSTILE,
    *hostile_heavy.HOSTILE,
)


def outcome(data: bytes, name: str) -> str | Workbook:
    """Give the workbook, or the code of the refusal."""
    kind = sniff(data, name)
    if kind not in READERS:
        return REFUSALS[kind]
    try:
        return READERS[kind](data)
    except UnreadableFile as refused:
        return refused.code


def _read(path: Path) -> None:
    result = outcome(path.read_bytes(), path.name)
    code = result if isinstance(result, str) else DATA
    status = Path("/proc/self/status").read_text(encoding="ascii")
    # not getrusage, which tells of the larger process that started this one
    kilobytes = re.search(r"VmHWM:\s*(\d+)", status)
    print(code, kilobytes[1] if kilobytes else "?")  # noqa: T201 - a script


def _write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for hostile in HOSTILE:
        (folder / hostile.name).write_bytes(hostile.make())


if __name__ == "__main__":
    if sys.argv[1] == "--read":
        _read(Path(sys.argv[2]))
    else:
        _write(Path(sys.argv[1]))
