"""Sheets taken apart without a parser are read as the parser reads them, or not at all."""

from __future__ import annotations

import random
from unittest.mock import patch

import pytest

from corpus import CLIENTS
from mutants import mutant
from packages import STRINGS, parts, zipped
from sheetflow.workbooks import xlsx
from sheetflow.workbooks.frames import Family
from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile
from sheetflow.workbooks.package import Package
from sheetflow.workbooks.usual import UsualSheet, usual_sheet
from sheetflow.workbooks.workbook import CellKind, Workbook
from sheetflow.workbooks.worksheet import SheetReader
from sheetflow.workbooks.xlsx import read_xlsx
from sheetflow.workbooks.xml_parsing import parse_xml

MUTANTS = 40
KINDS = {"7": CellKind.PERCENT}
TEXTS = ["机关", "", "a_x0041_"]
WRITTEN = (
    "excelize",
    "handmade-rich-texts",
    "libreoffice",
    "openpyxl",
    "r-openxlsx",
    "template",
    "wps-like",
    "xlsx-populate",
    "xlsxwriter-inline",
)
"""Programs whose sheets are taken apart; what each wrote lies among the fixtures."""


def sheet(rows: str, *, before: str = "", behind: str = "") -> bytes:
    """Write a sheet with some rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="x">{before}'
        f"<sheetData>{rows}</sheetData>{behind}</worksheet>"
    ).encode()


def parsed(xml: bytes) -> UsualSheet | None:
    """Read a sheet cell by cell; None if it can't be read."""
    reader = SheetReader("", "", TEXTS, Budget(Caps()), kinds=KINDS)
    try:
        parse_xml("", iter((xml,)), Caps(), reader.attach)
    except UnreadableFile:
        return None
    return UsualSheet(reader.cells, reader.protected, reader.validated)


def taken_apart(xml: bytes) -> UsualSheet | None:
    """Read a sheet without a parser; None if it is not written in the usual way."""
    by_number = {str(number): text for number, text in enumerate(TEXTS)} | {"": ""}
    return usual_sheet(xml, by_number, KINDS)


USUAL = (
    "",
    '<row r="1"/>',
    '<row r="1" spans="1:3" ht="15.75" x14ac:dyDescent="0.25"><c r="A1" s="2"/></row>',
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="7"><v>0.5</v></c></row>',
    '<row><c r="A1"><v>1</v></c></row><row r="2"></row><row><c r="A3"><v>2</v></c></row>',
    '<row><c r="A1"><f>1+1</f></c><c r="B1"><f>2</f><v></v></c><c r="C1"><f/><v>3</v></c></row>',
    '<row><c r="A1" t="str"><f t="shared" si="0">A&amp;"_x0041_"</f><v>_x0041_</v></c></row>',
    '<row><c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c></row>',
    '<row><c r="A1" t="d"><v>2024-01-01</v></c><c r="B1" /><c r="C1"><f>1</f><v /></c></row>',
    '<row><c r="A1" t="inlineStr"><is><t xml:space="preserve"> 甲_x0041_</t></is></c></row>',
    '<row><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>2</v></c></row>',
    '<row><c r="c9"><v>&#49;&lt;</v></c><c r="A1" t="inlineStr"></c><c r="B1"><v>></v></c></row>',
)
UNUSUAL = (
    "<row><c><v>1</v></c></row>",
    '<row><c r="A1" r="A1"><v>1</v></c></row>',
    '<row r="1" r="1"><c r="A1"><v>1</v></c></row>',
    '<row><c r="A1"><f t="n" t="n">1</f><v>1</v></c></row>',
    '<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    '<row><c r="A1"><v>1</v><v>2</v></c></row>',
    '<row><c r="A1"><v>1</v><f>2</f></c></row>',
    '<row><c r="A1"><v>1<!-- --></v></c></row>',
    '<row><c r="A1"><v><![CDATA[1]]></v></c></row>',
    '<row><c r="A1"><?x y?><v>1</v></c></row>',
    '<row><!-- <c r="A1"><v>1</v></c> --></row>',
    '<row><c r="A1"><v>1</v></c>',
    '<row><c r="A1"><v>1</v></c></row></row>',
    '<c r="A1"><v>1</v></c>',
    '<row><c r="A1"><v>1</v></c></row><row><c r="A2"><v>2</v></c></x>',
    '<row><row><c r="A1"><v>1</v></c></row></row>',
    '<row><c r="A1"><c r="B1"><v>1</v></c></c></row>',
    '<row><c r="A1" t="z"><v>1</v></c></row>',
    '<row><c r="A1" t="s"><v>3</v></c></row>',
    '<row><c r="A1" t="s"><v>00</v></c></row>',
    '<row><c r="A1" t="inlineStr"><v>1</v></c></row>',
    '<row><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    '<row><c r="A0"><v>1</v></c></row>',
    '<row><c r="XFE1"><v>1</v></c></row>',
    '<row><c r="A1"><v>&nope;</v></c></row>',
    '<row><c r="A1"><v>&#1;</v></c></row>',
    '<row><c r="A1"><v>]]></v></c></row>',
    '<row><c r="A1"><v>a\rb</v></c></row>',
    '<row><c r="A1"><v>\x01</v></c></row>',
    '<row><c r="A1"><f>&nope;</f><v>1</v></c></row>',
    '<row><c r="A1"><f>\x0b</f><v>1</v></c></row>',
    '<row ht="&lt;"><c r="A1"><v>1</v></c></row>',
    '<row new="1"><c r="A1"><v>1</v></c></row>',
    '<row>\n<c r="A1"><v>1</v></c></row>',
    "<row><c r='A1'><v>1</v></c></row>",
    '<row><c r="A1"><x:v>1</x:v></c></row>',
    '</sheetData><sheetData><row><c r="A1"><v>1</v></c></row>',
    "</sheetData><sheetProtection/><sheetData>",
)


@pytest.mark.parametrize("rows", USUAL)
def test_usual_rows_are_taken_apart(rows: str) -> None:
    xml = sheet(rows)
    assert taken_apart(xml) is not None
    assert taken_apart(xml) == parsed(xml)


@pytest.mark.parametrize("rows", UNUSUAL)
def test_other_rows_are_left_to_the_parser(rows: str) -> None:
    assert taken_apart(sheet(rows)) is None


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ('<sheetViews><sheetView><selection activeCell="D9"/></sheetView></sheetViews>', ""),
        ("<!-- sheet --><dimension/>", "<!-- end --><sheetProtection/>"),
        ('<a b=\'x"y\' c="1\' d=\'2" e="-1"/>', '<a b=\'="1"\' c="{1-2}"/>'),
        ('<?a b="?>" ?>', '<!-- a="-"-"-->'),
        ('<a b=" sheetData"/>', '<a b=" sheetProtection"/>'),
        (
            "",
            "<dataValidations><dataValidation><formula1>1</formula1></dataValidation></dataValidations>",
        ),
        ("", "<extLst><ext><x14:dataValidations/></ext></extLst>"),
    ],
)
def test_what_surrounds_the_rows_may_be_anything(before: str, behind: str) -> None:
    xml = sheet('<row><c r="B2"><v>1</v></c></row>', before=before, behind=behind)
    assert taken_apart(xml) is not None
    assert taken_apart(xml) == parsed(xml)


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("<sheetProtection/>", ""),
        ("<!-- ", " -->"),
        ("", "<!-- </sheetData> -->"),
        ("<x>", "</x>"),
        ("<x>", ""),
        ("", "<x>"),
        ("&nope;", ""),
        ("", "<x y='&nope;'/>"),
        ("", '<sheetData><row><c r="A9"><v>1</v></c></row></sheetData>'),
        ('<sheetData a=""><row><c r="A9"><v>1</v></c></row></sheetData>', ""),
        ("", "</worksheet><worksheet>"),
        ('<a b="1" b="2"/>', ""),
        ("", '<a b="1" b="2"/>'),
        ('<a b="1"c="2"/>', ""),
        ('<a b="&lt;" = "2"/>', ""),
        ('<!-- a="--" -->', ""),
        ("<a>" * 99, "</a>" * 99),
        ("", "<a>" * 99 + "</a>" * 99),
    ],
)
def test_what_is_odd_around_the_rows_is_left_to_the_parser(before: str, behind: str) -> None:
    xml = sheet('<row><c r="B2"><v>1</v></c></row>', before=before, behind=behind)
    assert taken_apart(xml) is None


@pytest.mark.parametrize(
    "xml",
    [
        b"<!DOCTYPE worksheet>" + sheet(""),
        sheet("").replace(b"\n", b"<!DOCTYPE worksheet>"),
        sheet("").replace(b"UTF-8", b"GBK"),
        sheet("").decode().encode("utf-16"),
        sheet("\0"),
        b"",
        b"<worksheet/>",
        sheet('<row><c r="A1"><v>1</v></c></row>').replace(b"worksheet", b"x:worksheet"),
        sheet("", before=" " * (1 << 16)),
        sheet("", behind=" " * (1 << 16)),
        sheet("<row/>").replace(b"</sheetData>", b""),
        sheet("").replace(b'"1.0"', b'"1.1"'),
        sheet("").replace(b'"UTF-8"', b"\"UTF-8'"),
        sheet('<row><c r="A1"/></row>' * (1 << 16)),
    ],
)
def test_other_parts_are_left_to_the_parser(xml: bytes) -> None:
    assert taken_apart(xml) is None


@pytest.mark.parametrize("name", WRITTEN)
def test_what_programs_write_is_taken_apart(name: str) -> None:
    data = (CLIENTS / f"{name}.xlsx").read_bytes()
    with patch.object(xlsx, "_sheets", side_effect=AssertionError):
        read = without_frames(data)
    assert read == cell_by_cell(data)


@pytest.mark.parametrize("name", WRITTEN)
def test_mutants_are_taken_apart_as_they_are_parsed(name: str) -> None:
    data = (CLIENTS / f"{name}.xlsx").read_bytes()
    for seed in range(MUTANTS):
        damaged = mutant(random.Random(f"{name} {seed}"), data)  # noqa: S311 - no secret
        assert without_frames(damaged) == cell_by_cell(damaged), seed


def test_texts_behind_a_head_that_is_no_xml_are_left_to_the_parser() -> None:
    rows = '<row><c r="A1" t="s"><v>0</v></c></row>'
    for head in ('<sst count="&nope;">', '<sst count="1" count="1">', "<sst count=1>"):
        data = zipped(parts(rows, **{STRINGS: f"{head}<si><t>a</t></si></sst>"}))
        assert without_frames(data) == cell_by_cell(data)


def nothing(*_: object) -> None:
    """Know of no frame."""


def without_frames(data: bytes) -> Workbook | str:
    """Read a workbook, nothing known from others."""
    with patch.multiple(Family, take=nothing, known=nothing):
        return read(data)


def cell_by_cell(data: bytes) -> Workbook | str:
    """Read a workbook by the parser alone."""
    with patch.object(Package, "stored", lambda *_: None):
        return read(data)


def read(data: bytes) -> Workbook | str:
    """Read a workbook, or give why it can't be read."""
    try:
        return read_xlsx(data)
    except UnreadableFile as problem:
        return repr(problem)
