"""Closes findings: by decisions on values, by waivers; they stay listed, with the reason."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.model.returns import ReturnFile


def adjusted(
    form: Form,
    before: Iterable[Finding],
    remaining: Iterable[Finding],
    by_cell: Mapping[CellRef, Decision],
) -> Iterator[Finding]:
    """Give the findings on the return as it came that decisions on values closed."""
    keys = {finding.key for finding in remaining}
    for finding in before:
        if finding.key not in keys:
            reason = _reason(form, finding, by_cell)
            yield finding._replace(status=Status.ADJUSTED, reason=reason)


def _reason(form: Form, finding: Finding, by_cell: Mapping[CellRef, Decision]) -> str:
    named = ([finding.cell] if finding.cell else []) + list(finding.related)
    touched = (leaf for ref in named for _, leaf in form.addends(ref))
    return "；".join(dict.fromkeys(by_cell[ref].why for ref in touched if ref in by_cell))


def covers(waiver: Decision, finding: Finding) -> bool:
    """Whether a waiver is about a finding."""
    about = waiver.check == finding.code and waiver.cell in (None, finding.cell)
    return about and waiver.kind is DecisionKind.WAIVE


def waive(
    findings: Collection[Finding], decisions: Iterable[Decision]
) -> tuple[Collection[Finding], list[Decision]]:
    """Close what is waived; a finding that only follows from a waived one is waived with it.

    Where two waivers cover a finding, the one that names its cell gives the reason.
    """
    waivers = [decision for decision in decisions if decision.kind is DecisionKind.WAIVE]
    if not waivers:
        return findings, []
    waivers.sort(key=lambda waiver: waiver.cell is None)
    closing: dict[str, Decision] = {}
    used: dict[Decision, None] = {}
    for finding in findings:
        for waiver in waivers:
            if covers(waiver, finding):
                closing.setdefault(finding.key, waiver)
                used[waiver] = None
    waived: list[Finding] = []
    for finding in findings:
        cause = finding.consequence_of
        follows = cause if cause.split(" ")[0] == finding.code else ""
        waiver_of = closing.get(finding.key) or closing.get(follows)
        if waiver_of:
            waived.append(finding._replace(status=Status.WAIVED, reason=waiver_of.why))
        else:
            waived.append(finding)
    return tuple(waived), list(used)


def waive_of_files(
    findings: Collection[Finding], decisions: Iterable[Decision], files: Iterable[ReturnFile]
) -> tuple[Collection[Finding], list[Decision]]:
    """Close what is waived of a file by its content, wherever it lies and however often."""
    waivers = [d for d in decisions if d.kind is DecisionKind.WAIVE and d.sha256]
    if not waivers:
        return findings, []
    by_path: dict[str, list[Decision]] = defaultdict(list)
    for file in files:
        for waiver in waivers:
            if file.sha256.startswith(waiver.sha256):
                by_path[file.path].append(waiver)
    closed: list[Finding] = []
    used: dict[Decision, None] = {}
    for finding in findings:
        own = by_path.get(finding.place.file, ()) if finding.place else ()
        waived, waivers_used = waive((finding,), own)
        closed += waived
        used |= dict.fromkeys(waivers_used)
    return tuple(closed), list(used)
