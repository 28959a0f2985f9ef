"""What agencies pack is opened in memory, and every member is accounted for once."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections import Counter
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetflow.gathering.containers import opening
from sheetflow.gathering.containers.opening import CONTAINERS, Allowance, open_container
from sheetflow.gathering.folder import LARGEST, MB, Incoming
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.messages.text import Language
from sheetflow.workbooks.formats import sniff
from sheetflow.workbooks.limits import UnreadableFile

UTF8, ENCRYPTED = 0x800, 0x1


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def raw_zip(*members: tuple[bytes, bytes], **fields: int) -> bytes:
    """Pack with names as bytes; `fields` overrule what the directory says of each member."""
    body, directory = bytearray(), bytearray()
    for name, data in members:
        says = {"flags": 0, "method": 0, "crc": zlib.crc32(data), "stored": len(data)}
        says |= {"size": len(data), "system": 0, "attributes": 0, "offset": len(body), **fields}
        directory += struct.pack(
            "<4sBBHHHLLLLHHHHHLL",
            *(b"PK\1\2", 20, says["system"], 20, says["flags"], says["method"], 0),
            *(says["crc"], says["stored"], says["size"], len(name), 0, 0, 0, 0),
            *(says["attributes"], says["offset"]),
        )
        directory += name
        header = (says["flags"], says["method"], 0, says["crc"], says["stored"], says["size"])
        body += struct.pack("<4sHHHLLLLHH", b"PK\3\4", 20, *header, len(name), 0) + name + data
    count = len(members) & 0xFFFF
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def container(data: bytes) -> Incoming:
    return Incoming("returns/县.zip", data, received=date(2025, 1, 20))


def opened(data: bytes) -> dict[str, Incoming]:
    entries = list(open_container(container(data), "zip"))
    by_name = {entry.path.removeprefix("returns/县.zip/"): entry for entry in entries}
    assert len(by_name) == len(entries)
    return by_name


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        open_container(container(data), "zip")
    assert said(refused.value)
    return refused.value.code


def problems(data: bytes) -> dict[str, str]:
    return {
        name: entry.problem.code if entry.problem else "" for name, entry in opened(data).items()
    }


def said(problem: UnreadableFile) -> str:
    """Fill in the message, which must ask for no fact that the problem lacks."""
    return CATALOGUE[problem.code].message.to(Language.ZH).format(**problem.facts)


def all_of(entry: Incoming, allowance: Allowance) -> list[Incoming]:
    """Open whatever can be opened, however deep; a container stands before its members."""
    kind = sniff(entry.data, entry.path)
    if entry.skipped or entry.problem or kind not in CONTAINERS:
        return [entry]
    try:
        members = list(open_container(entry, kind, allowance))
    except UnreadableFile as problem:
        return [Incoming(entry.path, problem=problem)]
    return [entry, *(one for member in members for one in all_of(member, allowance))]


def test_members_come_out_with_their_path_digest_and_date() -> None:
    data = packed({"甲/": b"", "甲/表.xlsx": b"a", "乙.xlsx": b"bc"})
    first, second = open_container(container(data), "zip")
    assert first.path == "returns/县.zip/甲/表.xlsx"
    assert (first.data, first.size, first.sha256) == (b"a", 1, hashlib.sha256(b"a").hexdigest())
    assert (first.container, first.within) == ("returns/县.zip", ("zip",))
    assert (first.received, second.received) == (date(2025, 1, 20), date(2025, 1, 20))
    assert second.path == "returns/县.zip/乙.xlsx"


@pytest.mark.parametrize("method", [0, 8, 12, 14], ids=["stored", "deflate", "bzip2", "lzma"])
def test_every_common_method_is_read(method: int) -> None:
    members = {"a.xlsx": b"abc" * 100_000, "empty": b""}
    assert {name: entry.data for name, entry in opened(packed(members, method)).items()} == members


@pytest.mark.parametrize(
    ("raw", "flags", "shown"),
    [
        ("民政局.xlsx".encode(), UTF8, "民政局.xlsx"),
        ("民政局.xlsx".encode("gbk"), 0, "民政局.xlsx"),
        ("镕㑇.xlsx".encode("gb18030"), 0, "镕㑇.xlsx"),
        ("民政局.xlsx".encode(), 0, "民政局.xlsx"),  # as a Mac packs it
        ("模.xlsx".encode("gbk"), 0, "模.xlsx"),  # which would be UTF-8 as well
        ("民政局.xlsx".encode("gbk"), UTF8, "民政局.xlsx"),
        (b"\xff\xfe.xlsx", 0, "<FF><FE>.xlsx"),
        (b"..\\..\\etc\\passwd", 0, "<..>/<..>/etc/passwd"),
        (b"/etc/passwd", 0, "etc/passwd"),
        (b"C:\\a.xlsx", 0, "C：/a.xlsx"),
        (b"a\0b\n.xlsx", 0, "a<U+0000>b<U+000A>.xlsx"),
        ("\u202excod.xlsx".encode(), UTF8, "<U+202E>xcod.xlsx"),
        (b"", 0, "_"),
        (b"a" * 9000, 0, "a" * 250 + "…" + "a" * 250),
    ],
)
def test_a_name_comes_out_readable_and_harmless(raw: bytes, flags: int, shown: str) -> None:
    assert list(opened(raw_zip((raw, b"x"), flags=flags))) == [shown]


def test_a_name_is_taken_from_the_unicode_path_that_some_clients_add() -> None:
    path = b"\1" + zlib.crc32(b"a.xlsx").to_bytes(4, "little") + "民政局.xlsx".encode()
    info = zipfile.ZipInfo("a.xlsx")
    info.extra = b"\x99\x99\1\0x" + struct.pack("<HH", 0x7075, len(path)) + path
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, b"x")
    assert list(opened(buffer.getvalue())) == ["民政局.xlsx"]


def test_members_of_one_name_stay_apart() -> None:
    data = raw_zip((b"a.xlsx", b"1"), (b"./a.xlsx", b"2"), ("a（2）.xlsx".encode(), b"3"))
    assert {name: entry.data for name, entry in opened(data).items()} == {
        "a.xlsx": b"1",
        "a（2）.xlsx": b"2",
        "a（2）（2）.xlsx": b"3",
    }


def test_nuisances_in_an_archive_are_listed_but_not_read() -> None:
    data = packed({"__MACOSX/._a.xlsx": b"x", "~$a.xlsx": b"x", "a.xlsx": b"x"})
    found = {name: (entry.skipped, entry.data) for name, entry in opened(data).items()}
    assert found == {
        "__MACOSX/._a.xlsx": ("system_file", b""),
        "~$a.xlsx": ("office_lock", b""),
        "a.xlsx": ("", b"x"),
    }


def test_a_link_in_an_archive_is_not_followed() -> None:
    (entry,) = opened(raw_zip((b"a", b"/etc/passwd"), system=3, attributes=0xA1FF << 16)).values()
    assert entry.skipped == "symlink"


def test_what_precedes_an_archive_does_not_hurt() -> None:
    assert list(opened(b"#!/bin/sh\n" + packed({"a": b"x"}))) == ["a"]


@pytest.mark.parametrize("repeated", [False, True], ids=["large", "written to a pipe"])
def test_an_archive_in_zip64_is_read(repeated: bool) -> None:  # noqa: FBT001 - pytest passes it
    info = zipfile.ZipInfo("a.xlsx")
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open(info, "w", force_zip64=True) as file:
        file.write(b"x")
    plain = buffer.getvalue()
    at = plain.rindex(b"PK\5\6")
    size, offset = struct.unpack_from("<LL", plain, at + 12)
    end64 = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    full = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    data = plain[:at] + end64 + locator + (plain[at:] if repeated else full)
    assert opened(data)["a.xlsx"].data == b"x"
    assert refusal(data.replace(b"PK\6\6", b"PK\6\5")) == "F02"


def test_figures_of_a_member_may_stand_in_its_zip64_field() -> None:
    body, offset = b"abc", 0
    field = struct.pack("<HHQQQ", 1, 24, len(body), len(body), offset)
    data = bytearray(raw_zip((b"a.xlsx" + field, body)))
    at = data.index(b"PK\1\2")
    struct.pack_into("<LL", data, at + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<HH", data, at + 28, 6, len(field))
    struct.pack_into("<L", data, at + 42, 0xFFFFFFFF)
    assert opened(bytes(data))["a.xlsx"].data == body


@pytest.mark.parametrize(("flags", "method"), [(ENCRYPTED, 8), (ENCRYPTED, 99), (0, 99)])
def test_an_encrypted_archive_asks_for_its_contents_unpacked(flags: int, method: int) -> None:
    data = raw_zip((b"a/", b""), (b"a/a", b"x"), flags=flags, method=method)
    assert refusal(data) == "F27"


def test_one_encrypted_member_is_a_problem_of_its_own() -> None:
    data = bytearray(packed({"a": b"x", "b": b"y"}, 0))
    data[data.index(b"PK\1\2") + 8] |= ENCRYPTED
    assert problems(bytes(data)) == {"a": "F27", "b": ""}


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"crc": 1}, "@member_checksum"),
        ({"size": 2}, "@member_length"),
        ({"size": 4}, "@member_length"),
        ({"method": 9}, "@method"),
        ({"method": 1234}, "@method"),
        ({"method": 8}, "@member_damaged"),
        ({"method": 12}, "@member_damaged"),
        ({"method": 14}, "@member_damaged"),
        ({"offset": 10**9}, "@member_damaged"),
    ],
)
def test_a_member_that_cannot_be_read_is_an_entry_with_a_problem(
    fields: dict[str, int], detail: str
) -> None:
    (entry,) = opened(raw_zip((b"a.xlsx", b"\xff\xfe\xfd"), **fields)).values()
    assert entry.problem
    assert (entry.problem.code, entry.problem.facts["detail"]) == ("F30", detail)
    assert said(entry.problem)
    assert (entry.data, entry.sha256) == (b"", "")


def test_a_member_that_says_it_is_too_large_is_not_read() -> None:
    (entry,) = opened(raw_zip((b"a.xlsx", b"abc"), size=LARGEST + 1)).values()
    assert entry.problem
    assert (entry.problem.code, entry.size) == ("F29", LARGEST + 1)


@pytest.mark.parametrize("method", [8, 12, 14], ids=["deflate", "bzip2", "lzma"])
def test_a_member_that_inflates_too_far_is_refused_before_it_does(method: int) -> None:
    data = packed({"bomb": b"\0" * (50 * MB), "a": b"x"}, method)
    assert len(data) < 100_000
    assert problems(data) == {"bomb": "F15", "a": ""}


def test_a_member_that_hides_how_far_it_inflates_is_cut_off() -> None:
    bomb = zlib.compress(b"\0" * (50 * MB), wbits=-15)
    assert problems(raw_zip((b"a", bomb), method=8, size=3)) == {"a": "F30"}


def test_more_than_all_members_may_take_is_refused_as_a_whole() -> None:
    members = tuple((b"%d" % number, b"x") for number in range(9))
    assert refusal(raw_zip(*members, size=64 * MB)) == "F15"


def test_overlapping_members_are_refused_as_a_whole() -> None:
    kernel = zlib.compress(b"\0" * 1000, wbits=-15)
    quoted = raw_zip((b"b", kernel), method=8)[: 31 + len(kernel)]
    assert refusal(raw_zip((b"a", quoted), (b"b", kernel), offset=0)) == "F11"


def test_a_hundred_thousand_members_are_refused_before_they_are_listed() -> None:
    members = tuple((b"%d" % number, b"") for number in range(100_000))
    assert refusal(raw_zip(*members)) == "F24"
    assert len(opened(raw_zip(*members[:5_000]))) == 5_000


def test_an_archive_that_was_cut_off_is_refused() -> None:
    data = packed({"a.xlsx": b"abc" * 100, "b.xlsx": b"x"})
    assert refusal(data[:-30]) == "F20"
    assert refusal(data[: len(data) // 2]) == "F20"


def test_a_directory_that_hides_members_is_refused() -> None:
    data = bytearray(packed({"a": b"x", "b": b"y"}))
    data[data.rindex(b"PK\5\6") + 10] = 3
    assert refusal(bytes(data)) == "F02"


def test_archives_are_opened_two_deep() -> None:
    deepest = packed({"c.xlsx": b"x"})
    data = packed({"a.zip": packed({"b.zip": deepest, "b.xlsx": b"x"})})
    entries = all_of(container(data), Allowance())
    assert [(entry.path, entry.problem and entry.problem.code) for entry in entries] == [
        ("returns/县.zip", None),
        ("returns/县.zip/a.zip", None),
        ("returns/县.zip/a.zip/b.zip", "F28"),
        ("returns/县.zip/a.zip/b.xlsx", None),
    ]


def test_an_archive_in_a_mail_may_hold_another() -> None:
    entry = Incoming("a.eml/a.zip/b.zip", packed({"a": b"x"}), within=("eml", "zip"))
    (member,) = open_container(entry, "zip")
    assert member.within == ("eml", "zip", "zip")


def test_a_nest_of_bombs_costs_no_more_than_its_outermost_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "_TOTAL", 20 * MB)
    bomb = packed({"0": bytes(range(256)) * (4 * MB // 256)})
    entries = all_of(
        container(packed({f"{number}.zip": bomb for number in range(16)})), Allowance()
    )
    codes = Counter(entry.problem.code if entry.problem else "" for entry in entries)
    assert codes["F15"] >= 11
    assert sum(len(entry.data) for entry in entries if not entry.path.endswith("zip")) <= 20 * MB


def test_members_count_over_all_that_lies_in_one_file() -> None:
    many = packed({str(number): b"" for number in range(2_000)})
    entries = all_of(container(packed({f"{n}.zip": many for n in range(4)})), Allowance())
    assert [entry.problem.code for entry in entries if entry.problem] == ["F24", "F24"]


NAMES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
        lambda name: not name.endswith(("/", "\\"))
    ),
    max_size=8,
)


@settings(max_examples=100)
@given(NAMES, st.sampled_from([0, 8, 12, 14]))
def test_every_member_comes_out_once(names: list[str], method: int) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for number, name in enumerate(names):
            info = zipfile.ZipInfo(f"{number}")
            archive.NameToInfo.clear()  # or it would warn of two members of one name
            info.filename, info.compress_type = name, method
            archive.writestr(info, str(number))
    entries = opened(buffer.getvalue()).values()
    came = [entry.data or str(number).encode() for number, entry in enumerate(entries)]
    assert came == [str(number).encode() for number in range(len(names))]
    assert not [entry for entry in entries if entry.problem]


SAMPLE = packed({"甲/a.xlsx": b"abc" * 50, "b.xlsx": b"x", "c.zip": packed({"d": b"y"})})


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_archive_gives_entries_or_is_refused(data: st.DataObject) -> None:
    damaged = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    entries = all_of(container(bytes(damaged)), Allowance())
    assert len({entry.path for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.path.encode()
        assert entry.problem is None or said(entry.problem)
