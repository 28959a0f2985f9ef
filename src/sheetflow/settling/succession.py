"""Follows agencies from the last period to this one, through renames, mergers and splits.

An agency follows on its own code, on the codes that the roster lists as its predecessors (前身),
and on those that bore its name or a former name and are nobody's code now. Likeness says nothing.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from sheetflow.model.cells import exact, exact_sum
from sheetflow.model.history import Previous, Shared, Succession, amounts_of
from sheetflow.model.roster import ALL
from sheetflow.relations.evaluate import with_totals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.model.history import History, Reported
    from sheetflow.model.roster import Agency, Roster

_ZERO = Decimal(0)
_AT_ONCE = 64
"""Agencies whose figures are added at a time."""


def succeed(roster: Roster, history: History) -> Succession:
    """Say whose figures follow on whose; those of agencies that were split only in sum."""
    followed = _followed(roster, history)
    by_agency: dict[str, Previous] = {}
    shared: list[Shared] = []
    for agencies, codes in _connected(followed):
        if all(code in history.records for code in codes):
            previous = _previous(history, codes)
            if len(agencies) > 1:
                shared.append(Shared(agencies, previous))
            else:
                by_agency[agencies[0]] = previous
    taken = {code for codes in followed.values() for code in codes}
    unfollowed = tuple(code for code in history.records if code not in taken)
    return Succession(by_agency, tuple(shared), unfollowed)


def previous_totals(
    form: Form, roster: Roster, history: History, succession: Succession
) -> dict[str, Mapping[CellRef, Decimal]]:
    """Give each group's figures of the last period: as published, else as its members' add up.

    A group whose members share what they follow on with others is left out.
    """
    totals: dict[str, Mapping[CellRef, Decimal]] = {}
    for group in roster.groups:
        if group in history.totals:
            totals[group] = history.totals[group]
        elif group == ALL:
            totals[group] = _totalled(form, history.records.values())
        else:
            codes = _codes_within({a.code for a in roster.members(group)}, succession)
            if codes:
                totals[group] = _totalled(form, [history.records[code] for code in codes])
    return totals


def _codes_within(members: set[str], succession: Succession) -> tuple[str, ...]:
    """Give the codes that a group's members follow on; none where others follow on them too."""
    codes: dict[str, None] = {}
    for agency, previous in succession.by_agency.items():
        if agency in members:
            codes |= dict.fromkeys(previous.agencies)
    for shared in succession.shared:
        inside = members.issuperset(shared.agencies)
        if not inside and not members.isdisjoint(shared.agencies):
            return ()
        if inside:
            codes |= dict.fromkeys(shared.previous.agencies)
    return tuple(codes)


def _totalled(form: Form, records: Iterable[Reported]) -> Mapping[CellRef, Decimal]:
    """Add up what each reported, as an aggregate does: who left a cell blank adds nothing to it."""
    numbers = form.entry_numbers
    sums: list[int | Decimal | None] = [None] * len(numbers)
    rest = iter(records)
    with exact():
        while some := [amounts_of(each.figures, numbers) for each in islice(rest, _AT_ONCE)]:
            sums = [_added(column) for column in zip(sums, *some, strict=True)]
        known = zip(numbers, sums, strict=True)
        figures = {ref: _ZERO + value for ref, value in known if value is not None}
    return with_totals(form, figures)


def _added(values: Iterable[int | Decimal | None]) -> int | Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _followed(roster: Roster, history: History) -> dict[str, tuple[str, ...]]:
    """Give for each agency that files the codes that it follows on; none: it is new.

    The figures of a predecessor that it had last period already are in its own, but for one that
    still reported then and is gone since.
    """
    gone = history.records.keys() - roster.by_code.keys()
    by_name = _by_name(history, gone)
    followed: dict[str, tuple[str, ...]] = {}
    for agency in roster.agencies:
        own = (agency.code,) if agency.code in history.records else ()
        named = (by_name[name] for name in _names(agency) if name in by_name)
        within = history.predecessors.get(agency.code, ()) if own else ()
        merged = (code for code in agency.predecessors if code in gone or code not in within)
        codes = tuple(dict.fromkeys((*own, *merged, *named)))
        if agency.files and codes:
            followed[agency.code] = codes
    return followed


def _by_name(history: History, gone: Collection[str]) -> dict[str, str]:
    """Give the codes that are nobody's now, by name; a name that two bore says nothing."""
    bearers = Counter(_plain(record.name) for record in history.records.values())
    names = {code: _plain(history.records[code].name) for code in gone}
    return {name: code for code, name in names.items() if name and bearers[name] == 1}


def _names(agency: Agency) -> tuple[str, ...]:
    return tuple(_plain(name) for name in (agency.name, *agency.former_names))


def _plain(name: str) -> str:
    return "".join(name.split())


def _connected(
    followed: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give agencies that follow on common codes together, each group with its codes."""
    followers: dict[str, list[str]] = {}
    for agency, codes in followed.items():
        for code in codes:
            followers.setdefault(code, []).append(agency)
    seen: set[str] = set()
    for first in followed:
        agencies: dict[str, None] = {}
        waiting = [first] if first not in seen else []
        while waiting:
            agency = waiting.pop()
            agencies[agency] = None
            near = (other for code in followed[agency] for other in followers[code])
            waiting += (other for other in near if other not in agencies)
        seen |= agencies.keys()
        if agencies:
            joined = dict.fromkeys(code for agency in agencies for code in followed[agency])
            yield tuple(agencies), tuple(joined)


def _previous(history: History, codes: tuple[str, ...]) -> Previous:
    records = [history.records[code] for code in codes]
    if len(records) == 1:
        return Previous(history.period, codes, records[0].figures, records[0].texts)
    return Previous(history.period, codes, _sums(records))


def _sums(records: list[Reported]) -> dict[CellRef, Decimal]:
    """Add up what merged agencies reported; a cell that one left blank is not known."""
    first, *others = records
    return {
        ref: exact_sum((value, *(record.figures[ref] for record in others)))
        for ref, value in first.figures.items()
        if all(ref in record.figures for record in others)
    }
