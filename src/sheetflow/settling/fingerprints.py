"""What a decision rests on, in few words and a digest: it holds until one of those values changes.

`decide` writes it as `seen`; a decision without it was written by hand, and holds until edited.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sheetflow.model.cells import Place, exact_sum, plain
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Severity
from sheetflow.settling.closing import covers
from sheetflow.settling.overlays import blanks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from sheetflow.model.form import Form
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.model.returns import Entry, Submission
    from sheetflow.model.roster import Roster

Seen = dict[Decision, str]
"""By decision what it rests on now."""
_BLANK = "空"


def seen_returns(decisions: Iterable[Decision], submissions: Sequence[Submission]) -> Seen:
    """Tell what choices rest on: which returns there were to choose from."""
    told = _told(f"{len(submissions)} 份", sorted(each.sha256 for each in submissions))
    return {d: told for d in decisions if d.kind is DecisionKind.CHOOSE}


def seen_values(form: Form, decisions: Iterable[Decision], submission: Submission) -> Seen:
    """Tell what decisions on values rest on: the reported figure, or which cells are blank."""
    seen: Seen = {}
    for decision in decisions:
        if decision.kind is DecisionKind.ADJUST and decision.cell:
            entry = submission.entries[decision.cell]
            seen[decision] = _told(_reported(entry), [entry.state, _reported(entry)])
        elif decision.kind is DecisionKind.BLANK_ZERO:
            refs = [str(entry.ref) for entry in blanks(form, submission, decision)]
            seen[decision] = _told(f"{len(refs)} 格", refs)
    return seen


def seen_findings(
    form: Form, decisions: Iterable[Decision], found: Sequence[Finding], submission: Submission
) -> Seen:
    """Tell what waivers rest on: both sides of what they cover, and every value under them."""
    seen: Seen = {}
    for decision in decisions:
        covered = [finding for finding in found if covers(decision, finding)]
        if covered:
            parts = [part for each in covered for part in _parts(form, each, submission)]
            seen[decision] = _told(_sides(covered), parts)
    return seen


def seen_sums(
    decisions: Iterable[Decision], roster: Roster, lines: Mapping[str, LedgerLine]
) -> Seen:
    """Tell what decisions on groups rest on: the sum of the agencies' figures without them."""
    seen: Seen = {}
    for decision in decisions:
        if decision.kind is DecisionKind.ADJUST and decision.group and decision.cell:
            values = _values(decision, roster, lines)
            words = plain(exact_sum(values)) if values else _BLANK
            seen[decision] = _told(words, [words])
    return seen


def held(decisions: Iterable[Decision], seen: Seen) -> tuple[Decision, ...]:
    """Give the decisions that rest on the same values as when they were taken."""
    return tuple(d for d in decisions if not d.seen or seen.get(d, d.seen) == d.seen)


def reopened(decisions: Iterable[Decision], seen: Seen) -> tuple[Finding, ...]:
    """D05: a decision rests on values that have changed; it is not applied, its reason is shown."""
    return tuple(
        Finding(
            "D05",
            Severity.QUERY,
            decision.agency,
            decision.cell,
            Place("decisions.toml", line=decision.line),
            facts={
                "kind": f"@{decision.kind}",
                "by": decision.by,
                "on": decision.on.isoformat() if decision.on else "",
                "why": decision.why,
                "then": decision.seen.partition(" #")[0],
                "now": seen[decision].partition(" #")[0],
                "subject": " ".join(filter(None, (decision.check, decision.table, decision.group))),
            },
        )
        for decision in decisions
        if decision.seen and decision in seen and seen[decision] != decision.seen
    )


def _told(words: str, parts: Iterable[str]) -> str:
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{words} #{digest[:12]}"


def _reported(entry: Entry) -> str:
    if entry.reported is not None:
        return plain(entry.reported)
    return entry.raw.strip() or _BLANK


def _sides(covered: Sequence[Finding]) -> str:
    first = covered[0]
    if len(covered) > 1 or first.left is None or first.right is None:
        return f"{len(covered)} 条"
    return f"{plain(first.left)} / {plain(first.right)}"


def _parts(form: Form, finding: Finding, submission: Submission) -> Iterable[str]:
    """Give what a finding says and the values that it is about; without a cell, all values."""
    yield finding.code
    yield from (str(side) for side in (finding.left, finding.right))
    named = (finding.cell, *finding.related) if finding.cell else tuple(submission.entries)
    for ref in dict.fromkeys(ref for ref in named if ref):
        yield str(ref)
        for leaf in (part for _, part in form.leaves.get(ref, ((1, ref),))):
            yield _reported(submission.entries[leaf])


def _values(decision: Decision, roster: Roster, lines: Mapping[str, LedgerLine]) -> list[Decimal]:
    members = (lines[agency.code].submission for agency in roster.members(decision.group))
    entries = (s.entries[decision.cell] for s in members if s and decision.cell)
    return [entry.value for entry in entries if entry.value is not None]
