"""report.pdf without LibreOffice: the same view set by typst (extra `sheetflow[pdf]`).

Whatever text comes from outside stands in string literals, where nothing but a quote and a
backslash means anything to typst.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from sheetflow.reports.appendices import appendices
from sheetflow.reports.fitting import SMALL, settings_of
from sheetflow.reports.pdf import ABSENT, FAILED, Pdf, word_to_pdf
from sheetflow.reports.tables import CONTINUED, WHOLE, table_rows
from sheetflow.reports.templating import Target, template_names, template_of
from sheetflow.reports.view import report_view

if TYPE_CHECKING:
    from sheetflow.reports.fitting import Setting
    from sheetflow.reports.listing_view import ListingView
    from sheetflow.reports.pdf import Printer
    from sheetflow.reports.results import Results
    from sheetflow.reports.view import TableView

_SMALL = "#show table: set text(size: 7.5pt)\n#set table(inset: (x: 1.7pt, y: 3pt))\n"
_SHIPPED = files("sheetflow") / "reports" / "templates" / "report.typ.j2"


def printer_for(results: Results) -> Printer:
    """Give what prints the report: LibreOffice, else typst where it is installed.

    Only LibreOffice can print an office's own Word template.
    """

    def print_report(document: bytes) -> Pdf:
        printed = word_to_pdf(document)
        if printed.missing == ABSENT and results.word_template is None:
            return typeset(results)
        return printed

    return print_report


def typeset(results: Results) -> Pdf:
    """Set the report as a PDF; without typst, or if it fails, say so."""
    try:
        import typst  # noqa: PLC0415 - an extra
    except ImportError:
        return Pdf(None, ABSENT)
    try:
        return Pdf(typst.compile(typst_source(results)))
    except typst.TypstError:
        return Pdf(None, FAILED)


def typst_source(results: Results) -> bytes:
    """Write the report in typst's markup."""
    names = template_names(report_view(results), _TARGET, appendices(results))
    return template_of(_SHIPPED.read_text(encoding="utf-8")).render(names).encode()


def typst_text(text: str) -> Markup:
    """Write a text as a string literal; an empty one as nothing."""
    if not text:
        return Markup()
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return Markup(f'#"{quoted}";')  # noqa: S704 - quoted for typst, which knows no HTML


def typst_table(table: TableView) -> Markup:
    """Write an official table, each tile in its place."""
    between = Markup("#align(right, text(size: 9pt)[{}])\n").format(CONTINUED)
    return between.join(map(_part, settings_of(table)))


def _part(setting: Setting) -> Markup:
    table = setting.table
    tiles = dict.fromkeys(tile for row in table_rows(table) for tile in row)
    shares = ", ".join(f"{1000 * share:.0f}fr" for share in setting.shares)
    cells = (
        f"table.cell(x: {t.box.column}, y: {t.box.row}, colspan: {t.box.columns}, "
        f"rowspan: {t.box.rows})[{typst_text(t.text)}],\n"
        for t in tiles
    )
    whole = "false" if table.grid.rows <= WHOLE else "true"
    size = f"#show table: set text(size: {min(setting.points, SMALL)}pt)\n"
    return Markup(  # noqa: S704 - ours
        f"#[{size}#block(breakable: {whole}, table(columns: ({shares}),\n{''.join(cells)}))]\n"
    )


def typst_listing(listing: ListingView) -> Markup:
    """Write a table of texts, its head repeated on each page."""
    shares = ", ".join(f"{width}fr" for width in listing.widths)
    head = ", ".join(f"[{typst_text(text)}]" for text in listing.header)
    rows = "".join(f"[{typst_text(text)}],\n" for row in listing.rows for text in row)
    table = f"#table(columns: ({shares},), table.header({head}),\n{rows})\n"
    if listing.is_small:
        table = f"#[{_SMALL}{table}]\n"
    return Markup(table)  # noqa: S704 - ours


_TARGET = Target(
    text=typst_text,
    figure=lambda stretch: typst_text(stretch.text),
    table=typst_table,
    listing=typst_listing,
)
