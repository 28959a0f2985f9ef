"""`decide` writes what takes effect, keeps the file, and reopens what rests on other values."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import pytest

from campaigns import filled, form_text, send, short, signed, start
from nuisances import mailed
from sheetflow.campaign.computing import compute
from sheetflow.campaign.deciding import Wanted, decide
from sheetflow.campaign.demo import equal_as_displayed, prepare
from sheetflow.campaign.examples import example
from sheetflow.campaign.folder import DECISIONS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.starting import start_campaign
from sheetflow.cli.app import app
from sheetflow.cli.entry import run
from sheetflow.errors import DecisionRefusedError, UnknownNameError
from sheetflow.model.campaign import Settings
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.findings import Status
from sheetflow.model.ledger import Standing

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.campaign.deciding import Decided
    from sheetflow.model.decisions import Decision
    from sheetflow.reports.results import Results

ROSTER = "a 甲局 . 部门\nb 乙局 . 部门"
ON = date(2025, 2, 10)
WRONG = "new 3 1\ndone.yes 3 2"
"""The second column does not balance: 1 came in, 2 were answered."""
B1 = "t/done.total/firm"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a campaign in which 甲局 reported what does not balance, 乙局 nothing."""
    start(tmp_path / "c", ROSTER)
    send(tmp_path / "c", a=WRONG)
    return tmp_path / "c"


def take(root: Path, kind: DecisionKind, **keys: str) -> Decided:
    return decide(root, Wanted(kind, keys, "经电话核实", "公开科", ON))


def now(root: Path) -> Results:
    return compute(open_campaign(root))


def command(root: Path, *arguments: str) -> int:
    line = ["-C", str(root), "decide", *arguments]
    return run(lambda: app(line, standalone_mode=False))


def resend(root: Path, text: str, name: str = "a") -> None:
    (template,) = (root / "templates/xlsx").glob("a_*.xlsx")
    (root / "returns" / f"{name}.xlsx").write_bytes(filled(template.read_bytes(), text))


def test_a_waiver_holds_until_the_values_that_it_covers_change(root: Path) -> None:
    decided = take(root, DecisionKind.WAIVE, agency="a", check="B1")
    assert short(decided.before.ledger, "a") == [f"B1 {B1} open", "B1 t/done.total/total open"]
    assert short(now(root).ledger, "a") == [f"B1 {B1} waived", "B1 t/done.total/total waived"]
    resend(root, WRONG + "\ncopies 5 0")
    assert "open" not in " ".join(short(now(root).ledger, "a"))  # another cell changed
    resend(root, "new 3 1\ndone.yes 3 3")
    results = now(root)
    again = next(f for f in results.ledger.findings if f.code == "D05")
    assert short(results.ledger, "a")[:2] == [f"B1 {B1} open", "B1 t/done.total/total open"]
    assert (again.facts["why"], again.facts["by"], again.blocks) == ("经电话核实", "公开科", True)
    assert results.ledger.by_agency["a"].standing is Standing.REJECTED


def test_an_adjustment_holds_until_the_agency_reports_another_figure(root: Path) -> None:
    take(root, DecisionKind.ADJUST, agency="a", cell="t/done.yes/firm", value="1")
    assert now(root).ledger.by_agency["a"].standing is Standing.ACCEPTED
    resend(root, WRONG, name="同一份改了名")
    (root / "returns/a.xlsx").unlink()
    assert now(root).ledger.by_agency["a"].standing is Standing.ACCEPTED
    resend(root, "new 3 1\ndone.yes 3 0\nleft 0 1", name="同一份改了名")
    results = now(root)
    again = next(f for f in results.ledger.findings if f.code == "D05")
    assert (again.facts["then"], again.facts["now"]) == ("2", "0")
    entry = results.ledger.by_agency["a"].submission
    assert entry
    assert not any(each.decision for each in entry.entries.values())  # nothing is adjusted


def test_blanks_taken_as_zero_rest_on_which_cells_are_blank(root: Path) -> None:
    resend(root, "new 3 -\ndone.yes 3 0")
    take(root, DecisionKind.BLANK_ZERO, agency="a", table="t")
    assert now(root).ledger.by_agency["a"].standing is Standing.ACCEPTED
    resend(root, "new - -\ndone.yes 0 0")
    assert "D05 open" in short(now(root).ledger, "a")


def test_what_is_added_to_a_group_rests_on_its_sum(root: Path) -> None:
    take(root, DecisionKind.ADJUST, group="all", cell="t/new/person", add="7")
    person = open_campaign(root).form.entries()[0].ref
    assert now(root).aggregates["all"].value(person) == 10
    resend(root, "new 4 1\ndone.yes 4 1")
    results = now(root)
    assert results.aggregates["all"].value(person) == 4
    again = next(f for f in results.ledger.findings if f.code == "D05")
    assert (again.facts["then"], again.facts["now"]) == ("3", "4")


def test_a_choice_rests_on_which_returns_there_were(root: Path) -> None:
    resend(root, "new 3 3\ndone.yes 3 3", name="二")
    take(root, DecisionKind.CHOOSE, agency="a", file="a.xlsx")
    assert now(root).ledger.by_agency["a"].submission.file == "returns/a.xlsx"  # type: ignore[union-attr]
    resend(root, "new 9 9\ndone.yes 9 9", name="三")
    assert "D05 open" in short(now(root).ledger, "a")


def test_looking_at_some_files_does_not_reopen_what_rests_on_others(root: Path) -> None:
    send(root, b="new 1 1\ndone.yes 1 1")
    resend(root, "new 3 3\ndone.yes 3 3", name="二")
    take(root, DecisionKind.CHOOSE, agency="a", file="a.xlsx")
    take(root, DecisionKind.ADJUST, group="all", cell="t/new/person", add="-4")
    take(root, DecisionKind.WAIVE, agency="a", check="B1")
    a, b = (root / "returns" / name for name in ("a.xlsx", "b.xlsx"))
    assert short(compute(open_campaign(root), (b,)).ledger) == []
    alone = compute(open_campaign(root), (a,)).ledger
    assert short(alone) == [f"B1 {B1} waived", "B1 t/done.total/total waived"]


def test_an_excuse_holds_until_something_is_returned(root: Path) -> None:
    take(root, DecisionKind.EXCUSE, agency="b")
    assert now(root).ledger.by_agency["b"].standing is Standing.EXCUSED
    send(root, b="new 1 1\ndone.yes 1 1")
    results = now(root)
    assert short(results.ledger, "b") == ["D05 open"]
    assert results.ledger.by_agency["b"].standing is Standing.QUERIED
    again = next(f for f in results.ledger.findings if f.code == "D05")
    assert (again.facts["then"], again.facts["now"]) == ("0", "1")


def test_a_choice_among_returns_that_are_all_gone_reopens(root: Path) -> None:
    take(root, DecisionKind.CHOOSE, agency="a", file="a.xlsx")
    (root / "returns/a.xlsx").unlink()
    results = now(root)
    assert short(results.ledger, "a") == ["D05 open"]
    assert results.ledger.by_agency["a"].standing is Standing.MISSING


def test_an_excuse_and_an_assignment_are_written(root: Path) -> None:
    take(root, DecisionKind.EXCUSE, agency="b")
    assert now(root).ledger.by_agency["b"].standing is Standing.EXCUSED
    digest = next(f.sha256 for f in now(root).ledger.files)
    take(root, DecisionKind.ASSIGN, file=digest[:8], agency="a")
    assert [d.kind for d in open_campaign(root).decisions] == ["excuse", "assign"]


def test_deciding_again_takes_the_place_of_the_old_decision(root: Path) -> None:
    take(root, DecisionKind.ADJUST, agency="a", cell="t/done.yes/firm", value="0")
    decided = take(root, DecisionKind.ADJUST, agency="a", cell="一!D8", value="1")
    assert len(decided.replaced) == 1
    text = (root / DECISIONS).read_text("utf-8")
    assert '# value = "0"' in text
    assert [d.value for d in open_campaign(root).decisions] == [1]


def test_an_old_decision_of_many_lines_is_commented_out_whole(root: Path) -> None:
    old = (
        '[[adjust]]\nagency = "a"\ncell = "t/done.yes/firm"\nvalue = "0"\nby = "公开科"\n'
        'on = 2025-01-01\nwhy = """见来函\n[2024] 3 号\n"""\n'
    )
    kept = signed('[[waive]] agency = "a"; check = "B1"; cell = "t/done.total/firm"')
    (root / DECISIONS).write_text(f"{old}{kept}", "utf-8")
    take(root, DecisionKind.ADJUST, agency="a", cell="t/done.yes/firm", value="3")
    text = (root / DECISIONS).read_text("utf-8")
    assert '\n# [2024] 3 号\n# """\n[[waive]]\n' in text
    assert [d.kind for d in open_campaign(root).decisions] == ["waive", "adjust"]


@pytest.mark.parametrize(
    ("kind", "keys", "code"),
    [
        (DecisionKind.WAIVE, {"agency": "a", "check": "B2"}, "D02"),  # no such finding
        (DecisionKind.WAIVE, {"agency": "a", "check": "Z9"}, "D01"),
        (DecisionKind.WAIVE, {"agency": "nobody", "check": "B1"}, "D02"),
        (DecisionKind.ADJUST, {"agency": "a", "cell": "t/new/person", "value": "-1"}, "D01"),
        (DecisionKind.ADJUST, {"agency": "b", "cell": "t/new/person", "value": "1"}, "D02"),
        (DecisionKind.ADJUST, {"group": "all", "cell": "t/new/person", "add": "-9"}, "D04"),
        (DecisionKind.BLANK_ZERO, {"agency": "a"}, "D02"),
        (DecisionKind.EXCUSE, {"agency": "a"}, "D02"),  # it has returned
    ],
)
def test_what_would_have_no_effect_is_refused_and_not_written(
    root: Path, kind: DecisionKind, keys: dict[str, str], code: str
) -> None:
    before = (root / DECISIONS).read_bytes()
    with pytest.raises(DecisionRefusedError) as refused:
        take(root, kind, **keys)
    assert [finding.code for finding in refused.value.findings] == [code]
    assert (root / DECISIONS).read_bytes() == before


def bad_files(root: Path) -> None:
    """Put a mail with a return of another year and an empty file beside the right one."""
    settings = Settings(form="small", period="2023", name="某市")
    start_campaign(root.parent / "last", settings, form_text(), root / "roster.csv")
    last = issue_templates(open_campaign(root.parent / "last"))[0].path
    sent = {"去年的.xlsx": last.read_bytes(), "空.xlsx": b""}
    (root / "returns/来信.eml").write_bytes(mailed(sent, "Mon, 20 Jan 2025 09:30:00 +0800"))


def test_files_that_are_no_longer_needed_do_not_keep_a_campaign_open(root: Path) -> None:
    bad_files(root)
    take(root, DecisionKind.EXCUSE, agency="b")
    resend(root, "new 3 1\ndone.yes 3 1")
    assert short(now(root).ledger) == ["I04 open", "F07 open"]
    take(root, DecisionKind.WAIVE, agency="去年的.xlsx", check="i04")
    decided = take(root, DecisionKind.WAIVE, agency="来信.eml/空.xlsx", check="F07")
    assert [finding.code for finding in decided.closed] == ["F07"]
    ledger = now(root).ledger
    assert ledger.is_final
    assert [(f.code, f.status, f.reason) for f in ledger.findings] == [
        ("I04", Status.WAIVED, "经电话核实"),
        ("F07", Status.WAIVED, "经电话核实"),
    ]


def test_a_waiver_of_a_file_holds_for_equal_bytes_of_any_name_and_for_no_others(root: Path) -> None:
    (root / "returns/空.xlsx").write_bytes(b"")
    empty = hashlib.sha256(b"").hexdigest()
    take(root, DecisionKind.WAIVE, agency=empty[:8], check="F07")
    (root / "returns/空.xlsx").rename(root / "returns/改名.xlsx")
    (root / "returns/又一份.xlsx").write_bytes(b"")
    (root / "returns/坏.xlsx").write_bytes(b"PK")
    files = [f for f in now(root).ledger.findings if f.place and f.place.file != "returns/a.xlsx"]
    assert sorted(f"{f.code} {f.status}" for f in files) == ["F01 open", "F07 waived", "F07 waived"]


def test_a_waiver_of_a_file_is_about_the_whole_file(root: Path) -> None:
    (root / "returns/空.xlsx").write_bytes(b"")
    with pytest.raises(DecisionRefusedError) as refused:
        take(root, DecisionKind.WAIVE, agency="空.xlsx", check="F07", cell="t/new/person")
    assert [finding.code for finding in refused.value.findings] == ["D01"]
    with pytest.raises(DecisionRefusedError) as refused:
        take(root, DecisionKind.WAIVE, agency="空.xlsx", check="F02")
    assert refused.value.findings[0].facts["why"] == "@no_finding"
    assert (
        refused.value.findings[0].facts["subject"] == f"{hashlib.sha256(b'').hexdigest()[:16]} F02"
    )


def test_waiving_a_file_again_takes_the_place_of_the_first_waiver(root: Path) -> None:
    (root / "returns/空.xlsx").write_bytes(b"")
    (root / "returns/坏.xlsx").write_bytes(b"PK")
    assert not take(root, DecisionKind.WAIVE, agency="空.xlsx", check="F07").replaced
    assert not take(root, DecisionKind.WAIVE, agency="坏.xlsx", check="F01").replaced
    assert len(take(root, DecisionKind.WAIVE, agency="空.xlsx", check="F07").replaced) == 1


@pytest.mark.parametrize("name", ["空.xlsx", "去年的.xlsx"])
def test_what_was_not_read_as_a_return_can_not_be_assigned(root: Path, name: str) -> None:
    bad_files(root)
    with pytest.raises(DecisionRefusedError) as refused:
        take(root, DecisionKind.ASSIGN, file=name, agency="a")
    facts = refused.value.findings[0].facts
    assert (facts["subject"], facts["why"]) == ("a", "@not_a_return_here")


def test_an_assignment_of_a_file_takes_the_place_of_one_with_a_shorter_digest(root: Path) -> None:
    digest = next(f.sha256 for f in now(root).ledger.files)
    own = signed(f'[[assign]] sha256 = "{digest[:8]}"; agency = "b"')
    (root / DECISIONS).write_text(own, "utf-8")
    assert len(take(root, DecisionKind.ASSIGN, file="a.xlsx", agency="a").replaced) == 1
    assert [d.agency for d in open_campaign(root).decisions] == ["a"]


def test_an_adjustment_to_what_was_reported_names_the_wrong_cell(root: Path) -> None:
    with pytest.raises(DecisionRefusedError) as refused:
        take(root, DecisionKind.ADJUST, agency="a", cell="t/done.yes/firm", value="2")
    assert refused.value.findings[0].facts["why"] == "@same_figure"


def test_a_check_is_named_whatever_the_case(root: Path) -> None:
    assert take(root, DecisionKind.WAIVE, agency="a", check="b1").decision.check == "B1"


@pytest.mark.parametrize(
    "said", ["a.xlsx", "returns/a.xlsx", "returns\\a.xlsx", "/home/x/c/returns/a.xlsx"]
)
def test_a_file_is_named_by_its_path_or_a_part_of_it(root: Path, said: str) -> None:
    take(root, DecisionKind.CHOOSE, agency="a", file=said)
    (choice,) = open_campaign(root).decisions
    assert now(root).ledger.files[0].sha256.startswith(choice.sha256)


def test_a_name_that_several_files_have_is_refused(root: Path) -> None:
    (root / "returns/东").mkdir()
    (root / "returns/东/a.xlsx").write_bytes((root / "returns/a.xlsx").read_bytes() + b" ")
    with pytest.raises(DecisionRefusedError) as refused:
        take(root, DecisionKind.ASSIGN, file="a.xlsx", agency="a")
    assert refused.value.findings[0].facts["why"] == "@several_such_files"


def test_what_is_refused_is_said_without_a_line(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(root, "excuse", "a", "--why", "撤并", "--by", "公开科") == 1
    said = capsys.readouterr().err
    assert "没有写入" in said
    assert "decisions.toml  强制性 D02" in said
    assert "该单位已经报送" in said


def test_the_verb_says_what_it_changed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed_by = ("--why", "电话核实", "--by", "公开科")
    assert command(root, "waive", "a", "b1", "--cell", B1, *signed_by) == 0
    said = capsys.readouterr().out
    assert "解决了 2 条：B1 一!D10、B1 一!E10。" in said
    assert "甲局：已审定。" in said
    assert command(root, "adjust", "a", "一!d8", "1", *signed_by) == 0
    said = capsys.readouterr().out
    assert "2 → 1" in said
    assert "新出现 1 条：D02 decisions.toml:" in said  # the waiver has nothing left to close
    assert command(root, "adjust-group", "all", "t/new/person", "--add", "-3", *signed_by) == 0
    assert "3 → 0" in capsys.readouterr().out


@pytest.mark.parametrize("missing", ["--why", "--by"])
def test_a_decision_is_signed_and_has_a_reason(
    root: Path, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_by = {"--why": "电话核实", "--by": "公开科"}
    del signed_by[missing]
    assert command(root, "excuse", "b", *(part for pair in signed_by.items() for part in pair)) == 2
    assert missing in capsys.readouterr().err


@pytest.mark.parametrize("keys", [{"cell": "t/new/nobody"}, {"cell": "九!A1"}])
def test_a_cell_that_does_not_exist_is_named(root: Path, keys: dict[str, str]) -> None:
    with pytest.raises(UnknownNameError):
        take(root, DecisionKind.ADJUST, agency="a", value="1", **keys)


def test_a_file_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(DecisionRefusedError) as refused:
        take(root, DecisionKind.CHOOSE, agency="a", file="没有.xlsx")
    facts = refused.value.findings[0].facts
    assert (facts["subject"], facts["why"]) == ("没有.xlsx", "@no_such_file")


def test_bytes_that_are_no_text_and_mixed_line_ends_are_kept(root: Path) -> None:
    written = "# 说明\r\n# 完\n".encode("gb18030") + b"# \xff\x81 \n"
    (root / DECISIONS).write_bytes(written)
    take(root, DecisionKind.EXCUSE, agency="b")
    assert (root / DECISIONS).read_bytes().startswith(written)


@pytest.mark.parametrize(
    ("encoding", "newline"), [("gb18030", "\r\n"), ("utf-8-sig", "\n"), ("utf-16", "\r\n")]
)
def test_what_the_office_wrote_is_kept_as_it_is(root: Path, encoding: str, newline: str) -> None:
    own = signed('[[waive]] agency = "a"; check = "B1"; cell = "t/done.total/firm"')
    written = f"# 我们的说明\n{own}# 完\n".replace("\n", newline).encode(encoding)
    (root / DECISIONS).write_bytes(written)
    take(root, DecisionKind.EXCUSE, agency="b")
    after = (root / DECISIONS).read_bytes()
    assert after.startswith(written)
    assert [d.kind for d in open_campaign(root).decisions] == ["waive", "excuse"]
    assert "经电话核实" in after.decode(encoding)


def test_a_real_case_is_settled_by_the_verbs_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "demo"
    case = example("pingtan-2024")
    prepare(case, root)
    (root / DECISIONS).write_bytes(case.decisions.read_bytes())
    decisions = open_campaign(root).decisions
    (root / DECISIONS).write_text("", "utf-8")
    for each in decisions:
        assert command(root, *_arguments(each), "--why", each.why, "--by", each.by) == 0
    assert not capsys.readouterr().err
    results = now(root)
    assert results.ledger.is_final
    assert all(each.seen for each in open_campaign(root).decisions)
    assert equal_as_displayed(results, case.published()) == 200


def _arguments(decision: Decision) -> list[str]:
    cell = str(decision.cell or "")
    match decision.kind:
        case DecisionKind.ADJUST if decision.group:
            return ["adjust-group", decision.group, cell, "--add", str(decision.add)]
        case DecisionKind.ADJUST:
            return ["adjust", decision.agency, cell, str(decision.value)]
        case DecisionKind.WAIVE:
            return ["waive", decision.agency, decision.check, *(["--cell", cell] if cell else [])]
        case DecisionKind.BLANK_ZERO:
            return ["blank-zero", decision.agency]
        case _:
            raise NotImplementedError(decision.kind)


def test_the_verb_says_whose_the_findings_of_others_are(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resend(root, "new 3 -\ndone.yes 3 -", name="旧")
    resend(root, "new 3 1\ndone.yes 3 1")
    assert command(root, "assign", "a.xlsx", "b", "--why", "电话核实", "--by", "公开科") == 0
    said = capsys.readouterr().out
    assert "新出现 2 条：甲局 T2 一!D7、甲局 T2 一!D8。" in said  # what is left to 甲局 has blanks
    assert "乙局：已审定。" in said
