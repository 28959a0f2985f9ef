"""What an OOXML package says of itself: its custom properties and the program that saved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.workbooks.strings import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sheetflow.workbooks.limits import Budget
    from sheetflow.workbooks.package import Package, Relationship, Visitor

_PROPERTY, _VALUE = 2, 3  # depths
_CLIENT_LENGTH = 100


def target(relations: Mapping[str, Relationship], kind: str) -> str:
    """Give the part of the first relation of a type, "" if there is none."""
    return next((r.target for r in relations.values() if r.type == kind), "")


def custom_properties(package: Package, budget: Budget) -> dict[str, str]:
    """Read the custom document properties."""
    part = target(package.related(""), "customproperties")
    if part not in package:
        return {}
    _, values = package.named_texts(part, "Properties", _values, budget)
    return {name: decode(text) for name, text in values.items()}


def _values(
    _: str, walk: Callable[[Visitor], None], budget: Budget
) -> tuple[None, Mapping[str, str]]:
    values: dict[str, str] = {}
    value = ""

    def visit(depth: int, tag: str, attributes: dict[str, str], text: str) -> None:
        nonlocal value
        if depth == _VALUE:
            value = text
        elif depth == _PROPERTY and tag == "property":
            name = attributes.get("name", "")
            budget.spend(len(name) + len(value), cells=1)
            values[name], value = value, ""

    walk(visit)
    return None, values


def client(package: Package) -> str:
    """Read the name of the program that saved the workbook, "" if it gives none."""
    part = target(package.related(""), "extendedproperties")
    return package.remembered(part, _application) if part in package else ""


def _application(package: Package, part: str) -> str:
    found: list[str] = []

    def visit(_depth: int, tag: str, _attributes: dict[str, str], text: str) -> None:
        if tag == "Application" and not found:
            found.append(text.strip()[:_CLIENT_LENGTH])

    package.walk(part, "Properties", visit)
    return found[0] if found else ""
