"""status.html: one page for the office, who stands how, what is wrong, where each figure is from.

It stands alone: no network, no library. What agencies wrote reaches it as JSON inside a script
element in which nothing can end that element, and the page puts it in as text, never as markup.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from sheetflow.messages.periods import in_period_words
from sheetflow.model.roster import ALL
from sheetflow.reports.status_data import overview_record, status_record
from sheetflow.reports.status_regions import STATUS_FOLDER, regions_of
from sheetflow.reports.tables import html_table
from sheetflow.reports.templating import template_of
from sheetflow.reports.view import table_view
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Template

    from sheetflow.model.period import PeriodKind
    from sheetflow.reports.results import Results
    from sheetflow.reports.status_record import StatusRecord
    from sheetflow.reports.status_regions import Region

STATUS_PAGE = "status.html"
"""Within output/."""
_SHIPPED = files("sheetflow") / "reports" / "templates" / "status"
_SCRIPTS = (
    "elements.js",
    "record.js",
    "findings.js",
    "progress.js",
    "agencies.js",
    "tables.js",
    "contributions.js",
    "agency.js",
    "others.js",
    "page.js",
)
_ROWS = Markup("<p>各单位的台账见 summary.xlsx。</p>")
"""Stands under a register's heading."""
_DATA = "\x00"
"""Stands in a page where its data come; no text that is shown has such a character."""
_ESCAPES = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class _Shell(NamedTuple):
    """What all pages have in common."""

    template: Template
    style: Markup
    script: Markup
    script_hash: str
    """Names the script by its content: the page's policy lets no other one run."""


def status_pages(results: Results) -> dict[str, Iterator[bytes]]:
    """Give status.html, then, if there are very many agencies, the pages of regions, by name.

    status.html shows every agency, or what stands above the pages of regions.
    """
    regions = regions_of(results)
    pages = {f"{STATUS_FOLDER}/{each.name}.html": _region_page(results, each) for each in regions}
    return {STATUS_PAGE: _first_page(results, regions), **pages}


def _first_page(results: Results, regions: tuple[Region, ...]) -> Iterator[bytes]:
    record = overview_record(results, regions) if regions else status_record(results)
    yield from _page(results, record)


def _region_page(results: Results, region: Region) -> Iterator[bytes]:
    own = region.within(results)
    yield from _page(own, status_record(own), above="../status.html")


def _page(results: Results, record: StatusRecord, above: str = "") -> Iterator[bytes]:
    shell = _shell(results.form.period)
    page = shell.template.render(
        record=record,
        above=above,
        style=shell.style,
        script=shell.script,
        script_hash=shell.script_hash,
        data=_DATA,
        tables=list(_tables(results)),
    )
    before, after = page.split(_DATA)
    yield before.encode()
    yield from (text.encode() for text in _pieces(record))
    yield after.encode()


def _pieces(record: StatusRecord) -> Iterator[str]:
    """Write the page's record as JSON; of the agencies, which may be many, none is held."""
    opening = "{"
    for name in (field.name for field in fields(record)):
        yield f'{opening}"{name}":'
        if name == "agencies":
            yield "["
            for number, agency in enumerate(record.agencies):
                yield f",{page_json(agency)}" if number else page_json(agency)
            yield "]"
        else:
            yield page_json(getattr(record, name))
        opening = ","
    yield "}"


def page_json(record: object) -> str:
    """Write a record as JSON that is harmless inside a script element."""
    text = _encode(record)
    for sign, escape in _ESCAPES.items():  # a tenth of the time of `translate`
        text = text.replace(sign, escape)
    return text


def _by_name(record: Any) -> dict[str, object]:  # noqa: ANN401 - whatever json can't write
    kind: type[Any] = type(record)
    if not is_dataclass(kind):
        raise TypeError(record)
    return {name: getattr(record, name) for name in _names(kind)}


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_by_name).encode


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _tables(results: Results) -> Iterator[tuple[str, Markup]]:
    """Give heading and table of every sheet, with the figures of the whole; a register has none."""
    for sheet in results.layout.sheets:
        if sheet.grid:
            table = _ROWS if sheet.register else html_table(table_view(results, ALL, sheet.grid))
            yield clean_text(sheet.section.heading), table


@cache
def _shell(kind: PeriodKind) -> _Shell:
    """Make ready what the pages have in common, of which there may be many."""
    script = in_period_words("".join(_shipped(name) for name in _SCRIPTS), kind)
    script = f"(function () {{\n'use strict';\n{script}}})();\n"
    return _Shell(
        template_of(_shipped("page.html.j2")),
        Markup(_shipped("page.css")),  # noqa: S704 - ours
        Markup(script),  # noqa: S704 - ours
        b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _shipped(name: str) -> str:
    return (_SHIPPED / name).read_text(encoding="utf-8")
