"""Open workbooks that ask for a password, if the password is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sheetflow.workbooks.confined import Confinement, run_confined

if TYPE_CHECKING:
    from collections.abc import Sequence

EXCELS_OWN = "VelvetSweatshop"
"""With this one Excel encrypts workbooks that are only locked, and opens them without asking."""
MOST = 16
"""Passwords that are tried; each takes a tenth of a second on a file of today."""

_LIMITS = Confinement()


def decrypt(data: bytes, passwords: Sequence[str] = ()) -> bytes:
    """Give the workbook inside an encrypted one, to be sniffed and read anew.

    Excel's own password is tried first, then the first `MOST` of the list; F04 if none is right
    or the encryption is unknown, F25 if trying takes too long.
    """
    tried = list(dict.fromkeys((EXCELS_OWN, *filter(None, passwords))))[: MOST + 1]
    task = "sheetflow.workbooks.encryption_task:decrypt"
    return run_confined(task, data, json.dumps(tried), _LIMITS)
