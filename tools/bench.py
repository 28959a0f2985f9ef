"""Times the work against plain scripts that do it, in turns, each run a process of its own.

    bench.py [--count 2000] [--runs 5] [--record]

Returns are made from the template and from real figures (平潭 2024, added up so that every relation
holds): filled in, the same with texts of each agency's own, half blank, and saved by LibreOffice.
The whole path is: find, hash, read, identify, values, structure, all checks, settle, roll up, CSV
and manifest written. The peers read the same files, one process against one process. `--record`
writes the tables of docs/performance.md and docs/performance.json.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from decimal import Decimal

    from sheetflow.campaign.folder import Campaign
    from sheetflow.model.cells import CellRef

DOCS = ROOT / "docs"
BOOK, SHARED = "xl/workbook.xml", "xl/sharedStrings.xml"
COUNTIES = 20
MOST = 40
"""Real figures are multiplied by less than that."""
MANY = 5
"""So many times as many returns are merged again."""
PIECE = 1 << 18
"""Bytes that are written at a time, as `campaign/storage` does."""
ALTERED = 2.5
"""Seconds after which a file that was altered is trusted to stay as it is."""
SAVED = 40
"""Returns that LibreOffice saves; the others are copies with other values."""
WORDS = re.findall(
    r"\w+",
    "认真贯彻落实、政府信息公开条例、及时、准确、主动公开、重点领域、民生、政务新媒体、门户网站、健全、规范、工作机制、"
    "依申请公开、办理流程、加强、业务培训、解读、回应关切、保密审查、专人负责、监督、考核、公众号",
)
SENTENCES, CLAUSE = 4, 8
"""Of a text, and words of each of their two clauses: section 一 has some 800 characters."""
_EMPTY = re.compile(r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")(?:/>|>(<f>[^<]*</f>)<v></v></c>)')
_VALUE = re.compile(r'(<c r="([A-Z]+[0-9]+)"[^>]*>(?:<f[^>]*>[^<]*</f>)?)<v>[^<]*</v>')


# making returns


def new_campaign(root: Path, count: int) -> Campaign:
    """Make a campaign of so many agencies in some counties."""
    from sheetflow.campaign.folder import open_campaign
    from sheetflow.campaign.starting import start_campaign
    from sheetflow.definitions.shipped import shipped_form_text
    from sheetflow.model.campaign import Settings

    lines = ["code,name,parent,kind"]
    lines += [f"C{number:03d},{named(f'测试{number}县')},,group" for number in range(COUNTIES)]
    for number in range(count):
        county = number % COUNTIES
        name = named(f"测试{county}县第{number}局")
        lines.append(f"A{number:06d},{name},C{county:03d},部门")
    roster = root.parent / f"{root.name}.csv"
    roster.write_text("\n".join(lines) + "\n", "utf-8")
    settings = Settings(form="zfxxgk-2021", period="2024", name="测试市")
    start_campaign(root, settings, shipped_form_text("zfxxgk-2021"), roster)
    return open_campaign(root)


def named(name: str) -> str:
    """Write a name without digits, which LibreOffice would put into runs of their own."""
    return name.translate(str.maketrans("0123456789", "零一二三四五六七八九"))


def fill_campaign(root: Path, count: int, kind: str) -> None:
    """Issue templates and put a return of each agency into returns/."""
    from planted import FORM, clean_returns
    from sheetflow.campaign.computing import compute
    from sheetflow.campaign.issuing import issue_templates
    from sheetflow.layout.sheets import form_layout
    from sheetflow.model.returns import Verdict
    from sheetflow.relations.evaluate import with_totals

    campaign = new_campaign(root, count)
    layout = form_layout(FORM)
    cells = {
        (place.sheet, place.address): ref for ref in FORM.cells for place in [layout.place(ref)]
    }
    real = [with_totals(FORM, values) for values in clean_returns()]
    rng = random.Random(kind)  # noqa: S311 - no secret
    issued = issue_templates(campaign)
    saved = (
        _saved_by_libreoffice([each.path for each in issued[:SAVED]]) if kind == "office" else []
    )
    for number, each in enumerate(issued):
        one, other = rng.sample(real, 2)
        by, also = rng.randrange(1, MOST), rng.randrange(MOST)  # hardly two are the same
        values = {ref: value * by + other[ref] * also for ref, value in one.items()}
        if kind == "half":
            entries = [ref for ref in values if ref not in FORM.leaves]
            left = set(rng.sample(entries, len(entries) // 2))
            values = with_totals(FORM, {ref: values[ref] for ref in entries if ref in left})
        template = saved[number % SAVED] if saved else each.path.read_bytes()
        shown = {place: str(values[ref]) for place, ref in cells.items() if ref in values}
        data = _with_values(template, shown, marks_of=each.path if saved else None)
        if kind == "worded":
            asked = (place for place, ref in cells.items() if not FORM.cells[ref].numeric)
            data = _with_texts(data, {place: text_of(rng, values) for place in asked})
        (root / "returns" / each.path.name).write_bytes(data)
    unused = [file for file in compute(campaign).ledger.files if file.verdict is not Verdict.USED]
    if unused:
        raise SystemExit(f"{len(unused)} returns are not used, so their time says nothing")


def text_of(rng: random.Random, values: Mapping[CellRef, Decimal]) -> str:
    """Write a text as agencies do, with a figure here and there that the tables have, too."""
    from planted import FORM
    from sheetflow.relations.evaluate import side_value

    sentences = []
    for _ in range(SENTENCES):
        first, second = ("".join(rng.choices(WORDS, k=CLAUSE)) for _ in range(2))
        said = rng.choice(FORM.mentions)
        figure = f"{said.words[0]}{side_value(said.side, values)}{said.unit or '件'}"
        sentences.append(f"{first}，{rng.choice((second, figure))}。")
    return "".join(sentences)


def _with_texts(data: bytes, texts: Mapping[tuple[str, str], str]) -> bytes:
    """Put texts into a workbook as spreadsheet programs do, shared ones."""
    parts = {name: content.decode() for name, content in _unzipped(data).items()}
    shared = parts[SHARED].removesuffix("</sst>")
    for name, part in _sheets(parts[BOOK]):
        for address, text in ((at, text) for (sheet, at), text in texts.items() if sheet == name):
            blank = re.compile(rf'<c r="{address}"( s="[0-9]+")/>')
            cell = rf'<c r="{address}"\1 t="s"><v>{shared.count("<si>")}</v></c>'
            parts[part] = blank.sub(cell, parts[part])
            shared += f"<si><t>{text}</t></si>"
    return _zipped(parts | {SHARED: f"{shared}</sst>"})


def _saved_by_libreoffice(paths: list[Path]) -> list[bytes]:
    """Give what LibreOffice makes of templates that were filled with zeros."""
    from planted import FORM
    from sheetflow.layout.sheets import form_layout

    layout = form_layout(FORM)
    zeros = {
        (p.sheet, p.address): "0"
        for ref in FORM.cells
        for p in [layout.place(ref)]
        if FORM.cells[ref].numeric
    }
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in"), Path(folder, "out")
        source.mkdir()
        for path in paths:
            (source / path.name).write_bytes(_with_values(path.read_bytes(), zeros))
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(target),
        ]
        subprocess.run(  # noqa: S603
            [*command, *map(str, sorted(source.iterdir()))], check=True, capture_output=True
        )
        return [path.read_bytes() for path in sorted(target.iterdir())]


def _with_values(
    data: bytes, values: Mapping[tuple[str, str], str], marks_of: Path | None = None
) -> bytes:
    """Put values into the XML of a workbook as spreadsheet programs write them."""
    parts = _unzipped(data)
    for name, part in _sheets(parts[BOOK].decode()):
        here = {at: value for (sheet, at), value in values.items() if sheet == name}

        def put(match: re.Match[str], here: Mapping[str, str] = here) -> str:
            if match[1] not in here:
                return match[0]
            return f'<c r="{match[1]}"{match[2]}>{match[3] or ""}<v>{here[match[1]]}</v></c>'

        def other(match: re.Match[str], here: Mapping[str, str] = here) -> str:
            return f"{match[1]}<v>{here[match[2]]}</v>" if match[2] in here else match[0]

        xml = parts[part].decode()
        parts[part] = (_VALUE.sub(other, xml) if marks_of else _EMPTY.sub(put, xml)).encode()
    if marks_of:
        parts |= _identity(parts, marks_of)
    return _zipped(parts)


def _sheets(book: str) -> Iterator[tuple[str, str]]:
    """Give the sheets that a workbook lists, each with its part."""
    for name, number in re.findall(r'<sheet name="([^"]+)" sheetId="([0-9]+)"', book):
        yield name, f"xl/worksheets/sheet{number}.xml"


def _unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 6, 9, 0, 0)), content, 8)
    return target.getvalue()


def give_own_shapes(root: Path) -> None:
    """Make no two returns' sheets alike but for their values, as after work in a sheet.

    Programs keep there which cell was chosen last, what part was shown, and the like.
    """
    for number, path in enumerate(sorted((root / "returns").iterdir())):
        parts = _unzipped(path.read_bytes())
        own = b'<worksheet xmlns:own="%d" ' % number
        written = {name: each.replace(b"<worksheet ", own, 1) for name, each in parts.items()}
        path.write_bytes(_zipped(written))


def give_last_year(root: Path) -> None:
    """Give a campaign last year's figures, on which its returns follow."""
    from sheetflow.campaign.computing import compute
    from sheetflow.campaign.folder import SETTINGS, open_campaign

    rows = ["单位代码,指标代码,数值"]
    for line in compute(open_campaign(root)).ledger.lines:
        figures = line.submission.figures if line.submission else {}
        for ref, value in figures.items():
            match ref.table, ref.item:
                case "requests", "carried_out":
                    before = figures[ref._replace(item="carried_in")]
                case "documents", item if ref.column == "in_force":
                    made, repealed = (
                        figures[ref._replace(item=item, column=column)]
                        for column in ("made", "repealed")
                    )
                    before = max(value - made + repealed, value * 0)
                case _:
                    before = value * 9 // 10
            rows.append(f"{line.agency},{ref},{before}")
    (root / "last.csv").write_text("\n".join(rows), "utf-8")
    settings = (root / SETTINGS).read_text("utf-8")
    told = settings.replace('# previous = "../2023"', 'previous = "last.csv"')
    (root / SETTINGS).write_text(told, "utf-8")


def _identity(parts: Mapping[str, bytes], template: Path) -> dict[str, bytes]:
    """Write another agency's name, code and marks where a return has its own."""
    from sheetflow.workbooks.stamp import hidden_values
    from sheetflow.workbooks.xlsx import read_xlsx

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    old = hidden_values(read_xlsx(target.getvalue()))
    new = hidden_values(read_xlsx(template.read_bytes()))
    keys = ("mark", "seal", "made_from", "agency_name", "agency")
    named = (BOOK, SHARED, "docProps/custom.xml")
    changed = {}
    for name in (part for part in named if part in parts):
        text = parts[name].decode()
        for key in keys:
            if old.get(key):
                text = text.replace(old[key], new[key])
        changed[name] = text.encode()
    return changed


# what is timed: each runs in a process of its own and prints seconds


def whole(root: Path) -> None:
    """Do the whole path in one process, nothing known from before."""
    from sheetflow.campaign import workers

    workers.FROM = sys.maxsize
    _data_files(root)


def told(root: Path) -> None:
    """Do the whole path in one process and write findings.json too."""
    from sheetflow.campaign import workers

    workers.FROM = sys.maxsize
    _data_files(root, leave_out=())


def again(root: Path) -> None:
    """Do the whole path a second time."""
    from sheetflow.campaign import workers

    workers.FROM = sys.maxsize
    _data_files(root)


def pooled(root: Path) -> None:
    """Do the whole path with a pool of processes, nothing known from before."""
    _data_files(root)


def merged(root: Path) -> None:
    """Run `merge` with every output but the PDF, nothing known from before."""
    merged_again(root)


def merged_again(root: Path) -> None:
    """Run `merge` as it is run a second time."""
    from sheetflow.cli.app import app
    from sheetflow.cli.entry import run

    os.environ["SHEETFLOW_OFFICE"] = ""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        run(lambda: app(["-C", str(root), "merge"], standalone_mode=False))


def alter(root: Path, share: int) -> None:
    """Give one in so many returns other bytes, as a program that saves it again would."""
    for path in sorted((root / "returns").iterdir())[::share]:
        with zipfile.ZipFile(path, "a") as archive:
            archive.comment += b"saved again "
    time.sleep(ALTERED)


def forget(root: Path) -> None:
    """Take away what earlier runs left: a first run has nothing to replace."""
    for name in ("cache*", "merged*"):
        for path in (root / ".sheetflow").glob(name):
            path.unlink()
    shutil.rmtree(root / "output", ignore_errors=True)


def _data_files(root: Path, *, leave_out: Collection[str] = ("findings.json",)) -> None:
    """Compute the results and write files for programs, as `merge` does."""
    from sheetflow.campaign.collecting import few_collections
    from sheetflow.campaign.computing import compute
    from sheetflow.campaign.folder import open_campaign
    from sheetflow.reports.figure_files import figure_files
    from sheetflow.reports.renderers import DATA

    results = compute(open_campaign(root))
    (root / "output").mkdir(exist_ok=True)
    files = figure_files(results)
    files |= {name: write(results) for name, write in DATA.items() if name not in leave_out}
    with few_collections():
        for name, chunks in files.items():
            path = root / "output" / name
            path.parent.mkdir(exist_ok=True)
            new = path.with_name(f"{path.name}.new")
            with new.open("wb", buffering=PIECE) as file:
                file.writelines(chunks)
            new.replace(path)


def least(root: Path) -> None:
    """Do no more than any second run must: open, list, read what changed, write as many bytes.

    One return in a hundred is read; the bytes of the data files are copied, piece by piece.
    """
    from sheetflow.campaign.computing import gather_campaign
    from sheetflow.campaign.file_states import file_state
    from sheetflow.campaign.folder import open_campaign
    from sheetflow.campaign.history import last_period
    from sheetflow.gathering.folder import list_sources

    campaign = open_campaign(root)
    for source in list_sources(root, root / "returns"):
        file_state(source.path)
    changed = tuple(sorted((root / "returns").iterdir())[::100])
    gather_campaign(campaign, last_period(campaign), changed)
    for path in [path for path in (root / "output").rglob("*") if path.is_file()]:
        new = path.with_name(f"{path.name}.new")
        with path.open("rb") as old, new.open("wb", buffering=0) as file:
            shutil.copyfileobj(old, file, PIECE)
        new.replace(path)


def calamine(root: Path) -> None:
    """Read all sheets of all files with python-calamine, and no more."""
    from python_calamine import CalamineWorkbook

    for path in (root / "returns").iterdir():
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def openpyxl_script(root: Path, *, read_only: bool = False) -> None:
    """Add the same cells with openpyxl, as an office's script would."""
    from openpyxl import load_workbook

    places = _places()
    total: Any = 0
    for path in (root / "returns").iterdir():
        book = load_workbook(path, data_only=True, read_only=read_only)
        for sheet, addresses in places.items():
            if read_only:
                wanted = set(addresses)
                for row in book[sheet].iter_rows():
                    for cell in row:
                        if getattr(cell, "coordinate", "") in wanted:
                            total += cell.value or 0
            else:
                total += sum(book[sheet][address].value or 0 for address in addresses)


def openpyxl_read_only(root: Path) -> None:
    """Do the same with openpyxl's read-only mode."""
    openpyxl_script(root, read_only=True)


def pandas_script(root: Path) -> None:
    """Read the sheets with figures into pandas by openpyxl, as it does by itself."""
    import pandas as pd

    sheets = list(_places())
    for path in (root / "returns").iterdir():
        pd.read_excel(path, sheet_name=sheets, header=None, engine="openpyxl")


def pandas_calamine(root: Path) -> None:
    """Read all sheets into pandas by calamine."""
    import pandas as pd

    for path in (root / "returns").iterdir():
        pd.read_excel(path, sheet_name=None, header=None, engine="calamine")


def unzip(root: Path) -> None:
    """Inflate every part of every file, and no more: no reader can be faster with zlib."""
    for path in (root / "returns").iterdir():
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                archive.read(name)


def _places() -> Mapping[str, list[str]]:
    from planted import FORM
    from sheetflow.layout.sheets import form_layout

    layout, places = form_layout(FORM), dict[str, list[str]]()
    for ref in FORM.cells:
        if FORM.cells[ref].numeric:
            place = layout.place(ref)
            places.setdefault(place.sheet, []).append(place.address)
    return places


def templates(root: Path) -> None:
    """Issue a template to every agency."""
    from sheetflow.campaign.folder import open_campaign
    from sheetflow.campaign.issuing import issue_templates

    shutil.rmtree(root / "templates", ignore_errors=True)
    issue_templates(open_campaign(root))


def templates_alone(root: Path) -> None:
    """Build the same workbook by XlsxWriter for 40 agencies, each from the start, in memory."""
    from sheetflow.campaign.folder import campaign_key, open_campaign
    from sheetflow.campaign.issuing import cover_of, template_stamp
    from sheetflow.layout.sheets import form_layout
    from sheetflow.workbooks.template import write_template

    campaign = open_campaign(root)
    layout, key = form_layout(campaign.form), campaign_key(root)
    filing = [agency for agency in campaign.roster.agencies if agency.files]
    for agency in filing[:BUILT]:
        stamp = template_stamp(campaign, agency, 1, "0" * 64, key)
        write_template(campaign.form, layout, cover_of(campaign, agency, 1), stamp)


STARTED = (
    *("sheetflow.campaign.computing", "sheetflow.reports.renderers", "sheetflow.campaign.issuing"),
    *("python_calamine", "openpyxl", "pandas"),
)
"""What is imported before the clock starts."""
FROM_NOTHING = frozenset(("whole", "told", "pooled", "merged"))
"""First runs: what earlier ones left is taken away before the clock starts."""
BUILT = 40
PEERS = ("openpyxl_script", "openpyxl_read_only", "pandas_script", "pandas_calamine")
TIMED: Mapping[str, Callable[[Path], None]] = {
    each.__name__: each
    for each in (
        *(whole, told, again, least, pooled, calamine, openpyxl_script, openpyxl_read_only),
        *(pandas_script, pandas_calamine, unzip, templates, templates_alone, merged, merged_again),
    )
}


# measuring


def seconds(name: str, root: Path) -> tuple[float, float]:
    """Run one of `TIMED` in a process of its own; give seconds and its memory in MB."""
    command = [sys.executable, __file__, "--run", name, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    took, memory = done.stdout.split()
    return float(took), float(memory)


def compared(names: list[str], root: Path, runs: int) -> dict[str, list[float]]:
    """Time some of `TIMED` in turns."""
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(runs):
        for name in names:
            times[name].append(seconds(name, root)[0])
    return times


def after_altering(name: str, root: Path, runs: int) -> list[float]:
    """Time one of `TIMED`, each time after one return in a hundred was saved again."""
    times: list[float] = []
    for _ in range(runs):
        alter(root, 100)
        times.append(seconds(name, root)[0])
    return times


def at_once(name: str, root: Path) -> float:
    """Give how much sooner two processes that share nothing end at once than in turns."""
    alone = seconds(name, root)[0]
    with ThreadPoolExecutor(2) as both:
        return 2 * alone / max(took for took, _ in both.map(seconds, [name] * 2, [root] * 2))


def ratios(times: Mapping[str, list[float]], ours: str, peer: str) -> str:
    """Give the median of the runs' ratios, and how far they reach."""
    pairs = [one / other for one, other in zip(times[ours], times[peer], strict=True)]
    return f"{statistics.median(pairs):.2f} ({min(pairs):.2f} to {max(pairs):.2f})"


def tables(count: int, runs: int) -> Iterator[str]:
    """Measure everything; give the lines of the tables."""
    few = max(20, count // 20)
    with tempfile.TemporaryDirectory() as folder:
        yield f"| returns ({count}, {runs} runs) | over calamine | whole path, s | calamine, s |"
        yield "|---|---|---|---|"
        for kind in ("filled", "worded", "half", "office"):
            root, own = Path(folder, kind), Path(folder, f"{kind}-own")
            fill_campaign(root, count, kind)
            shutil.copytree(root, own)
            give_own_shapes(own)
            for title, place in ((kind, root), (f"{kind}, no two alike", own)):
                times = compared(["whole", "calamine"], place, runs)
                med = {name: statistics.median(taken) for name, taken in times.items()}
                told = ratios(times, "whole", "calamine")
                yield f"| {title} | {told} | {med['whole']:.2f} | {med['calamine']:.2f} |"
        filled, half = Path(folder, "filled"), Path(folder, "half")
        yield ""
        yield "| | |"
        yield "|---|---|"
        listed = ratios(compared(["told", "calamine"], half, runs), "told", "calamine")
        yield f"| half, findings.json written too, over calamine | {listed} |"
        limit = ratios(compared(["whole", "unzip"], filled, runs), "whole", "unzip")
        yield f"| whole path over unzipping alone | {limit} |"
        followed = Path(folder, "followed")
        shutil.copytree(filled, followed)
        give_last_year(followed)
        both = [[seconds("whole", root)[0] for root in (followed, filled)] for _ in range(runs)]
        times = {"with": [one for one, _ in both], "without": [other for _, other in both]}
        beside = ratios(times, "with", "without")
        yield f"| whole path with last year's figures, over without | {beside} |"
        yield from _pool(filled, runs)
        many = Path(folder, "many")
        fill_campaign(many, count * MANY, "filled")
        yield from _path_again(many, runs)
        yield from _merge_again(many, runs)
        small = Path(folder, "small")
        fill_campaign(small, few, "filled")
        for peer in PEERS:
            each = compared(["calamine", peer], small, runs)
            by = statistics.median(each[peer]) / few
            ours = statistics.median(times_of(Path(folder, "filled"), runs)) / count
            yield f"| {peer} ({few} files) over the whole path, per file | {by / ours:.0f} |"
        made = compared(["templates", "templates_alone"], small.parent / "filled", runs)
        each_ours = statistics.median(made["templates"]) / count
        each_alone = statistics.median(made["templates_alone"]) / BUILT
        yield f"| templates a second, on disk | {1 / each_ours:.0f} |"
        yield f"| as many times as XlsxWriter alone, in memory | {each_alone / each_ours:.0f} |"


def _path_again(root: Path, runs: int) -> Iterator[str]:
    """Measure a pool and a second run of the path, of many returns."""
    more = compared(["pooled", "whole", "again"], root, runs)
    more["again_in_100"] = after_altering("again", root, runs)
    more["least"] = after_altering("least", root, runs)
    count = len(list((root / "returns").iterdir()))
    cached, altered, floor = (
        ratios(more, each, "whole") for each in ("again", "again_in_100", "least")
    )
    gain = ratios(more, "whole", "pooled")
    yield f"| one process over a pool, of {count} returns | {gain} |"
    yield f"| the path again ({count} returns), read from the cache, over the first | {cached} |"
    yield f"| the path again, 1 % of the returns changed, over the first | {altered} |"
    yield f"| only listing, reading that 1 %, writing as many bytes, over the first | {floor} |"


def _pool(root: Path, runs: int) -> Iterator[str]:
    """Measure a pool."""
    gain = ratios(compared(["whole", "pooled"], root, runs), "whole", "pooled")
    yield f"| one process over a pool on {os.cpu_count()} cores | {gain} |"
    both = statistics.median(at_once("calamine", root) for _ in range(runs))
    yield f"| two calamine readers one after the other over both at once | {both:.2f} |"


def _merge_again(root: Path, runs: int) -> Iterator[str]:
    """Measure `merge` and a second one."""
    verb = compared(["merged", "merged_again"], root, runs)
    verb["one_in_100"] = after_altering("merged_again", root, runs)
    took = statistics.median(verb["merged"])
    count = len(list((root / "returns").iterdir()))
    yield f"| `merge` ({count}), every output but the PDF, with a pool, s | {took:.1f} |"
    none, some = (ratios(verb, each, "merged") for each in ("merged_again", "one_in_100"))
    yield f"| `merge` again, nothing changed | {none} |"
    yield f"| `merge` again, 1 % of the returns changed | {some} |"


def times_of(root: Path, runs: int) -> list[float]:
    """Time the whole path."""
    return [seconds("whole", root)[0] for _ in range(min(runs, 3))]


def machine() -> str:
    """Say where and with what it was measured."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    used = ", ".join(f"{name} {version(name)}" for name in ("python-calamine", "openpyxl", "isal"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({cpu}), Python "
        f"{platform.python_version()}, {used}"
    )


def main() -> None:
    """Measure and print, or run one thing that is timed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--run", nargs=2)
    given = parser.parse_args()
    if given.run:
        name, root = given.run
        for module in STARTED:
            import_module(module)
        if name in FROM_NOTHING:
            forget(Path(root))
        begun = time.perf_counter()
        TIMED[name](Path(root))
        took = time.perf_counter() - begun
        print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    lines = [machine(), ""]
    print(lines[0], "\n")
    for line in tables(given.count, given.runs):
        print(line, flush=True)
        lines.append(line)
    if given.record:
        record_between("measured", lines)
        record = {
            "measured": lines[0],
            "count": given.count,
            "runs": given.runs,
            "lines": lines[2:],
        }
        text = json.dumps(record, ensure_ascii=False, indent=1)
        (DOCS / "performance.json").write_text(f"{text}\n", "utf-8")


def record_between(mark: str, lines: list[str]) -> None:
    """Write lines between two marks of docs/performance.md."""
    page, begin, end = DOCS / "performance.md", f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, _, rest = page.read_text("utf-8").partition(begin)
    after = rest.partition(end)[2]
    page.write_text(f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{after}", "utf-8")


if __name__ == "__main__":
    main()
