"""催报: whom to call first, what to write to each, and who was on time, for the leaders."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.messages.periods import in_period_words
from sheetflow.messages.terms import day_words, term
from sheetflow.messages.text import Language
from sheetflow.model.cells import plain
from sheetflow.model.findings import Severity, Status
from sheetflow.model.ledger import Standing
from sheetflow.model.sentences import ListBy, Listing
from sheetflow.relations.evaluate import with_known_totals
from sheetflow.reports.comparison import percentage
from sheetflow.reports.corrections import asked_of, asked_words, by_when
from sheetflow.workbooks.text_tables import TextTable

if TYPE_CHECKING:
    from sheetflow.model.cells import CellRef
    from sheetflow.model.findings import Finding
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.reports.results import Results

_WAITING = (Standing.MISSING, Standing.REJECTED, Standing.QUERIED)
_ORDER = {standing: number for number, standing in enumerate(_WAITING)}
_IDENTITY = "I"
"""How the codes of findings begin that say whose a return is, and which one counts."""
_CALL_HEADER = ("序号", "代码", "名称", "联系人", "状态", "待办", "影响（{上年}的数）")
_TIME_HEADER = ("序号", "代码", "名称", "类别", "首次收到", "是否按时", "报送状态")


@dataclass(frozen=True, slots=True)
class Reminder:
    """An agency that is waited for: what it has to do, and how much hangs on it."""

    line: LedgerLine
    errors: int
    queries: int
    unsettled: str
    """What has to be settled with it where nothing is sent back, as which of its returns counts."""
    unused: Finding | None
    """Why a file that can only have come from it is not used; None: there is none."""
    effect: Decimal
    """Its figure of the last period in the cell by which the form ranks agencies; 0: not known."""


def reminders(results: Results) -> tuple[Reminder, ...]:
    """Give the agencies that are waited for: 未报 first, then by how much hangs on them.

    Where only the office's own decisions are open, nobody waits for the agency.
    """
    still_open = (f for f in results.ledger.other_findings if f.status is Status.OPEN)
    sent = [finding for finding in still_open if finding.facts.get("sender")]
    sent.sort(key=lambda finding: finding.blocks)  # of a scan and a return the return is named
    unused = {finding.facts["sender"]: finding for finding in sent}
    standing = (line for line in results.ledger.lines if line.standing in _WAITING)
    found = [_reminder(results, line, unused.get(line.agency)) for line in standing]
    waiting = [
        each
        for each in found
        if each.line.standing is Standing.MISSING or each.errors + each.queries or each.unsettled
    ]
    waiting.sort(key=lambda each: (_ORDER[each.line.standing], -each.effect, -each.errors))
    return tuple(waiting)


def _reminder(results: Results, line: LedgerLine, unused: Finding | None) -> Reminder:
    severities = [alike[0].severity for alike in asked_of(results, line)]
    errors = severities.count(Severity.ERROR)
    previous, cell = results.last.by_agency.get(line.agency), _ranked_by(results)
    before = with_known_totals(results.form, previous.figures) if previous else {}
    known = before.get(cell) if cell else None
    queries = len(severities) - errors
    unsettled = "" if severities else _unsettled(line)
    return Reminder(line, errors, queries, unsettled, unused, known or Decimal(0))


def _unsettled(line: LedgerLine) -> str:
    codes = (each.code for each in line.findings if each.blocks and each.code.startswith(_IDENTITY))
    return "、".join(CATALOGUE[code].title.zh for code in dict.fromkeys(codes))


def _ranked_by(results: Results) -> CellRef | None:
    parts = (part for sentence in results.form.sentences for part in sentence.parts)
    ranked = (p.cell for p in parts if isinstance(p, Listing) and p.by is ListBy.LARGEST)
    return next(ranked, None)


def reminder_texts(results: Results) -> list[str]:
    """Write a text for each agency that is waited for, ready to be sent."""
    settings, by = results.settings, _by_when(results)
    whose = settings.office or settings.name
    task = f"{settings.period_words}{results.form.filed}"
    texts = []
    for each in reminders(results):
        agency = results.roster.by_code[each.line.agency]
        contact = f"（联系人：{agency.contact}）" if agency.contact else ""
        asked = asked_words(each.errors, each.queries)
        match each.line.standing:
            case Standing.MISSING:
                fill = f"{by}用下发的空表填好发回{whose}；没有发生的填 0，零报告也要报。"
                todo = f"{_not_here(each.unused)}。{fill}"
            case _ if each.unsettled:
                todo = f"须核实：{each.unsettled}。{by}与{whose}联系。"
            case Standing.REJECTED:
                todo = f"已退回，{asked}，尚未重报。{by}在退回件中改好发回{whose}。"
            case _:
                asked = f"有 {each.queries} 处须说明"
                todo = f"{asked}。{by}在“自检”表“说明”栏写明原因，或者改正后发回{whose}。"
        texts.append(f"{agency.name}{contact}：你单位的{task}{todo}")
    return texts


def _by_when(results: Results) -> str:
    due, by = results.settings.due, by_when(results)
    if due is not None and results.settings.is_overdue(results.day):
        return f"报送截止日期{day_words(due)}已过，{by}"
    return by


def _not_here(unused: Finding | None) -> str:
    if unused is None or unused.place is None:
        return "尚未收到"
    name = unused.place.file.rpartition("/")[2]
    return f"尚未采用：收到的“{name}”（{CATALOGUE[unused.code].title.zh}）"


def call_list(results: Results) -> TextTable:
    """List whom to call, in that order."""
    rows = []
    for number, each in enumerate(reminders(results), 1):
        agency = results.roster.by_code[each.line.agency]
        missing = each.line.standing is Standing.MISSING
        sent = "重新报送" if each.unused else "报送"
        asked = each.unsettled or asked_words(each.errors, each.queries)
        todo = sent if missing else asked
        effect = plain(each.effect) if each.effect else "—"
        standing = term(each.line.standing, Language.ZH)
        rows.append((str(number), agency.code, agency.name, agency.contact, standing, todo, effect))
    header = tuple(in_period_words(name, results.form.period) for name in _CALL_HEADER)
    return TextTable("催报名单", header, (7, 14, 36, 24, 10, 30, 18), tuple(rows))


def on_time_table(results: Results) -> TextTable:
    """List every agency with the day of its first return, and whether that was on time."""
    rows = []
    for number, line in enumerate(results.ledger.lines, 1):
        agency = results.roster.by_code[line.agency]
        day = line.first_received.isoformat() if line.first_received else "—"
        standing = term(line.standing, Language.ZH)
        judged = _judged(results, line)
        rows.append((str(number), agency.code, agency.name, agency.kind, day, judged, standing))
    return TextTable("按时报送情况", _TIME_HEADER, (8, 19, 36, 16, 20, 16, 16), tuple(rows))


def _judged(results: Results, line: LedgerLine) -> str:
    if line.standing in (Standing.MISSING, Standing.EXCUSED):
        return term(line.standing, Language.ZH)
    due, received = results.settings.due, line.first_received
    if due is None or received is None:
        return "不明"
    return "按时" if received <= due else "迟报"


def on_time_words(results: Results) -> str:
    """Sum up who was on time: 应报 37 个单位，截至2025年1月31日按时报送 37 个，按时率 100%."""
    judged = [_judged(results, line) for line in results.ledger.lines]
    expected = sum(each != term(Standing.EXCUSED, Language.ZH) for each in judged)
    due = results.settings.due
    if due is None or "不明" in judged:
        return f"应报 {expected} 个单位；没有截止日期或收到日期不明，不能判断是否按时。"
    on_time, late = judged.count("按时"), judged.count("迟报")
    rate = percentage(Decimal(on_time), Decimal(expected))
    missing = expected - on_time - late
    return (
        f"应报 {expected} 个单位，截至{day_words(due)}按时报送 {on_time} 个，按时率 {rate}；"
        f"迟报 {late} 个，未报 {missing} 个。"
    )
