"""Checks against the last period: a return, or the sum of those that were one, and previous[…]."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.checks.plausibility import slipped
from sheetflow.checks.relations import evaluated, failures
from sheetflow.model.cells import exact_sum
from sheetflow.model.history import amounts_of, lacking
from sheetflow.relations.evaluate import (
    needed_before,
    optional_operands,
    with_known_totals,
    with_totals,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from sheetflow.checks.case import Case
    from sheetflow.model.cells import CellRef
    from sheetflow.model.findings import Finding
    from sheetflow.model.form import Comparison, Form
    from sheetflow.model.history import Previous


def succession_findings(case: Case) -> Iterator[Finding]:
    """Evaluate every relation to the last period, where all that it names of it is known.

    One that fails at an amount in another unit follows from that (P1).
    """
    if not case.broken:
        return
    unmet = [evaluated(each, case.figures, case.before) for each in case.broken]
    slips = {ref for ref, _, _ in slipped(case)}
    for finding in failures(case, unmet):
        is_slip = finding.cell in slips and not finding.consequence_of
        cause = f"P1 {finding.cell}" if is_slip else finding.consequence_of
        yield finding._replace(consequence_of=cause)


def unchecked(case: Case) -> tuple[str, ...]:
    """Name the checks that can't be evaluated, wholly or in part, for want of last year's figures.

    不可核 is never a pass.
    """
    if case.previous is None:
        return _all_named(case.form)
    needed = _needed(case.form)
    unknown = lacking(amounts_of(case.previous.figures, case.form.entry_numbers))
    return _named(each for each, entries in needed.items() if not entries.isdisjoint(unknown))


@lru_cache(maxsize=16)
def _needed(form: Form) -> Mapping[Comparison, frozenset[int]]:
    """Give the entries of the last period that each relation to it needs, by their numbers."""
    return {each: needed_before(form, each) for each in form.successions}


@lru_cache(maxsize=16)
def _all_named(form: Form) -> tuple[str, ...]:
    return _named(_needed(form))


def _named(comparisons: Iterable[Comparison]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.relation.check for each in comparisons))


def _is_known(comparison: Comparison, before: Mapping[CellRef, Decimal]) -> bool:
    return all(ref in before for _, ref in comparison.previous)


def shared_findings(cases: Sequence[Case], previous: Previous, names: str) -> Iterator[Finding]:
    """Evaluate the same for agencies that only in sum follow on what was reported.

    The findings are about the first of them, and name all.
    """
    first = cases[0]
    figures = with_totals(first.form, _sums([case.entered for case in cases]))
    before = with_known_totals(first.form, previous.figures)
    known = [
        each
        for each in first.form.successions
        if _is_known(each, before)
        and all(ref in figures for ref in optional_operands(first.form, each))
    ]
    compared = [evaluated(each, figures, before) for each in known]
    for finding in failures(first, compared):
        yield finding._replace(facts={"together": names})


def _sums(parts: Sequence[Mapping[CellRef, Decimal]]) -> dict[CellRef, Decimal]:
    refs = dict.fromkeys(ref for part in parts for ref in part)
    return {ref: exact_sum(part[ref] for part in parts if ref in part) for ref in refs}
