"""A faulty definition reports all its faults at once, each with its key's line."""

from __future__ import annotations

import pytest

from sheetflow.definitions.form import form_digest, load_form

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
    ('kind = "total"', 'kind = "sum"', "S04", 'kind = "sum"'),
    ('kind = "total"', 'kind = "total"\nhelp = "' + "长" * 256 + '"', "S04", "help = "),
    ('kind = "total"', 'kind = "total"\ndecimals = 99', "S04", "decimals = 99"),
    ('label = "乙"', 'label = "乙"\nkind = "total"', "S07", 'code = "b"'),
    ('code = "part.x"', 'code = "other.x"', "S05", 'code = "other.x"'),
    ('table = "t"\ncode = "part.x"', 'table = "u"\ncode = "part.x"', "S05", 'table = "u"'),
    ('severity = "error"', 'severity = "bad"', "S04", 'severity = "bad"'),
    ("[sum] = [a] + [b]", "[sum] = [a] [b]", "S06", "holds = "),
    ("[sum] = [a] + [b]", "[sum] = [a] + [c]", "S05", "holds = "),
    ("[sum] = [a] + [b]", "[sum] <= [a] + [b]", "S07", 'code = "sum"'),
    ("[sum] = [a] + [b]", "[sum] = [a] + [sum]", "S09", "holds = "),
    ('check = "K1"', 'check = "K2"', "S05", 'check = "K2"'),
    ('table = "t"\nalong = "items"', 'table = "x"\nalong = "items"', "S05", 'table = "x"'),
    ('table = "t"\nalong = "items"', 'table = "words"\nalong = "items"', "S05", "holds = "),
    ('table = "t"\nalong = "items"', 'table = "t"\nalong = "rows"', "S04", 'along = "rows"'),
    ("[t/part.x/sum]", "[t/part.x/none]", "S05", "says = "),
    ("[t/part.x/sum]", "[words/said/text]", "S05", "says = "),
    ('cell = "words/said/text"', 'cell = "t/part.x/a"', "S05", 'cell = "t/part.x/a"'),
    ('[[item]]\ntable = "words"\ncode = "said"\nlabel = "情况"\n', "", "S02", "[[table]]"),
]


def test_the_tiny_form_is_sound() -> None:
    loaded = load_form(FORM, "form.toml")
    assert loaded.findings == ()
    assert loaded.value is not None


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


def test_all_faults_come_at_once_in_the_order_of_the_lines() -> None:
    text = FORM.replace('period = "year"\n', "").replace('"count"', '"number"')
    text = text.replace("[sum] = [a] + [b]", "[sum] == [a]")
    found = load_form(text, "form.toml").findings
    assert {finding.code for finding in found} >= {"S02", "S04", "S06"}
    lines = [finding.place.line for finding in found if finding.place]
    assert lines == sorted(lines)


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
