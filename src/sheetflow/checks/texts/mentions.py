"""N1: figures that a text gives for what the tables count, by the words that the form lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from sheetflow.checks.texts.figures import COUNT_UNITS, EXACT, around, figure_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.model.sentences import Mention

_BETWEEN = r"(?:案件|事项|申请|数量|数|共计|共|合计|总计|总数|为|是|的|了|:|：|\(|（)*"
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,12})(?P<part>\.\d{1,6})?"
_OTHER_YEAR = re.compile(
    r"(上年|去年|同期|往年|以来|历年|累计|20\d\d年(?=.{0,6}$)|较|比)[^。；]{0,12}$"
)
_ALSO = re.compile(r"(行政复议|行政诉讼)[、和及与或]$")
_REST = r"(?:[、和及与或]|被|提起|申请|行政复议|行政诉讼|案件|情况|的|事项|发生|现象|问题)*"


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of a mention: the figure, and the words in which it does."""

    mention: Mention
    value: Decimal
    words: str
    end: int


def said_of(text: str, mention: Mention) -> Iterator[Said]:
    """Give each figure that a plain text gives for a mention; 无、未发生 give 0."""
    for match in _figure_pattern(mention.words, mention.unit).finditer(text):
        before = text[: match.start()]
        if not _OTHER_YEAR.search(before) and not _ALSO.search(before) and before[-1:] != "不":
            figure = figure_of(match)
            words = around(text, match.start(), figure.end)
            yield Said(mention, figure.value, words, figure.end)
    if mention.none:
        for match in _none_pattern(mention.none).finditer(text):
            yield Said(mention, Decimal(0), match[0].strip("，。；\n"), match.end())


@cache
def _figure_pattern(words: tuple[str, ...], unit: str) -> re.Pattern[str]:
    units = COUNT_UNITS if not unit else re.escape(unit)
    named = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?:{named}){_BETWEEN}{_NUMBER}\s*(?P<unit>{units}){EXACT}")


@cache
def _none_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match a clause that says that there was none: 全年无因政府信息公开被申请行政复议的情况."""
    named = "|".join(map(re.escape, words))
    return re.compile(
        rf"(?:^|[，。；\n])[^，。；\n无未没]{{0,8}}(?:无|未发生|没有发生|没有|未出现)"
        rf"(?:因|针对|涉及)?[^，。；\n]{{0,18}}?(?:{named}){_REST}(?=[，。；\n]|$)"
    )
