"""Writes records of legacy workbooks byte by byte, for what no program at hand would write."""

from __future__ import annotations

import struct
from io import BytesIO

from xlwt import CompoundDoc

GLOBALS, SHEET = 0x0005, 0x0010
BIFF5, BIFF8 = 0x0500, 0x0600
END = struct.pack("<HH", 0x000A, 0)


def record(code: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def begin(version: int, kind: int) -> bytes:
    body = struct.pack("<HHHHII", version, kind, 0x0DBB, 1996, 0, 0x0006)
    return record(0x0809, body if version == BIFF8 else body[:8])


def text(version: int, value: str, size: str = "B") -> bytes:
    """Write a text, of BIFF 8 in UTF-16, of BIFF 5 in the Chinese code page, after its length."""
    if version == BIFF8:
        return struct.pack(f"<{size}B", len(value), 1) + value.encode("utf-16-le")
    encoded = value.encode("gbk")
    return struct.pack(f"<{size}", len(encoded)) + encoded


def label(version: int, row: int, column: int, value: str) -> bytes:
    return record(0x0204, struct.pack("<HHH", row, column, 0) + text(version, value, "H"))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def formula(row: int, column: int, result: bytes, tokens: bytes = b"") -> bytes:
    head = struct.pack("<HHH8sHIH", row, column, 0, result, 0, 0, len(tokens))
    return record(0x0006, head + tokens)


def stream(version: int, head: bytes, sheets: dict[str, bytes], states: bytes = b"") -> bytes:
    """Write a workbook stream: `head` among the workbook's records, `sheets` by name."""
    listed = [text(version, name) for name in sheets]
    bodies = [begin(version, SHEET) + body + END for body in sheets.values()]
    start = begin(version, GLOBALS) + head
    at = len(start) + sum(4 + 6 + len(name) for name in listed) + len(END)
    for index, (name, body) in enumerate(zip(listed, bodies, strict=True)):
        state = states[index] if index < len(states) else 0
        start += record(0x0085, struct.pack("<IBB", at, state, 0) + name)
        at += len(body)
    return start + END + b"".join(bodies)


def container(workbook: bytes) -> bytes:
    """Put a workbook stream, filled up to whole empty records, into an OLE container."""
    file = BytesIO()
    CompoundDoc.XlsDoc().save(file, workbook + record(0, bytes(-len(workbook) % 4)))
    return file.getvalue()
