"""Lists of plain text on sheets of their own, up to very long ones."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from sheetflow.workbooks import text_tables
from sheetflow.workbooks.text_tables import MadeRows, TextTable, write_text_tables

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


def test_an_empty_list_says_so() -> None:
    table = TextTable("空", ("号", "名"), (9, 9), MadeRows(0, lambda: iter(())))
    page = load_workbook(io.BytesIO(write_text_tables("表", [table])))["空"]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=3)] == [["无", None]]
    assert page.auto_filter.ref is None
