"""Prints what `check` says of returns besides findings: which did not count, what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.messages.interface import say, spoken
from sheetflow.messages.terms import term
from sheetflow.model.cells import plain
from sheetflow.model.roster import ALL
from sheetflow.relations.words import cell_words
from sheetflow.reports.alternatives import alternatives, answer_words, total_with
from sheetflow.reports.findings import place_words

if TYPE_CHECKING:
    from sheetflow.reports.alternatives import Alternative
    from sheetflow.reports.results import Results
    from sheetflow.settling.differences import CellDifference


def show_alternatives(results: Results) -> None:
    """Print how returns that do not count differ from the one that does, and what it would do."""
    for each in alternatives(results):
        facts = {
            "agency": results.roster.by_code[each.agency].name,
            "other": each.other.file,
            "beside": each.beside.file,
            "count": str(len(each.cells)),
        }
        print(say("alternative" if each.is_used else "alternative_unused", **facts))
        for cell in each.cells:
            place = cell.other.place
            line = f"  {place.sheet}!{place.address}  {cell_words(cell.cell, results.form)}"
            answers = f"{answer_words(cell.used)} → {answer_words(cell.other)}"
            print(f"{line}  {answers}{_effect(results, each, cell)}")


def _effect(results: Results, alternative: Alternative, cell: CellDifference) -> str:
    total = total_with(results, alternative, cell)
    now = results.aggregates[ALL].value(cell.cell)
    if total is None or total == now:
        return ""
    return "  " + say("total_effect", now="—" if now is None else plain(now), then=plain(total))


def show_changes(results: Results, *, listed_all: bool) -> None:
    """Print what differs from the issued templates without harm: the number, or each if asked."""
    harmless = [
        change
        for line in results.ledger.lines
        if line.submission
        for change in line.submission.changes
        if not change.harmful
    ]
    if listed_all:
        for change in harmless:
            words = f"{change.issued} → {change.found}" if change.issued else change.found
            print(f"{place_words(change.place)}  {term(change.kind, spoken())}  {words}".rstrip())
    elif harmless:
        print(say("changes", count=str(len(harmless))))
