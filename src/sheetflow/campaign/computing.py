"""From the folder to its results: gather, settle, roll up; one computation behind every verb."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from sheetflow.campaign.collecting import few_collections
from sheetflow.campaign.folder import (
    RETURNS,
    Campaign,
    campaign_key,
    office_texts,
)
from sheetflow.campaign.history import last_period
from sheetflow.campaign.intake_log import load_received, log_received
from sheetflow.campaign.locking import campaign_lock, is_busy
from sheetflow.campaign.reading import read_returns
from sheetflow.definitions.encodings import decode
from sheetflow.errors import SheetflowError
from sheetflow.gathering.agency_names import KnownNames
from sheetflow.gathering.enclosed import decisions_within, prevailing
from sheetflow.gathering.folder import list_sources, named_sources
from sheetflow.gathering.gather import gathered
from sheetflow.gathering.intake import Expectation
from sheetflow.gathering.reading import blueprint
from sheetflow.layout.sheets import form_layout
from sheetflow.model.decisions import DecisionKind
from sheetflow.model.returns import ReturnFile, Submission
from sheetflow.model.shelf import changed
from sheetflow.reports.results import HTML_TEMPLATE, WORD_TEMPLATE, Results
from sheetflow.rollup import negative_totals, roll_up
from sheetflow.settling.ledger import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from concurrent.futures import Executor
    from datetime import date
    from pathlib import Path

    from sheetflow.gathering.gather import Gathered
    from sheetflow.model.decisions import Decision
    from sheetflow.model.history import LastPeriod

_WITHOUT_EFFECT = "D02"
_Sent = TypeVar("_Sent", ReturnFile, Submission)


def compute(
    campaign: Campaign,
    files: tuple[Path, ...] = (),
    *,
    today: date | None = None,
    executor: Executor | None = None,
) -> Results:
    """Compute a campaign's results; with `files`, as if those alone were its returns.

    Given a day, files not seen before are logged in received.csv as having come on it.
    """
    last = last_period(campaign)
    gathered = gather_campaign(campaign, last, files, today=today, executor=executor)
    return settle_campaign(campaign, last, gathered, some=bool(files), today=today)


@few_collections()
def gather_campaign(
    campaign: Campaign,
    last: LastPeriod,
    files: tuple[Path, ...] = (),
    *,
    today: date | None = None,
    executor: Executor | None = None,
) -> Gathered:
    """Read the returns: the slow part, which no decision but an assignment changes.

    Only what changed since the last time is read, by the executor's workers if one is given, else
    by a pool of processes if there is enough of it.
    """
    root = campaign.root
    sources = named_sources(root, files) if files else list_sources(root, root / RETURNS)
    assignments = tuple(d for d in campaign.decisions if d.kind is DecisionKind.ASSIGN)
    expected = Expectation(
        blueprint(campaign.form),
        campaign.settings,
        KnownNames(campaign.roster),
        campaign_key(root),
        assignments,
        campaign.passwords,
        last.succession,
    )
    seen = load_received(root)
    read = gathered(read_returns(root, sources, expected, executor, seen))
    return _logged(root, read, seen, today) if today and not files else read


@few_collections()
def settle_campaign(
    campaign: Campaign,
    last: LastPeriod,
    gathered: Gathered,
    *,
    some: bool = False,
    today: date | None = None,
) -> Results:
    """Settle and roll up what was gathered; `some`: only named files were, so much is missing."""
    root = campaign.root
    counties = [decisions_within(campaign.form, campaign.roster, b) for b in gathered.bundles]
    own = _of_some(campaign.decisions) if some else campaign.decisions
    all_decisions = (*own, *(d for each in counties for d in each.value or ()))
    decisions = prevailing(all_decisions, gathered.bundles)
    ledger = settle(
        campaign.form,
        campaign.roster,
        decisions.value or (),
        submissions=gathered.submissions,
        files=gathered.files,
        findings=(
            *campaign.faults,
            *(finding for each in counties for finding in each.findings),
            *decisions.findings,
            *last.faults,
            *gathered.findings,
        ),
        succession=last.succession,
        period=campaign.settings.period,
    )
    if some:  # decisions on returns that were not named have no effect here, and need none
        others = tuple(f for f in ledger.other_findings if f.code != _WITHOUT_EFFECT)
        ledger = replace(ledger, other_findings=others)
    aggregates = roll_up(campaign.form, campaign.roster, ledger)
    negative = tuple(negative_totals(ledger, aggregates))
    ledger = replace(ledger, other_findings=(*ledger.other_findings, *negative))
    word, html = root / WORD_TEMPLATE, root / HTML_TEMPLATE
    return Results(
        form=campaign.form,
        layout=form_layout(campaign.form),
        settings=campaign.settings,
        roster=campaign.roster,
        ledger=ledger,
        aggregates=aggregates,
        last=last,
        office_texts=office_texts(campaign),
        word_template=word.read_bytes() if word.is_file() else None,
        html_template=decode(html.read_bytes()) if html.is_file() else None,
        day=today,
    )


def _of_some(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Give the decisions as they are about some of the returns alone.

    What was added to a group rests on all its agencies' figures, and a choice on which returns
    there are: neither can have changed because some were not looked at.
    """
    for decision in decisions:
        if not decision.group:
            is_choice = decision.kind is DecisionKind.CHOOSE
            yield replace(decision, seen="") if is_choice else decision


def _logged(root: Path, gathered: Gathered, seen: Mapping[str, date], today: date) -> Gathered:
    """Log the files that the log does not know yet as having come today, and give them that day.

    If they can't be logged now, they are the next time.
    """
    digests = (file.sha256 for file in gathered.files if file.sha256)
    new = (sha256 for sha256 in digests if sha256 not in seen)
    first, known = next(new, None), None
    if first and not is_busy(root):
        with suppress(SheetflowError), campaign_lock(root):
            known = log_received(root, chain((first,), new), today)
    if known is None:
        return gathered
    on_its_day = partial(_on_its_day, known, today)
    return replace(
        gathered,
        files=changed(gathered.files, on_its_day),
        submissions=changed(gathered.submissions, on_its_day),
    )


def _on_its_day(known: Mapping[str, date], today: date, sent: _Sent) -> _Sent:
    """Give a day to what has none; what was logged before has its own since it was read."""
    if sent.received or not sent.sha256:
        return sent
    return replace(sent, received=known.get(sent.sha256, today))
