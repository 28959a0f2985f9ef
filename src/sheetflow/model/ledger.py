"""报送台账: which submission stands for each agency, and how."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.shelf import Streamed, is_held, picked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from sheetflow.model.decisions import Decision
    from sheetflow.model.findings import Finding
    from sheetflow.model.returns import ReturnFile, Submission


class Standing(StrEnum):
    """报送状态, computed from findings and decisions, never set."""

    MISSING = "missing"
    REJECTED = "rejected"
    QUERIED = "queried"
    ACCEPTED = "accepted"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One agency that must file: its standing, the submission that counts, its findings."""

    agency: str
    standing: Standing
    submission: Submission | None
    findings: Collection[Finding] = ()
    others: tuple[Submission, ...] = ()
    """The agency's other returns, which do not count."""
    unchecked: tuple[str, ...] = ()
    """Checks 不可核, wholly or in part: last period's figures are not known. Never a pass."""
    as_sent: Submission | None = None
    """The submission as it came, where decisions on its values lie over it."""

    @property
    def returns(self) -> tuple[Submission, ...]:
        """All its returns, the one that counts first."""
        return (self.submission, *self.others) if self.submission else self.others

    @property
    def first_received(self) -> date | None:
        """When the agency's first return came in; None: none did, or one on an unknown day."""
        days = [each.received for each in self.returns]
        return None if None in days else min(filter(None, days), default=None)


class _Noted(NamedTuple):
    """What is asked of the lines again and again, noted on one walk along them."""

    standings: tuple[Standing, ...]
    missing: tuple[str, ...]
    with_findings: Sequence[int]
    with_others: Sequence[int]
    unchecked: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Ledger:
    """报送台账: a line for each agency that files, every finding, file and decision.

    The lines are those of `roster.members(ALL)`, in that order. Those of very many agencies lie on
    the disk, and so do their files: whoever needs all walks along them and keeps none.
    """

    lines: Sequence[LedgerLine]
    files: Sequence[ReturnFile]
    decisions: tuple[Decision, ...]
    other_findings: tuple[Finding, ...] = ()
    """Findings that belong to no agency's line: unassigned files, decisions without effect."""
    reopened: frozenset[Decision] = frozenset()
    """Decisions that are not applied: what they rest on has changed."""
    seen: Mapping[Decision, str] = field(default_factory=dict, repr=False)
    """What each decision rests on now."""

    @cached_property
    def applied(self) -> tuple[Decision, ...]:
        """The decisions that hold."""
        return tuple(d for d in self.decisions if d not in self.reopened)

    @cached_property
    def decided_files(self) -> Mapping[str, str]:
        """The paths of the files that decisions name, by the digests that they give."""
        named = {each.sha256 for each in self.decisions if each.sha256}
        lengths = {len(digest) for digest in named}
        paths: dict[str, str] = {}
        for file in self.files if named else ():
            for digest in named & {file.sha256[:length] for length in lengths}:
                paths.setdefault(digest, file.path)
        return paths

    @cached_property
    def by_agency(self) -> Mapping[str, LedgerLine]:
        """Lines by agency code."""
        if is_held(self.lines):
            return {line.agency: line for line in self.lines}
        return _ByAgency(self.lines)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The standing of each line."""
        return self._noted.standings

    @property
    def missing(self) -> tuple[str, ...]:
        """Agencies that must file, are not excused and have no return that counts."""
        return self._noted.missing

    @property
    def with_findings(self) -> Sequence[LedgerLine]:
        """The lines that have findings, open or not."""
        return picked(self.lines, self.numbers_with_findings)

    @property
    def numbers_with_findings(self) -> Sequence[int]:
        """The numbers of these lines."""
        return self._noted.with_findings

    @property
    def with_others(self) -> Sequence[LedgerLine]:
        """The lines that have returns which do not count."""
        return picked(self.lines, self._noted.with_others)

    @property
    def unchecked(self) -> Mapping[str, Sequence[int]]:
        """By check, the numbers of the lines for which it could not be evaluated."""
        return self._noted.unchecked

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """All findings: the agencies' in the ledger's order, then the others."""
        return self._held(lambda: chain(self._of_lines(), self.other_findings))

    @cached_property
    def open_findings(self) -> Sequence[Finding]:
        """Open errors and queries, which keep the campaign a draft."""
        return self._held(lambda: (finding for finding in self.findings if finding.blocks))

    @cached_property
    def is_final(self) -> bool:
        """Whether nothing is open: no missing agency, no open error or query."""
        return not self.missing and not self.open_findings

    @cached_property
    def _noted(self) -> _Noted:
        standings, missing = list[Standing](), list[str]()
        with_findings, with_others = array("Q"), array("Q")
        unchecked: dict[str, array[int]] = {}
        for number, line in enumerate(self.lines):
            standings.append(line.standing)
            if line.standing is Standing.MISSING:
                missing.append(line.agency)
            if line.findings:
                with_findings.append(number)
            if line.others:
                with_others.append(number)
            for check in line.unchecked:
                unchecked.setdefault(check, array("Q")).append(number)
        return _Noted(tuple(standings), tuple(missing), with_findings, with_others, unchecked)

    def _of_lines(self) -> Iterator[Finding]:
        return (finding for line in self.with_findings for finding in line.findings)

    def _held(self, walk: Callable[[], Iterator[Finding]]) -> Sequence[Finding]:
        """Hold findings, if the lines are held."""
        return tuple(walk()) if is_held(self.lines) else Streamed(walk)


class _ByAgency(Mapping[str, LedgerLine]):
    """Lines that are not held, by agency code."""

    def __init__(self, lines: Sequence[LedgerLine]) -> None:
        self._lines = lines
        self._numbers = {line.agency: number for number, line in enumerate(lines)}

    def __getitem__(self, agency: str) -> LedgerLine:
        return self._lines[self._numbers[agency]]

    def __contains__(self, agency: object) -> bool:
        return agency in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
