"""上报件 and 报送数据: the bytes as they came, and the values read from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sheetflow.model.answers import Answers, Untyped
from sheetflow.model.cells import Place, exact
from sheetflow.model.entries import State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry, TotalCell
    from sheetflow.model.findings import Finding


class Verdict(StrEnum):
    """What became of a file in the folder; every file gets exactly one."""

    USED = "used"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    UNASSIGNED = "unassigned"
    UNREADABLE = "unreadable"
    NOT_A_RETURN = "not_a_return"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class LabelFault:
    """A label that is not where it must be, and the cells whose meaning it takes away."""

    place: Place
    expected: str
    found: str
    cells: tuple[CellRef, ...]
    removed: bool
    """Whether its line is gone; else another text stands in its place."""


class ChangeKind(StrEnum):
    """How a return differs from the template that was issued."""

    SHEET_MISSING = "sheet_missing"
    SHEET_RENAMED = "sheet_renamed"
    SHEET_ADDED = "sheet_added"
    LABEL_LOST = "label_lost"
    LABEL_REWORDED = "label_reworded"
    CELLS_MOVED = "cells_moved"
    FORMULA_TYPED_OVER = "formula_typed_over"
    FORMULA_CHANGED = "formula_changed"
    PROTECTION_LOST = "protection_lost"
    VALIDATION_LOST = "validation_lost"


@dataclass(frozen=True, slots=True)
class Change:
    """改动: a difference from the issued template; harmful where values can't be placed for it."""

    kind: ChangeKind
    place: Place
    issued: str
    found: str
    harmful: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """说明: why the agency says that what a check asks about is so."""

    check: str
    cell: CellRef | None
    """None: of the check as a whole, unless `where` says something."""
    text: str
    place: Place
    where: str = ""
    """What the agency typed as the cell, if it is none of the form's."""


@dataclass(frozen=True, slots=True)
class Submission:
    """报送数据: the values of one return. Totals are what stood there, never believed."""

    agency: str
    file: str
    sha256: str
    issue: int
    remarks: tuple[Finding, ...]
    """What is odd about what says whose it is."""
    entries: Mapping[CellRef, Entry] = field(repr=False)
    totals: Mapping[CellRef, TotalCell] = field(repr=False)
    label_faults: tuple[LabelFault, ...] = ()
    unused: tuple[Place, ...] = ()
    """Non-blank cells that are neither labels nor cells of the form."""
    changes: tuple[Change, ...] = ()
    """What differs from the issued template, but for what programs do by themselves."""
    explanations: tuple[Explanation, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Who filled it in, as the cover says: 填报人, 审核人, 联系电话, 填报日期."""
    received: date | None = None
    """When the file came in; None: not known."""
    checked: Collection[Finding] | None = field(default=None, repr=False)
    """What the checks on it alone found, before any decision; None: they were not run yet."""
    added_up: int | Decimal | None = None
    """The sum of all its figures as it was sent; None: they were not added up yet."""

    @property
    def answered(self) -> int:
        """How many figures could be read."""
        if isinstance(self.entries, Answers):
            return self.entries.answered
        return sum(entry.state is State.NUMBER for entry in self.entries.values())

    @property
    def figures(self) -> dict[CellRef, Decimal]:
        """The entries that have a value."""
        if isinstance(self.entries, Answers):
            return self.entries.figures()
        entries = self.entries.items()
        return {ref: entry.value for ref, entry in entries if entry.value is not None}

    @property
    def total(self) -> int | Decimal:
        """The sum of all its figures: returns that differ in it differ."""
        return total_of(self.amounts) if self.added_up is None else self.added_up

    @property
    def amounts(self) -> Sequence[int | Decimal | None]:
        """The value of every entry, in order; whole ones as integers or not."""
        if isinstance(self.entries, Answers):
            return self.entries.amounts()
        return [entry.value for entry in self.entries.values()]

    def blanks(self, needed: frozenset[CellRef]) -> list[tuple[CellRef, Place]]:
        """Give the cells that are blank, of those that are needed, each with its place."""
        entries = self.entries
        if isinstance(entries, Answers):
            refs, places = entries.slate.refs, entries.slate.places
            return [(refs[n], Place(entries.file, *places[n])) for n in entries.blanks(needed)]
        blank = (entry for entry in entries.values() if entry.state is State.BLANK)
        return [(entry.ref, entry.place) for entry in blank if entry.ref in needed]

    @property
    def told(self) -> list[Entry]:
        """The entries that hold a text."""
        if isinstance(self.entries, Answers):
            return self.entries.told()
        entries = self.entries.values()
        return [e for e in entries if e.state is State.TEXT and e.raw.strip()]

    @property
    def odd(self) -> list[Entry]:
        """The entries that can't be read, or were read with a repair, and maybe more."""
        if isinstance(self.entries, Answers):
            return self.entries.odd_ones()
        return list(self.entries.values())

    @property
    def typed(self) -> list[TotalCell]:
        """The total cells that somebody typed over."""
        if isinstance(self.totals, Untyped):
            return []
        return [total for total in self.totals.values() if total.typed]

    def place(self, ref: CellRef) -> Place:
        """Give the place of any cell of the form in this return."""
        if isinstance(self.entries, Answers) and ref in self.entries:
            return self.entries.place(ref)
        entry = self.entries.get(ref)
        return entry.place if entry else self.totals[ref].place


def total_of(amounts: Iterable[int | Decimal | None]) -> int | Decimal:
    """Add up what is there, without rounding."""
    with exact():
        return sum(filter(None, amounts))


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """上报件: one entry of the returns folder and what became of it."""

    path: str
    size: int
    sha256: str
    format: str
    client: str
    verdict: Verdict
    reason: str
    agency: str = ""
    received: date | None = None
    """When it came in; None: not known."""
    container: str = ""
    """The path of the archive, mail or bundle that it lay in, empty for a file of the folder."""
