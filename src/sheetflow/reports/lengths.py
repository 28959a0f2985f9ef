"""N2: a section's text that is longer than the form allows, as the report prints it; a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.reports.view import report_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.reports.results import Results
    from sheetflow.reports.view import SectionView

_REPORT = "report.docx"


def long_sections(results: Results) -> Iterator[Finding]:
    """Give a note for each section of the report that is too long."""
    limits = {section.code: section.limit for section in results.form.sections}
    for section in report_view(results).sections:
        limit, length = limits[section.code], text_length(section)
        if limit is not None and length > limit:
            facts = {"section": section.heading, "length": str(length), "limit": str(limit)}
            yield Finding("N2", Severity.NOTE, place=Place(_REPORT), facts=facts)


def text_length(section: SectionView) -> int:
    """Count the characters of a section's text; headings, placeholders and tables are none."""
    drafted = (each.text for part in section.parts for said in part.sentences for each in said)
    written = (text for part in section.parts for text in part.paragraphs)
    return sum(len(text) for text in (*drafted, *written))
