"""What a form's relations say together: repetitions, contradictions, relations that can't fail."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import form_text, small_form
from samples import form
from sheetflow.cli.app import app
from sheetflow.definitions.form import load_form
from sheetflow.definitions.form_consistency import consistency_findings
from sheetflow.definitions.shipped import shipped_form_text, shipped_forms
from sheetflow.model.cells import CellRef
from sheetflow.relations.consistency import conflict, equations, implied, never_fails
from sheetflow.relations.evaluate import holds, with_totals

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = [cell.ref for cell in small_form().entries() if cell.numeric]
COUNTS = st.lists(st.integers(0, 9), min_size=len(ENTRIES), max_size=len(ENTRIES))


def found(holds: str, along: str = "columns", table: str = "t") -> list[str]:
    """Add a relation to the small form and give what is said of it."""
    where = f'check = "B4"\ntable = "{table}"\nalong = "{along}"\nholds = "{holds}"'
    text = form_text().replace("[[sentence]]", f"[[relation]]\n{where}\n[[sentence]]")
    loaded = load_form(text, "form.toml")
    assert loaded.value, loaded.findings
    lines = text.splitlines()
    findings = list(consistency_findings(loaded.value, text, "form.toml"))
    for finding in findings:
        assert finding.place
        assert lines[finding.place.line - 1] == "[[relation]]"
    return [finding.code for finding in findings]


@pytest.mark.parametrize("code", shipped_forms())
def test_the_shipped_forms_say_nothing_twice_and_nothing_in_vain(code: str) -> None:
    loaded = load_form(shipped_form_text(code), code).value
    assert loaded
    assert list(consistency_findings(loaded, shipped_form_text(code), code)) == []


def test_of_the_official_forms_42_equations_40_are_independent() -> None:
    official = [each for each in equations(form()) if each.relation.check != "A1"]
    follow = [(each.relation.check, each.line) for each in implied(form())]
    assert (len(official), follow) == (42, [("R3", "done.total"), ("R3", "carried_out")])


@given(COUNTS, st.integers(0, 10**6))
def test_an_implied_equation_never_fails_alone(counts: list[int], wrong: int) -> None:
    entries = dict(zip(ENTRIES, map(Decimal, counts), strict=True))
    figures = with_totals(small_form(), entries)
    broken = list(figures)[wrong % len(figures)]
    figures[broken] += 1
    follow = set(implied(small_form()))
    failed = {each for each in equations(small_form()) if not holds(each, figures)}
    assert not failed or failed - follow


def test_the_same_relation_in_other_words_is_said_twice() -> None:
    assert found("2 [new] = 2 [done.total] + 2 [left]") == ["S29"] * 3
    assert found("[new] >= [left]") == ["S29"] * 3
    assert found("[new] <= 3 [left]") == []


def test_relations_that_leave_a_cell_nothing_but_0_contradict_each_other() -> None:
    assert found("[new] = [done.yes]") == ["S30"]
    assert found("[new] <= [done.yes]") == ["S30"]
    assert found("[new] <= [left]") == ["S30"]  # since new is done and left together


def test_a_relation_that_no_filling_breaks_is_named() -> None:
    assert found("[done.total] >= [done.yes]") == ["S31"]
    assert found("[total] >= [firm]", along="items") == ["S31"]
    assert found("[done.total] <= 2 [done.yes]") == []


@given(COUNTS)
def test_what_is_called_unfailing_never_fails(counts: list[int]) -> None:
    figures = with_totals(small_form(), dict(zip(ENTRIES, map(Decimal, counts), strict=True)))
    for comparison in small_form().comparisons:
        if never_fails(small_form(), comparison):
            assert holds(comparison, figures)


def test_the_cells_of_a_contradiction_are_named() -> None:
    text = form_text().replace("[done.total] + [left] = [new]", "[left] = [new] + [done.yes]")
    loaded = load_form(text, "form.toml").value
    assert loaded
    clash = conflict(loaded)
    assert clash
    assert {each.relation.check for each in clash.comparisons} == {"B1", "B4"}
    assert CellRef("t", "done.yes", "person") in clash.cells


def test_form_check_counts_the_equations_that_tell_something(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "form.toml"
    path.write_text(shipped_form_text("zfxxgk-2021"), encoding="utf-8")
    assert app(["form", "check", str(path)], standalone_mode=False) == 0
    assert capsys.readouterr().out == (
        "等式 43 条，独立的 41 条。由其他等式推出的：R3（done.total）、R3（carried_out）。\n"
        "报表定义“form.toml”没有问题。\n"
    )


def test_a_form_with_nothing_but_notes_is_not_told_to_be_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "form.toml"
    path.write_text(form_text().replace("[left] <= [new]", "[new] <= 3 [new]"), encoding="utf-8")
    assert app(["form", "check", str(path)], standalone_mode=False) == 0
    head, *noted, last = capsys.readouterr().out.splitlines()
    assert head == "定义文件可以使用，有 1 处请留意："
    assert "提示性 S31" in noted[0]
    assert last == "报表定义“form.toml”没有问题。"
