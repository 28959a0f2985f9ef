"""Unpack a 7z archive with py7zr, in a child: its members share their compressed data."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING

from py7zr import SevenZipFile
from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import Py7zIO, WriterFactory

from sheetflow.gathering.containers.members import (
    MOST_MEMBERS,
    encrypted,
    too_many_members,
    unreadable,
)
from sheetflow.gathering.containers.transfer import MOST_BYTES, ReadMember, to_bytes
from sheetflow.gathering.folder import too_large
from sheetflow.workbooks.limits import UnreadableFile, damaged

if TYPE_CHECKING:
    from py7zr import FileInfo

_NUMBERED = re.compile(r"_\d+$")  # py7zr's mark of a further member of the same name


def unpack(data: bytes, _: str) -> bytes:
    """Give all members as bytes; raises UnreadableFile for the archive as a whole."""
    try:
        with SevenZipFile(BytesIO(data)) as archive:
            _refuse_encrypted(archive)
            listed = [member for member in archive.list() if not member.is_directory]
            _refuse_too_much(listed)
            return to_bytes(_unpack(archive, listed))
    except (UnreadableFile, MemoryError):
        raise
    except PasswordRequired:
        raise encrypted() from None
    except Exception:  # noqa: BLE001 - py7zr fails on forged bytes in every way there is
        raise damaged("7z", "directory") from None


def _refuse_encrypted(archive: SevenZipFile) -> None:
    if archive.needs_password():
        raise encrypted()


def _refuse_too_much(listed: list[FileInfo]) -> None:
    if len(listed) > MOST_MEMBERS:
        raise too_many_members()
    size = sum(member.uncompressed for member in listed)
    if size > MOST_BYTES:
        raise too_large(size, MOST_BYTES)


def _unpack(archive: SevenZipFile, listed: list[FileInfo]) -> list[ReadMember]:
    """Unpack until the end or to where the data are damaged; what follows there has a problem."""
    kept, fault = _Kept(), ""
    try:
        archive.extract(factory=kept)
    except MemoryError:
        raise
    except UnsupportedCompressionMethodError:
        fault = "method"
    except Exception:  # noqa: BLE001 - as above
        fault = "member_damaged"
    kept.drop_unfinished()
    names = Counter(member.filename for member in listed)
    links = {member.filename for member in listed if member.is_symlink}
    members: list[ReadMember] = []
    for shown, file in kept.files:
        name = shown if shown in names else _NUMBERED.sub("", shown)
        names[name] -= 1
        members.append(ReadMember(name, bytes(file.data), "symlink" if name in links else ""))
    if len(members) < len(listed):
        problem = unreadable(fault or "member_damaged", "7z")
        members += [ReadMember(name, problem=problem) for name in (+names).elements()]
    return members


class _File(Py7zIO):
    """A member that is being unpacked."""

    def __init__(self, room: int) -> None:
        self.data = bytearray()
        self.finished = False
        self._room = room

    def write(self, s: bytes | bytearray) -> int:
        if len(self.data) + len(s) > self._room:
            raise OverflowError
        self.data += s
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        return bytes(self.data[:size])

    def seek(self, offset: int, _whence: int = 0) -> int:
        return offset

    def flush(self) -> None:
        """Nothing waits to be written."""

    def size(self) -> int:
        return len(self.data)

    def close(self) -> None:
        self.finished = True


class _Kept(WriterFactory):
    """Keeps the members in the order in which they are unpacked, as far as there is room."""

    def __init__(self) -> None:
        self.files: list[tuple[str, _File]] = []

    def create(self, filename: str) -> Py7zIO:
        room = MOST_BYTES - sum(len(file.data) for _, file in self.files)
        self.files.append((filename, _File(room)))
        return self.files[-1][1]

    def drop_unfinished(self) -> None:
        self.files = [(name, file) for name, file in self.files if file.finished]
