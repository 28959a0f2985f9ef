"""Texts of several agencies that say nearly the same, so that the office reads each but once.

Alike are texts that share most of their runs of four characters (Jaccard's index), white space,
marks and figures aside. Only texts that share one of their smallest hashes are compared, so that a
thousand texts take a second (Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from sheetflow.checks.plausibility import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_RUN, _HASHES = 4, 12
_ALIKE = 0.7
_SHORTEST = 20
"""Characters: of shorter texts likeness says nothing."""


def first_alike(texts: Mapping[str, str]) -> dict[str, str]:
    """Give for each text that is like an earlier one the key of the first that it is like."""
    found: dict[str, str] = {}
    runs: dict[str, frozenset[int]] = {}
    by_hash: dict[int, list[str]] = {}
    for key, text in texts.items():
        words = words_of(text)
        if len(words) < _SHORTEST:
            continue
        own = _runs(words)
        smallest = sorted(own)[:_HASHES]
        met = dict.fromkeys(other for each in smallest for other in by_hash.get(each, ()))
        alike = next((other for other in met if _likeness(own, runs[other]) >= _ALIKE), None)
        if alike:
            found[key] = alike
            continue
        runs[key] = own
        for each in smallest:
            by_hash.setdefault(each, []).append(key)
    return found


def _runs(words: str) -> frozenset[int]:
    starts = range(len(words) - _RUN + 1)
    return frozenset(crc32(words[start : start + _RUN].encode()) for start in starts)


def _likeness(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)
