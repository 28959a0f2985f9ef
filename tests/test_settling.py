"""Who stands how: the office's decisions in their order, and what they close."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from campaigns import decided, file_of, ref, roster_of, settled, short, small_form, submission
from sheetflow.model.cells import Place
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity, Status
from sheetflow.model.ledger import Ledger, Standing
from sheetflow.model.returns import Verdict
from sheetflow.settling.ledger import settle

ROSTER = roster_of("a 甲局 . 部门\nb 乙局 . 部门")
GOOD = "new 3 1\ndone.yes 3 1"
UNBALANCED = "new 3 1\ndone.yes 2 1"
EXCUSE_B = '[[excuse]] agency = "b"'


def standing(ledger: Ledger, agency: str = "a") -> Standing:
    return ledger.by_agency[agency].standing


def value(ledger: Ledger, code: str, agency: str = "a") -> Decimal | None:
    submission = ledger.by_agency[agency].submission
    assert submission
    return submission.entries[ref(code)].value


def without_effect(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [
        (f.facts["kind"], f.facts["subject"], f.facts["why"])
        for f in ledger.findings
        if f.code == "D02"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, Standing.ACCEPTED),
        (UNBALANCED, Standing.REJECTED),
        ("new 3 1\ndone.yes 3 1\nleft - 0", Standing.QUERIED),
        ("new 3 ?\ndone.yes 3 0", Standing.REJECTED),
        ("new 3 -\ndone.yes 3 0\nleft - 0", Standing.REJECTED),
    ],
)
def test_standing_is_what_the_open_findings_make_it(text: str, expected: Standing) -> None:
    assert standing(settled(ROSTER, [submission("a", text)])) is expected


def test_an_agency_without_a_return_is_missing_until_it_is_excused() -> None:
    sent = [submission("a", GOOD)]
    ledger = settled(ROSTER, sent)
    assert (standing(ledger, "b"), ledger.missing, ledger.is_final) == (
        Standing.MISSING,
        ("b",),
        False,
    )
    excused = settled(ROSTER, sent, EXCUSE_B)
    assert (standing(excused, "b"), excused.missing, excused.is_final) == (
        Standing.EXCUSED,
        (),
        True,
    )


def test_a_group_has_no_line_of_its_own() -> None:
    roster = roster_of("x 县 . group\nx1 局 x 部门")
    assert [line.agency for line in settled(roster, []).lines] == ["x1"]


def test_a_zero_report_is_a_real_report() -> None:
    assert standing(settled(ROSTER, [submission("a")])) is Standing.ACCEPTED


def test_a_note_never_blocks() -> None:
    sent = submission("a", GOOD)
    entry = sent.entries[ref("t/new/person")]
    entries = {**sent.entries, entry.ref: entry._replace(rule="full_width")}
    ledger = settled(ROSTER, [replace(sent, entries=entries)], EXCUSE_B)
    assert [f.severity for f in ledger.findings] == [Severity.NOTE]
    assert ledger.is_final


def test_an_adjustment_replaces_a_value_before_the_checks() -> None:
    adjust = '[[adjust]] agency = "a"; cell = "t/done.yes/person"; value = "3"; why = "电话核实"'
    ledger = settled(ROSTER, [submission("a", UNBALANCED)], adjust)
    assert standing(ledger) is Standing.ACCEPTED
    assert value(ledger, "t/done.yes/person") == 3
    assert short(ledger, "a") == [
        "B1 t/done.total/person adjusted",
        "B1 t/done.total/total adjusted",
    ]
    assert {f.reason for f in ledger.findings} == {"电话核实"}


def test_an_adjusted_entry_keeps_the_raw_text_and_the_place() -> None:
    adjust = '[[adjust]] agency = "a"; cell = "t/done.yes/person"; value = "3"; why = "电话核实"'
    sent = submission("a", UNBALANCED)
    before = sent.entries[ref("t/done.yes/person")]
    after = settled(ROSTER, [sent], adjust).by_agency["a"].submission
    assert after
    expected = before._replace(
        state=State.ADJUSTED,
        value=Decimal(3),
        decision="电话核实",
        overruled=before.value,
    )
    assert after.entries[before.ref] == expected
    assert after.entries[before.ref].reported == before.value


def test_an_adjustment_that_makes_a_return_wrong_is_found() -> None:
    adjust = '[[adjust]] agency = "a"; cell = "t/done.yes/person"; value = "2"'
    ledger = settled(ROSTER, [submission("a", GOOD)], adjust)
    assert short(ledger, "a") == ["B1 t/done.total/person open", "B1 t/done.total/total open"]


def test_blank_zero_fills_every_required_blank() -> None:
    text = "new 3 1\ndone.yes 3 1\nleft - -\ncopies - 0"
    ledger = settled(
        ROSTER, [submission("a", text)], '[[blank-zero]] agency = "a"; why = "口头确认"'
    )
    assert standing(ledger) is Standing.ACCEPTED
    assert short(ledger, "a") == [
        "T2 t/left/person adjusted",
        "T2 t/left/firm adjusted",
        "T2 fees/copies/paid adjusted",
    ]
    assert {f.reason for f in ledger.findings if f.agency == "a"} == {"口头确认"}
    assert value(ledger, "t/left/person") == 0


def test_blank_zero_may_keep_to_one_table() -> None:
    text = "new 3 1\ndone.yes 3 1\nleft - 0\ncopies - 0"
    decision = '[[blank-zero]] agency = "a"; table = "fees"'
    ledger = settled(ROSTER, [submission("a", text)], decision)
    assert short(ledger, "a") == ["T2 t/left/person open", "T2 fees/copies/paid adjusted"]


def test_blank_zero_leaves_unreadable_cells_as_they_are() -> None:
    ledger = settled(ROSTER, [submission("a", "left ? -")], '[[blank-zero]] agency = "a"')
    assert short(ledger, "a") == ["T1 t/left/person open", "T2 t/left/firm adjusted"]


def test_an_adjustment_overrules_blank_zero_and_both_count_as_used() -> None:
    text = "new 3 1\ndone.yes 2 1\nleft - 0"
    decisions = """
        [[adjust]] agency = "a"; cell = "t/left/person"; value = "1"; why = "电话核实"
        [[blank-zero]] agency = "a"
    """
    ledger = settled(ROSTER, [submission("a", text)], f"{decisions}{EXCUSE_B}")
    assert value(ledger, "t/left/person") == 1
    assert ledger.is_final
    assert {f.reason for f in ledger.findings} == {"电话核实"}


def test_blank_zero_decisions_that_overlap_are_both_used() -> None:
    decisions = """
        [[blank-zero]] agency = "a"; table = "t"
        [[blank-zero]] agency = "a"
    """
    ledger = settled(ROSTER, [submission("a", "left - 0")], decisions + EXCUSE_B)
    assert ledger.is_final


def test_a_waiver_closes_what_is_found_after_the_adjustments() -> None:
    decisions = """
        [[waive]] agency = "a"; check = "B1"; cell = "t/done.total/person"; why = "在途一件"
        [[adjust]] agency = "a"; cell = "t/done.yes/person"; value = "1"
    """
    ledger = settled(ROSTER, [submission("a", GOOD)], decisions)
    assert short(ledger, "a") == ["B1 t/done.total/person waived", "B1 t/done.total/total waived"]
    assert standing(ledger) is Standing.ACCEPTED


def test_a_waiver_of_what_an_adjustment_has_mended_matches_nothing() -> None:
    decisions = """
        [[adjust]] agency = "a"; cell = "t/done.yes/person"; value = "3"
        [[waive]] agency = "a"; check = "B1"
    """
    ledger = settled(ROSTER, [submission("a", UNBALANCED)], decisions)
    assert without_effect(ledger) == [("@waive", "a B1", "@no_finding")]


def test_a_waiver_without_a_cell_closes_every_finding_of_that_check() -> None:
    text = "new 3 1 5\ndone.yes 3 1 9\ndone.total 9 1"
    ledger = settled(ROSTER, [submission("a", text)], '[[waive]] agency = "a"; check = "B3"')
    assert short(ledger, "a") == [
        "B3 t/new/total waived",
        "B3 t/done.yes/total waived",
        "B2 t/done.total/person open",
    ]


def test_a_waiver_with_a_cell_closes_that_one_alone() -> None:
    text = "new 3 1 5\ndone.yes 3 1 9"
    waive = '[[waive]] agency = "a"; check = "B3"; cell = "t/new/total"'
    ledger = settled(ROSTER, [submission("a", text)], waive)
    assert short(ledger, "a") == ["B3 t/new/total waived", "B3 t/done.yes/total open"]


def test_waivers_that_overlap_are_both_used_and_the_nearer_one_gives_the_reason() -> None:
    decisions = """
        [[waive]] agency = "a"; check = "B3"
        [[waive]] agency = "a"; check = "B3"; cell = "t/new/total"; why = "总计手误"
    """
    ledger = settled(ROSTER, [submission("a", "new 0 0 5\ndone.yes 0 0 5")], decisions + EXCUSE_B)
    assert ledger.is_final
    reasons = {str(f.cell): f.reason for f in ledger.findings}
    assert reasons == {"t/new/total": "总计手误", "t/done.yes/total": "waive"}


def test_waiving_a_cause_waives_its_consequences_of_the_same_check_only() -> None:
    text = "new - 1\ndone.yes 0 0\nleft 0 9"
    waive = '[[waive]] agency = "a"; check = "T2"; cell = "t/new/person"'
    before = settled(ROSTER, [submission("a", text)])
    causes = {str(f.cell): f.consequence_of for f in before.findings if f.code == "B1"}
    assert causes == {"t/done.total/firm": "", "t/done.total/total": "T2 t/new/person"}
    after = settled(ROSTER, [submission("a", text)], waive)
    assert short(after, "a") == [
        "T2 t/new/person waived",
        "B1 t/done.total/firm open",
        "B1 t/done.total/total open",
        "B4 t/left/firm open",
        "B4 t/left/total open",
    ]


def test_the_only_return_is_chosen_without_a_word() -> None:
    assert short(settled(ROSTER, [submission("a", GOOD)])) == []


def test_of_several_returns_the_higher_issue_counts_and_I07_says_so() -> None:  # noqa: N802
    first, second = submission("a", UNBALANCED), submission("a", GOOD, issue=2, name="a2")
    ledger = settled(ROSTER, [first, second])
    assert ledger.by_agency["a"].submission is not None
    assert value(ledger, "t/done.yes/person") == 3
    (finding,) = ledger.findings
    assert (finding.code, finding.severity, finding.facts) == (
        "I07",
        Severity.NOTE,
        {
            "issue": "2",
            "used": "returns/a2.xlsx（收到日期不明）",
            "files": "returns/a.xlsx（收到日期不明）",
            "why": "@by_issue",
        },
    )
    assert [file.verdict for file in ledger.files] == [Verdict.SUPERSEDED, Verdict.USED]


def test_returns_of_one_issue_that_differ_are_I06_and_none_is_used() -> None:  # noqa: N802
    sent = [submission("a", GOOD), submission("a", UNBALANCED, name="a2")]
    ledger = settled(ROSTER, sent)
    line = ledger.by_agency["a"]
    assert (line.standing, line.submission) == (Standing.REJECTED, None)
    (finding,) = ledger.findings
    assert (finding.code, finding.severity, finding.facts["count"]) == ("I06", Severity.ERROR, "2")
    assert all(each.file in finding.facts["files"] for each in sent)
    assert all(each.sha256[:8] in finding.facts["files"] for each in sent)
    assert [file.verdict for file in ledger.files] == [Verdict.SUPERSEDED] * 2


@pytest.mark.parametrize("issue", [1, 2])
def test_choose_picks_any_of_several_returns(issue: int) -> None:
    sent = [submission("a", GOOD), submission("a", UNBALANCED, issue=issue, name="a2")]
    for each in sent:
        choose = f'[[choose]] agency = "a"; sha256 = "{each.sha256[:12]}"'
        ledger = settled(ROSTER, sent, choose)
        submitted = ledger.by_agency["a"].submission
        assert submitted == each
        assert not {f.code for f in ledger.findings} & {"I06", "I07", "D02"}
        verdicts = {file.path: file.verdict for file in ledger.files}
        assert verdicts.pop(each.file) is Verdict.USED
        assert set(verdicts.values()) == {Verdict.SUPERSEDED}


SOME_SHA = "0123456789abcdef"


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (f'[[assign]] agency = "a"; sha256 = "{SOME_SHA}"', ("@assign", "a", "@not_a_return_here")),
        (f'[[choose]] agency = "a"; sha256 = "{SOME_SHA}"', ("@choose", "a", "@no_such_return")),
        ('[[blank-zero]] agency = "a"', ("@blank-zero", "a", "@no_blank")),
        ('[[blank-zero]] agency = "b"; table = "t"', ("@blank-zero", "b t", "@no_submission")),
        (
            '[[adjust]] agency = "b"; cell = "t/new/person"; value = "1"',
            ("@adjust", "b t/new/person", "@no_submission"),
        ),
        ('[[waive]] agency = "a"; check = "B1"', ("@waive", "a B1", "@no_finding")),
        ('[[waive]] agency = "b"; check = "B1"', ("@waive", "b B1", "@no_submission")),
        ('[[excuse]] agency = "a"', ("@excuse", "a", "@has_returned")),
    ],
)
def test_a_decision_that_matches_nothing_is_D02_at_its_line(  # noqa: N802
    decision: str, expected: tuple[str, str, str]
) -> None:
    ledger = settled(ROSTER, [submission("a", GOOD)], decision)
    assert without_effect(ledger) == [expected]
    (finding,) = ledger.findings
    assert finding.blocks
    assert finding.place == Place("decisions.toml", line=1)


def test_an_assignment_counts_as_used_where_its_file_is_there() -> None:
    sent = submission("a", GOOD)
    assign = f'[[assign]] agency = "a"; sha256 = "{sent.sha256[:8]}"'
    assert settled(ROSTER, [sent], f"{assign}\n{EXCUSE_B}").is_final


def test_a_group_adjustment_is_never_without_effect() -> None:
    adjust = '[[adjust]] group = "all"; cell = "t/new/person"; add = "1"'
    assert settled(ROSTER, [submission("a", GOOD)], f"{adjust}\n{EXCUSE_B}").is_final


def test_a_decision_on_one_agency_leaves_the_others_alone() -> None:
    sent = [submission("a", UNBALANCED), submission("b", UNBALANCED)]
    ledger = settled(ROSTER, sent, '[[waive]] agency = "a"; check = "B1"')
    assert (standing(ledger, "a"), standing(ledger, "b")) == (Standing.ACCEPTED, Standing.REJECTED)


def test_findings_of_intake_and_definitions_stay_beside_the_lines_and_block() -> None:
    note = Finding("F01", Severity.NOTE, facts={"subject": "x", "format": "pdf"})
    error = Finding("F07", Severity.ERROR, facts={"subject": "y"})
    sent = [submission("a", GOOD), submission("b", GOOD)]
    files = [file_of(each) for each in sent]
    ledger = settle(small_form(), ROSTER, (), submissions=sent, files=files, findings=(note, error))
    assert ledger.findings == (note, error)
    assert ledger.open_findings == (error,)
    assert not ledger.is_final


def test_settling_twice_gives_the_same_ledger() -> None:
    sent = [submission("a", UNBALANCED), submission("b", "left - 0")]
    text = '[[waive]] agency = "a"; check = "B1"\n[[blank-zero]] agency = "b"'
    once, again = settled(ROSTER, sent, text), settled(ROSTER, sent, text)
    assert (once.lines, once.findings) == (again.lines, again.findings)
    assert once.decisions == decided(ROSTER, text)
    assert all(f.status is not Status.OPEN for f in once.findings)


@pytest.mark.parametrize(("total", "codes"), [("4", set()), ("3", set()), ("9", {"B3"})])
def test_a_typed_total_that_was_right_before_an_adjustment_is_not_the_agencys_mistake(
    total: str, codes: set[str]
) -> None:
    sent = [submission("a", f"new 3 1 {total}\ndone.yes 2 1")]
    adjust = '[[adjust]] agency = "a"; cell = "t/new/person"; value = "2"; why = "重复"'
    findings = settled(ROSTER, sent, adjust).by_agency["a"].findings
    assert {f.code for f in findings if f.blocks} == codes
