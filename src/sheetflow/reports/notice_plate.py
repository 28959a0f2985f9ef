"""退回通知 for many agencies: built once as `notice_docx` builds it, then stamped."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from sheetflow.reports.notice import notice_docx, texts_of
from sheetflow.reports.word import LONGEST_PROPERTY
from sheetflow.workbooks.stamping import gap, plate_of
from sheetflow.workbooks.styles import clean_text
from sheetflow.workbooks.zip_assembly import deflated, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheetflow.workbooks.stamping import Plate
    from sheetflow.workbooks.zip_assembly import Part

_PARAGRAPHS, _PROPERTY = "paragraphs", "title property"
_PARTS = {
    "word/document.xml": (re.compile(rb"<w:p>.*</w:p>", re.DOTALL), _PARAGRAPHS),
    "docProps/core.xml": (re.compile(rb"(?<=<dc:title>)[^<]*"), _PROPERTY),
}
_PARAGRAPH = re.compile(rb"(<w:p>.*?)<w:t>.*?</w:t>(.*?</w:p>)", re.DOTALL)
_BREAK = re.compile(r"([\t\n\r])")
_RETURN = {"\r": "&#13;"}


class _Built(NamedTuple):
    """A notice with gaps, and what stands around its title, a line, its signer and its date."""

    plate: Plate
    around: tuple[tuple[bytes, bytes], ...]


def stamped_notice(lines: Sequence[str]) -> bytes:
    """Write a notice of at least a title and a signer, as `notice_docx` would without a table."""
    built = _built()
    title, line, signer, date = built.around
    around = (title, *(line for _ in lines[2:]), signer, date)
    texts = map(clean_text, texts_of(lines))
    paragraphs = (
        before + _run(text) + after for (before, after), text in zip(around, texts, strict=True)
    )
    named = escape(clean_text(lines[0])[:LONGEST_PROPERTY], _RETURN)
    given = {_PARAGRAPHS: b"".join(paragraphs), _PROPERTY: named.encode()}
    return built.plate.filled({name.encode(): content for name, content in given.items()})


@cache
def _built() -> _Built:
    parts = [*parts_of(notice_docx(("title", "line", "signer")))]
    (document,) = (part.content for part in parts if part.name == "word/document.xml")
    around = ((match[1], match[2]) for match in _PARAGRAPH.finditer(document))
    return _Built(plate_of(_gapped(parts)), tuple(around))


def _gapped(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        if part.name in _PARTS:
            pattern, name = _PARTS[part.name]
            content = pattern.sub(gap(name).encode(), part.content, count=1)
            yield deflated(part.name, content)
        else:
            yield part


def _run(text: str) -> bytes:
    """Write a text as python-docx does: tabs and line breaks are elements of their own."""
    return b"".join(_piece(piece) for piece in _BREAK.split(text) if piece)


def _piece(piece: str) -> bytes:
    if _BREAK.fullmatch(piece):
        return b"<w:tab/>" if piece == "\t" else b"<w:br/>"
    preserve = b' xml:space="preserve"' if piece != piece.strip() else b""
    return b"<w:t%s>%s</w:t>" % (preserve, escape(piece).encode())
