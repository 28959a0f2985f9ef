"""What `merge --final` leaves for the archive: a zip of plain files that needs no program of ours.

Inputs, decisions, outputs and the hashes of all. Final once more with other files is a new version,
which says how its totals differ from those of the version before.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from operator import attrgetter
from typing import IO, TYPE_CHECKING

from sheetflow.campaign.folder import OUTPUT, REMINDERS
from sheetflow.campaign.history import TOTALS
from sheetflow.campaign.locking import campaign_lock
from sheetflow.campaign.runs import RUN, file_digest
from sheetflow.campaign.storage import is_leftover, staging, write_all
from sheetflow.campaign.zipping import zip_chunks
from sheetflow.gathering.file_names import nuisance
from sheetflow.reports.figures import csv_lines
from sheetflow.reports.pdf import PDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sheetflow.campaign.folder import Campaign

ARCHIVE = "archive"
_HASHES, _README, _DIFFERENCES = "SHA256SUMS.txt", "说明.txt", "与上一版的差异.csv"
_VERSION = re.compile(r"定稿_第([1-9][0-9]*)版\.zip")
_LEFT_OUT = (".sheetflow", ARCHIVE, f"{OUTPUT}/{REMINDERS}")
"""What is no part of the results; reminders say how it stood on the day that they were written."""
_LOCK = "office_lock"
"""A file that says who has another one open; where Excel put it, nobody else can read it."""
_OF_THE_RUN = (f"{OUTPUT}/{PDF}", f"{OUTPUT}/{RUN}")
"""What differs in bytes from run to run, though nothing has changed."""
_WORDS = """\
本压缩包是“{name}{period}{title}”定稿（第 {version} 版）的全部文件，不需要专用软件即可查看。

returns/      各单位报送的文件，原样
templates/    下发的空表
roster.*      名录；form.toml 报表定义；sheetflow.toml 设置
decisions.toml  处理决定：更正、豁免、免报等，附经办人、日期、理由
report/       本单位写的文字
output/       成果：report.docx、report.html 报告（转成 PDF 的为 report.pdf），
              report-fragment.html 供粘贴到网站编辑器；
              summary.xlsx 汇总表；status.html 各单位的报送状态；
              figures.csv 每个数及其文件、工作表、单元格（单位很多时按地区分列于 figures/）；
              totals.csv 各分组合计；
              findings.json 审核结果；manifest.jsonl 每个文件的去向；
              changes.csv 各报表与下发的空表的不同
received.csv  每个文件首次收到的日期
{hashes}  每个文件的 SHA-256，可用 sha256sum -c 或 certutil -hashfile 核对
{difference}"""


@dataclass(frozen=True, slots=True)
class Archived:
    """The version that now stands in the archive."""

    path: Path
    version: int
    is_new: bool
    differences: int | None
    """How many totals differ from the version before; None: there is none to compare with."""


def archive(campaign: Campaign) -> Archived:
    """Archive a campaign that is final; nothing is written if nothing has changed.

    Raises what `storage.write_whole` and `locking.campaign_lock` raise.
    """
    with campaign_lock(campaign.root):
        folder = campaign.root / ARCHIVE
        files = dict(_files(campaign.root))
        last, path = _latest(folder)
        before = _read(path) if path else None
        hashes = {name: file_digest(path) or "" for name, path in files.items()}
        if path and before and _lasting(before[_HASHES]) == _lasting(_listed(hashes)):
            return Archived(path, last, is_new=False, differences=0)
        rows = None if before is None else _differences(before, files)
        differences = None if rows is None else len(rows)
        target = folder / f"定稿_第{last + 1}版.zip"
        added = {_README: _readme(campaign, last + 1, differences)}
        if rows is not None:
            added[_DIFFERENCES] = _csv(rows)
        with staging() as stage:
            write_all({target: stage(target, zip_chunks(_members(added, files)))})
    return Archived(target, last + 1, is_new=True, differences=differences)


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(root.rglob("*"), key=attrgetter("parts")):  # Windows' order of paths differs
        name = path.relative_to(root).as_posix()
        left_out = any(f"{name}/".startswith(f"{folder}/") for folder in _LEFT_OUT)
        passing = is_leftover(path) or nuisance(path.name) == _LOCK
        if path.is_file() and not left_out and not passing:
            yield name, path


def _members(
    added: Mapping[str, bytes], files: Mapping[str, Path]
) -> Iterator[tuple[str, IO[bytes]]]:
    """Give all files, and at last the hashes of what was packed of them."""
    hashes = {}
    for name, data in added.items():
        yield name, io.BytesIO(data)
    for name, path in files.items():
        with path.open("rb") as file:
            hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
            yield name, file
    yield _HASHES, io.BytesIO(_listed(hashes))


def _listed(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{sha256}  {name}\n" for name, sha256 in hashes.items()).encode()


def _lasting(listed: bytes) -> list[str]:
    """Give the hashes as listed, but of files that no two runs make alike only the names."""
    lines = (line.partition("  ") for line in listed.decode().splitlines())
    return [name if name in _OF_THE_RUN else f"{sha256}  {name}" for sha256, _, name in lines]


def _latest(folder: Path) -> tuple[int, Path | None]:
    known = {
        int(match[1]): path
        for path in folder.glob("*.zip")
        if (match := _VERSION.fullmatch(path.name))
    }
    last = max(known, default=0)
    return last, known.get(last)


def _read(path: Path) -> dict[str, bytes] | None:
    """Read of a version what the next is compared with; None if it is damaged."""
    wanted = (_HASHES, f"{OUTPUT}/{TOTALS}")
    try:
        with zipfile.ZipFile(path) as package:
            return {name: package.read(name) for name in wanted}
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError):
        return None


def _differences(
    before: Mapping[str, bytes], files: Mapping[str, Path]
) -> list[tuple[str, str, str, str]]:
    """Give the totals that are not what they were: group, cell, before, now."""
    name = f"{OUTPUT}/{TOTALS}"
    old = _totals(before[name])
    new = _totals(files[name].read_bytes() if name in files else b"")
    keys = dict.fromkeys((*old, *new))
    return [
        (*key, old.get(key, ""), new.get(key, ""))
        for key in keys
        if old.get(key, "") != new.get(key, "")
    ]


def _totals(data: bytes) -> dict[tuple[str, str], str]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return {(row["group"], row["code"]): row["value"] for row in rows}


def _csv(rows: list[tuple[str, str, str, str]]) -> bytes:
    return csv_lines([("分组", "格", "上一版", "本版"), *rows]).encode("utf-8-sig")


def _readme(campaign: Campaign, version: int, differences: int | None) -> bytes:
    said = f"与第 {version - 1} 版相比，{differences} 个合计不同，见 {_DIFFERENCES}\n"
    if differences is None:
        damaged = f"第 {version - 1} 版的压缩包已损坏，没有与它比较\n"
        said = damaged if version > 1 else ""
    text = _WORDS.format(
        name=campaign.settings.name,
        period=campaign.settings.period_words,
        title=campaign.form.title,
        version=version,
        hashes=_HASHES,
        difference=said,
    )
    return text.replace("\n", "\r\n").encode("utf-8-sig")
