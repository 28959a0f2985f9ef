"""N1: 其中… breakdowns that do not add up to the figure before them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.checks.texts.figures import TextFigure, around, figures
from sheetflow.checks.texts.growth import change_end, is_change, wrong_share
from sheetflow.model.cells import exact_sum

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

_SENTENCE = re.compile(r"[^。\n]+")
_AMONG_WORD = "其中"
_AMONG = re.compile(rf"[,，(（;；]?{_AMONG_WORD}[:：,，]?")
_OPEN_ENDED = re.compile(r"(主要|包括|例如|如下|等\d|等(信息|内容|方面|各类|公开)|分别占)")
_FEW, _MANY = 3, 5
_MOST_OF, _NEARLY = 60, 90
"""Parts that make up so many percent of the whole, if there are many or few, mean to be all."""


class Broken(NamedTuple):
    """A breakdown that does not add up, or a share in it that is not so."""

    said: Decimal
    found: Decimal
    words: str
    is_share: bool = False


def broken_breakdowns(text: str) -> Iterator[Broken]:
    """Give the breakdowns of a plain text that mean to be whole, and are not.

    What follows a semicolon may belong to the whole or not: either sum is right.
    """
    if _AMONG_WORD not in text:
        return
    for sentence in _SENTENCE.finditer(text):
        among = list(_AMONG.finditer(sentence[0]))
        if len(among) == 1:
            yield from _of_sentence(sentence[0], among[0].start(), among[0].end())


def _of_sentence(sentence: str, head_ends: int, begins: int) -> Iterator[Broken]:
    head = _head(sentence, head_ends)
    if head:
        rest = sentence[begins:]
        parts = [f for f in figures(rest) if f.unit == head.unit]
        for part in parts:
            wrong = wrong_share(rest, part.end, part.value, head.value)
            if wrong:
                yield Broken(wrong.claim.value, wrong.should, wrong.claim.words, is_share=True)
        if parts and not _OPEN_ENDED.search(rest):
            found = _broken(sentence, begins, head, parts)
            if found:
                yield found


def _head(sentence: str, ends: int) -> TextFigure | None:
    """Give the figure that stands right before 其中, or has only a change since last year behind.

    Neither a change nor a share has parts.
    """
    head, reach = None, 0
    for figure in figures(sentence[:ends]):
        if figure.unit != "%" and figure.start >= reach and not is_change(sentence, figure.start):
            head, reach = figure, change_end(sentence, figure.end)
    return head if ends - reach <= 1 else None


def _broken(sentence: str, begins: int, head: TextFigure, parts: list[TextFigure]) -> Broken | None:
    semicolon = re.search("[;；]", sentence[begins:])
    near = [f for f in parts if semicolon is None or f.end <= semicolon.start()]
    sums = {_sum(near), _sum(parts)}
    words = around(sentence, head.start, head.end)
    slipped = len(parts) >= _FEW and head.value / 10 in sums
    if head.value in sums or not (slipped or _means_all(head.value, parts)):
        return None
    return Broken(head.value, _sum(parts), words)


def _sum(parts: list[TextFigure]) -> Decimal:
    return exact_sum(part.value for part in parts)


def _means_all(whole: Decimal, parts: list[TextFigure]) -> bool:
    """Whether parts claim to be all there are: too much in any case, else if they nearly are."""
    added = _sum(parts)
    if added > whole:
        return len(parts) >= _FEW or max(part.value for part in parts) > whole
    percent = 100 * added / whole
    return len(parts) >= _FEW and percent >= (_MOST_OF if len(parts) >= _MANY else _NEARLY)
