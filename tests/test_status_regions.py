"""status.html of very many agencies: a page a region, and one above them that links to these."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from campaigns import decide, ref, send, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import OUTPUT, open_campaign
from sheetflow.campaign.merging import merge, mixture, status_page
from sheetflow.reports import status_regions
from sheetflow.reports.status_figures import token

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.reports.results import Results

ROSTER = "p 甲省 . group\na 甲局 p\nb 乙局 p\nq 乙省 . group\nx 丙市 q group\nc 丙局 x\nd 丁局"
CELL = "t/new/person"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a campaign of four agencies, which are too many for one page."""
    monkeypatch.setattr(status_regions, "_MOST", 3)
    root = start(tmp_path / "2024", ROSTER)
    send(root, a="new 3 1\ndone.yes 3 1", b="new 5 -\ndone.yes 5 0", d="new 2 2\ndone.yes 2 2")
    text = '[[adjust]] group = "q"; cell = "t/new/person"; add = "7"'
    decide(root, f'{text}\n[[adjust]] group = "all"; cell = "t/new/person"; add = "-2"')
    return root


def results_of(root: Path) -> Results:
    return compute(open_campaign(root))


def written(root: Path) -> dict[str, dict[str, Any]]:
    """Merge; give what each page of status knows."""
    merge(open_campaign(root), results_of(root))
    output = root / OUTPUT
    paths = [output / "status.html", *sorted((output / "status").glob("*"))]
    return {path.stem: known(path) for path in paths}


def known(page: Path) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', page.read_text("utf-8"))
    assert found
    record: dict[str, Any] = json.loads(found[1])
    return record


def total(page: dict[str, Any], group: str = "all") -> str:
    number = [cell["code"] for cell in page["cells"]].index(CELL)
    values = {each["code"]: each["values"] for each in page["groups"]}
    return str(values[group].split(" ")[number])


def test_every_agency_stands_on_the_page_of_its_region(root: Path) -> None:
    pages = written(root)
    listed = {name: [a["code"] for a in page["agencies"]] for name, page in pages.items()}
    assert listed == {"status": [], "p": ["a", "b"], "q": ["c"], "其他单位": ["d"]}
    assert pages["p"]["title"].startswith("甲省2024年")


def test_each_page_has_the_sums_that_the_whole_has_of_its_region(root: Path) -> None:
    pages, whole = written(root), results_of(root).aggregates
    for name, group in (("p", "p"), ("q", "q"), ("q", "x")):
        assert total(pages[name], group) == token(whole[group].value(ref(CELL)))
    assert (total(pages["p"]), total(pages["q"]), total(pages["其他单位"])) == ("8", "7", "2")
    assert total(pages["status"]) == str(whole["all"].value(ref(CELL))) == "15"
    assert [each["add"] for each in pages["q"]["decisions"]] == ["7"]


def test_the_page_above_counts_what_stands_on_the_others(root: Path) -> None:
    above = written(root)["status"]
    parts = [(p["title"], p["page"], p["standings"], p["open"]) for p in above["parts"]]
    assert parts == [
        ("甲省", "status/p.html", {"accepted": 1, "rejected": 1}, 1),
        ("乙省", "status/q.html", {"missing": 1}, 0),
        ("其他单位", "status/%E5%85%B6%E4%BB%96%E5%8D%95%E4%BD%8D.html", {"accepted": 1}, 0),
    ]
    assert above["draft"]
    assert [group["code"] for group in above["groups"]] == ["all", "p", "q"]


def test_what_one_page_can_show_stands_on_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(root)
    monkeypatch.setattr(status_regions, "_MOST", 4)
    assert list(written(root)) == ["status"]
    assert not (root / OUTPUT / "status").exists()
    assert mixture(root) == ()


def test_agencies_without_regions_stand_on_one_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_regions, "_MOST", 1)
    root = start(tmp_path / "c", "a 甲局\nb 乙局")
    assert [a["code"] for a in written(root)["status"]["agencies"]] == ["a", "b"]


def test_status_writes_all_pages_anew_and_an_altered_one_is_named(root: Path) -> None:
    before = written(root)
    page = root / OUTPUT / "status" / "p.html"
    page.write_bytes(b"altered")
    assert mixture(root) == ("status/p.html",)
    results = results_of(root)
    status_page(open_campaign(root), results)
    assert known(page) == before["p"]
    assert mixture(root) == ()


@pytest.mark.browser
def test_a_browser_goes_from_the_page_above_to_a_region_and_back(root: Path) -> None:
    if not CHROMIUM:
        if os.environ.get("SHEETFLOW_REQUIRE_BROWSER"):
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is

    written(root)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(offline=True).new_page()
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto((root / OUTPUT / "status.html").as_uri())
        counts = page.locator("#counts li").all_inner_texts()
        assert [text.split("\n") for text in counts[:2]] == [["4", "应报"], ["3", "已报"]]
        assert not page.locator("#agencies").is_visible()
        page.locator(f'td[data-cell="{html.escape(CELL)}"] button').first.click()
        assert page.locator("#panel ul").first.all_inner_texts() == [
            "甲省　8\n乙省　7\n其他单位　2"
        ]
        page.locator("#scopes a", has_text="甲省").click()
        assert page.locator("#list tbody tr td:nth-child(1)").all_inner_texts() == ["a", "b"]
        page.locator("nav a", has_text="返回总页").click()
        page.locator("#scopes a", has_text="其他单位").click()
        assert page.locator("#list tbody tr td:nth-child(1)").all_inner_texts() == ["d"]
        assert failures == []
        browser.close()
