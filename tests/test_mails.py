"""Every attachment of a mail is an entry, whatever the client that sent it calls it."""

from __future__ import annotations

import base64
import struct
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nuisances import mailbox
from sheetflow.gathering.containers import mail_headers
from sheetflow.gathering.containers.opening import open_container
from sheetflow.gathering.folder import Incoming
from sheetflow.workbooks.formats import sniff
from sheetflow.workbooks.limits import UnreadableFile

SENT = b"Date: Mon, 20 Jan 2025 23:30:00 +0800\r\n"
HEAD = b"From: a@b.cn\r\nTo: c@d.cn\r\n" + SENT + b"MIME-Version: 1.0\r\n"
MULTIPART = b"Content-Type: multipart/mixed; boundary="
MIXED = HEAD + MULTIPART + b'"=_b"\r\n\r\n'
FOLDER_DATE = date(2025, 1, 22)


def opened(data: bytes) -> list[Incoming]:
    entry = Incoming("returns/报送.eml", data, received=FOLDER_DATE)
    assert sniff(data, "报送.eml") == "eml"
    return list(open_container(entry, "eml"))


def attachments(data: bytes) -> dict[str, bytes]:
    return {entry.path.removeprefix("returns/报送.eml/"): entry.data for entry in opened(data)}


def mail(*parts: bytes) -> bytes:
    return MIXED + b"".join(b"--=_b\r\n" + part + b"\r\n" for part in parts) + b"--=_b--\r\n"


def attached(disposition: bytes, body: bytes = b"x") -> bytes:
    return b"Content-Type: application/octet-stream\r\n" + disposition + b"\r\n\r\n" + body


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        opened(data)
    return refused.value.code


def test_attachments_come_out_of_a_mail_as_any_client_writes_it() -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Date"] = "a@b.cn", "c@d.cn", "20 Jan 2025 09:00 +0800"
    message.set_content("见附件。")
    message.add_alternative("<p>见附件。<img src='cid:1'></p>", subtype="html")
    message.add_attachment(b"\0\r\n\xff", "application", "zip", filename="民政局 2024.xlsx")
    message.add_attachment("甲,1\n", filename="表.csv")
    assert attachments(message.as_bytes()) == {
        "民政局 2024.xlsx": b"\0\r\n\xff",
        "表.csv": "甲,1\r\n".encode(),
    }


@pytest.mark.parametrize(
    "disposition",
    [
        'filename="民政局.xlsx"'.encode(),
        'filename="民政局.xlsx"'.encode("gbk"),
        b'filename="=?GBK?B?' + base64.b64encode("民政局.xlsx".encode("gbk")) + b'?="',
        b"filename==?gb2312?Q?=C3=F1=D5=FE=BE=D6.xlsx?=",
        b'filename="=?UTF-8?B?5rCR5pQ=?=\r\n =?UTF-8?B?v+WxgC54bHN4?="',
        b'filename="=?utf-8?B?5rCR5g==?= =?utf-8?B?lL/lsYAueGxzeA==?="',
        b"filename*=UTF-8''%E6%B0%91%E6%94%BF%E5%B1%80.xlsx",
        b"filename*=gb18030'zh'%C3%F1%D5%FE%BE%D6.xlsx",
        b"filename*=nonsense''%C3%F1%D5%FE%BE%D6.xlsx",
        b"filename*0*=UTF-8''%E6%B0%91%E6%94;\r\n filename*1*=%BF%E5%B1%80;\r\n filename*2=.xlsx",
        b"filename*1=x; filename*0*=utf-8''%E6%B0%91%E6%94%BF%E5%B1%80.xls",
        b"filename=minzheng.xlsx; filename*=UTF-8''%E6%B0%91%E6%94%BF%E5%B1%80.xlsx",
    ],
)
def test_a_name_is_read_in_every_way_that_clients_write_it(disposition: bytes) -> None:
    data = mail(attached(b"Content-Disposition: attachment;\r\n " + disposition))
    assert attachments(data) == {"民政局.xlsx": b"x"}


def test_a_name_may_stand_at_the_type_alone() -> None:
    data = mail(b"Content-Type: application/vnd.ms-excel;\r\n\tname=a.xls\r\n\r\nx")
    assert attachments(data) == {"a.xls": b"x"}


def test_an_attachment_without_a_name_gets_one() -> None:
    nameless = b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nx"
    data = mail(attached(b"X-A: b"), b"Content-Type: text/plain\r\n\r\nbody", nameless)
    assert attachments(data) == {"附件1": b"x", "附件2": b"x"}


def test_a_picture_in_the_text_is_no_attachment_and_a_scan_is_one() -> None:
    shown = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <1>\r\n\r\nx"
    scan = b"Content-Type: image/png; name=scan.png\r\nContent-Disposition: inline\r\n\r\nx"
    assert list(attachments(mail(shown, scan))) == ["scan.png"]


def test_two_attachments_of_one_name_stay_two() -> None:
    part = attached(b"Content-Disposition: attachment; filename=a.xlsx")
    assert list(attachments(mail(part, part))) == ["a.xlsx", "a（2）.xlsx"]


def test_a_forwarded_mail_is_an_attachment_under_its_subject() -> None:
    inner = b"Subject: =?GBK?B?zvejrLGoy80=?=\r\n" + mail(
        attached(b"Content-Disposition: attachment; filename=a.xlsx")
    ).replace(b"=_b", b"inner")
    (forwarded,) = opened(mail(b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert forwarded.path.endswith(".eml")
    assert sniff(forwarded.data, forwarded.path) == "eml"
    (member,) = open_container(forwarded, "eml")
    assert member.path == f"{forwarded.path}/a.xlsx"
    assert member.within == ("eml", "eml")
    assert member.received == date(2025, 1, 20)


def test_the_bytes_of_an_attachment_come_out_as_they_were() -> None:
    body = bytes(range(256)) * 40
    encoded = base64.encodebytes(body).replace(b"\n", b"\r\n")
    parts = [
        attached(b"Content-Transfer-Encoding: BASE64", encoded),
        attached(b"Content-Transfer-Encoding: binary", body + b"\r"),
        attached(b"Content-Transfer-Encoding: quoted-printable", b"a=3D=\r\nb"),
    ]
    assert list(attachments(mail(*parts)).values()) == [body, body + b"\r", b"a=b"]


@pytest.mark.parametrize(
    ("encoding", "body", "detail"),
    [(b"base64", b"QUJDRA", "@member_damaged"), (b"x-uuencode", b"begin", "@method")],
)
def test_an_attachment_that_cannot_be_decoded_is_an_entry_with_a_problem(
    encoding: bytes, body: bytes, detail: str
) -> None:
    bad = attached(b"Content-Transfer-Encoding: " + encoding, body)
    first, second = opened(mail(bad, attached(b"X-A: b")))
    assert first.problem
    assert first.problem.code == "F30"
    assert first.problem.facts["detail"] == detail
    assert second.data == b"x"


def test_what_came_by_mail_came_on_the_mails_own_day() -> None:
    (entry,) = opened(mail(attached(b"X-A: b")))
    assert entry.received == date(2025, 1, 20)


@pytest.mark.parametrize("line", [b"Date: yesterday", b"Date: 31 Feb 2025", b"X-Date: 1 Jan 2025"])
def test_without_a_date_of_its_own_a_mail_has_its_folders(line: bytes) -> None:
    (entry,) = opened(mail(attached(b"X-A: b")).replace(SENT, line + b"\r\n"))
    assert entry.received == FOLDER_DATE


def test_a_mail_may_begin_with_blank_lines() -> None:
    part = attached(b'Content-Disposition: attachment; filename="a.xlsx"')
    assert attachments(b"\r\n\n" + mail(part)) == {"a.xlsx": b"x"}


def test_a_mail_without_attachments_gives_none() -> None:
    assert attachments(HEAD + b"\r\nhello") == {}


def test_a_mail_that_was_cut_off_gives_what_there_is() -> None:
    data = mail(attached(b"X-A: b", b"abc")).removesuffix(b"c\r\n--=_b--\r\n")
    assert attachments(data) == {"附件1": b"ab"}


def test_a_boundary_that_begins_like_another_is_another() -> None:
    inner = b'Content-Type: multipart/mixed; boundary="=_bc"\r\n\r\n--=_bc\r\n'
    data = mail(inner + attached(b"X-A: b") + b"\r\n--=_bc--", attached(b"X-A: b", b"y"))
    assert list(attachments(data).values()) == [b"x", b"y"]


def test_a_multipart_without_a_boundary_is_damaged() -> None:
    assert refusal(HEAD + b"Content-Type: multipart/mixed\r\n\r\nx") == "F02"


def test_winmail_gives_the_attachments_that_it_holds() -> None:
    def attribute(number: int, value: bytes) -> bytes:
        return struct.pack("<BLL", 2, number, len(value)) + value + b"\0\0"

    packed = b"\x78\x9f\x3e\x22\0\0" + attribute(0x00089006, b"\0\0\1\0")
    for name in ("甲.xlsx", "乙.xlsx"):
        packed += attribute(0x00069002, b"\0" * 14)
        packed += attribute(0x0006800F, name.encode())
        packed += attribute(0x00018010, name.encode("gbk") + b"\0")
    part = b"Content-Disposition: attachment; filename=winmail.dat"
    assert attachments(mail(attached(part, packed))) == {
        "winmail.dat/甲.xlsx": "甲.xlsx".encode(),
        "winmail.dat/乙.xlsx": "乙.xlsx".encode(),
    }
    assert list(attachments(mail(attached(part, b"x")))) == ["winmail.dat"]
    unread = attached(part + b"\r\nContent-Transfer-Encoding: uu", packed)
    assert list(attachments(mail(unread))) == ["winmail.dat"]


def nested(depth: int) -> bytes:
    boundaries = [b"b%d" % number for number in range(depth)]
    head = MULTIPART + b"b0\r\n\r\n"
    for outer, inner in pairwise(boundaries):
        head += b"--" + outer + b"\r\n" + MULTIPART + inner + b"\r\n\r\n"
    return HEAD + head


def test_multiparts_in_multiparts_end_at_a_depth() -> None:
    assert refusal(nested(20_000)) == "F28"
    assert attachments(nested(15)) == {}


def test_mails_in_mails_end_at_a_depth() -> None:
    entry = Incoming("returns/a.eml", HEAD, within=("eml", "zip", "eml"))
    with pytest.raises(UnreadableFile) as refused:
        open_container(entry, "eml")
    assert refused.value.code == "F28"


def test_more_attachments_than_a_mail_may_have_are_refused() -> None:
    assert refusal(mail(*[attached(b"X-A: b")] * 5_001)) == "F24"


def test_a_part_may_have_no_headers() -> None:
    assert attachments(mail(b"\r\nContent-Type: a/b\r\n\r\nx")) == {}


def test_a_word_that_is_not_encoded_as_it_says_is_shown_as_it_stands() -> None:
    assert mail_headers.text(b"=?gbk?B?A?= =?x?Q?=C3=F1?= b") == "A民 b"


@pytest.mark.parametrize("look", [b"--=_b\r\n\r\n", b"--=_bx\r\n"])
def test_a_mail_of_countless_parts_is_refused(look: bytes) -> None:
    assert refusal(MIXED + look * 100_000) == "F24"


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: multipart/mixed; " + b'a="' * 500_000,
        b"Content-Disposition: attachment; filename=" + b"=?" * 500_000,
        b"Content-Type: a/b" + b";" * 1_000_000,
        b"Content-Type: a/b;" + b" " * 1_000_000,
        b"Date: " + b"1 " * 500_000,
        b"Subject: " + b"=?gbk?b?" * 100_000,
        b"X:\r\n" * 250_000,
        b"Subject:" + b"\r\n " * 300_000,
    ],
    ids=range(8),
)
def test_only_the_beginning_of_a_huge_header_is_looked_at(header: bytes) -> None:
    values = mail_headers.read_headers(header).values()
    assert sum(map(len, values)) < 10_000
    for value in values:
        mail_headers.parameters(value)
        mail_headers.text(value)
        mail_headers.day(value)


def sent_with(name: str, data: bytes, subject: bytes = b"") -> bytes:
    header = b"Content-Disposition: attachment; filename*=UTF-8''" + name.encode()
    part = attached(header + b"\r\nContent-Transfer-Encoding: base64", base64.b64encode(data))
    return subject + mail(b"\r\n\r\nsee\r\n\r\n>From here: on\r\n", part)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_each_mail_of_a_mailbox_is_opened(line_end: bytes) -> None:
    data = mailbox(
        [
            sent_with("a.xlsx", b"1", "Subject: 民政/局\r\n".encode()),
            sent_with("b.xlsx", b"2"),
            sent_with("c.xlsx", b"3"),
        ]
    )
    data = data.replace(b"\r\n", b"\n").replace(b"\n", line_end)
    assert sniff(data, "导出") == "mbox"
    mails = list(open_container(Incoming("returns/导出", data, received=FOLDER_DATE), "mbox"))
    assert [each.path for each in mails] == [
        "returns/导出/民政／局.eml",
        "returns/导出/邮件2.eml",
        "returns/导出/邮件3.eml",
    ]
    assert [sniff(each.data, each.path) for each in mails] == ["eml"] * 3
    found = [entry for each in mails for entry in open_container(each, "eml")]
    assert [(entry.path.rsplit("/")[-1], entry.data) for entry in found] == [
        ("a.xlsx", b"1"),
        ("b.xlsx", b"2"),
        ("c.xlsx", b"3"),
    ]
    assert {entry.received for entry in found} == {date(2025, 1, 20)}


@pytest.mark.parametrize(
    "said",
    [
        b"\r\n\r\nFrom here on\r\nnothing\r\n",
        b"\r\n\r\nwords\r\nFrom a@b.cn\r\nSubject: quoted\r\n",
    ],
)
def test_what_a_mail_says_does_not_part_it(said: bytes) -> None:
    data = mailbox([sent_with("a.xlsx", b"1"), mail(said, attached(b"X: y", b"2"))])
    assert len(list(open_container(Incoming("m", data), "mbox"))) == 2
    alone = mail(b"\r\n\r\nFrom a@b.cn\r\nSubject: quoted\r\n", attached(b"X: y", b"2"))
    assert sniff(alone, "a.eml") == "eml"


def test_a_mailbox_of_too_many_mails_is_refused() -> None:
    data = mailbox([HEAD + b"\r\nx"]) * 5_001
    with pytest.raises(UnreadableFile, match="F24"):
        open_container(Incoming("m", data), "mbox")


ARCHIVE = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (HEAD + b"\r\nx", "a.txt", "eml"),
        (b"From a@b Mon Jan 20\n" + HEAD + b"\r\nx", "mbox", "eml"),
        (b"Subject: a\r\nMIME-Version: 1.0\r\n\r\nx", "a.eml", "eml"),
        (HEAD + b"\r\n" + "民政".encode("gbk") + b"\xff\xff", "a", "eml"),
        (b"hello\r\n", "a.eml", "unknown"),
        (b"To: a\nFrom: b\nis how a letter begins\n\n", "a.txt", "unknown"),
        (b"From: <Saved by Blink>\r\nSubject: a\r\n" + SENT + ARCHIVE, "a.xls", "mhtml"),
        (ARCHIVE, "a", "mhtml"),
    ],
)
def test_a_mail_is_told_from_a_web_archive_and_from_text(data: bytes, name: str, kind: str) -> None:
    assert sniff(data, name) == kind


SAMPLE = mail(
    b"Content-Type: text/plain\r\n\r\nbody",
    attached(b"Content-Disposition: attachment; filename*=UTF-8''%E6%B0%91.xlsx"),
    attached(b"Content-Transfer-Encoding: base64", b"QUJD"),
)


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_mail_gives_entries_or_is_refused(data: st.DataObject) -> None:
    damaged = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        entries = list(open_container(Incoming("a.eml", bytes(damaged)), "eml"))
    except UnreadableFile:
        return
    assert len({entry.path for entry in entries}) == len(entries)
    assert all(entry.path.encode() for entry in entries)
