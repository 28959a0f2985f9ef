"""README and docs say what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from samples import plan
from sheetflow.cli.app import app
from sheetflow.definitions.form import load_form
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.model.cells import CellRef, Place
from sheetflow.model.decisions import DecisionKind

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_generated_pages_and_files_are_up_to_date() -> None:
    for tool in ("make_docs.py", "make_masters.py", "make_report_template.py"):
        command = [sys.executable, str(ROOT / "tools" / tool), "--check"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_command_that_a_readme_shows_exists(name: str) -> None:
    known = set(vars(typer.main.get_command(app))["commands"])
    text = (ROOT / name).read_text(encoding="utf-8")
    shown = re.findall(r"sheetflow(?: -C \S+)? ([a-z]+)", "\n".join(re.findall(r"`[^`]+`", text)))
    lines = [line for line in text.splitlines() if line.startswith("sheetflow ")]
    shown += re.findall(r"^sheetflow(?: -C \S+)? ([a-z]+)", "\n".join(lines), re.MULTILINE)
    assert shown
    assert set(shown) <= known


def test_the_readmes_two_commands_are_targets_of_the_makefile() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = re.findall(r"^make ([a-z]+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert commands == ["demo", "test"]
    assert set(commands) <= set(targets)


def test_the_waiver_that_the_docs_show_names_a_total_of_the_example() -> None:
    """The line above the one that is meant would be refused: nothing was found there."""
    text = (ROOT / "docs" / "deciding.md").read_text(encoding="utf-8")
    ((sheet, address),) = re.findall(r"waive pt-jfj R2 --cell (\S+)!(\S+)", text)
    assert plan().layout.place(CellRef("requests", "done.total", "person")) == Place(
        "", sheet, address
    )


def test_the_readme_says_how_long_a_nation_took_when_it_was_measured_last() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (seconds,) = re.findall(r"^\| 150000 \| first \| ([\d.]+) ", page, re.MULTILINE)
    (minutes,) = re.findall(r"150,000 of them take ([\d.]+) minutes", readme)
    assert abs(float(seconds) - 60 * float(minutes)) < 15


def test_the_whole_form_that_the_docs_show_has_no_fault() -> None:
    text = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
    form, register = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert load_form(form, "form.toml").findings == ()
    assert load_form(f"{form}\n{register}", "form.toml").findings == ()


def test_remedies_name_a_command_rather_than_a_table_of_the_decisions_file() -> None:
    """Whoever reads a remedy need not know TOML: `decide` writes it."""
    for code, entry in CATALOGUE.items():
        for kind in DecisionKind:
            assert f"[[{kind}]]" not in "".join(entry.remedy), code


def test_every_finding_code_is_explained_in_the_docs_and_in_both_languages() -> None:
    page = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    for code, entry in CATALOGUE.items():
        assert f"### {code} " in page
        for text in (entry.title, entry.message, entry.why, entry.remedy, entry.example):
            assert text.zh
            assert text.en


def test_the_repository_stands_alone() -> None:
    for path in ROOT.rglob("*"):
        if path.suffix in {".py", ".toml", ".md", ".j2", ".csv"} and ".venv" not in path.parts:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            assert "../sha" + "red" not in text, path
