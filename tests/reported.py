"""Makes what the tests of the report need: three agencies' figures, and readers of documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx import Document

from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text
from sheetflow.layout.sheets import form_layout
from sheetflow.model.campaign import Settings
from sheetflow.model.cells import Place, parse_cell
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.entries import Entry, State, TotalCell
from sheetflow.model.ledger import Ledger, LedgerLine, Standing
from sheetflow.model.returns import Submission
from sheetflow.model.roster import Agency, Roster
from sheetflow.reports.results import Results
from sheetflow.reports.status import STATUS_PAGE, status_pages
from sheetflow.rollup import roll_up

if TYPE_CHECKING:
    from sheetflow.model.cells import CellRef

FORM = load_form(shipped_form_text("zfxxgk-2021"), "form.toml").value
CODES = {str(ref) for ref in FORM.cells} if FORM else set()
HOSTILE = (
    "<script>alert(1)</script>]]>&amp;{{ 7*7 }}{_{x}_}{% if %}=cmd|'\x07\x00\ud800\u202e\ufffe"
)
HARMLESS = "<script>alert(1)</script>]]>&amp;{{ 7*7 }}{_{x}_}{% if %}=cmd|'\u202e"
HEADINGS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


def cell(code: str) -> CellRef:
    ref = parse_cell(code)
    assert ref
    return ref


def line(agency: str, first: int) -> LedgerLine:
    """Give a return whose entries count up from a number, so that no two cells are equal."""
    assert FORM
    entries = {
        entry.ref: Entry(entry.ref, State.NUMBER, Decimal(first + n), "", Place("a.xlsx"))
        for n, entry in enumerate(FORM.entries())
        if entry.numeric
    }
    blank = cell("documents/regulations/made")
    entries[blank] = entries[blank]._replace(state=State.BLANK, value=None)
    fee = cell("charges/fees/amount")
    entries[fee] = entries[fee]._replace(value=Decimal("18651.064104"))
    totals = {ref: TotalCell(ref, Place("a.xlsx")) for ref in FORM.leaves}
    submission = Submission(agency, "a.xlsx", "00", 1, remarks=(), entries=entries, totals=totals)
    return LedgerLine(agency, Standing.ACCEPTED, submission)


def decision(kind: DecisionKind, **keys: Any) -> Decision:  # noqa: ANN401 - a test's shorthand
    return Decision(kind, 1, "政务公开科", date(2025, 2, 10), keys.pop("why", "经核实"), **keys)


def results(
    *, missing: bool = False, name: str = "衡阳市", decisions: tuple[Decision, ...] = ()
) -> Results:
    """Settle three agencies: two accepted, the third (its name as given) missing or excused.

    code | name     | kind | standing
    city | 市政府办 |      | accepted
    yf   | 雁峰区   | 县区 | accepted
    zs   | as given |      | missing or excused
    """
    assert FORM
    roster = Roster(
        (Agency("city", "市政府办"), Agency("yf", "雁峰区", kind="县区"), Agency("zs", name))
    )
    last = LedgerLine("zs", Standing.MISSING if missing else Standing.EXCUSED, None)
    ledger = Ledger((line("city", 0), line("yf", 1000), last), (), decisions)
    return Results(
        form=FORM,
        layout=form_layout(FORM),
        settings=Settings("zfxxgk-2021", "2024", name),
        roster=roster,
        ledger=ledger,
        aggregates=roll_up(FORM, roster, ledger),
        office_texts={cell("texts/problems/text"): "一是公开方式单一。\n\n  二是队伍不稳。\n"},
    )


def status_page(given: Results) -> bytes:
    """Render status.html."""
    return b"".join(status_pages(given)[STATUS_PAGE])


def printed(given: Results) -> list[dict[tuple[int, int], str]]:
    """Give what each table must show, by row and column, labels and figures."""
    tables = []
    for sheet in given.layout.sheets:
        if sheet.grid and sheet.section.official:
            shown = {label.box: label.text for label in sheet.grid.labels}
            shown |= {slot.box: given.shown("all", slot.ref) for slot in sheet.grid.slots}
            tables.append({box.spot: text for box, text in shown.items()})
    return tables


def word_lines(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]


def word_everything(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = (c.text for table in document.tables for row in table.rows for c in row.cells)
    heads = (p.text for section in document.sections for p in section.header.paragraphs)
    return "\n".join([*word_lines(data), *cells, *heads])


class Page(HTMLParser):
    """Takes a page apart: its text, its headings, its tables by row and column, its figures."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.text = ""
        self.scripts = 0
        self.headings: list[str] = []
        self.tables: list[dict[tuple[int, int], str]] = []
        self.figures: list[tuple[str, str]] = []
        self.order: list[str] = []
        """The headings of chapters, and "table" where one stands."""
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._within: list[tuple[str, str]] = []
        self._row = -1
        self._taken: set[tuple[int, int]] = set()
        self._at = (0, 0)
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102 - as HTMLParser names it
        given = {name: value or "" for name, value in attrs}
        code = "" if "data-group" in given else given.get("data-cell", "")
        code = code if code in CODES else ""  # else it is computed from several cells
        self._within.append((tag, code))
        self.tags.append((tag, given))
        if tag == "table":
            self.order.append("table")
            self.tables.append({})
            self._row, self._taken = -1, set()
        elif tag == "tr":
            self._row += 1
        elif tag in {"td", "th"}:
            self._place(int(given.get("rowspan", 1)), int(given.get("colspan", 1)))
        elif tag == "h2":
            self.headings.append("")
            self.order.append("")
        self.scripts += tag == "script"
        if code:
            self.figures.append((code, ""))

    def _place(self, rows: int, columns: int) -> None:
        column = next(c for c in range(99) if (self._row, c) not in self._taken)
        self._at = (self._row, column)
        self._taken |= {(self._row + r, column + c) for r in range(rows) for c in range(columns)}
        self.tables[-1][self._at] = ""

    def handle_endtag(self, tag: str) -> None:  # noqa: D102 - as HTMLParser names it
        while self._within and self._within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:  # noqa: D102 - as HTMLParser names it
        tag, code = self._within[-1] if self._within else ("", "")
        if tag == "style":
            return
        self.text += data
        if tag in {"td", "th"}:
            self.tables[-1][self._at] += data
        if tag == "h2":
            self.headings[-1] += data
            self.order[-1] += data
        if code:
            self.figures[-1] = (code, self.figures[-1][1] + data)


def office_word(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    target = BytesIO()
    document.save(target)
    return target.getvalue()
