"""How very much is cut: by the agencies right under the whole that have others below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.model.roster import Roster

OTHERS = "其他单位"
"""Those directly under the whole, where others have a region between."""


def region_of(roster: Roster) -> Mapping[str, str]:
    """Say of every agency in which region it is, by its code, or that it is one of `OTHERS`."""
    return {
        agency.code: top.code if roster.children(top.code) else OTHERS
        for top in roster.children("")
        for agency in roster.subtree(top.code)
    }
