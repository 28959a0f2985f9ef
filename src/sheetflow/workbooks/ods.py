"""Read OpenDocument spreadsheets (.ods), whichever program wrote them.

A repeated run of empty cells costs nothing, one of filled cells is counted before it is expanded.
"""

from __future__ import annotations

from sheetflow.workbooks.limits import Budget, Caps, UnreadableFile
from sheetflow.workbooks.ods_sheets import CONTENT, ContentReader
from sheetflow.workbooks.package import Package
from sheetflow.workbooks.workbook import Workbook

_CAPS = Caps()
_MANIFEST = "meta-inf/manifest.xml"
_META = "meta.xml"
_CLIENT_LENGTH = 100


def read_ods(data: bytes, caps: Caps = _CAPS) -> Workbook:
    """Read the bytes of a workbook; `UnreadableFile`, and nothing else, if they can't be."""
    package = Package(data, caps)
    # The manifest is searched, not parsed: OpenOffice 2 wrote a document type into it.
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise UnreadableFile("F04", {})
    budget = Budget(caps)
    reader = ContentReader(budget)
    package.parse(CONTENT, reader.attach)
    properties, client = _meta(package, budget)
    return Workbook(reader.sheets(), reader.names, properties, client)


def _meta(package: Package, budget: Budget) -> tuple[dict[str, str], str]:
    """Read the user's own document properties, and the program that saved the workbook."""
    properties: dict[str, str] = {}
    found: list[str] = []

    def visit(_depth: int, tag: str, attributes: dict[str, str], text: str) -> None:
        if tag == "user-defined":
            name = next((attributes[key] for key in attributes if key.endswith(":name")), "")
            budget.spend(len(name) + len(text), cells=1)
            properties[name] = text
        elif tag == "generator":
            found.append(text.strip()[:_CLIENT_LENGTH])

    if _META in package:
        package.walk(_META, "document-meta", visit)
    return properties, found[0] if found else ""
