"""Reads a campaign's returns: what did not change from the cache, the rest by some workers."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sheetflow.campaign.cache import Cache, Row, made_by
from sheetflow.campaign.file_states import file_state, sha256_of
from sheetflow.campaign.watching import READING, steps
from sheetflow.campaign.workers import crew_of, take_in_sources
from sheetflow.gathering.records import RecordReader
from sheetflow.model.returns import Verdict
from sheetflow.model.shelf import shelved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from datetime import date
    from pathlib import Path

    from sheetflow.campaign.cache import Seen
    from sheetflow.campaign.workers import TakenIn
    from sheetflow.gathering.folder import Source
    from sheetflow.gathering.intake import Expectation, Intake

T = TypeVar("T")

_AT_ONCE = 500
"""Records that are looked up in one go."""
_WRITTEN_AT_ONCE = 500
"""Records that are written in one go: so many a dead run loses; each time waits for the disk.

While a pool reads on, nobody waits with it.
"""


class _Found(NamedTuple):
    """A file of the folder, its state, and whether it is as it was when it was read."""

    source: Source
    state: str
    is_old: bool


def read_returns(
    root: Path,
    sources: Iterable[Source],
    expected: Expectation,
    executor: Executor | None,
    received: Mapping[str, date],
) -> Iterator[Intake]:
    """Give what became of every file and of all that lies in it, in the files' order.

    `received` says of hashes when they came in, which a record does not know.
    """
    reader = RecordReader(expected.plan.form, received=received)
    cache = Cache(root, made_by(expected))
    try:
        reader.learn(cache.slates())
        found = shelved(_found(cache, sources))
        changed = sum(not each.is_old for each in found)
        with crew_of(expected, changed, executor) as crew:
            asked = (each.source for each in found if not each.is_old)
            new = take_in_sources(expected, asked, crew, reader)
            keeper = _Keeper(cache)
            records = _records(cache, found)
            for (source, state, is_old), record in zip(steps(READING, found), records, strict=True):
                intakes: Sequence[Intake] | None = reader.read(record) if record else None
                if intakes is None:
                    # Of a file that did not change the record is damaged.
                    alone = take_in_sources(expected, [source], None, reader)
                    taken_in = next(alone if is_old else new)
                    keeper.note(source, state, taken_in)
                    intakes = taken_in.intakes
                yield from (_dated(each, received) for each in intakes)
            keeper.write()
    finally:
        cache.close()


def _dated(intake: Intake, received: Mapping[str, date]) -> Intake:
    """Give a file the day on which it came, if the log alone knows it."""
    day = None if intake.file.received else received.get(intake.file.sha256)
    if day is None:
        return intake
    sent = intake.submission and replace(intake.submission, received=day)
    return replace(intake, file=replace(intake.file, received=day), submission=sent)


def _found(cache: Cache, sources: Iterable[Source]) -> Iterator[_Found]:
    for some in _batches(sources):
        known = cache.states([source.shown for source in some])
        for source in some:
            state = file_state(source.path)
            seen = None if source.problem else known.get(source.shown)
            yield _Found(source, state, seen is not None and _is(source, state, seen))


def _is(source: Source, state: str, seen: Seen) -> bool:
    return (state != "" and state == seen.state) or seen.sha256 == sha256_of(source.path)


def _records(cache: Cache, found: Iterable[_Found]) -> Iterator[str | None]:
    """Give the record of each file that did not change, if it still has one."""
    for some in _batches(found):
        known = cache.texts([each.source.shown for each in some if each.is_old])
        for each in some:
            yield known.get(each.source.shown) if each.is_old else None


def _batches(items: Iterable[T]) -> Iterator[Sequence[T]]:
    rest = iter(items)
    return iter(lambda: list(islice(rest, _AT_ONCE)), [])


class _Keeper:
    """Keeps what was read for the next time."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._rows: list[Row] = []
        self._slates: dict[str, str] = {}

    def note(self, source: Source, state: str, taken_in: TakenIn) -> None:
        """Keep what became of a file; what could not be read is tried again."""
        file = taken_in.intakes[0].file
        if file.sha256 and file.verdict is not Verdict.UNREADABLE:
            self._rows.append(Row(source.shown, state, file.sha256, taken_in.record()))
            self._slates.update(taken_in.slates)
        if len(self._rows) >= _WRITTEN_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what was not written yet; with nothing to write there is no disk to wait for."""
        if self._rows:
            self._cache.keep(self._rows, self._slates)
            self._rows.clear()
