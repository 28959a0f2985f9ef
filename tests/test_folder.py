"""The returns folder is listed whole: every entry once, under a name that can be shown."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intakes import list_entries, list_files
from sheetflow.gathering import folder
from sheetflow.gathering.file_names import Apart, decode_name, member_path, printable
from sheetflow.model.days import parse_date

if TYPE_CHECKING:
    from sheetflow.gathering.folder import Incoming

linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such files")


@pytest.fixture
def returns(tmp_path: Path) -> Path:
    (tmp_path / "returns").mkdir()
    return tmp_path / "returns"


def listed(returns: Path) -> dict[str, Incoming]:
    entries = list(list_entries(returns.parent, returns))
    by_path = {entry.path.removeprefix("returns/"): entry for entry in entries}
    assert len(by_path) == len(entries)
    return by_path


def skipped(returns: Path) -> dict[str, str]:
    return {path: entry.skipped for path, entry in listed(returns).items()}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("~$表.xlsx", "office_lock"),
        (".~lock.表.xlsx#", "office_lock"),
        (".~表.xlsx", "office_lock"),
        ("._表.xlsx", "hidden_file"),
        (".gitignore", "hidden_file"),
        (".DS_Store", "system_file"),
        ("Thumbs.db", "system_file"),
        ("Desktop.ini", "system_file"),
        ("__MACOSX/表.xlsx", "system_file"),
        (".trash/表.xlsx", "hidden_file"),
        ("表.xlsx.crdownload", "unfinished_download"),
        ("表.part", "unfinished_download"),
        ("A1B2.TMP", "unfinished_download"),
        ("表~$.xlsx", ""),
    ],
)
def test_a_nuisance_is_listed_with_its_reason(returns: Path, name: str, reason: str) -> None:
    (returns / name).parent.mkdir(exist_ok=True)
    (returns / name).write_bytes(b"x")
    assert skipped(returns) == {name: reason}


@linux
def test_nothing_but_regular_files_is_opened(returns: Path) -> None:
    outside = returns.parent / "outside"
    outside.mkdir()
    (outside / "a.xlsx").write_bytes(b"x")
    (returns / "folder").symlink_to(outside)
    (returns / "file.xlsx").symlink_to(outside / "a.xlsx")
    (returns / "loop").symlink_to(returns / "loop")
    os.mkfifo(returns / "pipe.xlsx")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(returns / "socket.xlsx"))
        assert skipped(returns) == {
            "file.xlsx": "symlink",
            "folder": "symlink",
            "loop": "symlink",
            "pipe.xlsx": "special_file",
            "socket.xlsx": "special_file",
        }


@linux
def test_a_pipe_that_takes_a_files_place_is_not_waited_for(
    returns: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regular = returns / "a.xlsx"
    regular.write_bytes(b"x")
    os.mkfifo(returns / "b.xlsx")
    status = regular.lstat()
    monkeypatch.setattr(Path, "lstat", lambda path: status if path.suffix else path.stat())
    assert skipped(returns) == {"a.xlsx": "", "b.xlsx": "special_file"}


def test_a_huge_file_is_hashed_but_not_read(returns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "LARGEST", 1000)
    (returns / "a.mp4").write_bytes(b"a" * 1001)
    (returns / "b.xlsx").write_bytes(b"b" * 1000)
    huge, large = listed(returns).values()
    assert huge.problem
    assert huge.problem.code == "F29"
    assert (huge.data, huge.size) == (b"", 1001)
    assert huge.sha256 == hashlib.sha256(b"a" * 1001).hexdigest()
    assert (large.data, large.size, large.problem) == (b"b" * 1000, 1000, None)


def test_a_file_beyond_all_measure_is_not_even_hashed(
    returns: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "LARGEST", 10)
    monkeypatch.setattr(folder, "_LARGEST_HASHED", 20)
    (returns / "a.iso").write_bytes(b"a" * 21)
    (entry,) = listed(returns).values()
    assert (entry.sha256, entry.problem and entry.problem.code) == ("", "F29")


def test_the_size_of_a_huge_file_is_said_in_megabytes(returns: Path) -> None:
    with (returns / "a.mp4").open("wb") as file:
        file.truncate(folder.LARGEST + folder.MB)
    (entry,) = listed(returns).values()
    assert entry.problem
    assert entry.problem.facts == {"size": "65.0", "limit": "64"}


@linux
def test_names_that_show_the_same_stay_two_files(returns: Path) -> None:
    place = os.fsencode(returns) + b"/"
    for name in ("民政局.xlsx".encode(), "民政局.xlsx".encode("gbk")):
        Path(os.fsdecode(place + name)).write_bytes(name)
    found = {path: entry.data for path, entry in listed(returns).items()}
    assert found == {
        "民政局.xlsx": "民政局.xlsx".encode(),
        "民政局（2）.xlsx": "民政局.xlsx".encode("gbk"),
    }


@linux
def test_every_name_comes_out_printable(returns: Path) -> None:
    place = os.fsencode(returns) + b"/"
    for name in (b"\xff\xfe.xlsx", b"a\nb\x1b[2J.xlsx", "表\u202excod.xlsx".encode()):
        Path(os.fsdecode(place + name)).write_bytes(b"x")
    assert set(listed(returns)) == {
        "<FF><FE>.xlsx",
        "a<U+000A>b<U+001B>[2J.xlsx",
        "表<U+202E>xcod.xlsx",
    }


@given(st.binary(min_size=1, max_size=30))
def test_any_bytes_make_a_printable_name(raw: bytes) -> None:
    name = printable(decode_name(raw))
    assert name.encode().decode() == name
    assert not any(char < " " or "\u202a" <= char <= "\u202e" for char in name)


@given(st.text())
def test_no_members_path_leads_anywhere_but_down(name: str) -> None:
    path = member_path(name)
    assert path.encode()
    assert len(path) <= 501
    assert not any(part in {"", ".", ".."} for part in path.split("/"))
    assert not set(path) & {"\\", ":", "\0"}


@given(
    st.lists(st.sampled_from(["a.xlsx", "a（2）.xlsx", "A.xlsx", "a", "é.x", "e\u0301.x", ".x"]))
)
def test_names_are_kept_apart_without_loss(names: list[str]) -> None:
    apart = Apart()
    shown = [apart(name) for name in names]
    assert len(set(shown)) == len(names)


@linux
def test_a_folder_may_be_500_deep(returns: Path) -> None:
    deep = returns.joinpath(*["d"] * 500)
    deep.mkdir(parents=True)
    (deep / "a.xlsx").write_bytes(b"x")
    (entry,) = listed(returns).values()
    assert entry.data == b"x"


def test_a_folder_that_vanishes_meanwhile_is_said(
    returns: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (returns / "甲").mkdir()
    scan = os.scandir

    def vanish(path: str) -> object:
        if Path(path).name == "甲":
            Path(path).rmdir()
        return scan(path)

    monkeypatch.setattr(os, "scandir", vanish)
    (entry,) = listed(returns).values()
    assert (entry.path, entry.problem and entry.problem.code) == ("returns/甲", "F09")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-20", date(2025, 1, 20)),
        ("20250120", date(2025, 1, 20)),
        ("2025.1.20", date(2025, 1, 20)),
        ("2025/1/20", date(2025, 1, 20)),
        ("2025年1月20日", date(2025, 1, 20)),
        ("２０２５－０１－２０", date(2025, 1, 20)),
        ("2025-02-30", None),
        ("2025-1.20", None),
        ("2025-01-20 补报", None),
        ("30110203", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_an_office_writes_it(text: str, day: date | None) -> None:
    assert parse_date(text) == day


def test_a_file_came_in_on_the_day_that_its_folder_is_named_after(returns: Path) -> None:
    for name in ("2025-01-20/甲/a.xlsx", "2025-01-20/20250121/b.xlsx", "c.xlsx"):
        (returns / name).parent.mkdir(parents=True, exist_ok=True)
        (returns / name).write_bytes(b"x")
    assert {path: entry.received for path, entry in listed(returns).items()} == {
        "2025-01-20/20250121/b.xlsx": date(2025, 1, 21),
        "2025-01-20/甲/a.xlsx": date(2025, 1, 20),
        "c.xlsx": None,
    }


@linux
def test_a_link_among_the_named_files_is_not_followed(returns: Path) -> None:
    (returns / "a.xlsx").write_bytes(b"x")
    (returns / "link.xlsx").symlink_to(returns / "a.xlsx")
    (entry,) = list_files(returns.parent, (returns / "link.xlsx",))
    assert (entry.path, entry.skipped) == ("returns/link.xlsx", "symlink")
