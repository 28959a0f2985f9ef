"""Encrypted workbooks open where the password is known, and are named where it is not."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import biff
import encrypting
from sheetflow.workbooks import encryption
from sheetflow.workbooks.confined import Confinement
from sheetflow.workbooks.encryption import EXCELS_OWN, MOST, decrypt
from sheetflow.workbooks.formats import sniff
from sheetflow.workbooks.limits import UnreadableFile
from sheetflow.workbooks.xls import read_xls

if TYPE_CHECKING:
    from collections.abc import Callable

_RC4 = Path(__file__).parent / "fixtures" / "xls" / "libreoffice-rc4.xls"
_SHEETS = {"表一": biff.number(2, 1, 7) + biff.label(biff.BIFF8, 0, 0, "单位" * 600), "表二": b""}
_OOXML = [encrypting.agile, encrypting.standard]
_BIFF = [encrypting.rc4, encrypting.rc4_cryptoapi, encrypting.xor]


def _package() -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        workbook.add_worksheet("表一").write(0, 0, 7)
    return file.getvalue()


PACKAGE = _package()
ENCRYPTED = encrypting.agile(PACKAGE, "right")


def refusal(data: bytes, *passwords: str) -> str:
    with pytest.raises(UnreadableFile) as raised:
        decrypt(data, passwords)
    return raised.value.code


@pytest.mark.parametrize("encrypt", _OOXML)
@pytest.mark.parametrize("password", ["密码 1", EXCELS_OWN])
def test_an_encrypted_package_opens(encrypt: Callable[[bytes, str], bytes], password: str) -> None:
    data = encrypt(PACKAGE, password)
    assert sniff(data, "表.xlsx") == "ole-encrypted"
    assert decrypt(data, ["wrong", password]) == PACKAGE


@pytest.mark.parametrize("encrypt", _BIFF)
def test_an_encrypted_xls_opens(encrypt: Callable[[dict[str, bytes], str], bytes]) -> None:
    data = encrypt(_SHEETS, "right1")
    with pytest.raises(UnreadableFile, match="F04"):
        read_xls(data)
    first, second = read_xls(decrypt(data, ["wrong", "right1"])).sheets
    assert (first.name, second.name) == ("表一", "表二")
    assert [cell.text for _, cell in sorted(first.cells.items())] == ["单位" * 600, "7"]


def test_an_xls_that_libreoffice_encrypted_opens() -> None:
    opened = decrypt(_RC4.read_bytes(), ["密码1"])
    assert sniff(opened, "表.xls") == "xls"
    assert read_xls(opened).sheets[0].cells[0, 1].text == "测试局"


@pytest.mark.parametrize("encrypt", _BIFF)
def test_what_excel_locked_by_itself_opens_without_a_list(
    encrypt: Callable[[dict[str, bytes], str], bytes],
) -> None:
    assert read_xls(decrypt(encrypt(_SHEETS, EXCELS_OWN))).sheets[0].name == "表一"


@pytest.mark.parametrize("data", [ENCRYPTED, _RC4.read_bytes()], ids=["xlsx", "xls"])
def test_without_the_right_password_a_file_stays_closed(data: bytes) -> None:
    assert refusal(data) == "F04"
    assert refusal(data, "Right", "right ", "") == "F04"


def test_an_unknown_encryption_stays_closed() -> None:
    assert refusal(encrypting.extensible(PACKAGE), "right") == "F04"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", PACKAGE, bytes(600)])
def test_what_is_not_encrypted_is_not_opened(data: bytes) -> None:
    assert refusal(data, "right") == "F04"


def test_only_the_first_passwords_of_a_long_list_are_tried() -> None:
    others = [f"wrong {number}" for number in range(MOST - 1)]
    data = encrypting.rc4(_SHEETS, "right")
    assert read_xls(decrypt(data, [*others, "right", "later"])).sheets
    assert refusal(data, *others, "one more", "right") == "F04"


def test_the_same_password_twice_is_tried_once() -> None:
    assert decrypt(ENCRYPTED, ["wrong"] * MOST + ["", EXCELS_OWN, "right"]) == PACKAGE


def test_passwords_need_be_no_latin_text() -> None:
    assert refusal(ENCRYPTED, "\ud800", "\0", "😀" * 300) == "F04"
    assert refusal(_RC4.read_bytes(), "\ud800", "\0", "😀" * 300) == "F04"


def test_a_file_made_to_keep_us_busy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_LIMITS", Confinement(clock=1, work=1))
    hostile = re.sub(
        rb'spinCount="100000"([^>]*?)   ', rb'spinCount="10000000"\1 ', ENCRYPTED, count=1
    )
    assert len(hostile) == len(ENCRYPTED)
    assert refusal(hostile) == "F25"


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([ENCRYPTED, _RC4.read_bytes()]), st.data())
def test_a_damaged_file_opens_or_is_named(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=9)):
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(decrypt(bytes(damaged), ["right"]), bytes)
    except UnreadableFile as problem:
        assert problem.code in {"F02", "F04", "F25"}  # noqa: PT017 - refusal is one of two ways


def test_a_right_password_for_damaged_contents_is_told_from_a_wrong_one() -> None:
    assert refusal(encrypting.standard(b"no package" * 9, "right"), "wrong") == "F04"
    assert refusal(encrypting.standard(b"no package" * 9, "right"), "right") == "F02"
