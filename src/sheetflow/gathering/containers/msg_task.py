"""Read the attachments of an Outlook mail (.msg) with olefile, in a child.

The file is a tree of storages: one an attachment, and in that of an attached mail the same again.
Streams bear the numbers of MAPI properties ([MS-OXMSG], [MS-OXPROPS]).
"""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO

from olefile import OleFileIO

from sheetflow.gathering.containers.mail_headers import day, read_headers
from sheetflow.gathering.containers.members import (
    MOST_MEMBERS,
    nested_too_deep,
    too_many_members,
    unreadable,
)
from sheetflow.gathering.containers.transfer import MOST_BYTES, ReadMember, to_bytes
from sheetflow.gathering.file_names import decode_name
from sheetflow.gathering.folder import too_large
from sheetflow.workbooks.limits import UnreadableFile, damaged

_ATTACHMENT = "__attach_version1.0_"
_PROPERTIES = "__properties_version1.0"
_STREAM = "__substg1.0_"
_DATA, _OBJECT = "37010102", "3701000D"
_NAMES = ("3707", "3704", "3001")  # the long name, the short one, the one shown
_SUBJECT, _HEADERS = "0037", "007D"
_SENT, _DELIVERED, _HIDDEN = 0x00390040, 0x0E060040, 0x7FFE000B
_TOP_HEAD, _ATTACHMENT_HEAD = 32, 8  # bytes before the properties
_ENTRY = struct.Struct("<L4xQ")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CHINA = timezone(timedelta(hours=8))  # the file has only the time of Greenwich
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmz")
_DEEPEST = 5

_Path = tuple[str, ...]


def attachments(data: bytes, _: str) -> bytes:
    """Give all attachments as bytes; raises UnreadableFile for the mail as a whole."""
    try:
        with OleFileIO(BytesIO(data)) as file:
            mail = _Mail(file)
            return to_bytes(mail.attachments(()), mail.day())
    except (UnreadableFile, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - olefile fails on forged bytes in every way there is
        raise damaged("msg", "directory") from None


class _Mail:
    """An opened mail: what lies in each of its storages, and the room that is left."""

    def __init__(self, file: OleFileIO[str]) -> None:
        self._file = file
        self._room = MOST_BYTES
        self.children: dict[_Path, list[str]] = {}
        for path in file.listdir(streams=True, storages=True):
            self.children.setdefault(tuple(path[:-1]), []).append(path[-1])

    def attachments(self, storage: _Path, prefix: str = "") -> list[ReadMember]:
        """Give the attachments of a mail, and of the mails attached to it."""
        if len(storage) > 2 * _DEEPEST:
            raise nested_too_deep(_DEEPEST)
        found: list[ReadMember] = []
        for child in self.children.get(storage, ()):
            if child.startswith(_ATTACHMENT):
                found += self._attachment((*storage, child), f"{prefix}附件{len(found) + 1}")
            if len(found) > MOST_MEMBERS:
                raise too_many_members()
        return found

    def _attachment(self, storage: _Path, default: str) -> list[ReadMember]:
        inner = (*storage, _STREAM + _OBJECT)
        prefix = default[: default.rindex("附件")]
        if _PROPERTIES in self.children.get(inner, ()):
            subject = self._text(inner, _SUBJECT) or self._text(storage, _NAMES[-1])
            name = prefix + subject.replace("/", "／") if subject else default
            return self.attachments(inner, f"{name}.msg/")
        own = next(filter(None, (self._text(storage, number) for number in _NAMES)), "")
        name = prefix + own if own else default
        if _STREAM + _DATA not in self.children.get(storage, ()):
            return [ReadMember(name, problem=unreadable("method", "OLE"))]
        if own.lower().endswith(_PICTURES) and self._is_hidden(storage):
            return []
        return [ReadMember(name, self._read((*storage, _STREAM + _DATA)))]

    def day(self) -> date | None:
        """Give the day on which the mail was sent: as its headers have it, else in China."""
        if sent := day(read_headers(self._text((), _HEADERS).encode()).get("date", b"")):
            return sent
        properties = self._properties((), _TOP_HEAD)
        ticks = properties.get(_SENT) or properties.get(_DELIVERED)
        if not ticks:
            return None
        try:
            return (_EPOCH + timedelta(microseconds=ticks // 10)).astimezone(_CHINA).date()
        except OverflowError:
            return None

    def _is_hidden(self, storage: _Path) -> bool:
        """Whether an attachment is a picture that only the body shows."""
        return bool(self._properties(storage, _ATTACHMENT_HEAD).get(_HIDDEN, 0) & 0xFF)

    def _properties(self, storage: _Path, head: int) -> dict[int, int]:
        if _PROPERTIES not in self.children.get(storage, ()):
            return {}
        body = self._read((*storage, _PROPERTIES))[head:]
        whole = len(body) // _ENTRY.size * _ENTRY.size
        return dict(_ENTRY.iter_unpack(body[:whole]))

    def _text(self, storage: _Path, number: str) -> str:
        """Give a property that is a text, in UTF-16 or in the sender's own encoding."""
        children = self.children.get(storage, ())
        if (wide := f"{_STREAM}{number}001F") in children:
            return self._read((*storage, wide)).decode("utf-16-le", "replace").rstrip("\0")
        if (narrow := f"{_STREAM}{number}001E") in children:
            return decode_name(self._read((*storage, narrow)).rstrip(b"\0"))
        return ""

    def _read(self, path: _Path) -> bytes:
        """Read a stream; all that are read together may take only so much."""
        size = self._file.get_size(path)
        if size > self._room:
            raise too_large(MOST_BYTES - self._room + size, MOST_BYTES)
        self._room -= size
        return bytes(self._file.openstream(list(path)).read())
