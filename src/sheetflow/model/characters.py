"""Characters of a text in one form, half and full width alike."""

from __future__ import annotations

import unicodedata

_USUAL = tuple(zip("，；：（）！？\u3000", ",;:()!? ", strict=True))
"""What nearly every Chinese text has of what Unicode writes otherwise in this form."""


def nfkc(text: str) -> str:
    """Give a text in the form NFKC of Unicode (UAX 15).

    With the usual characters replaced most texts are in that form, which Unicode's tables tell in a
    twentieth of the time that they take to bring one into it.
    """
    for full, half in _USUAL:
        text = text.replace(full, half)
    return unicodedata.normalize("NFKC", text)
