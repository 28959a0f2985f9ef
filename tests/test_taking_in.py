"""Files go through each step of taking in some at a time; nobody can tell from what comes out."""

from __future__ import annotations

import gc
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpus
from intakes import take_in_one
from nuisances import zipped
from samples import template
from sheetflow.gathering import taking_in
from sheetflow.gathering.folder import Incoming
from sheetflow.gathering.taking_in import take_in
from sheetflow.workbooks.readers import READERS, Reader
from sheetflow.workbooks.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pytest


QUICK = [each for each in corpus.samples() if each.format in {"xlsx", "csv", "zip", "eml"}]
"""Those that are read in this process."""
TOGETHER = 16


def entry(number: int, name: str, data: bytes) -> Incoming:
    """Make a file of the folder."""
    return Incoming(f"returns/{number}/{name}", data, sha256(data).hexdigest(), len(data))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(QUICK), max_size=3 * TOGETHER), st.data())
def test_a_file_is_taken_in_as_if_it_were_alone(
    chosen: list[corpus.Sample], data: st.DataObject
) -> None:
    entries = [entry(number, each.name, each.data) for number, each in enumerate(chosen)]
    for number in data.draw(st.sets(st.integers(0, len(entries)), max_size=3)):
        entries[number:number] = [
            Incoming(f"returns/{number}~", skipped="temporary"),
            entry(number, "坏.xlsx", b"PK\x03\x04"),
        ]
    together = list(take_in(entries, corpus.expectation()))
    assert together == [take_in_one(each, corpus.expectation()) for each in entries]
    assert [intakes[0].file.path for intakes in together] == [each.path for each in entries]


def waiting(files: Iterable[bytes]) -> list[int]:
    """Take files in; give how many were read but not told of, as each was told of."""
    read = 0

    def counted() -> Iterator[Incoming]:
        nonlocal read
        for read, data in enumerate(files, 1):
            yield entry(read, "a.xlsx", data)

    intakes = enumerate(take_in(counted(), corpus.expectation()), 1)
    return [read - told for told, _ in intakes]


def test_so_many_files_go_together_and_no_more() -> None:
    waited = waiting([template()] * (3 * TOGETHER))
    assert waited == [*range(TOGETHER - 1, -1, -1)] * 3


def test_behind_a_large_file_none_is_read_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = template()
    monkeypatch.setattr(taking_in, "_SMALL", len(usual))
    large = usual + bytes(1)
    assert waiting([usual, usual, large, usual, large, large]) == [2, 1, 0, 1, 0, 0]


MANY = "单位,件数\n".encode("gb18030")
"""A file that is read cell by cell, so that it may take much memory."""


def opening(monkeypatch: pytest.MonkeyPatch, before: Callable[[], object]) -> None:
    """Have something done before each workbook is opened."""

    def noting(read: Reader) -> Reader:
        def noted(data: bytes) -> Workbook:
            before()
            return read(data)

        return noted

    monkeypatch.setattr(
        taking_in, "READERS", {kind: noting(read) for kind, read in READERS.items()}
    )


def test_behind_a_workbook_that_may_take_much_memory_none_is_opened_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[None] = []
    opening(monkeypatch, lambda: opened.append(None))
    files = [template(), template(), MANY, template(), MANY, MANY]
    entries = [entry(number, "a.csv", data) for number, data in enumerate(files)]
    intakes = enumerate(take_in(entries, corpus.expectation()), 1)
    assert [len(opened) - told for told, _ in intakes] == [2, 1, 0, 1, 0, 0]


def test_such_a_workbook_is_let_go_before_the_next_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[int] = []
    opening(
        monkeypatch,
        lambda: held.append(sum(isinstance(each, Workbook) for each in gc.get_objects())),
    )
    within = zipped({f"{number}.csv": MANY for number in range(3)})
    files = [MANY, within, zipped({"a.csv": MANY, "b.zip": within}), MANY]
    names = ("a.csv", "b.zip", "c.zip", "d.csv")
    entries = [entry(0, name, data) for name, data in zip(names, files, strict=True)]
    for _ in take_in(entries, corpus.expectation()):
        pass
    assert len(held) == 9
    assert max(held) == held[0]
