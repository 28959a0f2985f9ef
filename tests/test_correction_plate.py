"""A stamped correction copy holds exactly what was answered and remarked, whatever the texts."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape

import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from campaigns import form_text, ref, small_form
from office import convert
from sheetflow.definitions.form import load_form
from sheetflow.layout.sheets import form_layout
from sheetflow.model.cells import Place
from sheetflow.model.findings import Severity
from sheetflow.model.form import LineKind
from sheetflow.model.returns import Explanation
from sheetflow.reports.notice import DATE_PLACE, notice_docx
from sheetflow.reports.notice_plate import stamped_notice
from sheetflow.workbooks.correction import HEAD_ROWS, SENDBACK, FilledIn, Remark, comment_text
from sheetflow.workbooks.correction_plate import make_correction_plate
from sheetflow.workbooks.front import COVER, PEOPLE, Cover, people_row
from sheetflow.workbooks.self_check import (
    CHECKS,
    HEAD_ROW,
    QUESTION,
    REASON,
    ROW_HEIGHT,
    others_row,
)
from sheetflow.workbooks.stamp import Mark, Stamp, hidden_values, seal
from sheetflow.workbooks.stamping import gap, xml_text
from sheetflow.workbooks.styles import clean_text
from sheetflow.workbooks.template import write_template
from sheetflow.workbooks.xlsx import read_xlsx
from sheetflow.workbooks.zip_assembly import parts_of

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook as Book

    from sheetflow.model.cells import CellRef
    from sheetflow.workbooks.workbook import Workbook

FORM = small_form()
LAYOUT = form_layout(FORM)
ENTRIES = [cell.ref for cell in FORM.cells.values() if cell.kind is LineKind.ENTRY]
RED, AMBER = "FFF8D0CD", "FFFFE3B3"
LONG_TITLE = "关于退回修改2024年政府信息公开工作年度报告报表的通知"
HOSTILE = (
    "</t></si></sst>]]><!--&amp;",
    "_x0041__x000D_",
    " 前\t后\r\n ",
    "=cmd|'/c'!A1",
    gap("agency_name"),
    gap("texts"),
    "\x00\x08\ud800\ufdd0\uffff",
    "长" * 40_000,
    "<r><t>x</t></r>",
)
texts = st.text(max_size=40) | st.sampled_from(HOSTILE)
figures = st.decimals(allow_nan=False, allow_infinity=False) | st.integers(0, 10**6).map(Decimal)


def identity(code: str, name: str) -> tuple[Cover, Stamp]:
    """Make cover and stamp of an agency's second issue."""
    cover = Cover("某市", "2024", name, code, "2025-01-31", "公开办", 2)
    mark = Mark(FORM.code, "2024", code, 2)
    sealed = seal(b"key", FORM.digest, mark._replace(agency="a"))
    return cover, Stamp(mark, FORM.digest, name, sealed, "sendback")


def remark(severity: Severity, cells: tuple[CellRef, ...], text: str, code: str = "B1") -> Remark:
    place = LAYOUT.place(cells[0]) if cells else None
    title = "须改正" if severity is Severity.ERROR else "须说明"
    return Remark(severity, title, code, cells, place, text, text[::-1])


@st.composite
def answers(draw: st.DrawFn) -> FilledIn:
    """Draw what an agency answered and what is remarked on it."""
    cells = st.lists(st.sampled_from([*FORM.cells]), max_size=4, unique=True).map(tuple)
    severity = st.sampled_from((Severity.ERROR, Severity.QUERY))
    codes = st.sampled_from(("B1", "B4", "T2"))
    reasons = st.builds(
        Explanation,
        codes,
        st.none() | st.sampled_from([*FORM.cells]),
        texts,
        st.just(Place("a.xlsx")),
        st.just("") | texts,
    )
    return FilledIn(
        draw(st.dictionaries(st.sampled_from(ENTRIES), figures | texts, max_size=8)),
        draw(st.dictionaries(st.sampled_from(PEOPLE), texts)),
        tuple(draw(st.lists(reasons, max_size=14))),
        tuple(draw(st.lists(st.builds(remark, severity, cells, texts, codes), max_size=5))),
        draw(texts),
    )


def copied(given: FilledIn, code: str = "a", name: str = "甲局") -> bytes:
    """Stamp a copy on the plate that was made with another agency's name."""
    plate = make_correction_plate(FORM, LAYOUT, *identity("x.y", "某局"))
    return plate.stamped(*identity(code, name), given)


def sheet(book: Workbook, name: str) -> dict[tuple[int, int], str]:
    (page,) = (page for page in book.sheets if page.name == name)
    return {at: cell.text for at, cell in page.cells.items()}


def shown(book: Book, cell: CellRef) -> object:
    place = LAYOUT.place(cell)
    return book[place.sheet][place.address]


@settings(max_examples=60, deadline=None)
@given(answers(), texts)
@example(FilledIn(), "")
def test_whatever_the_texts_a_copy_says_them_as_they_are(given: FilledIn, name: str) -> None:
    data = copied(given, name=name)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            expat.ParserCreate().Parse(package.read(part), True)  # noqa: FBT003
    book = read_xlsx(data)
    assert hidden_values(book).get("agency_name", "") == clean_text(name)
    pages = {page.name: sheet(book, page.name) for page in book.sheets}
    for cell in ENTRIES:
        place, box = LAYOUT.place(cell), LAYOUT.slots[cell][1]
        said = pages[place.sheet].get(box.spot, "")
        value = given.values.get(cell)
        if isinstance(value, Decimal):
            assert Decimal(said) == value
        else:
            assert said == clean_text(value or "")
    for row, label in enumerate(PEOPLE, people_row(LAYOUT)):
        assert pages[COVER].get((row, 1), "") == clean_text(given.people.get(label, ""))
    front = pages[SENDBACK]
    assert front.get((1, 0), "") == clean_text(given.asked)
    for row, each in enumerate(given.remarks, HEAD_ROWS):
        assert front[row, 2] == each.code
        assert front.get((row, 4), "") == clean_text(each.sentence)
        assert front.get((row, 5), "") == clean_text(each.remedy)
    reasons = {text for (_, column), text in pages[CHECKS].items() if column == REASON}
    everything = "；".join(reasons)
    assert all(clean_text(each.text[:9000]) in everything for each in given.reasons)


@settings(max_examples=30, deadline=None)
@given(answers())
def test_the_cells_remarked_on_are_coloured_and_commented_and_no_others(given: FilledIn) -> None:
    book, marked = load_workbook(io.BytesIO(copied(given))), given.marked()
    plain = load_workbook(io.BytesIO(write_template(FORM, LAYOUT, *identity("a", "甲局"))))
    for cell in FORM.cells:
        place = LAYOUT.place(cell)
        seen, issued = (each[place.sheet][place.address] for each in (book, plain))
        remarks = marked.get(cell, [])
        errors = any(each.severity is Severity.ERROR for each in remarks)
        colour = (RED if errors else AMBER) if remarks else issued.fill.fgColor.rgb
        assert seen.fill.fgColor.rgb == colour
        assert seen.protection.locked == issued.protection.locked
        assert seen.number_format == issued.number_format
        comment = (
            seen.comment.text if seen.comment else ""
        )  # as XML has it: openpyxl resolves no _x
        assert escape(comment).encode() == xml_text(comment_text(remarks))


@settings(max_examples=30, deadline=None)
@given(answers(), texts)
def test_the_plate_does_not_remember_whose_copy_came_before(given: FilledIn, name: str) -> None:
    plate = make_correction_plate(FORM, LAYOUT, *identity("x.y", "某局"))
    first = plate.stamped(*identity("a", name), given)
    plate.stamped(*identity("b", name[::-1]), FilledIn(dict.fromkeys(ENTRIES, Decimal(7))))
    assert plate.stamped(*identity("a", name), given) == first
    own = make_correction_plate(FORM, LAYOUT, *identity("a", name))
    assert own.stamped(*identity("a", name), given) == first


def test_a_sheet_without_remarks_has_no_parts_for_comments() -> None:
    about = remark(Severity.ERROR, (ref("words/story/text"),), "空着")
    names = {part.name for part in parts_of(copied(FilledIn(remarks=(about,))))}
    assert {name for name in names if "comments" in name} == {"xl/comments2.xml"}
    assert {name for name in names if "vml" in name} == {"xl/drawings/vmlDrawing2.vml"}
    assert {name for name in names if "sheets/_rels" in name} == {
        "xl/worksheets/_rels/sheet4.xml.rels"
    }


def test_a_figure_with_more_digits_than_excel_keeps_goes_back_as_text() -> None:
    cell, other = ENTRIES[:2]
    exact, longer = Decimal("18651.064104"), Decimal("123456789012345678.1")
    book = load_workbook(io.BytesIO(copied(FilledIn({cell: exact, other: longer}))))
    place, beside = LAYOUT.place(cell), LAYOUT.place(other)
    assert book[place.sheet][place.address].value == 18651.064104
    assert book[beside.sheet][beside.address].value == "123456789012345678.1"


def test_a_row_for_a_reason_asks_all_that_the_reason_answers() -> None:
    here = ENTRIES[0]
    asked = [remark(Severity.QUERY, (here,), text, "N1") for text in ("收到5件。", "复议2件。")]
    page = load_workbook(io.BytesIO(copied(FilledIn(remarks=(*asked,)))))[CHECKS]
    rows = [row for row in page.iter_rows(values_only=True) if row[0] == "N1"]
    assert [row[QUESTION] for row in rows] == ["【须说明】收到5件。复议2件。"]


def test_a_short_reason_leaves_a_long_relation_shown_whole() -> None:
    long = "本年新收并经初步审查予以受理的政府信息公开申请数量" * 6
    form = load_form(form_text().replace('"新收"', f'"{long}"'), "form.toml").value
    assert form
    layout, (cover, stamp) = form_layout(form), identity("a", "甲局")
    cell = form.comparisons[0].cells[0]
    reasons = (Explanation(form.comparisons[0].relation.check, cell, "属实", Place("a.xlsx")),)
    plate = make_correction_plate(form, layout, cover, stamp)
    copy = load_workbook(io.BytesIO(plate.stamped(cover, stamp, FilledIn(reasons=reasons))))[CHECKS]
    issued = load_workbook(io.BytesIO(write_template(form, layout, cover, stamp)))[CHECKS]
    row = HEAD_ROW + 2
    assert copy.cell(row, REASON + 1).value == "属实"
    assert copy.row_dimensions[row].height == issued.row_dimensions[row].height > ROW_HEIGHT


def test_a_reason_on_several_lines_is_shown_whole() -> None:
    check = small_form().comparisons[0]
    lines = "一是\n二是\n三是\n四是"
    reasons = (
        Explanation(check.relation.check, check.cells[0], lines, Place("a.xlsx")),
        Explanation("C1", None, lines, Place("a.xlsx")),
    )
    page = load_workbook(io.BytesIO(copied(FilledIn(reasons=reasons))))[CHECKS]
    rows = [row for row in range(1, page.max_row + 1) if page.cell(row, REASON + 1).value == lines]
    assert [page.row_dimensions[row].height for row in rows] == [60, 60]


def test_more_reasons_than_the_sheet_has_rows_all_come_back() -> None:
    reasons = tuple(Explanation(f"C{n}", None, f"原因{n}" * 30, Place("a.xlsx")) for n in range(14))
    page = load_workbook(io.BytesIO(copied(FilledIn(reasons=reasons))))[CHECKS]
    first = others_row(FORM) + 1
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=first)]
    assert rows == [[f"C{n}", None, None, None, f"原因{n}" * 30] for n in range(14)]
    assert page.row_dimensions[first].height == 75
    assert [cell.protection.locked for cell in page[first]] == [False, True, False, True, False]


def test_a_remark_is_linked_with_its_cell() -> None:
    about = remark(Severity.QUERY, (ref("t/new/firm"), ref("t/left/firm")), "大", code="T2")
    page = load_workbook(io.BytesIO(copied(FilledIn(remarks=(about,)))))[SENDBACK]
    spot = page.cell(HEAD_ROWS + 1, 4)
    place = LAYOUT.place(ref("t/new/firm"))
    assert spot.value == f"一!{place.address} 等 2 格"
    assert spot.hyperlink
    assert spot.hyperlink.location == f"'一'!{place.address}"


@pytest.mark.office
def test_libreoffice_keeps_what_a_copy_says(tmp_path: Path) -> None:
    source = tmp_path / "copy.xlsx"
    about = remark(Severity.ERROR, (ref("t/done.total/firm"), ref("t/new/firm")), "<&>少 1")
    given = FilledIn({ref("t/new/firm"): Decimal(3)}, {"填报人": "甲<&>"}, (), (about,), "请改正")
    source.write_bytes(copied(given))
    (saved,) = convert([source], "xlsx", tmp_path / "out")
    book = load_workbook(saved)
    place = LAYOUT.place(ref("t/new/firm"))
    cell = book[place.sheet][place.address]
    assert cell.value == 3
    assert cell.fill.fgColor.rgb == RED
    assert cell.comment
    assert "【须改正 B1】<&>少 1" in cell.comment.text
    assert book[COVER].cell(people_row(LAYOUT) + 1, 2).value == "甲<&>"


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=2, max_size=6))
@example(["_x0041_\r", "一\r\n二\t", "", " ", "s"])
@example([LONG_TITLE, "甲局：", "公开办"])
def test_a_stamped_notice_is_the_one_that_would_be_built_in_full(lines: list[str]) -> None:
    stamped = {part.name: part.content for part in parts_of(stamped_notice(lines))}
    built = {part.name: part.content for part in parts_of(notice_docx(lines))}
    assert stamped == built


def test_word_reads_a_stamped_notice_line_by_line() -> None:
    lines = ["标题<&>", "甲局：", "　　1. 请核对。", "公开办"]
    paragraphs = Document(io.BytesIO(stamped_notice(lines))).paragraphs
    assert [paragraph.text for paragraph in paragraphs] == [*lines, DATE_PLACE]


def test_a_long_title_is_broken_after_its_year() -> None:
    title, *_ = Document(io.BytesIO(stamped_notice([LONG_TITLE, "公开办"]))).paragraphs
    assert title.text.splitlines() == ["关于退回修改2024年", "政府信息公开工作年度报告报表的通知"]
