"""Live marks: formulas that say 待填, √ or × beside the tables while an agency fills them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.model.form import Blank, Operator
from sheetflow.relations.evaluate import entry_operands, optional_operands
from sheetflow.relations.formula import SheetBox, quoted, ranges, side_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sheetflow.layout.sheets import Layout, LiveMark, SheetLayout
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Comparison, Form

WAITING, RIGHT, WRONG = "待填", "√", "×"
MARK_STYLES = ((RIGHT, "good"), (WRONG, "bad"), (WAITING, "waiting"))
"""How a text is coloured that begins with a mark."""
_FAILS = {Operator.EQUAL: "<>0", Operator.AT_MOST: ">0", Operator.AT_LEAST: "<0"}
_DECIMALS = 6
"""Decimals to which the sheet compares; its own arithmetic is binary."""


class Formulas:
    """Writes the formulas of one workbook: knows where each cell of the form lies."""

    def __init__(self, form: Form, layout: Layout) -> None:
        self._form = form
        self._layout = layout

    def _locate(self, ref: CellRef) -> SheetBox:
        return SheetBox(*self._layout.slots[ref])

    def total(self, definition: Comparison, sheet: str) -> str:
        """Give the formula of a total cell."""
        return "=" + side_formula(definition.right, self._locate, sheet)

    def mark(self, mark: LiveMark, sheet: str) -> str:
        """Give the formula of a mark beside a row or below a column."""
        return "=" + self._state(mark.entries, mark.comparisons, sheet)

    def comparison(self, comparison: Comparison, sheet: str) -> str:
        """Give the formula of one check's state, for the sheet 自检."""
        entries = tuple(entry_operands(self._form, comparison))
        return "=" + self._state(entries, (comparison,), sheet)

    def blanks(self, entries: Sequence[CellRef], sheet: str) -> str:
        """Give a formula, without `=`, that counts entries still blank."""
        if not entries:
            return "0"  # Excel refuses a function without arguments
        return f"({len(entries)}-COUNTA({self._cells(entries, sheet)}))"

    def _cells(self, entries: Iterable[CellRef], sheet: str) -> str:
        return ",".join(ranges(entries, self._locate, sheet))

    def _state(
        self, entries: Sequence[CellRef], comparisons: Sequence[Comparison], sheet: str
    ) -> str:
        asked = [ref for ref in entries if self._is_asked(ref)]
        formula = self._compared(comparisons, sheet)
        if figures := [ref for ref in entries if self._form.cells[ref].numeric]:
            cells = self._cells(figures, sheet)
            formula = f'IF(COUNT({cells})<COUNTA({cells}),"{WRONG} 非数字",{formula})'
        if asked:
            cells = self._cells(asked, sheet)
            formula = f'IF(COUNTA({cells})<{len(asked)},"{WAITING}",{formula})'
        if not self._form.needed.isdisjoint(asked):
            return formula
        return f'IF(COUNTA({self._cells(entries, sheet)})=0,"",{formula})'

    def _is_asked(self, ref: CellRef) -> bool:
        """Whether a cell must be filled in; in a register, once something stands in its row."""
        cell = self._form.cells[ref]
        return ref in self._form.needed or (cell.required and cell.blank is not Blank.ZERO)

    def _compared(self, comparisons: Sequence[Comparison], sheet: str) -> str:
        """Say what does not hold; nothing is said of a relation over a blank that may be one."""
        formula = f'"{RIGHT}"'
        optional = {each: optional_operands(self._form, each) for each in comparisons}
        if every := tuple(dict.fromkeys(ref for refs in optional.values() for ref in refs)):
            formula = f'IF({self.blanks(every, sheet)}>0,"",{formula})'
        for comparison in reversed(comparisons):
            difference = self._difference(comparison, sheet)
            code = comparison.relation.check
            fails = f"{difference}{_FAILS[comparison.relation.operator]}"
            if refs := optional[comparison]:
                fails = f"AND({self.blanks(refs, sheet)}=0,{fails})"
            much = f'IF({difference}>0,"多","少")&ABS({difference})'
            formula = f'IF({fails},"{WRONG} {code} "&{much},{formula})'
        return formula

    def _difference(self, comparison: Comparison, sheet: str) -> str:
        left = side_formula(comparison.left, self._locate, sheet)
        right = side_formula(comparison.right, self._locate, sheet)
        return f"ROUND({left}-({right}),{_DECIMALS})"


def wrong_count(sheet: SheetLayout, on: str = "") -> str:
    """Give a formula, without `=`, that counts the marks of a sheet that say ×."""
    return _count(sheet, WRONG, on)


def waiting_count(sheet: SheetLayout, on: str = "") -> str:
    """Give a formula, without `=`, that counts the marks of a sheet that say 待填."""
    return _count(sheet, WAITING, on)


def _count(sheet: SheetLayout, word: str, on: str) -> str:
    """Count the marks that begin with a word; with none, those that say anything."""
    prefix = f"{quoted(on)}!" if on else ""
    said = f'{len(word)})="{word}"' if word else '1)<>""'
    tests = [f"(LEFT({prefix}{_extent(boxes)},{said})*1" for boxes in _mark_lines(sheet)]
    return "+".join(f"SUMPRODUCT({test})" for test in tests) or "0"


def status(sheet: SheetLayout, blanks: str, *, required: bool) -> str:
    """Give the formula of a sheet's status bar: one sentence on what is still to be done."""
    wrong = "&".join(
        f'IF(LEFT({mark.box.address},1)="{WRONG}","{_mark_name(sheet, mark)} ","")'
        for mark in sheet.marks
    )
    ready = f'"{RIGHT} 本表{"已填完" if required else "选填"}，勾稽关系成立。"'
    waiting = (
        f'IF({blanks}>0,"{WAITING}：本表还有 "&{blanks}&" 格未填；没有发生的请填 0。",{ready})'
    )
    if not wrong:
        return f"={waiting}"
    said = f'"{WRONG} 请核对："&{wrong}&"（见表旁、表下标“{WRONG}”处）"'
    return f"=IF({wrong_count(sheet)}>0,{said},{waiting})"


def register_status(sheet: SheetLayout) -> str:
    """Give the formula of a register's status bar: how many rows are begun, and which are open."""
    wrong, waiting = wrong_count(sheet), waiting_count(sheet)
    ready = f'"{RIGHT} 本表已填 "&{_count(sheet, "", "")}&" 行；每件填一行，没有的不填。"'
    unfilled = f'"{WAITING}：本表还有 "&{waiting}&" 行没有填全（见表旁“{WAITING}”处）。"'
    said = f'"{WRONG} 请核对：有 "&{wrong}&" 行（见表旁“{WRONG}”处）。"'
    return f"=IF({wrong}>0,{said},IF({waiting}>0,{unfilled},{ready}))"


def _mark_lines(sheet: SheetLayout) -> list[list[LiveMark]]:
    """Group marks into the column beside the tables and the rows below them."""
    beside = [mark for mark in sheet.marks if mark.box.row < sheet.rows]
    below = [[mark for mark in sheet.marks if mark.box.row == row] for row in sheet.mark_rows]
    return [line for line in (beside, *below) if line]


def _extent(marks: Sequence[LiveMark]) -> str:
    first, last = marks[0].box.address, marks[-1].box.address
    return first if first == last else f"{first}:{last}"


def _mark_name(sheet: SheetLayout, mark: LiveMark) -> str:
    if mark.box.row < sheet.rows:
        return f"第{mark.box.row + 1}行"
    return f"{''.join(c for c in mark.box.address if c.isalpha())}列"
