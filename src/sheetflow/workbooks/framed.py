"""Reads sheets that have frames: what most returns are made of, filled in on one template."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.workbooks.frames import DECLARATIONS, Family, forbidden
from sheetflow.workbooks.limits import Budget
from sheetflow.workbooks.number_formats import read_styles
from sheetflow.workbooks.ooxml_properties import target
from sheetflow.workbooks.strings import decode, shared_strings
from sheetflow.workbooks.workbook import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheetflow.workbooks.package import Package, Relation

_LARGEST = 4 << 20
"""Bytes of all sheets together: so few can't reach a cap."""
_ITEM = re.compile(
    rb'<si><t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr [^<>]*/>)?</si>'
)
_HEAD = re.compile(rb"<\?xml [^<>]*\?>\s*<sst [^<>]*>")
_FOREIGN_ENTITY = re.compile("&(?!(?:lt|gt|quot|apos|amp);)")


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
        xml = package.small(relation.target) if relation and relation.type == "worksheet" else None
        cells = family.cells(xml, strings) if xml else None
        size += len(xml or b"")
        if cells is None or size > _LARGEST:
            return None
        sheets.append(Sheet(name, state, cells, cells.frame.protected, cells.frame.validated))
    return sheets


def _family(package: Package, part: str) -> Family:
    return Family(read_styles(package, part))


def _strings(package: Package, part: str) -> Mapping[str, str] | None:
    """Read the shared strings, by their number as cells write it; None if there is no such part."""
    xml = package.small(part)
    if xml is None:
        return None
    between = _ITEM.split(xml)
    texts = [_text(item) for item in between[1::2]]
    plain = _HEAD.fullmatch(between[0]) and between[0].startswith(DECLARATIONS)
    if not plain or between[-1] != b"</sst>" or any(between[2:-1:2]) or None in texts:
        listed: Iterable[str | None] = shared_strings(package, part, Budget(package.caps))
    else:
        listed = texts
    return {str(number): text for number, text in enumerate(listed) if text is not None}


@lru_cache(maxsize=4096)
def _text(item: bytes) -> str | None:
    """Decode a string item; None if only a parser can say what it is."""
    try:
        text = item.decode()
    except UnicodeDecodeError:
        return None
    if "&" in text:
        if _FOREIGN_ENTITY.search(text):
            return None
        for entity, character in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'")):
            text = text.replace(f"&{entity};", character)
        text = text.replace("&amp;", "&")
    return None if forbidden(text) else decode(text)
