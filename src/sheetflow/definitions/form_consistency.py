"""Reports what a sound form's relations say together, each at its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.definitions.lines import parse_toml
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.relations.consistency import comparisons, conflict, is_same, never_fails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetflow.model.form import Comparison, Form, Relation

_SHOWN = 10


def consistency_findings(form: Form, text: str, file: str) -> Iterator[Finding]:
    """S29: said twice; S30: relations that rule each other out; S31: one that can never fail."""
    parsed = parse_toml(text, file)
    lines = parsed.value.lines if parsed.value else {}
    places = {
        relation: Place(file, line=lines.get(("relation", index), 0))
        for index, relation in enumerate(form.relations)
    }
    yield from _repeated(form, places)
    yield from _contradicting(form, places)
    yield from _unfailing(form, places)


def _repeated(form: Form, places: dict[Relation, Place]) -> Iterator[Finding]:
    every = (*comparisons(form), *form.successions)
    for index, comparison in enumerate(every):
        for earlier in every[:index]:
            if earlier.cells[0] in comparison.cells and is_same(earlier, comparison):
                facts = {"subject": _words(comparison), "other": _words(earlier)}
                place = places[comparison.relation]
                yield Finding("S29", Severity.NOTE, place=place, facts=facts)
                break


def _contradicting(form: Form, places: dict[Relation, Place]) -> Iterator[Finding]:
    found = conflict(form)
    if found:
        cells = "、".join(map(str, found.cells[:_SHOWN]))
        facts = {
            "subject": "；".join(map(_words, found.comparisons)),
            "cells": cells + ("…" if len(found.cells) > _SHOWN else ""),
        }
        place = places[found.comparisons[-1].relation]
        yield Finding("S30", Severity.ERROR, place=place, facts=facts)


def _unfailing(form: Form, places: dict[Relation, Place]) -> Iterator[Finding]:
    every = comparisons(form)
    for relation, place in places.items():
        own = [c for c in every if c.relation is relation]
        if own and all(never_fails(form, each) for each in own):
            facts = {"subject": f"{relation.check} {relation.text}"}
            yield Finding("S31", Severity.NOTE, place=place, facts=facts)


def _words(comparison: Comparison) -> str:
    where = f"（{comparison.line}）" if comparison.line else ""
    return f"{comparison.relation.check} {comparison.relation.text}{where}"
