"""The figures of one return as status.html keeps them: short, exact, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.answers import Answers, Known, Untyped, figure, known_amounts, picker
from sheetflow.model.cells import exact, plain
from sheetflow.model.characters import shortened
from sheetflow.model.entries import State
from sheetflow.model.form import LineKind
from sheetflow.model.picking import Picker
from sheetflow.relations.evaluate import adder
from sheetflow.reports.status_record import NONE, FiguresRecord, OddRecord, TextRecord
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from sheetflow.model.answers import Pick, Slate
    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form
    from sheetflow.model.returns import Submission
    from sheetflow.relations.evaluate import Adder
    from sheetflow.reports.results import Results

NOTHING = "."
"""Stands for a figure that there is none of."""
_LETTERS = {State.BLANK: "b", State.NA: "n", State.TEXT: "t", State.UNREADABLE: "u"}
_NO_FIGURES = frozenset(_LETTERS.values())
_TEXT_SHOWN, _RAW_SHOWN = 200, 80
"""Characters: the whole text stands in the agency's file."""


@dataclass(frozen=True, slots=True, eq=False)
class FigureCells:
    """The cells that hold figures, and the sheet and address where each was issued."""

    refs: tuple[CellRef, ...]
    issued: tuple[tuple[str, str], ...]
    pick: Picker
    """Gives what stands in all entry cells."""
    entries: tuple[CellRef, ...]
    """The entry cells among them."""
    totals: tuple[_Total, ...]
    """What gives each of the other ones."""
    in_order: Pick
    """Puts what is said of entries, then of totals, into the order of the cells."""
    texts: tuple[CellRef, ...]
    """The entry cells that hold texts; rows of registers stand in summary.xlsx."""
    as_issued: dict[tuple[Slate, Slate], bool]
    """Whether returns of these slates have every cell where it was issued."""


class _Total(NamedTuple):
    """A total: the numbers of the entries that it adds, and what adds them."""

    numbers: tuple[int, ...]
    add: Adder


def figure_cells(results: Results) -> FigureCells:
    """Give the cells whose figures are kept, for all returns."""
    form, refs = results.form, numeric_cells(results.form)
    places = (results.layout.place(ref) for ref in refs)
    entries = tuple(ref for ref in refs if form.cells[ref].kind is LineKind.ENTRY)
    totals = tuple(ref for ref in refs if form.cells[ref].kind is not LineKind.ENTRY)
    numbers = {ref: number for number, ref in enumerate((*entries, *totals))}
    return FigureCells(
        refs,
        tuple((place.sheet, place.address) for place in places),
        Picker(entries),
        entries,
        tuple(
            _Total(
                tuple(numbers[leaf] for _, leaf in form.leaves[ref]),
                adder(form.leaves[ref], numbers),
            )
            for ref in totals
        ),
        picker([numbers[ref] for ref in refs]),
        tuple(c.ref for c in form.entries() if not (c.numeric or c.in_register)),
        {},
    )


def figures_record(results: Results, submission: Submission, cells: FigureCells) -> FiguresRecord:
    """Give the figures of a return, total cells computed from the entries."""
    sheets, spots = _places(submission, cells)
    return FiguresRecord(
        values=" ".join(_tokens(submission.entries, cells)),
        file=clean_text(submission.file),
        sheets=sheets,
        spots=spots,
        odd=tuple(_odd(results, submission, cells.refs)),
        texts=tuple(_texts(results.form, submission.entries, cells.texts)),
    )


def numeric_cells(form: Form) -> tuple[CellRef, ...]:
    """Give every cell that holds a figure of the tables, in order; their index names them."""
    figures = (cell for cell in form.cells.values() if cell.numeric)
    return tuple(cell.ref for cell in figures if not cell.in_register)


def token(value: Decimal | None) -> str:
    """Write a figure, or that there is none."""
    return NOTHING if value is None else plain(value)


def excerpt(text: str, most: int) -> str:
    """Give a text's beginning on one line."""
    return shortened(" ".join(clean_text(text).split()), most)


def _tokens(entries: Mapping[CellRef, Entry], cells: FigureCells) -> Sequence[str]:
    written, known = _entry_figures(entries, cells)
    with exact():
        totals = [total.add(known) for total in cells.totals]
    for total, value in zip(cells.totals, totals, strict=True):
        is_known = value or not _NO_FIGURES.issuperset(map(written.__getitem__, total.numbers))
        written.append(_written(value) if is_known else NOTHING)
    return cells.in_order(written)


def _entry_figures(
    entries: Mapping[CellRef, Entry], cells: FigureCells
) -> tuple[list[str], list[int | Decimal]]:
    """Give how each entry is written, and what it adds to a total."""
    if not isinstance(entries, Answers):
        found = [entries[ref] for ref in cells.entries]
        tokens = [_token_of(each.state, each.value) for each in found]
        return tokens, [each.value or 0 for each in found]
    texts, odd = cells.pick.as_found(entries)
    tokens = list(map(_tokens_as_found.__getitem__, texts))
    known = [amount or 0 for amount in map(known_amounts.__getitem__, texts)]
    for number, each in odd:
        tokens[number], known[number] = _token_of(each.state, each.value), each.value or 0
    return tokens, known


def _token_of(state: State, value: Decimal | None) -> str:
    return _LETTERS[state] if value is None else plain(value)


def _token_as_found(text: str) -> str:
    """Write a figure as its agency wrote it, or that it is none."""
    token = _token_of(State.TEXT if text else State.BLANK, figure(text))
    return text if token == text else token  # one text in memory, not two


_tokens_as_found = Known(_token_as_found)


def _written(amount: int | Decimal) -> str:
    return str(amount) if isinstance(amount, int) else plain(amount)


def _places(submission: Submission, cells: FigureCells) -> tuple[tuple[tuple[str, str], ...], str]:
    """Say where the cells stood, unless each stood where it was issued."""
    entries, totals, slates = submission.entries, submission.totals, None
    if (
        isinstance(entries, Answers)
        and isinstance(totals, Untyped)
        and entries.file == totals.file == submission.file
    ):
        slates = (entries.slate, totals.slate)
        if cells.as_issued.get(slates):
            return (), ""
    places = [submission.place(ref) for ref in cells.refs]
    found = tuple((place.sheet, place.address) for place in places)
    if found == cells.issued and {place.file for place in places} <= {submission.file}:
        if slates:
            cells.as_issued[slates] = True
        return (), ""
    sheets = {(clean_text(place.file), clean_text(place.sheet)): None for place in places}
    numbers = {sheet: str(number) for number, sheet in enumerate(sheets)}
    return tuple(sheets), " ".join(_spot(place, numbers) for place in places)


def _spot(place: Place, numbers: Mapping[tuple[str, str], str]) -> str:
    number = numbers[clean_text(place.file), clean_text(place.sheet)]
    return f"{number}.{clean_text(place.address).replace(' ', '')}"


def _odd(
    results: Results, submission: Submission, refs: tuple[CellRef, ...]
) -> Iterator[OddRecord]:
    odd = {entry.ref: entry for entry in submission.odd if _is_odd(entry)}
    for index, ref in enumerate(refs) if odd else ():
        entry = odd.get(ref)
        if entry:
            yield OddRecord(
                cell=index,
                state=entry.state.value,
                raw=excerpt(entry.raw, _RAW_SHOWN),
                own="" if entry.reported is None else plain(entry.reported),
                reason=clean_text(entry.decision),
                decision=_decision(results, submission.agency, entry),
            )


def _is_odd(entry: Entry) -> bool:
    return bool(entry.rule) or entry.state not in (State.NUMBER, State.BLANK)


def _decision(results: Results, agency: str, entry: Entry) -> int:
    """Find the decision that set a figure; of several alike the last has done it."""
    if not entry.decision:
        return NONE
    alike = (
        index
        for index, decision in enumerate(results.ledger.decisions)
        if decision.agency == agency
        and decision.why == entry.decision
        and decision.cell in (None, entry.ref)
    )
    return max(alike, default=NONE)


def _texts(
    form: Form, entries: Mapping[CellRef, Entry], refs: tuple[CellRef, ...]
) -> Iterator[TextRecord]:
    if isinstance(entries, Answers):
        entries = {entry.ref: entry for entry in entries.worded()}
    for ref in refs if entries else ():
        entry, cell = entries.get(ref), form.cells[ref]
        if entry and entry.raw.strip():
            shown = excerpt(entry.raw, _TEXT_SHOWN)
            yield TextRecord(
                heading=clean_text(cell.item_labels[-1]),
                text=shown,
                place=clean_text(f"{entry.place.sheet}!{entry.place.address}"),
                whole=not shown.endswith("…"),
            )
