"""Whose return a file is: four marks, two of which must agree; else nobody's."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest

from samples import AGENCY, KEY, blank_workbook, form, template, with_cells
from sheetflow.gathering.identify import Identity, identify
from sheetflow.model.campaign import Settings
from sheetflow.model.roster import Agency, Roster
from sheetflow.workbooks.filling import fill
from sheetflow.workbooks.stamp import (
    HIDDEN_SHEET,
    NAME,
    PROPERTY,
    Mark,
    find_token,
    hidden_values,
    seal,
    write_token,
)
from sheetflow.workbooks.workbook import CellKind, RawCell, Workbook
from sheetflow.workbooks.xlsx import read_xlsx

SETTINGS = Settings(form="zfxxgk-2021", period="2024", name="某市")
ROSTER = Roster((Agency(AGENCY, "民政局"), Agency("hd", "衡东县", kind="group"), Agency("b", "乙")))
CARRIERS = ("hidden", "property", "name", "printed")
OTHER = write_token(Mark("zfxxgk-2021", "2024", "b", 1))


def identified(book: Workbook, assigned: str = "", key: bytes = KEY) -> Identity:
    return identify(
        book,
        "returns/a.xlsx",
        form=form(),
        settings=SETTINGS,
        roster=ROSTER,
        key=key,
        assigned=assigned,
    )


def code(identity: Identity) -> str:
    return identity.finding.code if identity.finding else ""


def without(book: Workbook, *carriers: str, instead: str = "") -> Workbook:
    """Take marks out of a workbook, or put another one in their place."""
    if "property" in carriers:
        book = replace(book, properties={PROPERTY: instead} if instead else {})
    if "name" in carriers:
        book = replace(book, names={NAME: f'"{instead}"'} if instead else {})
    sheets = []
    for sheet in book.sheets:
        cells = dict(sheet.cells)
        for place, raw in sheet.cells.items():
            hidden = sheet.name == HIDDEN_SHEET
            marked = find_token(raw.text) and ("hidden" if hidden else "printed") in carriers
            if marked:
                cells[place] = RawCell(CellKind.TEXT, instead, None)
        sheets.append(replace(sheet, cells=cells))
    return replace(book, sheets=tuple(sheets))


def test_an_issued_template_is_its_agencys_and_sealed() -> None:
    assert identified(blank_workbook()) == Identity(AGENCY, 1)


def test_a_template_saved_by_another_program_is_still_its_agencys() -> None:
    assert identified(read_xlsx(fill(template(), {}))).agency == AGENCY


@pytest.mark.parametrize("first", CARRIERS)
@pytest.mark.parametrize("second", CARRIERS)
def test_any_two_marks_are_enough(first: str, second: str) -> None:
    lost = without(blank_workbook(), first, second)
    assert identified(lost).agency == AGENCY


@pytest.mark.parametrize("kept", CARRIERS)
def test_a_single_mark_is_not(kept: str) -> None:
    lost = [carrier for carrier in CARRIERS if carrier != kept]
    assert code(identified(without(blank_workbook(), *lost))) == "I01"


def test_two_marks_against_two_are_nobodys() -> None:
    torn = without(blank_workbook(), "hidden", "property", instead=OTHER)
    identity = identified(torn)
    assert code(identity) == "I01"
    assert identity.finding is not None
    assert "b" in identity.finding.facts["witnesses"]


def test_a_workbook_without_any_mark_is_nobodys() -> None:
    assert code(identified(Workbook((), {}, {}, ""))) == "I01"


def test_sheets_that_bear_different_codes_are_no_witness() -> None:
    book = without(blank_workbook(), "hidden", "property", "name")
    sheets = list(book.sheets)
    cells = dict(sheets[2].cells)
    cells[2, 0] = RawCell(CellKind.TEXT, OTHER, None)
    sheets[2] = replace(sheets[2], cells=cells)
    assert code(identified(replace(book, sheets=tuple(sheets)))) == "I01"


def test_the_words_around_a_printed_code_do_not_matter() -> None:
    book = without(blank_workbook(), "hidden", "property")
    token = write_token(Mark("zfxxgk-2021", "2024", AGENCY, 1))
    book = with_cells(book, {("二", 2, 0): f"编号：{token} ", ("三", 2, 0): token})
    assert identified(book).agency == AGENCY


def test_a_code_far_down_a_sheet_or_in_a_long_text_is_no_mark() -> None:
    book = without(blank_workbook(), "hidden", "property", "printed")
    token = write_token(Mark("zfxxgk-2021", "2024", AGENCY, 1))
    assert code(identified(with_cells(book, {("二", 2, 0): token}))) == ""
    assert code(identified(with_cells(book, {("二", 20, 0): token}))) == "I01"
    assert code(identified(with_cells(book, {("二", 2, 0): token + "长" * 32_000}))) == "I01"


def test_a_head_stuffed_with_text_costs_no_time() -> None:
    stuffed = with_cells(blank_workbook(), {("二", 1, 0): "a" * 1_000_000})
    assert identified(stuffed).agency == AGENCY


def test_another_form_period_agency_or_a_group_is_named_as_such() -> None:
    assert code(identified(read_xlsx(template(code="other-form")))) == "I03"
    assert code(identified(read_xlsx(template(period="2023")))) == "I04"
    assert code(identified(read_xlsx(template(agency="nobody")))) == "I02"
    assert code(identified(read_xlsx(template(agency="hd")))) == "I08"


def remarks(identity: Identity) -> list[tuple[str, str]]:
    assert all(remark.agency == identity.agency for remark in identity.remarks)
    return [(remark.code, remark.severity.value) for remark in identity.remarks]


def hidden_cell(name: str) -> tuple[str, int, int]:
    return next(
        (HIDDEN_SHEET, row, 1)
        for sheet in blank_workbook().sheets
        if sheet.name == HIDDEN_SHEET
        for (row, column), raw in sheet.cells.items()
        if column == 0 and raw.text == name
    )


def test_a_seal_of_another_campaign_is_broken_but_the_agency_is_told() -> None:
    identity = identified(blank_workbook(), key=b"another key")
    assert (identity.agency, remarks(identity)) == (AGENCY, [("I05", "query")])


def test_a_seal_in_any_writing_is_compared_and_found_broken() -> None:
    at = hidden_cell("seal")
    for written in ("封签", "", None):
        identity = identified(with_cells(blank_workbook(), {at: written}))
        assert remarks(identity) == [("I05", "query")]


def test_without_the_hidden_sheet_there_is_no_seal_to_check_and_a_note_says_so() -> None:
    sheets = tuple(s for s in blank_workbook().sheets if s.name != HIDDEN_SHEET)
    identity = identified(replace(blank_workbook(), sheets=sheets), key=b"another key")
    assert remarks(identity) == [("I10", "note")]
    assert hidden_values(replace(blank_workbook(), sheets=sheets)) == {}


def test_what_the_office_assigned_counts_whatever_the_marks_say() -> None:
    assert identified(blank_workbook(), assigned="b") == Identity("b", 1)
    assert identified(Workbook((), {}, {}, ""), assigned="b") == Identity("b", 0)
    assert remarks(identified(blank_workbook(), assigned=AGENCY, key=b"other")) == [
        ("I05", "query")
    ]


def test_assigning_a_file_does_not_make_it_this_period_or_form() -> None:
    assert code(identified(read_xlsx(template(period="2023")), assigned="b")) == "I04"
    assert code(identified(read_xlsx(template(code="other-form")), assigned="b")) == "I03"


def test_a_mark_of_another_agency_among_the_four_is_a_query_that_names_both() -> None:
    identity = identified(without(blank_workbook(), "printed", instead=OTHER))
    assert (identity.agency, remarks(identity)) == (AGENCY, [("I09", "query")])
    witnesses = identity.remarks[0].facts["witnesses"]
    assert AGENCY in witnesses
    assert "编号 b" in witnesses


def test_a_template_of_an_older_definition_is_noted() -> None:
    older = "0" * 64
    mark = Mark("zfxxgk-2021", "2024", AGENCY, 1)
    changes = {
        hidden_cell("form_digest"): older,
        hidden_cell("seal"): seal(KEY, older, mark),
    }
    identity = identified(with_cells(blank_workbook(), changes))
    assert remarks(identity) == [("I11", "note")]


def test_one_mistyped_character_makes_a_token_none() -> None:
    token = write_token(Mark("zfxxgk-2021", "2024", "pt-htp", 12))
    for position in range(len(token)):
        for character in string.ascii_letters + string.digits:
            mistyped = token[:position] + character + token[position + 1 :]
            assert find_token(f"编号 {mistyped}") is None or mistyped == token
