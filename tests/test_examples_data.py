"""The example data: complete, plain text, and worked up by its decisions to what was published."""

from __future__ import annotations

import csv
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from samples import form
from sheetflow.definitions.decisions import load_decisions
from sheetflow.definitions.roster import csv_rows, load_roster
from sheetflow.model.cells import parse_cell, plain
from sheetflow.model.form import LineKind

if TYPE_CHECKING:
    from sheetflow.model.roster import Roster

EXAMPLES = Path(__file__).parent.parent / "examples"
PINGTAN = EXAMPLES / "pingtan-2024"
HENGYANG = EXAMPLES / "hengyang-mzj-2023"
RESULTS = ("upheld", "corrected", "other", "pending")
ORGANISATIONS = ("company", "research", "welfare", "legal", "other")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reported(folder: Path) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for row in table(folder / "reported.csv"):
        assert row["code"] not in values.setdefault(row["agency"], {})
        values[row["agency"]][row["code"]] = row["value"]
    return values


def roster(folder: Path) -> Roster:
    loaded = load_roster(csv_rows((folder / "roster.csv").read_bytes()), "roster.csv").value
    assert loaded is not None
    return loaded


@cache
def published() -> dict[str, str]:
    return {row["code"]: row["value"] for row in table(PINGTAN / "published.csv")}


def decisions(kind: str) -> list[dict[str, str]]:
    text = (PINGTAN / "decisions.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)[kind])


def is_total(code: str) -> bool:
    return code.endswith("total") or "/done.total/" in code


def parts(code: str) -> list[str]:
    """Name the cells that a total adds, as the letter's words say."""
    table_code, item, column = code.split("/")
    if table_code == "disputes":
        return [f"disputes/cases/{column.removesuffix('total')}{result}" for result in RESULTS]
    if column == "total":
        columns = ("person", *(f"org.{each}" for each in ORGANISATIONS))
        return [f"requests/{item}/{each}" for each in columns]
    return [
        each
        for each in published()
        if each.startswith("requests/done.") and each.endswith(f"/{column}") and each != code
    ]


def with_totals(entries: dict[str, Decimal]) -> dict[str, Decimal]:
    values = dict(entries)
    for code in sorted(filter(is_total, published()), key=lambda each: each.endswith("/total")):
        values[code] = sum((values[part] for part in parts(code)), Decimal(0))
    return values


def decided(agency: str) -> dict[str, Decimal]:
    """Give an agency's entries with the decisions on it, totals recomputed."""
    zero = {decision["agency"] for decision in decisions("blank-zero")}
    entries = {}
    for code, value in reported(PINGTAN)[agency].items():
        if not is_total(code):
            assert value or agency in zero
            entries[code] = Decimal(value or "0")
    for decision in decisions("adjust"):
        if decision.get("agency") == agency:
            entries[decision["cell"]] = Decimal(decision["value"])
    return with_totals(entries)


def test_pingtan_has_seventeen_agencies_of_two_kinds() -> None:
    agencies = roster(PINGTAN)
    assert len(agencies.members("all")) == 17
    assert agencies.kinds == ("部门", "片区")
    assert agencies.by_code["pt-gyz"].former_names == ("平潭综合实验区国有资产管理局",)
    assert list(reported(PINGTAN)) == [agency.code for agency in agencies.agencies]


def test_every_agency_reports_the_two_hundred_cells_in_the_forms_order() -> None:
    codes = list(published())
    assert len(codes) == 200
    assert sum(is_total(code) for code in codes) == 34
    assert all(list(values) == codes for values in reported(PINGTAN).values())


def test_figures_stand_as_they_were_published_decimals_included() -> None:
    assert reported(PINGTAN)["pt-czj"]["charges/fees/amount"] == "18651.064104"
    figures = [v for values in reported(PINGTAN).values() for v in values.values() if v]
    assert all(plain(Decimal(figure)) == figure for figure in figures)


def test_twenty_seven_entries_were_left_blank() -> None:
    blank = {
        agency: sum(not value for code, value in values.items() if not is_total(code))
        for agency, values in reported(PINGTAN).items()
    }
    assert {agency: count for agency, count in blank.items() if count} == {
        "pt-scj": 15,
        "pt-nyn": 3,
        "pt-shs": 3,
        "pt-htp": 3,
        "pt-jjp": 3,
    }
    assert [d["agency"] for d in decisions("blank-zero")] == [a for a in blank if blank[a]]


def test_each_wrong_total_that_the_adjustment_leaves_has_its_waiver() -> None:
    wrong = [
        (agency, code)
        for agency, values in reported(PINGTAN).items()
        for code, value in decided(agency).items()
        if is_total(code) and values[code] and Decimal(values[code]) != value
    ]
    waived = [(decision["agency"], decision["cell"]) for decision in decisions("waive")]
    assert len(waived) == 13
    assert sorted(waived) == sorted(wrong)


def test_the_decisions_are_sound_and_each_waiver_names_the_check_of_its_total() -> None:
    text = (PINGTAN / "decisions.toml").read_text(encoding="utf-8")
    outcome = load_decisions(text, "decisions.toml", form(), roster(PINGTAN))
    assert outcome.findings == ()
    assert outcome.value is not None
    assert len(outcome.value) == 22
    for decision in outcome.value:
        if decision.check and decision.cell:
            assert form().definitions[decision.cell].relation.check == decision.check


@pytest.mark.parametrize("folder", [PINGTAN, HENGYANG], ids=lambda folder: folder.name)
def test_every_code_is_a_cell_of_the_form(folder: Path) -> None:
    for values in reported(folder).values():
        cells = [form().cells.get(ref) for code in values if (ref := parse_cell(code))]
        assert len(cells) == len(values)
        assert all(cells)


def test_totals_are_the_forms_totals() -> None:
    totals = [str(ref) for ref, cell in form().cells.items() if cell.kind is LineKind.TOTAL]
    assert [code for code in published() if is_total(code)] == [
        total for total in totals if total in published()
    ]


def test_the_decisions_work_the_reports_up_to_the_published_aggregate() -> None:
    agencies = [decided(agency) for agency in reported(PINGTAN)]
    sums = {code: sum((a[code] for a in agencies), Decimal(0)) for code in published()}
    for decision in decisions("adjust"):
        if "group" in decision:
            sums[decision["cell"]] += Decimal(decision["add"])
    differing = {code for code, value in published().items() if Decimal(value) != sums[code]}
    assert differing == {"charges/fees/amount"}
    assert round(sums["charges/fees/amount"], 2) == Decimal(published()["charges/fees/amount"])
    assert with_totals({c: v for c, v in sums.items() if not is_total(c)}) == sums


@pytest.mark.parametrize("kind", ["adjust", "blank-zero", "waive"])
def test_every_decision_says_who_when_and_why(kind: str) -> None:
    assert all(d["by"] and d["on"] and d["why"] for d in decisions(kind))


def test_hengyang_reports_the_page_and_what_its_text_states() -> None:
    [(agency, values)] = reported(HENGYANG).items()
    assert [agency] == [each.code for each in roster(HENGYANG).agencies]
    official = {code: v for code, v in values.items() if not code.startswith("activity/")}
    assert list(official) == list(published())
    assert {code: value for code, value in values.items() if value not in {"0", ""}} == {
        "documents/normative/made": "1",
        "documents/normative/in_force": "14",
        "licensing/licences/decided": "77",
        "activity/letters/count": "72",
        "activity/hotline.received/count": "206",
    }
    assert [code for code, value in official.items() if not value] == ["charges/fees/amount"]


def test_hengyangs_texts_are_whole_and_without_the_mirrors_advertising() -> None:
    texts = {row["code"]: row["value"] for row in table(HENGYANG / "texts.csv")}
    assert list(texts) == [
        *(
            f"texts/overview.{part}/text"
            for part in ("disclosure", "requests", "management", "platform", "supervision")
        ),
        "texts/problems/text",
        "texts/other/text",
    ]
    assert "\n" in texts["texts/problems/text"]
    assert "坚持以新时代中国特色社会主义思想为指导" in texts["texts/overview.disclosure/text"]
    assert all(text.endswith("。") and "365" not in text for text in texts.values())


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.*")), ids=lambda path: path.name)
def test_example_files_are_utf8_without_mark_and_with_line_feeds(path: Path) -> None:
    data = path.read_bytes()
    assert data.decode("utf-8").endswith("\n")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
