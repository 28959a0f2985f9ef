"""What became of each file the last time, so that only what changed is read again.

`.sheetflow/cache.sqlite3` may be deleted at any time; a damaged or locked one is done without. A
record holds for the bytes that lay at a path, by their SHA-256; for everything that says what a
return is read as; and for this version of the program. What could not be read is tried again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from sheetflow.gathering.intake import Expectation

CACHE = ".sheetflow/cache.sqlite3"
_TABLES = (
    """create table if not exists record
        (path text primary key, made_by text, stamp text, sha256 text, text text) without rowid""",
    "create table if not exists slate (name text primary key, text text) without rowid",
)
"""In `stamp` stands a file's state."""
_KEEP = "insert or replace into record values (?, ?, ?, ?, ?)"
_STATES = "select path, stamp, sha256 from record where made_by = ? and path in ({})"
_TEXTS = "select path, text from record where made_by = ? and path in ({})"
_CHECKSUM = 8
"""Digits before each text."""
_AT_ONCE = 1_000
"""Agencies that are written for the digest in one go."""
_PATIENCE = 5.0
"""Seconds that one run waits for another one's writing."""


class Seen(NamedTuple):
    """In what state a file was when it was read, and the hash of its bytes."""

    state: str
    sha256: str


class Row(NamedTuple):
    """A record to keep."""

    path: str
    state: str
    sha256: str
    text: str


class Cache:
    """The records of one campaign that were made by the same program from the same definitions."""

    def __init__(self, root: Path, made_by: str) -> None:
        self._made_by = made_by
        self._database = _open(root / CACHE)

    def states(self, paths: Sequence[str]) -> Mapping[str, Seen]:
        """Give the state in which each of some hundred paths was, where there is a record."""
        return {path: Seen(*state) for path, *state in self._find(_STATES, paths)}

    def texts(self, paths: Sequence[str]) -> Mapping[str, str]:
        """Give the records of some hundred paths."""
        return _intact(self._find(_TEXTS, paths))

    def _find(self, query: str, paths: Sequence[str]) -> list[tuple[str, ...]]:
        if self._database and paths:
            asked = query.format(",".join("?" * len(paths)))
            with suppress(sqlite3.Error):
                return self._database.execute(asked, (self._made_by, *paths)).fetchall()
        return []

    def slates(self) -> Mapping[str, str]:
        """Give the slates that records name."""
        if self._database:
            with suppress(sqlite3.Error):
                return _intact(self._database.execute("select name, text from slate"))
        return {}

    def keep(self, rows: Iterable[Row], slates: Mapping[str, str]) -> None:
        """Keep records and the slates that they name, all or none."""
        if self._database:
            sealed = ((x.path, self._made_by, x.state, x.sha256, _sealed(x.text)) for x in rows)
            kept = ((name, _sealed(text)) for name, text in slates.items())
            with suppress(sqlite3.Error), self._database:
                self._database.executemany("insert or replace into slate values (?, ?)", kept)
                self._database.executemany(_KEEP, sealed)

    def close(self) -> None:
        """Let go of the file."""
        if self._database:
            self._database.close()


def _sealed(text: str) -> str:
    """Put a text's checksum before it: a flipped bit makes one figure another."""
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):0{_CHECKSUM}x}{text}"


def _intact(rows: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """Give what was kept under each name, but for what is no longer as it was."""
    return {name: text[_CHECKSUM:] for name, text in rows if text == _sealed(text[_CHECKSUM:])}


def made_by(expected: Expectation) -> str:
    """Digest the program and everything that says what a return is read as."""
    digest = hashlib.sha256()
    for part in _rests_on(expected):
        digest.update(f"{part}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _rests_on(expected: Expectation) -> Iterator[str]:
    yield program()
    yield expected.plan.form.digest
    yield repr(expected.settings)
    agencies = expected.names.roster.agencies
    for at in range(0, len(agencies), _AT_ONCE):
        yield json.dumps(agencies[at : at + _AT_ONCE])  # in half the time of repr
    yield expected.key.hex()
    yield repr(tuple(expected.assignments))
    yield repr(tuple(expected.passwords))
    for agency, previous in expected.succession.by_agency.items():
        yield f"{agency} {previous.period} {previous.agencies} {previous.figures} {previous.texts}"


def _open(path: Path) -> sqlite3.Connection | None:
    """Open the database; None if there is no folder for it, or it can't be made good."""
    for _ in range(2):
        try:
            return _prepared(sqlite3.connect(path, timeout=_PATIENCE))
        except sqlite3.OperationalError:  # locked, or on a drive that can't lock
            return None
        except sqlite3.DatabaseError:
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return None


def _prepared(database: sqlite3.Connection) -> sqlite3.Connection:
    """Give a database its tables; one that can't have them is closed: Windows deletes no other."""
    try:
        for table in _TABLES:
            database.execute(table)
        database.commit()
    except sqlite3.Error:
        database.close()
        raise
    return database


@cache
def program() -> str:
    """Digest all that the program consists of, whatever version it says that it is."""
    digest = hashlib.sha256()
    for each in _files(files("sheetflow")):
        digest.update(each.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterable[Traversable]:
    for each in sorted(folder.iterdir(), key=lambda found: found.name):
        if not each.is_dir():
            yield each
        elif each.name != "__pycache__":
            yield from _files(each)
