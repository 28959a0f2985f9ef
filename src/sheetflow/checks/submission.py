"""The checks on one return; each is a function from the case to findings."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from sheetflow.checks.causes import causes, with_causes
from sheetflow.checks.exchange import exchanged_lines
from sheetflow.checks.plausibility import (
    jumps,
    same_figures_as_last_year,
    same_texts_as_last_year,
    transposed_digits,
    unit_slips,
)
from sheetflow.checks.relations import relation_findings, total_findings
from sheetflow.checks.succession import succession_findings
from sheetflow.checks.texts.findings import (
    long_texts,
    texts_against_tables,
    texts_against_themselves,
    unspoken,
)
from sheetflow.model.answers import Answers
from sheetflow.model.cells import plain
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity, findings_at, says_no_more
from sheetflow.model.form import Blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheetflow.checks.case import Case, SubmissionCheck
    from sheetflow.model.answers import Slate
    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry, TotalCell
    from sheetflow.model.form import Form
    from sheetflow.model.returns import LabelFault, Submission

BLANK = "T2"
_WRITTEN_UNITS = frozenset(("unit", "unit_converted"))
_SHOWN_TEXT, _SHOWN_PLACES = 60, 20


def check_submission(case: Case) -> tuple[Finding, ...]:
    """Give every finding about one return, in the checks' order."""
    return tuple(chain.from_iterable(check(case) for check in SUBMISSION_CHECKS))


def found_alone(case: Case) -> tuple[Finding | int, ...]:
    """Find all about one return that needs no other return, with probable causes.

    Of an entry that is blank, and no more is to be said of it, its number stands for the finding:
    there may be very many.
    """
    entries, probable = case.submission.entries, causes(case)
    if not isinstance(entries, Answers):
        return tuple(with_causes(case.form, check_submission(case), probable))
    brief: list[Finding | int] = []
    for check in SUBMISSION_CHECKS:
        brief += entries.blanks(_asked(case.form)) if check is blank_entries else check(case)
    if not probable:
        return tuple(brief)
    found = with_causes(case.form, _in_full(case.form, case.submission, brief), probable)
    index = entries.slate.index
    return tuple(
        index[each.cell] if each.code == BLANK and each.cell and says_no_more(each) else each
        for each in found
    )


def findings_alone(case: Case) -> list[Finding]:
    """Give every finding about one return that needs no other return, found now or before."""
    submission = case.submission
    found = found_alone(case) if submission.checked is None else submission.checked
    return _in_full(case.form, submission, found)


def _in_full(form: Form, submission: Submission, found: Sequence[Finding | int]) -> list[Finding]:
    """Give the findings that numbers stand for."""
    numbers = [each for each in found if isinstance(each, int)]
    blanks = iter(_blanks_found(form, submission, numbers) if numbers else ())
    return [next(blanks) if isinstance(each, int) else each for each in found]


def unreadable_entries(case: Case) -> Iterator[Finding]:
    """T1: an entry can't be read as what its cell asks for."""
    form, submission = case.form, case.submission
    unplaced = {ref for fault in submission.label_faults for ref in fault.cells}
    for entry in submission.odd:
        if entry.state in (State.UNREADABLE, State.NA) and entry.ref not in unplaced:
            yield _unreadable(form, submission, entry)
    for total in submission.typed:
        if total.value is None and total.ref not in unplaced:
            yield _unreadable(form, submission, total)


def _unreadable(form: Form, submission: Submission, read: Entry | TotalCell) -> Finding:
    expected = f"@{form.cells[read.ref].measure}"
    facts = {"raw": _shown(read.raw), "expected": expected, "hint": f"@{read.rule}"}
    return Finding("T1", Severity.ERROR, submission.agency, read.ref, read.place, facts=facts)


def blank_entries(case: Case) -> Iterable[Finding]:
    """T2: a required entry is blank; how grave that is, the form says line by line."""
    form, submission = case.form, case.submission
    asked = _asked(form)
    if isinstance(submission.entries, Answers):
        return _blanks_found(form, submission, submission.entries.blanks(asked))
    return [
        Finding(BLANK, _grave(form, ref), submission.agency, ref, place)
        for ref, place in submission.blanks(asked)
    ]


def _blanks_found(form: Form, submission: Submission, numbers: Iterable[int]) -> list[Finding]:
    """Say of entries, by their numbers, that each is required and blank."""
    entries = submission.entries
    if not isinstance(entries, Answers):
        raise TypeError(entries)  # only those have numbers
    cells = _if_blank(form, entries.slate)
    told = [cells[number] for number in numbers]
    return findings_at(BLANK, submission.agency, told, entries.file)


@lru_cache(maxsize=16)
def _asked(form: Form) -> frozenset[CellRef]:
    return frozenset(ref for ref in form.needed if form.cells[ref].blank is not Blank.ZERO)


@lru_cache(maxsize=64)
def _if_blank(form: Form, slate: Slate) -> tuple[tuple[Severity, CellRef, str, str], ...]:
    """Give how grave it would be that an entry is blank, its cell and its place, for each."""
    pairs = zip(slate.refs, slate.places, strict=True)
    return tuple((_grave(form, ref), ref, sheet, address) for ref, (sheet, address) in pairs)


def _grave(form: Form, ref: CellRef) -> Severity:
    return Severity.QUERY if form.cells[ref].blank is Blank.QUERY else Severity.ERROR


def misplaced_labels(case: Case) -> Iterator[Finding]:
    """T3: a label is not where it must be, so the cells that it gives a meaning can't be placed."""
    form, submission = case.form, case.submission
    for fault in submission.label_faults:
        gone = "@line_gone" if fault.place.address else "@sheet_gone"
        yield Finding(
            "T3",
            _gravity(form, fault),
            submission.agency,
            fault.cells[0] if fault.place.address else None,
            fault.place,
            related=fault.cells[1:],
            facts={
                "expected": fault.expected,
                "found": gone if fault.removed else _shown(fault.found),
                "count": str(len(fault.cells)),
            },
        )


def _gravity(form: Form, fault: LabelFault) -> Severity:
    """Judge a line that is gone as its blanks would be; one that was changed is an error."""
    lost = [form.cells[ref] for ref in fault.cells if form.cells[ref].required]
    if fault.removed:
        lost = [cell for cell in lost if cell.blank is not Blank.ZERO]
        if lost and all(cell.blank is Blank.QUERY for cell in lost):
            return Severity.QUERY
    return Severity.ERROR if lost else Severity.NOTE


def repaired_entries(case: Case) -> Iterator[Finding]:
    """T4: an entry was read with a repair; where a unit was written the office should ask."""
    submission = case.submission
    for entry in submission.odd:
        if entry.state is State.NUMBER and entry.rule and entry.value is not None:
            asked = not _WRITTEN_UNITS.isdisjoint(entry.rule.split("+"))
            yield Finding(
                "T4",
                Severity.QUERY if asked else Severity.NOTE,
                submission.agency,
                entry.ref,
                entry.place,
                facts={
                    "raw": _shown(entry.raw),
                    "value": plain(entry.value),
                    "rule": f"@{entry.rule}",
                },
            )


def odd_marks(case: Case) -> Iterator[Finding]:
    """I05, I09 to I11: something is odd about the marks that say whose the return is."""
    yield from case.submission.remarks


def unused_cells(case: Case) -> Iterator[Finding]:
    """F10: something stands where the form has no cell; it is listed, not used."""
    submission = case.submission
    if submission.unused:
        listed = [f"{p.sheet}!{p.address}" for p in submission.unused[:_SHOWN_PLACES]]
        places = "、".join(listed) + ("…" if len(submission.unused) > _SHOWN_PLACES else "")
        yield Finding(
            "F10",
            Severity.NOTE,
            submission.agency,
            place=submission.unused[0],
            facts={"places": places, "count": str(len(submission.unused))},
        )


def _shown(text: str) -> str:
    """Quote the beginning of a long text; the whole one stands in the file."""
    return text if len(text) <= _SHOWN_TEXT else f"{text[:_SHOWN_TEXT]}…"


SUBMISSION_CHECKS: tuple[SubmissionCheck, ...] = (
    misplaced_labels,
    unreadable_entries,
    blank_entries,
    repaired_entries,
    total_findings,
    relation_findings,
    succession_findings,
    unit_slips,
    jumps,
    transposed_digits,
    exchanged_lines,
    same_figures_as_last_year,
    same_texts_as_last_year,
    texts_against_tables,
    texts_against_themselves,
    long_texts,
    unspoken,
    odd_marks,
    unused_cells,
)
