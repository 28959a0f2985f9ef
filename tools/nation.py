"""Runs `merge` on a whole country's returns, and on less of it, to see how the work grows.

    nation.py [--count 2000 20000 150000] [--record]

Each count is a campaign of 34 provinces, cities below them, and some 340 agencies below each city.
Each return is stamped from the template with figures of its own: sums of real ones (平潭 2024) of
which every relation holds. `merge` runs in a process of its own, with a pool where it takes one,
and makes every output but the PDF; then again with nothing changed, and with one in a hundred
changed. `--record` writes the table of docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

from bench import ALTERED, alter, machine, named, record_between  # noqa: E402
from planted import FORM, clean_returns  # noqa: E402
from sheetflow.campaign.folder import campaign_key, open_campaign  # noqa: E402
from sheetflow.campaign.issuing import cover_of, file_name, template_stamp  # noqa: E402
from sheetflow.campaign.starting import start_campaign  # noqa: E402
from sheetflow.definitions.shipped import shipped_form_text  # noqa: E402
from sheetflow.layout.sheets import form_layout  # noqa: E402
from sheetflow.model.campaign import Settings  # noqa: E402
from sheetflow.model.cells import plain  # noqa: E402
from sheetflow.relations.evaluate import with_totals  # noqa: E402
from sheetflow.workbooks.stamping import (  # noqa: E402
    GappedPart,
    encoded,
    gap,
    own_texts,
    plate_of,
)
from sheetflow.workbooks.template import make_plate  # noqa: E402
from sheetflow.workbooks.zip_assembly import deflated  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheetflow.campaign.folder import Campaign
    from sheetflow.model.cells import CellRef
    from sheetflow.model.roster import Agency
    from sheetflow.workbooks.front import Cover
    from sheetflow.workbooks.stamp import Stamp
    from sheetflow.workbooks.stamping import Plate
    from sheetflow.workbooks.zip_assembly import Part

MARK = "nation"
COUNTS = (2_000, 20_000, 150_000)
PROVINCES = (
    *(
        "北京",
        "天津",
        "河北",
        "山西",
        "内蒙古",
        "辽宁",
        "吉林",
        "黑龙江",
        "上海",
        "江苏",
        "浙江",
        "安徽",
    ),
    *(
        "福建",
        "江西",
        "山东",
        "河南",
        "湖北",
        "湖南",
        "广东",
        "广西",
        "海南",
        "重庆",
        "四川",
        "贵州",
    ),
    *("云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾"),
)
AGENCIES_A_CITY = 340
_FIRST_CODE = 11
_MOST = 40
"""Real figures are multiplied by up to so much, so that no two returns are the same."""
_SEED = 20241123
_WORTH_A_WORD = 0.5
"""Megabytes."""
_EMPTY = re.compile(rb'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")(?:/>|>(<f>[^<]*</f>)<v></v></c>)')
_SHEET = re.compile(rb'<sheet name="([^"]+)" sheetId="([0-9]+)"')


# making returns


def start(root: Path, count: int) -> None:
    """Make the campaign and its roster."""
    lines = ["code,name,parent,kind"]
    cities = -(-count // (len(PROVINCES) * AGENCIES_A_CITY))
    for code, province in enumerate(PROVINCES, _FIRST_CODE):
        lines.append(f"{code},{province},,group")
        lines += [
            f"{code}{city:02d},{named(f'{province}第{city}市')},{code},group"
            for city in range(cities)
        ]
    for number in range(count):
        around, at = divmod(number, len(PROVINCES))
        above = f"{_FIRST_CODE + at}{around % cities:02d}"
        name = named(f"{PROVINCES[at]}第{around % cities}市第{number}局")
        lines.append(f"{above}{number:06d},{name},{above},部门")
    roster = root.parent / "roster.csv"
    roster.write_text("\n".join(lines) + "\n", "utf-8")
    settings = Settings(form=FORM.code, period="2024", name="全国")
    start_campaign(root, settings, shipped_form_text(FORM.code), roster)
    campaign_key(root)


def fill(root: Path, first: int, step: int) -> None:
    """Put the returns of every so-many-th agency into returns/."""
    campaign = open_campaign(root)
    key, plate, places = campaign_key(root), _plate(campaign), _places()
    agencies = [agency for agency in campaign.roster.subtree("") if agency.files]
    for number in range(first, len(agencies), step):
        agency = agencies[number]
        rng = random.Random(_SEED + number)  # noqa: S311 - no secret
        some = [(rng.choice(_real()), rng.randrange(1, _MOST)) for _ in range(3)]
        values = {
            name: plain(sum((each[ref] * by for each, by in some), Decimal(0))).encode()
            for name, ref in places.items()
        }
        cover, stamp = _cover_and_stamp(campaign, agency, key)
        data = plate.filled(encoded(own_texts(cover, stamp)) | values)
        (root / "returns" / file_name(agency, 1)).write_bytes(data)


def _plate(campaign: Campaign) -> Plate:
    """Give the template with gaps for its figures too."""
    agency = next(agency for agency in campaign.roster.agencies if agency.files)
    cover, stamp = _cover_and_stamp(campaign, agency, b"")
    issued = make_plate(campaign.form, form_layout(campaign.form), cover, stamp)
    contents = {part.name: _content(part) for part in issued.parts}
    known = _places()
    for name, number in _SHEET.findall(contents["xl/workbook.xml"]):
        part = f"xl/worksheets/sheet{number.decode()}.xml"

        def opened(cell: re.Match[bytes], sheet: bytes = name) -> bytes:
            at = sheet + b"!" + cell[1]
            if at not in known:
                return cell[0]
            value = gap(at.decode()).encode()
            return b'<c r="%b"%b>%b<v>%b</v></c>' % (cell[1], cell[2], cell[3] or b"", value)

        contents[part] = _EMPTY.sub(opened, contents[part])
    return plate_of((deflated(*part) for part in contents.items()), issued.standing)


def _content(part: Part | GappedPart) -> bytes:
    if not isinstance(part, GappedPart):
        return part.content
    pieces = [*part.pieces]
    pieces[1::2] = [gap(name.decode()).encode() for name in pieces[1::2]]
    return b"".join(pieces)


def _cover_and_stamp(campaign: Campaign, agency: Agency, key: bytes) -> tuple[Cover, Stamp]:
    return cover_of(campaign, agency, 1), template_stamp(campaign, agency, 1, "0" * 64, key)


@cache
def _real() -> list[dict[CellRef, Decimal]]:
    return [with_totals(FORM, values) for values in clean_returns()]


@cache
def _places() -> Mapping[bytes, CellRef]:
    """Give the cells that real returns have a figure in, by sheet and address."""
    layout = form_layout(FORM)
    places = {ref: layout.place(ref) for ref in _real()[0]}
    return {f"{at.sheet}!{at.address}".encode(): ref for ref, at in places.items()}


# running


class Run(NamedTuple):
    """What a run of `merge` took: seconds by the clock and of all processors, MB at most."""

    wall: float
    cpu: float
    memory: float


def merge(root: Path) -> Run:
    """Run `merge` in a process of its own."""
    command = [sys.executable, "-m", "sheetflow", "-C", str(root), "merge", "--as-of", "2025-01-31"]
    environment = os.environ | {"SHEETFLOW_OFFICE": ""}
    begun = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)  # noqa: S603
    said = child.stdout.read().decode() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) > 1:
        raise SystemExit(f"merge failed:\n{said}")
    print(said, flush=True)
    took = time.perf_counter() - begun
    return Run(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def lines_of(counts: list[int]) -> Iterator[str]:
    """Run each count; give the lines of the tables."""
    yield "| agencies | merge | s | s of processors | MB of the largest process | outputs |"
    yield "|---|---|---|---|---|---|"
    first: Run | None = None
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder, "nation")
            start(root, count)
            cores = os.cpu_count() or 1
            with ProcessPoolExecutor(cores) as pool:
                list(pool.map(fill, [root] * cores, range(cores), [cores] * cores))
            time.sleep(ALTERED)
            run = merge(root)
            sizes = ", ".join(f"{name} {size}" for name, size in _sizes(root / "output"))
            yield _row(count, "first", run, sizes)
            if first:
                yield (
                    f"| {count} over {counts[0]} | | {run.wall / first.wall:.1f} times | "
                    f"{run.cpu / first.cpu:.1f} times | {run.memory / first.memory:.1f} times | |"
                )
            first = first or run
            yield _row(count, "again, nothing changed", merge(root), "")
            alter(root, 100)
            yield _row(count, "again, 1 % changed", merge(root), "")


def _row(count: int, title: str, run: Run, outputs: str) -> str:
    return f"| {count} | {title} | {run.wall:.1f} | {run.cpu:.1f} | {run.memory:.0f} | {outputs} |"


def _sizes(output: Path) -> Iterator[tuple[str, str]]:
    """Give what is large enough to be worth a word."""
    for path in sorted(output.iterdir()):
        files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
        size = sum(each.stat().st_size for each in files) / 1e6
        if size >= _WORTH_A_WORD:
            many = f"/ ({len(files)} files)" if path.is_dir() else ""
            yield path.name + many, f"{size:.1f} MB"


def main() -> None:
    """Run, print, and record if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--record", action="store_true")
    given = parser.parse_args()
    lines = [machine(), ""]
    for line in lines_of(given.count):
        print(line, flush=True)
        lines.append(line)
    if given.record:
        record_between(MARK, lines)


if __name__ == "__main__":
    main()
