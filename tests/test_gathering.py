"""Every file in the folder ends in exactly one verdict, and none of them is written to."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intakes import gather, list_entries, list_files
from nuisances import mailed, zipped
from samples import AGENCY, KEY, form, plan, template
from sheetflow.errors import NoReturnsError
from sheetflow.gathering.agency_names import KnownNames
from sheetflow.gathering.folder import Incoming
from sheetflow.gathering.intake import Expectation
from sheetflow.model.campaign import Settings
from sheetflow.model.decisions import Decision, DecisionKind
from sheetflow.model.roster import Agency, Roster
from sheetflow.workbooks.filling import fill

if TYPE_CHECKING:
    from sheetflow.gathering.gather import Gathered
    from sheetflow.model.cells import Place

ROSTER = Roster((Agency(AGENCY, "某局"), Agency("b", "乙局")))


def gathered(root: Path, decisions: tuple[Decision, ...] = ()) -> Gathered:
    settings = Settings(form="zfxxgk-2021", period="2024", name="某市")
    expected = Expectation(plan(), settings, KnownNames(ROSTER), KEY, decisions)
    return gather(list_entries(root, root / "returns"), expected)


def verdicts(result: Gathered) -> dict[str, tuple[str, str]]:
    return {file.path: (file.verdict.value, file.reason) for file in result.files}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "returns").mkdir()
    return tmp_path


def test_each_kind_of_file_gets_its_verdict(root: Path) -> None:
    returns = root / "returns"
    (returns / "甲" / "乙").mkdir(parents=True)
    (returns / "甲" / "乙" / "表.xlsx").write_bytes(template())
    (returns / "表 终稿2(1).xlsx").write_bytes(template())
    (returns / "去年.xlsx").write_bytes(template(period="2023"))
    (returns / "坏.xlsx").write_bytes(template()[:9000])
    (returns / "空.xlsx").write_bytes(b"")
    (returns / "旧.csv").write_text("单位,件数\n", encoding="gb18030")
    (returns / "报告.pdf").write_bytes(b"%PDF-1.7\n")
    (returns / "~$表.xlsx").write_bytes(b"lock")
    (returns / "Thumbs.db").write_bytes(b"x")
    with zipfile.ZipFile(returns / "打包.zip", "w") as package:
        package.writestr("表.xlsx", template())
    (returns / "链接.xlsx").symlink_to(returns / "坏.xlsx")
    before = {path: path.read_bytes() for path in returns.rglob("*") if path.is_file()}
    result = gathered(root)
    assert verdicts(result) == {
        "returns/Thumbs.db": ("ignored", "system_file"),
        "returns/~$表.xlsx": ("ignored", "office_lock"),
        "returns/去年.xlsx": ("unassigned", "I04"),
        "returns/坏.xlsx": ("unreadable", "F20"),
        "returns/打包.zip": ("not_a_return", "container"),
        "returns/打包.zip/表.xlsx": ("used", ""),
        "returns/报告.pdf": ("not_a_return", "F01"),
        "returns/旧.csv": ("unassigned", "I01"),
        "returns/甲/乙/表.xlsx": ("duplicate", "returns/打包.zip/表.xlsx"),
        "returns/空.xlsx": ("unreadable", "F07"),
        "returns/表 终稿2(1).xlsx": ("duplicate", "returns/打包.zip/表.xlsx"),
        "returns/链接.xlsx": ("ignored", "symlink"),
    }
    assert {finding.code for finding in result.findings} == {"I01", "I04", "F01", "F20", "F07"}
    assert len(result.submissions) == 1
    assert before == {path: path.read_bytes() for path in returns.rglob("*") if path.is_file()}


def test_the_order_does_not_depend_on_the_file_system(root: Path) -> None:
    for name in ("c.xlsx", "a.xlsx", "b.xlsx"):
        (root / "returns" / name).write_bytes(b"")
    paths = [entry.path for entry in list_entries(root, root / "returns")]
    assert paths == ["returns/a.xlsx", "returns/b.xlsx", "returns/c.xlsx"]


def test_no_folder_of_returns_is_not_the_same_as_none_sent(root: Path) -> None:
    assert list(list_entries(root, root / "returns")) == []
    (root / "file").write_bytes(b"")
    (root / "link").symlink_to(root / "returns")
    for name in ("elsewhere", "file", "link"):
        with pytest.raises(NoReturnsError, match=name):
            list(list_entries(root, root / name))


def test_a_file_that_cannot_be_read_is_a_finding(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "returns" / "a.xlsx").write_bytes(template())

    def refuse(_: Path, _flags: int) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    result = gathered(root)
    assert verdicts(result) == {"returns/a.xlsx": ("unreadable", "F09")}
    assert result.findings[0].facts["detail"] == "@forbidden"


def test_a_folder_that_cannot_be_listed_is_a_finding(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "returns" / "甲").mkdir()
    (root / "returns" / "乙.xlsx").write_bytes(template())
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "甲":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = gathered(root)
    assert verdicts(result) == {
        "returns/乙.xlsx": ("used", ""),
        "returns/甲": ("unreadable", "F09"),
    }


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_was_packed_in_gbk_is_read_as_such(root: Path) -> None:
    name = "民政局.xlsx".encode("gbk")
    Path(os.fsdecode(os.fsencode(root / "returns") + b"/" + name)).write_bytes(template())
    assert verdicts(gathered(root)) == {"returns/民政局.xlsx": ("used", "")}


def test_a_filled_return_is_read_with_every_value_at_its_place(root: Path) -> None:
    answers = {c.ref: number for number, c in enumerate(form().entries()) if c.numeric}
    values: dict[Place, int | float | str | None] = {
        plan().layout.place(ref): value for ref, value in answers.items()
    }
    (root / "returns" / "a.xlsx").write_bytes(fill(template(), values))
    (submission,) = gathered(root).submissions
    assert submission.agency == AGENCY
    assert submission.remarks == ()
    for ref, value in answers.items():
        entry = submission.entries[ref]
        assert entry.value == value
        assert not entry.rule
        assert entry.place == plan().layout.place(ref, "returns/a.xlsx")
    assert not any(total.typed for total in submission.totals.values())
    assert submission.unused == ()


def test_a_file_that_vanished_is_a_finding_too(root: Path) -> None:
    entries = list(list_files(root, (root / "returns" / "gone.xlsx",)))
    assert [entry.problem and entry.problem.code for entry in entries] == ["F09"]


def test_a_folder_among_the_named_files_is_no_file(root: Path) -> None:
    (entry,) = list_files(root, (root / "returns",))
    assert (entry.path, entry.skipped) == ("returns", "folder")


def test_named_files_keep_their_path_outside_the_campaign(root: Path, tmp_path: Path) -> None:
    inside = root / "returns" / "a.xlsx"
    inside.write_bytes(b"a")
    outside = tmp_path.parent / "outside.xlsx"
    outside.write_bytes(b"b")
    shown = [entry.path for entry in list_files(root, (inside, outside))]
    assert shown == ["returns/a.xlsx", outside.as_posix()]


def test_the_office_can_assign_a_file_by_its_digest(root: Path) -> None:
    (root / "returns" / "a.xlsx").write_bytes(template(agency="nobody"))
    (entry,) = list_entries(root, root / "returns")
    decision = Decision(
        DecisionKind.ASSIGN, 1, "科", None, "电话核实", agency="b", sha256=entry.sha256[:8]
    )
    result = gathered(root, (decision,))
    assert [file.agency for file in result.files] == ["b"]
    assert [submission.agency for submission in result.submissions] == ["b"]


def test_the_same_unassigned_bytes_are_asked_about_once(root: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        (root / "returns" / name).write_bytes(template(agency="nobody"))
    result = gathered(root)
    assert [file.verdict.value for file in result.files] == ["unassigned", "duplicate"]
    assert [finding.code for finding in result.findings] == ["I02"]


def test_an_entry_is_read_once_and_hashed_as_read(root: Path) -> None:
    (root / "returns" / "a.bin").write_bytes(b"abc")
    (entry,) = list_entries(root, root / "returns")
    assert isinstance(entry, Incoming)
    assert entry.data == b"abc"
    assert entry.sha256.startswith("ba7816bf")


def test_a_mail_without_attachments_and_an_empty_archive_are_noted(root: Path) -> None:
    (root / "returns" / "回复.eml").write_bytes(mailed({}, "Mon, 20 Jan 2025 09:30:00 +0800"))
    (root / "returns" / "空.zip").write_bytes(zipped({}))
    result = gathered(root)
    assert set(verdicts(result).values()) == {("not_a_return", "F26")}
    assert [(f.code, f.severity.value) for f in result.findings] == [("F26", "note")] * 2
