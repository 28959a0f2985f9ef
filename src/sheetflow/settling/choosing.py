"""Which of an agency's returns counts: the office's choice, else the highest issue, else none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.model.cells import Place
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheetflow.model.returns import Submission


@dataclass(frozen=True, slots=True)
class Choice:
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
    highest = max(submission.issue for submission in submissions)
    latest = [submission for submission in submissions if submission.issue == highest]
    if len(submissions) == 1:
        return Choice(submissions[0])
    if len(latest) > 1:
        return Choice(None, (_undecided(agency, latest),))
    return Choice(latest[0], (_superseding(agency, latest[0], submissions),))


def _undecided(agency: str, submissions: Sequence[Submission]) -> Finding:
    files = "、".join(f"{s.file}（sha256 {s.sha256[:8]}）" for s in submissions)
    facts = {"count": str(len(submissions)), "files": files}
    place = Place(submissions[0].file)
    return Finding("I06", Severity.ERROR, agency, place=place, facts=facts)


def _superseding(agency: str, chosen: Submission, submissions: Sequence[Submission]) -> Finding:
    others = "、".join(s.file for s in submissions if s is not chosen)
    facts = {"issue": str(chosen.issue), "used": chosen.file, "files": others}
    return Finding("I07", Severity.NOTE, agency, place=Place(chosen.file), facts=facts)
