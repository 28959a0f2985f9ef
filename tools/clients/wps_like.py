"""Rewrites a saved return's package as WPS and other clients lay theirs out.

    python wps_like.py BASE.xlsx BASE.xls OUT

WPS runs on neither this machine nor CI: these files are made by hand after what its packages look
like, and say so by their names. The figures, formulas and their results are those of the base.
"""

from __future__ import annotations

import re
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Parts = dict[str, bytes]

_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml")
_MAIN = "http://schemas.openxmlformats.org/"
_RELATIONS = _MAIN + "officeDocument/2006/relationships"
_IMAGE = "http://www.wps.cn/officeDocument/2020/cellImage"
_IDENTITY = "ID_9C4D1E0B7A3F4C2E8D6B5A4938271605"
_STRICT = (
    (_MAIN + "spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (_RELATIONS + "/extended-properties", _RELATIONS + "/extendedProperties"),
    (_RELATIONS + "/custom-properties", _RELATIONS + "/customProperties"),
    (_RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    (
        _MAIN + "officeDocument/2006/extended-properties",
        "http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
    ),
    (
        _MAIN + "officeDocument/2006/custom-properties",
        "http://purl.oclc.org/ooxml/officeDocument/customProperties",
    ),
    (_MAIN + "drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
)


def wps(parts: Parts) -> Parts:
    """Give it WPS's properties, a dimension that is wrong, and number formats of WPS's own."""
    custom = (
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="90" '
        'name="KSOProductBuildVer"><vt:lpwstr>2052-12.1.0.18276</vt:lpwstr></property>'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="91" '
        'name="ICV"><vt:lpwstr>5E1D4C3B2A190807F6E5D4C3B2A19080_13</vt:lpwstr></property>'
    )
    parts = _edit(parts, "docProps/app.xml", _application)
    parts = _edit(parts, "docProps/custom.xml", lambda t: t.replace("</Pro", custom + "</Pro"))
    parts = _edit(parts, "xl/styles.xml", _number_formats)
    return _edit(parts, _SHEET, _dimension)


def _application(text: str) -> str:
    return re.sub("<Application>.*?</Application>", "<Application>WPS 表格</Application>", text)


def _number_formats(text: str) -> str:
    """Put in WPS's accounting formats from 176 on, and use one where there was none."""
    formats = (
        '<numFmt numFmtId="176" formatCode="_ * #,##0_ ;_ * \\-#,##0_ ;_ * &quot;-&quot;_ ;_ @_ "/>'
        '<numFmt numFmtId="177" formatCode="[DBNum1][$-804]General"/>'
    )
    text = re.sub('numFmtId="17([67])"', r'numFmtId="27\1"', text)
    text = re.sub("(<numFmts[^>]*>)", lambda match: match[1] + formats, text)
    return re.sub('(<xf numFmtId=)"(?:0|1|3|164)"', r'\1"176"', text)


def _dimension(text: str) -> str:
    return re.sub("<dimension[^>]*/>", '<dimension ref="A1"/>', text)


def images(parts: Parts) -> Parts:
    """Put an image into a cell beside the form, which WPS shows by a function of its own."""
    cell = (
        f'<row r="60"><c r="A60" t="str"><f>_xlfn.DISPIMG(&quot;{_IDENTITY}&quot;,1)</f>'
        f"<v>=DISPIMG(&quot;{_IDENTITY}&quot;,1)</v></c></row></sheetData>"
    )
    listed = (
        f'<?xml version="1.0" encoding="UTF-8"?><etc:cellImages xmlns:etc="{_IMAGE}"'
        f' xmlns:xdr="{_MAIN}drawingml/2006/spreadsheetDrawing"'
        f' xmlns:a="{_MAIN}drawingml/2006/main"'
        f' xmlns:r="{_RELATIONS}"><etc:cellImage><xdr:pic><xdr:nvPicPr>'
        f'<xdr:cNvPr id="2" name="{_IDENTITY}"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        '<a:blip r:embed="rId1"/></xdr:blipFill><xdr:spPr/></xdr:pic></etc:cellImage>'
        "</etc:cellImages>"
    )
    relation = (
        '<?xml version="1.0" encoding="UTF-8"?><Relationships '
        f'xmlns="{_MAIN}package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/image" Target="media/image1.png"/></Relationships>'
    )
    own = f'<Relationship Id="rId900" Type="{_IMAGE}" Target="cellimages.xml"/></Relationships>'
    parts = _edit(wps(parts), _part_of(parts, "五"), lambda t: t.replace("</sheetData>", cell))
    parts = _edit(parts, "xl/_rels/workbook.xml.rels", lambda t: t.replace("</Relationships>", own))
    parts = _declare(parts, "xl/cellimages.xml", "application/vnd.wps-officedocument.cellimage+xml")
    return parts | {
        "xl/cellimages.xml": listed.encode(),
        "xl/_rels/cellimages.xml.rels": relation.encode(),
        "xl/media/image1.png": _png(),
    }


def _part_of(parts: Parts, sheet: str) -> str:
    found = re.search(
        f'<sheet name="{sheet}" sheetId="([0-9]+)"', parts["xl/workbook.xml"].decode()
    )
    if found is None:
        raise ValueError(sheet)
    return f"xl/worksheets/sheet{found[1]}.xml"


def _png() -> bytes:
    """Draw one red pixel."""
    chunks = (
        (b"IHDR", struct.pack(">2L5B", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\xc0\0\0")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def macros(parts: Parts) -> Parts:
    """Make it a workbook with macros, whose project holds nothing."""
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    enabled = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    relation = (
        '<Relationship Id="rId901" Type="http://schemas.microsoft.com/office/2006/relationships/'
        'vbaProject" Target="vbaProject.bin"/></Relationships>'
    )
    parts = _edit(wps(parts), "[Content_Types].xml", lambda t: t.replace(plain, enabled))
    parts = _edit(
        parts, "xl/_rels/workbook.xml.rels", lambda t: t.replace("</Relationships>", relation)
    )
    parts = _declare(parts, "xl/vbaProject.bin", "application/vnd.ms-office.vbaProject")
    return parts | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)}


def _declare(parts: Parts, part: str, kind: str) -> Parts:
    override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    return _edit(parts, "[Content_Types].xml", lambda t: t.replace("</Types>", override))


def other_case(parts: Parts) -> Parts:
    """Name parts otherwise than the relationships call them."""
    return {name.replace("worksheets/sheet", "WorkSheets/Sheet"): b for name, b in parts.items()}


def backslashes(parts: Parts) -> Parts:
    r"""Separate folders by \, as some archivers of Windows do."""
    return {name.replace("/", "\\"): body for name, body in parts.items()}


def absolute(parts: Parts) -> Parts:
    """Name the targets of relationships from the package's root."""
    parts = _edit(parts, "_rels/.rels", lambda t: t.replace('Target="', 'Target="/'))
    return _edit(
        parts, "xl/_rels/workbook.xml.rels", lambda t: t.replace('Target="', 'Target="/xl/')
    )


def rich(parts: Parts) -> Parts:
    """Split each text into two runs, and give it a phonetic hint that is none of its text."""

    def runs(match: re.Match[str]) -> str:
        text = match[1]
        middle = 0 if "&" in text else len(text) // 2
        first, second = text[:middle], text[middle:]
        keep = '<t xml:space="preserve">'
        return (
            f'<si><r><rPr><b/><sz val="12"/></rPr>{keep}{first}</t></r><r>{keep}{second}</t></r>'
            '<rPh sb="0" eb="1"><t>かな</t></rPh><phoneticPr fontId="1"/></si>'
        )

    pattern = re.compile("<si><t[^>]*>([^<]*)</t></si>")
    return _edit(parts, "xl/sharedStrings.xml", lambda text: pattern.sub(runs, text))


def inline(parts: Parts) -> Parts:
    """Put the texts into their cells, and drop the table of shared ones."""
    items = re.findall("<si>(.*?)</si>", parts["xl/sharedStrings.xml"].decode(), re.DOTALL)

    def cell(match: re.Match[str]) -> str:
        return f'{match[1]}t="inlineStr"><is>{items[int(match[2])]}</is>'

    pattern = re.compile(r'(<c [^>]*)t="s"><v>([0-9]+)</v>')
    parts = _edit(parts, _SHEET, lambda text: pattern.sub(cell, text))
    parts = _edit(
        parts,
        "xl/_rels/workbook.xml.rels",
        lambda text: re.sub("<Relationship [^>]*sharedStrings[^>]*/>", "", text),
    )
    return {name: body for name, body in parts.items() if name != "xl/sharedStrings.xml"}


def strict(parts: Parts) -> Parts:
    """Write the other dialect of ISO/IEC 29500, as Excel's "Strict Open XML" does."""

    def namespaces(text: str) -> str:
        for transitional, other in _STRICT:
            text = text.replace(transitional, other)
        return text

    return _edit(parts, re.compile(r".*\.(xml|rels)"), namespaces)


def utf16(parts: Parts) -> Parts:
    """Write the sheets and the shared strings in UTF-16."""

    def encoded(body: bytes) -> bytes:
        return body.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")

    wide = re.compile("xl/(worksheets/[^/]*|sharedStrings|workbook).xml")
    return {name: encoded(body) if wide.fullmatch(name) else body for name, body in parts.items()}


_MADE: dict[str, Callable[[Parts], Parts]] = {
    "wps-like.xlsx": wps,
    "wps-like-images.xlsx": images,
    "wps-like.xlsm": macros,
    "wps-like-inline.xlsx": lambda parts: inline(wps(parts)),
    "handmade-case.xlsx": other_case,
    "handmade-backslashes.xlsx": backslashes,
    "handmade-absolute.xlsx": absolute,
    "handmade-rich-texts.xlsx": rich,
    "handmade-strict.xlsx": strict,
    "handmade-utf16.xlsx": utf16,
}


def _edit(parts: Parts, which: str | re.Pattern[str], change: Callable[[str], str]) -> Parts:
    """Change the text of some parts; that nothing changes is a mistake of this script."""
    chosen = {n for n in parts if (n == which if isinstance(which, str) else which.fullmatch(n))}
    changed = {name: change(parts[name].decode()).encode() for name in chosen}
    if all(changed[name] == parts[name] for name in chosen):
        raise ValueError(which)
    return parts | changed


def main() -> int:
    """Write every variant."""
    base, legacy, out = map(Path, sys.argv[1:4])
    with zipfile.ZipFile(base) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, change in _MADE.items():
        with zipfile.ZipFile(out / name, "w", zipfile.ZIP_DEFLATED) as package:
            for part, body in change(parts).items():
                info = zipfile.ZipInfo(part, (2026, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(info, body)
    (out / "wps-like.et").write_bytes(legacy.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
