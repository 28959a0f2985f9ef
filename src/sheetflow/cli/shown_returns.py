"""Prints what `check` says of returns besides findings: which did not count, what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.messages.interface import first_listed, say, spoken
from sheetflow.messages.terms import term
from sheetflow.model.cells import plain
from sheetflow.model.roster import ALL
from sheetflow.relations.words import cell_words
from sheetflow.reports.alternatives import (
    alternatives,
    answer_words,
    groups_above,
    settled_and_raised,
    total_with,
)
from sheetflow.reports.findings import key_words, place_words

if TYPE_CHECKING:
    from sheetflow.reports.alternatives import Alternative
    from sheetflow.reports.results import Results
    from sheetflow.settling.differences import CellDifference


_SHOWN = 5
"""How many findings a line names, and how many cells are listed of a return."""


def show_alternatives(results: Results, *, listed_all: bool = False) -> None:
    """Print how returns that do not count differ from the one that does, and what it would do.

    Of many cells only the first are listed, unless all are asked for.
    """
    for each in alternatives(results):
        facts = {
            "agency": results.roster.by_code[each.agency].name,
            "other": each.other.file,
            "beside": each.beside.file,
            "count": str(len(each.cells)),
        }
        if not each.cells:
            print(say("alternative_same", **facts))
            continue
        print(say("alternative" if each.is_used else "alternative_unused", **facts))
        cells = each.cells if listed_all else each.cells[:_SHOWN]
        for cell in cells:
            print(f"  {_difference(results, cell)}{_effects(results, each, cell)}")
        if len(cells) < len(each.cells):
            print("  " + say("more_cells", count=str(len(each.cells) - len(cells))))
        settled, raised = settled_and_raised(results, each)
        for phrase, keys in (("settled", settled), ("raised", raised)):
            if keys and each.is_used:
                named = first_listed([key_words(key, results.layout) for key in keys], _SHOWN)
                print("  " + say(phrase, count=str(len(keys)), findings=named))


def _difference(results: Results, cell: CellDifference) -> str:
    """Say both answers at a cell, and where it stands in a workbook that has it."""
    place = cell.other.place
    at = f"{place.sheet}!{place.address}" if place.address else ""
    answers = f"{answer_words(cell.beside)} → {answer_words(cell.other)}"
    return "  ".join(filter(None, (at, cell_words(cell.cell, results.form), answers)))


def _effects(results: Results, alternative: Alternative, cell: CellDifference) -> str:
    """Say what the totals would be, of the whole and of the county, if the other return counted."""
    effects = []
    for group in groups_above(results, alternative.agency):
        total = total_with(results, alternative, cell, group)
        now = results.aggregates[group].value(cell.cell)
        if total is not None and total != now:
            shown = "—" if now is None else plain(now)
            name = results.group_title(group) if group != ALL else ""
            effects.append(
                say("total_effect", name=name or say("whole"), now=shown, then=plain(total))
            )
    return "".join(f"  {effect}" for effect in effects)


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
