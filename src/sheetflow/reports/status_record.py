"""What status.html knows, as one frozen record; its field names are those that the page reads.

Cells, agencies, groups and decisions are named by their index. Figures are exact text, one for each
numeric cell of the form, joined by spaces: of a thousand agencies they take a third of a megabyte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NONE = -1
"""The index of nothing."""


@dataclass(frozen=True, slots=True)
class CellRecord:
    """A numeric cell of the form."""

    code: str
    words: str
    sheet: str
    address: str
    """Where it stands in the workbook as issued."""
    parts: tuple[tuple[int, int], ...]
    """Of a total: factor and index of each entry cell that it adds."""


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """What all findings of a code have in common."""

    title: str
    remedy: str
    ask: str
    """What the agency is asked to do; empty: it is for the office to decide."""


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """One finding in words, or several that differ in nothing but their cell."""

    code: str
    severity: str
    status: str
    count: int
    """How many findings it says as one."""
    agency: int
    file: str
    where: str
    """Sheet and addresses in the file."""
    about: str
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that came in, and what became of it."""

    path: str
    verdict: str
    words: str
    reason: str
    received: str
    sha256: str
    differs: int
    """In how many cells it differs from the return beside it; NONE: it can't be compared."""


@dataclass(frozen=True, slots=True)
class OddRecord:
    """An entry that is more than the figure that its agency typed."""

    cell: int
    state: str
    raw: str
    own: str
    """What the agency reported, where a decision set another figure."""
    reason: str
    decision: int


@dataclass(frozen=True, slots=True)
class TextRecord:
    """The beginning of a text that an agency wrote; `whole` unless there is more of it."""

    heading: str
    text: str
    place: str
    whole: bool


@dataclass(frozen=True, slots=True)
class MarkRecord:
    """A cell of an agency about which there is an open finding."""

    cell: int
    code: str
    severity: str


@dataclass(frozen=True, slots=True)
class FiguresRecord:
    """The figures of one return.

    A figure is a number, or how the entry stands instead: b blank, n 不适用, t text, u unreadable,
    `.` nothing.
    """

    values: str
    file: str
    sheets: tuple[tuple[str, str], ...]
    """File and sheet of cells; `spots` names them by number."""
    spots: str
    """Place of each cell as `0.D9`; empty: all as issued."""
    odd: tuple[OddRecord, ...]
    texts: tuple[TextRecord, ...]


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """One agency that must file."""

    code: str
    name: str
    above: str
    kind: str
    contact: str
    standing: str
    received: str
    figures: FiguresRecord | None
    """None: no return of it counts."""
    marks: tuple[MarkRecord, ...]
    findings: tuple[FindingRecord, ...]
    history: tuple[FileRecord, ...]


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A group with its totals; `values` and `reported` are joined as figures are."""

    code: str
    title: str
    kind: str
    """all, tree or kind."""
    depth: int
    members: tuple[int, ...]
    expected: int
    values: str
    reported: str
    before: str
    """Last period's figures, joined as figures are; empty: not known."""
    shown: Mapping[int, str]
    """What the tables print where it is not the exact figure."""
    decisions: tuple[int, ...]
    """Those that add to its totals."""


@dataclass(frozen=True, slots=True)
class ScopeRecord:
    """Agencies to look at together: those of a group, or those directly under the whole."""

    title: str
    depth: int
    group: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RegionRecord:
    """Agencies that have a page of their own; `values` are their sums, joined as figures are."""

    title: str
    page: str
    standings: Mapping[str, int]
    """How many agencies stand how."""
    open: int
    """How many findings are open."""
    values: str


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """处理决定 in words, and the cell that it is about."""

    kind: str
    subject: str
    about: str
    what: str
    why: str
    by: str
    on: str
    cell: int
    add: str


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """All that the page shows."""

    title: str
    name: str
    due: str
    draft: bool
    words: Mapping[str, str]
    """Standings, severities and states of findings in Chinese."""
    cells: tuple[CellRecord, ...]
    checks: Mapping[str, CheckRecord]
    groups: tuple[GroupRecord, ...]
    scopes: tuple[ScopeRecord, ...]
    agencies: Sequence[AgencyRecord]
    """Made anew each time that somebody walks along them: there may be many."""
    decisions: tuple[DecisionRecord, ...]
    findings: tuple[FindingRecord, ...]
    """Those that belong to no agency's return."""
    files: tuple[FileRecord, ...]
    """Those that are known to be no agency's."""
    unchecked: tuple[tuple[str, int], ...]
    """Checks 不可核, and for how many agencies."""
    parts: tuple[RegionRecord, ...]
    """Where one page can't show every agency: those that together do. Then `agencies` is empty."""
