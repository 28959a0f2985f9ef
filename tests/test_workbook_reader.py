"""The reader of xlsx takes what real clients write and names what is wrong with anything else."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from packages import MAIN, OFFICE, ONE, SHEET, parts, relations, zipped
from samples import number, text
from sheetflow.gathering.dates import day_in
from sheetflow.messages.files import ENTRIES
from sheetflow.messages.hostile import ENTRIES as HOSTILE_ENTRIES
from sheetflow.workbooks.formats import REFUSALS, sniff
from sheetflow.workbooks.limits import Caps, UnreadableFile
from sheetflow.workbooks.readers import READERS
from sheetflow.workbooks.workbook import CellKind, RawCell, Workbook
from sheetflow.workbooks.worksheet import parse_address
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SMALL = Caps(ratio_from=1000, part_size=50_000, total_size=60_000)


def cells(rows: str, strings: str = "") -> dict[str, RawCell]:
    """Read the cells of a one-sheet workbook by address, with None for no formula."""
    return by_address(read_xlsx(zipped(parts(rows, strings))))


def by_address(workbook: Workbook) -> dict[str, RawCell]:
    """Give the first sheet's cells by A1 address (of columns A to Z)."""
    return {f"{chr(65 + c)}{r + 1}": cell for (r, c), cell in workbook.sheets[0].cells.items()}


def refusal(data: bytes, caps: Caps | None = None) -> tuple[str, dict[str, str]]:
    """Say why a workbook is refused."""
    with pytest.raises(UnreadableFile) as caught:
        read_xlsx(data, caps or Caps())
    return caught.value.code, caught.value.facts


def faulty(rows: str, strings: str = "", **changes: str) -> tuple[str, dict[str, str]]:
    """Say why a workbook with these rows and parts is refused."""
    return refusal(zipped(parts(rows, strings, **changes)))


def verdict(data: bytes) -> str:
    """Say `read`, or the code of the refusal."""
    try:
        read_xlsx(data)
    except UnreadableFile as refused:
        return refused.code
    return "read"


# What clients write


Grid = dict[tuple[int, int], Any]


class Formula(str):
    """A formula in a generated workbook, with its =."""

    __slots__ = ()


PLAIN = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="_"), min_size=1)
VALUES = (
    st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | PLAIN.filter(lambda value: not value.startswith("="))
    | st.sampled_from([Formula("=SUM(A1:B2)"), Formula('=IF(A1<>"",1,0)'), Formula("=1&2")])
)
GRIDS = st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 25)), VALUES, max_size=20)


def written_by_xlsxwriter(grid: Grid) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("表")
        for (row, column), value in grid.items():
            if isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, Formula):
                sheet.write_formula(row, column, value)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            else:
                sheet.write_number(row, column, value)
    return target.getvalue()


def written_by_openpyxl(grid: Grid) -> bytes:
    target = io.BytesIO()
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for (row, column), value in grid.items():
        sheet.cell(row + 1, column + 1).value = value
    workbook.save(target)
    return target.getvalue()


def as_openpyxl_sees(cell: RawCell) -> object:
    """Interpret a cell as openpyxl does: a formula first, then the type."""
    if cell.formula is not None:
        return f"={cell.formula}"
    if cell.kind is CellKind.NUMBER:
        return float(cell.text)
    return cell.text == "1" if cell.kind is CellKind.BOOLEAN else cell.text


@given(GRIDS, st.sampled_from([written_by_xlsxwriter, written_by_openpyxl]))
@settings(max_examples=60, deadline=None)
def test_cells_are_those_that_openpyxl_reads(grid: Grid, write: Callable[[Grid], bytes]) -> None:
    data = write(grid)
    theirs = {
        (cell.row - 1, cell.column - 1): cell.value
        for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()
        for cell in row
        if cell.value is not None
    }
    ours = read_xlsx(data).sheets[0].cells
    assert {at: as_openpyxl_sees(cell) for at, cell in ours.items()} == theirs
    assert ours.keys() == grid.keys()


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("_x05F"), min_size=1))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_as_it_was_typed(content: str) -> None:
    """Where openpyxl leaves `_x000D_` as it is: that is how a control character is stored."""
    assert by_address(read_xlsx(written_by_xlsxwriter({(0, 0): content})))["A1"].text == content


def test_a_workbook_says_whose_it_is() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        workbook.add_worksheet("封面")
        workbook.add_worksheet("标识").very_hidden()
        workbook.add_worksheet("演算").hide()
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=封面!$A$1:$A$2"})
        workbook.add_chartsheet("图").set_chart(chart)
        workbook.define_name("agency", '="pt-htp"')
        workbook.define_name("封面!local", "=封面!$A$1")
        workbook.set_custom_property("mark", "zfxxgk-2021:2024:pt-htp:1")
        workbook.set_custom_property("issue", 2)
        workbook.set_custom_property("due", datetime(2025, 2, 10, tzinfo=UTC))
    read = read_xlsx(target.getvalue())
    assert [(sheet.name, sheet.state) for sheet in read.sheets] == [
        ("封面", "visible"),
        ("标识", "veryHidden"),
        ("演算", "hidden"),
        ("图", "visible"),
    ]
    assert dict(read.names) == {"agency": '"pt-htp"'}
    assert read.properties["mark"] == "zfxxgk-2021:2024:pt-htp:1"
    assert read.properties["issue"] == "2"
    assert read.properties["due"].startswith("2025-02-10")
    assert read.client == "Microsoft Excel"


def test_what_a_workbook_does_not_say_is_empty() -> None:
    read = read_xlsx(zipped(parts(ONE)))
    assert (read.names, read.properties, read.client) == ({}, {}, "")


def test_numbers_booleans_and_errors_are_kept_as_written() -> None:
    assert cells(
        '<row r="1"><c r="A1"><v>18651.064104000001</v></c><c r="B1" t="n"><v>1E3</v></c>'
        '<c r="C1" t="b"><v>0</v></c><c r="D1" t="e"><v>#SPILL!</v></c>'
        '<c r="E1" t="d"><v>2025-02-10</v></c></row>'
    ) == {
        "A1": number("18651.064104000001"),
        "B1": number("1E3"),
        "C1": RawCell(CellKind.BOOLEAN, "0", None),
        "D1": RawCell(CellKind.ERROR, "#SPILL!", None),
        "E1": text("2025-02-10"),
    }


def test_blank_cells_are_no_cells() -> None:
    assert (
        cells(
            '<row r="1"><c r="A1" s="3"/><c r="B1"><v></v></c><c r="C1" t="s"><v>0</v></c>'
            '<c r="D1" t="inlineStr"><is><t></t></is></c><c r="E1" t="str"><v/></c></row>',
            "<si><t></t></si>",
        )
        == {}
    )


def test_a_formula_without_result_is_blank() -> None:
    assert cells(
        '<row r="1"><c r="A1"><f>SUM(B1:C1)</f></c><c r="B1" t="str"><f>C1</f><v></v></c>'
        '<c r="C1"><f t="shared" si="0"/><v>7</v></c><c r="D1" t="str"><f>"a"</f><v>a</v></c></row>'
    ) == {
        "A1": RawCell(CellKind.BLANK, "", "SUM(B1:C1)"),
        "B1": RawCell(CellKind.BLANK, "", "C1"),
        "C1": RawCell(CellKind.NUMBER, "7", ""),
        "D1": RawCell(CellKind.TEXT, "a", '"a"'),
    }


def test_runs_are_joined_and_phonetic_hints_left_out() -> None:
    hint = "<rPh><t>guī</t></rPh><phoneticPr/>"
    rich = f"<r><rPr><b/></rPr><t>规</t></r><r><t>章</t></r>{hint}<t> 数</t>"
    assert cells(
        '<row r="1"><c r="A1" t="s"><v>1</v></c>'
        f'<c r="B1" t="inlineStr"><is>{rich}</is></c><c r="C1"><v>5</v></c></row>',
        f"<si/><si>{rich}</si>",
    ) == {"A1": text("规章 数"), "B1": text("规章 数"), "C1": number("5")}


def test_an_inline_text_is_never_joined_with_a_value() -> None:
    both = "<v>4</v><is><t>12</t></is>"
    assert cells(f'<row r="1"><c r="A1" t="inlineStr">{both}</c><c r="B1">{both}</c></row>') == {
        "A1": text("12"),
        "B1": number("4"),
    }


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("_x000D_", "\r"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD83D__xDE00_", "😀"),
        ("a_xD83D_b", "a\ufffdb"),
        ("_xZZZZ_", "_xZZZZ_"),
    ],
)
def test_escapes_in_texts_are_resolved_once(stored: str, meant: str) -> None:
    assert cells(
        f'<row r="1"><c r="A1" t="str"><v>{stored}</v></c>'
        f'<c r="B1" t="inlineStr"><is><t>{stored}</t></is></c></row>'
    ) == {"A1": text(meant), "B1": text(meant)}


def test_the_dimension_is_not_believed() -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>{ONE}'
    sheet += '<row r="9"><c r="C9"><v>9</v></c></row></sheetData></worksheet>'
    data = zipped(parts("", **{SHEET: sheet}))
    assert by_address(read_xlsx(data)) == {"A1": number("1"), "C9": number("9")}


def test_without_addresses_cells_follow_each_other() -> None:
    assert cells(
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row>"
        '<row><c r="C2" s="1"/><c><v>4</v></c></row>'
        '<row r="7"><c><v>7</v></c></row><row><c><v>8</v></c></row>'
    ) == {
        "A1": number("1"),
        "C1": number("3"),
        "D2": number("4"),
        "A7": number("7"),
        "A8": number("8"),
    }


def test_extensions_that_look_like_cells_are_not_cells() -> None:
    extension = "<extLst><ext><c r='A1'><v>9</v></c></ext></extLst>"
    rows = f'<row r="1"><c r="B1"><v>1</v>{extension}</c>{extension}</row><x><c r="C1"/></x>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{extension}</worksheet>'
    assert by_address(read_xlsx(zipped(parts("", **{SHEET: sheet})))) == {"B1": number("1")}


def test_strict_workbooks_are_read_as_transitional_ones() -> None:
    members = {
        name: str(body).replace(MAIN, STRICT_MAIN).replace(OFFICE, STRICT_OFFICE)
        for name, body in parts(ONE).items()
    }
    members["_rels/.rels"] = relations(
        ("r1", f"{STRICT_OFFICE}/officeDocument", "xl/workbook.xml"),
        ("r2", f"{STRICT_OFFICE}/customProperties", "docProps/custom.xml"),
    )
    members["docProps/custom.xml"] = (
        '<Properties xmlns:vt="v"><property name="a"><vt:lpwstr>b</vt:lpwstr></property>'
        "<property/></Properties>"
    )
    read = read_xlsx(zipped(dict(members)))
    assert by_address(read) == {"A1": number("1")}
    assert read.properties == {"a": "b", "": ""}


def test_prefixed_elements_are_read() -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
    )
    sheet += "</x:row></x:sheetData></x:worksheet>"
    data = zipped(parts("", **{SHEET: sheet}))
    assert by_address(read_xlsx(data)) == {"A1": number("1")}


def test_parts_may_be_utf_16() -> None:
    members = parts('<row r="1"><c r="A1" t="inlineStr"><is><t>规章</t></is></c></row>')
    members[SHEET] = f'<?xml version="1.0" encoding="UTF-16"?>{members[SHEET]!s}'.encode("utf-16")
    assert by_address(read_xlsx(zipped(members))) == {"A1": text("规章")}


def test_part_names_may_differ_in_case_and_slashes() -> None:
    members = {
        name.replace("xl/", "XL\\").replace("sheet1", "Sheet1"): body
        for name, body in parts(ONE).items()
    }
    assert by_address(read_xlsx(zipped(members))) == {"A1": number("1")}


def test_targets_may_be_absolute_escaped_or_external() -> None:
    members = parts(
        ONE,
        **{
            "xl/_rels/workbook.xml.rels": relations(
                ("r1", f"{OFFICE}/worksheet", "/xl/my%20sheets/../worksheets/sheet1.xml")
            ).replace("</", '<Relationship Id="r9" TargetMode="External" Target="http://x"/></', 1)
        },
    )
    assert by_address(read_xlsx(zipped(members))) == {"A1": number("1")}


def test_stored_members_and_folders_are_read() -> None:
    members = {"xl/": "", **parts(ONE)}
    assert by_address(read_xlsx(zipped(members, zipfile.ZIP_STORED))) == {"A1": number("1")}


def test_a_sheet_without_cells_of_its_own_is_skipped() -> None:
    links = relations(("r1", f"{OFFICE}/dialogsheet", "dialogsheets/none.xml"))
    read = read_xlsx(zipped(parts(ONE, **{"xl/_rels/workbook.xml.rels": links})))
    assert [(sheet.name, dict(sheet.cells)) for sheet in read.sheets] == [("表", {})]


def test_an_unknown_state_counts_as_visible() -> None:
    book = str(parts("")["xl/workbook.xml"]).replace("sheetId", 'state="odd" sheetId')
    assert read_xlsx(zipped(parts("", **{"xl/workbook.xml": book}))).sheets[0].state == "visible"


# What is damaged


@pytest.mark.parametrize(
    ("rows", "what", "detail"),
    [
        ('<c r="B2" t="s"><v>1</v></c>', "表!B2", "shared string"),
        ('<c r="B2" t="s"><v>-1</v></c>', "表!B2", "shared string"),
        ('<c r="B2" t="s"><v>１</v></c>', "表!B2", "shared string"),
        ('<c r="A1"><v>1</v><v>2</v></c>', "表!A1", "duplicate"),
        ('<c r="A1"><f>1</f><f>2</f></c>', "表!A1", "duplicate"),
        ('<c r="A1" t="inlineStr"><is><t>1</t></is><is><t>2</t></is></c>', "表!A1", "duplicate"),
        ('<c r="A1"><v>1<b/>2</v></c>', "表!A1", "content"),
        ('<c r="A1" t="odd"><v>1</v></c>', "表!A1", "type odd"),
    ],
)
def test_a_damaged_cell_is_named(rows: str, what: str, detail: str) -> None:
    expected = ("F02", {"what": what, "detail": detail})
    assert faulty(f'<row r="1">{rows}</row>', "<si><t>a</t></si>") == expected


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ('<c r="XFE1"><v>1</v></c>', "表!XFE1"),
        ('<c r="A1048577"><v>1</v></c>', "表!A1048577"),
        ('<c r="AAAA1"><v>1</v></c>', "表!AAAA1"),
        ('<c r="甲1"><v>1</v></c>', "表!甲1"),
        ('<c r="B0"><v>1</v></c>', "表!B0"),
        ('<c r="B"><v>1</v></c>', "表!B"),
        ('<c r="??"/><c><v>1</v></c>', "表!??+1"),
        ('<c r="XFD1"/><c><v>1</v></c>', "表!XFD1+1"),
        ('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>', "表!A1"),
        ('<c><v>1</v></c><c r="A1"><v>2</v></c>', "表!A1"),
    ],
)
def test_a_cell_in_an_impossible_place_is_named(rows: str, cell: str) -> None:
    assert faulty(f'<row r="1">{rows}</row>') == ("F23", {"cell": cell})


def test_a_row_that_is_none_has_no_place_for_its_cells() -> None:
    assert faulty('<row r="x"><c><v>1</v></c></row>')[0] == "F23"


@pytest.mark.parametrize(
    ("part", "body", "detail"),
    [
        (SHEET, "<worksheet><sheetData>", "XML 1:22"),
        (SHEET, "<html/>", "root"),
        (SHEET, '<?xml version="1.0" encoding="hex"?><worksheet/>', "encoding hex"),
        ("xl/workbook.xml", "<html/>", "root"),
        ("xl/workbook.xml", "<workbook/>", "no sheet"),
        ("xl/sharedStrings.xml", "", "XML 1:0"),
    ],
)
def test_a_damaged_part_is_named(part: str, body: str, detail: str) -> None:
    expected = ("F02", {"what": part.lower(), "detail": detail})
    assert faulty(ONE, **{part: body}) == expected


@pytest.mark.parametrize("name", ["", "表"])
def test_sheets_must_have_names_of_their_own(name: str) -> None:
    book = parts("")["xl/workbook.xml"]
    changed = str(book).replace("</sheets>", f'<sheet name="{name}" r:id="r1"/></sheets>')
    assert faulty(ONE, **{"xl/workbook.xml": changed})[1]["detail"] == "sheet name"


def test_a_sheet_without_relation_or_part_is_damage() -> None:
    lost = relations(("r1", f"{OFFICE}/worksheet", "worksheets/sheet9.xml"))
    missing = {"what": "xl/worksheets/sheet9.xml", "detail": "missing"}
    assert faulty(ONE, **{"xl/_rels/workbook.xml.rels": lost}) == ("F02", missing)
    unrelated = {"what": "表", "detail": "relationship"}
    assert faulty(ONE, **{"xl/_rels/workbook.xml.rels": relations()}) == ("F02", unrelated)


def test_a_zip_without_workbook_is_damage() -> None:
    missing = {"what": "_rels/.rels", "detail": "officeDocument"}
    assert refusal(zipped({"a.txt": "a"})) == ("F02", missing)


def test_a_wrong_checksum_is_named() -> None:
    data = bytearray(zipped(parts(ONE), zipfile.ZIP_STORED))
    data[data.index(b"<v>1</v>") + 3] = ord("2")
    assert refusal(bytes(data)) == ("F19", {"part": SHEET})


def test_broken_compression_is_told_from_cut_off_data() -> None:
    broken = ("F02", {"what": SHEET, "detail": "deflate"})
    for change, expected in ((b"\xff\xff", broken), (b"", ("F20", {"part": SHEET}))):
        data = bytearray(zipped(parts(ONE)))
        info = zipfile.ZipFile(io.BytesIO(data)).getinfo(SHEET)
        start = info.header_offset + 30 + len(SHEET)
        if change:
            data[start : start + 2] = change
        else:  # the directory takes a byte off
            entry = data.index(SHEET.encode(), start) - 46
            data[entry + 20 : entry + 24] = struct.pack("<I", info.compress_size - 1)
        assert refusal(bytes(data)) == expected


@pytest.mark.parametrize(
    ("offset", "value", "detail"),
    [(0, b"XX", "header"), (8, struct.pack("<H", 12), "header"), (30, b"X", "header")],
)
def test_a_local_header_must_agree_with_the_directory(
    offset: int, value: bytes, detail: str
) -> None:
    data = bytearray(zipped(parts(ONE)))
    start = zipfile.ZipFile(io.BytesIO(data)).getinfo(SHEET).header_offset + offset
    data[start : start + len(value)] = value
    assert refusal(bytes(data)) == ("F02", {"what": SHEET, "detail": detail})


def test_a_member_beyond_the_end_is_damage() -> None:
    data = bytearray(zipped(parts(ONE)))
    entry = data.index(b"PK\x01\x02")
    data[entry + 42 : entry + 46] = struct.pack("<I", 1 << 30)
    assert refusal(bytes(data))[1]["detail"] == "offset"


def test_other_compressions_are_named() -> None:
    expected = {"what": "[Content_Types].xml", "detail": "method 14"}
    assert refusal(zipped(parts(ONE), zipfile.ZIP_LZMA)) == ("F02", expected)


def test_a_file_that_is_cut_off_anywhere_is_named() -> None:
    data = written_by_xlsxwriter({(0, 0): "规章", (1, 1): 1})
    for end in range(4, len(data) - 1, 13):
        assert refusal(data[:end]) == ("F20", {"part": "zip"})


WHOLE = zipped(parts(ONE + '<row><c t="s"><v>0</v></c></row>', "<si><t>规章</t></si>"))
STORED = zipped(parts(ONE + '<row><c t="s"><v>0</v></c></row>', "<si><t>规章</t></si>"), 0)
REFUSED = {"F02", "F04"} | {entry.code for entry in HOSTILE_ENTRIES}
FLIPS = st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8)


@given(st.sampled_from([WHOLE, STORED]), FLIPS)
@settings(max_examples=500, deadline=None)
def test_no_damage_raises_anything_else(whole: bytes, flips: list[tuple[int, int]]) -> None:
    data = bytearray(whole)
    for position, value in flips:
        data[position] = value
    sniff(bytes(data), "a.xlsx")
    assert verdict(bytes(data)) in {"read", *REFUSED}


@given(st.sampled_from(sorted(parts(ONE))), FLIPS)
@settings(max_examples=500, deadline=None)
def test_no_change_within_a_part_raises_anything_else(
    part: str, flips: list[tuple[int, int]]
) -> None:
    members = parts(ONE)
    body = bytearray(str(members[part]).encode())
    for position, value in flips:
        body[position % len(body)] = value
    assert verdict(zipped({**members, part: bytes(body)})) in {"read", *REFUSED}


@given(st.binary(max_size=300))
def test_any_bytes_have_a_format_and_are_refused(data: bytes) -> None:
    assert sniff(data, "表.xlsx") in {*REFUSALS, *READERS}
    assert refusal(data)[0] in {"F02", "F20"}


# What is refused for safety


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "_rels/.rels"])
def test_a_document_type_is_refused_in_any_part(part: str) -> None:
    bomb = f'<!DOCTYPE a [<!ENTITY b "c">]>{parts(ONE)[part]!s}'
    assert faulty(ONE, **{part: bomb}) == ("F14", {"part": part.lower()})


def test_two_parts_of_one_name_are_refused() -> None:
    for other in (
        "XL/worksheets/Sheet1.xml",
        "xl\\worksheets\\sheet1.xml",
        "xl/./worksheets/sheet1.xml",
    ):
        assert faulty(ONE, **{other: ""}) == ("F12", {"part": SHEET})


@pytest.mark.parametrize(
    "name", ["../a.xml", "xl/../../a.xml", "/a.xml", "C:/a", "%2e%2e/a", "..\\a"]
)
def test_names_that_lead_out_of_the_package_are_refused(name: str) -> None:
    assert faulty(ONE, **{name: ""}) == ("F13", {"part": name})


def test_overlapping_members_are_refused() -> None:
    """The quoted-overlap bomb: a stored member whose data are the header and data of the next."""
    data = bytearray(zipped(parts(ONE), zipfile.ZIP_STORED))
    info = zipfile.ZipFile(io.BytesIO(data)).getinfo(SHEET)
    entry = data.rindex(b"_rels/.rels") - 46
    data[entry + 20 : entry + 24] = struct.pack("<I", info.header_offset)
    assert refusal(bytes(data)) == ("F11", {"part": "xl/workbook.xml"})


def test_encrypted_members_are_refused() -> None:
    data = bytearray(zipped(parts(ONE)))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == ("F04", {})


@pytest.mark.parametrize(
    ("caps", "code", "what"),
    [
        (Caps(parts=3), "F24", "parts"),
        (Caps(name=15), "F24", "name"),
        (Caps(part_size=100), "F15", "part_size"),
        (Caps(total_size=500), "F15", "total_size"),
        (Caps(ratio_from=10, ratio=1), "F15", "ratio"),
        (Caps(sheets=0), "F24", "sheets"),
        (Caps(cells=2), "F17", "cells"),
        (Caps(strings=1), "F16", "strings"),
        (Caps(text=8), "F16", "text"),
        (Caps(tags=5), "F24", "tags"),
        (Caps(listed=2), "F24", "listed"),
        (Caps(depth=2), "F18", "depth"),
    ],
)
def test_every_cap_is_named_when_it_is_passed(caps: Caps, code: str, what: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
    data = zipped(parts(rows, "<si><t>abc</t></si><si><t>def</t></si>"))
    assert refusal(data, caps) == (code, {"what": what, "limit": str(getattr(caps, what))})


def test_a_bomb_is_inflated_no_further_than_its_cap() -> None:
    assert refusal(zipped(parts(" " * 40_000)), SMALL)[1]["what"] == "ratio"
    assert refusal(zipped(parts(" " * 55_000)), SMALL)[1]["what"] in {"ratio", "part_size"}
    assert refusal(zipped(parts(" " * 51_000), zipfile.ZIP_STORED), SMALL)[1]["what"] == "part_size"


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_deep_nesting_is_refused(part: str) -> None:
    deep = "<a>" * 300 + "</a>" * 300
    body, _, root = str(parts(ONE)[part]).rpartition("</")
    assert faulty(ONE, **{part: f"{body}{deep}</{root}"})[1] == {"what": "depth", "limit": "64"}


def test_parts_that_are_not_needed_are_not_inflated() -> None:
    data = bytearray(zipped({**parts(ONE), "xl/media/image1.png": b"picture"}, zipfile.ZIP_STORED))
    data[data.index(b"picture")] = 0
    assert by_address(read_xlsx(bytes(data))) == {"A1": number("1")}


def test_a_refusal_survives_the_way_between_processes() -> None:
    refused = pickle.loads(pickle.dumps(UnreadableFile("F02", {"what": "表" * 999})))  # noqa: S301  (our own bytes)
    assert (refused.code, refused.facts) == ("F02", {"what": "表" * 200})


def test_every_refusal_has_its_words() -> None:
    entries = {entry.code: entry for entry in (*ENTRIES, *HOSTILE_ENTRIES)}
    assert set(REFUSALS.values()) <= entries.keys()
    facts = {name: name for name in ("format", "what", "part", "detail", "limit", "cell")}
    for entry in entries.values():
        assert entry.message.zh.format(**facts)
        assert entry.message.en.format(**facts)


def test_addresses_reach_from_a1_to_xfd1048576() -> None:
    assert parse_address("A1") == (0, 0)
    assert parse_address("XFD1048576") == (1_048_575, 16_383)
    assert parse_address("aa10") == (9, 26)


# What a file is


def ole(*streams: str) -> bytes:
    """Imitate the directory of an OLE file."""
    entries = (stream.encode("utf-16-le").ljust(64, b"\0") for stream in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(entries)


def ods(kind: str) -> bytes:
    members: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "",
    }
    return zipped(members, zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (WHOLE, "表.pdf", "xlsx"),
        (WHOLE[: len(WHOLE) // 2], "表.xlsx", "xlsx"),
        (zipped({"[Content_Types].xml": "", "book/workbook.xml": ""}), "表.xlsx", "xlsx"),
        (zipped({"[Content_Types].xml": "", "xl\\workbook.bin": ""}), "表.xlsx", "xlsb"),
        (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "表.xlsx", "docx"),
        (zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "表.xlsx", "unknown"),
        (zipped({"[Content_Types].xml": "", "visio/document.xml": ""}), "表.xlsx", "unknown"),
        (zipped({"OFD.xml": ""}), "报告.ofd", "ofd"),
        (zipped({"a/表.xlsx": WHOLE}), "全县.zip", "zip"),
        (zipped({}), "空.zip", "zip"),
        (ods("spreadsheet"), "表.xlsx", "ods"),
        (ods("text"), "表.ods", "unknown"),
        (ole("Root Entry", "EncryptedPackage", "EncryptionInfo"), "表.xlsx", "ole-encrypted"),
        (ole("Root Entry", "Workbook", "WordDocument"), "表.xlsx", "xls"),
        (ole("Root Entry", "Book"), "表.xls", "xls"),
        (ole("Root Entry", "Workbook"), "表.ET", "et"),
        (ole("Root Entry", "WordDocument", "Workbook"), "表.xls", "doc"),
        (ole("Root Entry"), "表.msi", "unknown"),
        (b"\x09\x08\x08\x00\x00\x05\x05\x00", "表.xls", "xls"),
        (b"Rar!\x1a\x07\x01\x00", "表.xlsx", "rar"),
        (b"7z\xbc\xaf\x27\x1c\x00", "表.xlsx", "7z"),
        (b"%PDF-1.7", "表.xlsx", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "表.xlsx", "image"),
        (b"BM\x10\0\0\0\0\0\0\0", "表", "image"),
        (b"RIFF\0\0\0\0WEBP", "表", "image"),
        ("\ufeff<html><table>".encode(), "表.xls", "html"),
        (b"\n<!DOCTYPE HTML PUBLIC>", "表.xls", "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "表.xls", "mhtml"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "表.xls",
            "xml",
        ),
        ("单位,件数\n".encode("gb18030"), "表.CSV", "csv"),
        ("单位,件数\n".encode("utf-16"), "表.csv", "csv"),
        ("单位,件数\n".encode(), "表.xlsx", "unknown"),
        (b"\xff\xfe\x00", "表.csv", "unknown"),
        (b"\x81\x00\xff", "表.csv", "unknown"),
        (b"a\0b", "表.csv", "unknown"),
        (b"", "表.xlsx", "empty"),
        (b"\0" * 4096, "表.xlsx", "empty"),
    ],
)
def test_contents_tell_what_a_file_is(data: bytes, name: str, expected: str) -> None:
    assert sniff(data, name) == expected
    assert expected in REFUSALS or expected in READERS


@pytest.mark.parametrize(
    ("number_format", "kind"),
    [
        ("General", CellKind.NUMBER),
        ("0", CellKind.NUMBER),
        ("#,##0.00", CellKind.NUMBER),
        ('0"次 days"', CellKind.NUMBER),
        ("[Red]0", CellKind.NUMBER),
        (r"0\d", CellKind.NUMBER),
        ("Standard", CellKind.NUMBER),
        ("G/通用格式", CellKind.NUMBER),
        ("0.00E+00", CellKind.NUMBER),
        ("##0e-0", CellKind.NUMBER),
        ("0.00%", CellKind.PERCENT),
        ("aaaa", CellKind.DATE),
        ("e", CellKind.DATE),
        ("[$-411]gge", CellKind.DATE),
        ("mm-dd-yy", CellKind.DATE),
        ("yyyy年m月d日", CellKind.DATE),
        ("[h]:mm", CellKind.DATE),
        ('yyyy"年"', CellKind.DATE),
    ],
)
def test_a_number_that_shows_as_a_date_is_told_from_one_that_does_not(
    number_format: str, kind: CellKind
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = 45293
    sheet["A1"].number_format = number_format
    sheet["A2"] = 7
    target = io.BytesIO()
    book.save(target)
    (read,) = read_xlsx(target.getvalue()).sheets
    assert read.cells[0, 0] == RawCell(kind, "45293", None)
    assert read.cells[1, 0].kind is CellKind.NUMBER


@pytest.mark.parametrize(
    ("epoch", "kind"),
    [(CALENDAR_WINDOWS_1900, CellKind.DATE), (CALENDAR_MAC_1904, CellKind.DATE_1904)],
)
def test_a_workbook_may_count_days_from_1904(epoch: datetime, kind: CellKind) -> None:
    book = openpyxl.Workbook()
    book.epoch = epoch
    for row in range(1, 4):
        book.worksheets[0][f"A{row}"] = date(2015, 3, row)
    target = io.BytesIO()
    book.save(target)
    (read,) = read_xlsx(target.getvalue()).sheets
    days = [day_in(raw) for raw in read.cells.values()]
    assert {raw.kind for raw in read.cells.values()} == {kind}
    assert days == [date(2015, 3, 1), date(2015, 3, 2), date(2015, 3, 3)]
