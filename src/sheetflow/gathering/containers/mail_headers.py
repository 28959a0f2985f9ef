"""What a mail's headers say: parameters, names in every way that clients write them, the date.

Read by hand rather than by `email`, whose parsers take minutes over a forged header.
"""

from __future__ import annotations

import binascii
import re
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from sheetflow.gathering.file_names import decode_name

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_HEADERS = 1 << 16
"""Bytes of headers that are looked at."""
_VALUE = 1 << 12  # bytes of one header
_PARAMETERS = 100
_WANTED = re.compile(
    rb"^(content-(?:type|disposition|transfer-encoding|id)|date|subject)[ \t]*:"
    rb"([^\n]*(?:\n[ \t][^\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_PARAMETER = re.compile(rb';\s*([^\s=;*"]+)(?:\*(\d{1,3}))?(\*?)\s*=\s*("[^"]*"|[^;]*)')
_ENCODED_WORD = re.compile(rb"=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(rb"(\?=)\s+(?==\?)")
_DAY = re.compile(rb"(\d{1,2})[ \t]+([a-z]{3})[a-z]*[ \t]+(\d{4})\b", re.IGNORECASE)
_MONTHS = b"jan feb mar apr may jun jul aug sep oct nov dec".split()
_GB = ("gb", "x-gb", "cp936", "ms936", "hz")


class _Piece(NamedTuple):
    """A parameter, or a piece of one: its number, whether it is percent-escaped, its bytes."""

    number: int | None
    escaped: bool
    raw: bytes


def read_headers(block: bytes) -> Mapping[str, bytes]:
    """Give the headers that tell of attachments, by lower-case name, in one line each."""
    headers: dict[str, bytes] = {}
    for found in _WANTED.finditer(block[:MOST_HEADERS]):
        value = b" ".join(line.strip() for line in found[2][:_VALUE].splitlines())
        headers.setdefault(found[1].decode().lower(), value.strip())
    return MappingProxyType(headers)


def main_value(header: bytes) -> str:
    """Give what stands before the parameters, in lower case."""
    return header.partition(b";")[0].strip().decode("ascii", "replace").lower()


def parameters(header: bytes) -> dict[str, str]:
    """Give the parameters as text; long ones may come in pieces (RFC 2231)."""
    pieces: dict[str, list[_Piece]] = {}
    for found in islice(_PARAMETER.finditer(header), _PARAMETERS):
        number = int(found[2]) if found[2] else None
        piece = _Piece(number, bool(found[3]), found[4].strip().strip(b'"'))
        pieces.setdefault(found[1].decode("ascii", "replace").lower(), []).append(piece)
    return {name: _joined(_best(found)) for name, found in pieces.items()}


def boundary(header: bytes) -> bytes:
    """Give the line that parts the parts of a multipart, as it stands; empty if there is none."""
    found = (found for found in _PARAMETER.finditer(header) if found[1].lower() == b"boundary")
    return next((match[4].strip().strip(b'"').rstrip() for match in found), b"")


def text(header: bytes) -> str:
    """Decode a header: encoded words (RFC 2047) or, as many clients write, bare bytes."""
    header = _BETWEEN_WORDS.sub(rb"\1", header)
    pieces: list[tuple[str, bytes]] = []
    last = 0
    for found in _ENCODED_WORD.finditer(header):
        if found.start() > last:
            pieces.append(("", header[last : found.start()]))
        charset, raw = found[1].decode("ascii", "replace").lower(), _word(found[2], found[3])
        if pieces and pieces[-1][0] == charset:  # a character may be split between two words
            raw = pieces.pop()[1] + raw
        pieces.append((charset, raw))
        last = found.end()
    pieces.append(("", header[last:]))
    return "".join(_decode(charset, raw) for charset, raw in pieces)


def day(header: bytes) -> date | None:
    """Give the date of a Date header, as its sender's calendar had it."""
    found = _DAY.search(header[:200])
    if not found or found[2].lower() not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    except ValueError:
        return None


def _best(pieces: list[_Piece]) -> list[_Piece]:
    """Choose where a parameter stands in several ways: the escaped, the one in pieces, the plain.

    Old programs are given the plain one, which may be poorer.
    """
    whole = [piece for piece in pieces if piece.number is None]
    escaped = [piece for piece in whole if piece.escaped]
    numbered = sorted(piece for piece in pieces if piece.number is not None)
    return escaped[:1] or numbered or whole[:1]


def _joined(pieces: list[_Piece]) -> str:
    """Put a parameter's pieces together; the first may begin with its charset and language."""
    if not any(piece.escaped for piece in pieces):
        return text(b"".join(piece.raw for piece in pieces))
    charset = ""
    raws = [unquote_to_bytes(piece.raw) if piece.escaped else piece.raw for piece in pieces]
    if pieces[0].escaped and raws[0].count(b"'") >= 2:  # noqa: PLR2004 - charset'language'value
        name, _, raws[0] = raws[0].split(b"'", 2)
        charset = name.decode("ascii", "replace").lower()
    return _decode(charset, b"".join(raws))


def _word(way: bytes, raw: bytes) -> bytes:
    if way in b"qQ":
        return binascii.a2b_qp(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"==")
    except binascii.Error:
        return raw


def _decode(charset: str, raw: bytes) -> str:
    """Decode as the charset says (all of the GB family as its largest), else as the bytes do."""
    codec = "gb18030" if charset.startswith(_GB) and not charset.startswith("hz") else charset
    try:
        return raw.decode(codec) if codec else decode_name(raw)
    except (LookupError, ValueError):
        return decode_name(raw)
