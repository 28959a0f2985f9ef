"""What goes back to an agency: its own answers, and the remarks on them, one for each cause."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.messages.catalogue import catalogue
from sheetflow.messages.terms import day_words
from sheetflow.messages.text import Language
from sheetflow.model.answers import Answers as Sent
from sheetflow.model.entries import State
from sheetflow.model.findings import Severity
from sheetflow.model.shelf import picked
from sheetflow.reports.findings import Speaker, alike
from sheetflow.settling.explaining import is_agencys
from sheetflow.workbooks.correction import FilledIn, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from sheetflow.model.answers import Slate
    from sheetflow.model.cells import CellRef
    from sheetflow.model.findings import Finding
    from sheetflow.model.form import Form
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.model.returns import Submission
    from sheetflow.reports.results import Results


_FILLED_IN = "各表中已填入你单位原来报送的内容；数字中的计量单位、逗号等已去掉，只留数字。"
_WHERE_TO_MEND = "　　请在随附的退回件中修改（标色的格上有批注），不要在原来的报表中修改"
_WHERE_TO_EXPLAIN = "；须说明的，数字无误时在退回件“自检”表的“说明”栏写明原因"


class Correction(NamedTuple):
    """What goes back to an agency: its return that counts, and the remarks on it."""

    submission: Submission
    remarks: tuple[Remark, ...]
    asked: str

    def filled_in(self) -> FilledIn:
        """Give what the agency filled in, with the remarks."""
        sent = self.submission
        values = _values(sent)
        asked = self.asked + _FILLED_IN
        return FilledIn(values, sent.people, sent.explanations, self.remarks, asked)

    def said(self) -> str:
        """Say all that `filled_in` gives in one text; the same text is the same workbook."""
        sent, entries = self.submission, self.submission.entries
        if isinstance(entries, Sent):
            values = f"{_refs(entries.slate)} {entries.keepable!r} {entries.odd}"
        else:
            values = repr(_values(sent))
        return f"{values} {dict(sent.people)} {sent.explanations} {self.remarks} {self.asked}"


def awaiting(results: Results) -> Sequence[LedgerLine]:
    """Give the agencies that have open findings to answer."""
    ledger = results.ledger
    numbers = [
        number
        for number, line in zip(ledger.numbers_with_findings, ledger.with_findings, strict=True)
        if line.submission and any(is_answerable(results, each) for each in line.findings)
    ]
    return picked(ledger.lines, numbers)


def corrections(
    results: Results, lines: Iterable[LedgerLine]
) -> Iterator[tuple[LedgerLine, Correction]]:
    """Give what goes back to each of the agencies that have something to answer."""
    speaker = Speaker(results.form, results.layout, Language.ZH)
    for line in lines:
        if line.submission:
            remarks = tuple(_remarks(results, speaker, asked_of(results, line)))
            yield line, Correction(line.submission, remarks, _asked(results, remarks))


def is_answerable(results: Results, finding: Finding) -> bool:
    """Whether the agency has to mend or explain it, not the office."""
    return finding.blocks and is_agencys(results.form, finding.code)


def asked_of(results: Results, line: LedgerLine) -> Iterable[list[Finding]]:
    """Give what an agency has to answer, errors first; what differs only in its cell is one thing.

    What follows from another finding is mended with it, and not asked.
    """
    findings = [finding for finding in line.findings if is_answerable(results, finding)]
    keys = {finding.key for finding in findings}
    causes = [finding for finding in findings if finding.consequence_of not in keys]
    causes.sort(key=lambda finding: finding.severity is not Severity.ERROR)
    return alike(causes)


def asked_words(errors: int, queries: int) -> str:
    """Say how much there is to do, as 须改正 2 处、须说明 1 处; where there is none, nothing."""
    counts = (("须改正", errors), ("须说明", queries))
    return "、".join(f"{what} {count} 处" for what, count in counts if count)


def by_when(results: Results) -> str:
    """Ask for an answer by the due day: 请于2025年1月31日前; if that is past or not set, soon."""
    due = results.settings.due
    if due is None or results.settings.is_overdue(results.day):
        return "请尽快"
    return f"请于{day_words(due)}前"


def _remarks(
    results: Results, speaker: Speaker, asked: Iterable[list[Finding]]
) -> Iterator[Remark]:
    for group in asked:
        said = speaker.say_together(group)
        cells = tuple(finding.cell for finding in group if finding.cell)
        first = group[0]
        yield Remark(
            severity=first.severity,
            title="须改正" if first.severity is Severity.ERROR else "须说明",
            code=first.code,
            cells=cells,
            place=results.layout.place(cells[0]) if cells else None,
            sentence=f"{said.about}：{said.sentence}{said.hint}{_ended(said.reason)}",
            remedy=_asked_of_agency(results.form, first.code) or said.remedy,
        )


def _ended(reason: str) -> str:
    return f"{reason.rstrip('。；')}。" if reason else ""


def _asked_of_agency(form: Form, code: str) -> str:
    entry = catalogue(form.period).get(code)
    return entry.ask if entry else ""


def _asked(results: Results, remarks: Sequence[Remark]) -> str:
    errors = sum(remark.severity is Severity.ERROR for remark in remarks)
    queries = len(remarks) - errors
    whose = results.settings.office or results.settings.name
    counts, done = asked_words(errors, queries), "改正或者写明原因" if queries else "改好"
    return f"你单位报送的报表经审核，{counts}。{by_when(results)}{done}后发回{whose}。"


def _values(submission: Submission) -> dict[CellRef, Decimal | str]:
    values: dict[CellRef, Decimal | str] = {}
    for entry in submission.entries.values():
        if entry.reported is not None:
            values[entry.ref] = entry.reported
        elif entry.raw.strip() and entry.state is not State.BLANK:
            values[entry.ref] = entry.raw
    return values


@lru_cache(maxsize=64)
def _refs(slate: Slate) -> str:
    return " ".join(map(str, slate.refs))


def notice_lines(results: Results, name: str, remarks: Sequence[Remark]) -> list[str]:
    """Write 退回通知 line by line, as it can be pasted into a chat."""
    settings = results.settings
    title = f"关于退回修改{settings.period_words}{results.form.filed}的通知"
    lines = [title, f"{name}：", f"　　{_asked(results, remarks)}"]
    for number, remark in enumerate(remarks, 1):
        place = remark.place
        where = f"“{place.sheet}”表 {place.address}" if place else "整表"
        more = f" 等 {len(remark.cells)} 格" if len(remark.cells) > 1 else ""
        lines.append(
            f"　　{number}. 【{remark.title}】{where}{more}，{remark.sentence}{remark.remedy}"
        )
    queried = any(remark.severity is not Severity.ERROR for remark in remarks)
    lines.append(f"{_WHERE_TO_MEND}{_WHERE_TO_EXPLAIN if queried else ''}。")
    lines.append(settings.office or settings.name)
    return lines
