"""The agency explains a query in its workbook: where reasons are found, and what is none."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from samples import filled, form, plan, submitted, template, with_cells
from sheetflow.gathering.locating import locate
from sheetflow.gathering.typed_places import Spots, cells_named
from sheetflow.messages.phrases import says_something
from sheetflow.model.returns import ChangeKind
from sheetflow.workbooks.self_check import CHECKS
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable


REASON = "2024年集中清理，规章由市政府统一公布，本局没有规章。"
ROSTER = "a 甲局"


def reasons(data: bytes) -> list[tuple[str, str, str, str]]:
    read = submitted(read_xlsx(data)).explanations
    return [(e.check, str(e.cell or e.where), e.text, e.place.address) for e in read]


def reasons_at(where: str) -> list[str]:
    """Give what a reason of T2 answers if that was typed as its cell."""
    return [cell for _, cell, _, _ in reasons(explained((FREE, "T2", where, REASON)))]


def code_at(sheet: str, address: str) -> str:
    slots = plan().layout.slots.items()
    return next(str(ref) for ref, (name, box) in slots if (name, box.address) == (sheet, address))


def explained(*rows: tuple[int, str, str, str], change: Callable[[Any], object] = str) -> bytes:
    """Write reasons into a template (row, code and place or as printed, text), then change 自检."""
    book = load_workbook(io.BytesIO(template()))
    page = book[CHECKS]
    for row, code, place, text in rows:
        if code:
            page.cell(row, 1).value = code
            page.cell(row, 3).value = place
        page.cell(row, 5).value = text
    change(page)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


FREE = 6 + len(form().comparisons)


def test_a_reason_beside_a_relation_is_that_relations() -> None:
    index, first = next(
        (i, c) for i, c in enumerate(form().comparisons) if c.relation.check == "R1"
    )
    assert reasons(explained((4 + index, "", "", REASON))) == [
        ("R1", str(first.cells[0]), REASON, f"E{4 + index}")
    ]


def test_a_reason_in_a_free_row_names_check_and_cell() -> None:
    rows = [(FREE, "t2", "二！$B$8", REASON), (FREE + 1, "X1", "", "x"), (FREE + 2, "", "", "y")]
    assert reasons(explained(*rows)) == [
        ("T2", code_at("二", "B8"), REASON, f"E{FREE}"),
        ("X1", "", "x", f"E{FREE + 1}"),
        ("", "", "y", f"E{FREE + 2}"),
    ]


def renamed(page: Any) -> None:  # noqa: ANN401 - openpyxl has no types
    page.title = "自检表"


def moved(page: Any) -> None:  # noqa: ANN401 - openpyxl has no types
    page.insert_rows(1, 2)
    page.insert_cols(3)


@pytest.mark.parametrize(("change", "place"), [(renamed, "E"), (moved, "F")])
def test_reasons_are_found_where_the_sheet_was_renamed_or_its_cells_moved(
    change: Callable[[Any], None], place: str
) -> None:
    data = explained((4, "", "", REASON), (FREE, "T2", "二!B8", "y"), change=change)
    submission = submitted(read_xlsx(data))
    first, second = submission.explanations
    assert (first.cell, first.text) == (form().comparisons[0].cells[0], REASON)
    assert (str(second.cell), second.place.address[0]) == (code_at("二", "B8"), place)
    assert submission.unused == ()
    kinds = [(each.kind, each.issued) for each in submission.changes]
    assert kinds == ([(ChangeKind.SHEET_RENAMED, CHECKS)] if change is renamed else [])


@pytest.mark.parametrize(
    ("where", "addresses"),
    [
        ("三!D9", ["D9"]),
        ("三！ｄ９", ["D9"]),
        ("‘三’!$D$9", ["D9"]),
        ("三表D9", ["D9"]),
        ("三!D9、D11", ["D9", "D11"]),
        ("三!D9:D11", ["D9", "D10", "D11"]),
        ("三 ! D9-E9 三!D11", ["D9", "E9", "D11"]),
    ],
)
def test_places_are_read_as_people_type_them(where: str, addresses: list[str]) -> None:
    assert reasons_at(where) == [code_at("三", each) for each in addresses]


@pytest.mark.parametrize(
    "where", ["D9", "三!A1", "三!D9、三!ZZ9999999", "七!D9", "第三张表", "三!D9" * 999, "a/b/c"]
)
def test_a_place_that_is_none_is_kept_as_typed_and_stands_for_no_cell(where: str) -> None:
    assert reasons_at(where) == [where]


@given(st.text(alphabet="三!D9:、,;-$ＡA表\n", max_size=14))
def test_whatever_is_typed_as_a_place_is_cells_of_the_form_or_nothing(where: str) -> None:
    spots = Spots.of(locate(plan().tables, filled()))
    assert {*cells_named(where, spots)} <= {*form().cells}


def test_what_is_typed_beside_the_column_is_listed() -> None:
    def beside(page: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        page.cell(FREE, 2).value = "写错了格"
        page.cell(FREE + 1, 7).value = "又一处"

    submission = submitted(read_xlsx(explained(change=beside)))
    assert [each.address for each in submission.unused] == [f"B{FREE}", f"G{FREE + 1}"]


def test_of_very_many_reasons_the_first_are_read_and_the_others_listed() -> None:
    book = with_cells(filled(), {(CHECKS, 200 + row, 4): f"x{row}" for row in range(600)})
    submission = submitted(book)
    assert (len(submission.explanations), len(submission.unused)) == (500, 100)


def test_a_template_that_nobody_filled_in_explains_nothing() -> None:
    assert reasons(template()) == []


@pytest.mark.parametrize(
    "phrase",
    [
        "核实无误",
        "情况属实。",
        "经核实，数据无误！",
        "已核实",
        "无",
        "同上",
        "正常",
        "数据真实有效",
        "已电话核实，情况属实",
        "核实无误\u200b",
        "核 实 无 误 ！",
        "详见附件",
        "ｏｋ",
        "N/A",
        "111111",
        "。。。。。。",
        "？",
    ],
)
def test_empty_phrases_say_nothing(phrase: str) -> None:
    assert not says_something(phrase)


@pytest.mark.parametrize(
    "reason",
    [REASON, "机构合并，上年为两家之和", "上年漏报3件", "本年起由行政审批局统一受理", "无此职能"],
)
def test_reasons_say_something(reason: str) -> None:
    assert says_something(reason)


@given(st.lists(st.sampled_from(["核实", "无误", "属实", "情况", "，", "。", " ", "！", "的"])))
def test_fillers_strung_together_never_become_a_reason(words: list[str]) -> None:
    assert not says_something("".join(words))


@given(st.text(alphabet=" \t\n，。、！；", max_size=9))
def test_white_space_and_punctuation_never_change_what_a_reason_is(around: str) -> None:
    assert says_something(f"{around}{REASON}{around}")
    assert not says_something(f"{around}核实{around}无误{around}")
