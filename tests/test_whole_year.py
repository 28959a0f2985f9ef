"""A whole year: begun from last year's, sent to counties, closed, archived, corrected."""

from __future__ import annotations

import hashlib
import io
import zipfile
from functools import partial
from pathlib import Path, PurePath

import pytest

from campaigns import decide, filled, send, start
from sheetflow.campaign.archiving import archive
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import office_texts, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.merging import merge
from sheetflow.campaign.packing import pack
from sheetflow.cli.app import app
from sheetflow.reports.pdf import Pdf

ROSTER = "a 甲局 . 部门\nx 东县 . group\nx1 东县一局 x 乡镇\nx2 东县二局 x 乡镇"
GOOD = "new 3 1\ndone.yes 3 1"
OTHERS = {"x1": "new 2 2\ndone.yes 2 2", "x2": "new 5 0\nleft 5 0"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = start(tmp_path / "2024", ROSTER)
    send(root, a=GOOD, **OTHERS)
    return root


def final(root: Path) -> int:
    code = app(["-C", str(root), "merge", "--final"], standalone_mode=False)
    assert isinstance(code, int)
    return code


def test_what_the_offices_own_text_says_wrongly_is_printed_and_keeps_nothing_open(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = next(path for path in sorted((root / "report").iterdir()) if path.suffix == ".txt")
    text.write_text("发布信息30条，其中动态20条、公告10条、图片5条。", "utf-8")
    assert final(root) == 0
    printed = capsys.readouterr().out
    assert f"report/{text.name}  提示性 N1" in printed
    assert "为 30，所列各项合计为 35" in printed


def archived(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_the_archive_holds_inputs_decisions_outputs_and_their_hashes(root: Path) -> None:
    assert final(root) == 0
    files = archived(root / "archive/定稿_第1版.zip")
    assert {"returns/a.xlsx", "decisions.toml", "roster.csv", "form.toml", "sheetflow.toml"} < set(
        files
    )
    assert {"output/figures.csv", "output/report.docx", "output/run.json"} < set(files)
    lines = files["SHA256SUMS.txt"].decode().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    for name, digest in listed.items():
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert set(files) - set(listed) == {"SHA256SUMS.txt", "说明.txt"}
    assert "第 1 版" in files["说明.txt"].decode("utf-8-sig")
    assert not any(name.startswith(".sheetflow") for name in files)  # the key is no record


def test_final_again_without_a_change_is_the_same_version(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    final(root)
    before = (root / "archive/定稿_第1版.zip").read_bytes()
    final(root)
    assert [path.name for path in (root / "archive").iterdir()] == ["定稿_第1版.zip"]
    assert (root / "archive/定稿_第1版.zip").read_bytes() == before
    assert "与已归档的第 1 版相同" in capsys.readouterr().out


def _given(printed: Pdf, _: bytes) -> Pdf:
    return printed


def test_a_pdf_that_is_printed_anew_is_no_other_version(root: Path) -> None:
    campaign = open_campaign(root)
    for printed in (Pdf(b"%PDF at ten"), Pdf(b"%PDF at eleven")):
        merge(campaign, compute(campaign), partial(_given, printed))
        done = archive(campaign)
    assert (done.version, done.is_new) == (1, False)
    assert archived(done.path)["output/report.pdf"] == b"%PDF at ten"


def test_reminders_are_not_archived(root: Path) -> None:
    (root / "returns/a.xlsx").rename(root.parent / "a.xlsx")
    app(["-C", str(root), "status", "--remind"], standalone_mode=False)
    (root.parent / "a.xlsx").rename(root / "returns/a.xlsx")
    assert final(root) == 0
    files = archived(root / "archive/定稿_第1版.zip")
    assert not any(name.startswith("output/reminders") for name in files)
    assert (root / "output/reminders/催报文字.txt").is_file()


def test_what_marks_a_workbook_as_open_is_not_archived(root: Path) -> None:
    for name in ("~$roster.xlsx", "returns/~$a.xlsx", "returns/.~a.xlsx"):
        (root / name).write_bytes(b"somebody")
    assert final(root) == 0
    files = archived(root / "archive/定稿_第1版.zip")
    assert "returns/a.xlsx" in files
    assert not any("~" in name for name in files)


def _as_on_windows(one: PurePath, other: PurePath) -> bool:
    return str(one).lower() < str(other).lower()


def test_the_archive_has_one_order_on_all_systems(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Z.txt", "a.txt"):
        (root / name).write_bytes(b"a note of the office")
    final(root)
    before = (root / "archive/定稿_第1版.zip").read_bytes()
    monkeypatch.setattr(PurePath, "__lt__", _as_on_windows)
    (root / "archive/定稿_第1版.zip").unlink()
    final(root)
    assert (root / "archive/定稿_第1版.zip").read_bytes() == before


@pytest.mark.parametrize("kept", [0, 100, -30])
def test_a_damaged_version_is_followed_by_one_that_says_so(
    root: Path, kept: int, capsys: pytest.CaptureFixture[str]
) -> None:
    final(root)
    first = root / "archive/定稿_第1版.zip"
    first.write_bytes(first.read_bytes()[:kept])
    assert final(root) == 0
    assert "上一版的压缩包已损坏" in capsys.readouterr().out
    files = archived(root / "archive/定稿_第2版.zip")
    assert "第 1 版的压缩包已损坏" in files["说明.txt"].decode("utf-8-sig")
    assert "与上一版的差异.csv" not in files


def test_a_correction_after_it_is_a_new_version_with_its_difference(root: Path) -> None:
    final(root)
    first = (root / "archive/定稿_第1版.zip").read_bytes()
    decide(root, '[[adjust]] agency = "a"; cell = "fees/copies/paid"; value = "8.5"')
    campaign = open_campaign(root)
    merge(campaign, compute(campaign))
    done = archive(campaign)
    assert (done.version, done.is_new, done.differences) == (2, True, 4)
    files = archived(root / "archive/定稿_第2版.zip")
    rows = files["与上一版的差异.csv"].decode("utf-8-sig").splitlines()
    assert rows[:3] == [
        "分组,格,上一版,本版",
        "all,fees/copies/paid,0,8.5",
        "all,fees/copies/net,0,8.5",
    ]
    assert (root / "archive/定稿_第1版.zip").read_bytes() == first


def test_what_is_open_is_not_archived(root: Path) -> None:
    (root / "returns/a.xlsx").unlink()
    assert final(root) == 1
    assert not (root / "archive").exists()


def test_each_county_gets_its_templates_in_a_zip_with_a_note(root: Path) -> None:
    campaign = open_campaign(root)
    issued = issue_templates(campaign)
    (path,) = pack(campaign, issued)
    assert path.name == "x_东县.zip"
    files = archived(path)
    note = files.pop("请先读我.txt").decode("utf-8-sig")
    assert set(files) == {"x1_东县一局.xlsx", "x2_东县二局.xlsx"}
    for name, data in files.items():
        assert (root / "templates/xlsx" / name).read_bytes() == data
        assert name in note
    before = path.read_bytes()
    pack(campaign, issue_templates(campaign))
    assert path.read_bytes() == before


def test_templates_come_back_from_a_countys_zip(root: Path) -> None:
    for path in (root / "returns").iterdir():
        path.unlink()
    (packed,) = pack(open_campaign(root), issue_templates(open_campaign(root)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, data in archived(packed).items():
            agency = name.partition("_")[0]
            package.writestr(name, filled(data, OTHERS[agency]) if agency in OTHERS else data)
    (root / "returns/东县.zip").write_bytes(target.getvalue())
    results = compute(open_campaign(root))
    assert results.ledger.missing == ("a",)


def test_a_new_year_takes_over_roster_form_settings_texts_and_figures(root: Path) -> None:
    written = next(path for path in (root / "report").iterdir() if path.suffix == ".txt")
    written.write_text("# 提示\n去年写的一段。\n", "utf-8")
    final(root)
    new = root.parent / "2025"
    assert app(["init", str(new), "--from", str(root)], standalone_mode=False) == 0
    campaign, last = open_campaign(new), open_campaign(root)
    settings = campaign.settings
    assert (settings.period, settings.name, settings.previous, settings.due) == (
        "2025", "某市", "../2024", None,
    )  # fmt: skip
    assert "# due = 2026-01-31" in (new / "sheetflow.toml").read_text("utf-8")
    assert (campaign.roster, campaign.form.digest) == (last.roster, last.form.digest)
    assert campaign.decisions == ()
    assert "# 去年写的一段。" in (new / "report" / written.name).read_text("utf-8")
    assert office_texts(campaign) == {}  # last year's words are nobody's until taken
    results = compute(campaign)
    assert results.last.totals["all"]
    assert set(results.last.by_agency) == {"a", "x1", "x2"}


def test_what_is_said_on_the_command_line_goes_before_last_year(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = root.parent / "2026"
    words = ["--period", "2026", "--name", "另一市", "--due", "2027-01-31"]
    assert app(["init", str(new), "--from", str(root), *words], standalone_mode=False) == 0
    settings = open_campaign(new).settings
    assert (settings.period, settings.name, str(settings.due)) == ("2026", "另一市", "2027-01-31")
    assert settings.previous == ""  # the year between them is not there
    assert "下一年是 2025 年" in capsys.readouterr().out
