"""A folder of returns with every nuisance: nothing is lost, nothing is guessed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from campaigns import snapshot
from nuisances import FIRST, NUISANCES, Nuisance, Sender, code_of, roster_text, write
from samples import cell
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import RETURNS, SETTINGS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.merging import merge
from sheetflow.campaign.starting import start_campaign
from sheetflow.definitions.shipped import shipped_form_text
from sheetflow.model.campaign import Settings
from sheetflow.model.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sheetflow.reports.results import Results

NUMBERED = list(enumerate(NUISANCES))
IDS = [nuisance.name for nuisance in NUISANCES]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nuisances")
    roster = folder / "names.csv"
    roster.write_text(roster_text(), encoding="utf-8")
    root = folder / "campaign"
    settings = Settings(form="zfxxgk-2021", period="2024", name="某市", passwords="passwords.txt")
    start_campaign(root, settings, shipped_form_text("zfxxgk-2021"), roster)
    (root / "passwords.txt").write_text("别的密码\n市局2024\n", encoding="utf-8")
    names = {a.code: a.name for a in open_campaign(root).roster.agencies}
    issued = {each.agency: each.path for each in issue_templates(open_campaign(root))}
    for number, nuisance in NUMBERED:
        code = code_of(number)
        sender = Sender(number, code, names[code], issued[code].read_bytes())
        write(root / RETURNS, nuisance.send(sender))
    assert (root / SETTINGS).is_file()
    return root


@pytest.fixture(scope="module")
def results(root: Path) -> Results:
    return compute(open_campaign(root))


def belongs(path: str, number: int) -> bool:
    return code_of(number) in path or f"第{number:02}号单位" in path


@pytest.mark.parametrize(("number", "nuisance"), NUMBERED, ids=IDS)
def test_each_nuisance_is_read_or_named_and_never_guessed(
    results: Results, number: int, nuisance: Nuisance
) -> None:
    line = results.ledger.by_agency[code_of(number)]
    value = line.submission.entries[cell(FIRST)].value if line.submission else None
    assert value == (100 + number if nuisance.figure else None)
    codes = {f.code for f in line.findings}
    codes |= {
        f.code for f in results.ledger.other_findings if f.place and belongs(f.place.file, number)
    }
    assert nuisance.codes <= codes
    if line.submission and not nuisance.codes:
        assert not [f for f in line.findings if f.severity is not Severity.NOTE]
    files = {f.path: f.verdict.value for f in results.ledger.files if belongs(f.path, number)}
    expected = {".": "used"} if nuisance.verdicts is None else nuisance.verdicts
    assert files == {path: verdict_of(path, expected) for path in files}


def verdict_of(path: str, expected: Mapping[str, str]) -> str:
    """Give the verdict for the longest of the given parts of a path that it has."""
    return expected[max((part for part in expected if part in path), key=len)]


def test_the_total_is_the_sum_of_what_was_read_and_says_how_many_that_are(results: Results) -> None:
    read = [100 + number for number, nuisance in NUMBERED if nuisance.figure]
    total = results.aggregates["all"].totals[cell(FIRST)]
    assert total.value == sum(read)
    assert (total.reported, total.expected) == (len(read), len(NUISANCES))


def test_listing_and_manifest_are_equal_both_ways(root: Path, results: Results) -> None:
    listed = {
        path.relative_to(root).as_posix() for path in (root / RETURNS).rglob("*") if path.is_file()
    }
    paths = [file.path for file in results.ledger.files]
    assert len(paths) == len(set(paths))
    assert {file.path for file in results.ledger.files if not file.container} == listed
    assert all(file.container in paths for file in results.ledger.files if file.container)


def test_no_input_is_written_to_and_a_second_run_gives_the_same_bytes(root: Path) -> None:
    before = snapshot(root / RETURNS)
    for _ in range(2):
        campaign = open_campaign(root)
        merge(campaign, compute(campaign))
        outputs = snapshot(root / "output")
    assert snapshot(root / RETURNS) == before
    campaign = open_campaign(root)
    merge(campaign, compute(campaign))
    assert snapshot(root / "output") == outputs
    lines = outputs["manifest.jsonl"].decode().splitlines()
    assert len({json.loads(line)["path"] for line in lines}) == len(lines)
