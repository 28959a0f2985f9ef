"""Who is expected to answer: the tree of agencies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP_KIND = "group"
"""The kind of a row that files nothing itself and only adds its children (汇总)."""

ALL = "all"
"""The group of everybody."""


class Agency(NamedTuple):
    """填报单位: a stable code, a name that may change, the agency above, a kind."""

    code: str
    name: str
    parent: str = ""
    kind: str = ""
    contact: str = ""
    former_names: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    """Codes of the last period whose figures this agency's follow on, besides its own."""

    @property
    def files(self) -> bool:
        """Whether the agency sends a return of its own."""
        return self.kind != GROUP_KIND


@dataclass(frozen=True)
class Roster:
    """名录: the agencies in the office's order, a tree by `parent`."""

    agencies: tuple[Agency, ...]

    @cached_property
    def by_code(self) -> dict[str, Agency]:
        """Agencies by code."""
        return {agency.code: agency for agency in self.agencies}

    @cached_property
    def _children(self) -> dict[str, list[Agency]]:
        children: dict[str, list[Agency]] = {}
        for agency in self.agencies:
            children.setdefault(agency.parent, []).append(agency)
        return children

    def children(self, code: str) -> tuple[Agency, ...]:
        """Give the agencies directly under one; under "" stand those directly under the whole."""
        return tuple(self._children.get(code, ()))

    def subtree(self, code: str) -> Iterator[Agency]:
        """Give an agency and all below it, each before its children; "" walks the whole tree."""
        stack = [self.by_code[code]] if code else list(reversed(self.children("")))
        while stack:
            agency = stack.pop()
            yield agency
            stack.extend(reversed(self.children(agency.code)))

    def ancestors(self, code: str) -> Iterator[str]:
        """Give the codes above an agency, nearest first."""
        parent = self.by_code[code].parent
        while parent:
            yield parent
            parent = self.by_code[parent].parent

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of agencies that file, in order of first appearance."""
        return tuple(dict.fromkeys(a.kind for a in self.agencies if a.files and a.kind))

    def members(self, group: str) -> tuple[Agency, ...]:
        """Give the agencies of a group (`all`, a row's code, `kind:<kind>`) that must file.

        KeyError if there is no such group.
        """
        if group == ALL:
            agencies = self.subtree("")
        elif group.startswith("kind:"):
            kind = group.removeprefix("kind:")
            if kind not in self.kinds:
                raise KeyError(group)
            agencies = (agency for agency in self.subtree("") if agency.kind == kind)
        else:
            agencies = self.subtree(group)
        return tuple(agency for agency in agencies if agency.files)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Every group with an aggregate of its own: all, agencies with children, kinds."""
        parents = (a.code for a in self.subtree("") if self.children(a.code))
        return (ALL, *parents, *(f"kind:{kind}" for kind in self.kinds))

    def group_name(self, group: str) -> str:
        """Name a group in words: an agency's name, or the kind; empty for `all`."""
        if group == ALL:
            return ""
        return group.removeprefix("kind:") if ":" in group else self.by_code[group].name
