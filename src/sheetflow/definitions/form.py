"""Loads a form from TOML: every fault at once, with key and line; else everything resolved."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from sheetflow.definitions.form_cells import resolve_cells
from sheetflow.definitions.form_lines import read_tables
from sheetflow.definitions.form_relations import check_totals, read_relations
from sheetflow.definitions.form_sentences import read_mentions, read_sentences
from sheetflow.definitions.lines import Fields, parse_toml
from sheetflow.definitions.shipped import shipped_forms
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.model.findings import Finding, Outcome, Severity
from sheetflow.model.form import Check, Comparison, Form, Section
from sheetflow.model.period import PeriodKind
from sheetflow.relations.resolve import comparisons, definitions, leaves

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetflow.model.form import Relation, Table

_OWN_SHEETS = (
    *("退回说明", "封面", "自检", "演算", "_sheetflow"),
    *("明细", "同比", "环比", "图表", "报送情况", "审核结果", "处理决定"),
    "history",
)
"""Sheets that templates and the summary have anyway, and a name that Excel keeps for itself."""
_SHEET_NAME = re.compile(r"[^\[\]:*?/\\']{1,27}")  # the summary appends （分组） to 31 at most
_GROUPS = "（分组）"
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_CHECK_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}")
_HEAD = ("code", "title", "letter", "preamble")
_CHECK_WORDS = ("title", "title_en", "why", "why_en", "remedy", "remedy_en")


def load_form(text: str, file: str) -> Outcome[Form]:
    """Load a form; where anything is wrong there is no form, but every finding."""
    parsed = parse_toml(text, file)
    if parsed.value is None:
        return Outcome(None, parsed.findings)
    faults: list[Finding] = []
    form = _read(Fields(parsed.value, (), faults), form_digest(text))
    once = {(fault.code, fault.place, *fault.facts.items()): fault for fault in faults}
    found = sorted(once.values(), key=lambda fault: fault.place.line if fault.place else 0)
    return Outcome(None if found else form, tuple(found))


def form_digest(text: str) -> str:
    """Digest a form's text; line ends are one and the same, and a byte order mark is none."""
    return hashlib.sha256("\n".join(text.removeprefix("\ufeff").splitlines()).encode()).hexdigest()


def _read(root: Fields, digest: str) -> Form | None:
    root.check_characters()
    if "form" not in root:
        root.fault("S02", "form", expected="[form]")
    head = root.table("form")
    about = {key: head.text(key) for key in _HEAD}
    period = head.choice("period", PeriodKind)
    if set("{}") & set(about["preamble"].replace("{year}", "").replace("{period}", "")):
        head.fault("S04", "preamble", found=about["preamble"], expected="{year} | {period}")
    former = _former(head)
    head.done()
    if about["code"] and not _CODE.fullmatch(about["code"]):
        head.fault("S04", "code", found=about["code"], expected="a-z 0-9 . _ -")
    if not root.data.get("section"):
        root.fault("S02", "section", expected="[[section]]")
    sections, checks = _sections(root), _checks(root)
    tables = read_tables(root, frozenset(section.code for section in sections))
    _check_printed(root, tables)
    cells = resolve_cells(tables)
    by_code = {table.code: table for table in tables}
    relations = read_relations(root, frozenset(check.code for check in checks), by_code, cells)
    _check_use(root)
    check_totals(root, tables, relations)
    sentences = read_sentences(root, by_code, cells)
    mentions = read_mentions(root, by_code, cells)
    root.done()
    if root.faults:
        return None
    resolved = tuple(each for relation in relations for each in comparisons(relation, by_code))
    within = tuple(each for each in resolved if not each.previous)
    defined = definitions(within, by_code)
    computed = leaves(defined)
    if not isinstance(computed, dict):
        _circular(root, relations, defined[computed])
        return None
    return Form(
        **about,
        period=period,
        former=former,
        digest=digest,
        sections=sections,
        tables=tables,
        checks=checks,
        relations=relations,
        comparisons=within,
        successions=tuple(each for each in resolved if each.previous),
        sentences=sentences,
        mentions=mentions,
        cells=cells,
        definitions=defined,
        leaves=computed,
    )


def _former(head: Fields) -> tuple[str, ...]:
    """Read which forms this one replaced; they must come with sheetflow to be recognised."""
    former = head.texts("former")
    for code in former:
        if code not in shipped_forms():
            head.fault("S05", "former", found=code)
    return former


def _sections(root: Fields) -> tuple[Section, ...]:
    sections: dict[str, Section] = {}
    names: set[str] = set()
    for fields in root.tables("section"):
        code = fields.text("code")
        if code and code.casefold() in names:
            fields.fault("S08", "code", what=code)
        elif code and not _SHEET_NAME.fullmatch(code):
            fields.fault("S04", "code", found=code, expected="1–27, not []:*?/\\'")
        elif code.endswith(_GROUPS):
            fields.fault("S04", "code", found=code, expected=f"≠ …{_GROUPS}")
        elif code.casefold() in _OWN_SHEETS:
            fields.fault("S04", "code", found=code, expected="≠ " + " | ".join(_OWN_SHEETS))
        names.add(code.casefold())
        sections[code] = Section(
            code=code,
            heading=fields.text("heading"),
            official=fields.flag("official", default=True),
            help=fields.text("help", ""),
            limit=fields.whole("limit") if "limit" in fields else None,
            speaks_of=fields.text("speaks_of", ""),
        )
        fields.done()
    return tuple(sections.values())


def _checks(root: Fields) -> tuple[Check, ...]:
    checks: dict[str, Check] = {}
    for fields in root.tables("check"):
        code = fields.text("code")
        if code and code in checks:
            fields.fault("S08", "code", what=code)
        elif code in CATALOGUE:
            fields.fault("S04", "code", found=code, expected=f"≠ {code} (sheetflow explain {code})")
        elif code and not _CHECK_CODE.fullmatch(code):
            fields.fault("S04", "code", found=code, expected="A-Z a-z 0-9 _ -")
        words = {word: fields.text(word) for word in _CHECK_WORDS}
        checks[code] = Check(code=code, severity=fields.choice("severity", Severity), **words)
        fields.done()
    return tuple(checks.values())


def _check_use(root: Fields) -> None:
    """Find checks without a relation: never evaluated, they would never be missed."""
    used = {fields.text("check", "") for fields in root.tables("relation")}
    for fields in root.tables("check"):
        code = fields.text("code", "")
        if code and code not in used:
            fields.fault("S02", "relation", expected=f'[[relation]] check = "{code}"')


def _check_printed(root: Fields, tables: Iterable[Table]) -> None:
    """Find sections that nothing stands in: their sheets would be empty."""
    filled = {item.section for table in tables for item in table.items}
    for fields in root.tables("section"):
        code = fields.text("code", "")
        if code and code not in filled:
            fields.fault("S02", "table", expected=f'[[table]] section = "{code}"')


def _circular(root: Fields, relations: tuple[Relation, ...], comparison: Comparison) -> None:
    """Report a total that adds itself, at the relation that says so."""
    index = relations.index(comparison.relation)
    fields = root.tables("relation")[index]
    fault = Finding(
        "S09",
        Severity.ERROR,
        place=fields.place("holds"),
        facts={"key": "holds", "line": str(comparison.left[0][1])},
    )
    root.faults.append(fault)
