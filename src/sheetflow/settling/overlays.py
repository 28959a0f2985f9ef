"""Lays the office's decisions over a submission; what the agency sent stays as it is beneath."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.entries import Entry, State
from sheetflow.model.registers import open_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.model.returns import Submission


class Overlaid(NamedTuple):
    """A submission with the decisions laid over it, and which decision set which cell."""

    submission: Submission
    by_cell: Mapping[CellRef, Decision]
    used: tuple[Decision, ...] = ()
    """Every decision that met a cell, also one whose value a later decision replaced."""


def overlay(form: Form, submission: Submission, decisions: Sequence[Decision]) -> Overlaid:
    """Apply an agency's decisions to its submission: blank-zero first, then adjustments."""
    if not any(d.kind in (DecisionKind.BLANK_ZERO, DecisionKind.ADJUST) for d in decisions):
        return Overlaid(submission, {})
    entries = dict(submission.entries)
    by_cell: dict[CellRef, Decision] = {}
    used: dict[Decision, None] = {}
    for decision in decisions:
        if decision.kind is DecisionKind.BLANK_ZERO:
            for entry in blanks(form, submission, decision):
                entries[entry.ref] = _decided(entry, decision, Decimal(0))
                by_cell[entry.ref] = decision
                used[decision] = None
    for decision in decisions:
        if decision.kind is DecisionKind.ADJUST and decision.cell and decision.value is not None:
            entries[decision.cell] = _decided(entries[decision.cell], decision, decision.value)
            by_cell[decision.cell] = decision
            used[decision] = None
    return Overlaid(
        replace(submission, entries=entries, checked=None, added_up=None), by_cell, tuple(used)
    )


def blanks(form: Form, submission: Submission, decision: Decision) -> Iterator[Entry]:
    """Give the blank entries that a decision takes as 0."""
    blank = (submission.entries[ref] for ref, _ in submission.blanks(form.needed))
    for entry in (*blank, *open_entries(form, submission.entries)):
        if form.cells[entry.ref].numeric and decision.table in ("", entry.ref.table):
            yield entry


def _decided(entry: Entry, decision: Decision, value: Decimal) -> Entry:
    return entry._replace(
        state=State.ADJUSTED,
        value=value,
        rule="",
        decision=decision.why,
        overruled=entry.reported,
    )
