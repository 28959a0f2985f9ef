"""Read legacy workbooks, .xls and .et, whose reader runs confined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.workbooks.confined import failure, run_confined
from sheetflow.workbooks.transfer import unpack

if TYPE_CHECKING:
    from sheetflow.workbooks.workbook import Workbook


def read_xls(data: bytes) -> Workbook:
    """Read the bytes of a workbook of BIFF 2 to 8; `UnreadableFile` if they can't be.

    F04 says that it is encrypted (`encryption.decrypt`). Chart sheets are left out. The format
    knows no checksum: damage can pass for other values.
    """
    packed = run_confined("sheetflow.workbooks.xls_task:read", data)
    try:
        return unpack(packed)
    except (ValueError, TypeError, LookupError):
        raise failure("child_died") from None
