"""Reads a workbook of the office into rows of text; what a row means is not known here."""

from __future__ import annotations

import io
import warnings


def xlsx_rows(data: bytes) -> list[list[str]]:
    """Give the first sheet's rows as text. ValueError if the bytes are no workbook.

    A whole number that Excel keeps as a number comes as its digits; any other number comes with
    its decimal point, so that whoever expects a code can see that it is none.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy, and most rosters are text

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise ValueError(str(error)) from error
    rows = [
        ["" if value is None else str(value) for value in row]
        for row in sheet.iter_rows(values_only=True)
    ]
    while rows and not any(rows[-1]):  # a format far below makes many empty rows
        rows.pop()
    return rows
