"""Whether a merge would write and say again what the last one did: then nothing need be done.

`.sheetflow/merged.json` keeps what the last merge said, and a digest of all that it rests on: the
program, and name, size, times and number on the disk of every file of the campaign but its outputs,
of last period's and of the passwords; also in what state the outputs were when their bytes were
found to be those that were written. It may be deleted at any time.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.campaign.cache import program
from sheetflow.campaign.file_states import file_state, state_of_all, states_in
from sheetflow.campaign.folder import KEY, OUTPUT, SETTINGS
from sheetflow.campaign.intake_log import RECEIVED
from sheetflow.campaign.runs import RUN, file_digest, read_run
from sheetflow.campaign.storage import write_whole
from sheetflow.definitions.encodings import decode
from sheetflow.definitions.settings import load_settings
from sheetflow.errors import SheetflowError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sheetflow.model.campaign import Settings

MERGED = ".sheetflow/merged.json"
_NO_INPUTS = frozenset({OUTPUT, "archive", ".sheetflow", RECEIVED})
"""What stands in a campaign's folder that no result rests on; the key and the log do, apart."""
LIBRARIES = (
    *("msoffcrypto", "olefile", "openpyxl", "py7zr", "xlrd", "isal"),
    *("docxtpl", "docx", "jinja2", "markupsafe", "xlsxwriter", "typst"),
)
"""What reads returns and writes outputs; some of it may be there or not."""
_THREADS = os.cpu_count() or 1
"""Hashing leaves Python to others."""


class Merged(NamedTuple):
    """What a merge said, and its exit code."""

    said: str
    code: int


class _Note(NamedTuple):
    """What is kept of the last merge; `run` is the digest of the record that it left."""

    asked: str
    inputs: str
    received: str
    run: str
    said: str
    code: int
    outputs: str = ""
    """In what state the outputs were when they were found as the record says; "" if not yet."""


def inputs_of(root: Path) -> str:
    """Digest all that a merge rests on but received.csv, to which it adds itself.

    "" if that can't be told: a link, a file that was written just now.
    """
    return state_of_all(_states_of_all(root), program())


def libraries() -> dict[str, str]:
    """Say in what state each library is, without importing it; where one is lacking, nothing."""
    found = ((name, find_spec(name)) for name in LIBRARIES)
    return {name: file_state(Path(spec.origin or "")) for name, spec in found if spec}


def received_of(root: Path) -> str:
    """Digest the log of what came when."""
    return file_digest(root / RECEIVED) or ""


def is_overdue(root: Path, day: date) -> bool:
    """Whether a day is later than the campaign's due one: what is asked of agencies says so."""
    settings = _settings(root) if (root / SETTINGS).is_file() else None
    return settings is not None and settings.is_overdue(day)


def recall(root: Path, asked: str, inputs: str) -> Merged | None:
    """Give what the last merge said, if it was asked the same, of the same, and its outputs stand.

    `asked` are the options and whatever else the outputs depend on, in words.
    """
    last = _read(root)
    if last is None or (last.asked, last.inputs) != (asked, inputs) or not inputs:
        return None
    outputs = _standing(root / OUTPUT, last) if last.received == received_of(root) else None
    if outputs is None:
        return None
    if outputs != last.outputs:
        _keep(root, last._replace(outputs=outputs))
    return Merged(last.said, last.code)


def note(root: Path, asked: str, inputs: str, received: str, merged: Merged) -> None:
    """Keep what a merge said; `inputs` and `received` are as they were when it read them."""
    if inputs and inputs_of(root) == inputs:
        run = file_digest(root / OUTPUT / RUN) or ""
        _keep(root, _Note(asked, inputs, received, run, *merged))


def _read(root: Path) -> _Note | None:
    try:
        facts = json.loads((root / MERGED).read_bytes())
        return _Note(
            asked=str(facts["asked"]),
            inputs=str(facts["inputs"]),
            received=str(facts["received"]),
            run=str(facts["run"]),
            said=str(facts["said"]),
            code=int(facts["code"]),
            outputs=str(facts["outputs"]),
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _keep(root: Path, last: _Note) -> None:
    with suppress(SheetflowError):  # without it the next merge does its work again
        write_whole(root / MERGED, json.dumps(last._asdict(), ensure_ascii=False).encode())


def _standing(output: Path, last: _Note) -> str | None:
    """Give the state of all outputs, if they are as the last run left them; "" if it can't be told.

    In the state in which they were when their bytes were found to be so, they are not read again.
    """
    if file_digest(output / RUN) != last.run:
        return None
    run = read_run(output)
    state = state_of_all((name, file_state(output / name)) for name in run.files)
    is_known = state != "" and state == last.outputs
    return state if not run.begun and (is_known or _are(output, run.files)) else None


def _are(output: Path, files: Mapping[str, str]) -> bool:
    """Whether all outputs have the hashes that they should have."""
    names = list(files)

    def stand(some: Sequence[str]) -> bool:
        return all(file_digest(output / name) == files[name] for name in some)

    with ThreadPoolExecutor(_THREADS) as threads:
        return all(threads.map(stand, (names[first::_THREADS] for first in range(_THREADS))))


def _settings(root: Path) -> Settings | None:
    return load_settings(decode((root / SETTINGS).read_bytes()), SETTINGS).value


def _states_of_all(root: Path) -> Iterator[tuple[str, str]]:
    """Give the state of the campaign's files and key, and of what it names elsewhere."""
    yield from states_in(root, _NO_INPUTS)
    yield KEY, file_state(root / KEY)
    settings = _settings(root)
    for name in (settings.previous, settings.passwords) if settings else ():
        path = root / name
        if name:
            yield from (states_in(path) if path.is_dir() else [(name, file_state(path))])
