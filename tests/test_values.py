"""A value is read where its meaning is certain, every repair is recorded, the rest is refused."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import cell, form, number, raw
from sheetflow.gathering.values import Reading, is_told, read_entry, read_value
from sheetflow.messages.terms import TERMS
from sheetflow.model.cells import Place
from sheetflow.model.entries import State
from sheetflow.workbooks.workbook import CellKind, RawCell

COUNT = form().cells[cell("requests/new/person")]
AMOUNT = form().cells[cell("charges/fees/amount")]
TEXT = form().cells[cell("texts/problems/text")]


@pytest.mark.parametrize(
    ("found", "value", "rule"),
    [
        (number("12"), "12", ""),
        (number("0"), "0", ""),
        (number("-0"), "0", ""),
        (number("1.2E3"), "1200", ""),
        (number("999999999999999"), "999999999999999", ""),
        (number("124.00000000000001"), "124", ""),
        (raw("12"), "12", "text_number"),
        (raw("007"), "7", "text_number"),
        (raw("+3"), "3", "text_number"),
        (raw("１２"), "12", "full_width"),
        (raw(" 12 "), "12", "spaces"),
        (raw("\u300012"), "12", "spaces"),
        (raw("1,234"), "1234", "separators"),
        (raw("1，234"), "1234", "full_width+separators"),
        (raw("12 345 678"), "12345678", "spaces"),
        (raw("124件"), "124", "unit"),
        (raw("124 件"), "124", "unit"),
        (raw("１２人次"), "12", "full_width+unit"),
        (RawCell(CellKind.NUMBER, "7", "3+4"), "7", ""),
    ],
)
def test_a_count_that_is_certain_is_read(found: RawCell, value: str, rule: str) -> None:
    assert read_value(COUNT, found) == Reading(State.NUMBER, Decimal(value), rule)


@pytest.mark.parametrize(
    ("found", "value", "rule"),
    [
        (number("18651.064104000001"), "18651.064104", ""),
        (number("0.1"), "0.1", ""),
        (number(".5"), "0.5", ""),
        (number("4.9E-324"), "4.9E-324", ""),
        (
            raw("0.12345678901234567890123456789012"),
            "0.12345678901234567890123456789012",
            "text_number",
        ),
        (
            raw("1.00000000000000000000000000001元"),
            "0.000100000000000000000000000000001",
            "unit_converted",
        ),
        (raw("24252.311082"), "24252.311082", "text_number"),
        (raw("1,234.5"), "1234.5", "separators"),
        (raw("12.5万元"), "12.5", "unit"),
        (raw("5000元"), "0.5", "unit_converted"),
        (raw("0元"), "0", "unit_converted"),
    ],
)
def test_an_amount_keeps_its_digits_and_its_unit(found: RawCell, value: str, rule: str) -> None:
    reading = read_value(AMOUNT, found)
    assert (reading.state, reading.rule) == (State.NUMBER, rule)
    assert reading.value is not None
    assert reading.value == Decimal(value)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ("减4", "not_a_number"),
        ("无", "not_zero"),
        ("/", "not_zero"),
        ("-", "not_zero"),
        ("—", "not_zero"),
        ("－", "not_zero"),
        ("3.5", "fraction"),
        (3.5, "fraction"),
        ("-3", "negative"),
        ("－3", "negative"),
        (-3, "negative"),
        ("1e5", "not_a_number"),
        ("①", "not_a_number"),
        ("²", "not_a_number"),
        ("١٢", "not_a_number"),
        ("1_000", "not_a_number"),
        ("1,23", "not_a_number"),
        ("12.", "not_a_number"),
        ("nan", "not_a_number"),
        ("inf", "not_a_number"),
        (number("INF"), "not_a_number"),
        (number("NaN"), "not_a_number"),
        (number("oops"), "not_a_number"),
        (number("1_000"), "not_a_number"),
        (number("١٢"), "not_a_number"),
        (number("1e9999999"), "not_a_number"),
        (number("1e999"), "too_large"),
        (number("9" * 99_999), "too_large"),
        ("0." + "0" * 300 + "1", "not_a_number"),
        ("12件件", "unknown_unit"),
        ("12①", "unknown_unit"),
        ("12%", "not_a_number"),
        ("12 34", "not_a_number"),
        ("没有", "not_zero"),
        (1e15, "too_large"),
        ("3公斤", "unknown_unit"),
        ("2000万", "unknown_unit"),
        ("0元", "unknown_unit"),
        (True, "boolean"),
        ("#REF!", "error_cell"),
        (RawCell(CellKind.DATE, "45293", None), "shows_date"),
        (RawCell(CellKind.BLANK, "", "A1+1"), "no_cached_value"),
    ],
)
def test_what_is_not_certain_is_refused_and_never_a_guess(found: object, why: str) -> None:
    assert read_value(COUNT, raw(found)) == Reading(State.UNREADABLE, None, why)
    assert why in TERMS


def test_blank_zero_and_not_applicable_are_three_things() -> None:
    assert read_value(COUNT, None).state is State.BLANK
    assert read_value(COUNT, raw("  ")).state is State.BLANK
    assert read_value(COUNT, raw(0)) == Reading(State.NUMBER, Decimal(0))
    assert read_value(COUNT, raw("不适用")).state is State.NA


def test_a_text_cell_takes_any_text() -> None:
    assert read_value(TEXT, raw("存在的主要问题")).state is State.TEXT
    assert read_value(TEXT, raw(12)).state is State.TEXT
    assert read_value(TEXT, None).state is State.BLANK


def test_an_error_or_a_formula_without_result_is_no_text() -> None:
    assert read_value(TEXT, raw("#NAME?")) == Reading(State.UNREADABLE, None, "error_cell")
    unknown = RawCell(CellKind.BLANK, "", "加强培训")
    assert read_value(TEXT, unknown) == Reading(State.UNREADABLE, None, "no_cached_value")


@given(st.text() | st.text("0123456789０１２３４５６７８９.,，．+-− 　件万元eE_①٣"))
def test_a_text_gives_the_number_that_its_digits_spell_or_none(text: str) -> None:
    reading = read_value(AMOUNT, RawCell(CellKind.TEXT, text, None))
    if reading.value is not None:
        spelt = Decimal(re.sub("[^0-9.]", "", unicodedata.normalize("NFKC", text)))
        converted = "unit_converted" in reading.rule
        assert reading.value == (spelt.scaleb(-4) if converted else spelt)
        assert reading.rule


@given(st.text())
def test_whatever_stands_in_the_file_as_a_number_is_read_or_refused(text: str) -> None:
    assert read_value(AMOUNT, number(text)).state in {State.NUMBER, State.UNREADABLE}


@given(st.floats(0, 10**15, exclude_max=True))
def test_a_stored_number_is_read_to_fifteen_digits_and_read_again_is_the_same(
    stored: float,
) -> None:
    first = read_value(AMOUNT, number(repr(stored)))
    if first.value is None:  # fifteen nines and a half
        assert first.rule == "too_large"
        return
    assert float(first.value) == pytest.approx(stored, rel=1e-14)
    assert read_value(AMOUNT, number(str(first.value))) == first


@given(st.integers(0, 10**15 - 1), st.sampled_from(["{}", " {} ", "{:,}", "{}件", "{}　"]))
def test_a_repaired_count_read_again_is_the_same_without_repair(count: int, style: str) -> None:
    repaired = read_value(COUNT, raw(style.format(count)))
    assert repaired.value == count
    assert repaired.rule
    assert read_value(COUNT, number(str(repaired.value))) == Reading(State.NUMBER, Decimal(count))


@pytest.mark.parametrize("text", ["本年无。", " 12件", "0", "=1"])
def test_a_text_of_a_cells_own_is_read_as_it_stands(text: str) -> None:
    told = RawCell(CellKind.TEXT, text, None)
    entry = read_entry(form(), TEXT.ref, Place("a.xlsx"), told)
    assert is_told(TEXT, told)
    assert (entry.state, entry.value, entry.raw, entry.rule) == (State.TEXT, None, text, "")


@pytest.mark.parametrize(
    "found",
    [
        raw(" \n\u3000"),
        number("12"),
        RawCell(CellKind.TEXT, "无", "A1"),
        RawCell(CellKind.ERROR, "#N/A", None),
    ],
)
def test_what_else_stands_in_a_cell_for_a_text_is_judged(found: RawCell) -> None:
    assert not is_told(TEXT, found)
    assert not is_told(COUNT, RawCell(CellKind.TEXT, "12件", None))
