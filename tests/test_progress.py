"""Long work shows a bar in a terminal, and nowhere else; outputs that did not change stay."""

from __future__ import annotations

import io
import sys
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from campaigns import send, snapshot, start
from sheetflow.campaign import watching
from sheetflow.campaign.storage import write_all
from sheetflow.cli import progress
from sheetflow.cli.app import app
from sheetflow.cli.entry import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.campaign.storage import Journal

ROSTER = "a 甲局\nb 乙局\nc 丙局"


class Terminal(io.StringIO):
    """Standard error as a terminal has it."""

    def isatty(self) -> bool:
        """Say that somebody looks on."""
        return True


def shown(root: Path, verb: str, terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a verb and give what it writes to standard error."""
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    arguments = ["-C", str(root), verb]
    copy_context().run(lambda: run(lambda: app(arguments, standalone_mode=False)))
    return terminal.getvalue()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    campaign = start(tmp_path / "c", ROSTER)
    send(campaign, a="new 3 1\n done.yes 1 1\n left 5 0", b="new 1 0\n left 2 0")
    return campaign


@pytest.mark.parametrize(
    ("verb", "bars"),
    [("check", ["读取报表"]), ("merge", ["读取报表", "写退回件", "写成果"])],
)
def test_long_work_shows_bars_in_a_terminal(
    root: Path, verb: str, bars: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = shown(root, verb, Terminal(), monkeypatch)
    assert [bar for bar in ("写空表", "读取报表", "写退回件", "写成果") if bar in written] == [
        bar for bar in ("读取报表", "写退回件", "写成果") if bar in bars
    ]
    assert "100%" in written


def test_templates_show_a_bar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = start(tmp_path / "c", ROSTER)
    assert "写空表" in shown(campaign, "template", Terminal(), monkeypatch)
    assert len(list((campaign / "templates" / "xlsx").iterdir())) == 3


def test_what_goes_to_a_file_has_no_bars(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(root, "merge", io.StringIO(), monkeypatch) == ""


def test_short_work_shows_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(progress.with_bar(watching.READING, range(5))) == [0, 1, 2, 3, 4]
    assert list(progress.with_bar(watching.READING, ())) == []
    assert capsys.readouterr().err == ""


def test_a_second_merge_writes_only_what_changed_unless_the_first_died(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    shown(root, "merge", terminal, monkeypatch)
    before = snapshot(root / "output")
    (root / "output" / "totals.csv").write_bytes(b"")
    names: list[str] = []

    def noted(files: Mapping[Path, bytes], record: Journal | None = None) -> None:
        names.extend(path.name for path in files)
        write_all(files, record)

    monkeypatch.setattr("sheetflow.campaign.merging.write_all", noted)
    shown(root, "merge", terminal, monkeypatch)
    assert names == ["totals.csv"]
    assert snapshot(root / "output") == before
    record = root / "output" / "run.json"
    record.write_bytes(record.read_bytes().replace(b"{", b'{"writing": {"totals.csv": ["00"]},', 1))
    shown(root, "merge", terminal, monkeypatch)
    assert len(names) == len(before)  # the run before died: all are written anew, but run.json
    assert snapshot(root / "output") == before


def test_a_report_that_would_be_the_same_may_be_open_in_word(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(root, "merge", io.StringIO(), monkeypatch)
    before = snapshot(root / "output")
    open_file = Path.open

    def locked(path: Path, *arguments: Any, **keywords: Any) -> Any:  # noqa: ANN401
        if path.name == "report.docx" and arguments[:1] == ("r+b",):
            raise PermissionError(13, "in use", str(path))
        return open_file(path, *arguments, **keywords)

    monkeypatch.setattr(Path, "open", locked)
    assert shown(root, "report", io.StringIO(), monkeypatch) == ""
    assert snapshot(root / "output").keys() == before.keys()
