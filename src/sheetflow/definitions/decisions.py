"""Reads decisions.toml: a faulty decision is a finding and is not applied, the others are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.definitions.lines import Fields, nearest, parse_toml, shown
from sheetflow.layout.sheets import form_layout
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.model.cells import Place, parse_cell
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.form import Measure
from sheetflow.model.roster import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.cells import CellRef
    from sheetflow.model.form import Form
    from sheetflow.model.roster import Roster

_SHA256 = re.compile(r"[0-9a-f]{8,64}")
_ADDRESS = re.compile(r"[!！]")


def load_decisions(
    text: str, file: str, form: Form, roster: Roster
) -> Outcome[tuple[Decision, ...]]:
    """Read the decisions in the file's order; None only where the file is not TOML at all."""
    parsed = parse_toml(text, file)
    if parsed.value is None:
        return Outcome(None, parsed.findings)
    document = parsed.value
    top = Fields(document, (), [])
    tables = [(kind, each.path) for kind in DecisionKind for each in top.tables(kind)]
    top.done()
    findings = [_fault_of(fault.facts["key"], top, fault) for fault in top.faults]
    names = _names(form, roster)
    layout = form_layout(form) if _ADDRESS.search(text) else None
    read: list[Decision] = []
    for kind, path in sorted(tables, key=lambda table: document.lines.get(table[1], 0)):
        fields = Fields(document, path, [])
        decision = _Reader(kind, fields, form, names, layout).read()
        findings += [_fault_of(kind, fields, fault) for fault in fields.faults]
        if not fields.faults:
            read.append(decision)
    contradicting = _contradictions(read)
    findings += [_contradiction(file, *pair) for pair in contradicting]
    refused = [decision for pair in contradicting for decision in pair]
    return Outcome(tuple(d for d in read if d not in refused), tuple(findings))


class _Names(NamedTuple):
    """What decisions may name, gathered once, in the order of roster and form."""

    agencies: Mapping[str, None]
    groups: Mapping[str, None]
    checks: Mapping[str, None]
    tables: Mapping[str, None]
    cells: Mapping[str, None]
    entries: Mapping[str, None]
    """Cells that ask for a figure."""
    summed: Mapping[str, None]
    """Those of them that are added up."""


def _names(form: Form, roster: Roster) -> _Names:
    kinds = (f"kind:{kind}" for kind in roster.kinds)
    entries = [cell.ref for cell in form.entries() if cell.numeric]
    return _Names(
        agencies=dict.fromkeys(agency.code for agency in roster.agencies if agency.files),
        groups=dict.fromkeys((ALL, *(agency.code for agency in roster.agencies), *kinds)),
        checks=dict.fromkeys((*(check.code for check in form.checks), *CATALOGUE)),
        tables=dict.fromkeys(table.code for table in form.tables),
        cells=dict.fromkeys(map(str, form.cells)),
        entries=dict.fromkeys(map(str, entries)),
        summed=dict.fromkeys(str(ref) for ref in entries if form.adds(ref)),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one decision of a known kind; what is wrong with it is added to the fields' faults."""

    kind: DecisionKind
    fields: Fields
    form: Form
    names: _Names
    layout: Layout | None
    """None where no cell is called by sheet and address."""

    def read(self) -> Decision:
        fields = self.fields
        signed = Decision(
            kind=self.kind,
            line=fields.place().line,
            by=fields.text("by"),
            on=fields.date("on"),
            why=fields.text("why"),
            seen=fields.text("seen", ""),
        )
        decision = self._decided(signed)
        fields.done()
        return decision

    def _decided(self, signed: Decision) -> Decision:
        match self.kind:
            case DecisionKind.ADJUST if "group" in self.fields:
                return self._group_adjusted(signed)
            case DecisionKind.ADJUST:
                return self._adjusted(signed)
            case DecisionKind.WAIVE if "sha256" in self.fields:
                check = self._known("check", self.names.checks)
                return replace(signed, sha256=self._sha256(), check=check)
            case DecisionKind.WAIVE:
                cell = self._cell(self.names.cells) if "cell" in self.fields else None
                check = self._known("check", self.names.checks)
                return replace(signed, agency=self._agency(), check=check, cell=cell)
            case DecisionKind.BLANK_ZERO:
                table = self._known("table", self.names.tables) if "table" in self.fields else ""
                return replace(signed, agency=self._agency(), table=table)
            case DecisionKind.ASSIGN | DecisionKind.CHOOSE:
                return replace(signed, agency=self._agency(), sha256=self._sha256())
            case DecisionKind.EXCUSE:
                return replace(signed, agency=self._agency())

    def _adjusted(self, signed: Decision) -> Decision:
        agency, cell = self._agency(), self._cell(self.names.entries)
        is_share = cell is not None and self.form.cells[cell].measure is Measure.PERCENT
        value = self.fields.percentage("value") if is_share else self.fields.number("value")
        if cell and (value < 0 or not self._fits(cell, value)):
            self._wrong("value", f"@{self.form.cells[cell].measure}")
        return replace(signed, agency=agency, cell=cell, value=value)

    def _group_adjusted(self, signed: Decision) -> Decision:
        group = self._known("group", self.names.groups)
        cell = self._cell(self.names.summed, "@added_cell")
        add = self.fields.number("add")
        if cell and not self._fits(cell, add):
            self._wrong("add", '"-1" | "1" | "2" …')
        return replace(signed, group=group, cell=cell, add=add)

    def _fits(self, ref: CellRef, number: Decimal) -> bool:
        is_count = self.form.cells[ref].measure is Measure.COUNT
        return not is_count or number == number.to_integral_value()

    def _agency(self) -> str:
        return self._known("agency", self.names.agencies)

    def _cell(self, allowed: Mapping[str, None], expected: str = "@entry_cell") -> CellRef | None:
        said = self.fields.text("cell")
        called = self.layout.called(said) if self.layout else None
        found = str(called or said)
        if found in self.names.cells and found not in allowed:
            self._wrong("cell", expected)
            return None
        return parse_cell(self._one_of("cell", found, allowed))

    def _sha256(self) -> str:
        sha256 = self.fields.text("sha256").lower()
        if sha256 and not _SHA256.fullmatch(sha256):
            self._wrong("sha256", "@sha256_begins")
        return sha256

    def _known(self, key: str, names: Mapping[str, None]) -> str:
        return self._one_of(key, self.fields.text(key), names)

    def _one_of(self, key: str, found: str, names: Mapping[str, None]) -> str:
        if not found or found in names:
            return found
        if key == "agency" and found in self.names.groups:
            self._wrong(key, "@filing_agency")
        else:
            self.fields.fault("S05", key, found=shown(found), expected=nearest(found, names))
        return ""

    def _wrong(self, key: str, expected: str) -> None:
        self.fields.fault("S04", key, found=shown(self.fields.data[key]), expected=expected)


_PROBLEMS = {"S02": "@key_missing", "S03": "@key_unknown"}


def _fault_of(kind: str, fields: Fields, fault: Finding) -> Finding:
    """Say a fault of a definition as D01, the fault of a decision."""
    key = fault.facts["key"]
    value = fields.data.get(key, "")
    facts = {
        "kind": kind,
        "key": key,
        "problem": _PROBLEMS.get(fault.code, "@value_wrong"),
        "found": f"[[{key}]]" if isinstance(value, list) else shown(value),
        "asked": "@known_are" if fault.code == "S05" else "@should_be",
        "expected": fault.facts["expected"],
    }
    return Finding("D01", Severity.ERROR, place=fault.place, facts=facts)


def _contradictions(decisions: Iterable[Decision]) -> list[tuple[Decision, Decision]]:
    """Give the pairs, earlier and later, that decide the same thing."""
    first: dict[tuple[object, ...], Decision] = {}
    pairs: list[tuple[Decision, Decision]] = []
    for decision in decisions:
        subject = subject_of(decision)
        if subject:
            earlier = first.setdefault(subject, decision)
            if earlier is not decision:
                pairs.append((earlier, decision))
    return pairs


def subject_of(decision: Decision) -> tuple[object, ...]:
    """Name what can be decided only once; empty where decisions stand beside each other."""
    match decision.kind:
        case DecisionKind.ADJUST if decision.agency:
            return (decision.kind, decision.agency, decision.cell)
        case DecisionKind.CHOOSE:
            return (decision.kind, decision.agency)
        case DecisionKind.ASSIGN:
            return (decision.kind, decision.sha256[:8])
        case _:
            return ()


def _contradiction(file: str, earlier: Decision, later: Decision) -> Finding:
    _, *subject = subject_of(later)
    facts = {
        "kind": f"@{later.kind}",
        "subject": " ".join(str(part) for part in subject),
        "line": str(earlier.line),
    }
    place = Place(file, line=later.line)
    return Finding("D03", Severity.ERROR, later.agency, later.cell, place, facts=facts)
