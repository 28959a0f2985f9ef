"""Tell what the bytes of a file are, whatever its name says."""

from __future__ import annotations

import codecs
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.workbooks.limits import Caps, UnreadableFile
from sheetflow.workbooks.mail_format import is_mail, mail_starts
from sheetflow.workbooks.package import Package
from sheetflow.workbooks.zip_directory import is_cut_off, member_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "empty": "F07",
        "ole-encrypted": "F04",
        **dict.fromkeys(("xml", "fods", "html", "mhtml"), "F05"),
        **dict.fromkeys(("zip", "rar", "7z", "eml", "mbox", "msg"), "F08"),
        **dict.fromkeys(("doc", "docx", "ofd", "pdf", "image", "unknown"), "F01"),
    }
)
"""Formats that are not read, and the finding that says so. Web pages count as tables, since
business systems save them under the name of .xls and spreadsheet programs open them."""

_SIGNATURES = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"\x09\x00\x04\x00", "xls"),  # BIFF 2, 3, 4, 5 and 8 without a container
    (b"\x09\x02\x06\x00", "xls"),
    (b"\x09\x04\x06\x00", "xls"),
    (b"\x09\x08\x08\x00", "xls"),
    (b"\x09\x08\x10\x00", "xls"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIL_STREAM = "__properties_version1.0"
_OLE_STREAMS = (
    ("EncryptedPackage", "ole-encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "doc"),
    (_MAIL_STREAM, "msg"),
)
_OLE_NAME = 64  # bytes that a directory entry gives a name, filled up with zeros
_ZIP_PARTS = (
    ("xl/workbook.bin", "xlsb"),
    ("xl/", "xlsx"),
    ("word/", "docx"),
    ("ppt/", "unknown"),
    ("ofd.xml", "ofd"),
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MIMETYPE, _MANIFEST = b"mimetype", "meta-inf/manifest.xml"
_FIRST_NAME = 30  # where the name of a zip's first member stands
_METHOD, _STORED = 8, b"\0\0"  # where it says how that is compressed, and that it is not
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HEAD = 4096
_PIECE = 1 << 16
_BLANK = b"\0\t\n\r \xef\xbb\xbf"
_MOST_NAMES = 5_000


def sniff(data: bytes, name: str) -> str:
    """Name a file's format: `xlsx` (xlsm too), or a key of `REFUSALS`. Contents decide.

    The name only tells .et from .xls, a table in plain text from other text, and what an archive
    was that is cut off.
    """
    if data.startswith(_ZIP):
        return _zip_format(data, name.lower())
    if not any(piece.strip(_BLANK) for piece in _pieces(data)):
        return "empty"
    if data.startswith(_OLE):
        return _ole_format(data, name.lower())
    signed = (kind for signature, kind in _SIGNATURES if data.startswith(signature))
    return next(signed, "") or _bitmap(data) or _text_format(data, name.lower())


def _zip_format(data: bytes, name: str) -> str:
    if data.startswith(_MIMETYPE, _FIRST_NAME) and data.startswith(_STORED, _METHOD):
        return "ods" if data.startswith(_ODS, _FIRST_NAME + len(_MIMETYPE)) else "unknown"
    kind = _kind_of_members(member_names(data, _MOST_NAMES))
    if kind == "ods":
        manifest = _manifest(data)
        return "ods" if _ODS in manifest or not manifest else "unknown"
    is_ours = kind in {"zip", "package"} and name.endswith((".xlsx", ".xlsm"))
    if is_ours and is_cut_off(data):
        return "xlsx"
    return "unknown" if kind == "package" else kind


@lru_cache(maxsize=16)
def _kind_of_members(names: tuple[bytes, ...]) -> str:
    """Say what an archive of such members is; `package`: an OOXML package without a workbook."""
    parts = [name.decode("cp437").replace("\\", "/").lower() for name in names]
    if {"content.xml", _MANIFEST} <= set(parts):
        return "ods"
    listed = "\n".join(("", *parts))
    for prefix, kind in _ZIP_PARTS:
        if f"\n{prefix}" in listed:
            return kind
    if "[content_types].xml" in parts:  # a workbook part may stand anywhere
        return "xlsx" if any(part.endswith("workbook.xml") for part in parts) else "package"
    return "zip"


def _manifest(data: bytes) -> bytes:
    """Read what an OpenDocument package says it is; nothing if it is damaged."""
    try:
        return Package(data, Caps()).read(_MANIFEST)
    except UnreadableFile:
        return b""


def _ole_format(data: bytes, name: str) -> str:
    """Go by the first stream that tells, since a document's own stand before embedded ones."""
    found = []
    for stream, kind in _OLE_STREAMS:
        position = data.find(stream.encode("utf-16-le").ljust(_OLE_NAME, b"\0"))
        if position >= 0:
            found.append((position, kind))
    kind = min(found)[1] if found else "unknown"
    if name.endswith(".msg") and any(kind == "msg" for _, kind in found):
        return "msg"  # though what is attached to it may stand first
    return "et" if kind == "xls" and name.endswith((".et", ".ett")) else kind


def _bitmap(data: bytes) -> str:
    """Know the two kinds of image whose signature alone could begin a text."""
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    bmp = data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"
    return "image" if webp or bmp else ""


def _text_format(data: bytes, name: str) -> str:
    if is_mail(data, name):
        return "mbox" if len(mail_starts(data)) > 1 else "eml"
    encoding = _encoding(data)
    head = data[:_HEAD].decode(encoding, "replace").lstrip().lower() if encoding else ""
    if head.startswith("mime-version:") or "content-type: multipart/related" in head:
        return "mhtml"
    if head.startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "xml"
    if head.startswith("<?xml") and "urn:oasis:names:tc:opendocument" in head:
        return "fods"
    if head.startswith("<") and any(tag in head for tag in ("<!doctype html", "<html", "<table")):
        return "html"
    is_unicode_text = name.endswith(".txt") and encoding == "utf-16" and "\t" in head
    is_table = name.endswith((".csv", ".tsv")) or is_unicode_text  # so Excel calls the latter
    return "csv" if encoding and is_table else "unknown"


def _encoding(data: bytes) -> str:
    """Name the encoding of a text as Chinese clients write it; "" if it is none."""
    marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)]
    return next((name for name in marked or ("utf-8", "gb18030") if _is_text(data, name)), "")


def _is_text(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        texts = (decoder.decode(piece) for piece in _pieces(data))
        return all("\0" not in text for text in texts) and not decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False


def _pieces(data: bytes) -> Iterator[bytes]:
    """Give the bytes in slices, so that what is made of them stays small."""
    return (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
