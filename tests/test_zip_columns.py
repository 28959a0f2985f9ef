"""Directories of archives of one make are unpacked as they are walked."""

from __future__ import annotations

import random
from unittest.mock import patch

import pytest

from packages import parts, zipped
from sheetflow.workbooks import zip_directory
from sheetflow.workbooks.limits import Caps, UnreadableFile
from sheetflow.workbooks.zip_directory import members

TRIED = 2000


def listed(data: bytes) -> object:
    """List an archive's members, or give why that can't be."""
    try:
        return members(data, Caps())
    except UnreadableFile as problem:
        return repr(problem)


def walked(data: bytes) -> object:
    """List an archive's members one by one, as if no other had been met."""
    with patch.object(zip_directory, "_listed", lambda _: []):
        return listed(data)


def archive(text: str) -> bytes:
    """Make an archive; all have parts of the same names."""
    return zipped(parts(f'<row><c r="A1" t="str"><v>{text}</v></c></row>'))


def test_an_archive_of_a_known_make_is_not_walked() -> None:
    listed(archive("a"))
    with patch.object(zip_directory, "_walked", side_effect=AssertionError):
        found = listed(archive("another"))
    assert found == walked(archive("another"))
    assert found != listed(archive("a"))


@pytest.mark.parametrize("seed", range(4))
def test_archives_changed_in_their_directory_or_headers_are_listed_alike(seed: int) -> None:
    data = archive("a")
    listed(data)
    rng = random.Random(seed)  # noqa: S311 - no secret
    start = members(data, Caps())[1]
    headers = [member.header for member in members(data, Caps())[0]]
    places = [*range(start, len(data)), *(at + of for at in headers for of in range(40))]
    same = 0
    for _ in range(TRIED // 4):
        changed = bytearray(data)
        for at in rng.choices(places, k=rng.choice((1, 1, 2))):
            changed[at] = rng.choice((0, 1, 8, 0xFF, rng.randrange(256)))
        assert listed(bytes(changed)) == walked(bytes(changed))
        same += isinstance(listed(bytes(changed)), tuple)
    assert 0 < same < TRIED // 4


def test_an_archive_with_something_behind_its_names_is_walked() -> None:
    data = archive("a")
    entry = data.index(b"PK\x01\x02")
    name = int.from_bytes(data[entry + 28 : entry + 30], "little")
    longer = data[: entry + 28] + (name + 1).to_bytes(2, "little") + data[entry + 30 :]
    assert listed(longer) == walked(longer)
