"""The figures of one return as status.html keeps them: short, exact, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import exact_product, exact_sum, plain
from sheetflow.model.entries import State
from sheetflow.model.form import LineKind
from sheetflow.reports.status_record import NONE, FiguresRecord, OddRecord, TextRecord
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form
    from sheetflow.model.returns import Submission
    from sheetflow.reports.results import Results

NOTHING = "."
"""Stands for a figure that there is none of."""
_LETTERS = {State.BLANK: "b", State.NA: "n", State.TEXT: "t", State.UNREADABLE: "u"}
_TEXT_SHOWN, _RAW_SHOWN = 200, 80
"""Characters: the whole text stands in the agency's file."""


class FigureCells(NamedTuple):
    """The cells that hold figures, and the sheet and address where each was issued."""

    refs: tuple[CellRef, ...]
    issued: tuple[tuple[str, str], ...]


def figure_cells(results: Results) -> FigureCells:
    """Give the cells whose figures are kept, for all returns."""
    refs = numeric_cells(results.form)
    places = (results.layout.place(ref) for ref in refs)
    return FigureCells(refs, tuple((place.sheet, place.address) for place in places))


def figures_record(results: Results, submission: Submission, cells: FigureCells) -> FiguresRecord:
    """Give the figures of a return, total cells computed from the entries."""
    entries = dict(submission.entries.items())  # each made once
    sheets, spots = _places(submission, entries, cells)
    return FiguresRecord(
        values=" ".join(_tokens(results.form, entries, cells.refs)),
        file=clean_text(submission.file),
        sheets=sheets,
        spots=spots,
        odd=tuple(_odd(results, submission.agency, entries, cells.refs)),
        texts=tuple(_texts(results.form, entries)),
    )


def numeric_cells(form: Form) -> tuple[CellRef, ...]:
    """Give every cell that holds a figure, in the form's order; their index names them."""
    return tuple(cell.ref for cell in form.cells.values() if cell.numeric)


def token(value: Decimal | None) -> str:
    """Write a figure, or that there is none."""
    return NOTHING if value is None else plain(value)


def excerpt(text: str, most: int) -> str:
    """Give a text's beginning on one line."""
    line = " ".join(clean_text(text).split())
    return line if len(line) <= most else f"{line[:most]}…"


def _tokens(
    form: Form, entries: Mapping[CellRef, Entry], refs: tuple[CellRef, ...]
) -> Iterator[str]:
    for ref in refs:
        if form.cells[ref].kind is LineKind.ENTRY:
            entry = entries[ref]
            yield token(entry.value) if entry.value is not None else _LETTERS[entry.state]
        else:
            yield token(_total(form, entries, ref))


def _total(form: Form, entries: Mapping[CellRef, Entry], ref: CellRef) -> Decimal | None:
    known = [(factor, entries[leaf].value) for factor, leaf in form.leaves[ref]]
    values = [(factor, value) for factor, value in known if value is not None]
    if not values:
        return None
    return exact_sum(exact_product(factor, value) for factor, value in values if value)


def _places(
    submission: Submission, entries: Mapping[CellRef, Entry], cells: FigureCells
) -> tuple[tuple[tuple[str, str], ...], str]:
    """Say where the cells stood, unless each stood where it was issued."""
    places = [
        entries[ref].place if ref in entries else submission.totals[ref].place for ref in cells.refs
    ]
    found = tuple((place.sheet, place.address) for place in places)
    if found == cells.issued and {place.file for place in places} <= {submission.file}:
        return (), ""
    sheets = {(clean_text(place.file), clean_text(place.sheet)): None for place in places}
    numbers = {sheet: str(number) for number, sheet in enumerate(sheets)}
    return tuple(sheets), " ".join(_spot(place, numbers) for place in places)


def _spot(place: Place, numbers: Mapping[tuple[str, str], str]) -> str:
    number = numbers[clean_text(place.file), clean_text(place.sheet)]
    return f"{number}.{clean_text(place.address).replace(' ', '')}"


def _odd(
    results: Results, agency: str, entries: Mapping[CellRef, Entry], refs: tuple[CellRef, ...]
) -> Iterator[OddRecord]:
    for index, ref in enumerate(refs):
        entry = entries.get(ref)
        if entry and _is_odd(entry):
            yield OddRecord(
                cell=index,
                state=entry.state.value,
                raw=excerpt(entry.raw, _RAW_SHOWN),
                own="" if entry.reported is None else plain(entry.reported),
                reason=clean_text(entry.decision),
                decision=_decision(results, agency, entry),
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


def _texts(form: Form, entries: Mapping[CellRef, Entry]) -> Iterator[TextRecord]:
    for entry in entries.values():
        cell = form.cells[entry.ref]
        if not cell.numeric and entry.raw.strip():
            shown = excerpt(entry.raw, _TEXT_SHOWN)
            yield TextRecord(
                heading=clean_text((cell.labels[:-1] or cell.labels)[-1]),
                text=shown,
                place=clean_text(f"{entry.place.sheet}!{entry.place.address}"),
                whole=not shown.endswith("…"),
            )
