"""A status page that stays light: of very many agencies a page a region, and one above them all."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.model.ledger import Ledger
from sheetflow.model.roster import ALL, GROUP_KIND, Roster
from sheetflow.model.shelf import picked
from sheetflow.reports.regions import OTHERS, region_of
from sheetflow.rollup import roll_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from sheetflow.model.cells import CellRef
    from sheetflow.model.roster import Agency
    from sheetflow.reports.results import Results

STATUS_FOLDER = "status"
"""Where the regions' pages are, within output/."""
_MOST = 3_000
"""Agencies on one page: it has about a kilobyte of each."""


@dataclass(frozen=True, slots=True)
class Region:
    """The agencies of a region, whose results are theirs as if they were all there are."""

    name: str
    """The region's code, or `OTHERS`."""
    title: str
    tops: tuple[Agency, ...]
    """The agencies directly under the whole that it has."""
    lines: Sequence[int]
    """The numbers of its lines in the whole ledger."""
    files: Sequence[int]
    """The numbers of its files there."""

    def within(self, results: Results) -> Results:
        """Give what is about these agencies; a decision on a kind is the whole's."""
        roster = Roster(tuple(self._agencies(results.roster)))
        codes, ledger = roster.by_code.keys(), results.ledger
        decisions = tuple(d for d in ledger.decisions if d.agency in codes or d.group in codes)
        own = Ledger(
            lines=picked(ledger.lines, self.lines),
            files=picked(ledger.files, self.files),
            decisions=decisions,
            reopened=ledger.reopened & frozenset(decisions),
        )
        return replace(
            results,
            settings=replace(results.settings, name=self.title),
            roster=roster,
            ledger=own,
            aggregates=roll_up(results.form, roster, own),
            last=replace(results.last, totals=self._last_totals(results, roster)),
        )

    def _agencies(self, roster: Roster) -> Iterator[Agency]:
        if self.name == OTHERS:
            yield from self.tops
            return
        for top in self.tops:
            yield top._replace(parent="")
            yield from list(roster.subtree(top.code))[1:]

    def _last_totals(
        self, results: Results, roster: Roster
    ) -> dict[str, Mapping[CellRef, Decimal]]:
        known = results.last.totals
        totals = {g: known[g] for g in roster.groups if g in known and ":" not in g and g != ALL}
        whole = "" if self.name == OTHERS else self.name
        return totals | ({ALL: known[whole]} if whole in known else {})


@lru_cache(maxsize=2)
def regions_of(results: Results) -> tuple[Region, ...]:
    """Cut results by the groups right under the whole; not at all if one page can show them."""
    roster = results.roster
    tops = roster.children("")
    regions = [agency for agency in tops if roster.children(agency.code)]
    if len(results.ledger.lines) <= _MOST or not regions:
        return ()
    others = tuple(agency for agency in tops if not roster.children(agency.code))
    named: list[tuple[str, str, tuple[Agency, ...]]] = [
        (top.code, top.name, (top,)) for top in regions
    ]
    named += [(OTHERS, OTHERS, others)] if others else []
    within = region_of(roster)
    lines = {name: array("Q") for name, _, _ in named}
    files = {name: array("Q") for name, _, _ in named}
    for number, agency in enumerate(roster.members(ALL)):  # as the lines are
        lines[within[agency.code]].append(number)
    for number, file in enumerate(results.ledger.files):
        if file.agency in within:
            files[within[file.agency]].append(number)
    return tuple(Region(name, title, t, lines[name], files[name]) for name, title, t in named)


def overview_of(results: Results) -> Results:
    """Give what stands above the regions: the groups right under the whole, and nobody's files."""
    roster, ledger = results.roster, results.ledger
    groups = [a for a in roster.agencies if roster.children(a.code)]
    shown = {ALL, *(agency.code for agency in groups if not agency.parent)}
    by_code = roster.by_code
    return replace(
        results,
        roster=Roster(tuple(agency._replace(kind=GROUP_KIND) for agency in groups)),
        ledger=replace(
            ledger,
            lines=(),
            files=tuple(
                file
                for file in ledger.files
                if file.agency not in by_code or not by_code[file.agency].files
            ),
        ),
        aggregates={code: a for code, a in results.aggregates.items() if code in shown},
    )
