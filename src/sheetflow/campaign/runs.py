"""run.json: the hashes of what the last run wrote, and of what runs since then only began.

A run first adds `writing` to run.json, then replaces the outputs, then writes run.json without it.
So whatever the moment of its death, run.json tells which outputs are whose.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

RUN = "run.json"
_FILES, _WRITING = "files", "writing"


@dataclass(frozen=True, slots=True)
class Run:
    """What run.json says. A hash is the SHA-256 of a file's bytes, in hexadecimal."""

    record: Mapping[str, object]
    """The whole record, whatever it holds."""
    files: Mapping[str, str]
    """The hash of each output as the last run that ended left it."""
    begun: Mapping[str, tuple[str, ...]]
    """The hashes that runs which did not end were writing, the latest first; empty after an end."""

    def wrote(self, name: str, sha256: str) -> bool:
        """Whether an output's bytes come from a run, ended or not; else somebody edited it."""
        return sha256 in (self.files.get(name), *self.begun.get(name, ()))

    def without(self, *names: str) -> Run:
        """Give the run as if it had not left these outputs."""
        return replace(self, files={n: h for n, h in self.files.items() if n not in names})

    def strangers(
        self, present: Mapping[str, str], edited: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Name the outputs that keep those present from being of one run, the edited aside."""
        latest = {name: hashes[0] for name, hashes in self.begun.items()}
        old, new = (
            {name: sha256 for name, sha256 in state.items() if name not in edited}
            for state in (self.files, {**self.files, **latest})
        )
        found = {name: sha256 for name, sha256 in present.items() if name not in edited}
        if found in (old, new):
            return ()
        names = sorted(found.keys() | old.keys())
        return tuple(name for name in names if found.get(name) != old.get(name))


_NONE = Run(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))


def read_run(folder: Path) -> Run:
    """Read an output folder's run.json; one that is absent or damaged tells of nothing."""
    try:
        record = json.loads((folder / RUN).read_bytes())
        files = {str(name): str(sha256) for name, sha256 in record[_FILES].items()}
        begun = {
            str(name): tuple(map(str, hashes))
            for name, hashes in record.get(_WRITING, {}).items()
            if hashes
        }
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return _NONE
    return Run(MappingProxyType(record), MappingProxyType(files), MappingProxyType(begun))


def begun_bytes(last: Run, hashes: Mapping[str, str]) -> bytes:
    """Write the record while outputs of these hashes are being written."""
    names = sorted(hashes.keys() | last.begun.keys())
    writing = {
        name: list(dict.fromkeys((*_one(hashes.get(name)), *last.begun.get(name, ()))))
        for name in names
    }
    return _json({**last.record, _FILES: dict(last.files), _WRITING: writing})


def done_bytes(
    last: Run, hashes: Mapping[str, str], facts: Mapping[str, object], *, with_all: bool
) -> bytes:
    """Write the record of a run that ended; `facts` say what it computed.

    If it wrote some of the outputs only, what runs that died were writing of the others is kept.
    """
    others = {name: begun for name, begun in last.begun.items() if name not in hashes}
    writing = {_WRITING: others} if others and not with_all else {}
    return _json({**facts, _FILES: dict(sorted({**last.files, **hashes}.items())), **writing})


def digest(data: bytes) -> str:
    """Give the hash of an output."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str | None:
    """Give the hash of an output on disk, however large; None if there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _one(sha256: str | None) -> tuple[str, ...]:
    return (sha256,) if sha256 else ()


def _json(record: Mapping[str, object]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
