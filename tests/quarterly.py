"""Makes what the tests of quarterly forms need: a small form, and campaigns of its quarters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from campaigns import roster_csv
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import RETURNS, SETTINGS, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.merging import merge
from sheetflow.cli.app import app
from sheetflow.definitions.form import load_form
from sheetflow.layout.sheets import form_layout
from sheetflow.messages.text import Language
from sheetflow.reports.findings import Speaker

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.form import Form
    from sheetflow.reports.results import Results

FORM = """\
[form]
code = "sites"
title = "政府网站监管季度报表"
letter = "示例"
period = "quarter"
preamble = "统计期为{period}，{year}年起按季度填报。"

[[section]]
code = "一"
heading = "一、留言办理情况"

[[section]]
code = "二"
heading = "二、说明"

[[table]]
code = "m"
section = "一"

[[column]]
table = "m"
code = "n"
label = "件数"

[[item]]
table = "m"
code = "in"
label = "上季结转"

[[item]]
table = "m"
code = "new"
label = "新收留言"

[[item]]
table = "m"
code = "done"
label = "办结"

[[item]]
table = "m"
code = "out"
label = "结转下季"

[[table]]
code = "words"
section = "二"
shape = "texts"
measure = "text"
required = false

[[column]]
table = "words"
code = "text"
label = "文字"

[[item]]
table = "words"
code = "said"
label = "情况"

[[check]]
code = "C1"
severity = "error"
title = "上季结转等于上季度的结转下季"
title_en = "Carried in is what was carried out"
why = "没有办结的转入本季度。"
why_en = "What was left is carried in."
remedy = "请核对上季结转。"
remedy_en = "Check what was carried in."

[[relation]]
check = "C1"
table = "m"
along = "columns"
holds = "[in] = previous[out]"

[[sentence]]
cell = "words/said/text"
says = "新收留言[m/new/n]件，[change m/new/n 件]。"

[[mention]]
means = "m/new/n"
words = ["新收留言"]
"""
ROSTER = "a 甲局 . 部门\nb 乙局 . 部门"
Answer = tuple[int, int, int, int, str | None]


def quarterly() -> Form:
    loaded = load_form(FORM, "form.toml")
    assert loaded.value, loaded.findings
    return loaded.value


def run(*words: str) -> object:
    return app(list(words), standalone_mode=False)


def begun(root: Path, period: str = "2024-Q4") -> Path:
    """Begin a campaign of the quarterly form, by the command line."""
    (root / "sites.toml").write_text(FORM, "utf-8")
    (root / "roster.csv").write_bytes(roster_csv(ROSTER))
    given = ["--form", str(root / "sites.toml"), "--roster", str(root / "roster.csv")]
    assert run("init", str(root / period), "--period", period, "--name", "某市", *given) == 0
    return root / period


def sent(root: Path, **answers: Answer) -> None:
    """Issue the templates, and put each agency's, filled in, into returns/."""
    layout = form_layout(quarterly())
    issued = {each.agency: each.path for each in issue_templates(open_campaign(root))}
    for agency, values in answers.items():
        book = load_workbook(issued[agency])
        for cell, value in zip(quarterly().entries(), values, strict=True):
            place = layout.place(cell.ref)
            book[place.sheet][place.address].value = value
        book.save(root / RETURNS / issued[agency].name)


def merged(root: Path) -> Results:
    campaign = open_campaign(root)
    results = compute(campaign, today=date(2025, 4, 8))
    merge(campaign, results)
    return results


def following(first: Path, **answers: Answer) -> Results:
    """Give the results of the quarter after it, which `init --from` begins."""
    new = first.parent / "2025-Q1"
    settings = first / SETTINGS
    text = settings.read_text("utf-8").replace("appendices = []", 'appendices = ["changes"]')
    settings.write_text(text, "utf-8")
    assert run("init", str(new), "--from", str(first)) == 0
    sent(new, **answers)
    return merged(new)


def said(results: Results, language: Language = Language.ZH) -> dict[str, str]:
    speaker = Speaker(results.form, results.layout, language)
    return {each.code: speaker.say(each).sentence for each in results.ledger.findings}
