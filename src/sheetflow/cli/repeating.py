"""A merge that nothing has changed since says again what it said, and does no work."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import OUTPUT
from sheetflow.campaign.unchanged import (
    Merged,
    inputs_of,
    is_overdue,
    libraries,
    note,
    recall,
    received_of,
)
from sheetflow.messages.interface import say, spoken
from sheetflow.reports.pdf import ABSENT, find_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from sheetflow.campaign.merging import Written


class Repeatable:
    """What a merge rests on, from before it reads to after it has written."""

    def __init__(self, root: Path, day: date, *, with_bundle: bool) -> None:
        self._root = root
        asked = [spoken(), with_bundle, is_overdue(root, day), find_office(), libraries()]
        self._asked = json.dumps(asked)
        self._inputs = inputs_of(root)
        self._received = ""

    def again(self) -> int | None:
        """Say what the last merge said and give its exit code; None if it has to be done."""
        merged = recall(self._root, self._asked, self._inputs)
        if merged is None:
            return None
        print(say("unchanged", folder=str(self._root / OUTPUT)))
        print(merged.said, end="")
        return merged.code

    def was_read(self) -> None:
        """Take down what received.csv holds once all that came in is logged."""
        self._received = received_of(self._root)

    @contextlib.contextmanager
    def saying(self, code: int, written: Written) -> Iterator[None]:
        """Keep what is said in here; not if the next merge may do better, or has other to say."""
        with contextlib.redirect_stdout(io.StringIO()) as said:
            yield
        print(said.getvalue(), end="")
        if not written.kept_aside and written.no_pdf in ("", ABSENT):
            merged = Merged(said.getvalue(), code)
            note(self._root, self._asked, self._inputs, self._received, merged)
