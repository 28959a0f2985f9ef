"""report-fragment.html: for pasting into a portal's editor, which strips all but plain markup.

Every style stands on its element, and the tables' borders stand in attributes as well. What is for
the office alone (who has not reported, what was decided) is not in it: this text is published.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from sheetflow.layout.grid import Role
from sheetflow.reports.fitting import settings_of
from sheetflow.reports.tables import CONTINUED, html_scope, html_spans, joined, table_rows
from sheetflow.reports.templating import Target, template_names, template_of
from sheetflow.reports.view import report_view

if TYPE_CHECKING:
    from sheetflow.reports.fitting import Setting
    from sheetflow.reports.listing_view import ListingView
    from sheetflow.reports.results import Results
    from sheetflow.reports.tables import Tile
    from sheetflow.reports.view import TableView

_SHIPPED = files("sheetflow") / "reports" / "templates" / "report-fragment.html.j2"
_ENCODING = "utf-8-sig"
"""A fragment can't name its encoding; the mark at its beginning tells browsers and editors."""
_TABLE = (
    "width:100%;border-collapse:collapse;border:1px solid #333333;table-layout:fixed;"
    "font-family:宋体,SimSun,serif;font-size:14px;line-height:1.5"
)
_CELL = (
    "border:1px solid #333333;padding:4px 3px;font-weight:normal;vertical-align:middle;"
    "word-break:break-all;text-indent:0;text-align:{}"
)


def render_fragment(results: Results) -> bytes:
    """Render report-fragment.html."""
    template = template_of(_SHIPPED.read_text(encoding="utf-8"))
    return template.render(template_names(report_view(results), _TARGET)).encode(_ENCODING)


def fragment_table(table: TableView) -> Markup:
    """Render a table with all its formatting on its elements."""
    between = Markup('<p style="text-align:right">{}</p>\n').format(CONTINUED)
    return between.join(map(_part, settings_of(table)))


def _part(setting: Setting) -> Markup:
    columns = (
        Markup('<col width="{0:.2f}%" style="width:{0:.2f}%">').format(100 * share)
        for share in setting.shares
    )
    rows = (
        Markup("<tr>{}</tr>\n").format(
            joined(_cell(tile, setting) for tile in row if tile.box.row == index)
        )
        for index, row in enumerate(table_rows(setting.table))
    )
    return Markup(
        '<table border="1" cellspacing="0" cellpadding="4" width="100%" style="{}">'
        "<colgroup>{}</colgroup><tbody>\n{}</tbody></table>"
    ).format(_TABLE, joined(columns), joined(rows))


def _cell(tile: Tile, setting: Setting) -> Markup:
    note = tile.role is Role.CORNER and setting.table.grid.label_columns > 1
    name = tile.role is Role.ITEM and tile.box.rows == 1 and setting.is_small
    style = _CELL.format("left" if note or name else "center")
    spans = html_spans(tile.box)
    if tile.role is None or note:
        return Markup('<td style="{}"{}>{}</td>').format(style, spans, tile.text)
    scope = html_scope(tile)
    return Markup('<th scope="{}" style="{}"{}>{}</th>').format(scope, style, spans, tile.text)


def fragment_listing(listing: ListingView) -> Markup:
    """Render a table of texts with all its formatting on its elements."""
    columns = (
        Markup('<col width="{0}%" style="width:{0}%">').format(width) for width in listing.widths
    )
    style = _CELL.format("left")
    rows = (
        joined(Markup('<{} style="{}">{}</{}>').format(tag, style, text, tag) for text in row)
        for tag, row in (("th", listing.header), *(("td", row) for row in listing.rows))
    )
    return Markup(
        '<table border="1" cellspacing="0" cellpadding="4" width="100%" style="{}">'
        "<colgroup>{}</colgroup><tbody>\n{}</tbody></table>"
    ).format(_TABLE, joined(columns), joined(map(Markup("<tr>{}</tr>\n").format, rows)))


_TARGET = Target(
    text=escape,
    figure=lambda stretch: escape(stretch.text),
    table=fragment_table,
    listing=fragment_listing,
)
