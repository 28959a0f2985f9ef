"""Every finding code that the program itself can give; a form's checks bring their own texts."""

from __future__ import annotations

from functools import cache
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
from sheetflow.messages.periods import in_period_words
from sheetflow.messages.text import CatalogueEntry, Text
from sheetflow.model.period import PeriodKind

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@cache
def catalogue(kind: PeriodKind) -> Mapping[str, CatalogueEntry]:
    """Give entries by code, in the words of forms whose periods are of a kind (上年, 上季度)."""
    entries = (entry for family in _FAMILIES for entry in family.ENTRIES)
    return MappingProxyType({entry.code: _in_words(entry, kind) for entry in entries})


def _in_words(entry: CatalogueEntry, kind: PeriodKind) -> CatalogueEntry:
    def said(text: Text) -> Text:
        return Text(in_period_words(text.zh, kind), in_period_words(text.en, kind))

    return entry._replace(
        title=said(entry.title),
        message=said(entry.message),
        why=said(entry.why),
        remedy=said(entry.remedy),
        example=said(entry.example),
        ask=in_period_words(entry.ask, kind),
    )


CATALOGUE = catalogue(PeriodKind.YEAR)
"""Entries by code, in the order in which docs/findings.md lists them."""
