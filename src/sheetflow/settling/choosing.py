"""Which of an agency's returns counts, where it sent several that differ.

The office's choice; else the highest issue; else the most complete; else the latest. A finding says
which, and why. Where nothing tells, none counts and the office is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import Place
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sheetflow.model.returns import Submission


class Choice(NamedTuple):
    """The return that counts for an agency (None: nothing says which), and what was found."""

    submission: Submission | None
    findings: tuple[Finding, ...] = ()
    used: tuple[Decision, ...] = ()


def choose(agency: str, submissions: Sequence[Submission], decisions: Sequence[Decision]) -> Choice:
    """Choose among an agency's returns, not none and all different, by its own decisions."""
    chosen = [decision for decision in decisions if decision.kind is DecisionKind.CHOOSE]
    for decision in chosen:
        for submission in submissions:
            if submission.sha256.startswith(decision.sha256):
                return Choice(submission, used=(decision,))
    if len(submissions) == 1:
        return Choice(submissions[0])
    best, why = _best(submissions)
    if best is None:
        return Choice(None, (_undecided(agency, submissions),))
    return Choice(best, (_superseding(agency, best, submissions, why),))


def _best(submissions: Sequence[Submission]) -> tuple[Submission | None, str]:
    """Give the return that is ahead of the others, and by what (a term)."""
    issue = max(submission.issue for submission in submissions)
    left = [submission for submission in submissions if submission.issue == issue]
    if len(left) == 1:
        return left[0], "by_issue"
    answered = max(submission.answered for submission in left)
    left = [submission for submission in left if submission.answered == answered]
    if len(left) == 1:
        return left[0], "by_completeness"
    if len({_content(submission) for submission in left}) == 1:
        return max(left, key=lambda each: len(each.unused)), "by_equality"  # a note beside is seen
    dates = [submission.received for submission in left if submission.received]
    latest = [submission for submission in left if dates and submission.received == max(dates)]
    if len(dates) == len(left) and len(latest) == 1:
        return latest[0], "by_date"
    return None, ""


def _content(submission: Submission) -> Hashable:
    """Give all that an agency's standing depends on."""
    return (
        tuple((e.ref, e.state, e.value or e.raw) for e in submission.entries.values()),
        tuple((total.ref, total.value or total.raw) for total in submission.typed),
        tuple((e.check, e.cell, e.where, e.text) for e in submission.explanations),
        tuple(remark.code for remark in submission.remarks),
    )


def _undecided(agency: str, submissions: Sequence[Submission]) -> Finding:
    files = "、".join(f"{s.file}（sha256 {s.sha256[:8]}，{_received(s)}）" for s in submissions)
    facts = {"count": str(len(submissions)), "files": files}
    place = Place(submissions[0].file)
    return Finding("I06", Severity.ERROR, agency, place=place, facts=facts)


def _superseding(
    agency: str, chosen: Submission, submissions: Sequence[Submission], why: str
) -> Finding:
    """I07; a query where the one that counts is behind another one in some other way."""
    others = [submission for submission in submissions if submission is not chosen]
    facts = {
        "issue": str(chosen.issue),
        "used": f"{chosen.file}（{_received(chosen)}）",
        "files": "、".join(f"{s.file}（{_received(s)}）" for s in others),
        "why": f"@{why}",
    }
    behind = any(_is_ahead(other, chosen) for other in others)
    severity = Severity.QUERY if behind else Severity.NOTE
    return Finding("I07", severity, agency, place=Place(chosen.file), facts=facts)


def _is_ahead(other: Submission, chosen: Submission) -> bool:
    """Whether another return has more figures, or is known to have come later."""
    later = chosen.received and other.received and other.received > chosen.received
    return other.answered > chosen.answered or bool(later)


def _received(submission: Submission) -> str:
    return submission.received.isoformat() if submission.received else "收到日期不明"
