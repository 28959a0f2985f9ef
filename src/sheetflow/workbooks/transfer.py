"""A workbook as bytes, to be handed from one process to another.

One line of JSON for the workbook, one for each sheet and one for each of its rows, so that neither
side holds more than a row twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sheetflow.workbooks.workbook import CellKind, RawCell, Sheet, Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = {kind.value: kind for kind in CellKind}


def pack(workbook: Workbook) -> bytes:
    """Write a workbook; half a surrogate pair, which no text can hold, becomes `?`."""
    packed = bytearray()
    for line in _lines(workbook):
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        packed += text.encode("utf-8", "replace") + b"\n"
    return bytes(packed)


def unpack(data: bytes) -> Workbook:
    """Read what `pack` wrote; ValueError, TypeError or LookupError if it did not."""
    lines: Iterator[Any] = map(json.loads, data.splitlines())
    head: Any = next(lines, {})
    sheets = tuple(_sheet(next(lines, []), lines) for _ in range(head["sheets"]))
    return Workbook(sheets, head["names"], head["properties"], head["client"])


def _lines(workbook: Workbook) -> Iterator[Any]:
    yield {
        "sheets": len(workbook.sheets),
        "names": dict(workbook.names),
        "properties": dict(workbook.properties),
        "client": workbook.client,
    }
    for sheet in workbook.sheets:
        rows: dict[int, list[int]] = {}
        for row, column in sheet.cells:
            rows.setdefault(row, []).append(column)
        yield [sheet.name, sheet.state, sheet.protected, sheet.validated, len(rows)]
        for row, columns in rows.items():
            yield [row, *((column, *sheet.cells[row, column]) for column in columns)]


def _sheet(head: list[Any], lines: Iterator[list[Any]]) -> Sheet:
    name, state, protected, validated, rows = head
    cells = {}
    for _ in range(rows):
        row, *listed = next(lines, [])
        for column, kind, text, formula in listed:
            cells[row, column] = RawCell(_KINDS[kind], text, formula)
    return Sheet(name, state, cells, protected, validated)
