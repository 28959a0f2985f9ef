"""N1, N4: what the office's own texts say that the report's tables and year do not; notes."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sheetflow.checks.texts.contradictions import against_itself, against_tables
from sheetflow.checks.texts.figures import plain_text
from sheetflow.checks.texts.years import year_left
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.roster import ALL
from sheetflow.reports.comparison import last_value
from sheetflow.reports.drafting import shown, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheetflow.checks.texts.contradictions import Contradiction
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Side
    from sheetflow.reports.results import Results


def contradicted_texts(results: Results, files: Mapping[CellRef, str]) -> Iterator[Finding]:
    """Give a note for each figure of the office's texts that the whole's tables contradict.

    And one for a text that still is about the year before.
    `files` says where each text lies. A figure may be rounded as the report prints it.
    """
    for ref, text in results.office_texts.items():
        for found in _contradictions(results, text):
            place = Place(files[ref])
            yield Finding("N1", Severity.NOTE, cell=ref, place=place, facts=found.facts)
        year = year_left(plain_text(text), results.settings.period)
        if year:
            facts = {"found": year, "expected": results.settings.year}
            yield Finding("N4", Severity.NOTE, cell=ref, place=Place(files[ref]), facts=facts)


def _contradictions(results: Results, text: str) -> Iterator[Contradiction]:
    now = partial(value_of, results, ALL)
    before = partial(last_value, results, ALL)
    agree = partial(_agree, results)
    form, period, plain = results.form, results.settings.period, plain_text(text)
    yield from against_tables(plain, form, period, now, before, agree=agree)
    yield from against_itself(plain)


def _agree(results: Results, said: Decimal, found: Decimal, side: Side) -> bool:
    """Whether a figure is exact, or as the report prints it."""
    return said in (found, Decimal(shown(results, found, [ref for _, ref in side])))
