"""Returns that differ from an undamaged one in one or a few places of their XML.

What a person fills in, what a program writes otherwise, what nobody writes: of each some, so that
whatever reads returns quickly can be held against what reads them cell by cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Mutation = Callable[[random.Random, str], str]

_CELL = re.compile(r"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_VALUE = re.compile(r"<v>([^<]*)</v>")
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_ITEM = re.compile(r"<si>.*?</si>", re.DOTALL)
_TEXTS = (
    *("0", "7", "12", "3.5", "1e3", "-4", "007", "1_000", " 5", "", "１２", "无", "12件", "不适用"),
    *(
        "999999",
        "abc",
        "√",
        "× R3 多1",
        "待填",
        "√ 本表已填完",
        "【须说明】",
        "&amp;",
        "&#13;",
        "&nope;",
    ),
    *("a\rb", "a\nb", "_x0041_", "_x000D_", "\x01", "\x0b", "\ufffe", "<v>1</v>", "]]>", ' t="n"'),
    *("0.30000000000000004", "1" * 16, "编号", "填报单位：别的局", "2023年", "一、概述"),
)
_SURROUNDING = (
    *(
        ' a="1"',
        ' a="-1"',
        ' a="--"',
        ' a="{1-2}"',
        " a='\"'",
        ' a="<"',
        ' a="&amp;"',
        ' a="甲"',
        "=",
    ),
    *('"', "'", "-", "-->", "<!-- ", "<!-- a -->", "<![CDATA[", "]]>", "<?x y?>", "&nope;", "&#1;"),
    *("<x>", "<x/>", "</x>", "</worksheet>", "<sheetProtection/>", "<dataValidations/>"),
    *("<sheetData/>", "<sheetData>", "</sheetData>", '<sheetData><row r="1"/></sheetData>', "甲"),
)
_TYPES = ("s", "n", "str", "b", "e", "d", "inlineStr", "z", "")


def mutant(rng: random.Random, data: bytes) -> bytes:
    """Change a workbook in one to three places."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    for _ in range(rng.choice((1, 1, 2, 3))):
        if rng.random() < 0.1:
            name = rng.choice(list(parts))
            parts[name] = _flipped(rng, parts[name])
            continue
        name = rng.choice((*sheets, *sheets, "xl/sharedStrings.xml", "xl/workbook.xml"))
        if name not in parts:
            continue
        mutations = _ON_SHEETS if name in sheets else _ON_TEXTS
        changed = rng.choice(mutations)(rng, parts[name].decode("utf-8", "surrogateescape"))
        parts[name] = changed.encode("utf-8", "surrogateescape")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def _flipped(rng: random.Random, data: bytes) -> bytes:
    if not data:
        return data
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(1) + data[at + rng.randrange(2) :]


def _at(
    rng: random.Random, pattern: re.Pattern[str], xml: str, change: Callable[[str], str]
) -> str:
    """Change one of the places that a pattern finds."""
    found = list(pattern.finditer(xml))
    if not found:
        return xml
    match = rng.choice(found)
    return xml[: match.start()] + change(match[0]) + xml[match.end() :]


def _other_value(rng: random.Random, xml: str) -> str:
    return _at(rng, _VALUE, xml, lambda _: f"<v>{rng.choice(_TEXTS)}</v>")


def _filled(rng: random.Random, xml: str) -> str:
    blank = re.compile(r'<c r="[A-Z]+[0-9]+"[^>]*/>')
    text = rng.choice(_TEXTS)
    return _at(rng, blank, xml, lambda cell: f"{cell[:-2]}><v>{text}</v></c>")


def _blanked(rng: random.Random, xml: str) -> str:
    return _at(rng, _VALUE, xml, lambda _: rng.choice(("", "<v/>", "<v></v>", "<v>")))


def _without_cell(rng: random.Random, xml: str) -> str:
    return _at(rng, _CELL, xml, lambda _: "")


def _twice(rng: random.Random, xml: str) -> str:
    return _at(rng, _CELL, xml, lambda cell: cell * 2)


def _other_attribute(rng: random.Random, xml: str) -> str:
    values = {
        "t": rng.choice(_TYPES),
        "s": rng.choice(("0", "1", "12", "99")),
        "r": rng.choice(("A1", "D9", "d9", "ZZZ1", "A0", "")),
    }

    def change(attribute: str) -> str:
        name = attribute.partition("=")[0].strip()
        return rng.choice(("", f' {name}="{values.get(name, "1")}"', attribute * 2))

    return _at(rng, _CELL, xml, lambda cell: _at(rng, _ATTRIBUTE, cell, change))


def _other_type(rng: random.Random, xml: str) -> str:
    kind = rng.choice(_TYPES)
    return _at(rng, _CELL, xml, lambda cell: cell.replace("<c ", f'<c t="{kind}" ', 1))


def _inline(rng: random.Random, xml: str) -> str:
    text = rng.choice(_TEXTS)
    blank = re.compile(r'<c r="[A-Z]+[0-9]+"[^>]*/>')
    return _at(
        rng, blank, xml, lambda cell: f'{cell[:-2]} t="inlineStr"><is><t>{text}</t></is></c>'
    )


def _without_formula(rng: random.Random, xml: str) -> str:
    other = rng.choice(("", "<f>1+1</f>", "<f/>"))
    return _at(rng, re.compile(r"<f[ >].*?</f>", re.DOTALL), xml, lambda _: other)


def _tags_exchanged(rng: random.Random, xml: str) -> str:
    return _at(rng, _VALUE, xml, lambda value: f"</v>{value[3:-4]}<v>")


def _comment(rng: random.Random, xml: str) -> str:
    put_in = rng.choice(("<!-- a -->", "<![CDATA[1]]>", "<?x y?>", " ", "<b/>"))
    return _at(rng, re.compile(r"<v>"), xml, lambda tag: rng.choice((put_in + tag, tag + put_in)))


def _without_locks(rng: random.Random, xml: str) -> str:
    return re.sub(
        rng.choice((r"<sheetProtection[^>]*/>", r"<dataValidations.*?</dataValidations>")), "", xml
    )


def _around_rows(rng: random.Random, xml: str) -> str:
    """Put something in before the rows or behind them: at a tag, an attribute, a quotation mark."""
    head, start, rest = xml.partition("<sheetData>")
    rows, end, tail = rest.rpartition("</sheetData>")
    place = re.compile(r'(?=[<" ])|(?<=[>"])')

    def changed(around: str) -> str:
        return _at(rng, place, around, lambda _: rng.choice(_SURROUNDING))

    if rng.random() < 0.5:
        return changed(head) + start + rest
    return head + start + rows + end + changed(tail)


def _other_item(rng: random.Random, xml: str) -> str:
    text = rng.choice(_TEXTS)
    forms = (
        f"<si><t>{text}</t></si>",
        f'<si><t xml:space="preserve">{text}</t></si>',
        f"<si><r><t>{text}</t></r><r><t>b</t></r></si>",
        f'<si><t>{text}</t><phoneticPr fontId="1"/></si>',
        "<si/>",
        "<si><t/></si>",
        "",
    )
    return _at(rng, _ITEM, xml, lambda _: rng.choice(forms))


def _other_word(rng: random.Random, xml: str) -> str:
    word = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]{3,}")
    return _at(rng, word, xml, lambda _: rng.choice((*_TEXTS, "hidden", "二", "自检")))


_ON_SHEETS: tuple[Mutation, ...] = (
    *(_other_value, _other_value, _filled, _filled, _blanked, _without_cell, _twice),
    *(_other_attribute, _other_type, _inline, _without_formula, _tags_exchanged, _comment),
    *(_without_locks, _around_rows, _around_rows),
)
_ON_TEXTS: tuple[Mutation, ...] = (_other_item, _other_item, _other_word, _twice)
