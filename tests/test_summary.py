"""summary.xlsx: live sums over 明细 that show, after recalculation, what totals.csv says."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn, overload

import pytest
from openpyxl import load_workbook

from office import convert
from sheetflow.campaign import demo
from sheetflow.campaign.computing import compute
from sheetflow.campaign.examples import example
from sheetflow.campaign.folder import DECISIONS, RETURNS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.starting import start_campaign
from sheetflow.campaign.storage import write_whole
from sheetflow.definitions.shipped import shipped_form_text
from sheetflow.layout.sheets import FIRST_ROW
from sheetflow.model.campaign import Settings
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.form import LineKind
from sheetflow.model.ledger import LedgerLine
from sheetflow.reports.summary import decision_row, render_summary
from sheetflow.rollup import added_cells
from sheetflow.workbooks import summary
from sheetflow.workbooks.filling import fill
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl import Workbook

    from sheetflow.reports.results import Results

ROSTER = """\
code,name,parent,kind
c1,甲县,,县
c1-a,甲县一局,c1,局
c1-b,甲县二局,c1,局
c2,乙县,,group
c2-a,乙县一局,c2,局
d1,市一局,,局
"""
ADJUSTED = """\
[[adjust]]
group = "c1"
cell = "requests/new/person"
add = "5"
by = "科"
on = 2025-02-10
why = "漏报"

[[adjust]]
group = "kind:局"
cell = "charges/fees/amount"
add = "0.25"
by = "科"
on = 2025-02-10
why = "补记"
"""
TABLE_TOP = 2
"""Rows above the grid on a summary sheet: the title, and whether it is a draft."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Two counties, six agencies, one of which reports nothing; two group adjustments."""
    folder = tmp_path_factory.mktemp("summary")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    root = folder / "campaign"
    settings = Settings(form="zfxxgk-2021", period="2024", name="某市")
    start_campaign(root, settings, shipped_form_text("zfxxgk-2021"), folder / "roster.csv")
    campaign = open_campaign(root)
    reported = example("pingtan-2024").reported()
    sources = iter(reported.values())
    for issued in issue_templates(campaign):
        values = demo.answers(campaign.form, next(sources))
        if issued.agency != "c1-b":
            filled = fill(issued.path.read_bytes(), values)
            write_whole(root / RETURNS / f"{issued.agency}.xlsx", filled)
    write_whole(root / DECISIONS, ADJUSTED.encode())
    return compute(open_campaign(root))


@pytest.fixture(scope="module")
def book(results: Results) -> Workbook:
    return load_workbook(io.BytesIO(render_summary(results)))


def test_the_sheets_are_the_tables_the_groups_the_detail_and_the_lists(book: Workbook) -> None:
    tables = ["二", "三", "四", "附表"]
    lists = ["报送情况", "审核结果", "处理决定"]
    groups = [f"{name}（分组）" for name in tables]
    assert book.sheetnames == [*tables, *groups, "明细", "图表", *lists]


def test_a_typed_cell_is_a_live_sum_over_the_detail(book: Workbook) -> None:
    formula = book["三"]["D6"].value
    assert isinstance(formula, str)
    assert "SUM('明细'!" in formula


def test_the_detail_has_a_row_for_each_agency_and_each_group_adjustment(
    results: Results, book: Workbook
) -> None:
    codes = [row[0].value for row in book["明细"].iter_rows(min_row=5)]
    assert codes == ["c1", "c1-a", "c1-b", "c1", "c2-a", "d1", "kind:局"]
    columns = [cell.value for cell in book["明细"][4] if cell.value]
    assert columns == [str(ref) for ref in added_cells(results.form)]


def test_an_agency_that_did_not_report_has_blanks_in_the_detail_and_no_zeros(
    book: Workbook,
) -> None:
    missing = [cell.value for cell in book["明细"][7][5:]]
    assert book["明细"][7][0].value == "c1-b"
    assert set(missing) == {None}


def test_a_draft_says_so_on_every_sheet_of_tables(results: Results, book: Workbook) -> None:
    assert results.is_draft
    for name in ("二", "三", "四", "附表", "三（分组）"):
        assert "草稿" in str(book[name]["A2"].value)


def test_decisions_are_listed_with_their_reasons(book: Workbook) -> None:
    rows = [[cell.value for cell in row] for row in book["处理决定"].iter_rows(min_row=3)]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("更正", "甲县", "漏报"),
        ("更正", "局", "补记"),
    ]


def test_a_decision_names_its_file_and_its_table_in_words(results: Results) -> None:
    first = results.ledger.files[0]
    signed = replace(results.ledger.decisions[0], group="", cell=None, add=None)
    decisions = (
        replace(signed, kind=DecisionKind.ASSIGN, sha256=first.sha256[:16]),
        replace(signed, kind=DecisionKind.WAIVE, check="F07", sha256="0" * 16),
        replace(signed, kind=DecisionKind.BLANK_ZERO, table="documents"),
        replace(signed, kind=DecisionKind.BLANK_ZERO, table="disputes"),
    )
    ledger = replace(results.ledger, decisions=decisions)
    named = replace(results, ledger=ledger)
    assert [decision_row(named, each)[2] for each in decisions] == [
        f"{first.path.removeprefix('returns/')}（{first.sha256[:8]}）",
        "F07 空文件 00000000",
        "第二十条第（一）项",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]


def test_a_sheet_that_would_have_more_links_than_excel_allows_has_none(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    def links(sheet: str) -> int:
        book = load_workbook(io.BytesIO(render_summary(results)))
        return sum(cell.hyperlink is not None for row in book[sheet].iter_rows() for cell in row)

    sheet = next(each.name for each in results.layout.sheets if each.grid)
    groups = len(results.aggregates) - 1
    assert groups > 1
    whole, parts = links(sheet), links(f"{sheet}（分组）")
    assert parts == groups * whole > 0
    monkeypatch.setattr(summary, "MOST_LINKS", parts)
    assert links(f"{sheet}（分组）") == parts
    monkeypatch.setattr(summary, "MOST_LINKS", parts - 1)
    assert links(f"{sheet}（分组）") == 0
    assert links(sheet) == whole


def test_a_summary_without_room_for_every_agency_has_the_same_totals_and_says_what_it_leaves_out(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheetflow.reports.summary._MOST_FIGURES", 5)
    short = load_workbook(io.BytesIO(render_summary(results)), data_only=True)
    whole = load_workbook(io.BytesIO(render_summary(results)))
    assert "明细" not in short.sheetnames
    assert not any("明细" in str(cell.value) and cell.row > 2 for cell in cells_of(whole, "三"))
    assert short["三"]["A2"].value.endswith(
        "共 5 家单位，明细过大，不列入本表：每个单位的每个数见 figures 文件夹"
        "（按地区分文件）或 figures.csv，各分组合计见 totals.csv"
    )
    monkeypatch.undo()
    full = load_workbook(io.BytesIO(render_summary(results)), data_only=True)
    for name in ("二", "三", "四", "附表"):
        shown = [[cell.value for cell in row] for row in short[name].iter_rows(min_row=3)]
        assert shown == [[cell.value for cell in row] for row in full[name].iter_rows(min_row=3)]
    titles = [cell.value for cell in cells_of(short, "三（分组）") if cell.column == 1]
    assert sum("　" in str(title) for title in titles) == 2  # 甲县, 乙县; 局 is no place


class PassingLine(LedgerLine):
    """A line that counts how many of its kind there are at once."""

    alive = most = 0

    def __init__(self, line: LedgerLine) -> None:
        super().__init__(*(getattr(line, each.name) for each in fields(LedgerLine)))
        PassingLine.alive += 1
        PassingLine.most = max(PassingLine.most, PassingLine.alive)

    def __del__(self) -> None:
        PassingLine.alive -= 1


class PassingLines(Sequence[LedgerLine]):
    """A ledger's lines as if they lay on the disk: made anew whenever they are gone through."""

    def __init__(self, lines: Sequence[LedgerLine]) -> None:
        self._lines = lines
        self._last = -1

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[LedgerLine]:
        return map(PassingLine, self._lines)

    @overload
    def __getitem__(self, number: int) -> LedgerLine: ...
    @overload
    def __getitem__(self, number: slice) -> NoReturn: ...
    def __getitem__(self, number: int | slice) -> LedgerLine:
        assert isinstance(number, int), "some lines were held together"
        assert number in {0, self._last + 1}, "lines were looked up in another order"
        self._last = number
        return PassingLine(self._lines[number])


def test_a_large_campaigns_lines_are_gone_through_and_never_held_together(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheetflow.reports.summary._MOST_FIGURES", 5)
    found = max((line.findings for line in results.ledger.lines), key=len)
    told = tuple(replace(line, findings=found) for line in results.ledger.lines)
    lines: Any = PassingLines(told)
    held, passing = (
        replace(results, ledger=replace(results.ledger, lines=each)) for each in (told, lines)
    )
    assert len(passing.ledger.with_findings) == len(lines) > 2
    assert render_summary(passing) == render_summary(held)
    assert (PassingLine.alive, PassingLine.most) == (0, 2)


def cells_of(book: Workbook, name: str) -> list[Any]:
    return [cell for row in book[name].iter_rows() for cell in row]


@pytest.mark.office
def test_libreoffice_recalculates_every_figure_to_the_computed_one(
    results: Results, tmp_path: Path
) -> None:
    stripped = tmp_path / "summary.xlsx"
    uncached = load_workbook(io.BytesIO(render_summary(results)))
    uncached.save(stripped)  # openpyxl writes formulas without results
    (converted,) = convert([stripped], "xlsx", tmp_path / "out")
    sheets = {sheet.name: sheet.cells for sheet in read_xlsx(converted.read_bytes()).sheets}
    whole, *groups = results.roster.groups
    compared = 0
    for sheet in results.layout.sheets:
        if sheet.grid is None:
            continue
        tops = [(sheet.name, whole, 0)]
        height = sheet.grid.rows + 5
        tops += [(f"{sheet.name}（分组）", g, i * height) for i, g in enumerate(groups)]
        for name, group, top in tops:
            for slot in sheet.slots:
                row = slot.box.row - FIRST_ROW + TABLE_TOP + top
                shown = sheets[name][row, slot.box.column].text
                total = results.aggregates[group].value(slot.ref)
                if total is None:
                    assert shown == "—", (group, slot.ref)
                else:
                    assert abs(Decimal(shown) - total) < Decimal("1e-9"), (group, slot.ref)
                compared += 1
    typed = sum(c.numeric for c in results.form.cells.values())
    assert compared == typed * len(results.roster.groups)
    assert any(c.kind is LineKind.TOTAL for c in results.form.cells.values())
