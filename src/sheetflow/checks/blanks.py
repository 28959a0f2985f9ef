"""T2, T7, an entry is blank: half of a return may be, so these are made when looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.model.answers import picker
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import Blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sheetflow.model.answers import Answers, Pick, Slate
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Cell, Form

BLANK, UNWRITTEN = "T2", "T7"


@lru_cache(maxsize=16)
def asked(form: Form) -> Mapping[CellRef, Severity]:
    """Give the entries that must not be blank, and how grave it is if one is."""
    needed = (cell for ref, cell in form.cells.items() if ref in form.needed)
    return {cell.ref: _gravity(cell) for cell in needed if cell.blank is not Blank.ZERO}


def _gravity(cell: Cell) -> Severity:
    return Severity.QUERY if cell.blank is Blank.QUERY else Severity.ERROR


def blank_entry(form: Form, agency: str, ref: CellRef, place: Place) -> Finding:
    """Say that one required entry is blank: a figure, or a text."""
    code = BLANK if form.numeric[ref] else UNWRITTEN
    return Finding(code, _gravity(form.cells[ref]), agency, ref, place)


class _Some(NamedTuple):
    """Some entries of a slate, by their numbers, and what picks them."""

    numbers: tuple[int, ...]
    pick: Pick


@dataclass(frozen=True, slots=True, eq=False)
class Required:
    """The entries of a slate that must not be blank, by their numbers."""

    form: Form
    slate: Slate
    numbers: tuple[int, ...]
    by_severity: Mapping[Severity, _Some]
    """Those of which it is so grave if one is."""


@lru_cache(maxsize=64)
def required(form: Form, slate: Slate) -> Required:
    """Give the entries of a slate that a form wants filled in."""
    severities = asked(form)
    found = {n: severities[ref] for n, ref in enumerate(slate.refs) if ref in severities}
    by_severity: dict[Severity, list[int]] = {}
    for number, severity in found.items():
        by_severity.setdefault(severity, []).append(number)
    some = {each: _Some(tuple(those), picker(those)) for each, those in by_severity.items()}
    return Required(form, slate, tuple(found), some)


class Blanks(Collection[Finding]):
    """The findings about a return's blank entries, of which its answers say all."""

    __slots__ = ("_answers", "agency", "required")

    def __init__(self, form: Form, agency: str, answers: Answers) -> None:
        self.agency = agency
        self.required = required(form, answers.slate)
        self._answers = answers

    def __reduce__(self) -> tuple[type[Blanks], tuple[Form, str, Answers]]:
        return Blanks, (self.required.form, self.agency, self._answers)

    @property
    def file(self) -> str:
        """The file that the return is."""
        return self._answers.file

    @property
    def is_blank(self) -> list[bool]:
        """Which of the required entries are blank."""
        return self._answers.are_blank(self.required.numbers)

    @property
    def severities(self) -> set[Severity]:
        """How grave they are."""
        has_blank, by_severity = self._answers.has_blank, self.required.by_severity
        return {severity for severity, some in by_severity.items() if has_blank(*some)}

    def __bool__(self) -> bool:
        return bool(self.severities)

    @property
    def possible(self) -> Iterator[Finding]:
        """What would be found if all of them were blank."""
        return self._of(self.required.numbers)

    def __iter__(self) -> Iterator[Finding]:
        return self._of(compress(self.required.numbers, self.is_blank))

    def _of(self, numbers: Iterable[int]) -> Iterator[Finding]:
        form, slate = self.required.form, self.required.slate
        for number in numbers:
            place = Place(self.file, *slate.places[number])
            yield blank_entry(form, self.agency, slate.refs[number], place)

    def __len__(self) -> int:
        return sum(self.is_blank)

    def __contains__(self, finding: object) -> bool:
        return finding in tuple(self)


class Findings(Collection[Finding]):  # noqa: PLW1641 - facts have no hash
    """The findings about a return, in order; those of blank entries are made when looked at."""

    __slots__ = ("after", "before", "blanks")

    def __init__(self, before: Iterable[Finding], blanks: Blanks, after: Iterable[Finding]) -> None:
        self.before = tuple(before)
        self.blanks = blanks
        self.after = tuple(after)

    def __iter__(self) -> Iterator[Finding]:
        yield from self.before
        yield from self.blanks
        yield from self.after

    def __len__(self) -> int:
        return len(self.before) + len(self.blanks) + len(self.after)

    def __contains__(self, finding: object) -> bool:
        return finding in tuple(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Findings | tuple) and tuple(self) == tuple(other)


def extended(
    findings: Collection[Finding], *, before: Iterable[Finding] = (), after: Iterable[Finding] = ()
) -> Collection[Finding]:
    """Put others before and behind the findings about a return."""
    first, last = tuple(before), tuple(after)
    if not first and not last:
        return findings
    if isinstance(findings, Findings):
        return Findings((*first, *findings.before), findings.blanks, (*findings.after, *last))
    return (*first, *findings, *last)


def besides_blanks(findings: Collection[Finding]) -> Collection[Finding]:
    """Give those findings about a return that say more than that an entry is blank."""
    return (*findings.before, *findings.after) if isinstance(findings, Findings) else findings


def blocking(findings: Collection[Finding]) -> set[Severity]:
    """Give how grave those findings are that keep the campaign from being final."""
    if isinstance(findings, Findings):
        return blocking(besides_blanks(findings)) | findings.blanks.severities
    return {finding.severity for finding in findings if finding.blocks}
