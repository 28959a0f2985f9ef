"""Names that any system can keep, for files named in the words of a form or a roster."""

from __future__ import annotations

import re

_MOST_BYTES = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


def keepable(name: str) -> str:
    """Give a name without the characters that a system refuses, and not too long for one."""
    name = _UNSAFE.sub("", name).strip(" .")
    while len(name.encode()) > _MOST_BYTES:
        name = name[:-1]
    return name
