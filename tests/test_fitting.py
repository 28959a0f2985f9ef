"""A table of any form is set so that no figure is broken and every label has what room there is."""

from __future__ import annotations

import re

from reported import results
from sheetflow.definitions.form import load_form
from sheetflow.layout.sheets import form_layout
from sheetflow.model.cells import CellRef
from sheetflow.reports.fitting import TEXT_WIDTH, Setting, settings_of
from sheetflow.reports.tables import CONTINUED, html_table, table_rows, word_table
from sheetflow.reports.view import TableView, report_view
from test_form_faults import FORM


def table(columns: int, figure: str, item: str = "子项", heading: str = "其中") -> TableView:
    """Lay out a form with so many columns under its heading, each showing the same figure."""
    added = "".join(
        f'[[column]]\ntable = "t"\ncode = "c{n}"\nlabel = "第{n}栏"\n\n' for n in range(columns - 3)
    )
    last = '[[column]]\ntable = "t"\ncode = "sum"'
    text = FORM.replace(last, added + last)
    text = text.replace('label = "子项"', f'label = "{item}"')
    text = text.replace('label = "其中"', f'label = "{heading}"')
    form = load_form(text, "form.toml").value
    assert form
    grid = form_layout(form).sheets[0].grid
    assert grid
    return TableView(grid, {slot.ref: figure for slot in grid.slots})


def characters(setting: Setting, column: int) -> float:
    """Say how many half-width characters fit into a column, margins aside."""
    return (setting.shares[column] * TEXT_WIDTH - 2 * 34) / (setting.points * 10)


def test_the_official_form_is_set_in_its_own_proportions() -> None:
    found = {}
    for section in report_view(results()).sections:
        if section.table:
            (setting,) = settings_of(section.table)
            found[section.code] = (setting.points, [round(x, 4) for x in setting.shares])
    assert found == {
        "二": (11, [0.25] * 4),
        "三": (9, [0.075, 0.075, 0.3, *[0.0786] * 7]),
        "四": (9, [0.0667] * 15),
    }


def test_figures_take_what_they_need_and_labels_what_is_left() -> None:
    (setting,) = settings_of(table(10, "100042"))
    assert setting.points == 9
    assert all(characters(setting, column) >= 6 for column in range(2, 12))
    assert sum(setting.shares[:2]) < 0.3  # the labels are short


def test_a_table_too_full_for_its_type_is_set_in_smaller_type() -> None:
    (setting,) = settings_of(table(16, "12345"))
    assert setting.points == 7.5
    assert all(characters(setting, column) >= 5 for column in range(2, 18))


def test_what_does_not_fit_even_so_is_continued_below_cell_by_cell() -> None:
    whole = table(24, "1234567")
    parts = settings_of(whole)
    assert len(parts) == 3
    shown = [slot.ref for part in parts for slot in part.table.grid.slots]
    assert sorted(shown) == sorted(slot.ref for slot in whole.grid.slots)
    for part in parts:
        assert {tile.text for row in table_rows(part.table) for tile in row} >= {"其中", "子项"}
        values = range(2, part.table.grid.columns)
        assert all(characters(part, column) >= 7 for column in values)
    assert html_table(whole).count(CONTINUED) == word_table(whole).count(CONTINUED) == 2
    grids = re.findall("<w:tblGrid>(.*?)</w:tblGrid>", word_table(whole))
    assert [sum(map(int, re.findall(r"\d+", grid))) for grid in grids] == [TEXT_WIDTH] * 3


def test_few_figures_leave_long_headings_their_room() -> None:
    heading = "通过不同渠道和方式公开政府信息的情况"
    (setting,) = settings_of(table(3, "108868", heading=heading))
    assert characters(setting, 0) > 2 * 8
    assert setting.table.shown[CellRef("t", "part.x", "a")] == "108868"


def test_a_form_of_hundreds_of_columns_is_set_all_the_same() -> None:
    parts = settings_of(table(300, "5"))
    assert sum(len(part.table.grid.slots) for part in parts) == 300
