"""Every hostile file ends as data or as a refusal by name, and none takes 300 MB."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from campaigns import merged, ref, send, small_form, start
from hostile import HOSTILE, outcome
from hostile_kinds import DATA, Hostile
from packages import Parts, zipped
from sheetflow.campaign.folder import RETURNS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.layout.sheets import form_layout
from sheetflow.messages.hostile import ENTRIES
from sheetflow.model.cells import address
from sheetflow.workbooks.filling import fill

if TYPE_CHECKING:
    from sheetflow.workbooks.workbook import Workbook

KB_OF_300_MB = 300 << 10
MINUTES = 5 * 60
"""Seconds after which a file has hung the program, on however slow a machine."""
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
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=True, timeout=MINUTES
    )
    code, kilobytes = done.stdout.split()
    assert code == hostile.expected
    assert int(kilobytes) < KB_OF_300_MB


NUMBERS = (
    "7" * 5_000,
    "7" * 1_000_001,
    "-" + "7" * 5_000,
    "0." + "7" * 5_000,
    "７" * 5_000,
    "1e999999999",
    "1e-999999999",
    "1e-999",
    f"0.{'0' * 5_000}1",
    "NaN",
    "sNaN",
    "Infinity",
)
"""Texts that Python reads as a number, or refuses in ways of its own."""
KINDS = ("t/new/person", "t/new/total", "fees/copies/paid", "fees/copies/net", "words/story/text")
"""A cell of each kind: a count and an amount, their totals, a text."""


def typed(template: bytes, number: str, *, is_text: bool) -> bytes:
    """Fill in a template, a cell of each kind with what looks like a number."""
    layout, mark = form_layout(small_form()), 987654321
    places = [layout.place(ref(cell)) for cell in KINDS]
    data = fill(template, dict.fromkeys(places, number if is_text else mark))
    parts: Parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            parts[name] = book.read(name).replace(b"%d" % mark, number.encode())
    return zipped(parts, zipfile.ZIP_STORED)


@pytest.mark.parametrize("is_text", [False, True])
def test_what_looks_like_a_number_keeps_no_city_from_its_sums(
    tmp_path: Path, *, is_text: bool
) -> None:
    others = "\n".join(f"h{at} {at}局 . 部门" for at in range(len(NUMBERS)))
    root = start(tmp_path / "city", f"a 甲局 . 部门\n{others}")
    send(root, a="new 3 1\ndone.yes 3 1")
    issued = {each.agency: each.path for each in issue_templates(open_campaign(root))}
    for at, number in enumerate(NUMBERS):
        data = typed(issued[f"h{at}"].read_bytes(), number, is_text=is_text)
        (root / RETURNS / f"h{at}.xlsx").write_bytes(data)
    results = merged(root)
    assert results.aggregates["all"].value(ref("t/new/firm")) == 1
    assert len(results.ledger.missing) == 0
