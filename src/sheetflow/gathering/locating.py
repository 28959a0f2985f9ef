"""Finds the sheet that holds each table of the form, whatever the sheets are called now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.gathering.positions import Placement, PrintedTable, normal, place
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
    """A table and the sheet that holds it; None if that is not certain."""

    table: PrintedTable
    sheet: Sheet | None
    placement: Placement
    rivals: tuple[str, ...] = ()
    """The sheets that show something of the table, where none has its name."""

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
    """Locate each table: on the sheet of its name, else on the only sheet that shows any of it."""
    search = _Search(tuple(tables), workbook)
    return tuple(map(search.locate, search.tables))


class _Search:
    """Looks for tables on the sheets of one workbook."""

    def __init__(self, tables: Sequence[PrintedTable], workbook: Workbook) -> None:
        self.tables = tables
        self._sheets = [sheet for sheet in workbook.sheets if sheet.name not in WITHOUT_FIGURES]
        self._placements: dict[tuple[int, str, str], Placement] = {}
        """By a sheet's number and a table's own sheet and code."""

    def locate(self, table: PrintedTable) -> LocatedTable:
        names = [sheet.name for sheet in self._sheets]
        named = names.index(table.sheet.name) if table.sheet.name in names else None
        if named is not None and self._place(table, named).spots:
            return self._located(table, named)
        showing = [number for number in range(len(names)) if self._shows(number, table)]
        if len(showing) == 1 and self._place(table, showing[0]).spots:
            return self._located(table, showing[0])
        if named is not None:
            return self._located(table, named)
        rivals = tuple(names[number] for number in showing) if len(showing) > 1 else ()
        return LocatedTable(table, None, Placement({}, {}), rivals)

    def _located(self, table: PrintedTable, number: int) -> LocatedTable:
        return LocatedTable(table, self._sheets[number], self._place(table, number))

    def _place(self, table: PrintedTable, number: int) -> Placement:
        key = number, table.sheet.name, table.code
        if key not in self._placements:
            self._placements[key] = place(table, self._sheets[number].cells)
        return self._placements[key]

    def _shows(self, number: int, table: PrintedTable) -> bool:
        """Whether a label of a table stands on a sheet that is not another table's there."""
        cells, texts = self._sheets[number].cells, table.label_texts
        spots = {spot for spot, raw in cells.items() if normal(raw.text) in texts}
        for other in self.tables if spots else ():
            placement = self._place(other, number)
            if other is not table and placement.spots:
                spots -= set(placement.labels.values())
        return bool(spots)
