"""Sheets written as spreadsheet programs write them, taken apart without a parser.

Rows are split at their values; what lies between two of them is judged strictly, once for all
that is equal. A sheet that is written in any other way is left to the plain reader as a whole:
nothing is guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks.outlines import plain_texts
from sheetflow.workbooks.strings import decode
from sheetflow.workbooks.surroundings import parted
from sheetflow.workbooks.workbook import CellKind, RawCell
from sheetflow.workbooks.worksheet import KINDS, parse_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheetflow.workbooks.workbook import Spot

_LARGEST = 1 << 20
"""Bytes of a sheet: what caps count can't be reached by smaller ones."""
_LONGEST = 1 << 13
"""Bytes between two values; what is kept of hostile files is bounded by it, too."""
_GAPS, _CELLS, _ENDS = 1 << 13, 1 << 12, 1 << 11
"""How many judgements are kept."""

_NAMED = rb'(?: (?:%b)="[A-Za-z0-9.:$ -]*")*'
_OF_ROW = _NAMED % (
    rb"r|spans|s|customFormat|ht|hidden|customHeight|outlineLevel|collapsed|thickTop|thickBot|ph"
    rb"|x14ac:dyDescent"
)
_OF_CELL = _NAMED % rb"r|s|t|cm|vm|ph"
_FORMULA = rb"(?:<f(%b)(?: ?/>|>([^<]*)</f>))?" % (_NAMED % rb"t|ref|si|aca|ca|bx")
_ROWS = rb"(?:<row%b(?: ?/>|></row>))*<row%b>" % (_OF_ROW, _OF_ROW)
_END = re.compile(rb"</row>%b" % _ROWS)
_BEFORE_VALUE = re.compile(rb"(%b)>%b" % (_OF_CELL, _FORMULA))
_INLINE = rb'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>'
_WITHOUT_VALUE = re.compile(
    rb"(%b)(?: ?/>|>(?:%b|%b(?:<v ?/>)?)</c>)(.*)" % (_OF_CELL, _INLINE, _FORMULA), re.DOTALL
)
_ATTRIBUTE = re.compile(rb' ([A-Za-z0-9:]+)="([^"]*)"')
_TAG = re.compile(rb"<row([^>]*)>")
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_CELL_END = b"</c>"
_SHARED, _INLINE_TYPE = "s", "inlineStr"
_ESCAPED = frozenset(("str", _INLINE_TYPE))
_new_cell = partial(tuple.__new__, RawCell)  # half the time of RawCell(...)


class UsualSheet(NamedTuple):
    """What a sheet holds."""

    cells: Mapping[Spot, RawCell]
    protected: bool
    validated: bool


class _Cell(NamedTuple):
    """What a cell's markup says; the value apart that stands in its `<v>`."""

    spot: Spot
    kind: CellKind
    type: str
    style: str
    """Of a number."""
    formula: str | None
    inline: bytes
    """The text that it holds in another way."""


_NO_CELL = _Cell((-1, -1), CellKind.BLANK, "", "", None, b"")


def usual_sheet(
    xml: bytes, strings: Mapping[str, str], kinds: Mapping[str, CellKind]
) -> UsualSheet | None:
    """Read a sheet; None if it is not written in the usual way.

    `strings` are the shared ones by their number, as cells write it; `kinds` those of the styles.
    """
    if len(xml) > _LARGEST or b"\0" in xml:
        return None
    apart = parted(xml)
    cells = _cells(apart.rows, strings, kinds) if apart else None
    if apart is None or cells is None:
        return None
    return UsualSheet(cells, apart.protected, apart.validated)


def _cells(
    rows: bytes, strings: Mapping[str, str], kinds: Mapping[str, CellKind]
) -> dict[Spot, RawCell] | None:
    """Read the cells of some rows; None if they are not written in the usual way."""
    parts = _VALUE.split(b'</c></row>%b<row><c r="A1">' % rows)  # so that all gaps look alike
    gaps, values = parts[::2], [*parts[1::2], b""]
    if max(map(len, gaps)) > _LONGEST:
        return None
    found: list[_Cell] = []
    own: list[bytes] = []
    for cells, value in zip(map(_between_values, gaps), values, strict=True):
        if not cells:
            return None
        found += cells
        if len(cells) > 1:
            own += [cell.inline for cell in cells[:-1]]
        own.append(value)
    texts = plain_texts(own)
    return None if texts is None else _filled(found[:-1], texts[:-1], strings, kinds)


def _filled(
    found: Sequence[_Cell],
    own: list[str],
    strings: Mapping[str, str],
    kinds: Mapping[str, CellKind],
) -> dict[Spot, RawCell] | None:
    """Put cells and their own texts together; None if two cells lie at one spot."""
    if not found:
        return {}
    spots, cell_kinds, types, styles, formulas, _ = zip(*found, strict=True)
    try:
        texts = [
            strings[text] if cell_type == _SHARED else text
            for cell_type, text in zip(types, own, strict=True)
        ]
    except KeyError:
        return None
    if not _ESCAPED.isdisjoint(types):
        pairs = zip(types, texts, strict=True)
        texts = [decode(text) if cell_type in _ESCAPED else text for cell_type, text in pairs]
    if not kinds.keys().isdisjoint(styles):
        pairs = zip(styles, cell_kinds, strict=True)
        cell_kinds = tuple(kinds.get(style, kind) for style, kind in pairs)
    if "" in texts:
        pairs = zip(cell_kinds, texts, strict=True)
        cell_kinds = tuple(kind if text else CellKind.BLANK for kind, text in pairs)
    made = map(_new_cell, zip(cell_kinds, texts, formulas, strict=True))
    cells = dict(zip(spots, made, strict=True))
    if len(cells) != len(found):
        return None
    if "" in texts:
        return {spot: raw for spot, raw in cells.items() if raw[1] or raw[2] is not None}
    return cells


@lru_cache(maxsize=_GAPS)
def _between_values(xml: bytes) -> tuple[_Cell, ...]:
    """Judge what stands behind a value and before the next, which belongs to the last cell given.

    The others are those that stand between; nothing is given if it is written in an unusual way.
    """
    end, *pieces = xml.split(b"<c ")
    if not pieces or not (end == _CELL_END or (end.startswith(_CELL_END) and _ends(end[4:]))):
        return ()
    cells = [*map(_without_value, pieces[:-1]), _before_value(pieces[-1])]
    kept = [cell for cell in cells if cell]
    return tuple(cell for cell in kept if cell is not _NO_CELL) if len(kept) == len(cells) else ()


@lru_cache(maxsize=_CELLS)
def _before_value(xml: bytes) -> _Cell | None:
    """Judge what stands before a cell's value."""
    match = _BEFORE_VALUE.fullmatch(b" " + xml)
    cell = _cell(*match.groups()) if match else None
    return cell if cell and cell.type != _INLINE_TYPE else None  # which has no value of that kind


@lru_cache(maxsize=_CELLS)
def _without_value(xml: bytes) -> _Cell | None:
    """Judge a cell without a value, and what stands behind it."""
    match = _WITHOUT_VALUE.fullmatch(b" " + xml)
    if match is None:
        return None
    attributes, inline, of_formula, formula, end = match.groups()
    cell = _cell(attributes, of_formula, formula, inline) if not end or _ends(end) else None
    return _NO_CELL if cell and cell.formula is None and not cell.inline else cell


def _cell(
    xml: bytes, of_formula: bytes | None, formula: bytes | None, inline: bytes | None = None
) -> _Cell | None:
    """Say what a cell's attributes, its formula and its own text mean; None if it is unusual."""
    attributes, text = _attributes(xml), None
    if of_formula is not None:
        texts = plain_texts([formula or b""])
        if texts is None or _attributes(of_formula) is None:
            return None
        text = texts[0]
    if attributes is None:
        return None
    cell_type = attributes.get("t", "n")
    kind, spot = KINDS.get(cell_type), parse_address(attributes.get("r", ""))
    if kind is None or -1 in spot or (inline is not None and cell_type != _INLINE_TYPE):
        return None
    style = attributes.get("s", "") if kind is CellKind.NUMBER else ""
    return _Cell(spot, kind, cell_type, style, text, inline or b"")


@lru_cache(maxsize=_ENDS)
def _ends(xml: bytes) -> bool:
    """Judge what stands behind the last cell of a row: its end and the beginning of another."""
    tags = _TAG.findall(xml)
    return _END.fullmatch(xml) is not None and None not in map(_attributes, tags)


def _attributes(xml: bytes) -> dict[str, str] | None:
    """Give attributes by their name; None if one is there twice."""
    given = _ATTRIBUTE.findall(xml)
    named = {name.decode(): value.decode() for name, value in given}
    return named if len(named) == len(given) else None
