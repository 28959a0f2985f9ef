"""A 7z archive is unpacked in a child process, where sheetflow has that extra."""

from __future__ import annotations

import os
from io import BytesIO

import py7zr
import pytest
from py7zr.exceptions import UnsupportedCompressionMethodError

from sheetflow.gathering.containers import in_child, seven_zip_task
from sheetflow.gathering.containers.opening import open_container
from sheetflow.gathering.containers.transfer import from_bytes
from sheetflow.gathering.folder import MB, Incoming
from sheetflow.workbooks.limits import UnreadableFile

STORED = [{"id": py7zr.FILTER_COPY}]


def packed(*members: tuple[str, bytes], **options: object) -> bytes:
    buffer = BytesIO()
    with py7zr.SevenZipFile(buffer, "w", **options) as archive:  # type: ignore[arg-type]
        for name, data in members:
            archive.writestr(data, name)
    return buffer.getvalue()


def opened(data: bytes) -> dict[str, Incoming]:
    """Unpack in a child, as a gathering does."""
    entries = open_container(Incoming("县.7z", data), "7z")
    return {entry.path.removeprefix("县.7z/"): entry for entry in entries}


def refusal(data: bytes) -> str:
    """Unpack in this process, which is quicker and shows what the child's side covers."""
    with pytest.raises(UnreadableFile) as refused:
        seven_zip_task.unpack(data, "")
    return refused.value.code


def test_the_members_of_a_7z_archive_come_out_once() -> None:
    data = packed(("甲/表.xlsx", b"abc"), ("空", b""), ("b.xlsx", b"1"), ("b.xlsx", b"2"))
    assert {name: entry.data for name, entry in opened(data).items()} == {
        "甲/表.xlsx": b"abc",
        "空": b"",
        "b.xlsx": b"1",
        "b（2）.xlsx": b"2",
    }


def test_an_archive_made_with_the_highest_setting_is_unpacked() -> None:
    body = os.urandom(MB)
    ultra = [{"id": py7zr.FILTER_LZMA2, "preset": 0, "dict_size": 64 * MB}]
    (entry,) = opened(packed(("a.bin", body), filters=ultra)).values()
    assert entry.data == body


def test_what_inflates_too_far_is_refused_before_it_does() -> None:
    assert refusal(packed(("a", b"\0" * (70 * MB)))) == "F29"


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seven_zip_task, "MOST_MEMBERS", 2)
    assert refusal(packed(("a", b""), ("b", b""), ("c", b""))) == "F24"


@pytest.mark.parametrize("header", [False, True], ids=["names shown", "names hidden"])
def test_an_encrypted_archive_asks_for_its_contents_unpacked(header: bool) -> None:  # noqa: FBT001 - pytest passes it
    data = packed(("a", b"x"), password="secret", header_encryption=header)  # noqa: S106 - a test's
    assert refusal(data) == "F27"


def test_a_damaged_member_is_an_entry_with_a_problem() -> None:
    data = packed(("a.xlsx", b"a" * 100), ("b.xlsx", b"b" * 100), filters=STORED)
    damaged = data.replace(b"b" * 100, b"c" * 100)
    first, second = opened(damaged).values()
    assert (first.data, first.problem) == (b"a" * 100, None)
    assert second.path == "县.7z/b.xlsx"
    assert second.problem
    assert second.problem.code == "F30"


def test_an_archive_packed_by_a_rare_method_names_its_members(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise UnsupportedCompressionMethodError(b"", "BCJ2")

    monkeypatch.setattr(py7zr.SevenZipFile, "extract", refuse)
    contents = from_bytes(seven_zip_task.unpack(packed(("a", b"x")), ""))
    with pytest.raises(UnreadableFile) as refused:
        contents.members[0].read()
    assert refused.value.facts == {"detail": "@method", "method": "7z"}


@pytest.mark.parametrize("length", [6, 20, 100])
def test_an_archive_that_was_cut_off_is_damaged(length: int) -> None:
    assert refusal(packed(("a", b"x" * 10))[:length]) == "F02"


def test_damage_anywhere_gives_members_or_a_refusal() -> None:
    sound = packed(("a.xlsx", b"abc" * 20), ("b.xlsx", b"x"))
    for at in range(0, len(sound), 3):
        damaged = bytearray(sound)
        damaged[at] ^= 0xFF
        try:
            contents = from_bytes(seven_zip_task.unpack(bytes(damaged), ""))
        except UnreadableFile:
            continue
        assert len(contents.members) <= 2


def test_without_the_extra_an_archive_is_named_for_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_child, "find_spec", lambda _: None)
    with pytest.raises(UnreadableFile) as refused:
        opened(packed(("a", b"x")))
    assert (refused.value.code, refused.value.facts) == ("F08", {"format": "@7z"})
