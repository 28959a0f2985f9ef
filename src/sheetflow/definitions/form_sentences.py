"""Reads a form's sentences; every cell that they name is resolved here.

A bracket is a figure, `[a/b/c + a/b.*/c % a/d/c]`, a list, `[largest 3 a/b/c 件]`, or a comparison
with the last period, `[change a/b/c 件]`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import CellRef, parse_cell
from sheetflow.model.form import LineKind, Measure, Shape
from sheetflow.model.sentences import (
    RETURN_COUNTS,
    RETURNS,
    Figure,
    Growth,
    ListBy,
    Listing,
    Mention,
    Sentence,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.definitions.lines import Fields
    from sheetflow.model.form import Cell, Line, Side, Table
    from sheetflow.model.sentences import Part

_BRACKET = re.compile(r"\[([^\]]*)\]")
_WIDE_BRACKET = re.compile(r"[【［〔]([^】］〕]*/[^】］〕]*/[^】］〕]*)[】］〕]")
"""What stands in brackets that are not the half-width ones would be printed as it is."""
_LISTING = re.compile(r"(parts|kinds|largest ([1-9]\d?))\s+(\S+)(?:\s+(\S+))?")
_CHANGE = re.compile(r"change\s+(.*?\S)(?:\s+([^\s/%+-]+))?")
_OPERATOR = re.compile(r"\s+([+-])\s+")
_STAR = ".*"


class _Known(NamedTuple):
    """What a sentence can name."""

    tables: Mapping[str, Table]
    cells: Mapping[CellRef, Cell]

    def addable(self, ref: CellRef) -> bool:
        """Whether a cell is one whose figures can be added; a row of a register is none."""
        cell = self.cells.get(ref)
        return cell is not None and cell.measure.adds and not cell.in_register


def read_sentences(
    root: Fields, tables: Mapping[str, Table], cells: Mapping[CellRef, Cell]
) -> tuple[Sentence, ...]:
    """Read the sentences that can be read; faults go to the reader's list."""
    known = _Known(tables, cells)
    sentences = []
    for fields in root.tables("sentence"):
        cell = fields.text("cell")
        target = parse_cell(cell)
        named = cells.get(target) if target else None
        if cell and named is None:
            fields.fault("S05", "cell", found=cell)
        elif named and (named.measure is not Measure.TEXT or named.in_register):
            expected = f'a/b/c (measure = "{Measure.TEXT}", shape ≠ "{Shape.REGISTER}")'
            fields.fault("S04", "cell", found=cell, expected=expected)
        parts = tuple(_parts(fields, "says", known))
        when = tuple(_parts(fields, "when", known)) if "when" in fields else (None,)
        until_written = fields.flag("until_written", default=False)
        if len(when) != 1 or not isinstance(when[0], Figure | None):
            fields.fault("S05", "when", found=fields.text("when"))
        fields.done()
        if target and (when[0] is None or isinstance(when[0], Figure)):
            sentences.append(Sentence(target, parts, when[0], until_written))
    return tuple(sentences)


def read_mentions(
    root: Fields, tables: Mapping[str, Table], cells: Mapping[CellRef, Cell]
) -> tuple[Mention, ...]:
    """Read by which words texts give figures of the tables."""
    known = _Known(tables, cells)
    mentions = []
    for fields in root.tables("mention"):
        said, words = fields.text("means"), fields.texts("words")
        side = _side(said, known)
        if said and not side:
            fields.fault(_fault(said, known), "means", found=said)
        none, unit = fields.texts("none"), fields.text("unit", "")
        fields.done()
        if side:
            mentions.append(Mention(said, side, tuple(words), tuple(none), unit))
    return tuple(mentions)


def _parts(fields: Fields, key: str, known: _Known) -> Iterator[Part]:
    for index, piece in enumerate(_BRACKET.split(fields.text(key))):
        if index % 2:
            part = _listing(piece, known) or _comparison(piece, known) or _figure(piece, known)
            if part:
                yield part
            else:
                fields.fault(_fault(piece, known), key, found=f"[{piece}]")
        elif "[" in piece or "]" in piece:
            fields.fault("S05", key, found=piece)
        elif wide := _WIDE_BRACKET.search(piece):
            fields.fault("S04", key, found=wide[0], expected=f"[{wide[1]}]")
        elif piece:
            yield piece


def _fault(text: str, known: _Known) -> str:
    """Say whether a bracket speaks of what is not added, or of what there is not."""
    named = (parse_cell(word) for word in text.split())
    cells = (ref for ref in named if ref and ref in known.cells)
    return "S05" if all(map(known.addable, cells)) else "S32"


def _listing(text: str, known: _Known) -> Listing | None:
    match = _LISTING.fullmatch(text.strip())
    if match is None:
        return None
    by, most, code, unit = match.groups()
    ref = parse_cell(code)
    if ref is None or not known.addable(ref):
        return None
    return Listing(ListBy(by.split()[0]), ref, unit or "", int(most or 0))


def _comparison(text: str, known: _Known) -> Growth | None:
    match = _CHANGE.fullmatch(text.strip())
    figure = _figure(match[1], known) if match else None
    if match is None or figure is None or figure.base:
        return None
    if any(ref.table == RETURNS for ref in figure.cells):
        return None  # how many reported the last time is not kept
    return Growth(figure, match[2] or "")


def _figure(text: str, known: _Known) -> Figure | None:
    top, percent, base = text.partition(" % ")
    sides = [_side(each, known) for each in ((top, base) if percent else (top,))]
    return Figure(text.strip(), *sides) if all(sides) else None


def _side(text: str, known: _Known) -> Side:
    """Read cells that are added or subtracted; empty if one of them is unknown."""
    first, *rest = _OPERATOR.split(text.strip())
    later = zip(rest[::2], rest[1::2], strict=True)
    terms = [(1, first), *((-1 if sign == "-" else 1, code) for sign, code in later)]
    named = [(factor, _named(code, known)) for factor, code in terms]
    if not all(refs for _, refs in named):
        return ()
    return tuple((factor, ref) for factor, refs in named for ref in refs)


def _named(code: str, known: _Known) -> tuple[CellRef, ...]:
    """Give the cell of a code; of a code with a star, all entry lines below it."""
    ref = parse_cell(code)
    if ref is None:
        return ()
    if ref.table not in known.tables:
        return (ref,) if ref in RETURN_COUNTS else ()
    table = known.tables[ref.table]
    refs = (
        CellRef(ref.table, item, column)
        for item in _lines(ref.item, table.items)
        for column in _lines(ref.column, table.columns)
    )
    return tuple(filter(known.addable, refs))


def _lines(code: str, lines: Sequence[Line]) -> Iterator[str]:
    above = code.removesuffix("*")
    for line in lines:
        below = code.endswith(_STAR) and line.code.startswith(above)
        if line.code == code or (below and line.kind is LineKind.ENTRY):
            yield line.code
