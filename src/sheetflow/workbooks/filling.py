"""Fills a template as a person would, by way of openpyxl: for the demo and the tests."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.model.cells import Place


def fill(template: bytes, values: Mapping[Place, int | float | str | None]) -> bytes:
    """Put values into a template's cells; None empties a cell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(template))
    for place, value in values.items():
        book[place.sheet][place.address].value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
