"""LibreOffice, with no cached value to lean on, agrees with the Python evaluator on every mark."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import samples
from office import convert
from sheetflow.definitions.form import load_form
from sheetflow.layout.sheets import Layout, form_layout
from sheetflow.model.cells import CellRef, exact_sum
from sheetflow.model.form import Comparison, Form, LineKind
from sheetflow.relations.evaluate import (
    entry_operands,
    holds,
    optional_operands,
    side_value,
    with_totals,
)
from sheetflow.workbooks.filling import fill
from sheetflow.workbooks.front import Cover
from sheetflow.workbooks.self_check import CHECKS
from sheetflow.workbooks.template import write_template
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sheetflow.workbooks.workbook import Workbook

FILLS, SEED = 200, 20241123


@pytest.fixture(scope="module")
def form() -> Form:
    return samples.form()


@pytest.mark.office
def test_libreoffice_agrees_on_totals_and_marks_for_200_random_fills(
    form: Form, tmp_path: Path
) -> None:
    layout = form_layout(form)
    template = write_template(form, layout, Cover(campaign="", period="2024"), None)
    chance = random.Random(SEED)  # noqa: S311 - a repeatable sample
    fills = [random_fill(form, chance) for _ in range(FILLS)]
    files = []
    for number, entries in enumerate(fills):
        path = tmp_path / f"fill-{number:03}.xlsx"
        values = {layout.place(ref): float(value) for ref, value in entries.items()}
        path.write_bytes(fill(template, values))  # openpyxl writes formulas without results
        files.append(path)
    for entries, converted in zip(fills, convert(files, "xlsx", tmp_path / "out"), strict=True):
        book = read_xlsx(converted.read_bytes())
        figures = with_totals(form, entries)
        for ref in form.definitions:
            assert Decimal(shown(book, layout, ref)) == figures[ref], (converted.name, ref)
        for sheet in layout.sheets:
            for mark in sheet.marks:
                found = text_at(book, sheet.name, mark.box.row, mark.box.column)
                state = expected_state(form, mark.entries, mark.comparisons, entries, figures)
                assert found == state, (converted.name, mark.box)
        for index, comparison in enumerate(form.comparisons):
            operands = tuple(entry_operands(form, comparison))
            state = expected_state(form, operands, [comparison], entries, figures)
            assert text_at(book, CHECKS, 3 + index, 3) == state, (converted.name, comparison)


OPTIONAL = """\
[form]
code = "optional"
title = "选填"
letter = "示例"
period = "year"
preamble = "{year}年。"
[[section]]
code = "一"
heading = "一、选填"
[[table]]
code = "g"
section = "一"
required = false
[[column]]
table = "g"
code = "n"
label = "数"
[[item]]
table = "g"
code = "a"
label = "甲"
[[item]]
table = "g"
code = "b"
label = "乙"
[[item]]
table = "g"
code = "c"
label = "丙"
[[check]]
code = "K1"
severity = "error"
title = "甲等于乙，丙不大于乙"
title_en = "Equal"
why = "甲等于乙"
why_en = "equal"
remedy = "核对"
remedy_en = "check"
[[relation]]
check = "K1"
table = "g"
along = "columns"
holds = "[a] = [b]"
[[relation]]
check = "K1"
table = "g"
along = "columns"
holds = "[c] <= [b]"
"""


@pytest.mark.office
def test_libreoffice_says_nothing_of_a_relation_over_a_blank_that_may_be_one(
    tmp_path: Path,
) -> None:
    form = load_form(OPTIONAL, "form.toml").value
    assert form
    layout = form_layout(form)
    template = write_template(form, layout, Cover(campaign="", period="2024"), None)
    expected = {
        "": "",
        "a5": "",
        "a5 b5": "",
        "a5 b5 c1": "√",
        "a5 b4": "× K1 多1",
        "b1 c2": "× K1 多1",
    }
    paths = []
    for number, filled in enumerate(expected):
        values = {layout.place(CellRef("g", x[0], "n")): float(x[1:]) for x in filled.split()}
        paths.append(tmp_path / f"fill-{number}.xlsx")
        paths[-1].write_bytes(fill(template, values))
    (mark,) = (m for m in layout.sheets[0].marks if m.box.row >= layout.sheets[0].rows)
    for said, converted in zip(
        expected.values(), convert(paths, "xlsx", tmp_path / "out"), strict=True
    ):
        book = read_xlsx(converted.read_bytes())
        assert text_at(book, "一", mark.box.row, mark.box.column) == said


def random_fill(form: Form, chance: random.Random) -> dict[CellRef, Decimal]:
    """Fill entries at random: mostly balanced columns, some blanks, sometimes a table left out."""
    cells = [cell for cell in form.entries() if cell.numeric]
    blank_rate = chance.choice((0, 0, 0.01, 0.1, 0.9))
    entries = {
        cell.ref: Decimal(chance.choice((0, 0, 0, 1, 2, 30, 457, 99999)))
        for cell in cells
        if chance.random() >= blank_rate
    }
    for column in form.table("requests").columns:
        new = CellRef("requests", "new", column.code)
        if new in entries and chance.random() < 0.8:
            balance(form, entries, column.code)
    return entries


def balance(form: Form, entries: dict[CellRef, Decimal], column: str) -> None:
    """Set the received requests of a column so that its balance holds."""
    figures = with_totals(form, entries)
    total = figures[CellRef("requests", "done.total", column)]
    out = figures.get(CellRef("requests", "carried_out", column), Decimal(0))
    entries[CellRef("requests", "new", column)] = total + out
    entries[CellRef("requests", "carried_in", column)] = Decimal(0)


def expected_state(
    form: Form,
    operands: Sequence[CellRef],
    comparisons: Sequence[Comparison],
    entries: dict[CellRef, Decimal],
    figures: dict[CellRef, Decimal],
) -> str:
    needed = [ref for ref in operands if ref in form.needed]
    if any(ref not in entries for ref in needed):
        return "待填"
    if not needed and entries.keys().isdisjoint(operands):
        return ""
    known = [c for c in comparisons if all(ref in entries for ref in optional_operands(form, c))]
    for comparison in known:
        if not holds(comparison, figures):
            left = side_value(comparison.left, figures)
            right = side_value(comparison.right, figures)
            difference = exact_sum((left, -right))
            much = "多" if difference > 0 else "少"
            return f"× {comparison.relation.check} {much}{abs(difference)}"
    return "√" if len(known) == len(comparisons) else ""


def shown(book: Workbook, layout: Layout, ref: CellRef) -> str:
    sheet, box = layout.slots[ref]
    return text_at(book, sheet, box.row, box.column)


def text_at(book: Workbook, sheet: str, row: int, column: int) -> str:
    cells = next(page.cells for page in book.sheets if page.name == sheet)
    cell = cells.get((row, column))
    return cell.text if cell else ""


def test_random_fills_contain_blanks_and_both_balanced_and_unbalanced_tables(form: Form) -> None:
    chance = random.Random(SEED)  # noqa: S311
    fills = [random_fill(form, chance) for _ in range(FILLS)]
    typed = sum(c.kind is LineKind.ENTRY and c.numeric for c in form.cells.values())
    complete = [entries for entries in fills if len(entries) == typed]
    balanced = [
        entries
        for entries in complete
        if all(holds(c, with_totals(form, entries)) for c in form.comparisons)
    ]
    assert 0 < len(balanced) < len(complete) < FILLS
