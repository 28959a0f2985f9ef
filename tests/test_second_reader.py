"""A second, independent reader sees the same cells, but for differences with a known reason."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as OtherWorkbook
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula

from campaigns import send, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import open_campaign
from sheetflow.campaign.merging import merge
from sheetflow.workbooks.workbook import CellKind, RawCell
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openpyxl.cell.cell import Cell
    from xlsxwriter.worksheet import Worksheet

    Seen = dict[tuple[str, int, int], object]

FILES = Path(__file__).parent / "fixtures" / "clients"
MASTERS = Path(__file__).parents[1] / "templates" / "xlsx"
NOT_READ_BY_US = {"pylightxl.xlsx": "not well-formed XML"}
NOT_READ_BY_IT = {
    "go-tealeg.xlsx": "wants styles as Excel orders them",
    "handmade-backslashes.xlsx": "takes names of parts literally",
    "handmade-case.xlsx": "takes names of parts literally",
    "handmade-strict.xlsx": "does not know the namespaces of Strict",
    "r-openxlsx.xlsx": "wants the drawings that openxlsx names and leaves out",
    "wps-like-inline.xlsx": "wants the shared strings that the content types name",
}
SAVED = sorted({*FILES.glob("*.xls[xm]"), *MASTERS.glob("*.xlsx")})
BOTH = [p for p in SAVED if p.name not in NOT_READ_BY_IT and p.name not in NOT_READ_BY_US]
_NUMBERS = {CellKind.NUMBER, CellKind.DATE, CellKind.PERCENT}
_MILLISECOND = 1 / 86_400_000  # of a day
_PLAIN = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff")


class Moment(NamedTuple):
    """A serial that the second reader turned into a date or a time."""

    serial: float


def ours(data: bytes) -> Seen:
    return {
        (sheet.name, row, column): value
        for sheet in read_xlsx(data).sheets
        for (row, column), raw in sheet.cells.items()
        if (value := our_value(raw)) is not None
    }


def our_value(raw: RawCell) -> object:
    if raw.kind is CellKind.BLANK:  # a formula without a result
        return None
    if raw.kind is CellKind.BOOLEAN:
        return raw.text == "1"
    return float(raw.text) if raw.kind in _NUMBERS else raw.text  # it keeps no digits as written


def its(data: bytes) -> Seen:
    return {
        (sheet, cell.row - 1, cell.column - 1): value
        for sheet, cell in its_cells(data, results=True)
        if (value := its_value(cell.value)) is not None
    }


def its_value(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return Moment(to_excel(value))  # type: ignore[no-untyped-call]
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    return value or None  # it has cells that hold a text of no characters


def its_cells(data: bytes, *, results: bool) -> Iterator[tuple[str, Cell]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), data_only=results)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell) for cell in row if cell.value is not None)


def our_formulas(data: bytes) -> Seen:
    return {
        (sheet.name, row, column): raw.formula
        for sheet in read_xlsx(data).sheets
        for (row, column), raw in sheet.cells.items()
        if raw.formula  # what only shares another's formula has no text of its own
    }


def its_formulas(data: bytes, wanted: Seen) -> Seen:
    """Give its formulas; it writes out the text of those that share one."""
    found: Seen = {}
    for sheet, cell in its_cells(data, results=False):
        value: Any = cell.value
        text = str(value.text if isinstance(value, ArrayFormula) else value)
        at = (sheet, cell.row - 1, cell.column - 1)
        if cell.data_type == "f" and at in wanted:
            found[at] = text.removeprefix("=")
    return found


def differences(data: bytes) -> list[object]:
    mine, other = ours(data), its(data)
    places = sorted(set(mine) | set(other))
    values = [
        (at, mine.get(at), other.get(at)) for at in places if not same(mine.get(at), other.get(at))
    ]
    formulas = our_formulas(data)
    return [*values, *(formulas.items() ^ its_formulas(data, formulas).items())]


def same(mine: object, other: object) -> bool:
    if isinstance(mine, float) and isinstance(other, Moment):  # it rounds to milliseconds
        return abs(mine - other.serial) < _MILLISECOND
    return type(mine) is type(other) and mine == other


@pytest.mark.parametrize("file", BOTH, ids=[file.name for file in BOTH])
def test_saved_workbooks_hold_the_same_cells_for_both_readers(file: Path) -> None:
    assert differences(file.read_bytes()) == []


@pytest.mark.parametrize("name", NOT_READ_BY_IT)
def test_what_only_the_second_reader_fails_on_is_known(name: str) -> None:
    data = (FILES / name).read_bytes()
    try:
        cells = its(data)
    except (KeyError, ValueError):
        cells = {}
    assert ours(data)
    assert not cells


def test_our_own_outputs_hold_the_same_cells_for_both_readers(tmp_path: Path) -> None:
    root = start(tmp_path / "campaign", "a 甲局 . 部门\nb 乙局 . 部门")
    send(root, a="new 3 1\ncopies 2.5 1", b="left 2 -")
    campaign = open_campaign(root)
    merge(campaign, compute(campaign))
    made = [*root.rglob("*.xlsx")]
    assert len(made) >= 5
    assert {file.name: differences(file.read_bytes()) for file in made} == {
        file.name: [] for file in made
    }


def test_each_kind_of_value_is_the_same_for_both_readers() -> None:
    assert differences(written(every_kind)) == []


def every_kind(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    formats = ("yyyy-mm-dd", "h:mm:ss", "[h]:mm", "0.00%", "[DBNum1]0", '"年"0', "0.00E+00")
    for row, code in enumerate(formats):
        sheet.write_number(row, 0, 45678.123456789, book.add_format({"num_format": code}))
        sheet.write_number(row, 1, 0.1 + 0.2, book.add_format({"num_format": code}))
    for row, number in enumerate((0, -1, 1e-300, 123456789012345678, 18651.064104, 1 / 3)):
        sheet.write_number(row, 2, number)
    sheet.write_boolean(0, 3, boolean=True)
    sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 3, '="a"&"b"', None, "ab")
    sheet.write_formula(3, 3, "=TRUE", None, value=True)
    sheet.write_array_formula(4, 3, 4, 3, "{=SUM(A1:A2*B1:B2)}", None, 7)
    sheet.write_string(5, 3, " 前后有空格 \n第二行\t")
    sheet.write_rich_string(6, 3, "一", book.add_format({"bold": True}), "二", "三 ")


def test_moments_are_the_serials_that_were_saved() -> None:
    book = OtherWorkbook()
    sheet: Any = book.active
    sheet.append([dt.datetime(2024, 2, 29, 13, 14, 15, 16000), dt.date(1900, 3, 1), dt.time(6, 30)])  # noqa: DTZ001 - a cell knows no zone
    sheet.append([dt.timedelta(hours=30), True, None, "", "#N/A", "=A1"])
    target = io.BytesIO()
    book.save(target)
    assert differences(target.getvalue()) == []


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 300), st.integers(0, 60)),
        st.one_of(
            st.text(_PLAIN, min_size=1, max_size=20),
            st.floats(allow_nan=False, allow_infinity=False),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_any_cells_are_the_same_for_both_readers(cells: dict[tuple[int, int], object]) -> None:
    def put(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        for (row, column), value in cells.items():
            sheet.write(row, column, value)

    data = written(put)
    assert differences(data) == []
    assert len(ours(data)) == len(cells)


def written(put: Callable[[xlsxwriter.Workbook, Worksheet], None]) -> bytes:
    """Write a workbook of one sheet."""
    target = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, plain) as book:
        put(book, book.add_worksheet("表"))
    return target.getvalue()
