"""Findings of blank entries are made when looked at; who looks finds what a plain list holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

import reported
from samples import filled, form, submitted
from sheetflow.checks.blanks import Findings, besides_blanks, blocking, extended
from sheetflow.checks.case import Case
from sheetflow.checks.submission import findings_alone
from sheetflow.gathering.intake import Intake
from sheetflow.gathering.records import RecordReader, RecordWriter
from sheetflow.model.answers import Answers, compacted, compacted_totals, make_slate
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.ledger import Ledger, LedgerLine, Standing
from sheetflow.model.returns import ReturnFile, Submission, Verdict
from sheetflow.relations.evaluate import Comparer, holds, with_totals
from sheetflow.reports.data import findings_json

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CODES = [str(entry.ref) for entry in form().entries() if entry.required]
VALUES = st.sampled_from([0, 0, 1, 2, 17, "3 件", "-", "无", "?", " ", None, None, None, None])
ANSWERS = st.lists(VALUES, min_size=len(CODES), max_size=len(CODES)).map(
    lambda values: dict(zip(CODES, values, strict=True))
)
"""About half of the entries blank, others plain, repaired or unreadable."""
NOTE, ERROR = Finding("P7", Severity.NOTE, "a"), Finding("I07", Severity.ERROR, "a")


def both(answers: Mapping[str, object]) -> tuple[Submission, Submission]:
    """Give a return as it is kept, and with each of its entries made."""
    sent = submitted(filled(answers))
    entries, totals = dict(sent.entries), dict(sent.totals)
    numeric = form().numeric
    return (
        replace(
            sent, entries=compacted(entries, numeric), totals=compacted_totals(totals, numeric)
        ),
        replace(sent, entries=entries, totals=totals),
    )


def written(findings: Collection[Finding]) -> bytes:
    """Write findings as those of an agency and of no agency at all."""
    line = LedgerLine("a", Standing.REJECTED, None, findings)
    ledger = Ledger((line, line), (), (), tuple(findings))
    return b"".join(findings_json(replace(reported.results(), ledger=ledger)))


@given(ANSWERS)
def test_what_is_found_is_the_same_however_a_return_is_kept(answers: dict[str, object]) -> None:
    kept, made = (findings_alone(Case(form(), each)) for each in both(answers))
    assert isinstance(made, tuple)
    assert (tuple(kept), len(kept), blocking(kept)) == (made, len(made), blocking(made))
    assert [f for f in besides_blanks(kept) if f.code != "T2"] == [
        f for f in made if f.code != "T2"
    ]
    assert [f for f in kept if f.cause] == [f for f in besides_blanks(kept) if f.cause]
    assert all(finding in kept for finding in made)
    assert NOTE not in kept
    around = extended(kept, before=[ERROR], after=[NOTE])
    assert tuple(around) == (ERROR, *made, NOTE)
    assert written(around) == written((ERROR, *made, NOTE))


@given(ANSWERS)
def test_how_and_where_an_entry_was_read_is_told_without_making_it(
    answers: dict[str, object],
) -> None:
    kept, made = both(answers)
    assert isinstance(kept.entries, Answers)
    assert [(kept.entries[ref].state, kept.place(ref)) for ref in kept.entries] == [
        (entry.state, entry.place) for entry in made.entries.values()
    ]


@given(ANSWERS)
def test_what_was_found_comes_back_from_a_record(answers: dict[str, object]) -> None:
    kept, _ = both(answers)
    kept = replace(kept, checked=findings_alone(Case(form(), kept)))
    file = ReturnFile(kept.file, 1, kept.sha256, "xlsx", "", Verdict.USED, "", kept.agency)
    writer, reader = RecordWriter(), RecordReader(form())
    record = writer.write([Intake(file, kept)])
    reader.learn(writer.slates)
    assert reader.read(record) == (Intake(file, kept),)


@given(ANSWERS)
def test_comparisons_that_are_not_looked_at_hold(answers: dict[str, object]) -> None:
    entries = both(answers)[0].entries
    unmet = Comparer(form(), tuple(entries))([entry.value for entry in entries.values()])
    known = {ref: entry.value for ref, entry in entries.items() if entry.value is not None}
    figures = with_totals(form(), known)
    assert [each.comparison for each in unmet] == [
        each for each in form().comparisons if not holds(each, figures)
    ]


def test_a_return_without_blanks_has_a_plain_list() -> None:
    kept, _ = both({})
    assert findings_alone(Case(form(), kept)) == ()
    half, _ = both({CODES[0]: None})
    found = findings_alone(Case(form(), half))
    assert isinstance(found, Findings)
    assert found == (next(iter(found)),)
    assert found != ()


def test_each_agency_has_its_own_lines_whatever_a_sheet_is_called() -> None:
    kept, _ = both({CODES[0]: None})
    assert isinstance(kept.entries, Answers)
    slate, texts = kept.entries.slate, kept.entries.texts
    cells = [(ref, "三\x0e\x0f", at) for ref, (_, at) in zip(slate.refs, slate.places, strict=True)]
    entries = Answers(make_slate(cells, form().numeric), "b.xlsx", texts, {})
    other = replace(kept, agency="b", file="b.xlsx", entries=entries)
    third = replace(other, agency="c", entries=Answers(entries.slate, "c.xlsx", texts, {}))
    found = [findings_alone(Case(form(), each)) for each in (kept, other, third)]
    lines = [LedgerLine("a", Standing.REJECTED, None, each) for each in found]
    plain = [replace(line, findings=tuple(line.findings)) for line in lines]
    told_lazily, told_plainly = (
        b"".join(findings_json(replace(reported.results(), ledger=Ledger(tuple(each), (), ()))))
        for each in (lines, plain)
    )
    assert told_lazily == told_plainly
