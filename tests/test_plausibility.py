"""Figures and texts that can be right, but seldom are: each hint, and what gives none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, overload

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import cell, filled, form, submitted
from sheetflow.campaign.examples import example
from sheetflow.checks.case import Case
from sheetflow.checks.likeness import CAMPAIGN_CHECKS
from sheetflow.checks.plausibility import TELLING, TELLING_TEXT, words_of
from sheetflow.checks.submission import check_submission
from sheetflow.model.cells import Place
from sheetflow.model.history import Previous
from sheetflow.model.returns import Submission
from sheetflow.model.roster import Agency
from sheetflow.relations.evaluate import with_totals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.model.cells import CellRef

PAIRS = json.loads(
    (Path(__file__).parent / "fixtures/year-pairs.json").read_text("utf-8"), parse_float=Decimal
)["pairs"]
NUMERIC = {entry.ref for entry in form().entries() if entry.numeric}
GRANTED, PARTIAL = "requests/done.granted/person", "requests/done.partial/person"
NEW, FEE = "requests/new/person", "charges/fees/amount"
TEXT = "texts/problems/text"
LONG = "一是公开的主动性有待提高，二是解读形式比较单一，三是依申请公开的答复有时不够规范。" * 2
"""A text long enough to tell something by its equality."""


def found(
    now: Mapping[str, object], before: Mapping[str, object], texts: dict[str, str] | None = None
) -> list[str]:
    """Compare a return, 0 where nothing is said, with last year's; give its P codes."""
    required = {str(c.ref): 0 for c in form().entries() if c.required}
    figures = {cell(c): Decimal(str(v)) for c, v in {**required, **before}.items()}
    known = {cell(c): t for c, t in (texts or {}).items()}
    previous = Previous("2023", ("a",), with_totals(form(), figures), known)
    findings = check_submission(Case(form(), submitted(filled(now)), previous))
    return [f.key for f in findings if f.code.startswith("P")]


def entries_of(figures: Mapping[str, object]) -> dict[str, object]:
    return {code: value for code, value in figures.items() if cell(code) in NUMERIC}


def balanced(count: int, result: str = GRANTED) -> dict[str, object]:
    return {NEW: count, result: count}


def test_an_amount_in_yuan_is_ten_thousand_times_last_years() -> None:
    assert found({FEE: 162208500}, {FEE: "16220.85"}) == [f"P1 {FEE}"]
    assert found({FEE: 1.5}, {FEE: "15000"}) == [f"P1 {FEE}"]


def test_an_amount_in_yuan_is_one_cause_of_both_messages() -> None:
    previous = Previous("2023", ("a",), with_totals(form(), {cell(FEE): Decimal("16220.85")}), {})
    sent = submitted(filled({FEE: 162208500}))
    findings = [f for f in check_submission(Case(form(), sent, previous)) if f.cell == cell(FEE)]
    assert [(f.code, f.consequence_of) for f in findings] == [("X3", f"P1 {FEE}"), ("P1", "")]


@pytest.mark.parametrize("fee", [0, 16220.85, 20000, 162208.5, 1622085])
def test_other_amounts_are_not_taken_for_yuan(fee: float) -> None:
    assert found({FEE: fee}, {FEE: "16220.85"}) == []


def test_a_total_that_jumps_is_noted_unless_it_is_small() -> None:
    totals = {"new/total", "done.granted/total", "done.total/person", "done.total/total"}
    assert set(found(balanced(600), balanced(50))) == {f"P2 requests/{each}" for each in totals}
    assert found(balanced(40), balanced(0)) == []
    assert found(balanced(499), balanced(50)) == []


@pytest.mark.parametrize(
    ("typed", "is_hint"), [(486, True), (684, False), (469, False), (468, False), (4680, False)]
)
def test_two_digits_exchanged_are_told_by_what_should_follow(typed: int, is_hint: bool) -> None:  # noqa: FBT001 - a case of the table
    in_force = "documents/normative/in_force"
    hints = found({in_force: typed, "documents/normative/made": 8}, {in_force: 460})
    assert hints == ([f"P3 {in_force}"] if is_hint else [])


def test_a_row_that_slid_by_one_has_last_years_figures_of_the_row_above() -> None:
    assert found(balanced(38, PARTIAL), balanced(40)) == [f"P4 {GRANTED}"]


def test_columns_that_changed_places_are_told_by_last_years() -> None:
    company = {"requests/new/org.company": 31, "requests/done.granted/org.company": 31}
    assert found(company, balanced(30)) == [f"P4 {NEW}"]


@given(st.lists(st.sampled_from([0, 1, 3, 4, 10, 30, 31, 99]), min_size=8, max_size=8))
def test_two_lines_are_exchanged_if_each_has_about_what_the_other_had(values: list[int]) -> None:
    columns = ["person", "org.company", "org.research", "org.welfare"]
    now, before = (
        {f"requests/new/{column}": value for column, value in zip(columns, some, strict=True)}
        for some in (values[:4], values[4:])
    )

    def near(one: int, other: int) -> bool:
        return one == other == 0 or (0 < other <= 3 * one and one <= 3 * other)

    def exchanged(one: str, other: str) -> bool:
        low, high = sorted((before[one], before[other]))
        return (
            high >= max(10, 10 * low)
            and near(now[one], before[other])
            and near(now[other], before[one])
        )

    names = [f"requests/new/{column}" for column in columns]
    pairs = [pair for pair in combinations(names, 2) if exchanged(*pair)]
    told = [each for each in found(now, before) if each.startswith("P4")]
    assert told == [f"P4 {pair[0]}" for pair in pairs if len(pairs) == 1]


def test_rows_that_both_had_some_are_not_called_exchanged() -> None:
    now = {NEW: 60, GRANTED: 20, PARTIAL: 40}
    assert found(now, {NEW: 60, GRANTED: 40, PARTIAL: 20}) == []


def test_last_years_return_sent_again_is_told() -> None:
    year = {NEW: 3, GRANTED: 2, "requests/carried_out/person": 1} | {
        "licensing/licences/decided": 7,
        "sanctions/penalties/decided": 8,
    }
    assert found(year, year) == ["P5"]
    assert found({**year, "sanctions/penalties/decided": 9}, year) == []
    assert found({}, {}) == []  # a zero report twice is nothing strange


def test_last_years_text_is_told_though_the_year_was_changed() -> None:
    now = {TEXT: "2024年，" + LONG}
    assert found(now, {}, {TEXT: "2023年，" + LONG}) == [f"P6 {TEXT}"]
    assert found(now, {}, {TEXT: "2023年，" + LONG.replace("规范", "及时")}) == []
    assert found({TEXT: "无。"}, {}, {TEXT: "无。"}) == []


def likeness(*returns: Mapping[str, object]) -> list[str]:
    """Compare returns of several agencies."""
    sent = [
        replace(submitted(filled(values)), agency=f"a{number}")
        for number, values in enumerate(returns)
    ]
    agencies = {each.agency: Agency(each.agency, f"{each.agency}局") for each in sent}
    findings = [f for check in CAMPAIGN_CHECKS for f in check(form(), sent, agencies)]
    return [f"{f.code} {f.agency} {f.facts['others']}" for f in findings]


def test_returns_of_two_agencies_with_the_same_figures_are_told() -> None:
    year = dict.fromkeys((NEW, GRANTED, "licensing/licences/decided", FEE), 3)
    same = {**year, "sanctions/penalties/decided": 1}
    assert likeness(same, same, year) == ["P7 a0 a1局", "P7 a1 a0局"]
    assert likeness({}, {}) == []


def test_texts_of_two_agencies_that_are_the_same_are_told() -> None:
    assert likeness({TEXT: LONG}, {TEXT: LONG + " "}, {TEXT: "另一段。"}) == [
        "P8 a0 a1局",
        "P8 a1 a0局",
    ]


class OnDisk(Sequence[Submission]):
    """Returns of which each is made anew whenever somebody looks at it."""

    def __init__(self, kept: list[Submission]) -> None:
        self._kept = kept

    @overload
    def __getitem__(self, index: int) -> Submission: ...
    @overload
    def __getitem__(self, index: slice) -> list[Submission]: ...
    def __getitem__(self, index: int | slice) -> Submission | list[Submission]:
        return self._kept[index] if isinstance(index, slice) else replace(self._kept[index])

    def __len__(self) -> int:
        return len(self._kept)


COPIED = st.fixed_dictionaries(
    {str(entry.ref): st.just(1) for entry in form().entries()[30:34]},
    optional={
        TEXT: st.sampled_from([LONG, LONG + "2", LONG[::-1], "无。"]),
        "texts/other/text": st.sampled_from([LONG, "  ", "a" * 60, "1" * 60]),
        FEE: st.sampled_from([3, 3.5, "3", "无", "=A1"]),
        NEW: st.sampled_from([2, 4, "4 件", None]),
        GRANTED: st.sampled_from([2, 4]),
        "licensing/licences/decided": st.sampled_from([1, 3]),
        "sanctions/penalties/decided": st.sampled_from([1, 3]),
    },
)


@given(st.lists(COPIED, max_size=7), st.sampled_from(["kept", "made"]))
def test_copies_are_those_that_say_the_same_cell_by_cell(
    returns: list[dict[str, object]], how: str
) -> None:
    sent = [
        replace(submitted(filled(values)), agency=f"a{number}")
        for number, values in enumerate(returns)
    ]
    if how == "made":
        sent = [replace(each, entries=dict(each.entries)) for each in sent]
    agencies = {each.agency: Agency(each.agency, each.agency) for each in sent}
    found = {
        (f.code, f.agency, f.cell, f.place, f.facts["others"])
        for check in CAMPAIGN_CHECKS
        for f in check(form(), OnDisk(sent), agencies)
    }
    plain: set[tuple[str, str, CellRef | None, Place | None, str]] = set()
    for own in sent:
        same = [o for o in sent if o.figures == own.figures and o is not own]
        if same and sum(value > 0 for value in own.figures.values()) >= TELLING:
            plain.add(("P7", own.agency, None, Place(own.file), shown(same)))
        for entry in own.told:
            words = words_of(entry.raw)
            same = [
                o
                for o in sent
                if words_of(o.entries[entry.ref].raw) == words
                and len(o.entries[entry.ref].raw) >= TELLING_TEXT
                and o is not own
            ]
            if same and words and len(entry.raw) >= TELLING_TEXT:
                plain.add(("P8", own.agency, entry.ref, entry.place, shown(same)))
    assert found == plain


def shown(others: list[Submission]) -> str:
    return "、".join(each.agency for each in others[:5]) + ("…" if len(others) > 5 else "")


def test_clean_real_returns_give_no_false_alarm() -> None:
    """17 agencies of 平潭 2024 without history; three real pairs of years with it."""
    sent = []
    for code, values in example("pingtan-2024").reported().items():
        typed = {str(ref): float(v) if v else None for ref, v in values.items() if ref in NUMERIC}
        sent.append(replace(submitted(filled(typed)), agency=code))
    agencies = {each.agency: Agency(each.agency, each.agency) for each in sent}
    alone = [f.code for s in sent for f in check_submission(Case(form(), s)) if f.code[0] == "P"]
    among = [f.code for check in CAMPAIGN_CHECKS for f in check(form(), sent, agencies)]
    entries = {str(c.ref) for c in form().entries()}
    pairs = [
        found(
            *({c: v for c, v in pair[y].items() if c in entries} for y in ("current", "previous"))
        )
        for pair in PAIRS
    ]
    assert (alone, among, pairs) == ([], [], [[], [], []])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024年，我局（本级）收到12件；其中①件。", "年我局本级收到件其中件"),
        ("２０２４年 的\t的\n的", "年的的的"),
        ("", ""),
        ("……123", ""),
    ],
)
def test_the_words_of_a_text_are_its_letters(text: str, words: str) -> None:
    assert words_of(text) == words
