"""One run at a time writes into a folder; a lock never outlives its process."""

from __future__ import annotations

import contextlib
import errno
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock, Timeout

from campaigns import snapshot
from sheetflow.campaign import folder, locking
from sheetflow.campaign.archiving import ARCHIVE
from sheetflow.campaign.folder import (
    KEY,
    OUTPUT,
    REMINDERS,
    REPORT,
    SENDBACK,
    TEMPLATES,
    campaign_key,
)
from sheetflow.campaign.locking import LOCK, Calls, campaign_lock, is_busy
from sheetflow.campaign.packing import ZIPS
from sheetflow.campaign.storage import staging
from sheetflow.errors import CampaignBusyError, DiskFullError, WriteFailedError
from sheetflow.reports.figure_files import FIGURES_FOLDER
from sheetflow.reports.status_regions import STATUS_FOLDER
from versions import decide_version, make_versions, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLDER = """
import sys
from pathlib import Path
from sheetflow.campaign.locking import campaign_lock
with campaign_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
KEEPER = """
import sys
from pathlib import Path
from sheetflow.campaign.folder import campaign_key
print(campaign_key(Path(sys.argv[1])).decode())
"""
WAITING = "另一个 sheetflow 正在处理本文件夹，正在等待…\n"


def program(*words: object) -> subprocess.Popen[str]:
    """Start Python in a process of its own."""
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, *map(str, words)], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )


def merging(root: Path) -> subprocess.Popen[str]:
    return program("-X", "utf8", "-m", "sheetflow", "-C", root, "merge")


@contextlib.contextmanager
def another_run(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold a folder's lock in another process."""
    with program("-c", HOLDER, root) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def locks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let no lock be taken."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(FileLock, "acquire", refuse)


def test_a_second_run_waits_says_so_once_and_goes_on_when_the_first_has_ended(
    tmp_path: Path,
) -> None:
    root = tmp_path / "c"
    old, new = make_versions(root, 2)
    decide_version(root, 1)
    with campaign_lock(root):
        second = merging(root)
        assert second.stderr
        assert second.stderr.readline() == WAITING
        assert snapshot(root / OUTPUT) == old
    _, errors = second.communicate()
    assert (second.returncode, errors) == (1, "")
    assert snapshot(root / OUTPUT) == new


def test_two_merges_at_once_leave_what_one_leaves(tmp_path: Path) -> None:
    root = tmp_path / "c"
    _, new = make_versions(root, 2)
    decide_version(root, 1)
    both = [merging(root), merging(root)]
    for each in both:
        each.communicate()
    assert [each.returncode for each in both] == [1, 1]
    assert snapshot(root / OUTPUT) == new


def test_who_has_waited_in_vain_is_told_the_folder_and_has_written_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "c"
    make_versions(root, 1)
    before = snapshot(root)
    monkeypatch.setattr(locking, "PATIENCE", 0)
    with another_run(root):
        for verb in ("template", "merge", "report"):
            code, errors = said(root, verb)
            assert code == 3
            assert errors.startswith(WAITING)
            assert f"“{root}”" in errors
        with pytest.raises(CampaignBusyError), campaign_lock(root):
            pass
    assert snapshot(root) == before


def test_verbs_that_only_read_never_wait(tmp_path: Path) -> None:
    root = tmp_path / "c"
    make_versions(root, 1)
    with another_run(root):
        for verb in (("check",), ("status",), ("trace", "t/new/person")):
            code, errors = said(root, *verb)
            assert (code in (0, 1), errors) == (True, "")


def test_a_run_that_was_killed_leaves_no_lock(tmp_path: Path) -> None:
    waited: list[str] = []
    with another_run(tmp_path) as other:
        assert is_busy(tmp_path)
        other.kill()
        other.wait()
        with campaign_lock(tmp_path, Calls(waiting=lambda: waited.append("waited"))):
            pass
    assert (tmp_path / LOCK).exists()
    assert not waited
    assert not is_busy(tmp_path)


def test_who_holds_the_lock_may_take_it_again(tmp_path: Path) -> None:
    with campaign_lock(tmp_path), campaign_lock(tmp_path / "." / "x" / ".."):
        assert not is_busy(tmp_path)


def test_a_folder_without_a_lock_is_not_busy_and_asking_makes_none(tmp_path: Path) -> None:
    assert not is_busy(tmp_path)
    assert snapshot(tmp_path) == {}


def test_a_mistyped_folder_is_not_made(tmp_path: Path) -> None:
    for verb in ("template", "merge", "report"):
        code, errors = said(tmp_path / "mistyped", verb)
        assert (code, "不是填报任务文件夹" in errors) == (2, True)
    assert not (tmp_path / "mistyped").exists()


def on_windows(number: int) -> OSError:
    """Give an error as Windows numbers it, which Python calls an invalid argument."""
    error = OSError(errno.EINVAL, "The request is not supported")
    vars(error)["winerror"] = number
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOLCK, "No locks available"),
        NotImplementedError("no flock"),
        on_windows(1),
        on_windows(50),
    ],
)
def test_on_a_drive_without_locks_one_is_warned_and_the_work_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    root = tmp_path / "c"
    (old,) = make_versions(root, 1)
    locks(monkeypatch, error)
    assert not is_busy(root)
    code, errors = said(root, "merge")
    assert code == 1
    assert errors == f"“{root}”所在的磁盘不支持加锁：请不要在其中同时运行两个 sheetflow。\n"
    assert snapshot(root / OUTPUT) == old


@pytest.mark.parametrize(
    ("number", "expected"), [(errno.EROFS, WriteFailedError), (errno.ENOSPC, DiskFullError)]
)
def test_a_folder_that_takes_no_lock_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: type[Exception]
) -> None:
    locks(monkeypatch, OSError(number, "refused"))
    with pytest.raises(expected, match="lock"), campaign_lock(tmp_path):
        pass


def test_what_a_killed_run_left_goes_with_the_next_lock_and_nothing_else(tmp_path: Path) -> None:
    others = {
        "notes.tmp",
        ".sheetflow-notes.txt",
        "output/.sheetflow-keep",
        "returns/.sheetflow-.tmp",
    }
    ours = {".sheetflow-abcd1234.tmp", "output/.sheetflow-x.tmp", "templates/xlsx/.sheetflow-x.tmp"}
    for name in others | ours:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / "output" / ".sheetflow-folder.tmp").mkdir()
    with campaign_lock(tmp_path):
        assert set(snapshot(tmp_path)) == {*others, LOCK}
        (tmp_path / ".sheetflow-held0000.tmp").write_bytes(b"being written")
        with campaign_lock(tmp_path):
            assert (tmp_path / ".sheetflow-held0000.tmp").exists()


@pytest.mark.parametrize(
    "written",
    [
        *("", ".sheetflow", OUTPUT, REPORT, TEMPLATES, ZIPS, ARCHIVE),
        *(f"{OUTPUT}/{name}" for name in (FIGURES_FOLDER, STATUS_FOLDER, SENDBACK, REMINDERS)),
    ],
)
def test_nothing_half_written_stays_in_a_folder_that_is_written_to(
    tmp_path: Path, written: str
) -> None:
    (tmp_path / written).mkdir(parents=True, exist_ok=True)
    with staging() as stage:
        left = stage(tmp_path / written / "x", [b"half"]).temporary
    left.write_bytes(b"half")  # as if the run had been killed
    with campaign_lock(tmp_path):
        assert not left.exists()


def test_without_a_lock_no_temporary_file_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".sheetflow-x.tmp").write_bytes(b"another run's, perhaps")
    locks(monkeypatch, OSError(errno.ENOSYS, "no locks"))
    with campaign_lock(tmp_path):
        assert ".sheetflow-x.tmp" in snapshot(tmp_path)


def test_runs_that_start_together_make_one_key(tmp_path: Path) -> None:
    several = [program("-c", KEEPER, tmp_path) for _ in range(4)]
    keys = {each.communicate()[0].strip() for each in several}
    assert keys == {(tmp_path / KEY).read_text(encoding="ascii")}


def test_a_key_that_another_run_made_meanwhile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.contextmanager
    def while_waiting(root: Path) -> Iterator[None]:
        (root / KEY).parent.mkdir()
        (root / KEY).write_bytes(b"the other's")
        yield

    monkeypatch.setattr(folder, "campaign_lock", while_waiting)
    assert campaign_key(tmp_path) == b"the other's"


def test_is_busy_means_that_another_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with campaign_lock(tmp_path):
        pass
    locks(monkeypatch, Timeout(str(tmp_path / LOCK)))
    assert is_busy(tmp_path)
