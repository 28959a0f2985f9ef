"""Writes OpenFormula as Excel would say it, so that the same formula compares equal."""

from __future__ import annotations

import re

from sheetflow.relations.formula import quoted

_LONGEST = 32_768
"""Characters: four times what Excel takes; a longer one only counts as there."""
_EXCEL = re.compile(r"msoxl:=?")
_PREFIX = re.compile(r"(?:\w+:)?=")
_TOKEN = re.compile(
    r'"(?:[^"]|"")*+"'
    r"|(?P<reference>\[(?:'(?:[^']|'')*+'|[^\[\]'])*+\])"
    r"|'(?:[^']|'')*+'"
    r"|[;~|{}]"
    r"|(?P<vendor>\b(?:ORG\.GNUMERIC|ORG\.LIBREOFFICE|COM\.MICROSOFT)\.(?=[A-Z.]+\())"
)
_REFERENCE = re.compile(
    r"(?:\$?(?P<sheet>'(?:[^']|'')*+'|[^'.:$\]]+))?"
    r"\.(?P<first>[$A-Z0-9]+|#REF!)(?::\.(?P<last>[$A-Z0-9]+|#REF!))?",
    re.IGNORECASE,
)
_ARRAY = {";": ",", "|": ";"}  # within braces: between columns, between rows
_LIST = {";": ",", "~": ","}  # between arguments, between areas


def excel_formula(text: str) -> str:
    """Give a formula in A1 notation without `=`; "" for one that is too long to look at.

    What is no simple reference (another file's, a label) stays as it was written.
    """
    if len(text) > _LONGEST:
        return ""
    if excel := _EXCEL.match(text):
        return text[excel.end() :]
    prefix = _PREFIX.match(text)
    in_array = False

    def rewritten(match: re.Match[str]) -> str:
        nonlocal in_array
        part = match[0]
        if part in {"{", "}"}:
            in_array = part == "{"
        if match["reference"]:
            return excel_reference(part[1:-1]) or part
        if match["vendor"]:
            return ""
        return (_ARRAY if in_array else _LIST).get(part, part)

    return _TOKEN.sub(rewritten, text[prefix.end() :] if prefix else text)


def excel_reference(text: str) -> str:
    """Give a reference such as `$'表 一'.$A$1:.B2` in A1 notation; "" if it is not of that kind."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return ""
    last = f":{match['last']}" if match["last"] else ""
    return f"{_sheet(match['sheet'] or '')}{match['first']}{last}"


def _sheet(name: str) -> str:
    plain = name[1:-1].replace("''", "'") if name.startswith("'") else name
    return f"{quoted(plain)}!" if plain else ""
