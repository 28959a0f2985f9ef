"""Says whose a workbook is: two of the four marks must agree, or the office assigns it."""

from __future__ import annotations

import hmac
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.workbooks.stamp import (
    HIDDEN_SHEET,
    NAME,
    PROPERTY,
    Mark,
    find_token,
    hidden_values,
    seal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.model.campaign import Settings
    from sheetflow.model.form import Form
    from sheetflow.model.roster import Roster
    from sheetflow.workbooks.workbook import Workbook

_HEAD_ROWS = 8
"""The printed code stands in the head of a sheet; rows inserted above may move it a little."""
_TOKEN_TEXT = 400
"""No text longer than this bears a token; searching one could take minutes."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose return it is; no agency: it could not be told, and the finding says why."""

    agency: str
    issue: int = 0
    remarks: tuple[Finding, ...] = ()
    """What is odd about the marks of a return whose agency is known all the same."""
    finding: Finding | None = None


def identify(
    workbook: Workbook,
    file: str,
    *,
    form: Form,
    settings: Settings,
    roster: Roster,
    key: bytes,
    assigned: str,
) -> Identity:
    """Identify a workbook. `assigned` is the agency that the office named for it, or empty.

    The office says whose a file is; which form and period it is, the marks say all the same.
    """
    witnesses = dict(_witnesses(workbook))
    mark = _agreed(witnesses)
    if mark is None and not assigned:
        return _refused("I01", file, witnesses=_said(witnesses))
    if mark and mark.form != form.code:
        return _refused("I03", file, found=mark.form, expected=form.code)
    if mark and mark.period != settings.period:
        return _refused("I04", file, found=mark.period, expected=settings.period)
    code = assigned or (mark.agency if mark else "")
    agency = roster.by_code.get(code)
    if agency is None:
        return _refused("I02", file, found=code)
    if not agency.files:
        return _refused("I08", file, found=agency.name)
    if mark is None or mark.agency != code:
        return Identity(code, mark.issue if mark else 0)
    remarks = tuple(_remarks(workbook, file, mark, witnesses, form=form, key=key))
    return Identity(code, mark.issue, remarks)


def _remarks(
    workbook: Workbook,
    file: str,
    mark: Mark,
    witnesses: dict[str, Mark],
    *,
    form: Form,
    key: bytes,
) -> Iterator[Finding]:
    """Say what is odd about the marks, other than that one was lost."""
    if any(witness.agency != mark.agency for witness in witnesses.values()):
        yield _remark("I09", Severity.QUERY, mark, file, witnesses=_said(witnesses))
    hidden = hidden_values(workbook)
    digest = hidden.get("form_digest", "")
    if not hidden:
        yield _remark("I10", Severity.NOTE, mark, file)
    elif not hmac.compare_digest(seal(key, digest, mark).encode(), hidden.get("seal", "").encode()):
        yield _remark("I05", Severity.QUERY, mark, file)
    elif digest != form.digest:
        yield _remark("I11", Severity.NOTE, mark, file)


def _remark(code: str, severity: Severity, mark: Mark, file: str, **facts: str) -> Finding:
    facts = {"subject": file, **facts}
    return Finding(code, severity, mark.agency, place=Place(file), facts=facts)


def _said(witnesses: dict[str, Mark]) -> str:
    return "；".join(f"{carrier} {mark.agency}" for carrier, mark in witnesses.items()) or "—"


def _witnesses(workbook: Workbook) -> Iterator[tuple[str, Mark]]:
    """Give what each carrier says, for those that say anything."""
    said = {
        HIDDEN_SHEET: _mark(hidden_values(workbook).get("mark", "")),
        PROPERTY: _mark(workbook.properties.get(PROPERTY, "")),
        NAME: _mark(workbook.names.get(NAME, "")),
        "编号": _printed_mark(workbook),
    }
    for carrier, mark in said.items():
        if mark:
            yield carrier, mark


def _mark(text: str) -> Mark | None:
    return find_token(text) if len(text) <= _TOKEN_TEXT else None


def _agreed(witnesses: dict[str, Mark]) -> Mark | None:
    """Give the mark that at least two carriers bear, if no other has as many."""
    counted = Counter(witnesses.values()).most_common(2)
    if not counted or counted[0][1] < 2:  # noqa: PLR2004
        return None
    if len(counted) > 1 and counted[1][1] == counted[0][1]:
        return None
    return counted[0][0]


def _printed_mark(workbook: Workbook) -> Mark | None:
    """Give the mark printed on the sheets, if they all bear the same."""
    found = {
        mark
        for sheet in workbook.sheets
        if sheet.name != HIDDEN_SHEET
        for (row, _), cell in sheet.cells.items()
        if row < _HEAD_ROWS and (mark := _mark(cell.text))
    }
    return found.pop() if len(found) == 1 else None


def _refused(code: str, file: str, **facts: str) -> Identity:
    finding = Finding(code, Severity.ERROR, place=Place(file), facts={"subject": file, **facts})
    return Identity("", finding=finding)
