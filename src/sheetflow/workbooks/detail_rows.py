"""The rows of 明细 as XML: many figures, most of them linked to the cell that they come from.

One relationship a file serves all links into it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from sheetflow.model.cells import column_letters, plain
from sheetflow.relations.formula import quoted
from sheetflow.workbooks.detail import DETAIL, FIRST_COLUMN, FIRST_ROW
from sheetflow.workbooks.markup import Markup
from sheetflow.workbooks.styles import clean_text
from sheetflow.workbooks.zip_assembly import deflated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sheetflow.model.form import Form
    from sheetflow.workbooks.detail import Detail
    from sheetflow.workbooks.markup import Style
    from sheetflow.workbooks.styles import StyledWorkbook
    from sheetflow.workbooks.zip_assembly import Part

_HEAD_STYLE: Style = ("cell", "")
_MOST_LINKS = 60_000
"""Excel opens no sheet that has more than 65,530."""
_SIZE = re.compile(rb'(?<=<dimension ref=")[^"]*')
_TEXTS, _COUNTS = "xl/sharedStrings.xml", re.compile(rb' count="(\d+)" uniqueCount="(\d+)"')
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
)
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_ESCAPES = str.maketrans({each: f"%{ord(each):02x}" for each in '%" <>[]^`{}#'} | {"/": "\\"})


class DetailRows:
    """Puts the rows of 明细 into a workbook that is written without them."""

    def __init__(self, form: Form, detail: Detail, book: StyledWorkbook) -> None:
        names = [page.get_name() for page in book.worksheets()]
        self._sheet = f"sheet{1 + names.index(DETAIL)}.xml"
        self._detail = detail
        measures = [form.cells[ref].measure.value for ref in detail.cells]
        self._formats = [book.format_number(measure) for measure in measures]
        name, kind = _HEAD_STYLE
        self._head = {_HEAD_STYLE: book.format_number(name, kind=kind)}

    def put_into(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Give the parts of the workbook with the rows, and with the links of figures."""
        by_name = {part.name: part for part in parts}
        name = f"xl/worksheets/{self._sheet}"
        texts = by_name[_TEXTS].content
        uses, number = map(int, _COUNTS.findall(texts)[0])
        markup = Markup(self._head, number)
        rows = "".join(self._rows(markup)).encode()
        links, relations = self._links()
        content = by_name[name].content.replace(b"</sheetData>", rows + b"</sheetData>")
        content = content.replace(b"</mergeCells>", b"</mergeCells>" + links)
        by_name[name] = deflated(name, _SIZE.sub(self._size().encode(), content, count=1))
        texts = _COUNTS.sub(markup.counts(uses).encode(), texts, count=1)
        texts = texts.replace(b"</sst>", markup.texts() + b"</sst>")
        by_name[_TEXTS] = deflated(_TEXTS, texts)
        if links:
            part = f"xl/worksheets/_rels/{self._sheet}.rels"
            by_name[part] = deflated(part, relations)
        yield from by_name.values()

    def _size(self) -> str:
        last = column_letters(FIRST_COLUMN + len(self._detail.cells) - 1)
        return f"A1:{last}{FIRST_ROW + len(self._detail.rows)}"

    def _rows(self, markup: Markup) -> Iterator[str]:
        formats = [f'" s="{number}"' for number in self._formats]
        columns = [self._detail.columns[ref] for ref in self._detail.cells]
        for number, row in enumerate(self._detail.rows, FIRST_ROW + 1):
            head = (
                f'<c r="{column_letters(column)}{number}"{markup.cell(_HEAD_STYLE, text)}'
                for column, text in enumerate(row.head)
            )
            values = map(row.values.get, self._detail.cells)
            figures = (
                f'<c r="{letters}{number}{form}{_held(value)}'
                for letters, form, value in zip(columns, formats, values, strict=True)
            )
            yield f'<row r="{number}">{"".join((*head, *figures))}</row>'

    def _links(self) -> tuple[bytes, bytes]:
        """Link figures with the cells of returns, unless there are too many to open the sheet."""
        rows = self._detail.rows
        if not 0 < sum(len(row.places) for row in rows) <= _MOST_LINKS:
            return b"", b""
        files: dict[str, str] = {}
        links = [
            f'<hyperlink ref="{self._detail.columns[ref]}{number}"'
            f' r:id="{files.setdefault(place.file, f"rId{len(files) + 1}")}"'
            f" location={_spot(place.sheet, place.address)}/>"
            for number, row in enumerate(rows, FIRST_ROW + 1)
            for ref, place in row.places.items()
            if row.values.get(ref) is not None
        ]
        relations = (
            f'<Relationship Id="{key}" Type="{_HYPERLINK}"'
            f' Target={_target(file)} TargetMode="External"/>'
            for file, key in files.items()
        )
        written = f"{_RELATIONS}{''.join(relations)}</Relationships>"
        return f"<hyperlinks>{''.join(links)}</hyperlinks>".encode(), written.encode()


@lru_cache(maxsize=1 << 16)
def _held(value: Decimal | None) -> str:
    """Write what follows a figure's format; a blank stays a blank."""
    if value is None:
        return "/>"
    whole = value == value.to_integral_value()
    return f"><v>{plain(value if whole else Decimal(repr(float(value))))}</v></c>"


@lru_cache(maxsize=1 << 12)
def _spot(sheet: str, address: str) -> str:
    return quoteattr(clean_text(f"{quoted(sheet)}!{address}"))


def _target(file: str) -> str:
    """Name a file beside the output folder, as Excel does."""
    return quoteattr("..\\" + clean_text(file).translate(_ESCAPES))
