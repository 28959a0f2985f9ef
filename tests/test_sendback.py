"""退回件: the agency gets its own figures back, the cells in question marked, and may return it."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from docx import Document
from openpyxl import load_workbook

from campaigns import merged, ref, send, short, snapshot, start
from office import convert
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import open_campaign
from sheetflow.campaign.issuing import Issue, issue_templates
from sheetflow.campaign.merging import mixture
from sheetflow.layout.sheets import form_layout
from sheetflow.model.ledger import Standing
from sheetflow.reports.notice import DATE_PLACE
from sheetflow.workbooks.correction import SENDBACK
from sheetflow.workbooks.filling import fill

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.cells import Place

ROSTER = "a 甲局 . 部门\nb 乙局 . 部门"
WRONG = "new 3 1\ndone.yes 3 2\ncopies 1.25 ?\nleft - 0"
"""The second column does not balance; a text stands in a fee; a cell is blank, a query."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a merged campaign in which 甲局's return must go back, and 乙局's not."""
    root = start(tmp_path / "c", ROSTER)
    send(root, a=WRONG, b="new 1 2\ndone.yes 1 2")
    merged(root)
    return root


def copies(root: Path) -> dict[str, Path]:
    folder = root / "output/sendback"
    return {path.name: path for path in sorted(folder.glob("*"))} if folder.is_dir() else {}


def correct(root: Path, name: str = "a_甲局_退回_第2次.xlsx", **cells: int | None) -> bytes:
    """Type into a correction copy as the agency would; cells by item and column, `yes_firm=1`."""
    layout = form_layout(open_campaign(root).form)
    codes = {
        "yes_firm": "t/done.yes/firm",
        "left_person": "t/left/person",
        "back": "fees/copies/back",
    }
    values: dict[Place, int | float | str | None] = {
        layout.place(ref(codes[key])): value for key, value in cells.items()
    }
    return fill(copies(root)[name].read_bytes(), values)


def test_who_has_something_to_answer_gets_a_workbook_and_a_notice(root: Path) -> None:
    stem = "a_甲局_退回"
    assert list(copies(root)) == [f"{stem}_第2次.xlsx", f"{stem}通知.docx", f"{stem}通知.txt"]


def test_every_answer_comes_back_in_its_cell_as_it_was_typed(root: Path) -> None:
    book = load_workbook(copies(root)["a_甲局_退回_第2次.xlsx"])
    layout = form_layout(open_campaign(root).form)
    line = compute(open_campaign(root)).ledger.by_agency["a"]
    assert line.submission
    for entry in line.submission.entries.values():
        place = layout.place(entry.ref)
        back = book[place.sheet][place.address].value
        typed = entry.reported if entry.reported is not None else entry.raw or None
        assert (Decimal(str(back)) if isinstance(back, int | float) else back) == typed


def test_the_cells_in_question_are_marked_and_no_others(root: Path) -> None:
    book = load_workbook(copies(root)["a_甲局_退回_第2次.xlsx"])
    page = book["一"]
    commented = {cell.coordinate: cell for row in page.iter_rows() for cell in row if cell.comment}
    layout = form_layout(open_campaign(root).form)
    asked = ("t/done.total/firm", "t/left/person", "fees/copies/back")
    assert set(commented) == {layout.place(ref(code)).address for code in asked}
    wrong = commented[layout.place(ref("fees/copies/back")).address]
    assert wrong.comment
    assert "T1" in wrong.comment.text
    assert wrong.fill.fgColor.rgb == "FFF8D0CD"


def test_the_sheet_in_front_lists_what_to_do_in_order_with_links(root: Path) -> None:
    page = load_workbook(copies(root)["a_甲局_退回_第2次.xlsx"]).worksheets[0]
    assert page.title == SENDBACK
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
    assert [row[:3] for row in rows] == [
        [1, "须改正", "T1"],
        [2, "须改正", "B1"],
        [3, "须说明", "T2"],
    ]
    assert [page.cell(5 + n, 4).hyperlink is not None for n in range(3)] == [True] * 3
    assert "须改正 2 处、须说明 1 处" in str(page["A2"].value)
    assert "数字中的计量单位、逗号等已去掉" in str(page["A2"].value)


def test_the_notice_says_the_same_in_word_and_for_chat(root: Path) -> None:
    text = copies(root)["a_甲局_退回通知.txt"].read_text("utf-8-sig")
    lines = text.splitlines()
    assert lines[:2] == ["关于退回修改2024年申请情况报表的通知", "甲局："]
    assert "填入" not in text  # the tables are in the other file
    assert "blank-zero" not in text  # what the office can do is not the agency's business
    paragraphs = Document(str(copies(root)["a_甲局_退回通知.docx"])).paragraphs
    assert [paragraph.text for paragraph in paragraphs] == [*lines, DATE_PLACE]


def test_a_corrected_copy_takes_the_place_of_the_first_return(root: Path) -> None:
    data = correct(root, yes_firm=1, left_person=0, back=0)
    (root / "returns/回复.xlsx").write_bytes(data)
    results = merged(root)
    line = results.ledger.by_agency["a"]
    assert line.submission
    assert (line.submission.file, line.submission.issue) == ("returns/回复.xlsx", 2)
    assert line.standing is Standing.ACCEPTED
    assert short(results.ledger, "a") == ["I07 open"]  # a note: the first return was superseded
    assert copies(root) == {}


def test_a_copy_returned_half_mended_goes_back_under_the_next_number(root: Path) -> None:
    (root / "returns/回复.xlsx").write_bytes(correct(root, yes_firm=1))
    merged(root)
    assert "a_甲局_退回_第3次.xlsx" in copies(root)
    assert "a_甲局_退回_第2次.xlsx" not in copies(root)


def test_a_second_run_writes_the_same_bytes_under_the_same_number(root: Path) -> None:
    before = snapshot(root / "output")
    merged(root)
    assert snapshot(root / "output") == before
    assert mixture(root) == ()


def test_a_template_issued_after_a_copy_has_a_number_of_its_own(root: Path) -> None:
    settings = root / "sheetflow.toml"
    settings.write_text(settings.read_text("utf-8").replace("某市", "另一市"), "utf-8")
    issued = {each.agency: each for each in issue_templates(open_campaign(root))}
    assert [(each.issue, each.number) for each in issued.values()] == [
        (Issue.AGAIN, 3),
        (Issue.AGAIN, 2),
    ]


def test_a_reason_stays_in_its_row_when_the_return_goes_back(root: Path) -> None:
    book = load_workbook(io.BytesIO(correct(root, yes_firm=1)))
    page = book["自检"]
    row = next(r for r in range(1, page.max_row + 1) if page.cell(r, 1).value == "T2")
    assert page.cell(row, 3).value == "一!C11"
    page.cell(row, 5).value = "上年起不再结转，尚在统计"
    book["封面"].cell(book["封面"].max_row, 2).value = "2025-01-20"
    book.save(root / "returns/回复.xlsx")
    merged(root)
    back = load_workbook(copies(root)["a_甲局_退回_第3次.xlsx"])
    texts = {cell.value for row in back["自检"].iter_rows() for cell in row}
    assert "上年起不再结转，尚在统计" in texts
    assert back["封面"].cell(back["封面"].max_row, 2).value == "2025-01-20"


@pytest.mark.office
def test_libreoffice_opens_saves_and_returns_a_copy(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    source.write_bytes(correct(root, yes_firm=1, left_person=0, back=0))
    (saved,) = convert([source], "xlsx", tmp_path / "out")
    (root / "returns/回复.xlsx").write_bytes(saved.read_bytes())
    line = merged(root).ledger.by_agency["a"]
    assert line.standing is Standing.ACCEPTED
    assert line.submission
    assert line.submission.unused == ()


def test_hostile_names_and_texts_go_back_unharmed(tmp_path: Path) -> None:
    name = '<b>甲局:"|?*/\\=cmd]]>{{x}}'
    root = start(tmp_path / "c", f"a {name} . 部门")
    send(root, a=WRONG)
    place = form_layout(open_campaign(root).form).place(ref("words/story/text"))
    book = load_workbook(root / "returns/a.xlsx")
    hostile = "=1+1</t><script>]]>{{ 7*7 }}\u202e" + "字" * 32000
    book[place.sheet][place.address].value = hostile
    book[place.sheet][place.address].data_type = "s"
    book.save(root / "returns/a.xlsx")
    merged(root)
    (path, notice, text) = copies(root).values()
    assert path.name == "a_b甲局=cmd]]{{x}}_退回_第2次.xlsx"
    back = load_workbook(path)
    cell = back[place.sheet][place.address]
    assert (cell.value, cell.data_type) == (hostile, "s")
    assert name in str(back["封面"]["B3"].value)
    assert name in Document(str(notice)).paragraphs[1].text
    assert name in text.read_text("utf-8-sig")
