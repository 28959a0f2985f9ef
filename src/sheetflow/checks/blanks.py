"""T2, an entry is blank: half of a return may be, so these findings are made when looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING

from sheetflow.model.answers import picker
from sheetflow.model.cells import Place
from sheetflow.model.entries import State
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import Blank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sheetflow.model.answers import Answers, Slate
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form

BLANK = "T2"


def blank_entry(form: Form, agency: str, ref: CellRef, place: Place) -> Finding:
    """Say that one required entry is blank."""
    is_query = form.cells[ref].blank is Blank.QUERY
    return Finding(BLANK, Severity.QUERY if is_query else Severity.ERROR, agency, ref, place)


@dataclass(frozen=True, slots=True, eq=False)
class Required:
    """The entries of a slate that must not be blank: their numbers, and how grave it is."""

    form: Form
    slate: Slate
    numbers: tuple[int, ...]
    severities: tuple[Severity, ...]
    pick: Callable[[Sequence[str]], Sequence[str]]
    """Gives their texts among those of all."""


@lru_cache(maxsize=64)
def required(form: Form, slate: Slate) -> Required:
    """Give the entries of a slate that a form wants filled in."""
    asked = [
        (number, form.cells[ref].blank)
        for number, ref in enumerate(slate.refs)
        if ref in form.needed and form.cells[ref].blank is not Blank.ZERO
    ]
    numbers = tuple(number for number, _ in asked)
    severities = (Severity.QUERY if blank is Blank.QUERY else Severity.ERROR for _, blank in asked)
    return Required(form, slate, numbers, tuple(severities), picker(numbers))


class Blanks(Collection[Finding]):
    """The findings about a return's blank entries, of which its answers say all."""

    __slots__ = ("_answers", "agency", "required")

    def __init__(self, form: Form, agency: str, answers: Answers) -> None:
        self.agency = agency
        self.required = required(form, answers.slate)
        self._answers = answers

    @property
    def file(self) -> str:
        """The file that the return is."""
        return self._answers.file

    @property
    def is_blank(self) -> list[bool]:
        """Which of the required entries are blank."""
        numbers, odd = self.required.numbers, self._answers.odd
        blank = list(map(not_, self.required.pick(self._answers.texts)))
        if not odd:
            return blank
        return [
            odd[number].state is State.BLANK if number in odd else is_blank
            for number, is_blank in zip(numbers, blank, strict=True)
        ]

    @property
    def severities(self) -> set[Severity]:
        """How grave they are."""
        return set(compress(self.required.severities, self.is_blank))

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
    if isinstance(findings, Findings):
        return Findings((*before, *findings.before), findings.blanks, (*findings.after, *after))
    return (*before, *findings, *after)


def told(findings: Collection[Finding]) -> Collection[Finding]:
    """Give those findings about a return that say more than that an entry is blank."""
    return (*findings.before, *findings.after) if isinstance(findings, Findings) else findings


def blocking(findings: Collection[Finding]) -> set[Severity]:
    """Give how grave those findings are that keep the campaign from being final."""
    if isinstance(findings, Findings):
        return blocking(told(findings)) | findings.blanks.severities
    return {finding.severity for finding in findings if finding.blocks}
