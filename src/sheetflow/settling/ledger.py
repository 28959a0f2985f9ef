"""Settles the ledger: choose, overlay, check, waive, and from that each agency's standing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.checks.submission import check_submission
from sheetflow.model.cells import Place
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Severity, Status
from sheetflow.model.ledger import Ledger, LedgerLine, Standing
from sheetflow.model.returns import ReturnFile, Submission, Verdict
from sheetflow.settling.choosing import choose
from sheetflow.settling.overlays import Overlaid, overlay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.model.roster import Agency, Roster


@dataclass(frozen=True, slots=True)
class _Settled:
    line: LedgerLine
    used: tuple[Decision, ...]


def settle(
    form: Form,
    roster: Roster,
    decisions: Sequence[Decision],
    *,
    submissions: Sequence[Submission],
    files: Sequence[ReturnFile],
    findings: Sequence[Finding],
) -> Ledger:
    """Settle who stands how.

    `submissions` hold no two of equal content; `findings` are those of intake and definitions,
    which are about no agency's figures.
    """
    by_agency: dict[str, list[Submission]] = {}
    for submission in submissions:
        by_agency.setdefault(submission.agency, []).append(submission)
    decided: dict[str, list[Decision]] = {}
    for decision in decisions:
        decided.setdefault(decision.agency, []).append(decision)
    settled = [
        _settle(form, agency, by_agency.get(agency.code, ()), decided.get(agency.code, ()))
        for agency in roster.subtree("")
        if agency.files
    ]
    used = {decision for each in settled for decision in each.used}
    used |= {d for d in decisions if _is_used_elsewhere(d, files)}
    lines = tuple(each.line for each in settled)
    counting = {line.agency: line.submission.file for line in lines if line.submission}
    unused = (_without_effect(d, lines) for d in decisions if d not in used)
    return Ledger(
        lines=lines,
        files=tuple(_with_verdict(file, counting) for file in files),
        decisions=tuple(decisions),
        other_findings=(*findings, *unused),
    )


def _settle(
    form: Form, agency: Agency, submissions: Sequence[Submission], decisions: Sequence[Decision]
) -> _Settled:
    if not submissions:
        excuses = tuple(d for d in decisions if d.kind is DecisionKind.EXCUSE)
        standing = Standing.EXCUSED if excuses else Standing.MISSING
        return _Settled(LedgerLine(agency.code, standing, None), excuses)
    choice = choose(agency.code, submissions, decisions)
    if choice.submission is None:
        line = LedgerLine(agency.code, Standing.REJECTED, None, choice.findings, tuple(submissions))
        return _Settled(line, choice.used)
    overlaid = overlay(form, choice.submission, decisions)
    found = [*choice.findings, *check_submission(form, overlaid.submission)]
    mended = _mended(form, choice.submission, overlaid, found)
    waived, waivers = _waive(found, decisions)
    findings = (*waived, *mended)
    others = tuple(s for s in submissions if s is not choice.submission)
    line = LedgerLine(agency.code, _standing(findings), overlaid.submission, findings, others)
    return _Settled(line, (*choice.used, *overlaid.used, *waivers))


def _mended(
    form: Form, before: Submission, overlaid: Overlaid, remaining: Iterable[Finding]
) -> Iterator[Finding]:
    """Give the findings that the decisions on values closed; they stay listed, with the reason."""
    if not overlaid.by_cell:
        return
    keys = {finding.key for finding in remaining}
    for finding in check_submission(form, before):
        if finding.key not in keys:
            reason = _reason(form, finding, overlaid.by_cell)
            yield replace(finding, status=Status.ADJUSTED, reason=reason)


def _reason(form: Form, finding: Finding, by_cell: Mapping[CellRef, Decision]) -> str:
    named = ([finding.cell] if finding.cell else []) + list(finding.related)
    touched = (leaf for ref in named for _, leaf in form.leaves.get(ref, ((1, ref),)))
    return "；".join(dict.fromkeys(by_cell[ref].why for ref in touched if ref in by_cell))


def _waive(
    findings: Iterable[Finding], decisions: Iterable[Decision]
) -> tuple[list[Finding], list[Decision]]:
    """Close what is waived; a finding that only follows from a waived one is waived with it.

    Where two waivers cover a finding, the one that names its cell gives the reason.
    """
    waivers = [decision for decision in decisions if decision.kind is DecisionKind.WAIVE]
    waivers.sort(key=lambda waiver: waiver.cell is None)
    closing: dict[str, Decision] = {}
    used: dict[Decision, None] = {}
    findings = list(findings)
    for finding in findings:
        for waiver in waivers:
            if waiver.check == finding.code and waiver.cell in (None, finding.cell):
                closing.setdefault(finding.key, waiver)
                used[waiver] = None
    waived: list[Finding] = []
    for finding in findings:
        cause = finding.consequence_of
        follows = cause if cause.split(" ")[0] == finding.code else ""
        waiver_of = closing.get(finding.key) or closing.get(follows)
        if waiver_of:
            waived.append(replace(finding, status=Status.WAIVED, reason=waiver_of.why))
        else:
            waived.append(finding)
    return waived, list(used)


def _standing(findings: Iterable[Finding]) -> Standing:
    severities = {finding.severity for finding in findings if finding.blocks}
    if Severity.ERROR in severities:
        return Standing.REJECTED
    return Standing.QUERIED if Severity.QUERY in severities else Standing.ACCEPTED


def _with_verdict(file: ReturnFile, counting: Mapping[str, str]) -> ReturnFile:
    """Mark a readable return that does not count as superseded: by which file, or by none yet."""
    if file.verdict is not Verdict.USED or counting.get(file.agency) == file.path:
        return file
    return replace(file, verdict=Verdict.SUPERSEDED, reason=counting.get(file.agency, "I06"))


def _is_used_elsewhere(decision: Decision, files: Iterable[ReturnFile]) -> bool:
    """Whether a decision took effect outside an agency's line: on a file, or on a group."""
    if decision.kind is DecisionKind.ASSIGN:
        return any(file.sha256.startswith(decision.sha256) for file in files if file.sha256)
    return decision.kind is DecisionKind.ADJUST and bool(decision.group)


def _without_effect(decision: Decision, lines: Iterable[LedgerLine]) -> Finding:
    """D02: a decision that matches nothing, with the likely reason."""
    submitted = any(line.agency == decision.agency and line.submission for line in lines)
    why = {
        DecisionKind.ASSIGN: "no_such_file",
        DecisionKind.CHOOSE: "no_such_file",
        DecisionKind.EXCUSE: "has_returned",
        DecisionKind.BLANK_ZERO: "no_blank",
        DecisionKind.WAIVE: "no_finding",
        DecisionKind.ADJUST: "no_submission",
    }[decision.kind]
    if not submitted and decision.kind in (DecisionKind.BLANK_ZERO, DecisionKind.WAIVE):
        why = "no_submission"
    subject = " ".join(
        filter(
            None,
            (decision.agency, decision.check, str(decision.cell or decision.table or "")),
        )
    )
    return Finding(
        "D02",
        Severity.ERROR,
        decision.agency,
        decision.cell,
        Place("decisions.toml", line=decision.line),
        facts={
            "kind": f"@{decision.kind}",
            "subject": subject or decision.sha256,
            "why": f"@{why}",
        },
    )
