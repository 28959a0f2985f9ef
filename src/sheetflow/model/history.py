"""上年数: last period's figures, and whose of them each agency's figures follow on."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from sheetflow.model.answers import Known, amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheetflow.model.cells import CellRef
    from sheetflow.model.findings import Finding

_SEPARATOR = " "


class Figures(Mapping["CellRef", Decimal]):
    """The figures of one agency by cell, kept as texts: there may be very many agencies."""

    __slots__ = ("_joined", "_numbers")

    def __init__(self, numbers: Mapping[CellRef, int], texts: Sequence[str]) -> None:
        """Keep the texts of some cells; `numbers` says which text is each cell's, all of them.

        A text that does not begin with a digit is no figure.
        """
        self._numbers = numbers
        self._joined = _SEPARATOR.join(texts)

    @property
    def texts(self) -> list[str]:
        """Give the texts, as they were given."""
        return self._joined.split(_SEPARATOR)

    @property
    def amounts(self) -> list[int | Decimal | None]:
        """Give the value of each text, as integers if whole; None: it is no figure."""
        return [*map(_amounts.__getitem__, self.texts)]

    def items(self) -> ItemsView[CellRef, Decimal]:
        """Give every figure with its cell."""
        return self._all().items()

    def values(self) -> ValuesView[Decimal]:
        """Give every figure."""
        return self._all().values()

    def _all(self) -> dict[CellRef, Decimal]:
        known = zip(self._numbers, self.texts, strict=True)
        return {ref: Decimal(text) for ref, text in known if text[:1].isdigit()}

    def __getitem__(self, ref: CellRef) -> Decimal:
        text = self.texts[self._numbers[ref]]
        if not text[:1].isdigit():
            raise KeyError(ref)
        return Decimal(text)

    def __iter__(self) -> Iterator[CellRef]:
        known = zip(self._numbers, self.texts, strict=True)
        return (ref for ref, text in known if text[:1].isdigit())

    def __len__(self) -> int:
        return sum(text[:1].isdigit() for text in self.texts)

    def __repr__(self) -> str:
        return f"Figures({self._joined!r})"


def amounts_of(
    figures: Mapping[CellRef, Decimal], numbers: Mapping[CellRef, int]
) -> Sequence[int | Decimal | None]:
    """Give figures in the order of all entries; None: there is none."""
    return figures.amounts if isinstance(figures, Figures) else [*map(figures.get, numbers)]


def lacking(amounts: Sequence[int | Decimal | None]) -> frozenset[int]:
    """Give the numbers at which there is no value."""
    if None not in amounts:
        return frozenset()
    return frozenset(number for number, amount in enumerate(amounts) if amount is None)


@dataclass(frozen=True)
class Years:
    """The values of a form's entries, in its order, in two periods; None: there is none."""

    now: Sequence[int | Decimal | None]
    before: Sequence[int | Decimal | None]

    @cached_property
    def added(self) -> tuple[Sequence[int | Decimal], Sequence[int | Decimal]]:
        """Both as they are added up: what there is none of is 0."""
        return [value or 0 for value in self.now], [value or 0 for value in self.before]

    @cached_property
    def unknown(self) -> frozenset[int]:
        """The numbers of the entries that the last period has no value of."""
        return lacking(self.before)


def _amount(text: str) -> int | Decimal | None:
    return amount(text) if text[:1].isdigit() else None


_amounts = Known(_amount)


@dataclass(frozen=True, slots=True)
class Reported:
    """What one agency reported for the last period: entries only, and its texts."""

    figures: Mapping[CellRef, Decimal] = field(repr=False)
    texts: Mapping[CellRef, str] = field(default_factory=dict, repr=False)
    name: str = ""
    """As it was called then; empty: not known."""


@dataclass(frozen=True, slots=True)
class History:
    """Last period's figures as they are kept: by the codes that agencies and groups had then."""

    period: str
    records: Mapping[str, Reported] = field(repr=False)
    totals: Mapping[str, Mapping[CellRef, Decimal]] = field(default_factory=dict, repr=False)
    """What was published of each group, adjustments included; empty where only returns are kept."""
    predecessors: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Those that agencies had then already."""


@dataclass(frozen=True, slots=True)
class Previous:
    """What one agency, or those that it was made of, reported for the last period."""

    period: str
    agencies: tuple[str, ...]
    """Their codes in the last period; several where they were merged."""
    figures: Mapping[CellRef, Decimal] = field(repr=False)
    """Entries; one that one of them did not report is not there."""
    texts: Mapping[CellRef, str] = field(default_factory=dict, repr=False)
    """Empty where several were merged."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Agencies that were split, or mixed, so that only their sums follow on what was reported."""

    agencies: tuple[str, ...]
    previous: Previous


@dataclass(frozen=True, slots=True)
class Succession:
    """Whose figures follow on whose: 改名、合并、拆分 as the roster records them."""

    by_agency: Mapping[str, Previous] = field(default_factory=dict)
    shared: tuple[Shared, ...] = ()
    unfollowed: tuple[str, ...] = ()
    """Codes of the last period that no agency follows on."""


@dataclass(frozen=True, slots=True)
class LastPeriod:
    """All that is known of the last period; by default nothing."""

    succession: Succession = field(default_factory=Succession)
    totals: Mapping[str, Mapping[CellRef, Decimal]] = field(default_factory=dict, repr=False)
    """Figures by this period's groups; a group or a cell that is not there is not known."""
    faults: tuple[Finding, ...] = ()
    """What keeps its figures from being read, or leaves some of them unfollowed."""

    @property
    def by_agency(self) -> Mapping[str, Previous]:
        """Figures by this period's agencies; one that is not there is new, split or not known."""
        return self.succession.by_agency
