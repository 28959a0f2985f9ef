"""Texts of agencies that say nearly the same are told, once, by the first that says it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import reported
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.entries import State
from sheetflow.reports.appendices import appendices
from sheetflow.reports.similar import first_alike

ONE = (
    "我局认真贯彻落实政府信息公开条例，及时更新门户网站栏目，全年公开各类信息，"
    "切实回应群众关切，不断提高公开质量。"
)
OTHER = (
    "本年度重点公开义务教育招生、校园安全和师资配置等信息，组织开放日活动，"
    "邀请家长代表走进学校座谈交流。"
)


def test_texts_that_differ_in_a_name_and_figures_are_alike() -> None:
    second = ONE.replace("我局", "我镇").replace("全年公开", "2024年公开")
    assert first_alike({"a": ONE, "b": second, "c": OTHER, "d": ONE + "12条"}) == {
        "b": "a",
        "d": "a",
    }


def test_short_texts_and_different_ones_are_not() -> None:
    assert first_alike({"a": "无。", "b": "无。", "c": ONE, "d": OTHER}) == {}


@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_text_is_only_like_an_earlier_one_that_is_like_none(texts: list[str]) -> None:
    keyed = {str(number): text for number, text in enumerate(texts)}
    found = first_alike(keyed)
    assert all(int(first) < int(key) and first not in found for key, first in found.items())


def test_the_appendix_prints_a_text_once_and_names_the_others() -> None:
    given_results = reported.results()
    ref = reported.cell("texts/problems/text")
    lines = []
    for line in given_results.ledger.lines:
        sent = line.submission
        if sent:
            entry = next(iter(sent.entries.values()))
            said = entry._replace(ref=ref, state=State.TEXT, value=None, raw=ONE)
            sent = replace(sent, entries={**sent.entries, ref: said})
        lines.append(replace(line, submission=sent))
    settings = replace(given_results.settings, appendices=(AppendixKind.TEXTS,))
    ledger = replace(given_results.ledger, lines=tuple(lines))
    (appendix,) = appendices(replace(given_results, ledger=ledger, settings=settings))
    first, second = appendix.blocks
    assert ONE in first.paragraphs
    assert second.paragraphs[-1] == "（与市政府办的文字相近，不再列出；原文在该单位的报表中。）"
