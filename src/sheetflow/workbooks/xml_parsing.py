"""Run XML through expat piece by piece, so that a part is never in memory whole.

What makes expat slow or large (long tags, many names, document types) is capped or refused here;
parts in UTF-16 are decoded first, since expat makes other characters of lone surrogates.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from sheetflow.workbooks.limits import (
    Caps,
    UnreadableFile,
    damaged,
    document_type,
    excessive,
    forbidden_character,
    lone_surrogate,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Pause = Callable[[], None]
    Attach = Callable[[expat.XMLParserType], Pause | None]

_CAPS = Caps()
_ENCODINGS = frozenset({"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "iso-8859-1"})
_UTF_16 = (
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}));")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf]")
_FORBIDDEN = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_SURROGATES = range(0xD800, 0xE000)


def parse_xml(part: str, pieces: Iterator[bytes], caps: Caps, attach: Attach) -> None:
    """Parse with the handlers that `attach` sets; what it returns is called between pieces."""
    first = next(pieces, b"")
    encoding = next((name for mark, name in _UTF_16 if first.startswith(mark)), None)
    if encoding:
        pieces = _from_utf_16(part, encoding, first, pieces)
        first = next(pieces, b"")
    parser = expat.ParserCreate("utf-8" if encoding else None)
    parser.buffer_text = True
    _forbid(parser, part)
    feed = _Feed(parser, part, caps, attach(parser))
    for piece in pieces:
        feed.take(first)
        first = piece
    feed.take(first, last=True)


def is_well_formed(xml: bytes) -> bool:
    """Whether a small piece of XML parses."""
    try:
        parse_xml("", iter((xml,)), _CAPS, lambda _: None)
    except UnreadableFile:
        return False
    return True


class _Feed:
    """Feeds a parser, which scans an unfinished tag from its start again with every piece.

    So such a tag gets at least as much more as there is of it, which keeps the time linear.
    """

    def __init__(
        self, parser: expat.XMLParserType, part: str, caps: Caps, pause: Pause | None
    ) -> None:
        self._parser = parser
        self._part = part
        self._caps = caps
        self._pause = pause
        self._fed = 0
        self._unfinished = 0  # bytes of the tag at the end of what was fed
        self._waiting = b""
        self._words = 0

    def take(self, piece: bytes, *, last: bool = False) -> None:
        """Feed a piece, or keep it until there is enough."""
        if self._waiting:
            piece, self._waiting = self._waiting + piece, b""
        if len(piece) < self._unfinished and not last:
            self._waiting = piece
            return
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise self._diagnosis(error, piece) from None
        if not last:
            self._fed += len(piece)
            self._check()

    def _check(self) -> None:
        caps, names = self._caps, self._parser.intern
        self._unfinished = self._fed - max(self._parser.CurrentByteIndex, 0)
        if self._unfinished > caps.token:
            raise excessive(caps, "token")
        if len(names) > self._words:
            self._words = len(names)
            if self._words > caps.words:
                raise excessive(caps, "words")
            if sum(map(len, names)) > caps.vocabulary:
                raise excessive(caps, "vocabulary")
        if self._pause:
            self._pause()

    def _diagnosis(self, error: expat.ExpatError, piece: bytes) -> UnreadableFile:
        """Tell characters that XML does not allow from other faults."""
        at = max(0, self._parser.ErrorByteIndex - self._fed)
        reference = _REFERENCE.match(piece, at)
        character = 0
        if reference:
            character = int(reference[1], 16) if reference[1] else int(reference[2])
        if character in _SURROGATES or _SURROGATE.match(piece, at):
            return lone_surrogate(self._part)
        if reference or _FORBIDDEN.match(piece, at):
            return forbidden_character(self._part)
        return damaged(self._part, f"XML {error.lineno}:{error.offset}")


def _from_utf_16(
    part: str, encoding: str, first: bytes, pieces: Iterator[bytes]
) -> Iterator[bytes]:
    """Give UTF-8 instead."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(first).encode()
        for piece in pieces:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as error:
        cut = len(error.object) - error.start < len("a".encode("utf-16-le"))
        raise damaged(part, "UTF-16") if cut else lone_surrogate(part) from None


def _forbid(parser: expat.XMLParserType, part: str) -> None:
    """Refuse document types (with them entities) and encodings that OOXML does not allow."""

    def doctype(*_: object) -> NoReturn:
        raise document_type(part)

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise damaged(part, f"encoding {encoding}")

    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
