"""Outputs are whole or not at all: runs that die, calls that fail, targets held open."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import form_text, roster_csv, snapshot, start
from faulting import REPLACING, START, WRITING, duration, failing, killed, killed_at
from sheetflow.campaign.folder import KEY, OUTPUT, TEMPLATES, campaign_key
from sheetflow.campaign.merging import mixture
from sheetflow.campaign.runs import RUN, Run, begun_bytes, done_bytes, read_run
from sheetflow.campaign.storage import staging, write_all, write_whole, writing_each
from sheetflow.errors import TargetInUseError, WriteFailedError
from versions import (
    ASIDE,
    EDITED,
    REPORT,
    TWO,
    Outputs,
    decide_version,
    is_temporary,
    make_versions,
    place,
    said,
    state,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Made = tuple[Path, tuple[Outputs, ...]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("versions") / "c"
    return root, make_versions(root, 3)


@pytest.fixture
def campaign(made: Made) -> Iterator[Made]:
    """Give a campaign whose outputs are of the first version and whose decisions of the second."""
    root, versions = made
    place(root / OUTPUT, versions[0])
    decide_version(root, 1)
    yield made
    decide_version(root, 0)


def calls_of(root: Path, *words: str) -> list[str]:
    """List the calls of a verb that write, undisturbed."""
    with failing(below=root) as calls:
        said(root, *words)
    return calls


def renames(made: Made) -> tuple[list[str], int, int]:
    """Give a merge's calls, and the places of the first and the last rename; both are run.json's.

    Every later merge makes the same calls.
    """
    calls = calls_of(made[0], "merge")
    restore(made)
    first = calls.index(f"replace {RUN}")
    return calls, first, len(calls) - 1 - calls[::-1].index(f"replace {RUN}")


def restore(made: Made, number: int = 0) -> None:
    """Put a version's outputs back."""
    place(made[0] / OUTPUT, made[1][number])


# runs that die


def test_killed_at_any_call_a_merge_leaves_each_output_old_or_new_and_the_next_run_ends_it(
    campaign: Made,
) -> None:
    root, versions = campaign
    merge = partial(said, root, "merge")
    phases = []
    for nth in range(0, len(calls_of(root, "merge")), 7):
        restore(campaign)
        assert killed_at(merge, nth, root)
        left = state(root, versions[:2])
        assert left.faults == ()
        phases.append(left.phase)
        merge()
        assert snapshot(root / OUTPUT) == versions[1]
    assert "replacing: a mixture" in phases


def test_killed_at_random_moments_in_a_row_runs_lose_nothing(campaign: Made) -> None:
    root, versions = campaign
    rng, merge = random.Random(1), partial(said, root, "merge")  # noqa: S311 - moments, not secrets
    (root / OUTPUT / REPORT).write_bytes(EDITED)
    possible = [versions[0]]
    for since in (START, WRITING, REPLACING, REPLACING, WRITING):
        number = rng.randrange(len(versions))
        decide_version(root, number)
        killed(merge, rng.uniform(0, 0.01), since)
        possible.append(versions[number])
        assert state(root, possible, was_edited=True).faults == ()
    merge()
    assert snapshot(root / OUTPUT) == possible[-1] | {ASIDE: EDITED}


def test_a_moment_lies_within_the_run(campaign: Made) -> None:
    merge = partial(said, campaign[0], "merge")
    assert duration(merge, REPLACING) > 0


def test_after_a_death_amid_the_renames_status_names_what_does_not_match_until_merge_runs(
    campaign: Made,
) -> None:
    root, versions = campaign
    calls, _, _ = renames(campaign)
    assert killed_at(partial(said, root, "merge"), calls.index("replace findings.json"), root)
    names = mixture(root)
    assert "figures.csv" in names
    assert "findings.json" not in names
    _, errors = said(root, "status")
    assert errors == (
        "output 中的文件不是同一次运行的结果，或被改动过（与 run.json 不符的："
        f"{'、'.join(names)}）。请重新运行 sheetflow merge。\n"
    )
    assert said(root, "merge")[1] == ""
    assert mixture(root) == ()
    assert said(root, "status")[1] == ""
    assert snapshot(root / OUTPUT) == versions[1]


def test_a_report_that_a_dying_run_wrote_is_not_taken_for_edited_by_hand(campaign: Made) -> None:
    root, versions = campaign
    _, first, last = renames(campaign)
    merge = partial(said, root, "merge")
    assert killed_at(merge, last, root)
    assert (root / OUTPUT / REPORT).read_bytes() == versions[1][REPORT]
    assert mixture(root) == ()
    for number in (0, 2):  # two more die before they replace the report
        decide_version(root, number)
        assert killed_at(merge, first + 1, root)
    merge()
    assert snapshot(root / OUTPUT) == versions[2]


def test_nor_is_it_if_status_ran_since(campaign: Made) -> None:
    root, versions = campaign
    _, _, last = renames(campaign)
    assert killed_at(partial(said, root, "merge"), last, root)
    said(root, "status")
    decide_version(root, 2)
    assert "手工修改" not in said(root, "merge")[1]
    assert snapshot(root / OUTPUT) == versions[2]


def test_the_first_merge_of_all_may_die_too(campaign: Made) -> None:
    root, versions = campaign
    shutil.rmtree(root / OUTPUT)
    count = len(calls_of(root, "merge"))
    for nth in range(0, count, 11):
        shutil.rmtree(root / OUTPUT, ignore_errors=True)
        assert killed_at(partial(said, root, "merge"), nth, root)
        assert state(root, [{}, versions[1]]).faults == ()
        said(root, "merge")
        assert snapshot(root / OUTPUT) == versions[1]


def test_a_killed_template_run_leaves_whole_files_and_the_next_continues_the_numbers(
    tmp_path: Path,
) -> None:
    root = start(tmp_path / "c", TWO)
    issue = partial(said, root, "template")
    count = len(calls_of(root, "template"))
    expected = snapshot(root / TEMPLATES)
    for nth in range(0, count, 4):
        for path in (root / TEMPLATES).iterdir():
            path.unlink()
        assert killed_at(issue, nth, root)
        left = {n: data for n, data in snapshot(root / TEMPLATES).items() if not is_temporary(n)}
        assert left.items() <= expected.items()
        issue()
        assert snapshot(root / TEMPLATES) == expected


def test_the_same_init_again_ends_what_a_killed_one_began_and_another_is_refused(
    tmp_path: Path,
) -> None:
    form, roster = tmp_path / "form.toml", tmp_path / "roster.csv"
    form.write_text(form_text(), encoding="utf-8")
    roster.write_bytes(roster_csv(TWO))
    options = ("--period", "2024", "--form", str(form), "--roster", str(roster))
    whole = tmp_path / "whole"
    with failing(below=whole) as calls:
        assert said(whole, "init", str(whole), *options, "--name", "某市")[0] == 0
    expected = snapshot(whole)
    for nth in range(2, len(calls), 5):
        root = tmp_path / str(nth)
        init = partial(said, root, "init", str(root), *options, "--name")
        assert killed_at(partial(init, "某市"), nth, root)
        begun = snapshot(root)
        if "form.toml" in begun and "sheetflow.toml" not in begun:
            (root / "form.toml").write_bytes(b"mine")
            assert init("某市")[0] == 2
            (root / "form.toml").write_bytes(begun["form.toml"])
        init("某市")
        found = snapshot(root)
        assert {**found, KEY: b""} == {**expected, KEY: b""}
        assert len(found[KEY]) == len(expected[KEY])


# calls that fail


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("lasting", [False, True])
def test_whichever_call_fails_the_user_gets_a_sentence_and_the_outputs_are_told(
    campaign: Made, number: int, *, lasting: bool
) -> None:
    root, versions = campaign
    calls, first, last = renames(campaign)
    for nth in (*range(0, first, 17), first, first + 1, *range(first + 3, last + 1, 4), last):
        restore(campaign)
        with failing(nth, number, lasting=lasting, below=root):
            code, errors = said(root, "merge")
        if calls[nth].startswith("mkdir"):  # of a folder that is there
            assert code in (1, 3)
        else:
            full = "磁盘空间不足" if number == errno.ENOSPC else "写入失败"
            assert (code, ("时出错" if nth > first + 3 else full) in errors) == (3, True)
        assert not [path for path in root.rglob("*") if is_temporary(path.name)]
        assert state(root, versions[:2]).faults == ()
        assert bool(mixture(root)) == ("不是同一次运行的结果，或被改动过" in errors)


def test_a_target_refused_amid_the_renames_is_named_and_what_no_longer_matches_too(
    campaign: Made,
) -> None:
    root, versions = campaign
    calls, _, _ = renames(campaign)
    with failing(calls.index("replace totals.csv"), errno.EACCES, below=root):
        code, errors = said(root, "merge")
    assert code == 3
    first, second = errors.splitlines()
    assert f"写到“{root / OUTPUT / 'totals.csv'}”时出错" in first
    assert "请先关闭 Excel 或 WPS 中的文件" in first
    assert "figures.csv" in second
    assert said(root, "merge")[0] == 1
    assert snapshot(root / OUTPUT) == versions[1]


def test_a_target_refused_before_any_other_changes_no_output(campaign: Made) -> None:
    root, versions = campaign
    calls, first, _ = renames(campaign)
    name = next(call for call in calls[first + 1 :] if call.startswith("replace")).split()[1]
    with failing(calls.index(f"replace {name}"), errno.EACCES, below=root):
        code, errors = said(root, "merge")
    assert code == 3
    assert f"不能写入“{root / OUTPUT / name}”：它正被别的程序打开。请先关闭" in errors
    assert {**snapshot(root / OUTPUT), RUN: b""} == {**versions[0], RUN: b""}
    assert mixture(root) == ()


def test_a_folder_without_permission_is_no_file_that_is_open(tmp_path: Path) -> None:
    with (
        failing(1, errno.EACCES, below=tmp_path) as calls,
        pytest.raises(WriteFailedError, match=r"one: Permission denied"),
    ):
        write_whole(tmp_path / "one", b"1")
    assert calls[1].startswith("create")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o002, 0o664)])
def test_a_file_is_for_whom_the_users_umask_says_and_the_key_for_its_owner(
    tmp_path: Path, umask: int, mode: int
) -> None:
    before = os.umask(umask)
    try:
        with staging() as stage:
            write_all({tmp_path / "staged": stage(tmp_path / "staged", [b"1"])})
        write_whole(tmp_path / "whole", b"1")
        with writing_each() as write:
            write(tmp_path / "each", b"1")
        campaign_key(tmp_path)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert {modes[name] for name in ("staged", "whole", "each")} == {mode}
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600


def test_a_folder_in_a_files_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    with pytest.raises(TargetInUseError):
        write_whole(tmp_path / "one", b"1")
    assert snapshot(tmp_path) == {}


def test_a_failing_disk_is_told_before_anything_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"old")
    with failing(below=tmp_path) as calls:
        write_whole(tmp_path / "one", b"old")
    asked = calls.index("open-to-write one")
    with failing(asked, errno.EIO, below=tmp_path), pytest.raises(WriteFailedError, match="one"):
        write_whole(tmp_path / "one", b"new")
    assert snapshot(tmp_path) == {"one": b"old"}


def test_an_error_while_unexpected_ones_can_not_be_logged_is_still_a_sentence(
    campaign: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(_: object) -> None:
        raise ZeroDivisionError

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sheetflow.campaign.folder.open_campaign", surprise)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    code, errors = said(campaign[0], "status")
    assert (code, "ZeroDivisionError" in errors, len(errors.splitlines())) == (3, True, 1)


# run.json


def test_outputs_that_were_altered_or_deleted_are_told_but_no_edited_report(
    campaign: Made,
) -> None:
    root, _ = campaign
    (root / OUTPUT / REPORT).write_bytes(EDITED)
    assert mixture(root) == ()
    (root / OUTPUT / "totals.csv").write_bytes(b"altered")
    (root / OUTPUT / "figures.csv").unlink()
    assert mixture(root) == ("figures.csv", "totals.csv")


def test_without_a_run_file_nothing_is_known_of_the_outputs(campaign: Made) -> None:
    root, _ = campaign
    for damage in (b"{", b'{"files": {}, "writing": 3}', b'{"files": {}, "writing": {"a": 3}}'):
        (root / OUTPUT / RUN).write_bytes(damage)
        assert "figures.csv" in mixture(root)
    shutil.rmtree(root / OUTPUT)
    assert mixture(root) == ()


HASHES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["1", "2", "3"]), min_size=1)


@given(old=HASHES, new=HASHES, taken=st.sets(st.sampled_from("abcd")))
def test_run_json_tells_a_mixture_exactly_when_the_outputs_are_neither_the_old_nor_the_new(
    old: dict[str, str], new: dict[str, str], taken: set[str]
) -> None:
    last = Run(MappingProxyType({}), MappingProxyType(old), MappingProxyType({}))
    begun = kept(begun_bytes(last, new))
    present = old | {name: sha256 for name, sha256 in new.items() if name in taken}
    assert (begun.strangers(present) == ()) == (present in (old, old | new))
    assert all(begun.wrote(name, sha256) for name, sha256 in present.items())


@given(old=HASHES, runs=st.lists(HASHES, min_size=1, max_size=4))
def test_every_hash_that_dead_runs_were_writing_is_known_until_one_ends(
    old: dict[str, str], runs: list[dict[str, str]]
) -> None:
    last = Run(MappingProxyType({}), MappingProxyType(old), MappingProxyType({}))
    for hashes in runs:
        last = kept(begun_bytes(last, hashes))
    assert all(last.wrote(*each) for hashes in (old, *runs) for each in hashes.items())
    ended = kept(done_bytes(last, runs[-1], {"sheetflow": "1"}, with_all=True))
    assert ended.files == old | runs[-1]
    assert not ended.begun
    assert json.loads(done_bytes(last, runs[-1], {}, with_all=True))["files"] == dict(
        sorted(ended.files.items())
    )


def kept(record: bytes) -> Run:
    with TemporaryDirectory() as folder:
        (Path(folder) / RUN).write_bytes(record)
        return read_run(Path(folder))
