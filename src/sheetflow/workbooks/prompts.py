"""Prompts and limits of entries: what Excel says beside a cell, and what it refuses there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sheetflow.model.form import LineKind, Measure
from sheetflow.relations.words import line_words
from sheetflow.workbooks.styles import FIRST_DAY, clean_text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from sheetflow.layout.grid import Slot
    from sheetflow.layout.sheets import SheetLayout
    from sheetflow.model.form import Cell, Form

_MOST = 10**15 - 1
_A_DAY = date(2025, 1, 5)
_TITLE_LIMIT, _PROMPT_LIMIT = 32, 255
_Rule = tuple[tuple[str, object], ...]
"""A validation, as it is told to XlsxWriter."""


def write_prompts(page: Worksheet, form: Form, sheet: SheetLayout) -> None:
    """Put one validation on each run of entries of a row that ask the same, not on each cell.

    In a register it is one on each column: its rows ask the same.
    """
    if sheet.register:
        _write_column_prompts(page, form, sheet)
        return
    rows: dict[tuple[int, _Rule], list[Slot]] = {}
    for slot in sheet.slots:
        cell = form.cells[slot.ref]
        if cell.kind is LineKind.ENTRY:
            title = line_words(slot.ref.table, slot.ref.item, form, items=True)
            rule = _validation(cell, title or sheet.section.heading)
            rows.setdefault((slot.box.row, tuple(rule.items())), []).append(slot)
    for (row, asked), slots in rows.items():
        for run in _runs(slots):
            first, last = run[0].box.column, run[-1].box.last_column
            page.data_validation(row, first, row, last, dict(asked))


def _write_column_prompts(page: Worksheet, form: Form, sheet: SheetLayout) -> None:
    first, last = sheet.slots[0].box.row, sheet.slots[-1].box.row
    for slot in (slot for slot in sheet.slots if slot.box.row == first):
        title = line_words(slot.ref.table, slot.ref.column, form, items=False)
        rule = _validation(form.cells[slot.ref], title)
        page.data_validation(first, slot.box.column, last, slot.box.last_column, rule)


def _runs(slots: list[Slot]) -> list[list[Slot]]:
    runs: list[list[Slot]] = []
    for slot in slots:
        if runs and runs[-1][-1].box.last_column + 1 == slot.box.column:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def _validation(cell: Cell, title: str) -> dict[str, object]:
    unit = f"，单位：{cell.unit}" if cell.unit else ""
    blank = "不要留空" if cell.required else "可以留空"
    match cell.measure:
        case Measure.COUNT:
            asked = f"请填写不小于 0 的整数{unit}；没有发生的填 0，不要留空，不要带单位。"
            rule: dict[str, object] = {"validate": "integer", "minimum": 0, "maximum": _MOST}
        case Measure.AMOUNT:
            asked = f"请填写不小于 0 的数{unit}；没有发生的填 0，不要带单位。"
            rule = {"validate": "decimal", "minimum": 0, "maximum": _MOST}
        case Measure.PERCENT:
            asked = "请填写百分数，如 98.5%；没有的填 0%，不要留空。"
            rule = {"validate": "decimal", "minimum": 0, "maximum": _MOST}
        case Measure.TEXT:
            asked = f"请填写文字，不超过 {cell.limit} 字；{blank}。"
            rule = {"validate": "length", "minimum": 0, "maximum": cell.limit}
        case Measure.CHOICE:
            asked = f"请从下拉列表中选一项；{blank}。"
            rule = {"validate": "list", "source": clean_text(f'"{",".join(cell.choices)}"')}
        case Measure.DATE:
            asked = f"请填写日期，如 {_A_DAY.isoformat()}；{blank}。"
            rule = {"validate": "date", "minimum": FIRST_DAY, "maximum": date.max}
    if not cell.required and cell.numeric:
        asked = asked.replace("，不要留空", "，不掌握的可以留空")
    prompt = clean_text(f"{cell.help}\n{asked}" if cell.help else asked)
    return rule | {
        "criteria": "between",
        "input_title": clean_text(title)[:_TITLE_LIMIT],
        "input_message": prompt[:_PROMPT_LIMIT],
        "error_title": "填写有误",
        "error_message": asked,
    }
