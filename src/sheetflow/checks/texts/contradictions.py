"""N1: what a text says of the tables, of changes and of itself that is not so."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.checks.texts.breakdowns import broken_breakdowns
from sheetflow.checks.texts.growth import changes_after, wrong_changes
from sheetflow.checks.texts.mentions import said_in
from sheetflow.model.cells import CellRef, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.model.form import Form, Side
    from sheetflow.model.sentences import Mention

_SHOWN = 60

Adding = Callable[["Side"], Decimal | None]
"""Adds cells up; None: it is not known what they hold."""
Agreeing = Callable[[Decimal, Decimal, "Side"], bool]
"""Whether a text that says the first means the second, which some cells add up to."""


class Contradiction(NamedTuple):
    """What a text says, what it should say, and by what."""

    words: str
    said: Decimal
    found: Decimal
    whose: str
    """By what, as a term."""
    about: str
    """What tells it from others of the same text."""
    cells: tuple[CellRef, ...] = ()

    @property
    def facts(self) -> dict[str, str]:
        """Give what the message of N1 says."""
        return {
            "words": self.words[:_SHOWN],
            "said": plain(self.said),
            "found": plain(self.found),
            "whose": self.whose,
        }


def are_equal(said: Decimal, found: Decimal, _side: Side) -> bool:
    """Whether a text says exactly what cells add up to."""
    return said == found


def against_tables(
    text: str,
    form: Form,
    period: str,
    now: Adding,
    before: Adding,
    *,
    agree: Agreeing = are_equal,
) -> Iterator[Contradiction]:
    """Hold what a plain text says, and of changes, to this period's tables and the last's.

    Where the period is empty, not known, every one that is named is taken for another.
    """
    for mention, said in said_in(text, form, period):
        table = now(mention.side)
        if table is None:
            continue
        for each in said:
            if not agree(each.value, table, mention.side):
                yield _contradiction(mention, each.words, each.value, table, "@table_says")
                continue
            claims = changes_after(text, each.end, form.period)
            last = before(mention.side) if claims else None
            for claim, should in wrong_changes(table, last, claims):
                if claim.is_percent or not agree(claim.value, should, mention.side):
                    yield _contradiction(mention, claim.words, claim.value, should, "@computed")


def _contradiction(
    mention: Mention, words: str, said: Decimal, found: Decimal, whose: str
) -> Contradiction:
    cells = tuple(ref for _, ref in mention.side)
    return Contradiction(words, said, found, whose, f"{mention.said} {words}", cells)


def against_itself(text: str) -> Iterator[Contradiction]:
    """Add up the parts that a plain text lists of a whole."""
    for number, broken in enumerate(broken_breakdowns(text)):
        whose = "@share_is" if broken.is_share else "@parts_sum"
        yield Contradiction(broken.words, broken.said, broken.found, whose, str(number))
