"""Rows put as XML into a workbook that was written without them: far quicker than cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks.markup import Markup
from sheetflow.workbooks.zip_assembly import assembled, deflated, deflated_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.workbooks.markup import Style
    from sheetflow.workbooks.styles import StyledWorkbook

_LAST_ROW = b"</sheetData>"
_AT_ONCE = 256
_TEXTS = "xl/sharedStrings.xml"
_COUNTS = re.compile(rb' count="(\d+)" uniqueCount="(\d+)"')
_SIZE = re.compile(rb'(?<=<dimension ref=")[^"]*')


class SheetRows(NamedTuple):
    """The last rows of a sheet, as XML, and the address of its last cell."""

    rows: Iterable[str]
    last: str
    links: str = ""
    """The links of cells, for a sheet with merged cells that has none yet."""
    relations: str = ""
    """The part that says where links to other files lead."""


Writer = Callable[[Markup], SheetRows]


def finished_with(
    book: StyledWorkbook, styles: Iterable[Style], writers: Mapping[str, Writer]
) -> bytes:
    """Give a workbook's bytes, with rows in the sheets that the writers are named after.

    `styles` are the formats of their cells.
    """
    names = [page.get_name() for page in book.worksheets()]
    formats = {style: book.format_number(style[0], kind=style[1]) for style in styles}
    parts = {part.name: part for part in book.parts()}
    texts = parts[_TEXTS].content
    uses, number = map(int, _COUNTS.findall(texts)[0])
    markup = Markup(formats, number)
    for sheet, write in writers.items():
        file = f"sheet{1 + names.index(sheet)}.xml"
        name, made = f"xl/worksheets/{file}", write(markup)
        parts[name] = deflated_from(name, _with_rows(parts[name].content, made))
        if made.relations:
            name = f"xl/worksheets/_rels/{file}.rels"
            parts[name] = deflated(name, made.relations.encode())
    texts = _COUNTS.sub(markup.counts(uses).encode(), texts, count=1)
    parts[_TEXTS] = deflated(_TEXTS, texts.replace(b"</sst>", markup.texts() + b"</sst>"))
    return assembled(parts.pop(name) for name in tuple(parts))


def _with_rows(content: bytes, made: SheetRows) -> Iterator[bytes]:
    """Put rows into a sheet, a few hundred at a time: all of them may be very large."""
    head, rest = content.split(_LAST_ROW)
    yield _SIZE.sub(f"A1:{made.last}".encode(), head, count=1)
    rows = iter(made.rows)
    while some := list(islice(rows, _AT_ONCE)):
        yield "".join(some).encode()
    yield _LAST_ROW + rest.replace(b"</mergeCells>", b"</mergeCells>" + made.links.encode())
