"""退回通知 as a Word document in the official layout (GB/T 9704): title, paragraphs, signer."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from sheetflow.reports.word import CREATED, repacked
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}
"""Of GB/T 9704, in millimetres."""
_TITLE, _BODY = ("方正小标宋简体", 22.0), ("仿宋_GB2312", 16.0)
_LINE = 28.9


def notice_docx(lines: Sequence[str]) -> bytes:
    """Write a notice: its first line is the title, its last the signer."""
    from docx import Document  # noqa: PLC0415 - heavy, and only needed here
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for edge, millimetres in _MARGINS.items():
        setattr(section, f"{edge}_margin", Mm(millimetres))
    title, *body, signer = lines
    for text, (font, size), align in (
        (title, _TITLE, ALIGN.CENTER),
        *((line, _BODY, ALIGN.JUSTIFY) for line in body),
        (signer, _BODY, ALIGN.RIGHT),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.line_spacing = Pt(_LINE)
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, clean_text(text), font, Pt(size))
    properties = document.core_properties
    properties.title, properties.author = clean_text(title)[:255], ""
    properties.created = properties.modified = CREATED
    target = BytesIO()
    document.save(target)
    return repacked(target.getvalue())


def _run(paragraph: Any, text: str, font: str, size: Any) -> None:  # noqa: ANN401 - python-docx has no types
    from docx.oxml.ns import qn  # noqa: PLC0415

    run = paragraph.add_run(text)
    run.font.size = size
    run.font.name = "Times New Roman"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)  # noqa: SLF001 - no other way
