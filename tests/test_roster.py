"""The roster: codes are names, every fault is named with its row, nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font

from sheetflow.campaign.folder import read_roster
from sheetflow.definitions.roster import SAMPLE_ROSTER, clean, csv_rows, load_roster
from sheetflow.model.findings import Severity
from sheetflow.model.roster import GROUP_KIND, Agency, Roster
from sheetflow.workbooks.rows import xlsx_rows

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = ["代码", "名称", "上级", "类别", "联系人", "曾用名"]


def roster(*rows: list[str]) -> Roster:
    outcome = load_roster([HEAD, *rows], "roster.csv")
    assert outcome.value is not None, outcome.findings
    return outcome.value


def faults(*rows: list[str], head: list[str] = HEAD) -> list[tuple[str, int]]:
    outcome = load_roster([head, *rows], "roster.csv")
    assert outcome.value is None
    return [(fault.code, fault.place.line) for fault in outcome.findings if fault.place]


def test_agencies_stand_in_the_offices_order_with_all_that_is_known_of_them() -> None:
    loaded = roster(
        ["hy", "衡阳县", "", "汇总", "", ""],
        ["hy-mzj", "衡阳县民政局", "hy", "部门", "王某 8001", "民政科；社会股;双拥办、 救助站"],
    )
    assert loaded.agencies == (
        Agency("hy", "衡阳县", "", GROUP_KIND),
        Agency(
            "hy-mzj",
            "衡阳县民政局",
            "hy",
            "部门",
            "王某 8001",
            ("民政科", "社会股", "双拥办", "救助站"),
        ),
    )


def test_columns_may_stand_in_any_order_in_either_language_beside_others() -> None:
    rows = [["电话", "Name", "代码", "parent"], ["1", "甲局", "a", ""], ["2", "乙局", "b", "a"]]
    loaded = load_roster(rows, "roster.xlsx").value
    assert loaded is not None
    assert loaded.agencies == (Agency("a", "甲局"), Agency("b", "乙局", "a"))


@pytest.mark.parametrize("kind", ["汇总", "group", "Group"])
def test_a_group_files_nothing_itself_and_may_be_without_children(kind: str) -> None:
    agency, _ = roster(["a", "甲县", "", kind], ["b", "乙局", "", ""]).agencies
    assert not agency.files


def test_blank_rows_are_skipped_and_do_not_shift_row_numbers() -> None:
    assert faults([], ["", " "], ["a", ""], ["　"], ["b", "乙局", "x"]) == [("S16", 4), ("S14", 6)]


def test_invisible_characters_do_not_become_part_of_a_name() -> None:
    [agency] = roster(["\ufeff a\t", "　甲\u200b局\r\n", "", "部门\x07"]).agencies
    assert agency == Agency("a", "甲局", "", "部门")


def test_every_invisible_character_is_taken_away_and_no_other() -> None:
    invisible = ("Cc", "Cf", "Zl", "Zp")
    for character in map(chr, range(sys.maxunicode + 1)):
        is_kept = unicodedata.category(character) not in invisible
        assert clean(f"甲{character}乙") == (f"甲{character}乙" if is_kept else "甲乙")


@pytest.mark.parametrize(
    "code",
    [
        "430424.0",
        "4.30E+05",
        "4.30424e5",
        "43 0424",
        "衡阳",
        "-a",
        "a/b",
        "all",
        "ALL",
        "kind:部门",
        "a" * 41,
        "１２",
    ],
)
def test_a_code_that_is_none_is_named_and_never_repaired(code: str) -> None:
    assert faults([code, "甲局"]) == [("S12", 2)]


@pytest.mark.parametrize("code", ["0", "430424", "A.b_c-9", "a" * 40, "3.5a", "all-1"])
def test_letters_digits_dot_underscore_and_hyphen_make_a_code(code: str) -> None:
    assert roster([code, "甲局"]).agencies[0].code == code


def test_a_code_that_lost_its_zeros_is_named_where_the_others_show_them() -> None:
    assert faults(["0101", "甲局"], ["102", "乙局"], ["1103", "丙局"]) == [("S12", 3)]


def test_a_child_of_a_malformed_code_is_not_blamed_for_it() -> None:
    assert faults(["430424.0", "甲县"], ["b", "乙局", "430424.0"]) == [("S12", 2)]


def test_a_code_stands_once_whatever_its_case() -> None:
    outcome = load_roster([HEAD, ["hy-mzj", "甲局"], ["HY-MZJ", "乙局"]], "roster.csv")
    [fault] = outcome.findings
    assert (fault.code, dict(fault.facts)) == (
        "S13",
        {"row": "3", "found": "HY-MZJ", "first": "2"},
    )


def test_a_parent_is_a_code_of_the_roster() -> None:
    assert faults(["a", "甲县"], ["b", "乙局", "甲县"], ["c", "丙局", "A"]) == [
        ("S14", 3),
        ("S14", 4),
    ]


def test_a_circle_is_told_once_with_the_way_around() -> None:
    rows = [["d", "丁局", "a"], ["a", "甲县", "b"], ["b", "乙县", "c"], ["c", "丙县", "a"]]
    [fault] = load_roster([HEAD, *rows], "roster.csv").findings
    assert (fault.code, fault.facts["row"], fault.facts["found"]) == ("S15", "3", "a → b → c → a")


def test_an_agency_is_not_under_itself() -> None:
    assert faults(["a", "甲县", "a"]) == [("S15", 2)]


@given(st.lists(st.sampled_from(["", "a", "b", "c", "d", "e", "x"]), min_size=1, max_size=6))
def test_circles_are_those_that_come_back_to_where_they_start(parents: list[str]) -> None:
    codes = "abcdef"[: len(parents)]
    above = dict(zip(codes, parents, strict=False))
    expected: list[str] = []
    for code in codes:
        way = [code]
        while above.get(way[-1]) and way[-1] not in way[:-1]:
            way.append(above[way[-1]])
        if way[-1] == code and len(way) > 1 and not set(way) & set("".join(expected)):
            expected.append(" → ".join(way))
    rows = [[code, "甲局", parent] for code, parent in above.items()]
    found = load_roster([HEAD, *rows], "roster.csv").findings
    assert [f.facts["found"] for f in found if f.code == "S15"] == expected


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["a", "市公安局"], ["b", "市公安局"]], [("3", "市公安局", "2")]),
        ([["a", "甲局"], ["b", "乙局", "", "", "", "甲局"]], [("3", "甲局", "2")]),
        ([["a", "甲局", "", "", "", "乙局"], ["b", "乙局"]], [("2", "乙局", "3")]),
        ([["x", "东县"], ["y", "西县"], ["a", "民政局", "x"], ["b", "民政局", "y"]], []),
        ([["a", "甲局", "", "", "", "旧局"], ["b", "乙局", "", "", "", "旧局"]], []),
        ([["a", "甲局", "", "", "", "甲局"], ["b", "乙局"]], []),
        ([["a", "东县", "", "汇总"], ["b", "东县"]], []),
    ],
)
def test_agencies_that_only_their_codes_tell_apart_are_a_query(
    rows: list[list[str]], told: list[tuple[str, str, str]]
) -> None:
    outcome = load_roster([HEAD, *rows], "roster.csv")
    assert outcome.value is not None
    assert {(f.code, f.severity) for f in outcome.findings} <= {("S18", Severity.QUERY)}
    found = [(f.facts["row"], f.facts["name"], f.facts["other"]) for f in outcome.findings]
    assert found == told


def test_all_faults_are_told_at_once() -> None:
    rows = [["a", "甲局", "x"], ["a", ""], ["2.0", "乙局"], ["c", "丙局", "c"]]
    assert faults(*rows) == [("S14", 2), ("S13", 3), ("S16", 3), ("S12", 4), ("S15", 5)]


def test_a_row_without_a_code_is_told_as_one_without_a_name_is() -> None:
    assert faults(["", "甲局"], ["b", ""]) == [("S20", 2), ("S16", 3)]


def test_of_a_missing_column_it_is_said_what_stands_in_the_first_row() -> None:
    rows = [["填报单位名录", ""], HEAD, ["a", "甲局"]]
    first, _ = load_roster(rows, "roster.csv").findings
    assert (first.code, first.facts["found"]) == ("S11", "填报单位名录")


def test_missing_and_doubled_columns_are_told_at_once() -> None:
    assert faults(["甲局"], head=["单位", "上级", "parent"]) == [("S11", 1), ("S11", 1), ("S08", 1)]


@pytest.mark.parametrize("rows", [[], [[], ["", ""]], [HEAD], [[], HEAD, ["", ""]]])
def test_a_roster_without_an_agency_is_S17(rows: list[list[str]]) -> None:  # noqa: N802
    outcome = load_roster(rows, "roster.csv")
    assert outcome.value is None
    assert [fault.code for fault in outcome.findings] == ["S17"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_csv_is_read_in_whatever_encoding_an_editor_saves_it(encoding: str) -> None:
    text = '代码,名称\r\na,"甲,局"\r\n\r\nb,乙局\r\n'
    assert csv_rows(text.encode(encoding)) == [["代码", "名称"], ["a", "甲,局"], [], ["b", "乙局"]]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"", b'a,"' + b"x" * 200_000])
def test_what_is_no_csv_has_no_rows_and_the_roster_is_S17(data: bytes) -> None:  # noqa: N802
    assert csv_rows(data) == []
    assert [f.code for f in load_roster(csv_rows(data), "roster.csv").findings] == ["S17"]


def test_the_sample_is_a_city_with_departments_and_two_counties() -> None:
    sample = load_roster(csv_rows(SAMPLE_ROSTER.encode()), "roster.csv").value
    assert sample is not None
    assert all(agency.name.startswith("示例") for agency in sample.agencies)
    assert [agency.name for agency in sample.children("sl-dx") if agency.files]
    assert "sl-dx" in sample.groups
    assert len(sample.kinds) > 2


def test_the_sample_has_every_column_that_the_readme_names() -> None:
    readme = (Path(__file__).parents[1] / "README.zh.md").read_text("utf-8")
    (columns,) = re.findall("名录的列：(.+?)。", readme)
    assert csv_rows(SAMPLE_ROSTER.encode())[0] == columns.split("、")


NAMES = st.text(st.sampled_from('甲乙局县,"（）ab 1'), min_size=1, max_size=8).map(
    lambda text: text.strip() or "局"
)
CODES = st.from_regex(r"[a-z][a-z0-9._-]{0,8}", fullmatch=True).filter(lambda code: code != "all")


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    codes = draw(st.lists(CODES, min_size=1, max_size=8, unique=True))
    agencies = []
    for index, code in enumerate(codes):
        parent = draw(st.sampled_from(["", *codes[:index]]))
        kind = draw(st.sampled_from(["", "部门", GROUP_KIND]))
        former = draw(st.lists(NAMES, max_size=2))
        agencies.append(Agency(code, draw(NAMES), parent, kind, draw(NAMES), tuple(former)))
    return Roster(tuple(agencies))


@given(rosters(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_a_roster_written_as_csv_reads_back_the_same(original: Roster, encoding: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for a in original.agencies:
        writer.writerow([a.code, a.name, a.parent, a.kind, a.contact, "；".join(a.former_names)])
    assume(any(agency.files for agency in original.agencies))
    assert load_roster(csv_rows(out.getvalue().encode(encoding)), "r").value == original


def test_a_roster_in_which_nobody_files_is_a_fault() -> None:
    outcome = load_roster([["code", "name", "kind"], ["a", "甲县", "group"]], "roster.csv")
    assert [finding.code for finding in outcome.findings] == ["S17"]


def saved_by_openpyxl(rows: list[list[str]], formatted: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if formatted:
        book.worksheets[0][formatted].font = Font(bold=True)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def only_a_chart(_: bytes) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.create_chartsheet()
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def other_sheet(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-40]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def other_bytes(data: bytes) -> bytes:
    at = data.index(b"xl/worksheets/sheet1.xml") + 40
    return data[:at] + bytes(20) + data[at + 20 :]


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "cut": other_sheet,
    "no sheet": only_a_chart,
    "wrong bytes": other_bytes,
    "no archive": lambda _: b"PK",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_workbook_that_cant_be_read_is_S17(damage: str, tmp_path: Path) -> None:  # noqa: N802
    path = tmp_path / "roster.xlsx"
    path.write_bytes(DAMAGED[damage](saved_by_openpyxl([["代码", "名称"], ["a", "甲局"]])))
    outcome = read_roster(path)
    assert [fault.code for fault in outcome.findings] == ["S17"]


def test_formats_far_below_a_roster_make_no_rows() -> None:
    assert xlsx_rows(saved_by_openpyxl([["代码"], ["a"]], formatted="D90000")) == [
        ["代码", "", "", ""],
        ["a", "", "", ""],
    ]
