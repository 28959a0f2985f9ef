"""The data files but for the figures: totals.csv, findings.json, manifest.jsonl, changes.csv."""

from __future__ import annotations

import json
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetflow.messages.text import Language
from sheetflow.model.cells import plain
from sheetflow.model.returns import ReturnFile
from sheetflow.reports.figures import csv_lines, harmless, number_text
from sheetflow.reports.findings import Speaker, content

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence
    from decimal import Decimal

    from sheetflow.model.findings import CellChange, Finding
    from sheetflow.reports.results import Results


_AGENCY, _FILE = "\x0e", "\x0f"
_AGENCY_JSON, _FILE_JSON = "\\u000e", "\\u000f"
"""Stand in findings for what is each return's own, and how JSON writes them."""
_MOST_LINES = 20_000
_json = json.JSONEncoder(ensure_ascii=False, default=str).encode
_TWICE = 2  # the file stands in its own field and in the message


def totals_csv(results: Results) -> bytes:
    """Write every total of every group, exact, with its coverage."""
    rows = (
        (group, str(ref), number_text(total.value), str(total.reported), str(total.expected))
        for group, aggregate in results.aggregates.items()
        for ref, total in aggregate.totals.items()
    )
    return _csv(("group", "code", "value", "reported", "expected"), rows)


def findings_json(results: Results) -> bytes:
    """Write every finding, closed ones too, with a message in Chinese; a line a finding."""
    speaker = Speaker(results.form, results.layout, Language.ZH)
    parts = (
        ("findings", _FindingLines(speaker).all(results.ledger.findings)),
        ("causes", map(_json, causes_record(results))),
        ("unchecked", map(_json, unchecked_record(results))),
    )
    listed = (
        f' "{name}": [\n' + ",\n".join(f"  {line}" for line in lines) + "\n ]"
        for name, lines in parts
    )
    return ("{\n" + ",\n".join(listed) + "\n}\n").encode()


def causes_record(results: Results) -> list[dict[str, object]]:
    """Give the probable causes: what to change, or the changes of which each would do."""
    return [
        {
            "agency": finding.agency,
            "finding": finding.key,
            "changes": [_change(each) for each in finding.cause.changes],
            "candidates": [[_change(each) for each in some] for some in finding.cause.candidates],
            "explains": list(finding.cause.explains),
        }
        for finding in results.ledger.findings
        if finding.cause
    ]


def _change(change: CellChange) -> dict[str, str]:
    figures = {"now": plain(change.now), "should": plain(change.should)}
    return {"cell": str(change.cell), **figures}


def unchecked_record(results: Results) -> list[dict[str, object]]:
    """Give the checks 不可核 for want of last year's figures, each with its agencies."""
    unchecked = results.ledger.unchecked
    return [{"check": check, "agencies": list(those)} for check, those in unchecked.items()]


def finding_record(finding: Finding, speaker: Speaker) -> dict[str, object]:
    """Give a finding as the record that findings.json holds; figures are exact text."""
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "agency": finding.agency,
        "cell": str(finding.cell) if finding.cell else None,
        "file": place.file if place else "",
        "sheet": place.sheet if place else "",
        "address": place.address if place else "",
        "left": _optional(finding.left),
        "right": _optional(finding.right),
        "difference": _optional(finding.difference),
        "related": [str(ref) for ref in finding.related],
        "consequence_of": finding.consequence_of or None,
        "status": finding.status.value,
        "reason": finding.reason,
        "message": speaker.say(finding).text(),
    }


def manifest_jsonl(results: Results) -> bytes:
    """Write one line a file of the returns folder, with its verdict."""
    names = [field.name for field in fields(ReturnFile)]
    lines = (_json({name: getattr(file, name) for name in names}) for file in results.ledger.files)
    return "".join(f"{line}\n" for line in lines).encode()


def changes_csv(results: Results) -> bytes:
    """Write how each agency's returns differ from what was issued, harmful or not."""
    header = ("agency", "kind", "harmful", "issued", "found", "file", "sheet", "cell")
    return _csv(header, _change_rows(results))


def _change_rows(results: Results) -> Iterator[Sequence[str]]:
    for line in results.ledger.lines:
        returns = (line.submission, *line.others) if line.submission else line.others
        for change in (change for each in returns for change in each.changes):
            yield (
                line.agency,
                change.kind.value,
                "yes" if change.harmful else "no",
                harmless(change.issued),
                harmless(change.found),
                change.place.file,
                change.place.sheet,
                change.place.address,
            )


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return csv_lines([header, *rows]).encode("utf-8-sig")


class _FindingLines:
    """Writes findings as JSON; those alike but for agency and file are written once."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._known: dict[Hashable, str] = {}

    def all(self, findings: Iterable[Finding]) -> Iterator[str]:
        """Write findings, a line each."""
        for finding in findings:
            place = finding.place
            if place is None:
                yield _json(finding_record(finding, self._speaker))
                continue
            key = (content(finding), place.sheet, place.address, place.line)
            if key not in self._known:
                if len(self._known) >= _MOST_LINES:
                    self._known.clear()
                marked = finding._replace(agency=_AGENCY, place=place._replace(file=_FILE))
                self._known[key] = _json(finding_record(marked, self._speaker))
            line = self._known[key]
            if line.count(_AGENCY_JSON) == 1 and line.count(_FILE_JSON) <= _TWICE:
                agency, file = _escaped(finding.agency), _escaped(place.file)
                yield line.replace(_AGENCY_JSON, agency).replace(_FILE_JSON, file)
            else:  # a text that holds the mark itself
                yield _json(finding_record(finding, self._speaker))


@lru_cache(maxsize=64)
def _escaped(text: str) -> str:
    return _json(text)[1:-1]


def _optional(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
