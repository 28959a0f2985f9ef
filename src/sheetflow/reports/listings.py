"""Prints a table of texts in Word and in HTML; a long row goes on overleaf, but of a register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from sheetflow.reports.fitting import TEXT_WIDTH
from sheetflow.reports.tables import joined, word_borders, word_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheetflow.reports.listing_view import ListingView

_SIZE, _SMALL_SIZE = (21, 300), (15, 200)
"""Type size (10.5 pt, 7.5 pt) in half points and line spacing in twentieths of a point."""
_SMALL_STYLE = Markup(' style="font-size:7.5pt"')
_SMALL_MARGINS = Markup(
    '<w:tblCellMar><w:left w:w="34" w:type="dxa"/><w:right w:w="34" w:type="dxa"/></w:tblCellMar>'
)


def html_listing(listing: ListingView) -> Markup:
    """Render a table of texts as HTML."""
    columns = (Markup('<col style="width:{}%">').format(width) for width in listing.widths)
    head = (Markup('<th scope="col">{}</th>').format(text) for text in listing.header)
    rows = (
        Markup("<tr>{}</tr>\n").format(joined(Markup("<td>{}</td>").format(t) for t in row))
        for row in listing.rows
    )
    return Markup(
        '<table class="listing"{}><colgroup>{}</colgroup><thead><tr>{}</tr></thead>'
        "<tbody>\n{}</tbody></table>"
    ).format(_SMALL_STYLE if listing.is_small else "", joined(columns), joined(head), joined(rows))


def word_listing(listing: ListingView) -> Markup:
    """Render a table of texts as WordprocessingML, all formatting its own."""
    widths = [TEXT_WIDTH * width // sum(listing.widths) for width in listing.widths]
    whole = Markup("<w:trPr><w:cantSplit/></w:trPr>") if listing.is_small else Markup("")
    return Markup(
        '<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:jc w:val="center"/>{}'
        '<w:tblLayout w:type="fixed"/>{}</w:tblPr>'
        "<w:tblGrid>{}</w:tblGrid>{}{}</w:tbl>"
    ).format(
        sum(widths),
        word_borders(),
        _SMALL_MARGINS if listing.is_small else "",
        joined(Markup('<w:gridCol w:w="{}"/>').format(width) for width in widths),
        _row(listing, listing.header, widths, "黑体", Markup("<w:trPr><w:tblHeader/></w:trPr>")),
        joined(_row(listing, row, widths, "宋体", whole) for row in listing.rows),
    )


def _row(
    listing: ListingView, texts: Sequence[str], widths: Sequence[int], font: str, properties: Markup
) -> Markup:
    size = _SMALL_SIZE if listing.is_small else _SIZE
    cells = (_cell(text, width, font, size) for text, width in zip(texts, widths, strict=True))
    return Markup("<w:tr>{}{}</w:tr>").format(properties, joined(cells))


def _cell(text: str, width: int, font: str, size: tuple[int, int]) -> Markup:
    half_points, line = size
    return Markup(
        '<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        '<w:p><w:pPr><w:snapToGrid w:val="0"/>'
        '<w:spacing w:before="0" w:after="0" w:line="{}" w:lineRule="exact"/>'
        '<w:ind w:firstLineChars="0" w:firstLine="0"/></w:pPr>'
        '<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
        'w:cs="Times New Roman" w:eastAsia="{}"/><w:sz w:val="{}"/></w:rPr>'
        '<w:t xml:space="preserve">{}</w:t></w:r></w:p></w:tc>'
    ).format(width, line, font, half_points, word_text(text))
