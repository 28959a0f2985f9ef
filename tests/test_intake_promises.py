"""What holds for whatever comes back: one verdict each; what is filled in is what is read."""

from __future__ import annotations

import hashlib
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

import corpus
from intakes import gather
from nuisances import zipped
from samples import filled, form, plan, submitted
from sheetflow.gathering.folder import Incoming
from sheetflow.model.entries import State
from sheetflow.model.returns import Verdict

NAMES = st.sampled_from(["a.xlsx", "b.xls", "c.csv", "d.zip", "e.eml", "f", "g.et", "h.7z", "~$i"])
HEADS = st.sampled_from(
    [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"\xd0\xcf\x11\xe0", b"From: x\n"]
)


def entry(path: str, data: bytes) -> Incoming:
    return Incoming(path, data, hashlib.sha256(data).hexdigest(), len(data))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, HEADS, st.binary(max_size=300)), max_size=8))
def test_verdicts_partition_what_came_in(files: list[tuple[str, bytes, bytes]]) -> None:
    entries = [
        entry(f"returns/{n}/{name}", head + body) for n, (name, head, body) in enumerate(files)
    ]
    gathered = gather(entries, corpus.expectation())
    own = [file for file in gathered.files if not file.container]
    assert [file.path for file in own] == [each.path for each in entries]
    assert max(Counter(file.path for file in gathered.files).values(), default=1) == 1
    used = {file.path for file in gathered.files if file.verdict is Verdict.USED}
    assert used == {submission.file for submission in gathered.submissions}
    asked = (Verdict.UNASSIGNED, Verdict.UNREADABLE)
    named = {finding.place.file for finding in gathered.findings if finding.place}
    assert {file.path for file in gathered.files if file.verdict in asked} <= named


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6))
def test_every_member_of_an_archive_has_a_line_under_it(members: list[bytes]) -> None:
    packed = zipped({f"{n}.bin": data for n, data in enumerate(members)})
    files = gather([entry("returns/a.zip", packed)], corpus.expectation()).files
    inside = [file for file in files if file.container]
    assert [file.path for file in inside] == [f"returns/a.zip/{n}.bin" for n in range(len(members))]
    assert {file.container for file in inside} <= {"returns/a.zip"}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_filled_in_is_what_is_read(data: st.DataObject) -> None:
    answers: dict[str, object] = {}
    for asked in form().entries():
        code = str(asked.ref)
        if asked.numeric:
            answers[code] = data.draw(st.none() | st.integers(0, 10**9))
        else:
            answers[code] = data.draw(st.none() | st.just("一段文字"))
    submission = submitted(filled(answers))
    assert submission.unused == ()
    for entry_read in submission.entries.values():
        answer = answers[str(entry_read.ref)]
        if answer is None:
            assert entry_read.state is State.BLANK
        elif isinstance(answer, int):
            assert entry_read.value == answer
        else:
            assert entry_read.raw == answer
    assert plan().form.cells.keys() == submission.entries.keys() | submission.totals.keys()
