"""Kills runs and fails their writes, by the thousand; a campaign of its own, not a test.

    PYTHONPATH=src:tests python tools/faults.py --rounds 1000 --seed 1

Prints what docs/reliability.md records, each part as soon as it is done. Exit code 1 if a promise
was broken once. No report.pdf is made: printing takes three times as long as all else, and the file
is written like the others.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fault_calls import fail_inits, fail_merges, fail_templates, fill_disks
from fault_rounds import kill_calls, kill_inits, kill_merges, kill_templates
from versions import make_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fault_rounds import Tally


def main() -> int:
    """Run the campaign and print its record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="merges that are killed")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and decisions")
    given = parser.parse_args()
    rng = random.Random(given.seed)  # noqa: S311 - moments, not secrets
    began, python = time.monotonic(), sys.version.split()[0]
    os.environ["SHEETFLOW_OFFICE"] = ""
    broken: list[str] = []
    print(f"{dt.datetime.now(tz=dt.UTC).date()}, seed {given.seed}, Python {python}\n")
    print("| part | outcomes | promises broken |\n|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        for tally in tallies(Path(name), rng, given.rounds):
            outcomes = ", ".join(f"{kind} {n}" for kind, n in sorted(tally.outcomes.items()))
            rounds = sum(tally.outcomes.values())
            print(f"| {tally.name}: {rounds} | {outcomes} | {len(tally.broken)} |", flush=True)
            broken += tally.broken
    print(f"\n{time.monotonic() - began:.0f} s")
    print(*broken[:50], sep="\n", file=sys.stderr)
    return 1 if broken else 0


def tallies(folder: Path, rng: random.Random, rounds: int) -> Iterator[Tally]:
    """Do one part after the other."""
    root, few = folder / "campaign", max(1, rounds // 5)
    versions = make_versions(root, 5)
    yield kill_merges(root, versions, rng, rounds)
    yield kill_calls(root, versions)
    yield fail_merges(root, versions)
    yield from fill_disks(root, versions)
    # After the merges: correction copies would go on from the numbers of templates issued anew.
    yield kill_templates(root, rng, few)
    yield fail_templates(root)
    yield kill_inits(folder, rng, few)
    yield fail_inits(folder)


if __name__ == "__main__":
    sys.exit(main())
