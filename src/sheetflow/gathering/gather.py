"""Gathers a folder: every file gets one verdict, every readable return becomes a submission."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.checks.case import Case
from sheetflow.checks.submission import findings_alone
from sheetflow.gathering.bundles import is_bundle, take_in_bundle
from sheetflow.gathering.containers.opening import CONTAINERS, Allowance, open_container
from sheetflow.gathering.former import read_return
from sheetflow.gathering.identify import identify
from sheetflow.gathering.intake import Expectation, Intake
from sheetflow.model.answers import compacted, compacted_totals
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.returns import ReturnFile, Submission, Verdict, total_of
from sheetflow.model.shelf import Shelving, picked, shelved
from sheetflow.workbooks.encryption import decrypt
from sheetflow.workbooks.formats import REFUSALS, sniff
from sheetflow.workbooks.limits import UnreadableFile
from sheetflow.workbooks.readers import READERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheetflow.gathering.folder import Entry
    from sheetflow.model.bundle import Enclosed
    from sheetflow.workbooks.workbook import Workbook

_NO_SPREADSHEET, _PASSWORD = "F01", "F04"
ENCRYPTED = "ole-encrypted"
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv", ".tsv")
"""Names under which somebody meant to send a return, whatever the file holds."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a folder held: every file with its verdict, the submissions, the findings on files."""

    files: Sequence[ReturnFile]
    submissions: Sequence[Submission]
    findings: tuple[Finding, ...]
    bundles: tuple[Enclosed, ...] = ()


def gather(entries: Iterable[Entry], expected: Expectation) -> Gathered:
    """Take in every entry and all that lies in archives and mails; equal bytes count once."""
    return gathered(intake for entry in entries for intake in take_in_all(entry, expected))


def gathered(intakes: Iterable[Intake]) -> Gathered:
    """Put together what became of the files, in their order; equal bytes count once.

    Of equal files the first counts whose agency is known: where one lies may tell it. One that a
    bundle takes for another agency's counts before it: only an office can have decided that.
    """
    taken_in, submissions = Shelving[ReturnFile](), Shelving[Submission]()
    owners = array("Q")
    """Which file each submission is."""
    findings: list[tuple[int, Finding]] = []
    bundles: list[tuple[int, Enclosed]] = []
    counting: dict[str, int] = {}
    for number, intake in enumerate(intakes):
        taken_in.append(intake.file)
        if intake.submission:
            submissions.append(intake.submission)
            owners.append(number)
        findings += ((number, finding) for finding in intake.findings)
        if intake.enclosed:
            bundles.append((number, intake.enclosed))
        _count(intake.file, number, counting, taken_in, bundles)
    files = taken_in.done()
    twins = dict(_twins(files, counting))
    sent = submissions.done()
    if twins:
        sent = picked(sent, [n for n, owner in enumerate(owners) if owner not in twins])
        files = shelved(
            _duplicate(file, files[twins[number]]) if number in twins else file
            for number, file in enumerate(files)
        )
    return Gathered(
        files,
        sent,
        tuple(finding for number, finding in findings if number not in twins),
        tuple(enclosed for number, enclosed in bundles if number not in twins),
    )


def _count(
    file: ReturnFile,
    number: int,
    counting: dict[str, int],
    files: Shelving[ReturnFile],
    bundles: Sequence[tuple[int, Enclosed]],
) -> None:
    """Note by its digest that a file counts, if none that is equal counts before it."""
    if not file.sha256 or file.verdict not in (Verdict.UNASSIGNED, Verdict.USED):
        return
    known = counting.setdefault(file.sha256, number)
    if known == number or file.verdict is Verdict.UNASSIGNED:
        return
    other = files[known]
    is_within = any(file.path.startswith(f"{bundle.path}/") for _, bundle in bundles)
    if other.verdict is Verdict.UNASSIGNED or (other.agency != file.agency and is_within):
        counting[file.sha256] = number


def _twins(files: Iterable[ReturnFile], counting: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Give the numbers of files that do not count, each with that of the equal one that does."""
    for number, file in enumerate(files):
        counts = counting.get(file.sha256, number)
        if counts != number:
            yield number, counts


def take_in_all(
    entry: Entry, expected: Expectation, allowance: Allowance | None = None
) -> list[Intake]:
    """Take in one entry, then its members if it is a container, each after its container."""
    allowance = allowance or Allowance()
    kind = "" if entry.skipped or entry.problem else sniff(entry.data, _name(entry))
    if kind not in CONTAINERS:
        return [take_in(entry, kind, expected)]
    intakes = [_container(entry, kind)]
    try:
        members = list(open_container(entry, kind, allowance))
        if is_bundle(entry, members):
            return take_in_bundle(entry, members, expected)
        for member in members:
            intakes += take_in_all(member, expected, allowance)
    except UnreadableFile as problem:
        intakes[0] = _unreadable(entry, kind, problem)
    if len(intakes) == 1 and not intakes[0].findings:
        intakes = [_rejected(entry, kind, Verdict.NOT_A_RETURN, "F26", Severity.NOTE)]
    return intakes


def take_in(entry: Entry, kind: str, expected: Expectation) -> Intake:
    """Take in one file of a format that `sniff` named; whatever its bytes are, it gets a verdict.

    `kind` is empty for an entry that was skipped or could not be read.
    """
    if entry.skipped:
        return Intake(_file(entry, "", Verdict.IGNORED, entry.skipped))
    if entry.problem:
        return _unreadable(entry, kind, entry.problem)
    try:
        kind, workbook = _read(entry, kind, expected.passwords)
    except UnreadableFile as problem:
        return _unreadable(entry, kind, problem)
    if workbook is None:
        return _foreign(entry, kind)
    assigned = (d.agency for d in expected.assignments if entry.sha256.startswith(d.sha256))
    identity = identify(
        workbook,
        entry.path,
        form=expected.plan.form,
        settings=expected.settings,
        names=expected.names,
        key=expected.key,
        assigned=next(assigned, ""),
    )
    if identity.finding:
        file = _file(entry, kind, Verdict.UNASSIGNED, identity.finding.code, client=workbook.client)
        return Intake(file, findings=(identity.finding,))
    form = expected.plan.form
    submission = read_return(expected.plan, workbook, identity, entry.path, entry.sha256)
    previous = expected.succession.by_agency.get(identity.agency)
    entries = compacted(submission.entries, form.numeric)
    totals = compacted_totals(submission.totals, form.numeric)
    if entries is not submission.entries or totals is not submission.totals or entry.received:
        submission = replace(submission, entries=entries, totals=totals, received=entry.received)
    case = Case(form, submission, previous, expected.settings.period)
    submission = replace(submission, checked=findings_alone(case), added_up=total_of(case.amounts))
    file = _file(entry, kind, Verdict.USED, "", identity.agency, client=workbook.client)
    return Intake(file, submission)


def _read(entry: Entry, kind: str, passwords: Sequence[str]) -> tuple[str, Workbook | None]:
    """Read a workbook, decrypted if need be; none if its format is not one that is read."""
    data = entry.data
    if kind == ENCRYPTED:
        data = decrypt(data, passwords)
        kind = sniff(data, _name(entry))
    if kind not in READERS:
        return kind, None
    try:
        return kind, READERS[kind](data)
    except UnreadableFile as problem:
        if problem.code != _PASSWORD or data is not entry.data:
            raise
    return kind, READERS[kind](decrypt(data, passwords))


def _name(entry: Entry) -> str:
    return entry.path.rpartition("/")[2]


def _duplicate(file: ReturnFile, twin: ReturnFile) -> ReturnFile:
    return replace(
        file,
        format=twin.format,
        client="",
        verdict=Verdict.DUPLICATE,
        reason=twin.path,
        agency=twin.agency,
    )


def _container(entry: Entry, kind: str) -> Intake:
    """Note an archive or a mail, which is no return itself."""
    return Intake(_file(entry, kind, Verdict.NOT_A_RETURN, "container"))


def _unreadable(entry: Entry, kind: str, problem: UnreadableFile) -> Intake:
    return _rejected(entry, kind, Verdict.UNREADABLE, problem.code, Severity.ERROR, **problem.facts)


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
    return ReturnFile(
        entry.path,
        entry.size,
        entry.sha256,
        kind,
        client,
        verdict,
        reason,
        agency,
        entry.received,
        entry.container,
    )
