"""A campaign whose outputs have versions, and what state a disturbed run left them in.

A version is what the outputs are after an undisturbed run under one set of decisions. Whatever
happens to a run, each output must be that of one version, whole, and run.json must tell a mixture.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaigns import decide, send, snapshot, start
from sheetflow.campaign.folder import OUTPUT
from sheetflow.campaign.merging import mixture
from sheetflow.campaign.runs import RUN
from sheetflow.campaign.unchanged import MERGED
from sheetflow.cli.app import app
from sheetflow.cli.entry import run
from sheetflow.reports.figure_files import FIGURES
from sheetflow.reports.renderers import DATA, DOCUMENTS
from sheetflow.reports.status import STATUS_PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Outputs = dict[str, bytes]

TWO = "a 甲局 . 部门\nb 乙局 . 部门"
REPORT = "report.docx"
EDITED = b"edited by hand"
ASIDE = "report（手工修改1）.docx"


@dataclass(frozen=True, slots=True)
class State:
    """What a disturbed run left in output/; `faults` break the promise."""

    phase: str
    faults: tuple[str, ...]


def make_versions(root: Path, count: int) -> tuple[Outputs, ...]:
    """Make a campaign of two returns and give its versions; the first is in place."""
    start(root, TWO)
    send(root, a="new 3 1\ndone.yes 3 1", b="new 5 2\ndone.yes 5 1\nleft - -")
    versions = []
    for number in (*range(count), 0):
        decide_version(root, number)
        assert said(root, "merge")[0] in (0, 1)
        versions.append(snapshot(root / OUTPUT))
    return tuple(versions[:count])


def decide_version(root: Path, number: int) -> None:
    """Put the decisions of a version in place; they change every output."""
    new = f'[[adjust]] agency = "a"; cell = "t/new/person"; value = "{number + 10}"'
    decide(root, f'{new}\n[[adjust]] agency = "a"; cell = "t/left/firm"; value = "{number}"')


def place(folder: Path, files: Outputs) -> None:
    """Make a folder hold these files alone; without files there is none."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def said(root: Path, *words: str) -> tuple[int, str]:
    """Run a verb in this process; give its exit code and what it said on standard error."""
    errors = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        code = run(lambda: app(["-C", str(root), *words], standalone_mode=False))
    return code, errors.getvalue()


def merged(root: Path) -> tuple[int, str]:
    """Merge, also where nothing has changed since the last time."""
    (root / MERGED).unlink(missing_ok=True)
    return said(root, "merge")


def state(root: Path, possible: Sequence[Outputs], *, was_edited: bool = False) -> State:
    """Judge the outputs: `possible` are the versions they may be of, from the oldest on.

    A report that was edited before is either in its place or kept aside.
    """
    found = snapshot(root / OUTPUT)
    edited = found.get(REPORT) == EDITED
    outputs = _outputs(found, edited=edited)
    told = mixture(root)
    whole = [version for version in possible if outputs == _outputs(version, edited=edited)]
    faults = [
        f"{name} is of no version"
        for name, data in outputs.items()
        if all(version.get(name) != data for version in possible)
    ]
    if not (whole or told):
        faults.append("run.json does not tell the mixture")
    if whole and told and len(possible) == 2:  # after two runs that died it may err on this side
        faults.append(f"run.json tells of a mixture where there is none: {told}")
    if was_edited and EDITED not in (found.get(REPORT), found.get(ASIDE)):
        faults.append("the edited report is lost")
    try:
        record = json.loads(found.get(RUN, b"{}"))
    except ValueError:
        return State("run.json cut off", (*faults, "run.json is not whole"))
    return State(_phase(found, record, whole, possible), tuple(faults))


def _outputs(found: Outputs, *, edited: bool) -> Outputs:
    passed_over = {RUN, REPORT} if edited else {RUN}
    ours = {FIGURES, STATUS_PAGE} | DATA.keys() | DOCUMENTS.keys()
    return {
        name: data
        for name, data in found.items()
        if name in ours - passed_over or (name.startswith("sendback/") and not is_temporary(name))
    }


def _phase(
    found: Outputs,
    record: Mapping[str, object],
    whole: Sequence[Outputs],
    possible: Sequence[Outputs],
) -> str:
    """Say how far the run had come."""
    if "writing" not in record:
        if found.get(RUN) == possible[-1].get(RUN):
            return "ended"
        return "writing temporary files" if any(map(is_temporary, found)) else "computing"
    if not whole:
        return "replacing: a mixture"
    return "replacing: all new" if whole[-1] == possible[-1] else "replacing: all old yet"


def is_temporary(name: str) -> bool:
    """Whether a name is that of a file which a run has not finished."""
    return name.rpartition("/")[2].startswith(".sheetflow-")
