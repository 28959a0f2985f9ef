"""Every hostile file ends as data or as a refusal by name, and none takes 300 MB."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hostile import HOSTILE, outcome
from hostile_kinds import DATA, Hostile
from sheetflow.messages.hostile import ENTRIES
from sheetflow.model.cells import address

if TYPE_CHECKING:
    from sheetflow.workbooks.workbook import Workbook

KB_OF_300_MB = 300 << 10
LIGHT = [hostile for hostile in HOSTILE if not hostile.heavy]
HEAVY = [hostile for hostile in HOSTILE if hostile.heavy]


def texts(workbook: Workbook) -> dict[str, str]:
    """Give the texts of the first sheet by address."""
    cells = workbook.sheets[0].cells
    return {address(row, column): cell.text for (row, column), cell in cells.items()}


def test_there_are_many_kinds_of_hostile_files() -> None:
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE) >= 150
    assert {entry.code for entry in ENTRIES} <= {hostile.expected for hostile in HOSTILE}


@pytest.mark.parametrize("hostile", LIGHT, ids=lambda hostile: hostile.name)
def test_a_hostile_file_is_data_or_refused_by_name(hostile: Hostile) -> None:
    found = outcome(hostile.make(), hostile.name)
    if isinstance(found, str):
        assert found == hostile.expected
    else:
        assert hostile.expected == DATA
        assert texts(found).items() >= hostile.cells.items()
        "".join(texts(found).values()).encode()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory it was")
@pytest.mark.parametrize("hostile", HEAVY, ids=lambda hostile: hostile.name)
def test_a_heavy_file_takes_less_than_300_mb(hostile: Hostile, tmp_path: Path) -> None:
    path = tmp_path / hostile.name
    path.write_bytes(hostile.make())
    command = [sys.executable, str(Path(__file__).with_name("hostile.py")), "--read", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    code, kilobytes = done.stdout.split()
    assert code == hostile.expected
    assert int(kilobytes) < KB_OF_300_MB
