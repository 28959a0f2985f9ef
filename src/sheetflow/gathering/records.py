"""What became of a file as a line of JSON, and back: for other processes and for the cache.

Text in and text out: a record that somebody forged or damaged is none, and does no harm.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from sys import intern
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sheetflow.checks.blanks import Blanks, Findings
from sheetflow.gathering.intake import Intake
from sheetflow.model.answers import Answers, Odd, Untyped, make_slate
from sheetflow.model.bundle import Enclosed
from sheetflow.model.cells import CellRef, Place
from sheetflow.model.entries import State, TotalCell
from sheetflow.model.findings import Cause, CellChange, Finding, Severity, Status
from sheetflow.model.returns import (
    Change,
    ChangeKind,
    Explanation,
    LabelFault,
    ReturnFile,
    Submission,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sheetflow.gathering.record_shape import Shape
    from sheetflow.model.answers import Slate
    from sheetflow.model.entries import Entry
    from sheetflow.model.form import Form

    Json = Any

_WRONG = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    InvalidOperation,
    RecursionError,
)
"""What reading what is no record raises."""
_SEVERITIES = {each.value: each for each in Severity}
_STATUSES = {each.value: each for each in Status}
_VERDICTS = {each.value: each for each in Verdict}
_NOBODY: Mapping[str, str] = MappingProxyType({})
_NOTHING_ODD: Mapping[int, Odd] = MappingProxyType({})
"""One for all returns, of which there may be very many."""


class RecordWriter:
    """Writes records, and the slates that they name."""

    def __init__(self) -> None:
        self.slates: dict[str, str] = {}
        """The slates that were named, by their names."""

    def write(self, intakes: Sequence[Intake]) -> str:
        """Write what became of a file, and of all that lay in it."""
        return _encode([self._intake(each) for each in intakes])

    def _intake(self, intake: Intake) -> Json:
        file = intake.file
        return [
            [
                *(file.path, file.size, file.sha256, file.format, file.client, file.verdict),
                *(file.reason, file.agency, _day(file.received), file.container),
            ],
            self._submission(intake.submission) if intake.submission else None,
            intake.findings,
            _enclosed(intake.enclosed),
        ]

    def _submission(self, sent: Submission) -> Json:
        return [
            sent.issue,
            self._entries(sent.entries),
            self._totals(sent.totals),
            dict(sent.people),
            sent.remarks,
            _checked(sent.checked),
            [
                [fault.place, fault.expected, fault.found, fault.cells, fault.removed]
                for fault in sent.label_faults
            ],
            sent.unused,
            [[c.kind, c.place, c.issued, c.found, c.harmful] for c in sent.changes],
            [[e.check, e.cell, e.text, e.place, e.where] for e in sent.explanations],
            sent.added_up,
        ]

    def _entries(self, entries: Mapping[CellRef, Entry]) -> Json:
        if not isinstance(entries, Answers):
            raise TypeError(entries)  # gathering keeps no others
        odd = [[number, *_odd(each)] for number, each in entries.odd.items()]
        return [self._slate(entries.slate), entries.keepable, odd]

    def _totals(self, totals: Mapping[CellRef, TotalCell]) -> Json:
        if isinstance(totals, Untyped):
            return self._slate(totals.slate)
        return [
            [t.ref, t.place, t.typed, _number(t.value), t.raw, t.rule, t.by_formula]
            for t in totals.values()
        ]

    def _slate(self, slate: Slate) -> str:
        name, text = _written(slate)
        self.slates[name] = text
        return name


class RecordReader:
    """Reads records of returns of one form."""

    def __init__(
        self,
        form: Form,
        *,
        within: str = "",
        received: Mapping[str, date] = MappingProxyType({}),
        shape: Shape | None = None,
    ) -> None:
        """Read for a form; `within` is put before every path, as that of a bundle is.

        `received` says of hashes when they came in, where the record does not; `shape` says what
        looks like a record, where others made them.
        """
        self._form = form
        self._within = within
        self._shape = shape
        self._received = received
        self._slates: dict[str, Slate] = {}
        self._learned: dict[str, str] = {}
        """What each was made from."""

    def learn(self, slates: Mapping[str, str]) -> None:
        """Take in slates by their names, as a writer wrote them; what is none is left out."""
        for name, text in slates.items():
            if self._learned.get(name) != text:
                with suppress(*_WRONG):
                    cells = [(CellRef(*ref), sheet, at) for ref, sheet, at in json.loads(text)]
                    self._slates[name] = make_slate(cells, self._form.numeric)
                    self._learned[name] = text

    def read(self, record: str) -> tuple[Intake, ...] | None:
        """Read a record; None if it is none."""
        try:
            given = json.loads(record)
            if self._shape and not self._shape(given):
                return None
            return tuple(map(self._intake, given))
        except _WRONG:
            return None

    def _intake(self, given: Json) -> Intake:
        listed, submission, findings, enclosed = given
        path, size, sha256, kind, client, verdict, reason, agency, day, container = listed
        file = ReturnFile(
            self._within + path,
            size,
            sha256,
            intern(kind),
            intern(client),
            _VERDICTS[verdict],
            reason,
            agency,
            _read_day(day) or self._received.get(sha256),
            (self._within + container).removesuffix("/"),
        )
        return Intake(
            file,
            self._submission(submission, file) if submission else None,
            tuple(map(self._finding, findings)),
            self._enclosed(*enclosed) if enclosed else None,
        )

    def _enclosed(self, path: str, *texts: str) -> Enclosed:
        return Enclosed(self._within + path, *texts)

    def _submission(self, given: Json, sent: ReturnFile) -> Submission:
        """Read the return that a file is: whose it is and when it came, the file says."""
        issue, (slate, texts, odd), totals, people, remarks, checked, *others = given
        faults, unused, changes, explanations, total = others
        file = sent.path
        oddities = {n: Odd(State(s), _read_number(value), rule) for n, s, value, rule in odd}
        known = self._slates[slate]
        answers = Answers(known, file, texts, oddities or _NOTHING_ODD)
        return Submission(
            agency=sent.agency,
            file=file,
            sha256=sent.sha256,
            issue=issue,
            remarks=tuple(map(self._finding, remarks)),
            entries=answers,
            totals=self._totals(totals, file),
            label_faults=tuple(
                LabelFault(self._place(place), expected, found, _refs(cells), removed)
                for place, expected, found, cells, removed in faults
            ),
            unused=tuple(self._place(place) for place in unused),
            changes=tuple(
                Change(ChangeKind(kind), self._place(place), issued, found, harmful)
                for kind, place, issued, found, harmful in changes
            ),
            explanations=tuple(
                Explanation(check, _ref(cell), text, self._place(place), where)
                for check, cell, text, place, where in explanations
            ),
            people=people or _NOBODY,
            received=sent.received,
            checked=self._checked(checked, sent.agency, answers) if checked else None,
            added_up=_read_number(total) if isinstance(total, str) else total,
        )

    def _checked(self, given: Json, agency: str, answers: Answers) -> Collection[Finding]:
        before, *others = (tuple(map(self._finding, findings)) for findings in given)
        return Findings(before, Blanks(self._form, agency, answers), *others) if others else before

    def _totals(self, given: Json, file: str) -> Mapping[CellRef, TotalCell]:
        if isinstance(given, str):
            return Untyped(self._slates[given], file)
        totals = (
            TotalCell(CellRef(*ref), self._place(place), typed, _read_number(value), raw, rule, by)
            for ref, place, typed, value, raw, rule, by in given
        )
        return {total.ref: total for total in totals}

    def _finding(self, given: Json) -> Finding:
        code, severity, agency, cell, place, left, right, related, follows, *rest = given
        status, reason, cause, facts = rest
        return Finding(
            code,
            _SEVERITIES[severity],
            agency,
            _ref(cell),
            self._place(place) if place else None,
            _read_number(left),
            _read_number(right),
            _refs(related),
            follows,
            _STATUSES[status],
            reason,
            _read_cause(*cause) if cause else None,
            facts,
        )

    def _place(self, given: Json) -> Place:
        file, *rest = given
        return Place(self._within + file, *rest)


@lru_cache(maxsize=256)
def _written(slate: Slate) -> tuple[str, str]:
    """Give a slate's name and its text."""
    cells = [[ref, *place] for ref, place in zip(slate.refs, slate.places, strict=True)]
    text = json.dumps(cells, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16], text


def _checked(findings: Collection[Finding] | None) -> Json:
    """Give what checks found: all of it, or what stands before and behind blanks."""
    if isinstance(findings, Findings):
        return findings.before, findings.after
    return None if findings is None else [findings]


def _odd(odd: Odd) -> Json:
    return odd.state, _number(odd.value), odd.rule


def _enclosed(enclosed: Enclosed | None) -> Json:
    if enclosed is None:
        return None
    return enclosed.path, enclosed.roster, enclosed.decisions, enclosed.totals


def _plain(value: object) -> Json:
    """Give what stands for a value that JSON does not know."""
    match value:
        case Decimal():
            return str(value)
        case Cause():
            return value.changes, value.candidates, value.explains
        case Mapping():
            return dict(value)
    raise TypeError(value)


_encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode


def _read_cause(changes: Json, candidates: Json, explains: Json) -> Cause:
    return Cause(_read_changes(changes), tuple(map(_read_changes, candidates)), tuple(explains))


def _read_changes(given: Json) -> tuple[CellChange, ...]:
    return tuple(
        CellChange(CellRef(*cell), Decimal(now), Decimal(should)) for cell, now, should in given
    )


def _ref(given: Json) -> CellRef | None:
    return CellRef(*given) if given else None


def _refs(given: Json) -> tuple[CellRef, ...]:
    return tuple(CellRef(*ref) for ref in given)


def _number(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _read_number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
