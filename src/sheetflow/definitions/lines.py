"""Reads TOML with its line numbers, and tables of it key by key, collecting every fault.

tomllib knows no lines, so the text is scanned a second time for where each key and header stands.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Outcome, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from enum import StrEnum

T = TypeVar("T")
E = TypeVar("E", bound="StrEnum")
Path = tuple[str | int, ...]

_PART = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[\w-]+)"""
_HEAD = re.compile(rf"\s*(?P<brackets>\[{{0,2}})\s*(?P<key>{_PART}(?:\s*\.\s*{_PART})*)")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)"
    r"""|[^"'#\[\]{}\n]+""",
    re.DOTALL,
)
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_BITS = 63
_TOO_LARGE = "Integer beyond 64 bits"


@dataclass(frozen=True, slots=True)
class TomlDocument:
    """A TOML file: its data, and the line of every key (`("item", 3, "label")`) and header."""

    data: dict[str, Any]
    file: str
    lines: Mapping[Path, int]

    def place(self, *path: str | int) -> Place:
        """Give the place of a key, or of the nearest table around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, line=self.lines.get(path, 0))


def parse_toml(text: str, file: str) -> Outcome[TomlDocument]:
    """Read TOML; a mistake in its syntax, or a number that TOML does not have, is S01."""
    text = text.removeprefix("\ufeff")  # Windows Notepad puts it there.
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Outcome(None, (_syntax_fault(str(error), text, file),))
    document = TomlDocument(data, file, dict(_located(text)))
    faults = [
        Finding("S01", Severity.ERROR, place=document.place(*path), facts={"detail": _TOO_LARGE})
        for path in _too_large(data)
    ]
    return Outcome(None if faults else document, tuple(faults))


def _too_large(data: object) -> Iterator[Path]:
    """Give where whole numbers beyond 64 bits stand; tomllib takes them, in hexadecimal."""
    for path, value in _values(data):
        if isinstance(value, int) and value.bit_length() > _BITS:
            yield path


def _syntax_fault(message: str, text: str, file: str) -> Finding:
    match = _AT_LINE.search(message)
    line = int(match[1]) if match and match[1] else text.count("\n") + 1
    return Finding("S01", Severity.ERROR, place=Place(file, line=line))


def _located(text: str) -> Iterator[tuple[Path, int]]:
    """Give each path with its line; the text is known to be well-formed."""
    latest: dict[Path, int] = {}
    table: Path = ()
    for line, statement in statements(text):
        head = _HEAD.match(statement)
        if head is None:
            continue
        line_of_key = line + statement[: head.start("key")].count("\n")
        parts = [_unquoted(part) for part in re.findall(_PART, head["key"])]
        if head["brackets"] == "[[":
            array = (*_resolved(parts[:-1], latest), parts[-1])
            latest[array] = latest.get(array, -1) + 1
            table = (*array, latest[array])
            if latest[array] == 0:
                yield array, line_of_key
            yield table, line_of_key
        elif head["brackets"]:
            table = _resolved(parts, latest)
            yield table, line_of_key
        else:
            yield (*table, *parts), line_of_key


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Give each statement (a header, a key with its value) with the line that it starts on.

    The text is known to be well-formed.
    """
    line, start, depth = 1, 0, 0
    for token in _TOKEN.finditer(text + "\n"):
        depth += bool(token["open"]) - bool(token["close"])
        if token["end"] and depth == 0:
            statement = text[start : token.start()]
            yield line, statement
            line += statement.count("\n") + 1
            start = token.end()


def _resolved(parts: list[str], latest: Mapping[Path, int]) -> Path:
    """Give the path of a header's parts, each array standing for its latest table."""
    path: Path = ()
    for part in parts:
        path = (*path, part)
        if path in latest:
            path = (*path, latest[path])
    return path


def _unquoted(part: str) -> str:
    return str(tomllib.loads(f"key = {part}")["key"]) if part[0] in "\"'" else part


@dataclass(slots=True)
class Fields:
    """Reads one table of a document key by key.

    What is missing or wrong is added to `faults`, and a stand-in is given, so that one pass finds
    everything. A key without a default is required; `done` reports the keys nobody asked for.
    """

    document: TomlDocument
    path: Path
    faults: list[Finding]
    _known: dict[str, None] = field(default_factory=dict, init=False)

    @property
    def data(self) -> dict[str, Any]:
        """The table's own keys and values."""
        value: Any = self.document.data
        for part in self.path:
            fits = isinstance(value, list) or (isinstance(value, dict) and part in value)
            value = value[part] if fits else {}
        return value if isinstance(value, dict) else {}

    def __contains__(self, key: str) -> bool:
        self._known[key] = None
        return key in self.data

    def place(self, key: str = "") -> Place:
        """Give the place of a key of this table, or of the table."""
        return self.document.place(*self.path, *([key] if key else []))

    def fault(self, code: str, key: str, **facts: str) -> None:
        """Add a finding at a key of this table."""
        found = Finding(code, Severity.ERROR, place=self.place(key), facts={"key": key, **facts})
        self.faults.append(found)

    def text(self, key: str, default: str | None = None) -> str:
        """Read a text, white space around it removed; a required one is not empty."""

        def read(value: object) -> str | None:
            if not isinstance(value, str):
                return None
            return value.strip() or default

        return self._read(key, read, default, "", '"…"')

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, none of them empty; an absent one is an empty list."""

        def read(value: object) -> tuple[str, ...] | None:
            texts = (
                [each.strip() for each in value if isinstance(each, str)]
                if isinstance(value, list)
                else []
            )
            fits = isinstance(value, list) and len(texts) == len(value) and all(texts)
            return tuple(texts) if fits else None

        return self._read(key, read, (), (), '["…", "…"]')

    def whole(self, key: str, default: int | None = None) -> int:
        """Read a whole number of at least 0."""

        def read(value: object) -> int | None:
            if not isinstance(value, int) or isinstance(value, bool):
                return None
            return value if value >= 0 else None

        return self._read(key, read, default, 0, "0, 1, 2 …")

    def flag(self, key: str, default: bool | None = None) -> bool:  # noqa: FBT001
        """Read true or false."""

        def read(value: object) -> bool | None:
            return value if isinstance(value, bool) else None

        return self._read(key, read, default, False, "true | false")  # noqa: FBT003

    def choice(self, key: str, choices: type[E], default: E | None = None) -> E:
        """Read one of the texts of an enumeration."""

        def read(value: object) -> E | None:
            return choices(value) if isinstance(value, str) and value in values else None

        values = [choice.value for choice in choices]
        return self._read(key, read, default, next(iter(choices)), " | ".join(values))

    def date(self, key: str, default: date | None = None) -> date:
        """Read a day: a TOML date, or a text of the same form."""
        return self._read(key, _day, default, date.min, "2025-01-31")

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """Read an exact number: a text, or a TOML integer; a TOML float is not exact."""
        return self._read(key, _exact, default, Decimal(0), '"12.5"')

    def percentage(self, key: str) -> Decimal:
        """Read a percentage as a fraction; it has its sign, as in returns: 98.5 may be either."""
        return self._read(key, _fraction, None, Decimal(0), '"98.5%"')

    def table(self, key: str) -> Fields:
        """Give the reader of a table below this one; an absent table reads as an empty one."""
        if key in self and not isinstance(self.data[key], dict):
            self.fault("S04", key, found=shown(self.data[key]), expected=f"[{key}]")
        return Fields(self.document, (*self.path, key), self.faults)

    def tables(self, key: str) -> tuple[Fields, ...]:
        """Give the readers of an array of tables below this one, none if it is absent."""
        value = self.data[key] if key in self else []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault("S04", key, found=shown(value), expected=f"[[{key}]]")
            return ()
        paths = ((*self.path, key, index) for index in range(len(value)))
        return tuple(Fields(self.document, path, self.faults) for path in paths)

    def done(self) -> None:
        """Report the keys that nobody asked for, each with the one that may have been meant."""
        absent = [key for key in self._known if key not in self.data]
        for key in self.data:
            if key not in self._known:
                meant = get_close_matches(key, absent, n=1) or [nearest(key, self._known)]
                self.fault("S03", key, expected=meant[0])

    def check_characters(self) -> None:
        """Report the texts, here and in the tables below, that hold what can't be printed."""
        for path, text in _values(self.data):
            found = _CONTROL.search(text) if isinstance(text, str) else None
            if found:
                key = next(part for part in reversed(path) if isinstance(part, str))
                facts = {"key": key, "found": shown(text), "expected": f"≠ {shown(found[0])}"}
                place = self.document.place(*self.path, *path)
                self.faults.append(Finding("S04", Severity.ERROR, place=place, facts=facts))

    def _read(
        self,
        key: str,
        read: Callable[[object], T | None],
        default: T | None,
        stand_in: T,
        expected: str,
    ) -> T:
        if key not in self:
            if default is None:
                self.fault("S02", key, expected=f"{key} = {expected}")
            return stand_in if default is None else default
        value = read(self.data[key])
        if value is None:
            self.fault("S04", key, found=shown(self.data[key]), expected=expected)
        return stand_in if value is None else value


def _values(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Give all that stands within tables and lists, each with its path."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _values(inner, (*path, key))
    else:
        yield path, value


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def _exact(value: object) -> Decimal | None:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    text = str(value).strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _fraction(value: object) -> Decimal | None:
    if not isinstance(value, str) or not value.strip().endswith(("%", "％")):
        return None
    number = _exact(value.strip()[:-1])
    return None if number is None else number.scaleb(-2)


def shown(value: object) -> str:
    """Show a TOML value in a finding: lists and tables in brief, control characters by code."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def nearest(found: str, known: Iterable[str]) -> str:
    """Give the known name most like the found one; if none is like it, the first few."""
    names = list(known)
    close = get_close_matches(found, names, n=1)
    if close:
        return close[0]
    return " | ".join(names[:8]) + (" …" if len(names) > 8 else "")  # noqa: PLR2004
