"""Short terms that findings and tables use, in both languages; a fact `@key` names one of them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.messages.periods import in_period_words, period_said
from sheetflow.messages.text import Language, Text
from sheetflow.model.period import PeriodKind, parse_period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

TERMS: Mapping[str, Text] = MappingProxyType(
    {
        # what a cell asks for
        "count": Text("不小于 0 的整数", "a whole number of at least 0"),
        "amount": Text("不小于 0 的数", "a number of at least 0"),
        "percent": Text("百分数，如 98.5%", "a percentage, such as 98.5%"),
        "text": Text("文字", "text"),
        "date": Text("日期，如 2025-01-05", "a day, as 2025-01-05"),
        # why a value was refused
        "not_zero": Text("“无”“/”“-”不等于 0。", "It is not a 0."),
        "not_applicable": Text("“不适用”不能相加。", "“Not applicable” can't be added."),
        "not_a_number": Text("不是数字。", "It is not a number."),
        "unknown_unit": Text("计量单位不明。", "Its unit is unknown."),
        "negative": Text("不能是负数。", "It is negative."),
        "too_large": Text("数值过大。", "It is too large."),
        "fraction": Text("件数须为整数。", "A count has no fraction."),
        "shows_date": Text(
            "单元格是日期格式，请改为常规格式后重新填写数字。",
            "The cell shows a date; make its format General and type the number again.",
        ),
        "boolean": Text("单元格是逻辑值，不是数字。", "The cell holds a truth value, no number."),
        "shows_percent": Text(
            "单元格是百分比格式，请改为常规格式后重新填写数字。",
            "The cell shows a percentage; make its format General and type the number again.",
        ),
        "no_percent_sign": Text("没有百分号。", "There is no percent sign."),
        "no_choice": Text("不在所列选项之中。", "It is none of the choices."),
        "no_day": Text("不是日期。", "It is no day."),
        "error_cell": Text("单元格是错误值。", "The cell holds an error value."),
        "no_cached_value": Text(
            "格内是公式而没有结果，请用 WPS 或 Excel 打开后重新保存。",
            "The cell holds a formula without a result; open and save the file once.",
        ),
        # how a value was repaired
        "full_width": Text("全角转半角", "full width to half width"),
        "spaces": Text("去掉空格", "spaces removed"),
        "separators": Text("去掉千分位", "thousands separators removed"),
        "text_number": Text("文本格式的数字", "number stored as text"),
        "unit": Text("去掉计量单位", "unit removed"),
        "unit_converted": Text("元换算为万元", "converted from 元 to 万元"),
        "stale_formula": Text(
            "公式保存的结果，与算式不符",
            "a formula's saved result, which is not what it comes to",
        ),
        # what is wrong with a bundle
        "bundle_damaged": Text("内容不完整或格式不对", "it is incomplete or malformed"),
        "bundle_version": Text("由更新的版本写出", "a newer version wrote it"),
        "bundle_form": Text("不是本次的报表", "it is of another form"),
        "bundle_period": Text("不是{本年度}的", "it is of another period"),
        "bundle_altered": Text("写出后被改动过", "it was altered after it was written"),
        "bundle": Text("县区汇总包", "a county's bundle"),
        # what stands where a label should
        "line_gone": Text("没有这一行或这一栏", "no such row or column"),
        "sheet_gone": Text("没有这张工作表", "no such sheet"),
        # how a return differs from what was issued
        "sheet_missing": Text("缺少工作表", "sheet missing"),
        "sheet_renamed": Text("工作表改名", "sheet renamed"),
        "sheet_added": Text("增加了工作表", "sheet added"),
        "label_lost": Text("标签被改或行列被删", "label changed or line removed"),
        "label_reworded": Text("标签换了写法", "label reworded"),
        "cells_moved": Text("格的位置移动", "cells moved"),
        "formula_typed_over": Text("公式被数字覆盖", "formula typed over"),
        "formula_changed": Text("公式被改", "formula changed"),
        "protection_lost": Text("工作表保护被取消", "sheet unlocked"),
        "validation_lost": Text("填报提示和校验丢失", "validations lost"),
        # why one of several returns counts
        "by_issue": Text("下发次数较高", "its issue number is higher"),
        "by_completeness": Text("填得较全", "it is more complete"),
        "by_equality": Text("各份各格读出的内容相同", "all their cells read the same"),
        "by_date": Text("收到日期较晚", "it came later"),
        # what a figure in a text is held against
        "table_says": Text("表中为", "the table says"),
        "share_is": Text("按所列的数应占（%）", "by the figures it is (%)"),
        "computed": Text(
            "按{本年}和{上年}的数应为", "by {this year}'s and {last year}'s figures it is"
        ),
        "parts_sum": Text("所列各项合计为", "the parts add up to"),
        # what is wrong with last period's figures
        "no_figures": Text(
            "没有找到数：首行应为 单位代码、指标代码、数值，或者各格的代码。",
            "No figures: the first row should name agency, code, value, or cells by their codes.",
        ),
        "no_number": Text("不是数：", "not a number:"),
        "twice": Text("同一个格有两个数：", "given twice:"),
        "no_campaign": Text(
            "文件夹里没有 sheetflow.toml，不是填报任务。", "no sheetflow.toml: it is no campaign."
        ),
        "other_period": Text("不是{上一年度}的填报任务：", "another period than the last one:"),
        "not_there": Text("文件打不开：", "can't be opened:"),
        # what tells whose a return is
        "no_witness": Text("一处也没有", "none at all"),
        "no_candidate": Text("无法判断", "there is no telling"),
        # why the system refused a file
        "absent": Text("文件不存在", "there is no such file"),
        "forbidden": Text(
            "没有权限，或正被别的程序打开", "it is forbidden, or another program holds it open"
        ),
        "no_workbook": Text("它不是完好的工作簿", "it is no sound workbook"),
        "is_folder": Text("它是文件夹", "it is a folder"),
        # kinds of cells
        "entry": Text("填报", "entry"),
        "total": Text("合计", "total"),
        # severity, status, standing, verdict
        "error": Text("强制性", "error"),
        "query": Text("核实性", "query"),
        "note": Text("提示性", "note"),
        "open": Text("未处理", "open"),
        "waived": Text("已豁免", "waived"),
        "agency_says": Text("单位说明", "the agency says"),
        "says_nothing": Text(
            "单位说明（没有说出原因，请写明）", "the agency says (which is no reason)"
        ),
        "says_of_error": Text("单位说明（不能代替改正）", "the agency says (which mends nothing)"),
        "explained": Text("已说明", "explained"),
        "adjusted": Text("已更正", "adjusted"),
        "missing": Text("未报", "missing"),
        "rejected": Text("退回", "rejected"),
        "queried": Text("待核实", "queried"),
        "accepted": Text("已审定", "accepted"),
        "excused": Text("免报", "excused"),
        "used": Text("采用", "used"),
        "superseded": Text("被替代", "superseded"),
        "duplicate": Text("重复", "duplicate"),
        "unassigned": Text("归属不明", "unassigned"),
        "unreadable": Text("无法读取", "unreadable"),
        "not_a_return": Text("不是报表", "not a return"),
        "container": Text("压缩包或邮件，内容逐件登记", "a container; its members are listed"),
        "ignored": Text("忽略", "ignored"),
        # what is wrong with a key of a decision
        "key_missing": Text("没有写", "is missing"),
        "key_unknown": Text("不是这里可用的名称，写的是：", "is no known key, its value is "),
        "value_wrong": Text("写的是：", "is "),
        "should_be": Text("应写：", "expected: "),
        "known_are": Text("没有这个代码，已有的如：", "there is no such code, but for example: "),
        "period_year": Text("四位数字的年份，加半角引号", "a year of four digits, in quotes"),
        "period_half": Text(
            "四位数字的年份加 -H1 或 -H2，加半角引号", "a year and -H1 or -H2, in quotes"
        ),
        "period_quarter": Text(
            "四位数字的年份加 -Q1 至 -Q4，加半角引号", "a year and -Q1 to -Q4, in quotes"
        ),
        "period_month": Text(
            "四位数字的年份加 -01 至 -12，加半角引号", "a year and -01 to -12, in quotes"
        ),
        "with_slashes": Text("路径，用“/”分隔，例如 D:/2023", "a path with /, such as D:/2023"),
        "sha256_begins": Text(
            "sha256 开头的 8 至 64 位，只有数字和字母 a 至 f（sheetflow decide 可以写文件名）",
            "the first 8 to 64 digits of the sha256, 0-9 and a-f (sheetflow decide takes names)",
        ),
        "filing_agency": Text(
            "填报单位的代码（汇总行不填报，请逐个单位写）",
            "the code of an agency that files (a group doesn't; name its agencies one by one)",
        ),
        "entry_cell": Text(
            "填报数字的格的代码（合计由程序计算，不能更正；文字、选项和日期请单位重报或者豁免）",
            "the code of an entry cell that asks for a figure (totals are computed and can't be "
            "adjusted; texts, choices and days are sent again by the agency, or waived)",
        ),
        "added_cell": Text(
            "相加的填报格的代码（合计由程序计算，百分数、文字等不相加，都不能更正）",
            "the code of an entry cell that is added up (totals are computed; percentages, texts "
            "and what else is not added up have no total to adjust)",
        ),
        # formats of files
        "xls": Text("Excel 97-2003 工作簿（.xls）", "an Excel 97-2003 workbook (.xls)"),
        "et": Text("WPS 表格（.et）", "a WPS workbook (.et)"),
        "xlsb": Text("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)"),
        "ods": Text("OpenDocument 表格（.ods）", "an OpenDocument sheet (.ods)"),
        "csv": Text("文本表格（.csv）", "a text table (.csv)"),
        "fods": Text("OpenDocument 单文件表格（.fods）", "a flat OpenDocument sheet (.fods)"),
        "xml": Text("XML 表格", "an XML table"),
        "html": Text("网页", "a web page"),
        "mhtml": Text("网页存档", "a web archive"),
        "doc": Text("Word 文档", "a Word document"),
        "docx": Text("Word 文档", "a Word document"),
        "ofd": Text("OFD 版式文件", "an OFD document"),
        "pdf": Text("PDF 文件", "a PDF"),
        "image": Text("图片", "a picture"),
        "unknown": Text("未知类型的文件", "a file of unknown type"),
        "zip": Text("压缩包（zip）", "an archive (zip)"),
        "rar": Text("压缩包（rar）", "an archive (rar)"),
        "7z": Text("压缩包（7z）", "an archive (7z)"),
        "empty": Text("空文件", "an empty file"),
        "ole-encrypted": Text("加密的工作簿", "an encrypted workbook"),
        "eml": Text("邮件（.eml）", "a mail (.eml)"),
        "mbox": Text("邮箱文件（.mbox）", "a mailbox (.mbox)"),
        "msg": Text("Outlook 邮件（.msg）", "an Outlook mail (.msg)"),
        # why an entry of the folder is ignored
        "office_lock": Text("打开表格时生成的临时文件", "a lock file of an open workbook"),
        "hidden_file": Text("隐藏文件", "a hidden file"),
        "system_file": Text("系统自动生成的文件", "a file that the system made"),
        "unfinished_download": Text("未下载完的文件", "an unfinished download"),
        "symlink": Text("快捷链接", "a link"),
        "folder": Text("文件夹", "a folder"),
        "special_file": Text("管道、设备等特殊文件", "a pipe, a device or the like"),
        # what is wrong with a member of an archive or a mail
        "method": Text("压缩方法不支持", "its compression method is not supported"),
        "member_damaged": Text("数据损坏", "its data are damaged"),
        "member_checksum": Text("校验不符", "its checksum does not match"),
        "member_length": Text("长度不符", "its length is not as stated"),
        # what became of a confined reader
        "child_time": Text("超过时间限制", "it took too long"),
        "child_memory": Text("超过内存限制", "it took too much memory"),
        "child_died": Text("读取程序意外中止", "its reader stopped unexpectedly"),
        # decisions
        "assign": Text("归属", "assign"),
        "choose": Text("选用", "choose"),
        "blank-zero": Text("空视为零", "blank-zero"),
        "adjust": Text("更正", "adjust"),
        "waive": Text("豁免", "waive"),
        "excuse": Text("免报", "excuse"),
        "no_such_file": Text("returns 中没有这个文件", "no such file in returns"),
        "no_agency_or_file": Text(
            "名录中没有这个填报单位，returns 中也没有这个文件",
            "the roster has no such agency that files, nor returns/ such a file",
        ),
        "not_a_return_here": Text(
            "returns 中没有这个文件，或者它没有读成本期的报表",
            "returns/ has no such file, or it was not read as a return of this period",
        ),
        "several_such_files": Text(
            "有几个不同的文件叫这个名字，请改用 sha256 的开头",
            "several files have this name; give the beginning of the digest instead",
        ),
        "no_such_return": Text("该单位没有报过这份报表", "the agency has sent no such return"),
        "same_figure": Text("该格的数本来就是这样", "the figure is that already"),
        "no_submission": Text("该单位没有可用的报表", "the agency has no return that counts"),
        "no_blank": Text("该单位没有空格", "the agency has no such blank"),
        "no_finding": Text("没有对应的审核结果", "there is no such finding"),
        "has_returned": Text(
            "该单位已经报送，其数据照常计入", "the agency has reported and counts"
        ),
        # what a decision rests on
        "on_adjust": Text("单位所报的数", "the figure that the agency reported"),
        "on_group": Text("各单位之和", "the sum of the agencies"),
        "on_waive": Text("两边的数和相加的各格", "both sides and the cells that they add"),
        "on_blank-zero": Text("空格数", "the number of blank cells"),
        "on_choose": Text("报表份数", "the number of returns"),
        "on_excuse": Text("报表份数", "the number of returns"),
        "changed_within": Text(
            "看似相同，其中的内容变了", "the same on the face of it, but made up of other values"
        ),
    }
)


def day_words(day: date) -> str:
    """Write a day as letters do: 2025年1月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


_REFUSALS: Mapping[type[OSError], str] = MappingProxyType(
    {FileNotFoundError: "absent", PermissionError: "forbidden"}
)


_QUOTED = frozenset(("raw", "subject", "words"))
"""Facts that only quote what somebody wrote: there `@pdf` is no term."""


def facts_said(
    facts: Mapping[str, str], language: Language, kind: PeriodKind = PeriodKind.YEAR
) -> dict[str, str]:
    """Say a finding's facts: terms that `@key+key` names, a period as `@2024-Q1`, others as they are.

    `kind` is that of the form's periods.
    """
    return {
        name: value if name in _QUOTED else _fact(value, language, kind)
        for name, value in facts.items()
    }


def _fact(value: str, language: Language, kind: PeriodKind) -> str:
    if not value.startswith("@"):
        return value
    keys = value.removeprefix("@")
    if all(key in TERMS for key in keys.split("+")):
        return term(keys, language, kind)
    return period_said(keys, language) if parse_period(keys) else value


def refusal(error: OSError) -> str:
    """Give the fact that says why the system refused a file: a term, else the system's words."""
    for cause, key in _REFUSALS.items():
        if isinstance(error, cause):
            return f"@{key}"
    return error.strerror or type(error).__name__


def term(key: str, language: Language, kind: PeriodKind = PeriodKind.YEAR) -> str:
    """Say a term; several are joined with `+`. `kind` is that of the form's periods."""
    separator = "；" if language is Language.ZH else "; "
    said = separator.join(TERMS[part].to(language) for part in key.split("+"))
    return in_period_words(said, kind)
