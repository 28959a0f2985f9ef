"""Correction copies, built once and stamped: an agency's answers and the remarks on them.

The plate has a comment at each cell of the form; a copy keeps those of the cells in question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.model.cells import address
from sheetflow.model.form import LineKind
from sheetflow.model.period import period_words
from sheetflow.relations.formula import quoted
from sheetflow.workbooks.correction import (
    ASKED,
    HEAD_ROWS,
    HEADER,
    PLACE,
    SENDBACK,
    TITLE,
    comment_text,
    remark_row,
)
from sheetflow.workbooks.correction_gaps import PERSON, TEXT_COUNTS, TEXTS, Gaps
from sheetflow.workbooks.front import COVER, PEOPLE, people_row
from sheetflow.workbooks.markup import Markup, height, link
from sheetflow.workbooks.reasons import other_rows, relation_reasons
from sheetflow.workbooks.self_check import CHECKS, OTHER_STYLES, REASON, others_row
from sheetflow.workbooks.stamping import encoded, gap, own_texts, plate_of, xml_text
from sheetflow.workbooks.styles import clean_text
from sheetflow.workbooks.template import template_book

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheetflow.layout.sheets import Layout, SheetLayout
    from sheetflow.model.form import Form
    from sheetflow.workbooks.correction import FilledIn, Remark
    from sheetflow.workbooks.front import Cover
    from sheetflow.workbooks.markup import Row, Style
    from sheetflow.workbooks.stamp import Stamp
    from sheetflow.workbooks.stamping import Plate

_PERSON_STYLE: Style = ("text", "entry")
_SENDBACK_STYLES = ("cell", "cell_middle", "link", "must_mend", "must_explain")


@dataclass(frozen=True, slots=True)
class CorrectionPlate:
    """The correction copy of a form, a period and a campaign, of which each agency gets its own."""

    form: Form
    layout: Layout
    gaps: Gaps
    plate: Plate
    formats: Mapping[Style, int]

    def stamped(self, cover: Cover, stamp: Stamp, filled: FilledIn) -> bytes:
        """Give the copy of one agency."""
        title = f"{cover.agency_name}：{period_words(cover.period)}报表退回说明"
        texts = {TITLE: clean_text(title), ASKED: clean_text(filled.asked)}
        copy = _Copy(self, encoded(own_texts(cover, stamp) | texts))
        copy.fill(filled)
        return self.plate.filled(copy.given, copy.without)


def make_correction_plate(
    form: Form, layout: Layout, cover: Cover, stamp: Stamp
) -> CorrectionPlate:
    """Build a correction copy with gaps; what cover and stamp say of one agency is left out."""
    own = {name: gap(name) for name in own_texts(cover, stamp)}
    book = template_book(form, layout, cover, own, stamp.rows(), sent_back=True)
    formats = {style: book.format_number(style[0], kind=style[1]) for style in _styles(form)}
    gaps = Gaps(form, layout, [page.get_name() for page in book.worksheets()])
    parts = [*gaps.parts(book.parts())]
    return CorrectionPlate(form, layout, gaps, plate_of(parts, gaps.standing), formats)


def _styles(form: Form) -> Iterator[Style]:
    """Give the formats of all that is filled in, marked or not."""
    for measure in dict.fromkeys(cell.measure.value for cell in form.cells.values()):
        for kind in (LineKind.ENTRY, LineKind.TOTAL):
            for severity in ("", " error", " query"):
                yield measure, f"{kind.value}{severity}"
    yield from ((name, "") for name in _SENDBACK_STYLES)
    yield from dict.fromkeys((_PERSON_STYLE, *OTHER_STYLES))


class _Copy:
    """What fills the gaps for one agency, gathered sheet by sheet."""

    def __init__(self, made_from: CorrectionPlate, given: dict[bytes, bytes]) -> None:
        self._plate = made_from
        self._markup = Markup(made_from.formats, made_from.gaps.text_counts[1])
        self.given = given
        self.without: list[str] = []
        """Names of parts that this copy has not."""

    def fill(self, filled: FilledIn) -> None:
        """Fill in what the agency had filled in, and the remarks on it."""
        self._form_sheets(filled)
        self._people(filled)
        self._reasons(filled)
        self._sendback(filled)
        self._give(TEXTS, self._markup.texts())
        self._give(TEXT_COUNTS, self._markup.counts(self._plate.gaps.text_counts[0]))

    def _give(self, name: str, content: str | bytes) -> None:
        self.given[name.encode()] = content.encode() if isinstance(content, str) else content

    def _form_sheets(self, filled: FilledIn) -> None:
        marked, cells, values = filled.marked(), self._plate.form.cells, filled.values
        for sheet in self._plate.layout.sheets:
            self._note_parts(sheet, noted=any(slot.ref in marked for slot in sheet.slots))
            for slot in sheet.slots:
                remarks, value = marked.get(slot.ref, ()), values.get(slot.ref)
                if not remarks and value is None:
                    continue
                at, cell = f"{sheet.name}!{slot.box.address}", cells[slot.ref]
                severity = min((f" {remark.severity.value}" for remark in remarks), default="")
                style = (cell.measure.value, f"{cell.kind.value}{severity}")
                if cell.kind is LineKind.TOTAL:
                    self._give(at, self._markup.format(style))
                else:
                    self._give(at, self._markup.cell(style, value))
                if remarks:
                    self._note(at, remarks)

    def _note(self, at: str, remarks: Sequence[Remark]) -> None:
        note = self._plate.gaps.notes[at]
        text = xml_text(comment_text(remarks))
        self._give(f"{at} comment", note.before + text + note.after)
        self._give(f"{at} box", note.box)

    def _note_parts(self, sheet: SheetLayout, *, noted: bool) -> None:
        parts = self._plate.gaps.note_parts.get(sheet.name)
        if parts and noted:
            self._give(f"{sheet.name} drawing", parts.drawing)
            self._give(f"{sheet.name} listed", parts.listed)
        elif parts:
            self.without += parts.names

    def _people(self, filled: FilledIn) -> None:
        for row, label in enumerate(PEOPLE, people_row(self._plate.layout) + 1):
            if name := filled.people.get(label):
                self._give(f"{COVER}!{PERSON}{row}", self._markup.cell(_PERSON_STYLE, name))

    def _reasons(self, filled: FilledIn) -> None:
        form, layout = self._plate.form, self._plate.layout
        for row, points, reason in relation_reasons(form, layout, filled):
            at = f"{CHECKS}!{address(row, REASON)}"
            self._give(at, self._markup.cell(OTHER_STYLES[REASON], reason))
            self._give(f"{CHECKS} row {row + 1}", height(points))
        rows = other_rows(form, layout, filled)
        if rows:
            self._rows(CHECKS, others_row(form), rows)

    def _sendback(self, filled: FilledIn) -> None:
        rows = [remark_row(number, remark) for number, remark in enumerate(filled.remarks, 1)]
        self._rows(SENDBACK, HEAD_ROWS, rows)
        links = [
            link(address(row, PLACE), f"{quoted(place.sheet)}!{place.address}")
            for row, place in enumerate((each.place for each in filled.remarks), HEAD_ROWS)
            if place
        ]
        if links:
            self._give(f"{SENDBACK} links", f"<hyperlinks>{''.join(links)}</hyperlinks>")

    def _rows(self, sheet: str, first: int, rows: Sequence[Row]) -> None:
        """Give a sheet its last rows."""
        written = (self._markup.row(first + number, row) for number, row in enumerate(rows))
        self._give(f"{sheet} rows", "".join(written))
        last = address(first + len(rows) - 1, (REASON if sheet == CHECKS else len(HEADER) - 1))
        self._give(f"{sheet} size", f'<dimension ref="A1:{last}"/>')
