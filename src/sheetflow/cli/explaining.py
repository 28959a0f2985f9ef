"""`explain CODE`: what a finding code means, from the catalogue or from a form's checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetflow.cli.forms import definition_text, load
from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_forms
from sheetflow.errors import UnknownCodeError
from sheetflow.messages.catalogue import catalogue
from sheetflow.messages.interface import PHRASES
from sheetflow.messages.terms import term
from sheetflow.messages.text import Language
from sheetflow.model.period import PeriodKind
from sheetflow.relations.words import relation_words

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.messages.text import CatalogueEntry
    from sheetflow.model.form import Check, Form

_FACT = re.compile(r"\{\w+\}")


def explain_code(code: str, language: Language, own: Path) -> str:
    """Explain a code in a few lines; `own` is the campaign's form, which may have its own checks.

    UnknownCodeError if no catalogue entry and no check bears the code.
    """
    code = code.strip()
    entry = catalogue(_periods_of(own)).get(code.upper())
    if entry:
        return _entry_text(entry, language)
    named = [str(own)] if own.is_file() else []
    for name in (*named, *reversed(shipped_forms())):  # of two editions the newer one first
        form = load(name)
        for check in form.checks:
            if check.code.casefold() == code.casefold():
                return _check_text(form, check, language)
    raise UnknownCodeError(code)


def _periods_of(own: Path) -> PeriodKind:
    """Give the campaign's kind of periods; where there is no sound form, years."""
    form = load_form(definition_text(own), own.name).value if own.is_file() else None
    return form.period if form else PeriodKind.YEAR


def _entry_text(entry: CatalogueEntry, language: Language) -> str:
    parts = {
        "message": entry.message,
        "why": entry.why,
        "what_to_do": entry.remedy,
        "example": entry.example,
    }
    lines = [f"{entry.code}  {entry.title.to(language)}"]
    for name, text in parts.items():
        general = _FACT.sub("…", text.to(language))  # no finding at hand, so no facts
        lines.append(_labelled(name, general, language))
    return "\n".join(lines)


def _check_text(form: Form, check: Check, language: Language) -> str:
    chinese = language is Language.ZH
    lines = [f"{check.code}  {check.title if chinese else check.title_en}"]
    severity = term(check.severity, language)
    lines[0] += f"（{severity}，{form.code}）" if chinese else f" ({severity}, {form.code})"
    for relation in form.relations:
        if relation.check == check.code:
            lines += [f"  {relation_words(relation, form)}", f"  {relation.text}"]
    lines.append(_labelled("why", check.why if chinese else check.why_en, language))
    remedy = check.remedy if chinese else check.remedy_en
    lines.append(_labelled("what_to_do", remedy, language))
    return "\n".join(lines)


def _labelled(name: str, text: str, language: Language) -> str:
    colon = "：" if language is Language.ZH else ": "
    return f"{PHRASES[name].to(language)}{colon}{text}"
