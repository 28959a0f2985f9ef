"""What records must look like that another office made: each field's type, each code, each cell.

Our own need no such look: nothing else is ever written into them.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.model.answers import figure
from sheetflow.model.entries import State
from sheetflow.model.findings import Severity, Status
from sheetflow.model.returns import ChangeKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sheetflow.model.form import Form

    Shape = Callable[[object], bool]
    """Says whether a value, as JSON has it, is of one kind."""

_SHA256 = re.compile("(?:[0-9a-f]{64})?")
_HALF = re.compile("[\ud800-\udfff]")
_BITS = 63


def is_text(given: object) -> bool:
    """Whether something is a text, in which no half of a character stands."""
    return isinstance(given, str) and (given.isascii() or _HALF.search(given) is None)


def _is_nothing(given: object) -> bool:
    return given is None


def _is_sha256(given: object) -> bool:
    return isinstance(given, str) and _SHA256.fullmatch(given) is not None


def _is_whole(given: object) -> bool:
    return type(given) is int and given >= 0 and given.bit_length() <= _BITS


def _is_flag(given: object) -> bool:
    return isinstance(given, bool)


def _is_figure(given: object) -> bool:
    return isinstance(given, str) and figure(given) is not None


def _is_sum(given: object) -> bool:
    return type(given) is int or _is_figure(given)


def _are_named(given: object) -> bool:
    return isinstance(given, dict) and all(map(is_text, (*given, *given.values())))


def _row(*shapes: Shape) -> Shape:
    """Want a list of as many values, each of its shape."""

    def fits(given: object) -> bool:
        if not isinstance(given, list) or len(given) != len(shapes):
            return False
        return all(shape(value) for shape, value in zip(shapes, given, strict=True))

    return fits


def _many(shape: Shape) -> Shape:
    """Want a list of values of one shape."""
    return lambda given: isinstance(given, list) and all(map(shape, given))


def _some(shape: Shape) -> Shape:
    """Want a list of values of one shape, at least one."""
    return lambda given: given != [] and _many(shape)(given)


def _maybe(shape: Shape) -> Shape:
    """Want nothing, or a value of a shape."""
    return _either(_is_nothing, shape)


def _either(one: Shape, other: Shape) -> Shape:
    return lambda given: one(given) or other(given)


def _one_of(texts: Iterable[str]) -> Shape:
    known = frozenset(texts)
    return lambda given: isinstance(given, str) and given in known


_FILE = _row(
    *(is_text, _is_whole, _is_sha256, is_text, is_text, _one_of(Verdict), is_text),
    *(is_text, is_text, is_text),
)
_ENCLOSED = _row(is_text, is_text, is_text, is_text)
_PLACE = _row(is_text, is_text, is_text, _is_whole)
_ODD = _either(
    _row(_is_whole, _one_of((State.NUMBER,)), _is_figure, is_text),
    _row(_is_whole, _one_of({*State} - {State.NUMBER, State.ADJUSTED}), _is_nothing, is_text),
)
_ENTRIES = _row(is_text, _either(is_text, _many(is_text)), _many(_ODD))
_CHANGE = _row(_one_of(ChangeKind), _PLACE, is_text, is_text, _is_flag)
_SLATE = _many(_row(_many(is_text), is_text, is_text))


def are_slates(given: object) -> bool:
    """Whether something holds slates by their names, each as JSON; ValueError if one is no JSON."""
    if not isinstance(given, dict) or not _are_named(given):
        return False
    return all(_SLATE(json.loads(text)) for text in given.values())


@lru_cache(maxsize=16)
def record_shape(form: Form) -> Shape:
    """Give the shape of a record of returns of a form."""
    code = _one_of((*CATALOGUE, *(check.code for check in form.checks)))

    def cell(given: object) -> bool:
        return isinstance(given, list) and all(map(is_text, given)) and tuple(given) in form.cells

    change = _row(cell, _is_figure, _is_figure)
    cause = _row(_many(change), _many(_many(change)), _many(is_text))
    finding = _row(
        *(code, _one_of(Severity), is_text, _maybe(cell), _maybe(_PLACE)),
        *(_maybe(_is_figure), _maybe(_is_figure), _many(cell), is_text),
        *(_one_of(Status), is_text, _maybe(cause), _are_named),
    )
    total = _row(cell, _PLACE, _is_flag, _maybe(_is_figure), is_text, is_text, _is_flag)
    submission = _row(
        *(_is_whole, _ENTRIES, _either(is_text, _many(total)), _are_named, _many(finding)),
        _maybe(_either(_row(_many(finding)), _row(_many(finding), _many(finding)))),
        _many(_row(_PLACE, is_text, is_text, _some(cell), _is_flag)),
        *(_many(_PLACE), _many(_CHANGE)),
        _many(_row(is_text, _maybe(cell), is_text, _PLACE, is_text)),
        _maybe(_is_sum),
    )
    return _some(_row(_FILE, _maybe(submission), _many(finding), _maybe(_ENCLOSED)))
