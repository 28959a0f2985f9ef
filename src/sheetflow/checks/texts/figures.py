"""Figures with their units in Chinese text. What is not exact (约、近、余) is no figure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.characters import nfkc

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT_UNITS = "件|条|次|项|宗|起|篇|个|份|部|期"
NUMBER = r"(?P<number>\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?P<part>\.\d{1,6})?"
"""A number, in the groups `number` and `part`."""
EXACT = "(?!余|多|工作日|月|小时|方面|大类|环节)"
"""What must not follow a unit: 3件余 is no figure, 7个工作日 counts nothing."""
FIGURE = re.compile(rf"(?<![\d.,第]){NUMBER}\s*(?P<unit>人次|万元|%|{COUNT_UNITS}){EXACT}")
_MARKS = tuple(zip(",;:()", "，；：（）", strict=True))
_IN_NUMBER = re.compile(r"，(?<=\d，)(?=\d{3}(?!\d))")
_CLAUSE_ENDS = "。；，、\n"
_REACH = 500
"""Characters on either side of a figure that are looked at for its clause."""
_ABOUT = re.compile(r"(约|近|逾|超|超过|不少于|至少|达到?近|累计)\s*$")


class TextFigure(NamedTuple):
    """A figure in a text: its value, its unit, and where it begins and ends."""

    value: Decimal
    unit: str
    start: int
    end: int


def plain_text(text: str) -> str:
    """Give a text with half-width digits, full-width marks and no spaces, to look for figures.

    What groups a number's digits stays half width.
    """
    plain = nfkc(text).replace(" ", "").replace("\t", "")
    for half, full in _MARKS:  # a tenth of the time of `translate`
        plain = plain.replace(half, full)
    return _IN_NUMBER.sub(",", plain)


def figures(text: str) -> Iterator[TextFigure]:
    """Give the exact figures of a plain text in order."""
    last = 0
    for match in FIGURE.finditer(text):
        if not _ABOUT.search(text, last, match.start()):  # no such word reaches into a figure
            yield figure_of(match)
        last = match.end()


def figure_of(match: re.Match[str]) -> TextFigure:
    """Read a match of FIGURE, or of a pattern with the same groups."""
    return TextFigure(number_of(match), match["unit"], match.start("number"), match.end("unit"))


def number_of(match: re.Match[str]) -> Decimal:
    """Read the number of a match: its whole part, maybe in groups, and its decimals."""
    return Decimal(match["number"].replace(",", "") + (match["part"] or ""))


def around(text: str, start: int, end: int) -> str:
    """Quote the words around a figure: its clause, as far as anybody writes one."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    left = max(map(before.rfind, _CLAUSE_ENDS)) + 1
    found = (at for at in map(after.find, _CLAUSE_ENDS) if at >= 0)
    return f"{before[left:]}{text[start:end]}{after[: min(found, default=_REACH)]}".strip()
