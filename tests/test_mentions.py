"""What a text says of figures is found where words begin, as if each pattern were searched for."""

# ruff: noqa: SLF001 - the patterns are the module's own; what is tried here is where it looks

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from samples import cell, form
from sheetflow.checks.texts import mentions
from sheetflow.checks.texts.figures import figure_of
from sheetflow.checks.texts.mentions import Said, said_in
from sheetflow.checks.texts.times import other_time_pattern
from sheetflow.model.sentences import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

SIDE = ((1, cell("requests/new/person")),)
WORDS = st.text(st.sampled_from("甲乙"), min_size=1, max_size=2)
MENTIONS = st.lists(
    st.builds(
        Mention,
        st.just("甲"),
        st.just(SIDE),
        words=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
        none=st.lists(WORDS, max_size=2).map(tuple),
        unit=st.sampled_from(["", "万元"]),
    ),
    max_size=4,
)
BETWEEN = ["3件", "1,234件", "5万元", "约", "共", "为", "：", "，", "。"]
BESIDE = ["无", "未发生", "没有", "的情况", "不", "行政复议和", "去年", "2023年", "2024年"]
AROUND = st.sampled_from((*BETWEEN, *BESIDE))
NAMED = st.tuples(WORDS, st.just("3件")).map("".join)
DENIED = st.tuples(st.sampled_from(["无", "未发生", "没有"]), WORDS, st.just("。")).map("".join)
OWN = [word for each in form().mentions for word in (*each.words, *each.none)]


def said_plainly(text: str, mention: Mention, period: str) -> Iterator[Said]:
    other_year = other_time_pattern(period)
    figures = mentions._figure_pattern(mention.words, mention.unit).finditer(text)
    for match in figures if mention.words else ():
        before = mentions._before(text, match.start())
        also = mentions._ALSO.search(before)
        if not other_year.search(before) and not also and not before.endswith("不"):
            figure = figure_of(match)
            yield Said(figure.value, text, match.start(), figure.end)
    denials = mentions._none_pattern(mention.none).finditer(text)
    for match in denials if mention.none else ():
        if not other_year.search(mentions._before(text, match.start("denial"))):
            yield Said(Decimal(0), text, match.start(), match.end(), is_denial=True)


@given(
    st.lists(NAMED | NAMED | DENIED | AROUND, max_size=16).map("".join),
    MENTIONS,
    st.sampled_from(["2024", ""]),
)
def test_all_is_found_that_each_mentions_pattern_finds(
    text: str, those: list[Mention], period: str
) -> None:
    of = replace(form(), mentions=tuple(those))
    plainly = [(each, list(said_plainly(text, each, period))) for each in those]
    assert list(said_in(text, of, period)) == [pair for pair in plainly if pair[1]]


@given(st.lists(st.sampled_from(OWN) | AROUND, max_size=12).map("".join))
def test_all_is_found_in_the_words_of_the_form(text: str) -> None:
    plainly = [(each, list(said_plainly(text, each, "2024"))) for each in form().mentions]
    assert list(said_in(text, form(), "2024")) == [pair for pair in plainly if pair[1]]
