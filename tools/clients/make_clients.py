"""Makes the returns of tests/fixtures/clients with every program that this machine has.

    PYTHONPATH=src:tests python tools/clients/make_clients.py [--only NAME] [--renew]

A recorded campaign, no step of CI: a program that is missing or fails is named, and its files stay
as they are. Programs, versions and dates go into clients.csv; what is expected of the files, the
other columns there, is written by people.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import re
import shutil
import subprocess
import sys

from material import FIXTURES, Job, add_sheets, prepare, renew
from recipes import TOOLS, Recipe, recipes

WORK = TOOLS.parents[1] / "output" / "clients"
TABLE = FIXTURES / "clients.csv"
_PATIENCE = 300  # seconds
_TOTALS = ("soffice", "--headless", "--convert-to", "xlsx", "--outdir", "calculated", "filled.xlsx")


def main() -> int:
    """Install the libraries, run the recipes, write down what was made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only programs whose name contains this")
    parser.add_argument("--renew", action="store_true", help="another template: make all anew")
    given = parser.parse_args()
    if given.renew:
        renew()
    (WORK / "out").mkdir(parents=True, exist_ok=True)
    python = _install()
    job = prepare(WORK)
    run(_TOTALS)
    add_sheets(job, WORK / "calculated" / "filled.xlsx")
    _keep_one_sheet(job)
    made: dict[str, tuple[str, str]] = {}
    for recipe in recipes(python):
        if given.only in recipe.program or not recipe.program:
            made |= _follow(recipe)
    _write_table(made)
    print(f"{len(made)} files made")
    return 0


def _install() -> str:
    """Install the libraries of Python and Node.js; give the Python that has them."""
    python = WORK / "venv" / "bin" / "python"
    if not python.exists():
        run((sys.executable, "-m", "venv", "venv"))
        run((str(python), "-m", "pip", "install", "-q", "-r", str(TOOLS / "requirements.txt")))
    shutil.copy(TOOLS / "package.json", WORK)
    if not (WORK / "node_modules").exists():
        run(("npm", "install", "--silent", "--no-audit"))
    return str(python)


def _keep_one_sheet(job: Job) -> None:
    """Give gnumeric a workbook whose first sheet is 三, since it writes that one as csv."""
    from openpyxl import load_workbook  # noqa: PLC0415 - as a person would delete the others

    book = load_workbook(job.folder / "calculated" / "filled.xlsx")
    for sheet in book.worksheets:
        if sheet.title != "三":
            del book[sheet.title]
    book.save(job.folder / "sheet.xlsx")


def _follow(recipe: Recipe) -> dict[str, tuple[str, str]]:
    """Run a recipe; give the files that it made, with program and version."""
    problem = run(recipe.command, recipe.environment)
    saved, name = recipe.renamed
    if saved and (WORK / "out" / saved).exists():
        (WORK / "out" / saved).rename(WORK / "out" / name)
    there = [file for file in recipe.files if (WORK / "out" / file).exists()]
    if len(there) < len(recipe.files):
        print(f"{recipe.program or 'preparation'}: {problem or 'no file'}", file=sys.stderr)
    folder = FIXTURES if recipe.program else WORK
    for file in there:
        shutil.move(WORK / "out" / file, folder / file)
    if not recipe.program:
        return {}
    return dict.fromkeys(there, (recipe.program, _version(recipe)))


def run(command: tuple[str, ...], environment: tuple[tuple[str, str], ...] = ()) -> str:
    """Run a command in the work folder; give the last line of what it complained about."""
    filled = [part.replace("{work}", str(WORK)) for part in command]
    added = {name: value.replace("{work}", str(WORK)) for name, value in environment}
    try:
        done = subprocess.run(  # noqa: S603 - our own list
            filled,
            cwd=WORK,
            env=os.environ | {"LC_ALL": "C.UTF-8"} | added,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (done.stderr.strip().splitlines() or [""])[-1] if done.returncode else ""


def _version(recipe: Recipe) -> str:
    if not recipe.version:
        return ""
    asked = subprocess.run(  # noqa: S603 - our own list
        recipe.version,
        cwd=WORK,
        env=os.environ | dict(recipe.environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )
    found = re.search(r"\d+(\.\d+)+\S*", asked.stdout + asked.stderr)
    return found[0].strip("'") if found else ""


def _write_table(made: dict[str, tuple[str, str]]) -> None:
    """Write programs, versions and today's date into the table; the other columns stay."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        rows = {row["file"]: row for row in reader}
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    for name, (program, version) in made.items():
        row = rows.setdefault(name, dict.fromkeys(columns, ""))
        row |= {"file": name, "program": program, "version": version, "made": today}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[name] for name in sorted(rows))


if __name__ == "__main__":
    sys.exit(main())
