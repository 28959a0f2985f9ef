"""LibreOffice as a judge: converts workbooks in one batch, headless, in a profile of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SOFFICE = shutil.which("soffice")


def require_office() -> str:
    """Give LibreOffice's command; without it the test is skipped, or fails where CI wants it."""
    if SOFFICE:
        return SOFFICE
    if os.environ.get("SHEETFLOW_REQUIRE_OFFICE"):
        pytest.fail("LibreOffice is not installed")
    pytest.skip("LibreOffice is not installed")


def convert(files: list[Path], target: str, folder: Path) -> list[Path]:
    """Convert files to a format; give the results in the order of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        require_office(),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        target,
        "--outdir",
        str(folder),
        *map(str, files),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=400)  # noqa: S603 - our own files
    suffix = target.split(":", maxsplit=1)[0]
    return [folder / f"{file.stem}.{suffix}" for file in files]
