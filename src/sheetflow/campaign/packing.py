"""Zips of templates, one for each county or other agency with some below it, with a cover note."""

from __future__ import annotations

import hashlib
import io
from typing import IO, TYPE_CHECKING

from sheetflow.campaign.issuing import file_stem
from sheetflow.campaign.runs import file_digest
from sheetflow.campaign.storage import staging, write_all
from sheetflow.campaign.zipping import zip_chunks
from sheetflow.messages.terms import day_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sheetflow.campaign.folder import Campaign
    from sheetflow.campaign.issuing import IssuedTemplate
    from sheetflow.campaign.storage import Staged
    from sheetflow.model.roster import Agency

ZIPS = "templates/zip"
_NOTE = "请先读我.txt"


def pack(campaign: Campaign, issued: Sequence[IssuedTemplate]) -> tuple[Path, ...]:
    """Write a zip for each group of the roster's tree; the same templates give the same bytes.

    None is held, and what has not changed is not written again. Raises as `storage.write_all` does.
    """
    by_agency = {each.agency: each for each in issued}
    roster = campaign.roster
    paths: list[Path] = []
    changed: dict[Path, Staged] = {}
    with staging() as stage:
        for agency in roster.subtree(""):
            if roster.children(agency.code):
                members = [by_agency[each.code] for each in roster.members(agency.code)]
                note = _note(campaign, agency, members)
                path = campaign.root / ZIPS / f"{file_stem(agency)}.zip"
                present = file_digest(path)
                if not present or present != _digest(zip_chunks(_files(note, members))):
                    changed[path] = stage(path, zip_chunks(_files(note, members)))
                paths.append(path)
        write_all(changed)
    return tuple(paths)


def _files(note: bytes, members: Sequence[IssuedTemplate]) -> Iterator[tuple[str, IO[bytes]]]:
    yield _NOTE, io.BytesIO(note)
    for each in members:
        with each.path.open("rb") as file:
            yield each.path.name, file


def _digest(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _note(campaign: Campaign, agency: Agency, members: Sequence[IssuedTemplate]) -> bytes:
    settings, names = campaign.settings, campaign.roster.by_code
    task = f"{settings.period_words}{campaign.form.title}"
    due = f"请于{day_words(settings.due)}前" if settings.due else "请按通知要求的时间"
    lines = [
        f"{agency.name}：",
        f"　　附上{task}空表 {len(members)} 份，每个单位一份。",
        "　　请转发各单位填报：只填浅黄色的格，没有发生的填 0，保存后原样发回，不要改动行列。",
        f"　　{due}收齐，逐份或打成一个压缩包发回{settings.office or settings.name}。",
        "",
        *(f"{n}. {names[m.agency].name}　{m.path.name}" for n, m in enumerate(members, 1)),
        "",
    ]
    return "\r\n".join(lines).encode("utf-8-sig")
