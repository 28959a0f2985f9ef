"""Says a finding in words: place first, both sides, the difference, the other cells, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.messages.terms import TERMS, term
from sheetflow.messages.text import Language, Text
from sheetflow.model.cells import parse_cell, plain
from sheetflow.relations.formula import SheetBox, ranges
from sheetflow.relations.words import cell_words, side_words

if TYPE_CHECKING:
    from decimal import Decimal

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.cells import CellRef, Place
    from sheetflow.model.findings import Finding
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
_FOLLOWS = Text("由 {cause} 引起。", " Follows from {cause}.")


class Said(NamedTuple):
    """A finding in words."""

    where: str
    severity: str
    about: str
    sentence: str
    remedy: str
    reason: str

    def text(self) -> str:
        """Give the finding as an indented block of lines."""
        lines = [f"{self.where}  {self.severity}  {self.about}".strip()]
        lines += [f"  {line}" for line in (self.sentence, self.remedy, self.reason) if line]
        return "\n".join(lines)


class Speaker:
    """Says findings of one form in one language."""

    def __init__(self, form: Form, layout: Layout, language: Language) -> None:
        self._form = form
        self._layout = layout
        self._language = language

    def say(self, finding: Finding) -> Said:
        """Put a finding into words."""
        check = self._form.check(finding.code)
        entry = CATALOGUE.get(finding.code)
        if check:
            zh = self._language is Language.ZH
            title = check.title if zh else check.title_en
            sentence, remedy = self._relation(finding), check.remedy if zh else check.remedy_en
        elif entry:
            title = entry.title.to(self._language)
            facts = {key: self._fact(value) for key, value in finding.facts.items()}
            sentence = entry.message.to(self._language).format_map(_Facts(facts)).strip()
            remedy = entry.remedy.to(self._language)
        else:
            raise KeyError(finding.code)
        severity = term(finding.severity, self._language)
        about = cell_words(finding.cell, self._form) if finding.cell else title
        if finding.consequence_of:
            sentence += self._say(_FOLLOWS, cause=self._cause(finding.consequence_of))
        return Said(
            where=place_words(finding.place),
            severity=f"{severity} {finding.code}",
            about=about,
            sentence=sentence,
            remedy=remedy,
            reason=self._reason(finding),
        )

    def _cause(self, key: str) -> str:
        """Say the finding that another follows from, by code and address: R1 三!D9."""
        code, _, cell = key.partition(" ")
        ref = parse_cell(cell)
        if ref is None or ref not in self._layout.slots:
            return key
        place = self._layout.place(ref)
        return f"{code} {place.sheet}!{place.address}"

    def _reason(self, finding: Finding) -> str:
        if not finding.reason:
            return ""
        return f"{term(finding.status, self._language)}：{finding.reason}"

    def _relation(self, finding: Finding) -> str:
        comparison = self._comparison(finding)
        if comparison is None or finding.left is None or finding.right is None:
            return ""
        defined = self._form.definitions.get(comparison.left[0][1]) is comparison
        relation = comparison.relation
        sentence = self._say(
            _TYPED if defined else _COMPARED,
            left=plain(finding.left),
            right=plain(finding.right),
            left_words=side_words(relation, self._form, left=True),
            words=side_words(relation, self._form, left=False),
            direction=self._direction(finding.difference),
        )
        space = "" if self._language is Language.ZH else " "
        cells = " ".join(self.addresses(finding.related))
        return f"{sentence}{space}{self._say(_CELLS, cells=cells)}"

    def addresses(self, refs: tuple[CellRef, ...]) -> list[str]:
        """Give the issued addresses of cells, runs of them as ranges."""
        if not refs:
            return []
        sheet = self._layout.slots[refs[0]][0]
        return ranges(refs, lambda ref: SheetBox(*self._layout.slots[ref]), sheet)

    def _comparison(self, finding: Finding) -> Comparison | None:
        """Find the comparison that a finding is about, by check and cells."""
        for comparison in self._form.comparisons:
            cells = comparison.cells
            same = cells[0] == finding.cell and cells[1:] == finding.related
            if comparison.relation.check == finding.code and same:
                return comparison
        return None

    def _direction(self, difference: Decimal | None) -> str:
        if difference is None:
            return ""
        return self._say(_DIRECTION[difference > 0], n=plain(abs(difference)))

    def _say(self, text: Text, **facts: str) -> str:
        return text.to(self._language).format(**facts)

    def _fact(self, value: str) -> str:
        """Translate a fact `@key+key` into its terms; leave any other as it is."""
        keys = value.removeprefix("@")
        named = value.startswith("@") and all(key in TERMS for key in keys.split("+"))
        return term(keys, self._language) if named else value


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
