"""One cause, one message: which change would settle what failed, in real and planted mistakes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samples import cell, filled, form, plan, submitted
from sheetflow.campaign.examples import example
from sheetflow.checks.case import Case
from sheetflow.checks.causes import causes, with_causes
from sheetflow.checks.submission import check_submission
from sheetflow.messages.text import Language
from sheetflow.model.form import LineKind
from sheetflow.relations.evaluate import with_totals
from sheetflow.reports.findings import Speaker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.model.cells import CellRef
    from sheetflow.model.findings import Cause

REPORTED = example("pingtan-2024").reported()
REQUESTS = [c.ref for c in form().entries() if c.ref.table == "requests"]
RESULTS = [ref for ref in REQUESTS if ref.item.startswith("done.")]


def case_of(values: Mapping[CellRef, object], *, totals: bool) -> Case:
    """Make a return; with typed totals as computed, or with the template's formulas."""
    entries = {ref: Decimal(str(v)) for ref, v in values.items() if v is not None}
    typed = {ref: v for ref, v in with_totals(form(), entries).items() if ref in form().leaves}
    said = {str(ref): _number(v) for ref, v in {**(typed if totals else {}), **values}.items()}
    return Case(form(), submitted(filled(said)))


def _number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def real(agency: str) -> Case:
    values = {
        str(ref): float(text) if text else None
        for ref, text in REPORTED[agency].items()
        if form().cells[ref].numeric
    }
    return Case(form(), submitted(filled(values)))


def told(found: tuple[Cause, ...]) -> list[str]:
    """Give causes as their cells and how many findings each explains."""
    return [f"{' '.join(map(str, each.cells))} ({len(each.explains)})" for each in found]


def planted(values: Mapping[CellRef, int], wrong: Mapping[CellRef, int | None]) -> Case:
    """Type a return with right totals, then change cells: the totals stay what they were."""
    right = case_of(values, totals=True)
    says: dict[str, object] = {
        str(ref): int(total.value or 0) for ref, total in right.submission.totals.items()
    }
    says |= {str(ref): value for ref, value in {**values, **wrong}.items()}
    return Case(form(), submitted(filled(says)))


BALANCED = {
    cell("requests/new/person"): 12,
    cell("requests/carried_in/person"): 2,
    cell("requests/done.granted/person"): 7,
    cell("requests/done.refused.law/person"): 4,
    cell("requests/carried_out/person"): 3,
    cell("requests/new/org.company"): 5,
    cell("requests/done.partial/org.company"): 5,
}


def test_a_request_counted_twice_is_one_cause_of_four_findings() -> None:
    first, *_ = causes(real("pt-htp"))
    assert told((first,)) == [
        "requests/done.unable.unclear/person requests/done.other.no_correction/person (4)"
    ]
    assert not first.changes  # the figures can't tell which of the two it was


def test_a_total_column_left_0_is_one_cause() -> None:
    assert told(causes(real("pt-nyn")))[0].endswith("(4)")


def test_a_wrong_total_alone_names_the_total_or_what_it_adds() -> None:
    (cause,) = causes(real("pt-shs"))
    assert {str(ref).rpartition(".")[2] for ref in cause.cells} == {"total", "upheld", "other"}


def test_a_clean_return_has_no_cause() -> None:
    assert causes(case_of(BALANCED, totals=True)) == ()
    assert causes(case_of(BALANCED, totals=False)) == ()


def test_an_entry_left_out_is_told_with_the_figure_that_it_should_have() -> None:
    case = planted(BALANCED, {cell("requests/done.refused.law/person"): 0})
    (cause,) = causes(case)
    (change,) = cause.changes
    assert (str(change.cell), change.now, change.should) == (
        "requests/done.refused.law/person", Decimal(0), Decimal(4),
    )  # fmt: skip
    assert len(cause.explains) == 5
    found = with_causes(form(), check_submission(case), causes(case))
    open_ones = [f for f in found if f.consequence_of not in {each.key for each in found}]
    said = Speaker(form(), plan().layout, Language.ZH).say(open_ones[0])
    assert len(open_ones) == 1
    assert said.hint == "若 三!D14 由 0 改为 4，5 条关系同时成立。"


def test_a_blank_is_the_cause_of_the_sums_over_it() -> None:
    case = planted(BALANCED, {cell("requests/done.granted/person"): None})
    found = with_causes(form(), check_submission(case), causes(case))
    bearer = next(f for f in found if f.cause)
    assert bearer.key == "T2 requests/done.granted/person"
    assert {f.consequence_of for f in found if f is not bearer} == {bearer.key}


@pytest.mark.parametrize("other", ["done.refused.stability", "done.refused.third_party"])
def test_a_value_typed_a_row_too_low_is_one_cause(other: str) -> None:
    slid = {
        cell("requests/done.refused.law/person"): 0,
        cell(f"requests/{other}/person"): 4,
    }
    assert told(causes(planted(BALANCED, slid)))[0].startswith("requests/done.refused.law/person ")


def test_a_value_in_the_neighbouring_column_is_one_cause() -> None:
    slid = {
        cell("requests/done.partial/org.company"): 0,
        cell("requests/done.partial/org.research"): 5,
    }
    (cause,) = causes(planted(BALANCED, slid))
    assert [str(change.cell) for change in cause.changes] == [str(ref) for ref in slid]


def test_on_the_template_the_column_is_named_with_every_cell_that_could_be_wrong() -> None:
    wrong = {**BALANCED, cell("requests/done.refused.law/person"): 3}
    (cause,) = causes(case_of(wrong, totals=False))
    assert not cause.changes
    assert {ref.column for ref in cause.cells} == {"person"}
    assert cell("requests/done.refused.law/person") in cause.cells


@given(
    st.lists(st.integers(0, 20), min_size=len(RESULTS), max_size=len(RESULTS)),
    st.integers(0, len(RESULTS) - 1),
    st.integers(-20, 20).filter(bool),
)
@settings(max_examples=30, deadline=None)
def test_whichever_entry_is_wrong_beside_typed_totals_is_among_those_named(
    counts: list[int], place: int, off: int
) -> None:
    values = dict(zip(RESULTS, counts, strict=True))
    for column in {ref.column for ref in RESULTS}:
        done = sum(v for ref, v in values.items() if ref.column == column)
        values[cell(f"requests/new/{column}")] = done
    wrong = RESULTS[place]
    (cause,) = causes(planted(values, {wrong: abs(values[wrong] + off)})) or (None,)
    if abs(values[wrong] + off) != values[wrong]:
        assert cause
        assert wrong in cause.cells


@given(st.dictionaries(st.sampled_from(REQUESTS), st.integers(0, 9), max_size=12))
@settings(max_examples=30, deadline=None)
def test_after_the_hinted_changes_every_explained_relation_holds(
    values: dict[CellRef, int],
) -> None:
    entries = {ref: values.get(ref, 0) for ref in REQUESTS}
    case = case_of(entries, totals=False)
    explained = set[str]()
    for cause in causes(case):
        changes = cause.changes or cause.candidates[0]
        entries |= {change.cell: int(change.should) for change in changes}
        explained.update(cause.explains)
    after = {finding.key for finding in check_submission(case_of(entries, totals=False))}
    assert after.isdisjoint(explained)
    assert all(form().cells[ref].kind is LineKind.ENTRY for ref in entries)
