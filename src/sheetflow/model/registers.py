"""台账: the rows of a register. A row with nothing in it is no case; one that is begun is one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import CellRef
from sheetflow.model.entries import State
from sheetflow.model.form import LineKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form, Line, Table
    from sheetflow.model.roster import Agency


class RegisterRow(NamedTuple):
    """A row of a register: its number there, and an entry for each column."""

    number: str
    entries: tuple[Entry, ...]

    @property
    def file(self) -> str:
        """The file that it stands in."""
        return self.entries[0].place.file


class AgencyRow(NamedTuple):
    """A row of a register, and whose it is."""

    agency: Agency
    row: RegisterRow


def register_columns(table: Table) -> tuple[Line, ...]:
    """Give the columns in which something is filled in."""
    return tuple(column for column in table.columns if column.kind is LineKind.ENTRY)


def begun_rows(table: Table, entries: Mapping[CellRef, Entry]) -> Iterator[RegisterRow]:
    """Give the rows of a return's register in which something stands, in order."""
    every = dict(entries.items())
    for number, refs in _rows(table):
        row = tuple(every[ref] for ref in refs)
        if any(map(is_filled, row)):
            yield RegisterRow(number, row)


def open_entries(form: Form, entries: Mapping[CellRef, Entry]) -> Iterator[Entry]:
    """Give the blanks of begun rows that must be filled in."""
    for table in form.registers:
        for row in begun_rows(table, entries):
            for entry in row.entries:
                if entry.state is State.BLANK and form.cells[entry.ref].required:
                    yield entry


def is_filled(entry: Entry) -> bool:
    """Whether something stands at a cell, read or not, or a decision put a figure there."""
    return entry.state is not State.BLANK and (bool(entry.raw.strip()) or entry.value is not None)


def idle_cells(form: Form, entries: Mapping[CellRef, Entry]) -> frozenset[CellRef]:
    """Give the cells of a return's register rows in which nothing stands."""
    idle: set[CellRef] = set()
    for table in form.registers:
        begun = {row.number for row in begun_rows(table, entries)}
        idle.update(ref for number, refs in _rows(table) if number not in begun for ref in refs)
    return frozenset(idle)


@lru_cache(maxsize=16)
def _rows(table: Table) -> tuple[tuple[str, tuple[CellRef, ...]], ...]:
    codes = [column.code for column in register_columns(table)]
    return tuple(
        (row.code, tuple(CellRef(table.code, row.code, code) for code in codes))
        for row in table.items
    )
