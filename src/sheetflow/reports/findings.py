"""Says a finding in words: place first, both sides, the difference, the other cells, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.messages.catalogue import catalogue
from sheetflow.messages.terms import facts_said, term
from sheetflow.messages.text import Language, Text
from sheetflow.model.cells import parse_cell, plain
from sheetflow.model.findings import Severity, Status, says_no_more
from sheetflow.relations.evaluate import compare
from sheetflow.relations.formula import SheetBox, ranges
from sheetflow.relations.words import cell_words, side_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.findings import Cause, CellChange, Finding
    from sheetflow.model.form import Comparison, Form

_DIRECTION = {True: Text("多 {n}", "{n} too much"), False: Text("少 {n}", "{n} too little")}
_TYPED = Text(
    "填写 {left}，而{words}为 {right}，{direction}。",
    "Found {left}, but {words} is {right}: {direction}.",
)
_COMPARED = Text(
    "{left_words}为 {left}，{words}为 {right}，{direction}。",
    "{left_words} is {left}, {words} is {right}: {direction}.",
)
_CELLS = Text("相关的格：{cells}。", "Cells: {cells}.")
_TOGETHER = Text(
    "机构有拆分，按{names}合计。", "Agencies were split: figures are those of {names} together."
)
_CHANGE = Text("{cell} 由 {now} 改为 {should}", "{cell} were {should}, not {now}")
_WOULD_HOLD = Text("若 {changes}，{relations}成立。", "If {changes}, {relations} would hold.")
_ONE_OF = Text(
    "改正以下任何一处，{relations}成立（仅凭数字不能判断是哪一处）：{changes}。",
    "Any of these would make {relations} hold; the figures can't tell which: {changes}.",
)
_THIS = Text("这条关系", "this relation")
_SEVERAL_RELATIONS = Text("{n} 条关系同时", "{n} relations")
_OR, _AND = Text("；或 ", "; or "), Text("、", " and ")
_MORE = Text(" 等 {n} 处", " … ({n})")
_SHOWN = 4
"""How many changes a hint names."""
_MOST_SAID = 4_000
_SEVERAL = Text("{title}（{n} 格）", "{title} ({n} cells)")
_OPEN_REASON = {
    Severity.ERROR: "says_of_error",
    Severity.QUERY: "says_nothing",
    Severity.NOTE: "agency_says",
}
_FOLLOWS = Text("由 {cause} 引起。", " Follows from {cause}.")


class Worded(NamedTuple):
    """A finding in words."""

    where: str
    severity: str
    about: str
    sentence: str
    remedy: str
    reason: str
    hint: str = ""
    """What would settle it together with others."""

    def text(self) -> str:
        """Give the finding as an indented block of lines."""
        lines = [f"{self.where}  {self.severity}  {self.about}".strip()]
        told = (self.sentence, self.hint, self.remedy, self.reason)
        lines += [f"  {line}" for line in told if line]
        return "\n".join(lines)


def alike(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    """Put findings together that differ in nothing but their cell."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_likeness(finding), []).append(finding)
    return groups.values()


def _is_met(comparison: Comparison, finding: Finding) -> bool:
    """Whether a comparison of the same cells is not the one that failed."""
    left, right = finding.left, finding.right
    return left is not None and right is not None and compare(comparison, left, right)


class Speaker:
    """Says findings of one form in one language."""

    def __init__(self, form: Form, layout: Layout, language: Language) -> None:
        self._form = form
        self._layout = layout
        self._language = language
        self._said: dict[object, Worded] = {}
        self._addresses: dict[tuple[CellRef, ...], list[str]] = {}
        self._comparisons: dict[tuple[str, CellRef | None], list[Comparison]] = {}
        for each in (*form.comparisons, *form.successions):
            self._comparisons.setdefault((each.relation.check, each.cells[0]), []).append(each)

    def say(self, finding: Finding) -> Worded:
        """Put a finding into words; those alike but for their file are put into words once."""
        alike = content(finding)
        said = self._said.get(alike)
        if said is None:
            if len(self._said) >= _MOST_SAID:
                self._said.clear()
            said = self._said[alike] = self._said_of(finding)
        return said._replace(where=place_words(finding.place))

    def _said_of(self, finding: Finding) -> Worded:
        title, sentence, remedy = self._words(finding)
        if finding.consequence_of:
            sentence += self._say(_FOLLOWS, cause=key_words(finding.consequence_of, self._layout))
        return Worded(
            where="",
            severity=f"{term(finding.severity, self._language)} {finding.code}",
            about=cell_words(finding.cell, self._form) if finding.cell else title,
            sentence=sentence,
            remedy=remedy,
            reason=self._reason(finding),
            hint=self._hint(finding.cause) if finding.cause else "",
        )

    def say_all(self, findings: Iterable[Finding]) -> Iterator[Worded]:
        """Put findings into words; those that differ in nothing but their cell become one."""
        for group in alike(findings):
            yield self.say_together(group)

    def say_together(self, findings: Sequence[Finding]) -> Worded:
        """Put findings that differ in nothing but their cell into words, as one."""
        if len(findings) == 1:
            return self.say(findings[0])
        said, place = self.say(findings[0]), findings[0].place
        cells = tuple(finding.cell for finding in findings if finding.cell)
        where = f"{place.file}  {place.sheet}!{' '.join(self.addresses(cells))}" if place else ""
        title = self._words(findings[0])[0]
        return said._replace(where=where, about=self._say(_SEVERAL, title=title, n=str(len(cells))))

    def _hint(self, cause: Cause) -> str:
        """Say the smallest change, or that several would do."""
        count = len(cause.explains)
        relations = self._say(_SEVERAL_RELATIONS if count > 1 else _THIS, n=str(count))
        if cause.changes:
            changes = self._changes(cause.changes)
            return self._say(_WOULD_HOLD, changes=changes, relations=relations)
        shown = cause.candidates[:_SHOWN]
        listed = self._say(_OR).join(self._changes(each) for each in shown)
        number = len(cause.candidates)
        more = self._say(_MORE, n=str(number)) if number > len(shown) else ""
        return self._say(_ONE_OF, changes=f"{listed}{more}", relations=relations)

    def _changes(self, changes: Sequence[CellChange]) -> str:
        parts = []
        for change in changes[:_SHOWN]:
            place = self._layout.place(change.cell)
            where = f"{place.sheet}!{place.address}"
            facts = {"cell": where, "now": plain(change.now), "should": plain(change.should)}
            parts.append(self._say(_CHANGE, **facts))
        more = self._say(_MORE, n=str(len(changes))) if len(changes) > _SHOWN else ""
        return self._say(_AND).join(parts) + more

    def _words(self, finding: Finding) -> tuple[str, str, str]:
        """Give title, sentence and remedy: from the form's check, or from the catalogue."""
        check = self._form.check(finding.code)
        if check:
            if self._language is Language.ZH:
                return check.title, self._relation(finding), check.remedy
            return check.title_en, self._relation(finding), check.remedy_en
        entry = catalogue(self._form.period)[finding.code]
        facts = facts_said(finding.facts, self._language, self._form.period)
        sentence = entry.message.to(self._language).format_map(_Facts(facts)).strip()
        return entry.title.to(self._language), sentence, entry.remedy.to(self._language)

    def _reason(self, finding: Finding) -> str:
        if not finding.reason:
            return ""
        colon = "：" if self._language is Language.ZH else ": "
        return f"{term(_whose(finding), self._language)}{colon}{finding.reason}"

    def _relation(self, finding: Finding) -> str:
        comparison, difference = self._comparison(finding), finding.difference
        left, right = finding.left, finding.right
        if comparison is None or left is None or right is None or difference is None:
            return ""
        defined = self._form.definitions.get(comparison.left[0][1]) is comparison
        relation = comparison.relation
        sentence = self._say(
            _TYPED if defined else _COMPARED,
            left=plain(left),
            right=plain(right),
            left_words=side_words(relation, self._form, left=True),
            words=side_words(relation, self._form, left=False),
            direction=self._say(_DIRECTION[difference > 0], n=plain(abs(difference))),
        )
        space = "" if self._language is Language.ZH else " "
        together = finding.facts.get("together")
        if together:
            sentence += space + self._say(_TOGETHER, names=together)
        if not finding.related:
            return sentence
        cells = " ".join(self.addresses(finding.related))
        return f"{sentence}{space}{self._say(_CELLS, cells=cells)}"

    def addresses(self, refs: tuple[CellRef, ...]) -> list[str]:
        """Give the issued addresses of cells, runs of them as ranges."""
        known = self._addresses.get(refs)
        if known is None:
            sheet = self._layout.slots[refs[0]][0] if refs else ""
            known = ranges(refs, lambda ref: SheetBox(*self._layout.slots[ref]), sheet)
            if len(self._addresses) >= _MOST_SAID:
                self._addresses.clear()
            self._addresses[refs] = known
        return known

    def _comparison(self, finding: Finding) -> Comparison | None:
        """Find the comparison that a finding is about, by check and cells."""
        for comparison in self._comparisons.get((finding.code, finding.cell), ()):
            if comparison.cells[1:] == finding.related and not _is_met(comparison, finding):
                return comparison
        return None

    def _say(self, text: Text, **facts: str) -> str:
        return text.to(self._language).format(**facts)


def _whose(finding: Finding) -> str:
    """Say whose words a finding's reason is; if it is open, why they did not close it."""
    if finding.status is not Status.OPEN:
        return finding.status
    return _OPEN_REASON[finding.severity]


def content(finding: Finding) -> Hashable:
    """Give all that a finding says but of which agency's file it says so."""
    if says_no_more(finding):
        return finding.code, finding.severity, finding.cell
    return (
        *(finding.code, finding.severity, finding.cell, finding.left, finding.right),
        *(finding.related, finding.consequence_of, finding.status, finding.reason),
        *(tuple(finding.facts.items()) if finding.facts else (), finding.cause),
    )


def _likeness(finding: Finding) -> object:
    """Say what two findings share if one sentence serves both; those with figures share nothing."""
    alone = finding.facts or finding.cause or finding.left is not None
    if finding.cell is None or finding.place is None or alone:
        return id(finding)
    place = finding.place
    return (place.file, place.sheet, finding.code, finding.severity, finding.status, finding.reason)


class _Facts(dict[str, str]):
    """Facts for a message; one that a message names and the finding lacks shows as empty."""

    def __missing__(self, key: str) -> str:
        return ""


def place_words(place: Place | None) -> str:
    """Write a place: `returns/a.xlsx  三!D31` or `decisions.toml:12`."""
    if place is None:
        return ""
    if place.sheet:
        return f"{place.file}  {place.sheet}!{place.address}".rstrip("!")
    return f"{place.file}:{place.line}" if place.line else place.file


def key_words(key: str, layout: Layout) -> str:
    """Say which finding is meant, by code and address: `R1 三!D9`."""
    code, _, cell = key.partition(" ")
    ref = parse_cell(cell)
    if ref is None or ref not in layout.slots:
        return key
    place = layout.place(ref)
    return f"{code} {place.sheet}!{place.address}"
