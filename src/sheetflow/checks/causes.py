"""The smallest change that would make failed relations hold: a hint for the office, never applied.

Unknowns are the cells that the agency typed: entries, and totals that stand as constants. A move
changes one cell, or exchanges two near each other (a value one row off, two digits in the wrong
columns). Moves that break nothing are tried; the one that mends most is taken, then the next.
Where several do equally well all are named: which is right, the figures alone can't tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, islice
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import CellRef, exact_product, exact_sum
from sheetflow.model.findings import Cause, CellChange
from sheetflow.model.form import LineKind, Measure, Operator, Shape
from sheetflow.relations.evaluate import over_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheetflow.checks.case import Case
    from sheetflow.model.findings import Finding
    from sheetflow.model.form import Comparison, Form

Changes = tuple[CellChange, ...]
_MOST_CAUSES = 60
_UNREAD = ("T1 ", "T2 ")
_NEAR = 2
"""How many rows apart two values of a column may be exchanged."""
_GUESSED = 1
"""So many entries of an equation may be unknown: with more it says nothing of any cell."""
_A_LINE = 3
"""So many wrong totals of one row or column have one cause."""


class _Equation(NamedTuple):
    """What the factors times the typed figures add up to must be 0; `key` is the finding's."""

    key: str
    factors: Mapping[CellRef, int]


class _Move(NamedTuple):
    """A change, and the failed equations that hold after it."""

    changes: Changes
    mends: tuple[int, ...]
    breadth: int
    """Of the narrowest equation that it mends, the number of cells."""

    @property
    def rank(self) -> tuple[int, int, int]:
        """Order moves: those that mend most first, with fewest cells, and the narrowest."""
        return -len(self.mends), len(self.changes), self.breadth


@dataclass(frozen=True, slots=True)
class _Figures:
    """The typed figures of a return, and the equations that they must meet."""

    form: Form
    equations: tuple[_Equation, ...]
    values: Mapping[CellRef, Decimal]

    def off(self, index: int) -> Decimal:
        """By how much an equation is off."""
        factors = self.equations[index].factors
        return exact_sum(exact_product(f, self.values[ref]) for ref, f in factors.items())

    def after(self, changes: Changes) -> _Figures:
        """Give the figures as they would be."""
        return replace(self, values={**self.values, **{c.cell: c.should for c in changes}})


def causes(case: Case) -> tuple[Cause, ...]:
    """Give the probable causes of a return's failed equations; none where all hold."""
    if not case.submission.typed and all(_is_unsure(case, each.comparison) for each in case.unmet):
        return ()
    figures = _figures(case)
    typed = {total.ref for total in case.submission.typed}
    unknown = figures.values.keys() - case.entered.keys() - typed
    failed = {
        i: off
        for i, equation in enumerate(figures.equations)
        if len(equation.factors.keys() & unknown) <= _GUESSED and (off := figures.off(i))
    }
    found: list[Cause] = []
    while failed and len(found) < _MOST_CAUSES:
        best = _best(figures, failed)
        if not best:
            break
        chosen = best[0]
        explains = tuple(figures.equations[index].key for index in chosen.mends)
        several = tuple(move.changes for move in best) if len(best) > 1 else ()
        found.append(Cause(() if several else chosen.changes, several, explains))
        figures = figures.after(chosen.changes)
        failed = {i: off for i in failed if (off := figures.off(i))}
    return _of_lines(figures.form, found)


def _is_unsure(case: Case, comparison: Comparison) -> bool:
    """Whether so many entries of a comparison are unknown that it says nothing of any cell."""
    factors = over_entries(case.form, comparison)
    unknown = (ref for ref in factors if case.amount(ref) is None)
    return len(list(islice(unknown, _GUESSED + 1))) > _GUESSED


def with_causes(form: Form, found: Sequence[Finding], probable: Sequence[Cause]) -> list[Finding]:
    """Give findings with their causes: the first that a cause explains bears it, others follow.

    A finding about a blank or unreadable cell that is the cause comes before any other, and a
    relation between entries before a typed total.
    """
    if not probable:
        return list(found)
    by_key = {finding.key: finding for finding in found}
    bearers: dict[str, Cause] = {}
    follows: dict[str, str] = {}
    for cause in probable:
        keys = [key for key in cause.explains if key in by_key]
        keys.sort(key=lambda key: by_key[key].cell in form.definitions)
        own = [f.key for f in found if cause.changes and f.cell == cause.cells[0]]
        unread = [key for key in own if key.startswith(_UNREAD)]
        bearer = next(iter((*unread, *keys)), "")
        if bearer and bearer not in bearers:
            bearers[bearer] = cause
            follows |= {key: bearer for key in keys if key != bearer}
    return [
        finding._replace(
            cause=bearers.get(key),
            consequence_of=finding.consequence_of or follows.get(key, ""),
        )
        if (key := finding.key) in bearers or key in follows
        else finding
        for finding in found
    ]


def _figures(case: Case) -> _Figures:
    form, submission = case.form, case.submission
    typed = {t.ref: t.value for t in submission.typed if t.value is not None}
    values = {**_zeros(form), **case.entered, **typed}
    return _Figures(form, tuple(_equations(form, typed)), values)


@lru_cache(maxsize=16)
def _zeros(form: Form) -> Mapping[CellRef, Decimal]:
    return dict.fromkeys((cell.ref for cell in form.entries() if cell.numeric), Decimal(0))


def _equations(form: Form, typed: Iterable[CellRef]) -> Iterator[_Equation]:
    """Give a typed total's definition and every other equation, over entries."""
    for ref in typed:
        leaves = {leaf: -factor for factor, leaf in form.leaves[ref]}
        yield _Equation(f"{form.definitions[ref].relation.check} {ref}", {ref: 1, **leaves})
    yield from _relations(form)


@lru_cache(maxsize=16)
def _relations(form: Form) -> tuple[_Equation, ...]:
    """Give every equation that defines no total."""
    return tuple(
        _Equation(f"{each.relation.check} {each.cells[0]}", over_entries(form, each))
        for each in form.comparisons
        if each.relation.operator is Operator.EQUAL
        and form.definitions.get(each.left[0][1]) is not each
    )


def _best(figures: _Figures, failed: Mapping[int, Decimal]) -> list[_Move]:
    """Give the moves that mend most with fewest cells: the first, and those that rival it."""
    of_cell: dict[CellRef, list[int]] = {}
    for index, equation in enumerate(figures.equations):
        for ref in equation.factors:
            of_cell.setdefault(ref, []).append(index)
    suspects = dict.fromkeys(ref for index in failed for ref in figures.equations[index].factors)
    possible = (*_single(figures, suspects, of_cell, failed), *_exchanged(figures, suspects))
    judged = (_judged(figures, changes, of_cell, failed) for changes in possible)
    moves = [move for move in judged if move]
    first = min(moves, key=lambda move: move.rank, default=None)
    if first is None:
        return []
    rivals = (move for move in moves if move.rank == first.rank and move is not first)
    return [first, *(move for move in rivals if not set(move.mends).isdisjoint(first.mends))]


def _single(
    figures: _Figures,
    suspects: Iterable[CellRef],
    of_cell: Mapping[CellRef, Sequence[int]],
    failed: Mapping[int, Decimal],
) -> Iterator[Changes]:
    """Change one cell so that one of its failed equations holds."""
    for ref in suspects:
        offs = {failed[i] / figures.equations[i].factors[ref] for i in of_cell[ref] if i in failed}
        for off in sorted(offs):
            should = exact_sum((figures.values[ref], off.copy_negate()))
            if _is_valid(figures.form, ref, should):
                yield (CellChange(ref, figures.values[ref], should),)


def _is_valid(form: Form, ref: CellRef, value: Decimal) -> bool:
    whole = form.cells[ref].measure is not Measure.COUNT or value == value.to_integral_value()
    return value >= 0 and whole


def _exchanged(figures: _Figures, suspects: Iterable[CellRef]) -> Iterator[Changes]:
    """Exchange two different values of one row, or of rows near each other."""
    suspected = set(suspects)
    numeric = figures.form.numeric
    for one, other in _neighbours(figures.form):
        if not (numeric[one] and numeric[other]) or suspected.isdisjoint((one, other)):
            continue
        now, then = figures.values[one], figures.values[other]
        if now != then:
            yield CellChange(one, now, then), CellChange(other, then, now)


def _neighbours(form: Form) -> Iterator[tuple[CellRef, CellRef]]:
    for table in form.tables:
        if table.shape is Shape.GRID:
            items, columns = (
                [line.code for line in lines if line.kind is LineKind.ENTRY]
                for lines in (table.items, table.columns)
            )
            for item in items:
                for one, other in combinations(columns, 2):
                    yield CellRef(table.code, item, one), CellRef(table.code, item, other)
            for first, second in combinations(range(len(items)), 2):
                if second - first <= _NEAR:
                    for column in columns:
                        pair = (CellRef(table.code, items[n], column) for n in (first, second))
                        yield next(pair), next(pair)


def _judged(
    figures: _Figures,
    changes: Changes,
    of_cell: Mapping[CellRef, Sequence[int]],
    failed: Mapping[int, Decimal],
) -> _Move | None:
    """See what a change mends; None if it breaks what holds, or mends nothing."""
    moved: dict[int, Decimal] = {}
    for each in changes:
        step = exact_sum((each.should, each.now.copy_negate()))
        for index in of_cell.get(each.cell, ()):
            factor = figures.equations[index].factors[each.cell]
            moved[index] = exact_sum((moved.get(index, Decimal(0)), exact_product(factor, step)))
    mends = []
    for index, step in moved.items():
        left = exact_sum((failed.get(index, Decimal(0)), step))
        if left and index not in failed:
            return None
        if not left and index in failed:
            mends.append(index)
    breadth = min((len(figures.equations[index].factors) for index in mends), default=0)
    return _Move(changes, tuple(sorted(mends)), breadth) if mends else None


def _of_lines(form: Form, found: Sequence[Cause]) -> tuple[Cause, ...]:
    """Make one cause of many wrong totals in one row or column, as when it was not filled in."""
    lines: dict[tuple[str, str], list[Cause]] = {}
    for cause in found:
        if len(cause.changes) == 1 and form.cells[cause.changes[0].cell].kind is LineKind.TOTAL:
            ref = cause.changes[0].cell
            for line in {ref.item, ref.column}:
                lines.setdefault((ref.table, line), []).append(cause)
    merged: dict[int, Cause] = {}
    for parts in sorted(lines.values(), key=len, reverse=True):
        own = [part for part in parts if id(part) not in merged]
        if len(own) >= _A_LINE:
            changes = tuple(change for part in own for change in part.changes)
            explains = tuple(key for part in own for key in part.explains)
            merged |= dict.fromkeys(map(id, own), Cause(changes, (), explains))
    return tuple(dict.fromkeys(merged.get(id(cause), cause) for cause in found))
