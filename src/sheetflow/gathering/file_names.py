"""Names as people meet them: decoded, printable, apart from each other, and never a way out."""

from __future__ import annotations

import os
import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath

_FIRST_LONG = "\u0800"  # from here on UTF-8 needs three bytes, as it does for Chinese
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST = 500  # characters: a forged archive can hold thousands of names of 64 KB
_NAMELESS = "_"

_LOCKS = ("~$", ".~")  # Office writes the first, LibreOffice and WPS the second
_SYSTEM = frozenset(
    {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "__macosx", "$recycle.bin"}
)
_UNFINISHED = (".tmp", ".crdownload", ".part", ".partial", ".download", ".downloading", ".xltd")


@lru_cache(maxsize=1024)
def nuisance(name: str) -> str:
    """Say why no return has such a name, as a term; "" if one may."""
    name = name.lower()
    if name.startswith(_LOCKS):
        return "office_lock"
    if name in _SYSTEM:
        return "system_file"
    if name.startswith("."):
        return "hidden_file"
    return "unfinished_download" if name.endswith(_UNFINISHED) else ""


def decode_name(raw: bytes) -> str:
    """Decode a name that does not say its encoding: UTF-8 as on a Mac, else GB18030.

    GBK bytes can pass as UTF-8, but hardly ever as the three-byte UTF-8 that Chinese has.
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            name = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if raw.isascii() or encoding != "utf-8" or max(name) >= _FIRST_LONG:
            return name
    return "".join(chr(byte) if byte < 0x80 else f"<{byte:02X}>" for byte in raw)  # noqa: PLR2004 - ASCII


def shown_name(name: str) -> str:
    """Show a name from the disk, where bytes that are no UTF-8 come as lone surrogates."""
    if os.name == "posix" and not name.isascii():
        try:
            name.encode()
        except UnicodeEncodeError:
            name = decode_name(os.fsencode(name))
    return printable(name)


def printable(name: str) -> str:
    """Write what can't be seen, or turns the writing round, as `<U+202E>`."""
    if name.isprintable():  # then it has none of these
        return name
    return "".join(
        f"<U+{ord(char):04X}>" if unicodedata.category(char) in _INVISIBLE else char
        for char in name
    )


def member_path(name: str) -> str:
    r"""Give the path that a container's name stands for: `/` for `\`, and only ever downwards."""
    if len(name) > 2 * _LONGEST:
        name = name[:_LONGEST] + name[-_LONGEST:]
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", "."}]
    harmless = ("<..>" if part == ".." else part.replace(":", "：") for part in parts)
    path = printable("/".join(harmless)) or _NAMELESS
    if len(path) > _LONGEST:
        path = f"{path[: _LONGEST // 2]}…{path[-_LONGEST // 2 :]}"
    return path


class Apart:
    """Keeps names apart: one that shows like an earlier one gets a number, as in `表（2）.xlsx`."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        """Give the name, or the first numbered one that is free."""
        key = unicodedata.normalize("NFC", name)
        number = self._next.get(key, 1)
        free = name
        while number > 1 and unicodedata.normalize("NFC", free) in self._next:
            last = PurePosixPath(name).name
            stem, dot, suffix = last.rpartition(".")
            numbered = f"{stem}（{number}）{dot}{suffix}" if stem else f"{last}（{number}）"
            free = name.removesuffix(last) + numbered
            number += 1
        self._next[key] = max(number, 2)
        self._next.setdefault(unicodedata.normalize("NFC", free), 2)
        return free
