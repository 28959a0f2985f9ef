"""Returns on a form that today's replaced: what means the same is taken over, the rest named."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text
from sheetflow.gathering.reading import Blueprint, blueprint, read_submission
from sheetflow.model.cells import Place
from sheetflow.model.entries import Entry, State, TotalCell
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import LineKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetflow.gathering.identify import Identity
    from sheetflow.model.form import Form
    from sheetflow.model.returns import Submission
    from sheetflow.workbooks.workbook import Workbook

_SHOWN = 40


def read_return(
    plan: Blueprint, workbook: Workbook, identity: Identity, file: str, sha256: str
) -> Submission:
    """Read a return by the form, or by one that it replaced if that one's labels stand there."""
    submission = read_submission(plan, workbook, identity, file, sha256)
    for code in plan.form.former if submission.label_faults else ():
        former = _former_plan(code)
        older = read_submission(former, workbook, identity, file, sha256)
        if _placed(former.form, older) > _placed(plan.form, submission):
            return _taken_over(plan.form, former.form, older)
    return submission


@lru_cache
def _former_plan(code: str) -> Blueprint:
    loaded = load_form(shipped_form_text(code), f"{code}.toml")
    if loaded.value is None:
        raise ValueError(loaded.findings)  # shipped forms have no faults; a test holds them to it
    return blueprint(loaded.value)


def _placed(form: Form, submission: Submission) -> int:
    """Count the figures whose cell was found."""
    unplaced = {ref for fault in submission.label_faults for ref in fault.cells}
    return sum(form.cells[r].numeric and r not in unplaced for r in submission.entries)


def _taken_over(form: Form, former: Form, older: Submission) -> Submission:
    """Give the old return as one of today's form: cells of the same code mean the same."""
    entries = {
        cell.ref: older.entries.get(cell.ref)
        or Entry(cell.ref, State.BLANK, None, "", _nowhere(older))
        for cell in form.entries()
    }
    totals = {
        ref: older.totals.get(ref) or TotalCell(ref, _nowhere(older))
        for ref, cell in form.cells.items()
        if cell.kind is LineKind.TOTAL
    }
    faults = (
        replace(fault, cells=cells)
        for fault in older.label_faults
        if (cells := tuple(ref for ref in fault.cells if ref in entries))
    )
    rest = [entry for ref, entry in older.entries.items() if ref not in entries]
    taken = sum(ref in older.entries and form.cells[ref].numeric for ref in entries)
    facts = {
        "form": former.title,
        "taken": str(taken),
        "left": str(len(rest)),
        "cells": "、".join(_named(former, rest)) or "—",
    }
    remark = Finding("I16", Severity.NOTE, older.agency, place=Place(older.file), facts=facts)
    return replace(
        older,
        remarks=(*older.remarks, remark),
        entries=entries,
        totals=totals,
        label_faults=tuple(faults),
    )


def _nowhere(submission: Submission) -> Place:
    """Give the place of a cell that the old form does not have."""
    return Place(submission.file)


def _named(former: Form, entries: Iterable[Entry]) -> list[str]:
    """Name what the old form has and today's has not, where something was filled in."""
    filled = [entry for entry in entries if entry.raw.strip()]
    named = [
        f"{' '.join(former.cells[entry.ref].labels)} {entry.raw[:20]}"
        f"（{entry.place.sheet}!{entry.place.address}）"
        for entry in filled[:_SHOWN]
    ]
    return [*named, "…"] if len(filled) > _SHOWN else named
