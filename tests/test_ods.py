"""The reader of OpenDocument sheets takes what real programs write, and names what is wrong."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from office import convert, require_office
from samples import plan, template
from sheetflow.gathering.values import plain_formula
from sheetflow.gathering.witnesses import marks, printed
from sheetflow.model.period import PeriodKind
from sheetflow.workbooks.formats import sniff
from sheetflow.workbooks.limits import Caps, UnreadableFile, excessive
from sheetflow.workbooks.ods import read_ods
from sheetflow.workbooks.ods_formulas import excel_formula
from sheetflow.workbooks.readers import READERS
from sheetflow.workbooks.stamp import hidden_values
from sheetflow.workbooks.workbook import CellKind, RawCell, Workbook

if TYPE_CHECKING:
    from pathlib import Path

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = (
    f'xmlns:office="{OASIS}:office:1.0" xmlns:table="{OASIS}:table:1.0" '
    f'xmlns:text="{OASIS}:text:1.0" xmlns:style="{OASIS}:style:1.0" '
    f'xmlns:draw="{OASIS}:drawing:1.0" xmlns:meta="{OASIS}:meta:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)

STYLE = (
    '<style:style style:name="abc" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


def content(book: str, styles: str = "") -> str:
    """Write content.xml around what stands in the spreadsheet's element."""
    return (
        f"<office:document-content {SPACES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{book}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )


def table(rows: str, attributes: str = "") -> str:
    """Write a sheet 表."""
    return f'<table:table table:name="表" {attributes}>{rows}</table:table>'


def zipped(members: dict[str, str | bytes]) -> bytes:
    """Pack a workbook's parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        for name, body in members.items():
            archive.writestr(name, body)
    return target.getvalue()


def ods(book: str, styles: str = "", **parts: str) -> bytes:
    """Pack a workbook from what stands in the spreadsheet's element."""
    return zipped({"content.xml": content(book, styles), **parts})


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def cell(attributes: str = "", inside: str = "", tag: str = "table-cell") -> str:
    return f"<table:{tag} {attributes}>{inside}</table:{tag}>"


def number(value: str, attributes: str = "") -> str:
    return cell(f'office:value-type="float" office:value="{value}" {attributes}')


def string(inside: str) -> str:
    """Write a cell of paragraphs."""
    return cell('office:value-type="string"', inside)


def cells(rows: str) -> dict[str, RawCell]:
    """Read a one-sheet workbook's cells by A1 address (of columns A to Z)."""
    (sheet,) = read_ods(ods(table(rows))).sheets
    return {f"{chr(65 + c)}{r + 1}": raw for (r, c), raw in sheet.cells.items()}


def only(xml: str) -> RawCell:
    """Read the one cell."""
    return cells(row(xml))["A1"]


def refusal(data: bytes, caps: Caps | None = None) -> tuple[str, dict[str, str]]:
    """Say why a workbook is refused."""
    with pytest.raises(UnreadableFile) as caught:
        read_ods(data, caps or Caps())
    return caught.value.code, caught.value.facts


def verdict(data: bytes) -> str:
    """Say `read`, or the code of the refusal."""
    try:
        read_ods(data)
    except UnreadableFile as refused:
        return refused.code
    return "read"


# Cells


PLAIN = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="&<"), min_size=1)
VALUES = st.integers(-(10**15), 10**15) | PLAIN
GRIDS = st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 30)), VALUES, max_size=15)
Grid = dict[tuple[int, int], int | str]


def gap(tag: str, kind: str, count: int, inside: str = "") -> str:
    """Write an empty run."""
    repeated = f'table:number-{kind}-repeated="{count}"'
    return f"<table:{tag} {repeated}>{inside}</table:{tag}>" if count else ""


def written(grid: Grid) -> bytes:
    """Write a grid as LibreOffice does: what lies between the cells as repeated runs."""
    rows, last = "", -1
    for at in sorted({r for r, _ in grid}):
        rows += gap("table-row", "rows", at - last - 1, cell())
        inside, before = "", -1
        for column in sorted(c for r, c in grid if r == at):
            value = grid[at, column]
            inside += gap("table-cell", "columns", column - before - 1)
            inside += (
                number(str(value))
                if isinstance(value, int)
                else string(f"<text:p>{value}</text:p>")
            )
            before = column
        rows += row(inside)
        last = at
    manifest = f'<m:manifest xmlns:m="{OASIS}:manifest:1.0"/>'
    return ods(table(rows or row(cell())), **{"META-INF/manifest.xml": manifest})


@given(GRIDS)
def test_what_is_written_is_what_is_read(grid: Grid) -> None:
    (sheet,) = read_ods(written(grid)).sheets
    assert sheet.cells == {
        at: RawCell(CellKind.NUMBER if isinstance(value, int) else CellKind.TEXT, str(value), None)
        for at, value in grid.items()
    }


@given(GRIDS.filter(bool))
@settings(max_examples=40)
def test_cells_are_those_that_calamine_reads(grid: Grid) -> None:
    data = written({**grid, (0, 0): 1})
    (sheet,) = read_ods(data).sheets
    rows = load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    theirs = {
        (r, c): f"{value:.0f}" if isinstance(value, float) else value
        for r, values in enumerate(rows)
        for c, value in enumerate(values)
        if value != ""
    }
    assert {at: raw.text for at, raw in sheet.cells.items()} == theirs


@pytest.mark.parametrize(
    ("attributes", "shown", "kind", "text"),
    [
        ('office:value-type="float" office:value="1E-07"', "0", CellKind.NUMBER, "1E-07"),
        ('office:value-type="float" office:value="-5"', "(5)", CellKind.NUMBER, "-5"),
        ('office:value-type="currency" office:value="5"', "¥5.00", CellKind.NUMBER, "5"),
        ('office:value-type="percentage" office:value="0.5"', "50%", CellKind.PERCENT, "0.5"),
        (
            'office:value-type="date" office:date-value="2024-02-29"',
            "x",
            CellKind.DATE,
            "2024-02-29",
        ),
        ('office:value-type="time" office:time-value="PT1H"', "1:00", CellKind.DATE, "PT1H"),
        ('office:value-type="boolean" office:boolean-value="true"', "是", CellKind.BOOLEAN, "1"),
        ('office:value-type="boolean" office:boolean-value="false"', "否", CellKind.BOOLEAN, "0"),
        ('office:value-type="string"', "007", CellKind.TEXT, "007"),
        ('office:value-type="string" office:string-value="甲"', "", CellKind.TEXT, "甲"),
        ("", "无类型", CellKind.TEXT, "无类型"),
    ],
)
def test_a_cell_is_what_its_type_says(
    attributes: str, shown: str, kind: CellKind, text: str
) -> None:
    assert only(cell(attributes, f"<text:p>{shown}</text:p>")) == RawCell(kind, text, None)


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ("25%", CellKind.PERCENT),
        ("2024-02-29", CellKind.DATE),
        ("2/29/24", CellKind.DATE),
        ("2024年2月29日", CellKind.DATE),
        ("36:00:00", CellKind.DATE),
        ("29-Feb", CellKind.DATE),
        ("1,234.50", CellKind.NUMBER),
        ("-1234", CellKind.NUMBER),
        ("1E-07", CellKind.NUMBER),
        ("1234 件", CellKind.NUMBER),
    ],
)
def test_a_float_that_shows_as_a_date_or_percentage_is_no_number(
    shown: str, kind: CellKind
) -> None:
    """SheetJS writes dates and percentages as floats."""
    typed = 'office:value-type="float" office:value="45351"'
    assert only(cell(typed, f"<text:p>{shown}</text:p>")).kind is kind


def test_a_number_whose_value_is_not_written_is_the_text_that_shows_it() -> None:
    xml = cell('office:value-type="float"', "<text:p>1,234</text:p>")
    assert only(xml) == RawCell(CellKind.TEXT, "1,234", None)


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('office:value-type="string" office:string-value="" calcext:value-type="error"', "Err:502"),
        ('calcext:value-type="error" office:value-type="float" office:value="0"', "#N/A"),
        ('office:value-type="string" office:string-value="#DIV/0!"', "#DIV/0!"),
        ('office:value-type="float" office:value="0"', "#DIV/0!"),
        ('office:value-type="float" office:value="0"', "错误:502"),
    ],
)
def test_errors_of_formulas_are_errors(attributes: str, shown: str) -> None:
    xml = cell(f'table:formula="of:=1/0" {attributes}', f"<text:p>{shown}</text:p>")
    assert only(xml) == RawCell(CellKind.ERROR, shown, "1/0")


def test_a_text_that_looks_like_an_error_is_a_text() -> None:
    assert only(string("<text:p>#N/A</text:p>")).kind is CellKind.TEXT


RUBY = (
    "<text:ruby><text:ruby-base>字</text:ruby-base><text:ruby-text>zì</text:ruby-text></text:ruby>"
)


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<text:p>一</text:p><text:p/><text:p>二</text:p>", "一\n\n二"),
        ("<text:p>a<text:line-break/>b</text:p>", "a\nb"),
        ("<text:p>a<text:tab/>b</text:p>", "a\tb"),
        ('<text:p><text:s/>a<text:s text:c="3"/>b </text:p>', " a   b "),
        ("<text:p>\n  a\n  b</text:p>", "a b"),
        ("<text:p>a<text:span>b<text:a>c</text:a></text:span>d</text:p>", "abcd"),
        (f"<text:p>{RUBY}</text:p>", "字"),
        ("<text:list><text:list-item><text:p>项</text:p></text:list-item></text:list>", "项"),
    ],
)
def test_paragraphs_are_read_as_they_show(inside: str, text: str) -> None:
    assert only(string(inside)).text == text


def test_notes_and_texts_in_shapes_are_no_text_of_the_cell() -> None:
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    shape = "<draw:frame><draw:text-box><text:p>图</text:p></draw:text-box></draw:frame>"
    drawn = f"<draw:custom-shape><text:p>形</text:p></draw:custom-shape>{shape}"
    assert only(string(f"{note}{drawn}<text:p>正{note}{drawn}文</text:p>{shape}")).text == "正文"
    assert cells(row(string(note + drawn))) == {}


def test_covered_cells_keep_what_they_hold() -> None:
    merged = cell('table:number-columns-spanned="3"', "<text:p>合并</text:p>")
    hidden = cell('office:value-type="float" office:value="7"', tag="covered-table-cell")
    empty = cell('table:number-columns-repeated="1"', tag="covered-table-cell")
    read = cells(row(merged, empty, hidden))
    assert {at: raw.text for at, raw in read.items()} == {"A1": "合并", "C1": "7"}


def test_rows_count_within_headers_and_groups() -> None:
    rows = (
        f"<table:table-header-rows>{row(number('1'))}</table:table-header-rows>"
        f"<table:table-row-group>{row(number('2'))}<table:table-row-group>"
        f"{row(number('3'))}</table:table-row-group></table:table-row-group>"
        f"<table:table-rows>{row(number('4'))}</table:table-rows>"
    )
    assert [raw.text for raw in cells(rows).values()] == ["1", "2", "3", "4"]


def test_filled_runs_are_repeated() -> None:
    filled = number("5", 'table:number-columns-repeated="2"')
    rows = (
        f'<table:table-row table:number-rows-repeated="2">{filled}{number("6")}</table:table-row>'
    )
    read = cells(rows + row(number("7")))
    assert "".join(f"{at}={raw.text} " for at, raw in sorted(read.items())) == (
        "A1=5 A2=5 A3=7 B1=5 B2=5 C1=6 C2=6 "
    )


def test_empty_runs_reach_past_the_grid_and_cost_nothing() -> None:
    tail = gap("table-row", "rows", 900_000_000, gap("table-cell", "columns", 900_000_000))
    data = ods(table(row(number("1")) + tail))
    assert len(read_ods(data, Caps(cells=1)).sheets[0].cells) == 1


def test_prefixes_are_free() -> None:
    body = content(table(row(string("<text:p>甲</text:p>"))))
    for prefix, other in (("office", "o"), ("table", "n1"), ("text", "ns-2")):
        body = body.replace(f"{prefix}:", f"{other}:").replace(
            f"xmlns:{prefix}=", f"xmlns:{other}="
        )
    (sheet,) = read_ods(zipped({"content.xml": body})).sheets
    assert sheet.cells == {(0, 0): RawCell(CellKind.TEXT, "甲", None)}


# Formulas


@pytest.mark.parametrize(
    ("written_formula", "meant"),
    [
        ("of:=SUM([.A1:.B2];[.C3])", "SUM(A1:B2,C3)"),
        ("of:=[$二.A1]+[$'三 表'.$B$2:.C3]", "'二'!A1+'三 表'!$B$2:C3"),
        ("of:=[$'it''s'.A1]", "'it''s'!A1"),
        ('of:=IF([.A1]>0;"a;b[.C1]"";";{1;2|3;4})', 'IF(A1>0,"a;b[.C1]"";",{1,2;3,4})'),
        ("of:=SUM([.A:.A])+SUM([.1:.1])", "SUM(A:A)+SUM(1:1)"),
        ("of:=COUNT([.A1]~[.B1])", "COUNT(A1,B1)"),
        ("of:=[.#REF!]+1", "#REF!+1"),
        ("of:=ORG.GNUMERIC.SUMPRODUCT([.A1])", "SUMPRODUCT(A1)"),
        ("of:='三 表'![.A1]&二![.$B$2]", "'三 表'!A1&二!$B$2"),  # SheetJS
        ("oooc:=SUM([.A1:.A2])", "SUM(A1:A2)"),
        ("msoxl:=SUM(A1:A2,B1)", "SUM(A1:A2,B1)"),
        ("=[.A1]", "A1"),
        ("of:=['file:///x.ods'#$Sheet1.A1]", "['file:///x.ods'#$Sheet1.A1]"),
        ("of:=[.A1", "[.A1"),
    ],
)
def test_formulas_are_written_as_excel_would(written_formula: str, meant: str) -> None:
    assert excel_formula(written_formula) == meant


@given(st.text(st.sampled_from("'\"[]{};.$A1~=:"), max_size=40))
def test_any_text_may_stand_for_a_formula(text: str) -> None:
    assert isinstance(excel_formula(f"of:={text}"), str)


def test_a_formula_that_is_too_long_only_counts_as_there() -> None:
    assert excel_formula("of:=" + "['" * 20_000) == ""


def test_a_formula_without_a_result_is_blank() -> None:
    assert only(cell('table:formula="of:=[.B1]"')) == RawCell(CellKind.BLANK, "", "B1")
    empty = 'office:value-type="string" office:string-value="" table:formula="of:=[.B1]"'
    assert only(cell(empty, "<text:p/>")) == RawCell(CellKind.BLANK, "", "B1")


# The workbook


def test_a_workbook_says_whose_it_is() -> None:
    style = STYLE.replace("abc", "gone") + STYLE.replace("abc", "shown").replace("false", "true")
    validated = cell('table:content-validation-name="v"')
    sheets = "".join(
        f'<table:table table:name="{name}" {attributes}>{row(inside)}</table:table>'
        for name, attributes, inside in [
            ("一", 'table:style-name="shown" table:protected="true"', validated),
            ("_hidden", 'table:style-name="gone"', number("1")),
        ]
    )
    local = '<table:named-expression table:name="本地" table:expression="of:=1"/>'
    names = (
        '<table:named-expression table:name="mark" table:expression="of:=&quot;a:b&quot;"/>'
        '<table:named-expression table:name="plain" table:expression="&quot;c&quot;"/>'
        '<table:named-range table:name="area" table:cell-range-address="$一.$A$1:.$B$2"/>'
    )
    inside = f"<table:named-expressions>{local}</table:named-expressions></table:table>"
    book = read_ods(
        ods(
            sheets.replace("</table:table>", inside, 1)
            + f"<table:named-expressions>{names}</table:named-expressions>",
            style,
            **{
                "meta.xml": f"<office:document-meta {SPACES}><office:meta>"
                "<meta:generator> 某程序/1 </meta:generator>"
                '<meta:user-defined meta:name="k" meta:value-type="float">5</meta:user-defined>'
                "</office:meta></office:document-meta>"
            },
        )
    )
    assert [(s.name, s.state, s.protected, s.validated) for s in book.sheets] == [
        ("一", "visible", True, True),
        ("_hidden", "hidden", False, False),
    ]
    assert book.names == {"mark": '"a:b"', "plain": '"c"', "area": "'一'!$A$1:$B$2"}
    assert (book.properties, book.client) == ({"k": "5"}, "某程序/1")


def test_what_a_workbook_does_not_say_is_empty() -> None:
    book = read_ods(ods(table("")))
    assert (book.names, book.properties, book.client) == ({}, {}, "")


def test_tracked_changes_and_linked_tables_are_no_sheets() -> None:
    deleted = f"<table:tracked-changes>{table(row(number('1')))}</table:tracked-changes>"
    linked = f"<table:dde-links><table:dde-link>{table('')}</table:dde-link></table:dde-links>"
    assert [s.cells for s in read_ods(ods(deleted + table("") + linked)).sheets] == [{}]


def test_a_sheet_saved_as_ods_is_read_by_its_contents() -> None:
    data = ods(table(row(number("1"))))
    kind = sniff(data, "表.xlsx")
    assert (kind, READERS[kind](data)) == ("ods", read_ods(data))


def test_a_workbook_that_somebody_zipped_again_is_still_one() -> None:
    parts = {"content.xml": content(table(row(number("1")))), "META-INF/manifest.xml": MEDIA_TYPE}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in {"mimetype": MEDIA_TYPE, **parts}.items():
            archive.writestr(name, body)
    assert sniff(target.getvalue(), "表.ods") == "ods"


@pytest.mark.office
def test_libreoffice_keeps_every_label_formula_and_mark(tmp_path: Path) -> None:
    require_office()
    (tmp_path / "表.xlsx").write_bytes(template())
    (saved,) = convert([tmp_path / "表.xlsx"], "ods", tmp_path / "out")
    book = read_ods(saved.read_bytes())
    sheets = {sheet.name: sheet.cells for sheet in book.sheets}
    assert {sheet.state for sheet in book.sheets if sheet.name == "_sheetflow"} == {"hidden"}
    assert book.client.startswith("LibreOffice")
    found = marks(book, printed(book, PeriodKind.YEAR), hidden_values(book))
    assert len(found) == 4
    assert len(set(found.values())) == 1
    for ref, formula in plan().formulas.items():
        sheet, box = plan().layout.slots[ref]
        assert plain_formula(sheets[sheet][box.spot].formula or "") == formula


# What is refused


def test_an_encrypted_workbook_asks_for_its_password() -> None:
    manifest = (
        '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    )
    data = zipped({"META-INF/manifest.xml": manifest, "content.xml": b"\x8f\x00\xff"})
    assert refusal(data) == ("F04", {})


def test_a_document_type_stands_in_manifests_of_openoffice_2_and_nowhere_else() -> None:
    doctype = '<!DOCTYPE manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">'
    assert verdict(ods(table(""), **{"META-INF/manifest.xml": f"{doctype}<m/>"})) == "read"
    assert verdict(zipped({"content.xml": doctype + content(table(""))})) != "read"


@pytest.mark.parametrize(
    ("book", "what", "detail"),
    [
        ("", "content.xml", "no sheet"),
        ("<table:table/>", "content.xml ", "sheet name"),
        (table("") + table(""), "content.xml 表", "sheet name"),
        (table(row(number("1"), cell("", table("")))), "表!B1", "table within a cell"),
        (table(row(gap("table-cell", "columns", -1))), "表!A1", "repeated -1"),
        (table(gap("table-row", "rows", 10**9)), "表!A1", "repeated 1000000000"),
        (table(row(string('<text:p><text:s text:c="１"/></text:p>'))), "表!A1", "repeated １"),
    ],
)
def test_damage_is_named(book: str, what: str, detail: str) -> None:
    assert refusal(ods(book)) == ("F02", {"what": what, "detail": detail})


def test_a_part_of_another_kind_is_damage() -> None:
    assert refusal(zipped({"content.xml": "<html/>"})) == (
        "F02",
        {"what": "content.xml", "detail": "root"},
    )
    assert refusal(zipped({}))[1] == {"what": "content.xml", "detail": "missing"}


@pytest.mark.parametrize(
    "rows",
    [
        row(gap("table-cell", "columns", 16_384), number("1")),
        row(number("1", 'table:number-columns-repeated="16385"')),
        gap("table-row", "rows", 1_048_576) + row(number("1")),
        gap("table-row", "rows", 1_048_577, number("1")),
    ],
)
def test_a_cell_past_the_grid_is_refused(rows: str) -> None:
    caps = Caps(cells=10_000_000)
    assert "表!" in next(iter(refusal(ods(table(rows)), caps)[1].values()))


FILLED = gap("table-row", "rows", 1000, number("1", 'table:number-columns-repeated="1000"'))
SPACES_OF_A_GIGABYTE = '<text:p><text:s text:c="999999999"/></text:p>'
DEEP = "<text:span>" * 40 + "</text:span>" * 40


@pytest.mark.parametrize(
    ("data", "caps", "cap"),
    [
        (ods(table(FILLED)), Caps(), "cells"),
        (ods(table(FILLED)), Caps(cells=10_000_000, text=999_999), "text"),
        (ods(table(row(number("1"), number("2")))), Caps(cells=1), "cells"),
        (ods(table(row(string("<text:p>字字</text:p>")))), Caps(text=1), "text"),
        (ods(table(row(string("<text:p>字字</text:p>")))), Caps(one_text=1), "one_text"),
        (ods(table(row(string(SPACES_OF_A_GIGABYTE)))), Caps(), "one_text"),
        (ods(table(row(string("<text:p/>" * 9)))), Caps(one_text=8), "one_text"),
        (ods(table(row(string(f"<text:p>{DEEP}</text:p>")))), Caps(depth=40), "depth"),
        (ods(table("") + table("").replace("表", "二")), Caps(sheets=1), "sheets"),
        (ods(table(""), STYLE), Caps(text=2), "text"),
        (ods(table(row(number("1")))), Caps(tags=5), "tags"),
        (
            ods('<table:named-expressions><table:named-range table:name="abc"/>'
                "</table:named-expressions>"),
            Caps(text=2),
            "text",
        ),
    ],
)  # fmt: skip
def test_every_cap_is_named_when_it_is_passed(data: bytes, caps: Caps, cap: str) -> None:
    expected = excessive(caps, cap)
    assert refusal(data, caps) == (expected.code, expected.facts)


WHOLE = ods(
    table(
        row(
            number("1", 'table:formula="of:=SUM([.A1:.B2])"'),
            string("<text:p>甲<text:s/>乙</text:p>"),
        )
        + gap("table-row", "rows", 3, number("2", 'table:number-columns-repeated="3"'))
    )
    + "<table:named-expressions><table:named-range "
    'table:name="n" table:cell-range-address="$表.$A$1"/></table:named-expressions>',
    STYLE,
    **{"meta.xml": f"<office:document-meta {SPACES}><office:meta/></office:document-meta>"},
)
CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=5)


def changed(whole: bytes, changes: list[tuple[int, int]]) -> bytes:
    """Overwrite some bytes."""
    data = bytearray(whole)
    for position, byte in changes:
        data[position % len(data)] = byte
    return bytes(data)


@given(CHANGES)
@settings(max_examples=150)
def test_no_damage_raises_anything_else(changes: list[tuple[int, int]]) -> None:
    assert verdict(changed(WHOLE, changes))


@given(CHANGES)
@settings(max_examples=300)
def test_no_change_within_the_content_raises_anything_else(changes: list[tuple[int, int]]) -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
        body = archive.read("content.xml")
    assert verdict(zipped({"content.xml": changed(body, changes)}))


def test_a_file_cut_off_anywhere_is_refused() -> None:
    assert {verdict(WHOLE[:length]) for length in range(0, len(WHOLE), 7)} <= {"F02", "F19", "F20"}


def test_the_whole_sample_is_read() -> None:
    assert isinstance(read_ods(WHOLE), Workbook)
