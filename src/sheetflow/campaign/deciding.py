"""`decide`: writes a decision into decisions.toml, with what it rests on, if it takes effect.

The file stays the office's: what stands in it is kept as it is; a decision on the same thing is
commented out, and the new one stands at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.campaign.computing import gather_campaign, settle_campaign
from sheetflow.campaign.folder import DECISIONS, open_campaign
from sheetflow.campaign.locking import campaign_lock
from sheetflow.campaign.storage import write_whole
from sheetflow.definitions.decisions import load_decisions
from sheetflow.definitions.decisions_text import block, decoded, encoded, without
from sheetflow.errors import DecisionRefusedError, UnknownNameError
from sheetflow.model.decisions import DecisionKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from sheetflow.campaign.folder import Campaign
    from sheetflow.gathering.gather import Gathered
    from sheetflow.model.decisions import Decision
    from sheetflow.model.findings import Finding
    from sheetflow.reports.results import Results

_OF_DECISIONS = ("D01", "D02", "D03", "D04")
_DIGEST = 16
"""How much of a file's digest is written: enough to name it among all files there are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision to be written: its kind, its own keys as text, and who signs it."""

    kind: DecisionKind
    keys: Mapping[str, str]
    why: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision changed: results before and after it."""

    decision: Decision
    before: Results
    after: Results
    replaced: tuple[Decision, ...]
    """Earlier decisions on the same thing, now commented out."""


def decide(root: Path, wanted: Wanted) -> Decided:
    """Write a decision into a campaign.

    Raises UnknownNameError for a file or cell that does not exist, DecisionRefusedError with the
    findings if it is wrongly written or would have no effect; then nothing is written.
    """
    with campaign_lock(root):
        campaign = open_campaign(root)
        gathered = gather_campaign(campaign)
        before = settle_campaign(campaign, gathered)
        wanted = replace(wanted, keys=_resolved(before, wanted.keys))
        path = root / DECISIONS
        text = decoded(path.read_bytes() if path.is_file() else b"")
        replaced = tuple(d for d in campaign.decisions if _is_same(d, wanted))
        kept = replace(text, content=without(text.content, [d.line for d in replaced]))
        decision, after = _tried(campaign, gathered, kept.content + _block(wanted))
        seen = after.ledger.seen.get(decision, "")
        content = kept.content + _block(wanted, seen)
        write_whole(path, encoded(replace(kept, content=content)))
    return Decided(decision, before, after, replaced)


def _resolved(results: Results, keys: Mapping[str, str]) -> dict[str, str]:
    """Give cells their codes (三!D9 names one too) and files their digests."""
    resolved = dict(keys)
    if "cell" in keys:
        resolved["cell"] = _cell(results, keys["cell"])
    if "file" in keys:
        resolved["sha256"] = _sha256(results, resolved.pop("file"))
    return resolved


def _cell(results: Results, said: str) -> str:
    sheet, _, address = said.replace("！", "!").partition("!")
    for ref, (name, box) in results.layout.slots.items():
        if said == str(ref) or (sheet == name and address.upper() == box.address):
            return str(ref)
    raise UnknownNameError(said)


def _sha256(results: Results, said: str) -> str:
    """Find the file of a path, a name, or the beginning of a digest; it must be the only one."""
    files = [file for file in results.ledger.files if file.sha256]
    digests = {
        file.sha256
        for file in files
        if file.path == said.replace("\\", "/")
        or file.path.endswith(f"/{said}")
        or (len(said) >= _DIGEST // 2 and file.sha256.startswith(said.lower()))
    }
    if len(digests) != 1:
        raise UnknownNameError(said)
    return digests.pop()[:_DIGEST]


def _is_same(decision: Decision, wanted: Wanted) -> bool:
    """Whether a decision is about the same thing, so that the wanted one takes its place."""
    about = {
        "agency": decision.agency,
        "group": decision.group,
        "check": decision.check,
        "table": decision.table,
        "cell": str(decision.cell or ""),
    }
    if wanted.kind is DecisionKind.ASSIGN:
        about = {"sha256": decision.sha256[:_DIGEST]}
    said = {key: wanted.keys.get(key, "") for key in about}
    return decision.kind is wanted.kind and said == about


def _tried(campaign: Campaign, gathered: Gathered, text: str) -> tuple[Decision, Results]:
    """Settle with the decision that stands last; DecisionRefusedError if it does not count."""
    loaded = load_decisions(text, DECISIONS, campaign.form, campaign.roster)
    decisions = loaded.value or ()
    faults = tuple(f for f in campaign.faults if f.code not in _OF_DECISIONS)
    tried = replace(campaign, decisions=decisions, faults=(*faults, *loaded.findings))
    last = text.rstrip().count("\n") + 1
    first = text.rstrip().rfind("\n[[")
    begins = text.count("\n", 0, first + 1) + 1
    wrong = tuple(f for f in loaded.findings if begins <= _line(f) <= last)
    if wrong or not decisions:
        raise DecisionRefusedError(wrong or loaded.findings)
    decision = max(decisions, key=lambda each: each.line)
    if decision.kind is DecisionKind.ASSIGN:
        gathered = gather_campaign(tried)
    results = settle_campaign(tried, gathered)
    found = results.ledger.other_findings
    wrong = tuple(f for f in found if f.code in _OF_DECISIONS and _line(f) == decision.line)
    if wrong:
        raise DecisionRefusedError(wrong)
    return decision, results


def _line(finding: Finding) -> int:
    return finding.place.line if finding.place else 0


def _block(wanted: Wanted, seen: str = "") -> str:
    return block(wanted.kind, {**wanted.keys, "why": wanted.why, "by": wanted.by}, wanted.on, seen)
