"""Makes the README's pictures from a demo folder; needs LibreOffice, Chromium, CJK fonts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SHEET_THREE, REPORT_TABLE = 4, 3
"""Pages of the converted files that the pictures show."""


def picture(source: Path, page: int, target: Path, resolution: int) -> None:
    """Print a document with LibreOffice and keep one page as a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"FONTCONFIG_FILE": str(ROOT / "tools" / "fonts.conf")}
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*convert, str(source)], check=True, env=environment, capture_output=True)  # noqa: S603
        pdf = Path(folder, f"{source.stem}.pdf")
        cut = ["pdftoppm", "-f", str(page), "-l", str(page), "-r", str(resolution), "-png"]
        stem = str(target.with_suffix(""))
        subprocess.run([*cut, "-singlefile", str(pdf), stem], check=True)  # noqa: S603


def page_picture(source: Path, target: Path) -> None:
    """Open the status page in Chromium, choose a figure, and keep what is then on the screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1180, "height": 820})
        page.goto(source.resolve().as_uri())
        page.locator("#tables td[data-cell='requests/new/total'] button").click()
        page.locator("#tables").evaluate("each => each.scrollIntoView()")
        page.screenshot(path=target)
        browser.close()


def main() -> int:
    """Make the pictures from the demo folder named on the command line."""
    demo = Path(sys.argv[1])
    PICTURES.mkdir(parents=True, exist_ok=True)
    returned = next((demo / "returns").glob("pt-htp*.xlsx"))
    picture(returned, SHEET_THREE, PICTURES / "template.png", 80)
    picture(demo / "output" / "report.docx", REPORT_TABLE, PICTURES / "report.png", 64)
    page_picture(demo / "output" / "status.html", PICTURES / "status.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
