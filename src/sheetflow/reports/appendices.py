"""The appendices that the office asked for: agencies and their dates, counties' tables, texts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.messages.periods import in_period_words
from sheetflow.messages.terms import term
from sheetflow.messages.text import Language
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.findings import Status
from sheetflow.model.form import Shape
from sheetflow.model.roster import ALL
from sheetflow.relations.words import cell_words
from sheetflow.reports.comparison import change, compared_cells
from sheetflow.reports.drafting import shown
from sheetflow.reports.findings import Speaker, alike
from sheetflow.reports.listing_view import ListingView
from sheetflow.reports.registers import register_view
from sheetflow.reports.similar import first_alike
from sheetflow.reports.view import paragraphs, table_view
from sheetflow.workbooks.styles import clean_text, display_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sheetflow.layout.grid import Grid
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Cell
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.reports.results import Results
    from sheetflow.reports.view import TableView

_UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an appendix under a heading of its own: paragraphs, then a table."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: TableView | ListingView | None = None


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix; without blocks there is nothing of its kind."""

    heading: str
    blocks: tuple[Block, ...]


def appendices(results: Results) -> tuple[Appendix, ...]:
    """Give the appendices that the settings ask for, in a fixed order."""
    wanted = results.settings.appendices
    return tuple(
        Appendix(in_period_words(heading, results.form.period), tuple(blocks(results)))
        for kind, (heading, blocks) in _KINDS.items()
        if kind in wanted
    )


def _agencies(results: Results) -> Iterator[Block]:
    header = ("序号", "代码", "名称", "类别", "报送状态", "收到日期")
    rows = tuple(
        (str(number), *_standing(results, line))
        for number, line in enumerate(results.ledger.lines, start=1)
    )
    yield Block("", table=ListingView(header, (7, 16, 37, 12, 13, 15), rows))


def _standing(results: Results, line: LedgerLine) -> tuple[str, ...]:
    agency = results.roster.by_code[line.agency]
    received = line.submission.received if line.submission else None
    day = received.isoformat() if received else _UNKNOWN
    standing = term(line.standing, Language.ZH)
    return tuple(map(clean_text, (agency.code, agency.name, agency.kind, standing, day)))


def _groups(results: Results) -> Iterator[Block]:
    """Give each county's tables; kinds of agencies are no places and have none here."""
    sheets = [s for s in results.layout.sheets if s.grid and s.section.official]
    for group in results.aggregates:
        if group in results.roster.by_code:
            title = clean_text(results.group_title(group))
            for sheet in sheets:
                if sheet.grid:
                    heading = f"{title}　{clean_text(sheet.section.heading)}"
                    yield _group_block(results, group, sheet.grid, heading)


def _group_block(results: Results, group: str, grid: Grid, heading: str) -> Block:
    if grid.register:
        register = register_view(results, grid.register, group)
        return Block(heading, register.paragraphs, register.table)
    return Block(heading, table=table_view(results, group, grid))


def _changes(results: Results) -> Iterator[Block]:
    """Compare the whole with the last period; without its figures there is nothing to say."""
    if results.last.totals.get(ALL):
        now, last = (in_period_words(w, results.form.period) for w in ("{本年}", "{上年}"))
        header = ("指标", now, last, "增减", "增减比例")
        rows = tuple(_change_row(results, ref) for ref in compared_cells(results.form))
        figures = [_share(texts) for texts in list(zip(header, *rows, strict=True))[1:]]
        yield Block("", table=ListingView(header, (max(100 - sum(figures), 20), *figures), rows))


def _share(texts: Iterable[str]) -> int:
    """Say how many hundredths of the page a column of figures needs, so that none is broken."""
    return max(12, math.ceil(3 + 1.2 * max(map(display_width, texts))))


def _change_row(results: Results, ref: CellRef) -> tuple[str, ...]:
    """Show both figures, the difference with its sign, and the rate with the same."""
    changed = change(results, ALL, ((1, ref),))
    difference = changed.difference
    sign = "" if not difference else "＋" if difference > 0 else "－"
    shown_difference = shown(results, difference and abs(difference), [ref])
    rate = changed.rate
    return (
        clean_text(cell_words(ref, results.form)),
        shown(results, changed.now, [ref]),
        shown(results, changed.before, [ref]),
        shown_difference if difference is None else f"{sign}{shown_difference}",
        f"{sign}{rate}" if changed.before and difference is not None else rate,
    )


def _explanations(results: Results) -> Iterator[Block]:
    speaker = Speaker(results.form, results.layout, Language.ZH)
    explained = [f for f in results.ledger.findings if f.status is Status.EXPLAINED]
    rows = []
    for group in alike(explained):
        said, finding = speaker.say_together(group), group[0]
        name = results.roster.by_code[finding.agency].name
        where = said.where.removeprefix(finding.place.file).strip() if finding.place else ""
        asked = f"{finding.code} {where} {said.about}：{said.sentence}"
        rows.append(tuple(map(clean_text, (name, asked, finding.reason))))
    if rows:
        yield Block("", table=ListingView(("单位", "审核结果", "说明"), (24, 42, 34), tuple(rows)))


def _texts(results: Results) -> Iterator[Block]:
    """Give what each agency wrote and nothing adds; what is like an earlier one is only named.

    The rows of registers stand in the report's own tables.
    """
    form = results.form
    cells = [
        cell
        for section in form.sections
        for cell in form.entries()
        if cell.section == section.code and not (cell.in_register or form.adds(cell.ref))
    ]
    alike = {cell.ref: first_alike(_texts_of(results, cell)) for cell in cells}
    for line in results.ledger.lines:
        written = tuple(_written(results, line, cells, alike))
        if written:
            yield Block(clean_text(results.roster.by_code[line.agency].name), written)


def _texts_of(results: Results, cell: Cell) -> dict[str, str]:
    lines = ((line.agency, line.submission) for line in results.ledger.lines)
    return {
        agency: submission.entries[cell.ref].raw
        for agency, submission in lines
        if submission and cell.ref in submission.entries
    }


def _written(
    results: Results,
    line: LedgerLine,
    cells: list[Cell],
    alike: Mapping[CellRef, Mapping[str, str]],
) -> Iterator[str]:
    entries = line.submission.entries if line.submission else {}
    for cell in cells:
        entry = entries.get(cell.ref)
        found = paragraphs(entry.raw) if entry else ()
        first = alike[cell.ref].get(line.agency)
        if not found:
            continue
        if first:
            name = clean_text(results.roster.by_code[first].name)
            found = (f"（与{name}的文字相近，不再列出；原文在该单位的报表中。）",)
        if results.form.table(cell.ref.table).shape is Shape.TEXTS:
            yield clean_text("".join(cell.item_labels))
            yield from found
        else:
            yield f"{clean_text(cell_words(cell.ref, results.form))}：{found[0]}"
            yield from found[1:]


_KINDS: Mapping[AppendixKind, tuple[str, Callable[[Results], Iterator[Block]]]] = {
    AppendixKind.AGENCIES: ("附录：各单位报送情况", _agencies),
    AppendixKind.GROUPS: ("附录：分地区报表", _groups),
    AppendixKind.CHANGES: ("附录：与{上年}比较", _changes),
    AppendixKind.EXPLANATIONS: ("附录：各单位的说明", _explanations),
    AppendixKind.TEXTS: ("附录：各单位报送的文字", _texts),
}
