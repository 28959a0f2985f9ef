"""The text that is drafted from figures: each of them bound to cells, none of them rounded but %.

Nothing is claimed that no cell says: no causes, no praise.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sheetflow.messages.periods import in_period_words
from sheetflow.model.cells import NOT_KNOWN, displayed, exact, exact_product, exact_sum
from sheetflow.model.form import Measure
from sheetflow.model.ledger import Standing
from sheetflow.model.picking import Picker
from sheetflow.model.roster import ALL
from sheetflow.model.sentences import RETURNS, Figure, Growth, ListBy, Listing
from sheetflow.reports.comparison import ROUNDED_AWAY, change, percentage
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Side
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.model.sentences import Part, Sentence
    from sheetflow.reports.results import Results

_ITEM = re.compile(r"(?P<before>.*)(?P<sign>、|其中)[^、，。；]*", re.DOTALL)
"""What stands before the figure of an item of a list: what came before it, its sign, its words."""
_ITEM_END = re.compile("[、，。；]")

Sentences = tuple[tuple["Stretch", ...], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of drafted text: plain words, a figure with its cells, or an agency's name."""

    text: str
    code: str = ""
    """The cells of a figure, as the form's sentence names them; empty: no figure."""
    group: str = ""
    """Whose figure or name it is, if not that of the group which the report is about."""

    @property
    def is_bound(self) -> bool:
        """Whether it comes from the data; else it is the form's own wording."""
        return bool(self.code or self.group)


def drafted(results: Results, group: str, ref: CellRef) -> Sentences:
    """Draft the sentences of one text item; those that have nothing to say are left out."""
    written = group == ALL and bool(results.office_texts.get(ref))
    wanted = (each for each in results.form.sentences if each.cell == ref)
    told = (_stretches(results, group, s) for s in wanted if not (written and s.until_written))
    return tuple(stretches for stretches in told if stretches)


def _stretches(results: Results, group: str, sentence: Sentence) -> tuple[Stretch, ...]:
    """Write a sentence; empty if its condition fails or what it lists or counts is not known."""
    if sentence.when and not (value_of(results, group, sentence.when.side) or 0) > 0:
        return ()
    stretches: list[Stretch] = []
    for part in sentence.parts:
        found = _part(results, group, part)
        if not found:
            return ()
        stretches += found
    return _without_unknown(stretches)


def _without_unknown(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Leave out of what is listed with 、 or after 其中 each item whose figure nobody gave."""
    told = list(stretches)
    number = 1
    while number < len(told) - 1:
        before, figure, behind = told[number - 1 : number + 2]
        item = figure.code and figure.text == NOT_KNOWN and _ITEM.fullmatch(before.text)
        end = None if behind.is_bound else _ITEM_END.search(behind.text)
        if before.is_bound or not item or not end:
            number += 1
            continue
        left, rest = item["before"] + item["sign"], behind.text[end.start() :]
        if item["sign"] == "、":
            left = item["before"]
        elif end[0] == "、":
            rest = rest[1:]
        else:
            left = item["before"].rstrip("，")
        told[number - 1 : number + 2] = [Stretch(left + rest)]
    return tuple(told)


def _part(results: Results, group: str, part: Part) -> tuple[Stretch, ...]:
    if isinstance(part, str):
        return (Stretch(clean_text(part)),)
    if isinstance(part, Listing):
        return _listed(results, part, listed_values(results, group, part))
    if isinstance(part, Growth):
        return _compared(results, group, part)
    counts = (ref for ref in part.cells if ref.table == RETURNS)
    if any(_return_count(results, group, ref) is None for ref in counts):
        return ()
    return (Stretch(_shown(results, group, part), part.said),)


def _compared(results: Results, group: str, part: Growth) -> tuple[Stretch, ...]:
    """Say what changed since the last period, with words that agree with the sign."""
    figure, changed = part.figure, change(results, group, part.figure.side)
    difference, last = changed.difference, in_period_words("{上年}", results.form.period)
    if difference is None:
        return ()
    if not difference:
        return (Stretch(f"与{last}持平", figure.said),)
    more, grown = ("增加", "增长") if difference > 0 else ("减少", "下降")
    amount = shown(results, abs(difference), [ref for _, ref in figure.side])
    stretches = (Stretch(f"比{last}{more}"), Stretch(amount, figure.said), Stretch(part.unit))
    if not changed.before or changed.rate == ROUNDED_AWAY:
        return stretches  # 下降0.0% would deny what was just said
    return (*stretches, Stretch(f"，{grown}"), Stretch(changed.rate, figure.said))


def _shown(results: Results, group: str, figure: Figure) -> str:
    value = value_of(results, group, figure.side)
    if figure.base:
        return percentage(value, value_of(results, group, figure.base))
    return shown(results, value, [ref for _, ref in figure.side])


def shown(results: Results, value: Decimal | None, cells: Iterable[CellRef]) -> str:
    """Show a figure that comes from these cells, as the report shows theirs."""
    known = [results.form.cells[ref] for ref in cells if ref in results.form.cells]
    amounts = [cell for cell in known if cell.measure is Measure.AMOUNT]
    decimals = results.settings.decimals
    places = [decimals if each.decimals is None else each.decimals for each in amounts]
    return displayed(value, max(places, default=None))


def value_of(results: Results, group: str, side: Side) -> Decimal | None:
    """Add cells up; what nobody reported adds nothing, and None is that there is nothing at all."""
    values = ((factor, _cell_value(results, group, ref)) for factor, ref in side)
    known = [exact_product(factor, value) for factor, value in values if value is not None]
    return exact_sum(known) if known else None


def _cell_value(results: Results, group: str, ref: CellRef) -> Decimal | None:
    if ref.table == RETURNS and ref not in results.form.cells:
        count = _return_count(results, group, ref)
        return None if count is None else Decimal(count)
    return results.aggregates[group].value(ref)


def _return_count(results: Results, group: str, ref: CellRef) -> int | None:
    """Count agencies by how they have reported; None if it is not known."""
    if ref.column == "on_time":
        return _on_time(results, results.lines(group))
    standings = Counter(results.standings(group))
    excused, missing = standings[Standing.EXCUSED], standings[Standing.MISSING]
    expected = standings.total() - excused
    counts = {"excused": excused, "missing": missing, "expected": expected}
    return counts.get(ref.column, expected - missing)


def _on_time(results: Results, lines: Iterable[LedgerLine]) -> int | None:
    """Count who reported, for the first time, by the due day; None if a day is not known."""
    due, on_time = results.settings.due, 0
    for line in lines:
        if line.standing not in {Standing.EXCUSED, Standing.MISSING}:
            if due is None or line.first_received is None:
                return None
            on_time += line.first_received <= due
    return on_time if due else None


def _listed(
    results: Results, listing: Listing, values: Iterable[tuple[str, str, Decimal]]
) -> tuple[Stretch, ...]:
    stretches: list[Stretch] = []
    for code, name, value in values:
        figure = shown(results, value, [listing.cell])
        stretches += [Stretch("、")] if stretches else []
        stretches += [
            Stretch(clean_text(name), group=code),
            Stretch(figure, str(listing.cell), code),
        ]
        stretches += [Stretch(listing.unit)] if listing.unit else []
    return tuple(stretches)


def listed_values(
    results: Results, group: str, listing: Listing
) -> Iterator[tuple[str, str, Decimal]]:
    """Give code, name and figure of each that is listed."""
    if listing.by is ListBy.LARGEST:
        found = _largest(results, group, listing)
    else:
        found = _groups(results, group, listing)
    for code, value in found:
        name = results.group_title(code) if code in results.aggregates else ""
        name = name or results.roster.by_code[code].name
        yield code, name, value


def _groups(results: Results, group: str, listing: Listing) -> list[tuple[str, Decimal]]:
    """Give the figures of the groups within a group; one alone would only say the whole again."""
    if listing.by is ListBy.KINDS:
        codes = [f"kind:{kind}" for kind in results.roster.kinds] if group == ALL else []
    else:
        above = "" if group == ALL else group
        codes = [a.code for a in results.roster.children(above) if a.code in results.aggregates]
    values = [(code, results.aggregates[code].value(listing.cell)) for code in codes]
    known = [(code, value) for code, value in values if value is not None]
    return known if len(known) > 1 else []


def _largest(results: Results, group: str, listing: Listing) -> list[tuple[str, Decimal]]:
    """Give the agencies with the most, the first in the roster first among equals.

    Where equals stand on both sides of the cut, none of them is named.
    """
    with exact():
        sums = _sums(results, group, listing.cell)
        ranked = heapq.nsmallest(listing.most + 1, sums, key=lambda pair: -pair[1])
    below = ranked[listing.most][1] if len(ranked) > listing.most else Decimal(0)
    return [pair for pair in ranked[: listing.most] if pair[1] > below]


def _sums(results: Results, group: str, cell: CellRef) -> Iterator[tuple[str, Decimal]]:
    """Give the figure of each agency that has one above 0."""
    added = results.form.addends(cell)
    pick, factors = Picker([ref for _, ref in added]), [factor for factor, _ in added]
    for line in results.lines(group):
        if line.submission:
            values = zip(factors, pick(line.submission.entries), strict=True)
            figure = sum(factor * value for factor, value in values if value is not None)
            if figure > 0:
                yield line.agency, Decimal(figure)
