"""处理决定: what the office decided, who, when and why. An overlay; no return is ever edited."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from sheetflow.model.cells import CellRef


class DecisionKind(StrEnum):
    """The kinds of decision, named as in decisions.toml."""

    ASSIGN = "assign"
    CHOOSE = "choose"
    BLANK_ZERO = "blank-zero"
    ADJUST = "adjust"
    WAIVE = "waive"
    EXCUSE = "excuse"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it stands in decisions.toml; keys that its kind does not have are empty."""

    kind: DecisionKind
    line: int
    by: str
    on: date | None
    why: str
    agency: str = ""
    group: str = ""
    sha256: str = ""
    check: str = ""
    table: str = ""
    cell: CellRef | None = None
    value: Decimal | None = None
    """The figure that replaces an agency's."""
    add: Decimal | None = None
    """The figure that is added to a group's total."""
    seen: str = ""
    """What it rests on, as `decide` found it; empty: written by hand, holds until edited."""
    file: str = "decisions.toml"
    """Where it stands; a county's own in its bundle."""

    @property
    def subject(self) -> str:
        """What it is about, in codes."""
        where = str(self.cell or self.table)
        whose = self.agency or self.group or self.sha256
        return " ".join(filter(None, (whose, self.check, where)))
