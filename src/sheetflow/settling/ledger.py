"""Settles the ledger: choose, overlay, check, waive, and from that each agency's standing."""

from __future__ import annotations

from array import array
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.checks.blanks import blocking, extended
from sheetflow.checks.case import Case
from sheetflow.checks.likeness import CAMPAIGN_CHECKS
from sheetflow.checks.submission import check_submission, findings_alone
from sheetflow.checks.succession import shared_findings, unchecked
from sheetflow.model.cells import Place
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.history import Succession
from sheetflow.model.ledger import Ledger, LedgerLine, Standing
from sheetflow.model.returns import ReturnFile, Submission, Verdict
from sheetflow.model.roster import ALL
from sheetflow.model.shelf import Shelving, changed, picked, shelved
from sheetflow.settling.choosing import Choice, choose
from sheetflow.settling.closing import adjusted, waive, waive_of_files
from sheetflow.settling.explaining import explain, idle_reasons
from sheetflow.settling.fingerprints import (
    has_changed,
    held,
    reopened,
    seen_findings,
    seen_returns,
    seen_sums,
    seen_values,
)
from sheetflow.settling.overlays import Overlaid, overlay

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sheetflow.model.form import Form
    from sheetflow.model.history import Previous
    from sheetflow.model.roster import Roster
    from sheetflow.settling.fingerprints import Seen

_NONE_COUNTS = "I06"
"""The finding that says why none of several returns counts."""


class _TakenUp(NamedTuple):
    """An agency with its returns and decisions: which return counts, and what was laid over it."""

    agency: str
    submissions: Sequence[Submission]
    decisions: Sequence[Decision]
    choice: Choice
    overlaid: Overlaid | None
    """None: no return counts."""
    seen: Seen
    """What its decisions on returns and values rest on."""


class _Together(NamedTuple):
    """What was found where an agency follows on last period's figures only in sum with others."""

    findings: tuple[Finding, ...]
    previous: Previous


class _Settled(NamedTuple):
    line: LedgerLine
    used: tuple[Decision, ...]
    seen: Seen


def settle(
    form: Form,
    roster: Roster,
    decisions: Sequence[Decision],
    *,
    submissions: Sequence[Submission],
    files: Sequence[ReturnFile],
    findings: Sequence[Finding],
    succession: Succession | None = None,
    period: str = "",
) -> Ledger:
    """Settle who stands how.

    `submissions` hold no two of equal content; `findings` are those of intake and definitions,
    which are about no agency's figures; `succession` tells last period's figures,
    and `period` is what the returns are about, as it is written, empty if it is not known.
    """
    succession = succession or Succession()
    taken_up = shelved(_take_up(form, roster, decisions, submissions))
    together = _together(form, roster, taken_up, succession)
    likeness = _likeness(form, roster, taken_up)
    shelving = Shelving[LedgerLine]()
    on_files, waivers = waive_of_files(findings, decisions, files)
    used = {*waivers, *(d for d in decisions if _is_used_elsewhere(d, files))}
    seen: Seen = {}
    behind: dict[str, str] = {}
    for each in taken_up:
        settled = _settle(
            form,
            each,
            succession.by_agency.get(each.agency),
            together.get(each.agency),
            likeness.get(each.agency, ()),
            period=period,
        )
        shelving.append(settled.line)
        used.update(settled.used)
        seen |= settled.seen
        counting = settled.line.submission
        before = counting.file if counting else _NONE_COUNTS
        behind |= dict.fromkeys((other.file for other in settled.line.others), before)
    ledger = Ledger(shelving.done(), (), tuple(decisions))
    on_groups = seen_sums(decisions, roster, ledger)
    seen |= on_groups
    again = {d for d in decisions if has_changed(d, seen)}
    unused = (_without_effect(d, ledger) for d in decisions if d not in used | again)
    return replace(
        ledger,
        files=changed(files, partial(_with_verdict, roster, behind)),
        reopened=frozenset(again),
        seen=seen,
        other_findings=(*on_files, *unused, *reopened(decisions, on_groups)),
    )


def _take_up(
    form: Form,
    roster: Roster,
    decisions: Sequence[Decision],
    submissions: Sequence[Submission],
) -> Iterator[_TakenUp]:
    """Choose each agency's return that counts and lay the decisions on values over it."""
    returned = _Returned(roster, submissions)
    decided: dict[str, list[Decision]] = {}
    for decision in decisions:
        decided.setdefault(decision.agency, []).append(decision)
    for agency in roster.members(ALL):
        sent = [submissions[number] for number in returned.of(agency.code)]
        yield _taken_up(form, agency.code, sent, decided.get(agency.code, ()))


class _Returned:
    """Which submissions are an agency's, by their numbers; little is held for each."""

    def __init__(self, roster: Roster, submissions: Iterable[Submission]) -> None:
        self._last: dict[str, int] = {}
        self._before = array("q")
        """For each submission the agency's one before it; -1: there is none."""
        for number, submission in enumerate(submissions):
            agency = roster.by_code.get(submission.agency)
            code = agency.code if agency else ""
            self._before.append(self._last.get(code, -1))
            self._last[code] = number

    def of(self, agency: str) -> Sequence[int]:
        """Give the numbers of an agency's submissions, in their order."""
        numbers, number = [], self._last.get(agency, -1)
        while number >= 0:
            numbers.append(number)
            number = self._before[number]
        return numbers[::-1]


def _taken_up(
    form: Form, agency: str, sent: Sequence[Submission], own: Sequence[Decision]
) -> _TakenUp:
    if len(sent) == 1 and not own:  # as it is with most
        return _TakenUp(agency, sent, own, Choice(sent[0]), Overlaid(sent[0], {}), {})
    seen = seen_returns(own, sent)
    choice = choose(agency, sent, held(own, seen)) if sent else Choice(None)
    chosen, overlaid = choice.submission, None
    if chosen:
        seen |= seen_values(form, own, chosen)
        overlaid = overlay(form, chosen, held(own, seen))
    return _TakenUp(agency, sent, own, choice, overlaid, seen)


def _together(
    form: Form, roster: Roster, taken_up: Sequence[_TakenUp], succession: Succession
) -> dict[str, _Together]:
    """Check agencies that only in sum follow on last period's figures; by agency what was found.

    One that is not there was not checked: until all have reported there is no sum.
    """
    together = {agency for shared in succession.shared for agency in shared.agencies}
    overlaid = {x.agency: x.overlaid for x in taken_up if x.agency in together} if together else {}
    found: dict[str, _Together] = {}
    for shared in succession.shared:
        parts = [overlaid.get(agency) for agency in shared.agencies]
        cases = [Case(form, part.submission) for part in parts if part]
        if len(cases) == len(parts):
            names = "、".join(roster.by_code[agency].name for agency in shared.agencies)
            first = tuple(shared_findings(cases, shared.previous, names))
            found |= dict.fromkeys(shared.agencies, _Together((), shared.previous))
            found[shared.agencies[0]] = _Together(first, shared.previous)
    return found


def _likeness(form: Form, roster: Roster, taken_up: Sequence[_TakenUp]) -> dict[str, list[Finding]]:
    """Check the returns that count against each other; by agency what was found."""
    numbers = [number for number, each in enumerate(taken_up) if each.overlaid]
    submissions = changed(picked(taken_up, numbers), _counting)
    found: dict[str, list[Finding]] = {}
    for check in CAMPAIGN_CHECKS:
        for finding in check(form, submissions, roster.by_code):
            found.setdefault(finding.agency, []).append(finding)
    return found


def _counting(taken_up: _TakenUp) -> Submission:
    if taken_up.overlaid is None:
        raise ValueError(taken_up.agency)
    return taken_up.overlaid.submission


def _settle(
    form: Form,
    agency: _TakenUp,
    previous: Previous | None,
    together: _Together | None,
    likeness: Sequence[Finding],
    *,
    period: str,
) -> _Settled:
    choice, overlaid = agency.choice, agency.overlaid
    if not agency.submissions:
        holding = held(agency.decisions, agency.seen)
        excuses = tuple(d for d in holding if d.kind is DecisionKind.EXCUSE)
        standing = Standing.EXCUSED if excuses else Standing.MISSING
        line = LedgerLine(agency.agency, standing, None, reopened(agency.decisions, agency.seen))
        return _Settled(line, excuses, agency.seen)
    if choice.submission is None or overlaid is None:
        others = tuple(agency.submissions)
        open_again = reopened(agency.decisions, agency.seen)
        findings = (*choice.findings, *open_again)
        line = LedgerLine(agency.agency, Standing.REJECTED, None, findings, others)
        return _Settled(line, choice.used, agency.seen)
    case = Case(form, overlaid.submission, previous, period)
    shared = together.findings if together else ()
    checked = overlaid.submission.checked
    alone = findings_alone(case) if checked is None else checked
    found = extended(alone, before=choice.findings, after=(*shared, *likeness))
    decided = _decided(agency, case, choice.submission, overlaid, found)
    told = explain(form, decided.findings, choice.submission)
    idle = idle_reasons(form, extended(told, after=decided.mended), choice.submission)
    listed = extended(told, after=(*idle, *decided.mended, *decided.again))
    others = tuple(s for s in agency.submissions if s.file != choice.submission.file)
    known = replace(case, previous=together.previous) if together else case
    line = LedgerLine(
        agency.agency,
        _standing(listed),
        overlaid.submission,
        listed,
        others,
        unchecked(known),
        choice.submission if overlaid.by_cell else None,
    )
    return _Settled(line, (*choice.used, *overlaid.used, *decided.waivers), decided.seen)


class _Decided(NamedTuple):
    """What is found on a return once its agency's decisions are taken into account."""

    findings: Collection[Finding]
    mended: tuple[Finding, ...]
    """What was found on it as it came, and decisions on values closed."""
    again: tuple[Finding, ...]
    """Decisions that are open again."""
    waivers: Sequence[Decision]
    seen: Seen


def _decided(
    agency: _TakenUp,
    case: Case,
    submission: Submission,
    overlaid: Overlaid,
    found: Collection[Finding],
) -> _Decided:
    """Take an agency's decisions into account; `submission` is its return as it came."""
    if not agency.decisions:
        return _Decided(found, (), (), (), agency.seen)
    mended: tuple[Finding, ...] = ()
    if overlaid.by_cell:
        before = check_submission(replace(case, submission=submission))
        mended = tuple(adjusted(case.form, before, found, overlaid.by_cell))
    covered = seen_findings(case.form, agency.decisions, found, submission, agency.submissions)
    seen = agency.seen | covered
    waived, waivers = waive(found, held(agency.decisions, seen))
    return _Decided(waived, mended, reopened(agency.decisions, seen), waivers, seen)


def _standing(findings: Collection[Finding]) -> Standing:
    severities = blocking(findings)
    if Severity.ERROR in severities:
        return Standing.REJECTED
    return Standing.QUERIED if Severity.QUERY in severities else Standing.ACCEPTED


def _with_verdict(roster: Roster, behind: Mapping[str, str], file: ReturnFile) -> ReturnFile:
    """Mark a readable return that does not count as superseded: by which file, or by none yet.

    `behind` names those of agencies that sent several.
    """
    agency = roster.by_code.get(file.agency)
    expected = agency is not None and agency.files
    if file.verdict is not Verdict.USED or (expected and file.path not in behind):
        return file
    return replace(file, verdict=Verdict.SUPERSEDED, reason=behind.get(file.path, _NONE_COUNTS))


def _is_used_elsewhere(decision: Decision, files: Iterable[ReturnFile]) -> bool:
    """Whether a decision took effect outside an agency's line: on a file, or on a group."""
    if decision.kind is DecisionKind.ASSIGN:
        return any(file.agency and file.sha256.startswith(decision.sha256) for file in files)
    return decision.kind is DecisionKind.ADJUST and bool(decision.group)


def _without_effect(decision: Decision, ledger: Ledger) -> Finding:
    """D02: a decision that matches nothing, with the likely reason."""
    line = ledger.by_agency.get(decision.agency)
    submitted = line is not None and line.submission is not None
    why = {
        DecisionKind.ASSIGN: "not_a_return_here",
        DecisionKind.CHOOSE: "no_such_return",
        DecisionKind.EXCUSE: "has_returned",
        DecisionKind.BLANK_ZERO: "no_blank",
        DecisionKind.WAIVE: "no_finding",
        DecisionKind.ADJUST: "no_submission",
    }[decision.kind]
    if (
        decision.agency
        and not submitted
        and decision.kind in (DecisionKind.BLANK_ZERO, DecisionKind.WAIVE)
    ):
        why = "no_submission"
    return Finding(
        "D02",
        Severity.ERROR,
        decision.agency,
        decision.cell,
        Place(decision.file, line=decision.line),
        facts={
            "kind": f"@{decision.kind}",
            "subject": decision.subject,
            "why": f"@{why}",
        },
    )
