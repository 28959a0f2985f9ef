"""Prints findings, tables and traces to the terminal."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

from sheetflow.messages.catalogue import catalogue
from sheetflow.messages.interface import first_listed, listed, say, spoken
from sheetflow.messages.terms import facts_said, term
from sheetflow.model.cells import plain
from sheetflow.model.findings import Finding, Severity, Status
from sheetflow.model.ledger import Standing
from sheetflow.model.period import PeriodKind
from sheetflow.model.shelf import picked
from sheetflow.relations.words import cell_words
from sheetflow.reports.alternatives import alternatives_record
from sheetflow.reports.data import causes_record, finding_record, unchecked_record
from sheetflow.reports.findings import Speaker, place_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheetflow.campaign.tracing import Trace
    from sheetflow.reports.results import Results

_SHOWN = 5
"""How many agencies a line names."""


def show_json(record: object) -> None:
    """Print a record as JSON, in ASCII where the output can't take every character."""
    takes_all = sys.stdout.encoding.lower() == "utf-8"
    print(json.dumps(record, ensure_ascii=not takes_all, indent=1))


def show_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table whose columns align where Chinese is twice as wide."""
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        padded = (
            text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)
        )
        print("  ".join(padded).rstrip())


def _width(text: str) -> int:
    return sum(1 if ord(character) < 0x2000 else 2 for character in text)  # noqa: PLR2004


def show_faults(findings: Iterable[Finding], phrase: str = "faulty") -> None:
    """Print the faults of definitions, which need no form to be said."""
    findings = tuple(findings)
    print(say(phrase, count=str(len(findings))))
    for finding in findings:
        print(fault_text(finding))


def fault_text(finding: Finding, kind: PeriodKind = PeriodKind.YEAR) -> str:
    """Say a fault of a definition, or of the office's texts, in the words of a form's periods."""
    entry = catalogue(kind)[finding.code]
    facts = facts_said(finding.facts, spoken(), kind)
    sentence = entry.message.to(spoken()).format(**facts)
    severity = term(finding.severity, spoken())
    remedy = entry.remedy.to(spoken())
    return f"{place_words(finding.place)}  {severity} {finding.code}\n  {sentence}\n  {remedy}"


def show_findings(results: Results, *, closed: bool) -> None:
    """Print findings in words, the closed ones only if asked."""
    findings = results.ledger.findings
    _say_all(results, (f for f in findings if closed or f.status is Status.OPEN), folded=not closed)


def show_nothing_found(results: Results, *, closed: bool) -> None:
    """Say so where `show_findings` printed nothing: nothing was found, or all of it is closed."""
    found = results.ledger.findings
    if not found:
        print(say("no_findings"))
    elif not closed and all(each.status is not Status.OPEN for each in found):
        print(say("all_closed", count=str(len(found))))


def show_open(results: Results) -> None:
    """Print what keeps the results a draft: open findings, then the agencies that are missing."""
    _say_all(results, results.ledger.open_findings)
    missing = term(Standing.MISSING, spoken())
    for code in results.ledger.missing:
        agency = f"{code} {results.roster.by_code[code].name}"
        print(say("stands", agency=agency, standing=missing))
    print(open_words(results))


def _say_all(results: Results, findings: Iterable[Finding], *, folded: bool = True) -> None:
    """Say findings, one message a cause: what follows from one that is said is only counted."""
    findings = list(findings)
    keys = {(finding.agency, finding.key) for finding in findings}
    told = [f for f in findings if not folded or (f.agency, f.consequence_of) not in keys]
    for said in Speaker(results.form, results.layout, spoken()).say_all(told):
        print(said.text())
    if len(told) < len(findings):
        print(say("folded", count=str(len(findings) - len(told))))


def findings_record(results: Results) -> dict[str, object]:
    """Give all findings as `check --json` prints them."""
    speaker = Speaker(results.form, results.layout, spoken())
    return {
        "findings": [finding_record(finding, speaker) for finding in results.ledger.findings],
        "causes": list(causes_record(results)),
        "unchecked": list(unchecked_record(results)),
        "alternatives": alternatives_record(results),
    }


def show_counts(results: Results) -> None:
    """Print how many agencies stand how, what is open, and whether this is a draft."""
    ledger = results.ledger
    standings = Counter(ledger.standings)
    numbers = {standing.value: str(standings[standing]) for standing in Standing}
    expected = len(ledger.lines) - standings[Standing.EXCUSED]
    reported = expected - standings[Standing.MISSING]
    print(say("counts", expected=str(expected), reported=str(reported), **numbers))
    severities = Counter(f.severity for f in ledger.findings if f.status is Status.OPEN)
    print(say("open_counts", **{s.value: str(severities[s]) for s in Severity}))
    for words in unchecked_words(results):
        print(words)
    print(open_words(results))


def unchecked_words(results: Results) -> Iterator[str]:
    """Say which checks were not possible, and for whom; 不可核 is never a pass."""
    by_lines: list[tuple[Sequence[int], list[str]]] = []
    for check, numbers in results.ledger.unchecked.items():
        known = next((checks for those, checks in by_lines if those == numbers), None)
        if known is None:
            by_lines.append((numbers, [check]))
        else:
            known.append(check)
    for numbers, checks in by_lines:
        lines = picked(results.ledger.lines, numbers[: _SHOWN + 1])
        names = [results.roster.by_code[line.agency].name for line in lines]
        agencies = first_listed(names, _SHOWN)
        yield say(
            "unchecked",
            results.form.period,
            checks=listed(checks),
            count=str(len(numbers)),
            agencies=agencies,
        )


def open_words(results: Results) -> str:
    """Say whether the results are a draft, and why."""
    ledger = results.ledger
    if ledger.is_final:
        return say("final")
    reasons = []
    if ledger.missing:
        reasons.append(say("open_missing", count=str(len(ledger.missing))))
    if ledger.open_findings:
        reasons.append(say("open_findings", count=str(len(ledger.open_findings))))
    return say("draft", reasons=listed(reasons))


def show_status(results: Results) -> None:
    """Print the ledger as a table."""
    rows = []
    for line in results.ledger.lines:
        agency = results.roster.by_code[line.agency]
        rows.append(
            (
                agency.code,
                agency.name,
                agency.kind,
                term(line.standing, spoken()),
                str(sum(finding.blocks for finding in line.findings)),
                line.submission.file if line.submission else "",
            )
        )
    header = ("code", "name", "kind", "standing", "findings", "file")
    show_table([say(name) for name in header], rows)


def status_record(results: Results) -> dict[str, object]:
    """Give the ledger as `status --json` prints it."""
    return {
        "draft": results.is_draft,
        "groups": list(results.roster.groups),
        "agencies": [
            {
                "code": line.agency,
                "name": results.roster.by_code[line.agency].name,
                "kind": results.roster.by_code[line.agency].kind,
                "standing": line.standing.value,
                "open": sum(finding.blocks for finding in line.findings),
                "file": line.submission.file if line.submission else None,
            }
            for line in results.ledger.lines
        ],
    }


def show_trace(results: Results, traced: Trace) -> None:
    """Print every contribution to a total, then the sum and its coverage."""
    rows = []
    for part in traced.contributions:
        agency = results.roster.by_code.get(part.agency)
        raw = part.raw if part.raw or not part.reason else "—"
        rows.append(
            (
                part.agency,
                agency.name if agency and not part.place.line else say("group_adjustment"),
                str(part.cell),
                "—" if part.value is None else plain(part.value),
                raw,
                place_words(part.place),
                part.reason,
            )
        )
    print(cell_words(traced.cell, results.form))
    header = ("code", "name", "cell", "value", "raw", "place", "why")
    show_table([say(name) for name in header], rows)
    total = traced.total
    value = "—" if total.value is None else plain(total.value)
    coverage = say("coverage", reported=str(total.reported), expected=str(total.expected))
    print(f"{say('sum', value=value)}  {coverage}")
    if traced.previous is not None:
        print(say("previous", results.form.period, value=plain(traced.previous)))
