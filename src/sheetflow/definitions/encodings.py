"""The encodings in which an office's editors save text: known by a mark, else by trying."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import NamedTuple


class Encoding(NamedTuple):
    """How a text is encoded, and the mark that its bytes begin with."""

    name: str
    mark: bytes = b""


_MARKED = (
    Encoding("utf-8", BOM_UTF8),
    Encoding("utf-16-le", BOM_UTF16_LE),  # which Notepad calls Unicode
    Encoding("utf-16-be", BOM_UTF16_BE),
)


def encoding_of(data: bytes) -> Encoding:
    """Give the encoding whose mark a text begins with, else UTF-8; GB18030 if it is not in that."""
    likely = next((each for each in _MARKED if data.startswith(each.mark)), Encoding("utf-8"))
    try:
        data.decode(likely.name)
    except UnicodeDecodeError:
        return Encoding("gb18030")
    return likely


def codecs_of(head: bytes) -> tuple[str, ...]:
    """Name the codecs to try, in order, on a text that begins so; each takes its mark off."""
    is_wide = head.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return ("utf-16",) if is_wide else ("utf-8-sig", "gb18030")


def decode(data: bytes) -> str:
    """Decode what an office's editor wrote; what can't be read shows as U+FFFD."""
    encoding = encoding_of(data)
    return data.removeprefix(encoding.mark).decode(encoding.name, errors="replace")
