"""A sheet that is read in a quick way holds what the plain reader reads, whatever its markup is."""

from __future__ import annotations

import random
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from sheetflow.workbooks.frames import ABSENT, Family, FramedCells
from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile
from sheetflow.workbooks.number_formats import Styles
from sheetflow.workbooks.usual import usual_sheet
from sheetflow.workbooks.worksheet import SheetReader
from sheetflow.workbooks.xml_parsing import parse_xml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheetflow.workbooks.workbook import RawCell, Spot

SEEDS = 1_500
STRINGS = [f"text {number}" for number in range(50)]
BY_NUMBER = {"": "", ABSENT: ""} | {str(number): text for number, text in enumerate(STRINGS)}
ENTRY = b' s="1"'
"""The style of cells that are unlocked."""
Read = tuple[dict["Spot", "RawCell"], bool, bool]


def sheet(rows: bytes, behind: bytes = b"") -> bytes:
    return b"<worksheet><sheetData>%b</sheetData>%b</worksheet>" % (rows, behind)


def row(*cells: bytes) -> bytes:
    return sheet(b'<row r="1">%b</row>' % b"".join(cells))


def inline(address: bytes, text: bytes) -> bytes:
    return b'<c r="%b" t="inlineStr"><is><t>%b</t></is></c>' % (address, text)


def cell(address: bytes, value: bytes, attributes: bytes = b"") -> bytes:
    return b'<c r="%b"%b><v>%b</v></c>' % (address, attributes, value)


def plainly(xml: bytes) -> Read | None:
    """Read a sheet by the parser; None if it is refused."""
    reader = SheetReader("", "", STRINGS, Budget(Caps()), kinds={})
    try:
        parse_xml("", iter((xml,)), Caps(), reader.attach)
    except UnreadableFile:
        return None
    return dict(reader.cells), reader.protected, reader.validated


def taken_apart(family: Family, xml: bytes) -> Read | None:
    """Read a sheet by its frame; None if it has none."""
    taken = family.take("part", xml)
    if taken is None or taken.highest >= len(STRINGS):
        return None
    cells = FramedCells(taken.frame, taken.texts, BY_NUMBER)
    return dict(cells.items()), taken.protected, taken.validated


def of_entries() -> Family:
    return Family(Styles({}, ("1",)))


def compared(family: Family, sheets: Sequence[bytes]) -> int:
    """Hold each sheet that is taken apart to the plain reader; count them."""
    count = 0
    for xml in sheets:
        read = taken_apart(family, xml)
        if read is not None:
            count += 1
            assert read == plainly(xml), xml
    return count


USUAL = [row(cell(b"A1", b"5"), cell(b"B1", b"1", ENTRY))] * 3
AT_TAGS = [row(cell(b"A1", b"5", b' vm="1"'), cell(b"B1", b"1", ENTRY))] * 3
BLANKS = [row(b'<c r="A1" s="1"/>', cell(b"B1", b"%d" % number)) for number in (1, 2, 2, 3)]
FIRST: Mapping[str, list[bytes]] = {
    "nothing": [],
    "usual": USUAL,
    "tags": AT_TAGS,
    "blanks": BLANKS,
}
"""What a family has met before."""
ODD: Mapping[str, list[bytes]] = {
    "a constant of seven digits": [row(inline(b"A1", b"2345678"), cell(b"B1", b"1"))],
    "a constant of seven full-width digits": [
        row(inline(b"A1", "１２３４５６７".encode()), cell(b"B1", b"1"))
    ],
    "a constant that looks like a judged value": [
        sheet(b'<row r="1">%b</row><!-- <v>%d</v> -->' % (inline(b"A1", b"4000000"), number))
        for number in (5, 6)
    ],
    "a value within an element that says nothing": [
        sheet(b'<row r="1">%b</row><x><y><z><v>5</v></z></y></x>' % inline(b"A1", b"4000000"))
    ],
    "an entry cell's end in the text between": [
        sheet(b'<row r="1"><c r="A1"> s="1"/>%b</row>' % cell(b"B1", b"7"))
    ],
    "a type of dates, written in several ways": [
        row(cell(b"A1", b"_x0041_", written))
        for written in (b' t="d"', b" t='d'", b'\tt="d"', b' t = "d"', b' t="&#100;"')
    ],
    "a bracket before the value": [row(cell(b"A1", b">%d" % number)) for number in (5, 6)],
    "an end tag without its bracket": [row(b'<c r="A1"><v>%d</v</c>' % n) for n in (5, 6)],
    "an end tag with a blank": [row(b'<c r="A1"><v>%d</v ></c>' % n) for n in (5, 6)],
    "letters in values": [
        row(cell(b"A1", text, b' t="str"'))
        for text in (b"a", b"v", b"vv", b"v>5</", b"&#118;", b"_x0041_", b"<![CDATA[v]]>", b"a\rb")
    ],
    "letters in attributes": [
        row(cell(b"A1", b"5", b' a="%b"' % text)) for text in (b"", b"v", b"v>5", b"v>5</v", b"v>v")
    ],
    "numbers of shared texts": [
        row(cell(b"A1", text, b' t="s"')) for text in (b"7", b"07", b" 7", b"49", b"50", b"&#55;")
    ],
    "inline texts": [
        row(inline(b"A1", text), cell(b"B1", b"2"))
        for text in (b"a", b"v", b"v>", b"<b/>", b"12", b"_x0041_", b" ")
    ],
    "two cells at one place": [row(cell(b"A1", n), cell(b"A1", n)) for n in (b"1", b"2")],
    "no rows, then rows": [sheet(b""), b"<worksheet><sheetData/></worksheet>", *USUAL],
    "two times rows": [
        b"<worksheet><sheetData><row r='1'>%b</row></sheetData><sheetData/></worksheet>"
        % cell(b"A1", b"5")
    ],
    "rows alone": [USUAL[0].removeprefix(b"<worksheet>").removesuffix(b"</worksheet>")],
    "another encoding": [
        b'<?xml version="1.0" encoding="iso-8859-1"?>%b' % row(cell(b"A1", b"\xe9", b' t="str"'))
    ],
}


@pytest.mark.parametrize("before", FIRST.values(), ids=FIRST.keys())
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_odd_markup_is_read_as_the_plain_reader_reads_it(
    before: list[bytes], odd: list[bytes]
) -> None:
    family = of_entries()
    compared(family, before)
    compared(family, odd * 3)


def test_usual_sheets_are_taken_apart_also_behind_others() -> None:
    for first in FIRST.values():
        family = of_entries()
        compared(family, first)
        assert compared(family, USUAL * 2) >= len(USUAL)
    family = of_entries()
    compared(family, [b"<worksheet><sheetData/></worksheet>"] * 3)
    with_letters = [row(cell(b"A1", b"%d" % number, b' vm="1"')) for number in range(5)]
    assert compared(family, with_letters) >= 1


PIECES = (
    *(b"v", b"v>", b"<v>", b"</v>", b"</v", b"<v", b">", b"</", b"5", b"", b" ", b"12", b"v "),
    *(b'<c r="B2">', b"</c>", b"<row>", b"</row>", b"<is><t>", b"</t></is>", b"<!--", b"-->"),
    *(b"<![CDATA[", b"]]>", b"&amp;", b"&#118;", b' a="v"', b' t="str"', b' s="1"/>', b"<f>"),
    *(b"<sheetData>", b"</sheetData>", b"<sheetData/>", b"</f>", b"<x:v>", b"\0", b"\1", b"\xc3"),
    *(b"<sheetProtection/>", b"<?v ?>"),
)
VALUES = (b"7", b"v", b"av", b"3", b">", b"", b"0", b"45", b"&lt;", b"4000000", b"2345678")


def drawn(dice: random.Random) -> bytes:
    """Write a small sheet as programs do."""
    cells = []
    for column in range(dice.randint(1, 4)):
        address, value = b"%c1" % (65 + column), dice.choice(VALUES)
        formula = b'<c r="%b" t="str"><f>v</f><v>%b</v></c>' % (address, value)
        number = cell(address, dice.choice((b"1", b"2", b"07", b"")), b' t="s"')
        usual = [cell(address, value)] * 5
        entry = [b'<c r="%b"%b/>' % (address, ENTRY), cell(address, value, ENTRY)]
        cells.append(dice.choice([*usual, *entry, formula, inline(address, value), number]))
    outline = dice.choice((b"", b' outlineLevel="0"'))
    return sheet(b'<row r="1"%b>%b</row>' % (outline, b"".join(cells)))


def changed(dice: random.Random, xml: bytes) -> bytes:
    """Put pieces of markup into a sheet, or in place of some bytes."""
    for _ in range(dice.choice((0, 0, 1, 1, 2, 3))):
        at = dice.randrange(len(xml))
        end = at + dice.choice((0, 0, 1, 2, 4))
        xml = xml[:at] + dice.choice(PIECES) + xml[end:]
    return xml


def test_sheets_with_any_markup_are_read_as_the_plain_reader_reads_them() -> None:
    count = 0
    for seed in range(SEEDS):
        dice = random.Random(seed)  # noqa: S311 - no secret
        some = [drawn(dice), drawn(dice)]
        some += [changed(dice, dice.choice(some)) for _ in range(3)]
        again = [dice.choice(some) for _ in range(8)]
        others = [changed(dice, dice.choice(some)) for _ in range(4)]
        count += compared(of_entries(), [*chain(again, others, some)])
    assert count > SEEDS


def test_sheets_with_any_markup_are_split_into_what_the_plain_reader_reads() -> None:
    count = 0
    for seed in range(SEEDS):
        dice = random.Random(seed)  # noqa: S311 - no secret
        some = [drawn(dice), drawn(dice), drawn(dice)]
        some += [changed(dice, dice.choice(some)) for _ in range(8)]
        for xml in some:
            split = usual_sheet(xml, BY_NUMBER, {})
            if split is not None:
                count += 1
                assert (dict(split.cells), split.protected, split.validated) == plainly(xml), xml
    assert count > SEEDS
