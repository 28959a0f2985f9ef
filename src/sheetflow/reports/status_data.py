"""Puts a campaign's results into the record that status.html shows; adds nothing of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from sheetflow.messages.terms import term
from sheetflow.messages.text import Language
from sheetflow.model.findings import Severity, Status
from sheetflow.model.form import LineKind
from sheetflow.model.ledger import Standing
from sheetflow.model.roster import ALL
from sheetflow.model.shelf import Streamed, picked
from sheetflow.relations.words import cell_words
from sheetflow.reports.alternatives import alternatives
from sheetflow.reports.findings import Speaker
from sheetflow.reports.status_figures import NOTHING, figure_cells, figures_record, token
from sheetflow.reports.status_lists import (
    check_records,
    decision_record,
    file_record,
    finding_records,
)
from sheetflow.reports.status_record import (
    NONE,
    AgencyRecord,
    CellRecord,
    GroupRecord,
    MarkRecord,
    RegionRecord,
    ScopeRecord,
    StatusRecord,
)
from sheetflow.reports.status_regions import STATUS_FOLDER, overview_of
from sheetflow.rollup import group_adjustments
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheetflow.model.cells import CellRef
    from sheetflow.model.decisions import Decision
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.model.returns import ReturnFile
    from sheetflow.reports.results import Results
    from sheetflow.reports.status_figures import FigureCells
    from sheetflow.reports.status_regions import Region

DIRECT = "直接报送的单位"
"""Those directly under the whole, where others have a county between; a county may be one."""
_ZH = Language.ZH
_WORDS = (*Standing, *Severity, *Status)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Known:
    """The results, and the index of each thing."""

    results: Results
    speaker: Speaker
    figures: FigureCells
    cells: Mapping[CellRef, int]
    agencies: Mapping[str, int]
    groups: Mapping[str, int]
    decisions: Mapping[Decision, int]


def status_record(results: Results) -> StatusRecord:
    """Give all that the page shows."""
    settings, ledger, figures = results.settings, results.ledger, figure_cells(results)
    known = _Known(
        results,
        Speaker(results.form, results.layout, _ZH),
        figures=figures,
        cells=_numbered(figures.refs),
        agencies=_numbered(agency.code for agency in results.roster.members(ALL)),
        groups=_numbered(results.aggregates),
        decisions=_numbered(ledger.decisions),
    )
    name, period = clean_text(settings.name), clean_text(settings.period_words)
    form = clean_text(results.form.title)
    nobodys = (file for file in ledger.files if file.agency not in known.agencies)
    return StatusRecord(
        title=f"{name}{period}{form}",
        name=name,
        due=settings.due.isoformat() if settings.due else "",
        draft=results.is_draft,
        words={key.value: term(key.value, _ZH) for key in _WORDS},
        cells=tuple(_cell(known, ref) for ref in known.cells),
        checks=check_records(results),
        groups=tuple(_group(known, group) for group in results.aggregates),
        scopes=tuple(_scopes(known)),
        agencies=Streamed(lambda: _agencies(known)),
        decisions=tuple(decision_record(results, d, known.cells) for d in ledger.decisions),
        findings=tuple(finding_records(ledger.other_findings, known.speaker, known.agencies)),
        files=tuple(file_record(file, {}) for file in nobodys),
        unchecked=tuple((check, len(those)) for check, those in ledger.unchecked.items()),
        parts=(),
    )


def overview_record(results: Results, regions: Sequence[Region]) -> StatusRecord:
    """Give what the page above the pages of regions shows; those are in a folder beside it."""
    shown = status_record(overview_of(results))
    cells = figure_cells(results).refs
    return replace(
        shown,
        draft=results.is_draft,
        unchecked=tuple((check, len(x)) for check, x in results.ledger.unchecked.items()),
        parts=tuple(_region(results, each, cells) for each in regions),
    )


def _region(results: Results, region: Region, cells: Sequence[CellRef]) -> RegionRecord:
    ledger = results.ledger
    with_findings = sorted({*region.lines}.intersection(ledger.numbers_with_findings))
    lines = picked(ledger.lines, with_findings)
    known = results.aggregates.get(region.name) or region.within(results).aggregates[ALL]
    totals = known.totals
    return RegionRecord(
        title=clean_text(region.title),
        page=f"{STATUS_FOLDER}/{quote(region.name)}.html",
        standings=Counter(ledger.standings[number].value for number in region.lines),
        open=sum(finding.blocks for line in lines for finding in line.findings),
        values=" ".join(token(totals[ref].value) if ref in totals else NOTHING for ref in cells),
    )


def _numbered(things: Iterable[T]) -> dict[T, int]:
    return {thing: number for number, thing in enumerate(things)}


def _cell(known: _Known, ref: CellRef) -> CellRecord:
    form, place = known.results.form, known.results.layout.place(ref)
    side = form.leaves[ref] if form.cells[ref].kind is LineKind.TOTAL else ()
    return CellRecord(
        code=str(ref),
        words=clean_text(cell_words(ref, form)),
        sheet=clean_text(place.sheet),
        address=place.address,
        parts=tuple((factor, known.cells[leaf]) for factor, leaf in side),
    )


def _group(known: _Known, group: str) -> GroupRecord:
    results, roster = known.results, known.results.roster
    totals = results.aggregates[group].totals
    exact = [token(totals[ref].value) if ref in totals else NOTHING for ref in known.cells]
    shown = (results.shown(group, ref) for ref in known.cells)
    adjustments = group_adjustments(roster, results.ledger, group)
    return GroupRecord(
        code=group,
        title=clean_text(results.group_title(group)),
        kind="all" if group == ALL else "tree" if group in roster.by_code else "kind",
        depth=_depth(results, group),
        members=tuple(known.agencies[agency.code] for agency in roster.members(group)),
        expected=max((total.expected for total in totals.values()), default=0),
        values=" ".join(exact),
        reported=" ".join(str(totals[r].reported) if r in totals else "0" for r in known.cells),
        before=_before(known, group),
        shown={
            index: text
            for index, (text, value) in enumerate(zip(shown, exact, strict=True))
            if value not in (text, NOTHING)
        },
        decisions=tuple(known.decisions[decision] for decision in adjustments),
    )


def _before(known: _Known, group: str) -> str:
    figures = known.results.last.totals.get(group)
    return " ".join(token(figures.get(ref)) for ref in known.cells) if figures else ""


def _depth(results: Results, group: str) -> int:
    """Count the groups above; a kind stands beside the tree."""
    return len(list(results.roster.ancestors(group))) if group in results.roster.by_code else 0


def _scopes(known: _Known) -> Iterator[ScopeRecord]:
    """Give what progress is shown by: the tree's groups and what is beside them, else the kinds."""
    results, roster = known.results, known.results.roster
    trees = [group for group in results.aggregates if group in roster.by_code]
    kinds = [group for group in results.aggregates if group.startswith("kind:")]
    direct = [a.code for a in roster.children("") if a.files and not roster.children(a.code)]
    if trees and direct:
        yield ScopeRecord(DIRECT, 0, NONE, tuple(known.agencies[code] for code in direct))
    for group in trees or kinds:
        yield ScopeRecord(
            title=clean_text(results.group_title(group)),
            depth=_depth(results, group),
            group=known.groups[group],
            members=tuple(known.agencies[agency.code] for agency in roster.members(group)),
        )


def _agencies(known: _Known) -> Iterator[AgencyRecord]:
    results = known.results
    differs = {each.other.file: len(each.cells) for each in alternatives(results)}
    files: dict[str, list[ReturnFile]] = {}
    for file in results.ledger.files:
        files.setdefault(file.agency, []).append(file)
    for line in results.ledger.lines:
        agency, submission = results.roster.by_code[line.agency], line.submission
        above = [
            results.roster.by_code[code].name for code in results.roster.ancestors(agency.code)
        ]
        came = submission.received if submission else None
        yield AgencyRecord(
            code=clean_text(agency.code),
            name=clean_text(agency.name),
            above=clean_text(" ".join(reversed(above))),
            kind=clean_text(agency.kind),
            contact=clean_text(agency.contact),
            standing=line.standing.value,
            received=came.isoformat() if came else "",
            figures=figures_record(results, submission, known.figures) if submission else None,
            marks=tuple(_marks(line, known)),
            findings=tuple(finding_records(line.findings, known.speaker, known.agencies)),
            history=tuple(file_record(file, differs) for file in files.get(line.agency, ())),
        )


def _marks(line: LedgerLine, known: _Known) -> Iterator[MarkRecord]:
    for finding in line.findings:
        if finding.status is Status.OPEN and finding.cell and finding.cell in known.cells:
            yield MarkRecord(known.cells[finding.cell], finding.code, finding.severity.value)
