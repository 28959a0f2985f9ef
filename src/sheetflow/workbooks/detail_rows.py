"""The rows of 明细 as XML: many figures, most of them linked to the cell that they come from.

One relationship a file serves all links into it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from sheetflow.model.cells import column_letters, plain
from sheetflow.relations.formula import quoted
from sheetflow.workbooks.detail import FIRST_COLUMN, FIRST_ROW
from sheetflow.workbooks.sheet_rows import SheetRows
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.workbooks.detail import Detail
    from sheetflow.workbooks.markup import Markup, Style
    from sheetflow.workbooks.sheet_rows import Writer

HEAD_STYLE: Style = ("cell", "")
MOST_LINKS = 60_000
"""Excel opens no sheet that has more than 65,530."""
_NUMBER = "\0"
"""Stands for a row's number, where many rows are written alike."""
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
)
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_ESCAPES = str.maketrans({each: f"%{ord(each):02x}" for each in '%" <>[]^`{}#'} | {"/": "\\"})


def detail_styles(form: Form, detail: Detail) -> dict[CellRef, Style]:
    """Give the format of each column of figures."""
    return {ref: (form.cells[ref].measure.value, "") for ref in detail.cells}


def detail_rows(form: Form, detail: Detail) -> Writer:
    """Give what writes the rows, and the links of figures."""

    def write(markup: Markup) -> SheetRows:
        last = column_letters(FIRST_COLUMN + len(detail.cells) - 1)
        last = f"{last}{FIRST_ROW + len(detail.rows)}"
        formats = map(markup.format, detail_styles(form, detail).values())
        return SheetRows(_rows(detail, [*formats], markup), last, *_links(detail))

    return write


def _rows(detail: Detail, formats: Sequence[str], markup: Markup) -> Iterator[str]:
    """Write the rows; what is the same in each, all but figures and its number, is put together."""
    pieces = [""]
    for ref, form in zip(detail.cells, formats, strict=True):
        pieces[-1] += f'<c r="{detail.columns[ref]}{_NUMBER}"{form}'
        pieces += ("", "")
    for number, row in enumerate(detail.rows, FIRST_ROW + 1):
        head = (
            f'<c r="{column_letters(column)}{number}"{markup.cell(HEAD_STYLE, text)}'
            for column, text in enumerate(row.head)
        )
        pieces[1::2] = map(_held, row.values)
        figures = "".join(pieces).replace(_NUMBER, str(number))
        yield f'<row r="{number}">{"".join(head)}{figures}</row>'


def _links(detail: Detail) -> tuple[str, str]:
    """Link figures with the cells of returns, unless there are too many to open the sheet."""
    if sum(len(row.places) for row in detail.rows) > MOST_LINKS:
        return "", ""
    files: dict[str, str] = {}
    links = "".join(
        f'<hyperlink ref="{detail.columns[ref]}{number}"'
        f' r:id="{files.setdefault(place.file, f"rId{len(files) + 1}")}"'
        f" location={_spot(place.sheet, place.address)}/>"
        for number, row in enumerate(detail.rows, FIRST_ROW + 1)
        if row.places
        for ref, value in zip(detail.cells, row.values, strict=True)
        if value is not None and (place := row.places.get(ref))
    )
    relations = "".join(
        f'<Relationship Id="{key}" Type="{_HYPERLINK}"'
        f' Target={_target(file)} TargetMode="External"/>'
        for file, key in files.items()
    )
    if not links:
        return "", ""
    return f"<hyperlinks>{links}</hyperlinks>", f"{_RELATIONS}{relations}</Relationships>"


@lru_cache(maxsize=1 << 16)
def _held(value: int | Decimal | None) -> str:
    """Write what follows a figure's format; a blank stays a blank."""
    if value is None:
        return "/>"
    if isinstance(value, int):
        return f"><v>{value}</v></c>"
    whole = value == value.to_integral_value()
    return f"><v>{plain(value if whole else Decimal(repr(float(value))))}</v></c>"


@lru_cache(maxsize=1 << 12)
def _spot(sheet: str, address: str) -> str:
    return quoteattr(clean_text(f"{quoted(sheet)}!{address}"))


def _target(file: str) -> str:
    """Name a file beside the output folder, as Excel does."""
    return quoteattr("..\\" + clean_text(file).translate(_ESCAPES))
