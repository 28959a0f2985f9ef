"""The checks on one return; each is a function from the case to findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.checks.blanks import Blanks, Findings, asked, blank_entry
from sheetflow.checks.causes import causes, with_causes
from sheetflow.checks.exchange import exchanged_lines
from sheetflow.checks.plausibility import (
    high_percentages,
    jumps,
    same_figures_as_last_year,
    same_texts_as_last_year,
    transposed_digits,
    unit_slips,
)
from sheetflow.checks.relations import relation_findings, total_findings
from sheetflow.checks.succession import succession_findings
from sheetflow.checks.texts.findings import (
    last_years_texts,
    long_texts,
    texts_against_tables,
    texts_against_themselves,
    unspoken,
)
from sheetflow.checks.unused import listed, surplus_rows, unused_cells
from sheetflow.model.answers import Answers
from sheetflow.model.cells import plain
from sheetflow.model.characters import shortened
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import Blank
from sheetflow.model.registers import is_filled, open_entries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sheetflow.checks.case import Case, SubmissionCheck
    from sheetflow.model.entries import Entry, TotalCell
    from sheetflow.model.form import Form
    from sheetflow.model.returns import LabelFault, Submission

_ASKED = frozenset(("unit", "unit_converted", "stale_formula"))
"""Repairs about which the office should ask."""
_FORMULA = "formula"
_SHOWN_TEXT = 60


def check_submission(case: Case) -> tuple[Finding, ...]:
    """Give every finding about one return, in the checks' order."""
    return tuple(finding for check in SUBMISSION_CHECKS for finding in check(case))


def findings_alone(case: Case) -> Collection[Finding]:
    """Give every finding about one return that needs no other return, with probable causes."""
    form, entries, probable = case.form, case.submission.entries, causes(case)
    blanks = isinstance(entries, Answers) and Blanks(form, case.submission.agency, entries)
    if probable or not blanks:
        return tuple(with_causes(form, check_submission(case), probable))
    at = SUBMISSION_CHECKS.index(blank_entries)
    before, after = (
        [finding for check in checks for finding in check(case)]
        for checks in (SUBMISSION_CHECKS[:at], SUBMISSION_CHECKS[at + 1 :])
    )
    return Findings(before, blanks, after)


def unreadable_entries(case: Case) -> Iterator[Finding]:
    """T1, T9: an entry can't be read as the figure, or as the choice or day, that is asked for."""
    form, submission = case.form, case.submission
    unplaced = {ref for fault in submission.label_faults for ref in fault.cells}
    for entry in submission.odd:
        if entry.state in (State.UNREADABLE, State.NA) and entry.ref not in unplaced:
            yield _unreadable(form, submission, entry)
    for total in submission.typed:
        if total.value is None and total.ref not in unplaced:
            yield _unreadable(form, submission, total)


def _unreadable(form: Form, submission: Submission, read: Entry | TotalCell) -> Finding:
    cell = form.cells[read.ref]
    code = "T1" if cell.numeric else "T9"
    expected = _shown(" / ".join(cell.choices)) or f"@{cell.measure}"
    facts = {"raw": _shown(read.raw), "expected": expected, "hint": f"@{read.rule}"}
    return Finding(code, Severity.ERROR, submission.agency, read.ref, read.place, facts=facts)


def blank_entries(case: Case) -> Iterator[Finding]:
    """T2, T7: a required entry is blank; how grave that is, the form says line by line."""
    form, agency = case.form, case.submission.agency
    for ref, place in case.submission.blanks(frozenset(asked(form))):
        yield blank_entry(form, agency, ref, place)


def unfinished_rows(case: Case) -> Iterator[Finding]:
    """T2, T7: something stands in a row of a register, but not all that it must say."""
    form, agency = case.form, case.submission.agency
    for entry in open_entries(form, case.submission.entries):
        if form.cells[entry.ref].blank is not Blank.ZERO:
            yield blank_entry(form, agency, entry.ref, entry.place)


def misplaced_labels(case: Case) -> Iterator[Finding]:
    """T3: a label is not where it must be, so the cells that it gives a meaning can't be placed."""
    form, submission = case.form, case.submission
    for fault in submission.label_faults:
        gone = "@line_gone" if fault.place.address else "@sheet_gone"
        yield Finding(
            "T3",
            _gravity(form, submission, fault),
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


def _gravity(form: Form, submission: Submission, fault: LabelFault) -> Severity:
    """Judge a line that is gone as its blanks would be; one that was changed is an error.

    So is one at whose cells anything stands, though they may be blank: it would not count.
    """
    entries = map(submission.entries.get, fault.cells)
    if any(entry and is_filled(entry) for entry in entries):
        return Severity.ERROR
    lost = [form.cells[ref] for ref in fault.cells if form.cells[ref].required]
    if fault.removed:
        lost = [cell for cell in lost if cell.blank is not Blank.ZERO]
        if lost and all(cell.blank is Blank.QUERY for cell in lost):
            return Severity.QUERY
    return Severity.ERROR if lost else Severity.NOTE


def repaired_entries(case: Case) -> Iterator[Finding]:
    """T4: an entry was read with a repair; where it is doubtful the office should ask."""
    submission = case.submission
    for entry in submission.odd:
        rules = [rule for rule in entry.rule.split("+") if rule != _FORMULA]
        if entry.state is State.NUMBER and any(rules) and entry.value is not None:
            is_doubtful = not _ASKED.isdisjoint(rules)
            yield Finding(
                "T4",
                Severity.QUERY if is_doubtful else Severity.NOTE,
                submission.agency,
                entry.ref,
                entry.place,
                facts={
                    "raw": _shown(entry.raw),
                    "value": plain(entry.value),
                    "rule": f"@{'+'.join(rules)}",
                },
            )


def formula_entries(case: Case) -> Iterator[Finding]:
    """T8: formulas stand where figures or texts are asked for; what they gave is used."""
    places = [e.place for e in case.submission.odd if _FORMULA in e.rule.split("+")]
    yield from listed("T8", case.submission, places)


def odd_marks(case: Case) -> Iterator[Finding]:
    """I05, I09 to I11: something is odd about the marks that say whose the return is."""
    yield from case.submission.remarks


def _shown(text: str) -> str:
    """Quote the beginning of a long text; the whole one stands in the file."""
    return shortened(text, _SHOWN_TEXT)


SUBMISSION_CHECKS: tuple[SubmissionCheck, ...] = (
    misplaced_labels,
    unreadable_entries,
    blank_entries,
    unfinished_rows,
    repaired_entries,
    formula_entries,
    total_findings,
    relation_findings,
    succession_findings,
    unit_slips,
    jumps,
    transposed_digits,
    exchanged_lines,
    high_percentages,
    same_figures_as_last_year,
    same_texts_as_last_year,
    texts_against_tables,
    texts_against_themselves,
    last_years_texts,
    long_texts,
    unspoken,
    odd_marks,
    surplus_rows,
    unused_cells,
)
