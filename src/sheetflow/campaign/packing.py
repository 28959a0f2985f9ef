"""Zips of templates, one for each county or other agency with some below it, with a cover note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.campaign.issuing import file_stem
from sheetflow.campaign.storage import write_all
from sheetflow.campaign.zipping import zipped
from sheetflow.messages.terms import day_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sheetflow.campaign.folder import Campaign
    from sheetflow.campaign.issuing import Issued
    from sheetflow.model.roster import Agency

ZIPS = "templates/zip"
_NOTE = "请先读我.txt"


def pack(campaign: Campaign, issued: Sequence[Issued]) -> tuple[Path, ...]:
    """Write a zip for each group of the roster's tree; the same templates give the same bytes."""
    by_agency = {each.agency: each for each in issued}
    roster = campaign.roster
    files: dict[Path, bytes] = {}
    for agency in roster.subtree(""):
        if roster.children(agency.code):
            members = [by_agency[each.code] for each in roster.members(agency.code)]
            note = _note(campaign, agency, members)
            path = campaign.root / ZIPS / f"{file_stem(agency)}.zip"
            templates = {each.path.name: each.path.read_bytes() for each in members}
            files[path] = zipped({_NOTE: note, **templates})
    changed = {p: d for p, d in files.items() if not p.is_file() or p.read_bytes() != d}
    if changed:
        write_all(changed)
    return tuple(files)


def _note(campaign: Campaign, agency: Agency, members: Sequence[Issued]) -> bytes:
    settings, names = campaign.settings, campaign.roster.by_code
    due = f"请于{day_words(settings.due)}前" if settings.due else "请按通知要求的时间"
    lines = [
        f"{agency.name}：",
        f"　　附上{settings.period}年{campaign.form.title}空表 {len(members)} 份，每个单位一份。",
        "　　请转发各单位填报：只填浅黄色的格，没有发生的填 0，保存后原样发回，不要改动行列。",
        f"　　{due}收齐，逐份或打成一个压缩包发回{settings.office or settings.name}。",
        "",
        *(f"{n}. {names[m.agency].name}　{m.path.name}" for n, m in enumerate(members, 1)),
        "",
    ]
    return "\r\n".join(lines).encode("utf-8-sig")
