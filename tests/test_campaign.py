"""The folder is the state: what is made in it, what is only read, what is never touched again."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeVar

import pytest
from openpyxl import Workbook, load_workbook

from campaigns import (
    decide,
    filled,
    form_text,
    ref,
    roster_csv,
    send,
    short,
    signed,
    snapshot,
    start,
)
from sheetflow.campaign import storage
from sheetflow.campaign.computing import compute
from sheetflow.campaign.examples import example
from sheetflow.campaign.folder import (
    DECISIONS,
    FORM,
    OUTPUT,
    REPORT,
    RETURNS,
    SETTINGS,
    TEMPLATES,
    office_texts,
    open_campaign,
    roster_path,
    text_files,
)
from sheetflow.campaign.issuing import file_name, issue_numbers, issue_templates
from sheetflow.campaign.merging import Written, merge, report
from sheetflow.campaign.starting import start_campaign
from sheetflow.campaign.tracing import trace
from sheetflow.cli.shown import fault_text
from sheetflow.definitions.form import load_form
from sheetflow.errors import (
    DiskFullError,
    FaultyDefinitionError,
    FolderNotEmptyError,
    NoCampaignError,
    OutputsMixedError,
    TargetInUseError,
    UnknownNameError,
)
from sheetflow.model.campaign import Settings
from sheetflow.model.findings import Finding
from sheetflow.model.roster import Agency

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetflow.reports.results import Results

T = TypeVar("T")
TWO = "a 甲局 . 部门\nb 乙局 . 部门"
GOOD = "new 3 1\ndone.yes 3 1"
SETTINGS_2024 = Settings(form="small", period="2024", name="某市", due=date(2025, 1, 31))


def results_of(root: Path) -> Results:
    return compute(open_campaign(root))


def merged(root: Path) -> Written:
    campaign = open_campaign(root)
    return merge(campaign, compute(campaign))


def faults_of(error: FaultyDefinitionError) -> list[str]:
    found = [f for f in error.findings if isinstance(f, Finding)]
    return [f"{f.code} {f.place.file if f.place else ''}" for f in found]


def issues(root: Path) -> dict[str, tuple[str, int]]:
    issued = issue_templates(open_campaign(root))
    return {each.agency: (each.issue.value, each.number) for each in issued}


def rewrite_roster(root: Path, text: str) -> None:
    (root / "roster.csv").write_bytes(roster_csv(text))


# init


def test_init_makes_all_that_the_office_needs_and_a_sample_roster(tmp_path: Path) -> None:
    root = tmp_path / "new" / "campaign"
    written = start_campaign(root, SETTINGS_2024, form_text(), None)
    assert all(path.is_file() for path in written)
    assert {path.name for path in root.iterdir()} == {
        ".sheetflow",
        "decisions.toml",
        "form.toml",
        "report",
        "returns",
        "roster.csv",
        "sheetflow.toml",
        "templates",
    }
    campaign = open_campaign(root)
    assert campaign.settings == SETTINGS_2024
    assert not campaign.faults
    assert not campaign.decisions
    assert [agency.code for agency in campaign.roster.members("sl-dx")] == [
        "sl-dx-zfb",
        "sl-dx-cgz",
    ]


def test_init_takes_a_csv_roster_byte_for_byte(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    assert (root / "roster.csv").read_bytes() == roster_csv(TWO)
    assert list(open_campaign(root).roster.by_code) == ["a", "b"]


def test_init_takes_an_xlsx_roster(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("代码", "名称", "类别"), ("007", "甲局", "部门"), ("008", "乙局", "部门")):
        book.worksheets[0].append(row)
    source = tmp_path / "名录.XLSX"
    book.save(source)
    root = tmp_path / "c"
    start_campaign(root, SETTINGS_2024, form_text(), source)
    assert roster_path(root).name == "roster.xlsx"
    assert list(open_campaign(root).roster.by_code) == ["007", "008"]


def test_init_takes_a_csv_roster_under_any_name_and_in_gb18030(tmp_path: Path) -> None:
    source = tmp_path / "名录.txt"
    source.write_bytes(roster_csv("a 甲局㐀 . 部门").decode().encode("gb18030"))
    root = tmp_path / "c"
    start_campaign(root, SETTINGS_2024, form_text(), source)
    assert open_campaign(root).roster.by_code["a"].name == "甲局㐀"


def test_an_empty_folder_may_be_there_already(tmp_path: Path) -> None:
    start_campaign(tmp_path, SETTINGS_2024, form_text(), None)
    assert open_campaign(tmp_path).settings.name == "某市"


def test_init_refuses_a_folder_that_holds_anything(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderNotEmptyError, match=tmp_path.name):
        start_campaign(tmp_path, SETTINGS_2024, form_text(), None)
    assert snapshot(tmp_path) == {"notes.txt": b"mine"}
    with pytest.raises(FolderNotEmptyError):
        start_campaign(tmp_path / "notes.txt", SETTINGS_2024, form_text(), None)


@pytest.mark.parametrize(
    ("roster", "form", "settings", "codes"),
    [
        ("a 甲局\nA 乙局 nobody", form_text(), SETTINGS_2024, {"S13", "S14"}),
        (TWO, "[form]\n", SETTINGS_2024, {"S02"}),
        ("a 甲局\na 乙局", "[form]\n", SETTINGS_2024, {"S02", "S13"}),
        (TWO, form_text(), Settings(form="small", period="24", name=""), {"S04"}),
    ],
)
def test_with_a_faulty_definition_init_names_every_fault_and_writes_nothing(
    tmp_path: Path, roster: str, form: str, settings: Settings, codes: set[str]
) -> None:
    source = tmp_path / "roster.csv"
    source.write_bytes(roster_csv(roster))
    with pytest.raises(FaultyDefinitionError) as error:
        start_campaign(tmp_path / "c", settings, form, source)
    assert {fault.split()[0] for fault in faults_of(error.value)} == codes
    assert not (tmp_path / "c").exists()


def test_a_roster_that_can_not_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(b"no workbook")
    for code, name in (("S10", "absent.csv"), ("S17", "roster.xlsx")):
        with pytest.raises(FaultyDefinitionError) as error:
            start_campaign(tmp_path / "c", SETTINGS_2024, form_text(), tmp_path / name)
        assert faults_of(error.value) == [f"{code} {name}"]


# opening


def test_a_folder_without_settings_is_no_campaign(tmp_path: Path) -> None:
    with pytest.raises(NoCampaignError, match=tmp_path.name):
        open_campaign(tmp_path)


def test_faults_of_settings_form_and_roster_are_named_all_at_once(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    (root / SETTINGS).write_text('[campaign]\nperiod = "24"\ndecimal = 3\n', encoding="utf-8")
    (root / FORM).unlink()
    rewrite_roster(root, "a 甲局 nowhere\na 乙局")
    with pytest.raises(FaultyDefinitionError) as error:
        open_campaign(root)
    faults = faults_of(error.value)
    assert {fault.split()[1] for fault in faults} == {SETTINGS, FORM, "roster.csv"}
    assert len([fault for fault in faults if fault.endswith(SETTINGS)]) == 4
    assert {"S13 roster.csv", "S14 roster.csv", f"S10 {FORM}"} <= set(faults)


def test_two_rows_of_one_name_are_open_until_the_roster_tells_them_apart(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "a 市公安局\nb 市公安局")
    assert short(results_of(root).ledger) == ["S18 open"]
    rewrite_roster(root, "a 市公安局\nb 市公安局交警支队")
    assert short(results_of(root).ledger) == []


def test_a_faulty_decision_is_a_finding_and_the_others_apply(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a="new 3 1\ndone.yes 3 1\nleft - 0")
    decide(
        root,
        """
        [[blank-zero]] agency = "a"
        [[excuse]] agency = "nobody"
        [[excuse]] agency = "b"
        """,
    )
    results = results_of(root)
    assert short(results.ledger) == ["T2 t/left/person adjusted", "D01 open"]
    assert results.ledger.missing == ()


def test_decisions_that_are_no_toml_are_one_finding_and_the_sums_stand(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a=GOOD, b=GOOD)
    (root / DECISIONS).write_text("[[excuse\n", encoding="utf-8")
    results = results_of(root)
    assert short(results.ledger) == ["S01 open"]
    assert results.aggregates["all"].value(ref("t/new/total")) == 8


def test_decisions_that_can_not_be_opened_are_a_finding_that_says_why(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a=GOOD, b=GOOD)
    (root / DECISIONS).unlink()
    (root / DECISIONS).mkdir()
    (finding,) = results_of(root).ledger.other_findings
    assert fault_text(finding).splitlines()[:2] == [
        "decisions.toml  强制性 S10",
        "  读不到这个文件：它是文件夹。",
    ]


@pytest.fixture
def reading_as_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.is_dir():
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)


@pytest.mark.usefixtures("reading_as_on_windows")
def test_a_folder_in_a_files_place_is_called_a_folder_on_windows_too(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    (root / DECISIONS).unlink()
    (root / DECISIONS).mkdir()
    (finding,) = results_of(root).ledger.other_findings
    assert "它是文件夹" in fault_text(finding)


@pytest.mark.usefixtures("reading_as_on_windows")
def test_a_folder_among_the_templates_is_none_of_them_on_windows_either(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    (root / TEMPLATES / "退回件.xlsx").mkdir()
    issued = issue_templates(open_campaign(root))
    assert [each.agency for each in issued] == ["a", "b"]


def test_a_template_that_can_not_be_read_is_not_issued_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = start(tmp_path / "c", TWO)
    issue_templates(open_campaign(root))
    monkeypatch.setattr(Path, "read_bytes", held(Path.read_bytes, 1000))
    with pytest.raises(PermissionError):
        issue_numbers(root / TEMPLATES)


def test_of_two_rosters_the_one_that_is_not_used_is_named(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    book = Workbook()
    for row in (("代码", "名称"), ("c", "丙局")):
        book.worksheets[0].append(row)
    book.save(root / "roster.xlsx")
    campaign = open_campaign(root)
    assert list(campaign.roster.by_code) == ["c"]
    assert [fault_text(f).splitlines()[:2] for f in campaign.faults] == [
        ["roster.csv  核实性 S19", "  采用的是 roster.xlsx，这一份没有读取。"]
    ]


def test_decisions_may_be_absent_or_in_gb18030(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    (root / DECISIONS).unlink()
    assert open_campaign(root).decisions == ()
    text = signed('[[excuse]] agency = "b"; why = "机构撤并"')
    (root / DECISIONS).write_bytes(text.encode("gb18030"))
    assert [decision.why for decision in open_campaign(root).decisions] == ["机构撤并"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_offices_texts_go_into_the_report_without_the_hints(
    tmp_path: Path, encoding: str
) -> None:
    root = start(tmp_path / "c", TWO)
    assert office_texts(open_campaign(root)) == {}
    (path,) = (root / REPORT).iterdir()
    path.write_bytes("# 提示\n一是加强培训。\n二是改进。\n".encode(encoding))
    results = results_of(root)
    assert results.office_texts == {ref("words/story/text"): "一是加强培训。\n二是改进。"}
    merged(root)
    assert "一是加强培训。" in (root / OUTPUT / "report.html").read_text(encoding="utf-8")


def test_each_text_has_a_file_of_its_own_whose_name_any_system_can_keep() -> None:
    story = '[[item]]\ntable = "words"\ncode = "story"\nlabel = "情况"\n'
    assert story in form_text()
    again = story.replace("story", "again") + story.replace("story", "odd").replace(
        "情况", '有何?问题: <对策> | \\"其他\\" *'
    )
    form = load_form(form_text().replace(story, story + again), "form.toml").value
    assert form is not None
    assert list(text_files(form).values()) == [
        "二情况.txt",
        "二情况（2）.txt",
        "二有何问题 对策  其他.txt",
    ]


def test_a_text_file_that_is_gone_is_no_text(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    shutil.rmtree(root / REPORT)
    assert office_texts(open_campaign(root)) == {}


# template


def test_template_writes_one_file_for_each_agency_that_files(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "x 东县 . group\nx1 东县一局 x 部门\nb 乙局 . 部门")
    assert issues(root) == {"x1": ("new", 1), "b": ("new", 1)}
    names = {path.name for path in (root / TEMPLATES).iterdir()}
    assert names == {"x1_东县一局.xlsx", "b_乙局.xlsx"}


def test_template_again_writes_nothing_where_nothing_changed(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    issues(root)
    before = {path: path.stat().st_mtime_ns for path in (root / TEMPLATES).iterdir()}
    assert issues(root) == {"a": ("kept", 1), "b": ("kept", 1)}
    assert {path: path.stat().st_mtime_ns for path in (root / TEMPLATES).iterdir()} == before


def test_a_new_agency_gets_a_template_and_the_others_keep_theirs(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    issues(root)
    before = snapshot(root / TEMPLATES)
    rewrite_roster(root, f"{TWO}\nc 丙局 . 部门")
    assert issues(root) == {"a": ("kept", 1), "b": ("kept", 1), "c": ("new", 1)}
    assert before.items() < snapshot(root / TEMPLATES).items()


def test_a_renamed_agency_gets_issue_2_beside_the_old_file(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    issues(root)
    before = snapshot(root / TEMPLATES)
    rewrite_roster(root, "a 甲局改 . 部门\nb 乙局 . 部门")
    assert issues(root) == {"a": ("again", 2), "b": ("kept", 1)}
    after = snapshot(root / TEMPLATES)
    assert before.items() < after.items()
    assert set(after) - set(before) == {"a_甲局改_第2次.xlsx"}
    assert issues(root) == {"a": ("kept", 2), "b": ("kept", 1)}


def test_a_changed_due_date_calls_for_a_new_issue_and_the_newer_return_counts(
    tmp_path: Path,
) -> None:
    root = start(tmp_path / "c", "a 甲局")
    send(root, a="new 1 0\ndone.yes 1 0")
    text = (root / SETTINGS).read_text(encoding="utf-8").replace("# due =", "due =")
    (root / SETTINGS).write_text(text, encoding="utf-8")
    (again,) = issue_templates(open_campaign(root))
    assert (again.number, again.path.name) == (2, "a_甲局_第2次.xlsx")
    (root / RETURNS / "a2.xlsx").write_bytes(filled(again.path.read_bytes(), GOOD))
    results = results_of(root)
    assert short(results.ledger) == ["I07 open"]
    assert results.aggregates["all"].value(ref("t/new/person")) == 3


def test_an_issued_file_that_is_no_longer_readable_is_not_written_over(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "a 甲局")
    (root / TEMPLATES / "a_甲局.xlsx").write_bytes(b"damaged")
    assert issues(root) == {"a": ("new", 2)}
    assert (root / TEMPLATES / "a_甲局.xlsx").read_bytes() == b"damaged"


def test_other_workbooks_among_the_templates_are_passed_over(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "a 甲局")
    Workbook().save(root / TEMPLATES / "notes.xlsx")
    assert issues(root) == {"a": ("new", 1)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('规划/国土:"局"*?', "a_规划国土局.xlsx"),
        ("某局 . ", "a_某局.xlsx"),
        ("某\u202e局\u0007", "a_某局.xlsx"),
        ("长" * 90, f"a_{'长' * 40}.xlsx"),
    ],
)
def test_any_name_becomes_a_file_name_that_every_system_takes(name: str, expected: str) -> None:
    assert file_name(Agency("a", name), 1) == expected


# what comes in, what goes out


def test_no_verb_ever_writes_into_returns(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a=GOOD, b="new 3 ?")
    (root / RETURNS / "~$a.xlsx").write_bytes(b"lock")
    (root / RETURNS / "broken.xlsx").write_bytes(b"PK")

    def state() -> dict[str, tuple[bytes, int]]:
        found = (root / RETURNS).iterdir()
        return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in found}

    before = state()
    issue_templates(open_campaign(root))
    merged(root)
    campaign = open_campaign(root)
    report(campaign, compute(campaign))
    compute(campaign, (root / RETURNS / "a.xlsx",))
    trace(compute(campaign), "t/new/person", "all")
    assert state() == before


def test_output_can_be_deleted_and_rebuilt_to_the_same_bytes(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a=GOOD, b="new 3 -\ndone.yes 3 0")
    merged(root)
    before = snapshot(root / OUTPUT)
    shutil.rmtree(root / OUTPUT)
    merged(root)
    assert snapshot(root / OUTPUT) == before
    assert {name for name in before if "/" not in name} == {
        "figures.csv",
        "totals.csv",
        "findings.json",
        "manifest.jsonl",
        "changes.csv",
        "summary.xlsx",
        "report.docx",
        "report.html",
        "report-fragment.html",
        "status.html",
        "run.json",
    }


def test_merging_twice_keeps_nothing_aside(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    assert merged(root).kept_aside == ()
    send(root, a=GOOD)
    assert merged(root).kept_aside == ()


def test_a_report_that_was_edited_by_hand_is_kept_aside(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    merged(root)
    path = root / OUTPUT / "report.docx"
    own = path.read_bytes()
    for number in (1, 2):
        path.write_bytes(b"edited %d" % number)
        written = merged(root)
        assert [aside.name for aside in written.kept_aside] == [f"report（手工修改{number}）.docx"]
        assert written.kept_aside[0].read_bytes() == b"edited %d" % number
        assert path.read_bytes() == own
    assert merged(root).kept_aside == ()


def test_report_rewrites_the_documents_alone(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a=GOOD)
    merged(root)
    before = snapshot(root / OUTPUT)
    send(root, b=GOOD)
    campaign = open_campaign(root)
    written = report(campaign, compute(campaign))
    assert [path.name for path in written.files] == [
        "summary.xlsx",
        "report.docx",
        "report.html",
        "report-fragment.html",
        "status.html",
        "run.json",
    ]
    after = snapshot(root / OUTPUT)
    assert {name for name in after if after[name] != before[name]} == {
        path.name for path in written.files
    }


@pytest.mark.parametrize("damage", [b"{", b"[]", b"{}", b'{"files": 3}'])
def test_a_damaged_run_file_stops_nothing(tmp_path: Path, damage: bytes) -> None:
    root = start(tmp_path / "c", TWO)
    (root / OUTPUT).mkdir()
    (root / OUTPUT / "run.json").write_bytes(damage)
    assert merged(root).kept_aside == ()


def test_files_named_one_by_one_are_checked_as_if_they_alone_were_there(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a="new 3 1\ndone.yes 2 1", b="new 9 9")
    outside = tmp_path / "draft.xlsx"
    shutil.move(root / RETURNS / "a.xlsx", outside)
    decide(root, '[[waive]] agency = "b"; check = "B1"\n[[excuse]] agency = "b"')
    results = compute(open_campaign(root), (outside,))
    assert short(results.ledger) == ["B1 t/done.total/person open", "B1 t/done.total/total open"]
    assert [file.path for file in results.ledger.files] == [outside.as_posix()]


def rows(root: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / OUTPUT / name).read_text("utf-8-sig"))))


def test_figures_csv_has_each_entry_as_it_was_added_and_each_group_adjustment(
    tmp_path: Path,
) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a="new 3 -\ndone.yes 3 ?\ncopies 18651.064104 0")
    decide(
        root,
        """
        [[adjust]] agency = "a"; cell = "t/done.yes/firm"; value = "1"
        [[adjust]] group = "all"; cell = "t/new/person"; add = "-2"
        """,
    )
    merged(root)
    figures = rows(root, "figures.csv")
    assert len(figures) == 11 + 1
    shown = {(row["agency"], row["code"]): tuple(row.values())[2:] for row in figures}
    file = "returns/a.xlsx"
    assert shown["a", "t/new/person"] == ("3", "number", "3", file, "一", "C7")
    assert shown["a", "t/new/firm"] == ("", "blank", "", file, "一", "D7")
    assert shown["a", "t/done.yes/firm"] == ("1", "adjusted", "?", file, "一", "D8")
    assert shown["a", "fees/copies/paid"][:2] == ("18651.064104", "number")
    assert shown["a", "words/story/text"][:2] == ("", "blank")
    assert shown["all", "t/new/person"] == ("-2", "adjusted", "'-2", DECISIONS, "", "")


def test_a_text_that_excel_would_run_as_a_formula_is_made_harmless(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "a 甲局")
    send(root, a="new ? 0")
    book = load_workbook(root / RETURNS / "a.xlsx")
    book["一"]["C7"].value = "@SUM(1)"
    book.save(root / RETURNS / "a.xlsx")
    merged(root)
    (row,) = (r for r in rows(root, "figures.csv") if r["code"] == "t/new/person")
    assert (row["state"], row["raw"], row["value"]) == ("unreadable", "'@SUM(1)", "")


def test_totals_csv_is_exact_and_empty_where_nobody_reported(tmp_path: Path) -> None:
    root = start(tmp_path / "c", TWO)
    send(root, a="new - 1\ncopies 18651.064104 0")
    merged(root)
    shown = {
        (row["group"], row["code"]): (row["value"], row["reported"], row["expected"])
        for row in rows(root, "totals.csv")
    }
    assert shown["all", "fees/copies/net"] == ("18651.064104", "1", "2")
    assert shown["all", "t/new/person"] == ("", "0", "2")
    assert shown["kind:部门", "t/new/total"] == ("1", "0", "2")


def test_the_manifest_names_every_file_once_with_its_verdict(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "a 甲局")
    send(root, a=GOOD)
    returns = root / RETURNS
    shutil.copy(returns / "a.xlsx", returns / "copy.xlsx")
    (returns / "letter.pdf").write_bytes(b"%PDF-1.7")
    (returns / "~$a.xlsx").write_bytes(b"lock")
    merged(root)
    lines = (root / OUTPUT / "manifest.jsonl").read_text("utf-8").splitlines()
    verdicts = {record["path"]: record["verdict"] for record in map(json.loads, lines)}
    assert verdicts == {
        "returns/a.xlsx": "used",
        "returns/copy.xlsx": "duplicate",
        "returns/letter.pdf": "not_a_return",
        "returns/~$a.xlsx": "ignored",
    }


# a city of one's own


def test_a_city_of_two_counties_with_fifteen_agencies_each_adds_up(tmp_path: Path) -> None:
    lines, sent = ["city 市局 . 部门", "east 东县 . group", "west 西县 . group"], {}
    for county in ("east", "west"):
        for number in range(15):
            kind = "乡镇" if number < 5 else "部门"
            lines.append(f"{county}{number:02} {county}局{number} {county} {kind}")
            firms = 1 if county == "east" else 2  # or the counties would be copies (P7)
            sent[f"{county}{number:02}"] = (
                f"new {number} {firms}\ndone.yes {number} {firms}\ncopies 0.1 0"
            )
    root = start(tmp_path / "c", "\n".join(lines))
    send(root, city="new 1000 0\ndone.yes 1000 0", **sent)
    results = results_of(root)
    assert results.ledger.is_final
    person, paid = ref("t/new/person"), ref("fees/copies/paid")
    sums = {
        group: (str(each.value(person)), str(each.value(paid)), each.totals[person].reported)
        for group, each in results.aggregates.items()
    }
    assert sums == {
        "all": ("1210", "3.0", 31),
        "east": ("105", "1.5", 15),
        "west": ("105", "1.5", 15),
        "kind:部门": ("1190", "2.0", 21),
        "kind:乡镇": ("20", "1.0", 10),
    }


# tracing


@pytest.mark.parametrize(
    ("cell", "group"),
    [
        ("t/new", "all"),
        ("t/new/nobody", "all"),
        ("words/story/text", "all"),
        ("t/new/person", "nowhere"),
        ("t/new/person", "kind:nowhere"),
        ("t/new/person", ""),
    ],
)
def test_tracing_what_does_not_exist_says_so(tmp_path: Path, cell: str, group: str) -> None:
    with pytest.raises(UnknownNameError):
        trace(results_of(start(tmp_path / "c", TWO)), cell, group)


def test_there_is_no_example_of_another_name() -> None:
    with pytest.raises(UnknownNameError):
        example("atlantis-2024")


# writing whole or not at all


def targets(folder: Path) -> dict[Path, bytes]:
    return {folder / name: f"new {name}".encode() for name in ("one", "two", "run.json")}


def filled_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    for path in targets(folder):
        path.write_bytes(b"old")
    return folder


def failing(at: int, error: OSError) -> object:
    """Give a function that fails when it is called for the nth time."""
    calls = iter(range(1000))

    def fail(*_: object) -> None:
        if next(calls) == at:
            raise error

    return fail


def test_write_all_writes_every_file_and_makes_its_folders(tmp_path: Path) -> None:
    files = targets(tmp_path / "deep" / "folder")
    storage.write_all(files)
    assert {path: path.read_bytes() for path in files} == files
    assert len(snapshot(tmp_path)) == 3


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_full_disk_leaves_every_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    folder = filled_folder(tmp_path)
    monkeypatch.setattr(os, "fsync", failing(at, OSError(28, "No space left on device")))
    with pytest.raises(DiskFullError):
        storage.write_all(targets(folder))
    assert snapshot(folder) == {"one": b"old", "two": b"old", "run.json": b"old"}


def test_a_target_that_another_program_holds_is_named_before_anything_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = filled_folder(tmp_path)
    open_file = Path.open

    def locked(path: Path, mode: str = "r") -> object:
        if path.name == "two" and mode == "r+b":
            raise PermissionError(13, "in use", str(path))
        return open_file(path, mode)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(TargetInUseError, match="two"):
        storage.write_all(targets(folder))
    monkeypatch.undo()
    assert snapshot(folder) == {"one": b"old", "two": b"old", "run.json": b"old"}


def test_a_refused_rename_names_the_file_leaves_no_half_file_and_no_newer_run_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = filled_folder(tmp_path)
    rename = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if target.name == "two":
            raise PermissionError(13, "in use", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(OutputsMixedError, match="two"):
        storage.write_all(targets(folder))
    assert snapshot(folder) == {"one": b"new one", "two": b"old", "run.json": b"old"}


def test_a_failing_merge_keeps_the_edited_report_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = start(tmp_path / "c", TWO)
    merged(root)
    (root / OUTPUT / "report.docx").write_bytes(b"edited")
    before = snapshot(root)
    monkeypatch.setattr(os, "fsync", failing(3, OSError(28, "No space left on device")))
    with pytest.raises(DiskFullError):
        merged(root)
    assert snapshot(root) == before


def test_a_folder_that_can_not_be_synced_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", failing(1, OSError(22, "Invalid argument")))
    storage.write_whole(tmp_path / "one", b"1")
    assert snapshot(tmp_path) == {"one": b"1"}


def test_on_windows_no_folder_is_opened_or_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []

    def opened(path: Path, flags: int, mode: int) -> int:
        assert not path.is_dir()
        return os.open(path, flags, mode)

    windows = SimpleNamespace(name="nt", open=opened, fdopen=os.fdopen, fsync=synced.append)
    monkeypatch.setattr(storage, "os", windows)
    files = targets(tmp_path)
    storage.write_all(files)
    assert {path: path.read_bytes() for path in files} == files
    assert len(synced) == len(files)


def held(done: Callable[..., T], times: int) -> Callable[..., T]:
    """Give a call that fails so many times, because another program holds the file."""
    refused = iter(range(times))

    def call(*given: object, **named: object) -> T:
        if next(refused, None) is not None:
            raise PermissionError(13, "in use")
        return done(*given, **named)

    return call


@pytest.mark.parametrize("call", ["replace", "open"])
def test_on_windows_a_file_that_a_virus_scanner_holds_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    folder = filled_folder(tmp_path)
    monkeypatch.setattr(storage, "os", SimpleNamespace(**{**vars(os), "name": "nt"}))
    monkeypatch.setattr(Path, call, held(getattr(Path, call), 2))
    storage.write_all(targets(folder))
    monkeypatch.undo()
    assert snapshot(folder) == {path.name: data for path, data in targets(folder).items()}


@pytest.mark.parametrize(("times", "is_left"), [(2, False), (1000, True)])
def test_on_windows_an_output_that_is_to_go_is_waited_for_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, *, is_left: bool
) -> None:
    path = next(iter(targets(filled_folder(tmp_path))))
    monkeypatch.setattr(storage, "os", SimpleNamespace(**{**vars(os), "name": "nt"}))
    monkeypatch.setattr(storage, "_PATIENCE", 0.2)
    monkeypatch.setattr(Path, "unlink", held(Path.unlink, times))
    with pytest.raises(OutputsMixedError) if is_left else nullcontext():
        storage.remove_output(path)
    assert path.exists() == is_left
