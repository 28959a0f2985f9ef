"""Reads the attachments of mails (.eml, .mbox) in memory; what a mail itself says is not asked for.

A body has no name, and a picture that the body shows has an id: neither is an attachment. All else
is, whatever it is called.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from sheetflow.gathering.containers import mail_headers
from sheetflow.gathering.containers.members import (
    MOST_MEMBERS,
    Contents,
    Member,
    nested_too_deep,
    too_many_members,
    unreadable,
)
from sheetflow.gathering.containers.tnef import tnef_members
from sheetflow.workbooks.limits import damaged
from sheetflow.workbooks.mail_format import mail_starts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEEPEST = 20
_MOST_PARTS = 4 * MOST_MEMBERS  # a mail also has bodies, and lines that only look like a boundary
_MESSAGES = frozenset({"message/rfc822", "message/global"})
_PLAIN = frozenset({"", "7bit", "8bit", "binary"})
_TNEF = "application/ms-tnef"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a mail: its headers, and where its body lies."""

    headers: Mapping[str, bytes]
    start: int
    end: int
    type: str
    name: str
    """The name that it was attached under, if any."""

    @property
    def is_attached(self) -> bool:
        """Whether its headers call it an attachment."""
        return mail_headers.main_value(self.headers.get("content-disposition", b"")) == "attachment"


def open_mail(data: bytes) -> Contents:
    """List the attachments of a mail; raises UnreadableFile for the mail as a whole."""
    data = data.lstrip(b"\r\n")  # else its headers would end before they begin
    members: list[Member] = []
    for part in _leaves(data):
        if not _is_body(part):
            members += _members(data, part, len(members) + 1)
        if len(members) > MOST_MEMBERS:
            raise too_many_members()
    sent = _part(data, 0, len(data), "text/plain").headers.get("date", b"")
    return Contents(members, mail_headers.day(sent))


def open_mailbox(data: bytes) -> Contents:
    """List the mails of a mailbox (.mbox), as mail programs export several in one file.

    ">" before a line that would part mails stays: attachments are encoded and have none.
    """
    starts = mail_starts(data)
    if len(starts) > MOST_MEMBERS:
        raise too_many_members()
    members = []
    for number, (start, end) in enumerate(pairwise([*starts, len(data)]), 1):
        first = data.index(b"\n", start) + 1
        name = _mail_name(data, first, end) or f"邮件{number}"
        read = partial(bytes, memoryview(data)[first:end])
        members.append(Member(f"{name}.eml", end - first, read))
    return Contents(members)


def _leaves(data: bytes) -> Iterator[_Part]:
    """Give the parts that hold no others, in their order."""
    waiting = [(0, len(data), 0, "text/plain")]
    listed = 0
    while waiting:
        start, end, depth, default = waiting.pop()
        part = _part(data, start, end, default)
        if not part.type.startswith("multipart/"):
            yield part
            continue
        if depth >= _DEEPEST:
            raise nested_too_deep(_DEEPEST)
        inner = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        spans = _split(data, part)
        listed += len(spans)
        if listed > _MOST_PARTS:
            raise too_many_members()
        waiting += [(first, last, depth + 1, inner) for first, last in reversed(spans)]


def _part(data: bytes, start: int, end: int, default: str) -> _Part:
    """Part headers from body, at the first blank line."""
    body = start
    if not data.startswith((b"\n", b"\r\n"), start):
        gaps = [(data.find(gap, start, end), len(gap)) for gap in (b"\n\n", b"\n\r\n")]
        found = [(at, length) for at, length in gaps if at >= 0]
        body = sum(min(found)) if found else end
    headers = mail_headers.read_headers(data[start : min(body, start + mail_headers.MOST_HEADERS)])
    kind = mail_headers.main_value(headers.get("content-type", b""))
    return _Part(headers, body, end, kind or default, _attached_name(headers))


def _attached_name(headers: Mapping[str, bytes]) -> str:
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        if name := mail_headers.parameters(headers.get(header, b"")).get(key):
            return name
    return ""


def _split(data: bytes, part: _Part) -> list[tuple[int, int]]:
    """Give the spans of a multipart's parts; a mail that was cut off ends its last part."""
    boundary = mail_headers.boundary(part.headers["content-type"])
    if not boundary:
        raise damaged("mail", "boundary")
    mark = b"\n--" + boundary
    spans: list[tuple[int, int]] = []
    position, start = max(0, part.start - 1), -1
    for _ in range(_MOST_PARTS):
        found = data.find(mark, position, part.end)
        after = found + len(mark)
        line_end = data.find(b"\n", after, part.end) if found >= 0 else -1
        rest = data[after : min(line_end if line_end >= 0 else part.end, after + 100)].strip()
        if found >= 0 and rest not in {b"", b"--"}:  # a longer boundary that begins like this one
            position = after
            continue
        if start >= 0:
            last = found - data.endswith(b"\r", 0, found) if found >= 0 else part.end
            spans.append((start, max(start, last)))
        if found < 0 or rest or line_end < 0:
            return spans
        start, position = line_end + 1, line_end
    raise too_many_members()


def _is_body(part: _Part) -> bool:
    """Whether a part is what the mail says, or a picture in it."""
    if part.type in _MESSAGES or part.is_attached:
        return False
    if part.type.startswith("image/"):
        return "content-id" in part.headers
    return not part.name and part.type.startswith(("text/", "message/"))


def _members(data: bytes, part: _Part, number: int) -> list[Member]:
    """Give an attachment; of Outlook's winmail.dat, those that are packed in it."""
    name = part.name
    if part.type in _MESSAGES and not name:
        name = f"{_mail_name(data, part.start, part.end) or f'附件{number}'}.eml"
    read = partial(_read, data, part)
    member = Member(name or f"附件{number}", part.end - part.start, read)
    if part.type == _TNEF or name.lower() == "winmail.dat":
        return tnef_members(member) or [member]
    return [member]


def _mail_name(data: bytes, start: int, end: int) -> str:
    """Call a mail within something by its subject."""
    headers = _part(data, start, end, "text/plain").headers
    return mail_headers.text(headers.get("subject", b"")).replace("/", "／")


def _read(data: bytes, part: _Part) -> bytes:
    """Decode one attachment."""
    body = memoryview(data)[part.start : part.end]
    encoding = mail_headers.main_value(part.headers.get("content-transfer-encoding", b""))
    if encoding in _PLAIN:
        return bytes(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding != "base64":
        raise unreadable("method", encoding)
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        raise unreadable("member_damaged", encoding) from None
