"""Definitions in TOML: every fault is found in one pass, with its key and its line."""

from __future__ import annotations

import string
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.definitions.lines import Fields, TomlDocument, nearest, parse_toml, shown
from sheetflow.messages.catalogue import CATALOGUE

if TYPE_CHECKING:
    from sheetflow.model.findings import Finding

FORM = '''\
# a comment with [brackets] and "quotes"
[form]
code = "zf"   # [not.a.header]
help = """
[not.a.header]
x = 1
the end ""quoted"" """
corner = \'\'\'a = "b\'\'\'
list = [
  "a = b", # ]
  [1, 2],
]
dotted.key = {inline = 1, brace = "}"}

  [[ item ]]
label = "first"
"blank-zero" = true
[[item]]
label = "second"
[item.extra]
note = 1
[[item.part]]
'single quoted' = 1
[[item.part]]
k = "\\"# [x]"
[[item]]
label = "third"'''


class Colour(StrEnum):
    """A choice of two."""

    RED = "red"
    BLUE = "blue"


def document(text: str) -> TomlDocument:
    parsed = parse_toml(text, "form.toml")
    assert parsed.value is not None, parsed.findings
    return parsed.value


def reading(text: str, *path: str | int) -> Fields:
    return Fields(document(text), path, [])


def short(faults: list[Finding]) -> list[tuple[str, str, int]]:
    return [(f.code, f.facts["key"], f.place.line) for f in faults if f.place]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("form",), 2),
        (("form", "code"), 3),
        (("form", "help"), 4),
        (("form", "corner"), 8),
        (("form", "list"), 9),
        (("form", "dotted", "key"), 13),
        (("item",), 15),
        (("item", 0), 15),
        (("item", 0, "blank-zero"), 17),
        (("item", 1, "label"), 19),
        (("item", 1, "extra", "note"), 21),
        (("item", 1, "part", 0, "single quoted"), 23),
        (("item", 1, "part", 1, "k"), 25),
        (("item", 2), 26),
        (("item", 2, "label"), 27),
    ],
)
def test_every_key_and_header_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert document(FORM).place(*path).line == line
    assert document(FORM).lines[path] == line


def test_nothing_else_is_taken_for_a_key() -> None:
    assert len(document(FORM).lines) == 21


def test_a_key_without_a_line_has_that_of_the_table_around_it() -> None:
    assert document(FORM).place("item", 1, "missing").line == 18
    assert document(FORM).place("form", "dotted", "key", "inline").line == 13
    assert document(FORM).place("nowhere", "at", "all").line == 0


def test_lines_are_the_same_with_windows_line_ends_and_a_byte_order_mark() -> None:
    saved_by_notepad = "\ufeff" + FORM.replace("\n", "\r\n")
    assert document(saved_by_notepad).lines == document(FORM).lines
    assert document(saved_by_notepad).data == document(FORM).data


@given(
    st.lists(
        st.tuples(
            st.text(string.ascii_letters + "-_", min_size=1, max_size=5),
            st.lists(st.sampled_from(["x = 1", "", "# [a]", '"""', "[b]"]), max_size=4),
        ),
        unique_by=lambda entry: entry[0],
    )
)
def test_multi_line_texts_of_any_content_do_not_shift_lines(
    entries: list[tuple[str, list[str]]],
) -> None:
    text, expected = "", {}
    for key, content in entries:
        expected[(key,)] = text.count("\n") + 1
        body = "\n".join(content).replace('"""', "'")
        text += f'{key} = """\n{body}"""\n'
    assert document(text).lines == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[form]\ncode = “全角”\n[x]", 2),
        ("a = 1\nb = 2\na = 3", 3),
        ('a = 1\nb = "never closed', 2),
        ("[form\na = 1", 1),
        ("a = " + "1" * 5000, 1),
        ("a = " + "[" * 5000, 1),
    ],
)
def test_a_syntax_error_is_one_finding_with_its_line(text: str, line: int) -> None:
    parsed = parse_toml(text, "decisions.toml")
    assert parsed.value is None
    [fault] = parsed.findings
    assert (fault.code, fault.place and (fault.place.file, fault.place.line)) == (
        "S01",
        ("decisions.toml", line),
    )


def test_what_fits_is_read_without_a_finding() -> None:
    fields = reading(
        'text = " a "\nwhole = 2\nflag = false\ncolour = "blue"\nday = 2025-02-10\n'
        'other-day = "2025-02-11"\nnumber = "-12.50"\ninteger = 7\n[table]\nx = 1'
    )
    assert fields.text("text") == "a"
    assert fields.whole("whole") == 2
    assert fields.flag("flag") is False
    assert fields.choice("colour", Colour) is Colour.BLUE
    assert fields.date("day") == date(2025, 2, 10)
    assert fields.date("other-day") == date(2025, 2, 11)
    assert fields.number("number") == Decimal("-12.50")
    assert fields.number("integer") == Decimal(7)
    assert fields.table("table").whole("x") == 1
    assert "absent" not in fields
    fields.done()
    assert fields.faults == []


def test_an_absent_key_with_a_default_is_no_fault() -> None:
    fields = reading("")
    assert fields.text("text", "") == ""
    assert fields.whole("whole", 3) == 3
    assert fields.flag("flag", default=True) is True
    assert fields.choice("colour", Colour, Colour.BLUE) is Colour.BLUE
    assert fields.date("day", date.max) == date.max
    assert fields.number("number", Decimal(1)) == Decimal(1)
    assert fields.tables("item") == ()
    assert fields.table("table").data == {}
    assert fields.faults == []


def test_an_absent_required_key_is_S02_at_its_table_with_an_example() -> None:  # noqa: N802
    fields = reading("x = 1\n[form]\n", "form")
    assert (fields.text("code"), fields.whole("n"), fields.flag("f")) == ("", 0, False)
    assert short(fields.faults) == [("S02", "code", 2), ("S02", "n", 2), ("S02", "f", 2)]
    assert fields.faults[0].facts["expected"] == 'code = "…"'


@pytest.mark.parametrize(
    ("read", "values"),
    [
        ("text", ["1", "true", '" "', "[]"]),
        ("whole", ["-1", "1.0", '"1"', "true"]),
        ("flag", ["1", '"true"']),
        ("date", ['"2025-2-1"', '"20250201"', '"2025-02-30"', "2025-02-01T00:00:00", "1"]),
        (
            "number",
            ["1.5", "true", '"1,000"', '"１"', '"1e3"', '"nan"', '""', '"9999999999999999"'],
        ),
    ],
)
def test_a_value_of_another_kind_is_S04(read: str, values: list[str]) -> None:  # noqa: N802
    for value in values:
        fields = reading(f"\nkey = {value}")
        getattr(fields, read)("key")
        assert short(fields.faults) == [("S04", "key", 2)], value


def test_a_text_that_is_no_choice_is_S04_and_names_the_choices() -> None:  # noqa: N802
    fields = reading('colour = "green"')
    assert fields.choice("colour", Colour) is Colour.RED
    assert fields.faults[0].facts == {
        "key": "colour",
        "found": "green",
        "expected": "red | blue",
    }


def test_a_table_where_an_array_stands_and_the_reverse_is_S04() -> None:  # noqa: N802
    fields = reading("[item]\na = 1\n[[form]]\nb = 1")
    assert fields.tables("item") == ()
    assert fields.table("form").data == {}
    assert short(fields.faults) == [("S04", "item", 1), ("S04", "form", 3)]


def test_arrays_of_tables_are_read_in_order() -> None:
    fields = reading('[[item]]\nlabel = "a"\n[[item]]\nlabel = "b"\n[[item]]\n')
    assert [item.text("label") for item in fields.tables("item")] == ["a", "b", ""]
    assert short(fields.faults) == [("S02", "label", 5)]


def test_an_unknown_key_is_S03_and_the_nearest_known_one_is_proposed() -> None:  # noqa: N802
    fields = reading('label = "x"\nlable = "y"\nzzz = 1')
    fields.text("label")
    fields.done()
    assert short(fields.faults) == [("S03", "lable", 2), ("S03", "zzz", 3)]
    assert [fault.facts["expected"] for fault in fields.faults] == ["label", "label"]


def test_the_nearest_name_is_proposed_or_else_the_first_few() -> None:
    names = [f"pt-{letter * 3}" for letter in "abcdefghij"]
    assert nearest("pt-abb", names) in names
    assert nearest("衡阳", names[:2]) == "pt-aaa | pt-bbb"
    assert nearest("衡阳", names).endswith("pt-hhh …")


@pytest.mark.parametrize("number", ["7" * 5_000, f"0x{'f' * 5_000}", "0x8000000000000000"])
def test_a_whole_number_that_toml_does_not_have_is_S01(number: str) -> None:  # noqa: N802
    for value in (number, f"[1, {{b = {number}}}]"):
        parsed = parse_toml(f"a = 1\nb = {value}\n", "form.toml")
        assert parsed.value is None
        assert [finding.code for finding in parsed.findings] == ["S01"]


def test_values_are_shown_as_toml_has_them() -> None:
    assert [shown(v) for v in (True, 1, "a", [1], {"a": 1})] == ["true", "1", "a", "[…]", "{…}"]


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("S01", []),
        ("S02", ["key", "expected"]),
        ("S03", ["key", "expected"]),
        ("S04", ["key", "found", "expected"]),
        ("S05", ["key", "found"]),
        ("S06", ["text", "detail"]),
        ("S07", ["line", "count"]),
        ("S08", ["what"]),
        ("S10", ["why"]),
        ("S11", ["column", "found"]),
        ("S12", ["row", "found"]),
        ("S13", ["row", "found", "first"]),
        ("S14", ["row", "name", "found"]),
        ("S15", ["row", "name", "found"]),
        ("S16", ["row", "code"]),
        ("S17", []),
        ("S18", ["row", "name", "other"]),
        ("S19", ["used"]),
        ("S20", ["row", "name"]),
        ("D01", ["kind", "key", "problem", "found", "asked", "expected"]),
        ("D02", ["kind", "subject", "why"]),
        ("D03", ["kind", "subject", "line"]),
        ("D06", ["kind", "subject", "other"]),
    ],
)
def test_messages_say_all_facts_of_their_finding_in_both_languages(
    code: str, facts: list[str]
) -> None:
    for sentence in CATALOGUE[code].message:
        named = [name for _, name, _, _ in string.Formatter().parse(sentence) if name]
        assert set(named) == set(facts)
