"""Whether a merge would write and say again what the last one did: then nothing need be done.

`.sheetflow/merged.json` keeps what the last merge said, and a digest of all that it rests on: the
program, and name, size, times and number on the disk of every file of the campaign but its outputs,
and of last period's. It may be deleted at any time.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.campaign.cache import program
from sheetflow.campaign.folder import KEY, OUTPUT, SETTINGS, decode
from sheetflow.campaign.intake_log import RECEIVED
from sheetflow.campaign.runs import RUN, file_digest, read_run
from sheetflow.campaign.stamps import listed, stamp_of, stamps_below, stamps_in, state_of
from sheetflow.campaign.storage import write_whole
from sheetflow.definitions.settings import load_settings
from sheetflow.errors import SheetflowError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MERGED = ".sheetflow/merged.json"
_NO_INPUTS = frozenset({OUTPUT, "archive", ".sheetflow", RECEIVED})
"""What stands in a campaign's folder that no result rests on; the key and the log do, apart."""


class Merged(NamedTuple):
    """What a merge said, and its exit code."""

    said: str
    code: int


def inputs_of(root: Path) -> str:
    """Digest all that a merge rests on but received.csv, to which it adds itself.

    "" if that can't be told: a link, a file that was written just now.
    """
    return state_of(_states_of_all(root), program())


def received_of(root: Path) -> str:
    """Digest the log of what came when."""
    return file_digest(root / RECEIVED) or ""


def recall(root: Path, asked: str, inputs: str) -> Merged | None:
    """Give what the last merge said, if it was asked the same, of the same, and its outputs stand.

    `asked` are the options and whatever else the outputs depend on, in words.
    """
    try:
        note = json.loads((root / MERGED).read_bytes())
        same = note["asked"] == asked and note["inputs"] == inputs != ""
        merged = Merged(str(note["said"]), int(note["code"]))
        is_same = same and note["received"] == received_of(root)
        run = str(note["run"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return merged if is_same and _stand(root / OUTPUT, run) else None


def note(root: Path, asked: str, inputs: str, received: str, merged: Merged) -> None:
    """Keep what a merge said; `inputs` and `received` are as they were when it read them."""
    if inputs and inputs_of(root) == inputs:
        run = file_digest(root / OUTPUT / RUN)
        facts = {"asked": asked, "inputs": inputs, "received": received, "run": run}
        facts |= merged._asdict()
        with suppress(SheetflowError):  # without it the next merge does its work again
            write_whole(root / MERGED, json.dumps(facts, ensure_ascii=False).encode())


def _stand(output: Path, run: str) -> bool:
    """Whether all outputs are as that run left them."""
    if file_digest(output / RUN) != run:
        return False
    last = read_run(output)
    return not last.begun and all(file_digest(output / n) == s for n, s in last.files.items())


def _states_of_all(root: Path) -> Iterator[tuple[str, str]]:
    """Give the state of the campaign's files and key, and of what it names as last period's."""
    yield from stamps_below(entry for entry in listed(root) if entry.name not in _NO_INPUTS)
    yield KEY, stamp_of(root / KEY)
    settings = load_settings(decode((root / SETTINGS).read_bytes()), SETTINGS).value
    if settings and settings.previous:
        previous = root / settings.previous
        yield from (stamps_in(previous) if previous.is_dir() else [("", stamp_of(previous))])
