"""What the checks on one return look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from sheetflow.checks.texts.figures import plain_text
from sheetflow.model.answers import Answers
from sheetflow.model.findings import Finding
from sheetflow.model.form import Measure
from sheetflow.model.history import Years, amounts_of
from sheetflow.model.picking import Picker
from sheetflow.relations.evaluate import (
    Comparer,
    PeriodComparer,
    in_entries,
    with_known_totals,
    with_totals,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from sheetflow.model.answers import Slate
    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Comparison, Form, Side
    from sheetflow.model.history import Previous
    from sheetflow.model.returns import Submission
    from sheetflow.relations.evaluate import Evaluated


@dataclass(frozen=True)
class Case:
    """One return, the form that it answers, what was reported the last time, and the period."""

    form: Form
    submission: Submission
    previous: Previous | None = None
    """What the same agency reported then; None: not known."""
    period: str = ""
    """That which it is about, as it is written; empty: not known."""

    @cached_property
    def entered(self) -> Mapping[CellRef, Decimal]:
        """The entries that have a value."""
        return self.submission.figures

    @cached_property
    def figures(self) -> Mapping[CellRef, Decimal]:
        """The entries that have a value, and every total, computed from them."""
        return with_totals(self.form, self.entered)

    @cached_property
    def before(self) -> Mapping[CellRef, Decimal]:
        """Last period's figures, entries and totals; one that is not there is not known."""
        return with_known_totals(self.form, self.previous.figures) if self.previous else {}

    @cached_property
    def years(self) -> Years | None:
        """Its entries beside last period's; None: those are not known."""
        if self.previous is None:
            return None
        before = amounts_of(self.previous.figures, self.form.entry_numbers)
        return Years(_picker(self.form)(self.submission.entries), before)

    @cached_property
    def broken(self) -> Sequence[Comparison]:
        """The relations to the last period that do not hold; what is not known breaks none."""
        return _period_comparer(self.form)(self.years) if self.years else ()

    @cached_property
    def amounts(self) -> Sequence[int | Decimal | None]:
        """The value of every entry, in order."""
        return self.submission.amounts

    def amount(self, ref: CellRef) -> int | Decimal | None:
        """Give the value of an entry; None: it has none."""
        return self.amounts[self._numbers[ref]]

    def known_amounts(self, side: Side) -> list[int | Decimal]:
        """Give the amounts of a side's entries that have a value, each times its factor."""
        amounts, numbers = self.amounts, self._numbers
        found = [(factor, amounts[numbers[ref]]) for factor, ref in in_entries(self.form, side)]
        return [factor * amount for factor, amount in found if amount is not None]

    @cached_property
    def _numbers(self) -> Mapping[CellRef, int]:
        """At which number each entry stands."""
        entries = self.submission.entries
        if isinstance(entries, Answers):
            return entries.slate.index
        return {ref: number for number, ref in enumerate(entries)}

    @cached_property
    def unmet(self) -> Sequence[Evaluated]:
        """The comparisons within the return that do not hold, on entries and computed totals."""
        entries = self.submission.entries
        if isinstance(entries, Answers):
            return _comparer_of(self.form, entries.slate)(self.amounts)
        return _comparer(self.form, tuple(entries))(self.amounts)

    @cached_property
    def texts(self) -> Sequence[Entry]:
        """The entries that hold a text in words of the agency's own."""
        cells = self.form.cells
        return [each for each in self.submission.told if cells[each.ref].measure is Measure.TEXT]

    @cached_property
    def plain_texts(self) -> Sequence[tuple[Entry, str]]:
        """Those that tell of the whole, each with its text as figures are looked for in it.

        A row of a register tells of one case.
        """
        cells = self.form.cells
        told = (entry for entry in self.texts if not cells[entry.ref].in_register)
        return [(entry, plain_text(entry.raw)) for entry in told]


@lru_cache(maxsize=64)
def _comparer_of(form: Form, slate: Slate) -> Comparer:
    return _comparer(form, slate.refs)


@lru_cache(maxsize=64)
def _comparer(form: Form, refs: tuple[CellRef, ...]) -> Comparer:
    return Comparer(form, refs)


@lru_cache(maxsize=64)
def _period_comparer(form: Form) -> PeriodComparer:
    return PeriodComparer(form)


@lru_cache(maxsize=64)
def _picker(form: Form) -> Picker:
    return Picker(tuple(form.entry_numbers))


SubmissionCheck = Callable[[Case], Iterable[Finding]]
