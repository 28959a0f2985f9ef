"""`init --from`: what a new campaign takes over from last year's."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import (
    FORM,
    REPORT,
    open_campaign,
    roster_path,
    text_files,
    written_lines,
)
from sheetflow.definitions.encodings import decode
from sheetflow.reports.results import HTML_TEMPLATE, WORD_TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.campaign import Settings

_HINT = "# 上年写的（每行行首有“#”，不进入报告；可以改写后去掉“#”）：\n"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Last year's settings for this year, its form, its roster, and the office's files."""

    settings: Settings
    form_text: str
    roster: Path
    report: dict[str, bytes]
    """By name within report/: its templates, and its texts as comments."""


def take_over(last: Path, root: Path) -> TakenOver:
    """Read last year's campaign for a new one at `root`.

    Raises what `open_campaign` raises.
    """
    campaign = open_campaign(last)
    settings = replace(
        campaign.settings,
        period=str(int(campaign.settings.period) + 1),
        due=None,
        previous=_seen_from(last, root),
        passwords="",
    )
    report = {}
    for path in (last / WORD_TEMPLATE, last / HTML_TEMPLATE):
        if path.is_file():
            report[path.name] = path.read_bytes()
    for name in text_files(campaign.form).values():
        written = [line for line in written_lines(last / REPORT / name) if line.strip()]
        if written:
            report[name] = (_HINT + "".join(f"# {line}\n" for line in written)).encode()
    form_text = decode((last / FORM).read_bytes())
    return TakenOver(settings, form_text, roster_path(last), report)


def _seen_from(last: Path, root: Path) -> str:
    """Write the way from the new folder to last year's; between drives the whole path."""
    try:
        way = os.path.relpath(last.resolve(), root.resolve())
    except ValueError:
        way = str(last.resolve())
    return way.replace("\\", "/")
