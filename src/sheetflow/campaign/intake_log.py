"""received.csv: on which day the program first saw a file, by its digest; kept for ever."""

from __future__ import annotations

import io
import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.campaign.storage import write_whole
from sheetflow.definitions.encodings import decode, encoding_of
from sheetflow.errors import TargetInUseError
from sheetflow.model.days import parse_date

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from datetime import date
    from pathlib import Path

RECEIVED = "received.csv"
_HEAD = "sha256,first_seen\n"
_LINES = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_ENTRY = re.compile(r'\s*"?([0-9a-f]{64})"?\s*[,;\t]\s*+"?([^",;\t]++)"?[,;\t\s]*+')


def load_received(root: Path) -> Mapping[str, date]:
    """Give the day on which each file was first seen; empty where there is no log to read.

    A line that can't be understood is passed over; of two on one file the earlier day counts.
    """
    try:
        data = (root / RECEIVED).read_bytes()
    except OSError:
        return MappingProxyType({})
    return MappingProxyType(_days(data))


def log_received(root: Path, sha256s: Iterable[str], today: date) -> Mapping[str, date] | None:
    """Append the files that are not in the log yet; what stands in it stays as it is.

    Gives the days of those that were in it. Where another program holds the log open, they are
    appended the next time: None.
    """
    path = root / RECEIVED
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        data = b""
    except PermissionError:
        return None
    wanted = dict.fromkeys(filter(None, sha256s))
    known = _days(data, wanted)
    if len(known) == len(wanted):
        return known
    encoding = encoding_of(data).name
    written = _begun(data, encoding)
    for sha256 in wanted:
        if sha256 not in known:
            written.write(f"{sha256},{today.isoformat()}\n".encode(encoding))
    try:
        write_whole(path, written.getvalue())
    except (TargetInUseError, PermissionError):
        return None
    return known


def _begun(data: bytes, encoding: str) -> io.BytesIO:
    """Begin a log with what stands in it by now, in the encoding that it has."""
    end = "\n".encode(encoding)
    written = io.BytesIO()
    written.write(data or _HEAD.encode("utf-8-sig"))
    written.write(b"" if not data or data.endswith(end) else end)
    return written


def _days(data: bytes, wanted: Container[str] | None = None) -> dict[str, date]:
    """Read the lines that are as they should be: all, or those on some files alone.

    A nation's log is long: its lines are taken one by one.
    """
    days: dict[str, date] = {}
    read = cache(parse_date)  # many files come on one day
    for line in _LINES.finditer(decode(data)):
        found = _ENTRY.fullmatch(line[0].lower())
        day = read(found[2]) if found and (wanted is None or found[1] in wanted) else None
        if found and day:
            days[found[1]] = min(day, days.get(found[1], day))
    return days
