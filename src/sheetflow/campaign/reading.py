"""Reads a campaign's returns: what did not change from the cache, the rest by some workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sheetflow.campaign.cache import Cache, Line, made_by
from sheetflow.campaign.stamps import sha256_of, stamp_of
from sheetflow.campaign.watching import READING, steps
from sheetflow.campaign.workers import crew_of, take_in_sources
from sheetflow.gathering.records import RecordReader
from sheetflow.model.returns import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from datetime import date
    from pathlib import Path

    from sheetflow.campaign.cache import State
    from sheetflow.campaign.workers import TakenIn
    from sheetflow.gathering.folder import Source
    from sheetflow.gathering.intake import Expectation, Intake

T = TypeVar("T")

_AT_ONCE = 500
"""Records that are looked up in one go."""
_WRITTEN_AT_ONCE = 2_000
"""Records that are written in one go: so many a dead run loses; each time waits for the disk."""


def read_returns(
    root: Path,
    sources: Sequence[Source],
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
        stamps = [stamp_of(source.path) for source in sources]
        old = list(_unchanged(cache, sources, stamps))
        changed = [source for source, is_old in zip(sources, old, strict=True) if not is_old]
        with crew_of(expected, len(changed), executor) as crew:
            new = take_in_sources(expected, changed, crew, reader)
            keeper = _Keeper(cache)
            records = _records(cache, sources, old)
            states = list(zip(sources, stamps, old, strict=True))
            for (source, stamp, is_old), record in zip(
                steps(READING, states), records, strict=True
            ):
                intakes: Sequence[Intake] | None = reader.read(record) if record else None
                if not is_old:
                    taken_in = next(new)
                    keeper.note(source, stamp, taken_in)
                    intakes = taken_in.intakes
                elif intakes is None:  # somebody damaged the record meanwhile
                    intakes = next(take_in_sources(expected, [source], None, reader)).intakes
                yield from intakes
            keeper.write()
    finally:
        cache.close()


def _unchanged(cache: Cache, sources: Sequence[Source], stamps: Sequence[str]) -> Iterator[bool]:
    """Say of each file whether it is as it was when it was read."""
    for some in _batches(list(zip(sources, stamps, strict=True))):
        known = cache.states([source.shown for source, _ in some])
        for source, stamp in some:
            state = None if source.problem else known.get(source.shown)
            yield state is not None and _is(source, stamp, state)


def _is(source: Source, stamp: str, state: State) -> bool:
    return (stamp != "" and stamp == state.stamp) or state.sha256 == sha256_of(source.path)


def _records(cache: Cache, sources: Sequence[Source], old: Sequence[bool]) -> Iterator[str | None]:
    """Give the record of each file that did not change, if it still has one."""
    for some in _batches(list(zip(sources, old, strict=True))):
        known = cache.texts([source.shown for source, is_old in some if is_old])
        for source, is_old in some:
            yield known.get(source.shown) if is_old else None


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[at : at + _AT_ONCE] for at in range(0, len(items), _AT_ONCE))


class _Keeper:
    """Keeps what was read for the next time."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lines: list[Line] = []
        self._slates: dict[str, str] = {}

    def note(self, source: Source, stamp: str, taken_in: TakenIn) -> None:
        """Keep what became of a file; what could not be read is tried again."""
        file = taken_in.intakes[0].file
        if file.sha256 and file.verdict is not Verdict.UNREADABLE:
            self._lines.append(Line(source.shown, stamp, file.sha256, taken_in.record()))
            self._slates.update(taken_in.slates)
        if len(self._lines) >= _WRITTEN_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what was not written yet."""
        self._cache.keep(self._lines, self._slates)
        self._lines.clear()
