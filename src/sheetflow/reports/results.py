"""Everything that a renderer may need, computed once: the renderers add nothing of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheetflow.model.cells import displayed
from sheetflow.model.form import Measure
from sheetflow.model.history import LastPeriod
from sheetflow.model.roster import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.aggregate import Aggregate
    from sheetflow.model.campaign import Settings
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.model.ledger import Ledger, LedgerLine, Standing
    from sheetflow.model.roster import Roster

WORD_TEMPLATE, HTML_TEMPLATE = "report/模板.docx", "report/模板.html"
"""Where a campaign keeps the office's own templates, and how findings name them."""


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """A campaign's outcome: the ledger, the aggregate of every group, the office's own texts."""

    form: Form
    layout: Layout
    settings: Settings
    roster: Roster
    ledger: Ledger
    aggregates: Mapping[str, Aggregate] = field(repr=False)
    last: LastPeriod = field(default_factory=LastPeriod, repr=False)
    office_texts: Mapping[CellRef, str] = field(default_factory=dict, repr=False)
    """What the office itself wrote for the report, by text cell."""
    word_template: bytes | None = field(default=None, repr=False)
    html_template: str | None = field(default=None, repr=False)
    day: date | None = None
    """As of which day they are; None: not told."""

    @property
    def is_draft(self) -> bool:
        """Whether something is still open, so that every output must say 草稿."""
        return not self.ledger.is_final

    def lines(self, group: str) -> Iterator[LedgerLine]:
        """Give the lines of a group's agencies, in the roster's order."""
        if group == ALL:
            return iter(self.ledger.lines)
        by_agency = self.ledger.by_agency
        return (by_agency[agency.code] for agency in self.roster.members(group))

    def standings(self, group: str) -> tuple[Standing, ...]:
        """Give how each of a group's agencies stands, in the same order."""
        if group == ALL:
            return self.ledger.standings
        return tuple(line.standing for line in self.lines(group))

    def shown(self, group: str, ref: CellRef) -> str:
        """Show a group's figure as the report prints it."""
        if not self.form.adds(ref):
            return self.aggregates[group].not_added(self.form.cells[ref])
        return self.displayed(ref, self.aggregates[group].value(ref))

    def displayed(self, ref: CellRef, value: Decimal | None) -> str:
        """Show a figure of a cell as the report prints it."""
        cell = self.form.cells[ref]
        if cell.measure is Measure.PERCENT and value is not None:
            return cell.written(value)
        decimals = cell.decimals if cell.decimals is not None else self.settings.decimals
        return displayed(value, decimals if cell.measure is Measure.AMOUNT else None)

    def group_title(self, group: str) -> str:
        """Name a group in words; the whole bears the campaign's name."""
        return self.roster.group_name(group) or self.settings.name
