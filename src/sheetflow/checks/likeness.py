"""P7 and P8: returns of different agencies that say the same, as only a copy does.

There may be many returns, and they may lie on disk: of each its number and something short about
what it says are kept until all were seen; those that agree in it are looked at again.
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, TypeVar

from sheetflow.checks.plausibility import TELLING, TELLING_TEXT, words_of
from sheetflow.model.answers import Answers
from sheetflow.model.cells import Place
from sheetflow.model.characters import some_of
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.picking import Picker

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form
    from sheetflow.model.returns import Submission
    from sheetflow.model.roster import Agency

    CampaignCheck = Callable[[Form, Sequence[Submission], Mapping[str, Agency]], Iterator[Finding]]

C = TypeVar("C", bound="Hashable")

_SHOWN = 5
_SPACING = 8
"""Of returns whose figures have the same sum one figure in eight is compared first."""


def same_figures(
    form: Form, submissions: Sequence[Submission], agencies: Mapping[str, Agency]
) -> Iterator[Finding]:
    """P7: two agencies report the same figures throughout; `agencies` by code."""
    totals = _alike((number, submission.total) for number, submission in enumerate(submissions))
    rivals = {number for numbers in totals.values() for number in numbers}
    refs = tuple(submissions[0].entries) if submissions else ()
    some, every = Picker(refs[::_SPACING]), Picker(refs)
    may_tell = [not form.cells[ref].in_register for ref in refs]
    nearer = _alike(
        (number, (submission.total, *some(submission.entries)))
        for number, submission in enumerate(submissions)
        if number in rivals
    )
    for numbers in nearer.values():
        same = _alike((n, tuple(every(submissions[n].entries))) for n in numbers)
        for amounts, alike in same.items():
            told = compress(amounts, may_tell)
            if sum(amount is not None and amount > 0 for amount in told) >= TELLING:
                found = Finding("P7", Severity.QUERY)
                yield from _findings(submissions, alike, found, agencies)


def same_texts(
    form: Form, submissions: Sequence[Submission], agencies: Mapping[str, Agency]
) -> Iterator[Finding]:
    """P8: two agencies send the same text, but for names of places it may be a common model.

    In a register each may well tell of the same case.
    """
    told: dict[CellRef, None] = {}
    rivals = _alike(_hashed(submissions, told))
    for ref in (ref for ref in told if not form.cells[ref].in_register):
        for numbers in [numbers for (cell, _), numbers in rivals.items() if cell == ref]:
            same = _alike((n, _telling_text(submissions[n].entries[ref])) for n in numbers)
            for alike in same.values():
                found = Finding("P8", Severity.NOTE, cell=ref)
                yield from _findings(submissions, alike, found, agencies)


def _alike(said: Iterable[tuple[int, C]]) -> Mapping[C, list[int]]:
    """Give what two or more say, if it is anything, and their numbers."""
    first: dict[C, int] = {}
    alike: dict[C, list[int]] = {}
    for number, content in said:
        if content:
            earlier = first.setdefault(content, number)
            if earlier != number:
                alike.setdefault(content, [earlier]).append(number)
    return alike


def _hashed(
    submissions: Iterable[Submission], told: dict[CellRef, None]
) -> Iterator[tuple[int, tuple[CellRef, int]]]:
    """Give each telling text as its cell and a hash; put into `told` which cells hold texts."""
    for number, submission in enumerate(submissions):
        entries = submission.entries
        for entry in entries.worded() if isinstance(entries, Answers) else entries.values():
            if entry.state is State.TEXT and entry.raw.strip():
                told[entry.ref] = None
            words = _telling_text(entry)
            if words:
                yield number, (entry.ref, hash(words))


def _telling_text(entry: Entry) -> str:
    return words_of(entry.raw) if len(entry.raw) >= TELLING_TEXT else ""


def _findings(
    submissions: Sequence[Submission],
    alike: Sequence[int],
    finding: Finding,
    agencies: Mapping[str, Agency],
) -> Iterator[Finding]:
    """Give a finding for each of those that are alike, at its cell, or on the whole return."""
    names = [agencies[submissions[number].agency].name for number in alike]
    for own, number in enumerate(alike):
        submission = submissions[number]
        place = submission.place(finding.cell) if finding.cell else Place(submission.file)
        others = (name for other, name in enumerate(names) if other != own)
        facts = {"others": some_of(others, _SHOWN)}
        yield finding._replace(agency=submission.agency, place=place, facts=facts)


CAMPAIGN_CHECKS: tuple[CampaignCheck, ...] = (same_figures, same_texts)
