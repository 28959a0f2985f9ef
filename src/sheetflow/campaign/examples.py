"""The shipped examples: real rosters, figures as the agencies reported them, what was published."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sheetflow.errors import UnknownExampleError
from sheetflow.model.cells import CellRef, parse_cell

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Example:
    """A real case: its folder and settings; decisions and published figures where it has them."""

    name: str
    folder: Path
    campaign: str
    period: str

    @property
    def roster(self) -> Path:
        """The roster file."""
        return self.folder / "roster.csv"

    @property
    def decisions(self) -> Path:
        """What the office decided; the file may be absent."""
        return self.folder / "decisions.toml"

    def reported(self) -> dict[str, dict[CellRef, str]]:
        """Give what each agency reported, as text; a blank is an empty text."""
        reported: dict[str, dict[CellRef, str]] = {}
        for name in ("reported.csv", "texts.csv"):
            for row in _rows(self.folder / name):
                reported.setdefault(row["agency"], {})[_cell(row["code"])] = row["value"]
        return reported

    def published(self) -> Mapping[CellRef, Decimal]:
        """Give the aggregate that the office published."""
        rows = _rows(self.folder / "published.csv")
        return {_cell(row["code"]): Decimal(row["value"]) for row in rows}


_EXAMPLES = {
    "pingtan-2024": ("平潭综合实验区", "2024"),
    "hengyang-mzj-2023": ("衡阳市民政局", "2023"),
}


def example(name: str) -> Example:
    """Give a shipped example; UnknownExampleError if there is none of that name."""
    if name not in _EXAMPLES:
        raise UnknownExampleError(name)
    campaign, period = _EXAMPLES[name]
    return Example(name, _folder() / name, campaign, period)


def _folder() -> Path:
    """Give the examples of the installed package, or those of the repository beside src/."""
    package = Path(str(files("sheetflow")))
    installed = package / "examples"
    return installed if installed.is_dir() else package.parent.parent / "examples"


def _cell(text: str) -> CellRef:
    ref = parse_cell(text)
    if ref is None:
        raise ValueError(text)
    return ref


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
