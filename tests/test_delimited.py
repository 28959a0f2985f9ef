"""Tables in plain text are read in every encoding and with every separator that clients write."""

from __future__ import annotations

import csv
import io
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetflow.workbooks.delimited import read_delimited
from sheetflow.workbooks.formats import sniff
from sheetflow.workbooks.limits import Caps, UnreadableFile, excessive
from sheetflow.workbooks.readers import READERS
from sheetflow.workbooks.workbook import CellKind, RawCell

TABLE = '单位,件数\r\n"甲局, 一科",-5.50\r\n'


def fields(content: str | bytes) -> list[list[str]]:
    """Read the texts of the cells, row by row."""
    data = content.encode() if isinstance(content, str) else content
    (sheet,) = read_delimited(data).sheets
    rows = groupby(sheet.cells.items(), key=lambda item: item[0][0])
    return [[raw.text for _, raw in row] for _, row in rows]


def refusal(data: bytes, caps: Caps | None = None) -> tuple[str, dict[str, str]]:
    """Say why a text is refused."""
    with pytest.raises(UnreadableFile) as caught:
        read_delimited(data, caps or Caps())
    return caught.value.code, caught.value.facts


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
def test_every_encoding_of_a_chinese_client_is_read(encoding: str) -> None:
    (sheet,) = read_delimited(TABLE.encode(encoding)).sheets
    assert sheet.cells == {
        (0, 0): RawCell(CellKind.TEXT, "单位", None),
        (0, 1): RawCell(CellKind.TEXT, "件数", None),
        (1, 0): RawCell(CellKind.TEXT, "甲局, 一科", None),
        (1, 1): RawCell(CellKind.NUMBER, "-5.50", None),
    }


def test_utf_16_is_told_without_a_mark() -> None:
    """Where zeros stand does not tell: the character 一 is 4E 00."""
    assert fields("一,一\n".encode("utf-16-le")) == [["一", "一"]]
    assert fields("一\t一\n".encode("utf-16-be")) == [["一", "一"]]


def test_the_sheet_has_no_name_and_says_nothing_of_locks() -> None:
    book = read_delimited(b"1")
    (sheet,) = book.sheets
    assert (sheet.name, sheet.state, sheet.protected, sheet.validated) == (
        "",
        "visible",
        None,
        None,
    )
    assert (book.names, book.properties, book.client) == ({}, {}, "")


def test_a_table_is_read_by_its_contents() -> None:
    data = TABLE.encode("gb18030")
    kind = sniff(data, "表.csv")
    assert (kind, READERS[kind](data)) == ("csv", read_delimited(data))


GRIDS = st.lists(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=4
    ),
    max_size=6,
)


@given(GRIDS, st.sampled_from(",;\t"))
def test_what_is_written_is_what_is_read(grid: list[list[str]], separator: str) -> None:
    target = io.StringIO(newline="")
    target.write(f"sep={separator}\r\n")
    csv.writer(target, delimiter=separator).writerows(grid)
    (sheet,) = read_delimited(target.getvalue().encode("utf-8-sig")).sheets
    assert {at: raw.text for at, raw in sheet.cells.items()} == {
        (row, column): text
        for row, texts in enumerate(grid)
        for column, text in enumerate(texts)
        if text.strip()
    }


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("a;b\nc;d", [["a", "b"], ["c", "d"]]),
        ("a\tb\nc\td", [["a", "b"], ["c", "d"]]),
        ("a\tb\n\nc", [["a", "b"], ["c"]]),  # only one separator there is
        ("1,5;2\n3;4", [["1,5", "2"], ["3", "4"]]),  # rows are even with one
        ("一;二,三\n四,五", [["一;二", "三"], ["四", "五"]]),
        ("a,b\tc\nd,e\tf", [["a,b", "c"], ["d,e", "f"]]),  # with both: a tab is no punctuation
        ("a,b;c\nd,e;f", [["a", "b;c"], ["d", "e;f"]]),
        ("a;b,c\nd", [["a;b", "c"], ["d"]]),  # with none: comma
        ('"a;b",c\n"d,e;f",g', [["a;b", "c"], ["d,e;f", "g"]]),  # quoted ones are none
        ("sep=;\na,b;c\nd,e;f", [["a,b", "c"], ["d,e", "f"]]),
        ("SEP=,\r\na;b,c", [["a;b", "c"]]),
    ],
)
def test_the_separator_is_the_one_under_which_rows_are_even(
    content: str, rows: list[list[str]]
) -> None:
    assert fields(content) == rows


def test_separators_are_not_judged_by_a_sample() -> None:
    """A text of ten thousand rows whose last one alone tells the separator."""
    content = "a,b;c\n" * 10_000 + "a,b,c;d\n"
    assert fields(content)[-1] == ["a,b,c", "d"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(line_end: str) -> None:
    (sheet,) = read_delimited(f'a{line_end}{line_end}"b{line_end}c"'.encode()).sheets
    assert {at: raw.text for at, raw in sheet.cells.items()} == {
        (0, 0): "a",
        (2, 0): f"b{line_end}c",
    }


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("0", CellKind.NUMBER),
        ("-12", CellKind.NUMBER),
        ("12.50", CellKind.NUMBER),
        ("007", CellKind.NUMBER),
        ("+1", CellKind.TEXT),
        ("1.", CellKind.TEXT),
        (".5", CellKind.TEXT),
        ("1e5", CellKind.TEXT),
        (" 1", CellKind.TEXT),
        ("１２", CellKind.TEXT),
        ("١٢", CellKind.TEXT),
        ("1_000", CellKind.TEXT),
        ('"1,000"', CellKind.TEXT),
        ("nan", CellKind.TEXT),
        ("5%", CellKind.TEXT),
        ("2024-02-29", CellKind.TEXT),
    ],
)
def test_only_what_is_plainly_a_number_is_one(field: str, kind: CellKind) -> None:
    (sheet,) = read_delimited(field.encode()).sheets
    assert [raw.kind for raw in sheet.cells.values()] == [kind]


def test_blank_fields_are_no_cells() -> None:
    (sheet,) = read_delimited("a,,\u3000, ,b\n".encode()).sheets
    assert set(sheet.cells) == {(0, 0), (0, 4)}


@pytest.mark.parametrize(
    ("data", "what", "detail"),
    [
        (b"a\xff\xffb", "text", "encoding"),
        (b"\xff\xfea", "text", "encoding"),
        (b"\xef\xbb\xbf\xff", "text", "encoding"),
        (b"a\0b,c", "text", "NUL"),
        (b'a,"b\nc', "line 2", "unexpected end of data"),
        (b'a,"b"c', "line 1", "',' expected after '\"'"),
        (b"a" * 200_000, "line 1", "field larger than field limit (131072)"),
    ],
)
def test_damage_is_named(data: bytes, what: str, detail: str) -> None:
    assert refusal(data) == ("F02", {"what": what, "detail": detail})


@pytest.mark.parametrize(
    ("data", "caps", "cap"),
    [
        (b"1,2", Caps(cells=1), "cells"),
        (b"abc", Caps(text=2), "text"),
        ("字字字".encode("utf-16"), Caps(text=2), "text"),
        (b",,,;;\t\n\r", Caps(tags=7), "tags"),
    ],
)
def test_every_cap_is_named_when_it_is_passed(data: bytes, caps: Caps, cap: str) -> None:
    expected = excessive(caps, cap)
    assert refusal(data, caps) == (expected.code, expected.facts)


@pytest.mark.parametrize("data", [b"\n" * 1_048_576 + b"a", b"," * 16_384 + b"a"])
def test_a_cell_past_the_grid_is_refused(data: bytes) -> None:
    assert set(refusal(data)[1]) == {"cell"}


@given(
    st.binary(max_size=60) | st.text(st.sampled_from('",;\t\r\na1'), max_size=40).map(str.encode)
)
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        book = read_delimited(data)
    except UnreadableFile as refused:
        assert refused.code == "F02"  # noqa: PT017 - either outcome is right
    else:
        assert len(book.sheets) == 1
