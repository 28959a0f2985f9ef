"""What the office wrote itself for the report is held to the report's own tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from reported import cell, results
from sheetflow.model.cells import plain
from sheetflow.model.findings import Severity
from sheetflow.model.history import LastPeriod
from sheetflow.model.roster import ALL
from sheetflow.reports.own_texts import contradicted_texts

if TYPE_CHECKING:
    from sheetflow.reports.results import Results

OVERVIEW = cell("texts/overview.disclosure/text")
NEW = cell("requests/new/total")
FEE = cell("charges/fees/amount")


def total(given: Results, code: str) -> str:
    value = given.aggregates[ALL].value(cell(code))
    assert value is not None
    return plain(value)


def noted(given: Results, text: str) -> list[str]:
    """Give what is noted of a text: what it says, and what it should."""
    wrote = replace(given, office_texts={OVERVIEW: text})
    notes = list(contradicted_texts(wrote, {OVERVIEW: "report/总体情况.txt"}))
    assert {(n.code, n.severity, n.place and n.place.file) for n in notes} <= {
        ("N1", Severity.NOTE, "report/总体情况.txt")
    }
    return [f"{note.facts['said']} {note.facts['found']}" for note in notes]


def test_a_figure_that_is_not_the_wholes_is_noted() -> None:
    given = results()
    whole = total(given, "requests/new/total")
    assert noted(given, f"2024年，全市共收到政府信息公开申请{whole}件。") == []
    assert noted(given, "2024年，全市共收到政府信息公开申请7件。") == [f"7 {whole}"]
    assert noted(given, "2023年，全市共收到政府信息公开申请7件，2024年没有增加。") == []


def test_a_text_that_is_still_about_last_year_is_noted() -> None:
    wrote = replace(results(), office_texts={OVERVIEW: "2023年，全市共收到政府信息公开申请7件。"})
    (note,) = contradicted_texts(wrote, {OVERVIEW: "report/总体情况.txt"})
    assert (note.code, note.severity, note.facts["found"]) == ("N4", Severity.NOTE, "2023")


@pytest.mark.parametrize(
    ("written", "is_noted"),
    [("37302.13", False), ("37302.128208", False), ("37302.12", True), ("37302", True)],
)
def test_an_amount_may_be_written_as_the_report_prints_it(written: str, *, is_noted: bool) -> None:
    given = results()
    assert total(given, str(FEE)) == "37302.128208"
    assert bool(noted(given, f"行政事业性收费{written}万元。")) == is_noted


def test_parts_and_shares_are_added_up_again() -> None:
    text = "发布信息30条，其中动态20条、公告10条、图片5条。"
    assert noted(results(), text) == ["30 35"]


def test_changes_are_computed_from_last_years_totals() -> None:
    given = results()
    whole = Decimal(total(given, "requests/new/total"))
    known = replace(given, last=LastPeriod(totals={ALL: {NEW: whole - 10}}))
    text = f"收到政府信息公开申请{whole}件，比上年增加{{}}件。"
    assert noted(known, text.format(10)) == []
    assert noted(known, text.format(12)) == ["12 10"]
    assert noted(given, text.format(12)) == []


def test_the_change_of_an_amount_may_be_rounded_as_the_report_prints_it() -> None:
    given = replace(results(), last=LastPeriod(totals={ALL: {FEE: Decimal("30000.5")}}))
    for now in ("37302.13", "37302.128208"):
        text = f"行政事业性收费{now}万元，比上年{{}}。"
        assert noted(given, text.format("增加7301.63万元，增长24.3%")) == []
        assert noted(given, text.format("增加7301.628208万元")) == []
        assert noted(given, text.format("增加1万元，增长99%")) == ["1 7301.628208", "99 24"]


def test_what_nobody_reported_contradicts_nothing() -> None:
    given = results()
    blank = cell("documents/normative/made")
    summed = given.aggregates[ALL]
    totals = {**summed.totals, blank: summed.totals[blank]._replace(value=None)}
    none = replace(given, aggregates={ALL: replace(summed, totals=totals)})
    text = "制发行政规范性文件3件。"
    assert noted(given, text)
    assert noted(none, text) == []
