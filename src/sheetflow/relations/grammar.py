"""Reads the text of a relation: `[new] + [carried_in] = [done.total] + [carried_out]`.

A side is a sum of terms; a term is an optional sign, an optional whole factor and a reference in
brackets; a reference that ends in `.*` means all entry lines below it, `[*]` all entry lines;
`previous[...]`, on the right side only, means the last period's figures.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sheetflow.model.form import Operator, Term

_OPERATOR = re.compile(r"(<=|>=|=)")
_LIKE_OPERATORS = re.compile(r"[＝≤≥≦≧＜＞<>≠]+")
"""What is no operator, but meant to be one."""
_TERM = re.compile(r"\s*([+-]?)\s*([0-9]{0,9})\s*(previous\s*)?\[\s*([^\[\]\s]+)\s*\]\s*")
_PATH = re.compile(r"\w+(\.\w+)*(/\w+(\.\w+)*){0,2}", re.ASCII)


class Sides(NamedTuple):
    """A relation as read: two sides and how they compare."""

    left: tuple[Term, ...]
    operator: Operator
    right: tuple[Term, ...]


def parse_relation(text: str) -> Sides | str:
    """Read a relation; where it can't be read, give the part that is wrong instead."""
    operators = [found.start() for found in _OPERATOR.finditer(text)]
    if len(operators) > 1:
        return text[operators[1] :].strip()
    if not operators:
        found = _LIKE_OPERATORS.search(text)
        return found[0] if found else text.strip() or "…"
    left_text, operator, right_text = _OPERATOR.split(text)
    left, right = parse_side(left_text), parse_side(right_text)
    if isinstance(left, str):
        return left
    if isinstance(right, str):
        return right
    if any(term.previous for term in left):
        return left_text.strip()
    return Sides(left, Operator(operator), right)


def parse_side(text: str) -> tuple[Term, ...] | str:
    """Read a sum of terms; where it can't be read, give the rest that is wrong instead."""
    terms: list[Term] = []
    position = 0
    while position < len(text) or not terms:
        match = _TERM.match(text, position)
        if match is None or (terms and not match[1]):
            return text[position:].strip() or "…"
        term = _term(sign=match[1], digits=match[2], path=match[4], previous=bool(match[3]))
        if term is None:
            return match[0].strip()
        terms.append(term)
        position = match.end()
    return tuple(terms)


def _term(sign: str, digits: str, path: str, *, previous: bool) -> Term | None:
    factor = int(digits or "1") * (-1 if sign == "-" else 1)
    star = path == "*" or path.endswith(".*")
    stem = path.removesuffix("*").removesuffix(".") if star else path
    if factor == 0 or not (_PATH.fullmatch(stem) or path == "*"):
        return None
    return Term(factor, stem, star, previous)
