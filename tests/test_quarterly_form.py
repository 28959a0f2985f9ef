"""A quarterly form, its whole way: issued, filled in, checked, added up, and the next quarter."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from docx import Document
from openpyxl import load_workbook
from typer import BadParameter

from quarterly import FORM, begun, following, merged, quarterly, run, said, sent
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import (
    OUTPUT,
    REPORT,
    RETURNS,
    SETTINGS,
    open_campaign,
    text_files,
)
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.reminding import remind
from sheetflow.errors import FaultyDefinitionError
from sheetflow.messages.text import Language

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Give the campaign of 2024's last quarter, merged."""
    root = begun(tmp_path)
    sent(root, a=(0, 40, 30, 10, None), b=(0, 5, 5, 0, None))
    merged(root)
    return root


def texts_of(path: Path) -> list[str]:
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


def test_templates_name_the_quarter_on_the_cover_and_on_each_sheet(tmp_path: Path) -> None:
    root = begun(tmp_path)
    issued = issue_templates(open_campaign(root))
    book = load_workbook(issued[0].path)
    assert book["封面"]["A1"].value == "2024年第四季度政府网站监管季度报表"
    assert book["一"]["A2"].value == "填报单位：甲局　　　统计期：2024年第四季度"
    assert str(book["一"]["A3"].value).startswith("编号 sites:2024-Q4:a:1:")


def test_a_quarter_is_gathered_added_up_and_reported_under_its_name(first: Path) -> None:
    output = first / OUTPUT
    assert json.loads((output / "run.json").read_text("utf-8"))["period"] == "2024-Q4"
    assert "all,m/new/n,45,2,2" in (output / "totals.csv").read_text("utf-8-sig")
    texts = texts_of(output / "report.docx")
    assert texts[0].replace("\n", "") == "某市2024年第四季度政府网站监管季度报表"
    assert "统计期为2024年第四季度，2024年起按季度填报。" in texts
    assert "<h1><span>某市2024年第四季度</span>" in (output / "report.html").read_text("utf-8")
    assert "某市2024年第四季度政府网站监管季度报表" in (output / "status.html").read_text("utf-8")


def test_the_next_quarter_compares_with_the_one_before_across_the_turn_of_the_year(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = following(first, a=(9, 50, 50, 9, None), b=(0, 6, 6, 0, None))
    settings = results.settings
    assert (settings.period, settings.previous) == ("2025-Q1", "../2024-Q4")
    assert said(results) == {
        "C1": "“上季结转”为 9，上季度“结转下季”为 10，少 1。",
    }
    new = first.parent / "2025-Q1"
    texts = texts_of(new / OUTPUT / "report.docx")
    assert "新收留言56件，比上季度增加11件，增长24.4%。" in texts
    assert "附录：与上季度比较" in texts
    book = load_workbook(io.BytesIO((new / OUTPUT / "summary.xlsx").read_bytes()))
    assert [cell.value for cell in book["环比"][2]][2:4] == ["本季度", "上季度"]
    capsys.readouterr()
    run("-C", str(new), "trace", "m/new/n")
    traced = capsys.readouterr().out
    assert "上季度 45" in traced
    assert "一!B8" in traced
    assert "；上季度 " in (new / OUTPUT / "status.html").read_text("utf-8")


def test_nothing_that_clerks_or_agencies_see_speaks_of_last_year(first: Path) -> None:
    results = following(first, a=(9, 50, 50, 9, None))
    new = first.parent / "2025-Q1"
    remind(open_campaign(new), results)
    (notice,) = (new / OUTPUT / "sendback").glob("*.txt")
    assert notice.read_text("utf-8-sig").startswith(
        "关于退回修改2025年第一季度政府网站监管季度报表的通知"
    )
    written = [*new.rglob("*.txt"), *new.rglob("*.html"), *new.rglob("*.json"), new / SETTINGS]
    written += [*new.rglob("*.docx"), *new.rglob("*.xlsx")]
    for path in written:
        text = _plain(path)
        assert not [word for word in ("上年", "去年", "同比", "本年", "年度") if word in text], path


def _plain(path: Path) -> str:
    if path.suffix == ".docx":
        document = Document(str(path))
        cells = (c.text for table in document.tables for row in table.rows for c in row.cells)
        return "\n".join((*(each.text for each in document.paragraphs), *cells))
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        values = (cell.value for page in book for row in page.iter_rows() for cell in row)
        return "\n".join((*book.sheetnames, *(str(value) for value in values if value)))
    return path.read_text("utf-8-sig")


def test_a_return_of_the_quarter_before_is_refused_in_words(first: Path) -> None:
    results = following(first)
    new = first.parent / "2025-Q1"
    for path in (first / RETURNS).iterdir():
        (new / RETURNS / path.name).write_bytes(path.read_bytes())
    results = merged(new)
    assert said(results) == {"I04": "文件是 2024年第四季度的，本次应填 2025年第一季度。"}
    english = "The file is for 2024-Q4, but this campaign is for 2025-Q1."
    assert said(results, Language.EN) == {"I04": english}


def test_a_campaign_of_another_quarter_than_the_one_before_is_not_compared_with(
    first: Path,
) -> None:
    following(first, a=(10, 50, 50, 10, None))
    new = first.parent / "2025-Q1"
    later = (new / SETTINGS).read_text("utf-8").replace('"2025-Q1"', '"2025-Q2"')
    (new / SETTINGS).write_text(later, "utf-8")
    found = said(compute(open_campaign(new)))
    assert found["S27"] == "不是上季度的填报任务：2024年第四季度"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--period", "2024"), "期间应为季度，例如 2024-Q1"),
        (("--period", "2024-05"), "期间应为季度，例如 2024-Q1"),
        ((), "期间应为季度，例如 2024-Q1"),
    ],
)
def test_init_says_which_period_the_form_asks_for(
    tmp_path: Path, words: tuple[str, ...], expected: str
) -> None:
    (tmp_path / "sites.toml").write_text(FORM, "utf-8")
    given = ["--form", str(tmp_path / "sites.toml"), "--name", "某市", *words]
    with pytest.raises(BadParameter, match=expected):
        run("init", str(tmp_path / "x"), *given)
    assert not (tmp_path / "x").exists()


def test_a_year_in_a_quarterly_campaigns_settings_is_a_fault_with_its_line(first: Path) -> None:
    text = (first / SETTINGS).read_text("utf-8").replace('"2024-Q4"', '"2024"')
    (first / SETTINGS).write_text(text, "utf-8")
    with pytest.raises(FaultyDefinitionError) as raised:
        open_campaign(first)
    (fault,) = raised.value.findings
    assert (fault.code, fault.facts["found"], fault.facts["expected"]) == (
        *("S04", "2024", "@period_quarter"),
    )
    assert fault.place
    assert text.splitlines()[fault.place.line - 1] == 'period = "2024"'


def test_a_quarter_that_does_not_follow_is_said_and_not_compared(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = first.parent / "later"
    assert run("init", str(new), "--from", str(first), "--period", "2025-Q3") == 0
    assert open_campaign(new).settings.previous == ""
    assert (
        "2025年第三季度不接着所沿用的任务（下季度是 2025年第一季度），所以不与它比较"
        in capsys.readouterr().out
    )


def test_what_is_noted_on_the_offices_own_text_is_said_in_the_words_of_the_form(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    following(first, a=(10, 50, 50, 10, None), b=(0, 6, 6, 0, None))
    new = first.parent / "2025-Q1"
    (own,) = text_files(quarterly()).values()
    (new / REPORT / own).write_text("新收留言56件，环比增加3件。", "utf-8")
    capsys.readouterr()
    run("-C", str(new), "merge")
    assert "按本季度和上季度的数应为 11" in capsys.readouterr().out


def test_explain_says_it_in_the_words_of_the_campaigns_form(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("-C", str(first), "explain", "P5") == 0
    assert capsys.readouterr().out.splitlines()[-4:-2] == [
        "提示：不为 0 的 … 个数全部与上季度相同。",
        "为什么：多半是把上季度的报表又报了一次。",
    ]
