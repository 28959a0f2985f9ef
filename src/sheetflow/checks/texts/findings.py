"""N1 to N4: what texts say against tables and year, how long they are, what they leave out."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sheetflow.checks.texts.contradictions import against_itself, against_tables
from sheetflow.checks.texts.years import year_left
from sheetflow.model.cells import exact
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.period import year_of
from sheetflow.relations.evaluate import side_value
from sheetflow.relations.words import cell_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.checks.case import Case
    from sheetflow.checks.texts.contradictions import Contradiction
    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Side


def texts_against_tables(case: Case) -> Iterator[Finding]:
    """N1: a figure in the text is not the one in the table that its words mean."""
    now, before = partial(_now, case), partial(_before, case)
    for entry, text in case.plain_texts:
        for found in against_tables(text, case.form, case.period, now, before):
            yield _contradicted(case, entry, found)


def texts_against_themselves(case: Case) -> Iterator[Finding]:
    """N1: the parts that a text lists do not add up to the whole that it names."""
    for entry, text in case.plain_texts:
        for found in against_itself(text):
            yield _contradicted(case, entry, found)


def long_texts(case: Case) -> Iterator[Finding]:
    """N2: a text, or a section's texts together, are longer than the form allows.

    For a section that is said at its first text of which it is not said already.
    """
    long: set[CellRef] = set()
    for entry in case.texts:
        limit, length = case.form.cells[entry.ref].limit, _length(entry)
        if limit is not None and length > limit:
            long.add(entry.ref)
            yield _long(case, entry, cell_words(entry.ref, case.form), length, limit)
    for section in case.form.sections:
        if section.limit is not None:
            entries = [e for e in case.texts if case.form.cells[e.ref].section == section.code]
            length = sum(map(_length, entries))
            first = next((entry for entry in entries if entry.ref not in long), None)
            if first and length > section.limit:
                yield _long(case, first, section.heading, length, section.limit)


def _length(entry: Entry) -> int:
    return len("".join(entry.raw.split()))


def _long(case: Case, entry: Entry, what: str, length: int, limit: int) -> Finding:
    facts = {"section": what, "length": str(length), "limit": str(limit)}
    agency, place = case.submission.agency, entry.place
    return Finding("N2", Severity.NOTE, agency, entry.ref, place, facts=facts)


def unspoken(case: Case) -> Iterator[Finding]:
    """N3: a section that is filled in does not speak of what the letter asks for there."""
    for section in (each for each in case.form.sections if each.speaks_of):
        entries = [e for e in case.texts if case.form.cells[e.ref].section == section.code]
        said = "".join(entry.raw for entry in entries)
        if entries and section.speaks_of not in said:
            facts = {"section": section.heading, "words": section.speaks_of}
            first, agency = entries[0], case.submission.agency
            yield Finding("N3", Severity.NOTE, agency, first.ref, first.place, facts=facts)


def last_years_texts(case: Case) -> Iterator[Finding]:
    """N4: a text is about the year before; its figures are compared with nothing."""
    for entry, text in case.plain_texts:
        year = year_left(text, case.period)
        if year:
            facts = {"found": year, "expected": year_of(case.period)}
            agency, place = case.submission.agency, entry.place
            yield Finding("N4", Severity.QUERY, agency, entry.ref, place, facts=facts)


def _now(case: Case, side: Side) -> Decimal | None:
    """Add up what was reported; None where nothing of it was filled in."""
    with exact():
        known = case.known_amounts(side)
        return Decimal(sum(known)) if known else None


def _before(case: Case, side: Side) -> Decimal | None:
    """Add up last period's figures; None where one of them is not known."""
    figures = case.before
    if any(ref not in figures for _, ref in side):
        return None
    return side_value(side, figures)


def _contradicted(case: Case, entry: Entry, found: Contradiction) -> Finding:
    facts = {**found.facts, "subject": f"{entry.ref} {found.about}"}
    agency, place = case.submission.agency, entry.place
    return Finding("N1", Severity.QUERY, agency, entry.ref, place, related=found.cells, facts=facts)
