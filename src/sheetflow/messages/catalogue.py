"""Every finding code that the program itself can give; a form's checks bring their own texts."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.messages import (
    containers,
    decisions,
    definitions,
    files,
    hostile,
    identity,
    plausibility,
    reports,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.messages.text import CatalogueEntry

_FAMILIES = (
    files,
    hostile,
    containers,
    identity,
    values,
    plausibility,
    decisions,
    definitions,
    reports,
)

CATALOGUE: Mapping[str, CatalogueEntry] = MappingProxyType(
    {entry.code: entry for family in _FAMILIES for entry in family.ENTRIES}
)
"""Catalogue entries by code, in the order in which docs/findings.md lists them."""
