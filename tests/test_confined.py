"""A confined task gives its result, its own refusal, or F25; never anything else."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

import sheetflow
from sheetflow.workbooks import confined
from sheetflow.workbooks.confined import Confinement, run_confined
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_MB = 1 << 20
_PATIENT = 120.0  # seconds; what ends a task in these tests is never this

posix = pytest.mark.skipif(sys.platform == "win32", reason="resource limits and signals")


@pytest.fixture(autouse=True)
def _hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(confined, "_TASK", re.compile(r"hostile_task:\w+"))
    yield
    assert psutil.Process().children() == []


def run(task: str, data: bytes = b"", argument: str = "", **limits: float) -> bytes:
    return run_confined(
        f"hostile_task:{task}",
        data,
        argument,
        Confinement(**{"clock": _PATIENT, **limits}),  # type: ignore[arg-type]
    )


def refusal(task: str, argument: str = "", **limits: float) -> tuple[str, dict[str, str]]:
    with pytest.raises(UnreadableFile) as raised:
        run(task, b"", argument, **limits)
    return raised.value.code, raised.value.facts


def f25(what: str) -> tuple[str, dict[str, str]]:
    return "F25", {"what": f"@{what}"}


def test_bytes_go_in_and_come_out_unchanged() -> None:
    data = bytes(range(256)) * (20 * _MB // 256)
    assert run("echo", data) == data


def test_no_bytes_are_a_result_too() -> None:
    assert run("echo") == b""


def test_an_argument_may_be_any_text() -> None:
    assert run("argue", b"data", "密码 \n1\0").decode() == "密码 \n1\0"


def test_a_refusal_comes_back_as_it_was() -> None:
    assert refusal("refuse", "表一") == ("F04", {"what": "表一"})


def test_what_a_library_prints_is_no_answer() -> None:
    assert run("chatter") == b"answer"


def test_a_library_may_print_what_no_console_has() -> None:
    assert run("mutter") == b"answer"


def test_the_child_runs_the_same_sheetflow() -> None:
    assert run("imports").decode() == sheetflow.__file__


def test_a_task_that_waits_is_stopped_by_the_clock() -> None:
    assert refusal("sleep", clock=0.3) == f25("child_time")


@posix
def test_a_task_that_works_too_long_is_stopped() -> None:
    assert refusal("spin", work=1) == f25("child_time")


@posix
def test_a_task_that_takes_too_much_memory_is_stopped() -> None:
    assert refusal("hoard", memory=64 * _MB) == f25("child_memory")


def test_where_limits_do_not_hold_memory_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "_WATCHED", True)
    assert refusal("hoard", memory=64 * _MB) == f25("child_memory")
    assert refusal("sleep", clock=0.3) == f25("child_time")
    assert run("echo", b"x") == b"x"


@pytest.mark.parametrize("task", ["answer", "shout"])
def test_an_answer_beyond_its_cap_is_refused(task: str) -> None:
    assert refusal(task, "2" if task == "shout" else str(_MB + 1), output=_MB) == f25(
        "child_memory"
    )


def test_an_answer_of_just_the_cap_is_taken() -> None:
    assert len(run("answer", b"", str(_MB), output=_MB)) == _MB


@pytest.mark.parametrize("task", ["fail", "shout", "nonsense", pytest.param("crash", marks=posix)])
def test_a_task_that_fails_in_any_other_way_died(task: str) -> None:
    assert refusal(task, "1") == f25("child_died")


@posix
def test_a_child_that_the_system_kills_ran_out_of_memory() -> None:
    assert refusal("killed") == f25("child_memory")


@posix
def test_nothing_is_written_to_disk() -> None:
    assert run("write") == b"refused"


def test_a_child_that_reads_nothing_does_not_hold_up_a_big_input() -> None:
    with pytest.raises(UnreadableFile):
        run("nonsense", bytes(8 * _MB), work=1, memory=4 * _MB)


def test_an_interrupt_ends_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(confined, "_wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run("sleep")


@posix
def test_no_pipe_stays_open() -> None:
    run("echo", b"x")
    before = psutil.Process().num_fds()
    for task in ("echo", "fail", "shout"):
        try:
            run(task, b"x", "2", output=_MB)
        except UnreadableFile:
            continue
    assert psutil.Process().num_fds() == before


@pytest.mark.parametrize(
    "task",
    [
        "os:system",
        "sheetflow.campaign.storage:read",
        "sheetflow.workbooks.xls:read_xls",
        "sheetflow.workbooks.xls_task:__doc__",
        "sheetflow.workbooks.xls_task:read\n",
        "other.sheetflow.workbooks.xls_task:read",
    ],
)
def test_only_task_modules_of_sheetflow_are_run(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pytest.raises(ValueError, match=re.escape(task)):
        run_confined(task, b"")
