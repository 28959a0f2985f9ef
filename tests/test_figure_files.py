"""The figures in one file, or in a file a province where Excel could not open one."""

from __future__ import annotations

import csv
import errno
import io
import json
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import decide, form_text, merged, roster_csv, send, snapshot, start
from faulting import failing
from sheetflow.campaign import storage
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import OUTPUT, open_campaign
from sheetflow.campaign.merging import mixture
from sheetflow.campaign.starting import start_campaign
from sheetflow.campaign.storage import Staged, staging, write_all
from sheetflow.errors import DiskFullError, WriteFailedError
from sheetflow.model.campaign import Settings
from sheetflow.reports import figure_files

if TYPE_CHECKING:
    from collections.abc import Iterator

ROSTER = "p 甲省 . group\na 甲局 p\nb 乙局 p\nq 乙省 . group\nc 丙局 q\nd 丁局"
ENTRIES = 11
"""How many an agency's return has."""
Row = tuple[str, ...]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = start(tmp_path / "2024", ROSTER)
    send(root, a="new 3 1", b="new 5 0", c="new 1 1", d="new 2 2")
    decide(root, '[[adjust]] group = "all"; cell = "t/new/person"; add = "-2"')
    return root


def limited(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(figure_files, "_MOST_ROWS", rows)


def rows(path: Path) -> list[Row]:
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
    assert header[:2] == ["agency", "code"]
    return [tuple(row) for row in rows]


def parts(root: Path) -> dict[str, list[Row]]:
    folder = root / OUTPUT / "figures"
    return {path.stem: rows(path) for path in sorted(folder.glob("*"))}


def test_figures_that_excel_opens_stand_in_one_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, 4 * ENTRIES + 1)
    merged(root)
    assert len(rows(root / OUTPUT / "figures.csv")) == 4 * ENTRIES + 1
    assert not (root / OUTPUT / "figures").exists()


def test_split_by_province_the_figures_are_the_same_rows(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged(root)
    whole = rows(root / OUTPUT / "figures.csv")
    limited(monkeypatch, 2 * ENTRIES)
    merged(root)
    found = parts(root)
    agencies = {name: {row[0] for row in part} for name, part in found.items()}
    assert agencies == {"p": {"a", "b"}, "q": {"c"}, "其他单位": {"d"}, "汇总更正": {"all"}}
    assert sorted(row for part in found.values() for row in part) == sorted(whole)


def test_a_province_past_the_limit_is_cut_between_agencies(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, ENTRIES)
    merged(root)
    found = parts(root)
    assert {row[0] for row in found["p（1）"]} == {"a"}
    assert {row[0] for row in found["p（2）"]} == {"b"}
    assert all(len(part) <= ENTRIES for part in found.values())


def test_no_figures_of_another_split_are_left(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    merged(root)
    whole = snapshot(root / OUTPUT)
    with monkeypatch.context() as patched:
        limited(patched, ENTRIES)
        merged(root)
        assert not (root / OUTPUT / "figures.csv").exists()
        assert mixture(root) == ()
        limited(patched, 2 * ENTRIES)
        merged(root)
        assert set(parts(root)) == {"p", "q", "其他单位", "汇总更正"}
        assert mixture(root) == ()
    merged(root)
    assert snapshot(root / OUTPUT) == whole
    assert not (root / OUTPUT / "figures").exists()
    assert mixture(root) == ()


def test_a_part_that_is_missing_or_altered_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, 2 * ENTRIES)
    merged(root)
    (root / OUTPUT / "figures" / "p.csv").unlink()
    (root / OUTPUT / "figures" / "q.csv").write_bytes(b"altered")
    assert mixture(root) == ("figures/p.csv", "figures/q.csv")


def test_run_json_has_the_hash_of_what_was_written_chunk_by_chunk(root: Path) -> None:
    merged(root)
    recorded = json.loads((root / OUTPUT / "run.json").read_bytes())["files"]["figures.csv"]
    assert recorded == sha256((root / OUTPUT / "figures.csv").read_bytes()).hexdigest()


def test_the_next_year_reads_split_figures_as_it_reads_one_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged(root)
    settings = Settings(form="small", period="2025", name="某市", previous="../2024")
    source = root.parent / "roster.csv"
    source.write_bytes(roster_csv(ROSTER))
    following = root.parent / "2025"
    start_campaign(following, settings, form_text(), source)
    before = compute(open_campaign(following)).last
    limited(monkeypatch, 2 * ENTRIES)
    merged(root)
    assert compute(open_campaign(following)).last == before
    assert before.totals["all"]


# chunks


def test_chunks_that_fail_leave_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"old")

    def failing() -> Iterator[bytes]:
        yield b"new"
        raise ValueError

    other = tmp_path / "other"
    with pytest.raises(ValueError), staging() as stage:  # noqa: PT011, PT012
        stage(other, [b"whole"])
        stage(path, failing())
    assert snapshot(tmp_path) == {"one": b"old"}


def test_what_was_staged_gets_its_name_with_the_others_or_goes(tmp_path: Path) -> None:
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    with staging() as stage:
        files: dict[Path, bytes | Staged] = {one: stage(one, [b"a", b"b"]), two: b"2"}
        stage(three, [b"c"])
        assert not one.exists()
        write_all(files)
    assert snapshot(tmp_path) == {"one": b"ab", "two": b"2"}


@given(chunks=st.lists(st.binary(max_size=5), max_size=12), size=st.integers(1, 12))
def test_chunks_put_together_are_the_same_bytes(chunks: list[bytes], size: int) -> None:
    with TemporaryDirectory() as folder, patch.object(storage, "_PIECE", size):
        path = Path(folder) / "one"
        with staging() as stage:
            staged = stage(path, iter(chunks))
            write_all({path: staged})
        assert path.read_bytes() == b"".join(chunks)
        assert staged.sha256 == sha256(path.read_bytes()).hexdigest()


def test_what_was_staged_is_on_the_disk_before_any_file_gets_its_name(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with staging() as stage, failing(below=tmp_path) as calls:
        files = {path: stage(path, [b"a"]) for path in (one, two)}
        assert not [call for call in calls if call.startswith("fsync")]
        write_all(files)
    names = [staged.temporary.name for staged in files.values()]
    before = calls[: calls.index("replace one")]
    assert [call for call in before if call.startswith("fsync")] == [f"fsync {n}" for n in names]


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, DiskFullError), (errno.EIO, WriteFailedError)]
)
def test_what_was_staged_and_does_not_reach_the_disk_replaces_nothing(
    tmp_path: Path, number: int, error: type[Exception]
) -> None:
    paths = [tmp_path / name for name in ("one", "two")]
    for path in paths:
        path.write_bytes(b"old")
    for nth in (1, 3):  # after each file is opened
        with staging() as stage:
            files = {path: stage(path, [b"new"]) for path in paths}
            with (
                failing(nth, number, below=tmp_path) as calls,
                pytest.raises(error, match=paths[nth // 2].name),
            ):
                write_all(files)
        assert calls[nth].startswith("fsync")
        assert snapshot(tmp_path) == {"one": b"old", "two": b"old"}


def test_outputs_that_stay_the_same_are_neither_synced_nor_named_again(root: Path) -> None:
    merged(root)
    with failing(below=root / OUTPUT) as calls:
        merged(root)
    assert {call for call in calls if call.startswith("replace")} == {"replace run.json"}
    assert sum(call.startswith("fsync") for call in calls) == 4  # run.json and its folder, twice
