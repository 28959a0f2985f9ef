"""Reads a roster's workbook into rows of text; what a row means is not known here."""

from __future__ import annotations

import io
import warnings
import zipfile

_MOST_ROWS = 200_000


def xlsx_rows(data: bytes) -> list[list[str]]:
    """Give the first sheet's rows as text. ValueError if the bytes are no workbook.

    A whole number that Excel keeps as a number comes as its digits; any other number comes with
    its decimal point, so that whoever expects a code can see that it is none.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy, and most rosters are text
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - the same

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError) as error:
        raise ValueError(str(error)) from error
    sheet = book.worksheets[0]
    return [
        ["" if value is None else str(value) for value in row]
        for row in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ROWS), values_only=True)
    ]
