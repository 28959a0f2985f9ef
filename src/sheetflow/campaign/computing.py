"""From the folder to its results: gather, settle, roll up; one computation behind every verb."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import (
    RETURNS,
    Campaign,
    campaign_key,
    decode,
    office_texts,
)
from sheetflow.gathering.agency_names import KnownNames
from sheetflow.gathering.folder import list_entries, list_files
from sheetflow.gathering.gather import Expectation, gather
from sheetflow.gathering.reading import blueprint
from sheetflow.model.decisions import DecisionKind
from sheetflow.reports.results import HTML_TEMPLATE, WORD_TEMPLATE, Results
from sheetflow.rollup import negative_totals, roll_up
from sheetflow.settling.ledger import settle

if TYPE_CHECKING:
    from pathlib import Path

_WITHOUT_EFFECT = "D02"


def compute(campaign: Campaign, files: tuple[Path, ...] = ()) -> Results:
    """Compute a campaign's results; with `files`, as if those alone were its returns."""
    plan = blueprint(campaign.form)
    root = campaign.root
    entries = list_files(root, files) if files else list_entries(root, root / RETURNS)
    assignments = tuple(d for d in campaign.decisions if d.kind is DecisionKind.ASSIGN)
    expected = Expectation(
        plan, campaign.settings, KnownNames(campaign.roster), campaign_key(root), assignments
    )
    gathered = gather(entries, expected)
    ledger = settle(
        campaign.form,
        campaign.roster,
        campaign.decisions,
        submissions=gathered.submissions,
        files=gathered.files,
        findings=(*campaign.faults, *gathered.findings),
    )
    if files:  # decisions on returns that were not named have no effect here, and need none
        others = tuple(f for f in ledger.other_findings if f.code != _WITHOUT_EFFECT)
        ledger = replace(ledger, other_findings=others)
    aggregates = roll_up(campaign.form, campaign.roster, ledger)
    negative = tuple(negative_totals(ledger, aggregates))
    ledger = replace(ledger, other_findings=(*ledger.other_findings, *negative))
    word, html = root / WORD_TEMPLATE, root / HTML_TEMPLATE
    return Results(
        form=campaign.form,
        layout=plan.layout,
        settings=campaign.settings,
        roster=campaign.roster,
        ledger=ledger,
        aggregates=aggregates,
        office_texts=office_texts(campaign),
        word_template=word.read_bytes() if word.is_file() else None,
        html_template=decode(html.read_bytes()) if html.is_file() else None,
    )
