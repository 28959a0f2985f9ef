"""A stamped template is the one that would be built for its agency alone, byte for byte."""

from __future__ import annotations

import errno
import io
import tracemalloc
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from campaigns import roster_csv, small_form, snapshot, start
from faulting import failing
from office import convert
from sheetflow.campaign import issuing
from sheetflow.campaign.folder import TEMPLATES, campaign_key, open_campaign
from sheetflow.campaign.issuing import cover_of, issue_templates, template_stamp
from sheetflow.campaign.packing import ZIPS, pack
from sheetflow.layout.sheets import form_layout
from sheetflow.workbooks.front import COVER, Cover
from sheetflow.workbooks.stamp import NAME, PROPERTY, Mark, Stamp, hidden_values, seal
from sheetflow.workbooks.stamping import gap, own_texts, plate_of
from sheetflow.workbooks.styles import StyledWorkbook, clean_text
from sheetflow.workbooks.template import make_plate, write_template
from sheetflow.workbooks.xlsx import read_xlsx
from sheetflow.workbooks.zip_assembly import assembled, deflated, parts_of
from versions import said

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.workbooks.workbook import Workbook

TWO = "a 甲局 . 部门\nb 乙局 . 部门"
KEY = b"a key of the tests"
ANYBODY = "某局"
HOSTILE = (
    "<a&b>\"'",
    "]]><!--",
    "<r><t>x</t></r>",
    "_x0041__x000D_",
    " 前后有空格 ",
    "\t一\r\n二\n",
    "填报人",
    "第 1 次",
    gap("agency_code"),
    "\x00\x08\ud800\ufdd0\uffff",
    "",
    "长" * 40_000,
    "😀" * 20_000,
)
names = st.text(max_size=60) | st.sampled_from(HOSTILE)
codes = st.text(max_size=40)


def identity(code: str, name: str, office: str = "公开办", due: str = "") -> tuple[Cover, Stamp]:
    """Make cover and stamp of an agency's second issue."""
    form = small_form()
    cover = Cover("某市", "2024", name, code, due, office, 2)
    mark = Mark(form.code, "2024", code, 2)
    sealed = seal(KEY, form.digest, mark._replace(agency="a"))
    return cover, Stamp(mark, form.digest, name, sealed, "0f" * 32)


def built(cover: Cover, stamp: Stamp) -> bytes:
    """Build a template for one agency alone."""
    return write_template(small_form(), form_layout(small_form()), cover, stamp)


def stamped(cover: Cover, stamp: Stamp) -> bytes:
    """Stamp an agency's template on the plate that was made with another's."""
    other = identity("x.y", ANYBODY, cover.office, cover.due)
    return make_plate(small_form(), form_layout(small_form()), *other).stamped(
        own_texts(cover, stamp)
    )


def shown(book: Workbook, sheet: str) -> set[str]:
    (page,) = (page for page in book.sheets if page.name == sheet)
    return {cell.text for cell in page.cells.values()}


@settings(max_examples=20, deadline=None)
@given(codes, names, names, st.dates().map(str) | st.just(""))
@example("a", "<r><t>x</t></r>", "某市", "2025-01-31")
@example("a", "某市", "某市", "")
@example("a", "", "", "")
def test_stamped_bytes_are_those_of_a_full_build(
    code: str, name: str, office: str, due: str
) -> None:
    own = identity(code, name, office, due)
    assert stamped(*own) == built(*own)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_stamped_template_says_the_agencys_name_as_it_is(name: str) -> None:
    data = stamped(*identity("hd-mzj", name))
    book, kept = read_xlsx(data), clean_text(name)
    values = hidden_values(book)
    assert values.get("agency_name", "") == kept
    assert values["agency"] == "hd-mzj"
    token = values["mark"]
    assert book.names[NAME] == f'"{token}"'
    assert book.properties[PROPERTY] == token
    assert {f"编号 {token}", clean_text(f"填报单位：{name}　　　统计年度：2024年")} <= shown(
        book, "一"
    )
    assert {"hd-mzj", "第 2 次", "填报人"} <= shown(book, COVER)
    if not any(mark in name for mark in ("_x", "\r")):  # openpyxl leaves these as they stand
        cells = load_workbook(io.BytesIO(data))[COVER]["B3"].value
        assert (cells or "") == kept


def test_whatever_the_texts_the_parts_that_nobody_owns_are_copied_as_they_are() -> None:
    first, *others = (
        {part.name: part for part in parts_of(stamped(*identity("a", name)))} for name in HOSTILE
    )
    for other in others:
        differing = {name for name in first if first[name] != other[name]}
        assert differing <= {"xl/sharedStrings.xml", "xl/workbook.xml", "docProps/custom.xml"}


def test_a_gap_in_a_sheet_is_filled_like_any_other() -> None:
    sheet = f"<row><c><v>{gap('t/new.x/person')}</v></c></row>".encode()
    parts = (deflated("xl/sheet1.xml", sheet), deflated("xl/styles.xml", b"<styleSheet/>"))
    plate = plate_of(parts)
    made = {p.name: p for p in parts_of(plate.stamped({"t/new.x/person": "1 < 2"}))}
    assert made["xl/sheet1.xml"].content == b"<row><c><v>1 &lt; 2</v></c></row>"
    assert made["xl/styles.xml"] == parts[1]


@given(st.dictionaries(st.text(min_size=1, max_size=20).map(clean_text), st.binary(max_size=300)))
def test_an_assembled_archive_is_read_back_by_zipfile(files: dict[str, bytes]) -> None:
    named = {name.replace("\\", "/"): data for name, data in files.items() if name}
    data = assembled(deflated(name, content) for name, content in named.items())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        assert {name: package.read(name) for name in package.namelist()} == named
        assert {entry.date_time for entry in package.infolist()} <= {(1980, 1, 1, 0, 0, 0)}
    assert [part.content for part in parts_of(data)] == [*named.values()]


@pytest.mark.parametrize("text", ["<r><t>伪</t></r>", "<r></r>", "<r>&</r>", "<r>_x0041_</r>"])
def test_a_text_that_looks_like_markup_is_written_as_a_text(text: str) -> None:
    book = StyledWorkbook("某表")
    book.add_worksheet("一").write_string(0, 0, text)
    (sheet,) = read_xlsx(book.finished()).sheets
    assert sheet.cells[0, 0].text == text


def test_a_formula_stands_as_it_is_given_whatever_its_sheets_are_called() -> None:
    book = StyledWorkbook("某表")
    book.add_worksheet("MAP(").write_number(0, 0, 7)
    book.add_worksheet("二").write_formula(0, 0, "='MAP('!A1")
    (_, other) = read_xlsx(book.finished()).sheets
    assert other.cells[0, 0].formula == "'MAP('!A1"


def test_no_text_is_longer_than_excel_counts() -> None:
    assert clean_text("😀" * 20_000) == "😀" * 16_383
    assert clean_text("a" + "😀" * 16_383 + "b") == "a" + "😀" * 16_383


# issuing


def test_each_issued_file_is_what_a_full_build_makes(tmp_path: Path) -> None:
    campaign = open_campaign(start(tmp_path / "c", f"{TWO}\nc 县局<&> a"))
    key, layout = campaign_key(campaign.root), form_layout(campaign.form)
    for each in issue_templates(campaign):
        agency, data = campaign.roster.by_code[each.agency], each.path.read_bytes()
        made_from = hidden_values(read_xlsx(data))["made_from"]
        stamp = template_stamp(campaign, agency, each.number, made_from, key)
        cover = cover_of(campaign, agency, each.number)
        assert write_template(campaign.form, layout, cover, stamp) == data


def test_a_run_builds_one_template_whatever_the_number_of_agencies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plates: list[object] = []

    def counted(*given: object) -> object:
        plates.append(given)
        return make_plate(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(issuing, "make_plate", counted)
    root = start(tmp_path / "c", "\n".join(f"a{n} 局{n} . 部门" for n in range(9)))
    assert len(issue_templates(open_campaign(root))) == 9
    assert len(plates) == 1
    issue_templates(open_campaign(root))
    assert len(plates) == 1


def replace_part(path: Path, name: str, content: bytes) -> None:
    """Write a workbook again with one part replaced."""
    parts = parts_of(path.read_bytes())
    path.write_bytes(assembled(deflated(name, content) if p.name == name else p for p in parts))


def test_what_was_issued_is_known_from_the_properties_alone(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "a 甲局")
    (first,) = issue_templates(open_campaign(root))
    replace_part(first.path, "xl/sharedStrings.xml", b"no xml")
    (again,) = issue_templates(open_campaign(root))
    assert again == replace(first, issue=issuing.Issue.KEPT)


def test_what_was_issued_is_known_from_the_hidden_sheet_where_the_properties_are_lost(
    tmp_path: Path,
) -> None:
    root = start(tmp_path / "c", "a 甲局")
    (first,) = issue_templates(open_campaign(root))
    replace_part(first.path, "docProps/custom.xml", b"<Properties/>")
    (again,) = issue_templates(open_campaign(root))
    assert again == replace(first, issue=issuing.Issue.KEPT)


def test_two_agencies_whose_file_names_would_be_alike_each_get_their_own(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "a b_c局\na_b c局")
    paths = [each.path.name for each in issue_templates(open_campaign(root))]
    assert paths == ["a_b_c局.xlsx", "a_b_c局_第2次.xlsx"]


def test_a_template_that_fails_to_be_written_leaves_those_before_it_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = start(tmp_path / "whole", TWO)
    root = start(tmp_path / "c", TWO)
    (root / ".sheetflow" / "key").write_bytes(campaign_key(whole))
    expected = [each.path.read_bytes() for each in issue_templates(open_campaign(whole))]

    def failing(cover: Cover, stamp: Stamp) -> dict[str, str]:
        if cover.agency_code == "b":
            raise KeyboardInterrupt
        return own_texts(cover, stamp)

    monkeypatch.setattr(issuing, "own_texts", failing)
    with pytest.raises(KeyboardInterrupt):
        issue_templates(open_campaign(root))
    assert [path.name for path in (root / TEMPLATES).iterdir()] == ["a_甲局.xlsx"]
    monkeypatch.undo()
    issued = issue_templates(open_campaign(root))
    assert [each.issue.value for each in issued] == ["kept", "new"]
    assert [each.path.read_bytes() for each in issued] == expected


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_whichever_call_fails_the_templates_that_are_there_are_whole(
    tmp_path: Path, number: int
) -> None:
    root = start(tmp_path / "c", TWO)
    with failing(below=root) as calls:
        said(root, "template")
    expected = snapshot(root / TEMPLATES)
    for nth in range(len(calls)):
        for path in (root / TEMPLATES).iterdir():
            path.unlink()
        with failing(nth, number, below=root):
            code, errors = said(root, "template")
        if not calls[nth].startswith("mkdir"):  # of a folder that is there
            sentence = "磁盘空间不足" if number == errno.ENOSPC else "写入失败"
            assert (code, sentence in errors) == (3, True), calls[nth]
        assert snapshot(root / TEMPLATES).items() <= expected.items()
        assert said(root, "template")[0] == 0
        assert snapshot(root / TEMPLATES) == expected


def test_the_zips_hold_the_templates_as_they_are(tmp_path: Path) -> None:
    root = start(tmp_path / "c", "x 东县 . group\nx1 东县一局 x 部门")
    campaign = open_campaign(root)
    (issued,) = issue_templates(campaign)
    pack(campaign, (issued,))
    (zipped,) = (root / ZIPS).iterdir()
    with zipfile.ZipFile(zipped) as package:
        assert package.testzip() is None
        assert package.read(issued.path.name) == issued.path.read_bytes()


def test_a_format_of_one_book_is_unknown_to_others() -> None:
    one, other = StyledWorkbook("某表"), StyledWorkbook("某表")
    assert one.amount_style(3) is one.amount_style(3)
    assert one.amount_style(3) is not one.amount_style(3, kind="entry")
    with pytest.raises(KeyError):
        other.style("amount 3")


def test_only_zips_that_changed_are_written_again(tmp_path: Path) -> None:
    roster = "x 东县 . group\nx1 东县一局 x 部门\ny 西县 . group\ny1 西县一局 y 部门"
    root = start(tmp_path / "c", roster)

    def packed() -> dict[str, int]:
        campaign = open_campaign(root)
        paths = pack(campaign, issue_templates(campaign))
        return {path.name[0]: path.stat().st_ino for path in paths}

    before = packed()
    assert packed() == before
    (root / "roster.csv").write_bytes(roster_csv(roster.replace("西县一局", "西县二局")))
    after = packed()
    assert [after[county] == before[county] for county in "xy"] == [True, False]


def test_zips_are_written_without_holding_them(tmp_path: Path) -> None:
    listed = "\n".join(f"x{n} 东县{n}局 x 部门" for n in range(200))
    campaign = open_campaign(start(tmp_path / "c", f"x 东县 . group\n{listed}"))
    issued = issue_templates(campaign)
    tracemalloc.start()
    try:
        (path,) = pack(campaign, issued)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < path.stat().st_size


@pytest.mark.office
def test_libreoffice_opens_a_stamped_template_and_keeps_its_marks(tmp_path: Path) -> None:
    source = tmp_path / "stamped.xlsx"
    source.write_bytes(stamped(*identity("hd-mzj", " 甲&乙<局> ")))
    (resaved,) = convert([source], "xlsx", tmp_path / "resaved")
    values = hidden_values(read_xlsx(resaved.read_bytes()))
    assert values["agency_name"] == " 甲&乙<局> "
    assert values == hidden_values(read_xlsx(source.read_bytes()))
