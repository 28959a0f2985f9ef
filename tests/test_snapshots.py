"""What people and programs get to see, kept as plain files and compared to the letter.

SHEETFLOW_UPDATE_SNAPSHOTS=1 writes them anew; read the difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sheetflow.campaign import demo
from sheetflow.campaign.computing import compute
from sheetflow.campaign.examples import example
from sheetflow.campaign.folder import open_campaign
from sheetflow.messages.text import Language
from sheetflow.reports.data import findings_json, totals_csv
from sheetflow.reports.findings import Speaker
from sheetflow.reports.fragment import render_fragment
from sheetflow.reports.html import render_html

if TYPE_CHECKING:
    from sheetflow.reports.results import Results

SNAPSHOTS = Path(__file__).resolve().parent / "snapshots"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Compute the real case as it stands before the office has decided anything."""
    root = tmp_path_factory.mktemp("snapshots") / "campaign"
    demo.prepare(example("pingtan-2024"), root)
    return compute(open_campaign(root))


def spoken(results: Results, language: Language) -> str:
    speaker = Speaker(results.form, results.layout, language)
    return "\n".join(said.text() for said in speaker.say_all(results.ledger.findings)) + "\n"


def same_as(name: str, data: bytes) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("SHEETFLOW_UPDATE_SNAPSHOTS"):
        path.write_bytes(data)
    assert path.read_bytes() == data


def test_findings_in_chinese(drafted: Results) -> None:
    same_as("findings.zh.txt", spoken(drafted, Language.ZH).encode())


def test_findings_in_english(drafted: Results) -> None:
    same_as("findings.en.txt", spoken(drafted, Language.EN).encode())


def test_findings_for_programs(drafted: Results) -> None:
    same_as("findings.json", b"".join(findings_json(drafted)))


def test_totals_for_programs(drafted: Results) -> None:
    same_as("totals.csv", b"".join(totals_csv(drafted)))


def test_the_report_as_a_page(drafted: Results) -> None:
    same_as("report.html", render_html(drafted))


def test_the_report_for_a_portal_s_editor(drafted: Results) -> None:
    same_as("report-fragment.html", render_fragment(drafted))


def test_no_snapshot_is_an_orphan() -> None:
    used = {"findings.zh.txt", "findings.en.txt", "findings.json", "totals.csv"}
    used |= {"report.html", "report-fragment.html"}
    assert {path.name for path in SNAPSHOTS.iterdir()} == used
