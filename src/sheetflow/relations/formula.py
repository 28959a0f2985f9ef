"""Writes a side of a relation as a formula that Excel 2010, WPS and LibreOffice share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.cells import Box, CellRef, column_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sheetflow.model.form import Side


class SheetBox(NamedTuple):
    """A box on a named sheet."""

    sheet: str
    box: Box


def side_formula(side: Side, locate: Callable[[CellRef], SheetBox], sheet: str) -> str:
    """Write a side without the leading `=`: `SUM(D9:I9)`, `D9+D10`, `D9-2*D10`.

    Addresses on another sheet than `sheet` carry its name.
    """
    runs: list[tuple[int, list[SheetBox]]] = []
    for factor, ref in side:
        where = locate(ref)
        if runs and runs[-1][0] == factor and _continues(runs[-1][1], where):
            runs[-1][1].append(where)
        else:
            runs.append((factor, [where]))
    return "".join(
        _signed(factor, _run_formula(run, sheet), first=index == 0)
        for index, (factor, run) in enumerate(runs)
    )


def ranges(refs: Iterable[CellRef], locate: Callable[[CellRef], SheetBox], sheet: str) -> list[str]:
    """Write cells as the fewest ranges, in order: `["D11:D31", "F9"]`."""
    runs: list[list[SheetBox]] = []
    for ref in refs:
        where = locate(ref)
        if runs and _continues(runs[-1], where):
            runs[-1].append(where)
        else:
            runs.append([where])
    return [_range(run, sheet) for run in runs]


def _continues(run: Sequence[SheetBox], where: SheetBox) -> bool:
    last, box = run[-1].box, where.box
    if run[-1].sheet != where.sheet:
        return False
    below = box.column == last.column and box.row == last.last_row + 1
    right = box.row == last.row and box.column == last.last_column + 1
    if len(run) == 1:
        return below or right
    return below if run[0].box.column == last.column else right


def _run_formula(run: Sequence[SheetBox], sheet: str) -> str:
    text = _range(run, sheet)
    return f"SUM({text})" if ":" in text else text


def _range(run: Sequence[SheetBox], sheet: str) -> str:
    first, last = run[0].box.address, run[-1].box.address
    prefix = "" if run[0].sheet == sheet else f"{quoted(run[0].sheet)}!"
    return prefix + (first if len(run) == 1 else f"{first}:{last}")


def _signed(factor: int, text: str, *, first: bool) -> str:
    sign = "-" if factor < 0 else ("" if first else "+")
    times = "" if abs(factor) == 1 else f"{abs(factor)}*"
    return f"{sign}{times}{text}"


def quoted(sheet: str) -> str:
    """Quote a sheet name for a formula."""
    return "'" + sheet.replace("'", "''") + "'"


def absolute(box: Box) -> str:
    """Write a box's address so that copying a formula does not move it: `$D$9`."""
    return f"${column_letters(box.column)}${box.row + 1}"
