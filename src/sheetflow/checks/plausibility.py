"""P1 to P3, P5, P6, P9: what can be right, but seldom is, mostly beside the last period's figures.

They are hints for the office, each with its evidence; thresholds are kept where real pairs of years
give no false alarm (docs/reliability.md has the rates).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.cells import Place, exact, exact_sum, plain
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import Measure, Operator
from sheetflow.model.period import PeriodKind
from sheetflow.relations.evaluate import adder, side_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheetflow.checks.case import Case
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.relations.evaluate import Adder

_TEN_THOUSAND = 10_000
NEAR = 3
"""Figures of two years are near each other within this factor."""
_JUMP, _JUMP_FROM = 10, 50
TELLING = 5
"""How many figures above 0 must be equal before equality tells anything.

Those of a register do not count: pages and fees are often the same.
"""
TELLING_TEXT = 60
"""How many characters a text must have before its equality tells anything."""
_USUAL_SIGNS = "，。、；：（）《》“”0123456789 \n"
"""Nearly all that texts have beside words: to take each away is quicker than to ask of all."""
_PART_OF_YEAR = re.compile("第?[一二三四]季度|[上下]半年")


def unit_slips(case: Case) -> Iterator[Finding]:
    """P1: an amount is about 10,000 times last year's, or a 10,000th: 元 for 万元."""
    for ref, now, before in slipped(case):
        yield hint("P1", case, ref, {"now": plain(now), "before": plain(before)})


def slipped(case: Case) -> Iterator[tuple[CellRef, Decimal, Decimal]]:
    """Give the amounts that P1 is about, of this year and of the last."""
    if case.years is None:
        return
    for number, ref in _amounts(case.form):
        now, before = (Decimal(amounts[number]) for amounts in case.years.added)
        if now and before:
            ratio = max(now, before) / min(now, before)
            if _TEN_THOUSAND / NEAR <= ratio <= _TEN_THOUSAND * NEAR:
                yield ref, now, before


@lru_cache(maxsize=16)
def _amounts(form: Form) -> tuple[tuple[int, CellRef], ...]:
    """Give the entries that are amounts of what last year had, too, with their numbers."""
    numbered = form.entry_numbers.items()
    cells = ((n, form.cells[ref]) for ref, n in numbered)
    amounts = ((n, cell) for n, cell in cells if cell.measure is Measure.AMOUNT)
    return tuple((n, cell.ref) for n, cell in amounts if not cell.in_register)


def jumps(case: Case) -> Iterator[Finding]:
    """P2: a total is more than ten times last year's, or less than a tenth, and not small."""
    for ref, now, before in _jumping(case):
        facts = {"now": plain(now), "before": plain(before)}
        yield hint("P2", case, ref, facts)._replace(severity=Severity.NOTE)


def _jumping(case: Case) -> list[tuple[CellRef, Decimal, Decimal]]:
    """Give the totals that jump, with both years' values; nothing compares them otherwise."""
    if case.years is None:
        return []
    (now, before), unknown = case.years.added, case.years.unknown
    jumping = []
    with exact():
        for ref, needed, add in _totals(case.form):
            low, high = sorted((add(now), add(before)))
            if high >= _JUMP_FROM and high > _JUMP * low and needed.isdisjoint(unknown):
                jumping.append((ref, Decimal(0) + add(now), Decimal(0) + add(before)))
    return jumping


@lru_cache(maxsize=16)
def _totals(form: Form) -> tuple[tuple[CellRef, frozenset[int], Adder], ...]:
    """Give the totals that no relation compares with last year's, with the entries they need."""
    at = form.entry_numbers
    compared = {ref for each in form.successions for ref in each.cells}
    return tuple(
        (ref, frozenset(at[leaf] for _, leaf in side), adder(side, at))
        for ref, side in form.leaves.items()
        if ref not in compared
    )


def transposed_digits(case: Case) -> Iterator[Finding]:
    """P3: what should follow on last year's figure does, with two digits exchanged."""
    for each in case.broken:
        (_, ref), *others = each.left
        if others or ref not in case.entered or each.relation.operator is not Operator.EQUAL:
            continue
        before = side_value(each.previous, case.before)
        expected = exact_sum((side_value(each.right, case.entered), before))
        if _is_transposed(plain(case.entered[ref]), plain(expected)):
            facts = {"now": plain(case.entered[ref]), "expected": plain(expected)}
            follows = f"{each.relation.check} {ref}"
            found = hint("P3", case, ref, facts)
            yield found._replace(severity=Severity.NOTE, consequence_of=follows)


def _is_transposed(one: str, other: str) -> bool:
    """Whether two numbers differ by an exchange of two neighbouring digits."""
    places = [i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(one) != len(other) or len(places) != 2:  # noqa: PLR2004 - two digits
        return False
    first, second = places
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]


def same_figures_as_last_year(case: Case) -> Iterator[Finding]:
    """P5: every figure is last year's, as if last year's workbook had been sent again."""
    if case.years is None:
        return
    pairs = zip(case.years.now, case.years.before, strict=True)
    if any(now != was for now, was in pairs if now is not None and was is not None):
        return
    both = ((ref, now) for ref, now in case.entered.items() if ref in case.before)
    telling = sum(now > 0 for ref, now in both if not case.form.cells[ref].in_register)
    if telling >= TELLING:
        submission, facts = case.submission, {"count": str(telling)}
        place = Place(submission.file)
        yield Finding("P5", Severity.QUERY, submission.agency, place=place, facts=facts)


def same_texts_as_last_year(case: Case) -> Iterator[Finding]:
    """P6: a text is word for word last year's, but for the year (不得敷衍、年年雷同)."""
    for ref, before in (case.previous.texts if case.previous else {}).items():
        entry = case.submission.entries.get(ref)
        raw = entry.raw if entry and not case.form.cells[ref].in_register else ""
        if len(raw) >= TELLING_TEXT and _told(case, raw) == _told(case, before):
            yield hint("P6", case, ref, {"count": str(len(raw))})


def _told(case: Case, text: str) -> str:
    """Give a text's words but for those that say which part of a year it is about."""
    is_part = case.form.period is not PeriodKind.YEAR
    return words_of(_PART_OF_YEAR.sub("", text) if is_part else text)


def words_of(text: str) -> str:
    """Give a text's words: what is left without white space, punctuation and digits."""
    for sign in _USUAL_SIGNS:
        text = text.replace(sign, "")
    return text if text.isalpha() else "".join(filter(str.isalpha, text))


def high_percentages(case: Case) -> Iterator[Finding]:
    """P9: a percentage is above 100%, as 98.5 is that was pasted over its cell's format."""
    for entry in case.submission.odd:
        cell = case.form.cells[entry.ref]
        if cell.measure is Measure.PERCENT and entry.value is not None and entry.value > 1:
            yield hint("P9", case, entry.ref, {"value": cell.written(entry.value)})


def hint(code: str, case: Case, ref: CellRef, facts: Mapping[str, str]) -> Finding:
    """Make a query about a cell, with what it rests on."""
    submission = case.submission
    place = submission.place(ref)
    return Finding(code, Severity.QUERY, submission.agency, ref, place, facts=facts)
