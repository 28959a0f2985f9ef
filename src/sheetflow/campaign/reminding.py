"""`status --remind`: writes what the office needs to follow up, into output/reminders/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.campaign.folder import OUTPUT, REMINDERS
from sheetflow.campaign.locking import campaign_lock
from sheetflow.campaign.storage import write_all
from sheetflow.reports.notice import notice_docx
from sheetflow.reports.reminders import call_list, on_time_table, on_time_words, reminder_texts
from sheetflow.workbooks.text_tables import write_text_tables

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.campaign.folder import Campaign
    from sheetflow.reports.results import Results


def remind(campaign: Campaign, results: Results) -> tuple[Path, ...]:
    """Write texts for chat, the call list, and the statement of who was on time.

    Raises what `storage.write_all` and `locking.campaign_lock` raise.
    """
    settings = results.settings
    title = f"{settings.name}{settings.period_words}{results.form.title}报送情况"
    table = on_time_table(results)
    lines = (title, f"　　{on_time_words(results)}", settings.office or settings.name)
    texts = reminder_texts(results) or ["没有需要催报的单位。"]
    folder = campaign.root / OUTPUT / REMINDERS
    files = {
        folder / "催报文字.txt": "\r\n\r\n".join((*texts, "")).encode("utf-8-sig"),
        folder / "催报名单.xlsx": write_text_tables(title, (call_list(results), table)),
        folder / "按时报送情况.docx": notice_docx(lines, table),
    }
    with campaign_lock(campaign.root):
        write_all(files)
    return tuple(files)
