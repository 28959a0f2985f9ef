"""Hostile files that aim at memory and time: each is as heavy as the caps let it be, or heavier."""

from __future__ import annotations

import struct
import zipfile
from types import MappingProxyType
from typing import TYPE_CHECKING

from hostile_kinds import DATA, Hostile
from hostile_others import COLUMNS, ROWS, content, ods, row
from packages import (
    BOOK,
    LINKS,
    MAIN,
    OFFICE,
    ONE,
    SHEET,
    STRINGS,
    STYLES,
    Entry,
    Parts,
    archive,
    entries,
    parts,
    relations,
    sheet,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOTHING: Mapping[str, str | bytes] = MappingProxyType({})
MB = 1 << 20
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FAST = 1  # level of compression
REFERENCES = "&lt;" + "&#" * 400_000  # none of them ends


def grid(count: int, cell: str) -> str:
    """Write so many cells by a pattern of their address and number."""
    rows = range(1, 1 + count // len(LETTERS))
    return "".join(f'<row r="{row}">{_cells(row, cell)}</row>' for row in rows)


def _cells(row: int, cell: str) -> str:
    numbered = enumerate(LETTERS, row * len(LETTERS))
    return "".join(cell.format(at=f"{letter}{row}", n=number) for number, letter in numbered)


def packed(rows: str = ONE, strings: str = "", put: Mapping[str, str | bytes] = NOTHING) -> bytes:
    """Pack a workbook quickly."""
    return zipped({**parts(rows, strings), **put}, level=FAST)


def unpacked(rows: str = ONE, strings: str = "", put: Mapping[str, str | bytes] = NOTHING) -> bytes:
    """Store a workbook as it is, so that it is not refused for packing too well."""
    return zipped({**parts(rows, strings), **put}, zipfile.ZIP_STORED)


def texts(count: int, pattern: str) -> str:
    """Write shared strings by a pattern of their number."""
    return "".join(f"<si><t>{pattern.format(n=n)}</t></si>" for n in range(count))


def many_sheets(count: int) -> bytes:
    """List one sheet many times under other names."""
    listed = "".join(f'<sheet name="{n}" r:id="r1"/>' for n in range(count))
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    return packed(put={BOOK: book, SHEET: sheet("", " " * 900_000)})


def long_directory(entry: bytes, count: int) -> bytes:
    """Write a directory of nothing but entries, which all mean the same header."""
    head = b"PK\3\4" + struct.pack("<5H3I2H", 20, 0, 0, 0, 0, 0, 0, 0, 4, 0) + b"xl/a"
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0, 0, len(entry) * count, len(head), 0)
    return head + entry * count + end


def listed_member(name: bytes) -> bytes:
    return b"PK\1\2" + bytes(24) + struct.pack("<H", len(name)) + bytes(16) + name


def padded(members: Parts, size: int) -> bytes:
    """Pack a workbook with a picture in it, so that the file itself is as large as one may be."""
    picture = Entry(b"xl/media/1.bmp", bytes(size), method=0)
    return archive([*entries(members), picture])


def styled(styles: str) -> bytes:
    return packed(put={STYLES: f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'})


MIXED = "\n \r\n\t  \n\r \t\n \n\n\t \r"  # each line end is an event of its own
_KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    # what is just honest
    "honest-cells": (DATA, lambda: packed(grid(200_000, '<c r="{at}" s="1"><v>{n}.25</v></c>'))),
    "honest-strings": (
        DATA,
        lambda: packed(
            grid(100_000, '<c r="{at}" t="s"><v>{n}</v></c>'), texts(100_026, "规章 {n}")
        ),
    ),
    # as much as the caps allow of what takes memory, in a file as large as one may be
    "all-memory": (
        DATA,
        lambda: padded(
            parts(
                grid(290_000, '<c r="{at}" t="s"><f>😀{n:010d}</f><v>{n}</v></c>'),
                texts(290_026, "😀{n:015d}"),
            ),
            60 * MB,
        ),
    ),
    "all-texts": (
        DATA,
        lambda: packed(grid(290_000, '<c r="{at}" t="str"><v>😀{n:034d}</v></c>')),
    ),
    # more than they allow
    "cells": ("F17", lambda: packed(grid(400_000, '<c r="{at}"><v>{n}</v></c>'))),
    "cells-without-address": ("F17", lambda: packed("<row><c><v>1</v></c></row>" * 400_000)),
    "strings": ("F16", lambda: packed(strings="<si/>" * 400_000)),
    "strings-long": ("F16", lambda: unpacked(strings=texts(60, "{n}" + "😀ab" * 80_000))),
    "text-long": ("F16", lambda: packed(f'<row><c t="str"><v>{"😀abc" * 5_000_000}</v></c></row>')),
    "text-of-sections": (
        "F16",
        lambda: packed(f'<row><c t="str"><v>{"<![CDATA[😀a]]>" * 900_000}</v></c></row>'),
    ),
    "text-of-runs": (
        "F16",
        lambda: packed(strings=f"<si>{'<r><t>😀a</t></r>' * 600_000}</si>"),
    ),
    "attribute-long": ("F16", lambda: packed(f'<row x="{"abcdefgh" * 500_000}"/>')),
    "tag-name-long": ("F16", lambda: packed(f"<{'abcdefgh' * 500_000}/>")),
    "comment-long": ("F16", lambda: packed(f"<!--{'abcdefgh' * 500_000}-->")),
    "instruction-long": ("F16", lambda: packed(f"<?a {'abcdefgh' * 500_000}?>")),
    "comments": (DATA, lambda: packed(f"<!--{'abcdefgh' * 120_000}-->" * 40)),
    "attributes-long": (DATA, lambda: packed(f'<row x="{"&amp;abc" * 110_000}"/>' * 40)),
    "elements-of-all-names": ("F24", lambda: packed("".join(f"<a{n}/>" for n in range(90_000)))),
    "attributes-of-all-names": (
        "F24",
        lambda: packed("".join(f'<row a{n}=""/>' for n in range(90_000))),
    ),
    "names-long": ("F24", lambda: packed("".join(f"<a{n}{'b' * 9000}/>" for n in range(100)))),
    "tags": ("F24", lambda: packed("<row/><row></row>" * 1_100_000 + "b<!-- -->" * 9)),
    "texts-blank": ("F24", lambda: packed(f'<row><c t="inlineStr">{"<is/>" * 3_100_000}')),
    "blank-cells": (DATA, lambda: packed("<row>" + '<c s="1"/><c/>' * 1_400_000 + "</row>")),
    "styles": ("F24", lambda: styled(f"<cellXfs>{'<xf/>' * 70_001}</cellXfs>")),
    "styles-tags": ("F24", lambda: styled("<font/>" * 500_001)),
    "style-tables": (DATA, lambda: styled("<cellXfs/>" * 300_000)),
    "formats-of-brackets": (
        DATA,
        lambda: unpacked(
            put={
                STYLES: "<styleSheet><numFmts>"
                + f'<numFmt formatCode="{"[h" * 200_000}"/>' * 50
                + "</numFmts></styleSheet>"
            }
        ),
    ),
    "relations": (
        "F24",
        lambda: packed(
            put={LINKS: relations(*((f"i{n}", f"{OFFICE}/worksheet", "a") for n in range(5001)))}
        ),
    ),
    "relation-long": ("F24", lambda: packed(put={LINKS: relations(("i", "t", "a" * 900_000))})),
    "names": (
        "F17",
        lambda: packed(
            put={
                BOOK: f'<workbook xmlns="{MAIN}"><definedNames>'
                + "".join(f'<definedName name="n{n}"/>' for n in range(300_001))
                + "</definedNames></workbook>"
            }
        ),
    ),
    "references": (
        "F02",
        lambda: unpacked(f'<row><c t="inlineStr"><is><t>{REFERENCES}</t></is></c></row>'),
    ),
    "references-in-cells": (
        "F02",
        lambda: unpacked(f'<row><c t="str"><v>{REFERENCES}</v></c></row>'),
    ),
    "references-in-strings": (
        "F02",
        lambda: unpacked(strings=f"<si><t>{REFERENCES[:100_000]}</t></si>"),
    ),
    "one-sheet-many-times": ("F15", lambda: many_sheets(500)),
    "blanks-of-many-kinds": (DATA, lambda: unpacked(ONE + MIXED * 2_000_000)),
    "bomb": ("F15", lambda: packed(put={SHEET: sheet(" " * 150_000_000)})),
    "bomb-of-strings": ("F15", lambda: packed(put={STRINGS: "<sst>" + " " * 150_000_000})),
    "directory": ("F24", lambda: long_directory(listed_member(b"xl/a"), 1_200_000)),
    "directory-of-long-names": (
        "F24",
        lambda: long_directory(listed_member(b"xl/" + b"\xe9" * 65_000), 900),
    ),
    "headers": ("F20", lambda: (b"PK\3\4" + bytes(22) + b"\3\0\0\0xl/") * 1_800_000),
    "signatures": ("F20", lambda: b"PK\3\4" * 15 * MB),
    "nuls": ("F07", lambda: bytes(64 * MB)),
    "text": ("F01", lambda: "单位，".encode() * 7 * MB),
    "noise": ("F01", lambda: bytes(range(129, 255)) * 500_000),
}

_OTHERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "texts.csv": (DATA, lambda: "\n".join([f"{'😀' * 34}," * 100] * 2900).encode()),
    "separators.csv": (DATA, lambda: b"," * 16_383 * 100),
    "repeated.ods": (
        DATA,
        lambda: ods(content(row("a" * 30, f'{COLUMNS}="290"', f'{ROWS}="1000"'))),
    ),
    "spaces.ods": ("F16", lambda: ods(content(row('<text:s text:c="999999999"/>')))),
    "texts.ods": (
        DATA,
        lambda: ods(content("".join(row(f"{n}😀{n:040d}") for n in range(200_000)))),
    ),
}

HOSTILE = tuple(
    Hostile(f"heavy-{name}", make, expected, heavy=True)
    for name, (expected, make) in [
        *((f"{name}.xlsx", kind) for name, kind in _KINDS.items()),
        *_OTHERS.items(),
    ]
)
