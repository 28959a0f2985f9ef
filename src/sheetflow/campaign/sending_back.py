"""退回件: for each agency with something to answer a marked workbook and a notice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.campaign.cache import program
from sheetflow.campaign.folder import SENDBACK, campaign_key
from sheetflow.campaign.issuing import cover_of, file_stem, template_stamp
from sheetflow.campaign.runs import digest
from sheetflow.campaign.watching import COPIES, steps
from sheetflow.reports.corrections import corrections, notice_lines
from sheetflow.reports.notice_plate import stamped_notice
from sheetflow.workbooks.correction_plate import make_correction_plate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sheetflow.campaign.folder import Campaign
    from sheetflow.model.ledger import LedgerLine
    from sheetflow.reports.corrections import Correction
    from sheetflow.reports.results import Results
    from sheetflow.workbooks.correction_plate import CorrectionPlate
    from sheetflow.workbooks.front import Cover
    from sheetflow.workbooks.stamp import Stamp

_MADE_FROM = "sendback"


class SentBack(NamedTuple):
    """A file for an agency that has something to answer."""

    name: str
    """Within output/."""
    made_from: str
    """Digest of all that says what is in it; the same digest is the same bytes."""
    make: Callable[[], bytes]


def sendback(
    campaign: Campaign, results: Results, lines: Sequence[LedgerLine], issued: Mapping[str, int]
) -> Iterator[SentBack]:
    """Give the files for agencies that have something to answer, one by one.

    `issued` says which number each agency's last template has. Same state, same bytes: a copy's
    issue number is one more than any that the agency has had.
    """
    form, key = results.form, campaign_key(campaign.root)
    base = f"{program()} {form.digest}"
    plates = _Plates(results)
    for line, correction in corrections(results, steps(COPIES, lines)):
        agency = campaign.roster.by_code[line.agency]
        number = 1 + max(issued.get(line.agency, 0), *(each.issue for each in line.returns))
        stem = f"{SENDBACK}/{file_stem(agency)}"
        notice = notice_lines(results, agency.name, correction.remarks)
        stamp = template_stamp(campaign, agency, number, _MADE_FROM, key)
        cover = cover_of(campaign, agency, number)
        made_from = f"{base} {cover} {stamp} {notice} {correction.said()}"
        told = digest(made_from.encode("utf-8", "surrogatepass"))
        for name, make in (
            (f"退回_第{number}次.xlsx", partial(plates.copy, cover, stamp, correction)),
            ("退回通知.docx", partial(stamped_notice, notice)),
            ("退回通知.txt", partial(_pasted, notice)),
        ):
            yield SentBack(f"{stem}_{name}", told, make)


class _Plates:
    """The plate of correction copies, built when the first of them is made."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._plate: CorrectionPlate | None = None

    def copy(self, cover: Cover, stamp: Stamp, correction: Correction) -> bytes:
        """Make an agency's copy."""
        results = self._results
        if self._plate is None:
            self._plate = make_correction_plate(results.form, results.layout, cover, stamp)
        return self._plate.stamped(cover, stamp, correction.filled_in())


def _pasted(lines: Sequence[str]) -> bytes:
    """Write a notice that can be pasted into a chat."""
    return "\r\n".join((*lines, "")).encode("utf-8-sig")
