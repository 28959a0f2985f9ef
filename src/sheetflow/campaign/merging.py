"""`merge` and `report`: every output from one computation, whole or not at all."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sheetflow import __version__
from sheetflow.campaign.beside import beside
from sheetflow.campaign.collecting import few_collections
from sheetflow.campaign.folder import BUNDLE, OUTPUT, SENDBACK, Campaign
from sheetflow.campaign.locking import campaign_lock
from sheetflow.campaign.made_before import NOTHING_MADE, Copies, made_before
from sheetflow.campaign.runs import (
    RUN,
    Run,
    begun_bytes,
    digest,
    done_bytes,
    file_digest,
    read_run,
)
from sheetflow.campaign.sending_back import sendback
from sheetflow.campaign.storage import (
    Journal,
    Staged,
    remove_if_empty,
    remove_output,
    stage_all,
    staging,
    write_all,
)
from sheetflow.campaign.watching import OUTPUTS, steps
from sheetflow.campaign.workers import FROM
from sheetflow.model.shelf import is_held
from sheetflow.reports.corrections import awaiting
from sheetflow.reports.figure_files import FIGURES, FIGURES_FOLDER, figure_files
from sheetflow.reports.pdf import PDF, Pdf
from sheetflow.reports.renderers import DATA, DOCUMENTS
from sheetflow.reports.status import STATUS_PAGE, status_pages
from sheetflow.reports.status_regions import STATUS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from sheetflow.reports.pdf import Printer
    from sheetflow.reports.renderers import Renderer
    from sheetflow.reports.results import Results

_REPORT = "report.docx"
_FOLDERS = (SENDBACK, FIGURES_FOLDER, STATUS_FOLDER)


@dataclass(frozen=True, slots=True)
class Written:
    """What a verb wrote, and which files that somebody had edited it kept aside."""

    files: tuple[Path, ...]
    kept_aside: tuple[Path, ...]
    no_pdf: str = ""
    """The phrase that says why there is no report.pdf, if one was wanted."""


def no_printer(_: bytes) -> Pdf:
    """Print nothing: no report.pdf is wanted."""
    return Pdf(None)


def merge(
    campaign: Campaign,
    results: Results,
    printer: Printer = no_printer,
    *,
    packed: Callable[[], bytes] | None = None,
) -> Written:
    """Write every output; run.json names them with their hashes.

    `packed` makes the bundle for the office above; one that was made before is made again with it.
    Raises what `storage.write_all` and `locking.campaign_lock` raise.
    """
    renderers = dict(DOCUMENTS)
    if packed:
        renderers[BUNDLE] = lambda _: packed()
    data = figure_files(results) | {name: write(results) for name, write in DATA.items()}
    lines = awaiting(results)
    before = made_before(campaign.root) if lines else NOTHING_MADE
    copies = Copies(sendback(campaign, results, lines, before.numbers), before)
    return _write(campaign, results, renderers, printer, copies, data_files=data)


def report(campaign: Campaign, results: Results, printer: Printer = no_printer) -> Written:
    """Write the report and the summary anew; the data files stay as the last merge left them."""
    return _write(campaign, results, DOCUMENTS, printer)


def status_page(campaign: Campaign, results: Results) -> Written:
    """Write status.html anew."""
    return _write(campaign, results, {}, no_printer)


def mixture(root: Path) -> tuple[str, ...]:
    """Name the outputs that do not belong together with the others, as run.json tells.

    They are what a run left that died while it replaced them, or what somebody altered or deleted.
    A Word report that was edited is none of them.
    """
    folder = root / OUTPUT
    last = read_run(folder)
    names = (FIGURES, *DATA, STATUS_PAGE, *DOCUMENTS, PDF, BUNDLE, *_left_in(last, *_FOLDERS))
    present = {name: found for name in names if (found := file_digest(folder / name)) is not None}
    edited = {
        name for name, sha256 in present.items() if _editable(name) and not last.wrote(name, sha256)
    }
    return last.strangers(present, edited)


@few_collections()
def _write(
    campaign: Campaign,
    results: Results,
    renderers: Mapping[str, Renderer],
    printer: Printer,
    copies: Copies | None = None,
    *,
    data_files: Mapping[str, Iterable[bytes]] | None = None,
) -> Written:
    """Write what the renderers make, and beside it, in a process of its own, the status pages.

    `copies`, if given, are all files of sendback/ there are, and `data_files` all for programs.
    """
    folder = campaign.root / OUTPUT
    lines = results.ledger.lines
    pages, data = _in(folder, status_pages(results)), _in(folder, data_files or {})
    # Of very many agencies the summary leaves much out: there is time for data files here, too.
    there, here = ({**data, **pages}, {}) if is_held(lines) else (pages, data)
    with (
        campaign_lock(campaign.root),
        staging() as stage,
        beside(partial(stage_all, there), is_worth_it=len(lines) >= FROM) as staged_there,
    ):
        rendered, no_pdf = _rendered(results, renderers, printer)
        last = read_run(folder)
        made, standing = copies.made(folder, last, stage) if copies else ({}, {})
        made |= {path: stage(path, chunks) for path, chunks in here.items()}
        staged = staged_there()
        stage.take_over(staged.values())
        staged |= made
        edited = ((name, _edited(folder / name, last, data)) for name, data in rendered.items())
        kept = {_aside(folder / name, found): found for name, found in edited if found is not None}
        hashes = {path.relative_to(folder).as_posix(): s.sha256 for path, s in staged.items()}
        hashes |= standing | {name: digest(data) for name, data in rendered.items()}
        whole = [STATUS_FOLDER]
        whole += [SENDBACK] if copies else []
        whole += [FIGURES_FOLDER] if data_files is not None else []
        gone = _gone(folder, last, hashes, whole)
        begun = begun_bytes(last, hashes | dict.fromkeys(gone, ""))
        done = done_bytes(
            last.without(*gone), hashes, _facts(results), with_all=data_files is not None
        )
        journal = Journal(folder / RUN, begun, done)
        files: dict[Path, bytes | Staged] = {}
        files |= {folder / name: data for name, data in rendered.items()}
        files |= staged
        changed = {p: d for p, d in files.items() if not _stands(folder, p, last, hashes)}
        write_all(kept | changed, journal)
        for name in gone:
            remove_output(folder / name)
        for name in _FOLDERS:
            remove_if_empty(folder / name)
        if copies:
            copies.note(campaign.root, hashes)
    standing_paths = (folder / name for name in standing)
    return Written((*files, *standing_paths, journal.path), tuple(kept), no_pdf)


def _in(folder: Path, files: Mapping[str, Iterable[bytes]]) -> dict[Path, Iterable[bytes]]:
    return {folder / name: chunks for name, chunks in files.items()}


def _rendered(
    results: Results, renderers: Mapping[str, Renderer], printer: Printer
) -> tuple[dict[str, bytes], str]:
    """Render documents and print the report; if it can't be, give the phrase that says why."""
    rendered = {name: render(results) for name, render in steps(OUTPUTS, [*renderers.items()])}
    if not is_held(results.ledger.lines):  # much garbage of documents is in cycles
        gc.collect()
    if _REPORT not in rendered:
        return rendered, ""
    printed = printer(rendered[_REPORT])
    return rendered | ({} if printed.data is None else {PDF: printed.data}), printed.missing


def _gone(
    folder: Path, last: Run, hashes: Mapping[str, str], whole: Collection[str]
) -> tuple[str, ...]:
    """Name the outputs of other runs that this one does not make: they would be of another report.

    `whole` are the inner folders of which this one makes all files there are. A file in there that
    somebody has worked in since stays. Figures that were split otherwise have their rows elsewhere.
    """
    replaced = ((PDF, _REPORT in hashes), (FIGURES, FIGURES_FOLDER in whole))
    names = (name for name, is_replaced in replaced if is_replaced and name not in hashes)
    left = (name for name in names if (folder / name).is_file())
    return (*left, *_untouched(folder, last, hashes, whole))


def _untouched(
    folder: Path, last: Run, hashes: Mapping[str, str], inner: Collection[str]
) -> Iterator[str]:
    """Name the files of inner folders that are as a run left them, and not made by this one."""
    for name in _left_in(last, *inner):
        found = file_digest(folder / name) if name not in hashes else None
        if found is not None and last.wrote(name, found):
            yield name


def _left_in(last: Run, *folders: str) -> tuple[str, ...]:
    """Name the files in these folders of output/ that earlier runs wrote or began."""
    starts = tuple(f"{folder}/" for folder in folders)
    return tuple(name for name in {**last.files, **last.begun} if name.startswith(starts))


def _facts(results: Results) -> dict[str, object]:
    return {
        "sheetflow": __version__,
        "form": results.form.code,
        "form_digest": results.form.digest,
        "period": results.settings.period,
        "name": results.settings.name,
        "draft": results.is_draft,
    }


def _edited(path: Path, last: Run, data: bytes) -> bytes | None:
    """Give a document that no run has written: somebody has worked in it.

    Where no run is known to have written it, it may be anybody's work.
    """
    present = _bytes(path) if _editable(path.name) else None
    if present in (None, data) or last.wrote(path.name, digest(present)):
        return None
    return present


def _editable(name: str) -> bool:
    return name == _REPORT


def _aside(path: Path, edited: bytes) -> Path:
    """Name the file that keeps what somebody wrote into an output.

    A run that died may have kept it already.
    """
    number = 1
    while True:
        aside = path.with_name(f"{path.stem}（手工修改{number}）{path.suffix}")
        if _bytes(aside) in (None, edited):
            return aside
        number += 1


def _stands(folder: Path, path: Path, last: Run, hashes: Mapping[str, str]) -> bool:
    """Whether an output is there already, as the last run wrote it and this one would.

    What a dead run left may not be durable yet, even where it is the same.
    """
    name = path.relative_to(folder).as_posix()
    return not last.begun and last.files.get(name) == hashes[name] == file_digest(path)


def _bytes(path: Path) -> bytes | None:
    """Read a file; None if there is none."""
    return path.read_bytes() if path.is_file() else None
