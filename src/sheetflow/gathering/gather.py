"""Gathers a folder: every file gets one verdict, every readable return becomes a submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.gathering.former import read_return
from sheetflow.gathering.identify import identify
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.returns import ReturnFile, Submission, Verdict
from sheetflow.workbooks.formats import REFUSALS, sniff
from sheetflow.workbooks.limits import UnreadableFile
from sheetflow.workbooks.readers import READERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sheetflow.gathering.agency_names import KnownNames
    from sheetflow.gathering.folder import Entry
    from sheetflow.gathering.reading import Blueprint
    from sheetflow.model.campaign import Settings
    from sheetflow.model.decisions import Decision

_NO_SPREADSHEET = "F01"
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods")
"""Names under which somebody meant to send a return, whatever the file holds."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file."""

    file: ReturnFile
    submission: Submission | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a folder held: every file with its verdict, the submissions, the findings on files."""

    files: tuple[ReturnFile, ...]
    submissions: tuple[Submission, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a campaign expects of a return."""

    plan: Blueprint
    settings: Settings
    names: KnownNames
    key: bytes
    assignments: Sequence[Decision]


def gather(entries: Iterable[Entry], expected: Expectation) -> Gathered:
    """Take in every entry; files with the same bytes count once."""
    intakes: list[Intake] = []
    first: dict[str, ReturnFile] = {}
    for entry in entries:
        twin = first.get(entry.sha256) if entry.sha256 else None
        if twin and twin.verdict in (Verdict.USED, Verdict.UNASSIGNED):
            file = _file(entry, twin.format, Verdict.DUPLICATE, twin.path, twin.agency)
            intakes.append(Intake(file))
            continue
        intake = take_in(entry, expected)
        if entry.sha256:
            first[entry.sha256] = intake.file
        intakes.append(intake)
    return Gathered(
        tuple(intake.file for intake in intakes),
        tuple(intake.submission for intake in intakes if intake.submission),
        tuple(finding for intake in intakes for finding in intake.findings),
    )


def take_in(entry: Entry, expected: Expectation) -> Intake:
    """Take in one entry; whatever its bytes are, it ends in a verdict."""
    if entry.skipped:
        return Intake(_file(entry, "", Verdict.IGNORED, entry.skipped))
    if entry.problem:
        code, facts = entry.problem.code, entry.problem.facts
        return _rejected(entry, "", Verdict.UNREADABLE, code, Severity.ERROR, **facts)
    kind = sniff(entry.data, entry.path.rpartition("/")[2])
    if kind not in READERS:
        return _foreign(entry, kind)
    try:
        workbook = READERS[kind](entry.data)
    except UnreadableFile as problem:
        severity = Severity.ERROR
        return _rejected(entry, kind, Verdict.UNREADABLE, problem.code, severity, **problem.facts)
    assigned = next(
        (
            decision.agency
            for decision in expected.assignments
            if entry.sha256.startswith(decision.sha256)
        ),
        "",
    )
    identity = identify(
        workbook,
        entry.path,
        form=expected.plan.form,
        settings=expected.settings,
        names=expected.names,
        key=expected.key,
        assigned=assigned,
    )
    if identity.finding:
        file = _file(entry, kind, Verdict.UNASSIGNED, identity.finding.code, client=workbook.client)
        return Intake(file, findings=(identity.finding,))
    submission = read_return(expected.plan, workbook, identity, entry.path, entry.sha256)
    file = _file(entry, kind, Verdict.USED, "", identity.agency, client=workbook.client)
    return Intake(file, submission)


def _foreign(entry: Entry, kind: str) -> Intake:
    """Name a file that is no xlsx workbook for what it is."""
    code = REFUSALS[kind]
    if code == _NO_SPREADSHEET and not entry.path.lower().endswith(_SPREADSHEETS):
        return _rejected(entry, kind, Verdict.NOT_A_RETURN, code, Severity.NOTE, format=f"@{kind}")
    return _rejected(entry, kind, Verdict.UNREADABLE, code, Severity.ERROR, format=f"@{kind}")


def _rejected(
    entry: Entry, kind: str, verdict: Verdict, code: str, severity: Severity, **facts: str
) -> Intake:
    finding = Finding(
        code, severity, place=Place(entry.path), facts={"subject": entry.path, **facts}
    )
    return Intake(_file(entry, kind, verdict, code), findings=(finding,))


def _file(
    entry: Entry, kind: str, verdict: Verdict, reason: str, agency: str = "", *, client: str = ""
) -> ReturnFile:
    return ReturnFile(entry.path, entry.size, entry.sha256, kind, client, verdict, reason, agency)
