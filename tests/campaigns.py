"""Makes what the tests of decisions, sums and campaigns need: a small form, rosters, answers.

Answers are written as the table is: a line an item, a figure a column.

    new 3 1        one figure for 个人, one for 单位; what is not named was answered with 0
    new 3 -        - is a blank, ? a text that is no number, . the issued formula
    new 3 1 5      a third figure is a typed total
"""

from __future__ import annotations

import functools
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import DECISIONS, RETURNS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.merging import merge
from sheetflow.campaign.starting import start_campaign
from sheetflow.definitions.decisions import load_decisions
from sheetflow.definitions.form import load_form
from sheetflow.definitions.roster import csv_rows, load_roster
from sheetflow.layout.sheets import form_layout
from sheetflow.model.campaign import Settings
from sheetflow.model.cells import CellRef, Place, parse_cell
from sheetflow.model.entries import Entry, State, TotalCell
from sheetflow.model.form import LineKind
from sheetflow.model.returns import ReturnFile, Submission, Verdict
from sheetflow.settling.ledger import settle
from sheetflow.workbooks.filling import fill

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.decisions import Decision
    from sheetflow.model.form import Form
    from sheetflow.model.ledger import Ledger
    from sheetflow.model.roster import Roster
    from sheetflow.reports.results import Results

HEAD = """\
[form]
code = "small"
title = "申请情况"
letter = "示例"
period = "year"
preamble = "{year}年"

[[section]]
code = "一"
heading = "一、申请情况"

[[section]]
code = "二"
heading = "二、文字"

[[table]]
code = "t"
section = "一"
"""
CHECKS = {
    "B1": ("error", "t", "columns", "[done.total] + [left] = [new]"),
    "B2": ("error", "t", "columns", "[done.total] = [done.*]"),
    "B3": ("error", "t", "items", "[total] = [person] + [firm]"),
    "B4": ("query", "t", "columns", "[left] <= [new]"),
    "B5": ("error", "fees", "items", "[net] = [paid] - [back]"),
}
COLUMNS = {"t": ("person", "firm", "total"), "fees": ("paid", "back", "net")}
SIGNED = 'by = "公开科"\non = 2025-02-10\n'


def form_text() -> str:
    """Write the small form: requests that balance, and fees of which some are paid back."""
    lines = [HEAD]
    lines += _lines("column", "t", "person 个人", "firm 单位", "total 总计 total")
    lines += _lines("item", "t", "new 新收", "done 办理 heading", "done.yes 公开", "done.no 不公开")
    lines += _lines("item", "t", "done.total 办结 total", "left 结转")
    lines.append('blank = "query"\n[[table]]\ncode = "fees"\nsection = "一"\nmeasure = "amount"')
    lines += _lines("column", "fees", "paid 收取", "back 退还", "net 净额 total")
    lines += _lines("item", "fees", "copies 复制")
    lines.append('[[table]]\ncode = "words"\nsection = "二"\nshape = "texts"\nrequired = false')
    lines.append('measure = "text"')
    lines += _lines("column", "words", "text 文字")
    lines += _lines("item", "words", "story 情况")
    for code, (severity, table, along, holds) in CHECKS.items():
        lines.append(f'[[check]]\ncode = "{code}"\nseverity = "{severity}"')
        keys = ("title", "title_en", "why", "why_en", "remedy", "remedy_en")
        lines += [f'{key} = "{code} {key}"' for key in keys]
        lines.append(f'[[relation]]\ncheck = "{code}"\ntable = "{table}"\nalong = "{along}"')
        lines.append(f'holds = "{holds}"')
    lines.append('[[sentence]]\ncell = "words/story/text"\nsays = "新收[t/new/total]件。"')
    return "\n".join(lines) + "\n"


def _lines(kind: str, table: str, *lines: str) -> list[str]:
    written = []
    for line in lines:
        code, label, *rest = line.split()
        written.append(f'[[{kind}]]\ntable = "{table}"\ncode = "{code}"\nlabel = "{label}"')
        written += [f'kind = "{rest[0]}"'] if rest else []
    return written


@functools.cache
def small_form() -> Form:
    """Load the small form."""
    loaded = load_form(form_text(), "form.toml")
    assert loaded.value, loaded.findings
    return loaded.value


def roster_of(text: str) -> Roster:
    """Read a roster from lines `code name parent kind`, a dot for nothing."""
    loaded = load_roster(csv_rows(roster_csv(text)), "roster.csv")
    assert loaded.value, loaded.findings
    return loaded.value


def roster_csv(text: str) -> bytes:
    """Write a roster file from lines `code name parent kind`, a dot for nothing."""
    rows = [",".join("" if w == "." else w for w in line.split()) for line in text.splitlines()]
    return "\n".join(["code,name,parent,kind", *filter(None, rows)]).encode()


def ref(code: str) -> CellRef:
    """Read a cell's code."""
    parsed = parse_cell(code)
    assert parsed, code
    return parsed


def answers(text: str) -> dict[CellRef, str]:
    """Read answers as the module's docstring writes them."""
    given: dict[CellRef, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        item, *figures = line.split()
        table = "fees" if item == "copies" else "t"
        for column, figure in zip(COLUMNS[table], figures, strict=False):
            given[CellRef(table, item, column)] = figure
    return given


def submission(agency: str, text: str = "", *, issue: int = 1, name: str = "") -> Submission:
    """Make what was read from an agency's return."""
    form, given = small_form(), answers(text)
    file = f"returns/{name or agency}.xlsx"
    layout = form_layout(form)
    entries: dict[CellRef, Entry] = {}
    totals: dict[CellRef, TotalCell] = {}
    for cell in form.cells.values():
        place = layout.place(cell.ref, file)
        raw = given.get(cell.ref, "")
        if cell.kind is LineKind.TOTAL:
            totals[cell.ref] = TotalCell(cell.ref, place)
            if raw not in ("", "."):
                totals[cell.ref] = TotalCell(
                    cell.ref, place, typed=True, value=Decimal(raw), raw=raw
                )
        elif not cell.numeric:
            entries[cell.ref] = Entry(cell.ref, State.BLANK, None, "", place)
        else:
            entries[cell.ref] = _entry(cell.ref, raw or "0", place)
    sha256 = hashlib.sha256(f"{agency} {text} {issue} {name}".encode()).hexdigest()
    return Submission(agency, file, sha256, issue, remarks=(), entries=entries, totals=totals)


def _entry(cell: CellRef, raw: str, place: Place) -> Entry:
    if raw == "-":
        return Entry(cell, State.BLANK, None, "", place)
    if raw == "?":
        return Entry(cell, State.UNREADABLE, None, raw, place, "not_a_number")
    return Entry(cell, State.NUMBER, Decimal(raw), raw, place)


def file_of(sent: Submission) -> ReturnFile:
    """Give the file that a submission was read from."""
    return ReturnFile(sent.file, 1, sent.sha256, "xlsx", "", Verdict.USED, "", sent.agency)


def decided(roster: Roster, text: str) -> tuple[Decision, ...]:
    """Read decisions; each is signed already, and its reason is its kind if it gives none."""
    loaded = load_decisions(signed(text), DECISIONS, small_form(), roster)
    assert not loaded.findings, loaded.findings
    return loaded.value or ()


def signed(text: str) -> str:
    """Write decisions `[[kind]] key = value; key = value`, one a line, with by, on and why."""
    written = []
    for line in filter(None, map(str.strip, text.splitlines())):
        head, _, keys = line.partition("]]")
        why = "" if "why =" in keys else f'why = "{head.strip("[")}"\n'
        body = "\n".join(key.strip() for key in keys.split(";"))
        written.append(f"{head}]]\n{body}\n{why}{SIGNED}")
    return "\n".join(written)


def settled(roster: Roster, sent: list[Submission], decisions: str = "") -> Ledger:
    """Settle the ledger of a roster, some submissions and some decisions."""
    files = [file_of(each) for each in sent]
    return settle(
        small_form(), roster, decided(roster, decisions), submissions=sent, files=files, findings=()
    )


def short(ledger: Ledger, agency: str = "") -> list[str]:
    """Give the findings as `code cell status`, of one agency or of all."""
    return [
        " ".join(filter(None, (f.code, str(f.cell or ""), f.status.value)))
        for f in ledger.findings
        if agency in ("", f.agency)
    ]


def start(root: Path, roster: str) -> Path:
    """Make a campaign of the small form; the roster is written as in `roster_of`."""
    source = root.parent / f"{root.name}-roster.csv"
    source.write_bytes(roster_csv(roster))
    settings = Settings(form="small", period="2024", name="某市")
    start_campaign(root, settings, form_text(), source)
    return root


def send(root: Path, **texts: str) -> None:
    """Issue the templates and put a filled one of each named agency into returns/."""
    issued = {each.agency: each.path for each in issue_templates(open_campaign(root))}
    for agency, text in texts.items():
        target = root / RETURNS / f"{agency}.xlsx"
        target.write_bytes(filled(issued[agency].read_bytes(), text))


def merged(root: Path) -> Results:
    """Merge a campaign, whatever was merged before."""
    campaign = open_campaign(root)
    results = compute(campaign)
    merge(campaign, results)
    return results


def filled(template: bytes, text: str) -> bytes:
    """Fill a template of the small form."""
    form, layout, given = small_form(), form_layout(small_form()), answers(text)
    values: dict[Place, int | float | str | None] = {}
    for cell in form.cells.values():
        raw = given.get(cell.ref, "0" if cell.kind is LineKind.ENTRY and cell.numeric else ".")
        if raw != ".":
            values[layout.place(cell.ref)] = _typed(raw)
    return fill(template, values)


def _typed(raw: str) -> int | float | str | None:
    if raw == "-":
        return None
    if raw == "?":
        return raw
    return float(raw) if "." in raw else int(raw)


def decide(root: Path, text: str) -> None:
    """Write decisions into a campaign."""
    (root / DECISIONS).write_text(signed(text), encoding="utf-8")


_NOTES = frozenset({"cache.sqlite3", "merged.json", "copies.json"})


def snapshot(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder with its bytes, but for what says nothing: cache, note."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in _NOTES
    }
