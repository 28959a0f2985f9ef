"""decisions.toml: a decision is applied as it stands or, where anything is wrong, not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from campaigns import decided, roster_of, small_form
from sheetflow.definitions.decisions import load_decisions
from sheetflow.layout.sheets import form_layout
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.messages.terms import facts_said
from sheetflow.messages.text import Language
from sheetflow.model.cells import CellRef
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.form import Blank, Cell, Check, Form, Line, LineKind, Measure, Merge, Table
from sheetflow.model.period import PeriodKind
from sheetflow.model.roster import GROUP_KIND, Agency, Roster

SIGNED = 'by = "政务公开科"\non = 2025-02-10\nwhy = "电话核实"\n'
SHA = "ab12cd34" * 8

ROSTER = Roster(
    (
        Agency("pt-htp", "海坛片区", "", "片区"),
        Agency("pt-jfj", "经济发展局", "", "部门"),
        Agency("xian", "甲县", "", GROUP_KIND),
        Agency("xian-mzj", "甲县民政局", "xian", "部门"),
    )
)


def cell(
    ref: str, kind: LineKind = LineKind.ENTRY, measure: Measure = Measure.COUNT
) -> tuple[CellRef, Cell]:
    key = CellRef(*ref.split("/"))
    return key, Cell(key, kind, measure, "", None, True, Blank.ERROR, "三", (), "")  # noqa: FBT003


def a_form() -> Form:
    check = Check("R2", Severity.ERROR, "", "", "", "", "", "")
    line = (Line("x", "x"),)
    return Form(
        code="zf",
        title="",
        letter="",
        period=PeriodKind.YEAR,
        preamble="",
        former=(),
        digest="",
        sections=(),
        tables=(
            Table("requests", "三", line, line),
            Table("fees", "二", line, line),
            Table("open", "二", line, line, merge=Merge.APART),
        ),
        checks=(check,),
        relations=(),
        comparisons=(),
        successions=(),
        sentences=(),
        mentions=(),
        cells=dict(
            (
                cell("requests/new/person"),
                cell("requests/done.total/person", LineKind.TOTAL),
                cell("fees/fee/amount", measure=Measure.AMOUNT),
                cell("fees/reason/text", measure=Measure.TEXT),
                cell("open/first/count"),
            )
        ),
        definitions={},
        leaves={},
    )


def loaded(text: str) -> Outcome[tuple[Decision, ...]]:
    return load_decisions(text, "decisions.toml", a_form(), ROSTER)


def accepted(text: str) -> tuple[Decision, ...]:
    outcome = loaded(text)
    assert outcome.value is not None
    assert outcome.findings == ()
    return outcome.value


def faults(text: str) -> list[tuple[str, str, int]]:
    outcome = loaded(text)
    assert outcome.value == ()
    assert {fault.code for fault in outcome.findings} == {"D01"}
    assert {fault.severity for fault in outcome.findings} == {Severity.ERROR}
    return [(f.facts["kind"], f.facts["key"], f.place.line) for f in outcome.findings if f.place]


def said(fault: Finding) -> str:
    facts = facts_said(fault.facts, Language.ZH)
    return CATALOGUE[fault.code].message.zh.format(**facts)


def test_no_decisions_are_no_decisions() -> None:
    assert accepted("# 还没有处理决定\n") == ()


def test_an_agencys_cell_is_adjusted_to_an_exact_value() -> None:
    text = f'\n[[adjust]]\nagency = "pt-htp"\ncell = "requests/new/person"\nvalue = "0"\n{SIGNED}'
    assert accepted(text) == (
        Decision(
            DecisionKind.ADJUST,
            2,
            "政务公开科",
            date(2025, 2, 10),
            "电话核实",
            agency="pt-htp",
            cell=CellRef("requests", "new", "person"),
            value=Decimal(0),
        ),
    )


@pytest.mark.parametrize("between", "!！")
def test_a_cell_may_be_written_as_findings_show_it(between: str) -> None:
    new = CellRef("t", "new", "person")
    place = form_layout(small_form()).place(new)
    where = f"{place.sheet}{between}{place.address.lower()}"
    roster = roster_of("a 甲局 . 部门")
    [decision] = decided(roster, f'[[adjust]] agency = "a"; cell = "{where}"; value = "3"')
    assert decision.cell == new


def test_the_sheet_and_address_of_a_total_are_a_fault() -> None:
    place = form_layout(small_form()).place(CellRef("t", "new", "total"))
    text = (
        f'[[adjust]]\nagency = "a"\ncell = "{place.sheet}!{place.address}"\nvalue = "3"\n{SIGNED}'
    )
    [fault] = load_decisions(text, "", small_form(), roster_of("a 甲局 . 部门")).findings
    assert fault.facts["expected"] == "@entry_cell"


@pytest.mark.parametrize("group", ["all", "xian", "pt-htp", "kind:部门"])
def test_a_groups_total_is_adjusted_by_an_exact_figure(group: str) -> None:
    text = f'[[adjust]]\ngroup = "{group}"\ncell = "fees/fee/amount"\nadd = "-28.000001"\n{SIGNED}'
    [decision] = accepted(text)
    assert (decision.group, decision.agency) == (group, "")
    assert (decision.add, decision.value) == (Decimal("-28.000001"), None)


def test_every_kind_has_its_keys() -> None:
    text = "".join(
        f"[[{kind}]]\n{keys}\n{SIGNED}"
        for kind, keys in (
            ("excuse", 'agency = "pt-jfj"'),
            ("waive", 'agency = "pt-htp"\ncheck = "R2"'),
            ("waive", 'agency = "pt-htp"\ncheck = "T2"\ncell = "requests/done.total/person"'),
            ("blank-zero", 'agency = "pt-htp"'),
            ("blank-zero", 'agency = "pt-jfj"\ntable = "fees"'),
            ("assign", f'sha256 = "{SHA.upper()}"\nagency = "pt-htp"'),
            ("choose", f'agency = "xian-mzj"\nsha256 = "{SHA[:8]}"'),
        )
    )
    decisions = accepted(text)
    assert [
        (d.kind.value, d.agency, d.check, str(d.cell or ""), d.table, d.sha256) for d in decisions
    ] == [
        ("excuse", "pt-jfj", "", "", "", ""),
        ("waive", "pt-htp", "R2", "", "", ""),
        ("waive", "pt-htp", "T2", "requests/done.total/person", "", ""),
        ("blank-zero", "pt-htp", "", "", "", ""),
        ("blank-zero", "pt-jfj", "", "", "fees", ""),
        ("assign", "pt-htp", "", "", "", SHA),
        ("choose", "xian-mzj", "", "", "", SHA[:8]),
    ]


def test_decisions_stand_in_the_files_order_whatever_their_kind() -> None:
    text = "".join(
        f'[[{kind}]]\nagency = "pt-htp"\n{SIGNED}' for kind in ("excuse", "blank-zero", "excuse")
    )
    assert [decision.line for decision in accepted(text)] == [1, 6, 11]


def test_a_whole_number_and_a_day_may_stand_with_or_without_quotes() -> None:
    signed = SIGNED.replace("2025-02-10", '"2025-02-10"')
    text = f'[[adjust]]\nagency = "pt-htp"\ncell = "fees/fee/amount"\nvalue = 12\n{signed}'
    [decision] = accepted(text)
    assert (decision.value, decision.on) == (Decimal(12), date(2025, 2, 10))


def test_who_when_and_why_are_required_and_an_empty_why_is_none() -> None:
    assert faults('[[excuse]]\nagency = "pt-htp"\nwhy = " "\n') == [
        ("excuse", "by", 1),
        ("excuse", "on", 1),
        ("excuse", "why", 3),
    ]


@pytest.mark.parametrize(
    ("kind", "keys", "key"),
    [
        ("excuse", 'agency = "pt-xxx"', "agency"),
        ("excuse", 'agency = "xian"', "agency"),
        ("excuse", "agency = 5", "agency"),
        ("waive", 'agency = "pt-htp"\ncheck = "R99"', "check"),
        ("waive", 'agency = "pt-htp"', "check"),
        ("waive", 'check = "R2"\nagency = "pt-htp"\ncell = "requests/new"', "cell"),
        ("blank-zero", 'agency = "pt-htp"\ntable = "nope"', "table"),
        ("assign", 'agency = "pt-htp"\nsha256 = "ab12cd3"', "sha256"),
        ("choose", 'agency = "pt-htp"\nsha256 = "xb12cd34"', "sha256"),
        ("choose", 'agency = "pt-htp"\nsha256 = "ab12cd34"\nfile = "a.xlsx"', "file"),
        ("adjust", 'agency = "pt-htp"\ncell = "fees/fee/amount"\nvalue = 12.5', "value"),
        ("adjust", 'agency = "pt-htp"\ncell = "fees/fee/amount"\nvalue = "12万"', "value"),
        ("adjust", 'agency = "pt-htp"\ncell = "fees/fee/amount"\nvalue = "-1"', "value"),
        ("adjust", 'agency = "pt-htp"\ncell = "requests/new/person"\nvalue = "0.5"', "value"),
        ("adjust", 'agency = "pt-htp"\ncell = "requests/done.total/person"\nvalue = "1"', "cell"),
        ("adjust", 'agency = "pt-htp"\ncell = "fees/reason/text"\nvalue = "1"', "cell"),
        ("adjust", 'agency = "pt-htp"\ncell = "fees/fee/amount"\nadd = "1"\nvalue = "1"', "add"),
        ("adjust", 'group = "kind:学校"\ncell = "fees/fee/amount"\nadd = "1"', "group"),
        ("adjust", 'group = "all"\ncell = "requests/done.total/person"\nadd = "1"', "cell"),
        ("adjust", 'group = "all"\ncell = "open/first/count"\nadd = "1"', "cell"),
        ("adjust", 'group = "all"\ncell = "requests/new/person"\nadd = "0.5"', "add"),
        ("adjust", 'group = "all"\nagency = "pt-htp"\ncell = "fees/fee/amount"\nadd = 1', "agency"),
    ],
)
def test_a_decision_that_names_nothing_known_is_not_applied(kind: str, keys: str, key: str) -> None:
    assert [fault[:2] for fault in faults(f"[[{kind}]]\n{keys}\n{SIGNED}")] == [(kind, key)]


def test_the_fault_tells_what_stands_there_and_what_should() -> None:
    text = f'[[adjust]]\nagency = "pt-htp"\ncell = "requests/new/person"\nvalue = "0.5"\n{SIGNED}'
    [fault] = loaded(text).findings
    assert dict(fault.facts) == {
        "kind": "adjust",
        "key": "value",
        "problem": "@value_wrong",
        "found": "0.5",
        "asked": "@should_be",
        "expected": "@count",
    }
    [fault] = loaded(f'[[excuse]]\nagency = "pt-hpt"\n{SIGNED}').findings
    assert (fault.facts["found"], fault.facts["expected"]) == ("pt-hpt", "pt-htp")
    [fault] = loaded(f"[[excuse]]\n{SIGNED}").findings
    assert (fault.facts["found"], fault.facts["expected"]) == ("", 'agency = "…"')


def test_the_code_most_like_an_unknown_one_is_not_said_to_be_right() -> None:
    """An agency that was taken off the roster is not the one whose code is nearest."""
    [fault] = loaded(f'[[excuse]]\nagency = "pt-htx"\n{SIGNED}').findings
    assert said(fault) == (
        "[[excuse]] 的“agency”写的是：pt-htx，没有这个代码，已有的如：pt-htp；这条决定未采用。"
    )
    assert "单位已从名录中去掉的，删去这条决定。" in CATALOGUE["D01"].remedy.zh


def test_of_a_group_it_is_said_that_its_agencies_file() -> None:
    [fault] = loaded(f'[[excuse]]\nagency = "xian"\n{SIGNED}').findings
    assert said(fault) == (
        "[[excuse]] 的“agency”写的是：xian，"
        "应写：填报单位的代码（汇总行不填报，请逐个单位写）；这条决定未采用。"
    )


def test_an_unknown_kind_and_a_table_that_is_no_array_are_faults() -> None:
    assert faults(f'[waive]\nagency = "pt-htp"\n[[adjsut]]\n{SIGNED}') == [
        ("waive", "waive", 1),
        ("adjsut", "adjsut", 3),
    ]


def test_the_sound_decisions_are_applied_beside_faulty_ones() -> None:
    outcome = loaded(f'[[excuse]]\n[[excuse]]\nagency = "pt-htp"\n{SIGNED}')
    assert outcome.value is not None
    assert [decision.line for decision in outcome.value] == [2]
    assert [(f.code, f.place and f.place.line) for f in outcome.findings] == [("D01", 1)] * 4


def test_a_file_that_is_no_toml_gives_nothing() -> None:
    outcome = loaded("[[excuse]]\nagency = “pt-htp”")
    assert outcome.value is None
    assert [(f.code, f.place and f.place.line) for f in outcome.findings] == [("S01", 2)]


@pytest.mark.parametrize(
    ("kind", "first", "second", "subject"),
    [
        (
            "adjust",
            'agency = "pt-htp"\ncell = "fees/fee/amount"\nvalue = 1',
            'agency = "pt-htp"\ncell = "fees/fee/amount"\nvalue = 2',
            "pt-htp fees/fee/amount",
        ),
        (
            "choose",
            'agency = "pt-htp"\nsha256 = "aaaaaaaa"',
            'agency = "pt-htp"\nsha256 = "bbbbbbbb"',
            "pt-htp",
        ),
        (
            "assign",
            'agency = "pt-htp"\nsha256 = "aaaaaaaa"',
            'agency = "pt-jfj"\nsha256 = "aaaaaaaab"',
            "aaaaaaaa",
        ),
    ],
)
def test_of_decisions_that_contradict_each_other_none_is_applied(
    kind: str, first: str, second: str, subject: str
) -> None:
    outcome = loaded(f"[[{kind}]]\n{first}\n{SIGNED}[[{kind}]]\n{second}\n{SIGNED}")
    assert outcome.value == ()
    [finding] = outcome.findings
    assert finding.code == "D03"
    assert dict(finding.facts) == {"kind": f"@{kind}", "subject": subject, "line": "1"}
    assert finding.place
    assert finding.place.line > 1


def test_several_figures_may_be_added_to_one_total() -> None:
    text = f'[[adjust]]\ngroup = "all"\ncell = "fees/fee/amount"\nadd = 1\n{SIGNED}'
    assert len(accepted(text * 2)) == 2
