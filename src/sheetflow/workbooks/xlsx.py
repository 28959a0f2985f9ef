"""Read xlsx and xlsm as they were saved: sparse cells, raw texts, formulas kept, nothing believed.

Counts, dimensions and cached results are hearsay here: cells are where they say they are, and a
number is the text of its `<v>`. Both dialects of ISO/IEC 29500 are read, Strict and Transitional.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetflow.workbooks.framed import framed_sheets
from sheetflow.workbooks.limits import Budget, Caps, damaged, excessive
from sheetflow.workbooks.number_formats import read_styles
from sheetflow.workbooks.ooxml_properties import client, custom_properties, target
from sheetflow.workbooks.package import Package
from sheetflow.workbooks.strings import decode, shared_strings
from sheetflow.workbooks.workbook import Sheet, Workbook
from sheetflow.workbooks.worksheet import SheetReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sheetflow.workbooks.package import Relationship, Visitor

_CAPS = Caps()
_SMALL = 100_000
"""Characters or cells that names and properties may take before sheets are judged one by one."""
_STATES = frozenset({"visible", "hidden", "veryHidden"})
_TRUE = frozenset({"1", "true", "on"})
_WITHOUT_CELLS = frozenset({"chartsheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet"})


def read_xlsx(data: bytes, caps: Caps = _CAPS) -> Workbook:
    """Read the bytes of a workbook; `UnreadableFile`, and nothing else, if they can't be."""
    package = Package(data, caps)
    main = target(package.related(""), "officedocument")
    if not main:
        raise damaged("_rels/.rels", "officeDocument")
    relations = package.related(main)
    budget = Budget(caps)
    contents, names = package.named_texts(main, "workbook", _contents, budget)
    properties = custom_properties(package, budget)
    framed = None
    is_modest = budget.text > caps.text - _SMALL and budget.cells > caps.cells - _SMALL
    if is_modest and not contents.since_1904:
        framed = framed_sheets(package, relations, contents.sheets)
    sheets, is_small = framed or (_sheets(package, relations, contents, budget), False)
    return Workbook(tuple(sheets), names, properties, client(package), is_small)


class _Contents(NamedTuple):
    """What a workbook part says besides names."""

    sheets: list[tuple[str, str, str]]
    """Name, state and relation of each, in order."""
    since_1904: bool
    """Whether days are counted from 1904."""


def _sheets(
    package: Package,
    relations: Mapping[str, Relationship],
    contents: _Contents,
    budget: Budget,
) -> list[Sheet]:
    """Read every sheet, cell by cell."""
    strings = shared_strings(package, target(relations, "sharedstrings"), budget)
    kinds = read_styles(package, target(relations, "styles")).kinds
    if contents.since_1904:
        kinds = {style: kind.since_1904 for style, kind in kinds.items()}
    sheets = []
    for name, state, identity in contents.sheets:
        relation = relations.get(identity)
        if relation is None:
            raise damaged(name, "relationship")
        reader = SheetReader(name, relation.target, strings, budget, kinds=kinds)
        if relation.type not in _WITHOUT_CELLS:
            package.parse(relation.target, reader.attach)
        sheets.append(Sheet(name, state, reader.cells, reader.protected, reader.validated))
    return sheets


def read_properties(data: bytes, caps: Caps = _CAPS) -> dict[str, str]:
    """Read the custom properties alone; `UnreadableFile` if even they can't be read."""
    return custom_properties(Package(data, caps), Budget(caps))


def _contents(
    main: str, walk: Callable[[Visitor], None], budget: Budget
) -> tuple[_Contents, dict[str, str]]:
    """List sheets in the workbook's order, how days are counted, and the global names."""
    sheets: dict[str, tuple[str, str, str]] = {}
    names: dict[str, str] = {}
    since_1904 = False

    def visit(depth: int, tag: str, attributes: dict[str, str], text: str) -> None:
        nonlocal since_1904
        if tag == "workbookPr":
            since_1904 |= attributes.get("date1904", "") in _TRUE
        if depth != 3:  # noqa: PLR2004
            return
        name = decode(attributes.get("name", ""))
        if tag == "sheet":
            if not name or name.casefold() in sheets:
                raise damaged(f"{main} {name}", "sheet name")
            state = attributes.get("state", "visible")
            identity = next((attributes[key] for key in attributes if key.endswith(":id")), "")
            budget.spend(len(name) + len(identity))
            sheets[name.casefold()] = (name, state if state in _STATES else "visible", identity)
            if len(sheets) > budget.caps.sheets:
                raise excessive(budget.caps, "sheets")
        elif tag == "definedName" and "localSheetId" not in attributes:
            budget.spend(len(name) + len(text), cells=1)
            names[name] = text

    walk(visit)
    if not sheets:
        raise damaged(main, "no sheet")
    return _Contents([*sheets.values()], since_1904), names
