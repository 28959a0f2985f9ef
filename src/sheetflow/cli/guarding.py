"""What a verb that writes says while it waits for another run, and when outputs do not match."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import SETTINGS
from sheetflow.campaign.locking import Calls, campaign_lock, is_busy
from sheetflow.errors import NoCampaignError
from sheetflow.messages.interface import listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def writing(root: Path) -> Iterator[None]:
    """Hold the campaign's lock; if the verb fails, the error says which outputs are mixed."""
    if not (root / SETTINGS).is_file():  # or the lock would make a folder of a mistyped name
        raise NoCampaignError(str(root))
    calls = Calls(lambda: _tell("waiting"), lambda: _tell("no_locks", folder=str(root)))
    try:
        with campaign_lock(root, calls):
            yield
    except Exception as error:
        for sentence in mixture_words(root):
            error.add_note(sentence)
        raise


def mixture_words(root: Path) -> list[str]:
    """Say which outputs are not those that run.json tells of, if there are any and no run is on."""
    from sheetflow.campaign.merging import mixture

    try:
        names = mixture(root)
    except OSError:
        return []
    return [say("mixture", files=listed(names))] if names and not is_busy(root) else []


def _tell(phrase: str, **facts: str) -> None:
    print(say(phrase, **facts), file=sys.stderr, flush=True)
