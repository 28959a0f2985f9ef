"""Holds the quick ways of reading returns against the reading cell by cell, on damaged returns.

    alike.py [--each 1000] [--seed 1]

Each is read with others of its make in mind, and as if it were the first. Prints how many were
tried of each kind, and the seed of each that was read otherwise.
"""

from __future__ import annotations

import argparse
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from mutants import mutant
from sheetflow.workbooks.frames import Family
from test_frames import LEARNED, cell_by_cell, quick, returns, taken_in


def nothing(*_: object) -> None:
    """Know of no frame."""


def main() -> int:
    """Try so many of each kind; 1 if one was read otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, seed {given.seed}, {given.each} of each kind")
    wrong = 0
    for name, data in returns().items():
        expected = quick()
        for _ in range(LEARNED):
            taken_in(data, expected)
        read = 0
        for number in range(given.each):
            damaged = mutant(random.Random(f"{name} {given.seed} {number}"), data)  # noqa: S311
            plain = cell_by_cell(damaged)
            read += any(intake.submission for intake in plain)
            with patch.multiple(Family, take=nothing, known=nothing):
                alone = taken_in(damaged, quick())
            if alone != plain or taken_in(damaged, expected) != plain:
                wrong += 1
                print(f"{name} {given.seed} {number}: read otherwise")
        print(f"{name}: {given.each} tried, {read} of them readable")
    print(f"{wrong} read otherwise")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
