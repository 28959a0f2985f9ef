"""`explain CODE`: what a finding code means, from the catalogue or from a form's checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.cli.forms import load
from sheetflow.definitions.shipped import shipped_forms
from sheetflow.errors import UnknownNameError
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.messages.interface import PHRASES
from sheetflow.messages.terms import term
from sheetflow.messages.text import Language
from sheetflow.relations.words import relation_words

if TYPE_CHECKING:
    from sheetflow.messages.text import CatalogueEntry
    from sheetflow.model.form import Check, Form


def explain_code(code: str, language: Language) -> str:
    """Explain a code in a few lines; UnknownNameError if no catalogue entry or check bears it."""
    code = code.strip().upper()
    entry = CATALOGUE.get(code)
    if entry:
        return _entry_text(entry, language)
    for form_code in shipped_forms():
        form = load(form_code)
        check = form.check(code)
        if check:
            return _check_text(form, check, language)
    raise UnknownNameError(code)


def _entry_text(entry: CatalogueEntry, language: Language) -> str:
    parts = {
        "message": entry.message,
        "why": entry.why,
        "what_to_do": entry.remedy,
        "example": entry.example,
    }
    lines = [f"{entry.code}  {entry.title.to(language)}"]
    lines += [f"{PHRASES[name].to(language)}：{text.to(language)}" for name, text in parts.items()]
    return "\n".join(lines)


def _check_text(form: Form, check: Check, language: Language) -> str:
    chinese = language is Language.ZH
    lines = [f"{check.code}  {check.title if chinese else check.title_en}"]
    lines[0] += f"（{term(check.severity, language)}，{form.code}）"
    for relation in form.relations:
        if relation.check == check.code:
            lines += [f"  {relation_words(relation, form)}", f"  {relation.text}"]
    lines.append(f"{PHRASES['why'].to(language)}：{check.why if chinese else check.why_en}")
    remedy = check.remedy if chinese else check.remedy_en
    lines.append(f"{PHRASES['what_to_do'].to(language)}：{remedy}")
    return "\n".join(lines)
