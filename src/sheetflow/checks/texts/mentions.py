"""N1: figures that a text gives for what the tables count, by the words that the form lists."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.checks.texts.figures import COUNT_UNITS, EXACT, NUMBER, around, figure_of
from sheetflow.checks.texts.times import other_time_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.model.form import Form
    from sheetflow.model.sentences import Mention

_BETWEEN = r"(?:案件|事项|申请|数量|数|共计|共|合计|总计|总数|为|是|的|了|:|：|\(|（)*"
_LONGEST_CLAUSE = 60
_ALSO = re.compile(r"(行政复议|行政诉讼)[、和及与或]$")
_DENIALS = "无未没"
"""What each denial begins with."""
_REST = r"(?:[、和及与或]|被|提起|申请|行政复议|行政诉讼|案件|情况|的|事项|发生|现象|问题)*"


class Said(NamedTuple):
    """A figure that a text says of a mention, and where it does."""

    value: Decimal
    text: str
    start: int
    end: int
    is_denial: bool = False
    """无、未发生: there was none."""

    @property
    def words(self) -> str:
        """Give the words in which the text says it."""
        if self.is_denial:
            return self.text[self.start : self.end].strip("，。；\n")
        return around(self.text, self.start, self.end)


def said_in(text: str, form: Form, period: str) -> Iterator[tuple[Mention, list[Said]]]:
    """Give what a plain text says of a form's mentions in a period; 无、未发生 give 0.

    Where the period is empty, not known, every one that is named is taken for another.
    """
    begins = _words_in(text, form)
    may_deny = any(map(text.__contains__, _DENIALS))
    for number in sorted(begins):
        mention = form.mentions[number]
        said = list(_figures(text, mention, begins[number], period))
        if may_deny and mention.none:
            said += _denials(text, mention, period)
        if said:
            yield mention, said


def _words_in(text: str, form: Form) -> dict[int, list[int]]:
    """Give by its number where the words begin that name the figure of a mention.

    Of many mentions a text has the words of few; those of which it has a word for none are there,
    too.
    """
    pattern, by_first = _vocabulary(form)
    begins: dict[int, list[int]] = {}
    match = pattern.search(text)
    while match:
        at = match.start()
        for number, word, names_figure in by_first[text[at]]:
            if text.startswith(word, at):
                found = begins.setdefault(number, [])
                if names_figure:
                    found.append(at)
        match = pattern.search(text, at + 1)
    return begins


class _Vocabulary(NamedTuple):
    """The words of a form's mentions."""

    pattern: re.Pattern[str]
    """Finds where one of them begins."""
    by_first: Mapping[str, Sequence[tuple[int, str, bool]]]
    """By their first characters, each with its mention's number; whether it names its figure."""


@lru_cache(maxsize=64)
def _vocabulary(form: Form) -> _Vocabulary:
    by_first: dict[str, list[tuple[int, str, bool]]] = {}
    for number, mention in enumerate(form.mentions):
        for word in (*mention.words, *mention.none):
            by_first.setdefault(word[0], []).append((number, word, word in mention.words))
    words = sorted({re.escape(word) for some in by_first.values() for _, word, _ in some})
    return _Vocabulary(re.compile("|".join(words) or "(?!)"), by_first)


def _figures(text: str, mention: Mention, begins: Sequence[int], period: str) -> Iterator[Said]:
    """Give the figures of a mention whose words begin somewhere, none within another."""
    pattern, end = _figure_pattern(mention.words, mention.unit), 0
    for at in begins:
        match = pattern.match(text, at) if at >= end else None
        if match:
            end = match.end()
            before = _before(text, at)
            is_other = other_time_pattern(period).search(before) or _ALSO.search(before)
            if not is_other and not before.endswith("不"):
                figure = figure_of(match)
                yield Said(figure.value, text, at, figure.end)


def _denials(text: str, mention: Mention, period: str) -> Iterator[Said]:
    for match in _none_pattern(mention.none).finditer(text):
        if not other_time_pattern(period).search(_before(text, match.start("denial"))):
            yield Said(Decimal(0), text, match.start(), match.end(), is_denial=True)


def _before(text: str, at: int) -> str:
    """Give what stands before a place, as far as its clause may reach."""
    return text[max(0, at - _LONGEST_CLAUSE) : at]


@cache
def _figure_pattern(words: tuple[str, ...], unit: str) -> re.Pattern[str]:
    units = COUNT_UNITS if not unit else re.escape(unit)
    named = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?:{named}){_BETWEEN}{NUMBER}\s*(?P<unit>{units}){EXACT}")


@cache
def _none_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match a clause that says that there was none: 全年无因政府信息公开被申请行政复议的情况."""
    named = "|".join(map(re.escape, words))
    denial = "(?P<denial>无|未发生|没有发生|没有|未出现|未(?=[收接]到))"
    return re.compile(
        rf"(?:^|[，。；\n])[^，。；\n无未没]{{0,8}}{denial}"
        rf"(?:因|针对|涉及)?[^，。；\n]{{0,18}}?(?:{named}){_REST}(?=[，。；\n]|$)"
    )
