"""Hostile files of other formats: foreign ones under a workbook's name, ods, xlsb, csv, xls."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial

from hostile_kinds import DATA, Hostile
from packages import OFFICE, ONE, Entry, Parts, archive, entries, parts, relations, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TABLE = '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
NOISE = random.Random(1)  # noqa: S311 - the same bytes each time


def stream(name: str) -> bytes:
    """Begin an OLE container whose directory has one entry."""
    return OLE + bytes(504) + name.encode("utf-16-le").ljust(64, b"\0") + bytes(448)


FOREIGN = {
    "F01": {
        "pdf": b"%PDF-1.7\n",
        "png": b"\x89PNG\r\n\x1a\n" + bytes(99),
        "jpeg": b"\xff\xd8\xff\xe0" + bytes(99),
        "gif": b"GIF89a" + bytes(99),
        "tiff-little": b"II*\0" + bytes(99),
        "tiff-big": b"MM\0*" + bytes(99),
        "bmp": b"BM\x36\0\0\0\0\0\0\0" + bytes(99),
        "webp": b"RIFF\0\0\0\0WEBP",
        "doc": stream("WordDocument"),
        "ole-of-something": stream("Something"),
        "ole-head-only": OLE,
        "docx": zipped({"[Content_Types].xml": "", "word/document.xml": ""}),
        "pptx": zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}),
        "odt": b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
        "ofd": zipped({"OFD.xml": "", "Doc_0/Document.xml": ""}),
        "vsdx": zipped({"[Content_Types].xml": "", "visio/document.xml": ""}),
        "program": b"MZ\x90\0\3\0\0\0" + bytes(99),
        "shell-script": b"#!/bin/sh\nrm -rf /\n",
        "text": "请见附件。\n".encode(),
        "json": b'{"a": 1}',
        "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        "rtf": b"{\\rtf1 a}",
        "noise": NOISE.randbytes(5000),
        "gzip": b"\x1f\x8b\x08" + bytes(99),
        "half-a-signature": b"PK\3",
        "truncated-utf-16": b"\xff\xfe\x00",
    },
    "F04": {"encrypted": stream("EncryptedPackage")},
    "F05": {
        "html": b"<html><table><tr><td>1</td></tr></table></html>",
        "html-doctype": b"\xef\xbb\xbf <!DOCTYPE html><table>",
        "web-archive": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a",
        "table-xml": f'<?xml version="1.0"?>{TABLE}'.encode(),
    },
    "F07": {
        "empty": b"",
        "nuls": bytes(4096),
        "blanks": b" \r\n\t" * 1000,
        "byte-order-mark": b"\xef\xbb\xbf",
        "nuls-of-a-full-disk": bytes(200_000),
    },
    "F08": {
        "rar-4": b"Rar!\x1a\x07\0" + bytes(99),
        "rar-5": b"Rar!\x1a\x07\1\0" + bytes(99),
        "7z": b"7z\xbc\xaf\x27\x1c\0\4" + bytes(99),
        "zip": zipped({"一季度.xlsx": "", "二季度.xlsx": ""}),
        "zip-in-zip": zipped({"a.zip": zipped({"a.zip": zipped({"a": ""})})}),
    },
}

MAIL = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)


def content(table: str, before: str = "") -> str:
    """Write the content of an ods with one table."""
    return (
        f"{before}<office:document-content {SPACES}><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def row(cell: str, attributes: str = "", times: str = "") -> str:
    """Write a row with one cell of the text given."""
    return (
        f'<table:table-row {times}><table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{cell}</text:p></table:table-cell></table:table-row>"
    )


def ods(body: str | bytes, **others: str | bytes) -> bytes:
    """Pack an ods."""
    members: Parts = {"content.xml": body, **others}
    return archive([Entry(b"mimetype", MAIL.encode(), method=0), *entries(members)])


ROWS = "table:number-rows-repeated"
COLUMNS = "table:number-columns-repeated"
ODS = {
    "doctype": ("F14", ods(content(row("&a;"), '<!DOCTYPE a [<!ENTITY a "b">]>'))),
    "cells-repeated": ("F17", ods(content(row("a", f'{COLUMNS}="16384"', f'{ROWS}="1048576"')))),
    "text-repeated": ("F16", ods(content(row("a" * 60_000, f'{COLUMNS}="1000"')))),
    "rows-beyond": ("F23", ods(content(row("a", times=f'{ROWS}="999999999"')))),
    "columns-beyond": ("F23", ods(content(row("a", f'{COLUMNS}="16385"')))),
    "repeated-negative": ("F02", ods(content(row("a", f'{COLUMNS}="-1"')))),
    "repeated-huge": ("F02", ods(content(row("a", f'{COLUMNS}="{"9" * 5000}"')))),
    "deep": ("F18", ods(content(row("<text:span>" * 500)))),
    "control-character": ("F21", ods(content(row("a\x08b")))),
    "surrogate": ("F22", ods(content(row("\ud83d")).encode("utf-8", "surrogatepass"))),
    "content-missing": ("F02", archive([Entry(b"mimetype", MAIL.encode(), method=0)])),
    "encrypted": (
        "F04",
        ods("\x01", **{"META-INF/manifest.xml": "<a><manifest:encryption-data/></a>"}),
    ),
    "traversal": ("F13", ods(content(row("a")), **{"../a": ""})),
    "duplicate": ("F12", ods(content(row("a")), **{"CONTENT.xml": ""})),
    "cut": ("F20", ods(content(row("a")))[:-1]),
    "bomb": ("F15", ods(content(" " * 3_000_000))),
    "blank-to-the-corner": (
        DATA,
        ods(content(row("a") + f'<table:table-row {ROWS}="1048575"><table:table-cell '
                    f'{COLUMNS}="16384"/></table:table-row>')),
    ),
}  # fmt: skip

BINARY: Parts = {
    **parts(""),
    "xl/workbook.bin": b"\x83\x01\0",
    "_rels/.rels": relations(("r1", f"{OFFICE}/officeDocument", "xl/workbook.bin")),
}
XLSB = {
    "record-cut": ("F02", zipped({**BINARY, "xl/workbook.bin": b"\x9c\x01\xff\xff\xff\x7f"})),
    "record-endless": ("F02", zipped({**BINARY, "xl/workbook.bin": b"\xff" * 5000})),
    "no-sheet": ("F02", zipped({**BINARY})),
    "noise": ("F02", zipped({**BINARY, "xl/workbook.bin": NOISE.randbytes(5000)})),
    "duplicate": ("F12", zipped({**BINARY, "XL/workbook.bin": b""})),
    "checksum": (
        "F19",
        archive(
            replace(entry, crc=7) if entry.name.endswith(b".bin") else entry
            for entry in entries(BINARY)
        ),
    ),
    "doctype-in-relations": ("F14", zipped({**BINARY, "_rels/.rels": "<!DOCTYPE a>"})),
}

CSV = {
    "nul": ("F01", b"a,b\n1,\0\n"),
    "picture": ("F01", b"\x89PNG\r\n\x1a\n"),
    "noise": ("F01", b"\xff" + NOISE.randbytes(5000)),
    "one-long-field": ("F02", b"a," + b"b" * 200_000),
    "cells": ("F17", b"1,2,3,4,5,6,7,8,9,10\n" * 30_001),
    "columns": ("F23", b"a" + b"," * 16_384 + b"b"),
    "quotation-open": ("F02", b'a,"b\n' * 100),
    "separators-only": ("F24", b"," * 3_100_000),
    "workbook": (DATA, zipped(parts(ONE))),
}

HOSTILE = (
    *(
        Hostile(f"{name}.xlsx", partial(bytes, body), code)
        for code, bodies in FOREIGN.items()
        for name, body in bodies.items()
    ),
    *(
        Hostile(f"{name}.{extension}", partial(bytes, body), code)
        for extension, files in (("ods", ODS), ("xlsb", XLSB), ("csv", CSV))
        for name, (code, body) in files.items()
    ),
)
