"""N1: 比上年增加3件、增长12.5%, 占20%: changes and shares that a text gives, computed again."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.checks.texts.figures import COUNT_UNITS, number_of
from sheetflow.model.cells import exact
from sheetflow.model.period import PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = r"(?P<way>增加|增长|上升|提高|减少|下降|降低)了?"
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?P<part>\.\d{1,4})?"
_UNIT = rf"(?P<unit>{COUNT_UNITS}|万元|%)"
_LAST = {
    PeriodKind.YEAR: ("同比", "(?:上年|去年|上一年|上年度)(?:同期)?"),
    PeriodKind.HALF: ("环比", "上期"),
    PeriodKind.QUARTER: ("环比", "(?:上季度|上一季度|上期)"),
    PeriodKind.MONTH: ("环比", "(?:上月|上个月|上一月|上期)"),
}
"""By what a text compares with the period right before; of others 同比 is a year ago."""
_SINCE = {
    kind: re.compile(
        rf"[，,（]?(?:{alone}|(?:比|较|与){last}(?:相比)?[，,]?){_WORDS}{_NUMBER}{_UNIT}"
    )
    for kind, (alone, last) in _LAST.items()
}
_AND = re.compile(rf"[，,、（]?(?:同比)?{_WORDS}{_NUMBER}(?P<unit>%)")
_SHARE = re.compile(rf"[，,（]?(?:占比(?:为)?|占){_NUMBER}(?P<unit>%)")
_CHANGED = re.compile(rf"{_WORDS}$")
_LONGEST_WORD = 3
_LESS = frozenset(("减少", "下降", "降低"))
_HUNDRED = Decimal(100)


class Claim(NamedTuple):
    """What a text says of a figure: a change (signed) or a percentage (signed), and its words."""

    value: Decimal
    is_percent: bool
    decimals: int
    words: str


class Wrong(NamedTuple):
    """A claim that is not so, and what it should say."""

    claim: Claim
    should: Decimal


def changes_after(text: str, end: int, kind: PeriodKind) -> tuple[Claim, ...]:
    """Give the change since the last period that stands right behind a figure: amount, percent."""
    return tuple(map(_claim, _changes(text, end, kind)))


def change_end(text: str, end: int) -> int:
    """Give where the change since last year ends that stands right behind a figure, else `end`."""
    return max((match.end() for match in _changes(text, end, PeriodKind.YEAR)), default=end)


def is_change(text: str, start: int) -> bool:
    """Whether the figure that starts there is a change, as in 增加3件."""
    return _CHANGED.search(text, max(0, start - _LONGEST_WORD), start) is not None


def wrong_changes(
    now: Decimal, before: Decimal | None, claims: tuple[Claim, ...]
) -> Iterator[Wrong]:
    """Compute a change again: from last year's figure, else the percentage from the amount."""
    amount = next((claim.value for claim in claims if not claim.is_percent), None)
    base = before if before is not None else None if amount is None else now - amount
    for claim in claims:
        if claim.is_percent and base:
            should = _rounded(_HUNDRED * (now - base) / base, claim.decimals)
        elif not claim.is_percent and before is not None:
            should = now - before
        else:
            continue
        if claim.value != should:
            yield Wrong(claim, should)


def wrong_share(text: str, end: int, part: Decimal, whole: Decimal) -> Wrong | None:
    """Compute the share again that stands right behind a part of a whole."""
    match = _SHARE.match(text, end)
    if match is None or not whole:
        return None
    claim = _claim(match)
    should = _rounded(_HUNDRED * part / whole, claim.decimals)
    return None if claim.value == should else Wrong(claim, should)


def _changes(text: str, end: int, kind: PeriodKind) -> Iterator[re.Match[str]]:
    first = _SINCE[kind].match(text, end)
    if first:
        yield first
        second = _AND.match(text, first.end())
        if second:
            yield second


def _claim(match: re.Match[str]) -> Claim:
    value = number_of(match)
    less = match.groupdict().get("way") in _LESS
    decimals = len(match["part"] or ".") - 1
    words = match[0].strip("，,（、")
    return Claim(-value if less else value, match["unit"] == "%", decimals, words)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    with exact():  # beside a very small base it has very many digits
        return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
