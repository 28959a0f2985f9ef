"""Shared strings item by item: an item that was met before needs no parsing."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from sheetflow.workbooks.limits import Caps, UnreadableFile
from sheetflow.workbooks.outlines import is_utf_8, plain_texts, recalled
from sheetflow.workbooks.strings import TextItems, decode
from sheetflow.workbooks.xml_parsing import is_well_formed, parse_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

_LARGEST = 1 << 17
"""Bytes of a part, which the parser takes in one piece: no cap between pieces can be reached."""
_HEAD = re.compile(rb"(?:<\?xml [^<>]*\?>\s*)?<sst [^<>]{0,1000}>")
_FIRST, _BETWEEN, _LAST = b"<si>", b"</si><si>", b"</si></sst>"
_PLAIN = ((b"<t>", b"</t>"), (b'<t xml:space="preserve">', b"</t>"))
_RUN = re.compile(
    rb'<r>(<rPr>(?:<[a-zA-Z]+(?: [^<>]*)?/>)*</rPr>)?<t(?: xml:space="preserve")?>([^<]*)</t></r>'
)
"""As LibreOffice writes each change between Chinese and other characters."""
_LONGEST_FORMAT = 1_000
_known: dict[bytes, str] = {}
_CAPS = Caps()


def string_items(xml: bytes) -> list[str] | None:
    """Read the texts of a part of shared strings; None if only the parser can tell what they are.

    Such a part is UTF-8, small, and all that stands in it is items without attributes.
    """
    head, _, body = xml.partition(_FIRST)
    body, last, tail = body.rpartition(_LAST)
    if len(xml) > _LARGEST or tail or not last or not _is_head(head):
        return None
    if b"\0" in body or b"\1" in body:
        return None
    return recalled(_known, body.split(_BETWEEN), _read)


@lru_cache(maxsize=256)
def _is_head(head: bytes) -> bool:
    is_usual = _HEAD.fullmatch(head) is not None and is_utf_8(head)
    return is_usual and is_well_formed(head + b"</sst>")


def _read(items: Sequence[bytes]) -> list[str] | None:
    """Read items that were not met yet: those that are but texts at once."""
    runs = [_runs(item) for item in items]
    plain = plain_texts([text for each in runs if each is not None for text in each])
    rich = _parsed([item for item, each in zip(items, runs, strict=True) if each is None])
    if plain is None or rich is None:
        return None
    texts, others = iter(map(decode, plain)), iter(rich)
    return [next(others) if each is None else "".join(islice(texts, len(each))) for each in runs]


def _runs(item: bytes) -> list[bytes] | None:
    """Give the texts that an item consists of; None if only the parser can tell."""
    for start, end in _PLAIN:
        if item.startswith(start) and item.endswith(end):
            inner = item[len(start) : -len(end)]
            return None if b"<" in inner else [inner]
    pieces = _RUN.split(item)
    formats = set(filter(None, pieces[1::3]))
    if any(pieces[::3]) or any(len(each) > _LONGEST_FORMAT for each in formats):
        return None
    return pieces[2::3] if all(map(_is_format, formats)) else None


@lru_cache(maxsize=256)
def _is_format(markup: bytes) -> bool:
    """Whether this may stand before the text of a run."""
    return is_well_formed(markup)


def _parsed(items: Sequence[bytes]) -> list[str] | None:
    """Have the parser read what only it can; None if the items are not one text each."""
    xml = b"<sst><si>%b</si></sst>" % _BETWEEN.join(items)
    if not items or any(xml.count(tag) > len(items) for tag in (b"<si", b"</si")):
        return None if items else []
    texts: list[str] = []
    try:
        parse_xml("", iter((xml,)), _CAPS, TextItems(_CAPS, texts.append).attach)
    except UnreadableFile:
        return None
    return texts if len(texts) == len(items) else None
