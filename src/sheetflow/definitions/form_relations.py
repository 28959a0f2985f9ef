"""Reads a form's relations; every cell they name is resolved here."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sheetflow.model.form import Along, LineKind, Relation
from sheetflow.relations.grammar import parse_relation
from sheetflow.relations.resolve import comparisons, defining_line, unknown_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheetflow.definitions.lines import Fields
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Cell, Table


_OTHER_WAY = {Along.COLUMNS: Along.ITEMS, Along.ITEMS: Along.COLUMNS}


def read_relations(
    root: Fields,
    checks: frozenset[str],
    tables: Mapping[str, Table],
    cells: Mapping[CellRef, Cell],
) -> tuple[Relation, ...]:
    """Read every relation that can be read; faults go to the reader's list."""
    relations = []
    for fields in root.tables("relation"):
        relation = _relation(fields, tables, cells)
        if relation and relation.check not in checks:
            if not relation.check:
                continue  # It is missing, which has been said.
            fields.fault("S05", "check", found=relation.check)
        elif relation:
            relations.append(relation)
    return tuple(relations)


def _relation(
    fields: Fields, tables: Mapping[str, Table], cells: Mapping[CellRef, Cell]
) -> Relation | None:
    check, text = fields.text("check"), fields.text("holds")
    along = fields.choice("along", Along)
    table = "" if along is Along.CELLS else fields.text("table")
    fields.done()
    sides = parse_relation(text)
    if isinstance(sides, str) and text:
        fields.fault("S06", "holds", text=text, detail=sides)
    strange = along is not Along.CELLS and table not in tables
    if strange and table:
        fields.fault("S05", "table", found=table)
    if strange or isinstance(sides, str):
        return None
    if along is Along.COLUMNS and tables[table].is_register:
        fields.fault("S04", "along", found=along.value, expected=Along.ITEMS.value)
        return None
    relation = Relation(check, table, along, text, *sides)
    unknown = list(dict.fromkeys(unknown_terms(relation, tables)))
    other = _OTHER_WAY.get(along)
    if unknown and fields.data.get("along") != along:
        return None  # It is missing or wrong, which has been said.
    if unknown and other and not any(unknown_terms(replace(relation, along=other), tables)):
        fields.fault("S04", "along", found=along.value, expected=other.value)
        return None
    for term in unknown:
        fields.fault("S05", "holds", found=term)
    if unknown:
        return None
    not_added = _not_added(relation, tables, cells)
    if not_added:
        fields.fault("S32", "holds", found=not_added)
    return None if not_added else relation


def _not_added(
    relation: Relation, tables: Mapping[str, Table], cells: Mapping[CellRef, Cell]
) -> str:
    """Name what a relation would add or compare though it can't be added; empty if there is none.

    Nor can a row of a register, but with itself. A table without a line the other way has no cells
    at all, which has been said.
    """
    resolved = tuple(comparisons(relation, tables))
    if not resolved:
        has_cells = any(ref.table == relation.table for ref in cells)
        return str(relation.left[0]) if has_cells else ""
    for each in resolved:
        if not each.left or not (each.right or each.previous):
            return f"{relation.text}（{each.line}）"  # a star that means nothing that is added
        is_elsewhere = relation.along is Along.CELLS or bool(each.previous)
        for _, ref in (*each.left, *each.right, *each.previous):
            cell = cells.get(ref)
            if not cell or not cell.measure.adds or (is_elsewhere and cell.in_register):
                return str(ref)
    return ""


def check_totals(root: Fields, tables: Iterable[Table], relations: Sequence[Relation]) -> None:
    """Every total line must be defined by exactly one relation that has it alone on the left.

    Where a relation of its table could not be read, that may be the one.
    """
    defined = Counter(
        (relation.table, relation.along, defining_line(relation)) for relation in relations
    )
    known = {table.code: table for table in tables}
    stated = Counter(fields.text("table", "") for fields in root.tables("relation"))
    read = Counter(relation.table for relation in relations)
    unread = {table for table, count in stated.items() if count > read[table]}
    for key, along in (("item", Along.COLUMNS), ("column", Along.ITEMS)):
        for fields in root.tables(key):
            table, code = fields.text("table", ""), fields.text("code", "")
            if table not in known:
                continue
            line = known[table].item(code) if key == "item" else known[table].column(code)
            count = defined[table, along, code]
            is_open = not count and (table in unread or not unread <= known.keys())
            if line and line.kind is LineKind.TOTAL and count != 1 and not is_open:
                fields.fault("S07", "code", line=f"{table}/{code}", count=str(count))
