"""A county's bundle counts in the city as its returns and decisions would."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from campaigns import decide, ref, roster_csv, send, signed, small_form, start
from sheetflow.campaign.bundling import bundle
from sheetflow.campaign.computing import compute, gather_campaign
from sheetflow.campaign.deciding import Wanted
from sheetflow.campaign.deciding import decide as record
from sheetflow.campaign.folder import open_campaign
from sheetflow.campaign.merging import merge, mixture
from sheetflow.gathering.bundles import HEAD, RECORDS, ROSTER, SLATES, TOTALS
from sheetflow.gathering.enclosed import DECISIONS
from sheetflow.layout.sheets import form_layout
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.findings import Status
from sheetflow.model.history import LastPeriod
from sheetflow.model.returns import Verdict
from sheetflow.reports.summary import render_summary
from sheetflow.rollup import contributions
from sheetflow.workbooks.filling import fill

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sheetflow.reports.results import Results

CITY = """
    N 北县 . group
    a 甲局 N 部门
    b 丙局 N 部门
    S 南县 . group
    c 丁局 S 部门
    d 戊局 S 部门
    e 己局 . 部门
"""
NORTH = "a 甲局 . 部门\nb 丙局 . 部门"
DEEP = b"[" * 100_000
"""What no parser of JSON follows to its end."""
SENT = {
    "a": "new 3 1\ndone.yes 2 1\nleft 1 0\ncopies 1.5 0",
    "b": "new 5 -\ndone.yes 5 1 7",
    "c": "new 4 4\ndone.no 4 4",
    "d": "new 0 0",
    "e": "new 9 9\ndone.yes 9 8\nleft 0 1",
}
DECIDED = """
    [[adjust]] agency = "a"; cell = "t/new/firm"; value = 6
    [[blank-zero]] agency = "b"
    [[waive]] agency = "b"; check = "B3"
"""


def sent(root: Path, *agencies: str) -> Path:
    """Put returns of some agencies into a campaign."""
    send(root, **{agency: SENT[agency].replace("\\\n", "\n") for agency in agencies})
    return root


@pytest.fixture
def north(tmp_path: Path) -> Path:
    """Give the northern county's campaign, with decisions."""
    root = sent(start(tmp_path / "north", NORTH), "a", "b")
    decide(root, DECIDED + '[[adjust]] group = "all"; cell = "t/left/person"; add = 2')
    return root


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    """Give the city's campaign with every return and decision in it."""
    root = sent(start(tmp_path / "flat", CITY), "a", "b", "c", "d", "e")
    decide(root, DECIDED + '[[adjust]] group = "N"; cell = "t/left/person"; add = 2')
    return root


def packed(root: Path) -> bytes:
    """Pack a campaign."""
    campaign = open_campaign(root)
    return bundle(campaign, gather_campaign(campaign, LastPeriod()), compute(campaign))


def city(tmp_path: Path, *bundles: bytes) -> Path:
    """Give the city's campaign: bundles, and plain returns of those that are in none."""
    root = sent(start(tmp_path / "city", CITY), "c", "d", "e")
    for number, data in enumerate(bundles):
        (root / "returns" / f"县{number}.zip").write_bytes(data)
    return root


def totals(results: Results) -> dict[str, object]:
    """Give every total of every group."""
    return {group: dict(each.totals) for group, each in results.aggregates.items()}


def figure(results: Results, agency: str, cell: str) -> object:
    """Give what counts as an agency's figure."""
    submission = results.ledger.by_agency[agency].submission
    assert submission
    assert submission.agency == agency
    return submission.entries[ref(cell)].value


def codes(results: Results) -> set[str]:
    """Give the codes of the findings on files."""
    return {f.code for f in results.ledger.other_findings}


def test_totals_equal_those_of_a_flat_merge(tmp_path: Path, north: Path, flat: Path) -> None:
    merged = compute(open_campaign(city(tmp_path, packed(north))))
    assert totals(merged) == totals(compute(open_campaign(flat)))
    assert codes(merged) == set()


def test_standings_and_reasons_come_along(tmp_path: Path, north: Path, flat: Path) -> None:
    merged, plain = (compute(open_campaign(r)) for r in (city(tmp_path, packed(north)), flat))
    for agency in ("a", "b"):
        one, other = merged.ledger.by_agency[agency], plain.ledger.by_agency[agency]
        assert one.standing is other.standing
        assert [(f.code, f.cell, f.status, f.reason) for f in one.findings] == [
            (f.code, f.cell, f.status, f.reason) for f in other.findings
        ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_decisions_come_along_however_the_countys_editor_saved_them(
    tmp_path: Path, north: Path, flat: Path, encoding: str
) -> None:
    path = north / "decisions.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    merged, plain = (compute(open_campaign(r)) for r in (city(tmp_path, packed(north)), flat))
    signed = [[(d.why, d.by) for d in each.ledger.applied] for each in (merged, plain)]
    assert signed[0] == signed[1]
    assert totals(merged) == totals(plain)


def test_a_figure_leads_through_to_the_countys_file(tmp_path: Path, north: Path) -> None:
    merged = compute(open_campaign(city(tmp_path, packed(north))))
    refs = [ref for ref in merged.form.cells if str(ref) == "t/new/person"]
    parts = list(contributions(merged.form, merged.roster, merged.ledger, "N", refs[0]))
    assert [part.place.file for part in parts] == [
        "returns/县0.zip/returns/a.xlsx",
        "returns/县0.zip/returns/b.xlsx",
    ]
    left = next(ref for ref in merged.form.cells if str(ref) == "t/left/person")
    *_, added = contributions(merged.form, merged.roster, merged.ledger, "N", left)
    assert added.place.file == "returns/县0.zip/decisions.toml"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_a_text_may_hold_whatever_separates_lines(
    tmp_path: Path, north: Path, separator: str
) -> None:
    sent = north / "returns" / "a.xlsx"
    story, text = ref("words/story/text"), f"新收四件。{separator}已全部办结。"
    sent.write_bytes(fill(sent.read_bytes(), {form_layout(small_form()).place(story): text}))
    merged = compute(open_campaign(city(tmp_path, packed(north))))
    submission = merged.ledger.by_agency["a"].submission
    assert submission
    assert submission.entries[story].raw == text


def test_the_same_campaign_gives_the_same_bundle(north: Path) -> None:
    assert packed(north) == packed(north)


def test_a_bundle_of_bundles_counts_as_well(tmp_path: Path, north: Path, flat: Path) -> None:
    above = packed(city(tmp_path, packed(north)))
    root = start(tmp_path / "province", CITY)
    (root / "returns" / "市.zip").write_bytes(above)
    merged = compute(open_campaign(root))
    assert totals(merged) == totals(compute(open_campaign(flat)))
    assert codes(merged) == set()
    below = "returns/市.zip/returns/县0.zip/decisions.toml"
    assert below in {decision.file for decision in merged.ledger.applied}


def test_every_file_of_a_bundle_lies_in_it_or_in_what_does(tmp_path: Path, north: Path) -> None:
    inner = start(tmp_path / "region", CITY)
    (inner / "returns" / "北县.zip").write_bytes(packed(north))
    merged = compute(open_campaign(city(tmp_path, packed(inner))))
    within = {file.path: file.container for file in merged.ledger.files if "县0" in file.path}
    assert within == {
        "returns/县0.zip": "",
        "returns/县0.zip/returns/北县.zip": "returns/县0.zip",
        "returns/县0.zip/returns/北县.zip/returns/a.xlsx": "returns/县0.zip/returns/北县.zip",
        "returns/县0.zip/returns/北县.zip/returns/b.xlsx": "returns/县0.zip/returns/北县.zip",
    }
    book = load_workbook(io.BytesIO(render_summary(merged)))
    links = (cell.hyperlink for row in book["明细"].iter_rows() for cell in row)
    assert {link.target for link in links if link} == {
        f"..\\returns\\{agency}.xlsx" for agency in "cde"
    }


def test_texts_come_along_whatever_ends_their_lines(tmp_path: Path, north: Path) -> None:
    path = north / "returns" / "a.xlsx"
    book = load_workbook(path)
    book["二"]["A7"].value = text = "一\u2028二\u0085三\n四"
    book.save(path)
    results = compute(open_campaign(city(tmp_path, packed(north))))
    submission = results.ledger.by_agency["a"].submission
    assert submission
    assert submission.entries[ref("words/story/text")].raw == text


def test_an_agency_that_sent_one_itself_is_chosen_as_ever(tmp_path: Path, north: Path) -> None:
    root = city(tmp_path, packed(north))
    plain = root / "returns" / "a.xlsx"
    shutil.copy(north / "returns" / "a.xlsx", plain)
    files = {f.path: f.verdict for f in compute(open_campaign(root)).ledger.files}
    assert files["returns/a.xlsx"] is Verdict.USED
    assert files["returns/县0.zip/returns/a.xlsx"] is Verdict.DUPLICATE


def test_a_return_that_the_city_has_too_contradicts_no_total(tmp_path: Path, north: Path) -> None:
    root = city(tmp_path, packed(north))
    shutil.copy(north / "returns" / "a.xlsx", root / "returns" / "a.xlsx")
    assert codes(compute(open_campaign(root))) == set()


def test_a_return_that_only_the_county_could_place_counts(tmp_path: Path, north: Path) -> None:
    root = city(tmp_path, packed(north))
    data = (north / "returns" / "a.xlsx").read_bytes()
    (root / "returns" / "乙局.xlsx").write_bytes(data)
    (root / "roster.csv").write_bytes(roster_csv(f"{CITY}\nf 乙局 ."))
    results = compute(open_campaign(root))
    files = {f.path: f.verdict for f in results.ledger.files}
    assert files["returns/县0.zip/returns/a.xlsx"] is Verdict.USED
    assert files["returns/乙局.xlsx"] is Verdict.DUPLICATE
    assert results.ledger.by_agency["a"].submission


def test_a_return_that_the_county_assigned_is_not_taken_for_anothers(
    tmp_path: Path, north: Path
) -> None:
    data = (north / "returns" / "a.xlsx").read_bytes()
    (north / "returns" / "b.xlsx").unlink()
    decide(north, f'[[assign]] agency = "b"; sha256 = "{hashlib.sha256(data).hexdigest()}"')
    root = city(tmp_path, packed(north))
    (root / "returns" / "a.xlsx").write_bytes(data)
    results = compute(open_campaign(root))
    assert figure(results, "b", "t/new/person") == 3
    assert results.ledger.by_agency["a"].submission is None


# decisions of several offices


def test_the_citys_decision_prevails_over_the_countys(tmp_path: Path, north: Path) -> None:
    root = city(tmp_path, packed(north))
    decide(root, '[[adjust]] agency = "a"; cell = "t/new/firm"; value = 9')
    results = compute(open_campaign(root))
    assert figure(results, "a", "t/new/firm") == 9
    assert codes(results) == set()


@pytest.mark.parametrize("group", ["T", "kind:街道"])
def test_what_a_county_added_to_a_group_of_its_own_counts_in_the_county(
    tmp_path: Path, group: str
) -> None:
    root = sent(start(tmp_path / "north", "T 北街 . group\na 甲局 T 街道\nb 丙局 . 部门"), "a", "b")
    decide(root, f'[[adjust]] group = "{group}"; cell = "t/left/person"; add = 2')
    results = compute(open_campaign(city(tmp_path, packed(root))))
    assert results.aggregates["N"].value(ref("t/left/person")) == 3
    assert codes(results) == set()


def test_the_city_can_assign_a_countys_return_to_another_agency(
    tmp_path: Path, north: Path
) -> None:
    sha256 = hashlib.sha256((north / "returns" / "a.xlsx").read_bytes()).hexdigest()
    data = packed(north)
    root = start(tmp_path / "city", CITY)
    (root / "returns" / "县.zip").write_bytes(data)
    decide(root, f'[[assign]] agency = "c"; sha256 = "{sha256}"')
    results = compute(open_campaign(root))
    assert results.ledger.by_agency["a"].submission is None
    assert figure(results, "c", "t/new/person") == 3


def test_a_bundle_that_came_twice_adds_to_its_county_once(
    tmp_path: Path, north: Path, flat: Path
) -> None:
    data = packed(north)
    results = compute(open_campaign(city(tmp_path, data, data)))
    assert totals(results) == totals(compute(open_campaign(flat)))
    assert codes(results) == set()


def test_two_versions_of_a_bundle_that_decide_differently_are_a_finding(
    tmp_path: Path, north: Path
) -> None:
    first = packed(north)
    decide(north, DECIDED.replace("value = 6", "value = 7"))
    root = city(tmp_path, first, packed(north))
    results = compute(open_campaign(root))
    (found,) = results.ledger.other_findings
    assert (found.code, found.agency, str(found.cell)) == ("D06", "a", "t/new/firm")
    assert found.facts["other"] == "returns/县0.zip/decisions.toml"
    assert figure(results, "a", "t/new/firm") == 1
    decide(root, '[[adjust]] agency = "a"; cell = "t/new/firm"; value = 9')
    assert codes(compute(open_campaign(root))) == set()


def test_a_countys_idle_decision_does_not_keep_the_city_from_deciding(
    tmp_path: Path, north: Path
) -> None:
    text = "\n" * 19 + signed('[[excuse]] agency = "a"')  # at the line of the city's own
    (north / DECISIONS).write_text(text, encoding="utf-8")
    root = city(tmp_path, packed(north))
    (idle,) = compute(open_campaign(root)).ledger.other_findings
    assert idle.code == "D02"
    keys = {"agency": "c", "cell": "t/new/firm", "value": "5"}
    made = record(root, Wanted(DecisionKind.ADJUST, keys, "已核实", "公开科", date(2025, 2, 10)))
    assert idle.place
    assert made.decision.line == idle.place.line


def test_a_countys_waiver_of_a_file_holds_in_the_city(tmp_path: Path, north: Path) -> None:
    (north / "returns/空.xlsx").write_bytes(b"")
    waiver = f'[[waive]] sha256 = "{hashlib.sha256(b"").hexdigest()[:16]}"; check = "F07"'
    decide(north, DECIDED + waiver)
    results = compute(open_campaign(city(tmp_path, packed(north))))
    (empty,) = results.ledger.other_findings
    assert (empty.code, empty.status) == ("F07", Status.WAIVED)


def altered(data: bytes, change: Callable[[dict[str, bytes]], None], *, signed: bool) -> bytes:
    """Change the parts of a bundle; with its head, if `signed`, told to fit."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    if signed:
        head = json.loads(parts[HEAD])
        others = {name: each for name, each in parts.items() if name != HEAD}
        head["parts"] = {n: hashlib.sha256(each).hexdigest() for n, each in others.items()}
        parts[HEAD] = json.dumps(head).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, each in parts.items():
            archive.writestr(name, each)
    return target.getvalue()


def _head(key: str, value: object) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[HEAD] = json.dumps(json.loads(parts[HEAD]) | {key: value}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "signed"),
    [
        (_head("period", "2023"), True),
        (_head("form_asks", "0"), True),
        (_head("bundle", 2), True),
        (_head("parts", []), False),
        (lambda parts: parts.update({HEAD: DEEP}), False),
        (lambda parts: parts.update({RECORDS: DEEP + b"\n"}), True),
        (lambda parts: parts.update({SLATES: DEEP}), True),
        (lambda parts: parts.update({ROSTER: DEEP}), True),
        (lambda parts: parts.update({TOTALS: b"group,code,value\nall,t/new/person,9\n"}), False),
        (lambda parts: parts.update({HEAD: b"no json"}), False),
        (lambda parts: parts.update({HEAD: b"[1]"}), False),
        (lambda parts: parts.pop(RECORDS) and None, True),
        (lambda parts: parts.update({RECORDS: b"[[1]]\n"}), True),
        (lambda parts: parts.update({RECORDS: b"no json\n"}), True),
        (lambda parts: parts.update({SLATES: b"[]"}), True),
        (lambda parts: parts.update({ROSTER: b"[1]"}), True),
        (
            lambda parts: parts.update({ROSTER: b'[{"code": "a", "name": "x", "parent": "a"}]'}),
            True,
        ),
    ],
)
def test_a_bundle_that_does_not_fit_is_a_finding(
    tmp_path: Path, north: Path, change: Callable[[dict[str, bytes]], None], *, signed: bool
) -> None:
    data = altered(packed(north), change, signed=signed)
    assert "F31" in codes(compute(open_campaign(city(tmp_path, data))))


def reworded(root: Path, old: str, new: str) -> Path:
    """Change a form's definition after its templates were issued and returned."""
    path = root / "form.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return root


def test_a_countys_form_may_have_other_words_and_checks_than_the_citys(
    tmp_path: Path, north: Path, flat: Path
) -> None:
    reworded(north, 'title = "申请情况"', 'title = "申请及收费情况"')
    reworded(north, 'severity = "query"', 'severity = "note"')
    results = compute(open_campaign(city(tmp_path, packed(north))))
    assert totals(results) == totals(compute(open_campaign(flat)))
    assert "F31" not in codes(results)


def test_a_countys_form_that_asks_for_something_else_is_another(
    tmp_path: Path, north: Path
) -> None:
    data = packed(reworded(north, 'measure = "amount"', 'measure = "count"'))
    assert "F31" in codes(compute(open_campaign(city(tmp_path, data))))


def test_totals_that_contradict_the_returns_are_a_finding(tmp_path: Path, north: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts[TOTALS] = parts[TOTALS].replace(b"all,t/new/person,8", b"all,t/new/person,9")

    data = altered(packed(north), change, signed=True)
    results = compute(open_campaign(city(tmp_path, data)))
    assert codes(results) == {"F33"}
    assert totals(results)["N"]


def test_an_agency_that_the_city_does_not_know_is_a_finding(tmp_path: Path, north: Path) -> None:
    root = city(tmp_path, packed(north))
    roster = root / "roster.csv"
    roster.write_text(roster.read_text("utf-8-sig").replace("b,丙局", "x,丙局"), "utf-8")
    results = compute(open_campaign(root))
    assert codes(results) == {"F32"}
    assert results.ledger.by_agency["x"].submission is None


def test_faulty_decisions_of_a_county_are_findings(tmp_path: Path, north: Path) -> None:
    data = altered(packed(north), lambda p: p.update({DECISIONS: b"[[adjust"}), signed=True)
    assert codes(compute(open_campaign(city(tmp_path, data)))) >= {"F33"}


def test_merge_writes_the_bundle_and_knows_it(north: Path) -> None:
    campaign = open_campaign(north)
    results = compute(campaign)
    written = merge(
        campaign,
        results,
        packed=lambda: bundle(campaign, gather_campaign(campaign, LastPeriod()), results),
    )
    assert "bundle.zip" in {path.name for path in written.files}
    assert mixture(north) == ()
