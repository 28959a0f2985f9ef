"""What says whose a workbook is: its four marks, and what its cells and its file's name say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sheetflow.workbooks.stamp import (
    HIDDEN_SHEET,
    NAME,
    PROPERTY,
    Mark,
    find_token,
    hidden_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheetflow.workbooks.workbook import Sheet, Workbook

_HEAD_ROWS = 8
"""Printed codes and names stand in the head of a sheet; inserted rows may move them a little."""
_LONGEST = 400
"""No text longer than this bears a token or a name."""
_AGENCY = re.compile(
    r"(?:填报|填表|报送|编报|编制)单位(?:名称)?[（(盖章)）]*[ 　]*[:：][ 　]*"
    r"(\S.*?)[ 　]*(?:　　|统计年度|$)"
)
_AGENCY_LABEL = re.compile(r"(?:(?:填报|填表|报送|编报|编制)单位|单位名称)[:：]?")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})[ 　]*年")


class Source(StrEnum):
    """Where it is said whose a return is."""

    HIDDEN_SHEET = "隐藏工作表"
    PROPERTY = "文档属性"
    NAME = "定义名称"
    PRINTED = "印刷编号"
    CELL = "表内单位名称"
    FILE = "文件名"
    FOLDER = "文件夹名"


@dataclass(frozen=True, slots=True)
class Printed:
    """What the heads of a workbook's sheets say in print."""

    marks: frozenset[Mark]
    names: frozenset[str]
    years: frozenset[str]


def printed(workbook: Workbook) -> Printed:
    """Read the heads of all sheets but the hidden one."""
    marks: set[Mark] = set()
    names: set[str] = set()
    years: set[str] = set()
    for sheet in workbook.sheets:
        if sheet.name == HIDDEN_SHEET:
            continue
        names.update(_names(sheet))
        for text in _head_texts(sheet):
            mark = find_token(text)
            if mark:
                marks.add(mark)
            years.update(_YEAR.findall(text))
    return Printed(frozenset(marks), frozenset(names), frozenset(years))


def marks(workbook: Workbook, heads: Printed) -> Mapping[Source, Mark]:
    """Give the mark that each carrier bears; sheets that print different ones bear none."""
    said = {
        Source.HIDDEN_SHEET: _mark(hidden_values(workbook).get("mark", "")),
        Source.PROPERTY: _mark(workbook.properties.get(PROPERTY, "")),
        Source.NAME: _mark(workbook.names.get(NAME, "")),
        Source.PRINTED: next(iter(heads.marks)) if len(heads.marks) == 1 else None,
    }
    return {source: mark for source, mark in said.items() if mark}


def _mark(text: str) -> Mark | None:
    return find_token(text) if len(text) <= _LONGEST else None


def _head_texts(sheet: Sheet) -> Iterator[str]:
    for _, cell in sheet.top(_HEAD_ROWS):
        if len(cell.text) <= _LONGEST:
            yield cell.text


def _names(sheet: Sheet) -> Iterator[str]:
    """Give the agency names printed on a sheet: after 填报单位：, or in the cell beside it."""
    for (row, column), cell in sheet.top(_HEAD_ROWS):
        if len(cell.text) > _LONGEST:
            continue
        stated = _AGENCY.search(cell.text)
        if stated:
            yield stated[1]
        elif _AGENCY_LABEL.fullmatch(cell.text.strip()):
            beside = sheet.cells.get((row, column + 1))
            if beside and beside.text.strip() and len(beside.text) <= _LONGEST:
                yield beside.text.strip()
