"""Drafted text: figures bound to cells, exact percentages, lists of groups, nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reported
from campaigns import form_text, ref, roster_of, settled, submission
from sheetflow.campaign.tracing import trace
from sheetflow.definitions.form import load_form
from sheetflow.layout.sheets import form_layout
from sheetflow.model.campaign import Settings
from sheetflow.model.cells import displayed, exact_sum, parse_cell
from sheetflow.model.roster import ALL
from sheetflow.model.sentences import Figure
from sheetflow.reports.comparison import percentage
from sheetflow.reports.drafting import Stretch, drafted
from sheetflow.reports.reminders import on_time_table
from sheetflow.reports.results import Results
from sheetflow.reports.view import report_view
from sheetflow.rollup import roll_up

CITY = """\
a 甲局 . 部门
x 东县 . group
x1 东县一局 x 乡镇
x2 东县二局 x 乡镇
y 西县 . 乡镇
y1 西县一局 y 乡镇
b 乙局 . 部门"""
RETURNS = {
    "a": "new 12 1\ndone.yes 3 0\ncopies 10.005 2",
    "x1": "new 5 0\ndone.yes 1 1",
    "x2": "new 5 0",
    "y": "new 2 2\ndone.no 1 0",
    "y1": "new 0 0\nleft - -",
}
DAY = date(2025, 1, 20)
STORY = ref("words/story/text")


def results(says: str, *keys: str, roster: str = CITY, decisions: str = "") -> Results:
    """Settle the city's returns (乙局 sent none) for a form with one sentence."""
    lines = [f'says = "{says}"', *keys]
    text = form_text().replace('says = "新收[t/new/total]件。"', "\n".join(lines))
    loaded = load_form(text, "form.toml")
    assert loaded.value, loaded.findings
    form, city = loaded.value, roster_of(roster)
    sent = [submission(code, answer) for code, answer in RETURNS.items() if code in city.by_code]
    ledger = settled(city, sent, decisions)
    settings = Settings("small", "2024", "某市", due=date(2025, 1, 31))
    aggregates = roll_up(form, city, ledger)
    return Results(form, form_layout(form), settings, city, ledger, aggregates)


def told(given: Results, group: str = ALL) -> str:
    return "".join(run.text for runs in drafted(given, group, STORY) for run in runs)


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ("新收[t/new/total]件", "新收27件"),
        ("[t/new/person + t/new/firm]", "27"),
        ("[t/new/person - t/new/firm]", "21"),
        ("[t/done.*/person]", "5"),
        ("[t/done.*/*]", ""),  # a column's star needs a heading
        ("[fees/copies/paid]", "10.01"),
        ("[fees/copies/paid + fees/copies/back]", "12.01"),
        ("[t/done.total/total % t/new/total]", "22.2%"),
        ("[t/left/total]", "0"),
        ("[t/new/firm % t/left/total]", "—"),
        ("[kinds t/new/total 件]", "部门13件、乡镇14件"),
        ("[parts t/new/total 件]", "东县10件、西县4件"),
        ("[largest 1 t/new/total 件]", "甲局13件"),
        ("[largest 2 t/new/total 件]", "甲局13件"),  # two equals would compete for the second place
        ("[largest 3 t/new/total]", "甲局13、东县一局5、东县二局5"),
        ("[largest 9 t/new/total]", "甲局13、东县一局5、东县二局5、西县4"),
        ("[largest 3 t/left/total]", ""),
        ("[returns/agencies/expected]、[returns/agencies/reported]", "6、5"),
        ("[returns/agencies/missing]、[returns/agencies/excused]", "1、0"),
    ],
)
def test_a_sentence_says_what_its_brackets_ask(says: str, text: str) -> None:
    if not text and "*" in says:
        faulty = form_text().replace("新收[t/new/total]件。", says)
        assert [f.code for f in load_form(faulty, "form.toml").findings] == ["S05"]
        return
    assert told(results(says)) == text


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ("共[t/new/total]件，其中甲[K]件、乙[?]件、丙[K]件。", "共27件，其中甲5件、丙5件。"),
        ("共[t/new/total]件，其中甲[K]件、乙[?]件。", "共27件，其中甲5件。"),
        ("共[t/new/total]件，其中甲[?]件、乙[K]件。", "共27件，其中乙5件。"),
        ("共[t/new/total]件，其中甲[?]件、乙[?]件。办结[K]件。", "共27件。办结5件。"),
        ("甲[?]件、乙[K]件。", "甲—件、乙5件。"),  # nothing says that a list begins
        ("甲[K]件、乙[?]件（占[?]）、丙[K]件。", "甲5件、乙—件（占—）、丙5件。"),
    ],
)
def test_what_nobody_gave_is_left_out_of_a_list(says: str, text: str) -> None:
    known, unknown = "[t/done.*/person]", "[t/new/firm % t/left/total]"
    assert told(results(says.replace("[K]", known).replace("[?]", unknown))) == text


@pytest.mark.parametrize(
    "says",
    [
        "[t/new/none + t/new/firm]",
        "[t/new/total % t/new/none]",
        "[t/none.*/total]",
        "[t/new/total % ]",
        "[returns/agencies/late]",
        "[largest t/new/total]",
        "[largest 0 t/new/total]",
        "[towns t/new/total]",
    ],
)
def test_a_bracket_that_names_nothing_is_a_fault_of_the_form(says: str) -> None:
    text = form_text().replace("新收[t/new/total]件。", says)
    assert [fault.code for fault in load_form(text, "form.toml").findings] == ["S05"]


@pytest.mark.parametrize("says", ["[kinds words/story/text]", "[t/new/total + words/story/text]"])
def test_a_bracket_that_names_a_text_is_a_fault_of_its_own(says: str) -> None:
    text = form_text().replace("新收[t/new/total]件。", says)
    assert [fault.code for fault in load_form(text, "form.toml").findings] == ["S32"]


@pytest.mark.parametrize("when", ["t/new/total", "[t/new/total]件", "[kinds t/new/total]"])
def test_a_condition_is_one_figure(when: str) -> None:
    text = form_text().replace('新收[t/new/total]件。"', f'新收。"\nwhen = "{when}"')
    assert [fault.code for fault in load_form(text, "form.toml").findings] == ["S05"]


def test_a_sentence_stands_only_while_its_figure_is_above_0() -> None:
    assert told(results("有。", 'when = "[t/new/total]"')) == "有。"
    assert told(results("有。", 'when = "[t/left/total]"')) == ""
    assert told(results("有。", 'when = "[t/new/total]"', roster="b 乙局 . 部门")) == ""


def test_a_reminder_stands_until_the_office_has_written() -> None:
    asked = results("请填写。", "until_written = true")
    assert told(asked) == "请填写。"
    assert told(replace(asked, office_texts={STORY: "写了。"})) == ""


def test_a_list_of_one_group_would_only_repeat_the_whole() -> None:
    assert told(results("[kinds t/new/total]", roster="a 甲局 . 部门")) == ""
    assert told(results("[parts t/new/total]", roster="a 甲局 . 部门")) == ""


def test_the_text_of_a_county_is_drafted_from_its_own_figures() -> None:
    assert told(results("[t/new/total]；[largest 1 t/done.yes/total]"), "x") == "10；东县一局2"
    assert told(results("[kinds t/new/total]"), "x") == ""


def test_what_a_decision_adds_to_a_group_is_no_agency_s_figure() -> None:
    add = '[[adjust]] group = "x"; cell = "t/new/person"; add = "100"'
    given = results("[t/new/total]：[largest 1 t/new/total]", decisions=add)
    assert told(given) == "127：甲局13"


# on time


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (("2025-01-31", "2025-01-01", "2025-02-01", "2024-12-31", "2025-01-31"), "4，66.7%"),
        (("2025-02-01",) * 5, "0，0%"),
        (("2025-01-31", "2025-01-01", "", "2024-12-31", "2025-01-31"), ""),
    ],
)
def test_the_rate_of_those_on_time_is_told_only_where_every_day_is_known(
    days: tuple[str, ...], text: str
) -> None:
    timely = "[returns/agencies/on_time]，[returns/agencies/on_time % returns/agencies/expected]"
    given = results(timely)
    dated = iter(days)
    lines = tuple(
        replace(line, submission=replace(line.submission, received=_day(next(dated))))
        if line.submission
        else line
        for line in given.ledger.lines
    )
    given = replace(given, ledger=replace(given.ledger, lines=lines))
    assert told(given) == text
    assert told(replace(given, settings=replace(given.settings, due=None))) == ""


def test_report_and_reminders_tell_alike_who_was_on_time() -> None:
    sent = [replace(submission(code, answer), received=DAY) for code, answer in RETURNS.items()]
    undated = submission("a", "new 1 1\ndone.yes 1 1", name="再报")
    city = roster_of(CITY)
    given = results("[returns/agencies/on_time]")
    for returns, text, judged in (
        (sent, "5", "按时"),
        ([*sent, undated], "", "不明"),
    ):
        given = replace(given, ledger=settled(city, returns))
        assert told(given) == text
        assert next(iter(on_time_table(given).rows))[5] == judged


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# percentages


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_a_percentage_is_within_half_a_tenth_of_the_exact_one(part: int, base: int) -> None:
    text = percentage(Decimal(part), Decimal(base))
    assert re.fullmatch(r"0%|100%|\d+\.\d%", text)
    error = Fraction(text.removesuffix("%")) / 100 - Fraction(part, base)
    assert -Fraction(1, 2000) < error <= Fraction(1, 2000)


def test_a_percentage_is_rounded_half_up_and_none_without_a_base() -> None:
    assert percentage(Decimal(1), Decimal(2000)) == "0.1%"
    assert percentage(Decimal("0.0004999"), Decimal(1)) == "0.0%"
    assert percentage(Decimal(3), Decimal(3)) == "100%"
    assert percentage(Decimal("2.9999"), Decimal(3)) == "100.0%"
    assert percentage(Decimal(-1), Decimal(8)) == "-12.5%"
    assert percentage(Decimal(-1), Decimal(2000)) == "-0.1%"
    assert percentage(Decimal("-0.0004"), Decimal(1)) == "0.0%"
    assert percentage(Decimal(0), Decimal(3)) == "0%"
    for part, base in ((None, Decimal(1)), (Decimal(1), None), (Decimal(1), Decimal(0))):
        assert percentage(part, base) == "—"


# every figure is bound


def runs_of(given: Results) -> list[Stretch]:
    parts = (part for section in report_view(given).sections for part in section.parts)
    return [run for part in parts for runs in part.sentences for run in runs]


def known_figures(given: Results) -> dict[str, Figure]:
    figures = (part for s in given.form.sentences for part in s.parts if isinstance(part, Figure))
    return {figure.said: figure for figure in figures}


def test_no_digit_of_the_official_report_s_text_is_unbound() -> None:
    runs = runs_of(reported.results(missing=True))
    assert sum(bool(run.code) for run in runs) > 50
    assert not [run.text for run in runs if not run.is_bound and re.search(r"\d|%", run.text)]


def test_every_figure_is_what_its_cells_trace_to() -> None:
    given = reported.results()
    figures = known_figures(given)
    for run in runs_of(given):
        if run.group:
            assert_own_figure(given, run)
        elif run.code and not run.code.startswith("returns/"):
            assert run.text == traced(given, figures[run.code]), run


def traced(given: Results, figure: Figure) -> str:
    """Compute a figure anew from what `trace` says of its cells."""
    top, base = (
        exact_sum(factor * (value_of(given, str(cell)) or Decimal(0)) for factor, cell in side)
        for side in (figure.side, figure.base)
    )
    if figure.base:
        return percentage(top, base)
    return displayed(top, 2 if "fees" in figure.said else None)


def value_of(given: Results, code: str) -> Decimal | None:
    return trace(given, code, ALL).total.value


def assert_own_figure(given: Results, run: Stretch) -> None:
    """Check an agency's name, or that its figure is the sum of what it contributed."""
    if not run.code:
        assert run.text == given.roster.by_code[run.group].name
        return
    assert parse_cell(run.code)
    parts = trace(given, run.code, ALL).contributions
    own = [part.value for part in parts if part.agency == run.group and part.value is not None]
    assert run.text == str(sum(own))
    assert run.text == displayed(trace(given, run.code, run.group).total.value, None)
