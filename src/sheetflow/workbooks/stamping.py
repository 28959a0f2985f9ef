"""Templates built once and stamped: a plate leaves out the agency's texts, a stamp puts them in.

Where a text of the agency's belongs, the workbook is built with a gap, in whatever part. To stamp
is to fill the gaps and to compress anew the parts that have some; the others are copied as they
are, compressed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks.styles import clean_text
from sheetflow.workbooks.zip_assembly import Part, assembled, deflated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheetflow.workbooks.front import Cover
    from sheetflow.workbooks.stamp import Stamp

# Noncharacters, which `clean_text` takes out of all other texts. The spaces make the writer keep
# white space at either end of what will stand there.
_GAP = re.compile(" \ufdd0(.+?)\ufdd1 ".encode())
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")


def gap(name: str) -> str:
    """Give what stands where a text of the agency's will be, named as in `own_texts`."""
    return f" \ufdd0{name}\ufdd1 "


def own_texts(cover: Cover, stamp: Stamp | None) -> dict[str, str]:
    """Give all texts of a template that are one agency's own, by the names of their gaps."""
    texts = {
        "agency_name": cover.agency_name,
        "agency_code": cover.agency_code,
        "issue": f"第 {cover.issue} 次" if cover.agency_code else "",
        "about": f"填报单位：{cover.agency_name}　　　统计年度：{cover.period}年",
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

    def filled(self, texts: Mapping[bytes, bytes]) -> Part:
        """Fill the gaps and compress."""
        pieces = [*self.pieces]
        pieces[1::2] = [texts[name] for name in self.pieces[1::2]]
        return deflated(self.name, b"".join(pieces))


@dataclass(frozen=True, slots=True)
class Plate:
    """The template of a form, a period and a campaign, of which each agency gets an imprint."""

    parts: tuple[Part | GappedPart, ...]

    def stamped(self, texts: Mapping[str, str]) -> bytes:
        """Give the workbook with the texts of one agency, as `own_texts` names them."""
        encoded = {name.encode(): _xml(text) for name, text in texts.items()}
        return assembled(
            part.filled(encoded) if isinstance(part, GappedPart) else part for part in self.parts
        )


def plate_of(parts: Iterable[Part]) -> Plate:
    """Tell the parts of a workbook that have gaps from those that are everybody's."""
    return Plate(tuple(_split(part) for part in parts))


def _split(part: Part) -> Part | GappedPart:
    pieces = _GAP.split(part.content)
    return GappedPart(part.name, tuple(pieces)) if len(pieces) > 1 else part


def _xml(text: str) -> bytes:
    """Write a text as an XML element holds it; `_x0041_` as typed, which readers would resolve."""
    text = _ESCAPED.sub(r"_x005F\g<0>", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "_x000D_").encode()
