"""report.pdf without LibreOffice: set by typst from the same view, every figure in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import reported
from sheetflow.reports.pdf import ABSENT, OFFICE, Pdf
from sheetflow.reports.typeset import printer_for, typeset, typst_source, typst_text

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.reports.results import Results


def words(given: Results, folder: Path) -> str:
    """Give the PDF's text, as a reader that knows nothing of us extracts it."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    printed = typeset(given)
    assert printed.data
    path = folder / "report.pdf"
    path.write_bytes(printed.data)
    done = subprocess.run([program, "-raw", str(path), "-"], check=True, capture_output=True)  # noqa: S603 - our file
    return re.sub(r"\s", "", done.stdout.decode())


def test_it_holds_the_six_headings_in_order_and_every_figure(tmp_path: Path) -> None:
    given = reported.results()
    text = words(given, tmp_path)
    places = [text.index(heading) for heading in reported.HEADINGS]
    assert places == sorted(places)
    for ref in given.form.cells:
        if given.form.cells[ref].numeric and ref.table != "activity":
            assert given.shown("all", ref) in text


def test_a_draft_says_so_and_a_final_report_does_not(tmp_path: Path) -> None:
    assert "草稿" in words(reported.results(missing=True), tmp_path)
    assert "草稿" not in words(reported.results(), tmp_path)


@pytest.mark.parametrize(
    "name", [reported.HOSTILE, '"#panic("x")', "\\", "$x^2$ #let", "字" * 4000, "[]{}*_`@<>"]
)
def test_hostile_names_are_text(name: str, tmp_path: Path) -> None:
    text = words(reported.results(name=name), tmp_path)
    assert "六、其他需要报告的事项" in text


def test_a_text_can_end_no_literal() -> None:
    assert typst_text('a"b\\') == '#"a\\"b\\\\";'
    assert typst_text("") == ""
    assert '#"' in typst_source(reported.results()).decode()


def test_it_stands_in_where_there_is_no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sheetflow.reports.typeset.word_to_pdf", lambda _: Pdf(None, ABSENT))
    printed = printer_for(reported.results())(b"")
    assert printed.data
    assert printed.data.startswith(b"%PDF")


def test_no_pdf_is_made_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFFICE, "")
    assert printer_for(reported.results())(b"") == Pdf(None)


def test_an_offices_own_word_template_is_not_stood_in_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sheetflow.reports.typeset.word_to_pdf", lambda _: Pdf(None, ABSENT))
    own = replace(reported.results(), word_template=b"PK")
    assert printer_for(own)(b"") == Pdf(None, ABSENT)
