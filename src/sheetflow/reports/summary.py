"""Builds what summary.xlsx shows: rows of 明细 in tree order, groups as runs of them, lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sheetflow.messages.catalogue import catalogue
from sheetflow.messages.terms import term
from sheetflow.messages.text import Language
from sheetflow.model.cells import plain
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.picking import Picker
from sheetflow.model.roster import ALL
from sheetflow.model.sentences import ListBy, Listing
from sheetflow.relations.formula import quoted
from sheetflow.relations.words import cell_words, table_words
from sheetflow.reports.comparison import change, compared_cells
from sheetflow.reports.drafting import listed_values
from sheetflow.reports.figure_files import FIGURES, FIGURES_FOLDER
from sheetflow.reports.findings import Speaker
from sheetflow.reports.registers import register_sheets
from sheetflow.rollup import added_cells
from sheetflow.workbooks.comparisons import BarChart, ComparedRow
from sheetflow.workbooks.detail import Detail, DetailRow
from sheetflow.workbooks.detail_rows import MOST_LINKS
from sheetflow.workbooks.summary import (
    SECTION_TOP,
    GroupRows,
    Summary,
    write_summary,
)
from sheetflow.workbooks.text_tables import MadeRows, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.model.cells import CellRef
    from sheetflow.reports.results import Results
    from sheetflow.workbooks.text_tables import Row

_MOST_FIGURES = 3_000_000
"""So many cells of 明细 an office's machine can open; Excel's own limit is 1,048,576 rows."""
_OPENED = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb")
_BY = {ListBy.PARTS: "各地区：", ListBy.KINDS: "各类单位：", ListBy.LARGEST: "居前的单位："}
_STANDING_HEADER = ("代码", "名称", "上级", "类别", "报送状态", "采用的文件", "未处理的问题数")
_FINDING_HEADER = ("代码", "单位", "性质", "编号", "位置", "说明", "处理办法", "状态", "理由")
_DECISION_HEADER = ("种类", "单位或分组", "对象", "内容", "理由", "经办", "日期")


def render_summary(results: Results) -> bytes:
    """Render summary.xlsx."""
    settings, cells = results.settings, added_cells(results.form)
    if len(results.ledger.lines) * len(cells) > _MOST_FIGURES:
        detail, groups, left_out = None, _topmost(results), _left_out(results)
    else:
        rows, groups = _rows(results, cells)
        detail, left_out = Detail(cells, tuple(rows)), ""
    return write_summary(
        Summary(
            form=results.form,
            layout=results.layout,
            title=f"{settings.name}{settings.period_words}{results.form.title}",
            draft=results.is_draft,
            decimals=settings.decimals,
            detail=detail,
            groups=groups,
            aggregates=results.aggregates,
            registers=tuple(register_sheets(results, _openable(results))),
            tables=(_standings(results), _findings(results), _decisions(results)),
            compared=tuple(_compared(results)),
            charts=tuple(_charts(results)),
            left_out=left_out,
        )
    )


def _topmost(results: Results) -> tuple[GroupRows, ...]:
    """Give the whole and the groups right below it."""
    whole, *parts = results.roster.groups
    by_code = results.roster.by_code
    topmost = (each for each in parts if each in by_code and not by_code[each].parent)
    return tuple(GroupRows(group, results.group_title(group)) for group in (whole, *topmost))


def _left_out(results: Results) -> str:
    count = len(results.ledger.lines)
    return (
        f"共 {count} 家单位，明细过大，不列入本表：每个单位的每个数见 {FIGURES_FOLDER} 文件夹"
        f"（按地区分文件）或 {FIGURES}，各分组合计见 totals.csv"
    )


def _rows(
    results: Results, cells: tuple[CellRef, ...]
) -> tuple[list[DetailRow], tuple[GroupRows, ...]]:
    """Order rows so that every subtree is one run: agencies, then what decisions add to it."""
    rows: list[DetailRow] = []
    runs: dict[str, tuple[int, int]] = {}
    openable, pick = _linked(results, cells), Picker(cells)

    def walk(code: str) -> None:
        first = len(rows)
        agency = results.roster.by_code[code]
        if agency.files:
            rows.append(_agency_row(results, code, pick, openable))
        for child in results.roster.children(code):
            walk(child.code)
        rows.extend(_adjustment_rows(results, cells, code))
        runs[code] = (first, len(rows) - 1)

    for agency in results.roster.children(""):
        walk(agency.code)
    for kind in results.roster.kinds:
        rows.extend(_adjustment_rows(results, cells, f"kind:{kind}", kind))
    whole, *parts = results.roster.groups
    rows.extend(_adjustment_rows(results, cells, whole))
    groups = [GroupRows(whole, results.group_title(whole), 0, len(rows) - 1)]
    for group in parts:
        title = results.group_title(group)
        if group in runs:
            groups.append(GroupRows(group, title, *runs[group]))
        else:
            groups.append(GroupRows(group, title, kind=group.removeprefix("kind:")))
    return rows, tuple(groups)


def _agency_row(results: Results, code: str, pick: Picker, openable: frozenset[str]) -> DetailRow:
    agency, line = results.roster.by_code[code], results.ledger.by_agency[code]
    standing, submission = term(line.standing, Language.ZH), line.submission
    if submission is None:
        return DetailRow((code, agency.name, agency.kind, standing, ""), (None,) * len(pick.refs))
    head = (code, agency.name, agency.kind, standing, submission.file)
    places = {}
    if submission.file in openable:
        places = {ref: submission.entries[ref].place for ref in pick.refs}
    return DetailRow(head, pick(submission.entries), places)


def _linked(results: Results, cells: tuple[CellRef, ...]) -> frozenset[str]:
    """Give the files that 明细 links to: none if the sheet can't have so many links anyway."""
    openable = _openable(results)
    chosen = (line.submission for line in results.ledger.lines if line.submission)
    links = 0
    for submission in chosen:
        if submission.file in openable:
            links += sum(ref in submission.entries for ref in cells)
            if links > MOST_LINKS:
                return frozenset()
    return openable


def _openable(results: Results) -> frozenset[str]:
    """Give the files that a spreadsheet program can open at a cell: none within an archive."""
    files = (file.path for file in results.ledger.files if not file.container)
    return frozenset(path for path in files if path.endswith(_OPENED) and "#" not in path)


def _adjustment_rows(
    results: Results, cells: tuple[CellRef, ...], group: str, kind: str = ""
) -> Iterator[DetailRow]:
    for decision in results.ledger.applied:
        if decision.kind is DecisionKind.ADJUST and decision.group == group and decision.cell:
            head = (group, f"汇总更正：{decision.why}", kind, "", decision.file)
            added = [decision.add if ref == decision.cell else None for ref in cells]
            yield DetailRow(head, added)


def _compared(results: Results) -> Iterator[ComparedRow]:
    """Compare the whole with the last period, if that is known."""
    if not results.last.totals.get(ALL):
        return
    grids = [(sheet.name, sheet.grid) for sheet in results.layout.sheets if sheet.grid]
    boxes = {slot.ref: (name, slot.box) for name, grid in grids for slot in grid.slots}
    for ref in compared_cells(results.form):
        changed = change(results, ALL, ((1, ref),))
        sheet, box = boxes[ref]
        formula = f"={quoted(sheet)}!{box.moved_down(SECTION_TOP).address}"
        name = cell_words(ref, results.form)
        yield ComparedRow(ref, name, formula, changed.now, changed.before)


def _charts(results: Results) -> Iterator[BarChart]:
    """Draw what the form's sentences list by groups, where there are groups to compare."""
    parts = (part for sentence in results.form.sentences for part in sentence.parts)
    for listing in dict.fromkeys(part for part in parts if isinstance(part, Listing)):
        listed = [(name, value) for _, name, value in listed_values(results, ALL, listing)]
        if len(listed) > 1:
            words = cell_words(listing.cell, results.form)
            title = f"{_BY[listing.by]}{words}" + (f"（{listing.unit}）" if listing.unit else "")
            yield BarChart(title, tuple(listed))


def _standings(results: Results) -> TextTable:
    rows = MadeRows(len(results.ledger.lines), partial(_standing_rows, results))
    return TextTable("报送情况", _STANDING_HEADER, (14, 34, 14, 10, 12, 44, 14), rows)


def _standing_rows(results: Results) -> Iterator[Row]:
    for line in results.ledger.lines:
        agency = results.roster.by_code[line.agency]
        yield (
            agency.code,
            agency.name,
            agency.parent,
            agency.kind,
            term(line.standing, Language.ZH),
            line.submission.file if line.submission else "",
            str(sum(finding.blocks for finding in line.findings)),
        )


def _findings(results: Results) -> TextTable:
    ledger = results.ledger
    count = sum(len(line.findings) for line in ledger.with_findings) + len(ledger.other_findings)
    widths = (12, 26, 8, 7, 40, 60, 40, 9, 40)
    rows = MadeRows(count, partial(_finding_rows, results))
    return TextTable("审核结果", _FINDING_HEADER, widths, rows)


def _finding_rows(results: Results) -> Iterator[Row]:
    speaker = Speaker(results.form, results.layout, Language.ZH)
    for finding in results.ledger.findings:
        said = speaker.say(finding)
        agency = results.roster.by_code.get(finding.agency)
        yield (
            finding.agency,
            agency.name if agency else "",
            term(finding.severity, Language.ZH),
            finding.code,
            said.where,
            f"{said.about}：{said.sentence}{said.hint}",
            said.remedy,
            term(finding.status, Language.ZH),
            finding.reason,
        )


def _decisions(results: Results) -> TextTable:
    decisions = results.ledger.decisions
    rows = MadeRows(len(decisions), lambda: (decision_row(results, each) for each in decisions))
    return TextTable("处理决定", _DECISION_HEADER, (10, 30, 40, 16, 60, 16, 12), rows)


def decision_row(results: Results, decision: Decision) -> tuple[str, ...]:
    """Say a decision in words: kind, whose, about what, what, why, by whom, when."""
    agency = results.roster.by_code.get(decision.agency)
    subject = decision.agency or decision.group
    if agency:
        subject = agency.name
    elif decision.group:
        subject = results.group_title(decision.group)
    about = cell_words(decision.cell, results.form) if decision.cell else ""
    table = table_words(decision.table, results.form) if decision.table else ""
    return (
        term(decision.kind, Language.ZH),
        subject,
        " ".join(filter(None, (_check(results, decision), about, table, _file(results, decision)))),
        _what(results, decision),
        decision.why,
        decision.by,
        decision.on.isoformat() if decision.on else "",
    )


def _check(results: Results, decision: Decision) -> str:
    """Name the check that is waived, in words too if no cell says what it is about."""
    code = decision.check
    if not code or decision.cell:
        return code
    check, entry = results.form.check(code), catalogue(results.form.period).get(code)
    return f"{code} {check.title if check else entry.title.zh if entry else ''}".rstrip()


def _file(results: Results, decision: Decision) -> str:
    """Name the file that a decision is about, as far as it is still here, and its digest."""
    digest = decision.sha256[:8]
    name = results.ledger.decided_files.get(decision.sha256, "").rpartition("/")[2]
    return f"{name}（{digest}）" if name else digest


def _what(results: Results, decision: Decision) -> str:
    what = _change(results, decision)
    return f"{what}（未采用，见 D05）" if decision in results.ledger.reopened else what


def _change(results: Results, decision: Decision) -> str:
    if decision.value is not None and decision.cell:
        line = results.ledger.by_agency.get(decision.agency)
        submission = line.submission if line else None
        entry = submission.entries.get(decision.cell) if submission else None
        reported = f"原填 {entry.raw or '空'}，" if entry else ""
        return f"{reported}改为 {results.form.cells[decision.cell].written(decision.value)}"
    if decision.add is not None:
        return f"{'加' if decision.add >= 0 else '减'} {plain(abs(decision.add))}"
    return ""
