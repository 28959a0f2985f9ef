"""received.csv remembers when each file was first seen, and survives what offices do to it."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.campaign import intake_log
from sheetflow.campaign.intake_log import RECEIVED, load_received, log_received
from sheetflow.errors import DiskFullError, TargetInUseError

A, B, C = (hashlib.sha256(name).hexdigest() for name in (b"a", b"b", b"c"))
DAY, NEXT = date(2025, 1, 20), date(2025, 1, 21)


def test_a_file_keeps_the_day_on_which_it_was_first_seen(tmp_path: Path) -> None:
    log_received(tmp_path, [A, B, A, ""], DAY)
    log_received(tmp_path, [B, C], NEXT)
    assert load_received(tmp_path) == {A: DAY, B: DAY, C: NEXT}
    assert (tmp_path / RECEIVED).read_bytes() == (
        f"\ufeffsha256,first_seen\n{A},2025-01-20\n{B},2025-01-20\n{C},2025-01-21\n".encode()
    )


def test_without_a_log_nothing_was_seen(tmp_path: Path) -> None:
    assert load_received(tmp_path) == {}


def test_where_nothing_is_new_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_received(tmp_path, [A], DAY)
    monkeypatch.setattr(intake_log, "write_whole", None)
    log_received(tmp_path, [A], NEXT)


@pytest.mark.parametrize(
    "line",
    [
        "{},2025/1/20",
        "{},2025/1/20 0:00",
        '"{}";"2025-01-20"',
        "{}\t2025.1.20\t\t",
        "{},2025年1月20日,,",
        " {} , 20250120 ",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_log_that_was_edited_is_still_read(tmp_path: Path, line: str, encoding: str) -> None:
    text = f"文件,日期\r\n{line.format(A.upper())}\r\n"
    (tmp_path / RECEIVED).write_bytes(text.encode(encoding))
    log_received(tmp_path, [A, B], NEXT)
    assert load_received(tmp_path) == {A: DAY, B: NEXT}


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\f", "\v", "\x1d", "\x85", "\u2028", "\u2029"]
)
def test_whatever_ends_its_lines_a_log_is_read(tmp_path: Path, end: str) -> None:
    lines = ("sha256,first_seen", f"{A},2025-01-20", f"{B},2025-01-21", "")
    (tmp_path / RECEIVED).write_bytes(end.join(lines).encode("utf-8-sig"))
    assert load_received(tmp_path) == {A: DAY, B: NEXT}


def test_a_faulty_line_is_passed_over_but_kept(tmp_path: Path) -> None:
    faulty = f"备注：手工登记\n{A},一月二十日\n{B[:10]},2025-01-20\n{C}".encode("gb18030")
    (tmp_path / RECEIVED).write_bytes(faulty)
    log_received(tmp_path, [A], NEXT)
    assert load_received(tmp_path) == {A: NEXT}
    assert (tmp_path / RECEIVED).read_bytes().startswith(faulty + b"\n")


def test_of_two_lines_on_a_file_the_earlier_day_counts(tmp_path: Path) -> None:
    (tmp_path / RECEIVED).write_text(f"{A},2025-01-21\n{A},2025-01-20\n")
    assert load_received(tmp_path) == {A: DAY}


def test_while_excel_holds_the_log_nothing_is_raised_and_nothing_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_received(tmp_path, [A], DAY)

    def refuse(path: Path, _: bytes) -> None:
        raise TargetInUseError(str(path))

    with monkeypatch.context() as patched:
        patched.setattr(intake_log, "write_whole", refuse)
        log_received(tmp_path, [B], DAY)
    assert load_received(tmp_path) == {A: DAY}
    log_received(tmp_path, [B], NEXT)
    assert load_received(tmp_path) == {A: DAY, B: NEXT}


def test_a_log_that_cannot_be_read_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_received(tmp_path, [A], DAY)

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        assert load_received(tmp_path) == {}
        log_received(tmp_path, [B], DAY)
    assert load_received(tmp_path) == {A: DAY}


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, _: bytes) -> None:
        raise DiskFullError(str(path))

    monkeypatch.setattr(intake_log, "write_whole", fail)
    with pytest.raises(DiskFullError):
        log_received(tmp_path, [A], DAY)


@given(st.binary())
def test_whatever_the_log_holds_it_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    root = tmp_path_factory.mktemp("log")
    (root / RECEIVED).write_bytes(data)
    log_received(root, [A], DAY)
    assert load_received(root)[A] == DAY
    assert (root / RECEIVED).read_bytes().startswith(data)
