"""Whose return a file is: four marks, two of which must agree; else nobody's."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest

from samples import AGENCY, KEY, blank_workbook, form, template, with_cells
from sheetflow.gathering.agency_names import KnownNames
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
ROSTER = Roster((Agency(AGENCY, "某局"), Agency("hd", "衡东县", kind="group"), Agency("b", "乙")))
CARRIERS = ("hidden", "property", "name", "printed")
OTHER = write_token(Mark("zfxxgk-2021", "2024", "b", 1))


def identified(book: Workbook, assigned: str = "", key: bytes = KEY) -> Identity:
    return identify(
        book,
        "returns/a.xlsx",
        form=form(),
        settings=SETTINGS,
        names=KnownNames(ROSTER),
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


def called(book: Workbook, name: str) -> Workbook:
    """Print another agency's name on every sheet, or none."""
    return reworded(book, "某局", name)


def reworded(book: Workbook, words: str, instead: str) -> Workbook:
    """Print something else on every sheet."""
    sheets = []
    for sheet in book.sheets:
        cells = {
            at: raw._replace(text=raw.text.replace(words, instead))
            for at, raw in sheet.cells.items()
        }
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
def test_a_single_mark_is_not_unless_the_name_in_the_sheets_agrees(kept: str) -> None:
    lost = [carrier for carrier in CARRIERS if carrier != kept]
    book = without(blank_workbook(), *lost)
    assert (identified(book).agency, identified(book).issue) == (AGENCY, 1)
    assert code(identified(called(book, ""))) == "I01"
    assert code(identified(called(book, "乙"))) == "I01"


def test_two_marks_against_two_are_nobodys() -> None:
    torn = without(blank_workbook(), "hidden", "property", instead=OTHER)
    identity = identified(torn)
    assert code(identity) == "I01"
    assert identity.finding is not None
    assert "b" in identity.finding.facts["witnesses"]


def test_a_workbook_without_any_mark_is_nobodys() -> None:
    identity = identified(Workbook((), {}, {}, ""))
    assert code(identity) == "I01"
    assert identity.finding is not None
    facts = identity.finding.facts
    assert (facts["witnesses"], facts["candidates"]) == ("@no_witness", "@no_candidate")


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
    book = called(without(blank_workbook(), "hidden", "property", "printed"), "")
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
    assert "印刷编号：b" in witnesses


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


CITY = Roster(
    (
        Agency(AGENCY, "某局"),
        Agency("east", "东区"),
        Agency("east-edu", "教育局", parent="east"),
        Agency("west", "西区"),
        Agency("west-edu", "教育局", parent="west"),
        Agency("health", "卫生健康局", former_names=("卫计局",)),
    )
)


def in_city(book: Workbook, file: str, assigned: str = "") -> Identity:
    return identify(
        book,
        file,
        form=form(),
        settings=SETTINGS,
        names=KnownNames(CITY),
        key=KEY,
        assigned=assigned,
    )


def unmarked(name: str, period: str = "2024") -> Workbook:
    """Give a return whose marks are all lost, with a name printed on its sheets."""
    return called(without(read_xlsx(template(period=period)), *CARRIERS), name)


@pytest.mark.parametrize("file", ["returns/卫生健康局.xlsx", "returns/health_x.xlsx"])
def test_a_template_that_another_agency_has_put_its_name_to_is_asked_about(file: str) -> None:
    identity = in_city(blank_workbook(), file)
    assert code(identity) == "I12"
    assert identity.finding is not None
    assert identity.finding.facts["candidates"] == "某局（hd-mzj）、卫生健康局（health）"
    assert code(in_city(called(blank_workbook(), "卫生健康局"), "returns/a.xlsx")) == "I12"
    assert in_city(blank_workbook(), file, assigned="health").agency == "health"


def test_the_name_of_the_agency_above_in_a_files_name_is_no_other_agency() -> None:
    book = called(read_xlsx(template(agency="east-edu")), "教育局")
    assert in_city(book, "returns/东区汇交.xlsx").agency == "east-edu"
    assert in_city(blank_workbook(), "returns/某局（经西区转）.xlsx").agency == AGENCY


def test_a_return_in_another_agencys_folder_is_a_query() -> None:
    identity = in_city(blank_workbook(), "returns/卫计局/表.xlsx")
    assert (identity.agency, remarks(identity)) == (AGENCY, [("I14", "query")])
    assert remarks(in_city(blank_workbook(), "returns/2025-01-20/表.xlsx")) == []


BOARD = Roster(
    (
        Agency(AGENCY, "某区君山片区"),
        Agency("jj", "某区金井片区"),
        Agency("junior", "某区金井片区管理中心"),
        Agency("board", "某区管委会办公室"),
        Agency("port", "某区港务办公室"),
    )
)


@pytest.mark.parametrize(
    ("file", "owner", "asked"),
    [
        ("金井片区.xlsx", AGENCY, "金井片区"),
        ("金井片区2024年报(定稿).xlsx", AGENCY, "金井片区"),
        ("君山片区.xlsx", AGENCY, ""),
        ("年报终稿.xlsx", AGENCY, ""),
        ("金井片区.xlsx", "junior", ""),
        ("办公室.xlsx", AGENCY, ""),
        ("管委会办公室.xlsx", AGENCY, "管委会办公室"),
    ],
)
def test_a_file_called_by_another_agencys_short_name_is_asked_about(
    file: str, owner: str, asked: str
) -> None:
    book = called(read_xlsx(template(agency=owner)), "")
    identity = identify(
        book,
        f"returns/{file}",
        form=form(),
        settings=SETTINGS,
        names=KnownNames(BOARD),
        key=KEY,
        assigned="",
    )
    assert identity.agency == owner
    said = [each.facts["called"] for each in identity.remarks if each.code == "I17"]
    assert said == ([asked] if asked else [])


def test_without_marks_two_names_agree_and_the_office_is_asked_to_look() -> None:
    for name in ("卫生健康局", "卫计局"):
        identity = in_city(unmarked(name), "returns/卫生健康局.xlsx")
        assert (identity.agency, remarks(identity)) == ("health", [("I13", "query")])
    assert code(in_city(unmarked("卫生健康局"), "returns/表.xlsx")) == "I01"
    assert code(in_city(unmarked(""), "returns/卫生健康局.xlsx")) == "I01"
    assert code(in_city(unmarked("某局"), "returns/卫生健康局.xlsx")) == "I01"


def test_a_return_without_marks_must_say_its_period() -> None:
    book = unmarked("卫生健康局")
    for year, expected in (("", "I01"), ("2023", "I04"), ("2024", "")):
        dated = reworded(book, "2024", year)
        assert code(in_city(dated, "returns/卫生健康局.xlsx")) == expected


def test_years_that_an_agencys_text_names_do_not_hide_the_period() -> None:
    told = RawCell(CellKind.TEXT, "与2023年相比增加12件，比2022年减少3件。", None)
    for year, expected in (("2023", "I04"), ("2024", "")):
        book = unmarked("卫生健康局", year)
        sheets = [
            replace(sheet, cells={**sheet.cells, (6, 0): told}) if sheet.name == "一" else sheet
            for sheet in book.sheets
        ]
        identity = in_city(replace(book, sheets=tuple(sheets)), "returns/卫生健康局.xlsx")
        assert code(identity) == expected


def test_where_nothing_names_the_period_the_year_on_the_sheets_does() -> None:
    for year, expected in (("2023", "I04"), ("2024", "")):
        book = reworded(unmarked("卫生健康局", year), "统计年度", "")
        assert code(in_city(book, "returns/卫生健康局.xlsx")) == expected


def test_agencies_of_one_name_are_told_apart_by_the_folder_of_the_one_above() -> None:
    book = unmarked("教育局")
    assert in_city(book, "returns/西区/教育局.xlsx").agency == "west-edu"
    identity = in_city(book, "returns/教育局.xlsx")
    assert code(identity) == "I01"
    assert identity.finding is not None
    assert identity.finding.facts["candidates"] == "教育局（east-edu）、教育局（west-edu）"


def test_a_name_that_is_only_like_an_agencys_is_proposed_and_never_assumed() -> None:
    identity = in_city(unmarked("卫生健康委"), "returns/卫生健康.xlsx")
    assert code(identity) == "I01"
    assert identity.finding is not None
    assert "卫生健康局（health）" in identity.finding.facts["candidates"]


def test_a_name_that_the_roster_does_not_have_is_noted() -> None:
    identity = in_city(called(blank_workbook(), "某某局"), "returns/a.xlsx")
    assert (identity.agency, remarks(identity)) == (AGENCY, [("I15", "note")])
