"""A grid of one cell has room for all that stands above it, in the template and in the summary."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from campaigns import merged, ref, roster_csv
from sheetflow.campaign.folder import RETURNS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.starting import start_campaign
from sheetflow.definitions.form import load_form
from sheetflow.layout.sheets import form_layout
from sheetflow.model.campaign import Settings
from sheetflow.reports.summary import render_summary
from sheetflow.workbooks.filling import fill
from sheetflow.workbooks.grid_sizes import column_widths
from sheetflow.workbooks.styles import display_width

if TYPE_CHECKING:
    from pathlib import Path

FORM = """\
[form]
code = "staff"
title = "在职人数"
letter = "示例"
period = "year"
preamble = "{year}年。"

[[section]]
code = "一"
heading = "一、在职人数"

[[table]]
code = "t"
section = "一"

[[column]]
table = "t"
code = "n"
label = "在职人数（人）"

[[item]]
table = "t"
code = "all"
label = ""
"""
WAITING = "待填：本表还有 1 格未填；没有发生的请填 0。"
OPTIONAL = "√ 本表选填，勾稽关系成立。"
DRAFT = "草稿：尚有未处理事项"


def test_a_summary_of_one_column_says_whose_it_is_and_that_it_is_a_draft(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_bytes(roster_csv("a 甲局\nb 乙局"))
    settings = Settings(form="staff", period="2024", name="某市")
    start_campaign(tmp_path / "c", settings, FORM, roster)
    first, _ = issue_templates(open_campaign(tmp_path / "c"))
    form = load_form(FORM, "form.toml").value
    assert form
    place = form_layout(form).place(ref("t/all/n"))
    (tmp_path / "c" / RETURNS / "a.xlsx").write_bytes(fill(first.path.read_bytes(), {place: 7}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # XlsxWriter warns of what it leaves out
        book = load_workbook(io.BytesIO(render_summary(merged(tmp_path / "c"))))
    page = book["一"]
    assert [page.cell(row, 1).value for row in (1, 2)] == ["某市　一、在职人数", DRAFT]
    assert page.column_dimensions["A"].width > display_width(DRAFT)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('label = ""', 'label = ""', WAITING),
        ('label = ""', 'label = "全体"', WAITING),
        ('section = "一"', 'section = "一"\nrequired = false', OPTIONAL),
    ],
)
def test_the_status_bar_above_a_narrow_table_stands_on_one_line(
    old: str, new: str, said: str
) -> None:
    form = load_form(FORM.replace(old, new), "form.toml").value
    assert form
    grid = form_layout(form).sheets[0].grid
    assert grid
    assert sum(column_widths(grid)) * 11 / 10.5 >= display_width(said)
