"""What is read by its values alone is read as it would be cell by cell."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from dataclasses import replace
from functools import cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

import corpus
from intakes import take_in_one
from mutants import mutant
from samples import cell, form, plan, template
from sheetflow.gathering.folder import Incoming
from sheetflow.gathering.patterns import Pattern, Patterns
from sheetflow.gathering.records import RecordWriter
from sheetflow.model.cells import Place
from sheetflow.workbooks.filling import fill
from sheetflow.workbooks.frames import Family, FramedCells
from sheetflow.workbooks.limits import Caps, UnreadableFile
from sheetflow.workbooks.number_formats import Styles
from sheetflow.workbooks.package import Package
from sheetflow.workbooks.stamp import HIDDEN_SHEET
from sheetflow.workbooks.xlsx import read_xlsx
from sheetflow.workbooks.zip_assembly import Part, assembled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sheetflow.gathering.identify import Identity
    from sheetflow.gathering.intake import Expectation, Intake
    from sheetflow.gathering.reading import Blueprint
    from sheetflow.model.returns import Submission
    from sheetflow.workbooks.workbook import Workbook

MUTANTS = 50
"""Of each kind of return; `make alike` tries as many as one likes."""
REMEMBERED = "sheetflow.workbooks.package._read"
LEARNED = 3
"""So many returns of one make are read in other ways before one is read by its values alone."""
SAVED = ("libreoffice", "openpyxl", "excelize", "sheetjs")


@cache
def returns() -> Mapping[str, bytes]:
    """Give a filled template and what programs made of one."""
    clients = {
        path.stem: path.read_bytes()
        for path in sorted(corpus.CLIENTS.iterdir())
        if path.suffix == ".xlsx" and path.stem.startswith(SAVED)
    }
    return {"filled": filled(3), "blanks": filled(None), **clients}


def filled(value: int | None) -> bytes:
    """Fill the template with one figure everywhere, or leave it blank."""
    places = {
        Place("", *_place(str(each.ref))): value for each in form().entries() if each.required
    }
    return fill(template(), places)


def _place(code: str) -> tuple[str, str]:
    sheet, box = plan().layout.slots[cell(code)]
    return sheet, box.address


def quick() -> Expectation:
    """Expect returns, what was learned from others in mind."""
    return replace(corpus.expectation(), plan=_fresh())


def _fresh() -> Blueprint:
    return replace(plan(), patterns=Patterns())


def taken_in(data: bytes, expected: Expectation) -> Sequence[Intake]:
    """Take in a file."""
    entry = Incoming("returns/a.xlsx", data, sha256(data).hexdigest(), len(data))
    return take_in_one(entry, expected)


def cell_by_cell(data: bytes) -> Sequence[Intake]:
    """Take in a file as if nothing had been read before."""
    with patch.object(Package, "stored", lambda _self, _part: None):
        return taken_in(data, quick())


@pytest.mark.parametrize("name", sorted(returns()))
def test_mutants_are_read_as_they_are_cell_by_cell(name: str) -> None:
    data, expected = returns()[name], quick()
    for _ in range(LEARNED):
        assert taken_in(data, expected) == cell_by_cell(data)
    for seed in range(MUTANTS):
        damaged = mutant(random.Random(f"{name} {seed}"), data)  # noqa: S311 - no secret
        assert taken_in(damaged, expected) == cell_by_cell(damaged), seed


def test_returns_of_one_make_are_read_by_their_values_alone() -> None:
    expected, seen = quick(), []
    read = Pattern.read

    def spied(
        self: Pattern, workbook: Workbook, identity: Identity, file: str, sha256: str
    ) -> Submission | None:
        seen.append(read(self, workbook, identity, file, sha256))
        return seen[-1]

    with patch.object(Pattern, "read", spied), patch.dict(REMEMBERED, clear=True):
        for value in range(LEARNED + 2):
            (intake,) = taken_in(filled(value), expected)
            assert intake.submission
            assert intake.submission.entries[cell("requests/new/person")].value == value
    assert len(seen) == 2
    assert all(seen)


@pytest.fixture
def nothing_met() -> Iterator[None]:
    """Forget what other tests' sheets have taught."""
    with patch.dict(REMEMBERED, clear=True):
        yield


@pytest.mark.usefixtures("nothing_met")
def test_cells_of_a_frame_are_made_when_somebody_looks() -> None:
    for value in range(LEARNED):
        book = read_xlsx(filled(value))
    third = next(sheet for sheet in book.sheets if sheet.name == "三")
    assert isinstance(third.cells, FramedCells)
    assert third.cells.get((8, 3)) == third.cells[8, 3]
    assert third.cells.get((0, 99)) is None
    assert len(third.cells) == len(list(third.cells))


@pytest.mark.usefixtures("nothing_met")
def test_a_view_of_its_own_and_a_lost_lock_cost_no_frame() -> None:
    part = "xl/worksheets/sheet4.xml"
    for value in range(LEARNED):  # written by the same writer as what is read then
        read_xlsx(with_part(filled(value), part, str))

    def worked_in(xml: str) -> str:
        chosen = xml.replace("<sheetViews>", '<sheetViews own="D-9"><!-- & -->')
        return re.sub(r"<sheetProtection[^>]*/>", "", chosen)

    third = read_xlsx(with_part(filled(7), part, worked_in)).sheets[3]
    assert isinstance(third.cells, FramedCells)
    assert third.cells[8, 3].text == "7"
    assert (third.protected, third.validated) == (False, True)


def test_a_number_of_a_text_of_thousands_of_digits_is_refused_as_cell_by_cell() -> None:
    def renumbered(xml: str) -> str:
        return re.sub(r't="s"><v>[0-9]+', f't="s"><v>{"7" * 5_000}', xml, count=1)

    data, part, expected = returns()["libreoffice"], "xl/worksheets/sheet9.xml", quick()
    for _ in range(LEARNED):
        taken_in(with_part(data, part, str), expected)
    other = with_part(data, part, renumbered)
    (refused,) = taken_in(other, expected)
    assert refused.file.reason == "F02"
    assert [refused] == cell_by_cell(other)


def test_a_label_written_in_another_way_is_none_of_a_frame() -> None:
    data, expected = returns()["libreoffice"], quick()
    for _ in range(LEARNED):
        taken_in(data, expected)
    for before, after in (("<![CDATA[1]]>", ""), ("", "<!-- -->"), ("<![CDATA[]]>", "")):
        written = rf"<v>{before}\1{after}</v>"

        def change(xml: str, written: str = written) -> str:
            return re.sub(r"<v>([0-9]+)</v>", written, xml, count=1)

        other = with_part(data, "xl/worksheets/sheet9.xml", change)
        assert taken_in(other, expected) == cell_by_cell(other)


@pytest.mark.parametrize("name", ["libreoffice", "filled"])
@pytest.mark.parametrize(
    "odd", ["<v>>7</v>", '<v v="">7</v>', "<v>7v</v>", "<v>v7</v>", "<v>v</v>"]
)
def test_a_value_is_cut_out_by_its_tags_alone(name: str, odd: str) -> None:
    data, part, expected = returns()[name], "xl/worksheets/sheet4.xml", quick()
    for each in (filled(7), data) * LEARNED:  # which are cut in different ways
        taken_in(each, expected)

    def change(xml: str) -> str:
        return re.sub(r'(<c r="D9"[^>]*>)(?:<v>[^<]*</v>)', rf"\1{odd}", xml)

    other = with_part(data, part, change)
    assert other != with_part(data, part, str)
    for _ in range(LEARNED):
        assert taken_in(other, expected) == cell_by_cell(other)


def test_a_telephone_number_of_seven_digits_is_read_in_each_return() -> None:
    def telephone(xml: str) -> str:
        typed = r'\1 t="inlineStr"><is><t>2345678</t></is></c>'
        return re.sub(r'(<c r="B28"(?: s="[0-9]+")?)[^>]*?(?:/>|>.*?</c>)', typed, xml, count=1)

    data, expected = returns()["openpyxl"], quick()
    data = with_part(data, "xl/worksheets/sheet1.xml", telephone)
    with patch.dict(REMEMBERED, clear=True):
        for _ in range(LEARNED):
            (intake,) = taken_in(data, expected)
            assert intake.submission
            assert intake.submission.people["联系电话"] == "2345678"


def test_the_pieces_of_a_sheet_that_was_cut_otherwise_are_another_sheets() -> None:
    def sheet(row: bytes, behind: bytes) -> bytes:
        cell = b'<c r="A1"><v>7</v%b</c>' % behind
        return b"<worksheet><sheetData><row%b>%b</row></sheetData></worksheet>" % (row, cell)

    def are_taken(part: str, *sheets: bytes) -> list[bool]:
        return [family.take(part, xml) is not None for xml in sheets]

    family = Family(Styles({}, ()))
    usual, with_letter = sheet(b"", b">"), sheet(b' outlineLevel="0"', b">")
    assert are_taken("cut at tags", with_letter, usual, usual) == [False, False, True]
    assert are_taken("cut at letters", usual, usual) == [False, True]
    damaged = sheet(b"", b"")  # its end tag lacks the bracket by which the others were cut
    assert are_taken("cut at letters", *[damaged] * LEARNED) == [False] * LEARNED


@pytest.mark.parametrize("formula", ["3+4", "3*4-5", "D10"])
def test_a_formula_in_an_entry_cell_is_said_whichever_way_it_is_read(formula: str) -> None:
    def filled_in(xml: str) -> str:
        return re.sub(r'(<c r="D9"[^>]*>)<v>', rf"\1<f>{formula}</f><v>", xml)

    expected, part = quick(), "xl/worksheets/sheet4.xml"
    for value in (7, 8, 9, 7, 9):
        data = with_part(filled(value), part, filled_in)
        (intake,) = taken_in(data, expected)
        assert [intake] == cell_by_cell(data)
        assert intake.submission
        checked = {f.code for f in intake.submission.checked or ()}
        assert {"T4", "T8"} & checked == ({"T8"} if value == 7 or formula == "D10" else {"T4"})


@pytest.mark.usefixtures("nothing_met")
def test_a_record_is_the_same_whichever_way_the_return_is_read() -> None:
    refs = [each.ref for each in form().entries() if each.numeric]
    text, fraction = (Place("", *_place(str(ref))) for ref in (refs[2], refs[5]))
    expected = quick()
    for value in range(LEARNED + 1):
        data = fill(filled(value), {text: "3件", fraction: 1.5})
        written = [RecordWriter().write(each) for each in (taken_in(data, expected), alone(data))]
        assert written[0] == written[1]


@pytest.mark.usefixtures("nothing_met")
def test_a_key_of_the_hidden_sheet_beside_a_formula_without_result_says_nothing() -> None:
    def emptied(xml: str) -> str:
        return re.sub(r'<c r="(B[0-9]+)".*?</c>', r'<c r="\1"><f>A1</f></c>', xml)

    book = read_xlsx(template())
    number = [sheet.name for sheet in book.sheets].index(HIDDEN_SHEET) + 1
    data, expected = with_part(template(), f"xl/worksheets/sheet{number}.xml", emptied), quick()
    assert [taken_in(data, expected) for _ in range(LEARNED)] == [alone(data)] * LEARNED


def alone(data: bytes) -> Sequence[Intake]:
    """Take in a file as the first of all."""
    with patch.dict(REMEMBERED, clear=True):
        return taken_in(data, quick())


def with_part(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Change one part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = change(parts[name].decode()).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return target.getvalue()


CHECKS_PART = "xl/worksheets/sheet9.xml"
"""自检 of a filled template."""


def stated(text: str, typed: str = "") -> bytes:
    """Fill a return in whose 自检 has a formula of somebody's own below the relations."""
    data = filled(3)
    formula = f"<f>IF('三'!D9&gt;0,1,2)</f><v>{text}</v>"
    data = with_part(data, CHECKS_PART, partial(put, "D50", formula, ' t="str"'))
    inner = f"<is><t>{typed}</t></is>"
    return with_part(data, CHECKS_PART, partial(put, "A50", inner, ' t="inlineStr"'))


def put(address: str, inner: str, attributes: str, xml: str) -> str:
    """Put something into a cell."""
    written = rf"\1{attributes}>{inner}</c>"
    cell = rf'(<c r="{address}"(?: s="[0-9]+")?)[^>]*?(?:/>|>.*?</c>)'
    put_in, count = re.subn(cell, written, xml, count=1)
    assert count == 1
    return put_in


def moved_reason(text: str) -> bytes:
    """Fill a return in on whose 自检 the states were deleted, so that reasons stand there."""

    def change(xml: str) -> str:
        xml = re.sub(r'<c r="D[0-9]+"[^>]*?(?:/>|>.*?</c>)', "", xml)
        moved = re.sub(r'<c r="E([0-9]+)"', r'<c r="D\1"', xml)
        return put("D5", f"<f>'演算'!A5</f><v>{text}</v>", ' t="str"', moved)

    return with_part(filled(3), CHECKS_PART, change)


@pytest.mark.usefixtures("nothing_met")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (stated("有新收"), [stated("√"), stated("")]),
        (stated("【须说明】x", "某编号"), [stated("√", "某编号")]),
        (stated("√"), [stated("√ 本表_x000A_另有12件未计入")]),
        (moved_reason(""), [moved_reason("√"), moved_reason("× R1 多3，见演算表")]),
    ],
    ids=["a-state-of-its-own", "a-state-that-asks", "a-state-with-an-escape", "a-column-deleted"],
)
def test_what_earlier_returns_say_on_their_checks_is_not_taken_for_this_ones(
    before: bytes, after: list[bytes]
) -> None:
    expected = quick()
    for _ in range(2 * LEARNED):
        assert taken_in(before, expected) == cell_by_cell(before)
    for other in after:
        assert taken_in(other, expected) == cell_by_cell(other)


@pytest.mark.usefixtures("nothing_met")
def test_of_two_like_keys_on_the_hidden_sheet_the_lower_counts_however_it_is_read() -> None:
    def doubled(xml: str) -> str:
        xml = re.sub(r'<row r="(\d+)"', lambda m: f'<row r="{int(m[1]) + 30}"', xml)
        xml = re.sub(r'<c r="([A-Z]+)(\d+)"', lambda m: f'<c r="{m[1]}{int(m[2]) + 30}"', xml)
        first = '<c r="A1" t="str"><v>seal</v></c><c r="B1" t="str"><v>00</v></c>'
        return xml.replace("<sheetData>", f'<sheetData><row r="1">{first}</row>')

    data, expected = returns()["libreoffice"], quick()
    number = next(n for n, s in enumerate(read_xlsx(data).sheets, 1) if s.name == HIDDEN_SHEET)
    data = with_part(data, f"xl/worksheets/sheet{number}.xml", doubled)
    for _ in range(LEARNED):
        assert taken_in(data, expected) == cell_by_cell(data)


@pytest.mark.parametrize("part", ["docProps/app.xml", "xl/workbook.xml"])
def test_what_stands_in_a_cdata_section_is_taken_as_it_stands(part: str) -> None:
    def sectioned(xml: str) -> str:
        xml = re.sub(r"<Application>.*?<", "<Application><![CDATA[>WPS&amp;x<]]><", xml, count=1)
        mark = r'(<definedName [^>]*name="sheetflow_mark"[^>]*>)[^<]*<'
        return re.sub(mark, r"\1<![CDATA[>zfxxgk-2021&#58;2024:hd-mzj:1:2YC<]]><", xml)

    data = with_part(returns()["libreoffice"], part, sectioned)
    assert data != with_part(returns()["libreoffice"], part, str)
    quickly = [read_xlsx(data) for _ in range(2)][-1]
    with patch.object(Package, "stored", lambda _self, _part: None):
        plainly = read_xlsx(data)
    assert (quickly.client, quickly.names) == (plainly.client, plainly.names)


@pytest.mark.parametrize("mark", ["&#xE000;", "&#xe000;", "&#x0E000;", "&#57344;", "\ue000"])
@pytest.mark.parametrize("number", ["0", "99", "9" * 5_000])
def test_what_looks_like_the_number_of_a_text_is_a_text(mark: str, number: str) -> None:
    def named(xml: str) -> str:
        name = f'<definedName name="own"> {mark}{number}{mark}</definedName>'
        return xml.replace("</definedNames>", f"{name}</definedNames>")

    data = with_part(filled(3), "xl/workbook.xml", named)
    assert read_xlsx(data).names["own"] == f" \ue000{number}\ue000"


def test_a_stream_that_not_every_inflater_takes_is_read_whichever_way() -> None:
    stream = bytes.fromhex("05e0012010000080") + bytes(33) + bytes.fromhex("3e1e437abeff")
    with pytest.raises(zlib.error, match="distances"):  # of their codes one lacks
        zlib.decompress(stream, -zlib.MAX_WBITS)
    content = b"<a/>"
    package = Package(assembled([Part("a", zlib.crc32(content), len(content), stream)]), Caps())
    assert package.read("a") == package.small("a") == content


def test_a_sheet_that_is_no_xml_has_no_frame() -> None:
    data = filled(0)
    with pytest.raises(UnreadableFile):
        read_xlsx(data[: len(data) // 2])
