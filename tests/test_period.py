"""A period: how it is written, said, found in words, and which one is next."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.gathering.periods import said_periods
from sheetflow.messages.catalogue import CATALOGUE, catalogue
from sheetflow.messages.periods import in_period_words, period_fact
from sheetflow.messages.terms import TERMS, facts_said, term
from sheetflow.messages.text import Language, Text
from sheetflow.model.period import (
    Period,
    PeriodKind,
    parse_period,
    period_words,
    year_of,
)

PERIODS = st.sampled_from(PeriodKind).flatmap(
    lambda kind: st.builds(
        Period, st.just(kind), st.integers(2000, 2098), st.integers(1, kind.a_year)
    )
)


@given(PERIODS)
def test_the_one_before_and_the_one_after_are_inverse_and_in_order(period: Period) -> None:
    assert period.before.after == period == period.after.before
    assert period.before < period < period.after


@given(PERIODS)
def test_as_many_on_as_a_year_has_is_the_same_of_the_next_year(period: Period) -> None:
    later = period
    for _ in range(period.kind.a_year):
        later = later.after
    assert later == Period(period.kind, period.year + 1, period.number)


@given(PERIODS)
def test_what_is_written_or_said_of_a_period_is_read_as_it(period: Period) -> None:
    assert parse_period(str(period)) == period
    assert said_periods(f"某市{period.words}政府网站报表") == (period,)
    assert year_of(str(period)) == str(period.year)


@pytest.mark.parametrize(
    ("text", "words", "before", "after"),
    [
        ("2024", "2024年", "2023", "2025"),
        ("2024-H1", "2024年上半年", "2023-H2", "2024-H2"),
        ("2024-Q1", "2024年第一季度", "2023-Q4", "2024-Q2"),
        ("2024-Q4", "2024年第四季度", "2024-Q3", "2025-Q1"),
        ("2024-03", "2024年3月", "2024-02", "2024-04"),
        ("2024-12", "2024年12月", "2024-11", "2025-01"),
    ],
)
def test_each_kind_has_its_notation_and_its_words(
    text: str, words: str, before: str, after: str
) -> None:
    period = parse_period(text)
    assert period
    assert period_words(text) == words
    assert (str(period.before), str(period.after)) == (before, after)


@pytest.mark.parametrize(
    "text",
    [
        *("", "24", "0999", "2024年", "２０２４", "2024-H3", "2024-Q5", "2024-q1", "2024Q1"),
        *("2024-13", "2024-00", "2024-3", "2024-03-01", "2024-Q1 "),
    ],
)
def test_any_other_notation_is_none(text: str) -> None:
    assert parse_period(text) is None


def test_what_is_no_period_is_said_with_its_year_sign_as_on_a_blank_master() -> None:
    assert period_words("    ") == "    年"


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("统计期：2024年第2季度", ["2024-Q2"]),
        ("2024 年 二季度", ["2024-Q2"]),
        ("2024年度下半年", ["2024-H2"]),
        ("2024年03月份", ["2024-03"]),
        ("2024年度", ["2024"]),
        ("填报日期：2025年1月10日", []),
        ("填报日期：2025年 1月10日", []),
        ("2024年1月至3月", ["2024"]),
        ("2024年3月份至5月份", ["2024"]),
        ("2024年1—3月", ["2024"]),
        ("2024年第一季度至第三季度", ["2024"]),
        ("2024年前三季度", ["2024"]),
        ("12024年第一季度", []),
        ("第一季度", []),
    ],
)
def test_a_day_is_no_period_and_of_a_range_only_the_year_is_taken(
    text: str, periods: list[str]
) -> None:
    assert [str(period) for period in said_periods(text)] == periods


def test_words_of_a_year_are_said_as_the_form_is_periodic() -> None:
    text = "{本年} {now}，{上年} {before}；{同比}"
    assert [in_period_words(text, kind) for kind in PeriodKind] == [
        "本年 {now}，上年 {before}；同比",
        "本期 {now}，上期 {before}；环比",
        "本季度 {now}，上季度 {before}；环比",
        "本月 {now}，上月 {before}；环比",
    ]


def test_a_period_among_facts_is_said_in_words_in_chinese_and_as_written_in_english() -> None:
    facts = {"found": period_fact("2024-Q1", PeriodKind.QUARTER), "raw": "@2024-Q1"}
    assert facts_said(facts, Language.ZH) == {"found": "2024年第一季度", "raw": "@2024-Q1"}
    assert facts_said(facts, Language.EN) == {"found": "2024-Q1", "raw": "@2024-Q1"}
    assert period_fact("2024", PeriodKind.YEAR) == "2024"
    assert period_fact("first", PeriodKind.QUARTER) == "first"


@pytest.mark.parametrize("kind", [PeriodKind.HALF, PeriodKind.QUARTER, PeriodKind.MONTH])
def test_no_finding_of_other_forms_speaks_of_last_year_but_that_a_text_does(
    kind: PeriodKind,
) -> None:
    yearly = re.compile("上年|去年|本年|今年|年度|同比|[Ll]ast year|this year")
    for code, entry in catalogue(kind).items():
        for text in (entry.title, entry.message, entry.remedy, Text(entry.ask, "")):
            assert code == "N4" or not yearly.search(f"{text.zh} {text.en}"), code
    for key in TERMS:
        assert not yearly.search(term(key, Language.ZH, kind) + term(key, Language.EN, kind)), key


def test_the_words_of_a_yearly_form_are_said_without_their_braces() -> None:
    assert CATALOGUE["P5"].title == Text("全部数字与上年相同", "Every figure is last year's")
    assert term("other_period", Language.ZH) == "不是上一年度的填报任务："
