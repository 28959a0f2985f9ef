"""Reads a campaign's returns: what did not change from the cache, the rest by some workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.campaign.cache import Cache, Line, made_by, sha256_of, stamp_of
from sheetflow.campaign.watching import READING, steps
from sheetflow.campaign.workers import pool, take_in_sources
from sheetflow.gathering.records import RecordReader
from sheetflow.model.returns import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from sheetflow.campaign.workers import TakenIn
    from sheetflow.gathering.folder import Source
    from sheetflow.gathering.intake import Expectation, Intake

_KEPT_AT_ONCE = 500
"""Records that are written in one go."""


def read_returns(
    root: Path, sources: Sequence[Source], expected: Expectation, executor: Executor | None
) -> Iterator[Intake]:
    """Give what became of every file and of all that lies in it, in the files' order."""
    reader = RecordReader(expected.plan.form)
    cache = Cache(root, made_by(expected))
    try:
        reader.learn(cache.slates())
        stamps = [stamp_of(source.path) for source in sources]
        states = list(zip(sources, stamps, strict=True))
        old = [_is_unchanged(cache, source, stamp) for source, stamp in states]
        changed = [source for source, is_old in zip(sources, old, strict=True) if not is_old]
        with pool(len(changed) if executor is None else 0) as own:
            new = take_in_sources(expected, changed, executor or own, reader)
            keeper = _Keeper(cache)
            for (source, stamp), is_old in zip(steps(READING, states), old, strict=True):
                known = cache.find(source.shown) if is_old else None
                intakes: Sequence[Intake] | None = reader.read(known.text) if known else None
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


def _is_unchanged(cache: Cache, source: Source, stamp: str) -> bool:
    known = None if source.problem else cache.find(source.shown)
    if known is None:
        return False
    return (stamp != "" and known.stamp == stamp) or known.sha256 == sha256_of(source.path)


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
        if len(self._lines) >= _KEPT_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what was not written yet."""
        self._cache.keep(self._lines, self._slates)
        self._lines.clear()
