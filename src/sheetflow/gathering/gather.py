"""Puts together what became of a folder's files; of equal ones, however named, one counts."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.model.returns import ReturnFile, Submission, Verdict
from sheetflow.model.shelf import Shelving, picked, shelved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheetflow.gathering.intake import Intake
    from sheetflow.model.bundle import Enclosed
    from sheetflow.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a folder held: every file with its verdict, the submissions, the findings on files."""

    files: Sequence[ReturnFile]
    submissions: Sequence[Submission]
    findings: tuple[Finding, ...]
    bundles: tuple[Enclosed, ...] = ()


def gathered(intakes: Iterable[Intake]) -> Gathered:
    """Put together what became of the files, in their order; equal bytes count once.

    Of equal files the first counts whose agency is known: where one lies may tell it. One that a
    bundle takes for another agency's counts before it: only an office can have decided that.
    """
    taken_in, submissions = Shelving[ReturnFile](), Shelving[Submission]()
    owners = array("Q")
    """Which file each submission is."""
    findings: list[tuple[int, Finding]] = []
    bundles: list[tuple[int, Enclosed]] = []
    counting: dict[str, int] = {}
    for number, intake in enumerate(intakes):
        taken_in.append(intake.file)
        if intake.submission:
            submissions.append(intake.submission)
            owners.append(number)
        findings += ((number, finding) for finding in intake.findings)
        if intake.enclosed:
            bundles.append((number, intake.enclosed))
        _count(intake.file, number, counting, taken_in, bundles)
    files = taken_in.done()
    twins = dict(_twins(files, counting))
    sent = submissions.done()
    if twins:
        sent = picked(sent, [n for n, owner in enumerate(owners) if owner not in twins])
        files = shelved(
            _duplicate(file, files[twins[number]]) if number in twins else file
            for number, file in enumerate(files)
        )
    return Gathered(
        files,
        sent,
        tuple(finding for number, finding in findings if number not in twins),
        tuple(enclosed for number, enclosed in bundles if number not in twins),
    )


def _count(
    file: ReturnFile,
    number: int,
    counting: dict[str, int],
    files: Shelving[ReturnFile],
    bundles: Sequence[tuple[int, Enclosed]],
) -> None:
    """Note by its digest that a file counts, if none that is equal counts before it."""
    if not file.sha256 or file.verdict not in (Verdict.UNASSIGNED, Verdict.USED):
        return
    known = counting.setdefault(file.sha256, number)
    if known == number or file.verdict is Verdict.UNASSIGNED:
        return
    other = files[known]
    is_within = any(file.path.startswith(f"{bundle.path}/") for _, bundle in bundles)
    if other.verdict is Verdict.UNASSIGNED or (other.agency != file.agency and is_within):
        counting[file.sha256] = number


def _twins(files: Iterable[ReturnFile], counting: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Give the numbers of files that do not count, each with that of the equal one that does."""
    for number, file in enumerate(files):
        counts = counting.get(file.sha256, number)
        if counts != number:
            yield number, counts


def _duplicate(file: ReturnFile, twin: ReturnFile) -> ReturnFile:
    return replace(
        file,
        format=twin.format,
        client="",
        verdict=Verdict.DUPLICATE,
        reason=twin.path,
        agency=twin.agency,
    )
