"""Whether relations can all hold with every figure above 0: phase one of the simplex method."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sheetflow.model.form import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheetflow.model.cells import CellRef

_SLACK = {Operator.EQUAL: 0, Operator.AT_LEAST: -1, Operator.AT_MOST: 1}


def proof_of_none(
    rows: Sequence[tuple[Mapping[CellRef, Fraction], Operator]],
) -> tuple[Fraction, ...]:
    """Give multipliers that prove that no filling of at least 1 everywhere meets all rows.

    A row is factors of cells whose sum compares with 0. Added up with the multipliers the rows have
    no factor that could balance the others (Farkas' lemma). All multipliers are 0 if there is such
    a filling. Exact; Bland's rule keeps it from going in circles.
    """
    tableau = _tableau(rows)
    width = len(tableau[0]) - 1 - len(rows) if tableau else 0
    basis = [width + index for index in range(len(rows))]
    cost = [-sum(column) for column in zip(*tableau, strict=True)]
    cost[width:-1] = [Fraction(0)] * len(rows)
    while (entering := next((j for j in range(width) if cost[j] < 0), None)) is not None:
        leaving = min(
            (row[-1] / row[entering], basis[index], index)
            for index, row in enumerate(tableau)
            if row[entering] > 0
        )[2]
        _pivot(tableau, cost, leaving, entering)
        basis[leaving] = entering
    if not tableau or cost[-1] == 0:
        return (Fraction(0),) * len(rows)
    signs = [-1 if sum(row.values()) > 0 else 1 for row, _ in rows]
    return tuple(sign * (1 - cost[width + i]) for i, sign in enumerate(signs))


def _tableau(
    rows: Sequence[tuple[Mapping[CellRef, Fraction], Operator]],
) -> list[list[Fraction]]:
    """Write the rows for figures less 1: cells, slack, artificial variables, right side >= 0."""
    cells = list(dict.fromkeys(ref for row, _ in rows for ref in row))
    tableau = []
    for index, (row, operator) in enumerate(rows):
        right = -sum(row.values(), Fraction(0))
        sign = -1 if right < 0 else 1
        slack = [Fraction(0)] * len(rows)
        slack[index] = Fraction(_SLACK[operator])
        artificial = [Fraction(int(other == index)) for other in range(len(rows))]
        factors = [row.get(ref, Fraction(0)) for ref in cells]
        tableau.append(
            [sign * factor for factor in (*factors, *slack)] + artificial + [sign * right]
        )
    return tableau


def _pivot(tableau: list[list[Fraction]], cost: list[Fraction], row: int, column: int) -> None:
    pivot = tableau[row][column]
    tableau[row] = [value / pivot for value in tableau[row]]
    for other in (*(line for index, line in enumerate(tableau) if index != row), cost):
        factor = other[column]
        if factor:
            other[:] = [a - factor * b for a, b in zip(other, tableau[row], strict=True)]
