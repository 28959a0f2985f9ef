"""Two returns of one agency, as the office sees them: which counts, what the other would change."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from campaigns import decide, filled, ref, send, snapshot, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import RETURNS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.cli.app import app
from sheetflow.cli.entry import run
from sheetflow.cli.shown_returns import show_alternatives
from sheetflow.model.cells import Place
from sheetflow.model.entries import Entry, State
from sheetflow.reports.data import changes_csv, manifest_jsonl

if TYPE_CHECKING:
    from pathlib import Path

TWO = "a 甲局 . 部门\nb 乙局 . 部门"
GOOD = "new 3 1\ndone.yes 3 1"
LATER = "new 5 1\ndone.yes 5 1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = start(tmp_path / "c", TWO)
    send(root, a=GOOD, b=GOOD)
    return root


def also(root: Path, text: str, path: str = "a2.xlsx") -> None:
    """Put another return of the agency a into the folder."""
    template = next(
        each.path for each in issue_templates(open_campaign(root)) if each.agency == "a"
    )
    target = root / RETURNS / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(filled(template.read_bytes(), text))


def shell(root: Path, *words: str) -> int:
    return run(lambda: app(["-C", str(root), *words], standalone_mode=False))


def used(root: Path, today: date | None = None) -> str:
    line = compute(open_campaign(root), today=today).ledger.by_agency["a"]
    return line.submission.file if line.submission else ""


def test_what_is_seen_first_on_a_later_day_came_later(root: Path) -> None:
    assert used(root, date(2025, 1, 10)) == "returns/a.xlsx"
    also(root, LATER)
    assert used(root, date(2025, 1, 20)) == "returns/a2.xlsx"
    assert used(root) == "returns/a2.xlsx"
    log = (root / "received.csv").read_text(encoding="utf-8-sig").splitlines()
    assert log[0] == "sha256,first_seen"
    assert [line[65:] for line in log[1:]] == ["2025-01-10", "2025-01-10", "2025-01-20"]


def test_what_is_seen_on_one_day_has_no_order(root: Path) -> None:
    also(root, LATER)
    assert used(root, date(2025, 1, 10)) == ""


def test_a_dated_folder_says_more_than_the_day_on_which_a_file_was_seen(root: Path) -> None:
    used(root, date(2025, 1, 10))
    also(root, LATER, "2025-01-05/a2.xlsx")
    assert used(root, date(2025, 1, 20)) == "returns/a.xlsx"


def test_looking_at_single_files_logs_nothing(root: Path) -> None:
    compute(open_campaign(root), (root / RETURNS / "a.xlsx",), today=date(2025, 1, 10))
    assert not (root / "received.csv").exists()


def test_the_outputs_can_be_rebuilt_on_any_day(root: Path) -> None:
    assert shell(root, "merge", "--as-of", "2025-01-10") == 0
    first = snapshot(root / "output")
    shutil.rmtree(root / "output")
    assert shell(root, "merge", "--as-of", "2025-02-01") == 0
    assert snapshot(root / "output") == first
    lines = map(json.loads, first["manifest.jsonl"].decode().splitlines())
    assert {line["received"] for line in lines} == {"2025-01-10"}


def test_the_manifest_says_when_a_file_came_in_or_that_nobody_knows(root: Path) -> None:
    lines = b"".join(manifest_jsonl(compute(open_campaign(root)))).decode().splitlines()
    assert [json.loads(line)["received"] for line in lines] == [None, None]


def test_check_shows_the_difference_cell_by_cell_and_its_effect_on_the_totals(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    also(root, LATER, "2025-01-05/a2.xlsx")
    shutil.move(root / RETURNS / "a.xlsx", root / RETURNS / "2025-01-05" / "a.xlsx")
    decide(root, f'[[choose]] agency = "a"; sha256 = "{digest(root, "a.xlsx")}"')
    capsys.readouterr()
    shell(root, "check")
    said = capsys.readouterr().out
    assert "甲局：未采用 returns/2025-01-05/a2.xlsx" in said
    assert "有 2 格不同" in said
    assert "3 → 5  （全部合计 6，改用后 8）" in said
    shell(root, "check", "--json")
    (record,) = json.loads(capsys.readouterr().out)["alternatives"]
    assert record["used"] == "returns/2025-01-05/a.xlsx"
    assert record["cells"][0] == {
        "cell": "t/new/person",
        "beside": "3",
        "other": "5",
        "total": "6",
        "total_with_other": "8",
        "groups_with_other": {"all": "8"},
    }


def digest(root: Path, name: str) -> str:
    files = compute(open_campaign(root)).ledger.files
    return next(file.sha256 for file in files if file.path.endswith(f"/{name}"))


def test_check_shows_how_returns_differ_of_which_none_counts(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    also(root, LATER)
    shell(root, "check", "--as-of", "2025-01-10")
    said = capsys.readouterr().out
    assert "甲局：几份都未采用，returns/a2.xlsx 与 returns/a.xlsx 有 2 格不同" in said
    assert "3 → 5  （全部合计 3，改用后 8）" in said


def test_check_lists_the_first_differences_of_a_return_and_all_if_asked(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    also(root, "new 9 9\ndone.yes 8 8\ndone.no 1 1\nleft 7 7")
    shell(root, "check")
    said = capsys.readouterr().out
    assert "有 8 格不同" in said
    assert (said.count(" → "), "另有 3 格不同，没有列出" in said) == (5, True)
    shell(root, "check", "--all")
    assert capsys.readouterr().out.count(" → ") == 8


def test_a_cell_that_a_return_does_not_have_is_named_by_its_words_alone(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    also(root, LATER)
    results = compute(open_campaign(root))
    line = results.ledger.by_agency["a"]
    (_, other) = line.others
    cell = ref("t/new/person")
    gone = Entry(cell, State.BLANK, None, "", Place(other.file))
    other = replace(other, entries={**other.entries, cell: gone})
    lines = (replace(line, others=(line.others[0], other)),)
    capsys.readouterr()
    show_alternatives(
        replace(results, ledger=replace(results.ledger, lines=lines)), listed_all=True
    )
    assert "  新收 · 个人  3 → —" in capsys.readouterr().out.splitlines()


def test_changes_csv_lists_what_was_changed_harmful_and_harmless_apart(root: Path) -> None:
    send(root, a="new 3 1 9\ndone.yes 3 1", b=GOOD)
    rows = list(
        csv.DictReader(
            io.StringIO(b"".join(changes_csv(compute(open_campaign(root)))).decode("utf-8-sig"))
        )
    )
    assert [(r["agency"], r["kind"], r["harmful"], r["found"], r["cell"]) for r in rows] == [
        ("a", "formula_typed_over", "no", "9", "E7")
    ]


def test_check_counts_the_changes_and_lists_them_if_asked(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send(root, a="new 3 1 4\ndone.yes 3 1", b=GOOD)
    shell(root, "check")
    assert "另有 1 处与下发的空表不同" in capsys.readouterr().out
    shell(root, "check", "--all")
    assert "公式被数字覆盖" in capsys.readouterr().out
