"""Kills runs and fails their writes, by the thousand; a campaign of its own, not a test.

    PYTHONPATH=src:tests python tools/faults.py --rounds 1000 --seed 1

Prints what docs/reliability.md records. Exit code 1 if a promise was broken once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
import time
from pathlib import Path

from fault_calls import fail_inits, fail_merges, fail_templates, fill_disks
from fault_rounds import kill_calls, kill_inits, kill_merges, kill_templates
from versions import make_versions


def main() -> int:
    """Run the campaign and print its record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="merges that are killed")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and decisions")
    given = parser.parse_args()
    rng = random.Random(given.seed)  # noqa: S311 - moments, not secrets
    few, began = max(1, given.rounds // 5), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        root = folder / "campaign"
        versions = make_versions(root, 5)
        tallies = [
            kill_merges(root, versions, rng, given.rounds),
            kill_calls(root, versions),
            kill_templates(root, rng, few),
            kill_inits(folder, rng, few),
            fail_merges(root, versions),
            fail_templates(root),
            fail_inits(folder),
            *fill_disks(root, versions),
        ]
    today = dt.datetime.now(tz=dt.UTC).date()
    seconds = time.monotonic() - began
    print(f"{today}, seed {given.seed}, {seconds:.0f} s, Python {sys.version.split()[0]}\n")
    print("| part | outcome | times |\n|---|---|---|")
    for tally in tallies:
        for outcome, times in sorted(tally.outcomes.items()):
            print(f"| {tally.name} | {outcome} | {times} |")
        print(f"| {tally.name} | **promises broken** | **{len(tally.broken)}** |")
    broken = [each for tally in tallies for each in tally.broken]
    print(*broken[:50], sep="\n", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
