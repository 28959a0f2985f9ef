"""Tell mails as they were sent (.eml, .mbox) from web archives, shaped like them, and from text."""

from __future__ import annotations

import re
from itertools import takewhile

_HEAD = 1 << 14
_HEADER = re.compile(rb"([a-z][a-z0-9-]*)[ \t]*:|[ \t]", re.IGNORECASE)
_LINES = 100
_SENT = frozenset({b"from", b"date", b"subject", b"mime-version"})
_DELIVERED = frozenset({b"to", b"received", b"message-id", b"return-path", b"delivered-to"})
_NAMED = 2  # headers that a mail has, where its name is a mail's
_UNNAMED = 3
_PARTING = b"From "
_HEADER_LINE = re.compile(rb"[^\r\n]*\r?\n[A-Za-z][A-Za-z0-9-]*:")


def is_mail(data: bytes, name: str) -> bool:
    """Whether the bytes begin as a mail does; `name` in lower case.

    What bears another name must say that it was sent to somebody: a web archive never does.
    """
    found = _headers(data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n"))
    told = len((_SENT | _DELIVERED) & found)
    if name.endswith((".eml", ".mbox")):
        return told >= _NAMED
    return b"from" in found and not _DELIVERED.isdisjoint(found) and told >= _UNNAMED


def mail_starts(data: bytes) -> list[int]:
    """Say where the mails of a mailbox begin: at lines that part them, none in a mail by itself.

    Such a line is the first, or stands behind a blank one, and headers follow (RFC 4155); in what a
    mail says it would begin with ">".
    """
    first = len(data) - len(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    if not data.startswith(_PARTING, first):
        return []
    starts, at = [], first
    while at >= 0:
        is_parted = at == first or data.endswith((b"\n\n", b"\n\r\n"), 0, at)
        if is_parted and _HEADER_LINE.match(data, at):
            starts.append(at)
        at = data.find(b"\n" + _PARTING, at) + 1 or -1
    return starts


def _headers(head: bytes) -> frozenset[bytes]:
    """Give the names of the header lines that the text begins with, in lower case."""
    lines = head.splitlines()[:_LINES]
    if lines and lines[0].startswith(_PARTING):
        del lines[0]
    if len(lines) < _LINES:
        del lines[-1:]  # it may be cut off
    found = [_HEADER.match(line) for line in takewhile(bytes.strip, lines)]
    return frozenset((header[1] or b"").lower() if header else b"" for header in found)
