"""Sums: from the typed cells alone, exact, each with its coverage and its parts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import (
    form_text,
    ref,
    roster_of,
    settled,
    small_form,
    submission,
)
from sheetflow.definitions.form import load_form
from sheetflow.model.answers import compacted
from sheetflow.model.cells import exact_sum
from sheetflow.model.ledger import Standing
from sheetflow.model.roster import ALL
from sheetflow.rollup import added_cells, aggregate, contributions, negative_totals, roll_up

if TYPE_CHECKING:
    from sheetflow.model.aggregate import Aggregate, Total
    from sheetflow.model.ledger import Ledger
    from sheetflow.model.roster import Roster

ROSTER = roster_of(
    """
    city 市局 . 部门
    east 东县 . group
    e1 东县一局 east 部门
    e2 东县二乡 east 乡镇
    west 西县 . 县区
    w1 西县一局 west 部门
    """
)
KINDS = ("kind:部门", "kind:乡镇", "kind:县区")
EVERYBODY = ("city", "e1", "e2", "west", "w1")


def summed(ledger: Ledger, group: str = ALL, roster: Roster = ROSTER) -> Aggregate:
    return aggregate(small_form(), roster, ledger, group)


def total(ledger: Ledger, code: str, group: str = ALL) -> Total:
    return summed(ledger, group).totals[ref(code)]


def said(whole: Total) -> str:
    """Write a total as its value and its coverage."""
    return f"{whole.value} {whole.reported}/{whole.expected}"


def figures(ledger: Ledger, code: str) -> dict[str, str]:
    aggregates = roll_up(small_form(), ROSTER, ledger)
    return {group: str(each.value(ref(code))) for group, each in aggregates.items()}


def test_every_group_with_members_has_an_aggregate() -> None:
    aggregates = roll_up(small_form(), ROSTER, settled(ROSTER, []))
    assert list(aggregates) == [ALL, "east", "west", "kind:部门", "kind:乡镇", "kind:县区"]


def test_a_group_adds_its_whole_subtree_and_a_filing_parent_itself() -> None:
    ledger = settled(ROSTER, [submission(code, "new 1 0") for code in EVERYBODY])
    assert figures(ledger, "t/new/person") == {
        ALL: "5",
        "east": "2",
        "west": "2",
        "kind:部门": "3",
        "kind:乡镇": "1",
        "kind:县区": "1",
    }


def test_totals_come_from_the_entries_never_from_typed_totals() -> None:
    text = "new 3 1 0\ndone.yes 2 1\ndone.total 99 99 99"
    ledger = settled(ROSTER, [submission("city", text), submission("e1", text)])
    assert total(ledger, "t/new/total").value == 8
    assert total(ledger, "t/done.total/person").value == 4
    assert total(ledger, "t/done.total/total").value == 6


def test_a_total_may_subtract() -> None:
    ledger = settled(
        ROSTER, [submission("city", "copies 5.5 1.25"), submission("e1", "copies 1 0")]
    )
    assert total(ledger, "fees/copies/net").value == Decimal("5.25")


def test_a_draft_adds_returns_of_whatever_standing() -> None:
    sent = [submission("city", "new 3 0"), submission("e1", "new 4 0\nleft - 0")]
    assert total(settled(ROSTER, sent), "t/new/person").value == 7


def test_missing_agencies_lower_reported_and_excused_ones_expected() -> None:
    ledger = settled(ROSTER, [submission("city", "new 3 0")], '[[excuse]] agency = "w1"')
    new = total(ledger, "t/new/person")
    assert said(new) == "3 1/4"
    west = total(ledger, "t/new/person", "west")
    assert said(west) == "None 0/1"


def test_the_kind_group_files_nothing_and_is_not_expected() -> None:
    ledger = settled(ROSTER, [submission("e1"), submission("e2")])
    east = total(ledger, "t/new/person", "east")
    assert said(east) == "0 2/2"


def test_blank_and_unreadable_cells_add_nothing_and_lower_that_cells_coverage() -> None:
    sent = [submission("city", "new - 1"), submission("e1", "new ? 1"), submission("e2", "new 2 1")]
    ledger = settled(ROSTER, sent)
    person, firm = total(ledger, "t/new/person"), total(ledger, "t/new/firm")
    assert said(person) == "2 1/5"
    assert said(firm) == "3 3/5"


def test_a_totals_coverage_is_the_least_of_its_parts() -> None:
    sent = [submission("city", "new - 1"), submission("e1", "new 5 -"), submission("e2", "new - 1")]
    new = total(settled(ROSTER, sent), "t/new/total")
    assert said(new) == "7 1/5"


def test_nobody_reported_is_none_and_never_zero() -> None:
    ledger = settled(ROSTER, [submission("city", "new - -")])
    assert total(ledger, "t/new/person").value is None
    assert total(ledger, "t/new/total").value is None
    assert total(ledger, "t/left/total").value == 0
    assert set(figures(settled(ROSTER, []), "t/new/total").values()) == {"None"}


def test_an_undecided_agency_is_expected_but_adds_nothing() -> None:
    sent = [submission("city", "new 3 0"), submission("city", "new 4 0", name="again")]
    new = total(settled(ROSTER, sent), "t/new/person")
    assert said(new) == "None 0/5"


def test_texts_are_kept_apart() -> None:
    assert ref("words/story/text") not in summed(settled(ROSTER, [])).totals


def test_a_table_kept_apart_has_no_totals_either() -> None:
    apart = load_form(form_text().replace('measure = "amount"', 'merge = "apart"'), "form.toml")
    assert apart.value
    totals = aggregate(apart.value, ROSTER, settled(ROSTER, [submission("city")]), ALL).totals
    assert {cell.table for cell in totals} == {"t"}


@pytest.mark.parametrize(
    ("group", "reached"),
    [
        ("all", {"all"}),
        ("east", {"all", "east"}),
        ("e1", {"all", "east"}),
        ("west", {"all", "west"}),
        ("w1", {"all", "west"}),
        ("kind:部门", {"all", "kind:部门"}),
    ],
)
def test_a_group_adjustment_reaches_its_group_and_those_above(
    group: str, reached: set[str]
) -> None:
    sent = [submission(code, "new 1 0") for code in EVERYBODY]
    adjust = f'[[adjust]] group = "{group}"; cell = "t/new/person"; add = "10"'
    before, after = settled(ROSTER, sent), settled(ROSTER, sent, adjust)
    for code in ("t/new/person", "t/new/total"):
        old, new = figures(before, code), figures(after, code)
        assert {name for name in old if int(new[name]) == int(old[name]) + 10} == reached
        assert {name for name in old if new[name] == old[name]} == set(old) - reached


def test_a_group_adjustment_may_subtract_and_changes_no_coverage() -> None:
    adjust = '[[adjust]] group = "all"; cell = "t/new/person"; add = "-2"'
    new = total(settled(ROSTER, [submission("city", "new 3 1")], adjust), "t/new/total")
    assert said(new) == "2 1/5"


def test_a_group_adjustment_stands_where_nobody_reported() -> None:
    adjust = '[[adjust]] group = "east"; cell = "t/new/person"; add = "7"'
    new = total(settled(ROSTER, [], adjust), "t/new/person")
    assert said(new) == "7 0/5"


def test_a_group_adjustment_of_a_cell_that_is_kept_apart_adds_to_nothing() -> None:
    apart = load_form(form_text().replace('measure = "amount"', 'merge = "apart"'), "form.toml")
    assert apart.value
    adjust = '[[adjust]] group = "all"; cell = "fees/copies/paid"; add = "7"'
    ledger = settled(ROSTER, [submission("city")], adjust)
    totals = aggregate(apart.value, ROSTER, ledger, ALL).totals
    assert {cell.table for cell in totals} == {"t"}


def test_a_group_adjustment_keeps_the_digits_of_what_it_is_added_to() -> None:
    adjust = '[[adjust]] group = "all"; cell = "fees/copies/paid"; add = "7"'
    paid = total(settled(ROSTER, [submission("city", "copies 0.00 0")], adjust), "fees/copies/paid")
    assert said(paid) == "7.00 1/5"


def test_an_agencys_adjustment_counts_as_reported() -> None:
    adjust = '[[adjust]] agency = "city"; cell = "t/new/person"; value = "4"'
    new = total(settled(ROSTER, [submission("city", "new - 0")], adjust), "t/new/person")
    assert said(new) == "4 1/5"


def test_decimals_add_exactly() -> None:
    sent = [submission("city", "copies 18651.064104 0"), submission("e1", "copies 0.1 0")]
    sent.append(submission("e2", "copies 0.2 0"))
    assert total(settled(ROSTER, sent), "fees/copies/paid").value == Decimal("18651.364104")


def test_the_parts_of_an_entry_name_agency_raw_text_and_place() -> None:
    ledger = settled(ROSTER, [submission("city", "new 3 0"), submission("e1", "new ? 0")])
    parts = list(contributions(small_form(), ROSTER, ledger, ALL, ref("t/new/person")))
    assert [(p.agency, p.value, p.state, p.raw, p.place.file, p.place.address) for p in parts] == [
        ("city", Decimal(3), "number", "3", "returns/city.xlsx", "C7"),
        ("e1", None, "unreadable", "?", "returns/e1.xlsx", "C7"),
    ]


def test_the_parts_of_a_total_are_those_of_the_entries_it_adds() -> None:
    ledger = settled(ROSTER, [submission("city", "done.yes 3 1\ndone.no 2 0")])
    parts = contributions(small_form(), ROSTER, ledger, ALL, ref("t/done.total/person"))
    assert [(str(p.cell), p.value) for p in parts] == [
        ("t/done.yes/person", Decimal(3)),
        ("t/done.no/person", Decimal(2)),
    ]


def test_what_a_total_subtracts_is_a_negative_part_with_its_raw_text() -> None:
    ledger = settled(ROSTER, [submission("city", "copies 5 2")])
    parts = contributions(small_form(), ROSTER, ledger, ALL, ref("fees/copies/net"))
    assert [(p.value, p.raw) for p in parts] == [(Decimal(5), "5"), (Decimal(-2), "2")]


AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=6).map(lambda d: format(d, "f"))
COUNTS = st.integers(0, 10**9).map(str) | st.sampled_from("-?")
TEXTS = st.builds(
    "new {} {}\ndone.yes {} 1\nleft {} -\ncopies {} {}".format,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    AMOUNTS,
    AMOUNTS,
)
RETURNS = st.dictionaries(st.sampled_from(EVERYBODY), TEXTS)
ADJUSTED = st.lists(
    st.builds(
        '[[adjust]] group = "{}"; cell = "{}"; add = "{}"'.format,
        st.sampled_from((ALL, "east", "west", "w1", "kind:部门")),
        st.sampled_from(("t/new/person", "t/done.yes/firm", "fees/copies/back")),
        st.integers(-99, 99),
    ),
    max_size=3,
).map("\n".join)


@given(RETURNS, ADJUSTED)
def test_the_parts_add_up_to_the_total_in_every_cell_of_every_group(
    returns: dict[str, str], decisions: str
) -> None:
    ledger = settled(ROSTER, [submission(*each) for each in returns.items()], decisions)
    for group in (*ROSTER.groups, "e1"):
        for cell, whole in summed(ledger, group).totals.items():
            parts = list(contributions(small_form(), ROSTER, ledger, group, cell))
            values = [part.value for part in parts if part.value is not None]
            assert (exact_sum(values) if values else None) == whole.value


@given(RETURNS)
def test_the_groups_that_share_nobody_add_up_to_all(returns: dict[str, str]) -> None:
    ledger = settled(ROSTER, [submission(*each) for each in returns.items()])
    whole = summed(ledger)
    for parts in (("city", "e1", "e2", "west"), ("city", "east", "west"), KINDS):
        groups = [summed(ledger, group) for group in parts]
        for cell in added_cells(small_form()):
            values = [v for each in groups if (v := each.value(cell)) is not None]
            assert (exact_sum(values) if values else None) == whole.value(cell)
            assert sum(g.totals[cell].reported for g in groups) == whole.totals[cell].reported
            assert sum(g.totals[cell].expected for g in groups) == whole.totals[cell].expected


@given(
    st.permutations([f"a{number}" for number in range(6)]), st.lists(TEXTS, min_size=6, max_size=6)
)
def test_the_order_of_agencies_does_not_matter(order: list[str], texts: list[str]) -> None:
    sent = dict(zip(sorted(order), texts, strict=True))
    aggregates = []
    for codes in (sorted(order), order):
        roster = roster_of("\n".join(f"{code} 局{code}" for code in codes))
        ledger = settled(roster, [submission(code, sent[code]) for code in codes])
        aggregates.append(summed(ledger, roster=roster).totals)
    assert aggregates[0] == aggregates[1]


def test_an_exact_sum_of_many_decimals_has_no_binary_noise() -> None:
    roster = roster_of("\n".join(f"a{number} 局" for number in range(10)))
    ledger = settled(roster, [submission(f"a{n}", "copies 0.1 0") for n in range(10)])
    paid = summed(ledger, roster=roster).value(ref("fees/copies/paid"))
    assert str(paid) == "1.0"


def test_an_adjustment_that_brings_a_total_below_zero_is_an_error() -> None:
    sent = [submission(code, "new 3 1") for code in EVERYBODY]
    for add, codes in (("-28", ["D04"]), ("-2", [])):
        adjust = f'[[adjust]] group = "east"; cell = "t/new/person"; add = "{add}"'
        ledger = settled(ROSTER, sent, adjust)
        found = list(negative_totals(ledger, roll_up(small_form(), ROSTER, ledger)))
        assert [finding.code for finding in found] == codes


def test_the_total_below_zero_is_named() -> None:
    sent = [submission(code, "new 3 1") for code in EVERYBODY]
    adjust = '[[adjust]] group = "east"; cell = "t/new/person"; add = "-28"'
    ledger = settled(ROSTER, sent, adjust)
    (finding,) = negative_totals(ledger, roll_up(small_form(), ROSTER, ledger))
    assert (finding.facts["group"], finding.facts["value"]) == ("all", "-13")


MIXED = st.sampled_from(
    ["0", "3", "-", "?", "2.50", "0.1", "-4", "12345678901234567890123", "4398046511104", "1E+3"]
)
MIXED_TEXTS = st.builds("new {} {}\ndone.yes {} 1\ncopies {} 0".format, MIXED, MIXED, MIXED, MIXED)
DECIDED = st.sampled_from(
    [
        "",
        '[[adjust]] agency = "e1"; cell = "t/new/person"; value = "4"',
        '[[adjust]] group = "east"; cell = "fees/copies/paid"; add = "-1.25"',
        '[[excuse]] agency = "w1"',
    ]
)


@given(st.dictionaries(st.sampled_from(EVERYBODY), MIXED_TEXTS), DECIDED)
def test_groups_have_what_their_members_returns_add_up_to(
    returns: dict[str, str], decision: str
) -> None:
    """Returns are kept as small as they are, but for one whose figures were decided on."""
    sent = [submission(*each) for each in returns.items()]
    numeric = small_form().numeric
    kept = [replace(each, entries=compacted(each.entries, numeric)) for each in sent]
    quick = roll_up(small_form(), ROSTER, settled(ROSTER, kept, decision))
    ledger = settled(ROSTER, sent, decision)
    for group, summed_up in quick.items():
        adds = {d.cell: d.add for d in ledger.applied if d.group in (group, "east") and d.add}
        adds = adds if group in {ALL, "east"} else {}
        lines = [ledger.by_agency[agency.code] for agency in ROSTER.members(group)]
        entries = [line.submission.entries for line in lines if line.submission]
        for cell in added_cells(small_form()):
            values = [value for each in entries if (value := each[cell].value) is not None]
            every = values + ([adds[cell]] if cell in adds else [])
            expected = sum(line.standing is not Standing.EXCUSED for line in lines)
            known = exact_sum(every) if every else None
            assert said(summed_up.totals[cell]) == f"{known} {len(values)}/{expected}"
