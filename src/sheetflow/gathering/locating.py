"""Finds the sheet that holds each table of the form, whatever the sheets are called now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.gathering.positions import Placement, PrintedTable, place
from sheetflow.workbooks.correction import SENDBACK
from sheetflow.workbooks.front import COVER, SCRATCH
from sheetflow.workbooks.self_check import CHECKS
from sheetflow.workbooks.stamp import HIDDEN_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheetflow.layout.grid import Label, Slot
    from sheetflow.model.cells import CellRef
    from sheetflow.workbooks.workbook import Sheet, Spot, Workbook

WITHOUT_FIGURES = frozenset((SENDBACK, COVER, CHECKS, SCRATCH, HIDDEN_SHEET))
"""Sheets of every template that hold no cell of the form."""


@dataclass(frozen=True, slots=True)
class LocatedTable:
    """A table and the sheet that holds it; None if no sheet does, or several equally well."""

    table: PrintedTable
    sheet: Sheet | None
    placement: Placement

    @property
    def unplaced(self) -> Mapping[CellRef, Spot]:
        """Where the cells that can't be placed were issued, if nothing else stands there now."""
        placement = self.placement
        if placement is self.table.issued:
            return {}
        taken = {*placement.spots.values(), *placement.labels.values()}
        issued = self.table.issued.spots.items()
        return {r: spot for r, spot in issued if r not in placement.spots and spot not in taken}

    @property
    def lost_labels(self) -> Mapping[Label, tuple[CellRef, ...]]:
        """Labels for whose sake cells can't be placed, each with those cells."""
        lost: dict[Label, tuple[CellRef, ...]] = {}
        if self.placement is self.table.issued:
            return lost
        for slot in self.table.slots:
            if slot.ref not in self.placement.spots:
                label = self._blamed(slot)
                lost[label] = (*lost.get(label, ()), slot.ref)
        if len(lost) > 1 and not self.placement.spots:
            return {self.table.labels[0]: tuple(slot.ref for slot in self.table.slots)}
        return lost

    def _blamed(self, slot: Slot) -> Label:
        """Give the first label of a cell's path that was not found."""
        path = tuple(self.table.path(slot)) or self.table.labels
        return next((label for label in path if label not in self.placement.labels), path[-1])


def locate(tables: Iterable[PrintedTable], workbook: Workbook) -> tuple[LocatedTable, ...]:
    """Locate each table: on the sheet of its name, else on the one sheet that shows it best."""
    sheets = [sheet for sheet in workbook.sheets if sheet.name not in WITHOUT_FIGURES]
    return tuple(_locate(table, sheets) for table in tables)


def _locate(table: PrintedTable, sheets: Sequence[Sheet]) -> LocatedTable:
    named = next((sheet for sheet in sheets if sheet.name == table.sheet.name), None)
    nowhere = Placement({}, {})
    if named:
        placement = place(table, named.cells)
        if placement.spots:
            return LocatedTable(table, named, placement)
        nowhere = placement
    placed = [(place(table, sheet.cells), sheet) for sheet in sheets if sheet is not named]
    most = max((len(placement.spots) for placement, _ in placed), default=0)
    best = [(placement, sheet) for placement, sheet in placed if len(placement.spots) == most]
    if most and len(best) == 1:
        return LocatedTable(table, best[0][1], best[0][0])
    return LocatedTable(table, named, nowhere)
