"""report.html: one file that stands alone, on screen and on paper; each figure names its cell."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import meta
from markupsafe import Markup, escape

from sheetflow.reports.appendices import appendices
from sheetflow.reports.listings import html_listing
from sheetflow.reports.results import HTML_TEMPLATE
from sheetflow.reports.tables import html_table
from sheetflow.reports.templating import (
    Names,
    Target,
    check_template,
    environment,
    faults_named,
    template_names,
    template_of,
)
from sheetflow.reports.view import report_view
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from sheetflow.reports.drafting import Stretch
    from sheetflow.reports.results import Results

_SHIPPED = files("sheetflow") / "reports" / "templates" / "report.html.j2"


def render_html(results: Results) -> bytes:
    """Render report.html.

    Raises FaultyDefinitionError if the office's template can't be used as it is.
    """
    names = template_names(report_view(results), _TARGET, appendices(results))
    if results.html_template is None:
        return _filled(_SHIPPED.read_text(encoding="utf-8"), names)
    with faults_named(HTML_TEMPLATE):
        _check(results.html_template, names)
        return _filled(results.html_template, names)


def _figure(stretch: Stretch) -> Markup:
    if not stretch.code:
        return Markup("<bdi>{}</bdi>").format(stretch.text)
    group = clean_text(stretch.group)
    of = Markup(' data-group="{}"').format(group) if group else ""
    title = f"{stretch.code} --group {group}" if group else stretch.code
    return Markup('<span data-cell="{}"{} title="{}">{}</span>').format(
        stretch.code, of, title, stretch.text
    )


_TARGET = Target(text=escape, figure=_figure, table=html_table, listing=html_listing)


def _check(template: str, names: Names) -> None:
    def find_names() -> set[str]:
        return meta.find_undeclared_variables(environment().parse(template))

    lines = list(enumerate(template.splitlines(), start=1))
    check_template(HTML_TEMPLATE, lines, names, find_names)


def _filled(template: str, names: Names) -> bytes:
    return template_of(template).render(names).encode()
