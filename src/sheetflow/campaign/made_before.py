"""What the last merge made correction copies from: what would be the same is not made again.

`.sheetflow/copies.json` may be deleted at any time; a copy is taken as made only while its bytes
are those that were made.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.campaign.file_states import state_of_all, states_in
from sheetflow.campaign.folder import TEMPLATES
from sheetflow.campaign.issuing import issue_numbers
from sheetflow.campaign.runs import file_digest
from sheetflow.campaign.storage import write_whole
from sheetflow.errors import SheetflowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sheetflow.campaign.runs import Run
    from sheetflow.campaign.sending_back import SentBack
    from sheetflow.campaign.storage import Stage, Staged

COPIES = ".sheetflow/copies.json"


@dataclass(frozen=True, slots=True)
class MadeBefore:
    """What copies were made from, and the numbers of issued templates that they go on from."""

    templates: str
    """In what state the issued templates were; "" if that can't be told."""
    numbers: Mapping[str, int]
    copies: Mapping[str, tuple[str, str]]
    """By name within output/: the digest of what it was made from, and that of its bytes."""

    def standing(self, output: Path, name: str, made_from: str) -> str:
        """Give the hash of a copy that stands as it would be made; "" if there is none."""
        known, sha256 = self.copies.get(name, ("", ""))
        return sha256 if known == made_from and file_digest(output / name) == sha256 else ""


NOTHING_MADE = MadeBefore("", {}, {})


def made_before(root: Path) -> MadeBefore:
    """Read what the last merge noted, with the numbers of templates as they are now."""
    last = _read(root)
    folder = root / TEMPLATES
    templates = state_of_all(states_in(folder))
    if templates and templates == last.templates:
        return last
    return MadeBefore(templates, issue_numbers(folder), last.copies)


class Copies:
    """What goes back to agencies: made one by one, but for what stands as it would be made."""

    def __init__(self, files: Iterable[SentBack], before: MadeBefore) -> None:
        self._files = files
        self._before = before
        self._made_from: dict[str, str] = {}

    def made(
        self, folder: Path, last: Run, stage: Stage
    ) -> tuple[dict[Path, Staged], dict[str, str]]:
        """Make what does not stand already; of what does, give the hashes by name."""
        staged: dict[Path, Staged] = {}
        standing: dict[str, str] = {}
        for name, made_from, make in self._files:
            self._made_from[name] = made_from
            # What a dead run left may not be durable yet.
            known = "" if last.begun else self._before.standing(folder, name, made_from)
            if known:
                standing[name] = known
            else:
                staged[folder / name] = stage(folder / name, [make()])
        return staged, standing

    def note(self, root: Path, hashes: Mapping[str, str]) -> None:
        """Note for the next merge what each was made from, if there are any."""
        if self._made_from:
            facts = {
                "templates": self._before.templates,
                "numbers": dict(self._before.numbers),
                "copies": {name: (made, hashes[name]) for name, made in self._made_from.items()},
            }
            with suppress(SheetflowError):  # all outputs are written; without it they are made anew
                write_whole(root / COPIES, json.dumps(facts, ensure_ascii=False).encode())


def _read(root: Path) -> MadeBefore:
    try:
        facts = json.loads((root / COPIES).read_bytes())
        numbers = {str(code): int(number) for code, number in facts["numbers"].items()}
        copies = {
            name: (str(made), str(sha256)) for name, (made, sha256) in facts["copies"].items()
        }
        return MadeBefore(str(facts["templates"]), numbers, copies)
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return NOTHING_MADE
