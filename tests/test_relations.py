"""One text of a relation gives the check, the spreadsheet formula and the words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.definitions.form import load_form
from sheetflow.model.cells import Box, CellRef, displayed, exact_sum, plain
from sheetflow.model.form import Along, Form, Operator, Term
from sheetflow.relations.evaluate import Comparer, entry_operands, holds, side_value, with_totals
from sheetflow.relations.formula import SheetBox, absolute, ranges, side_formula
from sheetflow.relations.grammar import Sides, parse_relation
from sheetflow.relations.words import cell_words, relation_words, side_words
from test_form_faults import FORM

A, B, C = CellRef("t", "x", "a"), CellRef("t", "x", "b"), CellRef("t", "x", "c")
BOXES = {
    A: SheetBox("一", Box(8, 3)),
    B: SheetBox("一", Box(8, 4)),
    C: SheetBox("二", Box(9, 3)),
}


def form_with(holding: str, along: str = "items") -> Form:
    rule = f'[[relation]]\ncheck = "K1"\ntable = "t"\nalong = "{along}"\nholds = "{holding}"\n'
    if along == "cells":
        rule = rule.replace('table = "t"\n', "")
    form = load_form(FORM.replace("[[sentence]]", f"{rule}\n[[sentence]]"), "form.toml").value
    assert form is not None
    return form


def test_a_relation_is_two_sums_and_an_operator() -> None:
    assert parse_relation("[new] + 2[old.*] <= -[sum]") == Sides(
        (Term(1, "new"), Term(2, "old", star=True)), Operator.AT_MOST, (Term(-1, "sum"),)
    )
    assert parse_relation("[*]=[t/x/a]") == Sides(
        (Term(1, "", star=True),), Operator.EQUAL, (Term(1, "t/x/a"),)
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "…"),
        ("[a]", "[a]"),
        ("[a] = [b] = [c]", "= [c]"),
        ("[a] ＝ [b]", "＝"),
        ("[a] = [b] [c]", "[c]"),
        ("[a] = 3", "3"),
        ("[a] = 0[b]", "0[b]"),
        ("[a b] = [c]", "[a b]"),
        ("[a] = [b!]", "[b!]"),
        ("[a] =", "…"),
        ("[.*] = [a]", "[.*]"),
        (f"{'9' * 5000}[a] = [b]", f"{'9' * 5000}[a]"),
        ("２[a] = [b]", "２[a]"),
    ],
)
def test_what_is_no_relation_is_named(text: str, wrong: str) -> None:
    assert parse_relation(text) == wrong


paths = st.from_regex(r"[a-z_]{1,5}(\.[a-z_]{1,5}){0,2}", fullmatch=True)
terms = st.builds(Term, st.integers(-9, 9).filter(bool), paths, star=st.booleans())


@given(st.lists(terms, min_size=1, max_size=5), st.lists(terms, min_size=1, max_size=5))
def test_what_is_written_is_what_is_read(left: list[Term], right: list[Term]) -> None:
    def write(side: list[Term]) -> str:
        return "".join(f"{term.factor:+d} {term}".replace("1 [", "1[") for term in side)

    assert parse_relation(f"{write(left)} = {write(right)}") == Sides(
        tuple(left), Operator.EQUAL, tuple(right)
    )


@given(st.text(max_size=30))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    assert isinstance(parse_relation(text), Sides | str)


def test_a_blank_adds_nothing_and_factors_multiply() -> None:
    assert side_value(((1, A), (-2, B)), {A: Decimal(7), B: Decimal("1.5")}) == Decimal("4.0")
    assert side_value(((1, A), (1, B)), {A: Decimal(7)}) == 7


@pytest.mark.parametrize(
    ("relation", "a", "b", "expected"),
    [
        ("[a] <= [b]", 1, 2, True),
        ("[a] <= [b]", 2, 2, True),
        ("[a] <= [b]", 3, 2, False),
        ("[a] >= 2[b]", 4, 2, True),
        ("[a] >= 2[b]", 3, 2, False),
        ("[sum] >= [a] + [b]", 3, 2, True),
        ("[a] = [b]", 3, 2, False),
    ],
)
def test_a_relation_is_evaluated(relation: str, a: int, b: int, *, expected: bool) -> None:
    form = form_with(relation)
    entries = {
        CellRef("t", "part.x", "a"): Decimal(a),
        CellRef("t", "part.x", "b"): Decimal(b),
    }
    assert holds(form.comparisons[-1], with_totals(form, entries)) is expected


def test_a_relation_over_a_blank_that_may_be_one_is_left_open() -> None:
    def unmet(text: str, figures: list[Decimal | None]) -> list[str]:
        form = load_form(text, "form.toml").value
        assert form is not None
        refs = [cell.ref for cell in form.entries() if cell.numeric]
        return [each.comparison.relation.text for each in Comparer(form, refs)(figures)]

    rule = '[[relation]]\ncheck = "K1"\ntable = "t"\nalong = "items"\nholds = "[a] = [b]"\n'
    asked = FORM.replace("[[sentence]]", f"{rule}\n[[sentence]]")
    optional = asked.replace('section = "一"', 'section = "一"\nrequired = false')
    one, other = Decimal(1), Decimal(2)
    assert unmet(optional, [one, None]) == []
    assert unmet(optional, [one, other]) == ["[a] = [b]"]
    assert unmet(asked, [one, None]) == ["[a] = [b]"]  # the blank is a fault, and this follows


def test_neighbours_become_one_range() -> None:
    assert side_formula(((1, A), (1, B)), BOXES.__getitem__, "一") == "SUM(D9:E9)"
    assert side_formula(((1, A), (-2, B)), BOXES.__getitem__, "一") == "D9-2*E9"
    assert side_formula(((-1, A), (1, C)), BOXES.__getitem__, "一") == "-D9+'二'!D10"
    assert ranges((A, B, C), BOXES.__getitem__, "二") == ["'一'!D9:E9", "D10"]
    assert absolute(Box(8, 27)) == "$AB$9"


def test_a_range_grows_one_way_only() -> None:
    square = {
        CellRef("t", str(row), str(column)): Box(row, column)
        for row in (0, 1)
        for column in range(3)
    }
    boxes = {ref: SheetBox("一", box) for ref, box in square.items()}
    assert ranges(square, boxes.__getitem__, "一") == ["A1:C1", "A2:C2"]
    down = sorted(square, key=lambda ref: (ref.column, ref.item))
    assert ranges(down, boxes.__getitem__, "一") == ["A1:A2", "B1:B2", "C1:C2"]
    assert ranges(reversed(down), boxes.__getitem__, "一") == ["C2", "C1", "B2", "B1", "A2", "A1"]


def test_the_entries_under_a_comparison_come_once_totals_resolved() -> None:
    form = form_with("[sum] >= [a]")
    x, y = CellRef("t", "part.x", "a"), CellRef("t", "part.x", "b")
    assert list(entry_operands(form, form.comparisons[-1])) == [x, y]


def test_totals_are_computed_and_a_blank_adds_nothing() -> None:
    form = form_with("[a] >= [b]")
    x, total = CellRef("t", "part.x", "a"), CellRef("t", "part.x", "sum")
    assert with_totals(form, {x: Decimal(3)}) == {x: Decimal(3), total: Decimal(3)}


def test_a_relation_is_repeated_for_each_line_that_is_no_heading() -> None:
    form = form_with("[part.x] >= [part.*]", along="columns")
    assert [c.line for c in form.comparisons if c.relation == form.relations[1]] == [
        "a",
        "b",
        "sum",
    ]


def test_a_relation_is_said_in_the_forms_labels() -> None:
    form = form_with("[a] - 2[b] <= [sum]")
    assert relation_words(form.relations[0], form) == "“合计”＝“甲”＋“乙”"
    assert relation_words(form.relations[1], form) == "“甲”－2×“乙”≤“合计”"
    assert side_words(form.relations[1], form, left=False) == "“合计”"
    assert cell_words(CellRef("t", "part.x", "a"), form) == "子项 · 甲"
    assert cell_words(CellRef("t", "none", "a"), form) == "none · 甲"


def test_sums_of_all_lines_and_full_references_are_said_too() -> None:
    columns = form_with("[part.x] >= [part.*]", along="columns")
    assert relation_words(columns.relations[1], columns) == "“子项”≥“其中各项之和”"
    everything = form_with("[a] <= [*]")
    assert relation_words(everything.relations[1], everything) == "“甲”≤“各栏之和”"
    cells = form_with("[t/part.x/a] <= [t/part.x/b]", along="cells")
    assert relation_words(cells.relations[1], cells) == "“子项 · 甲”≤“子项 · 乙”"


def test_a_label_that_stands_twice_is_said_with_its_headings() -> None:
    text = FORM.replace('label = "子项"', 'label = "乙项"')
    head = '[[item]]\ntable = "t"\ncode = "rest"\nlabel = "其余"\nkind = "heading"\n\n'
    twin = '[[item]]\ntable = "t"\ncode = "rest.x"\nlabel = "乙项"\n\n'
    start = '[[table]]\ncode = "words"'
    form = load_form(text.replace(start, head + twin + start), "form.toml").value
    assert form is not None
    assert cell_words(CellRef("t", "rest.x", "a"), form) == "其余乙项 · 甲"
    assert cell_words(CellRef("t", "part.x", "a"), form) == "其中乙项 · 甲"


def test_a_label_printed_on_several_lines_is_said_on_one() -> None:
    text = FORM.replace('label = "子项"', 'label = "登记\\n（含变更）"')
    form = load_form(text, "form.toml").value
    assert form is not None
    assert cell_words(CellRef("t", "part.x", "a"), form) == "登记（含变更） · 甲"


def test_a_line_that_the_form_prints_no_label_for_is_not_said() -> None:
    rule = '[[relation]]\ncheck = "K1"\nalong = "cells"\nholds = "[t/part.x/a] <= [t/part.x/b]"\n'
    text = FORM.replace('label = "子项"', 'label = ""').replace(
        "[[sentence]]", f"{rule}\n[[sentence]]"
    )
    form = load_form(text, "form.toml").value
    assert form is not None
    assert relation_words(form.relations[1], form) == "“甲”≤“乙”"


def test_a_relation_of_cells_never_takes_over_a_totals_formula() -> None:
    rule = '[[relation]]\ncheck = "K1"\nalong = "cells"\nholds = "[t/part.x/sum] = [t/part.x/a]"\n'
    form = load_form(FORM.replace("[[relation]]", f"{rule}\n[[relation]]", 1), "form.toml").value
    assert form is not None
    total = CellRef("t", "part.x", "sum")
    assert form.definitions[total].relation.text == "[sum] = [a] + [b]"
    assert [str(leaf) for _, leaf in form.leaves[total]] == ["t/part.x/a", "t/part.x/b"]
    assert form.comparisons[0].relation.along is Along.CELLS


def test_a_relation_with_an_entry_alone_on_its_left_defines_nothing() -> None:
    form = form_with("[part.x] = 1[part.x]", along="columns")
    total = CellRef("t", "part.x", "sum")
    assert form.definitions[total].relation.text == "[sum] = [a] + [b]"
    first = form_with("[a] = [b]")
    assert set(first.definitions) == {total}


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=9), max_size=20))
def test_sums_are_exact_in_any_order(numbers: list[Decimal]) -> None:
    assert exact_sum(numbers) == exact_sum(reversed(numbers))


@pytest.mark.parametrize(
    ("number", "decimals", "shown"),
    [
        ("18651.064104", 2, "18651.06"),
        ("0.005", 2, "0.01"),
        ("12", 2, "12"),
        ("1E+3", None, "1000"),
        ("0.10", None, "0.1"),
        ("-0.0", None, "0"),
    ],
)
def test_figures_are_shown_without_exponent_rounded_half_up(
    number: str, decimals: int | None, shown: str
) -> None:
    assert displayed(Decimal(number), decimals) == shown
    assert displayed(None, decimals) == "—"
    assert plain(Decimal("1e2")) == "100"
