"""Every finding code that the program itself can give; a form's checks bring their own texts."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.messages import containers, decisions, definitions, files, identity, reports, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.messages.text import CatalogueEntry

CATALOGUE: Mapping[str, CatalogueEntry] = MappingProxyType(
    {
        entry.code: entry
        for family in (files, containers, identity, values, decisions, definitions, reports)
        for entry in family.ENTRIES
    }
)
"""Catalogue entries by code, in the order in which docs/findings.md lists them."""
