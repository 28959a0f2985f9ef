"""A status page that stays light: of very many agencies a page a region, and one above them all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.ledger import Ledger
from sheetflow.model.roster import ALL, GROUP_KIND, Roster
from sheetflow.rollup import roll_up

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sheetflow.model.roster import Agency
    from sheetflow.reports.results import Results

OTHERS = "其他单位"
"""Those directly under the whole, where others have a region between."""
_MOST = 3_000
"""Agencies on one page: it has about a kilobyte of each."""


@dataclass(frozen=True, slots=True)
class Part:
    """The agencies of a region, as if they were all there are."""

    name: str
    """The region's code, or `OTHERS`."""
    title: str
    results: Results


@lru_cache(maxsize=2)
def parts_of(results: Results) -> tuple[Part, ...]:
    """Cut results by the groups right under the whole; not at all if one page can show them."""
    roster = results.roster
    tops = roster.children("")
    regions = [agency for agency in tops if roster.children(agency.code)]
    if len(results.ledger.lines) <= _MOST or not regions:
        return ()
    parts = []
    for top in regions:
        within = (top._replace(parent=""), *list(roster.subtree(top.code))[1:])
        parts.append(Part(top.code, top.name, _within(results, top.name, within, top.code)))
    others = [agency for agency in tops if not roster.children(agency.code)]
    if others:
        parts.append(Part(OTHERS, OTHERS, _within(results, OTHERS, others, "")))
    return tuple(parts)


def overview_of(results: Results) -> Results:
    """Give what stands above the parts: the groups right under the whole, and nobody's files."""
    roster, ledger = results.roster, results.ledger
    groups = [a for a in roster.agencies if roster.children(a.code)]
    shown = {ALL, *(agency.code for agency in groups if not agency.parent)}
    return replace(
        results,
        roster=Roster(tuple(agency._replace(kind=GROUP_KIND) for agency in groups)),
        ledger=replace(
            ledger,
            lines=(),
            files=tuple(f for f in ledger.files if f.agency not in ledger.by_agency),
        ),
        aggregates={code: a for code, a in results.aggregates.items() if code in shown},
    )


def _within(results: Results, title: str, agencies: Sequence[Agency], whole: str) -> Results:
    roster = Roster(tuple(agencies))
    ledger = _ledger_within(results.ledger, roster.by_code.keys())
    known = results.last.totals
    totals = {group: known[group] for group in roster.groups if group in known and ":" not in group}
    totals.pop(ALL, None)
    if whole in known:
        totals[ALL] = known[whole]
    return replace(
        results,
        settings=replace(results.settings, name=title),
        roster=roster,
        ledger=ledger,
        aggregates=roll_up(results.form, roster, ledger),
        last=replace(results.last, totals=totals),
    )


def _ledger_within(ledger: Ledger, codes: Collection[str]) -> Ledger:
    """Keep what is about these agencies; a decision on a kind is the whole's."""
    decisions = tuple(d for d in ledger.decisions if d.agency in codes or d.group in codes)
    return Ledger(
        lines=tuple(line for line in ledger.lines if line.agency in codes),
        files=tuple(file for file in ledger.files if file.agency in codes),
        decisions=decisions,
        reopened=ledger.reopened & frozenset(decisions),
    )
