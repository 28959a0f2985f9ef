"""P7 and P8: returns of different agencies that say the same, as only a copy does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sheetflow.checks.plausibility import TELLING, TELLING_TEXT, words_of
from sheetflow.model.answers import Picker
from sheetflow.model.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from sheetflow.model.cells import CellRef
    from sheetflow.model.returns import Submission

    CampaignCheck = Callable[[Sequence[Submission], Mapping[str, str]], Iterator[Finding]]

_SHOWN = 5


def same_figures(submissions: Sequence[Submission], names: Mapping[str, str]) -> Iterator[Finding]:
    """P7: two agencies report the same figures throughout; `names` are those of agencies."""
    sums = _alike(submissions, lambda submission: submission.total)
    for alike in (group for rivals in sums for group in _same_throughout(rivals)):
        for submission in alike:
            place = submission.place(next(iter(submission.entries)))
            facts = {"others": _others(submission, alike, names)}
            yield Finding("P7", Severity.QUERY, submission.agency, place=place, facts=facts)


def same_texts(submissions: Sequence[Submission], names: Mapping[str, str]) -> Iterator[Finding]:
    """P8: two agencies send the same text, but for names of places it may be a common model."""
    refs = dict.fromkeys(entry.ref for submission in submissions for entry in submission.told)
    for ref in refs:
        for alike in _alike(submissions, partial(_telling_text, ref)):
            for submission in alike:
                facts = {"others": _others(submission, alike, names)}
                place = submission.place(ref)
                yield Finding("P8", Severity.NOTE, submission.agency, ref, place, facts=facts)


def _alike(
    submissions: Iterable[Submission], content: Callable[[Submission], Hashable]
) -> Iterator[list[Submission]]:
    groups: dict[Hashable, list[Submission]] = {}
    for submission in submissions:
        said = content(submission)
        if said:
            groups.setdefault(said, []).append(submission)
    return (group for group in groups.values() if len(group) > 1)


def _same_throughout(rivals: Sequence[Submission]) -> Iterator[list[Submission]]:
    """Give returns that agree cell by cell, if enough of their figures are telling."""
    pick = Picker(tuple(rivals[0].entries))
    for alike in _alike(rivals, lambda submission: tuple(pick(submission.entries))):
        if sum(amount is not None and amount > 0 for amount in alike[0].amounts) >= TELLING:
            yield alike


def _telling_text(ref: CellRef, submission: Submission) -> str:
    entry = submission.entries.get(ref)
    if entry is None or len(entry.raw) < TELLING_TEXT:
        return ""
    return words_of(entry.raw)


def _others(submission: Submission, alike: Sequence[Submission], names: Mapping[str, str]) -> str:
    others = [names[each.agency] for each in alike if each is not submission]
    return "、".join(others[:_SHOWN]) + ("…" if len(others) > _SHOWN else "")


CAMPAIGN_CHECKS: tuple[CampaignCheck, ...] = (same_figures, same_texts)
