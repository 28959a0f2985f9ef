"""Zips that anybody can open: UTF-8 names, no clock readings, the same files the same bytes."""

from __future__ import annotations

import io
import shutil
import zipfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_COMPRESSED = (".xlsx", ".xlsm", ".docx", ".zip", ".7z", ".pdf")
"""What hardly shrinks any more; to try takes most of the time that a zip of templates takes."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Write files by name, in their order."""
    return b"".join(zip_chunks((name, io.BytesIO(data)) for name, data in files.items()))


def zip_chunks(files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[bytes]:
    """Write files by name, in their order, of which none is held; each is closed."""
    tail = _Tail()
    with zipfile.ZipFile(tail, "w") as package:  # type: ignore[call-overload] # as it needs one
        for name, file in files:
            entry = zipfile.ZipInfo(name, date_time=_FIRST_DAY)
            stored = name.lower().endswith(_COMPRESSED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0o600 << 16
            with file:
                entry.file_size = file.seek(0, io.SEEK_END)
                file.seek(0)
                with package.open(entry, "w") as member:
                    shutil.copyfileobj(file, member, 1 << 20)
            yield tail.taken()
    yield tail.taken()


class _Tail:
    """The end of a file, which alone may still be written over; what is before it is gone."""

    def __init__(self) -> None:
        self._before = 0
        self._held = io.BytesIO()

    def taken(self) -> bytes:
        """Take what was written since the last time."""
        data = self._held.getvalue()
        self._before += len(data)
        self._held = io.BytesIO()
        return data

    def write(self, data: bytes) -> int:
        """Write at the place that was sought."""
        return self._held.write(data)

    def tell(self) -> int:
        """Give the place in the whole file."""
        return self._before + self._held.tell()

    def seek(self, place: int) -> int:
        """Go to a place in the whole file, which must not be gone."""
        return self._before + self._held.seek(place - self._before)

    def flush(self) -> None:
        """Do nothing: what is written is there."""
