"""Reads one value: certain ones are read, with every repair recorded; the others are refused.

What a number may look like is a plain grammar, not whatever Python's int() would take.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.gathering.dates import day_in
from sheetflow.model.cells import exact, exact_product, percentage
from sheetflow.model.entries import Entry, State
from sheetflow.model.form import LineKind, Measure
from sheetflow.workbooks.workbook import CellKind, RawCell

if TYPE_CHECKING:
    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.form import Cell, Form

_EXCEL_DIGITS = Context(prec=15, Emin=-324, traps=[])
"""Excel keeps 15 digits, what stands beyond is binary noise; what no double can be is 0."""
_AS_TYPED = Context(prec=400, traps=[])
"""More digits than `_NUMBER` takes below the limit; a million more are infinite, not an error."""
LIMIT = Decimal(10) ** 15
"""What every figure is less than."""
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，＋－　\u00a0\u2212", "0123456789.,+-  -")
_STORED = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?P<part>\.[0-9]{1,300})?"
    r"\s*(?P<unit>[^\W\d_]*)"
)
_ARITHMETIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[-+*][0-9]+(?:\.[0-9]+)?)*")
_TERM = re.compile(r"[+-]?[0-9.*]+")
_ROUNDED = Decimal("1e-9")  # how far, of a result, a program's arithmetic may be off
_COUNT_UNITS = frozenset(
    ["件", "次", "条", "个", "项", "份", "宗", "起", "人", "家", "部", "篇", "人次"]
)
_NOT_ZERO = frozenset(("无", "没有", "/", "／", "-", "－", "—", "——", "–", "\\"))
_NOT_APPLICABLE = "不适用"
_FROM_YUAN = -4  # 10,000 元 are 1 万元
_NOT_READ = {
    CellKind.BLANK: "no_cached_value",
    CellKind.ERROR: "error_cell",
    CellKind.DATE: "shows_date",
    CellKind.DATE_1904: "shows_date",
    CellKind.PERCENT: "shows_percent",
    CellKind.BOOLEAN: "boolean",
}


class Reading(NamedTuple):
    """A value as read: its state, the figure, and the repair's or the refusal's name."""

    state: State
    value: Decimal | None = None
    rule: str = ""


def read_value(cell: Cell, raw: RawCell | None) -> Reading:
    """Read what stands in an entry cell. Units are never lost: one that is known is recorded."""
    if raw is None or (raw.kind is CellKind.TEXT and not raw.text.strip()):
        return Reading(State.BLANK)
    if raw.kind in (CellKind.BLANK, CellKind.ERROR):
        return _refused(_NOT_READ[raw.kind])
    if not cell.numeric:
        return _read_words(cell, raw)
    if cell.measure is Measure.PERCENT:
        return _read_percent(cell, raw)
    if raw.kind is CellKind.NUMBER:
        return _read_number(cell, raw.text)
    if raw.kind is CellKind.TEXT:
        return _read_text(cell, raw.text)
    return _refused(_NOT_READ[raw.kind])


def is_told(cell: Cell, raw: RawCell) -> bool:
    """Whether a cell that asks for any text holds one of its own: it is read as it stands."""
    is_own = raw.kind is CellKind.TEXT and raw.formula is None
    return cell.measure is Measure.TEXT and is_own and raw.text.strip() != ""


def shown(raw: RawCell) -> str:
    """Give what a cell shows of what it holds: a day for its number, 50% for 0.5, TRUE for 1."""
    match raw.kind:
        case CellKind.BOOLEAN:
            return str(raw.text == "1").upper()
        case CellKind.PERCENT if _STORED.fullmatch(raw.text):
            return percentage(_EXCEL_DIGITS.plus(Decimal(raw.text)))
        case CellKind.DATE | CellKind.DATE_1904 if day := day_in(raw):
            return day.isoformat()
    return raw.text


def read_entry(form: Form, ref: CellRef, place: Place, raw: RawCell | None) -> Entry:
    """Read an entry cell at its place; that a formula gave the value is recorded like a repair."""
    reading = read_value(form.cells[ref], raw)
    text = "" if raw is None else shown(raw) or (f"={raw.formula}" if raw.formula else "")
    rules = [reading.rule] if reading.rule else []
    if raw and raw.formula is not None and reading.state in (State.NUMBER, State.TEXT):
        stale = reading.value is not None and _is_stale(raw.formula, reading.value)
        rules.append("stale_formula" if stale else "formula")
    return Entry(ref, reading.state, reading.value, text, place, "+".join(rules))


def _is_stale(formula: str, result: Decimal) -> bool:
    """Whether typed numbers, added up or multiplied, come to another result than the saved one."""
    bare = plain_formula(formula)
    if not _ARITHMETIC.fullmatch(bare):
        return False
    with exact():
        terms = (prod(map(Decimal, term.split("*"))) for term in _TERM.findall(bare))
        return abs(sum(terms) - result) > _ROUNDED * max(Decimal(1), abs(result))


@lru_cache(maxsize=4096)
def plain_formula(formula: str) -> str:
    """Write a formula so that two that say the same compare equal."""
    return formula.replace(" ", "").replace("$", "").removeprefix("=").upper()


def _read_number(cell: Cell, text: str) -> Reading:
    if not _STORED.fullmatch(text):
        return _refused("not_a_number")
    return _accepted(cell, _EXCEL_DIGITS.plus(Decimal(text)), ())


def _read_text(cell: Cell, text: str) -> Reading:
    bare = text.translate(_FULL_WIDTH).strip()
    if bare == _NOT_APPLICABLE:
        return Reading(State.NA, None, "not_applicable")
    if bare in _NOT_ZERO:
        return _refused("not_zero")
    match = _NUMBER.fullmatch(bare)
    if match is None:
        return _refused("not_a_number")
    rules = ["full_width"] if bare != text.strip() else []
    rules += ["spaces"] if text != text.strip() or " " in match["whole"] else []
    rules += ["separators"] if "," in match["whole"] else []
    digits = match["whole"].replace(",", "").replace(" ", "")
    number = Decimal(f"{match['sign']}{digits}{match['part'] or ''}")
    shift = _unit_shift(cell, match["unit"].strip())
    if shift is None:
        return _refused("unknown_unit")
    if match["unit"]:
        rules.append("unit_converted" if shift else "unit")
    number = number.scaleb(shift, _AS_TYPED)
    return _accepted(cell, number, tuple(rules or ["text_number"]))


def _read_words(cell: Cell, raw: RawCell) -> Reading:
    """Read a text, a choice or a day: what is none of the choices, or no day, is refused."""
    if cell.measure is Measure.CHOICE and not cell.chosen(shown(raw)):
        return _refused("no_choice")
    if cell.measure is Measure.DATE and day_in(raw) is None:
        return _refused("no_day")
    return Reading(State.TEXT)


def _read_percent(cell: Cell, raw: RawCell) -> Reading:
    """Read a percentage as a fraction; without its sign 0.5 may be a half or half a percent."""
    if raw.kind is CellKind.PERCENT:
        return _read_number(cell, raw.text)
    text = raw.text.strip()
    if raw.kind is CellKind.TEXT and text.endswith(("%", "％")):
        read = _read_text(cell, text[:-1])
        return read if read.value is None else read._replace(value=read.value.scaleb(-2, _AS_TYPED))
    return _refused("no_percent_sign")


def _unit_shift(cell: Cell, unit: str) -> int | None:
    """Give the power of ten that brings a unit to the cell's; None for one that is not known."""
    if unit in ("", cell.unit):
        return 0
    if cell.measure is Measure.COUNT:
        return 0 if unit in _COUNT_UNITS else None
    return _FROM_YUAN if (unit, cell.unit) == ("元", "万元") else None


def _accepted(cell: Cell, number: Decimal, rules: tuple[str, ...]) -> Reading:
    if number < 0 and cell.kind is LineKind.ENTRY:
        return _refused("negative")
    if abs(number) >= LIMIT:
        return _refused("too_large")
    if cell.measure is Measure.COUNT and number != number.to_integral_value():
        return _refused("fraction")
    return Reading(State.NUMBER, exact_product(1, number) or Decimal(0), "+".join(rules))


def _refused(why: str) -> Reading:
    return Reading(State.UNREADABLE, None, why)
