"""The lines of data files are read by the modules csv and json as they were meant."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from hypothesis import example, given
from hypothesis import strategies as st

from campaigns import small_form
from sheetflow.model.answers import Answers, Odd, make_slate
from sheetflow.model.cells import CellRef
from sheetflow.model.entries import State
from sheetflow.model.returns import ReturnFile, Verdict
from sheetflow.reports.data import manifest_jsonl
from sheetflow.reports.figures import csv_lines, figure_lines

if TYPE_CHECKING:
    from sheetflow.reports.results import Results

NUMERIC = (True, True, True, False, False)
SHEETS = ("一", '二，"三",四', "=五")
TEXTS = st.text(st.sampled_from("0123.-+=@% \t\r\n,;'\"\0\1\x0b\xa0\u2028abÿþ甲，😀"), max_size=8)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False).map(str)
FIGURES = st.one_of(st.just(""), st.integers(0, 10**4).map(str), NUMBERS)
ODD = st.builds(Odd, st.sampled_from(State), st.none() | st.decimals(-9, 9, places=3), TEXTS)
NAMES = TEXTS.filter(bool)
SHARED = st.sampled_from(["", "%", "%s", "\0", '"', "甲"])
FILES = st.builds(
    ReturnFile,
    path=TEXTS,
    size=st.integers(0),
    sha256=TEXTS,
    format=SHARED,
    client=SHARED,
    verdict=st.sampled_from(Verdict),
    reason=SHARED | TEXTS,
    agency=TEXTS,
    received=st.none() | st.dates(),
    container=SHARED,
)


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    sheet = draw(st.sampled_from(SHEETS))
    refs = [CellRef("t", f"r{number}", "c") for number in range(len(NUMERIC))]
    cells = [(ref, sheet, f"D{number}") for number, ref in enumerate(refs)]
    odd = draw(st.dictionaries(st.integers(0, len(NUMERIC) - 1), ODD))
    texts = [
        draw(FIGURES if is_number and number not in odd else TEXTS)
        for number, is_number in enumerate(NUMERIC)
    ]
    return Answers(
        make_slate(cells, dict(zip(refs, NUMERIC, strict=True))), draw(NAMES), texts, odd
    )


def plain_answers(file: str, *texts: str) -> Answers:
    refs = [CellRef("t", f"r{number}", "c") for number in range(len(texts))]
    cells = [(ref, "一", f"D{number}") for number, ref in enumerate(refs)]
    return Answers(make_slate(cells, dict.fromkeys(refs, False)), file, texts, {})


@given(agency=NAMES, entries=answers())
@example("甲,乙", plain_answers('a"b.xlsx', "", "\ufffe\uffff\xff\xfe"))
@example("\xff", plain_answers("\xfe\xff", "\xff,\xfe", "a\rb"))
def test_figures_are_the_same_however_a_return_is_kept(agency: str, entries: Answers) -> None:
    form = small_form()
    assert figure_lines(form, agency, entries) == figure_lines(form, agency, dict(entries))


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4)))
@example([["一\r二", "三"], ["四", "\r\n"]])
def test_every_row_is_read_back_as_one_row(rows: list[list[str]]) -> None:
    assert [*csv.reader(io.StringIO(csv_lines(rows), newline=""))] == rows


@given(files=st.lists(FILES, max_size=4))
def test_the_manifest_is_as_the_json_module_writes_it(files: list[ReturnFile]) -> None:
    results = cast("Results", SimpleNamespace(ledger=SimpleNamespace(files=files)))
    written = b"".join(manifest_jsonl(results)).decode()
    expected = (json.dumps(asdict(f), ensure_ascii=False, default=str) + "\n" for f in files)
    assert written == "".join(expected)
