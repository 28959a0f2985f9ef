"""Says whose a workbook is: two witnesses must agree, or the office is asked."""

from __future__ import annotations

import hmac
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.gathering.positions import normal
from sheetflow.gathering.witnesses import Printed, Witness, marks, printed
from sheetflow.messages.periods import period_fact
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.period import parse_period
from sheetflow.workbooks.stamp import hidden_values, seal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sheetflow.gathering.agency_names import KnownNames
    from sheetflow.model.campaign import Settings
    from sheetflow.model.form import Form
    from sheetflow.model.roster import Agency
    from sheetflow.workbooks.stamp import Mark
    from sheetflow.workbooks.workbook import Workbook

_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose return it is; no agency: it could not be told, and the finding says why."""

    agency: str
    issue: int = 0
    remarks: tuple[Finding, ...] = ()
    """What is odd about the marks of a return whose agency is known all the same."""
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """All that is known of one workbook's origin."""

    hidden: Mapping[str, str]
    """What the hidden sheet says."""
    file: str
    form: Form
    settings: Settings
    names: KnownNames
    key: bytes
    heads: Printed
    marks: Mapping[Witness, Mark]
    mark: Mark | None
    """The mark that most carriers bear, if at least two do and no other has as many."""


def identify(
    workbook: Workbook,
    file: str,
    *,
    form: Form,
    settings: Settings,
    names: KnownNames,
    key: bytes,
    assigned: str,
) -> Identity:
    """Identify a workbook. `assigned` is the agency that the office named for it, or empty.

    The office says whose a file is; which form and period it is, the file says all the same.
    """
    heads = printed(workbook, form.period)
    hidden = hidden_values(workbook)
    carried = marks(workbook, heads, hidden)
    case = _Case(
        hidden, file, form, settings, names, key, heads, carried, _agreed(carried.values())
    )
    mark = case.mark or _agreed(carried.values(), least=1)
    if mark and mark.form not in (form.code, *form.former):
        return _refused(case, "I03", _all_named(case), found=mark.form, expected=form.code)
    period = _period(case, mark)
    if period and period != settings.period:
        found, expected = (period_fact(each, form.period) for each in (period, settings.period))
        return _refused(case, "I04", _all_named(case), found=found, expected=expected)
    if assigned:
        return _known(case, assigned, _seal_remarks(case, assigned))
    if case.mark:
        return _by_marks(case, case.mark)
    return _by_witnesses(case, period)


def _agreed(said: Iterable[Mark], *, least: int = _ENOUGH) -> Mark | None:
    """Give the mark that at least so many carriers bear, if no other has as many."""
    counted = Counter(said)
    most = max(counted.values(), default=0)
    ahead = [mark for mark, count in counted.items() if count == most]
    return ahead[0] if most >= least and len(ahead) == 1 else None


def _period(case: _Case, mark: Mark | None) -> str:
    """Give the period that the return says it is for; empty if it does not say one.

    Of a part of a year the year alone says nothing, unless it is another one.
    """
    if mark:
        return mark.period
    named = [period for period in map(parse_period, case.heads.periods) if period]
    alike = [str(period) for period in named if period.kind is case.form.period]
    if alike:
        return _only(alike)
    year = _only({str(period.year) for period in named})
    return "" if year == case.settings.year else year


def _by_marks(case: _Case, mark: Mark) -> Identity:
    """Follow the marks, unless cells or file name say that another agency filled the template in.

    All marks come from one template, which may have been passed on from agency to agency.
    """
    who = case.names.roster.by_code.get(mark.agency)
    if who is None or not who.files:
        return _known(case, mark.agency)
    said = _named(case)
    others = _without(case, said, mark.agency)
    claimed = {code for witness in (Witness.CELL, Witness.FILE) for code in others.get(witness, ())}
    if claimed:
        sender = _only(claimed)
        return _refused(case, "I12", {mark.agency, *claimed}, sender=sender, found=who.name)
    folder = others.get(Witness.FOLDER, frozenset())
    odd = (
        *_seal_remarks(case, who.code),
        *(() if Witness.FILE in said else _file_remarks(case, who)),
        *_name_remarks(case, who.code, folder),
    )
    return _known(case, who.code, odd)


def _without(
    case: _Case, said: Mapping[Witness, frozenset[str]], agency: str
) -> dict[Witness, frozenset[str]]:
    """Give what names agencies, but not this one nor one above or below it."""
    return {
        witness: codes
        for witness, codes in said.items()
        if agency not in codes and not any(case.names.related(agency, code) for code in codes)
    }


def _named(case: _Case) -> dict[Witness, frozenset[str]]:
    names = case.names
    said = {
        Witness.CELL: names.of_cells(case.heads.names, case.file),
        Witness.FILE: names.of_file(case.file),
        Witness.FOLDER: names.of_folder(case.file),
    }
    return {witness: codes for witness, codes in said.items() if codes}


def _by_witnesses(case: _Case, period: str) -> Identity:
    """Give the one agency that two witnesses name and none contradicts; else ask the office."""
    said = _witnesses(case)
    certain = Counter(next(iter(codes)) for codes in said.values() if len(codes) == 1)
    for agency, count in certain.most_common(1):
        known = agency in case.names.roster.by_code
        if count >= _ENOUGH and known and period and not _without(case, said, agency):
            unmarked = () if case.marks else (_remark(case, "I13", Severity.QUERY, agency),)
            return _known(case, agency, (*unmarked, *_name_remarks(case, agency)))
    return _refused(case, "I01", _all_named(case) | set(case.names.like(case.heads.names)))


def _witnesses(case: _Case) -> dict[Witness, frozenset[str]]:
    """Give whom each mark and each name names."""
    marked = {witness: frozenset({mark.agency}) for witness, mark in case.marks.items()}
    return marked | _named(case)


def _all_named(case: _Case) -> set[str]:
    return {code for codes in _witnesses(case).values() for code in codes}


def _only(codes: Collection[str]) -> str:
    return next(iter(codes)) if len(codes) == 1 else ""


def _known(case: _Case, code: str, remarks: Iterable[Finding] = ()) -> Identity:
    agency = case.names.roster.by_code.get(code)
    if agency is None:
        return _refused(case, "I02", found=code)
    if not agency.files:
        return _refused(case, "I08", found=agency.name)
    mark = case.mark or _agreed(case.marks.values(), least=1)
    return Identity(code, mark.issue if mark else 0, tuple(remarks))


def _seal_remarks(case: _Case, code: str) -> Iterator[Finding]:
    """Say what is odd about an agency's marks, other than that one was lost."""
    mark = case.mark
    if mark is None or mark.agency != code:
        return
    carried = {*case.marks.values(), *case.heads.marks}
    if any(each.agency != code for each in carried):
        yield _remark(case, "I09", Severity.QUERY, code, witnesses=_said(case))
    hidden = case.hidden
    digest = hidden.get("form_digest", "")
    if not hidden:
        yield _remark(case, "I10", Severity.NOTE, code)
    elif not hmac.compare_digest(
        seal(case.key, digest, mark).encode(), hidden.get("seal", "").encode()
    ):
        yield _remark(case, "I05", Severity.QUERY, code)
    elif mark.form == case.form.code and digest != case.form.digest:
        yield _remark(case, "I11", Severity.NOTE, code)


def _file_remarks(case: _Case, who: Agency) -> Iterator[Finding]:
    """Say that a file that names nobody is called by the end of another's name: 金井片区.xlsx."""
    short, code = case.names.short_in_file(case.file)
    own = (normal(name) for name in (who.name, *who.former_names))
    if code and not any(short in name for name in own) and not case.names.related(who.code, code):
        found = case.names.roster.by_code[code].name
        facts = {"called": short, "found": found, "expected": who.name}
        yield _remark(case, "I17", Severity.QUERY, who.code, **facts)


def _name_remarks(
    case: _Case, code: str, folder: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Say where a return lies in another's folder, or calls its agency what the roster does not."""
    by_code = case.names.roster.by_code
    if folder:
        names = "、".join(by_code[each].name for each in sorted(folder))
        yield _remark(case, "I14", Severity.QUERY, code, found=names, expected=by_code[code].name)
    strange = sorted(n for n in case.heads.names if normal(n) and not case.names.called(n))
    if strange:
        found = "、".join(strange)
        yield _remark(case, "I15", Severity.NOTE, code, found=found, expected=by_code[code].name)


def _remark(case: _Case, code: str, severity: Severity, agency: str, **facts: str) -> Finding:
    facts = {"subject": case.file, **facts}
    return Finding(code, severity, agency, place=Place(case.file), facts=facts)


def _said(case: _Case) -> str:
    """Write what every witness says, for the office to judge."""
    by_code = case.names.roster.by_code
    said = [f"{witness}：{mark.agency}" for witness, mark in case.marks.items()]
    if len(case.heads.marks) > 1:
        agencies = " ".join(sorted({mark.agency for mark in case.heads.marks}))
        said.append(f"{Witness.PRINTED}：{agencies}")
    said += [f"{Witness.CELL}：{name}" for name in sorted(case.heads.names)]
    for witness in (Witness.FILE, Witness.FOLDER):
        codes = _named(case).get(witness, frozenset())
        if codes:
            names = "、".join(by_code[code].name for code in sorted(codes))
            said.append(f"{witness}：{names}")
    return "；".join(said) or "@no_witness"


def _refused(case: _Case, code: str, candidates: Iterable[str] = (), **facts: str) -> Identity:
    by_code = case.names.roster.by_code
    known = [by_code[each] for each in sorted(candidates) if each in by_code]
    facts = {
        "subject": case.file,
        "witnesses": _said(case),
        "candidates": "、".join(f"{a.name}（{a.code}）" for a in known) or "@no_candidate",
        "sender": _only([agency.code for agency in known if agency.files]),
        **facts,
    }
    finding = Finding(code, Severity.ERROR, place=Place(case.file), facts=facts)
    return Identity("", finding=finding)
