"""N1 to N3: what texts say against the tables, how long they are, and what they leave out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetflow.checks.texts.breakdowns import broken_breakdowns
from sheetflow.checks.texts.figures import plain_text
from sheetflow.checks.texts.growth import changes_after, wrong_changes
from sheetflow.checks.texts.mentions import Said, said_of
from sheetflow.model.cells import exact_product, exact_sum, plain
from sheetflow.model.findings import Finding, Severity
from sheetflow.relations.words import cell_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from sheetflow.checks.case import Case
    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry
    from sheetflow.model.sentences import Mention

_SHOWN = 60


def texts_against_tables(case: Case) -> Iterator[Finding]:
    """N1: a figure in the text is not the one in the table that its words mean."""
    for entry in case.texts:
        text = plain_text(entry.raw)
        for mention in case.form.mentions:
            table = _value(case, mention, case.figures)
            for said in said_of(text, mention, case.period):
                if table is not None and said.value != table:
                    yield _differing(case, entry, said, table)
                elif table is not None:
                    yield from _changed(case, entry, text, said)


def texts_against_themselves(case: Case) -> Iterator[Finding]:
    """N1: the parts that a text lists do not add up to the whole that it names."""
    for entry in case.texts:
        for number, broken in enumerate(broken_breakdowns(plain_text(entry.raw))):
            facts = {
                "words": broken.words[:_SHOWN],
                "said": plain(broken.said),
                "found": plain(broken.found),
                "whose": "@share_is" if broken.is_share else "@parts_sum",
                "subject": f"{entry.ref} {number}",
            }
            yield Finding(
                "N1", Severity.QUERY, case.submission.agency, entry.ref, entry.place, facts=facts
            )


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
    for section in case.form.sections:
        entries = [e for e in case.texts if case.form.cells[e.ref].section == section.code]
        said = "".join(entry.raw for entry in entries)
        if section.speaks_of and entries and section.speaks_of not in said:
            facts = {"section": section.heading, "words": section.speaks_of}
            first, agency = entries[0], case.submission.agency
            yield Finding("N3", Severity.NOTE, agency, first.ref, first.place, facts=facts)


def _changed(case: Case, entry: Entry, text: str, said: Said) -> Iterator[Finding]:
    """Compute again what a text says of the change since last year."""
    claims = changes_after(text, said.end)
    known = all(ref in case.before for _, ref in said.mention.side)
    before = exact_sum(exact_product(f, case.before[ref]) for f, ref in said.mention.side if known)
    for wrong in wrong_changes(said.value, before if known else None, claims):
        told = replace(said, words=wrong.claim.words, value=wrong.claim.value)
        yield _differing(case, entry, told, wrong.should, whose="@computed")


def _value(case: Case, mention: Mention, figures: Mapping[CellRef, Decimal]) -> Decimal | None:
    """Add up what a mention means; None where nothing of it was filled in."""
    known = False
    for _, ref in mention.side:
        leaves = (leaf for _, leaf in case.form.addends(ref))
        entries = case.submission.entries
        known = known or any(entries[leaf].value is not None for leaf in leaves)
    if not known:
        return None
    return exact_sum(exact_product(f, figures[ref]) for f, ref in mention.side if ref in figures)


def _differing(
    case: Case, entry: Entry, said: Said, found: Decimal, *, whose: str = "@table_says"
) -> Finding:
    facts = {
        "words": said.words[:_SHOWN],
        "said": plain(said.value),
        "found": plain(found),
        "whose": whose,
        "subject": f"{entry.ref} {said.mention.said} {said.words}",
    }
    related = tuple(ref for _, ref in said.mention.side)
    agency, place = case.submission.agency, entry.place
    return Finding("N1", Severity.QUERY, agency, entry.ref, place, related=related, facts=facts)
