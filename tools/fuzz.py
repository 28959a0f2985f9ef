"""Damages filled returns of every format at random and holds the intake to its promises.

Whatever the bytes are: no exception but our own, no hang, and where the format has a checksum no
figure other than the agency's without a finding. `make fuzz` runs it; what it prints is recorded in
docs/reliability.md. The same seed and count damage the same bytes.
"""

from __future__ import annotations

import argparse
import io
import random
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import corpus  # noqa: E402
from intakes import gather  # noqa: E402
from sheetflow.checks.case import Case  # noqa: E402
from sheetflow.checks.submission import check_submission  # noqa: E402
from sheetflow.gathering.folder import Incoming  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

    from sheetflow.gathering.gather import Gathered

LIMIT = 10
"""Seconds that one file may take."""
CHECKED = frozenset({"xlsx", "xlsb", "ods", "zip"})
"""Formats whose parts bear a checksum, so that a damaged figure must be noticed."""
EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@dataclass(slots=True)
class Tally:
    """What became of the damaged files of one format."""

    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what another batch found."""
        self.outcomes.update(other.outcomes)
        self.codes.update(other.codes)
        self.slowest = max(self.slowest, other.slowest)
        self.failures += other.failures


class HangError(BaseException):
    """A file took longer than it may; no `except Exception` keeps it."""


def damage_bytes(data: bytes, dice: random.Random) -> bytes:
    """Damage a file as transfers, disks and attackers do: one to four places at random."""
    body = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        if not body:
            break
        at = dice.randrange(len(body))
        length = min(dice.choice((1, 2, 4, 16, 256)), len(body) - at)
        match dice.randrange(8):
            case 0:
                body[at] ^= 1 << dice.randrange(8)
            case 1:
                body[at : at + length] = dice.randbytes(length)
            case 2:
                del body[at : at + length]
            case 3:
                body[at:at] = dice.randbytes(length)
            case 4:
                body[at:at] = body[at : at + length]
            case 5:
                del body[at:]
            case 6:
                edge = dice.choice(EDGES).to_bytes(4, "little")
                body[at : at + 4] = edge
            case _:
                source = dice.randrange(len(body))
                body[at : at + length] = body[source : source + length]
    return bytes(body)


def damage_part(data: bytes, dice: random.Random) -> bytes:
    """Damage one part of a zip package before it is packed: its checksum is right again."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    name = dice.choice(sorted(parts))
    parts[name] = damage_bytes(parts[name], dice)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for part, body in parts.items():
            package.writestr(zipfile.ZipInfo(part), body)
    return target.getvalue()


def figures(gathered: Gathered) -> dict[str, str]:
    """Give every figure that would be added up."""
    return {
        f"{submission.agency} {ref}": str(entry.value)
        for submission in gathered.submissions
        for ref, entry in submission.entries.items()
        if entry.value is not None
    }


def run_one(sample: corpus.Sample, number: int, seed: int) -> tuple[str, Counter[str], float]:
    """Damage and gather one file; give the outcome, the findings' codes and the seconds."""
    dice = random.Random(f"{seed} {sample.name} {number}")  # noqa: S311 - no secret
    inner = sample.format in CHECKED and dice.random() < 0.5  # noqa: PLR2004
    data = (damage_part if inner else damage_bytes)(sample.data, dice)
    entry = Incoming(f"returns/{sample.name}", data, sha256(data).hexdigest(), len(data))
    began = time.perf_counter()
    gathered = gather([entry], corpus.expectation())
    seconds = time.perf_counter() - began
    found = Counter(finding.code for finding in gathered.findings)
    for submission in gathered.submissions:
        found.update(f.code for f in check_submission(Case(corpus.form(), submission)))
    return _outcome(sample, gathered, found, inner=inner), found, seconds


def _outcome(sample: corpus.Sample, gathered: Gathered, found: Counter[str], *, inner: bool) -> str:
    if not gathered.submissions:
        return "refused or asked about"
    same = figures(gathered).items() <= _original(sample).items()
    if same:
        return "read, no figure changed"
    if not inner and sample.format in CHECKED and not found.keys() - _usual(sample):
        return "WRONG FIGURE WITHOUT A FINDING"
    return "read, a figure changed where no checksum guards it"


@cache
def _gathered(sample: corpus.Sample) -> Gathered:
    entry = Incoming(f"returns/{sample.name}", sample.data, "0" * 64, len(sample.data))
    return gather([entry], corpus.expectation())


@cache
def _original(sample: corpus.Sample) -> Mapping[str, str]:
    return figures(_gathered(sample))


@cache
def _usual(sample: corpus.Sample) -> frozenset[str]:
    """Give the codes of findings that the undamaged file has."""
    codes = {finding.code for finding in _gathered(sample).findings}
    for submission in _gathered(sample).submissions:
        codes |= {f.code for f in check_submission(Case(corpus.form(), submission))}
    return frozenset(codes)


def run_batch(name: str, numbers: range, seed: int) -> Tally:
    """Run some damaged copies of one sample in this process."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise HangError

    signal.signal(signal.SIGALRM, stop)
    sample = next(each for each in corpus.samples() if each.name == name)
    tally = Tally()
    for number in numbers:
        signal.alarm(LIMIT)
        try:
            outcome, found, seconds = run_one(sample, number, seed)
        except (Exception, HangError) as error:  # noqa: BLE001 - any escape is what we look for
            last = traceback.extract_tb(error.__traceback__)[-1]
            outcome = "HANG" if isinstance(error, HangError) else "ESCAPE"
            where = f"{Path(last.filename).name}:{last.lineno}"
            tally.failures.append(f"{name} {number}: {type(error).__name__} {error} at {where}")
            found, seconds = Counter(), 0.0
        finally:
            signal.alarm(0)
        if outcome.startswith("WRONG"):
            tally.failures.append(f"{name} {number}: {outcome}")
        tally.outcomes[outcome] += 1
        tally.codes.update(found.keys())
        tally.slowest = max(tally.slowest, seconds)
    return tally


def batches(count: int) -> Iterator[tuple[str, range]]:
    """Share the damage out over the samples, each by its weight."""
    samples = corpus.samples()
    weights = sum(sample.weight for sample in samples)
    for sample in samples:
        share = max(1, round(count * sample.weight / weights))
        for start in range(0, share, 250):
            yield sample.name, range(start, min(start + 250, share))


def main() -> int:
    """Run the campaign and print its table; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20241123)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    work = list(batches(options.count))
    run: Callable[[tuple[str, range]], Tally] = partial(_run_packed, seed=options.seed)
    by_format: dict[str, Tally] = {}
    formats = {sample.name: sample.format for sample in corpus.samples()}
    with ProcessPoolExecutor(options.jobs) as pool:
        for (name, _), tally in zip(work, pool.map(run, work), strict=True):
            by_format.setdefault(formats[name], Tally()).add(tally)
    _print(by_format, options.seed)
    return 1 if any(tally.failures for tally in by_format.values()) else 0


def _run_packed(packed: tuple[str, range], seed: int) -> Tally:
    return run_batch(*packed, seed)


def _print(by_format: Mapping[str, Tally], seed: int) -> None:
    total = sum(sum(tally.outcomes.values()) for tally in by_format.values())
    print(f"{datetime.now(UTC).date()}  seed {seed}  {total:,} damaged files")
    for kind, tally in sorted(by_format.items()):
        print(f"\n{kind}: {sum(tally.outcomes.values()):,}, slowest {tally.slowest:.2f} s")
        for outcome, count in tally.outcomes.most_common():
            print(f"  {count:>8,}  {outcome}")
        print("  codes: " + ", ".join(f"{code} {n:,}" for code, n in sorted(tally.codes.items())))
        for failure in tally.failures[:20]:
            print(f"  FAILED {failure}")


if __name__ == "__main__":
    sys.exit(main())
