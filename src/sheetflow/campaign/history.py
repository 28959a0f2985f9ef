"""Finds last period's figures where the settings say: a campaign's folder, or a table."""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import OUTPUT, SETTINGS, read_roster, roster_path, why_unread
from sheetflow.definitions.encodings import codecs_of, decode
from sheetflow.definitions.history import load_history, load_totals
from sheetflow.definitions.roster import csv_rows
from sheetflow.definitions.settings import load_settings
from sheetflow.messages.periods import period_fact
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.history import History, LastPeriod, Reported, Succession
from sheetflow.reports.figure_files import FIGURES, FIGURES_FOLDER
from sheetflow.settling.succession import previous_totals, succeed
from sheetflow.workbooks.rows import xlsx_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sheetflow.campaign.folder import Campaign
    from sheetflow.model.form import Form
    from sheetflow.model.roster import Agency

TOTALS = "totals.csv"
_MARK = 4
"""Bytes by which an encoding is known, if it has a mark."""


def last_period(campaign: Campaign) -> LastPeriod:
    """Read last period's figures and say whose follow on whose.

    S27 is whatever keeps them from being read, an error: who sets them wants them compared. S28, a
    note, lists agencies of the last period that nobody follows on.
    """
    if not campaign.settings.previous:
        return LastPeriod()
    read = _history(campaign)
    if read.value is None:
        return LastPeriod(faults=read.findings)
    history = read.value
    succession = succeed(campaign.roster, history)
    totals = previous_totals(campaign.form, campaign.roster, history, succession)
    return LastPeriod(succession, totals, (*read.findings, *_unfollowed(history, succession)))


def _history(campaign: Campaign) -> Outcome[History]:
    path = campaign.root / campaign.settings.previous
    before = campaign.settings.period_before
    if not path.is_dir():
        records = _records(path, campaign.form)
        value = None if records.value is None else History(before, records.value)
        return Outcome(value, records.findings)
    if not (path / SETTINGS).is_file():
        return Outcome(None, (_fault(path, "@no_campaign"),))
    settings = load_settings(decode((path / SETTINGS).read_bytes()), SETTINGS).value
    if settings is None or settings.period != before:
        found = period_fact(settings.period, campaign.form.period) if settings else ""
        return Outcome(None, (_fault(path / SETTINGS, "@other_period", found),))
    records = _figures(path / OUTPUT, campaign.form)
    if records.value is None:
        return Outcome(None, records.findings)
    totals = path / OUTPUT / TOTALS
    rows = csv_rows(totals.read_bytes()) if totals.is_file() else []
    roster = read_roster(roster_path(path)).value
    known = roster.by_code if roster else {}
    named = _named(records.value, known)
    predecessors = {code: agency.predecessors for code, agency in known.items()}
    return Outcome(History(before, named, load_totals(rows, campaign.form), predecessors))


def _figures(output: Path, form: Form) -> Outcome[Mapping[str, Reported]]:
    """Read a campaign's figures from one file, or from all parts where there are too many."""
    parts = sorted((output / FIGURES_FOLDER).glob("*.csv"))
    if (output / FIGURES).is_file() or not parts:
        parts = [output / FIGURES]
    return _from_text(parts, FIGURES, form)


def _records(path: Path, form: Form) -> Outcome[Mapping[str, Reported]]:
    if path.suffix.lower() != ".xlsx":
        return _from_text([path], path.name, form)
    try:
        return load_history(xlsx_rows(path.read_bytes()), path.name, form)
    except (OSError, ValueError) as error:
        return Outcome(None, (_not_there(path, error),))


def _from_text(paths: Sequence[Path], name: str, form: Form) -> Outcome[Mapping[str, Reported]]:
    """Read tables that have the same header, row by row: together they may have millions."""
    path = paths[0]
    try:
        with path.open("rb") as file:
            encodings = codecs_of(file.read(_MARK))
        for encoding in encodings:
            with suppress(UnicodeDecodeError, csv.Error):
                return load_history(_rows(paths, encoding), name, form)
    except OSError as error:
        return Outcome(None, (_not_there(path, error),))
    return load_history((), name, form)


def _rows(paths: Iterable[Path], encoding: str) -> Iterator[Sequence[str]]:
    for number, path in enumerate(paths):
        with path.open(encoding=encoding, newline="") as file:
            yield from islice(csv.reader(file), 1 if number else 0, None)


def _not_there(path: Path, error: Exception) -> Finding:
    detail = why_unread(path, error) if isinstance(error, OSError) else "@no_workbook"
    return _fault(path, "@not_there", detail)


def _named(records: Mapping[str, Reported], known: Mapping[str, Agency]) -> Mapping[str, Reported]:
    """Give agencies the names that last period's roster has for them."""
    return {
        code: replace(record, name=known[code].name if code in known else record.name)
        for code, record in records.items()
    }


def _unfollowed(history: History, succession: Succession) -> tuple[Finding, ...]:
    if not succession.unfollowed:
        return ()
    listed = "、".join(f"{c} {history.records[c].name}".strip() for c in succession.unfollowed)
    facts = {"count": str(len(succession.unfollowed)), "agencies": listed}
    return (Finding("S28", Severity.NOTE, place=Place(SETTINGS), facts=facts),)


def _fault(path: Path, problem: str, found: str = "") -> Finding:
    facts = {"problem": problem, "found": found, "subject": path.name}
    return Finding("S27", Severity.ERROR, place=Place(path.name), facts=facts)
