"""Hostile archives: members that overlap, share a name, lead elsewhere, lie or are cut off."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from hostile_kinds import DATA, Hostile
from packages import (
    BOOK,
    LINKS,
    ONE,
    SHEET,
    STRINGS,
    Entry,
    Parts,
    archive,
    entries,
    parts,
    sheet,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable

A1 = {"A1": "1"}
PARTS = parts(ONE)
WHOLE = zipped(PARTS)
LARGE = sheet(ONE + "<row/>" * 60_000 + "<row><c><v>2</v></c></row>")  # parsed in several pieces


def changed(part: str, members: Parts = PARTS, **changes: Any) -> bytes:  # noqa: ANN401 - fields of Entry
    """Pack a workbook in which what is said of one part is changed."""
    return archive(
        replace(entry, **changes) if entry.name == part.encode() else entry
        for entry in entries(members)
    )


def with_part(name: bytes, body: bytes = b"") -> Callable[[], bytes]:
    """Pack a workbook with one member more."""
    return lambda: archive([*entries(PARTS), Entry(name, body)])


def _quoted_overlap(count: int) -> bytes:
    """Make the bomb of one kernel: each member's data are a quoted header and the next's data."""
    kernel = b"\0" * 100_000
    stored = zlib.compress(kernel, wbits=-15)
    made = [Entry(b"xl/%d" % count, kernel, stored=stored)]
    for number in reversed(range(count)):
        after = made[0]
        header = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, 0, 0, 0, len(after.name), 0)
        quoted = header + after.name
        block = b"\0" + struct.pack("<2H", len(quoted), len(quoted) ^ 0xFFFF)
        size = len(block) + len(quoted) + len(stored)
        made.insert(0, Entry(b"xl/%d" % number, stored=block, stored_size=size))
    return archive(made)


def _same_data() -> bytes:
    """Let two names share one header, which can bear only one of them."""
    return archive([*entries(PARTS), Entry(b"xl/other.xml", stored=b"", header=0)])


def _inner_archive_survives() -> bytes:
    """Cut a file off behind a whole workbook that it carried inside."""
    whole = archive([*entries(PARTS), Entry(b"xl/embeddings/a.xlsx", WHOLE, method=0)])
    return whole[: whole.index(WHOLE) + len(WHOLE)]


def _long_directory() -> bytes:
    return archive(Entry(b"xl/%d" % number, stored=b"", size=0) for number in range(5001))


def _zip64_extra() -> bytes:
    """State a member's size and place in the field that is meant for large ones."""
    body = LARGE.encode()
    stored = zlib.compress(body, wbits=-15)
    extra = struct.pack("<2H2Q", 1, 16, len(body), len(stored))
    full = 0xFFFFFFFF
    return changed(
        SHEET, {**PARTS, SHEET: body}, stored=stored, stored_size=full, size=full, extra=extra
    )


OVERLAPS = (
    Hostile(
        "overlap-stored.xlsx",
        lambda: changed("_rels/.rels", method=0, stored_size=900),
        "F11",
    ),
    Hostile("overlap-next.xlsx", lambda: changed(BOOK, stored_size=2000), "F11"),
    Hostile("overlap-directory.xlsx", lambda: changed(SHEET, stored_size=500), "F11"),
    Hostile("overlap-past-the-end.xlsx", lambda: changed(SHEET, stored_size=1 << 30), "F11"),
    Hostile("overlap-bomb.xlsx", lambda: _quoted_overlap(500), "F11"),
    Hostile("overlap-one-header.xlsx", _same_data, "F02"),
)

DUPLICATES = tuple(
    Hostile(f"duplicate-{kind}.xlsx", with_part(name), "F12")
    for kind, name in {
        "same": b"xl/worksheets/sheet1.xml",
        "case": b"XL/Worksheets/SHEET1.XML",
        "backslash": b"xl\\worksheets\\sheet1.xml",
        "dot": b"xl/./worksheets/sheet1.xml",
        "two-slashes": b"xl//worksheets/sheet1.xml",
        "slash-behind": b"xl/worksheets/sheet1.xml/",
        "escaped": b"xl/worksheets/sheet%31.xml",
        "content-types": b"[CONTENT_TYPES].xml",
        "relations": b"_RELS/.rels",
    }.items()
)

TRAVERSALS = tuple(
    Hostile(f"traversal-{kind}.xlsx", with_part(name), "F13")
    for kind, name in {
        "up": b"../a.xml",
        "deep": b"xl/../../../../etc/passwd",
        "within": b"xl/../a.xml",
        "root": b"/etc/passwd",
        "drive": b"C:/Windows/a.exe",
        "drive-backslash": b"C:\\Windows\\a.exe",
        "backslash": b"..\\..\\a.exe",
        "escaped": b"%2e%2e/a.xml",
        "share": b"\\\\server\\share\\a.exe",
        "address": b"file:///etc/passwd",
        "stream": b"a.xml:hidden/b",
        "nul": b"xl/evil.exe\0.xml",
        "empty": b"",
    }.items()
)

CHECKSUMS = (
    *(
        Hostile(f"checksum-{part.rpartition('/')[2]}.xlsx", partial(changed, part, crc=1), "F19")
        for part in (SHEET, BOOK, STRINGS, LINKS, "_rels/.rels")
    ),
    Hostile("checksum-zero.xlsx", lambda: changed(SHEET, crc=0), "F19"),
    Hostile(
        "checksum-other-value.xlsx",
        lambda: changed(SHEET, method=0, stored=sheet(ONE.replace(">1<", ">9<")).encode()),
        "F19",
    ),
    Hostile(
        "checksum-large-part.xlsx", lambda: changed(SHEET, {**PARTS, SHEET: LARGE}, crc=1), "F19"
    ),
    Hostile(
        "checksum-and-bad-xml.xlsx",
        lambda: changed(SHEET, {**PARTS, SHEET: f"</a>{LARGE}"}, crc=1),
        "F19",
    ),
    Hostile(
        "checksum-of-a-picture.xlsx",
        lambda: changed("xl/media/1.png", {**PARTS, "xl/media/1.png": "a"}, crc=1),
        DATA,
        A1,
    ),
)

CUT_OFF = (
    *(
        Hostile(f"cut-{kind}.xlsx", partial(bytes, WHOLE[:length]), "F20")
        for kind, length in {
            "last-byte": -1,
            "end-record": -22,
            "directory": WHOLE.index(b"PK\1\2") + 9,
            "before-directory": WHOLE.index(b"PK\1\2"),
            "half": len(WHOLE) // 2,
            "first-header": 60,
        }.items()
    ),
    Hostile("cut-inner-archive-survives.xlsx", _inner_archive_survives, "F20"),
    Hostile("cut-part.xlsx", lambda: changed(SHEET, stored=_packed(SHEET)[:-3]), "F20"),
    Hostile("cut-part-to-nothing.xlsx", lambda: changed(SHEET, stored=b""), "F20"),
    Hostile(
        "cut-large-part.xlsx",
        lambda: changed(
            SHEET, {**PARTS, SHEET: LARGE}, stored=zlib.compress(LARGE.encode(), wbits=-15)[:-9]
        ),
        "F20",
    ),
)


def _packed(part: str) -> bytes:
    return zlib.compress(str(PARTS[part]).encode(), wbits=-15)


LIES = (
    Hostile("broken-deflate.xlsx", lambda: changed(SHEET, stored=b"\xff" * 99), "F02"),
    Hostile("broken-directory.xlsx", lambda: WHOLE.replace(b"PK\1\2", b"PK\1\3", 1), "F02"),
    Hostile("broken-signature.xlsx", lambda: b"PK\3\5" + WHOLE[4:], "F01"),
    Hostile("other-name-in-header.xlsx", lambda: changed(SHEET, local_name=b"x.xml"), "F02"),
    Hostile("header-past-the-end.xlsx", lambda: changed(SHEET, header=1 << 31), "F02"),
    Hostile("name-no-utf-8.xlsx", lambda: changed(SHEET, flags=0x800, name=b"xl/\xff"), "F02"),
    *(
        Hostile(f"method-{number}.xlsx", partial(changed, SHEET, stored=b"", method=number), "F02")
        for number in (1, 9, 12, 14, 93, 95, 98)
    ),
    *(
        Hostile(f"encrypted-{kind}.xlsx", partial(changed, SHEET, flags=flags), "F04")
        for kind, flags in {"member": 1, "strongly": 0x41, "masked": 0x2000}.items()
    ),
    Hostile("forged-size-small.xlsx", lambda: changed(SHEET, size=1), DATA, A1),
    Hostile("forged-size-huge.xlsx", lambda: changed(SHEET, size=0xFFFFFFF0), DATA, A1),
    Hostile("something-before.xlsx", lambda: archive(entries(PARTS), before=b"PK\3\4 "), "F20"),
    Hostile("program-before.xlsx", lambda: archive(entries(PARTS), before=b"MZ\x90\0"), "F01"),
    Hostile(
        "bytes-put-in.xlsx",
        lambda: WHOLE.replace(b"\xcd", b"\r\xcd").replace(b"PK\1\2", b"\nPK\1\2", 1),
        "F02",
    ),
    Hostile("bytes-lost.xlsx", lambda: WHOLE[:500] + WHOLE[503:], "F02"),
    Hostile("bytes-behind.xlsx", lambda: WHOLE + b"\r\n" * 99, DATA, A1),
    Hostile("comment.xlsx", lambda: archive(entries(PARTS), comment=b"a" * 65_000), DATA, A1),
    Hostile("zip64-end.xlsx", lambda: archive(entries(PARTS), wide=True), DATA, A1),
    Hostile("zip64-sizes.xlsx", _zip64_extra, DATA, A1),
    Hostile(
        "zip64-end-missing.xlsx",
        lambda: archive(entries(PARTS), wide=True).replace(b"PK\6\6", b"PK\6\5"),
        "F02",
    ),
    Hostile("empty-archive.xlsx", lambda: archive([]), "F08"),
    Hostile("stored.xlsx", lambda: archive(entries(PARTS, method=0)), DATA, A1),
    Hostile("too-many-members.xlsx", _long_directory, "F24"),
    Hostile("long-name.xlsx", with_part(b"xl/" + b"a" * 60_000), "F24"),
    Hostile("bomb-in-a-picture.xlsx", with_part(b"xl/media/1.png", b"\0" * 3_000_000), DATA, A1),
)

HOSTILE = (*OVERLAPS, *DUPLICATES, *TRAVERSALS, *CHECKSUMS, *CUT_OFF, *LIES)
