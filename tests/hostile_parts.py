"""Hostile parts of workbooks: document types, depth, characters, places, too much of anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hostile_kinds import DATA, Hostile, workbook
from packages import BOOK, LINKS, MAIN, OFFICE, ONE, SHEET, STRINGS, STYLES, parts, relations, sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

A1 = {"A1": "1"}
PARTS = parts(ONE)
PROPERTIES = {
    "_rels/.rels": relations(
        ("r1", f"{OFFICE}/officeDocument", BOOK),
        ("r2", f"{OFFICE}/custom-properties", "docProps/custom.xml"),
        ("r3", f"{OFFICE}/extended-properties", "docProps/app.xml"),
    )
}
STYLE_SHEET = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf/></cellXfs></styleSheet>'


def inside(part: str, xml: str) -> str:
    """Put XML in front of the end of a part's root."""
    before, end, root = str(PARTS[part]).rpartition("</")
    return f"{before}{xml}{end}{root}"


def inline(text: str) -> str:
    """Write a row whose first cell holds a text."""
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'


def encoded_as(encoding: str) -> str:
    """Write a sheet that says to be in an encoding."""
    return f'<?xml version="1.0" encoding="{encoding}"?>{sheet(ONE)}'


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈"}">' for n in range(10)
)  # a thousand million times the last one
DOCTYPES = (
    *(
        workbook(f"doctype-in-{kind}", "F14", ONE, put={part: f"<!DOCTYPE a>{PARTS[part]!s}"})
        for kind, part in {
            "sheet": SHEET,
            "workbook": BOOK,
            "strings": STRINGS,
            "relations": LINKS,
            "package-relations": "_rels/.rels",
        }.items()
    ),
    workbook("doctype-in-styles", "F14", ONE, put={STYLES: f"<!DOCTYPE a>{STYLE_SHEET}"}),
    *(
        workbook(f"doctype-in-{name}", "F14", ONE, put={**PROPERTIES, f"docProps/{name}.xml": body})
        for name in ("custom", "app")
        for body in ("<!DOCTYPE a><Properties/>",)
    ),
    *(
        workbook(f"doctype-{kind}", "F14", put={SHEET: f"{doctype}{sheet(inline('&l9;'))}"})
        for kind, doctype in {
            "billion-laughs": f"<!DOCTYPE a [{LAUGHS}]>",
            "quadratic": f'<!DOCTYPE a [<!ENTITY l9 "{"哈" * 50_000}">]>',
            "file": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
            "address": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "http://127.0.0.1/a">]>',
            "parameter": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///dev/random"> %p;]>',
            "external": '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">',
            "after-a-comment": "<!-- --><!DOCTYPE a>",
            "attributes": '<!DOCTYPE a [<!ATTLIST c r CDATA "A9">]>',
        }.items()
    ),
    workbook("doctype-utf-16", "F14", put={SHEET: f"<!DOCTYPE a>{sheet(ONE)}".encode("utf-16")}),
    workbook("entity-without-doctype", "F02", inline("&l9;")),
)

DEEP = tuple(
    workbook(f"deep-in-{kind}", "F18", ONE, put=changes)
    for kind, changes in {
        "sheet": {SHEET: sheet("<a>" * 5000)},
        "row": {SHEET: sheet('<row><c t="inlineStr"><is>' + "<r>" * 500)},
        "closed": {SHEET: sheet(ONE, "<a>" * 100 + "</a>" * 100)},
        "strings": {STRINGS: inside(STRINGS, "<si>" * 500)},
        "workbook": {BOOK: inside(BOOK, "<a>" * 500)},
        "relations": {LINKS: inside(LINKS, "<a>" * 500)},
        "styles": {STYLES: STYLE_SHEET.replace("<xf/>", "<xf>" * 500)},
        "properties": {**PROPERTIES, "docProps/custom.xml": "<Properties>" + "<a>" * 500},
    }.items()
)

CONTROL: Mapping[str, Mapping[str, str | bytes]] = {
    "text": {SHEET: sheet(inline("a\x08b"))},
    "nul": {SHEET: sheet(inline("a\0b"))},
    "escape": {SHEET: sheet(inline("\x1b[31m"))},
    "reference": {SHEET: sheet(inline("&#1;"))},
    "reference-hex": {SHEET: sheet(inline("&#x1F;"))},
    "reference-nul": {SHEET: sheet(inline("&#0;"))},
    "reference-beyond": {SHEET: sheet(inline("&#x110000;"))},
    "no-character-fffe": {SHEET: sheet(inline("\ufffe"))},
    "no-character-ffff": {SHEET: sheet(inline("\uffff"))},
    "attribute": {SHEET: sheet('<row><c r="A1\x01"><v>1</v></c></row>')},
    "strings": {STRINGS: inside(STRINGS, "<si><t>\x02</t></si>")},
    "sheet-name": {BOOK: str(PARTS[BOOK]).replace("表", "表\x03")},
    "target": {LINKS: str(PARTS[LINKS]).replace("sheet1", "\x04")},
    "utf-16": {SHEET: sheet(inline("a\x05b")).encode("utf-16")},
    "far-behind": {SHEET: sheet(ONE + "<row/>" * 60_000 + inline("\x06"))},
}
HALF = "\ud83d"
SURROGATES: Mapping[str, Mapping[str, str | bytes]] = {
    "utf-16-high": {SHEET: sheet(inline(f"a{HALF}b")).encode("utf-16-le", "surrogatepass")},
    "utf-16-low": {SHEET: sheet(inline("a\ude00b")).encode("utf-16", "surrogatepass")},
    "utf-16-swapped": {SHEET: sheet(inline(f"\ude00{HALF}")).encode("utf-16", "surrogatepass")},
    "utf-16-big": {SHEET: sheet(inline(HALF)).encode("utf-16-be", "surrogatepass")},
    "utf-8": {SHEET: sheet(inline(HALF)).encode("utf-8", "surrogatepass")},
    "utf-8-pair": {SHEET: sheet(inline("\ud83d\ude00")).encode("utf-8", "surrogatepass")},
    "reference": {SHEET: sheet(inline("&#xD83D;"))},
    "reference-pair": {SHEET: sheet(inline("&#xD83D;&#xDE00;"))},
    "reference-decimal": {SHEET: sheet(inline("&#55357;"))},
    "strings": {STRINGS: inside(STRINGS, "<si><t>&#xDFFF;</t></si>")},
    "sheet-name": {BOOK: str(PARTS[BOOK]).replace("表", "&#xD800;")},
}
CHARACTERS = (
    *(workbook(f"control-{kind}", "F21", ONE, put=c) for kind, c in CONTROL.items()),
    *(workbook(f"surrogate-{kind}", "F22", ONE, put=c) for kind, c in SURROGATES.items()),
    workbook("escape-half", DATA, inline("a_xD83D_b"), cells={"A1": "a\ufffdb"}),
    workbook("escape-pair", DATA, inline("_xD83D__xDE00_"), cells={"A1": "😀"}),
    workbook("escape-swapped", DATA, inline("_xDE00__xD83D_"), cells={"A1": "\ufffd\ufffd"}),
    workbook("escape-control", DATA, inline("_x0000_"), cells={"A1": "\0"}),
)

PLACES = (
    *(
        workbook(f"place-{kind}", "F23", f'<row r="1">{cells}</row>')
        for kind, cells in {
            "row-0": '<c r="A0"><v>1</v></c>',
            "row-beyond": '<c r="A1048577"><v>1</v></c>',
            "column-beyond": '<c r="XFE1"><v>1</v></c>',
            "column-far-beyond": '<c r="ZZZZZZ1"><v>1</v></c>',
            "number-of-many-digits": f'<c r="A{"9" * 5000}"><v>1</v></c>',
            "negative": '<c r="A-1"><v>1</v></c>',
            "full-width": '<c r="A１"><v>1</v></c>',
            "chinese": '<c r="甲1"><v>1</v></c>',
            "only-letters": '<c r="A"><v>1</v></c>',
            "only-digits": '<c r="11"><v>1</v></c>',
            "absolute": '<c r="$A$1"><v>1</v></c>',
            "range": '<c r="A1:B2"><v>1</v></c>',
            "twice": '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
            "twice-lower-case": '<c r="A1"><v>1</v></c><c r="a1"><v>2</v></c>',
            "twice-unsaid": '<c r="B1"><v>1</v></c><c r="A1"/><c><v>2</v></c>',
            "behind-the-last": '<c r="XFD1"/><c><v>1</v></c>',
        }.items()
    ),
    workbook("place-row-none", "F23", '<row r="x"><c><v>1</v></c></row>'),
    workbook("place-row-behind-the-last", "F23", '<row r="1048576"/><row><c><v>1</v></c></row>'),
    workbook("place-twice-over-rows", "F23", ONE + ONE),
    workbook("rows-in-disorder", DATA, '<row r="9"/>' + ONE, cells=A1),
    workbook(
        "corners",
        DATA,
        ONE + '<row r="1048576"><c r="XFD1048576"><v>9</v></c></row>',
        cells={**A1, "XFD1048576": "9"},
    ),
    workbook(
        "forged-dimension",
        DATA,
        cells=A1,
        put={SHEET: sheet(ONE).replace("<sheetData", '<dimension ref="A1:XFD1048576"/><sheetData')},
    ),
    workbook(
        "forged-counts",
        DATA,
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        "<si><t>规章</t></si>",
        cells={"A1": "规章"},
        put={STYLES: STYLE_SHEET.replace("<cellXfs", '<cellXfs count="4294967295"')},
    ),
)

BOOKS = {
    "no-sheet": ("F02", '<workbook xmlns="m"><sheets/></workbook>'),
    "other-root": ("F02", "<html/>"),
    "sheet-twice": ("F02", inside(BOOK, '<sheets><sheet name="表" r:id="r1"/></sheets>')),
    "sheet-nameless": ("F02", inside(BOOK, '<sheets><sheet name="" r:id="r1"/></sheets>')),
    "sheet-unrelated": ("F02", inside(BOOK, '<sheets><sheet name="二" r:id="r9"/></sheets>')),
    "sheets-513": (
        "F24",
        inside(BOOK, "".join(f'<b><sheet name="{n}" r:id="r1"/></b>' for n in range(513))),
    ),
}
LEADS_OUT = re.sub("worksheets/[^.]*", "../../etc/a", str(PARTS[LINKS]))
DAMAGES = (
    *(
        workbook(f"book-{kind}", code, ONE, put={BOOK: body})
        for kind, (code, body) in BOOKS.items()
    ),
    *(
        workbook(f"cell-{kind}", "F02", f'<row r="1"><c r="A1"{cell}</c></row>')
        for kind, cell in {
            "string-missing": ' t="s"><v>0</v>',
            "string-negative": ' t="s"><v>-1</v>',
            "string-full-width": ' t="s"><v>１</v>',
            "string-huge": f' t="s"><v>{"9" * 5000}</v>',
            "type-unknown": ' t="évil"><v>0</v>',
            "two-values": "><v>1</v><v>2</v>",
            "two-formulas": "><f>1</f><f>2</f>",
            "two-texts": ' t="inlineStr"><is><t>1</t></is><is><t>2</t></is>',
            "value-with-tags": "><v>1<b>2</b></v>",
        }.items()
    ),
    *(
        workbook(f"encoding-{encoding}", "F02", put={SHEET: encoded_as(encoding)})
        for encoding in ("gbk", "utf-7", "cp037", "utf-32", "rot13", "hex", "x" * 90)
    ),
    workbook("encoding-not-as-said", "F02", put={SHEET: sheet(inline("规章")).encode("gb18030")}),
    workbook("encoding-half-utf-16", "F02", put={SHEET: sheet(ONE).encode("utf-16")[:-1]}),
    workbook("tags-unbalanced", "F02", "<row></c>"),
    workbook("tags-unclosed", "F02", put={SHEET: sheet(ONE)[:-9]}),
    workbook("attribute-twice", "F02", '<row r="1" r="2"/>'),
    workbook("part-empty", "F02", put={SHEET: ""}),
    workbook("part-is-a-picture", "F02", put={SHEET: b"\x89PNG\r\n\x1a\n" + bytes(range(256))}),
    workbook("sheet-target-leads-out", "F02", put={LINKS: LEADS_OUT}),
    workbook("content-twice", "F02", put={SHEET: sheet(ONE) * 2}),
)

HARMLESS = tuple(
    workbook(kind, DATA, f'<row r="1"><c r="A1"{cell}</c></row>', cells={"A1": text})
    for kind, (cell, text) in {
        "formula-that-calls": (" t=\"str\"><f>cmd|' /C calc'!A0</f><v>1</v>", "1"),
        "formula-that-links": ('><f>WEBSERVICE("http://127.0.0.1/")</f><v>1</v>', "1"),
        "text-like-a-formula": (' t="inlineStr"><is><t>=1+1</t></is>', "=1+1"),
        "text-like-html": (' t="inlineStr"><is><t>&lt;script&gt;</t></is>', "<script>"),
        "text-like-a-template": (' t="inlineStr"><is><t>{{ 7*7 }}</t></is>', "{{ 7*7 }}"),
        "text-right-to-left": (' t="inlineStr"><is><t>\u202e321</t></is>', "\u202e321"),
        "number-that-is-none": ("><v>NaN</v>", "NaN"),
        "number-infinite": ("><v>1e999</v>", "1e999"),
        "number-of-many-digits": (f"><v>{'9' * 5000}</v>", "9" * 5000),
        "style-missing": (' s="4294967295"><v>1</v>', "1"),
        "style-negative": (' s="-1"><v>1</v>', "1"),
    }.items()
)

HOSTILE: tuple[Hostile, ...] = (*DOCTYPES, *DEEP, *CHARACTERS, *PLACES, *DAMAGES, *HARMLESS)
