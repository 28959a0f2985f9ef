"""`init --from`: what a new campaign takes over from that of the period before."""

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
from sheetflow.messages.periods import in_period_words
from sheetflow.reports.results import HTML_TEMPLATE, WORD_TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.campaign import Settings

_HINT = "# {上年}写的（每行行首有“#”，不进入报告；可以改写后去掉“#”）：\n"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The last period's settings for this one, its form, its roster, and the office's files."""

    settings: Settings
    form_text: str
    roster: Path
    report: dict[str, bytes]
    """By name within report/: its templates, and its texts as comments."""


def take_over(last: Path, root: Path) -> TakenOver:
    """Read the last period's campaign for a new one at `root`.

    Raises what `open_campaign` raises.
    """
    campaign = open_campaign(last)
    settings = replace(
        campaign.settings,
        period=campaign.settings.period_after,
        due=None,
        previous=_seen_from(last, root),
        passwords="",
    )
    hint = in_period_words(_HINT, campaign.form.period)
    report = {}
    for path in (last / WORD_TEMPLATE, last / HTML_TEMPLATE):
        if path.is_file():
            report[path.name] = path.read_bytes()
    for name in text_files(campaign.form).values():
        written = [line for line in written_lines(last / REPORT / name) if line.strip()]
        if written:
            report[name] = (hint + "".join(f"# {line}\n" for line in written)).encode()
    form_text = decode((last / FORM).read_bytes())
    return TakenOver(settings, form_text, roster_path(last), report)


def _seen_from(last: Path, root: Path) -> str:
    """Write the way from the new folder to the last one's; between drives the whole path."""
    try:
        way = os.path.relpath(last.resolve(), root.resolve())
    except ValueError:
        way = str(last.resolve())
    return way.replace("\\", "/")
