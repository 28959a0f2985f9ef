"""report.docx: a Word template that the office may own, filled in; the same bytes every time."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sheetflow.reports.appendices import appendices
from sheetflow.reports.listings import word_listing
from sheetflow.reports.results import WORD_TEMPLATE
from sheetflow.reports.tables import word_table, word_text
from sheetflow.reports.templating import (
    Names,
    Target,
    check_template,
    environment,
    faults_named,
    template_names,
)
from sheetflow.reports.view import report_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.reports.results import Results

_SHIPPED = files("sheetflow") / "reports" / "templates" / "report.docx"
_TARGET = Target(
    text=word_text,
    figure=lambda stretch: word_text(stretch.text),
    table=word_table,
    listing=word_listing,
)
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""No output contains a clock reading."""
LONGEST_PROPERTY = 255
"""Characters of a title among a document's properties."""


def render_docx(results: Results) -> bytes:
    """Render report.docx.

    Raises FaultyDefinitionError if the office's template can't be used as it is.
    """
    view = report_view(results)
    names = template_names(view, _TARGET, appendices(results))
    if results.word_template is None:
        return _filled(_SHIPPED.read_bytes(), names, view.title)
    with faults_named(WORD_TEMPLATE):
        return _filled(results.word_template, names, view.title, check=True)


def repacked(data: bytes) -> bytes:
    """Write a package anew, its parts in the order in which they came, without clock readings."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            new.writestr(part, old.read(name))
    return target.getvalue()


def _filled(template: bytes, names: Names, title: str, *, check: bool = False) -> bytes:
    from docxtpl import DocxTemplate  # noqa: PLC0415 - heavy, and only needed here

    document = DocxTemplate(BytesIO(template))
    if check:
        document.init_docx()
        check_template(
            WORD_TEMPLATE,
            _paragraphs(document.docx),
            names,
            lambda: document.get_undeclared_template_variables(environment()),
        )
    document.render(names, environment(), autoescape=True)
    properties = document.docx.core_properties
    properties.title = title[:LONGEST_PROPERTY]
    properties.created = properties.modified = CREATED
    properties.revision = 1
    properties.last_modified_by = ""
    target = BytesIO()
    document.save(target)
    return repacked(target.getvalue())


def _paragraphs(document: Any) -> list[tuple[int, str]]:  # noqa: ANN401
    """Give the paragraphs of the body by number, then those of headers and footers as 0."""
    body = enumerate(_texts(document.element.body), start=1)
    edges = (edge for section in document.sections for edge in (section.header, section.footer))
    return [*body, *((0, text) for edge in edges for text in _texts(edge._element))]  # noqa: SLF001 - no other way


def _texts(element: Any) -> Iterator[str]:  # noqa: ANN401
    tag = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for paragraph in element.iter(f"{tag}p"):
        yield "".join(run.text or "" for run in paragraph.iter(f"{tag}t"))
