"""Findings, files and decisions in the words in which status.html shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.messages.catalogue import CATALOGUE, catalogue
from sheetflow.messages.terms import TERMS, term
from sheetflow.messages.text import Language
from sheetflow.model.cells import plain
from sheetflow.model.findings import Status
from sheetflow.model.returns import Verdict
from sheetflow.reports.findings import alike
from sheetflow.reports.status_record import (
    NONE,
    CheckRecord,
    DecisionRecord,
    FileRecord,
    FindingRecord,
)
from sheetflow.reports.summary import decision_row
from sheetflow.settling.explaining import is_agencys
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.decisions import Decision
    from sheetflow.model.findings import Finding
    from sheetflow.model.returns import ReturnFile
    from sheetflow.reports.findings import Speaker, Worded
    from sheetflow.reports.results import Results


def check_records(results: Results) -> dict[str, CheckRecord]:
    """Say title, remedy and what to ask of each code that was found, in the order of the codes."""
    found = {finding.code for finding in results.ledger.findings}
    return {code: _check(results, code) for code in sorted(found)}


def _check(results: Results, code: str) -> CheckRecord:
    check = results.form.check(code)
    if check:
        remedy = clean_text(check.remedy)
        return CheckRecord(clean_text(check.title), remedy, remedy)
    entry = catalogue(results.form.period)[code]
    remedy = entry.remedy.zh
    ask = entry.ask or remedy if is_agencys(results.form, code) else ""
    return CheckRecord(entry.title.zh, remedy, ask)


def finding_records(
    findings: Iterable[Finding], speaker: Speaker, agencies: Mapping[str, int]
) -> Iterator[FindingRecord]:
    """Say findings, those of one code together; what differs in its cell alone is said once."""
    alike_in_code: dict[object, list[Finding]] = {}
    for finding in findings:
        file = finding.place.file if finding.place else ""
        key = (finding.code, finding.severity, finding.status, file)
        alike_in_code.setdefault(key, []).append(finding)
    for group in alike_in_code.values():
        for same in alike(group):
            said = speaker.say_together(same)
            yield _finding(same, said, agencies.get(same[0].agency, NONE))


def _finding(same: Sequence[Finding], said: Worded, agency: int) -> FindingRecord:
    finding = same[0]
    return FindingRecord(
        code=finding.code,
        severity=finding.severity.value,
        status=finding.status.value,
        count=len(same),
        agency=agency,
        file=clean_text(_file_line(finding.place)),
        where=clean_text(_within(finding.place, said.where)),
        about=clean_text(said.about),
        sentence=clean_text(said.sentence + said.hint),
        reason=clean_text(said.reason if finding.status is Status.OPEN else finding.reason),
    )


def _file_line(place: Place | None) -> str:
    if place is None:
        return ""
    return f"{place.file}:{place.line}" if place.line else place.file


def _within(place: Place | None, where: str) -> str:
    """Take the file off what the speaker says of a place: sheet and addresses stay."""
    return where.removeprefix(place.file).strip() if place and place.sheet else ""


def file_record(file: ReturnFile, differs: Mapping[str, int]) -> FileRecord:
    """Say what became of a file; `differs`: in how many cells a file differs, by path."""
    return FileRecord(
        path=clean_text(file.path),
        verdict=file.verdict.value,
        words=term(file.verdict.value, Language.ZH),
        reason=clean_text(_reason(file)),
        received=file.received.isoformat() if file.received else "",
        sha256=file.sha256[:8],
        differs=differs.get(file.path, NONE),
    )


def _reason(file: ReturnFile) -> str:
    """Say why: the file that it gave way to, a finding's title, or a term."""
    if file.reason in CATALOGUE:
        return f"{CATALOGUE[file.reason].title.zh}（{file.reason}）"
    if file.verdict is Verdict.DUPLICATE:
        return f"与 {file.reason} 内容相同"
    if file.verdict is Verdict.SUPERSEDED:
        return f"采用的是 {file.reason}"
    return term(file.reason, Language.ZH) if file.reason in TERMS else file.reason


def decision_record(
    results: Results, decision: Decision, cells: Mapping[CellRef, int]
) -> DecisionRecord:
    """Say a decision as the summary does."""
    kind, subject, about, what, why, by, on = map(clean_text, decision_row(results, decision))
    return DecisionRecord(
        kind=kind,
        subject=subject,
        about=about,
        what=what,
        why=why,
        by=by,
        on=on,
        cell=cells.get(decision.cell, NONE) if decision.cell else NONE,
        add="" if decision.add is None else plain(decision.add),
    )
