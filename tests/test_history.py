"""Last period's figures: where they are read from, whose follow on whose, what is compared."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import cell, filled, form, submitted
from sheetflow.checks.case import Case
from sheetflow.checks.submission import check_submission
from sheetflow.checks.succession import unchecked
from sheetflow.definitions.history import load_history, load_totals
from sheetflow.definitions.roster import csv_rows
from sheetflow.model.form import LineKind
from sheetflow.model.history import History, Previous, Reported
from sheetflow.model.roster import Agency, Roster
from sheetflow.settling.succession import previous_totals, succeed

if TYPE_CHECKING:
    from collections.abc import Mapping

PAIRS = json.loads(
    (Path(__file__).parent / "fixtures/year-pairs.json").read_text("utf-8"), parse_float=Decimal
)["pairs"]
OUT, IN = "requests/carried_out/person", "requests/carried_in/person"


def record(name: str = "", **figures: int) -> Reported:
    """Make what an agency reported: out= requests carried out, made= documents."""
    cells = {"out": OUT, "made": "documents/normative/made"}
    return Reported({cell(cells[key]): Decimal(value) for key, value in figures.items()}, {}, name)


def previous(figures: Mapping[str, Decimal | int]) -> Previous:
    history = History("2021", {"a": Reported({cell(c): Decimal(v) for c, v in figures.items()})})
    return succeed(Roster((Agency("a", "甲局"),)), history).by_agency["a"]


def compared(pair: dict[str, dict[str, Decimal]], **changes: dict[str, int]) -> list[str]:
    """Check a real pair of years, some figures of either year changed."""
    entries = {str(c.ref) for c in form().entries()}
    now, before = (
        {c: v for c, v in (pair[year] | changes.get(year, {})).items() if c in entries}
        for year in ("current", "previous")
    )
    case = Case(form(), submitted(filled(now)), previous(before))
    return [f"{f.code} {f.cell}" for f in check_submission(case) if f.code.startswith("X")]


def test_real_pairs_of_years_carry_over_what_they_carried_out() -> None:
    assert [compared(pair) for pair in PAIRS] == [
        ["X3 sanctions/coercion/decided"],  # 42, then 0
        ["X2 documents/normative/in_force"],  # 66 + 2 - 44 is 24, not 32
        ["X3 licensing/licences/decided", "X3 charges/fees/amount"],  # 3, then 7677
    ]


COLUMNS = [c.code for c in form().table("requests").columns if c.kind is LineKind.ENTRY]


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_must_carry_in_what_the_last_year_carried_out(column: str) -> None:
    code = f"requests/carried_out/{column}"
    changed = {code: int(PAIRS[0]["previous"][code]) + 1}
    found = compared(PAIRS[0], previous=changed)
    assert found[:2] == [
        f"X1 requests/carried_in/{column}",
        "X1 requests/carried_in/total",
    ]


def test_a_total_off_by_a_wrong_column_follows_from_it() -> None:
    case = Case(form(), submitted(filled({IN: 3, "requests/new/person": 0, OUT: 3})))
    known = {str(c.ref): Decimal(0) for c in form().entries() if c.numeric}
    found = check_submission(Case(case.form, case.submission, previous(known)))
    assert [(f.cell, f.left, f.right, f.consequence_of) for f in found] == [
        (cell(IN), Decimal(3), Decimal(0), ""),
        (cell("requests/carried_in/total"), Decimal(3), Decimal(0), f"X1 {IN}"),
    ]


@pytest.mark.parametrize(
    ("before", "now", "jumps"),
    [(10, 100, False), (10, 101, True), (101, 10, True), (0, 1, True), (1, 0, True), (0, 0, False)],
)
def test_more_than_ten_times_up_or_down_or_to_or_from_0_is_noted(
    before: int,
    now: int,
    jumps: bool,  # noqa: FBT001 - a case of the table
) -> None:
    code = "sanctions/penalties/decided"
    case = Case(form(), submitted(filled({code: now})), previous({code: Decimal(before)}))
    found = [f"{f.code} {f.severity}" for f in check_submission(case)]
    assert found == (["X3 note"] if jumps else [])


def test_what_is_not_known_of_last_year_is_not_checked_and_never_passes() -> None:
    submission = submitted(filled())
    assert unchecked(Case(form(), submission)) == ("X1", "X2", "X3")
    known = {str(c.ref): Decimal(0) for c in form().entries() if c.numeric}
    assert unchecked(Case(form(), submission, previous(known))) == ()
    del known["documents/regulations/in_force"]
    assert unchecked(Case(form(), submission, previous(known))) == ("X2",)


def test_figures_are_read_from_a_row_a_figure_or_a_row_an_agency() -> None:
    long = f"单位代码,单位名称,指标代码,数值\na,甲局,{OUT},3\na,甲局,charges/fees/amount,1.50\n"
    wide = f"代码,名称,{OUT},charges/fees/amount,别的\na,甲局,3.0,1.50,x\n"
    read = [load_history(csv_rows(t.encode()), "x.csv", form()).value for t in (long, wide)]
    figures = {cell(OUT): Decimal(3), cell("charges/fees/amount"): Decimal("1.50")}
    assert read == [{"a": Reported(figures, {}, "甲局")}] * 2


def test_what_an_adjustment_added_to_a_group_is_no_agencys_figure() -> None:
    rows = [
        ["agency", "code", "value", "state", "raw", "file", "sheet", "cell"],
        ["a", OUT, "3", "number", "3", "returns/a.xlsx", "三", "D32"],
        ["all", OUT, "1", "adjusted", "1", "decisions.toml", "", ""],
        ["all", OUT, "1", "adjusted", "1", "decisions.toml", "", ""],
        ["a", "texts/problems/text", "", "text", "一是……", "returns/a.xlsx", "五", "A3"],
    ]
    read = load_history(rows, "figures.csv", form()).value
    texts = {cell("texts/problems/text"): "一是……"}
    assert read == {"a": Reported({cell(OUT): Decimal(3)}, texts)}


@given(st.data())
def test_figures_are_the_same_in_whatever_order_their_rows_stand(data: st.DataObject) -> None:
    codes = st.sampled_from([str(each.ref) for each in form().entries() if each.numeric])
    values = st.sampled_from(["", "0", "7", "7.0", "12.50", "00012"])
    entries = st.dictionaries(codes, values, min_size=1, max_size=4)
    agencies = data.draw(st.dictionaries(st.sampled_from("abc"), entries, min_size=1))
    rows = [[agency, c, v] for agency, figures in agencies.items() for c, v in figures.items()]
    head = [["单位代码", "指标代码", "数值"]]
    shuffled = load_history(head + data.draw(st.permutations(rows)), "x.csv", form()).value
    assert shuffled == {
        agency: Reported({cell(code): Decimal(value) for code, value in figures.items() if value})
        for agency, figures in agencies.items()
    }


@pytest.mark.parametrize(
    ("rows", "problem", "line"),
    [
        (f"单位代码,指标代码,数值\na,{OUT},1\nb,{OUT},1\na,{OUT},2\n", "@twice", 4),
        (f"单位代码,指标代码,数值\na,{OUT},\na,{OUT},2\n", "@twice", 3),
        (f"单位代码,指标代码,数值\na,{OUT},无\n", "@no_number", 2),
        (f"单位代码,指标代码,数值\na,{OUT},1\na,{OUT},2\n", "@twice", 3),
        ("甲,乙\n1,2\n", "@no_figures", 0),
        ("", "@no_figures", 0),
    ],
)
def test_s27_names_the_row_that_keeps_figures_from_being_read(
    rows: str, problem: str, line: int
) -> None:
    read = load_history(csv_rows(rows.encode()), "x.csv", form())
    (fault,) = read.findings
    place = fault.place
    assert read.value is None
    assert place
    assert (fault.code, fault.facts["problem"], place.line) == ("S27", problem, line)


def test_a_merger_adds_up_and_a_rename_by_name_is_followed() -> None:
    history = History(
        "2023", {"old": record("旅游局", out=1), "b": record(out=2), "c": record("水利局", out=4)}
    )
    roster = Roster(
        (
            Agency("b", "文旅局", former_names=("旅游局",)),
            Agency("c2", "水利局"),
            Agency("new", "新局"),
        )
    )
    followed = succeed(roster, history).by_agency
    assert {code: (p.agencies, p.figures.get(cell(OUT))) for code, p in followed.items()} == {
        "b": (("b", "old"), Decimal(3)),
        "c2": (("c",), Decimal(4)),
    }


def test_a_cell_that_one_of_the_merged_left_blank_is_not_known() -> None:
    history = History("2023", {"a": record(out=1, made=2), "b": record(out=2)})
    merged = Roster((Agency("a", "甲局", predecessors=("b",)),))
    (kept,) = succeed(merged, history).by_agency.values()
    assert cell("documents/normative/made") not in kept.figures


def test_a_predecessor_without_figures_leaves_nothing_known() -> None:
    merged = Roster((Agency("a", "甲局", predecessors=("gone",)),))
    assert succeed(merged, History("2023", {"a": record(out=1)})).by_agency == {}


def test_a_merger_of_the_year_before_is_in_the_agencys_own_figures() -> None:
    """`init --from` takes over the roster with its predecessors, who are nobody's then."""
    merged = Roster((Agency("a", "甲局", predecessors=("gone", "later")),))
    records = {"a": record(out=1), "later": record(out=2)}
    history = History("2023", records, predecessors={"a": ("gone",)})
    (followed,) = succeed(merged, history).by_agency.values()
    assert followed.agencies == ("a", "later")
    unreported = History("2023", {"gone": record(out=3)}, predecessors={"a": ("gone",)})
    only = Roster((Agency("a", "甲局", predecessors=("gone",)),))
    assert [p.agencies for p in succeed(only, unreported).by_agency.values()] == [("gone",)]


def test_a_predecessor_that_still_reported_is_merged_only_when_it_is_gone() -> None:
    """乙局 was split off 甲局 the year before, so both reported; then one took the other over."""
    both = Roster((Agency("x", "甲局"), Agency("y", "乙局", predecessors=("x",))))
    history = History("2023", {"x": record(out=5), "y": record(out=1)}, predecessors={"y": ("x",)})
    still_two = succeed(both, history).by_agency
    assert {code: p.agencies for code, p in still_two.items()} == {"x": ("x",), "y": ("y",)}
    one = succeed(Roster(both.agencies[1:]), history)
    (merged,) = one.by_agency.values()
    assert merged.agencies == ("y", "x")
    assert merged.figures[cell(OUT)] == 6
    assert one.unfollowed == ()


def test_what_was_split_is_followed_only_in_sum() -> None:
    history = History("2023", {"x": record(out=5), "z": record(out=1)})
    roster = Roster((Agency("x", "甲局"), Agency("y", "乙局", predecessors=("x",))))
    followed = succeed(roster, history)
    assert followed.by_agency == {}
    assert [(s.agencies, s.previous.figures[cell(OUT)]) for s in followed.shared] == [
        (("x", "y"), Decimal(5))
    ]
    assert followed.unfollowed == ("z",)


def test_a_group_has_last_years_published_total_else_its_members() -> None:
    roster = Roster((Agency("x", "甲县", kind="县"), Agency("y", "乙局", kind="局")))
    records = {"x": record(out=5), "y": record(out=1), "gone": record(out=10)}
    totals = load_totals(
        csv_rows(f"group,code,value,reported,expected\nkind:县,{OUT},7,1,1\n".encode()), form()
    )
    history = History("2023", records, totals)
    groups = previous_totals(form(), roster, history, succeed(roster, history))
    assert {group: figures[cell(OUT)] for group, figures in groups.items()} == {
        "all": 16,
        "kind:县": 7,
        "kind:局": 1,
    }
