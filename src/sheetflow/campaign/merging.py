"""`merge` and `report`: every output from one computation, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow import __version__
from sheetflow.campaign.folder import OUTPUT, Campaign
from sheetflow.campaign.storage import write_all
from sheetflow.reports.renderers import DATA, DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sheetflow.reports.renderers import Renderer
    from sheetflow.reports.results import Results

_RUN = "run.json"


@dataclass(frozen=True, slots=True)
class Written:
    """What a verb wrote, and which files that somebody had edited it kept aside."""

    files: tuple[Path, ...]
    kept_aside: tuple[Path, ...]


def merge(campaign: Campaign, results: Results) -> Written:
    """Write every output; run.json comes last and names the others with their hashes."""
    return _write(campaign, results, {**DATA, **DOCUMENTS})


def report(campaign: Campaign, results: Results) -> Written:
    """Write the report and the summary anew; the data files stay as the last merge left them."""
    return _write(campaign, results, DOCUMENTS)


def _write(campaign: Campaign, results: Results, renderers: Mapping[str, Renderer]) -> Written:
    folder = campaign.root / OUTPUT
    rendered = {name: render(results) for name, render in renderers.items()}
    before = _last_run(folder)
    kept = {
        _aside(folder / name): (folder / name).read_bytes()
        for name, data in rendered.items()
        if _was_edited(folder / name, before.get(name), data)
    }
    hashes = before | {name: hashlib.sha256(data).hexdigest() for name, data in rendered.items()}
    run = {
        "sheetflow": __version__,
        "form": results.form.code,
        "form_digest": results.form.digest,
        "period": results.settings.period,
        "name": results.settings.name,
        "draft": results.is_draft,
        "files": dict(sorted(hashes.items())),
    }
    files = {folder / name: data for name, data in rendered.items()}
    files[folder / _RUN] = (json.dumps(run, ensure_ascii=False, indent=1) + "\n").encode()
    write_all(kept | files)
    return Written(tuple(files), tuple(kept))


def _last_run(folder: Path) -> dict[str, str]:
    try:
        files = json.loads((folder / _RUN).read_bytes())["files"]
        return {str(name): str(digest) for name, digest in files.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _was_edited(path: Path, digest: str | None, data: bytes) -> bool:
    """Whether a document differs from what the last run wrote: somebody has worked in it.

    Where no run is known to have written it, it may be anybody's work.
    """
    if path.suffix != ".docx" or not path.is_file():
        return False
    present = path.read_bytes()
    return present != data and hashlib.sha256(present).hexdigest() != digest


def _aside(path: Path) -> Path:
    """Name the file that keeps what somebody wrote into an output."""
    number = 1
    while (aside := path.with_name(f"{path.stem}（手工修改{number}）{path.suffix}")).exists():
        number += 1
    return aside
