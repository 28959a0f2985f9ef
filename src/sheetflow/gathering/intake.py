"""What a campaign expects of a file, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheetflow.checks.case import Case
from sheetflow.model.history import Succession
from sheetflow.model.returns import ReturnFile, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheetflow.gathering.agency_names import KnownNames
    from sheetflow.gathering.folder import Incoming
    from sheetflow.gathering.reading import Blueprint
    from sheetflow.model.bundle import Enclosed
    from sheetflow.model.campaign import Settings
    from sheetflow.model.decisions import Decision
    from sheetflow.model.findings import Finding
    from sheetflow.model.returns import Submission


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file."""

    file: ReturnFile
    submission: Submission | None = None
    findings: tuple[Finding, ...] = ()
    enclosed: Enclosed | None = None
    """What a bundle holds besides returns."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a campaign expects of a return."""

    plan: Blueprint
    settings: Settings
    names: KnownNames
    key: bytes
    assignments: Sequence[Decision]
    passwords: Sequence[str] = ()
    succession: Succession = field(default_factory=Succession)
    """Last period's figures, for the checks on one return."""

    def assigned(self, sha256: str) -> str:
        """Give the agency that the office named for a file; empty: it named none."""
        named = (each.agency for each in self.assignments if sha256.startswith(each.sha256))
        return next(named, "")

    def case(self, submission: Submission) -> Case:
        """Give what the checks on a return look at."""
        previous = self.succession.by_agency.get(submission.agency)
        return Case(self.plan.form, submission, previous, self.settings.period)


def file_of(
    incoming: Incoming,
    kind: str,
    verdict: Verdict,
    reason: str,
    agency: str = "",
    *,
    client: str = "",
) -> ReturnFile:
    """Say what a file that came in is, and what became of it."""
    return ReturnFile(
        incoming.path,
        incoming.size,
        incoming.sha256,
        kind,
        client,
        verdict,
        reason,
        agency,
        incoming.received,
        incoming.container,
    )
