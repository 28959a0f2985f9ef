"""Shared strings that are read item by item are those that the parser reads, whatever they are."""

from __future__ import annotations

import random

import pytest

from sheetflow.workbooks.limits import Caps, UnreadableFile
from sheetflow.workbooks.string_items import string_items
from sheetflow.workbooks.strings import TextItems
from sheetflow.workbooks.xml_parsing import parse_xml

SEEDS = 3_000
FORMAT = b'<rPr><sz val="10.5"/><rFont val="Noto Sans CJK SC"/></rPr>'
FRAGMENTS = (
    *(b"<t>", b'<t xml:space="preserve">', b"</t>", b"<t/>", b"<r>", b"</r>", b"<r><t>"),
    *(b"</t></r>", FORMAT, b"<rPr>", b"</rPr>", b"<rPr/>", b"<rPr><b/></rPr>", b"<rPr><b></rPr>"),
    *(b"<rPr><b val=1/></rPr>", b"<rPr><t/></rPr>", b'<rPr><b a="1" a="2"/></rPr>', b"<b/>"),
    *(b"<rPh><t>pinyin</t></rPh>", b"<si>", b"</si>", b"</si><si>", b"<!-- -->", b"<t >"),
    *(b" ", b"\n", b"\r", b"12", b"&#26412;", b"&#x5e74;", b"&amp;", b"&lt;", b"&", b"&#1;"),
    *(b"&nbsp;", b"&#;", b"&#12", b"&#0;", b"&#xD800;", b"_x0041_", b"_x005F_", b"]]>", b"\xe5"),
    *("条".encode(), b"\xef\xbf\xbe", b"<![CDATA[x]]>", b"&#26412;&#24180;", b"&#26412;12&#24180;"),
)
WHOLE = (
    b"<t>%b</t>",
    b'<t xml:space="preserve">%b</t>',
    b"<r><t>%b</t></r>",
    b"<r>" + FORMAT + b"<t>%b</t></r>",
    b"<r>" + FORMAT + b'<t xml:space="preserve">%b</t></r><r><t>' + "条".encode() + b"</t></r>",
    b"%b",
)


def part(items: bytes) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<sst count="2">%b</sst>' % items


def plainly(xml: bytes) -> list[str] | None:
    """Read them by the parser; None if it refuses them."""
    texts: list[str] = []
    try:
        parse_xml("", iter((xml,)), Caps(), TextItems(Caps(), texts.append).attach)
    except UnreadableFile:
        return None
    return texts


def items(rng: random.Random) -> bytes:
    def content() -> bytes:
        return b"".join(rng.choices(FRAGMENTS, k=rng.randrange(4)))

    found = (rng.choice(WHOLE).replace(b"%b", content()) for _ in range(rng.randrange(1, 4)))
    return b"".join(b"<si>%b</si>" % item for item in found)


def test_items_of_any_markup_are_read_as_the_parser_reads_them() -> None:
    rng = random.Random(20241130)  # noqa: S311 - no secret
    read = 0
    for _ in range(SEEDS):
        xml = part(items(rng))
        found = string_items(xml)
        if found is not None:
            read += 1
            assert found == plainly(xml), xml
    assert read > SEEDS // 5  # what is compared at all


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (b"<t>&#26412;&#24180;12&#26465;</t>", "本年12条"),
        (b"<t>&#x672C; &lt;&#24180;&gt; &amp;#12;</t>", "本 <年> &#12;"),
        (b"<r>%b<t>12</t></r><r>%b<t> _x0041_</t></r>" % (FORMAT, FORMAT), "12 A"),
        (b"<r><t>_x00</t></r><r><t>41_</t></r>", "_x0041_"),
        (b"<t>a</t><rPh><t>b</t></rPh>", "a"),
        (b"", ""),
    ],
)
def test_an_item_is_the_text_that_it_shows(item: bytes, text: str) -> None:
    assert string_items(part(b"<si>%b</si>" % item)) == [text]


@pytest.mark.parametrize(
    "item",
    [
        b"<t>&nbsp;</t>",
        b"<t>&#1;</t>",
        b"<t>&#65</t>",
        b"<t>&#26412;&#24180</t>",
        b"<t>&lt;&#26412</t>",
        b"<t>&</t>",
        b"<r><rPr><b></rPr><t>a</t></r>",
        b"<r><rPr><b val=1/></rPr><t>a</t></r>",
        b'<r><rPr><b a="1" a="2"/></rPr><t>a</t></r>',
    ],
)
def test_what_is_no_xml_is_left_to_the_parser_which_refuses_it(item: bytes) -> None:
    xml = part(b"<si>%b</si>" % item)
    assert string_items(xml) is None
    assert plainly(xml) is None


def test_runs_as_libreoffice_writes_them_need_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = b"<r>%b<t>%%d</t></r><r>%b<t> of them</t></r>" % (FORMAT, FORMAT)
    string_items(part(b"<si>%b</si>" % (runs % 1)))

    def parsed(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("sheetflow.workbooks.string_items.parse_xml", parsed)
    assert string_items(part(b"<si>%b</si>" % (runs % 2))) == ["2 of them"]
    with pytest.raises(AssertionError):
        string_items(part(b"<si>%b<rPh><t>a</t></rPh></si>" % (runs % 3)))
