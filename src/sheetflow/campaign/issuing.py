"""`template`: issues a workbook to each agency; an issued file is never touched again."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import OUTPUT, SENDBACK, TEMPLATES, Campaign, campaign_key
from sheetflow.campaign.locking import campaign_lock
from sheetflow.campaign.storage import write_whole
from sheetflow.layout.sheets import form_layout
from sheetflow.workbooks.front import Cover
from sheetflow.workbooks.limits import UnreadableFile
from sheetflow.workbooks.stamp import Mark, Stamp, hidden_values, seal
from sheetflow.workbooks.template import write_template
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sheetflow.model.roster import Agency

_NAME_BYTES = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


class Issue(StrEnum):
    """Why a template was written, or that it was not."""

    NEW = "new"
    AGAIN = "again"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Issued:
    """One agency's template as it now lies in the folder."""

    agency: str
    path: Path
    number: int
    issue: Issue


@dataclass(frozen=True, slots=True)
class _Known:
    path: Path
    number: int
    made_from: str


def issue_templates(campaign: Campaign) -> tuple[Issued, ...]:
    """Write a template for each agency that has none made from the same form, period and name.

    What changed is issued again under a new number, beside the old file. Each is written whole;
    after a run that died the next goes on where it ended. One run at a time gives numbers.
    """
    with campaign_lock(campaign.root):
        return _issue(campaign)


def _issue(campaign: Campaign) -> tuple[Issued, ...]:
    layout = form_layout(campaign.form)
    key = campaign_key(campaign.root)
    known = _known_issues(campaign.root / TEMPLATES)
    sent_back = issue_numbers(campaign.root / OUTPUT / SENDBACK)
    issued: list[Issued] = []
    for agency in campaign.roster.subtree(""):
        if not agency.files:
            continue
        latest = known.get(agency.code)
        made_from = _made_from(campaign, agency)
        if latest and latest.made_from == made_from:
            issued.append(Issued(agency.code, latest.path, latest.number, Issue.KEPT))
            continue
        earlier = (latest.number if latest else 0, sent_back.get(agency.code, 0))
        number = max(earlier) + 1
        while (campaign.root / TEMPLATES / file_name(agency, number)).exists():
            number += 1  # a file that can't be read was issued all the same
        stamp = stamp_of(campaign, agency, number, made_from, key)
        path = campaign.root / TEMPLATES / file_name(agency, number)
        data = write_template(campaign.form, layout, cover_of(campaign, agency, number), stamp)
        write_whole(path, data)
        issued.append(Issued(agency.code, path, number, Issue.AGAIN if latest else Issue.NEW))
    return tuple(issued)


def file_name(agency: Agency, number: int) -> str:
    """Name an agency's template from its code on; any system can keep the name."""
    again = f"_第{number}次" if number > 1 else ""
    return f"{file_stem(agency)}{again}.xlsx"


def file_stem(agency: Agency) -> str:
    """Give an agency's code and name as the beginning of a file's name."""
    name = _UNSAFE.sub("", agency.name).strip(" .")
    while len(name.encode()) > _NAME_BYTES:
        name = name[:-1]
    return f"{agency.code}_{name}"


def stamp_of(campaign: Campaign, agency: Agency, number: int, made_from: str, key: bytes) -> Stamp:
    """Give all marks of an agency's workbook of that issue."""
    form, period = campaign.form, campaign.settings.period
    mark = Mark(form.code, period, agency.code, number)
    return Stamp(
        form=form.code,
        form_digest=form.digest,
        period=period,
        agency=agency.code,
        agency_name=agency.name,
        issue=number,
        seal=seal(key, form.digest, mark),
        made_from=made_from,
    )


def cover_of(campaign: Campaign, agency: Agency, number: int) -> Cover:
    """Give what an agency's workbook of that issue says on its cover."""
    settings = campaign.settings
    return Cover(
        campaign=settings.name,
        period=settings.period,
        agency_name=agency.name,
        agency_code=agency.code,
        due=settings.due.isoformat() if settings.due else "",
        office=settings.office,
        issue=number,
    )


def _made_from(campaign: Campaign, agency: Agency) -> str:
    cover = cover_of(campaign, agency, 0)
    parts = (
        campaign.form.digest,
        cover.campaign,
        cover.period,
        cover.agency_name,
        cover.agency_code,
        cover.due,
        cover.office,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def issue_numbers(folder: Path) -> dict[str, int]:
    """Give the highest number of each agency's workbooks in a folder."""
    return {code: known.number for code, known in _known_issues(folder).items()}


def _known_issues(folder: Path) -> Mapping[str, _Known]:
    """Read from the issued files themselves what was issued to whom; the folder is the state."""
    known: dict[str, _Known] = {}
    for path in sorted(folder.glob("[!~]*.xlsx")):  # ~$ is what Excel puts beside an open file
        try:
            values = hidden_values(read_xlsx(path.read_bytes()))
        except (IsADirectoryError, UnreadableFile):
            continue
        agency, number = values.get("agency", ""), values.get("issue", "")
        if agency and number.isdecimal():
            latest = known.get(agency)
            if latest is None or int(number) > latest.number:
                known[agency] = _Known(path, int(number), values.get("made_from", ""))
    return known
