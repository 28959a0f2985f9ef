"""Which agencies a text names: by code, name or former name, never by likeness alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from sheetflow.gathering.positions import normal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sheetflow.model.roster import Agency, Roster

_SHORTEST = 2
"""A name of one character is found in too many texts to say anything."""
_SHORTEST_ENDING = 3
"""An ending of fewer characters is many names' own: 县, 镇, 分局."""
_SUGGESTIONS = 3
_REMEMBERED = 10_000
_SEPARATOR = re.compile(r"[_\s（(]")
"""Between an agency's code and the rest of a file's name."""


class KnownNames:
    """The names of a roster's agencies that file, today's and former ones."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self._named_in: dict[str, frozenset[str]] = {}
        self._named_by_folders: dict[str, frozenset[str]] = {}

    @cached_property
    def _codes(self) -> Mapping[str, tuple[str, ...]]:
        codes: dict[str, tuple[str, ...]] = {}
        for agency in self.roster.agencies:
            if agency.files:
                for name in _names(agency):
                    codes[name] = (*codes.get(name, ()), agency.code)
        return codes

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[str]]:
        """The names by their first two characters; shorter ones are left out."""
        names: dict[str, list[str]] = {}
        for name in self._codes:
            if len(name) >= _SHORTEST:
                names.setdefault(name[:_SHORTEST], []).append(name)
        return names

    @cached_property
    def _by_folded_code(self) -> Mapping[str, str]:
        return {a.code.casefold(): a.code for a in self.roster.agencies if a.files}

    def called(self, name: str) -> frozenset[str]:
        """Give the codes of the agencies of exactly that name; several may share it."""
        return frozenset(self._codes.get(normal(name), ()))

    def named_in(self, text: str) -> frozenset[str]:
        """Give the codes of the agencies whose name stands in a text, but not within a longer."""
        return _recalled(self._named_in, text, self._search)

    def _search(self, text: str) -> frozenset[str]:
        rest, codes = normal(text), frozenset[str]()
        beginnings = {rest[at : at + _SHORTEST] for at in range(len(rest))}
        possible = (name for start in beginnings for name in self._by_beginning.get(start, ()))
        for name in sorted(possible, key=len, reverse=True):
            if name in rest:
                rest = rest.replace(name, "\0")
                codes |= {*self._codes[name]}
        return codes

    def of_file(self, path: str) -> frozenset[str]:
        """Give whom a file's name names: by the code that it begins with, else by names in it.

        Of several agencies of one name, those count that stand below one named by a folder.
        """
        stem = _stem(path)
        head = _SEPARATOR.split(stem, maxsplit=1)[0].casefold()
        if head in self._by_folded_code:
            return frozenset({self._by_folded_code[head]})
        return self._told_apart(self.named_in(stem), path)

    def short_in_file(self, path: str) -> tuple[str, str]:
        """Give the longest beginning of a file's name that ends one agency's name, and its code.

        金井片区（修改）.xlsx is called after 某某区金井片区: no proof, only worth a question.
        """
        stem = normal(_stem(path))
        for end in range(len(stem), _SHORTEST_ENDING - 1, -1):
            codes = self._told_apart(frozenset(self._ending(stem[:end])), path)
            if codes:
                return (stem[:end], next(iter(codes))) if len(codes) == 1 else ("", "")
        return "", ""

    def _ending(self, words: str) -> Iterator[str]:
        turned, names = words[::-1], self._turned
        for at in range(bisect_left(names, (turned, "")), len(names)):
            name, code = names[at]
            if not name.startswith(turned):
                break
            yield code

    @cached_property
    def _turned(self) -> Sequence[tuple[str, str]]:
        """The names from their last character on, in order, each with its code."""
        return sorted((name[::-1], code) for name, codes in self._codes.items() for code in codes)

    def of_folder(self, path: str) -> frozenset[str]:
        """Give whom the nearest folder (or archive) that names anybody names."""
        for folder in reversed(path.split("/")[:-1]):
            codes = self.named_in(folder)
            if codes:
                return codes
        return frozenset()

    def of_cells(self, names: Iterable[str], path: str) -> frozenset[str]:
        """Give whom the names printed in a return name, told apart as those of files are."""
        return self._told_apart(frozenset(c for name in names for c in self.called(name)), path)

    def like(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give codes of agencies with a name like one of these, to ask about, never to assume."""
        close = (get_close_matches(normal(name), self._codes, n=_SUGGESTIONS) for name in names)
        return tuple(dict.fromkeys(c for found in close for n in found for c in self._codes[n]))

    def related(self, one: str, other: str) -> bool:
        """Say whether one of two agencies stands above the other."""
        known = one in self.roster.by_code and other in self.roster.by_code
        return known and (
            other in self.roster.ancestors(one) or one in self.roster.ancestors(other)
        )

    def _told_apart(self, codes: frozenset[str], path: str) -> frozenset[str]:
        if len(codes) < 2:  # noqa: PLR2004
            return codes
        above = _recalled(self._named_by_folders, path.rpartition("/")[0], self._named_by)
        below = frozenset(c for c in codes if not above.isdisjoint(self.roster.ancestors(c)))
        return below or codes

    def _named_by(self, folders: str) -> frozenset[str]:
        """Give the codes of all agencies that the folders of a path name; many files lie there."""
        text = normal("/".join(reversed(folders.split("/"))))
        agencies = self.roster.agencies
        return frozenset(a.code for a in agencies if any(name in text for name in _names(a)))


def _stem(path: str) -> str:
    """Give a file's name without its ending, as pathlib has it, in a tenth of the time."""
    name = path.rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    return stem if stem and ending else name


def _recalled(
    known: dict[str, frozenset[str]], text: str, find: Callable[[str], frozenset[str]]
) -> frozenset[str]:
    """Give what was found for a text before, else find it."""
    if text not in known:
        if len(known) >= _REMEMBERED:
            known.clear()
        known[text] = find(text)
    return known[text]


def _names(agency: Agency) -> tuple[str, ...]:
    return tuple(normal(name) for name in (agency.name, *agency.former_names))
