"""Closes queries by the agency's reasons; an error stays open, whatever is said about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetflow.messages.phrases import says_something
from sheetflow.model.findings import Finding, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheetflow.model.returns import Explanation, Submission

_SHOWN = 60


def explain(findings: Sequence[Finding], submission: Submission) -> list[Finding]:
    """Give the findings with the agency's reasons; a query that has a good one is explained.

    A query that only follows from an explained one is explained with it.
    """
    given = {
        finding.key: each
        for each in submission.explanations
        if says_something(each.text)
        for finding in findings
        if _answers(each, finding)
    }
    explained = []
    for finding in findings:
        reason = given.get(finding.key) or given.get(finding.consequence_of)
        if reason is None or finding.status is not Status.OPEN:
            explained.append(finding)
        elif finding.severity is Severity.QUERY:
            closed = replace(finding, status=Status.EXPLAINED, reason=reason.text)
            explained.append(closed)
        else:
            explained.append(replace(finding, reason=reason.text))
    return explained


def idle_reasons(findings: Sequence[Finding], submission: Submission) -> Iterator[Finding]:
    """T5: a reason says nothing. T6: a reason answers nothing that is asked."""
    for each in submission.explanations:
        answered = [finding for finding in findings if _answers(each, finding)]
        code = "T6" if not answered else "" if says_something(each.text) else "T5"
        if code:
            facts = {"text": each.text[:_SHOWN], "check": each.check, "subject": each.place.address}
            place, agency = each.place, submission.agency
            yield Finding(code, Severity.NOTE, agency, each.cell, place, facts=facts)


def _answers(reason: Explanation, finding: Finding) -> bool:
    return reason.check == finding.code and reason.cell in (None, finding.cell)
