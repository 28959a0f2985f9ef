"""The reader of binary workbooks reads BIFF12 records, and names what is wrong with any other."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from samples import number, text
from sheetflow.workbooks.formats import sniff
from sheetflow.workbooks.limits import Caps, UnreadableFile, excessive
from sheetflow.workbooks.readers import READERS
from sheetflow.workbooks.workbook import CellKind, RawCell
from sheetflow.workbooks.xlsb import read_xlsb
from sheetflow.workbooks.xlsb_records import real_text, rk_text

if TYPE_CHECKING:
    from collections.abc import Mapping

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.bin"
GLOBAL = 0xFFFFFFFF


def record(number: int, contents: bytes = b"") -> bytes:
    """Write a record with its number and length."""
    head = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    size = len(contents)
    while size > 127:
        head += bytes([size & 127 | 128])
        size >>= 7
    return head + bytes([size]) + contents


def wide(text: str) -> bytes:
    """Write a text with its length in front."""
    units = text.encode("utf-16-le")
    return struct.pack("<I", len(units) // 2) + units


def at(column: int, style: int = 0) -> bytes:
    """Write the head of a cell."""
    return struct.pack("<II", column, style)


def row(number: int, *cells: bytes) -> bytes:
    """Write a row: its number, and as much as programs write behind it."""
    return record(0, struct.pack("<I", number) + bytes(13)) + b"".join(cells)


def integer(column: int, value: int, style: int = 0) -> bytes:
    return record(2, at(column, style) + struct.pack("<i", value << 2 | 2))


def real(column: int, value: float, style: int = 0) -> bytes:
    return record(5, at(column, style) + struct.pack("<d", value))


def string(column: int, text: str) -> bytes:
    return record(6, at(column) + wide(text))


def formula(number: int, column: int, result: bytes) -> bytes:
    """Write a formula's record: its result, flags, and a compiled formula."""
    return record(number, at(column) + result + struct.pack("<HIBI", 0, 1, 0x1D, 0))


def listed(name: str, state: int = 0, relation: str = "r1") -> bytes:
    return record(156, struct.pack("<II", state, 1) + wide(relation) + wide(name))


def name(called: str, tokens: bytes, sheet: int = GLOBAL) -> bytes:
    head = struct.pack("<IBI", 0, 0, sheet) + wide(called)
    return record(39, head + struct.pack("<I", len(tokens)) + tokens + bytes(8))


def constant(text: str) -> bytes:
    """Write the compiled formula that is a text."""
    return b"\x17" + struct.pack("<H", len(text)) + text.encode("utf-16-le")


def shared(text: str, flags: int = 0, more: bytes = b"") -> bytes:
    return record(19, bytes([flags]) + wide(text) + more)


def relations(*triples: tuple[str, str, str]) -> str:
    """Write a part of relationships from (id, type, target)."""
    lines = (f'<Relationship Id="{i}" Type="{OFFICE}/{t}" Target="{to}"/>' for i, t, to in triples)
    return f'<Relationships xmlns="{PACKAGE}">{"".join(lines)}</Relationships>'


def in_data(rows: bytes) -> bytes:
    """Write a worksheet part around its rows."""
    return record(129) + record(148, bytes(16)) + record(145) + rows + record(146) + record(130)


Parts = dict[str, str | bytes]


def parts(rows: bytes = b"", strings: bytes = b"", styles: bytes = b"", **changes: bytes) -> Parts:
    """Write the parts of a workbook with one sheet 表."""
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": record(131)
        + record(153, bytes(12))
        + record(143)
        + listed("表")
        + record(144)
        + record(132),
        "xl/_rels/workbook.bin.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.bin"),
            ("r2", "sharedStrings", "sharedStrings.bin"),
            ("r3", "styles", "styles.bin"),
        ),
        "xl/sharedStrings.bin": record(159, bytes(8)) + strings + record(160),
        "xl/styles.bin": record(278) + styles + record(279),
        SHEET: in_data(rows),
        **changes,
    }


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, body in members.items():
            archive.writestr(part, body)
    return target.getvalue()


def cells(rows: bytes, strings: bytes = b"", styles: bytes = b"") -> list[RawCell]:
    """Read the cells of a one-sheet workbook in their order."""
    (sheet,) = read_xlsb(zipped(parts(rows, strings, styles))).sheets
    return [sheet.cells[place] for place in sorted(sheet.cells)]


def refusal(data: bytes, caps: Caps | None = None) -> tuple[str, dict[str, str]]:
    """Say why a workbook is refused."""
    with pytest.raises(UnreadableFile) as caught:
        read_xlsb(data, caps or Caps())
    return caught.value.code, caught.value.facts


def verdict(data: bytes) -> str:
    """Say `read`, or the code of the refusal."""
    try:
        read_xlsb(data)
    except UnreadableFile as refused:
        return refused.code
    return "read"


XF = record(47, bytes(16))
PLAIN_STYLES = record(615, bytes(4)) + record(616) + record(617, bytes(4)) + XF + record(618)


# Cells


VALUES = (
    st.integers(-(2**29), 2**29 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
)
GRIDS = st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 40)), VALUES, max_size=20)
Grid = dict[tuple[int, int], int | float | bool | str]


def written(grid: Grid) -> bytes:
    """Write a grid; texts are shared."""
    rows, strings = b"", b""
    texts = 0
    for r in sorted({r for r, _ in grid}):
        inside = []
        for column in sorted(c for at_row, c in grid if at_row == r):
            value = grid[r, column]
            if isinstance(value, str):
                strings += shared(value)
                inside.append(record(7, at(column) + struct.pack("<I", texts)))
                texts += 1
            elif isinstance(value, bool):
                inside.append(record(4, at(column) + bytes([value])))
            elif isinstance(value, int):
                inside.append(integer(column, value))
            else:
                inside.append(real(column, value))
        rows += row(r, *inside)
    table = record(159, struct.pack("<II", texts, texts)) + strings + record(160)
    return zipped({**parts(rows, styles=PLAIN_STYLES), "xl/sharedStrings.bin": table})


def expected(value: float | str) -> RawCell:
    """Give the cell that a value must become."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bool):
        return RawCell(CellKind.BOOLEAN, str(int(value)), None)
    return number(real_text(float(value)))


@given(GRIDS)
def test_what_is_written_is_what_is_read(grid: Grid) -> None:
    (sheet,) = read_xlsb(written(grid)).sheets
    assert sheet.cells == {place: expected(value) for place, value in grid.items()}


@given(GRIDS)
@settings(max_examples=40)
def test_cells_are_those_that_calamine_reads(grid: Grid) -> None:
    data = written({**grid, (0, 0): 1})
    (sheet,) = read_xlsb(data).sheets
    rows = load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    theirs = {
        (r, c): expected(value)
        for r, values in enumerate(rows)
        for c, value in enumerate(values)
        if isinstance(value, float | int | str) and value != ""
    }
    assert sheet.cells == theirs


@pytest.mark.parametrize(
    ("packed", "meant"),
    [
        (5 << 2 | 2, "5"),
        (-5 << 2 | 2, "-5"),
        (-1 << 31 | 2, "-536870912"),
        (1234 << 2 | 3, "12.34"),
        (1200 << 2 | 3, "12"),
        (-7 << 2 | 3, "-0.07"),
        (0x3FF80000, "1.5"),
        (0x3FF80000 | 1, "0.015"),
        (0, "0"),
    ],
)
def test_packed_numbers_are_exact(packed: int, meant: str) -> None:
    assert rk_text(struct.pack("<i", packed), 0) == meant


@given(st.floats())
def test_a_double_is_written_so_that_it_reads_back_the_same(value: float) -> None:
    written_text = real_text(value)
    assert repr(float(written_text)) == repr(value)
    assert not written_text.endswith(".0")


def test_runs_and_phonetic_hints_are_no_text() -> None:
    strings = shared("甲乙", 1, bytes(12)) + shared("丙", 2, wide("bǐng") + bytes(4))
    rows = row(0, *(record(7, at(c) + struct.pack("<I", c)) for c in (0, 1)))
    rich = record(62, at(2) + b"\1" + wide("丁") + bytes(8))
    assert cells(rows + rich, strings) == [text("甲乙"), text("丙"), text("丁")]


def test_short_records_follow_the_cell_before() -> None:
    style = bytes(4)
    rows = row(
        2,
        integer(3, 1),
        record(12, style),
        record(13, style + struct.pack("<i", 2 << 2 | 2)),
        record(14, style + b"\x2a"),
        record(15, style + b"\1"),
        record(16, style + struct.pack("<d", 0.1)),
        record(17, style + wide("字")),
        record(18, style + bytes(4)),
    )
    (sheet,) = read_xlsb(zipped(parts(rows, shared("共")))).sheets
    assert [(place, raw.text) for place, raw in sheet.cells.items()] == [
        ((2, 3), "1"),
        ((2, 5), "2"),
        ((2, 6), "#N/A"),
        ((2, 7), "1"),
        ((2, 8), "0.1"),
        ((2, 9), "字"),
        ((2, 10), "共"),
    ]


def test_a_formula_has_its_result_and_no_text() -> None:
    rows = row(
        0,
        formula(8, 0, wide("是")),
        formula(9, 1, struct.pack("<d", 12.0)),
        formula(10, 2, b"\0"),
        formula(11, 3, b"\x07"),
        formula(8, 4, wide("")),
    )
    assert cells(rows) == [
        RawCell(CellKind.TEXT, "是", ""),
        RawCell(CellKind.NUMBER, "12", ""),
        RawCell(CellKind.BOOLEAN, "0", ""),
        RawCell(CellKind.ERROR, "#DIV/0!", ""),
        RawCell(CellKind.BLANK, "", ""),
    ]


def test_blank_cells_are_no_cells() -> None:
    assert cells(row(0, record(1, at(0, 5)), string(1, ""), record(3, at(2) + b"\0"))) == [
        RawCell(CellKind.ERROR, "#NULL!", None)
    ]


def test_formats_tell_dates_and_percentages_from_numbers() -> None:
    formats = [(0, ""), (14, ""), (9, ""), (164, 'yyyy"年"'), (165, "0.0%"), (166, '0"天"')]
    own = b"".join(record(44, struct.pack("<H", i) + wide(code)) for i, code in formats if code)
    xfs = b"".join(record(47, struct.pack("<HH", 0, i) + bytes(12)) for i, _ in formats)
    other = record(626) + record(47, bytes(16)) * 3 + record(627)
    styles = own + other + record(617) + xfs + record(618)
    kinds = [
        raw.kind.value
        for raw in cells(row(0, *(real(c, 45000.5, c) for c in range(7))), b"", styles)
    ]
    assert kinds == ["number", "date", "percent", "date", "percent", "number", "number"]


@pytest.mark.parametrize(("flags", "kind"), [(0, "date"), (1, "date_1904")])
def test_a_workbook_may_count_days_from_1904(flags: int, kind: str) -> None:
    xfs = record(617) + record(47, struct.pack("<HH", 0, 14) + bytes(12)) + record(618)
    properties = record(153, bytes([flags, *bytes(11)]))
    main = record(131) + properties + record(143) + listed("表") + record(144) + record(132)
    made = parts(row(0, real(0, 40602)), b"", xfs, **{"xl/workbook.bin": main})
    (sheet,) = read_xlsb(zipped(made)).sheets
    assert sheet.cells[0, 0].kind == kind


def test_cells_stand_in_the_sheet_data_only() -> None:
    part = record(129) + row(0, integer(0, 1)) + record(145) + record(146) + row(0, integer(0, 2))
    (sheet,) = read_xlsb(zipped({**parts(), SHEET: part})).sheets
    assert sheet.cells == {}


# The workbook


def test_a_workbook_says_whose_it_is() -> None:
    main = b"".join(
        [
            listed("一"),
            listed("二", 1, "r2"),
            listed("三", 2, "r2"),
            listed("图", 9, "r3"),
            name("mark", constant('甲"乙')),
            name("local", constant("x"), sheet=0),
            name("area", b"\x3b" + bytes(14)),
            name("longer", constant("x") + b"\x15"),
        ]
    )
    book = read_xlsb(
        zipped(
            {
                "_rels/.rels": relations(
                    ("r1", "officeDocument", "xl/workbook.bin"),
                    ("r2", "extended-properties", "docProps/app.xml"),
                    ("r3", "custom-properties", "docProps/custom.xml"),
                ),
                "xl/workbook.bin": main,
                "xl/_rels/workbook.bin.rels": relations(
                    ("r1", "worksheet", "s1.bin"),
                    ("r2", "worksheet", "s2.bin"),
                    ("r3", "chartsheet", "s3.bin"),
                ),
                "xl/s1.bin": in_data(row(0, integer(0, 1))) + record(573) + record(535, bytes(66)),
                "xl/s2.bin": in_data(b""),
                "docProps/app.xml": "<Properties><Application>某程序</Application></Properties>",
                "docProps/custom.xml": '<Properties><property name="k"><v>5</v></property>'
                "</Properties>",
            }
        )
    )
    assert [(s.name, s.state, s.protected, s.validated, len(s.cells)) for s in book.sheets] == [
        ("一", "visible", True, True, 1),
        ("二", "hidden", False, False, 0),
        ("三", "veryHidden", False, False, 0),
        ("图", "visible", False, False, 0),
    ]
    assert book.names == {"mark": '"甲""乙"'}
    assert (book.properties, book.client) == ({"k": "5"}, "某程序")


def test_a_workbook_saved_as_xlsb_is_read_by_its_contents() -> None:
    data = zipped(parts(row(0, integer(0, 1))))
    kind = sniff(data, "表.xlsx")
    assert (kind, READERS[kind](data)) == ("xlsb", read_xlsb(data))


def test_texts_and_styles_may_be_absent() -> None:
    members = parts(row(0, integer(0, 1, 7)))
    del members["xl/sharedStrings.bin"], members["xl/styles.bin"]
    assert read_xlsb(zipped(members)).sheets[0].cells == {(0, 0): number("1")}


# What is refused


@pytest.mark.parametrize(
    ("rows", "what", "detail"),
    [
        (row(0, record(7, at(1) + bytes(4))), "表!B1", "shared string"),
        (row(0, record(3, at(1) + b"\x99")), "表!B1", "error 153"),
        (row(0, record(2, at(1))), SHEET, "record"),
        (row(0, record(4, at(1))), SHEET, "record"),
        (row(0, record(6, at(1) + b"\xff\xff\0\0ab")), SHEET, "record"),
        (row(0, record(6, at(1) + b"\1\0\0\0\0\xd8")), SHEET, "record"),
        (record(0, b"\0"), SHEET, "record"),
        (b"\x05\xff\xff\xff\x7f", SHEET, "truncated"),
        (b"\x05\x80", SHEET, "truncated"),
    ],
)
def test_damage_is_named(rows: bytes, what: str, detail: str) -> None:
    assert refusal(zipped(parts(rows))) == ("F02", {"what": what, "detail": detail})


@pytest.mark.parametrize("part", [record(145) + b"\x80", record(145) + b"\x05", b"\x91\x01\x80"])
def test_a_part_that_ends_within_a_record_is_damage(part: bytes) -> None:
    assert refusal(zipped({**parts(), SHEET: part}))[1] == {"what": SHEET, "detail": "record"}


@pytest.mark.parametrize(
    "rows",
    [
        integer(0, 1),
        row(1_048_576, integer(0, 1)),
        row(0, integer(16_384, 1)),
        row(GLOBAL, integer(GLOBAL, 1)),
        row(0, integer(0, 1), integer(0, 2)),
        row(0, integer(16_383, 1), record(13, bytes(8))),
    ],
)
def test_a_cell_outside_the_grid_or_twice_is_refused(rows: bytes) -> None:
    assert refusal(zipped(parts(rows)))[1]["cell"].startswith("表!")


@pytest.mark.parametrize("main", [b"", listed(""), listed("表") + listed("表")])
def test_sheets_must_have_names_of_their_own(main: bytes) -> None:
    assert refusal(zipped({**parts(), "xl/workbook.bin": main}))[0] == "F02"


def test_a_sheet_without_relation_or_part_is_damage() -> None:
    lost = {**parts(), "xl/workbook.bin": listed("表", 0, "r9")}
    assert refusal(zipped(lost)) == ("F02", {"what": "表", "detail": "relationship"})
    without = {part: body for part, body in parts().items() if part != SHEET}
    assert refusal(zipped(without))[1] == {"what": SHEET, "detail": "missing"}
    rootless = {"xl/workbook.bin": b""}
    assert refusal(zipped(rootless))[1] == {"what": "_rels/.rels", "detail": "officeDocument"}


@pytest.mark.parametrize(
    ("members", "caps", "cap"),
    [
        (parts(row(0, integer(0, 1), integer(1, 1))), Caps(cells=1), "cells"),
        (parts(row(0, string(0, "字字"))), Caps(text=1), "text"),
        (parts(b"", shared("字字")), Caps(text=1), "text"),
        (parts(b"", shared("") * 2), Caps(strings=1), "strings"),
        (parts(row(0) * 9), Caps(tags=9), "tags"),
        (parts(b"", b"", record(617) + XF * 2 + record(618)), Caps(styles=1), "styles"),
        ({**parts(), "xl/workbook.bin": listed("一") + listed("二")}, Caps(sheets=1), "sheets"),
        (
            {**parts(), "xl/workbook.bin": listed("一") + name("n", constant("字"))},
            Caps(cells=0),
            "cells",
        ),
        (parts(row(0) * 99), Caps(whole=99), "whole"),
    ],
)
def test_every_cap_is_named_when_it_is_passed(members: Parts, caps: Caps, cap: str) -> None:
    expected_refusal = excessive(caps, cap)
    assert refusal(zipped(members), caps) == (expected_refusal.code, expected_refusal.facts)


SAMPLE = {
    **parts(
        row(0, integer(0, 1), real(1, 0.5, 1), record(7, at(2) + bytes(4)), string(3, "字"))
        + row(1, formula(8, 0, wide("是")), formula(9, 1, bytes(8)), record(13, bytes(8))),
        shared("共"),
        record(44, struct.pack("<H", 164) + wide("0%")) + record(617) + XF * 2 + record(618),
    ),
    "xl/workbook.bin": listed("表") + name("mark", constant("甲")),
}
CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=5)


def changed(whole: str | bytes, changes: list[tuple[int, int]]) -> bytes:
    """Overwrite some bytes."""
    data = bytearray(whole.encode() if isinstance(whole, str) else whole)
    for position, byte in changes:
        data[position % len(data)] = byte
    return bytes(data)


@given(CHANGES)
@settings(max_examples=150)
def test_no_damage_raises_anything_else(changes: list[tuple[int, int]]) -> None:
    assert verdict(changed(zipped(SAMPLE), changes))


@given(st.sampled_from(sorted(SAMPLE)), CHANGES)
@settings(max_examples=500)
def test_no_change_within_a_part_raises_anything_else(
    part: str, changes: list[tuple[int, int]]
) -> None:
    assert verdict(zipped({**SAMPLE, part: changed(SAMPLE[part], changes)}))


@given(st.binary(max_size=200))
def test_any_bytes_may_stand_for_a_sheet(part: bytes) -> None:
    assert verdict(zipped({**SAMPLE, SHEET: record(145) + part}))


def test_the_whole_sample_is_read() -> None:
    assert verdict(zipped(SAMPLE)) == "read"
