"""The rounds of tools/faults.py that kill a run, and what all rounds ask of the next run."""

from __future__ import annotations

import shutil
import statistics
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from campaigns import form_text, roster_csv, snapshot
from faulting import REPLACING, START, WRITING, duration, killed, killed_at
from sheetflow.campaign.folder import KEY, OUTPUT, SETTINGS, TEMPLATES
from versions import (
    ASIDE,
    EDITED,
    REPORT,
    TWO,
    Outputs,
    decide_version,
    is_temporary,
    merged,
    place,
    said,
    state,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[[], tuple[int, str]]


@dataclass(frozen=True)
class Tally:
    """What a part of the campaign counted, and each promise that was broken."""

    name: str
    outcomes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, outcome: str, faults: list[str], where: str) -> None:
        """Count a round."""
        self.outcomes[outcome] += 1
        self.broken.extend(f"{self.name}, {where}: {fault}" for fault in faults)


# kill -9


def kill_merges(
    root: Path, versions: tuple[Outputs, ...], rng: random.Random, rounds: int
) -> Tally:
    """Kill merges at random moments, a third of them while names are given; a quarter die again."""
    tally, merging = Tally("`merge` killed"), partial(merged, root)
    lasts = {
        since: statistics.median(duration(merging, since) for _ in range(5))
        for since in (START, WRITING, REPLACING)
    }
    possible, was_edited = [versions[0]], False
    for turn in range(rounds):
        version = rng.choice([each for each in versions if each is not possible[-1]])
        decide_version(root, versions.index(version))
        if len(possible) == 1 and rng.random() < 1 / 5:
            (root / OUTPUT / REPORT).write_bytes(EDITED)
            was_edited = True
        since = rng.choice(list(lasts))
        killed(merging, rng.uniform(0, lasts[since]), since)
        possible.append(version)
        left = state(root, possible, was_edited=was_edited)
        faults = list(left.faults)
        if rng.random() < 3 / 4:
            faults += after_merge(root, version, was_edited=was_edited)
            possible, was_edited = [version], False
        tally.add(left.phase, faults, f"round {turn}, {left.phase}")
    after_merge(root, possible[-1], was_edited=was_edited)
    return tally


def kill_calls(root: Path, versions: tuple[Outputs, ...]) -> Tally:
    """Kill a merge at each of its calls that writes, over old outputs and where there are none."""
    tally, merging = Tally("`merge` killed at each call"), partial(merged, root)
    for before in (versions[0], Outputs()):
        for nth in count():
            place(root / OUTPUT, before)
            decide_version(root, 1)
            if not killed_at(merging, nth, root):
                break
            left = state(root, [before, versions[1]])
            faults = [*left.faults, *after_merge(root, versions[1])]
            tally.add(left.phase, faults, f"call {nth}, {left.phase}")
    return tally


def after_merge(root: Path, version: Outputs, *, was_edited: bool = False) -> list[str]:
    """Merge undisturbed and give what is not as after a fresh run."""
    code, errors = merged(root)
    found = snapshot(root / OUTPUT)
    expected = version | ({ASIDE: EDITED} if was_edited else {})
    (root / OUTPUT / ASIDE).unlink(missing_ok=True)
    names = [
        name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
    ]
    faults = [f"the next run leaves other files: {sorted(names)}"] if names else []
    return faults if code in (0, 1) else [*faults, f"the next run ends with {code}: {errors}"]


def kill_templates(root: Path, rng: random.Random, rounds: int) -> Tally:
    """Kill `template` at random moments; the next run issues the rest under the same numbers."""
    tally, issuing = Tally("`template` killed"), partial(said, root, "template")
    folder = root / TEMPLATES
    place(folder, {})
    lasts = duration(issuing, WRITING)
    expected = snapshot(folder)  # issued anew, numbers go on from those of correction copies
    for turn in range(rounds):
        place(folder, {})
        killed(issuing, rng.uniform(0, lasts), WRITING)
        found = snapshot(folder)
        issued = {name: data for name, data in found.items() if name.endswith(".xlsx")}
        faults = [] if issued.items() <= expected.items() else ["a template is not whole"]
        said(root, "template")
        if snapshot(folder) != expected:
            faults.append(f"the next run leaves other files: {sorted(snapshot(folder))}")
        tally.add(f"{len(issued)} of {len(expected)} issued", faults, f"round {turn}")
    return tally


def kill_inits(folder: Path, rng: random.Random, rounds: int) -> Tally:
    """Kill `init` at random moments; the same `init` again ends what it began."""
    tally, root = Tally("`init` killed"), folder / "new"
    starting = starter(folder, root)
    lasts = duration(starting, WRITING)
    expected = snapshot(root)
    for turn in range(rounds):
        shutil.rmtree(root, ignore_errors=True)
        killed(starting, rng.uniform(0, lasts), WRITING)
        done = (root / SETTINGS).is_file()
        faults = after_init(root, starting, expected)
        tally.add("a whole campaign" if done else "only begun", faults, f"round {turn}")
    return tally


def starter(folder: Path, root: Path) -> Command:
    """Give an `init` of a new campaign."""
    form, roster = folder / "form.toml", folder / "roster.csv"
    form.write_text(form_text(), encoding="utf-8")
    roster.write_bytes(roster_csv(TWO))
    options = ("--period", "2024", "--name", "某市", "--form", str(form), "--roster", str(roster))
    return partial(said, root, "init", str(root), *options)


def after_init(root: Path, starting: Command, expected: Outputs) -> list[str]:
    """End what an `init` began and give what is not as after an undisturbed one."""
    code, errors = (0, "") if (root / SETTINGS).is_file() else starting()
    found = snapshot(root)
    same = {**found, KEY: b""} == {**expected, KEY: b""}
    same_length = len(found.get(KEY, b"")) == len(expected[KEY])
    faults = [] if same and same_length else [f"the next run leaves other files: {sorted(found)}"]
    return [*faults, errors] if code else faults


def temporary_files(root: Path) -> list[str]:
    """Name the temporary files that a run which ended by itself left behind."""
    return [f"{path.name} is left" for path in root.rglob("*") if is_temporary(path.name)]
