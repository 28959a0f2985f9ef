"""退回件: for each agency with something to answer a marked workbook and a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetflow.campaign.folder import SENDBACK, TEMPLATES, campaign_key
from sheetflow.campaign.issuing import cover_of, file_stem, issue_numbers, stamp_of
from sheetflow.campaign.watching import COPIES, steps
from sheetflow.reports.corrections import corrections, notice_lines
from sheetflow.reports.notice_plate import stamped_notice
from sheetflow.workbooks.correction_plate import make_correction_plate

if TYPE_CHECKING:
    from sheetflow.campaign.folder import Campaign
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.reports.results import Results
    from sheetflow.workbooks.correction_plate import CorrectionPlate

_MADE_FROM = "sendback"


def sendback(campaign: Campaign, results: Results) -> dict[str, bytes]:
    """Make the files, by name within output/; none if no agency has anything to answer.

    Same state, same bytes: the issue number is one more than any that the agency has had.
    """
    files: dict[str, bytes] = {}
    plate: CorrectionPlate | None = None
    found = [*corrections(results)]
    issued = issue_numbers(campaign.root / TEMPLATES) if found else {}  # reads every template
    key = campaign_key(campaign.root)
    for line, answers in steps(COPIES, found):
        agency = campaign.roster.by_code[line.agency]
        number = 1 + max(issued.get(line.agency, 0), *_numbers(line))
        stem = f"{SENDBACK}/{file_stem(agency)}"
        lines = notice_lines(results, agency.name, answers.remarks)
        stamp = stamp_of(campaign, agency, number, _MADE_FROM, key)
        cover = cover_of(campaign, agency, number)
        plate = plate or make_correction_plate(results.form, results.layout, cover, stamp)
        files[f"{stem}_退回_第{number}次.xlsx"] = plate.stamped(cover, stamp, answers)
        files[f"{stem}_退回通知.docx"] = stamped_notice(lines)
        files[f"{stem}_退回通知.txt"] = "\r\n".join((*lines, "")).encode("utf-8-sig")
    return files


def _numbers(line: LedgerLine) -> tuple[int, ...]:
    returns = (line.submission, *line.others) if line.submission else line.others
    return tuple(each.issue for each in returns)
