"""What a campaign expects of a file, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheetflow.model.history import Succession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheetflow.gathering.agency_names import KnownNames
    from sheetflow.gathering.reading import Blueprint
    from sheetflow.model.bundle import Enclosed
    from sheetflow.model.campaign import Settings
    from sheetflow.model.decisions import Decision
    from sheetflow.model.findings import Finding
    from sheetflow.model.returns import ReturnFile, Submission


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
