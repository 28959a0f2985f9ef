"""report.pdf: report.docx as LibreOffice prints it, where the machine has LibreOffice.

The program runs hidden, in a temporary folder with a profile of its own: it neither disturbs nor
waits for a LibreOffice that somebody works with, and leaves nothing behind.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PDF = "report.pdf"
OFFICE = "SHEETFLOW_OFFICE"
"""An environment variable that names LibreOffice's program; if it is empty, no PDF is made."""
ABSENT, FAILED, TOO_LONG = "pdf_absent", "pdf_failed", "pdf_too_long"
_COMMANDS = ("soffice.com", "soffice", "libreoffice")
_WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/usr/local/bin/soffice",
)
_TIME_LIMIT = 90.0
"""Seconds. A report takes three to ten of them, the first one on a cold disk some more."""
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_BEGINNING, _END = b"%PDF-", b"%%EOF"


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF, or the phrase that says why there is none; neither if none was wanted."""

    data: bytes | None
    missing: str = ""


Printer = Callable[[bytes], Pdf]
"""Makes a PDF of a Word document's bytes; never raises."""


def word_to_pdf(document: bytes) -> Pdf:
    """Print a Word document with the LibreOffice of this machine."""
    program = find_office()
    if program:
        return print_with(program, document)
    return Pdf(None, "" if os.environ.get(OFFICE) == "" else ABSENT)


def find_office() -> str:
    """Find LibreOffice's program, empty if there is none."""
    named = os.environ.get(OFFICE)
    if named is not None:
        return shutil.which(named) or "" if named else ""
    found = (shutil.which(place) or "" for place in _candidates())
    # Windows looks into the working folder first, where anybody's mail may have been unpacked.
    return next((program for program in found if Path(program).is_absolute()), "")


def print_with(program: str, document: bytes, seconds: float = _TIME_LIMIT) -> Pdf:
    """Print a Word document with a LibreOffice; a failure is said, not raised."""
    try:
        with tempfile.TemporaryDirectory(
            prefix="sheetflow-pdf-", ignore_cleanup_errors=True
        ) as name:
            folder = Path(name)
            source = folder / "report.docx"
            source.write_bytes(document)
            if not _run(_command(program, folder, source), seconds):
                return Pdf(None, TOO_LONG)
            return _sound(source.with_suffix(".pdf").read_bytes())
    except OSError:
        return Pdf(None, FAILED)


def _sound(data: bytes) -> Pdf:
    """Take a PDF only if it is whole."""
    whole = data.startswith(_BEGINNING) and _END in data[-1024:]
    return Pdf(data) if whole else Pdf(None, FAILED)


def _candidates() -> Iterator[str]:
    yield from _COMMANDS
    for variable in _WINDOWS_ROOTS:
        root = os.environ.get(variable)
        if root:
            yield str(Path(root, "LibreOffice", "program", "soffice.com"))
    yield from _PLACES


def _command(program: str, folder: Path, source: Path) -> list[str]:
    return [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf"),
        *("--outdir", str(folder), str(source)),
    ]


def _run(command: list[str], seconds: float) -> bool:
    """Run a program until its end; False if it took too long, and was ended with its children."""
    process = subprocess.Popen(  # noqa: S603 - LibreOffice, on a file of our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(command[-1]).parent,
        start_new_session=True,
        creationflags=_NO_WINDOW,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:  # Ctrl+C too ends it
        if process.poll() is None:
            _end(process)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program with all that it started: soffice is but the parent of the one that works."""
    with suppress(OSError):
        if sys.platform == "win32":
            command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - fixed words
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
