"""sheetflow.toml: read with every fault at once, and written with each key explained."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetflow.definitions.lines import Fields, parse_toml
from sheetflow.messages.periods import in_period_words
from sheetflow.model.appendix import AppendixKind
from sheetflow.model.campaign import Settings
from sheetflow.model.findings import Finding, Outcome
from sheetflow.model.period import Period, PeriodKind, parse_period

if TYPE_CHECKING:
    from sheetflow.definitions.lines import TomlDocument

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\\\"]")
_EXAMPLE = Period(PeriodKind.YEAR, 2024)
"""What comments are about where the period is none."""
_HOW = {
    PeriodKind.YEAR: "填报年度，四位数字",
    PeriodKind.HALF: "填报的半年：年份加 -H1（上半年）或 -H2（下半年）",
    PeriodKind.QUARTER: "填报的季度：年份加 -Q1 至 -Q4",
    PeriodKind.MONTH: "填报的月份：年份加 -01 至 -12",
}

_TEMPLATE = """\
# 本次填报任务的设置。每行一项：名称 = 值；“#”后面是说明，不起作用。
# 文字写在半角双引号内；改动后保存，再运行 sheetflow check。

[campaign]
# 报表代码；报表本身是同一文件夹中的 form.toml。
form = {form}
# {how}。
period = {period}
# 本级名称，印在汇总表和报告的标题上。
name = {name}
# 收表单位，如 衡阳市人民政府办公室；印在空表封面上，也是退回通知和报告的落款。
office = {office}
# 截止日期（年-月-日，不加引号）；没有截止日期的，在行首加“#”。
{due}
# {上年}的数，用来核对结转和变化、写{同比}：{上年}任务的文件夹，或一张表（.csv、.xlsx）。
# 路径从本文件夹算起，用“/”分隔，去掉行首的“#”即可；没有的不核。
{previous}
# 有的单位给报表加了打开密码：把密码写进一个文本文件，每行一个，在这里写文件名，去掉行首的“#”。
{passwords}

[display]
# 金额显示几位小数。只影响显示，合计总是精确的。
decimals = {decimals}

[report]
# 报告后面另加的附录，不需要的不写："agencies" 各单位报送情况和日期，
# "groups" 分地区（县区等）的报表，"changes" 与{上年}比较，
# "explanations" 各单位的说明，"texts" 各单位报送的文字（供起草报告用）。
# 例如：appendices = ["agencies", "texts"]
appendices = {appendices}
"""


def load_settings(text: str, file: str, kind: PeriodKind | None = None) -> Outcome[Settings]:
    """Read sheetflow.toml; its period must be of the form's `kind`, if that is known."""
    parsed = parse_toml(text, file)
    if parsed.value is None:
        return Outcome(None, parsed.findings)
    faults: list[Finding] = []
    settings = _settings(parsed.value, faults, kind)
    return Outcome(None if faults else settings, tuple(faults))


def settings_text(settings: Settings) -> str:
    """Write sheetflow.toml; `load_settings` reads the same settings from it."""
    period = parse_period(settings.period) or _EXAMPLE
    due = f"due = {settings.due}" if settings.due else f"# due = {_usual_due(period)}"
    before = settings.previous
    previous = f"previous = {toml_text(before)}" if before else f'# previous = "../{period.before}"'
    listed = settings.passwords
    passwords = f"passwords = {toml_text(listed)}" if listed else '# passwords = "passwords.txt"'
    return in_period_words(_TEMPLATE, period.kind).format(
        how=_HOW[period.kind],
        form=toml_text(settings.form),
        period=toml_text(settings.period),
        name=toml_text(settings.name),
        office=toml_text(settings.office),
        due=due,
        previous=previous,
        passwords=passwords,
        decimals=settings.decimals,
        appendices="[" + ", ".join(toml_text(each) for each in settings.appendices) + "]",
    )


def _usual_due(period: Period) -> str:
    """Give a day that may be the due one: a year is reported in January, others in ten days."""
    day = 31 if period.kind is PeriodKind.YEAR else 10
    years, month = divmod(period.last_month, 12)
    return f"{period.year + years}-{month + 1:02}-{day}"


def toml_text(text: str) -> str:
    """Write a text as TOML does, quotes, backslashes and control characters escaped."""
    return '"' + _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + '"'


def _settings(document: TomlDocument, faults: list[Finding], kind: PeriodKind | None) -> Settings:
    top = Fields(document, (), faults)
    campaign, display, report = (top.table(name) for name in ("campaign", "display", "report"))
    settings = Settings(
        form=campaign.text("form"),
        period=_period(campaign, kind),
        name=campaign.text("name"),
        office=campaign.text("office", ""),
        due=campaign.date("due") if "due" in campaign else None,
        previous=_path(campaign, "previous"),
        passwords=_path(campaign, "passwords"),
        decimals=display.whole("decimals", 2),
        appendices=_appendices(report),
    )
    for fields in (campaign, display, report, top):
        fields.done()
    return settings


def _path(campaign: Fields, key: str) -> str:
    r"""Read a path; in "D:\new" \n is a line break to TOML, which no path has."""
    path = campaign.text(key, "")
    if _CONTROL.search(path):
        campaign.fault("S04", key, found=_CONTROL.sub("…", path), expected="@with_slashes")
    return path


def _appendices(report: Fields) -> tuple[AppendixKind, ...]:
    known = [kind.value for kind in AppendixKind]
    named = report.texts("appendices")
    for name in named:
        if name not in known:
            report.fault("S04", "appendices", found=name, expected=" | ".join(known))
    return tuple(kind for kind in AppendixKind if kind in named)


def _period(campaign: Fields, kind: PeriodKind | None) -> str:
    """Read the period; 2024 without quotes is as certain as "2024"."""
    value = campaign.data.get("period")
    is_number = isinstance(value, int) and not isinstance(value, bool)
    text = str(value) if "period" in campaign and is_number else campaign.text("period")
    period = parse_period(text)
    if text and (period is None or kind not in (None, period.kind)):
        kinds = [kind] if kind else [*PeriodKind]
        expected = "@" + "+".join(f"period_{each.value}" for each in kinds)
        campaign.fault("S04", "period", found=text, expected=expected)
    return text
