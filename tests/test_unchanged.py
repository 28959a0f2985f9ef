"""A merge that nothing has changed since does no work; whatever may matter makes it work again."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from campaigns import decide, send, start
from sheetflow.campaign.cache import program
from sheetflow.campaign.file_states import file_state
from sheetflow.campaign.runs import file_digest, read_run
from sheetflow.campaign.unchanged import LIBRARIES
from sheetflow.cli.app import app
from sheetflow.cli.entry import run
from sheetflow.messages.interface import say

if TYPE_CHECKING:
    from collections.abc import Callable

ROSTER = "a 甲局 . 部门\nb 乙局 . 部门"
GOOD = "new 3 1\ndone.yes 3 1"
AS_OF = "2025-01-09"
PROJECT = Path(__file__).parent.parent / "pyproject.toml"

pytestmark = pytest.mark.usefixtures("_files_are_old", "_no_office")


@pytest.fixture
def _no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEETFLOW_OFFICE", "")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a campaign that was merged; last period's figures and passwords lie beside it."""
    (tmp_path / "last.csv").write_text("agency,code,value\na,t/new/1,3\n", "utf-8")
    (tmp_path / "passwords.txt").write_text("2024\n", "utf-8")
    root = start(tmp_path / "c", ROSTER)
    settings = root / "sheetflow.toml"
    text = settings.read_text("utf-8")
    text = text.replace('# previous = "../2023"', 'previous = "../last.csv"')
    text = text.replace('# passwords = "', 'passwords = "../')
    settings.write_text(text, "utf-8")
    send(root, a=GOOD, b="new 2 -\ndone.yes 2 0")
    (root / "returns" / "说明.txt").write_text("见附件", "utf-8")
    merge(root)
    return root


def merge(root: Path, *options: str) -> int:
    """Merge on a fixed day; give the exit code."""
    arguments = ["-C", str(root), "merge", "--as-of", AS_OF, *options]
    return run(lambda: app(arguments, standalone_mode=False))


def written(root: Path) -> dict[str, tuple[int, int]]:
    """Tell for each output which file it is: one that is written again is another."""
    states = {p: p.stat() for p in sorted((root / "output").rglob("*")) if p.is_file()}
    return {path.name: (state.st_ino, state.st_mtime_ns) for path, state in states.items()}


def merged_again(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> bool:
    """Merge; say whether there was work to do."""
    capsys.readouterr()
    merge(root, *options)
    return say("unchanged", folder=str(root / "output")) not in capsys.readouterr().out


def test_it_writes_nothing_and_says_the_same(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    before = written(root)
    (root / ".sheetflow" / "merged.json").unlink()
    code = merge(root)
    first = capsys.readouterr().out.splitlines()
    assert merge(root) == code
    head, *again = capsys.readouterr().out.splitlines()
    assert head == say("unchanged", folder=str(root / "output"))
    assert again
    assert again == first[-len(again) :]
    assert {**written(root), "run.json": ()} == {**before, "run.json": ()}


def test_once_the_due_day_is_past_it_asks_otherwise(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = root / "sheetflow.toml"
    settings.write_text(settings.read_text("utf-8").replace("# due = ", "due = "), "utf-8")
    merge(root)
    assert not merged_again(root, capsys, "--as-of", "2025-01-31")
    assert merged_again(root, capsys, "--as-of", "2025-02-01")
    assert not merged_again(root, capsys, "--as-of", "2025-02-02")
    (notice,) = (root / "output/sendback").glob("b_*.txt")
    assert "请尽快改好后发回" in notice.read_text("utf-8-sig")


def _write_to(name: str) -> Callable[[Path], object]:
    def append(root: Path) -> None:
        path = root / name
        path.write_bytes(path.read_bytes() + b"\n")

    return append


def _same_size_and_time(name: str) -> Callable[[Path], object]:
    def alter(root: Path) -> None:
        """Alter a file as a program might that sets its time back."""
        path = root / name
        status = path.stat()
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    return alter


def _older_outputs(root: Path) -> None:
    """Put back what a run left before the last, all of it."""
    output, aside = root / "output", root.parent / "aside"
    shutil.copytree(output, aside)
    _write_to("returns/说明.txt")(root)
    merge(root)
    shutil.rmtree(output)
    aside.rename(output)


CHANGES: dict[str, Callable[[Path], object]] = {
    "settings": _write_to("sheetflow.toml"),
    "the form": _write_to("form.toml"),
    "the roster": _write_to("roster.csv"),
    "the log of what came": _write_to("received.csv"),
    "last period's figures": _write_to("../last.csv"),
    "the passwords": _write_to("../passwords.txt"),
    "a decision": lambda root: decide(root, 'waive("b", "R1", "已核")'),
    "a return": _write_to("returns/说明.txt"),
    "a return whose time was set back": _same_size_and_time("returns/说明.txt"),
    "a new return": lambda root: (root / "returns" / "新.txt").write_bytes(b"new"),
    "a return less": lambda root: (root / "returns" / "说明.txt").unlink(),
    "a return renamed": lambda root: (root / "returns" / "说明.txt").rename(root / "returns/x.txt"),
    "a return in a folder": lambda root: _in_folder(root / "returns" / "一月"),
    "a text of the report": lambda root: (root / "report" / "其他.txt").write_bytes(b"text"),
    "a template": lambda root: next((root / "templates" / "xlsx").iterdir()).unlink(),
    "the key": _write_to(".sheetflow/key"),
    "an output that was altered": _write_to("output/totals.csv"),
    "an output whose time was set back": _same_size_and_time("output/totals.csv"),
    "an output that was deleted": lambda root: (root / "output" / "status.html").unlink(),
    "a report that somebody worked in": _write_to("output/report.docx"),
    "the record of the last run": lambda root: (root / "output" / "run.json").unlink(),
    "all outputs to those of an older run": _older_outputs,
    "its own note": lambda root: (root / ".sheetflow" / "merged.json").write_bytes(b'{"asked": 1'),
}


def _in_folder(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"a")


@pytest.mark.parametrize("what", CHANGES)
def test_it_works_again_after_a_change_of(
    what: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not merged_again(root, capsys)
    CHANGES[what](root)
    assert merged_again(root, capsys)


@pytest.mark.parametrize("what", [what for what in CHANGES if "output" in what])
def test_it_works_again_after_a_change_before_it_ever_looked_at(
    what: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    CHANGES[what](root)
    assert merged_again(root, capsys)
    assert not merged_again(root, capsys)


def test_outputs_are_read_only_until_they_were_found_as_they_should_be(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def telling(path: Path) -> str | None:
        read.append(path.name)
        return file_digest(path)

    def again() -> list[str]:
        read.clear()
        assert not merged_again(root, capsys)
        return sorted(name for name in read if name not in {"received.csv", "run.json"})

    def written_just_now(path: Path) -> str:
        return "" if root / "output" in path.parents else file_state(path)

    outputs = sorted(path.split("/")[-1] for path in read_run(root / "output").files)
    monkeypatch.setattr("sheetflow.campaign.unchanged.file_digest", telling)
    with monkeypatch.context() as patched:
        patched.setattr("sheetflow.campaign.unchanged.file_state", written_just_now)
        assert [again(), again()] == [outputs, outputs]
    assert [again(), again(), again()] == [outputs, [], []]
    (root / "output" / "totals.csv").touch()
    assert [again(), again()] == [outputs, []]


def test_it_works_again_if_asked_for_something_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert merged_again(root, capsys, "--bundle")
    assert (root / "output" / "bundle.zip").is_file()
    assert not merged_again(root, capsys)


@pytest.mark.parametrize("library", ["py7zr", "xlsxwriter"])
def test_it_works_again_once_a_library_is_there_or_another(
    library: str, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(name: str) -> ModuleSpec | None:
        return None if name == library else find_spec(name)

    with monkeypatch.context() as patched:
        patched.setattr("sheetflow.campaign.unchanged.find_spec", without)
        assert merged_again(root, capsys)
        assert not merged_again(root, capsys)
    assert merged_again(root, capsys)
    other = ModuleSpec(library, None, origin=str(root / "sheetflow.toml"))
    monkeypatch.setattr("sheetflow.campaign.unchanged.find_spec", lambda _: other)
    assert merged_again(root, capsys)


def test_every_library_that_reads_or_writes_is_looked_at() -> None:
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = (*project["dependencies"], *extras["pdf"], *extras["7z"])
    names = {re.split(r"[><=; ]", each)[0] for each in needed}
    called = {"msoffcrypto-tool": "msoffcrypto", "python-docx": "docx"}
    neither = {"filelock", "psutil", "typer"}
    assert {called.get(name, name) for name in names} - neither == {*LIBRARIES}


@pytest.mark.parametrize("name", ["a.py", "report.html.j2", "template.docx", "x.js", "x.css"])
def test_every_file_of_the_program_is_part_of_its_digest(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("reports", "__pycache__"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(b"1")
    monkeypatch.setattr("sheetflow.campaign.cache.files", lambda _: tmp_path)
    first = program.__wrapped__()
    (tmp_path / "__pycache__" / name).write_bytes(b"2")
    assert program.__wrapped__() == first
    (tmp_path / "reports" / name).write_bytes(b"2")
    assert program.__wrapped__() != first


def test_final_is_never_skipped(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert merged_again(root, capsys, "--final")


def test_a_link_or_a_file_written_just_now_is_looked_at_again(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not merged_again(root, capsys)
    with monkeypatch.context() as patched:
        patched.setattr("sheetflow.campaign.file_states._SETTLED", 10**12)
        assert merged_again(root, capsys)
    (root / "returns" / "link.txt").symlink_to(root / "returns" / "说明.txt")
    assert merged_again(root, capsys)
    assert merged_again(root, capsys)


def test_what_changes_while_it_works_is_seen_the_next_time(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_to("returns/说明.txt")(root)
    changed = iter([True])

    def shown(_: object) -> None:
        if next(changed, False):
            _write_to("returns/说明.txt")(root)

    monkeypatch.setattr("sheetflow.cli.shown.show_counts", shown)
    merge(root)
    assert merged_again(root, capsys)
    assert not merged_again(root, capsys)
