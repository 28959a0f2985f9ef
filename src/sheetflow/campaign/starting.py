"""`init`: makes a campaign folder from a form, a period, a name and a roster."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.campaign.folder import (
    DECISIONS,
    FORM,
    KEY,
    REPORT,
    RETURNS,
    ROSTERS,
    SETTINGS,
    TEMPLATES,
    campaign_key,
    read_roster,
    text_files,
)
from sheetflow.campaign.locking import LOCK, campaign_lock
from sheetflow.campaign.storage import is_leftover, make_folder, write_all
from sheetflow.definitions.form import load_form
from sheetflow.definitions.roster import SAMPLE_ROSTER
from sheetflow.definitions.settings import load_settings, settings_text
from sheetflow.errors import FaultyDefinitionError, FolderNotEmptyError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sheetflow.model.campaign import Settings

_DECISIONS_HEAD = """\
# 处理决定：本单位对上报数据作出的决定，每条写明经办人（by）、日期（on）和理由（why）。
# 上报文件本身从不改动；以下写法去掉行首的 # 即可使用。
# 用命令 sheetflow decide 写入的，另有 seen（作决定时的数）：数变了，决定自动失效并重新提出（D05）。
#
# [[adjust]]                # 更正某单位的一个数
# agency = "单位代码"
# cell = "requests/done.granted/person"
# value = "3"
# by = "经办人"
# on = 2025-02-10
# why = "经电话核实"
#
# [[blank-zero]]            # 某单位的空格视为 0；可加 table = "documents" 只对一张表
# [[waive]]                 # 豁免一条审核结果：agency、check，可加 cell
#                           # 文件不再需要，问题不必再管：sha256、check
# [[assign]]                # 指定文件归属：sha256、agency
# [[choose]]                # 多份报表采用哪一份：agency、sha256
# [[excuse]]                # 免报：agency
"""
_TEXT_HINT = """\
# 在本文件写报告“{title}”的文字；以 # 开头的行不进入报告。
"""


def start_campaign(
    root: Path,
    settings: Settings,
    form_text: str,
    roster: Path | None,
    report: Mapping[str, bytes] = MappingProxyType({}),
) -> tuple[Path, ...]:
    """Make the folder and give the files written; `report` are the office's own for report/.

    Raises FolderNotEmptyError if it holds anything but what an `init` left that died,
    FaultyDefinitionError with every fault of settings, form and roster; then nothing is written.
    """
    if root.exists() and not root.is_dir():
        raise FolderNotEmptyError(str(root))
    form = load_form(form_text, FORM)
    written = settings_text(settings)
    kind = form.value.period if form.value else None
    faults = (*load_settings(written, SETTINGS, kind).findings, *form.findings)
    roster_name, roster_data = "roster.csv", SAMPLE_ROSTER.encode("utf-8-sig")
    if roster:
        read = read_roster(roster)
        if read.value is None:
            raise FaultyDefinitionError((*faults, *read.findings))
        roster_name = ROSTERS[0] if roster.suffix.lower() == ".xlsx" else ROSTERS[-1]
        roster_data = roster.read_bytes()
    if faults or form.value is None:
        raise FaultyDefinitionError(faults)
    files = {
        root / FORM: form_text.encode(),
        root / roster_name: roster_data,
        root / DECISIONS: _DECISIONS_HEAD.encode(),
    }
    for name in text_files(form.value).values():
        hint = _TEXT_HINT.format(title=name.removesuffix(".txt")).encode()
        files[root / REPORT / name] = hint + report.get(name, b"")
    files |= {root / REPORT / name: data for name, data in report.items() if not _is_text(name)}
    files[root / SETTINGS] = written.encode()  # the last: it makes the folder a campaign
    _refuse_if_taken(root, files)
    with campaign_lock(root):
        _refuse_if_taken(root, files)
        for folder in (TEMPLATES, RETURNS):
            make_folder(root / folder)
        campaign_key(root)
        write_all(files)
    return tuple(files)


def _is_text(name: str) -> bool:
    return name.endswith(".txt")


def _refuse_if_taken(root: Path, files: Mapping[Path, bytes]) -> None:
    """Refuse a folder that holds anything but what this very `init` would leave if it died."""
    folders = {root / name for name in (TEMPLATES, RETURNS, REPORT)}
    folders |= {(root / TEMPLATES).parent, (root / KEY).parent}
    for path in root.rglob("*"):
        if path.is_dir():
            is_ours = path in folders
        else:
            same = path in files and path.read_bytes() == files[path]
            is_ours = same or path in (root / KEY, root / LOCK) or is_leftover(path)
        if not is_ours or path == root / SETTINGS:
            raise FolderNotEmptyError(str(root))
