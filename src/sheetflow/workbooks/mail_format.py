"""Tell a mail as it was sent (.eml) from a web archive, which has the same shape, and from text."""

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


def is_mail(data: bytes, name: str) -> bool:
    """Whether the bytes begin as a mail does; `name` in lower case.

    What bears another name must say that it was sent to somebody: a web archive never does.
    """
    found = _headers(data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n"))
    told = len((_SENT | _DELIVERED) & found)
    if name.endswith(".eml"):
        return told >= _NAMED
    return b"from" in found and not _DELIVERED.isdisjoint(found) and told >= _UNNAMED


def _headers(head: bytes) -> frozenset[bytes]:
    """Give the names of the header lines that the text begins with, in lower case."""
    lines = head.splitlines()[:_LINES]
    if lines and lines[0].startswith(b"From "):  # as mailboxes part their mails
        del lines[0]
    if len(lines) < _LINES:
        del lines[-1:]  # it may be cut off
    found = [_HEADER.match(line) for line in takewhile(bytes.strip, lines)]
    return frozenset((header[1] or b"").lower() if header else b"" for header in found)
