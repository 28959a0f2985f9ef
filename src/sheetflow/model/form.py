"""A form (报表): a versioned set of sections, tables and checks, resolved and ready to use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.cells import CellRef, percentage, plain
from sheetflow.model.characters import nfkc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sheetflow.model.findings import Severity
    from sheetflow.model.period import PeriodKind
    from sheetflow.model.sentences import Mention, Sentence


class LineKind(StrEnum):
    """Whether a line is typed, computed, or only a heading over other lines."""

    ENTRY = "entry"
    TOTAL = "total"
    HEADING = "heading"


class Measure(StrEnum):
    """What a cell asks for."""

    COUNT = "count"
    AMOUNT = "amount"
    PERCENT = "percent"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"

    @property
    def numeric(self) -> bool:
        """Whether it is a figure."""
        return self in _FIGURES

    @property
    def adds(self) -> bool:
        """Whether figures of several agencies can be added: percentages can't."""
        return self in _ADDED


_ADDED = frozenset((Measure.COUNT, Measure.AMOUNT))
_FIGURES = _ADDED | {Measure.PERCENT}


class Blank(StrEnum):
    """What a blank required entry is: an error, a query, or as good as a zero."""

    ERROR = "error"
    QUERY = "query"
    ZERO = "zero"


class Shape(StrEnum):
    """How a table is laid out: a grid of lines, texts under each other, or a register.

    A register (台账) has a row for each case, as many as there were, up to those that it offers.
    """

    GRID = "grid"
    TEXTS = "texts"
    REGISTER = "register"


class Merge(StrEnum):
    """What an aggregate does with a table: add it up, keep each agency's apart, list all rows."""

    SUM = "sum"
    APART = "apart"
    APPEND = "append"


class Along(StrEnum):
    """Over which lines a relation is repeated: each column, each item, or nothing (full cells)."""

    COLUMNS = "columns"
    ITEMS = "items"
    CELLS = "cells"


class Operator(StrEnum):
    """How the two sides of a relation compare."""

    EQUAL = "="
    AT_MOST = "<="
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Line:
    """An item (a row's code) or a column of a table; dots in the code nest it under a heading."""

    code: str
    label: str
    kind: LineKind = LineKind.ENTRY
    measure: Measure | None = None
    unit: str = ""
    decimals: int | None = None
    blank: Blank | None = None
    help: str = ""
    section: str = ""
    limit: int | None = None
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Other labels under which returns have it; they mean the same line."""

    @property
    def parent(self) -> str:
        """The code of the heading above, empty at the top."""
        return self.code.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The label on one line, as sentences say it; a form may print it on several."""
        return "".join(part.strip() for part in self.label.splitlines())


FIRST_NUMBER = "1"
"""The code of a register's first row."""


def row_words(number: str) -> str:
    """Say a row of a register."""
    return f"第{number}行"


def measure_of(item: Line, column: Line) -> Measure:
    """Say what is asked for where two lines meet; an item wins over its column."""
    return item.measure or column.measure or Measure.COUNT


def is_cell(item: Line, column: Line) -> bool:
    """Whether two lines meet in a cell: headings have none, what is not added has no total."""
    kinds = {item.kind, column.kind}
    if LineKind.TOTAL in kinds and not measure_of(item, column).adds:
        return False
    return LineKind.HEADING not in kinds


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of items and columns, printed as the official form prints it."""

    code: str
    section: str
    items: tuple[Line, ...]
    columns: tuple[Line, ...]
    shape: Shape = Shape.GRID
    merge: Merge = Merge.SUM
    required: bool = True
    caption: str = ""
    corner: str = ""
    banner: str = ""

    @property
    def is_register(self) -> bool:
        """Whether its items are rows that are alike, known by their numbers alone."""
        return self.shape is Shape.REGISTER

    def item(self, code: str) -> Line | None:
        """Give the item of that code."""
        return next((line for line in self.items if line.code == code), None)

    def column(self, code: str) -> Line | None:
        """Give the column of that code."""
        return next((line for line in self.columns if line.code == code), None)


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the form; its code is the name of its sheet (一, 二 … 附表)."""

    code: str
    heading: str
    official: bool = True
    help: str = ""
    limit: int | None = None
    """How many characters its text has at most in the report."""
    speaks_of: str = ""
    """What its text must mention."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the form with everything that holds for it, inherited keys filled in."""

    ref: CellRef
    kind: LineKind
    measure: Measure
    unit: str
    decimals: int | None
    required: bool
    """Whether it must be filled in; in a register, once something stands in its row."""
    blank: Blank
    section: str
    labels: tuple[str, ...]
    help: str
    limit: int | None = None
    choices: tuple[str, ...] = ()
    """The answers of which one is asked for; none where anything may be answered."""
    in_register: bool = False
    """Whether it stands in a row of a register, as which no other agency's or period's is."""

    @property
    def item_labels(self) -> tuple[str, ...]:
        """Its labels but for the last, which is its column's and not printed beside a text."""
        return self.labels[:-1] or self.labels

    @property
    def numeric(self) -> bool:
        """Whether the cell asks for a figure."""
        return self.measure.numeric

    def written(self, value: Decimal) -> str:
        """Write a figure exactly, as it is filled in here: 12.5, of a percentage 98.5%."""
        return percentage(value) if self.measure is Measure.PERCENT else plain(value)

    def chosen(self, text: str) -> str:
        """Give the choice that a text is, white space and widths of letters apart; "": none."""
        plain = nfkc(text).strip()
        return next((choice for choice in self.choices if nfkc(choice) == plain), "")


@dataclass(frozen=True, slots=True)
class Check:
    """A relation's title, severity and explanation, in Chinese and English."""

    code: str
    severity: Severity
    title: str
    title_en: str
    why: str
    why_en: str
    remedy: str
    remedy_en: str


@dataclass(frozen=True, slots=True)
class Term:
    """A whole factor (its sign included) times the sum of the lines that a reference names."""

    factor: int
    path: str
    star: bool = False
    previous: bool = False
    """Whether last period's figures are meant."""

    def __str__(self) -> str:
        return f"{'previous' if self.previous else ''}[{self.path}{'.*' if self.star else ''}]"


@dataclass(frozen=True, slots=True)
class Relation:
    """An equation or inequality between lines, as the form states it."""

    check: str
    table: str
    along: Along
    text: str
    left: tuple[Term, ...]
    operator: Operator
    right: tuple[Term, ...]


Side = tuple[tuple[int, CellRef], ...]
"""One side of a comparison: whole factors times cells, to be added."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A relation at one line (one column, one item): the cells that are added on either side."""

    relation: Relation
    line: str
    left: Side
    right: Side
    previous: Side = ()
    """Cells of the last period that are added on the right side too."""

    @property
    def cells(self) -> tuple[CellRef, ...]:
        """Every cell of this period that the comparison names, left side first."""
        return _cells_of(self)


@lru_cache(maxsize=1 << 12)
def _cells_of(comparison: Comparison) -> tuple[CellRef, ...]:
    return tuple(ref for _, ref in (*comparison.left, *comparison.right))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Form:
    """A whole form; `load_form` is the only maker, so everything in it fits together."""

    code: str
    title: str
    letter: str
    period: PeriodKind
    """How long the periods are that it is about."""
    preamble: str
    former: tuple[str, ...]
    """Codes of the forms that this one replaced; a cell of the same code means the same."""
    digest: str
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    checks: tuple[Check, ...]
    relations: tuple[Relation, ...]
    comparisons: tuple[Comparison, ...]
    """Those between figures of one return."""
    successions: tuple[Comparison, ...]
    """Those between a return's figures and the last period's."""
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    cells: Mapping[CellRef, Cell]
    definitions: Mapping[CellRef, Comparison] = field(repr=False)
    """For each total cell the comparison that computes it."""
    leaves: Mapping[CellRef, Side] = field(repr=False)
    """For each total cell the entry cells that it adds in the end."""

    @property
    def filed(self) -> str:
        """What an agency files, in words: many a title says itself that it is a 表."""
        return self.title if self.title.endswith("表") else f"{self.title}报表"

    @property
    def numeric(self) -> Mapping[CellRef, bool]:
        """Which cells ask for a figure."""
        return _numeric(self)

    @property
    def needed(self) -> frozenset[CellRef]:
        """The entry cells that must be filled in, whatever else is."""
        return _needed(self)

    @property
    def asks(self) -> str:
        """A digest of what is asked for: forms that agree in it differ in words and checks."""
        return _asks(self)

    @property
    def registers(self) -> tuple[Table, ...]:
        """The tables that are registers."""
        return _registers(self)

    @property
    def entry_numbers(self) -> Mapping[CellRef, int]:
        """The number of each entry cell among all, in the form's order."""
        return _entry_numbers(self)

    def table(self, code: str) -> Table:
        """Give the table of that code; KeyError if there is none."""
        for table in self.tables:
            if table.code == code:
                return table
        raise KeyError(code)

    def check(self, code: str) -> Check | None:
        """Give the check of that code."""
        return next((check for check in self.checks if check.code == code), None)

    def entries(self) -> tuple[Cell, ...]:
        """Every cell that agencies fill in, in the form's order."""
        return tuple(cell for cell in self.cells.values() if cell.kind is LineKind.ENTRY)

    def addends(self, ref: CellRef) -> Side:
        """Give the entry cells that a cell adds in the end, with factors; an entry adds itself."""
        return self.leaves.get(ref, ((1, ref),))

    def adds(self, ref: CellRef) -> bool:
        """Whether agencies' figures of a cell are added up: those of a table apart are not."""
        return self.cells[ref].measure.adds and self.table(ref.table).merge is Merge.SUM

    def counted(self) -> tuple[Cell, ...]:
        """Give the cells of whose choices a group's table says how often each was made."""
        summed = {table.code for table in self.tables if table.merge is Merge.SUM}
        return tuple(c for c in self.cells.values() if c.choices and c.ref.table in summed)

    def tables_of(self, section: str) -> tuple[Table, ...]:
        """Give the grids and the register printed in a section."""
        shown = (table for table in self.tables if table.shape is not Shape.TEXTS)
        return tuple(table for table in shown if table.section == section)

    def texts_of(self, section: str) -> tuple[Cell, ...]:
        """Give the texts under each other of a section; those in a grid are none of them."""
        texts = {table.code for table in self.tables if table.shape is Shape.TEXTS}
        return tuple(
            cell
            for cell in self.cells.values()
            if cell.section == section and cell.ref.table in texts
        )


@lru_cache(maxsize=16)
def _numeric(form: Form) -> Mapping[CellRef, bool]:
    return {ref: cell.numeric for ref, cell in form.cells.items()}


@lru_cache(maxsize=16)
def _asks(form: Form) -> str:
    asked = sorted(
        (*cell.ref, cell.kind.value, cell.measure.value, cell.unit, cell.choices, form.adds(ref))
        for ref, cell in form.cells.items()
    )
    return hashlib.sha256(repr((form.code, asked)).encode()).hexdigest()


@lru_cache(maxsize=16)
def _entry_numbers(form: Form) -> Mapping[CellRef, int]:
    return {cell.ref: number for number, cell in enumerate(form.entries())}


@lru_cache(maxsize=16)
def _needed(form: Form) -> frozenset[CellRef]:
    needed = (cell for cell in form.entries() if cell.required and not cell.in_register)
    return frozenset(cell.ref for cell in needed)


@lru_cache(maxsize=16)
def _registers(form: Form) -> tuple[Table, ...]:
    return tuple(table for table in form.tables if table.is_register)
