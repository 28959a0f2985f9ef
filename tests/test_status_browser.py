"""status.html in a real browser: filtered, searched, traced, printed, and open to everybody."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

import reported
from campaigns import send, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import RETURNS, open_campaign
from sheetflow.campaign.tracing import trace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from sheetflow.reports.results import Results

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ROSTER = "a 甲局 . 部门\nx 东县 . group\nx1 东县一局 x 乡镇\nx2 东县二局 x 乡镇\nb <b>乙局 . 部门"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    root = start(tmp_path_factory.mktemp("status") / "c", ROSTER)
    send(root, a="new 3 1\ndone.yes 3 1", x1="new 0 2\ndone.yes 0 1", b="new 5 -\ndone.yes 5 -")
    (root / RETURNS / "空.xlsx").write_bytes(b"")
    return compute(open_campaign(root))


@pytest.fixture(scope="module")
def page(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Open the page from disk, as a double click does, without a network."""
    if not CHROMIUM:
        if os.environ.get("SHEETFLOW_REQUIRE_BROWSER"):
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is

    path: Path = tmp_path_factory.mktemp("page") / "status.html"
    path.write_bytes(reported.status_page(results))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
        shown = context.new_page()
        failures: list[str] = []
        shown.on("pageerror", lambda error: failures.append(str(error)))
        shown.on("console", lambda said: failures.extend([said.text] * (said.type == "error")))
        shown.goto(path.as_uri())
        yield shown
        assert failures == []
        browser.close()


def listed(page: Page) -> list[str]:
    return page.locator("#list tbody tr td:nth-child(1)").all_inner_texts()


def reset(page: Page) -> None:
    page.goto(page.url.partition("#")[0])
    for name in ("standing", "scope", "kind", "check"):
        page.locator(f"#by-{name}").select_option("")
    page.locator("#search").fill("")


def test_it_counts_who_stands_how(page: Page, results: Results) -> None:
    reset(page)
    shown = (text.split("\n") for text in page.locator("#counts li").all_inner_texts())
    counts = {name: number for number, name in shown}
    assert (counts["应报"], counts["已报"], counts["未报"]) == ("4", "3", "1")
    assert counts["未处理的问题"] == str(len(results.ledger.open_findings))
    assert page.locator("#scopes .scope").count() == 2


def test_agencies_are_filtered_and_found_by_words(page: Page) -> None:
    reset(page)
    assert listed(page) == ["a", "x1", "x2", "b"]
    page.locator("#by-standing").select_option("missing")
    assert listed(page) == ["x2"]
    page.locator("#by-standing").select_option("")
    page.locator("#by-scope").select_option(label="东县")
    assert listed(page) == ["x1", "x2"]
    page.locator("#search").fill("x1")
    assert listed(page) == ["x1"]
    page.locator("#search").fill("")
    page.locator("#by-scope").select_option("")
    page.locator("#by-check").select_option("B1")
    assert listed(page) == ["x1"]


def test_a_long_name_breaks_no_code_kind_or_date(page: Page) -> None:
    row = page.locator("#list tbody tr").first
    row.locator("a").evaluate("each => { each.textContent = '综合管理服务中心'.repeat(20); }")
    for text in ("pt-2025", "事业单位", "2025-02-01"):
        for column in (1, 3, 5):
            cell = row.locator(f"td:nth-child({column})")
            lines = "each => { const r = document.createRange(); r.selectNodeContents(each);"
            cell.evaluate("(each, text) => { each.textContent = text; }", text)
            assert cell.evaluate(f"{lines} return r.getClientRects().length; }}") == 1


def test_a_hostile_name_is_text(page: Page) -> None:
    reset(page)
    assert page.locator("#list a", has_text="<b>乙局").count() == 1


def test_lists_for_chat_name_who_is_missing_and_what_is_wrong(page: Page) -> None:
    reset(page)
    page.locator("#copy-missing").click()
    assert page.locator("#copied-text").input_value() == "尚未报送（1 个）：\n东县二局"
    page.locator("#copy-wrong").click()
    copied = page.locator("#copied-text").input_value()
    assert "东县一局：\n　强制性 B1" in copied
    assert "没有发生的请填 0。" in copied
    assert "sheetflow" not in copied
    page.locator("#copied-close").click()


def test_a_figure_tells_who_contributed_as_trace_does(page: Page, results: Results) -> None:
    reset(page)
    cell = page.locator("#tables td[data-cell='t/new/person'] button")
    cell.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel").inner_text()
    traced = trace(results, "t/new/person", "all")
    assert page.locator("#panel .sum").inner_text() == str(traced.total.value)
    for part in traced.contributions:
        if part.value:
            name = results.roster.by_code[part.agency].name
            assert f"{name}　{part.value}" in panel
            assert f"{part.place.file}　{part.place.sheet}!{part.place.address}" in panel
    assert "有数 3／应报 4，报零 1" in panel
    assert "东县二局" in panel  # who is missing
    page.locator("#group").select_option(label="东县")
    assert page.locator("#panel .sum").inner_text() == "0"


def test_a_finding_on_a_file_of_nobody_names_the_file(page: Page) -> None:
    reset(page)
    said = page.locator("#others .findings li", has_text="F07").inner_text()
    assert "returns/空.xlsx　空文件" in said


def test_an_agency_has_a_page_with_its_tables_and_what_it_sent(page: Page) -> None:
    reset(page)
    page.locator("#list a", has_text="东县一局").click()
    page.locator("#agency-title", has_text="东县一局").wait_for()  # once the click is done
    assert page.url.endswith("#agency/x1")
    assert "returns/x1.xlsx" in page.locator("#agency").inner_text()
    assert page.locator("#agency td[data-cell='t/new/firm']").inner_text() == "2"
    assert page.locator("#agency td.marked").count() >= 1
    assert page.locator("#agencies").is_hidden()
    page.locator("#back").click()
    page.locator("#agencies").wait_for()


@pytest.mark.parametrize("place", ["", "#agency/x1"])
def test_axe_finds_nothing_that_shuts_anybody_out(page: Page, place: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    reset(page)
    page.locator("#tables td[data-cell='t/new/person'] button").click()
    page.locator("#list summary").first.click()
    page.goto(page.url.partition("#")[0] + place)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_it_prints_without_what_only_a_screen_can_use(page: Page) -> None:
    reset(page)
    page.emulate_media(media="print")
    assert page.locator("#filters").is_hidden()
    assert page.locator("#tables td[data-cell='t/new/person'] button").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="screen")
