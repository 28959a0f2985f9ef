"""What is wrong in data is a value: a Finding, always with its place and both sides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from sheetflow.model.cells import CellRef, Place, exact_sum

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

T = TypeVar("T")


class Severity(StrEnum):
    """审核性质: `error` must be mended, `query` mended or explained, `note` is a hint."""

    ERROR = "error"
    QUERY = "query"
    NOTE = "note"


class Status(StrEnum):
    """Whether a finding is still open, or what closed it."""

    OPEN = "open"
    WAIVED = "waived"
    EXPLAINED = "explained"
    ADJUSTED = "adjusted"


class CellChange(NamedTuple):
    """A figure, and what it would have to be."""

    cell: CellRef
    now: Decimal
    should: Decimal


@dataclass(frozen=True, slots=True)
class Cause:
    """The smallest change that would make failed relations hold: a hint, never applied."""

    changes: tuple[CellChange, ...]
    """Empty: several changes do equally well."""
    candidates: tuple[tuple[CellChange, ...], ...]
    """Those that do, if there are several."""
    explains: tuple[str, ...]
    """Keys of the findings that it would settle."""

    @property
    def cells(self) -> tuple[CellRef, ...]:
        """Every cell that may be wrong."""
        every = (self.changes, *self.candidates)
        return tuple(dict.fromkeys(change.cell for changes in every for change in changes))


class Finding(NamedTuple):
    """One check that did not hold. `facts` are the words that its message needs."""

    code: str
    severity: Severity
    agency: str = ""
    cell: CellRef | None = None
    place: Place | None = None
    left: Decimal | None = None
    right: Decimal | None = None
    related: tuple[CellRef, ...] = ()
    consequence_of: str = ""
    status: Status = Status.OPEN
    reason: str = ""
    cause: Cause | None = None
    """What probably caused it and the findings that follow from it."""
    facts: Mapping[str, str] = MappingProxyType({})

    @property
    def key(self) -> str:
        """Name the finding among its agency's: code and cell (or what stands for it)."""
        return f"{self.code} {self.cell or self.facts.get('subject', '')}".rstrip()

    @property
    def difference(self) -> Decimal | None:
        """Left side minus right side, where both are known."""
        if self.left is None or self.right is None:
            return None
        return exact_sum((self.left, self.right.copy_negate()))

    @property
    def blocks(self) -> bool:
        """Whether it keeps the campaign from being final: an open error or query."""
        return self.status is Status.OPEN and self.severity is not Severity.NOTE


_TOLD = Finding._fields.index("place") + 1
_NOTHING_MORE = Finding("", Severity.NOTE)[_TOLD:]


def says_no_more(finding: Finding) -> bool:
    """Whether a finding says no more than what does not hold, and where; most say only that."""
    return finding[_TOLD:] == _NOTHING_MORE


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """A value, if one could be made, and everything that was found on the way."""

    value: T | None
    findings: tuple[Finding, ...] = ()
