"""Packs a campaign for the office above."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import DECISIONS
from sheetflow.campaign.zipping import zipped
from sheetflow.definitions.encodings import decode
from sheetflow.gathering import bundles, enclosed
from sheetflow.gathering.intake import Intake
from sheetflow.reports.data import findings_json, manifest_jsonl, totals_csv

if TYPE_CHECKING:
    from sheetflow.campaign.folder import Campaign
    from sheetflow.gathering.gather import Gathered
    from sheetflow.model.findings import Finding
    from sheetflow.reports.results import Results


def bundle(campaign: Campaign, gathered: Gathered, results: Results) -> bytes:
    """Pack returns as they were read, with decisions, roster, totals and findings."""
    submissions = {sent.file: sent for sent in gathered.submissions}
    inner = {each.path: each for each in gathered.bundles}
    findings: dict[str, list[Finding]] = {}
    for finding in gathered.findings:
        if finding.place:
            findings.setdefault(finding.place.file, []).append(finding)
    intakes = [
        Intake(
            file,
            submissions.get(file.path),
            tuple(findings.get(file.path, ())),
            inner.get(file.path),
        )
        for file in gathered.files
    ]
    path = campaign.root / DECISIONS
    decisions = decode(path.read_bytes()) if path.is_file() else ""
    roster = [agency._asdict() for agency in campaign.roster.agencies]
    texts = {
        bundles.ROSTER: json.dumps(roster, ensure_ascii=False),
        enclosed.DECISIONS: decisions,
        bundles.TOTALS: b"".join(totals_csv(results)).decode("utf-8-sig"),
        "findings.json": b"".join(findings_json(results)).decode(),
        "manifest.jsonl": b"".join(manifest_jsonl(results)).decode(),
    }
    return zipped(bundles.write_parts(campaign.form, campaign.settings, intakes, texts))
