"""Each check has a return that fails it and one that passes; findings say cell and severity."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from samples import (
    AGENCY,
    blank_workbook,
    cell,
    filled,
    findings,
    form,
    found,
    plan,
    submitted,
    template,
    with_cells,
)
from sheetflow.checks.case import Case
from sheetflow.checks.submission import check_submission
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.model.cells import Place
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity
from sheetflow.workbooks.workbook import CellKind, RawCell, Sheet, Workbook

if TYPE_CHECKING:
    from sheetflow.layout.sheets import SheetLayout


def test_a_return_of_zeros_has_no_findings() -> None:
    assert findings() == []


def test_r1_received_and_carried_in_equal_answered_and_carried_out() -> None:
    wrong = {"requests/new/person": 5}
    assert findings(wrong) == [
        ("R1", "error", "requests/new/person"),
        ("R1", "error", "requests/new/total"),
    ]
    assert (
        findings(wrong | {"requests/done.granted/person": 3, "requests/carried_out/person": 2})
        == []
    )


def test_a_failing_total_column_is_the_consequence_of_the_failing_column() -> None:
    checked = check_submission(Case(form(), submitted(filled({"requests/new/person": 5}))))
    assert [finding.consequence_of for finding in checked] == ["", "R1 requests/new/person"]
    assert [finding.difference for finding in checked] == [5, 5]


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("requests/done.total/person", "R2"),
        ("requests/done.total/total", "R2"),
        ("requests/new/total", "R3"),
        ("disputes/cases/review.total", "R4"),
        ("disputes/cases/suit.direct.total", "R4"),
        ("disputes/cases/suit.after_review.total", "R4"),
        ("activity/published.total/count", "A1"),
    ],
)
def test_a_wrong_typed_total_is_a_finding_of_the_check_that_defines_it(
    total: str, code: str
) -> None:
    assert findings({total: 7}) == [(code, "error", total)]
    assert findings({total: 0}) == []
    assert findings({total: None}) == []


def test_the_issued_formula_says_nothing_whatever_its_cached_result() -> None:
    for formula in ("SUM(D9:I9)", "=sum($D$9:$I$9)", "SUM( D9:I9 )"):
        assert findings({"requests/new/total": RawCell(CellKind.NUMBER, "99", formula)}) == []


def test_another_formula_is_compared_by_its_result() -> None:
    total = "requests/new/total"
    assert findings({total: RawCell(CellKind.NUMBER, "9", "D9+E9")}) == [("R3", "error", total)]
    assert findings({total: RawCell(CellKind.NUMBER, "0", "D9+E9")}) == []
    assert findings({total: RawCell(CellKind.BLANK, "", "D9+E9")}) == []


def test_a_total_may_be_negative_where_it_subtracts_so_its_sign_is_compared_not_refused() -> None:
    assert findings({"requests/new/total": -7}) == [("R3", "error", "requests/new/total")]


def test_a_total_that_is_no_number_is_t1() -> None:
    assert findings({"requests/new/total": "无"}) == [("T1", "error", "requests/new/total")]


def test_t1_an_entry_that_cannot_be_read_explains_the_relations_over_it() -> None:
    wrong = {"requests/new/person": 3, "requests/done.granted/person": "减4"}
    checked = check_submission(Case(form(), submitted(filled(wrong))))
    assert [(f.code, str(f.cell), f.consequence_of) for f in checked] == [
        ("T1", "requests/done.granted/person", ""),
        ("R1", "requests/new/person", "T1 requests/done.granted/person"),
        ("R1", "requests/new/total", "T1 requests/done.granted/person"),
    ]
    assert dict(checked[0].facts)["raw"] == "减4"


def test_t1_a_date_in_a_number_cell_is_not_its_serial_number() -> None:
    dated = RawCell(CellKind.DATE, "45293", None)
    assert findings({"requests/new/person": dated}) == [("T1", "error", "requests/new/person")]


@pytest.mark.parametrize(
    ("kind", "text", "seen", "hint"),
    [
        (CellKind.DATE, "45413", "2024-05-01", "@shows_date"),
        (CellKind.DATE, "45413.75", "2024-05-01", "@shows_date"),
        (CellKind.DATE, "2024-05-01", "2024-05-01", "@shows_date"),
        (CellKind.DATE, "0.5", "0.5", "@shows_date"),
        (CellKind.BOOLEAN, "1", "TRUE", "@boolean"),
        (CellKind.BOOLEAN, "0", "FALSE", "@boolean"),
    ],
)
def test_t1_quotes_what_the_agency_sees(kind: CellKind, text: str, seen: str, hint: str) -> None:
    given = filled({"requests/new/person": RawCell(kind, text, None)})
    finding = next(f for f in check_submission(Case(form(), submitted(given))) if f.code == "T1")
    assert (finding.facts["raw"], finding.facts["hint"]) == (seen, hint)


def test_t1_not_applicable_is_not_a_figure() -> None:
    assert findings({"requests/new/person": "不适用"}) == [("T1", "error", "requests/new/person")]


def test_t2_a_blank_is_an_error_and_for_regulations_a_query() -> None:
    assert findings({"requests/new/person": None}) == [("T2", "error", "requests/new/person")]
    assert findings({"documents/regulations/made": None}) == [
        ("T2", "query", "documents/regulations/made")
    ]


def test_t2_a_blank_that_breaks_a_relation_is_named_as_the_cause() -> None:
    wrong = {"requests/new/person": 3, "requests/done.granted/person": None}
    checked = check_submission(Case(form(), submitted(filled(wrong))))
    assert [(f.code, f.consequence_of) for f in checked] == [
        ("T2", ""),
        ("R1", "T2 requests/done.granted/person"),
        ("R1", "T2 requests/done.granted/person"),
    ]


def test_t2_a_blank_under_a_wrong_typed_total_is_its_cause() -> None:
    wrong = {"requests/new/person": None, "requests/new/total": 3}
    checked = check_submission(Case(form(), submitted(filled(wrong))))
    causes = [f.consequence_of for f in checked if f.code == "R3"]
    assert causes == ["T2 requests/new/person"]


def test_blank_texts_and_a_blank_supplement_are_no_findings() -> None:
    assert findings({"activity/letters/count": None, "texts/problems/text": None}) == []


@pytest.mark.parametrize("part", ["answered", "satisfied"])
def test_a2_more_orders_are_answered_or_satisfied_than_there_are(part: str) -> None:
    received, some = "activity/hotline.received/count", f"activity/hotline.{part}/count"
    assert findings({received: 206, some: 206}) == []
    assert findings({received: 206, some: 207}) == [("A2", "query", some)]
    assert findings({received: None, some: 207}) == []


def test_t4_a_repair_is_a_note_and_a_written_unit_a_query() -> None:
    assert findings({"sanctions/penalties/decided": "１２"}) == [
        ("T4", "note", "sanctions/penalties/decided")
    ]
    assert findings({"sanctions/penalties/decided": "12件"}) == [
        ("T4", "query", "sanctions/penalties/decided")
    ]
    assert findings({"charges/fees/amount": "5000元"}) == [("T4", "query", "charges/fees/amount")]


def test_t7_formulas_in_entry_cells_are_listed_in_one_note_and_their_results_used() -> None:
    figures = {
        "requests/carried_in/person": RawCell(CellKind.NUMBER, "7", "3+4"),
        "requests/carried_out/person": RawCell(CellKind.NUMBER, "7", "D10"),
        "texts/problems/text": RawCell(CellKind.TEXT, "存在的主要问题", '"存在的"&K1'),
    }
    submission = submitted(filled(figures))
    (finding,) = check_submission(Case(form(), submission))
    assert (finding.code, finding.severity.value) == ("T8", "note")
    assert dict(finding.facts) == {"places": "三!D10、三!D33、五!A7", "count": "3"}
    assert submission.figures[cell("requests/carried_in/person")] == 7


@pytest.mark.parametrize("formula", ["3+4", "3*4-5.0", " 2 * 3 + 1"])
def test_t4_a_saved_result_that_is_not_what_typed_numbers_come_to_is_a_query(formula: str) -> None:
    decided = "sanctions/penalties/decided"
    right, stale = (RawCell(CellKind.NUMBER, result, formula) for result in "79")
    assert findings({decided: right}) == [("T8", "note", "")]
    assert findings({decided: stale}) == [("T4", "query", decided)]


def shifted(book: Workbook, sheet: str, at: int, *, rows: bool, by: int) -> Workbook:
    """Give a workbook with a row or column deleted (by -1) or inserted (by 1) in one sheet."""
    changed = []
    for page in book.sheets:
        cells = {}
        for (row, column), content in page.cells.items():
            here = row if rows else column
            if page.name != sheet or here < at:
                cells[row, column] = content
            elif by > 0 or here > at:
                cells[(row + by, column) if rows else (row, column + by)] = content
        changed.append(Sheet(page.name, page.state, cells))
    return Workbook(tuple(changed), book.names, book.properties, book.client)


def test_t3_a_changed_label_takes_away_the_meaning_of_its_cells() -> None:
    sheet, box = plan().layout.slots[cell("requests/new/person")]
    book = with_cells(filled({"requests/new/person": 9}), {(sheet, box.row, 0): "一、新收"})
    submission = submitted(book)
    checked = check_submission(Case(form(), submission))
    assert [(f.code, f.severity.value) for f in checked] == [("T3", "error")]
    assert dict(checked[0].facts) == {
        "expected": "一、本年新收政府信息公开申请数量",
        "found": "一、新收",
        "count": "7",
    }
    entry = submission.entries[cell("requests/new/person")]
    assert (entry.state, entry.value, entry.raw) == (State.UNREADABLE, None, "9")


def test_t3_a_deleted_row_is_as_grave_as_its_blanks_and_the_rows_below_are_found() -> None:
    book = filled({"documents/normative/made": 4, "licensing/licences/decided": 77})
    for item, severity in (("documents/regulations", "query"), ("sanctions/coercion", "error")):
        ref = next(c.ref for c in form().entries() if str(c.ref).startswith(item))
        sheet, box = plan().layout.slots[ref]
        submission = submitted(shifted(book, sheet, box.row, rows=True, by=-1))
        assert [(code, s) for code, s, _ in found(submission)] == [("T3", severity)]
        assert submission.entries[ref].raw == ""
        assert submission.entries[cell("documents/normative/made")].value == 4
        assert submission.entries[cell("licensing/licences/decided")].value == 77


@pytest.mark.parametrize("sheet", plan().layout.sheets, ids=lambda sheet: sheet.name)
@pytest.mark.parametrize("rows", [True, False], ids=["rows", "columns"])
@pytest.mark.parametrize("by", [-1, 1], ids=["deleted", "inserted"])
def test_a_row_or_column_more_or_less_never_lets_a_value_into_another_cell(
    sheet: SheetLayout, by: int, *, rows: bool
) -> None:
    answers = {
        str(c.ref): number if c.numeric else f"第{number}段"
        for number, c in enumerate(form().entries(), 1000)
    }
    book = filled(answers)
    for at in range((sheet.rows if rows else sheet.columns) + 1):
        submission = submitted(shifted(book, sheet.name, at, rows=rows, by=by))
        for entry in submission.entries.values():
            if entry.state in (State.NUMBER, State.TEXT):
                assert entry.raw == str(answers[str(entry.ref)]), (at, entry)
        seen = {entry.raw for entry in submission.entries.values()}
        if by > 0 and any(str(answer) not in seen for answer in answers.values()):
            assert {"T3", "F10"} & {finding for finding, _, _ in found(submission)}, at


@pytest.mark.parametrize(("filled_in", "severity"), [(7, "error"), (None, "note")])
def test_t3_a_changed_label_of_what_may_stay_blank_is_an_error_if_anything_stands_there(
    filled_in: int | None, severity: str
) -> None:
    letters = "activity/letters/count"
    sheet, box = plan().layout.slots[cell(letters)]
    book = with_cells(filled({letters: filled_in}), {(sheet, box.row, 0): "来信来访"})
    assert [(code, s) for code, s, _ in found(submitted(book))] == [("T3", severity)]


def test_t3_explains_relations_over_cells_that_could_not_be_placed() -> None:
    sheet, box = plan().layout.slots[cell("requests/done.granted/person")]
    book = filled({"requests/new/person": 3, "requests/done.granted/person": 3})
    checked = check_submission(
        Case(form(), submitted(with_cells(book, {(sheet, box.row, 1): "同意"})))
    )
    assert [(f.code, f.consequence_of) for f in checked][:2] == [
        ("T3", ""),
        ("R1", "T3 requests/done.granted/person"),
    ]


def test_t3_white_space_and_the_width_of_brackets_in_labels_do_not_matter() -> None:
    sheet, box = plan().layout.slots[cell("requests/done.granted/person")]
    book = with_cells(filled(), {(sheet, box.row, 1): " (一) 予以公开\n"})
    assert found(submitted(book)) == []


def test_t3_a_missing_sheet_is_an_error_and_a_missing_optional_one_a_note() -> None:
    book = filled()
    for name, severity in (("三", "error"), ("附表", "note")):
        rest = tuple(sheet for sheet in book.sheets if sheet.name != name)
        submission = submitted(Workbook(rest, book.names, book.properties, book.client))
        assert [(code, s) for code, s, _ in found(submission)] == [("T3", severity)]


def test_long_texts_are_quoted_from_their_beginning() -> None:
    wrong = submitted(filled({"sanctions/penalties/decided": "长" * 32_000}))
    (finding,) = check_submission(Case(form(), wrong))
    assert finding.facts["raw"] == "长" * 60 + "…"
    assert len(wrong.entries[cell("sanctions/penalties/decided")].raw) == 32_000


def test_i05_a_broken_seal_is_a_query_and_the_figures_are_read_all_the_same() -> None:
    broken = Finding("I05", Severity.QUERY, AGENCY, place=Place("returns/a.xlsx"))
    submission = submitted(filled({"sanctions/penalties/decided": 4}), broken)
    (finding,) = check_submission(Case(form(), submission))
    assert (finding.code, finding.severity.value) == ("I05", "query")
    assert finding.place == Place("returns/a.xlsx")
    assert submission.entries[cell("sanctions/penalties/decided")].value == 4


def test_f10_what_stands_beside_the_form_is_listed_and_not_used() -> None:
    book = with_cells(filled(), {("三", 40, 3): "备注：12", ("四", 8, 17): 5})
    checked = check_submission(Case(form(), submitted(book)))
    assert [(f.code, f.severity.value, f.facts["count"]) for f in checked] == [("F10", "note", "2")]
    assert checked[0].facts["places"] == "三!D41、四!R9"


def test_f10_lists_cells_of_the_head_and_of_sheets_that_the_agency_added() -> None:
    book = with_cells(filled(), {("二", 1, 9): "填报人：张三", ("演算", 3, 3): 12})
    added = Sheet("Sheet1", "visible", {(0, 0): RawCell(CellKind.NUMBER, "7", None)})
    checked = check_submission(Case(form(), submitted(replace(book, sheets=(*book.sheets, added)))))
    assert [f.facts["places"] for f in checked] == ["二!J2、Sheet1!A1"]


def test_f10_lists_what_slipped_below_the_last_text() -> None:
    checked = check_submission(
        Case(form(), submitted(with_cells(filled(), {("一", 15, 0): "第五部分"})))
    )
    assert [(f.code, f.facts["places"]) for f in checked] == [("F10", "一!A16")]


def test_f10_names_the_first_of_many_cells_and_counts_them_all() -> None:
    stray: dict[tuple[str, int, int], object] = {("四", row, 30): row for row in range(50, 90)}
    (finding,) = check_submission(Case(form(), submitted(with_cells(filled(), stray))))
    assert finding.facts["count"] == "40"
    assert finding.facts["places"].startswith("四!AE51、四!AE52")
    assert finding.facts["places"].endswith("四!AE70…")


def test_every_code_that_a_check_gives_is_explained() -> None:
    for code in ("T1", "T2", "T3", "T4", "I05", "I09", "I10", "I11", "F10"):
        entry = CATALOGUE[code]
        for text in (entry.title, entry.message, entry.why, entry.remedy, entry.example):
            assert text.zh
            assert text.en
    for check in form().checks:
        assert check.title
        assert check.title_en
        assert check.remedy
        assert check.remedy_en


def test_a_blank_template_lacks_every_required_entry_and_nothing_else() -> None:
    blank = found(submitted(blank_workbook()))
    assert {code for code, _, _ in blank} == {"T2"}
    assert len(blank) == 166
    assert len(template()) > 0
