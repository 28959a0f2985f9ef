"""A second year beside the first: what last year reported is compared with this year."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from campaigns import form_text, ref, roster_csv, send, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import open_campaign
from sheetflow.campaign.merging import merge
from sheetflow.campaign.reading import read_returns
from sheetflow.campaign.starting import start_campaign
from sheetflow.cli.app import app
from sheetflow.cli.shown import fault_text, unchecked_words
from sheetflow.definitions.history import load_history
from sheetflow.messages.text import Language
from sheetflow.model.campaign import Settings
from sheetflow.reports.data import findings_json
from sheetflow.reports.findings import Speaker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sheetflow.reports.results import Results

WORDS = "\n".join(f'{k} = "{k}"' for k in ("title", "title_en", "why", "why_en", "remedy_en"))
X1 = f"""
[[check]]
code = "X1"
severity = "query"
remedy = "核对"
{WORDS}

[[relation]]
check = "X1"
table = "t"
along = "columns"
holds = "[new] = previous[left]"
"""


@pytest.fixture
def first_year(tmp_path: Path) -> Path:
    """Close a year in which a carried out 2 and 1, b 5 and 0."""
    root = start(tmp_path / "2024", "a 甲局\nb 乙局")
    send(root, a="new 3 1\nleft 2 1\ndone.yes 1 0", b="new 5 0\nleft 5 0")
    campaign = open_campaign(root)
    merge(campaign, compute(campaign))
    return root


def second_year(first: Path, roster: str, previous: str = "../2024", **sent: str) -> Results:
    root = first.parent / "2025"
    source = first.parent / "roster.csv"
    text = roster_csv(roster).decode()
    source.write_text(text.replace("kind", "kind,contact,former_names,predecessors", 1), "utf-8")
    settings = Settings(form="small", period="2025", name="某市", previous=previous)
    start_campaign(root, settings, form_text() + X1, source)
    send(root, **sent)
    return compute(open_campaign(root))


def found(results: Results) -> list[str]:
    return [f"{f.code} {f.agency} {f.cell or ''}".strip() for f in results.ledger.findings]


def test_a_return_must_go_on_where_last_years_ended(first_year: Path) -> None:
    sent = {"a": "new 2 1\nleft 2 1", "b": "new 4 0\nleft 4 0"}
    results = second_year(first_year, "a 甲局\nb 乙局", **sent)
    assert found(results) == ["X1 b t/new/person", "X1 b t/new/total"]
    said = Speaker(results.form, results.layout, Language.ZH).say(results.ledger.findings[0])
    assert said.sentence == "“新收”为 4，上年“结转”为 5，少 1。"
    assert results.last.totals["all"][ref("t/left/total")] == 8


def unchecked(results: Results) -> dict[str, tuple[str, ...]]:
    """Give the agencies for which checks could not be evaluated."""
    lines = results.ledger.lines
    return {
        check: tuple(lines[number].agency for number in numbers)
        for check, numbers in results.ledger.unchecked.items()
    }


def test_without_last_years_figures_nothing_passes_and_everything_says_so(
    first_year: Path,
) -> None:
    results = second_year(first_year, "a 甲局\nb 乙局", previous="", a="new 9 9\nleft 9 9")
    assert found(results) == []
    assert json.loads(b"".join(findings_json(results)))["unchecked"] == [
        {"check": "X1", "agencies": ["a"]}
    ]
    assert list(unchecked_words(results)) == ["X1 不可核（没有上年的数）：1 家，甲局。"]


def test_an_agency_that_was_merged_the_year_before_is_compared_with_itself(
    first_year: Path,
) -> None:
    roster = first_year / "roster.csv"
    text = roster.read_text("utf-8").replace("code,", "predecessors,code,", 1)
    roster.write_text(text.replace("\na,", "\nold,a,").replace("\nb,", "\n,b,"), "utf-8")
    results = second_year(first_year, "a 甲局 . . . . old\nb 乙局", a="new 9 1\nleft 9 1")
    assert unchecked(results) == {}
    assert found(results)[0] == "X1 a t/new/person"


def test_an_agency_that_is_new_is_not_checked(first_year: Path) -> None:
    sent = {"b": "new 5 0\nleft 5 0", "c": "new 5 0\nleft 5 0"}
    results = second_year(first_year, "a 甲局\nb 乙局\nc 丙局", **sent)
    assert unchecked(results) == {"X1": ("c",)}


def test_agencies_that_were_split_are_checked_in_sum_once_all_are_there(first_year: Path) -> None:
    sent = {"b": "new 4 0\nleft 4 0", "b2": "new 2 0\nleft 2 0"}
    results = second_year(first_year, "a 甲局\nb 乙局\nb2 乙二局 . . . . b", **sent)
    finding = results.ledger.findings[0]
    assert (finding.agency, finding.left, finding.right) == ("b", Decimal(6), Decimal(5))
    said = Speaker(results.form, results.layout, Language.ZH).say(finding)
    assert said.sentence == "“新收”为 6，上年“结转”为 5，多 1。机构有拆分，按乙局、乙二局合计。"
    assert unchecked(results) == {}


def test_of_agencies_that_were_split_none_is_checked_before_all_are_there(
    first_year: Path,
) -> None:
    results = second_year(first_year, "a 甲局\nb 乙局\nb2 乙二局 . . . . b", b="new 4 0\nleft 4 0")
    assert found(results) == []
    assert unchecked(results) == {"X1": ("b",)}


def test_s28_lists_who_is_not_followed(first_year: Path) -> None:
    results = second_year(first_year, "a 甲局", a="new 2 1\nleft 2 1")
    (note,) = results.ledger.findings
    assert (note.code, note.facts["agencies"], note.blocks) == ("S28", "b 乙局", False)


@pytest.mark.parametrize(
    ("previous", "problem"),
    [("../none", "@not_there"), ("..", "@no_campaign"), ("../2025", "@other_period")],
)
def test_s27_says_why_last_years_figures_are_not_there(
    first_year: Path, previous: str, problem: str
) -> None:
    results = second_year(first_year, "a 甲局", previous, a="new 2 1\nleft 2 1")
    (fault,) = results.ledger.findings
    assert (fault.code, fault.facts["problem"]) == ("S27", problem)
    assert unchecked(results) == {"X1": ("a",)}


def test_a_folder_where_last_years_figures_should_be_is_called_one(first_year: Path) -> None:
    figures = first_year / "output" / "figures.csv"
    figures.unlink()
    figures.mkdir()
    results = second_year(first_year, "a 甲局", a="new 2 1\nleft 2 1")
    (fault,) = results.ledger.findings
    assert "它是文件夹" in fault_text(fault)


def test_a_campaign_that_was_never_merged_has_no_figures(tmp_path: Path) -> None:
    first = start(tmp_path / "2024", "a 甲局")
    results = second_year(first, "a 甲局", a="new 2 1\nleft 2 1")
    assert [f.facts["subject"] for f in results.ledger.findings] == ["figures.csv"]


def test_last_years_figures_can_come_from_a_plain_table(first_year: Path) -> None:
    table = first_year.parent / "上年.csv"
    table.write_bytes("代码,t/left/person,t/left/firm\na,2,1\n".encode("gb18030"))
    results = second_year(first_year, "a 甲局", "../上年.csv", a="new 2 2\nleft 2 2")
    assert found(results) == ["X1 a t/new/firm", "X1 a t/new/total"]


def test_last_years_figures_are_read_once_and_returns_gathered_once(
    first_year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_year(first_year, "a 甲局\nb 乙局", a="new 2 1", b="new 5 0")
    read: list[str] = []

    def noting(name: str, work: Callable[..., object]) -> Callable[..., object]:
        def note(*given: object, **named: object) -> object:
            read.append(name)
            return work(*given, **named)

        return note

    campaign = "sheetflow.campaign"
    monkeypatch.setattr(f"{campaign}.history.load_history", noting("figures", load_history))
    monkeypatch.setattr(f"{campaign}.computing.read_returns", noting("returns", read_returns))
    app(["-C", str(first_year.parent / "2025"), "merge", "--bundle"], standalone_mode=False)
    assert sorted(read) == ["figures", "returns"]


def test_a_table_that_is_no_workbook_says_why(first_year: Path) -> None:
    (first_year.parent / "x.xlsx").write_bytes(b"PK\x03\x04")
    results = second_year(first_year, "a 甲局", previous="../x.xlsx", a="new 2 1")
    assert [f.code for f in results.ledger.other_findings] == ["S27"]
