"""Marks a template as one agency's, in four carriers, and reads the marks back.

Every client loses one carrier or another (hidden sheet, custom property, defined name, printed
code), so all four say the same token and two of them are enough.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks.workbook import ROWS

if TYPE_CHECKING:
    from sheetflow.workbooks.workbook import Workbook

HIDDEN_SHEET = "_sheetflow"
PROPERTY, MADE_FROM = "sheetflow", "sheetflow_made_from"
"""Custom properties: the token, and the digest that also stands in the hidden sheet."""
NAME = "sheetflow_mark"

_BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TOKEN = re.compile(
    r"(?<![\w.-])"  # tried once a word: else a long text takes its length squared
    r"([\w.-]++):(\w[\w.-]*+):([\w.-]++):(\d{1,6}):([A-Z2-7]{3})",
    re.ASCII,
)


class Mark(NamedTuple):
    """What a token says: the form, the period, the agency, the issue number."""

    form: str
    period: str
    agency: str
    issue: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """Everything in a template that is one agency's own."""

    mark: Mark
    form_digest: str
    agency_name: str
    seal: str
    made_from: str
    """Digest of all that went into the template; another digest calls for a new issue."""

    def rows(self) -> dict[str, str]:
        """Give what the hidden sheet says, by key."""
        mark = self.mark
        return {
            "mark": self.token,
            "form": mark.form,
            "form_digest": self.form_digest,
            "period": mark.period,
            "agency": mark.agency,
            "agency_name": self.agency_name,
            "issue": str(mark.issue),
            "seal": self.seal,
            "made_from": self.made_from,
        }

    @property
    def token(self) -> str:
        """The short text that all four carriers bear."""
        return write_token(self.mark)


def write_token(mark: Mark) -> str:
    """Write a mark with three check characters: `zfxxgk-2021:2024:pt-htp:1:K7A`."""
    text = f"{mark.form}:{mark.period}:{mark.agency}:{mark.issue}"
    return f"{text}:{_check_characters(text)}"


@lru_cache(maxsize=1024)
def find_token(text: str) -> Mark | None:
    """Find a token in a text; one whose check characters are wrong is none."""
    match = _TOKEN.search(text)
    if match is None:
        return None
    form, period, agency, issue, check = match.groups()
    if _check_characters(f"{form}:{period}:{agency}:{issue}") != check:
        return None
    return Mark(form, period, agency, int(issue))


def seal(key: bytes, form_digest: str, mark: Mark) -> str:
    """Seal a mark with the campaign's key (HMAC-SHA256, 32 hexadecimal digits)."""
    text = "\n".join((form_digest, mark.form, mark.period, mark.agency, str(mark.issue)))
    sealing = _sealing(key).copy()
    sealing.update(text.encode())
    return sealing.hexdigest()[:32]


@lru_cache(maxsize=4)
def _sealing(key: bytes) -> hmac.HMAC:
    """Begin a seal: with the key it is the same for all."""
    return hmac.new(key, digestmod="sha256")


def hidden_values(workbook: Workbook) -> dict[str, str]:
    """Give what the hidden sheet says, by key; empty if there is no such sheet."""
    for sheet in workbook.sheets:
        if sheet.name == HIDDEN_SHEET:
            # Of two keys alike the lower one counts that says something.
            texts = dict(sorted(sheet.top(ROWS)))
            return {
                text: texts[row, 1]
                for (row, column), text in texts.items()
                if column == 0 and (row, 1) in texts
            }
    return {}


@lru_cache(maxsize=1024)
def _check_characters(text: str) -> str:
    """Give the first 15 bits of the digest, in base 32 (RFC 4648)."""
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:2]) >> 1
    return _BASE_32[bits >> 10] + _BASE_32[bits >> 5 & 31] + _BASE_32[bits & 31]
