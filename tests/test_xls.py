"""Legacy workbooks read as they were saved, or are refused by name."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

import biff
from biff import BIFF5, BIFF8
from sheetflow.workbooks.formats import REFUSALS, sniff
from sheetflow.workbooks.limits import Caps, UnreadableFile
from sheetflow.workbooks.readers import READERS
from sheetflow.workbooks.stamp import NAME, PROPERTY
from sheetflow.workbooks.transfer import pack, unpack
from sheetflow.workbooks.workbook import CellKind, RawCell, Sheet, Workbook
from sheetflow.workbooks.xls import read_xls
from sheetflow.workbooks.xls_task import read_workbook

_FIXTURES = Path(__file__).parent / "fixtures" / "xls"
_MARK = "zfxxgk-2021:2024:pt:1:AAA"
_CODEPAGE = biff.record(0x0042, struct.pack("<H", 936))


def saved(*cells: tuple[Any, str]) -> bytes:
    """Write a workbook by xlwt with one row: values and their number formats."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("表一")
    for column, (value, shown) in enumerate(cells):
        sheet.write(0, column, value, xlwt.easyxf(num_format_str=shown))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def row(data: bytes) -> list[tuple[str, str]]:
    cells = read_workbook(data).sheets[0].cells
    return [(cell.kind.value, cell.text) for _, cell in sorted(cells.items())]


def bare(*records: bytes, version: int = BIFF8, head: bytes = b"", states: bytes = b"") -> bytes:
    return biff.stream(version, head, {"表一": b"".join(records)}, states)


def code_of(data: bytes, caps: Caps | None = None) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_workbook(data, caps or Caps())
    return raised.value.code


def test_xls_and_et_are_read() -> None:
    data = saved(("数", "General"))
    for name in ("表.xls", "表.et"):
        kind = sniff(data, name)
        assert kind not in REFUSALS
        assert READERS[kind](data).sheets[0].cells[0, 0].text == "数"


def test_numbers_read_back_the_same_double() -> None:
    values = [5, -3, 0.1, 1e15, 1234567.891, 1e300, 5e-324, 2**53 + 2.0]
    assert [float(text) for _, text in row(saved(*((v, "General") for v in values)))] == values


def test_whole_numbers_have_no_fraction() -> None:
    data = saved((5, "General"), (-3.0, "0.00"), (2**40, "0"))
    assert [text for _, text in row(data)] == ["5", "-3", str(2**40)]


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ("General", "number"),
        ("#,##0.00", "number"),
        ("G/通用格式", "number"),
        ("0%", "percent"),
        ("0.00%", "percent"),
        ("yyyy-mm-dd", "date"),
        ('yyyy"年"m"月"d"日"', "date"),
        ("h:mm", "date"),
        ('0"年"', "number"),
    ],
)
def test_a_number_format_tells_dates_and_percentages(shown: str, kind: str) -> None:
    assert row(saved((0.5, shown))) == [(kind, "0.5")]


def test_a_workbook_may_count_days_from_1904() -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    book.add_sheet("S").write(0, 0, 40602, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    book.get_sheet(0).write(0, 1, 40602)
    target = BytesIO()
    book.save(target)
    assert row(target.getvalue()) == [("date_1904", "40602"), ("number", "40602")]


def test_booleans_and_errors_are_told_from_numbers() -> None:
    records = (
        biff.record(0x0205, struct.pack("<HHHBB", 0, 0, 0, 1, 0)),
        biff.record(0x0205, struct.pack("<HHHBB", 0, 1, 0, 0x17, 1)),
        biff.record(0x0205, struct.pack("<HHHBB", 0, 2, 0, 0x2A, 1)),
    )
    assert row(bare(*records)) == [("boolean", "1"), ("error", "#REF!"), ("error", "#N/A")]


def test_formulas_are_marked_and_keep_their_results() -> None:
    special = b"\0\0\0\0\xff\xff"
    cells = (
        read_workbook(
            bare(
                biff.formula(0, 0, struct.pack("<d", 13)),
                biff.formula(0, 1, b"\0\0" + special)
                + biff.record(0x0207, biff.text(BIFF8, "文", "H")),
                biff.formula(0, 2, b"\1\0\1" + special[1:]),
                biff.formula(0, 3, b"\2\0\7" + special[1:]),
                biff.number(0, 4, 13),
            )
        )
        .sheets[0]
        .cells
    )
    assert cells == {
        (0, 0): RawCell(CellKind.NUMBER, "13", ""),
        (0, 1): RawCell(CellKind.TEXT, "文", ""),
        (0, 2): RawCell(CellKind.BOOLEAN, "1", ""),
        (0, 3): RawCell(CellKind.ERROR, "#DIV/0!", ""),
        (0, 4): RawCell(CellKind.NUMBER, "13", None),
    }


@pytest.mark.parametrize(
    ("tokens", "kind", "text"),
    [
        (b"\x17\1\x007", CellKind.TEXT, "7"),
        (b"\x17\1\1" + "七".encode("utf-16-le"), CellKind.TEXT, "七"),
        (b"\x17\0\0", CellKind.BLANK, ""),
        (b"\x17\1\x007\x14", CellKind.NUMBER, "0"),  # a percentage of it
        (b"\x17", CellKind.NUMBER, "0"),
        (b"\x1e\7\0", CellKind.NUMBER, "0"),
    ],
)
def test_a_formula_that_is_a_text_is_no_number_whatever_result_was_kept(
    tokens: bytes, kind: CellKind, text: str
) -> None:
    """LibreOffice keeps 0 as the result of ="7" if it did not compute it."""
    data = bare(biff.formula(2, 1, struct.pack("<d", 0), tokens))
    assert read_workbook(data).sheets[0].cells == {(2, 1): RawCell(kind, text, "")}


def test_a_formula_without_a_result_is_blank() -> None:
    data = bare(biff.formula(2, 1, b"\3\0\0\0\0\0\xff\xff"))
    assert read_workbook(data).sheets[0].cells == {(2, 1): RawCell(CellKind.BLANK, "", "")}


def test_cells_that_hold_nothing_are_no_cells() -> None:
    styled = biff.record(0x0201, struct.pack("<HHH", 0, 0, 0))
    assert row(bare(styled, biff.label(BIFF8, 0, 1, ""))) == []


@pytest.mark.parametrize("head", [_CODEPAGE, b""], ids=["936", "unsaid"])
def test_chinese_of_excel_95_is_read_without_a_container_too(head: bytes) -> None:
    data = bare(biff.label(BIFF5, 0, 0, "单位名称"), version=BIFF5, head=head)
    assert sniff(data, "表.xls") == "xls"
    sheet = read_workbook(data).sheets[0]
    assert (sheet.name, sheet.cells[0, 0].text) == ("表一", "单位名称")
    assert sheet.validated is None


def test_sheets_of_the_first_excel_are_read() -> None:
    data = (
        biff.record(0x0009, struct.pack("<HH", 2, biff.SHEET))
        + biff.record(0x0003, struct.pack("<HH3xd", 1, 2, 4.5))
        + biff.END
    )
    assert sniff(data, "表.xls") == "xls"
    assert read_workbook(data).sheets[0].cells == {(1, 2): RawCell(CellKind.NUMBER, "4.5", None)}


def test_a_sheets_state_locks_and_validations_are_told() -> None:
    locks = biff.record(0x0012, b"\1\0") + biff.record(0x01BE, bytes(20))
    sheets = {"显": biff.record(0x0012, b"\0\0"), "藏": b"", "深藏": locks}
    found = read_workbook(biff.stream(BIFF8, b"", sheets, bytes([0, 1, 2]))).sheets
    assert [(s.name, s.state, s.protected, s.validated) for s in found] == [
        ("显", "visible", False, False),
        ("藏", "hidden", False, False),
        ("深藏", "veryHidden", True, True),
    ]


def test_a_workbooks_own_lock_is_no_sheets_lock() -> None:
    data = bare(biff.number(0, 0, 1), head=biff.record(0x0012, b"\1\0"))
    assert read_workbook(data).sheets[0].protected is False


def test_libreoffice_keeps_all_marks_in_xls() -> None:
    workbook = read_xls((_FIXTURES / "libreoffice.xls").read_bytes())
    first, marks, hidden = workbook.sheets
    assert (first.name, first.protected, first.validated) == ("收到申请", True, True)
    assert (marks.state, hidden.state) == ("hidden", "hidden")
    assert marks.cells[0, 1].text == _MARK
    assert workbook.names == {NAME: _MARK}
    assert workbook.properties[PROPERTY] == _MARK
    assert first.cells[0, 4] == RawCell(CellKind.NUMBER, "13", "")
    assert first.cells[0, 5] == RawCell(CellKind.BLANK, "", "")
    assert first.cells[1, 0].kind is CellKind.DATE


def test_sheetjs_is_read() -> None:
    workbook = read_xls((_FIXTURES / "sheetjs.xls").read_bytes())
    assert [sheet.name for sheet in workbook.sheets] == ["收到申请", "附"]
    assert [cell.kind.value for cell in workbook.sheets[0].cells.values()] == [
        *("text", "number", "number", "boolean"),
        *("date", "percent", "number", "error"),
    ]


@pytest.mark.parametrize("version", [BIFF5, BIFF8])
def test_names_that_stand_for_a_text_are_read(version: int) -> None:
    token = b"\x17" + biff.text(version, "印 A")

    def named(name: str, sheet: int) -> bytes:
        scope = struct.pack("<HH", 0, sheet) if version == BIFF8 else struct.pack("<HH", sheet, 0)
        counts = struct.pack("<HBBH", 0, 0, len(name), len(token))
        text = biff.text(version, name)[1:]
        return biff.record(0x0018, counts + scope + bytes(4) + text + token)

    data = bare(version=version, head=_CODEPAGE + named("mark", 0) + named("local", 1))
    assert read_workbook(data).names == {"mark": "印 A"}


def test_encryption_is_named() -> None:
    assert code_of(bare(head=biff.record(0x002F, bytes(6)))) == "F04"
    assert code_of(bare(version=BIFF5, head=biff.record(0x002F, bytes(4)))) == "F04"


def test_two_values_for_one_cell_are_refused() -> None:
    assert code_of(bare(biff.number(0, 0, 1), biff.number(0, 0, 2))) == "F23"
    assert code_of(bare(biff.number(0, 256, 1))) == "F23"


def test_a_workbook_without_sheets_is_damaged() -> None:
    assert code_of(biff.stream(BIFF8, b"", {})) == "F02"


@pytest.mark.parametrize("kept", [9, 40, 600, 2000])
def test_a_file_that_was_cut_off_is_damaged(kept: int) -> None:
    assert code_of(saved((1, "General"))[:kept]) == "F02"


def test_caps_hold_while_reading() -> None:
    cells = bare(*(biff.number(row, 0, row) for row in range(3)))
    assert code_of(cells, Caps(cells=2)) == "F17"
    assert code_of(bare(biff.label(BIFF8, 0, 0, "x" * 99)), Caps(text=98)) == "F16"
    assert code_of(biff.stream(BIFF8, b"", dict.fromkeys("abc", b"")), Caps(sheets=2)) == "F24"


def test_cells_at_the_corners_cost_nothing() -> None:
    corners = (biff.number(0, 0, 1), biff.number(65535, 255, 2))
    assert set(read_xls(bare(*corners)).sheets[0].cells) == {(0, 0), (65535, 255)}


def test_a_reader_that_takes_all_memory_ends_as_a_finding() -> None:
    many = biff.record(0x00FC, struct.pack("<II", 1, 0x7FFFFFFF) + b"\xff\xff\0")
    ranges = biff.record(0x003C, b"\0" * 8000) * 4000
    with pytest.raises(UnreadableFile) as raised:
        read_xls(biff.container(bare(head=many + ranges)))
    assert raised.value.code in {"F02", "F25"}


def test_what_the_child_says_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in (b"", b"[]", b"{}", b'{"sheets": 1}', b"\xff", b'{"sheets":1}\n[1]'):
        monkeypatch.setattr("sheetflow.workbooks.xls.run_confined", lambda *_, said=said: said)
        with pytest.raises(UnreadableFile) as raised:
            read_xls(b"")
        assert raised.value.facts == {"what": "@child_died"}


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_CELLS = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    st.builds(RawCell, st.sampled_from(CellKind), _TEXT, st.none() | _TEXT),
    max_size=9,
)
_SHEETS = st.builds(
    Sheet,
    _TEXT,
    st.sampled_from(["visible", "hidden", "veryHidden"]),
    _CELLS,
    st.none() | st.booleans(),
    st.none() | st.booleans(),
)
_NAMES = st.dictionaries(_TEXT, _TEXT, max_size=3)


@settings(deadline=None)
@given(st.builds(Workbook, st.lists(_SHEETS, max_size=3).map(tuple), _NAMES, _NAMES, _TEXT))
def test_a_workbook_passes_between_processes_unchanged(workbook: Workbook) -> None:
    assert unpack(pack(workbook)) == workbook


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_damaged_file_gives_a_workbook_or_a_diagnosis(data: st.DataObject) -> None:
    damaged = bytearray((_FIXTURES / "libreoffice.xls").read_bytes())
    places = st.integers(0, len(damaged) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=20)):
        damaged[place] = data.draw(st.integers(0, 255))
    del damaged[data.draw(places | st.just(len(damaged))) :]
    try:
        assert read_xls(bytes(damaged)).sheets
    except UnreadableFile as problem:
        assert problem.code.startswith("F")  # noqa: PT017 - refusal is one of two ways
