"""Reads a form's tables and their lines, and finds what does not fit together in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.model.form import Blank, Line, LineKind, Measure, Merge, Shape, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheetflow.definitions.lines import Fields

_CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_LONGEST_HELP = 255
"""Excel drops a validation whose prompt is longer."""
_LONGEST_TEXT = 32767
"""What an Excel cell holds."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A line with the reader that still knows where it stands."""

    fields: Fields
    line: Line


def read_tables(root: Fields, sections: frozenset[str]) -> tuple[Table, ...]:
    """Read all tables with their items and columns; faults go to the reader's list."""
    heads = root.tables("table")
    codes = [_code(fields) for fields in heads]
    items = _lines(root.tables("item"), codes, sections)
    columns = _lines(root.tables("column"), codes, sections)
    tables: dict[str, Table] = {}
    for fields, code in zip(heads, codes, strict=True):
        if code in tables:
            fields.fault("S08", "code", what=code)
        tables[code] = _table(fields, code, sections, items[code], columns[code])
    return tuple(tables.values())


def _table(
    fields: Fields,
    code: str,
    sections: frozenset[str],
    items: Sequence[Line],
    columns: Sequence[Line],
) -> Table:
    shape = fields.choice("shape", Shape, Shape.GRID)
    defaults = _line(fields, code, sections)
    for key, lines in (("item", items), ("column", columns)):
        if not any(line.kind is not LineKind.HEADING for line in lines):
            fields.fault("S02", key, expected=f'[[{key}]] table = "{code}"')
    table = Table(
        code=code,
        section=fields.text("section"),
        items=tuple(replace(item, section=item.section or defaults.section) for item in items),
        columns=tuple(_inherited(column, defaults) for column in columns),
        shape=shape,
        merge=fields.choice("merge", Merge, Merge.SUM if shape is Shape.GRID else Merge.APART),
        required=fields.flag("required", default=True),
        caption=fields.text("caption", ""),
        corner=fields.text("corner", ""),
        banner=fields.text("banner", ""),
    )
    fields.done()
    return table


def _inherited(column: Line, defaults: Line) -> Line:
    """Fill what a column leaves open from its table."""
    return replace(
        column,
        measure=column.measure or defaults.measure or Measure.COUNT,
        unit=column.unit or defaults.unit,
        decimals=defaults.decimals if column.decimals is None else column.decimals,
        blank=column.blank or defaults.blank,
        limit=defaults.limit if column.limit is None else column.limit,
    )


def _lines(
    readers: Sequence[Fields], tables: Sequence[str], sections: frozenset[str]
) -> dict[str, list[Line]]:
    """Read items or columns, grouped by their table, and check each table's tree of them."""
    read: dict[str, dict[str, _Read]] = {code: {} for code in tables}
    for fields in readers:
        table, code = fields.text("table"), _code(fields)
        kind = fields.choice("kind", LineKind, LineKind.ENTRY)
        label = str(fields.data.get("label", "")) if "label" in fields else fields.text("label")
        line = replace(_line(fields, code, sections), kind=kind, label=label)
        fields.done()
        if table not in read:
            fields.fault("S05", "table", found=table)
        elif code in read[table]:
            fields.fault("S08", "code", what=f"{table}/{code}")
        else:
            read[table][code] = _Read(fields, line)
    for known in read.values():
        _check_tree(known)
    return {table: [each.line for each in known.values()] for table, known in read.items()}


def _line(fields: Fields, code: str, sections: frozenset[str]) -> Line:
    """Read the keys that tables, columns and items share."""
    section = fields.text("section", "")
    if section and section not in sections:
        fields.fault("S05", "section", found=section)
    measure = fields.choice("measure", Measure, Measure.COUNT) if "measure" in fields else None
    blank = fields.choice("blank", Blank, Blank.ERROR) if "blank" in fields else None
    return Line(
        code=code,
        label="",
        measure=measure,
        unit=fields.text("unit", ""),
        decimals=_at_most(fields, "decimals", 15),
        blank=blank,
        help=_help(fields),
        section=section,
        limit=_at_most(fields, "limit", _LONGEST_TEXT),
    )


def _help(fields: Fields) -> str:
    text = fields.text("help", "")
    if len(text) > _LONGEST_HELP:
        fields.fault("S04", "help", found=str(len(text)), expected=f"<= {_LONGEST_HELP}")
    return text


def _at_most(fields: Fields, key: str, most: int) -> int | None:
    if key not in fields:
        return None
    value = fields.whole(key)
    if value > most:
        fields.fault("S04", key, found=str(value), expected=f"<= {most}")
    return value


def _code(fields: Fields) -> str:
    code = fields.text("code")
    if code and not _CODE.fullmatch(code):
        fields.fault("S04", "code", found=code, expected="a-z 0-9 _ .")
    return code


def _check_tree(known: dict[str, _Read]) -> None:
    """Find dotted codes without their heading above, and headings with nothing below."""
    for code, each in known.items():
        parent = code.rpartition(".")[0]
        if parent and (parent not in known or known[parent].line.kind is not LineKind.HEADING):
            each.fields.fault("S05", "code", found=parent)
        childless = not any(other.startswith(f"{code}.") for other in known)
        if each.line.kind is LineKind.HEADING and childless:
            each.fields.fault("S02", "item", expected=f"{code}.…")
