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


def or_waived(remedy: Text) -> Text:
    """Add to the remedy of a file's fault what to do where the file is no longer needed."""
    return Text(
        f"{remedy.zh}不再需要的文件（如单位已重报），可移出 returns，"
        "或用 sheetflow decide waive 文件 编号 豁免。",
        f"{remedy.en} A file that is no longer needed, since the agency sent another, may be moved "
        "out of returns/ or waived: sheetflow decide waive FILE CODE.",
    )


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
