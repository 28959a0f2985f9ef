"""Tries the office's own templates on the campaign's figures, and says all that is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetflow.errors import FaultyDefinitionError
from sheetflow.model.findings import Finding
from sheetflow.reports.html import render_html
from sheetflow.reports.results import HTML_TEMPLATE, WORD_TEMPLATE
from sheetflow.reports.word import render_docx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sheetflow.reports.results import Results


def with_word_template(results: Results, data: bytes) -> Results:
    """Give the results with this Word template alone."""
    return replace(results, word_template=data, html_template=None)


def with_html_template(results: Results, text: str) -> Results:
    """Give the results with this page's template alone."""
    return replace(results, word_template=None, html_template=text)


def own_templates(results: Results) -> tuple[str, ...]:
    """Name the templates that are the office's own."""
    named = ((WORD_TEMPLATE, results.word_template), (HTML_TEMPLATE, results.html_template))
    return tuple(name for name, template in named if template is not None)


def template_faults(results: Results) -> tuple[Finding, ...]:
    """Give the faults of the office's own templates, of both if it has both."""
    return (
        *_faults(results, WORD_TEMPLATE, render_docx),
        *_faults(results, HTML_TEMPLATE, render_html),
    )


def _faults(results: Results, name: str, render: Callable[[Results], bytes]) -> Iterator[Finding]:
    if name in own_templates(results):
        try:
            render(results)
        except FaultyDefinitionError as error:
            yield from (found for found in error.findings if isinstance(found, Finding))
