"""`template`: issues a workbook to each agency; an issued file is never touched again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sheetflow.campaign import watching
from sheetflow.campaign.folder import OUTPUT, SENDBACK, TEMPLATES, Campaign, campaign_key
from sheetflow.campaign.locking import campaign_lock
from sheetflow.campaign.naming import keepable
from sheetflow.campaign.storage import writing_each
from sheetflow.layout.sheets import form_layout
from sheetflow.model.roster import ALL
from sheetflow.workbooks.front import Cover
from sheetflow.workbooks.limits import UnreadableFile
from sheetflow.workbooks.stamp import (
    MADE_FROM,
    PROPERTY,
    Mark,
    Stamp,
    find_token,
    hidden_values,
    seal,
)
from sheetflow.workbooks.stamping import own_texts
from sheetflow.workbooks.template import make_plate
from sheetflow.workbooks.xlsx import read_properties, read_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sheetflow.model.roster import Agency
    from sheetflow.workbooks.stamping import Plate


class Issue(StrEnum):
    """Why a template was written, or that it was not."""

    NEW = "new"
    AGAIN = "again"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class IssuedTemplate:
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


def issue_templates(campaign: Campaign) -> tuple[IssuedTemplate, ...]:
    """Write a template for each agency that has none made from the same form, period and name.

    What changed is issued again under a new number, beside the old file. Each is written whole;
    after a run that died the next goes on where it ended. One run at a time gives numbers.
    """
    with campaign_lock(campaign.root):
        return _issue(campaign)


def _issue(campaign: Campaign) -> tuple[IssuedTemplate, ...]:
    known = _known_issues(campaign.root / TEMPLATES)
    sent_back = issue_numbers(campaign.root / OUTPUT / SENDBACK)
    issued: list[IssuedTemplate] = []
    stamped = _stamper(campaign)
    with writing_each() as write:
        for agency in watching.steps(watching.TEMPLATES, campaign.roster.members(ALL)):
            each = _next_issue(campaign, agency, known.get(agency.code), sent_back)
            if each.issue is not Issue.KEPT:
                write(each.path, stamped(agency, each.number))
            issued.append(each)
    return tuple(issued)


def _next_issue(
    campaign: Campaign, agency: Agency, latest: _Known | None, sent_back: Mapping[str, int]
) -> IssuedTemplate:
    """Give the template that an agency has, or if that is out of date the one that it is to get."""
    if latest and latest.made_from == _made_from(campaign, agency):
        return IssuedTemplate(agency.code, latest.path, latest.number, Issue.KEPT)
    number = 1 + max(latest.number if latest else 0, sent_back.get(agency.code, 0))
    while (path := campaign.root / TEMPLATES / file_name(agency, number)).exists():
        number += 1  # a file that can't be read was issued all the same
    return IssuedTemplate(agency.code, path, number, Issue.AGAIN if latest else Issue.NEW)


def _stamper(campaign: Campaign) -> Callable[[Agency, int], bytes]:
    """Give what makes an agency's template of an issue; all are stamped from one plate."""
    key = campaign_key(campaign.root)
    plates: list[Plate] = []

    def stamped(agency: Agency, number: int) -> bytes:
        cover = cover_of(campaign, agency, number)
        stamp = template_stamp(campaign, agency, number, _made_from(campaign, agency), key)
        if not plates:
            plates.append(make_plate(campaign.form, form_layout(campaign.form), cover, stamp))
        return plates[0].stamped(own_texts(cover, stamp))

    return stamped


def file_name(agency: Agency, number: int) -> str:
    """Name an agency's template from its code on; any system can keep the name."""
    again = f"_第{number}次" if number > 1 else ""
    return f"{file_stem(agency)}{again}.xlsx"


def file_stem(agency: Agency) -> str:
    """Give an agency's code and name as the beginning of a file's name."""
    return f"{agency.code}_{keepable(agency.name)}"


def template_stamp(
    campaign: Campaign, agency: Agency, number: int, made_from: str, key: bytes
) -> Stamp:
    """Give all marks of an agency's workbook of that issue."""
    form = campaign.form
    mark = Mark(form.code, campaign.settings.period, agency.code, number)
    return Stamp(mark, form.digest, agency.name, seal(key, form.digest, mark), made_from)


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
            agency, number, made_from = _issue_of(path.read_bytes())
        except UnreadableFile:
            continue
        except OSError:
            if path.is_dir():
                continue
            raise
        latest = known.get(agency)
        if agency and (latest is None or number > latest.number):
            known[agency] = _Known(path, number, made_from)
    return known


def _issue_of(data: bytes) -> tuple[str, int, str]:
    """Read an issued file's agency ("" if it has none), number and digest.

    Its properties say it; where they were lost, or in a file of an earlier version, the hidden
    sheet does, for which the whole workbook is read.
    """
    properties = read_properties(data)
    mark = find_token(properties.get(PROPERTY, ""))
    if mark and MADE_FROM in properties:
        return mark.agency, mark.issue, properties[MADE_FROM]
    values = hidden_values(read_xlsx(data))
    number = values.get("issue", "")
    if not number.isdecimal():
        return "", 0, ""
    return values.get("agency", ""), int(number), values.get("made_from", "")
