"""Opens those containers that need a foreign library, in a child process: 7z and .msg."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sheetflow.gathering.containers.transfer import MOST_BYTES, from_bytes
from sheetflow.gathering.folder import too_large
from sheetflow.workbooks.confined import Confinement, run_confined
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from sheetflow.gathering.containers.members import Contents

_MB = 1 << 20
_LIMITS = Confinement(memory=320 * _MB, output=MOST_BYTES + 8 * _MB)
"""Addresses, of which less is used: an archive made with the highest setting has a dictionary of
64 MB beside its members."""


def open_7z(data: bytes) -> Contents:
    """Unpack a 7z archive; F08 where sheetflow was installed without that extra."""
    if find_spec("py7zr") is None:
        raise UnreadableFile("F08", {"format": "@7z"})
    return _opened("sheetflow.gathering.containers.seven_zip_task:unpack", data)


def open_msg(data: bytes) -> Contents:
    """Read the attachments of an Outlook mail."""
    return _opened("sheetflow.gathering.containers.msg_task:attachments", data)


def _opened(task: str, data: bytes) -> Contents:
    if len(data) > MOST_BYTES:  # the child holds it too
        raise too_large(len(data), MOST_BYTES)
    return from_bytes(run_confined(task, data, "", _LIMITS))
