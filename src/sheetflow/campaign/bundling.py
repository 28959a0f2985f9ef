"""Packs a county's campaign for the city, and works what counties packed into the city's."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import DECISIONS
from sheetflow.campaign.zipping import zipped
from sheetflow.definitions.decisions import load_decisions
from sheetflow.definitions.history import load_totals
from sheetflow.definitions.roster import csv_rows
from sheetflow.gathering import bundles
from sheetflow.gathering.intake import Intake
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.roster import ALL, Agency, Roster
from sheetflow.reports.data import findings_json, manifest_jsonl, totals_csv
from sheetflow.rollup import roll_up
from sheetflow.settling.ledger import settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheetflow.campaign.folder import Campaign
    from sheetflow.gathering.gather import Gathered
    from sheetflow.model.bundle import Enclosed
    from sheetflow.model.decisions import Decision
    from sheetflow.model.form import Form
    from sheetflow.reports.results import Results

BUNDLE = "bundle.zip"
_SHOWN = 5


def bundle(campaign: Campaign, gathered: Gathered, results: Results) -> bytes:
    """Pack returns as they were read, with decisions, roster, totals and findings."""
    submissions = {sent.file: sent for sent in gathered.submissions}
    enclosed = {each.path: each for each in gathered.bundles}
    intakes = [
        Intake(
            file,
            submissions.get(file.path),
            tuple(f for f in gathered.findings if f.place and f.place.file == file.path),
            enclosed.get(file.path),
        )
        for file in gathered.files
    ]
    path = campaign.root / DECISIONS
    decisions = path.read_bytes().decode("utf-8-sig", "replace") if path.is_file() else ""
    roster = [asdict(agency) for agency in campaign.roster.agencies]
    texts = {
        bundles.ROSTER: json.dumps(roster, ensure_ascii=False),
        bundles.DECISIONS: decisions,
        bundles.TOTALS: b"".join(totals_csv(results)).decode("utf-8-sig"),
        "findings.json": b"".join(findings_json(results)).decode(),
        "manifest.jsonl": b"".join(manifest_jsonl(results)).decode(),
    }
    return zipped(bundles.write_parts(campaign.form, campaign.settings, intakes, texts))


def county_decisions(campaign: Campaign, enclosed: Enclosed) -> Outcome[tuple[Decision, ...]]:
    """Give the decisions of a county's office, as this office's roster names groups.

    What a county added to its whole is added to the line of the roster above all its agencies.
    """
    return _decisions_within(campaign.form, campaign.roster, enclosed)


def _decisions_within(
    form: Form, above: Roster, enclosed: Enclosed
) -> Outcome[tuple[Decision, ...]]:
    roster = _roster(enclosed)
    if roster is None:
        return Outcome(None, (_unusable(enclosed),))
    file = f"{enclosed.path}/{DECISIONS}"
    loaded = load_decisions(enclosed.decisions, file, form, roster)
    whole = _above(above, roster)
    found = (replace(each, file=file) for each in loaded.value or ())
    decisions = tuple(
        replace(each, group=whole) if each.group == ALL else each
        for each in found
        if not each.agency or each.agency in above.by_code
    )
    return Outcome(decisions, loaded.findings)


def contradicted(campaign: Campaign, gathered: Gathered) -> Iterator[Finding]:
    """F33: a bundle's own totals are not those that its returns and decisions add up to."""
    for enclosed in gathered.bundles:
        roster = _roster(enclosed)
        if roster is None:
            continue
        inside = f"{enclosed.path}/"
        own = load_decisions(enclosed.decisions, DECISIONS, campaign.form, roster).value or ()
        below = (
            _decisions_within(campaign.form, roster, each).value or ()
            for each in gathered.bundles
            if each.path.startswith(inside)
        )
        ledger = settle(
            campaign.form,
            roster,
            (*own, *(decision for some in below for decision in some)),
            submissions=[s for s in gathered.submissions if s.file.startswith(inside)],
            files=[f for f in gathered.files if f.path.startswith(inside)],
            findings=(),
        )
        summed = roll_up(campaign.form, roster, ledger)
        said = load_totals(csv_rows(enclosed.totals.encode()), campaign.form)
        wrong = [
            f"{group} {ref}"
            for group, aggregate in summed.items()
            for ref in aggregate.totals
            if aggregate.value(ref) != said.get(group, {}).get(ref)
        ]
        if wrong:
            more = "…" if len(wrong) > _SHOWN else ""
            facts = {
                "subject": enclosed.path,
                "count": str(len(wrong)),
                "cells": "、".join(wrong[:_SHOWN]) + more,
            }
            yield Finding("F33", Severity.ERROR, place=Place(enclosed.path), facts=facts)


def _roster(enclosed: Enclosed) -> Roster | None:
    try:
        read = [_agency(**row) for row in json.loads(enclosed.roster)]
        roster = Roster(tuple(read))
        if len(roster.by_code) != len(read) or len(list(roster.subtree(""))) != len(read):
            return None  # two of one code, or a circle
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    return roster


def _agency(code: str, name: str, parent: str = "", kind: str = "", **_rest: object) -> Agency:
    """Take from a county's roster what its sums need; names are this office's own."""
    return Agency(str(code), str(name), str(parent), str(kind))


def _above(roster: Roster, county: Roster) -> str:
    """Give the lowest group of this office's roster that holds all agencies of a county's."""
    chains: list[Sequence[str]] = [
        (agency.code, *roster.ancestors(agency.code))
        for agency in county.agencies
        if agency.files and agency.code in roster.by_code
    ]
    common = (
        [code for code in chains[0] if all(code in chain for chain in chains)] if chains else []
    )
    return next((code for code in common if code in roster.groups), ALL)


def _unusable(enclosed: Enclosed) -> Finding:
    facts = {"subject": enclosed.path, "problem": "@bundle_damaged"}
    return Finding("F31", Severity.ERROR, place=Place(enclosed.path), facts=facts)
