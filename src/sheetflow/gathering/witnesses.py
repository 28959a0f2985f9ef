"""What says whose a workbook is: its four marks, and what its cells and its file's name say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.gathering.periods import said_periods
from sheetflow.model.period import PeriodKind
from sheetflow.workbooks.stamp import (
    HIDDEN_SHEET,
    NAME,
    PROPERTY,
    Mark,
    find_token,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.workbooks.workbook import Workbook

_HEAD_ROWS = 8
"""Printed codes and names stand in the head of a sheet; inserted rows may move them a little."""
_LONGEST = 400
"""No text longer than this bears a token or a name."""
_MOST_SILENT = 4_096
_AGENCY = re.compile(
    r"(?:填报|填表|报送|编报|编制)单位(?:名称)?[（(盖章)）]*[ 　]*[:：][ 　]*"
    r"(\S.*?)[ 　]*(?:　　|统计年度|统计期|$)"
)
_AGENCY_LABEL = re.compile(r"(?:(?:填报|填表|报送|编报|编制)单位|单位名称)[:：]?")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})[ 　]*年")
_STATED_YEAR = re.compile(rf"统计年度[ 　]*[:：][ 　]*{_YEAR.pattern}")
_STATED = re.compile("统计(?:年度|期间?)[ 　]*[:：]")


class Witness(StrEnum):
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
    periods: frozenset[str]
    """Those that it is said to be for; if nothing says that, all that are named."""


def printed(workbook: Workbook, kind: PeriodKind) -> Printed:
    """Read the heads of all sheets but the hidden one.

    Of a yearly form every year that is named may be its period, be it a day's.
    """
    sheets = [sheet for sheet in workbook.sheets if sheet.name != HIDDEN_SHEET]
    heads = [sheet.head_texts(_HEAD_ROWS) for sheet in sheets]
    labels: set[str] = set()
    texts = set[str]().union(*heads) - _silent[kind]
    said: list[_Head] = []
    for text in texts:
        head = _head(text, kind)
        if head is None:
            _note_silent(text, kind)
            continue
        said.append(head)
        if head.is_label:
            labels.add(text)
    names = {head.name for head in said if head.name}
    bearing = (sheet for sheet, texts in zip(sheets, heads, strict=True) if labels & texts)
    for sheet in bearing:
        for (row, column), text in sheet.top(_HEAD_ROWS):
            if text in labels:
                beside = sheet.cells.get((row, column + 1))
                if beside and beside.text.strip() and len(beside.text) <= _LONGEST:
                    names.add(beside.text.strip())
    stated = frozenset(period for head in said for period in head.stated)
    return Printed(
        frozenset(head.mark for head in said if head.mark),
        frozenset(names),
        stated or frozenset(period for head in said for period in head.periods),
    )


def marks(workbook: Workbook, heads: Printed, hidden: Mapping[str, str]) -> Mapping[Witness, Mark]:
    """Give the mark that each carrier bears; sheets that print different ones bear none."""
    said = {
        Witness.HIDDEN_SHEET: _mark(hidden.get("mark", "")),
        Witness.PROPERTY: _mark(workbook.properties.get(PROPERTY, "")),
        Witness.NAME: _mark(workbook.names.get(NAME, "")),
        Witness.PRINTED: next(iter(heads.marks)) if len(heads.marks) == 1 else None,
    }
    return {witness: mark for witness, mark in said.items() if mark}


def _mark(text: str) -> Mark | None:
    return find_token(text) if len(text) <= _LONGEST else None


class _Head(NamedTuple):
    """What a text in the head of a sheet says."""

    mark: Mark | None
    periods: tuple[str, ...]
    stated: tuple[str, ...]
    """The periods for which it says that the return is."""
    name: str
    """The agency's, after 填报单位：."""
    is_label: bool
    """Whether the agency's name stands in the cell beside it."""


_silent: dict[PeriodKind, set[str]] = {kind: set() for kind in PeriodKind}
"""Texts that say nothing, as most do, and that were met before; of which form, by its periods."""


def _note_silent(text: str, kind: PeriodKind) -> None:
    if len(_silent[kind]) >= _MOST_SILENT:
        _silent[kind].clear()
    if len(text) <= _LONGEST:
        _silent[kind].add(text)


@lru_cache(maxsize=64)
def _head(text: str, kind: PeriodKind) -> _Head | None:
    """Say what a text says; None if it is like most: nothing."""
    if len(text) > _LONGEST:
        return None
    is_about = "单位" in text  # to look for a sign first takes a tenth of the time
    stated = _AGENCY.search(text) if is_about else None
    head = _Head(
        find_token(text) if ":" in text else None,
        *(_periods(text, kind) if "年" in text else ((), ())),
        stated[1] if stated else "",
        is_label=is_about and not stated and bool(_AGENCY_LABEL.fullmatch(text.strip())),
    )
    return head if any(head) else None


def _periods(text: str, kind: PeriodKind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the periods that a text names, and those for which it says that the return is."""
    if kind is PeriodKind.YEAR:
        return tuple(_YEAR.findall(text)), tuple(_STATED_YEAR.findall(text))
    named = tuple(map(str, said_periods(text)))
    return named, named if _STATED.search(text) else ()
