"""The report: six sections, the official tables, drafted text bound to cells, two documents."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx import Document

from office import convert, require_office
from reported import (
    CODES,
    HARMLESS,
    HEADINGS,
    HOSTILE,
    Page,
    cell,
    decision,
    office_word,
    printed,
    results,
    word_everything,
    word_lines,
)
from sheetflow.errors import FaultyDefinitionError
from sheetflow.layout.grid import Grid
from sheetflow.messages.reports import ENTRIES
from sheetflow.model.aggregate import Aggregate
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.ledger import Ledger
from sheetflow.reports.checking import template_faults
from sheetflow.reports.fitting import settings_of
from sheetflow.reports.html import render_html
from sheetflow.reports.lengths import long_sections, text_length
from sheetflow.reports.tables import Tile, balanced, table_rows, word_text
from sheetflow.reports.view import PLACEHOLDER, TableView, report_view
from sheetflow.reports.word import render_docx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sheetflow.reports.results import Results


def test_word_tables_show_every_cell() -> None:
    given = results()
    tables = Document(BytesIO(render_docx(given))).tables
    for table, expected in zip(tables, printed(given), strict=True):
        for (row, column), text in expected.items():
            assert table.cell(row, column).text.replace("\n", "") == text


def test_html_tables_show_every_cell() -> None:
    given = results()
    page = Page(render_html(given))
    assert page.tables == printed(given)
    assert {text for code, text in page.figures if code == "charges/fees/amount"} == {"37302.13"}
    assert {text for code, text in page.figures if code == "documents/regulations/made"} == {"—"}
    for code, text in page.figures:
        assert text == given.shown("all", cell(code))
    codes = {code for code, _ in page.figures}
    assert len({code for code in codes if not code.startswith("activity/")}) == 200


def test_six_headings_in_order() -> None:
    given = results()
    assert [line for line in word_lines(render_docx(given)) if line in HEADINGS] == HEADINGS
    assert Page(render_html(given)).headings[:6] == HEADINGS


def test_word_table_is_laid_out_for_print() -> None:
    with zipfile.ZipFile(BytesIO(render_docx(results()))) as package:
        xml = package.read("word/document.xml").decode()
    for table in re.findall("<w:tbl>.*?</w:tbl>", xml, re.DOTALL):
        grid = [int(width) for width in re.findall(r'<w:gridCol w:w="(\d+)"/>', table)]
        assert sum(grid) == 8844
        assert '<w:tblLayout w:type="fixed"/>' in table
        for row in re.findall("<w:tr>.*?</w:tr>", table, re.DOTALL):
            widths = re.findall(r'<w:tcW w:w="(\d+)"', row)
            assert sum(map(int, widths)) == 8844
            assert "<w:cantSplit/>" in row
    heads = [table.count("<w:tblHeader/>") for table in xml.split("<w:tbl>")[1:]]
    assert heads == [0, 3, 3]


def test_drafted_text_holds_figures_only_bound_to_cells() -> None:
    given = results()
    view = report_view(given)
    assert [part.heading for part in view.sections[0].parts][:2] == [
        "（一）主动公开",
        "（二）依申请公开",
    ]
    runs = [run for s in view.sections for p in s.parts for words in p.sentences for run in words]
    plain = [run for run in runs if run.code in CODES and not run.group]
    assert len(plain) > 30
    assert all(run.text == given.shown("all", cell(run.code)) for run in plain)
    page = Page(render_html(given))
    assert {(run.code, run.text) for run in plain} <= set(page.figures)


def test_place_for_the_office_s_own_text() -> None:
    parts = {p.code: p for s in report_view(results()).sections for p in s.parts}
    assert parts["texts/problems/text"].paragraphs == ("一是公开方式单一。", "二是队伍不稳。")
    assert parts["texts/problems/text"].placeholder == ""
    assert parts["texts/problems/text"].heading == ""
    assert parts["texts/other/text"].placeholder == ""
    assert PLACEHOLDER in "".join(r.text for r in parts["texts/other/text"].sentences[-1])
    assert parts["texts/overview.requests/text"].placeholder == ""
    for text in ("\n".join(word_lines(render_docx(results()))), Page(render_html(results())).text):
        assert "一是公开方式单一。" in text
        assert text.count(PLACEHOLDER) == 3


def test_figures_that_nobody_reported_show_as_a_dash() -> None:
    given = results()
    given = replace(given, aggregates={group: Aggregate(group, {}) for group in given.aggregates})
    shown = {text for _, text in Page(render_html(given)).figures}
    assert shown == {"—"}


@pytest.mark.parametrize("missing", [True, False])
def test_draft_is_marked_exactly_while_something_is_open(*, missing: bool) -> None:
    given = results(missing=missing)
    word, html = word_everything(render_docx(given)), Page(render_html(given)).text
    title = "衡阳市2024年政府信息公开工作年度报告"
    assert (f"{title}（草稿）" in word) is missing
    assert (f"{title}（草稿）" in html) is missing
    assert ("草　稿" in word) is missing
    assert ("草稿" in html) is missing
    assert title in word


def test_decisions_and_coverage_are_listed() -> None:
    given = results(
        decisions=(
            decision(
                DecisionKind.ADJUST,
                agency="yf",
                cell=cell("requests/done.unable.unclear/person"),
                value=Decimal(0),
                why="同一申请计入两行",
            ),
            decision(
                DecisionKind.ADJUST,
                group="all",
                cell=cell("sanctions/penalties/decided"),
                add=Decimal(254),
                why="由市汇总补报",
            ),
            decision(DecisionKind.EXCUSE, agency="zs", why="已撤并"),
        )
    )
    for text in (word_everything(render_docx(given)), Page(render_html(given)).text):
        for words in (
            "雁峰区",
            "改为 0",
            "同一申请计入两行",
            "加 254",
            "由市汇总补报",
            "已撤并",
            "2025-02-10",
        ):
            assert words in text
        assert "应报送2个单位，已报送2个。" in text
        assert "没有处理决定" not in text
    assert "没有处理决定" in word_everything(render_docx(results()))
    assert "没有处理决定" in Page(render_html(results())).text


def test_open_findings_and_missing_agencies_are_named() -> None:
    given = results(missing=True)
    first, *others = given.ledger.lines
    found = replace(first, findings=(Finding("T2", Severity.ERROR, "city"),))
    stray = Finding("I01", Severity.ERROR)
    ledger = Ledger((found, *others), (), (), (stray,))
    coverage = report_view(replace(given, ledger=ledger)).coverage
    assert (coverage.expected, coverage.reported, coverage.missing) == (3, 2, ("衡阳市",))
    assert coverage.open_findings == 2


def test_report_of_a_group() -> None:
    add = decision(
        DecisionKind.ADJUST, group="kind:县区", cell=cell("requests/new/person"), add=Decimal(1)
    )
    waived = decision(DecisionKind.WAIVE, agency="yf", check="R1")
    other = decision(DecisionKind.WAIVE, agency="city", check="R1")
    given = results(decisions=(add, waived, other))
    view = report_view(given, "kind:县区")
    assert view.title == "县区2024年政府信息公开工作年度报告"
    assert view.signer == "县区"
    assert [(d.kind, d.subject) for d in view.decisions] == [("更正", "县区"), ("豁免", "雁峰区")]
    assert view.decisions[1].about == "R1 申请件数平衡：新收加结转等于办结加结转下年"
    assert view.coverage.expected == 1
    table = view.sections[2].table
    assert table
    ref = cell("requests/new/person")
    assert table.shown[ref] == given.shown("kind:县区", ref)
    assert all(not part.paragraphs for section in view.sections for part in section.parts)


def test_hostile_texts_pass_unharmed() -> None:
    why = f"核实{HOSTILE}"
    given = results(
        missing=True,
        name=HOSTILE,
        decisions=(decision(DecisionKind.EXCUSE, agency="zs", why=why),),
    )
    given = replace(given, office_texts={cell("texts/other/text"): HOSTILE})
    word, page = word_everything(render_docx(given)), Page(render_html(given))
    for text in (word, page.text):
        assert f"未报送：{HARMLESS}。" in text
        assert f"核实{HARMLESS}" in text
        assert f"{HARMLESS}2024年政府信息公开工作年度报告" in text.replace("年\n", "年")
    assert HARMLESS in word.splitlines()
    assert page.scripts == 0
    assert len(page.headings) == 7


def test_a_long_name_does_not_outgrow_the_document_s_properties() -> None:
    data = render_docx(results(name="很长的名称" * 100))
    assert len(Document(BytesIO(data)).core_properties.title) == 255


def test_same_in_same_out() -> None:
    first, second = results(missing=True), results(missing=True)
    assert render_docx(first) == render_docx(second)
    assert render_html(first) == render_html(second)
    with zipfile.ZipFile(BytesIO(render_docx(first))) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in package.read("docProps/core.xml")


def test_an_office_s_word_template_replaces_the_shipped_one() -> None:
    template = office_word(
        "{{ 名称 }}政务公开年报",
        "新收{{ 数[“requests/new/total”] }}件",
        "{%p for 节 in 各节 %}",
        "{{ 节.标题 }}",
        "{%p endfor %}",
        "{{p 节.三.表格 }}",
    )
    given = replace(results(), word_template=template)
    lines = word_lines(render_docx(given))
    total = given.shown("all", cell("requests/new/total"))
    assert lines[:2] == ["衡阳市政务公开年报", f"新收{total}件"]
    assert lines[2:8] == HEADINGS
    assert len(Document(BytesIO(render_docx(given))).tables) == 1


def test_an_office_s_html_template_replaces_the_shipped_one() -> None:
    template = '<h1>{{ 名称 }}</h1>\n{{ 数["requests/new/total"] }}{{ 节["三"].表格 }}'
    given = replace(results(), html_template=template)
    page = Page(render_html(given))
    assert page.text.startswith("衡阳市")
    assert page.tables == printed(given)[1:2]


def faults_of(given: Results) -> Iterator[tuple[str, str, int]]:
    with pytest.raises(FaultyDefinitionError) as raised:
        (render_docx if given.word_template else render_html)(given)
    texts = {entry.code: entry for entry in ENTRIES}
    for fault in raised.value.findings:
        assert isinstance(fault, Finding)
        assert fault.place
        assert texts[fault.code].message.zh.format_map(fault.facts)
        yield fault.code, fault.place.file, fault.place.line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("｛｛ 年度 ｝｝", [("S21", 2)]),
        ("{{ 年度 ｝｝", [("S21", 2)]),
        ("｛｛ 年度 ｝｝ {{ 年份 }}", [("S21", 2), ("S22", 2)]),
        ("{{ 年份 }}", [("S22", 2)]),
        ("{{ 报送.应到 }}", [("S23", 0)]),
        ("{{ ''.__class__.__mro__ }}", [("S23", 0)]),
        ("{% include 'x' %}", [("S23", 0)]),
        ("{% for 节 in 各节 %}", [("S25", 2)]),
        ("{% if 草稿 %}{% endfor %}", [("S25", 2), ("S25", 2)]),
        ("{% endif %}", [("S25", 2)]),
        ("{年度}", [("S24", 2)]),
        ("｛年度｝", [("S24", 2)]),
        ("{ { 年度 } }", [("S24", 2)]),
        ("{ % for 节 in 各节 %}", [("S24", 2)]),
        ("{{ 年度|大写 }}", [("S23", 0)]),
    ],
)
def test_faults_of_office_templates_are_findings(
    text: str, expected: list[tuple[str, int]]
) -> None:
    base = results()
    word = replace(base, word_template=office_word("第一段", text))
    assert [(code, line) for code, _, line in faults_of(word)] == expected
    html = replace(base, html_template=f"第一段\n{text}")
    found = list(faults_of(html))
    assert [code for code, _, _ in found] == [code for code, _ in expected]
    assert {file for _, file, _ in found} == {"report/模板.html"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ 年度 }", "S24"),
        ("{{ 年度", "S24"),
        ("{{ 名称 }}，{{ 年度", "S24"),
        ("{{ 节.三.表格 }}", "S26"),
        ("见表：{{p 节.三.表格 }}", "S26"),
        ("{{p 节.二.表格 }}{{p 节.三.表格 }}", "S26"),
    ],
)
def test_what_word_would_print_wrong_or_lose_is_a_finding(text: str, code: str) -> None:
    given = replace(results(), word_template=office_word("第一段", text))
    assert [(found, line) for found, _, line in faults_of(given)] == [(code, 2)]


def test_a_fault_in_a_header_is_found() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "｛｛ 年度 ｝｝"
    target = BytesIO()
    document.save(target)
    given = replace(results(), word_template=target.getvalue())
    assert list(faults_of(given)) == [("S21", "report/模板.docx", 0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ 报送.应到 }}", "没有“应到”这一项"),
        ("{{ 数['no/such/cell'] }}", "没有“no/such/cell”这一项"),
        ("{% fro 节 in 各节 %}", "不认识标记“fro”：{% fro 节 in 各节 %}"),
        ("{{ 年度|大写 }}", "没有“大写”这种处理：{{ 年度|大写 }}"),
        ("{% if 草稿 = 1 %}a{% endif %}", "“=”处写法有误：{% if 草稿 = 1 %}a{% endif %}"),
    ],
)
def test_the_engine_s_complaints_are_said_in_chinese(text: str, words: str) -> None:
    (fault,) = template_faults(replace(results(), word_template=office_word("第一段", text)))
    assert fault.facts["detail"] == words


def test_smart_quotes_in_a_tag_of_a_word_template_do_no_harm() -> None:
    for text in ("{{ 数[‘requests/new/total’] }}", "{{ 数[“requests/new/total”] }}"):
        given = replace(results(), word_template=office_word(text))
        assert word_lines(render_docx(given)) == [given.shown("all", cell("requests/new/total"))]


def test_the_faults_of_both_templates_are_given() -> None:
    given = replace(results(), word_template=b"no zip", html_template="{{ 年份 }}")
    assert [fault.code for fault in template_faults(given)] == ["S23", "S22"]
    assert template_faults(results()) == ()


def test_a_template_that_is_no_word_file_is_a_finding() -> None:
    (fault,) = template_faults(replace(results(), word_template=b"no zip"))
    assert (fault.code, fault.facts["detail"]) == ("S23", "它不是完好的 Word 文件")


def test_grids_with_gaps_are_filled() -> None:
    grid = Grid(1, 2, 0, (), (), (), ())
    (setting,) = settings_of(TableView(grid, {}))
    (row,) = table_rows(setting.table)
    assert all(isinstance(tile, Tile) and not tile.text for tile in row)
    assert len(row) == 2
    assert setting.shares == (0.5, 0.5)


def test_headings_break_evenly() -> None:
    assert balanced("商业企业", 3) == ("商业", "企业")
    assert balanced("社会公益组织", 4) == ("社会公", "益组织")
    assert balanced("其他", 3) == ("其他",)
    assert balanced("", 3) == ("",)
    assert word_text("a_<b>") == "a&#95;&lt;b&gt;"


@pytest.mark.office
def test_libreoffice_prints_the_report(tmp_path: Path) -> None:
    require_office()
    source = tmp_path / "report.docx"
    source.write_bytes(render_docx(results(missing=True)))
    (made,) = convert([source], "pdf", tmp_path / "out")
    assert made.read_bytes().startswith(b"%PDF")


def test_a_section_that_is_longer_than_the_letter_allows_is_a_note() -> None:
    given = results()
    assert list(long_sections(given)) == []
    drafted = text_length(report_view(given).sections[0])
    rest = cell("texts/overview.platform/text")
    full = replace(given, office_texts={rest: "字" * (1000 - drafted)})
    assert list(long_sections(full)) == []
    (note,) = long_sections(replace(given, office_texts={rest: "字" * (1001 - drafted)}))
    assert (note.code, note.severity) == ("N2", Severity.NOTE)
    assert note.facts == {"section": "一、总体情况", "length": "1001", "limit": "1000"}
