"""What very many returns hold lies on the disk while it is not looked at, and nobody can tell."""

from __future__ import annotations

import errno
import shutil
import sys
import tempfile
from contextlib import contextmanager
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import decide, merged, send, small_form, snapshot, start
from sheetflow.campaign import beside as beside_module
from sheetflow.campaign.beside import beside
from sheetflow.cli import shown
from sheetflow.errors import DiskFullError, WriteFailedError
from sheetflow.model import shelf
from sheetflow.model.cells import CellRef, Place
from sheetflow.model.findings import Cause, CellChange, Finding, Severity
from sheetflow.model.returns import ReturnFile, Verdict
from sheetflow.model.shelf import Streamed, changed, picked, shelved
from sheetflow.reports import figure_files, status_regions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CELL = CellRef("t", "new", "person")
VALUES = st.one_of(
    st.builds(
        Finding,
        st.text(),
        st.sampled_from(Severity),
        place=st.builds(Place, st.text()),
        left=st.decimals(allow_nan=False, allow_infinity=False),
        facts=st.dictionaries(st.text(), st.text()).map(MappingProxyType),
    ),
    st.builds(
        ReturnFile,
        path=st.text(),
        size=st.integers(),
        sha256=st.text(),
        format=st.just("xlsx"),
        client=st.just(""),
        verdict=st.sampled_from(Verdict),
        reason=st.text(),
        received=st.dates() | st.none(),
    ),
    st.just(Cause((CellChange(CELL, Decimal(1), Decimal("1.50")),), (), ("R1",))),
    st.integers(),
    st.just(small_form()),
)


@contextmanager
def shelves(most: int = 1, at_once: int = 2) -> Iterator[None]:
    """Keep no more than so many values off the shelf."""
    with patch.multiple(shelf, _MOST=most, _AT_ONCE=at_once, _KEPT=2):
        yield


@given(st.lists(VALUES, max_size=12), st.integers(0, 5), st.integers(1, 4))
def test_what_was_shelved_comes_back_equal_and_in_order(
    values: list[object], most: int, at_once: int
) -> None:
    with shelves(most, at_once):
        kept = shelved(values)
        assert isinstance(kept, tuple) == (len(values) <= most)
        assert list(kept) == values
        assert list(map(repr, kept)) == list(map(repr, values))  # a named tuple is still one
        assert len(kept) == len(values)
        assert [kept[-1 - n] for n in range(len(values))] == values[::-1]
        assert list(kept[1:-1]) == values[1:-1]
        assert [one for one, _ in zip(kept, kept, strict=True)] == values
        with pytest.raises(IndexError):
            kept[len(values)]


@given(st.lists(st.integers(), min_size=1, max_size=12), st.data())
def test_some_of_the_values_are_picked_and_changed_without_being_held(
    values: list[int], data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(values) - 1)))
    with shelves():
        some = changed(picked(shelved(values), numbers), str)
        assert list(some) == [str(values[number]) for number in numbers]
        assert len(some) == len(numbers)
        assert list(some[1:]) == [str(values[number]) for number in numbers][1:]
        assert [some[n] for n in range(len(numbers))] == list(some)


def test_what_very_many_values_name_stays_one_object() -> None:
    with shelves():
        kept = shelved([(small_form(), Severity.ERROR)] * 5)
        assert all(form is small_form() and severity is Severity.ERROR for form, severity in kept)


class Counted:
    """Says how many of its kind there are."""

    alive = 0

    def __init__(self) -> None:
        type(self).alive += 1

    def __del__(self) -> None:
        type(self).alive -= 1

    def __reduce__(self) -> tuple[type[Counted], tuple[()]]:
        return Counted, ()


def test_few_of_the_values_are_in_memory() -> None:
    with shelves(most=4, at_once=4):
        kept = shelved(Counted() for _ in range(100))
        assert sum(isinstance(each, Counted) for each in kept) == 100
        assert Counted.alive <= 4 * 4


def test_values_made_anew_are_walked_along_again_and_again() -> None:
    numbers = Streamed(lambda: iter((1, 2, 3)))
    assert (list(numbers), list(numbers)) == ([1, 2, 3], [1, 2, 3])
    assert (len(numbers), bool(numbers), numbers[1], numbers[1:]) == (3, True, 2, (2, 3))
    assert not Streamed(lambda: iter(()))


@pytest.mark.parametrize(
    ("number", "told"), [(errno.ENOSPC, DiskFullError), (errno.EIO, WriteFailedError)]
)
def test_a_disk_that_has_no_room_is_named(number: int, told: type[Exception]) -> None:
    failing = patch.object(tempfile, "TemporaryFile", side_effect=OSError(number, "no"))
    with shelves(), failing, pytest.raises(told, match=tempfile.gettempdir()):
        shelved(range(9))


ROSTER = """p 甲省 . group
a 甲局 p 部门
b 乙局 p 部门
q 乙省 . group
x 丙市 q group
c 丙局 x 部门
d 丁局 . 部门
e 戊局 . 部门
f 己局 x 部门"""
DECISIONS = """[[adjust]] agency = "b"; cell = "t/new/person"; value = 4
[[waive]] agency = "c"; check = "B1"
[[excuse]] agency = "e"
[[adjust]] group = "q"; cell = "t/new/person"; add = "7"
[[blank-zero]] agency = "d"
[[excuse]] agency = "a"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a campaign in which returns came twice, in archives, wrong, renamed or not at all."""
    root = start(tmp_path / "2024", ROSTER)
    send(root, a="new 3 1\ndone.yes 3 1", b="new 5 -\ndone.yes 5 0", c="new 2 2", d="new 2 -")
    returns = root / "returns"
    (returns / "twin").mkdir()
    shutil.copy(returns / "a.xlsx", returns / "twin" / "a（1）.xlsx")
    shutil.make_archive(str(returns / "all"), "zip", returns, "twin")
    earlier = (returns / "c.xlsx").read_bytes()
    send(root, c="new 2 2\ndone.yes 2 1")
    (returns / "c1.xlsx").write_bytes(earlier)
    (returns / "note.txt").write_text("see mail", "utf-8")
    (returns / "~$a.xlsx").write_bytes(b"x")
    decide(root, DECISIONS)
    return root


def outputs(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, bytes], str]:
    """Merge from nothing; give every output, and all that is said of the results."""
    shutil.rmtree(root / "output", ignore_errors=True)
    results = merged(root)
    shown.show_findings(results, closed=True)
    shown.show_open(results)
    shown.show_counts(results)
    shown.show_status(results)
    records = (shown.status_record(results), shown.findings_record(results))
    return snapshot(root / "output"), f"{capsys.readouterr().out}{records}"


@pytest.mark.parametrize("rows", [figure_files._MOST_ROWS, 20])  # noqa: SLF001
@pytest.mark.parametrize("page", [status_regions._MOST, 3])  # noqa: SLF001
def test_outputs_are_the_same_to_the_byte_wherever_returns_are_kept(
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    rows: int,
    page: int,
) -> None:
    monkeypatch.setattr(figure_files, "_MOST_ROWS", rows)
    monkeypatch.setattr(status_regions, "_MOST", page)
    held = outputs(root, capsys)
    with shelves():
        assert outputs(root, capsys) == held
    folders = {name.partition("/")[0] for name in held[0]}
    assert ("figures" in folders, "status" in folders) == (rows == 20, page == 3)


@pytest.mark.skipif(sys.platform != "linux", reason="only here a process can be forked")
def test_two_processes_walk_along_a_shelf_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside_module, "_can_fork", lambda: True)
    monkeypatch.setattr(beside_module, "cores", lambda: 2)
    values = [str(number) for number in range(3_000)]
    with shelves():
        shelf_of_them = shelved(values)

        def walked() -> bool:
            return all(list(shelf_of_them) == values for _ in range(10))

        with beside(walked, is_worth_it=True) as walked_there:
            assert walked()
            assert walked_there()
