"""Binds relations to cells, once, when a form is loaded: after that nobody parses or searches."""

from __future__ import annotations

from collections import Counter
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, cast

from sheetflow.model.cells import CellRef, parse_cell
from sheetflow.model.form import (
    Along,
    Comparison,
    LineKind,
    Operator,
    Relation,
    Side,
    Table,
    Term,
    is_cell,
    measure_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sheetflow.model.form import Line


def unknown_terms(relation: Relation, tables: Mapping[str, Table]) -> Iterator[str]:
    """Name the references of a relation that no line (or, in full references, no cell) answers."""
    for term in (*relation.left, *relation.right):
        if relation.along is Along.CELLS:
            known = _full_reference(term, tables) is not None
        else:
            known = bool(_named_lines(term, _lines(relation, tables[relation.table])))
        if not known:
            yield str(term)


def comparisons(relation: Relation, tables: Mapping[str, Table]) -> Iterator[Comparison]:
    """Resolve a relation whose terms are all known: one comparison for each line it runs along.

    A line that has but texts there, as a column of remarks, has nothing to compare.
    """
    now = tuple(term for term in relation.right if not term.previous)
    before = tuple(term for term in relation.right if term.previous)
    if relation.along is Along.CELLS:
        bound = (_bound(terms, tables) for terms in (relation.left, now, before))
        yield Comparison(relation, "", *bound)
        return
    table = tables[relation.table]
    crossing = table.columns if relation.along is Along.COLUMNS else table.items
    for line in crossing:
        if line.kind is not LineKind.HEADING:
            sides = [
                tuple(_cells(relation, table, line, terms))
                for terms in (relation.left, now, before)
            ]
            if any(_is_added(table, ref) for side in sides for _, ref in side):
                yield Comparison(relation, line.code, *sides)


def defining_line(relation: Relation) -> str | None:
    """Give the line that a relation computes: the left side is that line alone, and equal."""
    alone = len(relation.left) == 1 and relation.operator is Operator.EQUAL
    alone = alone and not any(term.previous for term in relation.right)
    term = relation.left[0]
    return term.path if alone and term.factor == 1 and not term.star else None


def definitions(
    resolved: Iterable[Comparison], tables: Mapping[str, Table]
) -> dict[CellRef, Comparison]:
    """For each total cell the first comparison that computes it; a later one stays a check."""
    found: dict[CellRef, Comparison] = {}
    for comparison in resolved:
        if _defines(comparison.relation, tables):
            found.setdefault(comparison.left[0][1], comparison)
    return found


def leaves(defined: Mapping[CellRef, Comparison]) -> dict[CellRef, Side] | CellRef:
    """For each total cell the entry cells it adds in the end; a cell that adds itself instead."""
    parts = {ref: [part for _, part in each.right] for ref, each in defined.items()}
    try:
        order = tuple(TopologicalSorter(parts).static_order())
    except CycleError as error:
        return cast("CellRef", error.args[1][0])
    done: dict[CellRef, Side] = {}
    for ref in order:
        factors: Counter[CellRef] = Counter()
        for factor, part in defined[ref].right if ref in defined else ():
            for inner, leaf in done[part]:
                factors[leaf] += factor * inner
        added = tuple((factor, leaf) for leaf, factor in factors.items() if factor)
        done[ref] = added if ref in defined else ((1, ref),)
    return {ref: done[ref] for ref in defined}


def _defines(relation: Relation, tables: Mapping[str, Table]) -> bool:
    """Whether a relation computes its left line, which it does if that line itself is a total.

    A relation of full references names cells, not lines: it never computes, it only compares.
    """
    path = defining_line(relation)
    if path is None or relation.along is Along.CELLS:
        return False
    lines = _lines(relation, tables[relation.table])
    return any(line.code == path and line.kind is LineKind.TOTAL for line in lines)


def _lines(relation: Relation, table: Table) -> tuple[Line, ...]:
    return table.items if relation.along is Along.COLUMNS else table.columns


def _named_lines(term: Term, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    if not term.star:
        return tuple(
            line for line in lines if line.code == term.path and line.kind is not LineKind.HEADING
        )
    prefix = f"{term.path}." if term.path else ""
    return tuple(
        line for line in lines if line.code.startswith(prefix) and line.kind is LineKind.ENTRY
    )


def _cells(
    relation: Relation, table: Table, line: Line, terms: tuple[Term, ...]
) -> Iterator[tuple[int, CellRef]]:
    """Give the cells that terms name at a line; a star means what is added, others passed over."""
    for term in terms:
        for named in _named_lines(term, _lines(relation, table)):
            item, column = (named, line) if relation.along is Along.COLUMNS else (line, named)
            if not term.star or measure_of(item, column).adds:
                yield term.factor, CellRef(table.code, item.code, column.code)


def _is_added(table: Table, ref: CellRef) -> bool:
    item, column = table.item(ref.item), table.column(ref.column)
    return item is not None and column is not None and measure_of(item, column).adds


def _full_reference(term: Term, tables: Mapping[str, Table]) -> CellRef | None:
    ref = parse_cell(term.path)
    if ref is None or term.star or ref.table not in tables:
        return None
    item, column = tables[ref.table].item(ref.item), tables[ref.table].column(ref.column)
    return ref if item and column and is_cell(item, column) else None


def _bound(terms: Iterable[Term], tables: Mapping[str, Table]) -> Side:
    refs = ((term.factor, _full_reference(term, tables)) for term in terms)
    return tuple((factor, ref) for factor, ref in refs if ref is not None)
