"""Whose quarter a return is of, and what of its texts is held to the quarter's tables."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from quarterly import begun, following, merged, quarterly, said, sent
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import RETURNS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.checks.texts.contradictions import against_tables
from sheetflow.checks.texts.times import other_time_pattern

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.form import Side


def unmarked(template: bytes, period: str) -> bytes:
    """Take the marks out of a template, and put something else where it names its period."""
    book = load_workbook(io.BytesIO(template))
    del book["_sheetflow"]
    del book.defined_names["sheetflow_mark"]
    del book.custom_doc_props["sheetflow"]  # type: ignore[attr-defined]
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                text = str(cell.value or "")
                if text.startswith("编号"):
                    cell.value = None
                elif "统计期" in text:
                    cell.value = text.replace("统计期：2025年第一季度", period)
                elif "2025年第一季度" in text:
                    cell.value = text.replace("2025年第一季度", "")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("period", "code", "sentence"),
    [
        ("统计期：2025年第一季度", "I13", ""),
        ("统计期：2025年1季度", "I13", ""),
        ("2025年一季度", "I13", ""),
        ("统计期：2024年第四季度", "I04", "文件是 2024年第四季度的，本次应填 2025年第一季度。"),
        ("统计期：2024年", "I04", "文件是 2024年的，本次应填 2025年第一季度。"),
        ("统计期：2025年", "I01", ""),
        ("统计期：2025年3月", "I01", ""),
        ("填报日期：2024年4月5日", "I01", ""),
    ],
)
def test_without_marks_a_return_must_name_its_quarter_and_another_year_is_another_period(
    tmp_path: Path, period: str, code: str, sentence: str
) -> None:
    root = begun(tmp_path, "2025-Q1")
    issued = issue_templates(open_campaign(root))
    (root / RETURNS / "甲局.xlsx").write_bytes(unmarked(issued[0].path.read_bytes(), period))
    told = said(compute(open_campaign(root)))
    assert code in told
    assert sentence in told[code]


@pytest.mark.parametrize(
    ("text", "contradicted"),
    [
        ("新收留言12件。", ["12"]),
        ("第二季度新收留言12件。", ["12"]),
        ("2025年二季度，新收留言12件。", ["12"]),
        ("2025年第2季度新收留言10件，环比增长25%。", []),
        ("新收留言10件，环比增长20%。", ["20"]),
        ("新收留言10件，比上季度增加3件。", ["3"]),
        ("新收留言10件，同比增长20%。", []),  # of a year ago nothing is known
        ("2025年新收留言12件。", []),  # of more than the quarter, perhaps
        ("今年以来新收留言12件。", []),
        ("上半年，新收留言12件。", []),
        ("第一季度新收留言12件。", []),
        ("上季度新收留言12件。", []),
        ("1—6月新收留言12件。", []),
        ("截至6月30日，新收留言12件。", []),
        ("2024年第二季度新收留言12件。", []),
    ],
)
def test_a_text_is_held_to_the_tables_only_for_what_it_says_of_the_quarter(
    text: str, contradicted: list[str]
) -> None:
    def now(_: Side) -> Decimal:
        return Decimal(10)

    def before(_: Side) -> Decimal:
        return Decimal(8)

    found = against_tables(text, quarterly(), "2025-Q2", now, before)
    assert [str(each.said) for each in found] == contradicted


@pytest.mark.parametrize(
    ("period", "text", "is_other"),
    [
        ("2025-03", "3月", False),
        ("2025-03", "2025年3月，", False),
        ("2025-03", "2025年03月共", False),
        ("2025-03", "3月15日", True),
        ("2025-03", "2月", True),
        ("2025-03", "1—3月", True),
        ("2025-03", "第一季度", True),
        ("2025-03", "上月", True),
        ("2025-03", "2025年", True),
        ("2025-H2", "下半年", False),
        ("2025-H2", "2025年下半年", False),
        ("2025-H2", "上半年", True),
        ("2025-H2", "第三季度", True),
        ("2025-H2", "2024年下半年", True),
        ("2025-Q3", "前三季度", True),
        ("2025-Q3", "2025年第一至三季度", True),
    ],
)
def test_what_speaks_of_another_time_than_a_part_of_a_year_is_known(
    period: str, text: str, *, is_other: bool
) -> None:
    assert bool(other_time_pattern(period).search(text)) is is_other


def test_a_text_that_changed_nothing_but_its_quarter_is_the_last_quarters(tmp_path: Path) -> None:
    told = "{}，我局按时办结各类留言，逐件回访当事人，没有发生超期办理的情况，群众满意度较高。"
    told += "存在的问题是个别留言答复不够具体，下一步将加强审核。"
    root = begun(tmp_path)
    sent(root, a=(0, 40, 30, 10, told.format("2024年第四季度")))
    merged(root)
    results = following(root, a=(10, 50, 50, 10, told.format("2025年第一季度")))
    assert said(results)["P6"].endswith("除年份和数字外与上季度一字不差。")
