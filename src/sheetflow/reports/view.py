"""What a reader of the report sees, in order: every text clean, every figure bound to its cell.

A figure in the drafted text carries the codes of its cells; no other figure can stand there,
because a sentence of the form is words around cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.ledger import Standing
from sheetflow.model.roster import ALL
from sheetflow.reports.drafting import drafted
from sheetflow.reports.registers import register_view
from sheetflow.reports.summary import decision_row
from sheetflow.rollup import group_adjustments
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheetflow.layout.grid import Grid
    from sheetflow.layout.sheets import SheetLayout
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Section
    from sheetflow.reports.drafting import Sentences
    from sheetflow.reports.listing_view import ListingView
    from sheetflow.reports.results import Results

PLACEHOLDER = "〔此处由本单位填写〕"
DATE_PLACE = "　　　　年　　月　　日"
"""The day of signing is the office's to write; no output contains a clock reading."""


@dataclass(frozen=True, slots=True)
class SectionText:
    """One text of a section: what the form drafts from the figures, then the office's own."""

    code: str
    heading: str
    sentences: Sentences
    paragraphs: tuple[str, ...]

    @property
    def placeholder(self) -> str:
        """What stands in place of a text that nobody wrote."""
        return "" if self.sentences or self.paragraphs else PLACEHOLDER


@dataclass(frozen=True, slots=True)
class TableView:
    """A section's printed block and the figure that each of its cells shows."""

    grid: Grid
    shown: Mapping[CellRef, str]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A chapter of the report."""

    code: str
    heading: str
    parts: tuple[SectionText, ...]
    table: TableView | None
    register: ListingView | None = None
    """What the section's register has, where it is one; None: no row."""


@dataclass(frozen=True, slots=True)
class DecisionView:
    """处理决定 in words."""

    kind: str
    subject: str
    about: str
    what: str
    why: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class CoverageView:
    """报送情况: who is in the figures and, by name, who is not."""

    expected: int
    """Agencies that must file, less the excused."""
    reported: int
    missing: tuple[str, ...]
    excused: tuple[str, ...]
    open_findings: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report of one group."""

    title: str
    name: str
    year: str
    period: str
    """In words: 2024年, 2024年第一季度."""
    form_title: str
    draft: bool
    preamble: str
    sections: tuple[SectionView, ...]
    coverage: CoverageView
    decisions: tuple[DecisionView, ...]
    signer: str
    date_place: str = DATE_PLACE


@lru_cache(maxsize=4)
def report_view(results: Results, group: str = ALL) -> ReportView:
    """Give the report of a group; the office's own texts are those of the whole.

    Several documents show it, one after the other.
    """
    settings = results.settings
    name = clean_text(results.group_title(group))
    year, period = clean_text(settings.year), clean_text(settings.period_words)
    preamble = results.form.preamble.replace("{year}", year).replace("{period}", period)
    signer = (settings.office if group == ALL else "") or name
    form_title = clean_text(results.form.title)
    return ReportView(
        title=f"{name}{period}{form_title}",
        name=name,
        year=year,
        period=period,
        form_title=form_title,
        draft=results.is_draft,
        preamble=clean_text(preamble),
        sections=tuple(
            _section(results, group, sheet)
            for sheet in results.layout.sheets
            if sheet.section.official
        ),
        coverage=_coverage(results, group),
        decisions=tuple(_decisions(results, group)),
        signer=clean_text(signer),
    )


def unwritten_parts(results: Results) -> Iterator[str]:
    """Name the parts of the report in which the office still has to write something."""
    for section in report_view(results).sections:
        for part in section.parts:
            drafted = (each.text for sentence in part.sentences for each in sentence)
            if part.placeholder or any(PLACEHOLDER in text for text in drafted):
                yield part.heading or section.heading


def _section(results: Results, group: str, sheet: SheetLayout) -> SectionView:
    section = sheet.section
    code, heading = section.code, clean_text(section.heading)
    if sheet.register:
        register = register_view(results, sheet.register, group)
        parts = (SectionText(code, "", (), register.paragraphs),) if register.paragraphs else ()
        return SectionView(code, heading, parts, None, register.table)
    return SectionView(
        code=code,
        heading=heading,
        parts=tuple(_parts(results, group, section)),
        table=table_view(results, group, sheet.grid) if sheet.grid else None,
    )


def table_view(results: Results, group: str, grid: Grid) -> TableView:
    """Give a block with the figures of a group."""
    return TableView(grid, {slot.ref: results.shown(group, slot.ref) for slot in grid.slots})


def _parts(results: Results, group: str, section: Section) -> Iterator[SectionText]:
    cells = results.form.texts_of(section.code)
    for cell in cells:
        yield SectionText(
            code=str(cell.ref),
            heading=clean_text(cell.item_labels[-1]) if len(cells) > 1 else "",
            sentences=drafted(results, group, cell.ref),
            paragraphs=paragraphs(results.office_texts.get(cell.ref, "") if group == ALL else ""),
        )


def paragraphs(text: str) -> tuple[str, ...]:
    """Take a text apart at its line breaks; blank lines are none."""
    lines = (clean_text(line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def _coverage(results: Results, group: str) -> CoverageView:
    named: dict[Standing, list[str]] = {Standing.MISSING: [], Standing.EXCUSED: []}
    agencies = results.roster.members(group)
    for agency, standing in zip(agencies, results.standings(group), strict=True):
        if standing in named:
            named[standing].append(clean_text(agency.name))
    excused, missing = named[Standing.EXCUSED], named[Standing.MISSING]
    expected = len(agencies) - len(excused)
    return CoverageView(
        expected=expected,
        reported=expected - len(missing),
        missing=tuple(missing),
        excused=tuple(excused),
        open_findings=_open_findings(results, group),
    )


def _open_findings(results: Results, group: str) -> int:
    if group == ALL:
        return len(results.ledger.open_findings)
    return sum(finding.blocks for line in results.lines(group) for finding in line.findings)


def _decisions(results: Results, group: str) -> Iterator[DecisionView]:
    """Say the decisions that this group's figures rest on."""
    members = {agency.code for agency in results.roster.members(group)}
    added = group_adjustments(results.roster, results.ledger, group)
    for decision in results.ledger.decisions:
        if group == ALL or decision.agency in members or decision in added:
            yield DecisionView(*map(clean_text, decision_row(results, decision)))
