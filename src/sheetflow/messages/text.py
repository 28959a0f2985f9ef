"""A text in the two languages that sheetflow speaks."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """The language of messages; what agencies see is always Chinese."""

    ZH = "zh"
    EN = "en"


class Text(NamedTuple):
    """The same sentence in Chinese and English; `{name}` marks where a fact goes."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """Give the text in one language."""
        return self.en if language is Language.EN else self.zh


class CatalogueEntry(NamedTuple):
    """What a finding code means: shown by `explain CODE` and in docs/findings.md."""

    code: str
    title: Text
    message: Text
    """One sentence about one finding, with the finding's facts filled in."""
    why: Text
    remedy: Text
    example: Text
    ask: str = ""
    """What the agency is asked to do, in Chinese, where the remedy speaks to the office."""
