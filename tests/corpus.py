"""Undamaged returns of every format, for the campaign that damages them (tools/fuzz.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nuisances import mailbox, mailed, zipped
from samples import AGENCY, KEY, form, plan
from sheetflow.gathering.agency_names import KnownNames
from sheetflow.gathering.intake import Expectation
from sheetflow.model.campaign import Settings
from sheetflow.model.roster import Agency, Roster
from sheetflow.workbooks.formats import sniff

__all__ = ["Sample", "expectation", "form", "samples"]

CLIENTS = Path(__file__).resolve().parent / "fixtures" / "clients"
"""Returns as real programs saved them, all of one agency."""
_WEIGHTS = {"xls": 0.2, "et": 0.2, "7z": 0.1, "csv": 0.5, "zip": 4.0, "eml": 4.0, "mbox": 2.0}
"""How often a format is damaged, against 1: a child process for each file takes its time."""


@dataclass(frozen=True)
class Sample:
    """An undamaged return: its file's name, what it is, and how often it is damaged."""

    name: str
    format: str
    data: bytes
    weight: float


@cache
def expectation() -> Expectation:
    """Expect the returns of the one agency that all samples are of."""
    settings = Settings(form=form().code, period="2024", name="某市")
    roster = Roster((Agency(AGENCY, "某局"), Agency("other", "另一单位")))
    return Expectation(plan(), settings, KnownNames(roster), KEY, ())


@cache
def samples() -> tuple[Sample, ...]:
    """Give the clients' files, and some of them in an archive, in a mail and in a mailbox."""
    files = {
        path.name: path.read_bytes()
        for path in sorted(CLIENTS.iterdir())
        if path.suffix in {".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv"}
    }
    some = {name: files[name] for name in sorted(files)[:2]}
    files["两份.zip"] = zipped(some)
    files["邮件.eml"] = mailed(some, "Mon, 20 Jan 2025 09:30:00 +0800")
    files["邮箱.mbox"] = mailbox(
        mailed({name: data}, "Mon, 20 Jan 2025 09:30:00 +0800") for name, data in some.items()
    )
    return tuple(_sample(name, data) for name, data in files.items())


def _sample(name: str, data: bytes) -> Sample:
    kind = sniff(data, name)
    return Sample(name, kind, data, _WEIGHTS.get(kind, 1.0))
