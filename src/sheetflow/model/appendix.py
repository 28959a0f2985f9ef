"""Appendices of the report that the office may ask for."""

from __future__ import annotations

from enum import StrEnum


class AppendixKind(StrEnum):
    """What an appendix holds."""

    AGENCIES = "agencies"
    """Who must report, how each one stands, and when its return came in."""
    GROUPS = "groups"
    """The official tables of each county, or what else has agencies below it."""
    CHANGES = "changes"
    """The figures of the whole beside last period's, with the difference and its rate."""
    EXPLANATIONS = "explanations"
    """What agencies explained, query by query, with their reasons."""
    TEXTS = "texts"
    """What the agencies wrote, agency by agency: to write the report's own text from."""
