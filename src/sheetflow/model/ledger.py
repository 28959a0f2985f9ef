"""台账: which submission stands for each agency, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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


@dataclass(frozen=True)
class Ledger:
    """台账: a line for each agency that files, every finding, file and decision."""

    lines: tuple[LedgerLine, ...]
    files: tuple[ReturnFile, ...]
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
    def by_agency(self) -> dict[str, LedgerLine]:
        """Lines by agency code."""
        return {line.agency: line for line in self.lines}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings: the agencies' in the ledger's order, then the others."""
        return (*(f for line in self.lines for f in line.findings), *self.other_findings)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Agencies that must file, are not excused and have no return that counts."""
        return tuple(x.agency for x in self.lines if x.standing is Standing.MISSING)

    @cached_property
    def open_findings(self) -> tuple[Finding, ...]:
        """Open errors and queries, which keep the campaign a draft."""
        return tuple(finding for finding in self.findings if finding.blocks)

    @cached_property
    def unchecked(self) -> dict[str, tuple[str, ...]]:
        """By check, the agencies for which it could not be evaluated."""
        agencies: dict[str, list[str]] = {}
        for line in self.lines:
            for check in line.unchecked:
                agencies.setdefault(check, []).append(line.agency)
        return {check: tuple(those) for check, those in agencies.items()}

    @property
    def is_final(self) -> bool:
        """Whether nothing is open: no missing agency, no open error or query."""
        return not self.missing and not self.open_findings
