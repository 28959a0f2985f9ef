"""Entries of an archive's directory, and its members' own headers, unpacked all at once.

Archives of one make differ in checksums, sizes and offsets alone. Where all lengths are as in one
that was walked entry by entry, each field of all entries makes a column, which is held against what
it must be. What is otherwise is left to be walked: nothing is guessed.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

DirectoryEntry = tuple[bytes, int, int, int, int, int]
"""Name, flags, method, CRC, stored size, header's offset; a bare tuple, there are so many."""
HEADER, ENTRY = b"PK\x03\x04", b"PK\x01\x02"
ENTRY_SIZE, HEADER_SIZE = 46, 30  # without the name and what follows it
IN_EXTRA = 0xFFFFFFFF  # the real number stands in the extra field
# flags, method, CRC, stored size, size, lengths of name, extra and comment, header's offset
_ENTRY, _IN_ENTRY = "4s4xHH4xIIIHHH8xI%ds", 11
_HEADER, _IN_HEADER = "4s2xHH16xHH%ds", 6  # flags, method, lengths of name and extra
_MOST = 64
_lengths: dict[int, tuple[int, ...]] = {}
"""Of the names in directories that were walked and hold nothing behind names, by their size."""


def learn(directory: bytes, entries: Sequence[DirectoryEntry]) -> None:
    """Note the lengths in a directory that was walked."""
    lengths = tuple(len(name) for name, *_ in entries)
    if len(directory) == ENTRY_SIZE * len(lengths) + sum(lengths):
        if len(_lengths) >= _MOST:
            _lengths.clear()
        _lengths[len(directory)] = lengths


def entries_alike(directory: bytes) -> list[DirectoryEntry] | None:
    """Give the entries of a directory whose lengths are those of one that was walked."""
    lengths = _lengths.get(len(directory))
    if not lengths:
        return None
    marks, flags, methods, checksums, stored, sizes, *given, headers, names = _columns(
        _ENTRY, _IN_ENTRY, lengths, directory
    )
    nothing = (0,) * len(lengths)
    is_alike = given == [lengths, nothing, nothing] and set(marks) == {ENTRY}
    if not is_alike or any(IN_EXTRA in column for column in (stored, sizes, headers)):
        return None
    return list(zip(names, flags, methods, checksums, stored, headers, strict=True))


def starts(data: bytes, entries: Sequence[DirectoryEntry]) -> list[int] | None:
    """Give where each member's bytes begin; None if one's header does not repeat its entry."""
    names, flags, methods, _, _, offsets = zip(*entries, strict=True)
    ends = [at + HEADER_SIZE + len(name) for at, name in zip(offsets, names, strict=True)]
    headers = b"".join([data[at:end] for at, end in zip(offsets, ends, strict=True)])
    lengths = tuple(map(len, names))
    if len(headers) != HEADER_SIZE * len(lengths) + sum(lengths):
        return None
    marks, *said, extra, said_names = _columns(_HEADER, _IN_HEADER, lengths, headers)
    if set(marks) != {HEADER} or (*said, said_names) != (flags, methods, lengths, names):
        return None
    return [end + length for end, length in zip(ends, extra, strict=True)]


def _columns(form: str, count: int, lengths: tuple[int, ...], data: bytes) -> list[Any]:
    """Unpack records of so many fields, whose names are so long."""
    values = _fields(form, lengths).unpack(data)
    return [values[at::count] for at in range(count)]


@lru_cache(maxsize=_MOST)
def _fields(form: str, lengths: tuple[int, ...]) -> Struct:
    return Struct("<" + "".join(form % length for length in lengths))
