"""The list of outputs: a file's name and the function that renders it.

The figures and the status pages are not among them: how many files they are depends on the agencies
(`figure_files`, `status_pages`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from sheetflow.reports.data import (
    changes_csv,
    findings_json,
    manifest_jsonl,
    totals_csv,
)
from sheetflow.reports.fragment import render_fragment
from sheetflow.reports.html import render_html
from sheetflow.reports.results import Results
from sheetflow.reports.summary import render_summary
from sheetflow.reports.word import render_docx

Renderer = Callable[[Results], bytes]
Writer = Callable[[Results], Iterator[bytes]]

DATA: Mapping[str, Writer] = MappingProxyType(
    {
        "totals.csv": totals_csv,
        "findings.json": findings_json,
        "manifest.jsonl": manifest_jsonl,
        "changes.csv": changes_csv,
    }
)
"""Files for programs, made piece by piece: they may be too large to be held whole."""

DOCUMENTS: Mapping[str, Renderer] = MappingProxyType(
    {
        "summary.xlsx": render_summary,
        "report.docx": render_docx,
        "report.html": render_html,
        "report-fragment.html": render_fragment,
    }
)
"""Files for people."""
