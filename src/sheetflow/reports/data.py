"""The data files but for the figures: totals.csv, findings.json, manifest.jsonl, changes.csv.

Each is made piece by piece, as it is written.
"""

from __future__ import annotations

import io
import json
from dataclasses import fields
from functools import lru_cache
from itertools import compress, groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from sheetflow.checks.blanks import Findings, besides_blanks
from sheetflow.messages.text import Language
from sheetflow.model.cells import plain
from sheetflow.model.returns import ReturnFile
from sheetflow.model.roster import ALL
from sheetflow.reports.figures import csv_lines, exact_or_none, harmless, number_text
from sheetflow.reports.findings import Speaker, content

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

    from sheetflow.checks.blanks import Blanks, Required
    from sheetflow.model.cells import CellRef
    from sheetflow.model.findings import CellChange, Finding
    from sheetflow.model.ledger import Ledger
    from sheetflow.reports.results import Results


_AGENCY, _FILE = "\x0e", "\x0f"
_AGENCY_MARK, _FILE_MARK = _AGENCY.encode(), _FILE.encode()
_AGENCY_JSON, _FILE_JSON = b"\\u000e", b"\\u000f"
"""Stand in findings for what is each return's own, and how JSON writes them."""
_NEXT = b",\n"
_MOST_LINES = 4_000
_AT_ONCE = 1_000
_json = json.JSONEncoder(ensure_ascii=False, default=str).encode
_FIELDS = tuple(field.name for field in fields(ReturnFile))
_SHARED = tuple(n for n in _FIELDS if n not in {"path", "size", "sha256", "agency"})
_shared = attrgetter(*_SHARED)
_TWICE = 2  # the file stands in its own field and in the message


def totals_csv(results: Results) -> Iterator[bytes]:
    """Write every total of every group, exact, with its coverage."""
    rows = (
        (group, str(ref), number_text(total.value), str(total.reported), str(total.expected))
        for group, aggregate in results.aggregates.items()
        for ref, total in aggregate.totals.items()
    )
    yield from _csv(("group", "code", "value", "reported", "expected"), rows)


def findings_json(results: Results) -> Iterator[bytes]:
    """Write every finding, closed ones too, with a message in Chinese; a line a finding."""
    speaker = Speaker(results.form, results.layout, Language.ZH)
    found = _FindingLines(speaker).all(_listed(results.ledger))
    parts = {
        "findings": found,
        "causes": (f"  {_json(each)}".encode() for each in causes_record(results)),
        "unchecked": _unchecked_lines(results),
    }
    opening = b"{\n"
    for name, records in parts.items():
        yield opening + f' "{name}": [\n'.encode()
        for number, record in enumerate(records):
            yield _NEXT + record if number else record
        yield b"\n ]"
        opening = _NEXT
    yield b"\n}\n"


def _listed(ledger: Ledger) -> Iterator[Collection[Finding]]:
    """Give all findings, some at a time."""
    yield from (line.findings for line in ledger.with_findings)
    yield ledger.other_findings


def causes_record(results: Results) -> Iterator[dict[str, object]]:
    """Give the probable causes: what to change, or the changes of which each would do."""
    for finding in (f for findings in _listed(results.ledger) for f in besides_blanks(findings)):
        if finding.cause:
            changes, candidates = finding.cause.changes, finding.cause.candidates
            yield {
                "agency": finding.agency,
                "finding": finding.key,
                "changes": [_change(each) for each in changes],
                "candidates": [[_change(each) for each in some] for some in candidates],
                "explains": list(finding.cause.explains),
            }


def _change(change: CellChange) -> dict[str, str]:
    figures = {"now": plain(change.now), "should": plain(change.should)}
    return {"cell": str(change.cell), **figures}


def unchecked_record(results: Results) -> Iterator[dict[str, object]]:
    """Give the checks 不可核 for want of last year's figures, each with its agencies."""
    agencies = results.roster.members(ALL)  # as the lines are
    for check, numbers in results.ledger.unchecked.items():
        yield {"check": check, "agencies": [agencies[number].code for number in numbers]}


def _unchecked_lines(results: Results) -> Iterator[bytes]:
    """Write the same, one check at a time: it may name all agencies of a nation."""
    agencies = results.roster.members(ALL)
    for check, numbers in results.ledger.unchecked.items():
        without_any = _json({"check": check, "agencies": []})
        written = io.BytesIO(f"  {without_any[:-2]}".encode())
        written.seek(0, io.SEEK_END)
        for at, number in enumerate(numbers):
            written.write(f"{', ' if at else ''}{_json(agencies[number].code)}".encode())
        written.write(without_any[-2:].encode())
        yield written.getvalue()


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
        "left": exact_or_none(finding.left),
        "right": exact_or_none(finding.right),
        "difference": exact_or_none(finding.difference),
        "related": list(_written_refs(finding.related)),
        "consequence_of": finding.consequence_of or None,
        "status": finding.status.value,
        "reason": finding.reason,
        "message": speaker.say(finding).text(),
    }


@lru_cache(maxsize=1 << 12)
def _written_refs(refs: tuple[CellRef, ...]) -> tuple[str, ...]:
    return tuple(map(str, refs))


def manifest_jsonl(results: Results) -> Iterator[bytes]:
    """Write one line a file of the returns folder, with its verdict."""
    for file in results.ledger.files:
        own = (_json(file.path), file.size, _json(file.sha256), _json(file.agency))
        yield (_manifest_line(*_shared(file)) % own).encode()


@lru_cache(maxsize=1 << 10)
def _manifest_line(*shared: object) -> str:
    """Write what many files have in common, with gaps for what is each one's own."""
    texts = (_json(value).replace("%", "%%") for value in shared)
    written = {**dict.fromkeys(_FIELDS, "%s"), **dict(zip(_SHARED, texts, strict=True))}
    return "{" + ", ".join(f'"{name}": {text}' for name, text in written.items()) + "}\n"


def changes_csv(results: Results) -> Iterator[bytes]:
    """Write how each agency's returns differ from what was issued, harmful or not."""
    header = ("agency", "kind", "harmful", "issued", "found", "file", "sheet", "cell")
    yield from _csv(header, _change_rows(results))


def _change_rows(results: Results) -> Iterator[Sequence[str]]:
    for line in results.ledger.lines:
        for change in (change for each in line.returns for change in each.changes):
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


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield csv_lines([header]).encode("utf-8-sig")
    for _, some in groupby(enumerate(rows), lambda row: row[0] // _AT_ONCE):
        yield csv_lines(row for _, row in some).encode()


class _FindingLines:
    """Writes findings as JSON; those alike but for agency and file are written once."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._known: dict[Hashable, bytes] = {}
        self._of_blanks: dict[Required, list[bytes] | None] = {}
        """The lines of blank entries; None if one can't be written with marks."""

    def all(self, listed: Iterable[Collection[Finding]]) -> Iterator[bytes]:
        """Write findings, a line each; those of one file come together."""
        for findings in listed:
            if isinstance(findings, Findings):
                yield from self._each(findings.before)
                yield from self._blanks(findings.blanks)
                yield from self._each(findings.after)
            else:
                yield from self._each(findings)

    def _each(self, findings: Iterable[Finding]) -> Iterator[bytes]:
        for whose, those in groupby(findings, _whose):
            yield _of(*whose, _NEXT.join(map(self._line, those)))

    def _blanks(self, blanks: Blanks) -> Iterator[bytes]:
        """Write that entries are blank: of each there is a line to choose or not."""
        if blanks.required not in self._of_blanks:
            possible = [self._marked(finding) for finding in blanks.possible]
            sure = [line for line in possible if line]
            self._of_blanks[blanks.required] = sure if len(sure) == len(possible) else None
        lines = self._of_blanks[blanks.required]
        if lines is None:
            yield from self._each(blanks)
        elif chosen := list(compress(lines, blanks.is_blank)):
            yield _of(blanks.agency, blanks.file, _NEXT.join(chosen))

    def _line(self, finding: Finding) -> bytes:
        """Write a finding, with marks for its agency and file where that is sure to be right."""
        key = (content(finding), finding.place and finding.place[1:])
        line = self._known.get(key)
        if line is None:
            line = self._marked(finding)
            if line is None:
                return self._written(finding)
            if len(self._known) >= _MOST_LINES:
                self._known.clear()
            self._known[key] = line
        return line

    def _marked(self, finding: Finding) -> bytes | None:
        """Write a finding with marks for its agency and file; None if that is not sure to be right.

        JSON escapes what marks them, so that it stands nowhere else.
        """
        place = finding.place
        if place is None:
            return None
        marked = self._written(finding._replace(agency=_AGENCY, place=place._replace(file=_FILE)))
        if marked.count(_AGENCY_JSON) != 1 or marked.count(_FILE_JSON) > _TWICE:
            return None
        return marked.replace(_AGENCY_JSON, _AGENCY_MARK).replace(_FILE_JSON, _FILE_MARK)

    def _written(self, finding: Finding) -> bytes:
        return f"  {_json(finding_record(finding, self._speaker))}".encode()


def _of(agency: str, file: str, lines: bytes) -> bytes:
    """Fill in whose findings they are."""
    return lines.replace(_AGENCY_MARK, _escaped(agency)).replace(_FILE_MARK, _escaped(file))


def _whose(finding: Finding) -> tuple[str, str]:
    return finding.agency, finding.place.file if finding.place else ""


@lru_cache(maxsize=8)
def _escaped(text: str) -> bytes:
    """Write agency or file, that of many findings one after the other."""
    return _json(text)[1:-1].encode()
