"""Reads a form's tables and their lines, and finds what does not fit together in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.definitions.form_cells import LONGEST_TEXT
from sheetflow.model.characters import nfkc
from sheetflow.model.form import FIRST_NUMBER, Blank, Line, LineKind, Measure, Merge, Shape, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheetflow.definitions.lines import Fields

_CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_SHARES = frozenset("%％‰")
_NO_CHOICE = re.compile('[,"\n]')
_LONGEST_PROMPT = 255
"""Excel drops a validation whose prompt, or whose list of choices, is longer."""
_MOST_LINES = 2_000
"""Items or columns of a table; Excel ends at 16,384 columns, official forms have a hundred."""
_ROW_NUMBER = "序号"
"""Stands over the numbers of a register's rows if its definition has no `corner`."""
_USUAL_MERGE = {
    Shape.GRID: Merge.SUM,
    Shape.TEXTS: Merge.APART,
    Shape.REGISTER: Merge.APPEND,
}


@dataclass(frozen=True, slots=True)
class _Read:
    """A line with the reader that still knows where it stands."""

    fields: Fields
    line: Line


def read_tables(root: Fields, sections: frozenset[str]) -> tuple[Table, ...]:
    """Read all tables with their items and columns; faults go to the reader's list."""
    heads = root.tables("table")
    codes = [_code(fields) for fields in heads]
    shapes = {
        code: fields.choice("shape", Shape, Shape.GRID)
        for fields, code in zip(heads, codes, strict=True)
    }
    items = _lines(root, "item", shapes, sections)
    columns = _lines(root, "column", shapes, sections)
    tables: dict[str, Table] = {}
    for fields, code in zip(heads, codes, strict=True):
        if code and code in tables:
            fields.fault("S08", "code", what=code)
        tables[code] = _table(fields, code, shapes[code], items[code], columns[code])
        if tables[code].section:
            _section(fields, sections)
    _check_sections(root, tables, sections)
    _check_units(root, tables)
    return tuple(tables.values())


def _table(
    fields: Fields, code: str, shape: Shape, items: Sequence[Line], columns: Sequence[Line]
) -> Table:
    defaults = _line(fields, code, shape)
    section = fields.text("section")
    if shape is Shape.REGISTER:
        items = _rows(fields)
    elif "rows" in fields:
        fields.fault("S04", "shape", found=shape.value, expected=Shape.REGISTER.value)
        fields.whole("rows")
    for key, lines in (("item", items), ("column", columns)):
        if not any(line.kind is not LineKind.HEADING for line in lines):
            fields.fault("S02", key, expected=f'[[{key}]] table = "{code}"')
    if shape is Shape.TEXTS and len(columns) > 1:
        fields.fault("S04", "shape", found=shape.value, expected=Shape.GRID.value)
    table = Table(
        code=code,
        section=section,
        items=tuple(replace(item, section=item.section or section) for item in items),
        columns=tuple(_inherited(column, defaults, shape) for column in columns),
        shape=shape,
        merge=_merge(fields, shape),
        required=fields.flag("required", default=True),
        caption=fields.text("caption", ""),
        corner=fields.text("corner", _ROW_NUMBER if shape is Shape.REGISTER else ""),
        banner=fields.text("banner", ""),
    )
    fields.done()
    return table


def _rows(fields: Fields) -> list[Line]:
    """Give the rows that a register offers; the code of a row is its number, as its label is."""
    if "rows" not in fields:
        fields.fault("S02", "rows", expected="rows = 30")
        return [Line(FIRST_NUMBER, FIRST_NUMBER)]
    count = fields.whole("rows")
    if fields.data["rows"] == count and not 1 <= count <= _MOST_LINES:
        fields.fault("S04", "rows", found=str(count), expected=f"1 – {_MOST_LINES}")
    return [Line(str(n), str(n)) for n in range(1, min(max(count, 1), _MOST_LINES) + 1)]


def _merge(fields: Fields, shape: Shape) -> Merge:
    """Read the merge rule: rows of agencies are appended, lines are not, and nothing else is."""
    merge = fields.choice("merge", Merge, _USUAL_MERGE[shape])
    if (merge is Merge.APPEND) != (shape is Shape.REGISTER):
        others = " | ".join(each for each in Merge if each is not Merge.APPEND)
        expected = Merge.APPEND if shape is Shape.REGISTER else others
        fields.fault("S04", "merge", found=merge.value, expected=expected)
    return merge


def _inherited(column: Line, defaults: Line, shape: Shape) -> Line:
    """Fill what a column leaves open from its table; what goes for its figures is not for texts."""
    usual = defaults.measure or (Measure.TEXT if shape is Shape.TEXTS else Measure.COUNT)
    measure = column.measure or usual
    if usual.numeric and not measure.numeric:
        defaults = replace(defaults, unit="", blank=None)
    return replace(
        column,
        measure=measure,
        unit=column.unit or defaults.unit,
        help=column.help or defaults.help,
        decimals=defaults.decimals if column.decimals is None else column.decimals,
        blank=column.blank or defaults.blank,
        limit=defaults.limit if column.limit is None else column.limit,
        choices=column.choices if column.measure else defaults.choices,
    )


def _lines(
    root: Fields, key: str, shapes: Mapping[str, Shape], sections: frozenset[str]
) -> dict[str, list[Line]]:
    """Read items or columns, grouped by their table, and check each table's tree of them."""
    read: dict[str, dict[str, _Read]] = {code: {} for code in shapes}
    for fields in root.tables(key):
        table, code = fields.text("table"), _code(fields)
        shape = shapes.get(table, Shape.GRID)
        kind = fields.choice("kind", LineKind, LineKind.ENTRY)
        label = fields.text("label", "" if "label" in fields else None)
        line = replace(_line(fields, code, shape), kind=kind, label=label)
        if kind is LineKind.TOTAL and line.measure and not line.measure.adds:
            fields.fault("S04", "measure", found=line.measure.value, expected="count | amount")
        if kind is LineKind.TOTAL and shape is Shape.REGISTER and key == "column":
            fields.fault("S04", "kind", found=kind.value, expected="entry | heading")
        if key == "item" and shape is Shape.TEXTS:
            line = replace(line, section=_section(fields, sections))
        fields.done()
        if table not in read:
            if table:
                fields.fault("S05", "table", found=table)
        elif key == "item" and shape is Shape.REGISTER:
            fields.fault("S04", "table", found=table, expected=f'shape ≠ "{shape}" ([[column]])')
        elif code and code in read[table]:
            fields.fault("S08", "code", what=f"{table}/{code}")
        else:
            read[table][code] = _Read(fields, line)
    for known in read.values():
        _check_count(known, key)
        _check_labels(known, key)
        _check_tree(known, key)
        _check_order(known)
    return {table: [each.line for each in known.values()] for table, known in read.items()}


def _section(fields: Fields, sections: frozenset[str]) -> str:
    section = fields.text("section", "")
    if section and section not in sections:
        fields.fault("S05", "section", found=section)
    return section


def _line(fields: Fields, code: str, shape: Shape) -> Line:
    """Read the keys that tables, columns and items share."""
    measure = fields.choice("measure", Measure, Measure.COUNT) if "measure" in fields else None
    if shape is Shape.TEXTS and measure not in {None, Measure.TEXT}:
        fields.fault(
            "S04", "measure", found=str(fields.data["measure"]), expected=Measure.TEXT.value
        )
    blank = fields.choice("blank", Blank, Blank.ERROR) if "blank" in fields else None
    return Line(
        code=code,
        label="",
        measure=measure,
        unit=fields.text("unit", ""),
        decimals=_at_most(fields, "decimals", 15),
        blank=blank,
        help=_help(fields),
        limit=_at_most(fields, "limit", LONGEST_TEXT),
        choices=_choices(fields, measure),
        also=fields.texts("also"),
    )


def _help(fields: Fields) -> str:
    text = fields.text("help", "")
    if len(text) > _LONGEST_PROMPT:
        fields.fault("S04", "help", found=str(len(text)), expected=f"<= {_LONGEST_PROMPT}")
    return text


def _choices(fields: Fields, measure: Measure | None) -> tuple[str, ...]:
    """Read the answers of which one is asked for; Excel keeps them in one text, between commas."""
    if measure is Measure.CHOICE and "choices" not in fields:
        fields.fault("S02", "choices", expected='choices = ["是", "否"]')
    if measure is not Measure.CHOICE and "choices" in fields:
        found = measure.value if measure else "—"
        fields.fault("S04", "measure", found=found, expected=f'measure = "{Measure.CHOICE}"')
    choices = fields.texts("choices")
    length = len(",".join(choices))
    alike = [nfkc(choice) for choice in choices]  # as they are told apart in returns
    wrong = next((x for x in choices if _NO_CHOICE.search(x) or alike.count(nfkc(x)) > 1), "")
    if "choices" in fields and fields.data["choices"] == []:
        fields.fault("S04", "choices", found="[]", expected='["是", "否"]')
    elif wrong:
        fields.fault("S04", "choices", found=wrong, expected='["是", "否"]')
    elif length > _LONGEST_PROMPT:
        fields.fault("S04", "choices", found=str(length), expected=f"<= {_LONGEST_PROMPT}")
    return choices


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


def _check_count(known: dict[str, _Read], key: str) -> None:
    """Find a table of too many lines, and leave those out that are."""
    beyond = list(known)[_MOST_LINES:]
    if beyond:
        fields = known[beyond[0]].fields
        fields.fault("S04", key, found=str(len(known)), expected=f"<= {_MOST_LINES}")
    for code in beyond:
        del known[code]


def _check_labels(known: Mapping[str, _Read], key: str) -> None:
    """Find lines without a label; the only item of a table needs none."""
    count = sum(each.line.kind is not LineKind.HEADING for each in known.values())
    is_needed = key == "column" or count > 1
    for each in known.values():
        label = each.fields.data.get("label")
        if is_needed and isinstance(label, str) and not label.strip():
            each.fields.fault("S04", "label", found=label, expected='"…"')


def _check_tree(known: Mapping[str, _Read], key: str) -> None:
    """Find dotted codes without their heading above, and headings with nothing below."""
    for code, each in known.items():
        parent = code.rpartition(".")[0]
        if parent and (parent not in known or known[parent].line.kind is not LineKind.HEADING):
            each.fields.fault("S05", "code", found=parent)
        childless = not any(other.startswith(f"{code}.") for other in known)
        if each.line.kind is LineKind.HEADING and childless:
            each.fields.fault("S02", key, expected=f'[[{key}]] code = "{code}.…"')


def _check_order(known: Mapping[str, _Read]) -> None:
    """Find lines that do not stand together under their heading: they can't be printed so."""
    before = ""
    for code, each in known.items():
        parent = each.line.parent
        if parent and parent in known and not f"{before}.".startswith(f"{parent}."):
            each.fields.fault("S04", "code", found=code, expected=f"{parent}, {parent}.…, {code}")
        before = code


def _check_units(root: Fields, tables: Mapping[str, Table]) -> None:
    """Find percentages in tables that are added up: what they would add up to means nothing."""
    for key in ("table", "item", "column"):
        for fields in root.tables(key):
            table = tables.get(fields.text("code" if key == "table" else "table", ""))
            unit = fields.text("unit", "")
            if table and table.merge is Merge.SUM and unit in _SHARES:
                fields.fault("S33", "unit", found=unit)


def _check_sections(root: Fields, tables: Mapping[str, Table], sections: frozenset[str]) -> None:
    """Find texts in a section of grids: a sheet shows the one or the other, or one register.

    So whatever stands below the last row of a register is a row that has no cells.
    """
    grids = {table.section for table in tables.values() if table.shape is not Shape.TEXTS}
    registers = {table.section for table in tables.values() if table.is_register}
    seen: set[str] = set()
    for fields in root.tables("table"):
        section = fields.text("section", "")
        if section in seen & registers:
            free = " | ".join(sorted(sections - grids)) or "[[section]]"
            fields.fault("S04", "section", found=section, expected=free)
        seen.add(section)
    for fields in root.tables("item"):
        table = tables.get(fields.text("table", ""))
        item = table.item(fields.text("code", "")) if table else None
        if table and item and table.shape is Shape.TEXTS and item.section in grids:
            free = " | ".join(sorted(sections - grids)) or "[[section]]"
            fields.fault("S04", "section", found=item.section, expected=free)
