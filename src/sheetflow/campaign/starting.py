"""`init`: makes a campaign folder from a form, a period, a name and a roster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.campaign.folder import (
    DECISIONS,
    FORM,
    REPORT,
    RETURNS,
    ROSTERS,
    SETTINGS,
    TEMPLATES,
    campaign_key,
    read_roster,
    text_files,
)
from sheetflow.campaign.storage import write_all
from sheetflow.definitions.form import load_form
from sheetflow.definitions.roster import SAMPLE_ROSTER
from sheetflow.definitions.settings import load_settings, settings_text
from sheetflow.errors import FaultyDefinitionError, FolderNotEmptyError

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.campaign import Settings

_DECISIONS_HEAD = """\
# 处理决定：本单位对上报数据作出的决定，每条写明经办人（by）、日期（on）和理由（why）。
# 上报文件本身从不改动；以下写法去掉行首的 # 即可使用。
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
# [[assign]]                # 指定文件归属：sha256、agency
# [[choose]]                # 多份报表采用哪一份：agency、sha256
# [[excuse]]                # 免报：agency
"""
_TEXT_HINT = """\
# 在本文件写报告“{title}”的文字；以 # 开头的行不进入报告。
"""


def start_campaign(
    root: Path, settings: Settings, form_text: str, roster: Path | None
) -> tuple[Path, ...]:
    """Make the folder and give the files written.

    Raises FolderNotEmptyError if it holds anything, FaultyDefinitionError with every fault of
    settings, form and roster; then nothing is written.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise FolderNotEmptyError(str(root))
    form = load_form(form_text, FORM)
    written = settings_text(settings)
    faults = (*load_settings(written, SETTINGS).findings, *form.findings)
    roster_name, roster_data = "roster.csv", SAMPLE_ROSTER.encode("utf-8-sig")
    if roster:
        read = read_roster(roster)
        faults = (*faults, *read.findings)
        if read.value is None:
            raise FaultyDefinitionError(faults)
        roster_name = ROSTERS[0] if roster.suffix.lower() == ".xlsx" else ROSTERS[-1]
        roster_data = roster.read_bytes()
    if faults or form.value is None:
        raise FaultyDefinitionError(faults)
    files = {
        root / SETTINGS: written.encode(),
        root / FORM: form_text.encode(),
        root / roster_name: roster_data,
        root / DECISIONS: _DECISIONS_HEAD.encode(),
    }
    for name in text_files(form.value).values():
        hint = _TEXT_HINT.format(title=name.removesuffix(".txt"))
        files[root / REPORT / name] = hint.encode()
    for folder in (TEMPLATES, RETURNS):
        (root / folder).mkdir(parents=True, exist_ok=True)
    write_all(files)
    campaign_key(root)
    return tuple(files)
