"""Words that depend on how long a form's periods are: 上年 of a yearly form is 上季度 of a quarterly one.

Texts have them as of a yearly form, in braces: `与{上年}相同`, `{last year}'s figures`.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.messages.text import Language
from sheetflow.model.period import PeriodKind, parse_period, period_words

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(this: str, last: str, following: str, english: str) -> Mapping[str, str]:
    """Give what stands for each word of a yearly form."""
    return MappingProxyType(
        {
            **dict.fromkeys(("本年", "今年", "本年度"), this),
            **dict.fromkeys(("上年", "去年", "上一年度"), last),
            "下一年": following,
            "同一年度": "同一期",
            "同比": "环比",
            " 年": "",  # behind a year's number, which other periods say themselves
            " 年度": "",
            "this year": f"this {english}",
            "last year": f"last {english}",
            "Last year": f"Last {english}",
        }
    )


_WORDS = {
    PeriodKind.HALF: _words("本期", "上期", "下期", "half-year"),  # 上半年 would be the first half
    PeriodKind.QUARTER: _words("本季度", "上季度", "下季度", "quarter"),
    PeriodKind.MONTH: _words("本月", "上月", "下月", "month"),
}
_MARKED = r"\{(" + "|".join(_WORDS[PeriodKind.QUARTER]) + r")\}"
"""Compiled when a text has one: `--help` has none."""


def in_period_words(text: str, kind: PeriodKind = PeriodKind.YEAR) -> str:
    """Put the words of a kind of period for those that a text has in braces."""
    if "{" not in text:
        return text
    words = _WORDS.get(kind)
    return re.sub(_MARKED, lambda match: words[match[1]] if words else match[1], text)


def period_said(text: str, language: Language) -> str:
    """Say a period: in words in Chinese, as it is written in English."""
    return period_words(text) if language is Language.ZH else text


def period_fact(text: str, kind: PeriodKind) -> str:
    """Give the fact that names a period: of a yearly form the year, behind which texts say 年."""
    return f"@{text}" if kind is not PeriodKind.YEAR and parse_period(text) else text
