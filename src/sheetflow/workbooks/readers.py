"""The list of readers: a format, as `sniff` names it, and the function that reads its bytes.

A reader gives a workbook or raises `UnreadableFile`, and nothing else, whatever the bytes are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sheetflow.workbooks.delimited import read_delimited
from sheetflow.workbooks.ods import read_ods
from sheetflow.workbooks.workbook import Workbook
from sheetflow.workbooks.xls import read_xls
from sheetflow.workbooks.xlsb import read_xlsb
from sheetflow.workbooks.xlsx import read_xlsx

Reader = Callable[[bytes], Workbook]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "xlsx": read_xlsx,
        "xlsb": read_xlsb,
        "xls": read_xls,
        "et": read_xls,
        "ods": read_ods,
        "csv": read_delimited,
    }
)
