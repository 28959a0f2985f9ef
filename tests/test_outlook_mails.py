"""The attachments of an Outlook mail (.msg) come out, and those of the mails attached to it."""

from __future__ import annotations

import struct
from datetime import date
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetflow.gathering.containers import msg_task
from sheetflow.gathering.containers.opening import open_container
from sheetflow.gathering.containers.transfer import from_bytes
from sheetflow.gathering.folder import Incoming
from sheetflow.workbooks.formats import sniff
from sheetflow.workbooks.limits import UnreadableFile

Storage: TypeAlias = dict[str, "bytes | Storage"]
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
JANUARY_20 = 133818642000000000  # 2025-01-20 16:30 at Greenwich: the 21st in China


def compound(root: Storage) -> bytes:
    """Write an OLE compound file whose trees are lists; small streams lie in the root's own."""
    sectors, small = _Sectors(512), _Sectors(64)
    entries: list[list[Any]] = [["Root Incoming", 5, FREE, FREE, END, 0]]

    def add(parent: int, storage: Storage) -> None:
        last = -1
        for name, child in storage.items():
            number = len(entries)
            stream = child if isinstance(child, bytes) else b""
            start = (small if len(stream) < 4096 else sectors).place(stream)
            kind = 2 if isinstance(child, bytes) else 1
            entries.append([name, kind, FREE, FREE, start, len(stream)])
            entries[parent if last < 0 else last][3 if last < 0 else 2] = number
            last = number
            if isinstance(child, dict):
                add(number, child)

    add(0, root)
    entries[0][4:] = sectors.place(small.data), len(small.data)
    directory = sectors.place(b"".join(_directory_entry(*entry) for entry in entries))
    small_table = sectors.place(small.table())
    fats = len(sectors.chain) // 120 + 1
    at = len(sectors.chain)
    sectors.chain += [FAT] * fats
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    smalls = -(-len(small.table()) // 512)
    header += struct.pack("<9L", 0, fats, directory, 0, 4096, small_table, smalls, END, 0)
    header += struct.pack("<109L", *range(at, at + fats), *[FREE] * (109 - fats))
    return header + sectors.data + sectors.table().ljust(fats * 512, b"\xff")


class _Sectors:
    """Data in sectors, and the chain that says which follows which."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.data = b""
        self.chain: list[int] = []

    def place(self, data: bytes) -> int:
        start, count = len(self.chain), -(-len(data) // self.size)
        self.data += data.ljust(count * self.size, b"\0")
        self.chain += [*range(start + 1, start + count), END][: count or 0]
        return start if count else END

    def table(self) -> bytes:
        return struct.pack(f"<{len(self.chain)}L", *self.chain)


def _directory_entry(name: str, *fields: int) -> bytes:
    kind, right, down, start, size = fields
    wide = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<HBBLLL", len(wide), kind, 1, FREE, right, down)
    return wide.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<LQ", start, size)


def properties(head: int, **values: int) -> bytes:
    entries = (struct.pack("<LLQ", int(tag[1:], 16), 6, value) for tag, value in values.items())
    return b"\0" * head + b"".join(entries)


def attachment(name: str, data: bytes, **values: int) -> Storage:
    return {
        "__properties_version1.0": properties(8, **values),
        "__substg1.0_37010102": data,
        "__substg1.0_3704001F": "SHORT~1.XLS".encode("utf-16-le"),
        "__substg1.0_3707001F": name.encode("utf-16-le"),
    }


def mail(*attachments: Storage, head: int = 32, **more: bytes) -> Storage:
    return {
        "__properties_version1.0": properties(head, x00390040=JANUARY_20),
        **{f"__substg1.0_{tag[1:]}": value for tag, value in more.items()},
        **{f"__attach_version1.0_#{n:08X}": child for n, child in enumerate(attachments)},
    }


def opened(root: Storage) -> dict[str, Incoming]:
    data = compound(root)
    assert sniff(data, "报送.msg") == "msg"
    entries = open_container(Incoming("报送.msg", data), "msg")
    return {entry.path.removeprefix("报送.msg/"): entry for entry in entries}


def read(root: Storage) -> dict[str, bytes]:
    """Read in this process, which is quicker and shows what the child's side covers."""
    contents = from_bytes(msg_task.attachments(compound(root), ""))
    return {member.name: member.read() for member in contents.members}


def test_attachments_come_out_under_their_long_names() -> None:
    entries = opened(mail(attachment("民政局.xlsx", b"abc" * 1000), attachment("乙.xlsx", b"")))
    assert {name: entry.data for name, entry in entries.items()} == {
        "民政局.xlsx": b"abc" * 1000,
        "乙.xlsx": b"",
    }


def test_a_mail_was_sent_when_its_headers_say_so_else_by_the_clock_of_china() -> None:
    headers = "From: a\r\nDate: Mon, 20 Jan 2025 23:30:00 +0800\r\n".encode("utf-16-le")
    (stated,) = opened(mail(attachment("a", b"x"), x007D001F=headers)).values()
    (counted,) = opened(mail(attachment("a", b"x"))).values()
    assert (stated.received, counted.received) == (date(2025, 1, 20), date(2025, 1, 21))


def test_a_name_in_the_senders_encoding_is_read() -> None:
    old: Storage = {"__substg1.0_3704001E": "民政局.xls".encode("gbk") + b"\0"}
    assert read(mail({**old, "__substg1.0_37010102": b"x"})) == {"民政局.xls": b"x"}


def test_an_attachment_without_a_name_gets_one() -> None:
    assert read(mail({"__substg1.0_37010102": b"x"})) == {"附件1": b"x"}


def test_the_attachments_of_an_attached_mail_come_out_with_it() -> None:
    inner = mail(attachment("a.xlsx", b"x"), head=24, x0037001F="转/发".encode("utf-16-le"))
    forwarded: Storage = {"__substg1.0_3701000D": inner}
    assert read(mail(forwarded, attachment("b.xlsx", b"y"))) == {
        "转／发.msg/a.xlsx": b"x",
        "b.xlsx": b"y",
    }


def test_an_attached_object_that_is_no_file_is_an_entry_with_a_problem() -> None:
    (entry,) = opened(mail({"__substg1.0_3701000D": {"CONTENTS": b"x"}})).values()
    assert entry.problem
    assert (entry.problem.code, entry.problem.facts["method"]) == ("F30", "OLE")


def test_a_picture_that_only_the_body_shows_is_no_attachment() -> None:
    logo = attachment("logo.png", b"x", x7FFE000B=1)
    scan = attachment("scan.png", b"x", x7FFE000B=0)
    hidden = attachment("a.xlsx", b"x", x7FFE000B=1)
    assert list(read(mail(logo, scan, hidden))) == ["scan.png", "a.xlsx"]


def test_too_many_attachments_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(msg_task, "MOST_MEMBERS", 1)
    with pytest.raises(UnreadableFile) as refused:
        read(mail(attachment("a", b"x"), attachment("b", b"x")))
    assert refused.value.code == "F24"


def test_a_mail_without_a_date_has_its_folders() -> None:
    contents = from_bytes(msg_task.attachments(compound({"__properties_version1.0": b""}), ""))
    assert contents.received is None


def test_mails_in_mails_end_at_a_depth() -> None:
    root = mail(attachment("a", b"x"))
    for _ in range(8):
        root = mail({"__substg1.0_3701000D": root})
    with pytest.raises(UnreadableFile) as refused:
        read(root)
    assert refused.value.code == "F28"


def test_attachments_that_take_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(msg_task, "MOST_BYTES", 1000)
    with pytest.raises(UnreadableFile) as refused:
        read(mail(attachment("a", b"x" * 2000)))
    assert refused.value.code == "F29"


def test_a_mail_is_told_from_the_workbook_that_is_attached_to_it() -> None:
    book = compound({"Workbook": b"x" * 600})
    data = compound(mail(attachment("a.xls", book)))
    assert data.index("Workbook".encode("utf-16-le")) < data.index("__prop".encode("utf-16-le"))
    assert sniff(data, "a.msg") == "msg"
    assert sniff(book, "a.xls") == "xls"


SAMPLE = compound(mail(attachment("民政局.xlsx", b"abc" * 100), attachment("b", b"x")))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_mail_gives_entries_or_is_refused(data: st.DataObject) -> None:
    damaged = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        contents = from_bytes(msg_task.attachments(bytes(damaged), ""))
    except UnreadableFile:
        return
    assert all(member.name.encode(errors="surrogatepass") for member in contents.members)
