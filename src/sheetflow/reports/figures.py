"""The lines of figures.csv: one a figure, in the order of the ledger."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.answers import Answers, Known, Slate, figure
from sheetflow.model.cells import plain
from sheetflow.model.entries import State
from sheetflow.model.registers import idle_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from sheetflow.model.cells import CellRef
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_AGENCY, _FILE = b"\xff", b"\xfe"
"""Stand in a slate's lines for what is each return's own; no text has these bytes in UTF-8."""
_quotable = re.compile('[",\r\n]').search


def figure_lines(form: Form, agency: str, entries: Mapping[CellRef, Entry]) -> bytes:
    """Write the entries of a return as lines of CSV in UTF-8, each with its place.

    Of a register those of the rows in which something stands.
    """
    idle = idle_cells(form, entries)
    if isinstance(entries, Answers) and not idle:
        return _lines_of(agency, entries)
    filled = (entry for entry in entries.values() if entry.ref not in idle)
    return csv_lines(_row(agency, entry) for entry in filled).encode()


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Write rows of several fields as CSV (RFC 4180).

    Before Python 3.13 the module csv does not quote a carriage return, at which its reader and
    Excel would begin another row.
    """
    return "".join(f"{','.join(map(_field, row))}\n" for row in rows)


def number_text(value: Decimal | None) -> str:
    """Write a figure exactly, nothing if there is none."""
    return "" if value is None else plain(value)


def exact_or_none(value: Decimal | None) -> str | None:
    """Write a figure exactly, as records in JSON have it."""
    return None if value is None else plain(value)


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
    texts = answers.apart()
    middles = list(map(_middles.__getitem__, texts))
    for number in answers.slate.texts:
        if texts[number]:
            middles[number] = _written("", State.TEXT, texts[number])
    for number in answers.odd:
        entry = answers.entry(number)
        middles[number] = _written(number_text(entry.value), entry.state, entry.raw)
    pieces = _pieces(answers.slate).copy()
    pieces[1::2] = middles
    lines = b"".join(pieces).replace(_AGENCY, _field(agency).encode())
    return lines.replace(_FILE, _field(answers.file).encode())


@lru_cache(maxsize=64)
def _pieces(slate: Slate) -> list[bytes]:
    """Cut a slate's lines where values go: every second piece is empty."""
    pieces = [b""]
    for ref, place in zip(slate.refs, slate.places, strict=True):
        sheet, address = map(_field, place)
        pieces[-1] += b"%b,%b," % (_AGENCY, _field(str(ref)).encode())
        pieces += (b"", b",%b,%b\n" % (_FILE, f"{sheet},{address}".encode()))
    return pieces


def _middle(text: str) -> bytes:
    """Write value, state and text of a number as it stands, or of a blank."""
    if not text:
        return _written("", State.BLANK, "")
    value = figure(text)
    if value is None:  # it is odd, or no number is asked for
        return b""
    return _written(plain(value), State.NUMBER, text)


_middles = Known(_middle)


def _written(value: str, state: State, raw: str) -> bytes:
    return f"{value},{state.value},{_field(harmless(raw))}".encode()


def _field(text: str) -> str:
    """Write a text as CSV has it among others: most need no quotes."""
    return '"' + text.replace('"', '""') + '"' if _quotable(text) else text
