"""A correction copy that would be the same is not made again; whatever may matter makes it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from campaigns import decide, merged, send, start
from sheetflow.campaign import sending_back
from sheetflow.campaign.folder import open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.made_before import COPIES
from sheetflow.campaign.merging import mixture
from sheetflow.reports.notice_plate import stamped_notice
from sheetflow.workbooks.correction_plate import make_correction_plate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sheetflow.layout.sheets import Layout
    from sheetflow.model.form import Form
    from sheetflow.workbooks.correction_plate import CorrectionPlate
    from sheetflow.workbooks.front import Cover
    from sheetflow.workbooks.stamp import Stamp

ROSTER = "a 甲局 . 部门\nb 乙局 . 部门"
WRONG = "new 3 1\ndone.yes 3 2"

pytestmark = pytest.mark.usefixtures("_files_are_old")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a merged campaign in which both returns must go back."""
    root = start(tmp_path / "c", ROSTER)
    send(root, a=WRONG, b="new 1 2\ndone.yes 1 3")
    merged(root)
    return root


def copies(root: Path) -> dict[str, bytes]:
    folder = root / "output/sendback"
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take down which copies are made from now on."""
    names: list[str] = []

    def plate(form: Form, layout: Layout, cover: Cover, stamp: Stamp) -> CorrectionPlate:
        names.append("plate")
        return make_correction_plate(form, layout, cover, stamp)

    def notice(lines: Sequence[str]) -> bytes:
        names.append(lines[1].rstrip("："))
        return stamped_notice(lines)

    monkeypatch.setattr(f"{sending_back.__name__}.make_correction_plate", plate)
    monkeypatch.setattr(f"{sending_back.__name__}.stamped_notice", notice)
    return names


def test_nothing_is_made_again_where_all_would_be_the_same(root: Path, made: list[str]) -> None:
    before = copies(root)
    merged(root)
    assert (made, copies(root)) == ([], before)
    assert mixture(root) == ()


def test_only_the_copy_of_a_changed_return_is_made_again(root: Path, made: list[str]) -> None:
    before = copies(root)
    send(root, b="new 1 2\ndone.yes 1 4")
    merged(root)
    assert made == ["plate", "乙局"]
    changed = {name for name, data in copies(root).items() if before[name] != data}
    assert changed == {name for name in before if name.startswith("b_")}


def _settings(root: Path) -> None:
    path = root / "sheetflow.toml"
    path.write_text(path.read_text("utf-8").replace("某市", "他市"), "utf-8")


def _renamed(root: Path) -> None:
    path = root / "roster.csv"
    path.write_text(path.read_text("utf-8-sig").replace("甲局", "丁局"), "utf-8")


def _issued_again(root: Path) -> None:
    _settings(root)
    issue_templates(open_campaign(root))


def _output(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def act(root: Path) -> None:
        for path in (root / "output/sendback").iterdir():
            change(path)

    return act


def _died(root: Path) -> None:
    """Leave run.json as a run does that dies while it replaces the outputs."""
    path = root / "output/run.json"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"files"', '"writing": {"totals.csv": ["0"]}, "files"'), "utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a return": lambda root: send(root, a="new 3 1\ndone.yes 3 3"),
    "a decision": lambda root: decide(
        root, '[[adjust]] agency = "a"; cell = "t/new/firm"; value = 2'
    ),
    "the campaign's name": _settings,
    "an agency's name": _renamed,
    "the issued templates": _issued_again,
    "copies that were deleted": _output(lambda path: path.unlink()),
    "copies that were altered": _output(lambda path: path.write_bytes(b"x")),
    "the key": lambda root: (root / ".sheetflow/key").write_bytes(b"0" * 64),
    "the note": lambda root: (root / COPIES).write_bytes(b'{"templates": "'),
    "the note's kind": lambda root: (root / COPIES).write_bytes(b"[1]"),
    "a run that died": _died,
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_copies_are_those_that_a_first_merge_makes_after_a_change_of(
    what: str, root: Path
) -> None:
    CHANGES[what](root)
    merged(root)
    found = copies(root)
    assert mixture(root) == ()
    (root / COPIES).unlink()
    merged(root)
    assert copies(root) == found
