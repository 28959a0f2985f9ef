"""This year beside the last: in the drafted text, the appendix, summary.xlsx and trace."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

import reported
from campaigns import form_text
from sheetflow.campaign.tracing import trace, trace_record
from sheetflow.definitions.form import load_form
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.cells import parse_cell
from sheetflow.model.history import LastPeriod
from sheetflow.model.roster import ALL
from sheetflow.reports.appendices import appendices
from sheetflow.reports.comparison import TwoPeriods
from sheetflow.reports.drafting import drafted
from sheetflow.reports.listing_view import ListingView
from sheetflow.reports.summary import render_summary
from sheetflow.workbooks.comparisons import BarChart, write_charts
from sheetflow.workbooks.styles import StyledWorkbook
from test_drafting import results, told

if TYPE_CHECKING:
    from sheetflow.model.cells import CellRef
    from sheetflow.reports.results import Results

NEW, PAID = "t/new/total", "fees/copies/paid"


def ref(code: str) -> CellRef:
    parsed = parse_cell(code)
    assert parsed
    return parsed


def after(given: Results, group: str = ALL, **figures: str) -> Results:
    """Give results with a group's figures of the last year, `new="20"`."""
    cells = {"new": NEW, "paid": PAID, "left": "t/left/total", "firm": "t/new/firm"}
    totals = {ref(cells[name]): Decimal(value) for name, value in figures.items()}
    return replace(given, last=LastPeriod(totals={group: totals}))


@pytest.mark.parametrize(
    ("says", "before", "text"),
    [
        (f"新收[change {NEW} 件]。", "20", "新收比上年增加7件，增长35.0%。"),
        (f"新收[change {NEW} 件]。", "28", "新收比上年减少1件，下降3.6%。"),
        (f"新收[change {NEW} 件]。", "27", "新收与上年持平。"),
        (f"新收[change {NEW} 件]。", "27.01", "新收比上年减少0.01件。"),  # 下降0.0%
        (f"新收[change {NEW} 件]。", "0", "新收比上年增加27件。"),  # no percent from 0
        (f"新收[change {NEW}]。", "54", "新收比上年减少27，下降50.0%。"),
    ],
)
def test_a_change_is_said_with_amount_and_percent_and_words_that_agree(
    says: str, before: str, text: str
) -> None:
    assert told(after(results(says), new=before)) == text


def test_a_change_of_amounts_shows_display_decimals() -> None:
    given = after(results(f"收费[change {PAID} 万元]。"), paid="8")
    assert told(given) == "收费比上年增加2.01万元，增长25.1%。"


def test_a_sum_is_compared_only_if_all_of_it_is_known() -> None:
    says = "[change t/new/total + t/left/total 件]"
    assert told(after(results(says), new="20")) == ""
    assert told(after(results(says), new="20", left="3")) == "比上年增加4件，增长17.4%"


def test_without_last_years_figures_nothing_is_said() -> None:
    assert told(results(f"新收[change {NEW} 件]。")) == ""
    assert told(after(results(f"新收[change {NEW} 件]。"), "x", new="9"), "x") == (
        "新收比上年增加1件，增长11.1%。"
    )


def test_each_figure_of_a_change_can_be_traced() -> None:
    given = after(results(f"新收[change {NEW} 件]。"), new="20")
    (runs,) = drafted(given, ALL, ref("words/story/text"))
    assert [(run.text, run.code) for run in runs if run.code] == [("7", NEW), ("35.0%", NEW)]
    assert all(run.code for run in runs if any(letter.isdigit() for letter in run.text))
    assert trace_record(trace(given, NEW, ALL))["previous"] == "20"


@pytest.mark.parametrize("bracket", ["change", "change t/x/y", "change returns/agencies/missing"])
def test_a_change_of_nothing_known_is_a_fault_of_the_form(bracket: str) -> None:
    text = form_text().replace("[t/new/total]", f"[{bracket}]")
    assert [fault.code for fault in load_form(text, "form.toml").findings] == ["S05"]


def official(**keys: AppendixKind) -> Results:
    given = reported.results()
    new = ref("requests/new/total")
    now = given.aggregates[ALL].value(new)
    assert now
    fee = ref("charges/fees/amount")
    last = LastPeriod(totals={ALL: {new: now - 2, fee: Decimal(0)}})
    settings = replace(given.settings, appendices=tuple(keys.values()))
    return replace(given, last=last, settings=settings)


def test_the_appendix_lists_both_years_with_difference_and_rate() -> None:
    (appendix,) = appendices(official(kind=AppendixKind.CHANGES))
    (block,) = appendix.blocks
    assert isinstance(block.table, ListingView)
    assert block.table.header == ("指标", "本年", "上年", "增减", "增减比例")
    rows = {row[0]: row[1:] for row in block.table.rows}
    assert len(rows) == 38  # of the official 200 figures those that have no total beside them
    assert rows["一、本年新收政府信息公开申请数量 · 总计"][2:] == ("＋2", "＋0.0%")
    assert rows["行政事业性收费 · 本年收费金额（单位：万元）"] == (
        "37302.13", "0", "＋37302.13", "—",
    )  # fmt: skip
    assert rows["行政许可 · 本年处理决定数量"][1:] == ("—", "—", "—")


def test_the_summary_compares_with_live_formulas() -> None:
    book = load_workbook(io.BytesIO(render_summary(official())))
    page = book["同比"]
    rows = {row[1].value: row for row in page.iter_rows(min_row=3)}
    new = rows["requests/new/total"]
    line = new[0].row
    assert [cell.value for cell in new[2:5]] == [
        "='三'!J6",
        int(official().last.totals[ALL][ref("requests/new/total")]),
        f'=IF(COUNT(C{line}:D{line})=2,C{line}-D{line},"—")',
    ]
    assert book["三"]["J6"].value.startswith("=IF(COUNT(")


def test_a_long_name_among_those_compared_has_room() -> None:
    book = load_workbook(io.BytesIO(render_summary(official())))
    page = book["同比"]
    names = enumerate(page.iter_rows(values_only=True), 1)
    (longest,) = (number for number, row in names if "2.申请人逾期未按收费通知" in str(row[0]))
    assert page.row_dimensions[longest].height == 30


def test_no_word_cuts_off_the_title_of_a_chart() -> None:
    book = StyledWorkbook("")
    title = "各类单位：一、本年新收政府信息公开申请数量 · 总计（件）"
    write_charts(book, [BarChart(title, (("部门", Decimal(1)),))], draft=True)
    (row, *_) = load_workbook(io.BytesIO(book.finished()))["图表"].iter_rows(values_only=True)
    assert row[0] == title
    assert [number for number, value in enumerate(row) if value == "草稿"] == [10]
    assert not any(row[1:10])


def test_a_summary_without_last_year_compares_nothing() -> None:
    assert "同比" not in load_workbook(io.BytesIO(render_summary(reported.results()))).sheetnames


def test_a_rate_is_exact_and_never_from_nothing() -> None:
    assert TwoPeriods(Decimal(2), Decimal(3)).rate == "33.3%"
    assert TwoPeriods(Decimal(2), Decimal(0)).rate == "—"
    assert TwoPeriods(None, Decimal(3)).difference is None
