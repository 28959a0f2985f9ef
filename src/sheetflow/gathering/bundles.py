"""县区汇总包: a county's returns, as they were read there, taken in as if they lay here.

A bundle is a zip of plain texts. Its head names the form and period that it is of and the SHA-256
of every other part; a bundle of which anything does not fit is refused as a whole. Figures keep
their place: the county's file, sheet and cell, behind the bundle's own path.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sheetflow.checks.submission import findings_alone
from sheetflow.gathering.enclosed import DECISIONS, contradicted, roster_of
from sheetflow.gathering.intake import Intake, file_of
from sheetflow.gathering.record_shape import are_slates, record_shape
from sheetflow.gathering.records import RecordReader, RecordWriter
from sheetflow.gathering.values import LIMIT
from sheetflow.model.bundle import Enclosed
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.returns import Verdict, total_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheetflow.gathering.folder import Incoming
    from sheetflow.gathering.intake import Expectation
    from sheetflow.model.campaign import Settings
    from sheetflow.model.form import Form

HEAD = "sheetflow-bundle.json"
VERSION = 1
RECORDS, SLATES, ROSTER = "records.jsonl", "slates.json", "roster.json"
TOTALS = "totals.csv"
_PARTS = (RECORDS, SLATES, ROSTER, DECISIONS, TOTALS)


def write_parts(
    form: Form, settings: Settings, intakes: Iterable[Intake], texts: Mapping[str, str]
) -> dict[str, bytes]:
    """Give the parts of a bundle, the head first; `texts` are roster, decisions, totals, more."""
    writer = RecordWriter()
    records = "".join(f"{writer.write([intake])}\n" for intake in intakes)
    parts = {RECORDS: records, SLATES: json.dumps(writer.slates, ensure_ascii=False), **texts}
    packed = {name: text.encode("utf-8", "surrogatepass") for name, text in parts.items()}
    head = {
        "bundle": VERSION,
        "form": form.code,
        "form_asks": form.asks,
        "period": settings.period,
        "name": settings.name,
        "parts": {name: hashlib.sha256(data).hexdigest() for name, data in packed.items()},
    }
    return {HEAD: (json.dumps(head, ensure_ascii=False, indent=1) + "\n").encode(), **packed}


def is_bundle(container: Incoming, members: Sequence[Incoming]) -> bool:
    """Whether an archive's members are those of a bundle."""
    return any(member.path == f"{container.path}/{HEAD}" for member in members)


def take_in_bundle(
    container: Incoming, members: Sequence[Incoming], expected: Expectation
) -> list[Intake]:
    """Take in a bundle and all returns that it holds; a finding if it can't be."""
    parts = {member.path.removeprefix(f"{container.path}/"): member.data for member in members}
    problem = _problem(parts, expected)
    if problem:
        return [_refused(container, problem)]
    form = expected.plan.form
    try:
        texts = {name: parts[name].decode() for name in _PARTS}
        intakes = _read(form, texts, f"{container.path}/")
    except (ValueError, RecursionError):
        return [_refused(container, "bundle_damaged")]
    enclosed = Enclosed(container.path, texts[ROSTER], texts[DECISIONS], texts[TOTALS])
    roster = roster_of(enclosed)
    if roster is None:
        return [_refused(container, "bundle_damaged")]
    wrong = contradicted(form, roster, enclosed, intakes)
    bundle = Intake(
        file_of(container, "zip", Verdict.NOT_A_RETURN, "bundle"), findings=wrong, enclosed=enclosed
    )
    return [bundle, *(_again(intake, expected) for intake in intakes)]


def _read(form: Form, texts: Mapping[str, str], within: str) -> list[Intake]:
    """Read the records of a bundle; ValueError if one is none."""
    slates = json.loads(texts[SLATES])
    if not are_slates(slates):
        raise ValueError(SLATES)
    reader = RecordReader(form, within=within, shape=record_shape(form))
    reader.learn(slates)
    *lines, rest = texts[RECORDS].split("\n")  # not at what else ends a line: JSON has it in texts
    read = [reader.read(line) for line in lines]
    if rest or None in read:
        raise ValueError(RECORDS)
    return [_added_up(form, intake) for intakes in read if intakes for intake in intakes]


def _added_up(form: Form, intake: Intake) -> Intake:
    """Add up a return's figures anew; ValueError if cells are lacking, or a figure can't be one."""
    sent = intake.submission
    if sent is None:
        return intake
    cells, amounts = [*sent.entries, *sent.totals], sent.amounts
    is_whole = len(cells) == len(form.cells) and set(cells) == form.cells.keys()
    is_whole &= set(sent.totals) == form.definitions.keys()
    if not is_whole or not all(0 <= each < LIMIT for each in amounts if each is not None):
        raise ValueError(sent.file)
    return replace(intake, submission=replace(sent, added_up=total_of(amounts)))


def _problem(parts: Mapping[str, bytes], expected: Expectation) -> str:
    """Say why a bundle can't be used, as a term; "" if it can."""
    try:
        head = json.loads(parts[HEAD])
        hashes = dict(head["parts"])
        said = (head["bundle"], head["form_asks"], head["period"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "bundle_damaged"
    if said[0] != VERSION:
        return "bundle_version"
    if said[1] != expected.plan.form.asks:
        return "bundle_form"
    if said[2] != expected.settings.period:
        return "bundle_period"
    found = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items() if name != HEAD}
    return "" if hashes == found and set(_PARTS) <= found.keys() else "bundle_altered"


def _again(intake: Intake, expected: Expectation) -> Intake:
    """Check a return anew; of an agency that this office does not know it is nobody's.

    Whose it is the county says, unless this office assigned it to another.
    """
    submission = intake.submission
    if submission is None:
        return intake
    code = expected.assigned(submission.sha256) or submission.agency
    agency = expected.names.roster.by_code.get(code)
    if agency is None or not agency.files:
        finding = Finding(
            "F32",
            Severity.ERROR,
            place=Place(submission.file),
            facts={"subject": submission.file, "agency": code},
        )
        file = replace(intake.file, verdict=Verdict.UNASSIGNED, reason="F32", agency="")
        return Intake(file, findings=(finding,))
    if code != submission.agency:  # the remarks are on how the return was taken for another's
        submission = replace(submission, agency=code, remarks=())
    submission = replace(submission, checked=findings_alone(expected.case(submission)))
    return replace(intake, file=replace(intake.file, agency=code), submission=submission)


def _refused(container: Incoming, problem: str) -> Intake:
    finding = Finding(
        "F31",
        Severity.ERROR,
        place=Place(container.path),
        facts={"subject": container.path, "problem": f"@{problem}"},
    )
    return Intake(file_of(container, "zip", Verdict.UNREADABLE, "F31"), findings=(finding,))
