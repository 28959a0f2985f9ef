"""Reads tables that stand where they were issued: each cell's place is known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.gathering.values import plain_formula, read_entry
from sheetflow.model.answers import Answers, Odd, Slate, Untyped, is_plain, make_slate
from sheetflow.model.cells import Place, address
from sheetflow.model.form import LineKind
from sheetflow.workbooks.workbook import CellKind

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from sheetflow.gathering.locating import LocatedTable
    from sheetflow.gathering.positions import PrintedTable
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.workbooks.workbook import RawCell, Sheet, Spot

_MOST_NAMINGS = 64
_MOST_READINGS = 20_000


class _Slot(NamedTuple):
    """A cell of the form, and the number of the table in which it stands."""

    table: int
    ref: CellRef
    spot: Spot


class _Entry(NamedTuple):
    """An entry cell."""

    table: int
    ref: CellRef
    spot: Spot
    is_number: bool
    plain: set[str]
    """Numbers that are read as they stand; one set for all cells that ask for the same."""


class IssuedCells:
    """The cells of a form in the places where they were issued."""

    def __init__(
        self, form: Form, tables: Iterable[PrintedTable], formulas: Mapping[CellRef, str]
    ) -> None:
        self._form = form
        self._formulas = formulas
        self._entries: list[_Entry] = []
        self._totals: list[_Slot] = []
        self._slates: dict[tuple[str, ...], tuple[Slate, Slate]] = {}
        """Those of entries and of totals by the names of the tables' sheets."""
        plain: dict[Hashable, set[str]] = {}
        for number, table in enumerate(tables):
            for ref, spot in table.issued.spots.items():
                cell = form.cells[ref]
                if cell.kind is LineKind.TOTAL:
                    self._totals.append(_Slot(number, ref, spot))
                else:
                    same = plain.setdefault((cell.kind, cell.measure, cell.unit), set())
                    self._entries.append(_Entry(number, ref, spot, cell.numeric, same))

    def answers(self, located: Sequence[LocatedTable], file: str) -> Answers | None:
        """Read the entries; None if a table does not stand where it was issued."""
        sheets = _as_issued(located)
        if sheets is None:
            return None
        texts: list[str] = []
        odd: dict[int, Odd] = {}
        cells = [sheet.cells for sheet in sheets]
        for number, (table, ref, spot, is_number, plain) in enumerate(self._entries):
            raw = cells[table].get(spot)
            if raw is None:
                texts.append("")
                continue
            text = raw.text
            is_figure = is_number and raw.kind is CellKind.NUMBER and raw.formula is None
            if not (is_figure and text in plain):
                entry = read_entry(self._form, ref, Place(file), raw)
                text = entry.raw
                if not is_plain(entry, is_number=is_number):
                    odd[number] = Odd(entry.state, entry.value, entry.rule)
                elif is_figure and len(plain) < _MOST_READINGS:
                    plain.add(text)
            texts.append(text)
        return Answers(self._named(sheets)[0], file, texts, odd)

    def untyped(self, located: Sequence[LocatedTable], file: str) -> Untyped | None:
        """Give the totals, none of which was typed over; None if one is anything but as issued."""
        sheets = _as_issued(located)
        if sheets is None:
            return None
        found = ((ref, sheets[table].cells.get(spot)) for table, ref, spot in self._totals)
        if not all(is_untouched(raw, self._formulas[ref]) for ref, raw in found):
            return None
        return Untyped(self._named(sheets)[1], file)

    def _named(self, sheets: Sequence[Sheet]) -> tuple[Slate, Slate]:
        names = tuple(sheet.name for sheet in sheets)
        if names not in self._slates:
            if len(self._slates) >= _MOST_NAMINGS:
                self._slates.clear()
            entries = [(each.ref, names[each.table], address(*each.spot)) for each in self._entries]
            totals = [(each.ref, names[each.table], address(*each.spot)) for each in self._totals]
            numeric = self._form.numeric
            self._slates[names] = make_slate(entries, numeric), make_slate(totals, numeric)
        return self._slates[names]


def is_untouched(raw: RawCell | None, formula: str) -> bool:
    """Whether a total says nothing: the issued formula, a blank or a formula without result.

    Neither does a formula whose text the format does not give: its result may be years old.
    """
    if raw is None or raw.kind is CellKind.BLANK or raw.formula == "":
        return True
    return raw.formula is not None and plain_formula(raw.formula) == formula


def _as_issued(located: Sequence[LocatedTable]) -> list[Sheet] | None:
    """Give the sheets of tables if all stand where they were issued."""
    sheets = [each.sheet for each in located if each.sheet and each.placement is each.table.issued]
    return sheets if len(sheets) == len(located) else None
