"""sheetflow.toml is written with explanations and read back to the same settings."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.cli.shown import fault_text
from sheetflow.definitions.settings import load_settings, settings_text, toml_text
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.campaign import Settings
from sheetflow.model.period import Period, PeriodKind

MINIMAL = '[campaign]\nform = "zfxxgk-2021"\nperiod = "2024"\nname = "衡阳市"\n'

TEXTS = st.text(st.characters(exclude_categories=["Cs"])).map(str.strip)


def codes(text: str) -> list[tuple[str, int]]:
    outcome = load_settings(text, "sheetflow.toml")
    assert outcome.value is None
    return [(fault.code, fault.place.line) for fault in outcome.findings if fault.place]


def test_form_period_and_name_are_enough() -> None:
    assert load_settings(MINIMAL, "sheetflow.toml").value == Settings(
        form="zfxxgk-2021", period="2024", name="衡阳市", office="", due=None, decimals=2
    )


def test_everything_set_is_read() -> None:
    text = MINIMAL + 'office = "政务公开科"\ndue = 2025-01-31\n[display]\ndecimals = 4\n'
    assert load_settings(text, "sheetflow.toml").value == Settings(
        "zfxxgk-2021", "2024", "衡阳市", "政务公开科", date(2025, 1, 31), decimals=4
    )


def test_appendices_have_a_fixed_order_and_known_names() -> None:
    text = MINIMAL + '[report]\nappendices = ["texts", "agencies"]\n'
    loaded = load_settings(text, "sheetflow.toml").value
    assert loaded
    assert loaded.appendices == (AppendixKind.AGENCIES, AppendixKind.TEXTS)
    assert codes(text.replace('"texts"', '"text"')) == [("S04", 6)]


def test_a_year_without_quotes_is_a_year() -> None:
    loaded = load_settings(MINIMAL.replace('"2024"', "2024"), "sheetflow.toml").value
    assert loaded is not None
    assert loaded.period == "2024"


@pytest.mark.parametrize("period", ['"24"', '"2024年"', "24", '"２０２４"', "true", "2024.0"])
def test_a_period_is_a_year_of_four_digits(period: str) -> None:
    assert codes(MINIMAL.replace('"2024"', period)) == [("S04", 3)]


def test_of_a_wrong_period_it_is_said_what_a_year_is_like_and_none_is_named() -> None:
    text = MINIMAL.replace('"2024"', '"20x5"')
    (fault,) = load_settings(text, "sheetflow.toml", PeriodKind.YEAR).findings
    assert fault_text(fault).splitlines()[1] == (
        "  “period”写的是“20x5”，应写：四位数字的年份，加半角引号"
    )


def test_a_period_of_another_kind_than_the_forms_is_a_fault() -> None:
    text = MINIMAL.replace('"2024"', '"2024-Q1"')
    assert load_settings(text, "sheetflow.toml", PeriodKind.QUARTER).value
    (fault,) = load_settings(text, "sheetflow.toml", PeriodKind.MONTH).findings
    assert (fault.place and fault.place.line, fault.facts["found"]) == (3, "2024-Q1")
    assert fault_text(fault).splitlines()[1] == (
        "  “period”写的是“2024-Q1”，应写：四位数字的年份加 -01 至 -12，加半角引号"
    )


@pytest.mark.parametrize(
    ("period", "how", "due", "previous", "words"),
    [
        ("2024", "填报年度，四位数字", "2025-01-31", "2023", ("上年", "同比")),
        ("2024-H1", "填报的半年", "2024-07-10", "2023-H2", ("上期", "环比")),
        ("2024-Q4", "填报的季度", "2025-01-10", "2024-Q3", ("上季度", "环比")),
        ("2024-03", "填报的月份", "2024-04-10", "2024-02", ("上月", "环比")),
    ],
)
def test_comments_speak_of_the_period(
    period: str, how: str, due: str, previous: str, words: tuple[str, str]
) -> None:
    lines = settings_text(Settings(form="f", period=period, name="某市")).splitlines()
    assert [line for line in lines if line.startswith(f"# {how}")]
    assert f"# due = {due}" in lines
    assert f'# previous = "../{previous}"' in lines
    last, compared = words
    assert [line for line in lines if f"{last}的数，用来核对结转和变化、写{compared}" in line]


def test_all_faults_are_told_at_once() -> None:
    text = '[campaign]\nperiod = "24"\nnmae = "x"\ndue = "soon"\n[display]\ndecimals = -1\n[more]\n'
    assert sorted(codes(text)) == [
        ("S02", 1),
        ("S02", 1),
        ("S03", 3),
        ("S03", 7),
        ("S04", 2),
        ("S04", 4),
        ("S04", 6),
    ]


def test_a_file_that_is_no_toml_is_S01() -> None:  # noqa: N802
    assert codes("[campaign]\nname = 衡阳市\n") == [("S01", 2)]


def test_a_path_copied_from_windows_is_answered_with_how_to_write_it() -> None:
    (unread,) = load_settings(MINIMAL + 'previous = "D:\\上年"\n', "sheetflow.toml").findings
    assert fault_text(unread).splitlines()[0] == "sheetflow.toml:5  强制性 S01"
    assert "路径中的“\\”改写成“/”" in fault_text(unread)
    (misread,) = load_settings(MINIMAL + 'passwords = "D:\\new"\n', "sheetflow.toml").findings
    assert fault_text(misread).splitlines()[1] == (
        "  “passwords”写的是“D:…ew”，应写：路径，用“/”分隔，例如 D:/2023"
    )


def test_every_key_is_explained_in_chinese() -> None:
    lines = settings_text(Settings("f", "2024", "n")).splitlines()
    keys = [index for index, line in enumerate(lines) if " = " in line.split("：")[0]]
    assert len(keys) == 9
    assert all(lines[index - 1].startswith("# ") for index in keys)


SETTINGS = st.builds(
    Settings,
    form=TEXTS.filter(bool),
    period=st.builds(Period, st.sampled_from(PeriodKind), st.integers(1000, 9999), st.just(1)).map(
        str
    ),
    name=TEXTS.filter(bool),
    office=TEXTS,
    due=st.none() | st.dates(),
    decimals=st.integers(0, 15),
    appendices=st.sets(st.sampled_from(AppendixKind)).map(
        lambda kinds: tuple(kind for kind in AppendixKind if kind in kinds)
    ),
)


@given(SETTINGS)
def test_settings_written_read_back_the_same(settings: Settings) -> None:
    assert load_settings(settings_text(settings), "sheetflow.toml").value == settings


def test_quotes_backslashes_and_line_breaks_are_escaped() -> None:
    assert toml_text('a"b\\c\n') == '"a\\u0022b\\u005cc\\u000a"'
