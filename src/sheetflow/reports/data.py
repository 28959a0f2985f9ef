"""The data files: figures.csv, totals.csv, findings.json, manifest.jsonl; exact, for programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from sheetflow.messages.text import Language
from sheetflow.model.cells import plain
from sheetflow.model.decisions import DecisionKind
from sheetflow.reports.findings import Speaker
from sheetflow.rollup import adjustment_contribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from sheetflow.model.findings import CellChange, Finding
    from sheetflow.reports.results import Results

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def figures_csv(results: Results) -> bytes:
    """Write every entry of every chosen submission with its place, and the group adjustments."""
    header = ("agency", "code", "value", "state", "raw", "file", "sheet", "cell")
    return _csv(header, _figure_rows(results))


def totals_csv(results: Results) -> bytes:
    """Write every total of every group, exact, with its coverage."""
    rows = (
        (group, str(ref), _number(total.value), str(total.reported), str(total.expected))
        for group, aggregate in results.aggregates.items()
        for ref, total in aggregate.totals.items()
    )
    return _csv(("group", "code", "value", "reported", "expected"), rows)


def findings_json(results: Results) -> bytes:
    """Write every finding, closed ones too, with a message in Chinese."""
    speaker = Speaker(results.form, results.layout, Language.ZH)
    findings = [finding_record(finding, speaker) for finding in results.ledger.findings]
    record = {
        "findings": findings,
        "causes": causes_record(results),
        "unchecked": unchecked_record(results),
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


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
    lines = (
        json.dumps(asdict(file), ensure_ascii=False, default=str) for file in results.ledger.files
    )
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
                _harmless(change.issued),
                _harmless(change.found),
                change.place.file,
                change.place.sheet,
                change.place.address,
            )


def _figure_rows(results: Results) -> Iterator[Sequence[str]]:
    for line in results.ledger.lines:
        if line.submission:
            for entry in line.submission.entries.values():
                place = entry.place
                yield (
                    line.agency,
                    str(entry.ref),
                    _number(entry.value),
                    entry.state.value,
                    _harmless(entry.raw),
                    place.file,
                    place.sheet,
                    place.address,
                )
    for decision in results.ledger.applied:
        if decision.kind is DecisionKind.ADJUST and decision.cell and decision.add is not None:
            part = adjustment_contribution(decision, decision.cell, decision.add)
            number = _number(part.value)
            place = part.place
            raw = _harmless(part.raw)
            yield (part.agency, str(part.cell), number, part.state, raw, place.file, "", "")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue().encode("utf-8-sig")


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _optional(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _harmless(text: str) -> str:
    """Keep Excel from running a text as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
