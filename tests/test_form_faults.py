"""A faulty definition reports all its faults at once, each with its key's line."""

from __future__ import annotations

import pytest

from sheetflow.definitions.form import form_digest, load_form
from sheetflow.model.cells import CellRef
from sheetflow.model.form import Blank, Measure, Merge
from sheetflow.workbooks.detail import DETAIL
from sheetflow.workbooks.front import COVER, SCRATCH
from sheetflow.workbooks.self_check import CHECKS
from sheetflow.workbooks.stamp import HIDDEN_SHEET

FORM = """\
[form]
code = "tiny"
title = "小表"
letter = "无"
period = "year"
preamble = "{year}年。"

[[section]]
code = "一"
heading = "一、小表"

[[section]]
code = "二"
heading = "二、文字"

[[table]]
code = "t"
section = "一"
measure = "count"

[[column]]
table = "t"
code = "a"
label = "甲"

[[column]]
table = "t"
code = "b"
label = "乙"

[[column]]
table = "t"
code = "sum"
label = "合计"
kind = "total"

[[item]]
table = "t"
code = "part"
label = "其中"
kind = "heading"

[[item]]
table = "t"
code = "part.x"
label = "子项"

[[table]]
code = "words"
section = "二"
shape = "texts"
required = false
measure = "text"

[[column]]
table = "words"
code = "text"
label = "文字"

[[item]]
table = "words"
code = "said"
label = "情况"

[[check]]
code = "K1"
title = "合计"
title_en = "Total"
severity = "error"
why = "相加"
why_en = "added"
remedy = "核对"
remedy_en = "check"

[[relation]]
check = "K1"
table = "t"
along = "items"
holds = "[sum] = [a] + [b]"

[[sentence]]
cell = "words/said/text"
says = "共[t/part.x/sum]件。"
"""

FAULTS = [
    # (what to replace, by what, expected code, the line that is named)
    ('title = "小表"\n', "", "S02", "[form]"),
    ('period = "year"', 'periode = "year"', "S03", 'periode = "year"'),
    ('code = "tiny"', 'code = "Tiny Form"', "S04", 'code = "Tiny Form"'),
    ('code = "二"', 'code = "一"', "S08", 'code = "一"'),
    ('code = "二"', 'code = "二/三"', "S04", 'code = "二/三"'),
    ('section = "一"', 'section = "九"', "S05", 'section = "九"'),
    ('measure = "count"', 'measure = "number"', "S04", 'measure = "number"'),
    ('code = "b"', 'code = "a"', "S08", 'code = "a"'),
    ('code = "b"', 'code = "B!"', "S04", 'code = "B!"'),
    ('label = "乙"', "label = 3", "S04", "label = 3"),
    ('label = "乙"', 'label = "乙"\nsection = "二"', "S03", 'section = "二"'),
    ('label = "子项"', 'label = "子项"\nsection = "二"', "S03", 'section = "二"'),
    ('label = "情况"', 'label = "情况"\nsection = "九"', "S05", 'section = "九"'),
    ('label = "情况"', 'label = "情况"\nsection = "一"', "S04", 'section = "一"'),
    ('section = "二"', 'section = "一"', "S04", "[[item]]"),
    ('measure = "text"', 'measure = "count"', "S04", 'measure = "count"'),
    ('code = "二"', 'code = "自检"', "S04", 'code = "自检"'),
    ('code = "二"', 'code = "' + "长" * 32 + '"', "S04", 'code = "长'),
    ('kind = "total"', 'kind = "sum"', "S04", 'kind = "sum"'),
    ('label = "其中"\nkind = "heading"', 'label = "其中"', "S05", 'code = "part.x"'),
    ('code = "part.x"', 'code = "x"', "S02", "[[item]]"),
    ('kind = "total"', 'kind = "total"\nhelp = "' + "长" * 256 + '"', "S04", "help = "),
    ('kind = "total"', 'kind = "total"\ndecimals = 99', "S04", "decimals = 99"),
    ('label = "乙"', 'label = "乙"\nkind = "total"', "S07", 'code = "b"'),
    ('code = "part.x"', 'code = "other.x"', "S05", 'code = "other.x"'),
    ('table = "t"\ncode = "part.x"', 'table = "u"\ncode = "part.x"', "S05", 'table = "u"'),
    ('code = "K1"', 'code = "T1"', "S04", 'code = "T1"'),
    ('code = "K1"', 'code = "K 1"', "S04", 'code = "K 1"'),
    ('severity = "error"', 'severity = "bad"', "S04", 'severity = "bad"'),
    ("[sum] = [a] + [b]", "[sum] = [a] [b]", "S06", "holds = "),
    ("[sum] = [a] + [b]", "[sum] = [a] + [c]", "S05", "holds = "),
    ("[sum] = [a] + [b]", f"[sum] = {'9' * 5000}[a]", "S06", "holds = "),
    ("[sum] = [a] + [b]", "[sum] <= [a] + [b]", "S07", 'code = "sum"'),
    ("[sum] = [a] + [b]", "[sum] = [a] + [sum]", "S09", "holds = "),
    ('check = "K1"', 'check = "K2"', "S05", 'check = "K2"'),
    ('table = "t"\nalong = "items"', 'table = "x"\nalong = "items"', "S05", 'table = "x"'),
    ('table = "t"\nalong = "items"', 'table = "words"\nalong = "items"', "S05", "holds = "),
    ('table = "t"\nalong = "items"', 'table = "t"\nalong = "rows"', "S04", 'along = "rows"'),
    ("[t/part.x/sum]", "[t/part.x/none]", "S05", "says = "),
    ("[t/part.x/sum]", "[words/said/text]", "S32", "says = "),
    ("[t/part.x/sum]", "[t/part.x/sum", "S05", "says = "),
    ('cell = "words/said/text"', 'cell = "said"', "S05", 'cell = "said"'),
    ('cell = "words/said/text"', 'cell = "t/part.x/a"', "S04", 'cell = "t/part.x/a"'),
    ('period = "year"', 'period = "week"', "S04", 'period = "week"'),
    ('"{year}年。"', '"{yaer}年。"', "S04", "preamble = "),
    ('"{year}年。"', '"{date}。"', "S04", "preamble = "),
    ('"{year}年。"', '"{year年。"', "S04", "preamble = "),
    ('label = "乙"', 'label = "  "', "S04", 'label = "  "'),
    ('label = "乙"', 'label = "乙\\u0001"', "S04", 'label = "乙'),
    ('code = "二"', 'code = "一（分组）"', "S04", 'code = "一（分组）"'),
    ("[[table]]", '[[section]]\ncode = "三"\nheading = "空"\n[[table]]', "S02", "[[section]]"),
    ('label = "乙"', 'label = "乙"\nunit = "%"', "S33", 'unit = "%"'),
    ("[t/part.x/sum]", "【t/part.x/sum】", "S04", "says = "),
    ('[[item]]\ntable = "words"\ncode = "said"\nlabel = "情况"\n', "", "S02", "[[table]]"),
    ('table = "t"\ncode = "b"', 'table = "words"\ncode = "b"', "S04", 'shape = "texts"'),
]


def test_the_tiny_form_is_sound() -> None:
    loaded = load_form(FORM, "form.toml")
    assert loaded.findings == ()
    assert loaded.value is not None


def test_a_table_with_more_columns_than_any_form_has_is_refused_at_the_first_beyond() -> None:
    more = "".join(
        f'[[column]]\ntable = "t"\ncode = "x{number}"\nlabel = "栏"\n' for number in range(2_500)
    )
    loaded = load_form(FORM + more, "form.toml")
    assert loaded.value is None
    (fault,) = loaded.findings
    assert (fault.code, fault.facts["found"]) == ("S04", "2503")
    line = FORM.count("\n") + 4 * 1_997 + 1
    assert fault.place
    assert fault.place.line == line


@pytest.mark.parametrize(("old", "new", "code", "line"), FAULTS)
def test_a_fault_is_found_with_its_code_and_line(old: str, new: str, code: str, line: str) -> None:
    assert old in FORM
    text = FORM.replace(old, new, 1) if old != 'code = "二"' else FORM.replace(old, new)
    loaded = load_form(text, "form.toml")
    assert loaded.value is None
    named = {
        (finding.code, text.splitlines()[finding.place.line - 1])
        for finding in loaded.findings
        if finding.place and finding.place.line
    }
    assert any(found == code and shown.startswith(line) for found, shown in named), named


def test_of_a_relation_that_does_not_say_how_it_runs_nothing_else_is_said() -> None:
    for wrong in ("", 'along = "row"\n'):
        text = FORM.replace("[sum] = [a] + [b]", "[part.x] = [part.x]")
        found = load_form(text.replace('along = "items"\n', wrong), "form.toml").findings
        assert [f.facts["key"] for f in found if f.code != "S07"] == ["along"]


def test_all_faults_come_at_once_in_the_order_of_the_lines() -> None:
    text = FORM.replace('period = "year"\n', "").replace('"count"', '"number"')
    text = text.replace("[sum] = [a] + [b]", "[sum] == [a]")
    found = load_form(text, "form.toml").findings
    assert {finding.code for finding in found} >= {"S02", "S04", "S06"}
    lines = [finding.place.line for finding in found if finding.place]
    assert lines == sorted(lines)


def test_every_one_of_many_faults_is_named_once() -> None:
    text = FORM
    for old, new in (
        ('letter = "无"\n', ""),
        ('heading = "一、小表"', "heading = 1"),
        ('table = "t"\ncode = "b"', 'table = 3\ncode = "b"'),
        ('label = "子项"', 'label = "子项"\nblank = "maybe"'),
        ('severity = "error"', 'severity = "fatal"'),
        ('check = "K1"', "check = 7"),
        ("[sum] = [a] + [b]", "[sum] = [a]"),
        ("[t/part.x/sum]", "[t/part.x/a][t/none/a][t/part.x/none]"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    lines = text.splitlines()
    found = [
        (finding.code, lines[finding.place.line - 1].split(" = ")[0])
        for finding in load_form(text, "form.toml").findings
        if finding.place
    ]
    assert found == [
        ("S02", "[form]"),
        ("S04", "heading"),
        ("S04", "table"),
        ("S04", "blank"),
        ("S02", "[[check]]"),  # nor is there one of this check
        ("S04", "severity"),
        ("S04", "check"),
        ("S05", "says"),
        ("S05", "says"),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('check = "K1"\n', [("S02", "relation"), ("S02", "check")]),
        ('holds = "[sum] = [a] + [b]"\n', [("S02", "holds")]),
        ('table = "t"\nalong', [("S02", "table")]),
        ('cell = "words/said/text"\n', [("S02", "cell")]),
    ],
)
def test_what_is_missing_is_not_unknown_too(line: str, expected: list[tuple[str, str]]) -> None:
    text = FORM.replace(line, "along" if line.endswith("along") else "", 1)
    found = load_form(text, "form.toml").findings
    assert [(finding.code, finding.facts["key"]) for finding in found] == expected


def test_a_line_without_a_code_is_no_heading_of_others() -> None:
    faults = load_form(FORM.replace('code = "a"', "code = 5"), "form.toml").findings
    assert [(f.code, f.facts["found"]) for f in faults] == [("S04", "5"), ("S05", "[a]")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[a] + [b]", "[a] + [c]", ("S05", "[c]")),
        ("[sum] = [a]", "[sum] ＝ [a]", ("S06", "＝")),
        ("+ [b]", "= [b]", ("S06", "= [b]")),
        ('along = "items"', 'along = "columns"', ("S04", "columns")),
    ],
)
def test_a_relation_that_is_wrong_is_one_fault_and_its_total_none(
    old: str, new: str, said: tuple[str, str]
) -> None:
    (fault,) = load_form(FORM.replace(old, new), "form.toml").findings
    assert (fault.code, fault.facts.get("detail") or fault.facts["found"]) == said


def test_a_key_that_is_misspelt_is_told_as_the_one_that_is_absent() -> None:
    faults = load_form(FORM.replace('label = "乙"', 'lable = "乙"'), "form.toml").findings
    expected = {fault.code: fault.facts["expected"] for fault in faults}
    assert expected == {"S02": 'label = "…"', "S03": "label"}


def test_an_item_without_a_table_is_one_fault_of_that_line() -> None:
    text = FORM.replace('table = "t"\ncode = "b"', 'code = "b"')
    faults = [f for f in load_form(text, "form.toml").findings if f.facts["key"] == "table"]
    assert [finding.code for finding in faults] == ["S02"]


@pytest.mark.parametrize(
    "late",
    [
        '[[item]]\ntable = "t"\ncode = "y"\nlabel = "另"\n\n',
        (
            '[[item]]\ntable = "t"\ncode = "p"\nlabel = "组"\nkind = "heading"\n\n'
            '[[item]]\ntable = "t"\ncode = "p.y"\nlabel = "另"\n\n'
        ),
    ],
)
def test_lines_stand_together_under_their_heading(late: str) -> None:
    last = '[[item]]\ntable = "t"\ncode = "part.z"\nlabel = "末"\n\n'
    start = '[[table]]\ncode = "words"'
    assert load_form(FORM.replace(start, last + late + start), "form.toml").findings == ()
    (fault,) = load_form(FORM.replace(start, late + last + start), "form.toml").findings
    assert (fault.code, fault.facts["found"]) == ("S04", "part.z")


def test_a_heading_stands_above_its_lines() -> None:
    head = '[[item]]\ntable = "t"\ncode = "part"\nlabel = "其中"\nkind = "heading"\n\n'
    start = '[[table]]\ncode = "words"'
    (fault,) = load_form(FORM.replace(head, "").replace(start, head + start), "form.toml").findings
    assert (fault.code, fault.facts["found"]) == ("S04", "part.x")


def test_sheets_whose_names_differ_in_case_alone_are_one() -> None:
    text = FORM.replace('"一"', '"A"').replace('"二"', '"a"')
    (fault,) = load_form(text, "form.toml").findings
    assert (fault.code, fault.facts["what"]) == ("S08", "a")


@pytest.mark.parametrize("name", [COVER, CHECKS, SCRATCH, DETAIL, HIDDEN_SHEET, "History"])
def test_a_section_is_not_named_like_a_sheet_that_is_there_anyway(name: str) -> None:
    (fault,) = load_form(FORM.replace('"二"', f'"{name}"'), "form.toml").findings
    assert (fault.code, fault.facts["found"]) == ("S04", name)


def test_an_item_wins_over_its_column_and_a_column_over_its_table() -> None:
    text = FORM.replace(
        'measure = "count"', 'measure = "amount"\nunit = "元"\nhelp = "表"\nlimit = 3'
    )
    text = text.replace('label = "乙"', 'label = "乙"\nunit = "万元"\nhelp = "栏"\ndecimals = 4')
    extra = '[[item]]\ntable = "t"\ncode = "y"\nlabel = "另"\nhelp = "行"\nunit = "件"\n'
    extra += 'measure = "count"\nblank = "zero"\ndecimals = 0\nlimit = 9\n\n'
    start = '[[table]]\ncode = "words"'
    form = load_form(text.replace(start, extra + start), "form.toml").value
    assert form is not None
    shown = {
        str(cell.ref): (cell.measure, cell.unit, cell.help, cell.decimals, cell.blank, cell.limit)
        for cell in form.entries()
        if cell.numeric
    }
    error, zero = Blank.ERROR, Blank.ZERO
    assert shown == {
        "t/part.x/a": (Measure.AMOUNT, "元", "表", None, error, 3),
        "t/part.x/b": (Measure.AMOUNT, "万元", "栏", 4, error, 3),
        "t/y/a": (Measure.COUNT, "件", "行", 0, zero, 9),
        "t/y/b": (Measure.COUNT, "件", "行", 0, zero, 9),
    }


def test_a_table_of_texts_asks_for_texts_and_a_text_may_fill_its_cell() -> None:
    form = load_form(FORM.replace('measure = "text"\n', ""), "form.toml").value
    assert form is not None
    (cell,) = form.texts_of("二")
    assert (cell.measure, cell.limit) == (Measure.TEXT, 32767)
    assert form.table("words").merge is Merge.APART


def test_a_chain_of_totals_however_long_is_resolved() -> None:
    columns = rules = ""
    for number in range(1200):
        columns += f'[[column]]\ntable = "t"\ncode = "s{number}"\nlabel = "计"\nkind = "total"\n\n'
        part = f"s{number + 1}" if number < 1199 else "a"
        rules += '[[relation]]\ncheck = "K1"\ntable = "t"\nalong = "items"\n'
        rules += f'holds = "[s{number}] = [{part}]"\n\n'
    start = '[[item]]\ntable = "t"'
    text = FORM.replace(start, columns + start, 1).replace("[[sentence]]", rules + "[[sentence]]")
    form = load_form(text, "form.toml").value
    assert form is not None
    assert form.leaves[CellRef("t", "part.x", "s0")] == ((1, CellRef("t", "part.x", "a")),)


def test_totals_that_add_each_other_are_named_at_a_relation_of_the_circle() -> None:
    text = FORM.replace('label = "乙"', 'label = "乙"\nkind = "total"')
    rule = '[[relation]]\ncheck = "K1"\ntable = "t"\nalong = "items"\nholds = "[b] = [sum]"\n'
    text = text.replace("[[sentence]]", f"{rule}\n[[sentence]]")
    (fault,) = load_form(text, "form.toml").findings
    assert fault.code == "S09"
    assert fault.facts["line"] in {"t/part.x/b", "t/part.x/sum"}
    assert fault.place is not None
    assert text.splitlines()[fault.place.line - 1].startswith("holds = ")


def test_a_check_without_a_relation_is_a_fault() -> None:
    start = FORM.index("[[check]]")
    second = FORM[start : FORM.index("[[relation]]")].replace("K1", "K9")
    found = load_form(FORM.replace("[[relation]]", second + "[[relation]]"), "form.toml").findings
    assert [finding.code for finding in found] == ["S02"]


def test_a_check_defined_twice_is_a_fault() -> None:
    start = FORM.index("[[check]]")
    again = FORM[start : FORM.index("[[relation]]")]
    found = load_form(FORM.replace("[[relation]]", again + "[[relation]]"), "form.toml").findings
    assert "S08" in {finding.code for finding in found}


def test_a_table_defined_twice_is_a_fault() -> None:
    found = load_form(FORM.replace('code = "words"', 'code = "t"'), "form.toml").findings
    assert "S08" in {finding.code for finding in found}


def test_a_full_reference_relation_is_resolved_and_checked() -> None:
    rule = 'along = "cells"\nholds = "[t/part.x/a] <= [t/part.x/b]"'
    extra = FORM.replace("[[sentence]]", f'[[relation]]\ncheck = "K1"\n{rule}\n\n[[sentence]]')
    form = load_form(extra, "form.toml").value
    assert form is not None
    assert form.comparisons[-1].line == ""
    unknown = load_form(extra.replace("t/part.x/b", "t/part/b"), "form.toml")
    assert [finding.code for finding in unknown.findings] == ["S05"]


def test_text_that_is_no_toml_is_one_finding() -> None:
    assert [finding.code for finding in load_form("[form", "form.toml").findings] == ["S01"]


def test_the_digest_ignores_line_ends_and_a_byte_order_mark() -> None:
    assert form_digest("a\r\nb\n") == form_digest("\ufeffa\nb\n") != form_digest("a\nc\n")


def test_a_misspelt_name_is_told_as_the_known_one_even_where_that_is_not_absent() -> None:
    text = FORM.replace('[[column]]\ntable = "t"\ncode = "b"', '[[colum]]\ntable = "t"\ncode = "b"')
    unknown = load_form(text, "form.toml").findings[0]
    assert (unknown.code, unknown.facts["expected"]) == ("S03", "column")


def test_of_a_table_without_columns_its_relations_say_nothing() -> None:
    start, end = FORM.index("[[column]]"), FORM.index("[[item]]")
    columns = FORM[start:end].replace('"t"', '"words"')
    text = (FORM[:start] + FORM[end:]).replace('"items"', '"columns"')
    text = text.replace("[sum] = [a] + [b]", "[part.x] >= [part.*]") + columns
    faults = load_form(text, "form.toml").findings
    assert ("S02", "column") in {(fault.code, fault.facts["key"]) for fault in faults}
    assert "S32" not in {fault.code for fault in faults}


def test_a_text_in_the_only_section_of_a_form_is_told_to_want_one_of_its_own() -> None:
    section = '[[section]]\ncode = "二"\nheading = "二、文字"\n'
    text = FORM.replace(section, "").replace('section = "二"', 'section = "一"')
    faults = load_form(text, "form.toml").findings
    assert [(f.code, f.facts["expected"]) for f in faults] == [("S04", "[[section]]")]


@pytest.mark.parametrize("nothing", ["", "section = []\n"])
def test_a_form_with_nothing_to_fill_in_is_none(nothing: str) -> None:
    loaded = load_form(nothing + FORM[: FORM.index("[[section]]")], "form.toml")
    assert loaded.value is None
    assert [(fault.code, fault.facts["key"]) for fault in loaded.findings] == [("S02", "section")]


def test_of_a_file_without_a_head_the_head_is_what_is_missing_first() -> None:
    first, *others = load_form(FORM[FORM.index("[[section]]") :], "form.toml").findings
    assert (first.code, first.facts["expected"]) == ("S02", "[form]")
    assert {fault.code for fault in others} == {"S02"}
