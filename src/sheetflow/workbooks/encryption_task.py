"""Decrypt a workbook with msoffcrypto, in a child: OOXML and BIFF 8."""

from __future__ import annotations

import json
from functools import lru_cache
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING

import msoffcrypto
from msoffcrypto.format import ooxml, xls97
from msoffcrypto.method.ecma376_agile import ECMA376Agile

from sheetflow.workbooks.limits import UnreadableFile, damaged

if TYPE_CHECKING:
    from msoffcrypto.format.base import BaseOfficeFile


def decrypt(data: bytes, argument: str) -> bytes:
    """Try passwords, a list in JSON; F04 if none opens the file, F02 if its contents won't come."""
    xls97.tempfile = SimpleNamespace(TemporaryFile=BytesIO)  # it would write to disk
    _derive_once()
    for password in json.loads(argument):
        file = _unlocked(data, password)
        if file is not None:
            return _contents(file)
    raise UnreadableFile("F04", {})


def _unlocked(data: bytes, password: str) -> BaseOfficeFile | None:
    """Open a file with a password; None if that is wrong or the encryption unknown."""
    try:
        file = msoffcrypto.OfficeFile(BytesIO(data))
        if not file.is_encrypted():
            return None
        verify = {"verify_password": True} if isinstance(file, ooxml.OOXMLFile) else {}
        file.load_key(password=password, **verify)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever it is, it did not open
        return None
    return file


def _contents(file: BaseOfficeFile) -> bytes:
    plain = BytesIO()
    try:
        file.decrypt(plain)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the password was right, so the rest is wrong
        raise damaged("encryption", f"{type(error).__name__}: {error}") from None
    return plain.getvalue()


def _derive_once() -> None:
    """Keep the last derived hash, nearly all the work of a try, which a try asks for twice."""
    derive = ECMA376Agile._derive_iterated_hash_from_password  # noqa: SLF001 - no public place
    ECMA376Agile._derive_iterated_hash_from_password = staticmethod(  # noqa: SLF001 - as above
        lru_cache(maxsize=1)(derive)
    )
