"""Reads sheets that have frames: what most returns are made of, filled in on one template."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.workbooks.frames import ABSENT, Family
from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile
from sheetflow.workbooks.number_formats import read_styles
from sheetflow.workbooks.ooxml_properties import target
from sheetflow.workbooks.outlines import forbidden, is_utf_8, resolved
from sheetflow.workbooks.strings import TextItems, decode, shared_strings
from sheetflow.workbooks.usual import UsualSheet, usual_sheet
from sheetflow.workbooks.workbook import Sheet
from sheetflow.workbooks.xml_parsing import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheetflow.workbooks.package import Package, Relation

_LARGEST = 3 << 20
"""Bytes of all sheets together: so few can't reach a cap (no cell takes less than 20)."""
_SPACED = '<t xml:space="preserve">'
_FIRST, _BETWEEN, _LAST = "<si><t>", "</t></si><si><t>", "</t></si></sst>"
_HEAD = re.compile(r"(?:<\?xml [^<>]*\?>\s*)?<sst [^<>]*>")
_LONGEST_HEAD = 2000
_LONGEST_ITEM = 4000
_RUNS = re.compile(
    r"(?:[^<]++|</?(?:r|t|rPr|b|i|u|strike|sz|color|rFont|family|charset|scheme|vertAlign)"
    r'(?: (?:val|rgb|theme|tint|indexed|xml:space)="[^"<]*")*/?>)*'
)


def framed_sheets(
    package: Package, relations: Mapping[str, Relation], listed: Iterable[tuple[str, str, str]]
) -> list[Sheet] | None:
    """Read sheets (name, state, relation), each of which has a frame; None if one has none."""
    family = package.remembered(target(relations, "styles"), _family)
    strings = _strings(package, target(relations, "sharedstrings"))
    if strings is None:
        return None
    sheets = []
    size = 0
    for name, state, identity in listed:
        relation = relations.get(identity)
        if relation is None or relation.type != "worksheet":
            return None
        xml = package.small(relation.target) or b""
        cells = family.cells(relation.target, xml, strings) if xml else None
        size += len(xml)
        found: UsualSheet | None
        if cells is None:
            found = usual_sheet(xml, strings, family.kinds)
        else:
            found = UsualSheet(cells, cells.frame.protected, cells.frame.validated)
        if found is None or size > _LARGEST:
            return None
        sheets.append(Sheet(name, state, *found))
    return sheets


def _family(package: Package, part: str) -> Family:
    return Family(read_styles(package, part))


def _strings(package: Package, part: str) -> Mapping[str, str] | None:
    """Read the shared strings, by their number as cells write it; None if there is no such part."""
    if part not in package:
        return {"": "", ABSENT: ""}
    xml = package.small(part)
    if xml is None:
        return None
    texts = _plain_items(xml)
    if texts is None:
        texts = _items(xml)
    if texts is None:
        texts = shared_strings(package, part, Budget(package.caps))
    by_number = dict(zip(_numbers(len(texts)), texts, strict=True))
    by_number[""] = by_number[ABSENT] = ""
    return by_number


def _plain_items(xml: bytes) -> list[str] | None:
    """Take string items apart; None if only the parser can tell what they are."""
    try:
        head, _, body = xml.decode().replace(_SPACED, "<t>").partition(_FIRST)
    except UnicodeDecodeError:
        return None
    body, last, tail = body.rpartition(_LAST)
    if tail or not last or not is_utf_8(xml) or not _is_head(head):
        return None
    texts = body.split(_BETWEEN)
    odd = "<" in body.replace(_BETWEEN, "") or "\0" in body or "\1" in body or forbidden(body)
    if odd:
        return None
    plain = resolved(texts) if "&" in body else texts
    return list(map(decode, plain)) if plain and "_x" in body else plain


def _items(xml: bytes) -> list[str] | None:
    """Take string items apart that may have runs; None if only the parser can tell."""
    try:
        head, _, body = xml.decode().partition("<si>")
    except UnicodeDecodeError:
        return None
    body, last, tail = body.rpartition("</si></sst>")
    if tail or not last or not is_utf_8(xml) or not _is_head(head):
        return None
    texts = []
    for item in body.split("</si><si>"):
        text = _item(item) if len(item) <= _LONGEST_ITEM else None
        if text is None:
            return None
        texts.append(text)
    return texts


@lru_cache(maxsize=4096)
def _item(xml: str) -> str | None:
    """Have the parser read an item; None if it is none, or has more than runs of usual fonts."""
    texts: list[str] = []
    if not _RUNS.fullmatch(xml):
        return None
    try:
        whole = f"<sst><si>{xml}</si></sst>".encode()
        parse_xml("", iter((whole,)), Caps(), TextItems(Caps(), texts.append).attach)
    except UnreadableFile:
        return None
    return texts[0] if len(texts) == 1 else None


@lru_cache(maxsize=256)
def _is_head(text: str) -> bool:
    """Whether the parser takes what stands before the first text."""
    if len(text) > _LONGEST_HEAD or not _HEAD.fullmatch(text):
        return False
    try:
        parse_xml("", iter((text.encode(), b"</sst>")), Caps(), lambda _: None)
    except UnreadableFile:
        return False
    return True


@lru_cache(maxsize=64)
def _numbers(count: int) -> list[str]:
    return list(map(str, range(count)))
