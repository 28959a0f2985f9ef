"""`decide`: writes a decision into decisions.toml, with what it rests on, if it takes effect.

The file stays the office's: what stands in it is kept as it is; a decision on the same thing is
commented out, and the new one stands at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.campaign.computing import gather_campaign, settle_campaign
from sheetflow.campaign.folder import DECISIONS, open_campaign
from sheetflow.campaign.history import last_period
from sheetflow.campaign.locking import campaign_lock
from sheetflow.campaign.storage import write_whole
from sheetflow.campaign.tracing import cell_called
from sheetflow.definitions.decisions import load_decisions
from sheetflow.definitions.decisions_text import block, decoded, encoded, without
from sheetflow.errors import DecisionRefusedError
from sheetflow.model.cells import Place
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from sheetflow.campaign.folder import Campaign
    from sheetflow.gathering.gather import Gathered
    from sheetflow.model.decisions import Decision
    from sheetflow.model.history import LastPeriod
    from sheetflow.reports.results import Results

_OF_DECISIONS = ("D01", "D02", "D03", "D04")
_DIGEST = 16
"""How much of a file's digest is written: enough to name it among all files there are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision to be written: its kind, its own keys as text, and who signs it.

    `file` names a file as people do, and so may the `agency` of a waiver.
    """

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

    @property
    def closed(self) -> tuple[Finding, ...]:
        """What was open and is no more."""
        return _open_only_in(self.before, self.after)

    @property
    def opened(self) -> tuple[Finding, ...]:
        """What is open since; an earlier decision that this one leaves without effect, say."""
        return _open_only_in(self.after, self.before)

    @property
    def figures(self) -> tuple[Decimal | None, Decimal | None]:
        """The adjusted figure before and after."""
        return _figure(self.before, self.decision), _figure(self.after, self.decision)


def decide(root: Path, wanted: Wanted) -> Decided:
    """Write a decision into a campaign.

    Raises UnknownCellError for a cell that does not exist, DecisionRefusedError with the findings
    if it is wrongly written or would have no effect; then nothing is written.
    """
    with campaign_lock(root):
        campaign = open_campaign(root)
        last = last_period(campaign)
        gathered = gather_campaign(campaign, last)
        before = settle_campaign(campaign, last, gathered)
        wanted = replace(wanted, keys=_resolved(before, wanted))
        path = root / DECISIONS
        text = decoded(path.read_bytes() if path.is_file() else b"")
        replaced = tuple(d for d in campaign.decisions if _is_same(d, wanted))
        kept = without(text, [d.line for d in replaced])
        decision, after = _tried(campaign, last, gathered, kept.followed_by(_block(wanted)).content)
        seen = after.ledger.seen.get(decision, "")
        write_whole(path, encoded(kept.followed_by(_block(wanted, seen))))
    return Decided(decision, before, after, replaced)


def _open_only_in(some: Results, others: Results) -> tuple[Finding, ...]:
    known = {(each.agency, each.key) for each in others.ledger.open_findings}
    return tuple(f for f in some.ledger.open_findings if (f.agency, f.key) not in known)


def _figure(results: Results, decision: Decision) -> Decimal | None:
    if decision.cell is None:
        return None
    if decision.group:
        return results.aggregates[decision.group].value(decision.cell)
    submission = results.ledger.by_agency[decision.agency].submission
    return submission.entries[decision.cell].value if submission else None


def _resolved(results: Results, wanted: Wanted) -> dict[str, str]:
    """Give cells their codes (三!D9 names one too), files their digests, checks their spelling."""
    resolved = dict(wanted.keys)
    if "cell" in resolved:
        resolved["cell"] = str(cell_called(results, resolved["cell"]))
    if wanted.kind is DecisionKind.WAIVE and resolved["agency"] not in results.ledger.by_agency:
        resolved["file"] = resolved.pop("agency")
    if "file" in resolved:
        resolved["sha256"] = _sha256(results, wanted.kind, resolved.pop("file"))
    if "check" in resolved:
        said = resolved["check"]
        spelt = {check.code.casefold(): check.code for check in results.form.checks}
        resolved["check"] = spelt.get(said.casefold(), said.upper())
    return resolved


def _sha256(results: Results, kind: DecisionKind, said: str) -> str:
    """Find the file of a path, a name, or the beginning of a digest; it must be the only one."""
    path = f"/{said}".replace("\\", "/")
    digests = {
        file.sha256
        for file in results.ledger.files
        if f"/{file.path}".endswith(path)
        or path.endswith(f"/{file.path}")
        or (len(said) >= _DIGEST // 2 and file.sha256.startswith(said.lower()))
    } - {""}
    if len(digests) == 1:
        return digests.pop()[:_DIGEST]
    missing = "@no_agency_or_file" if kind is DecisionKind.WAIVE else "@no_such_file"
    why = "@several_such_files" if digests else missing
    raise DecisionRefusedError([_without_effect(kind, said, why)])


def _without_effect(kind: DecisionKind, subject: str, why: str) -> Finding:
    facts = {"kind": f"@{kind}", "subject": subject, "why": why}
    return Finding("D02", Severity.ERROR, place=Place(DECISIONS), facts=facts)


def _is_same(decision: Decision, wanted: Wanted) -> bool:
    """Whether a decision is about the same thing, so that the wanted one takes its place."""
    about = {
        "agency": decision.agency,
        "group": decision.group,
        "check": decision.check,
        "table": decision.table,
        "cell": str(decision.cell or ""),
    }
    if wanted.kind is DecisionKind.ASSIGN:  # a file is one agency's, whichever it was before
        del about["agency"]
    said = {key: wanted.keys.get(key, "") for key in about}
    sha256 = wanted.keys.get("sha256", "")
    same_file = wanted.kind is DecisionKind.CHOOSE or sha256.startswith(decision.sha256[:_DIGEST])
    return decision.kind is wanted.kind and said == about and same_file


def _tried(
    campaign: Campaign, last: LastPeriod, gathered: Gathered, text: str
) -> tuple[Decision, Results]:
    """Settle with the decision that stands last; DecisionRefusedError if it does not count."""
    loaded = load_decisions(text, DECISIONS, campaign.form, campaign.roster)
    decisions = loaded.value or ()
    faults = tuple(f for f in campaign.faults if f.code not in _OF_DECISIONS)
    tried = replace(campaign, decisions=decisions, faults=(*faults, *loaded.findings))
    ends = text.rstrip().count("\n") + 1
    first = text.rstrip().rfind("\n[[")
    begins = text.count("\n", 0, first + 1) + 1
    wrong = tuple(f for f in loaded.findings if begins <= _line(f) <= ends)
    if wrong:
        raise DecisionRefusedError(_unwritten(wrong))
    if not decisions:  # the file is no TOML
        raise DecisionRefusedError(loaded.findings)
    decision = max(decisions, key=lambda each: each.line)
    if decision.kind is DecisionKind.ASSIGN:
        gathered = gather_campaign(tried, last)
    results = settle_campaign(tried, last, gathered)
    found = results.ledger.other_findings
    wrong = tuple(f for f in found if f.code in _OF_DECISIONS and _line(f) == decision.line)
    if wrong:
        raise DecisionRefusedError(_unwritten(wrong))
    if _changes_nothing(results, decision):
        refused = _without_effect(decision.kind, decision.subject, "@same_figure")
        raise DecisionRefusedError([refused])
    return decision, results


def _changes_nothing(results: Results, decision: Decision) -> bool:
    """Whether an adjustment says what was reported: most likely it names the wrong cell."""
    if decision.kind is not DecisionKind.ADJUST or decision.cell is None:
        return False
    if decision.group:
        return decision.add == 0
    submission = results.ledger.by_agency[decision.agency].submission
    return submission is not None and (submission.entries[decision.cell].reported == decision.value)


def _unwritten(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Take away the line at which the decision would have stood."""
    return tuple(finding._replace(place=Place(DECISIONS)) for finding in findings)


def _line(finding: Finding) -> int:
    """Give the line of decisions.toml that a finding is about; a bundle's decisions are others."""
    return finding.place.line if finding.place and finding.place.file == DECISIONS else 0


def _block(wanted: Wanted, seen: str = "") -> str:
    return block(wanted.kind, {**wanted.keys, "why": wanted.why, "by": wanted.by}, wanted.on, seen)
