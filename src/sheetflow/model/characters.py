"""Texts in another form: half and full width alike, shortened; what was made of them before."""

from __future__ import annotations

import unicodedata
from functools import lru_cache, wraps
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_USUAL = tuple(zip("，；：（）！？\u3000", ",;:()!? ", strict=True))
"""What nearly every Chinese text has of what Unicode writes otherwise in this form."""
_MOST, _LONGEST = 4_096, 200
"""Texts that are kept, and characters of one: labels come again, what agencies write does not."""


def nfkc(text: str) -> str:
    """Give a text in the form NFKC of Unicode (UAX 15).

    With the usual characters replaced most texts are in that form, which Unicode's tables tell in a
    twentieth of the time that they take to bring one into it.
    """
    for full, half in _USUAL:
        text = text.replace(full, half)
    return unicodedata.normalize("NFKC", text)


def shortened(text: str, most: int) -> str:
    """Give a text, or if it is longer than so many characters its beginning."""
    return text if len(text) <= most else f"{text[:most]}…"


def some_of(texts: Iterable[str], most: int) -> str:
    """List texts in Chinese, of more than so many the first."""
    shown = list(islice(texts, most + 1))
    return "、".join(shown[:most]) + ("…" if len(shown) > most else "")


def short_ones_kept(form: Callable[[str], str]) -> Callable[[str], str]:
    """Keep what is made of short texts; a long one may be a megabyte, and few come again."""
    known = lru_cache(maxsize=_MOST)(form)

    @wraps(form)
    def formed(text: str) -> str:
        return known(text) if len(text) <= _LONGEST else form(text)

    return formed
