"""A value is found by its labels wherever they went; where they do not say, it is not used."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samples import cell, filled, form, found, plan, submitted, with_cells
from sheetflow.layout.sheets import STATUS_ROW
from sheetflow.model.entries import State
from sheetflow.model.form import LineKind
from sheetflow.model.returns import ChangeKind
from sheetflow.workbooks.workbook import CellKind, RawCell, Sheet, Workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sheetflow.layout.grid import Label
    from sheetflow.model.returns import Submission

Cells = dict[tuple[int, int], RawCell]
NUMBER, TEXT = RawCell(CellKind.NUMBER, "0", None), RawCell(CellKind.TEXT, "", None)


@cache
def answers() -> Mapping[str, object]:
    """Give each entry its own answer, so that a value in another cell is noticed."""
    numbered = enumerate(form().entries(), 1000)
    return {str(c.ref): n if c.numeric else f"第{n}段" for n, c in numbered}


@cache
def book() -> Workbook:
    """Give a return with an answer of its own in every cell, no formulas."""
    return filled(answers())


def changed(name: str, change: Callable[[Cells], Cells]) -> Workbook:
    """Give the return with one sheet's cells changed."""
    sheets = (
        replace(sheet, cells=change(dict(sheet.cells))) if sheet.name == name else sheet
        for sheet in book().sheets
    )
    return replace(book(), sheets=tuple(sheets))


def moved(row: Callable[[int], int], column: Callable[[int], int]) -> Callable[[Cells], Cells]:
    """Move every cell of a sheet to where its row and its column go."""
    return lambda cells: {(row(r), column(c)): each for (r, c), each in cells.items()}


def same(at: int) -> int:
    return at


def inserted(at: int, count: int = 1) -> Callable[[int], int]:
    """Say where lines go when some are inserted before a line."""
    return lambda line: line + count if line >= at else line


def swapped(one: int, other: int) -> Callable[[int], int]:
    return lambda line: {one: other, other: one}.get(line, line)


def wrong(submission: Submission) -> dict[str, str]:
    """Give the cells that hold another answer than their own."""
    return {
        str(entry.ref): entry.raw
        for entry in submission.entries.values()
        if entry.state in (State.NUMBER, State.TEXT) and entry.raw != str(answers()[str(entry.ref)])
    }


def unfound(submission: Submission) -> set[str]:
    """Give the cells whose answer was not found."""
    read = (State.NUMBER, State.TEXT)
    return {str(e.ref) for e in submission.entries.values() if e.state not in read}


def kinds(submission: Submission) -> list[str]:
    return [change.kind.value for change in submission.changes]


def codes(submission: Submission) -> set[str]:
    return {code for code, _, _ in found(submission)} & {"T1", "T2", "T3", "F10"}


@pytest.mark.parametrize("name", ["二", "三", "附表"])
@pytest.mark.parametrize("count", [1, 3])
def test_rows_and_columns_inserted_anywhere_change_nothing(name: str, count: int) -> None:
    for at in range(40):
        for change in (moved(inserted(at, count), same), moved(same, inserted(at, count))):
            submission = submitted(changed(name, change))
            assert (wrong(submission), unfound(submission), codes(submission)) == ({}, set(), set())


def test_a_move_is_named_once_and_harms_nothing() -> None:
    submission = submitted(changed("三", moved(inserted(12), same)))
    (change,) = submission.changes
    assert (change.kind, change.harmful) == (ChangeKind.CELLS_MOVED, False)
    assert (change.issued, change.found) == ("D13 … (147)", "D14")
    assert submission.entries[cell("requests/done.refused.secret/person")].place.address == "D14"


def test_a_row_between_headings_and_figures_without_a_label_of_their_own_is_never_guessed() -> None:
    submission = submitted(changed("四", moved(inserted(8), same)))
    assert wrong(submission) == {}
    assert {code.partition("/")[0] for code in unfound(submission)} == {"disputes"}
    assert codes(submission) == {"T2", "F10"}


def test_rows_and_columns_in_another_order_are_found() -> None:
    for name, change in (
        ("三", moved(swapped(13, 14), same)),
        ("三", moved(same, swapped(5, 7))),
        ("四", moved(same, swapped(1, 2))),
        ("二", moved(swapped(7, 8), same)),
    ):
        submission = submitted(changed(name, change))
        assert (wrong(submission), unfound(submission)) == ({}, set())


def test_a_row_that_left_its_heading_is_no_longer_that_row() -> None:
    submission = submitted(changed("三", moved(swapped(13, 22), same)))
    assert wrong(submission) == {}
    lost = {code.split("/")[1] for code in unfound(submission)}
    assert lost == {"done.refused.law", "done.unable.unclear"}


def test_a_label_that_stands_twice_in_its_place_says_nothing_certain() -> None:
    submission = submitted(changed("三", lambda cells: cells | {(16, 2): cells[12, 2]}))
    assert wrong(submission) == {}
    assert {"T3"} <= codes(submission)
    lost = {code.split("/")[1] for code in unfound(submission)}
    assert lost == {"done.refused.secret", "done.refused.internal"}


def test_sheets_may_be_renamed_and_reordered() -> None:
    names = {"二": "Sheet2", "三": "二", "四": "三（最终）"}
    sheets = tuple(replace(s, name=names.get(s.name, s.name)) for s in reversed(book().sheets))
    submission = submitted(replace(book(), sheets=sheets))
    assert (wrong(submission), unfound(submission), codes(submission)) == ({}, set(), set())
    assert sorted(kinds(submission)) == ["sheet_renamed"] * 3


def test_the_sheet_of_the_right_name_counts_and_a_copy_of_it_is_listed() -> None:
    three = next(sheet for sheet in book().sheets if sheet.name == "三")
    copy = Sheet("三 (2)", "visible", {**three.cells, (8, 3): NUMBER._replace(text="77")})
    submission = submitted(replace(book(), sheets=(copy, *book().sheets)))
    assert (wrong(submission), unfound(submission)) == ({}, set())
    assert kinds(submission) == ["sheet_added"]
    assert "三 (2)" in {place.sheet for place in submission.unused}


def test_of_two_equal_sheets_under_other_names_none_is_used() -> None:
    three = next(sheet for sheet in book().sheets if sheet.name == "三")
    others = tuple(sheet for sheet in book().sheets if sheet.name != "三")
    copies = (Sheet("甲", "visible", three.cells), Sheet("乙", "visible", three.cells))
    submission = submitted(replace(book(), sheets=(*others, *copies)))
    assert {code.partition("/")[0] for code in unfound(submission)} == {"requests"}
    assert {"甲", "乙"} <= {place.sheet for place in submission.unused}


def of_last_year(cells: Mapping[tuple[int, int], RawCell]) -> Cells:
    """Give a copy of a sheet's cells with other figures."""
    return {
        at: each._replace(text=f"9{each.text}") if each.kind is CellKind.NUMBER else each
        for at, each in cells.items()
    }


def retyped(cells: Cells, *spots: tuple[int, int]) -> Cells:
    return cells | {at: cells[at]._replace(text=f"{cells[at].text[:-1]}（件）") for at in spots}


def with_copy(
    name: str, change: Callable[[Cells], Cells], *, new: str, state: str = "visible"
) -> Workbook:
    """Give the return with one sheet changed and last year's of it under a new name."""
    sheet = next(sheet for sheet in book().sheets if sheet.name == name)
    copy = Sheet(new, state, of_last_year(sheet.cells))
    return replace(book(), sheets=(*changed(name, change).sheets, copy))


@pytest.mark.parametrize("state", ["visible", "hidden"])
@pytest.mark.parametrize(
    ("name", "labels", "lost"),
    [("二", [(10, 1)], "licensing"), ("四", [(5, 0), (5, 5)], "disputes")],
)
def test_a_copy_on_another_sheet_is_never_read_for_a_label_that_was_retyped(
    name: str, labels: list[tuple[int, int]], lost: str, state: str
) -> None:
    copied = with_copy(name, lambda cells: retyped(cells, *labels), new="去年", state=state)
    submission = submitted(copied)
    assert wrong(submission) == {}
    assert {code.partition("/")[0] for code in unfound(submission)} == {lost}
    assert codes(submission) == {"T3", "F10"}


def test_where_no_sheet_has_the_name_and_two_show_the_table_both_are_named() -> None:
    copied = with_copy("三", lambda cells: retyped(cells, (8, 0)), new="去年表三")
    sheets = (replace(s, name="表三") if s.name == "三" else s for s in copied.sheets)
    (fault,) = submitted(replace(copied, sheets=tuple(sheets))).label_faults
    assert (fault.expected, fault.found, fault.removed) == ("工作表 三", "表三、去年表三", False)


def test_a_label_that_stands_twice_because_the_table_was_copied_is_said_with_both_places() -> None:
    def copied_below(cells: Cells) -> Cells:
        below = moved(lambda row: row + 40, same)(of_last_year(cells))
        return moved(inserted(20), same)(cells) | below

    submission = submitted(changed("三", copied_below))
    assert wrong(submission) == {}
    assert "四、结转下年度继续办理（A34、A73）" in {
        fault.found for fault in submission.label_faults
    }
    assert submission.entries[cell("requests/new/person")].place.address == "D9"


def test_a_table_that_went_to_another_sheet_with_all_its_labels_is_found_there() -> None:
    three = next(sheet for sheet in book().sheets if sheet.name == "三")
    gone = changed("三", lambda _: {})
    submission = submitted(replace(gone, sheets=(*gone.sheets, replace(three, name="Sheet1"))))
    assert (wrong(submission), unfound(submission)) == ({}, set())


def test_a_column_whose_label_stands_over_another_ones_is_not_read() -> None:
    def shifted(cells: Cells) -> Cells:
        rest = {at: each for at, each in cells.items() if at[0] != 6}
        return rest | {(6, column + 1): each for (row, column), each in cells.items() if row == 6}

    submission = submitted(changed("三", shifted))
    assert wrong(submission) == {}
    assert {fault.expected for fault in submission.label_faults} == {"自然人", "商业企业"}


def test_all_tables_pasted_below_each_other_on_one_sheet_are_found() -> None:
    cells: Cells = {}
    below = 0
    for sheet in book().sheets:
        if sheet.name in "一二三四五六附表":
            cells |= {(row + below, column): each for (row, column), each in sheet.cells.items()}
            below = max(row for row, _ in cells) + 2
    submission = submitted(replace(book(), sheets=(Sheet("Sheet1", "visible", cells),)))
    assert (wrong(submission), unfound(submission)) == ({}, set())


def test_a_heading_split_over_two_rows_in_pasting_is_still_that_heading() -> None:
    def split(cells: Cells) -> Cells:
        lower = moved(inserted(8), same)(cells)
        return lower | {(7, 4): TEXT._replace(text="商业"), (8, 4): TEXT._replace(text="企业")}

    submission = submitted(changed("三", split))
    assert (wrong(submission), unfound(submission)) == ({}, set())


def test_a_label_in_other_words_that_the_form_knows_is_the_same_line() -> None:
    sheet, box = plan().layout.slots[cell("documents/normative/made")]
    submission = submitted(with_cells(book(), {(sheet, box.row, 0): "规范性文件"}))
    assert (wrong(submission), unfound(submission)) == ({}, set())
    (change,) = submission.changes
    assert (change.kind, change.issued, change.found) == (
        ChangeKind.LABEL_REWORDED,
        "行政规范性文件",
        "规范性文件",
    )


def test_a_table_turned_on_its_side_is_not_read() -> None:
    submission = submitted(changed("二", lambda cells: {(c, r): x for (r, c), x in cells.items()}))
    assert wrong(submission) == {}
    assert "documents/normative/made" in unfound(submission)


def test_a_constant_and_another_formula_over_a_total_are_told_apart() -> None:
    total = {str(c.ref) for c in form().cells.values() if c.kind is LineKind.TOTAL}
    assert {"requests/new/total", "requests/carried_in/total"} <= total
    other = NUMBER._replace(formula="D10+E10")
    typed = filled({"requests/new/total": 0, "requests/carried_in/total": other})
    assert kinds(submitted(typed)) == ["formula_typed_over", "formula_changed"]


def test_a_program_that_keeps_no_formulas_has_typed_over_none() -> None:
    plain = tuple(
        replace(s, cells={at: each._replace(formula=None) for at, each in s.cells.items()})
        for s in filled({"requests/new/total": 0}).sheets
    )
    assert kinds(submitted(replace(filled(), sheets=plain))) == []


def test_lost_locks_are_listed_only_where_the_program_would_have_kept_them() -> None:
    def unlocked(client: str) -> list[str]:
        sheets = tuple(
            replace(s, protected=False, validated=False) if s.name == "四" else s
            for s in filled().sheets
        )
        return kinds(submitted(replace(filled(), sheets=sheets, client=client)))

    assert unlocked("Microsoft Excel") == ["protection_lost", "validation_lost"]
    assert unlocked("SheetJS") == []


def movable(name: str, *, rows: bool) -> list[int]:
    """Give the lines that can be cut out: none that a merged heading begins on."""
    sheet = next(sheet for sheet in plan().layout.sheets if sheet.name == name)
    held = {
        label.box.row if rows else label.box.column
        for label in sheet.labels
        if (label.box.rows if rows else label.box.columns) > 1
    }
    return [line for line in range(36 if rows else 18) if line not in held]


@st.composite
def shuffles(draw: st.DrawFn) -> tuple[str, list[tuple[bool, int, int]]]:
    """Draw a sheet and pairs of rows or columns that change places one after the other.

    On sheet 四 a column under another heading of equal labels is another column.
    """
    name = draw(st.sampled_from(["二", "三", "附表"]))
    swaps = []
    for rows in draw(st.lists(st.booleans(), max_size=6)):
        line = st.sampled_from(movable(name, rows=rows))
        swaps.append((rows, draw(line), draw(line)))
    return name, swaps


@settings(max_examples=60, deadline=None)
@given(shuffles())
def test_whatever_rows_and_columns_change_places_no_value_changes_its_meaning(
    shuffle: tuple[str, list[tuple[bool, int, int]]],
) -> None:
    name, swaps = shuffle

    def change(cells: Cells) -> Cells:
        for rows, one, other in swaps:
            line = swapped(one, other)
            cells = moved(line, same)(cells) if rows else moved(same, line)(cells)
        return cells

    assert wrong(submitted(changed(name, change))) == {}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["一", "二", "三", "四", "附表"]),
    st.lists(st.tuples(st.integers(0, 34), st.integers(0, 15), st.text(max_size=3)), max_size=5),
)
def test_labels_overwritten_anywhere_take_values_away_and_never_move_them(
    name: str, overwritten: list[tuple[int, int, str]]
) -> None:
    def change(cells: Cells) -> Cells:
        for row, column, text in overwritten:
            if (row, column) not in cells or not cells[row, column].text.startswith(("第1", "1")):
                cells[row, column] = TEXT._replace(text=text)
        return cells

    submission = submitted(changed(name, change))
    assert {
        v for v in wrong(submission).values() if v in set(map(str, answers().values()))
    } == set()


def plan_labels(name: str) -> tuple[Label, ...]:
    sheet = next(sheet for sheet in plan().layout.sheets if sheet.name == name)
    return tuple(label for label in sheet.labels if label.text)


@st.composite
def copies(draw: st.DrawFn) -> Workbook:
    """Draw a return that holds a table twice: as retyped and moved, and last year's, intact."""
    name = draw(st.sampled_from(["二", "三", "四", "附表"]))
    sheet = next(sheet for sheet in book().sheets if sheet.name == name)
    spots = [label.box.spot for label in plan_labels(name)]
    some = draw(st.lists(st.sampled_from(spots), min_size=1, max_size=3, unique=True))
    at = draw(st.integers(0, 34))
    move = draw(st.sampled_from([moved(same, same), moved(inserted(at), same)]))
    cells = move(retyped(dict(sheet.cells), *some))
    copy = of_last_year({spot: each for spot, each in sheet.cells.items() if spot[0] > STATUS_ROW})
    down, right, state = draw(
        st.sampled_from([(40, 0, ""), (0, 20, ""), (0, 0, "visible"), (0, 0, "hidden")])
    )
    if not state:
        cells |= moved(lambda row: row + down, lambda column: column + right)(copy)
    own = replace(sheet, name=draw(st.sampled_from([name, f"表{name}"])), cells=cells)
    others = tuple(each for each in book().sheets if each.name != name)
    added = (Sheet("去年", state, copy),) if state else ()
    return replace(book(), sheets=(own, *others, *added))


@settings(max_examples=200, deadline=None)
@given(copies())
def test_of_a_table_that_stands_twice_no_figure_of_the_copy_is_read(returned: Workbook) -> None:
    submission = submitted(returned)
    assert wrong(submission) == {}
    assert "T3" in codes(submission) or unfound(submission) == set()
