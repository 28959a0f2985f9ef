"""Takes files in: each gets one verdict, each readable return becomes a checked submission."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sheetflow.checks.submission import findings_alone
from sheetflow.gathering.bundles import is_bundle, take_in_bundle
from sheetflow.gathering.containers.opening import CONTAINERS, Allowance, open_container
from sheetflow.gathering.former import read_return
from sheetflow.gathering.identify import identify
from sheetflow.gathering.intake import Expectation, Intake, file_of
from sheetflow.model.answers import compacted, compacted_totals
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.returns import Submission, Verdict, total_of
from sheetflow.workbooks.encryption import decrypt
from sheetflow.workbooks.formats import REFUSALS, sniff
from sheetflow.workbooks.limits import UnreadableFile
from sheetflow.workbooks.readers import READERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sheetflow.gathering.folder import Incoming
    from sheetflow.gathering.identify import Identity
    from sheetflow.workbooks.workbook import Workbook

_NO_SPREADSHEET, _PASSWORD = "F01", "F04"
ENCRYPTED = "ole-encrypted"
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv", ".tsv")
"""Names under which somebody meant to send a return, whatever the file holds."""
_MOST = 16
"""Files that go through each step of taking in together, so that the step's code and the form's
data stay in the processor's caches: it saves a seventh of the time."""
_SMALL = 1 << 18
"""Bytes of a file that may wait with others."""
T = TypeVar("T")


class _Opened(NamedTuple):
    """A file that is a workbook, whosever it is."""

    incoming: Incoming
    kind: str
    workbook: Workbook


def take_in(
    files: Iterable[Incoming], expected: Expectation, allowance: Allowance | None = None
) -> Iterator[Sequence[Intake]]:
    """Give what becomes of each file: of itself, then of its members if it is a container.

    What may come out of containers is counted for each file alone, but for an allowance given.
    """
    for some in _together(files, lambda file: len(file.data) <= _SMALL):
        opened = (_open(file, expected, allowance or Allowance()) for file in some)
        for few in _together(opened, _is_small):
            yield from _judged(few, expected)
            few.clear()  # nothing large is held while the next file is opened
        some.clear()


def _is_small(opened: _Opened | Sequence[Intake]) -> bool:
    return isinstance(opened, _Opened) and opened.workbook.is_small


def _together(items: Iterable[T], is_small: Callable[[T], bool]) -> Iterator[list[T]]:
    """Give some items at a time, of which the last alone may be large."""
    held: list[T] = []
    for item in items:
        held.append(item)
        is_full = len(held) == _MOST or not is_small(item)
        del item  # whoever was given it may let go of it
        if is_full:
            yield held
            held = []
    yield held


def _open(
    incoming: Incoming, expected: Expectation, allowance: Allowance
) -> _Opened | Sequence[Intake]:
    """Open a file; if it is no workbook, say at once what became of it."""
    if incoming.skipped:
        return [Intake(file_of(incoming, "", Verdict.IGNORED, incoming.skipped))]
    if incoming.problem:
        return [_unreadable(incoming, "", incoming.problem, expected)]
    kind = sniff(incoming.data, _name(incoming))
    try:
        if kind in CONTAINERS:
            return _take_in_container(incoming, kind, expected, allowance)
        kind, workbook = _read(incoming, kind, expected.passwords)
    except UnreadableFile as problem:
        return [_unreadable(incoming, kind, problem, expected)]
    return _Opened(incoming, kind, workbook) if workbook else [_foreign(incoming, kind, expected)]


def _take_in_container(
    incoming: Incoming, kind: str, expected: Expectation, allowance: Allowance
) -> Sequence[Intake]:
    """Take in an archive or a mail, which is no return itself, and all that lies in it."""
    members = list(open_container(incoming, kind, allowance))
    if is_bundle(incoming, members):
        return take_in_bundle(incoming, members, expected)
    if not members:
        return [_rejected(incoming, kind, Verdict.NOT_A_RETURN, "F26", expected)]
    container = Intake(file_of(incoming, kind, Verdict.NOT_A_RETURN, "container"))
    within = (intake for each in take_in(members, expected, allowance) for intake in each)
    return [container, *within]


def _read(incoming: Incoming, kind: str, passwords: Sequence[str]) -> tuple[str, Workbook | None]:
    """Read a workbook, decrypted if need be; none if its format is not one that is read."""
    data = incoming.data
    if kind == ENCRYPTED:
        data = decrypt(data, passwords)
        kind = sniff(data, _name(incoming))
    if kind not in READERS:
        return kind, None
    try:
        return kind, READERS[kind](data)
    except UnreadableFile as problem:
        if problem.code != _PASSWORD or data is not incoming.data:
            raise
    return kind, READERS[kind](decrypt(data, passwords))


def _judged(
    waiting: Sequence[_Opened | Sequence[Intake]], expected: Expectation
) -> Iterator[Sequence[Intake]]:
    """Put workbooks through each step together: whose each is, what it says, what is wrong."""
    workbooks = [each for each in waiting if isinstance(each, _Opened)]
    identities = [_identity(each, expected) for each in workbooks]
    returns = list(zip(workbooks, identities, strict=True))
    submissions = [None if who.finding else _submission(x, who, expected) for x, who in returns]
    checked = [each and _checked(each, expected) for each in submissions]
    judged = map(_intake, workbooks, identities, checked)
    return ([next(judged)] if isinstance(each, _Opened) else each for each in waiting)


def _identity(opened: _Opened, expected: Expectation) -> Identity:
    incoming = opened.incoming
    return identify(
        opened.workbook,
        incoming.path,
        form=expected.plan.form,
        settings=expected.settings,
        names=expected.names,
        key=expected.key,
        assigned=expected.assigned(incoming.sha256),
    )


def _submission(opened: _Opened, identity: Identity, expected: Expectation) -> Submission:
    incoming, plan = opened.incoming, expected.plan
    sent = read_return(plan, opened.workbook, identity, incoming.path, incoming.sha256)
    entries = compacted(sent.entries, plan.form.numeric)
    totals = compacted_totals(sent.totals, plan.form.numeric)
    if entries is sent.entries and totals is sent.totals and not incoming.received:
        return sent
    return replace(sent, entries=entries, totals=totals, received=incoming.received)


def _checked(submission: Submission, expected: Expectation) -> Submission:
    case = expected.case(submission)
    return replace(submission, checked=findings_alone(case), added_up=total_of(case.amounts))


def _intake(opened: _Opened, identity: Identity, submission: Submission | None) -> Intake:
    incoming, kind, workbook = opened
    if identity.finding:
        code = identity.finding.code
        file = file_of(incoming, kind, Verdict.UNASSIGNED, code, client=workbook.client)
        return Intake(file, findings=(identity.finding,))
    file = file_of(incoming, kind, Verdict.USED, "", identity.agency, client=workbook.client)
    return Intake(file, submission)


def _name(incoming: Incoming) -> str:
    return incoming.path.rpartition("/")[2]


def _unreadable(
    incoming: Incoming, kind: str, problem: UnreadableFile, expected: Expectation
) -> Intake:
    verdict = Verdict.UNREADABLE
    return _rejected(incoming, kind, verdict, problem.code, expected, **problem.facts)


def _foreign(incoming: Incoming, kind: str, expected: Expectation) -> Intake:
    """Name a file that is of no format that is read for what it is."""
    code, verdict = REFUSALS[kind], Verdict.UNREADABLE
    if code == _NO_SPREADSHEET and not incoming.path.lower().endswith(_SPREADSHEETS):
        verdict = Verdict.NOT_A_RETURN
    return _rejected(incoming, kind, verdict, code, expected, format=f"@{kind}")


def _rejected(
    incoming: Incoming, kind: str, verdict: Verdict, code: str, expected: Expectation, **facts: str
) -> Intake:
    """Say why a file holds no return, and which one agency it is named after, if any."""
    named = expected.names.of_file(incoming.path)
    sender = next(iter(named)) if len(named) == 1 else ""
    severity = Severity.NOTE if verdict is Verdict.NOT_A_RETURN else Severity.ERROR
    facts = {"subject": incoming.path, "sender": sender, **facts}
    finding = Finding(code, severity, place=Place(incoming.path), facts=facts)
    return Intake(file_of(incoming, kind, verdict, code), findings=(finding,))
