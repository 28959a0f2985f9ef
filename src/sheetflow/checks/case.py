"""What the checks on one return look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetflow.model.findings import Finding

if TYPE_CHECKING:
    from sheetflow.model.form import Form
    from sheetflow.model.history import Previous
    from sheetflow.model.returns import Submission


@dataclass(frozen=True, slots=True)
class Case:
    """One return, the form that it answers, and what was reported the last time."""

    form: Form
    submission: Submission
    previous: Previous | None = None
    """Last period's figures of the same agency; None: not known."""


SubmissionCheck = Callable[[Case], Iterator[Finding]]
