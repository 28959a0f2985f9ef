"""退回通知 as a Word document in the official layout (GB/T 9704): title, text, signer, date."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sheetflow.reports.word import CREATED, LONGEST_PROPERTY, repacked
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheetflow.workbooks.text_tables import TextTable

_WIDTH = 210
_MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}
"""Of GB/T 9704, in millimetres."""
_TITLE, _BODY = ("方正小标宋简体", 22.0), ("仿宋", 16.0)
_LINE, _SMALL = 28.9, 10.5
_TITLE_LINE = 20
"""Characters of a title that fit a line; a longer one is broken after its period."""
_PERIOD = re.compile("[0-9]年(?:[上下]半年|第[一二三四]季度|1?[0-9]月)?")
DATE_PLACE = "年　　月　　日"
"""Filled in by hand when the notice is signed, as in the report."""


def notice_docx(lines: Sequence[str], table: TextTable | None = None) -> bytes:
    """Write a notice: its first line is the title, its last the signer; then a table, if any.

    Above the text and above the signer a line is left empty.
    """
    from docx import Document  # noqa: PLC0415 - heavy, and only needed here
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_WIDTH), Mm(297)
    for edge, millimetres in _MARGINS.items():
        setattr(section, f"{edge}_margin", Mm(millimetres))
    title, *body, signer, date = texts_of(lines)
    for text, (font, size), align, above, below in (
        (title, _TITLE, ALIGN.CENTER, 0, _LINE),
        *((line, _BODY, ALIGN.JUSTIFY, 0, 0) for line in body),
        (signer, _BODY, ALIGN.RIGHT, _LINE, 0),
        (date, _BODY, ALIGN.RIGHT, 0, 0),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = align
        layout = paragraph.paragraph_format
        layout.line_spacing, layout.space_before = Pt(_LINE), Pt(above)
        layout.space_after = Pt(below)
        _run(paragraph, clean_text(text), font, Pt(size))
    if table:
        _write_table(document, table)
    properties = document.core_properties
    properties.title, properties.author = clean_text(lines[0])[:LONGEST_PROPERTY], ""
    properties.created = properties.modified = CREATED
    target = BytesIO()
    document.save(target)
    return repacked(target.getvalue())


def texts_of(lines: Sequence[str]) -> tuple[str, ...]:
    """Give a notice's paragraphs: a title longer than a line is broken, a place for the date added.

    It is broken where it can be read, after its period.
    """
    title, *others = lines
    if len(title) > _TITLE_LINE:
        title = _PERIOD.sub("\\g<0>\n", title, count=1)
    return (title, *others, DATE_PLACE)


def _write_table(document: Any, texts: TextTable) -> None:  # noqa: ANN401 - python-docx has no types
    """Write a table with borders, its columns as wide as it says to each other.

    Its head is repeated on each page, and no row is split.
    """
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    table = document.add_table(rows=0, cols=len(texts.header), style="Table Grid")
    table.autofit = False
    room = (_WIDTH - _MARGINS["left"] - _MARGINS["right"]) / sum(texts.widths)
    widths = [Mm(width * room) for width in texts.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row_texts in enumerate((texts.header, *texts.rows)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - no other way
        for name in ("w:cantSplit", *(("w:tblHeader",) if not number else ())):
            mark = OxmlElement(name)
            mark.set(qn("w:val"), "true")
            properties.append(mark)
        for cell, width, text in zip(row.cells, widths, row_texts, strict=True):
            cell.width = width
            _run(cell.paragraphs[0], clean_text(text), _BODY[0], Pt(_SMALL))


def _run(paragraph: Any, text: str, font: str, size: Any) -> None:  # noqa: ANN401 - python-docx has no types
    from docx.oxml.ns import qn  # noqa: PLC0415

    run = paragraph.add_run(text)
    run.font.size = size
    run.font.name = "Times New Roman"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)  # noqa: SLF001 - no other way
