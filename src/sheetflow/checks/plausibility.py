"""P1 to P3, P5, P6: what can be right, but seldom is, beside what was reported the last time.

They are hints for the office, each with its evidence; thresholds are kept where real pairs of years
give no false alarm (docs/reliability.md has the rates).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.model.cells import exact_sum, plain
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import Measure, Operator
from sheetflow.relations.evaluate import side_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from sheetflow.checks.case import Case
    from sheetflow.model.cells import CellRef

_TEN_THOUSAND = 10_000
NEAR = 3
"""Figures of two years are near each other within this factor."""
_JUMP, _JUMP_FROM = 10, 50
TELLING = 5
"""How many figures above 0 must be equal before equality tells anything."""
TELLING_TEXT = 60
"""How many characters a text must have before its equality tells anything."""


def unit_slips(case: Case) -> Iterator[Finding]:
    """P1: an amount is about 10,000 times last year's, or a 10,000th: 元 for 万元."""
    for ref, now, before in _both_years(case):
        if case.form.cells[ref].measure is Measure.AMOUNT and now and before:
            ratio = max(now, before) / min(now, before)
            if _TEN_THOUSAND / NEAR <= ratio <= _TEN_THOUSAND * NEAR:
                facts = {"now": plain(now), "before": plain(before)}
                yield hint("P1", case, ref, facts)


def jumps(case: Case) -> Iterator[Finding]:
    """P2: a total is more than ten times last year's, or less than a tenth, and not small."""
    if case.previous is None:
        return
    figures = case.figures
    compared = {ref for each in case.form.successions for ref in each.cells}
    for ref in case.form.leaves:
        now, before = figures[ref], case.before.get(ref)
        if before is None or ref in compared:
            continue
        low, high = sorted((now, before))
        if high >= _JUMP_FROM and high > _JUMP * low:
            facts = {"now": plain(now), "before": plain(before)}
            yield hint("P2", case, ref, facts)._replace(severity=Severity.NOTE)


def transposed_digits(case: Case) -> Iterator[Finding]:
    """P3: what should follow on last year's figure does, with two digits exchanged."""
    if case.previous is None:
        return
    figures = case.entered
    for each in case.form.successions:
        (_, ref), *others = each.left
        known = all(part in case.before for _, part in each.previous)
        is_equation = each.relation.operator is Operator.EQUAL
        if others or ref not in figures or not known or not is_equation:
            continue
        before = side_value(each.previous, case.before)
        expected = exact_sum((side_value(each.right, figures), before))
        if _is_transposed(plain(figures[ref]), plain(expected)):
            facts = {"now": plain(figures[ref]), "expected": plain(expected)}
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
    pairs = list(_both_years(case))
    telling = sum(now > 0 for _, now, _ in pairs)
    if telling >= TELLING and all(now == before for _, now, before in pairs):
        yield hint("P5", case, pairs[0][0], {"count": str(telling)})


def same_texts_as_last_year(case: Case) -> Iterator[Finding]:
    """P6: a text is word for word last year's, but for the year (不得敷衍、年年雷同)."""
    for ref, before in (case.previous.texts if case.previous else {}).items():
        entry = case.submission.entries.get(ref)
        if entry and len(entry.raw) >= TELLING_TEXT and words_of(entry.raw) == words_of(before):
            yield hint("P6", case, ref, {"count": str(len(entry.raw))})


def words_of(text: str) -> str:
    """Give a text's words: what is left without white space, punctuation and digits."""
    return "".join(filter(str.isalpha, text))


def _both_years(case: Case) -> Iterator[tuple[CellRef, Decimal, Decimal]]:
    """Give the entries that are known of both years."""
    if case.previous:
        for ref, now in case.entered.items():
            before = case.before.get(ref)
            if before is not None:
                yield ref, now, before


def hint(code: str, case: Case, ref: CellRef, facts: Mapping[str, str]) -> Finding:
    """Make a query about a cell, with what it rests on."""
    submission = case.submission
    place = submission.place(ref)
    return Finding(code, Severity.QUERY, submission.agency, ref, place, facts=facts)
