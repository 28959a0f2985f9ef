"""The rounds of tools/faults.py in which calls to the system fail, or disks are too small."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import partial
from itertools import count, product
from typing import TYPE_CHECKING

from campaigns import snapshot
from fault_rounds import Tally, after_init, after_merge, starter, temporary_files
from faulting import failing
from sheetflow.campaign.folder import OUTPUT, TEMPLATES
from versions import Outputs, decide_version, merged, place, said, state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fault_rounds import Command

COULD_NOT_RUN = 3
SENTENCES = ("磁盘空间不足", "写入失败", "时出错", "读写文件失败")


@dataclass(frozen=True)
class Failure:
    """A run in which a call failed, and how the run ended."""

    call: str
    number: int
    code: int
    errors: str

    @property
    def outcome(self) -> str:
        """The kind of call, and whether the run refused or got over it."""
        end = "refused" if self.code == COULD_NOT_RUN else "done all the same"
        return f"{self.call.split()[0]}: {end}"

    @property
    def faults(self) -> list[str]:
        """What the user was told wrongly."""
        if self.code == COULD_NOT_RUN and not any(text in self.errors for text in SENTENCES):
            return [f"no clear sentence: {self.errors}"]
        return []


def failures(below: Path, prepare: Callable[[], object], command: Command) -> Iterator[Failure]:
    """Fail each call that writes below a folder in turn: once, and from then on."""
    for number, lasting in product((errno.ENOSPC, errno.EIO), (False, True)):
        for nth in count():
            prepare()
            with failing(nth, number, lasting=lasting, below=below) as calls:
                code, errors = command()
            if nth >= len(calls):
                break
            yield Failure(calls[nth], number, code, errors)


def fail_merges(root: Path, versions: tuple[Outputs, ...]) -> Tally:
    """Fail each call of a merge that writes, over old outputs and where there are none yet."""
    tally, old, new = Tally("`merge`, a call fails"), versions[0], versions[1]
    for before in (old, Outputs()):

        def prepare(before: Outputs = before) -> None:
            place(root / OUTPUT, before)
            decide_version(root, 1)

        for failure in failures(root, prepare, partial(merged, root)):
            left = state(root, [before, new])
            faults = [*failure.faults, *left.faults, *temporary_files(root)]
            if failure.code != COULD_NOT_RUN and snapshot(root / OUTPUT) != new:
                faults.append(f"exit code {failure.code}, but the outputs are not the new ones")
            faults += after_merge(root, new)
            tally.add(failure.outcome, faults, f"{failure.call}, {left.phase}")
    return tally


def fail_templates(root: Path) -> Tally:
    """Fail each call of `template` that writes."""
    tally, folder = Tally("`template`, a call fails"), root / TEMPLATES
    issuing = partial(said, root, "template")
    place(folder, {})
    issuing()
    expected = snapshot(folder)
    for failure in failures(root, lambda: place(folder, {}), issuing):
        found = snapshot(folder)
        faults = [*failure.faults, *temporary_files(root)]
        if not found.items() <= expected.items():
            faults.append("a template is not whole")
        issuing()
        if snapshot(folder) != expected:
            faults.append("the next run leaves other files")
        tally.add(failure.outcome, faults, failure.call)
    return tally


def fail_inits(folder: Path) -> Tally:
    """Fail each call of `init` that writes."""
    tally, root = Tally("`init`, a call fails"), folder / "failed"
    starting = starter(folder, root)
    starting()
    expected = snapshot(root)
    prepare = partial(shutil.rmtree, root, ignore_errors=True)
    for failure in failures(root, prepare, starting):
        faults = [*failure.faults, *temporary_files(root), *after_init(root, starting, expected)]
        tally.add(failure.outcome, faults, failure.call)
    return tally


# small disks


def fill_disks(root: Path, versions: tuple[Outputs, ...]) -> Iterator[Tally]:
    """Merge on disks of every size from full to roomy, in bytes and in number of files."""
    for unit, name in (("size", "pages of 4 KiB"), ("nr_inodes", "files")):
        tally = Tally(f"`merge` on a tmpfs, free {name}")
        disk = root.parent / unit
        if not mounted(disk):
            tally.outcomes["skipped: mounting needs root"] += 1
        else:
            with unmounting(disk):
                shutil.copytree(root, disk / "campaign")
                fill_disk(disk, unit, versions, tally)
        yield tally


def fill_disk(disk: Path, unit: str, versions: tuple[Outputs, ...], tally: Tally) -> None:
    """Give a merge one unit of room more each time, until it has had enough."""
    root, enough = disk / "campaign", 0
    for free in count():
        place(root / OUTPUT, versions[0])
        decide_version(root, 1)
        limit(disk, unit, free)
        code, errors = merged(root)
        left = state(root, [versions[0], versions[1]])
        faults = [*left.faults, *temporary_files(root)]
        if code == COULD_NOT_RUN:
            faults += Failure("write", errno.ENOSPC, code, errors).faults
        elif snapshot(root / OUTPUT) != versions[1]:
            faults.append("the outputs are not the new ones")
        limit(disk, unit)
        faults += after_merge(root, versions[1])
        refused = code == COULD_NOT_RUN
        tally.add("refused" if refused else "written", faults, f"{free} free, {left.phase}")
        enough = 0 if refused else enough + 1
        if enough == 5:  # noqa: PLR2004 - more room changes nothing
            return


def limit(disk: Path, unit: str, free: int | None = None) -> None:
    """Leave a disk so many free units, or plenty."""
    system = os.statvfs(disk)
    pages = system.f_blocks - system.f_bfree
    used = system.f_files - system.f_ffree
    plenty = {"size": 64 << 20, "nr_inodes": 10_000}
    tight = {"size": (pages + (free or 0)) * system.f_frsize, "nr_inodes": used + (free or 0)}
    value = plenty[unit] if free is None else tight[unit]
    mount("-o", f"remount,{unit}={value}", str(disk))


def mounted(disk: Path) -> bool:
    """Mount a roomy tmpfs on a new folder, if one may."""
    disk.mkdir()
    return mount("-t", "tmpfs", "-o", "size=64m,nr_inodes=10000", "faults", str(disk))


def mount(*options: str) -> bool:
    """Call mount; whether it worked."""
    command = shutil.which("mount")
    if command is None:
        return False
    done = subprocess.run([command, *options], capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


@contextlib.contextmanager
def unmounting(disk: Path) -> Iterator[None]:
    """Unmount a disk in the end."""
    try:
        yield
    finally:
        command = shutil.which("umount") or "umount"
        subprocess.run([command, str(disk)], check=True)  # noqa: S603
