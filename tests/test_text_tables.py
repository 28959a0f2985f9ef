"""Lists of plain text on sheets of their own, up to very long ones."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import ZipFile

from openpyxl import load_workbook

from sheetflow.workbooks import text_tables
from sheetflow.workbooks.text_tables import MadeRows, TextTable, write_text_tables
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pytest


class Counted(tuple[str, ...]):
    """A row that counts how many of its kind there are at once."""

    __slots__ = ()
    alive = most = 0

    def __init__(self, _: Iterable[str]) -> None:
        Counted.alive += 1
        Counted.most = max(Counted.most, Counted.alive)

    def __del__(self) -> None:
        Counted.alive -= 1


def test_a_list_past_what_excel_opens_is_cut_and_says_so_at_its_head_and_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text_tables, "_MOST_ROWS", 2)
    rows = tuple((f"{number}", "甲") for number in range(5))
    tables = [
        TextTable("长", ("号", "名"), (9, 9), rows),
        TextTable("短", ("号", "名"), (9, 9), rows[:2]),
    ]
    book = load_workbook(io.BytesIO(write_text_tables("表", tables)))
    said = "另有 3 行未列入：超过 Excel 每张工作表的行数上限"
    assert [row[0].value for row in book["长"].iter_rows(min_row=3)] == ["0", "1", "以下从略"]
    assert book["长"]["D1"].value == said
    assert [row[0].value for row in book["短"].iter_rows(min_row=3)] == ["0", "1"]
    assert book["短"].max_column == 2


def test_rows_are_made_one_after_the_other_and_never_held_together() -> None:
    def rows() -> Iterator[tuple[str, ...]]:
        return (Counted((f"{number}", "甲")) for number in range(3000))

    made = TextTable("长", ("号", "名"), (9, 9), MadeRows(3000, rows))
    held = TextTable("长", ("号", "名"), (9, 9), tuple(tuple(row) for row in rows()))
    Counted.most = Counted.alive
    data = write_text_tables("表", [made])
    assert (Counted.alive, Counted.most) == (0, 2)
    assert data == write_text_tables("表", [held])


AWKWARD = (" a  b ", "甲\n乙\t", "1 < 2 & 3 > 2", "", "]]>", "0012", "=A1", "甲" * 40_000, "\x01x")


def test_a_very_long_list_holds_its_texts_itself_and_reads_like_one_that_shares_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [(text, f"{number}", "甲") for number, text in enumerate(AWKWARD)]
    tables = [TextTable("长", ("文", "号", "名"), (9, 9, 9), rows)]
    monkeypatch.setattr(text_tables, "_MOST_SHARED", len(rows))
    shared = write_text_tables("表", tables)
    monkeypatch.setattr(text_tables, "_MOST_SHARED", len(rows) - 1)
    held = write_text_tables("表", tables)
    assert (texts_of(shared), texts_of(held)) == (4 + 2 * len(rows), 4)
    assert read_xlsx(held).sheets == read_xlsx(shared).sheets
    assert [*cells_of(held)] == [*cells_of(shared)]
    assert [row[0] for row in cells_of(held)][2:5] == [*AWKWARD[:3]]
    with ZipFile(io.BytesIO(held)) as package:  # no reader here would trim it; Excel does
        assert b'<t xml:space="preserve"> a  b </t>' in package.read("xl/worksheets/sheet1.xml")


def test_a_text_that_looks_like_an_escape_is_read_as_it_stands_in_a_very_long_list_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text_tables, "_MOST_SHARED", 0)
    table = TextTable("长", ("文",), (9,), [("_x0041_\r",)])
    (sheet,) = read_xlsx(write_text_tables("表", [table])).sheets
    assert sheet.cells[2, 0].text == "_x0041_\r"


def texts_of(data: bytes) -> int:
    """Count the texts that a workbook's cells share."""
    with ZipFile(io.BytesIO(data)) as package:
        return package.read("xl/sharedStrings.xml").count(b"<si>")


def cells_of(data: bytes) -> Iterator[tuple[object, ...]]:
    return load_workbook(io.BytesIO(data))["长"].iter_rows(values_only=True)


def test_an_empty_list_says_so() -> None:
    table = TextTable("空", ("号", "名"), (9, 9), MadeRows(0, lambda: iter(())))
    page = load_workbook(io.BytesIO(write_text_tables("表", [table])))["空"]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=3)] == [["无", None]]
    assert page.auto_filter.ref is None


def test_a_row_is_as_high_as_its_longest_text_needs() -> None:
    rows = (
        ("1", "甲局"),
        ("2", "综合管理服务中心"),
        ("3", "a" * 17 + "甲" * 9),
        ("4", "长" * 9999),
    )
    table = TextTable("单位", ("号", "名"), (9, 14), rows)
    page = load_workbook(io.BytesIO(write_text_tables("表", [table])))["单位"]
    assert [page.row_dimensions[3 + row].height for row in range(4)] == [None, 30, 45, 405]
