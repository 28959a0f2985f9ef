"""A table of texts, as the report's appendices and registers have it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListingView:
    """A table of texts; widths in hundredths of the page's."""

    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    is_small: bool = False
    """Whether it is set in small type: it has many columns."""
