"""Templates built once and stamped: a plate leaves out the agency's texts, a stamp puts them in.

Where something of the agency's belongs, the workbook is built with a gap, in whatever part. To
stamp is to fill the gaps and to compress anew the parts in which there are some; the others are
copied as they are, compressed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.period import PeriodKind, parse_period, period_words
from sheetflow.workbooks.styles import clean_text
from sheetflow.workbooks.zip_assembly import Part, assembled, deflated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sheetflow.workbooks.front import Cover
    from sheetflow.workbooks.stamp import Stamp

# Noncharacters, which `clean_text` takes out of all other texts. The spaces make the writer keep
# white space at either end of what will stand there.
_GAP = re.compile(" \ufdd0(.+?)\ufdd1 ".encode())
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
_NOTHING: Mapping[bytes, bytes] = MappingProxyType({})


def gap(name: str) -> str:
    """Give what stands where a text of the agency's will be, named as in `own_texts`."""
    return f" \ufdd0{name}\ufdd1 "


def own_texts(cover: Cover, stamp: Stamp | None) -> dict[str, str]:
    """Give all texts of a template that are one agency's own, by the names of their gaps."""
    period = parse_period(cover.period)
    asked = "统计期" if period and period.kind is not PeriodKind.YEAR else "统计年度"
    texts = {
        "agency_name": cover.agency_name,
        "agency_code": cover.agency_code,
        "issue": f"第 {cover.issue} 次" if cover.agency_code else "",
        "about": f"填报单位：{cover.agency_name}　　　{asked}：{period_words(cover.period)}",
        "printed_code": f"编号 {stamp.token}" if stamp else "空白表样",
    }
    if stamp:
        texts |= {hidden_text(key): value for key, value in stamp.rows().items()}
    return {name: clean_text(text) for name, text in texts.items()}


def hidden_text(key: str) -> str:
    """Name the text that the hidden sheet gives for a key."""
    return f"hidden_{key}"


class GappedPart(NamedTuple):
    """A part with gaps: fixed bytes and the names of gaps, by turns."""

    name: str
    pieces: tuple[bytes, ...]
    unfilled: Part | None
    """What it is if nothing is given for its gaps; None: something must be."""

    def filled(self, given: Mapping[bytes, bytes], standing: Mapping[bytes, bytes]) -> Part:
        """Fill the gaps and compress."""
        names = self.pieces[1::2]
        if self.unfilled and given.keys().isdisjoint(names):
            return self.unfilled
        pieces = [*self.pieces]
        pieces[1::2] = [given[name] if name in given else standing[name] for name in names]
        return deflated(self.name, b"".join(pieces))


@dataclass(frozen=True, slots=True)
class Plate:
    """The template of a form, a period and a campaign, of which each agency gets an imprint."""

    parts: tuple[Part | GappedPart, ...]
    standing: Mapping[bytes, bytes]
    """What stands in a gap for which nothing is given, by the gap's name."""

    def stamped(self, texts: Mapping[str, str]) -> bytes:
        """Give the workbook with the texts of one agency, as `own_texts` names them."""
        return self.filled(encoded(texts))

    def filled(self, given: Mapping[bytes, bytes], without: Collection[str] = ()) -> bytes:
        """Give the workbook with its gaps filled, without some parts."""
        return assembled(
            part.filled(given, self.standing) if isinstance(part, GappedPart) else part
            for part in self.parts
            if part.name not in without
        )


def plate_of(parts: Iterable[Part], standing: Mapping[bytes, bytes] = _NOTHING) -> Plate:
    """Tell the parts of a workbook that have gaps from those that are everybody's."""
    return Plate(tuple(_split(part, standing) for part in parts), standing)


def _split(part: Part, standing: Mapping[bytes, bytes]) -> Part | GappedPart:
    pieces = _GAP.split(part.content)
    if len(pieces) == 1:
        return part
    gapped = GappedPart(part.name, tuple(pieces), None)
    if standing.keys() >= {*pieces[1::2]}:
        return gapped._replace(unfilled=gapped.filled({}, standing))
    return gapped


def encoded(texts: Mapping[str, str]) -> dict[bytes, bytes]:
    """Give texts as XML has them, by the names of their gaps."""
    return {name.encode(): xml_text(text) for name, text in texts.items()}


def xml_text(text: str) -> bytes:
    """Write a text as an XML element holds it."""
    return escaped(text).encode()


def escaped(text: str) -> str:
    """Escape a text for an XML element; `_x0041_` as typed, which readers would resolve."""
    if "_x" in text:
        text = _ESCAPED.sub(r"_x005F\g<0>", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "_x000D_")
