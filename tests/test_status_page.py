"""What status.html holds: hostile words unharmed, exact figures, small enough for a thousand."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import reported
from campaigns import send, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import OUTPUT, open_campaign
from sheetflow.cli.app import app
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.history import LastPeriod
from sheetflow.model.ledger import Ledger
from sheetflow.model.roster import Agency, Roster
from sheetflow.reports.status import page_json
from sheetflow.rollup import roll_up

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.reports.results import Results

HOSTILE = [
    *("</script><script>alert(1)</script>", "]]>", "{{ 7*7 }}", "=cmd|'/c calc'!A1"),
    *("\u202eabc", "<!--", "字" * 32767, "\u2028"),
]


def data(page: bytes) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', page.decode(), re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_within_the_data(text: str) -> None:
    given = reported.results(name=text)
    page = reported.status_page(given)
    agencies = data(page)["agencies"]
    assert agencies[2]["name"] == text.replace("\u0000", "")
    assert page.count(b"<script") == 2
    assert page.count(b"</script>") == 2


def test_json_in_a_script_element_can_end_nothing() -> None:
    assert page_json({"x": "</script>&\u2028"}) == '{"x":"\\u003c/script\\u003e\\u0026\\u2028"}'


def test_figures_are_exact_text_and_last_years_beside_them() -> None:
    given = reported.results()
    fee = reported.cell("charges/fees/amount")
    given = replace(given, last=LastPeriod(totals={"all": {fee: Decimal("0.1")}}))
    record = data(reported.status_page(given))
    index = next(n for n, cell in enumerate(record["cells"]) if cell["code"] == str(fee))
    whole = record["groups"][0]
    assert whole["values"].split(" ")[index] == "37302.128208"
    assert whole["shown"][str(index)] == "37302.13"
    assert whole["before"].split(" ")[index] == "0.1"


def test_what_an_agency_is_asked_to_do_names_no_command_of_the_office() -> None:
    given = thousand()
    line, *others = given.ledger.lines
    undecided = next(iter(line.findings))._replace(code="I06")
    line = replace(line, findings=(*line.findings, undecided))
    checks = data(
        reported.status_page(replace(given, ledger=replace(given.ledger, lines=(line, *others))))
    )["checks"]
    assert all("sheetflow decide" in checks[code]["remedy"] for code in ("T2", "I06"))
    assert (checks["T2"]["ask"], checks["I06"]["ask"]) == ("没有发生的请填 0。", "")


def test_a_draft_says_so_and_a_final_one_too() -> None:
    draft = reported.status_page(reported.results(missing=True)).decode()
    final = reported.status_page(reported.results()).decode()
    assert ("草稿</strong>" in draft, "定稿</strong>" in draft) == (True, False)
    assert ("草稿</strong>" in final, "定稿</strong>" in final) == (False, True)


def test_the_page_asks_for_nothing_from_anywhere() -> None:
    page = reported.status_page(reported.results()).decode()
    assert "default-src 'none'" in page
    assert re.findall(r"(?:src|href)\s*=\s*[\"'](?!#)", page) == []
    assert "http:" not in page.replace("http://www.w3.org/2000/svg", "")


def thousand() -> Results:
    given = reported.results()
    agencies = tuple(
        Agency(f"x{n:04}", f"某县第{n}号人民政府办公室", "" if n < 20 else f"x{n % 20:04}", "部门")
        for n in range(1000)
    )
    finding = Finding("T2", Severity.ERROR, cell=reported.cell("requests/new/person"))
    lines = tuple(
        replace(
            reported.line(each.code, number),
            findings=(finding._replace(agency=each.code, place=Place("a.xlsx", "三", "D9")),) * 2,
        )
        for number, each in enumerate(agencies)
    )
    roster, ledger = Roster(agencies), Ledger(lines, (), ())
    form = given.form
    return replace(given, roster=roster, ledger=ledger, aggregates=roll_up(form, roster, ledger))


def test_findings_that_are_said_as_one_are_counted_as_everywhere_else() -> None:
    results = thousand()
    records = [
        f for agency in data(reported.status_page(results))["agencies"] for f in agency["findings"]
    ]
    assert len(records) == 1000
    assert sum(record["count"] for record in records) == len(results.ledger.open_findings) == 2000


def test_a_thousand_agencies_take_less_than_five_megabytes() -> None:
    assert len(reported.status_page(thousand())) < 5_000_000


def test_status_writes_the_page_and_merge_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = start(tmp_path / "c", "a 甲局")
    send(root, a="new 3 1\ndone.yes 3 1")
    page = root / OUTPUT / "status.html"
    assert app(["-C", str(root), "status"], standalone_mode=False) == 0
    assert "status.html（双击打开）" in capsys.readouterr().out
    first = page.read_bytes()
    app(["-C", str(root), "merge"], standalone_mode=False)
    assert page.read_bytes() == first == reported.status_page(compute(open_campaign(root)))
