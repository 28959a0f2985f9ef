"""`demo`: an example walked through from the templates to the report, as a city would."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import DECISIONS, RETURNS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.merging import merge
from sheetflow.campaign.starting import start_campaign
from sheetflow.campaign.storage import write_whole
from sheetflow.definitions.shipped import shipped_form_text
from sheetflow.layout.sheets import form_layout
from sheetflow.model.campaign import Settings
from sheetflow.model.cells import CellRef, displayed
from sheetflow.model.form import LineKind
from sheetflow.model.roster import ALL
from sheetflow.relations.evaluate import with_totals
from sheetflow.workbooks.filling import fill

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sheetflow.campaign.examples import Example
    from sheetflow.model.cells import Place
    from sheetflow.model.form import Form
    from sheetflow.reports.results import Results

_FORM = "zfxxgk-2021"


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell whose sum is not what the office published."""

    cell: CellRef
    summed: str
    published: str


def prepare(example: Example, root: Path) -> int:
    """Make a campaign of an example: issue its templates, fill and return them; give the number.

    No decision is taken yet.
    """
    settings = Settings(form=_FORM, period=example.period, name=example.campaign)
    start_campaign(root, settings, shipped_form_text(_FORM), example.roster)
    campaign = open_campaign(root)
    reported = example.reported()
    for issued in issue_templates(campaign):
        values = answers(campaign.form, reported[issued.agency])
        data = fill(issued.path.read_bytes(), values)
        write_whole(root / RETURNS / issued.path.name, data)
    return len(reported)


def answers(form: Form, reported: Mapping[CellRef, str]) -> dict[Place, int | float | str | None]:
    """Say what an agency puts into which cell of its template.

    A blank entry stays blank, a blank total is an emptied cell, a right total leaves the formula
    where it is, a wrong one stands over it as a constant.
    """
    layout = form_layout(form)
    entries = {
        ref: Decimal(text)
        for ref, text in reported.items()
        if text and form.cells[ref].numeric and form.cells[ref].kind is LineKind.ENTRY
    }
    computed = with_totals(form, entries)
    values: dict[Place, int | float | str | None] = {}
    for ref, text in reported.items():
        cell = form.cells[ref]
        is_total = cell.kind is LineKind.TOTAL
        if is_total and text and Decimal(text) == computed[ref]:
            continue
        if text or is_total:
            values[layout.place(ref)] = _typed(text) if cell.numeric else text
    return values


def decide(example: Example, root: Path) -> None:
    """Put the example's decisions into the campaign, if it has any."""
    if example.decisions.is_file():
        write_whole(root / DECISIONS, example.decisions.read_bytes())


def run(root: Path) -> Results:
    """Compute the campaign as it stands and write its outputs."""
    campaign = open_campaign(root)
    results = compute(campaign)
    merge(campaign, results)
    return results


def differences(results: Results, published: Mapping[CellRef, Decimal]) -> list[Difference]:
    """Give the typed cells whose exact sum is not the published figure."""
    aggregate = results.aggregates[ALL]
    return [
        Difference(ref, displayed(aggregate.value(ref), None), displayed(figure, None))
        for ref, figure in published.items()
        if results.form.cells[ref].kind is LineKind.ENTRY and aggregate.value(ref) != figure
    ]


def equal_as_displayed(results: Results, published: Mapping[CellRef, Decimal]) -> int:
    """Count the cells, totals too, that show the same as what was published."""
    decimals = results.settings.decimals
    return sum(
        results.shown(ALL, ref) == displayed(figure, decimals) for ref, figure in published.items()
    )


def _typed(text: str) -> int | float | None:
    """Give a figure as a spreadsheet holds it."""
    if not text:
        return None
    return float(text) if "." in text else int(text)
