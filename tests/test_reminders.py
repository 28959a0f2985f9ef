"""催报: texts ready to send, whom to call first, who was on time; and what a new return changed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from docx import Document
from openpyxl import load_workbook

import reported
from campaigns import decide, filled, form_text, ref, send, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import SETTINGS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.reminding import remind
from sheetflow.campaign.starting import start_campaign
from sheetflow.cli.shown_returns import show_alternatives
from sheetflow.model.campaign import Settings
from sheetflow.model.findings import Severity
from sheetflow.model.history import LastPeriod, Previous, Succession
from sheetflow.model.ledger import Ledger, LedgerLine, Standing
from sheetflow.model.roster import Agency, Roster
from sheetflow.reports.alternatives import alternatives_record
from sheetflow.reports.corrections import awaiting, corrections, notice_lines
from sheetflow.reports.reminders import call_list, on_time_table, on_time_words, reminder_texts

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.reports.results import Results

ROSTER = "a 甲局 . 部门\nb 乙局 . 部门\nx 东县 . group\nx1 东县一局 x 乡镇\nx2 东县二局 x 乡镇"
RANKED = ref("requests/new/total")
"""By what the official form ranks agencies."""
GOOD = "new 3 1\ndone.yes 3 1"
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a campaign: 甲局 good, 乙局 wrong, 东县一局 asked, 东县二局 missing."""
    root = start(tmp_path / "c", ROSTER)
    path = root / SETTINGS
    path.write_text(path.read_text("utf-8").replace("# due = 2025-01-31", "due = 2025-01-31"))
    send(root, a=GOOD, b="new 3 1\ndone.yes 3 2", x1="new 2 2\ndone.yes 2 2\nleft - 0")
    return root


def on(root: Path, day: int) -> Results:
    return compute(open_campaign(root), today=date(2025, 2 if day < 0 else 1, abs(day)))


def test_a_form_whose_title_is_a_table_is_called_by_it_alone(root: Path) -> None:
    results = on(root, 20)
    titled = replace(results, form=replace(results.form, title="政府网站工作年度报表"))
    assert "你单位的2024年政府网站工作年度报表尚未收到。" in reminder_texts(titled)[0]
    assert notice_lines(titled, "甲局", ())[0] == "关于退回修改2024年政府网站工作年度报表的通知"


def test_each_that_is_waited_for_gets_a_text_with_what_to_do_and_by_when(root: Path) -> None:
    missing, rejected, queried = reminder_texts(on(root, 20))
    assert missing.startswith("东县二局：你单位的2024年申请情况报表尚未收到。请于2025年1月31日前")
    assert "乙局：你单位的2024年申请情况报表已退回，须改正 1 处" in rejected
    assert queried.startswith("东县一局：你单位的2024年申请情况报表有 1 处须说明")


def test_after_the_due_day_nobody_is_asked_to_answer_by_it(root: Path) -> None:
    (line,) = awaiting(on(root, 20))[:1]
    for day, asked, reminded in (
        (31, "请于2025年1月31日前", "请于2025年1月31日前"),
        (-1, "请尽快", "报送截止日期2025年1月31日已过，请尽快"),
    ):
        results = on(root, day)
        assert all(f"。{reminded}" in text for text in reminder_texts(results))
        ((_, correction),) = corrections(results, [line])
        assert f"。{asked}改好后发回" in notice_lines(results, "乙局", correction.remarks)[2]


def test_reminder_call_list_and_notice_count_alike(root: Path) -> None:
    send(root, b="new - -\ndone.yes - -\ndone.no - -\nleft - -\ncopies - -")
    results = on(root, 20)
    ((_, correction),) = corrections(results, [results.ledger.by_agency["b"]])
    errors = sum(remark.severity is Severity.ERROR for remark in correction.remarks)
    queries = len(correction.remarks) - errors
    assert (errors, queries) == (1, 1)
    assert f"须改正 {errors} 处、须说明 {queries} 处" in correction.asked
    (text,) = (text for text in reminder_texts(results) if text.startswith("乙局"))
    assert f"须改正 {errors} 处、须说明 {queries} 处" in text
    (row,) = (row for row in call_list(results).rows if row[1] == "b")
    assert row[5] == f"须改正 {errors} 处、须说明 {queries} 处"


def test_a_notice_says_where_to_explain_only_if_something_may_be_explained(root: Path) -> None:
    results = on(root, 20)
    (wrong, asked) = corrections(results, awaiting(results))
    for (line, correction), done, explained in (
        (wrong, "改好", False),
        (asked, "改正或者写明原因", True),
    ):
        lines = notice_lines(results, line.agency, correction.remarks)
        assert f"前{done}后发回某市。" in lines[2]
        assert ("“自检”表的“说明”栏写明原因" in lines[-2]) is explained


def test_what_there_is_none_of_is_not_counted(root: Path) -> None:
    results = on(root, 20)
    assert not any(" 0 处" in text for text in reminder_texts(results))
    for line, correction in corrections(results, awaiting(results)):
        assert " 0 处" not in correction.asked, line.agency


def test_an_agency_of_two_returns_is_asked_which_counts_not_to_mend_nothing(root: Path) -> None:
    (template,) = (root / "templates/xlsx").glob("a_*.xlsx")
    (root / "returns/a2.xlsx").write_bytes(filled(template.read_bytes(), "new 4 1\ndone.yes 4 1"))
    results = on(root, 20)
    (text,) = (text for text in reminder_texts(results) if text.startswith("甲局"))
    asked = "须核实：同一单位有多份报表，无法确定先后。请于2025年1月31日前与某市联系。"
    assert text == f"甲局：你单位的2024年申请情况报表{asked}"
    (row,) = (row for row in call_list(results).rows if row[1] == "a")
    assert row[5] == "同一单位有多份报表，无法确定先后"


def test_nobody_is_reminded_of_what_the_office_has_to_decide(root: Path) -> None:
    decide(root, '[[adjust]] agency = "a"; cell = "t/new/person"; value = "4"; seen = "2 #0"')
    results = on(root, 20)
    assert results.ledger.by_agency["a"].standing is Standing.QUERIED  # D05
    assert not any(text.startswith("甲局") for text in reminder_texts(results))
    assert "a" not in {row[1] for row in call_list(results).rows}


@pytest.mark.parametrize(
    ("name", "whose", "period", "said"),
    [
        ("东县二局.xlsx", "x2", "2023", "尚未采用：收到的“东县二局.xlsx”（不是本期的报表）。"),
        ("东县二局.xlsx", "a", "2024", "尚未采用：收到的“东县二局.xlsx”（用了其他单位的空表）。"),
        ("东县二局.xlsx", "x2", "", "尚未采用：收到的“东县二局.xlsx”（空文件）。"),
        ("空.xlsx", "x2", "", "尚未收到。"),
        ("去年.xlsx", "a", "2023", "尚未收到。"),
    ],
)
def test_who_sent_what_is_not_used_is_not_told_that_nothing_came(
    root: Path, name: str, whose: str, period: str, said: str
) -> None:
    if period == "2023":
        settings = Settings(form="small", period=period, name="某市")
        start_campaign(root.parent / "last", settings, form_text(), root / "roster.csv")
    issued = issue_templates(open_campaign(root.parent / "last" if period == "2023" else root))
    (template,) = (each.path for each in issued if each.agency == whose)
    own = "new 4 1\ndone.yes 4 1"  # else it might be equal to another's to the byte
    (root / "returns" / name).write_bytes(filled(template.read_bytes(), own) if period else b"")
    results = on(root, 20)
    (text,) = (text for text in reminder_texts(results) if text.startswith("东县二局"))
    assert said in text
    (row,) = (row for row in call_list(results).rows if row[1] == "x2")
    assert row[5] == ("报送" if "尚未收到" in said else "重新报送")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("东县二局扫描件.pdf", b"%PDF-1.4", "收到的“东县二局扫描件.pdf”（不是电子表格）。"),
        ("东县二局.rar", b"Rar!\x1a\x07\x00", "收到的“东县二局.rar”（不能打开的压缩包或邮件）。"),
        ("东县二局.zip", EMPTY_ZIP, "收到的“东县二局.zip”（没有附件的邮件或空压缩包）。"),
    ],
)
def test_a_file_named_after_an_agency_that_is_no_workbook_is_named_to_it(
    root: Path, name: str, data: bytes, said: str
) -> None:
    (root / "returns" / name).write_bytes(data)
    (text,) = (text for text in reminder_texts(on(root, 20)) if text.startswith("东县二局"))
    assert f"尚未采用：{said}" in text


def test_of_a_scan_and_a_workbook_that_can_not_be_read_the_workbook_is_named(root: Path) -> None:
    (root / "returns" / "东县二局.xlsx").write_bytes(b"")
    (root / "returns" / "东县二局扫描件.pdf").write_bytes(b"%PDF-1.4")
    (text,) = (text for text in reminder_texts(on(root, 20)) if text.startswith("东县二局"))
    assert "收到的“东县二局.xlsx”（空文件）。" in text


def test_a_file_that_was_waived_is_not_named(root: Path) -> None:
    (root / "returns" / "东县二局.xlsx").write_bytes(b"")
    waived = f'sha256 = "{hashlib.sha256(b"").hexdigest()}"; check = "F07"'
    decide(root, f"[[waive]] {waived}")
    (text,) = (text for text in reminder_texts(on(root, 20)) if text.startswith("东县二局"))
    assert "尚未收到。" in text


def test_the_call_list_puts_first_on_whom_most_hangs() -> None:
    agencies = [Agency(code, f"{code}局") for code in ("small", "big", "new")]
    lines = tuple(LedgerLine(each.code, Standing.MISSING, None) for each in agencies)
    figures = {"small": Decimal(5), "big": Decimal(90)}
    known = {c: Previous("2023", (c,), {RANKED: value}) for c, value in figures.items()}
    given = replace(
        reported.results(),
        roster=Roster(tuple(agencies)),
        ledger=Ledger(lines, (), ()),
        last=LastPeriod(succession=Succession(known)),
    )
    assert [(row[1], row[-1]) for row in call_list(given).rows] == [
        ("big", "90"),
        ("small", "5"),
        ("new", "—"),
    ]


def test_who_was_on_time_is_told_by_the_first_return(root: Path) -> None:
    on(root, 20)
    send(root, x2=GOOD)
    results = on(root, -3)
    assert [(row[2], row[4], row[5]) for row in on_time_table(results).rows] == [
        ("甲局", "2025-01-20", "按时"),
        ("乙局", "2025-01-20", "按时"),
        ("东县一局", "2025-01-20", "按时"),
        ("东县二局", "2025-02-03", "迟报"),
    ]
    assert on_time_words(results) == (
        "应报 4 个单位，截至2025年1月31日按时报送 3 个，按时率 75.0%；迟报 1 个，未报 0 个。"
    )


def test_the_files_are_a_text_a_workbook_and_a_word_table(root: Path) -> None:
    campaign = open_campaign(root)
    texts, book, table = remind(campaign, on(root, 20))
    assert "东县二局" in texts.read_text("utf-8-sig")
    assert load_workbook(book).sheetnames == ["催报名单", "按时报送情况"]
    document = Document(str(table))
    assert "应报 4 个单位" in document.paragraphs[1].text
    assert [row.cells[2].text for row in document.tables[0].rows][:2] == ["名称", "甲局"]
    widths = [cell.width or 0 for cell in document.tables[0].rows[1].cells]
    assert max(widths) == widths[2] > 2 * widths[0]  # a name needs more room than a number
    assert 155 < sum(widths) / 36_000 <= 156


def resent(root: Path, text: str) -> Results:
    """Send 东县一局's return again, more complete than the first."""
    (template,) = (root / "templates/xlsx").glob("x1_*.xlsx")
    (root / "returns/再报.xlsx").write_bytes(filled(template.read_bytes(), text))
    return on(root, 21)


def told_of_others(results: Results, capsys: pytest.CaptureFixture[str]) -> str:
    """Give what is said of the returns beside those that count."""
    show_alternatives(results)
    return capsys.readouterr().out


def test_a_new_return_says_what_it_settles_raises_and_does_to_county_and_city(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = resent(root, "new 4 2\ndone.yes 4 1\nleft 0 0")
    told = told_of_others(results, capsys)
    assert "2 → 4" not in told  # the newer counts: the older is shown beside it
    assert "4 → 2" in told
    assert "东县合计 4，改用后 2" in told
    assert "未采用的一份另有 1 条：T2 一!C11。" in told
    assert "采用的一份另有 2 条：B1 " in told  # 4 + 2 came in, 4 + 1 were answered
    (record,) = alternatives_record(results)
    assert record["settled"] == ["T2 t/left/person"]


def test_of_a_newer_return_that_is_less_complete_nothing_is_said_to_have_been_mended(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = resent(root, "new 2 2\ndone.yes 2 2\nleft - -")
    told = told_of_others(results, capsys)
    assert "未采用 returns/再报.xlsx" in told
    assert "未采用的一份另有 1 条：T2 一!D11。" in told
    assert "改好" not in told


@pytest.mark.parametrize(
    ("left", "decision", "code"),
    [
        ("-", '[[blank-zero]] agency = "x1"', "T2"),
        ("?", '[[adjust]] agency = "x1"; cell = "t/left/person"; value = "0"', "T1"),
    ],
)
def test_what_a_decision_closed_is_not_settled_by_another_return_that_has_it_too(
    root: Path, left: str, decision: str, code: str
) -> None:
    send(root, x1=f"new 2 2\ndone.yes 2 2\nleft {left} 0")
    on(root, 20)
    decide(root, decision)
    results = resent(root, f"new 2 2\ndone.yes 2 1\nleft {left} 0")
    assert any(finding.code == code for finding in results.ledger.findings)
    (record,) = alternatives_record(results)
    assert record["settled"] == []
    assert record["raised"] == ["B1 t/done.total/firm", "B1 t/done.total/total"]
    assert isinstance(record["cells"], list)
    assert [cell["cell"] for cell in record["cells"]] == ["t/done.yes/firm"]


def test_a_return_sent_again_unchanged_is_named(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (root / "returns/a.xlsx").read_bytes()
    with_comment = load_workbook(root / "returns/a.xlsx")
    with_comment["演算"]["C3"] = "算一算"
    with_comment.save(root / "returns/再报.xlsx")
    assert (root / "returns/再报.xlsx").read_bytes() != data
    assert "各格读出的内容都相同" in told_of_others(on(root, 21), capsys)


def test_a_return_that_adds_a_reason_or_takes_off_a_unit_is_not_called_wholly_equal(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(root / "returns/a.xlsx")
    book["一"]["C7"] = "3件"
    book["自检"]["E5"] = "经核对，情况属实。"
    book.save(root / "returns/再报.xlsx")
    told = told_of_others(on(root, 21), capsys)
    assert "各格读出的内容都相同（“自检”表的说明不在其内）。" in told
    assert "完全相同" not in told
