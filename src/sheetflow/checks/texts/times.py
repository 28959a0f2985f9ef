"""What in a text speaks of another time than the period: the tables have no such figures."""

from __future__ import annotations

import re
from functools import cache

from sheetflow.checks.texts.figures import COUNT_UNITS
from sheetflow.model.period import HALVES, QUARTERS, Period, PeriodKind, parse_period

_UNTIL = "[~至到—-]"
_QUARTERS = [f"[{word}{number}]" for number, word in enumerate(QUARTERS, 1)]
_OF_MORE = "以来|今年|本年|全年|年内|年初|上期|上季|上一季|上个?月|上一月"
"""What a part of a year is not called, or the whole of its year is."""


@cache
def other_time_pattern(period: str) -> re.Pattern[str]:
    """Match a beginning that ends within what speaks of another time than a written period.

    去年 and the like reach to the end of their clause, or to the figure that belongs to them, as in
    上年结转3件、本年收到…; where a comma follows at once, as in 2023年，共收到…, over that one.
    """
    known = parse_period(period)
    if known is None or known.kind is PeriodKind.YEAR:
        own, more = f"{period}年", rf"(?<!今年)(?<!本年)(?<!{period}年)以来"
    else:
        own, more = _part_of_year(known)
    named = rf"(?!{own})20\d\d(?:年|{_UNTIL}20\d\d年)(?:[\d年月日度底末初全今]|{_UNTIL})*"
    words = rf"上一?年度?|去年|同期|往年|{more}|历年|累计|较|比|{named}"
    clause = rf"(?:(?!\d(?:人次|万元|%|{COUNT_UNITS}))[^，。；\n])*"
    return re.compile(rf"(?:{words})，?{clause}$")


def _part_of_year(period: Period) -> tuple[str, str]:
    """Match what says a part of a year, and whatever may be another part, or more than it.

    2024年 alone is more than it; a day or a range of months is none of the periods.
    """
    index, kind = period.number - 1, period.kind
    halves, quarters, months = "[上下]半年", "第?[一二三四1-4]季度", r"(?<!\d)\d{1,2}月"
    if kind is PeriodKind.HALF:
        within, halves = f"{HALVES[index]}半年", f"{HALVES[1 - index]}半年"
    elif kind is PeriodKind.QUARTER:
        within = f"第?{_QUARTERS[index]}季度"
        quarters = f"第?(?:{'|'.join(_QUARTERS[:index] + _QUARTERS[index + 1 :])})季度"
    else:
        within = f"0?{period.number}月"
        months = rf"(?<!\d)(?!{within})\d{{1,2}}月|\d{{1,2}}月\d{{1,2}}日"
    ranges = rf"前[二两三]个?季度|[一二三四1-4]{_UNTIL}第?[二三四2-4]季度|\d{_UNTIL}\d{{1,2}}月"
    own = rf"{period.year}年度?{within}(?!{_UNTIL})"
    parts = f"(?:{ranges}|{halves}|{quarters}|{months})[\\d日底末初份]*"
    return own, f"{_OF_MORE}|{parts}"
