"""report.pdf: printed where there is LibreOffice, said why where not, never another report's."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from campaigns import send, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import OUTPUT, open_campaign
from sheetflow.campaign.merging import Written, merge, mixture
from sheetflow.errors import OutputsMixedError
from sheetflow.messages.interface import PHRASES
from sheetflow.reports.pdf import (
    ABSENT,
    FAILED,
    OFFICE,
    PDF,
    TOO_LONG,
    Pdf,
    find_office,
    print_with,
    word_to_pdf,
)

if TYPE_CHECKING:
    from sheetflow.reports.pdf import Printer

WHOLE = b"%PDF-1.6 ... %%EOF\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="a program here is a shell script")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = start(tmp_path / "c", "a 甲局 . 部门")
    send(root, a="new 3 1\ndone.yes 3 1")
    return root


def merged(root: Path, printer: Printer) -> Written:
    campaign = open_campaign(root)
    return merge(campaign, compute(campaign), printer)


def program(folder: Path, *lines: str) -> str:
    """Write a program that stands in for LibreOffice; its last argument is the document."""
    path = folder / "soffice"
    path.write_text("\n".join(["#!/bin/sh", *lines]), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_pdf_is_an_output_like_the_others(root: Path) -> None:
    written = merged(root, lambda _: Pdf(WHOLE))
    assert root / OUTPUT / PDF in written.files
    assert written.no_pdf == ""
    assert (root / OUTPUT / PDF).read_bytes() == WHOLE
    assert mixture(root) == ()
    (root / OUTPUT / PDF).write_bytes(b"another")
    assert mixture(root) == (PDF,)


def test_what_is_printed_is_the_word_report(root: Path) -> None:
    printed: list[bytes] = []

    def printer(document: bytes) -> Pdf:
        printed.append(document)
        return Pdf(None, FAILED)

    merged(root, printer)
    assert printed == [(root / OUTPUT / "report.docx").read_bytes()]


@pytest.mark.parametrize("reason", [ABSENT, FAILED, TOO_LONG])
def test_without_a_pdf_all_else_is_written_and_no_older_pdf_stays(root: Path, reason: str) -> None:
    merged(root, lambda _: Pdf(WHOLE))
    written = merged(root, lambda _: Pdf(None, reason))
    assert written.no_pdf == reason
    assert "report.pdf" in PHRASES[reason].zh
    assert not (root / OUTPUT / PDF).exists()
    assert (root / OUTPUT / "report.docx") in written.files
    assert mixture(root) == ()


def test_an_older_pdf_that_can_t_be_removed_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged(root, lambda _: Pdf(WHOLE))
    unlink = Path.unlink

    def held(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == PDF:
            raise PermissionError(13, "in use", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(OutputsMixedError):
        merged(root, lambda _: Pdf(None, FAILED))
    assert mixture(root) == (PDF,)


def test_a_run_that_died_before_it_removed_an_older_pdf_left_a_mixture(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged(root, lambda _: Pdf(WHOLE))
    send(root, a="new 4 1\ndone.yes 4 1")

    class DeathError(Exception):
        """Stands for the end of the process."""

    def dead(_: Path) -> None:
        raise DeathError

    monkeypatch.setattr("sheetflow.campaign.merging.remove_output", dead)
    with pytest.raises(DeathError):
        merged(root, lambda _: Pdf(None, FAILED))
    assert mixture(root) == (PDF,)


# finding and running the converter


def test_the_variable_names_the_program_or_forbids_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OFFICE, "")
    assert find_office() == ""
    assert word_to_pdf(b"") == Pdf(None)
    monkeypatch.setenv(OFFICE, str(tmp_path / "nothing"))
    assert find_office() == ""
    assert word_to_pdf(b"") == Pdf(None, ABSENT)


@posix
@pytest.mark.parametrize("variable", ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"])
def test_the_usual_places_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    folder = tmp_path / "LibreOffice" / "program"
    folder.mkdir(parents=True)
    Path(program(folder)).rename(folder / "soffice.com")
    monkeypatch.delenv(OFFICE)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sheetflow.reports.pdf._PLACES", ())
    assert find_office() == ""
    monkeypatch.setenv(variable, str(tmp_path))
    assert find_office() == str(folder / "soffice.com")
    monkeypatch.setenv("PATH", str(folder))
    assert find_office() == str(folder / "soffice.com")


def test_a_program_in_the_working_folder_is_not_run_where_windows_looks_there_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "LibreOffice" / "program" / "soffice.com"

    def which(name: str) -> str | None:
        return str(Path(name)) if name in {"soffice.com", str(installed)} else None

    monkeypatch.delenv(OFFICE)
    monkeypatch.setattr(shutil, "which", which)
    assert find_office() == ""
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert find_office() == str(installed)


@posix
@pytest.mark.parametrize(
    "lines",
    [
        ("exit 1",),
        ("exit 0",),
        ('printf "no pdf" > report.pdf',),
        ('printf "%s" "%PDF-1.6 cut" > report.pdf',),
    ],
)
def test_a_conversion_without_a_whole_pdf_has_failed(tmp_path: Path, lines: tuple[str]) -> None:
    assert print_with(program(tmp_path, *lines), b"") == Pdf(None, FAILED)


def test_a_program_that_can_t_be_started_has_failed(tmp_path: Path) -> None:
    assert print_with(str(tmp_path / "nothing"), b"") == Pdf(None, FAILED)


@posix
def test_the_document_lies_in_a_folder_of_its_own_that_is_gone_afterwards(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    lines = (
        f'for last; do true; done; pwd > "{seen}"; cat "$last" >> "{seen}"',
        'printf "%s" "%PDF-1.6 %%EOF" > report.pdf',
    )
    assert print_with(program(tmp_path, *lines), b"document") == Pdf(b"%PDF-1.6 %%EOF")
    folder, document = seen.read_text().splitlines()
    assert document == "document"
    assert not Path(folder).exists()


@posix
def test_a_conversion_that_does_not_end_is_ended_with_its_children(tmp_path: Path) -> None:
    pipe = tmp_path / "open while the child lives"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    lines = (f'sleep 600 > "{pipe}" &', "wait")
    assert print_with(program(tmp_path, *lines), b"", seconds=0.5) == Pdf(None, TOO_LONG)
    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""
    os.close(reader)
