"""A return on the trial form of 2019 is recognised: what means the same is used, the rest named."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from samples import AGENCY, KEY, cell, form, found, plan
from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text, shipped_forms
from sheetflow.gathering.agency_names import KnownNames
from sheetflow.gathering.former import read_return
from sheetflow.gathering.identify import Identity, identify
from sheetflow.layout.sheets import form_layout
from sheetflow.model.campaign import Settings
from sheetflow.model.entries import State
from sheetflow.model.form import LineKind
from sheetflow.model.roster import Agency, Roster
from sheetflow.workbooks.filling import fill
from sheetflow.workbooks.front import Cover
from sheetflow.workbooks.stamp import Mark, Stamp, seal
from sheetflow.workbooks.template import write_template
from sheetflow.workbooks.xlsx import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetflow.model.form import Form
    from sheetflow.model.returns import Submission
    from sheetflow.workbooks.workbook import Workbook


@cache
def trial() -> Form:
    loaded = load_form(shipped_form_text("zfxxgk-2019"), "zfxxgk-2019.toml").value
    assert loaded is not None
    return loaded


def old_return(values: Mapping[str, int] = {}) -> Workbook:
    """Fill the trial form: 0 in every cell, but for the given ones."""
    layout = form_layout(trial())
    mark = Mark(trial().code, "2024", AGENCY, 1)
    sealed = seal(KEY, trial().digest, mark)
    stamp = Stamp(mark, trial().digest, "某局", sealed, "0")
    blank = write_template(trial(), layout, Cover("某市", "2024", "某局", AGENCY), stamp)
    answers: dict[str, int] = {str(c.ref): 0 for c in trial().entries() if c.numeric}
    answers |= values
    return read_xlsx(fill(blank, {layout.place(cell(code)): n for code, n in answers.items()}))


def taken(book: Workbook) -> Submission:
    return read_return(plan(), book, Identity(AGENCY, 1), "returns/a.xlsx", "0" * 64)


@pytest.mark.parametrize("code", shipped_forms())
def test_every_shipped_form_is_without_fault(code: str) -> None:
    assert load_form(shipped_form_text(code), code).findings == ()


def test_the_trial_form_asks_for_198_figures() -> None:
    figures = [c for c in trial().cells.values() if c.numeric]
    by_table = [sum(c.ref.table == t for c in figures) for t in ("requests", "disputes")]
    assert (len(figures), by_table) == (198, [161, 15])


def test_cells_of_the_same_code_are_taken_over_from_where_they_stand() -> None:
    submission = taken(
        old_return({"requests/done.granted/person": 4, "documents/normative/made": 5})
    )
    entry = submission.entries[cell("requests/done.granted/person")]
    assert entry.value == 4
    assert (entry.place.sheet, entry.place.address) == ("三", "D11")
    assert submission.entries[cell("documents/normative/made")].value == 5


def test_what_the_old_form_does_not_have_is_blank_and_what_only_it_has_is_named() -> None:
    submission = taken(
        old_return({"requests/done.other/person": 2, "documents/normative/published": 9})
    )
    blank = {str(e.ref) for e in submission.entries.values() if e.state is State.BLANK}
    numeric = {code for code in blank if not code.startswith(("texts/", "activity/"))}
    missing = {
        str(c.ref)
        for c in form().entries()
        if c.required and (c.ref not in trial().cells or trial().cells[c.ref].kind is not c.kind)
    }
    assert numeric == missing
    assert len(missing) == 18 + 4 + 1
    (remark,) = submission.remarks
    assert (remark.code, remark.facts["taken"]) == ("I16", "143")
    assert "规范性文件 本年新公开数量 9（二!C9）" in remark.facts["cells"]
    assert "（六）其他处理" in remark.facts["cells"]
    assert {code for code, _, _ in found(submission)} >= {"I16", "T2"}


def test_it_is_told_by_its_marks_too_and_is_no_other_form() -> None:
    identity = identify(
        old_return(),
        "returns/a.xlsx",
        form=form(),
        settings=Settings(form=form().code, period="2024", name="某市"),
        names=KnownNames(Roster((Agency(AGENCY, "某局"),))),
        key=KEY,
        assigned="",
    )
    assert (identity.agency, identity.finding) == (AGENCY, None)


def test_no_cell_of_todays_form_is_a_total_there() -> None:
    shared = [c for c in form().entries() if c.ref in trial().cells]
    assert all(trial().cells[c.ref].kind is LineKind.ENTRY for c in shared)
