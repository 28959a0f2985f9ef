"""Closes queries by the agency's reasons; an error stays open, whatever is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.messages.phrases import says_something
from sheetflow.model.characters import shortened, some_of
from sheetflow.model.findings import Finding, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sheetflow.model.form import Form
    from sheetflow.model.returns import Explanation, Submission

_OF_RETURNS = ("T", "N", "P")
"""First letters of codes that an agency can do something about, besides the form's own checks."""
_SHOWN_TEXT, _SHOWN_PLACES = 120, 8


def is_agencys(form: Form, code: str) -> bool:
    """Whether what has this code is for the agency to mend or explain, not for the office."""
    return form.check(code) is not None or code.startswith(_OF_RETURNS)


def explain(
    form: Form, findings: Collection[Finding], submission: Submission
) -> Collection[Finding]:
    """Give the findings with the agency's reasons; a query that has a good one is explained.

    A query that only follows from an explained one is explained with it. An empty phrase is shown,
    and closes nothing.
    """
    if not submission.explanations:
        return findings
    given: dict[str, list[str]] = {}
    for each, answered in _answered(form, findings, submission):
        for finding in answered:
            given.setdefault(finding.key, []).append(each.text)
    reasons = {key: _reason(texts) for key, texts in given.items()}
    queries = {f.key for f in findings if f.severity is Severity.QUERY}
    return tuple(_with_reason(finding, reasons, queries) for finding in findings)


def _with_reason(finding: Finding, reasons: dict[str, str], queries: set[str]) -> Finding:
    if finding.status is not Status.OPEN:
        return finding
    own, cause = reasons.get(finding.key, ""), finding.consequence_of
    if finding.severity is Severity.QUERY:
        causes = reasons.get(cause, "") if cause in queries else ""
        for reason in filter(says_something, (own, causes)):
            return finding._replace(status=Status.EXPLAINED, reason=reason)
    return finding._replace(reason=own) if own else finding


def _reason(texts: Sequence[str]) -> str:
    """Give what was said about one finding, each reason once; empty phrases if nothing else."""
    good = [text for text in texts if says_something(text)]
    return "；".join(dict.fromkeys(good or texts))


def idle_reasons(
    form: Form, findings: Collection[Finding], submission: Submission
) -> Iterator[Finding]:
    """T5: a reason says nothing. T6: a reason answers nothing that is asked. One for each text."""
    if not submission.explanations:
        return
    idle: dict[tuple[str, str], list[Explanation]] = {}
    for each, answered in _answered(form, findings, submission):
        code = "T6" if not answered else "" if says_something(each.text) else "T5"
        if code:
            idle.setdefault((code, each.text), []).append(each)
    for (code, text), reasons in idle.items():
        about = (" ".join(filter(None, (e.place.address, e.check, e.where))) for e in reasons)
        facts = {
            "text": shortened(text, _SHOWN_TEXT),
            "check": _listed(dict.fromkeys(about)),
            "subject": reasons[0].place.address,
        }
        yield Finding(code, Severity.NOTE, submission.agency, place=reasons[0].place, facts=facts)


def _answered(
    form: Form, findings: Collection[Finding], submission: Submission
) -> Iterator[tuple[Explanation, list[Finding]]]:
    """Give each reason with the findings that it is about."""
    by_check: dict[str, list[Finding]] = {}
    by_cell: dict[tuple[str, object], list[Finding]] = {}
    for finding in findings:
        if is_agencys(form, finding.code):
            by_check.setdefault(finding.code.upper(), []).append(finding)
            by_cell.setdefault((finding.code.upper(), finding.cell), []).append(finding)
    for each in submission.explanations:
        if each.cell:
            yield each, by_cell.get((each.check, each.cell), [])
        else:
            yield each, [] if each.where else by_check.get(each.check, [])


def _listed(texts: Iterable[str]) -> str:
    return some_of((shortened(text, _SHOWN_TEXT) for text in texts), _SHOWN_PLACES)
