"""Files taken in without a campaign around them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sheetflow.gathering.folder import list_sources, named_sources, read_source
from sheetflow.gathering.gather import gathered
from sheetflow.gathering.taking_in import take_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sheetflow.gathering.folder import Incoming
    from sheetflow.gathering.gather import Gathered
    from sheetflow.gathering.intake import Expectation, Intake


def gather(entries: Iterable[Incoming], expected: Expectation) -> Gathered:
    """Take in every entry and all that lies in archives and mails; equal bytes count once."""
    return gathered(chain.from_iterable(take_in(entries, expected)))


def take_in_one(entry: Incoming, expected: Expectation) -> Sequence[Intake]:
    """Take in an entry and all that lies in it."""
    (intakes,) = take_in([entry], expected)
    return intakes


def list_entries(campaign: Path, folder: Path) -> Iterator[Incoming]:
    """Read each file below a folder."""
    return map(read_source, list_sources(campaign, folder))


def list_files(campaign: Path, files: Sequence[Path]) -> Iterator[Incoming]:
    """Read the named files."""
    return map(read_source, named_sources(campaign, files))
