"""What a decision rests on, in few words and a digest: it holds until one of those values changes.

`decide` writes it as `seen`; a decision without it was written by hand, and holds until edited.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sheetflow.model.cells import Place, exact_sum, plain
from sheetflow.model.characters import shortened
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Severity
from sheetflow.settling.closing import covers
from sheetflow.settling.overlays import blanks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from decimal import Decimal

    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form
    from sheetflow.model.ledger import Ledger
    from sheetflow.model.returns import Submission
    from sheetflow.model.roster import Roster

Seen = dict[Decision, str]
"""By decision what it rests on now."""
_BLANK = "—"
_SHOWN, _SHOWN_TEXT = 3, 12
"""How many sides the words name, and how much of a text."""
_ON_RETURNS = (DecisionKind.CHOOSE, DecisionKind.EXCUSE)


def seen_returns(decisions: Iterable[Decision], returns: Sequence[Submission]) -> Seen:
    """Tell what choices and excuses rest on: which returns there were."""
    about = [d for d in decisions if d.kind in _ON_RETURNS]
    return dict.fromkeys(about, _told(str(len(returns)), _digests(returns))) if about else {}


def seen_values(form: Form, decisions: Iterable[Decision], submission: Submission) -> Seen:
    """Tell what decisions on values rest on: the reported figure, or which cells are blank."""
    seen: Seen = {}
    for decision in decisions:
        if decision.kind is DecisionKind.ADJUST and decision.cell:
            entry = submission.entries[decision.cell]
            seen[decision] = _told(_shown(entry), [entry.state, _reported(entry)])
        elif decision.kind is DecisionKind.BLANK_ZERO:
            refs = [str(entry.ref) for entry in blanks(form, submission, decision)]
            seen[decision] = _told(str(len(refs)), refs)
    return seen


def seen_findings(
    form: Form,
    decisions: Iterable[Decision],
    found: Collection[Finding],
    submission: Submission,
    returns: Sequence[Submission],
) -> Seen:
    """Tell what waivers rest on: both sides of what they cover, and every value under them.

    `submission` is the return that counts, as it came, among all the agency's `returns`.
    """
    seen: Seen = {}
    for decision in decisions:
        covered = [finding for finding in found if covers(decision, finding)]
        if covered:
            parts = [part for each in covered for part in _parts(form, each, submission, returns)]
            seen[decision] = _told(_sides(covered, submission), parts)
    return seen


def seen_sums(decisions: Iterable[Decision], roster: Roster, ledger: Ledger) -> Seen:
    """Tell what decisions on groups rest on: the sum of the agencies' figures without them."""
    seen: Seen = {}
    for decision in decisions:
        if decision.kind is DecisionKind.ADJUST and decision.group and decision.cell:
            values = _values(decision, roster, ledger)
            words = plain(exact_sum(values)) if values else _BLANK
            seen[decision] = _told(words, [words])
    return seen


def held(decisions: Iterable[Decision], seen: Seen) -> tuple[Decision, ...]:
    """Give the decisions that rest on the same values as when they were taken."""
    return tuple(d for d in decisions if not has_changed(d, seen))


def has_changed(decision: Decision, seen: Seen) -> bool:
    """Whether a decision rests on other values than when it was taken; only `decide` notes them."""
    now = seen.get(decision, decision.seen)
    return bool(decision.seen) and _digest(now) != _digest(decision.seen)


def reopened(decisions: Iterable[Decision], seen: Seen) -> tuple[Finding, ...]:
    """D05: a decision rests on values that have changed; it is not applied, its reason is shown."""
    return tuple(_open_again(d, seen[d]) for d in decisions if has_changed(d, seen))


def _open_again(decision: Decision, told: str) -> Finding:
    then, now = _words(decision.seen), _words(told)
    facts = {
        "kind": f"@{decision.kind}",
        "by": decision.by,
        "on": decision.on.isoformat() if decision.on else "",
        "why": decision.why,
        "basis": "@on_group" if decision.group else f"@on_{decision.kind}",
        "then": then,
        "now": now if now != then else "@changed_within",
        "subject": decision.subject,
    }
    place = Place(decision.file, line=decision.line)
    return Finding("D05", Severity.QUERY, decision.agency, decision.cell, place, facts=facts)


def _told(words: str, parts: Iterable[str]) -> str:
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{words} #{digest[:12]}"


def _words(told: str) -> str:
    return told.rpartition(" #")[0]


def _digest(told: str) -> str:
    return told.rpartition("#")[2]


def _digests(returns: Iterable[Submission]) -> list[str]:
    return sorted(each.sha256 for each in returns)


def _reported(entry: Entry) -> str:
    if entry.reported is not None:
        return plain(entry.reported)
    return entry.raw.strip() or _BLANK


def _shown(entry: Entry) -> str:
    """Give a figure, or the beginning of a text, on one line."""
    return shortened(" ".join(_reported(entry).split()), _SHOWN_TEXT)


def _sides(covered: Sequence[Finding], submission: Submission) -> str:
    said = [_side(finding, submission) for finding in covered[:_SHOWN]]
    return "; ".join(said) + ("…" if len(covered) > _SHOWN else "")


def _side(finding: Finding, submission: Submission) -> str:
    if finding.left is not None and finding.right is not None:
        return f"{plain(finding.left)} / {plain(finding.right)}"
    entry = submission.entries.get(finding.cell) if finding.cell else None
    return _shown(entry) if entry else _BLANK


def _parts(
    form: Form, finding: Finding, submission: Submission, returns: Iterable[Submission]
) -> Iterable[str]:
    """Give what a finding says and the values that it is about.

    One without a cell is about the whole return: every value, and which returns there were.
    """
    yield finding.code
    yield from (plain(side) for side in (finding.left, finding.right) if side is not None)
    if finding.cell and finding.left is None:  # then the facts are what it says
        yield from (f"{key} {finding.facts[key]}" for key in sorted(finding.facts))
    if finding.cell is None:
        yield from _digests(returns)
    named = (finding.cell, *finding.related) if finding.cell else tuple(submission.entries)
    for ref in dict.fromkeys(named):
        yield str(ref)
        for leaf in (part for _, part in form.addends(ref)):
            yield _reported(submission.entries[leaf])


def _values(decision: Decision, roster: Roster, ledger: Ledger) -> list[Decimal]:
    lines = ledger.by_agency
    members = (lines[agency.code].submission for agency in roster.members(decision.group))
    entries = (s.entries[decision.cell] for s in members if s and decision.cell)
    return [entry.value for entry in entries if entry.value is not None]
