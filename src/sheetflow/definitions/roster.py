"""Reads the roster from rows of text, wherever they stood: codes are names, never numbers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import deque
from contextlib import suppress
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.definitions.encodings import encoding_of
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.roster import ALL, GROUP_KIND, Agency, Roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_HEADINGS = {
    "代码": "code",
    "名称": "name",
    "上级": "parent",
    "类别": "kind",
    "联系人": "contact",
    "曾用名": "former_names",
    "前身": "predecessors",
}
_COLUMNS = {english: f"{chinese}/{english}" for chinese, english in _HEADINGS.items()}
_REQUIRED = ("code", "name")
_GROUP_WORDS = ("汇总", GROUP_KIND)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
_SPREADSHEET_NUMBER = re.compile(r"[0-9]+\.0+|[0-9]+(\.[0-9]+)?[eE]-?[0-9]+")
_BETWEEN_NAMES = re.compile(r"[；;、]")
_SHOWN = 60
"""How much of a heading that is none is quoted."""
_INVISIBLE = frozenset(("Cc", "Cf", "Zl", "Zp"))

SAMPLE_ROSTER = """\
代码,名称,上级,类别,联系人,曾用名,前身
sl-zfb,示例市人民政府办公室,,部门,,,
sl-fgw,示例市发展和改革委员会,,部门,,,
sl-mzj,示例市民政局,,部门,,,
sl-scj,示例市市场监督管理局,,部门,,示例市工商行政管理局；示例市质量技术监督局,
sl-dx,示例东县,,汇总,,,
sl-dx-zfb,示例东县人民政府办公室,sl-dx,县级部门,,,
sl-dx-cgz,示例东县城关镇人民政府,sl-dx,乡镇,,,
sl-xx,示例西县,,县区,,,
"""
"""What `init` writes where no roster is given: departments, a county of two, a plain one."""


class _Row(NamedTuple):
    number: int
    agency: Agency


def csv_rows(data: bytes) -> list[list[str]]:
    """Read csv in any of an office's encodings, a list for each row; none where it is in none."""
    return list(each_csv_row(data))


def each_csv_row(data: bytes) -> Iterator[list[str]]:
    """Read csv as `csv_rows` does, row by row: a nation's roster is long."""
    encoding = encoding_of(data)
    text = data.removeprefix(encoding.mark)
    with suppress(csv.Error, UnicodeDecodeError):
        deque(_reader(text, encoding.name), maxlen=0)  # nothing is read of what is damaged
        yield from _reader(text, encoding.name)


def _reader(text: bytes, encoding: str) -> Iterator[list[str]]:
    return csv.reader(io.TextIOWrapper(io.BytesIO(text), encoding, newline=""))


def load_roster(rows: Iterable[Sequence[str]], file: str) -> Outcome[Roster]:
    """Read a roster whose first row that is not blank names the columns.

    Numbers come as the spreadsheet shows or stores them (430424.0), so that a code that has become
    one is seen, and named. Agencies that nothing but their code tells apart are a query.
    """
    filled = (
        (number, cleaned)
        for number, row in enumerate(rows, 1)
        if any(cleaned := [clean(text) for text in row])
    )
    head, headings = next(filled, (0, []))
    if not headings:
        return Outcome(None, (_fault("S17", file, 0),))
    names = [_HEADINGS.get(text, text.casefold()) for text in headings]
    faults = list(_heading_faults(names, headings, file, head))
    if faults:
        return Outcome(None, tuple(faults))
    read = [_Row(number, _agency(dict(zip(names, row, strict=False)))) for number, row in filled]
    faults = sorted(_faults(read, file), key=_line)
    if faults or not any(row.agency.files for row in read):
        return Outcome(None, tuple(faults) or (_fault("S17", file, head),))
    return Outcome(Roster(tuple(row.agency for row in read)), tuple(_namesakes(read, file)))


def clean(text: str) -> str:
    """Take away invisible characters, and white space at either end."""
    if text.isprintable():  # no control or format character, no separator but the plain space
        return text.strip()
    return "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE).strip()


def _agency(row: Mapping[str, str]) -> Agency:
    given = row.get
    return Agency(
        given("code", ""),
        given("name", ""),
        intern(given("parent", "")),  # many agencies have the same
        _kind(given("kind", "")),
        given("contact", ""),
        _listed(given("former_names", "")),
        _listed(given("predecessors", "")),
    )


@lru_cache(maxsize=256)
def _kind(text: str) -> str:
    return GROUP_KIND if text.casefold() in _GROUP_WORDS else intern(text)


def _listed(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    return tuple(part.strip() for part in _BETWEEN_NAMES.split(text) if part.strip())


def _heading_faults(
    names: Sequence[str], headings: Sequence[str], file: str, line: int
) -> Iterator[Finding]:
    found = "、".join(filter(None, headings))[:_SHOWN]
    for name, shown in _COLUMNS.items():
        if name in _REQUIRED and name not in names:
            yield _fault("S11", file, line, column=shown, found=found)
        if names.count(name) > 1:
            yield _fault("S08", file, line, what=shown)


def _faults(rows: Sequence[_Row], file: str) -> Iterator[Finding]:
    yield from _code_faults(rows, file)
    yield from _parent_faults(rows, file)
    for number, agency in rows:
        if not agency.name:
            yield _fault("S16", file, number, row=str(number), code=agency.code)


def _code_faults(rows: Sequence[_Row], file: str) -> Iterator[Finding]:
    width = _padded_width(row.agency.code for row in rows)
    first: dict[str, int] = {}
    for number, agency in rows:
        code = agency.code
        folded = code.casefold()
        earlier = first.setdefault(folded, number)
        if not code:
            yield _fault("S20", file, number, row=str(number), name=agency.name)
        elif not _is_code(code) or (len(code) < width and code.isdigit()):
            yield _fault("S12", file, number, row=str(number), found=code)
        elif earlier != number:
            facts = {"row": str(number), "found": code, "first": str(earlier)}
            yield _fault("S13", file, number, **facts)


def _namesakes(rows: Sequence[_Row], file: str) -> Iterator[Finding]:
    """S18: two that file under one name, or one under a former name of the other, at one parent.

    Under different parents they are told apart by these. A former name may be of several: split.
    """
    filing = [row for row in rows if row.agency.files]
    first: dict[tuple[str, str], int] = {}
    for number, agency in filing:
        earlier = first.setdefault((agency.parent, agency.name), number)
        if earlier != number:
            yield _namesake(file, number, agency.name, earlier)
    for number, agency in filing:
        for name in agency.former_names:
            other = first.get((agency.parent, name), number)
            if other != number:
                yield _namesake(file, number, name, other)


def _namesake(file: str, line: int, name: str, other: int) -> Finding:
    facts = {"row": str(line), "name": name, "other": str(other), "subject": str(line)}
    return Finding("S18", Severity.QUERY, place=Place(file, line=line), facts=facts)


def _is_code(text: str) -> bool:
    fits = _CODE.fullmatch(text) and not _SPREADSHEET_NUMBER.fullmatch(text)
    return bool(fits) and text.casefold() != ALL


def _padded_width(codes: Iterable[str]) -> int:
    """Where codes are filled up with zeros, how wide at least: a shorter one has lost its own."""
    return min((len(c) for c in codes if c.isdigit() and c[0] == "0"), default=0)


def _parent_faults(rows: Sequence[_Row], file: str) -> Iterator[Finding]:
    parents = {agency.code: agency.parent for _, agency in rows}
    ending: set[str] = set()
    circled: set[str] = set()
    for number, agency in rows:
        if agency.parent and agency.parent not in parents:
            facts = {"row": str(number), "name": agency.name, "found": agency.parent}
            yield _fault("S14", file, number, **facts)
        circle = _circle(agency.code, parents, ending)
        if circle and agency.code not in circled:
            circled.update(circle)
            facts = {"row": str(number), "name": agency.name, "found": " → ".join(circle)}
            yield _fault("S15", file, number, **facts)


def _circle(code: str, parents: Mapping[str, str], ending: set[str]) -> list[str]:
    """Give the way from a code up to itself; empty if its parents end somewhere else.

    `ending` holds codes whose parents are known to end; those found to do so are put into it.
    """
    way = {code: None}
    parent = parents[code]
    while parent in parents and parent not in way and parent not in ending:
        way[parent] = None
        parent = parents[parent]
    if parent not in way:
        ending.update(way)
    return [*way, code] if code and parent == code else []


def _fault(code: str, file: str, line: int, /, **facts: str) -> Finding:
    return Finding(code, Severity.ERROR, place=Place(file, line=line), facts=facts)


def _line(fault: Finding) -> int:
    return fault.place.line if fault.place else 0
