"""N1 to N4: figures in an agency's texts against its tables and each other; what is left alone."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import roster_csv
from samples import cell, filled, findings, form, submitted
from sheetflow.campaign.computing import compute
from sheetflow.campaign.examples import example
from sheetflow.campaign.folder import open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.starting import start_campaign
from sheetflow.checks.case import Case
from sheetflow.checks.submission import check_submission
from sheetflow.checks.texts.figures import around, figures, plain_text
from sheetflow.checks.texts.findings import texts_against_tables
from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text
from sheetflow.layout.sheets import form_layout
from sheetflow.model.campaign import Settings
from sheetflow.model.characters import nfkc
from sheetflow.model.history import Previous
from sheetflow.model.sentences import Mention
from sheetflow.workbooks.filling import fill
from sheetflow.workbooks.workbook import CellKind, RawCell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sheetflow.model.form import Form

TEXT, OTHER = "texts/overview.requests/text", "texts/other/text"
REAL = {
    str(ref): (value if not form().cells[ref].numeric else float(value) if value else None)
    for ref, value in example("hengyang-mzj-2023").reported()["hy-mzj"].items()
}
DISCLOSURE = "texts/overview.disclosure/text"
BREAKDOWN = ["326", "74", "59", "33", "61", "7", "13", "58", "21"]
NONE = {
    "requests/new/person": 12,
    "requests/carried_in/person": 1,
    "requests/done.granted/person": 8,
    "requests/done.refused.law/person": 3,
    "requests/carried_out/person": 2,
    "disputes/cases/review.upheld": 2,
    "disputes/cases/suit.direct.other": 1,
    "charges/fees/amount": 12.34,
    "documents/normative/made": 3,
}


def n1(values: Mapping[str, object], period: str = "2024") -> list[str]:
    found = check_submission(Case(form(), submitted(filled(values)), period=period))
    return [f"{f.facts['said']} {f.facts['found']}" for f in found if f.code == "N1"]


def said(text: str) -> list[str]:
    """Check a text beside tables of 12 new requests, 2 reviews, 1 suit, 12.34万元."""
    return n1({**NONE, TEXT: text})


def test_the_real_reports_text_agrees_with_its_tables_and_itself() -> None:
    assert n1(REAL, "2023") == []


@pytest.mark.parametrize("place", range(9))
@pytest.mark.parametrize("change", [lambda n: n + 1, lambda n: n - 1, lambda n: n * 10])
def test_each_of_its_nine_figures_altered_is_found(place: int, change: object) -> None:
    assert callable(change)
    text = str(REAL[DISCLOSURE])
    matches = list(re.finditer(r"(\d+)条", text))
    assert [m[1] for m in matches] == BREAKDOWN
    match = matches[place]
    altered = f"{text[: match.start(1)]}{change(int(match[1]))}{text[match.end(1) :]}"
    assert len(n1({**REAL, DISCLOSURE: altered}, "2023")) == 1


@pytest.mark.parametrize(
    "code",
    [
        "disputes/cases/review.upheld",
        "disputes/cases/suit.after_review.other",
        "activity/letters/count",
        "activity/hotline.received/count",
    ],
)
def test_each_table_cell_that_it_names_altered_is_found(code: str) -> None:
    altered = float(str(REAL.get(code) or 0)) + 1
    assert len(n1({**REAL, code: altered}, "2023")) == 1


@pytest.mark.parametrize(("old", "new"), [("72件", "73件"), ("206件", "260件")])
def test_each_figure_that_names_a_table_cell_altered_is_found(old: str, new: str) -> None:
    cells = [code for code, text in REAL.items() if isinstance(text, str) and old in text]
    assert len(cells) == 1
    altered = str(REAL[cells[0]]).replace(old, new)
    assert len(n1({**REAL, cells[0]: altered}, "2023")) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("本年收到政府信息公开申请13件。", ["13 12"]),
        ("2024年，我局共收到政府信息公开申请999件。", ["999 12"]),
        ("2024年1月1日至12月31日，共收到政府信息公开申请999件。", ["999 12"]),
        ("今年以来收到政府信息公开申请999件。", ["999 12"]),
        ("上年结转1件，本年收到政府信息公开申请999件。", ["999 12"]),
        ("上年结转1件、收到政府信息公开申请999件。", ["999 12"]),
        ("较上年明显增加，收到政府信息公开申请999件。", ["999 12"]),
        ("2024年，我局未收到政府信息公开申请。", ["0 12"]),
        ("全年没有收到政府信息公开申请；未接到政府信息公开申请。", ["0 12", "0 12"]),
        ("本年无新增政府信息公开申请。", ["0 12"]),
        ("全年新收政府信息公开申请１５件，上年结转1件。", ["15 12"]),
        ("受理政府信息公开申请共计1,200件。", ["1200 12"]),
        ("被申请行政复议3件。", ["3 2"]),
        ("行政诉讼案件2起。", ["2 1"]),
        ("全年未发生因政府信息公开引起的行政复议、行政诉讼案件。", ["0 2", "0 1"]),
        ("行政事业性收费123400万元。", ["123400 12.34"]),
        ("结转下年度继续办理5件。", ["5 2"]),
        ("办结政府信息公开申请99件。", ["99 11"]),
        ("受理热线工单206件，办结206件；答复政府信息公开申请11件。", []),
        ("不予公开4件，予以公开9件。", ["9 8", "4 3"]),
        ("制发行政规范性文件4件。", ["4 3"]),
    ],
)
def test_a_figure_that_is_not_the_tables_is_asked_about(text: str, found: list[str]) -> None:
    assert sorted(said(text)) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "本年收到政府信息公开申请12件，上年结转1件，予以公开8件，不予公开3件，结转下年度继续办理2件。",
        "2024年，共收到政府信息公开申请 12 件，其中自然人申请 12 件。",
        "收到依申请公开事项12件，均按期答复。",
        "去年收到政府信息公开申请9件，本年收到政府信息公开申请12件。",
        "2023年，收到政府信息公开申请9件；2024年，收到政府信息公开申请12件。",
        "去年，我局通过政府信息公开平台共收到政府信息公开申请9件。",
        "2023年1月1日至2023年12月31日，共收到政府信息公开申请9件。",
        "2019年至2024年，共收到政府信息公开申请128件。",
        "2019-2024年，共收到政府信息公开申请128件。",
        "自2019年以来，共收到政府信息公开申请128件。",
        "2023年，未收到政府信息公开申请。",
        "去年未发生行政复议。",
        "未发生逾期答复政府信息公开申请的情况。",
        "收到政府信息公开申请12件，比上年的收到政府信息公开申请9件增加3件。",
        "收到政府信息公开申请约10件。",
        "收到政府信息公开申请10余件。",
        "2019年以来累计收到政府信息公开申请128件。",
        "因政府信息公开被申请行政复议2件，被提起行政诉讼1件。",
        "行政复议、行政诉讼3件。",
        "无行政复议被纠正的情况。",
        "没有因行政复议被撤销的决定。",
        "行政复议结果维持2件。",
        "行政事业性收费12.34万元。",
        "本年制发行政规范性文件3件。",
        "根据《条例》第二十条第（五）项，公开行政许可信息，共5大类20项。",
        "主动公开政府信息100条，其中通知公告20条，政策文件5条。",
        "发布信息326条，其中主要包括动态74条、公告59条、政策33条、其他60条。",
        "主动公开政府信息约300条，其中动态200条、公告59条、政策33条。",
        "共发布信息30条，其中动态10条、公告10条、图片等10条。",
        "共发布信息30条，其中动态10条、公告10条、视频5部。",
        "发布100条，其中网站60条（图片解读5条）。",
        "召开会议3次，培训2期，其中专题培训1期。",
        "公开目录分为3个一级、12个二级栏目。",
        "电话0734-8866123，邮编421001。",
        "办理12345工单。",
        "回复率、及时率和满意率全部达到100%。",
        "部分公开的情况较少。",
        "依法不予公开的，说明理由。",
        "政府信息公开申请渠道畅通。",
        "（一）主动公开。1.做好重点领域公开；2.加强解读。",
        "行政许可决定、行政处罚决定7个工作日内公开。",
        "收取信息处理费0元。",
    ],
)
def test_correct_sentences_of_many_kinds_raise_no_question(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("name", ["2024年", "今年", "2024年，", "2024年度", "去年新增1件，"])
def test_a_sentence_that_names_its_own_year_is_held_against_the_tables(name: str) -> None:
    correct = f"{name}共收到政府信息公开申请 12 件，其中自然人申请 12 件。"
    assert said(correct) == []
    assert said(correct.replace("12", "13")) == ["13 12"]


def test_the_campaigns_period_is_the_year_that_texts_are_about(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_bytes(roster_csv("a 甲局 . 部门"))
    root = tmp_path / "c"
    settings = Settings(form="zfxxgk-2021", period="2024", name="某市")
    start_campaign(root, settings, shipped_form_text("zfxxgk-2021"), tmp_path / "roster.csv")
    (issued,) = issue_templates(open_campaign(root))
    layout = form_layout(form())
    count, text = layout.place(cell("requests/new/person")), layout.place(cell(TEXT))
    template = issued.path.read_bytes()
    said_so = "2024年，我局共收到政府信息公开申请999件。"
    (root / "returns/a.xlsx").write_bytes(fill(fill(template, {count: 60}), {text: said_so}))
    asked = [f for f in compute(open_campaign(root)).ledger.findings if f.code == "N1"]
    assert [(f.facts["said"], f.facts["found"]) for f in asked] == [("999", "60")]


def test_where_the_period_is_not_known_a_year_may_be_any() -> None:
    text = "2024年，共收到政府信息公开申请999件。"
    assert n1({**NONE, TEXT: text}, "") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("收到政府信息公开申请12件，比上年增加3件，增长33.3%。", []),
        ("收到政府信息公开申请12件，比上年增加3件，增长25%。", ["25 33"]),
        ("收到政府信息公开申请12件，较去年同期减少3件，下降20%。", []),
        ("收到政府信息公开申请12件，较去年同期减少3件，下降30%。", ["-30 -20"]),
        ("收到政府信息公开申请12件，同比增长20%。", []),  # last year's figure is not known
        ("共收到申请50件，其中网络申请30件，占60%；信函申请20件，占40%。", []),
        ("共收到申请50件，其中网络申请30件，占66%；信函申请20件，占40.0%。", ["66 60"]),
        ("共收到申请50件，同比下降20%，其中网络申请30件，占60%。", []),
        ("共收到申请50件，同比下降20%，其中网络申请30件，占66%。", ["66 60"]),
        ("共收到申请50件，比上年增加3件，增长6.4%，其中网络申请30件，占66%。", ["66 60"]),
        ("共收到申请50件，比上年增加3件，其中网络申请30件、信函申请20件。", []),
        ("共收到申请50件，总量比上年减少了3件，其中网络申请30件。", []),
        ("答复率98%，其中网络申请占61.5%、信函申请占70%。", []),
    ],
)
def test_changes_and_shares_are_computed_again(text: str, found: list[str]) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("收到政府信息公开申请12件，比上年增加2件，增长20%。", []),
        ("收到政府信息公开申请12件，比上年增加3件，增长30.0%。", ["3 2", "30 20"]),
        ("收到政府信息公开申请12件，同比下降20%。", ["-20 20"]),
    ],
)
def test_beside_last_years_figures_the_amount_is_too(text: str, found: list[str]) -> None:
    before = Previous("2023", ("a",), dict.fromkeys(form().leaves, Decimal(10)))
    case = Case(form(), submitted(filled({**NONE, TEXT: text})), before)
    told = (f for f in check_submission(case) if f.code == "N1")
    assert [f"{f.facts['said']} {f.facts['found']}" for f in told] == found


def test_parts_that_are_more_than_the_whole_are_asked_about() -> None:
    assert said("发布信息30条，其中动态20条、公告10条、图片5条。") == ["30 35"]


def test_a_figure_of_very_many_digits_is_none() -> None:
    long = "1" + ",111" * 12
    for claim in ("占20%", "比上年增加{long}件，增长20%"):
        text = f"共收到申请5件，其中网络申请{long}件，{claim.format(long=long)}。"
        assert said(text) == []
    text = f"收到政府信息公开申请12件，比上年增加{long}件，增长20%。"
    assert said(text) == []


def test_a_change_from_next_to_nothing_has_very_many_digits_and_is_told() -> None:
    before = Previous("2023", ("a",), dict.fromkeys(form().leaves, Decimal("1e-300")))
    text = "收到政府信息公开申请12件，同比增长20%。"
    case = Case(form(), submitted(filled({**NONE, TEXT: text})), before)
    assert [f.facts["said"] for f in check_submission(case) if f.code == "N1"] == ["20"]


def test_tables_that_were_not_filled_in_are_not_compared() -> None:
    assert n1({TEXT: "主动公开政府信息300条。", "activity/published.total/count": None}) == []


def test_figures_have_units_and_dates_and_numbers_of_articles_are_none() -> None:
    text = plain_text("2024年1月31日，第3条规定的１２件、1,234条和0.5万元；约20件")
    assert [(str(f.value), f.unit) for f in figures(text)] == [
        ("12", "件"),
        ("1234", "条"),
        ("0.5", "万元"),
    ]


def test_a_word_before_a_figure_makes_only_that_one_inexact() -> None:
    text = "约3件、4件，超过5件6件、近7件，不少于\n8件9件"
    assert [str(f.value) for f in figures(text)] == ["4", "6", "9"]


def test_a_sentence_of_very_many_figures_is_read_in_one_go() -> None:
    text = "".join(f"县{number}收到{number}件、" for number in range(50_000))
    begun = time.process_time()
    assert len(list(figures(text))) == 50_000
    assert time.process_time() - begun < 10  # to begin anew for each takes a minute


def test_a_clause_is_quoted_and_no_whole_text_without_marks() -> None:
    text = "今年，共收到 12件申请、书面居多。"
    at = text.index("12件")
    assert around(text, at, at + 3) == "共收到 12件申请"
    endless = {**NONE, TEXT: "收到政府信息公开申请13件" * 10_000}
    case = Case(form(), submitted(filled(endless)), period="2024")
    subjects = [f.facts["subject"] for f in texts_against_tables(case)]
    assert len(subjects) == 10_000
    assert max(map(len, subjects)) < 2_000  # the whole text, so many times, would be a gigabyte


def test_n2_notes_a_section_that_is_longer_than_the_letter_allows() -> None:
    assert findings({TEXT: "字" * 1001, OTHER: "信息处理费：无。"}) == [("N2", "note", TEXT)]
    assert findings({TEXT: "字" * 1000}) == []


def test_n3_notes_a_section_six_that_leaves_the_fees_out() -> None:
    assert findings({OTHER: "无其他需要报告的事项。"}) == [("N3", "note", OTHER)]
    assert findings({OTHER: "本年度未收取信息处理费。"}) == []
    assert findings({}) == []  # an empty section is no finding


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        ("2023年，我局共收到申请5件。", True),
        ("（一）２０２３ 年度，本年度共收到申请5件。", True),
        ("2024年，我局共收到申请5件，2023年为3件。", False),
        ("2023年收到3件，2024年没有收到。", False),
        ("2022年以来，我局工作有序。", False),
        ("2023年底以来，我局工作有序。", False),
        ("针对2023年存在的问题，我局作了改进。", False),
    ],
)
def test_n4_asks_about_a_text_that_is_still_about_last_year(text: str, *, is_left: bool) -> None:
    answers = {"texts/problems/text": text}
    found = check_submission(Case(form(), submitted(filled(answers)), period="2024"))
    assert [(f.code, f.severity.value) for f in found] == ([("N4", "query")] if is_left else [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('means = "requests/new/total"', 'means = "requests/none/total"'),
        ('means = "requests/new/total"', 'meaning = "requests/new/total"'),
    ],
)
def test_a_mention_of_no_cell_is_a_fault_of_the_form(old: str, new: str) -> None:
    text = shipped_form_text("zfxxgk-2021").replace(old, new)
    assert {fault.code for fault in load_form(text, "f").findings} <= {"S02", "S03", "S05"}
    assert load_form(text, "f").value is None


def mentioned(*mentions: Mention) -> Form:
    return replace(form(), mentions=mentions)


def of_cells(words: tuple[str, ...], *cells: str, none: tuple[str, ...] = ()) -> Mention:
    """Mention the first cell less the others."""
    side = tuple((-1 if number else 1, cell(code)) for number, code in enumerate(cells))
    return Mention(" ".join(cells), side, words, none)


def told_of(text: str, of: Form, values: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Give what a text is told of words, what it says, and what it should say."""
    case = Case(of, submitted(filled({**values, TEXT: text})), period="2024")
    found = (f.facts for f in texts_against_tables(case))
    return [(facts["words"], facts["said"], facts["found"]) for facts in found]


NEW, GRANTED, OPEN = (
    "requests/new/person",
    "requests/done.granted/person",
    "requests/carried_in/person",
)


def test_words_that_lie_in_each_other_are_all_looked_for() -> None:
    values = {NEW: 1, GRANTED: 2, OPEN: 3}
    of = mentioned(
        of_cells(("甲乙",), NEW), of_cells(("乙丙",), GRANTED), of_cells(("甲乙丙",), OPEN)
    )
    assert told_of("甲乙丙5件", of, values) == [("甲乙丙5件", "5", "2"), ("甲乙丙5件", "5", "3")]
    text = "甲乙5件，甲乙丙3件"
    assert told_of(text, of, values) == [("甲乙5件", "5", "1"), ("甲乙丙3件", "3", "2")]


def test_a_table_that_is_not_known_keeps_no_other_from_being_compared() -> None:
    of = mentioned(of_cells(("甲",), NEW), of_cells(("乙",), GRANTED))
    assert told_of("甲1件，甲2件，乙3件", of, {NEW: None, GRANTED: 5}) == [("乙3件", "3", "5")]


def test_words_for_none_alone_give_no_figure_a_meaning() -> None:
    of = mentioned(of_cells((), NEW, none=("甲",)))
    assert told_of("共发布3件，甲很少。", of, {NEW: 5}) == []
    denied = "规范办理，全年未发生甲的情况。"
    assert told_of(denied, of, {NEW: 5}) == [("全年未发生甲的情况", "0", "5")]


def test_cells_are_added_and_subtracted_exactly() -> None:
    large, small = "999999999999999", "0.00000000000001"
    amount = "charges/fees/amount"
    of = mentioned(of_cells(("甲",), NEW, amount))
    values = {NEW: RawCell(CellKind.NUMBER, large, None), amount: small}
    assert told_of("甲7件", of, values) == [("甲7件", "7", "999999999999998.99999999999999")]


def test_each_sentence_with_a_breakdown_is_added_up() -> None:
    text = "发布信息30条，其中动态20条、公告10条、图片5条。公报9期，其中一季4期、二季4期、三季4期。"
    assert said(text) == ["30 35", "9 12"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1，234件、12,345,678件", "1,234件、12,345,678件"),
        ("12，34件,3,4567件", "12，34件，3，4567件"),
        ("甲,123件;乙:(1) 个", "甲，123件；乙：（1）个"),
        ("１２ \t\u3000\u00a0３件①", "123件1"),
    ],
)
def test_a_plain_text_keeps_what_groups_digits_apart_from_what_parts_words(
    text: str, plain: str
) -> None:
    assert plain_text(text) == plain


@given(st.text(st.characters(codec="utf-8")))
def test_a_text_in_one_form_is_what_unicode_says(text: str) -> None:
    assert nfkc(text) == unicodedata.normalize("NFKC", text)
    assert nfkc(f"（{text}，①）") == unicodedata.normalize("NFKC", f"（{text}，①）")
