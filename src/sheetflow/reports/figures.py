"""The lines of figures.csv: one a figure, in the order of the ledger."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.answers import Answers, Known, Slate, figure
from sheetflow.model.cells import plain
from sheetflow.model.entries import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_AGENCY, _FILE = "\0", "\1"
_MARKS = (_AGENCY.encode(), _FILE.encode())
"""Stand in a slate's lines for what is each return's own."""


def figure_lines(agency: str, entries: Mapping[CellRef, Entry]) -> bytes:
    """Write the entries of a return as lines of CSV in UTF-8, each with its place."""
    if isinstance(entries, Answers):
        everything = f"{agency}\n{entries.file}\n{entries.text}"
        if _AGENCY not in everything and _FILE not in everything:
            return _lines_of(agency, entries)
    return csv_lines(_row(agency, entry) for entry in entries.values()).encode()


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Write rows as CSV."""
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def number_text(value: Decimal | None) -> str:
    """Write a figure exactly, nothing if there is none."""
    return "" if value is None else plain(value)


def harmless(text: str) -> str:
    """Keep Excel from running a text as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _row(agency: str, entry: Entry) -> Sequence[str]:
    place = entry.place
    return (
        agency,
        str(entry.ref),
        number_text(entry.value),
        entry.state.value,
        harmless(entry.raw),
        place.file,
        place.sheet,
        place.address,
    )


def _lines_of(agency: str, answers: Answers) -> bytes:
    """Fill a slate's lines: the numbers stand in them as they are, all else is written as CSV."""
    texts = answers.texts
    middles = list(map(_middles.__getitem__, texts))
    told = (number for number in answers.slate.texts if texts[number])
    for number in (*told, *answers.odd):
        entry = answers.entry(number)
        row = _csv(number_text(entry.value), entry.state.value, harmless(entry.raw))
        middles[number] = row.encode()
    pieces = _pieces(answers.slate).copy()
    pieces[1::2] = middles
    lines = b"".join(pieces)
    for mark, own in zip(_MARKS, (agency, answers.file), strict=True):
        lines = lines.replace(mark, _csv(own).encode())
    return lines


@lru_cache(maxsize=64)
def _pieces(slate: Slate) -> list[bytes]:
    """Cut a slate's lines where values go: every second piece is empty."""
    pieces = [b""]
    for ref, (sheet, address) in zip(slate.refs, slate.places, strict=True):
        pieces[-1] += f"{_AGENCY},{_csv(str(ref))},".encode()
        pieces += (b"", f",{_FILE},{_csv(sheet, address)}\n".encode())
    return pieces


def _middle(text: str) -> bytes:
    """Write value, state and text of a number as it stands, or of a blank."""
    if not text:
        return f",{State.BLANK.value},".encode()
    value = figure(text)
    if value is None:  # it is odd, or no number is asked for
        return b""
    return _csv(plain(value), State.NUMBER.value, harmless(text)).encode()


_middles = Known(_middle)


def _csv(*fields: str) -> str:
    return csv_lines([fields])[:-1]
