"""Opens a campaign folder: settings, form, roster, decisions, the office's texts, the key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sheetflow.campaign.collecting import few_collections
from sheetflow.campaign.locking import campaign_lock
from sheetflow.campaign.naming import keepable
from sheetflow.campaign.storage import write_secret
from sheetflow.definitions.decisions import load_decisions
from sheetflow.definitions.encodings import decode
from sheetflow.definitions.form import load_form
from sheetflow.definitions.roster import each_csv_row, load_roster
from sheetflow.definitions.settings import load_settings
from sheetflow.errors import FaultyDefinitionError, NoCampaignError
from sheetflow.gathering.file_names import Apart
from sheetflow.messages.terms import refusal
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.workbooks.rows import xlsx_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sheetflow.model.campaign import Settings
    from sheetflow.model.cells import CellRef
    from sheetflow.model.decisions import Decision
    from sheetflow.model.form import Form
    from sheetflow.model.roster import Roster

T = TypeVar("T")

SETTINGS, FORM, DECISIONS = "sheetflow.toml", "form.toml", "decisions.toml"
ROSTERS = ("roster.xlsx", "roster.csv")
TEMPLATES, RETURNS, OUTPUT, REPORT = "templates/xlsx", "returns", "output", "report"
SENDBACK, REMINDERS, BUNDLE = "sendback", "reminders", "bundle.zip"
"""Within output/."""
KEY = ".sheetflow/key"
_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Campaign:
    """An opened campaign folder; `faults` are those of decisions, which stop nothing."""

    root: Path
    settings: Settings
    form: Form
    roster: Roster
    decisions: tuple[Decision, ...]
    faults: tuple[Finding, ...]
    passwords: tuple[str, ...] = field(default=(), repr=False)
    """Those that the office lists for returns that are encrypted."""


@few_collections()
def open_campaign(root: Path) -> Campaign:
    """Open a folder.

    Raises NoCampaignError if there is no sheetflow.toml, FaultyDefinitionError with every finding
    if settings, form or roster are faulty. Faulty decisions are findings of the campaign.
    """
    if not (root / SETTINGS).is_file():
        raise NoCampaignError(str(root))
    form = _load(root / FORM, load_form)
    kind = form.value.period if form.value else None
    settings = _load(root / SETTINGS, partial(load_settings, kind=kind))
    roster = read_roster(roster_path(root))
    faults = (*settings.findings, *form.findings, *roster.findings)
    if settings.value is None or form.value is None or roster.value is None:
        raise FaultyDefinitionError(faults)
    decisions = _decisions(root / DECISIONS, form.value, roster.value)
    passwords = _passwords(root, settings.value.passwords)
    return Campaign(
        root,
        settings.value,
        form.value,
        roster.value,
        decisions.value or (),
        (*faults, *_spare_roster(root), *decisions.findings, *passwords.findings),
        passwords.value or (),
    )


def _decisions(path: Path, form: Form, roster: Roster) -> Outcome[tuple[Decision, ...]]:
    """Read the decisions; a campaign may be without."""

    def load(text: str, name: str) -> Outcome[tuple[Decision, ...]]:
        return load_decisions(text, name, form, roster)

    return _load(path, load) if path.exists() else Outcome(())


def _passwords(root: Path, name: str) -> Outcome[tuple[str, ...]]:
    """Read the office's passwords, one a line; white space is part of a password."""
    if not name:
        return Outcome(())

    def load(text: str, _: str) -> Outcome[tuple[str, ...]]:
        return Outcome(tuple(dict.fromkeys(line for line in text.splitlines() if line)))

    return _load(root / name, load)


def roster_path(root: Path) -> Path:
    """Give the campaign's roster: roster.xlsx if there is one, else roster.csv."""
    return next((root / name for name in ROSTERS if (root / name).is_file()), root / ROSTERS[-1])


def _spare_roster(root: Path) -> Iterator[Finding]:
    """S19: of two rosters one says nothing, whoever writes in it."""
    used = roster_path(root).name
    for name in ROSTERS:
        if name != used and (root / name).is_file():
            yield Finding("S19", Severity.QUERY, place=Place(name), facts={"used": used})


def read_roster(path: Path) -> Outcome[Roster]:
    """Read a roster from a workbook or a csv file."""
    try:
        data = path.read_bytes()
        is_workbook = path.suffix.lower() == ".xlsx"
        rows = xlsx_rows(data) if is_workbook else each_csv_row(data)
    except OSError as error:
        return Outcome(None, (_unread(path, error),))
    except ValueError:
        return Outcome(None, (Finding("S17", Severity.ERROR, place=Place(path.name)),))
    return load_roster(rows, path.name)


def campaign_key(root: Path) -> bytes:
    """Give the secret that seals this campaign's templates, made when it is first needed.

    Two runs at once find the same one: it is made under the campaign's lock.
    """
    path = root / KEY
    if not path.is_file():
        with campaign_lock(root):
            if not path.is_file():
                write_secret(path, secrets.token_hex(32).encode())
    return path.read_bytes().strip()


def office_texts(campaign: Campaign) -> Mapping[CellRef, str]:
    """Read what the office wrote for the report: one file a part."""
    folder, files = campaign.root / REPORT, text_files(campaign.form)
    texts = {ref: "\n".join(written_lines(folder / name)).strip() for ref, name in files.items()}
    return {ref: text for ref, text in texts.items() if text}


def written_lines(path: Path) -> list[str]:
    """Read what the office wrote into a file for the report, if there is one; # begins a hint."""
    lines = decode(path.read_bytes()).splitlines() if path.is_file() else []
    return [line for line in lines if not line.startswith(_COMMENT)]


def text_files(form: Form) -> dict[CellRef, str]:
    """Name the file of each text part by its headings, as the report prints them; none alike."""
    apart = Apart()
    return {
        cell.ref: apart(keepable("".join((cell.section, *cell.labels[:-1]))) + ".txt")
        for section in form.sections
        for cell in form.texts_of(section.code)
    }


def _load(path: Path, load: Callable[[str, str], Outcome[T]]) -> Outcome[T]:
    try:
        return load(decode(path.read_bytes()), path.name)
    except OSError as error:
        return Outcome(None, (_unread(path, error),))


def _unread(path: Path, error: OSError) -> Finding:
    """S10: a file of the campaign is not there, or can't be opened."""
    facts = {"why": why_unread(path, error)}
    return Finding("S10", Severity.ERROR, place=Place(path.name), facts=facts)


def why_unread(path: Path, error: OSError) -> str:
    """Give the fact that says why a file can't be opened; Windows calls a folder forbidden."""
    return "@is_folder" if path.is_dir() else refusal(error)
