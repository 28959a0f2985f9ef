"""What is made in a process beside this one is what this one would make, whatever happens to it."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from campaigns import send, start
from sheetflow.campaign import beside as beside_module
from sheetflow.campaign import merging
from sheetflow.campaign.beside import beside
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import OUTPUT, open_campaign
from sheetflow.campaign.merging import merge
from sheetflow.campaign.storage import Staged, stage_all
from sheetflow.model import shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FORKED = pytest.mark.skipif(sys.platform != "linux", reason="only here a process can be forked")


@pytest.fixture(autouse=True)
def _forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork although the tests' own runner has threads, and were there one core."""
    monkeypatch.setattr(beside_module, "_can_fork", lambda: sys.platform == "linux")
    monkeypatch.setattr(beside_module, "cores", lambda: 2)


@FORKED
def test_the_work_is_done_in_another_process() -> None:
    with beside(os.getpid, is_worth_it=True) as result:
        assert result() != os.getpid()


@pytest.mark.parametrize("name", ["_can_fork", "cores"])
def test_without_a_second_process_or_core_it_is_done_here(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(beside_module, name, lambda: {"_can_fork": False, "cores": 1}[name])
    with beside(os.getpid, is_worth_it=True) as result:
        assert result() == os.getpid()


def test_little_work_is_done_here() -> None:
    with beside(os.getpid, is_worth_it=False) as result:
        assert result() == os.getpid()


@FORKED
def test_what_a_killed_process_did_not_do_is_done_here() -> None:
    here = os.getpid()

    def work() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    with beside(work, is_worth_it=True) as result:
        assert result() == here


def test_what_can_not_be_done_there_is_tried_here_and_raises_here() -> None:
    def work() -> int:
        raise ZeroDivisionError

    with beside(work, is_worth_it=True) as result, pytest.raises(ZeroDivisionError):
        result()


def campaign(folder: Path) -> Path:
    root = start(folder, "a 甲局\nb 乙局")
    send(root, a="new 3 1\ndone.yes 3 1", b="new 1 1\ndone.yes 1 0")
    return root


def outputs(root: Path) -> dict[str, bytes]:
    files = (path for path in (root / OUTPUT).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def merged(root: Path) -> dict[str, bytes]:
    opened = open_campaign(root)
    merge(opened, compute(opened))
    return outputs(root)


@FORKED
@pytest.mark.parametrize("held", [20_000, 1])
def test_outputs_made_by_two_processes_are_those_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    root, where = campaign(tmp_path / "c"), tmp_path / "where"
    alone = merged(root)
    for path in (root / OUTPUT).rglob("*.*"):
        path.unlink()

    def noted(files: Mapping[Path, Iterable[bytes]]) -> dict[Path, Staged]:
        where.write_text(str(os.getpid()))
        return stage_all(files)

    monkeypatch.setattr(shelf, "_MOST", held)
    monkeypatch.setattr(merging, "stage_all", noted)
    monkeypatch.setattr(merging, "FROM", 1)
    assert merged(root) == alone
    assert where.read_text() != str(os.getpid())


@FORKED
def test_what_the_other_process_wrote_is_gone_if_this_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = campaign(tmp_path / "c")
    before = merged(root)
    send(root, a="new 4 1\ndone.yes 4 1")
    monkeypatch.setattr(merging, "FROM", 1)

    def failing(_: object) -> bytes:
        while not list((root / OUTPUT).glob(".sheetflow-*")):
            pass
        raise ZeroDivisionError

    monkeypatch.setattr(merging, "DOCUMENTS", {"report.docx": failing})
    with pytest.raises(ZeroDivisionError):
        merged(root)
    assert outputs(root) == before
