"""What a bundle says besides its returns: the county's roster, its decisions, its totals."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

from sheetflow.definitions.decisions import load_decisions, subject_of
from sheetflow.definitions.history import load_totals
from sheetflow.definitions.roster import csv_rows
from sheetflow.gathering.record_shape import is_text
from sheetflow.model.cells import Place
from sheetflow.model.characters import some_of
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.roster import ALL, Agency, Roster
from sheetflow.rollup import roll_up
from sheetflow.settling.ledger import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheetflow.gathering.intake import Intake
    from sheetflow.model.bundle import Enclosed
    from sheetflow.model.decisions import Decision
    from sheetflow.model.form import Form

DECISIONS = "decisions.toml"
"""The part that holds what its office decided, and the name that those decisions bear."""
_SHOWN = 5

_Subject = tuple[object, ...]


@lru_cache(maxsize=64)
def roster_of(enclosed: Enclosed) -> Roster | None:
    """Read a county's roster; None if it is none."""
    try:
        read = [_agency(**row) for row in json.loads(enclosed.roster)]
        roster = Roster(tuple(read))
        if len(roster.by_code) != len(read) or len(list(roster.subtree(""))) != len(read):
            return None  # two of one code, or a circle
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return roster


def _agency(code: str, name: str, parent: str = "", kind: str = "", **_rest: object) -> Agency:
    """Take from a county's roster what its sums need; names are this office's own."""
    if not code or not all(map(is_text, (code, name, parent, kind))):  # "" is the whole's
        raise TypeError(code)
    return Agency(code, name, parent, kind)


# decisions


def decisions_within(
    form: Form, above: Roster, enclosed: Enclosed
) -> Outcome[tuple[Decision, ...]]:
    """Give the decisions of a county's office, as the roster of the office above names groups.

    What a county added to its whole, or to a group that the office above does not have, is added
    to the lowest line of the roster above all the agencies concerned.
    """
    roster = roster_of(enclosed)
    if roster is None:
        return Outcome(())
    own = _own_decisions(form, roster, enclosed)
    decisions = tuple(
        replace(each, group=_group_above(above, roster, each.group)) if each.group else each
        for each in own.value or ()
        if not each.agency or each.agency in above.by_code
    )
    return Outcome(decisions, own.findings)


def _own_decisions(form: Form, roster: Roster, enclosed: Enclosed) -> Outcome[tuple[Decision, ...]]:
    file = f"{enclosed.path}/{DECISIONS}"
    loaded = load_decisions(enclosed.decisions, file, form, roster)
    return Outcome(tuple(replace(each, file=file) for each in loaded.value or ()), loaded.findings)


def _group_above(above: Roster, county: Roster, group: str) -> str:
    """Name a county's group as the roster above does."""
    if group != ALL and (group in above.by_code or group in above.groups):
        return group
    whole = ALL if group.startswith("kind:") else group
    chains: list[Sequence[str]] = [
        (agency.code, *above.ancestors(agency.code))
        for agency in county.members(whole)
        if agency.code in above.by_code
    ]
    common = (
        [code for code in chains[0] if all(code in chain for chain in chains)] if chains else []
    )
    return next((code for code in common if code in above.groups), ALL)


def prevailing(
    decisions: Sequence[Decision], bundles: Sequence[Enclosed]
) -> Outcome[tuple[Decision, ...]]:
    """Give the decisions that count where several offices decided the same.

    The office above prevails. Bundles beside each other that hold the same agency, as two versions
    of one county's do, count once in what they both decided; where they differ neither does (D06).
    """
    beside = _sharing(bundles)
    about: dict[_Subject, dict[str, list[Decision]]] = {}
    for decision in decisions:
        subject = _subject(decision)
        if subject:
            about.setdefault(subject, {}).setdefault(_office(decision), []).append(decision)
    idle: set[Decision] = set()
    findings: list[Finding] = []
    for by_office in about.values():
        first = next(iter(by_office.values()))[0]
        standing = [o for o in by_office if first.group or not _is_below(o, by_office)]
        idle.update(d for office in by_office.keys() - {*standing} for d in by_office[office])
        for number, office in enumerate(standing):
            for earlier in standing[:number]:
                if earlier in beside[office]:
                    idle.update(by_office[office])
                    if _said(by_office[earlier]) != _said(by_office[office]):
                        idle.update(by_office[earlier])
                        findings.append(_contradiction(by_office[earlier][0], by_office[office][0]))
    return Outcome(tuple(d for d in decisions if d not in idle), tuple(findings))


def _subject(decision: Decision) -> _Subject:
    """Name what a decision is about, if it changes a figure or says which return is whose."""
    if decision.group:
        return (decision.kind, decision.group, decision.cell)
    return subject_of(decision)


def _office(decision: Decision) -> str:
    """Give where an office's files lie: its bundle's path with a stroke; "" for this office."""
    return decision.file.removesuffix(DECISIONS)


def _is_below(office: str, offices: Iterable[str]) -> bool:
    return any(office != other and office.startswith(other) for other in offices)


def _said(decisions: Iterable[Decision]) -> list[tuple[str, ...]]:
    return sorted((d.agency, str(d.value), str(d.add), d.sha256) for d in decisions)


def _sharing(bundles: Iterable[Enclosed]) -> Mapping[str, set[str]]:
    """Give for each bundle those beside it that hold one of its agencies too."""
    holding: dict[str, list[str]] = {}
    for enclosed in bundles:
        roster = roster_of(enclosed)
        for agency in roster.members(ALL) if roster else ():
            holding.setdefault(agency.code, []).append(f"{enclosed.path}/")
    beside: dict[str, set[str]] = defaultdict(set)
    for offices in {tuple(offices) for offices in holding.values() if len(offices) > 1}:
        for one, other in permutations(offices, 2):
            if not (one.startswith(other) or other.startswith(one)):
                beside[one].add(other)
    return beside


def _contradiction(earlier: Decision, later: Decision) -> Finding:
    """D06: two bundles of one office decide the same differently."""
    facts = {"kind": f"@{later.kind}", "subject": later.subject, "other": earlier.file}
    place = Place(later.file, line=later.line)
    return Finding("D06", Severity.ERROR, later.agency, later.cell, place, facts=facts)


# totals


def contradicted(
    form: Form, roster: Roster, enclosed: Enclosed, intakes: Sequence[Intake]
) -> tuple[Finding, ...]:
    """F33: a bundle's own totals are not those that its returns and decisions add up to.

    The returns are those that the county had, whatever this office makes of them.
    """
    inner = [intake.enclosed for intake in intakes if intake.enclosed]
    decided = [
        _own_decisions(form, roster, enclosed),
        *(decisions_within(form, roster, each) for each in inner),
    ]
    decisions = [decision for each in decided for decision in each.value or ()]
    ledger = settle(
        form,
        roster,
        prevailing(decisions, inner).value or (),
        submissions=[intake.submission for intake in intakes if intake.submission],
        files=[intake.file for intake in intakes],
        findings=(),
    )
    summed = roll_up(form, roster, ledger)
    said = load_totals(csv_rows(enclosed.totals.encode()), form)
    wrong = [
        f"{group} {ref}"
        for group, aggregate in summed.items()
        for ref in aggregate.totals
        if aggregate.value(ref) != said.get(group, {}).get(ref)
    ]
    if not wrong:
        return ()
    facts = {
        "subject": enclosed.path,
        "count": str(len(wrong)),
        "cells": some_of(wrong, _SHOWN),
    }
    return (Finding("F33", Severity.ERROR, place=Place(enclosed.path), facts=facts),)
