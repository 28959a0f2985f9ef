"""What the command line says apart from findings, in both languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetflow.messages.periods import in_period_words
from sheetflow.messages.text import Language, Text
from sheetflow.model.period import PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        # errors
        "no_campaign": Text(
            "“{detail}”不是填报任务文件夹（没有 sheetflow.toml）。请用 -C 指明文件夹，或先运行 sheetflow init。",
            "“{detail}” is no campaign folder (no sheetflow.toml). "
            "Name one with -C, or run sheetflow init first.",
        ),
        "no_returns": Text(
            "没有上报件的文件夹“{detail}”。改了名的请改回 returns；没有的请新建，放入收到的报表，再运行一次。"
            "文件或指向别处的链接不能代替它。",
            "There is no folder of returns “{detail}”. If it was renamed call it returns again, else make "
            "it, put the returns into it and run again. Neither a file nor a link will do.",
        ),
        "no_cluster": Text(
            "连不上 Dask 集群“{detail}”。请核对地址，并确认已安装 sheetflow[dask]；不用集群时去掉 --dask 即可。",
            "The Dask cluster “{detail}” can't be reached. Check the address and that sheetflow[dask] "
            "is installed; without --dask this machine does the work.",
        ),
        "folder_not_empty": Text(
            "文件夹“{detail}”里已有内容，没有写入。请换一个空文件夹。",
            "The folder “{detail}” is not empty; nothing was written. Choose an empty one.",
        ),
        "unknown_form": Text(
            "没有自带的报表“{detail}”。sheetflow form list 列出自带的报表；自己的报表请写定义文件（.toml）的路径。",
            "There is no shipped form “{detail}”. `sheetflow form list` lists them; of a form of your own "
            "give the path of its definition (.toml).",
        ),
        "unknown_cell": Text(
            "没有格“{detail}”。sheetflow form show form.toml 列出各格的代码和位置，两种写法都可以，例如 三!D9。",
            "There is no cell “{detail}”. `sheetflow form show form.toml` lists cells by code and by place, "
            "such as 三!D9; either will do.",
        ),
        "not_added_up": Text(
            "“{detail}”不汇总，没有合计可追溯。各单位填写的内容见 output 中 figures.csv 的 raw 列。",
            "“{detail}” is not added up, so it has no total to trace. What each agency filled in stands in "
            "the column raw of figures.csv in output.",
        ),
        "unknown_group": Text(
            "没有分组“{detail}”。分组写 all、单位代码或 kind:类别；sheetflow status 列出单位的代码和类别。",
            "There is no group “{detail}”. A group is all, an agency's code, or kind: and a kind; "
            "`sheetflow status` lists codes and kinds.",
        ),
        "unknown_code": Text(
            "没有审核编号“{detail}”。编号印在每条审核结果的开头，sheetflow check 列出审核结果。",
            "There is no finding code “{detail}”. Each finding begins with its code; "
            "`sheetflow check` lists findings.",
        ),
        "unknown_example": Text(
            "没有例子“{detail}”。sheetflow demo --help 列出各例子的名称。",
            "There is no example “{detail}”. `sheetflow demo --help` lists them.",
        ),
        "target_in_use": Text(
            "不能写入“{detail}”：它正被别的程序打开。请先关闭 Excel 或 WPS 中的这个文件，再运行一次。",
            "“{detail}” can't be written: another program holds it open. Close it and run again.",
        ),
        "no_access": Text(
            "不能打开“{detail}”：没有权限，或正被别的程序打开。请关闭正在使用它的程序，检查权限，再运行一次。",
            "“{detail}” can't be opened: it is forbidden, or another program holds it open. "
            "Close that program, check the permissions and run again.",
        ),
        "campaign_busy": Text(
            "另一个 sheetflow 一直在处理“{detail}”，等了 30 秒仍未结束，这次没有写入任何文件。请等它结束，再运行一次。",
            "Another sheetflow has been at work in “{detail}” for 30 seconds; nothing was written. "
            "Run again when it has ended.",
        ),
        "disk_full": Text(
            "磁盘空间不足，没有写入“{detail}”，原有文件没有改动。请清理磁盘，再运行一次。",
            "The disk is full: “{detail}” was not written and no file was changed. "
            "Make room and run again.",
        ),
        "write_failed": Text(
            "写入失败（{detail}），原有文件没有改动。请检查磁盘、网络和文件夹的权限，再运行一次。",
            "Writing failed ({detail}); no file was changed. "
            "Check the disk, the network and the folder's permissions, then run again.",
        ),
        "outputs_mixed": Text(
            "写到“{detail}”时出错，在它之前的文件已经更新，所以现有的文件不是同一次运行的结果。"
            "请先关闭 Excel 或 WPS 中的文件，检查磁盘，再运行一次。",
            "“{detail}” could not be replaced, but files before it were: they are not of one run. "
            "Close files in Excel or WPS, check the disk and run again.",
        ),
        "mixture": Text(
            "output 中的文件不是同一次运行的结果，或被改动过（与 run.json 不符的：{files}）。请重新运行 sheetflow merge。",
            "The files in output are not of one run, or were altered (other than run.json says: {files}). "
            "Run sheetflow merge again.",
        ),
        "waiting": Text(
            "另一个 sheetflow 正在处理本文件夹，正在等待…",
            "Another sheetflow is at work in this folder; waiting …",
        ),
        "no_locks": Text(
            "“{folder}”所在的磁盘不支持加锁：请不要在其中同时运行两个 sheetflow。",
            "The drive of “{folder}” has no locks: do not run two sheetflows in it at once.",
        ),
        "io_failed": Text(
            "读写文件失败（{detail}）。请检查磁盘和网络，再运行一次。",
            "A file could not be read or written ({detail}). Check the disk and the network, then run again.",
        ),
        "wrong_usage": Text(
            "命令写法有误（{detail}）。可在命令后加 --help 查看写法。",
            "Wrong usage: {detail} Add --help to a command to see how it is used.",
        ),
        "unexpected": Text(
            "程序遇到意外错误，没有完成。详细情况已写入 {detail}，请把这个文件发给安装人员。",
            "An unexpected error stopped the program. Details are in {detail}.",
        ),
        "unexpected_unlogged": Text(
            "程序遇到意外错误，没有完成，详细情况也写不到磁盘上。请把这句话发给安装人员：{detail}",
            "An unexpected error stopped the program, and details could not be written: {detail}",
        ),
        "wrong_period_year": Text(
            "期间应为四位年份，例如 2024。", "The period must be a year such as 2024."
        ),
        "wrong_period_half": Text(
            "期间应为半年，例如 2024-H1。", "The period must be a half-year such as 2024-H1."
        ),
        "wrong_period_quarter": Text(
            "期间应为季度，例如 2024-Q1。", "The period must be a quarter such as 2024-Q1."
        ),
        "wrong_period_month": Text(
            "期间应为月份，例如 2024-03。", "The period must be a month such as 2024-03."
        ),
        "no_file": Text("没有文件“{file}”。", "There is no file “{file}”."),
        "faulty": Text(
            "定义文件有 {count} 处问题，请改正后重试：", "The definitions have faults ({count}):"
        ),
        "noted": Text(
            "定义文件可以使用，有 {count} 处请留意：",
            "The form can be used; worth a look in it ({count}):",
        ),
        # what was done
        "started": Text(
            "已建立填报任务“{name}”：{root}\n下一步：核对 {roster}，然后运行 sheetflow -C {root} template。",
            "Campaign “{name}” is set up: {root}\nNext: check {roster}, then run sheetflow -C {root} template.",
        ),
        "not_succeeding": Text(
            "{period}{ 年}不接着所沿用的任务（{下一年}是 {expected}{ 年}），所以不与它比较；要比较，请在 sheetflow.toml "
            "的 previous 中写明{上年}的任务。",
            "{period} does not follow on what was taken over ({expected} would), so nothing is compared with "
            "it; to compare, name {last year}'s campaign in sheetflow.toml as previous.",
        ),
        "issued": Text(
            "空表在 {folder}：新发 {new} 份，重发 {again} 份，未变 {kept} 份。",
            "Templates are in {folder}: {new} new, {again} issued again, {kept} unchanged.",
        ),
        "doing_reading": Text("读取报表", "Reading returns"),
        "doing_templates": Text("写空表", "Writing templates"),
        "doing_copies": Text("写退回件", "Writing correction copies"),
        "doing_outputs": Text("写成果", "Writing outputs"),
        "sent_back": Text(
            "退回件 {count} 家，在 {folder}。", "Correction copies of {count} agencies in {folder}."
        ),
        "merged": Text("已写入 {folder}：{files}", "Written to {folder}: {files}"),
        "unchanged": Text(
            "自上次汇总以来没有变化，{folder} 中的成果不用重写。",
            "Nothing has changed since the last merge; what is in {folder} stands.",
        ),
        "kept_aside": Text(
            "{file} 曾被手工修改，原件保留为 {aside}。", "{file} had been edited; kept as {aside}."
        ),
        "no_template": Text(
            "没有自己的报告模板（report/模板.docx、report/模板.html），报告按自带的版式写。",
            "There is no report template of your own (report/模板.docx, report/模板.html): "
            "the shipped one is used.",
        ),
        "template_ok": Text("模板没有问题：{files}。", "Nothing is wrong with {files}."),
        "pdf_absent": Text(
            "没有写 report.pdf：本机没有 LibreOffice，也没有装 sheetflow[pdf]。需要 PDF 时，请用 WPS 或 Word 打开 report.docx，另存为 PDF。",
            "No report.pdf: this machine has neither LibreOffice nor sheetflow[pdf]. Save report.docx as PDF in WPS or Word.",
        ),
        "pdf_failed": Text(
            "没有写 report.pdf：LibreOffice 转换失败，其余文件不受影响。请用 WPS 或 Word 打开 report.docx，另存为 PDF。",
            "No report.pdf: LibreOffice failed; all else is written. Save report.docx as PDF in WPS or Word.",
        ),
        "pdf_too_long": Text(
            "没有写 report.pdf：LibreOffice 在 90 秒内没有完成，其余文件不受影响。请再运行一次，或用 WPS 或 Word 另存为 PDF。",
            "No report.pdf: LibreOffice took more than 90 seconds; all else is written. "
            "Run again, or save report.docx as PDF in WPS or Word.",
        ),
        "draft": Text("目前为草稿：{reasons}。", "This is a draft: {reasons}."),
        "final": Text("没有未处理事项，可以定稿。", "Nothing is open: this can be final."),
        "unwritten": Text(
            "报告中还有 {count} 处由本单位填写的文字没有写：{parts}。请写在 report 文件夹中，再运行一次。",
            "{count} parts of the report wait for the office's own text: {parts}. "
            "Write it into report/ and run again.",
        ),
        "not_final": Text(
            "还有未处理事项，没有写入任何文件：", "Something is open, so nothing was written:"
        ),
        "alternative": Text(
            "{agency}：未采用 {other}，与采用的 {beside} 有 {count} 格不同：",
            "{agency}: {other} is not used; it differs from {beside}, which is, in {count} cells:",
        ),
        "alternative_unused": Text(
            "{agency}：几份都未采用，{other} 与 {beside} 有 {count} 格不同：",
            "{agency}: none is used; {other} differs from {beside} in {count} cells:",
        ),
        "more_cells": Text(
            "另有 {count} 格不同，没有列出（check --all 全部列出）。",
            "{count} more cells differ and are not listed (check --all lists them).",
        ),
        "total_effect": Text(
            "（{name}合计 {now}，改用后 {then}）", "(total {name} {now}, with this one {then})"
        ),
        "whole": Text("全部", "of all"),
        "alternative_same": Text(
            "{agency}：{other} 与 {beside} 各格读出的内容都相同（“自检”表的说明不在其内）。",
            "{agency}: every cell of {other} reads as in {beside} (the reasons on 自检 aside).",
        ),
        "settled": Text(
            "未采用的一份另有 {count} 条：{findings}。",
            "Found in the unused one alone: {count}, {findings}.",
        ),
        "raised": Text(
            "采用的一份另有 {count} 条：{findings}。",
            "Found in the used one alone: {count}, {findings}.",
        ),
        "page_written": Text(
            "网页：{path}（双击打开）。", "Page: {path} (a double click opens it)."
        ),
        "reminded": Text("已写入 {folder}：{files}。", "Written to {folder}: {files}."),
        "changes": Text(
            "另有 {count} 处与下发的空表不同，不影响取数；check --all 逐处列出，merge 写入 changes.csv。",
            "Other differences from the issued templates, harmless: {count}; `check --all` lists them, "
            "merge writes them to changes.csv.",
        ),
        "no_findings": Text("没有发现问题。", "Nothing was found."),
        "all_closed": Text(
            "没有待处理的问题；已处理 {count} 条（check --all 列出）。",
            "Nothing is open; what was closed: {count} (check --all lists it).",
        ),
        "equations": Text(
            "等式 {count} 条，独立的 {rank} 条。", "{count} equations, {rank} of them independent."
        ),
        "implied": Text("由其他等式推出的：{names}。", " These follow from others: {names}."),
        "form_ok": Text("报表定义“{form}”没有问题。", "The form “{form}” has no faults."),
        "counts": Text(
            "应报 {expected} 家，已报 {reported} 家（已审定 {accepted}、待核实 {queried}、退回 {rejected}），"
            "未报 {missing} 家，免报 {excused} 家。",
            "{expected} agencies must file: {reported} reported ({accepted} accepted, {queried} queried, "
            "{rejected} rejected), {missing} missing, {excused} excused.",
        ),
        "open_counts": Text(
            "未处理：强制性 {error} 条，核实性 {query} 条；提示性 {note} 条。",
            "Open: {error} errors, {query} queries; {note} notes.",
        ),
        "decision_refused": Text("这条决定没有写入：", "The decision was not written:"),
        "decided": Text(
            "已写入 decisions.toml 第 {line} 行：{kind}。",
            "Written to decisions.toml, line {line}: {kind}.",
        ),
        "decision_replaced": Text(
            "原来对同一内容的 {count} 条决定已改为注释。",
            "{count} earlier decisions on the same thing are commented out.",
        ),
        "decision_closed": Text(
            "解决了 {count} 条：{findings}。", "It settles {count}: {findings}."
        ),
        "decision_opened": Text("新出现 {count} 条：{findings}。", "It opens {count}: {findings}."),
        "stands": Text("{agency}：{standing}。", "{agency}: {standing}."),
        "folded": Text(
            "另有 {count} 条由以上问题引起，没有列出（check --all 全部列出）。",
            "Follow from these and not listed: {count} (check --all lists them).",
        ),
        "no_name": Text("请用 --name 写明汇总单位名称。", "Give the office's --name."),
        "packed": Text(
            "另在 {folder} 按县区等打包 {count} 个。", "{count} zips, a county each, in {folder}."
        ),
        "archived_first": Text("定稿已归档：{path}。", "Archived: {path}."),
        "archived_alone": Text(
            "定稿第 {version} 版已归档：{path}；上一版的压缩包已损坏，没有与它比较。",
            "Version {version} is archived: {path}; the one before is damaged, so there is nothing to compare it with.",
        ),
        "archived": Text(
            "定稿第 {version} 版已归档：{path}（与上一版相比，{count} 个合计不同）。",
            "Version {version} is archived: {path} ({count} totals differ from the one before).",
        ),
        "archived_before": Text(
            "与已归档的第 {version} 版相同：{path}。", "The same as version {version}: {path}."
        ),
        "unchecked": Text(
            "{checks} 不可核（没有{上年}的数）：{count} 家，{agencies}。",
            "{checks} not checked, {last year}'s figures are not known: {count}, {agencies}.",
        ),
        "open_missing": Text("未报 {count} 家", "agencies missing: {count}"),
        "open_findings": Text("未处理的问题 {count} 条", "open findings: {count}"),
        "coverage": Text(
            "有数 {reported}／应报 {expected}", "{reported} of {expected} reported a value"
        ),
        "previous": Text("{上年} {value}", "Last period {value}"),
        "sum": Text("合计 {value}", "Sum {value}"),
        # table heads
        "code": Text("代码", "code"),
        "name": Text("名称", "name"),
        "kind": Text("类别", "kind"),
        "standing": Text("状态", "standing"),
        "findings": Text("未处理", "open"),
        "file": Text("文件", "file"),
        "cell": Text("格", "cell"),
        "value": Text("数", "value"),
        "raw": Text("原文", "raw"),
        "place": Text("位置", "place"),
        "why": Text("为什么", "Why"),
        "what_to_do": Text("怎么办", "What to do"),
        "example": Text("例子", "Example"),
        "message": Text("提示", "Message"),
        "group_adjustment": Text("（汇总更正）", "(group adjustment)"),
        # demo
        "demo_issued": Text(
            "下发空表 {count} 份，按各单位公布的数据填好，放入 returns。",
            "Issued {count} templates and filled them in as the agencies did.",
        ),
        "demo_before": Text(
            "不作处理决定时：{equal}／{typed} 个填报格与公布的汇总一致，不一致的 {different} 个：",
            "Without decisions {equal} of {typed} typed cells equal the published aggregate; these {different} differ:",
        ),
        "demo_findings": Text("审核结果：{counts}", "Findings: {counts}"),
        "demo_after": Text(
            "加上 decisions.toml：{equal}／{cells} 个格与公布的汇总一致（按显示位数），未处理事项 {open} 条。",
            "With decisions.toml {equal} of {cells} cells equal the published ones as displayed; {open} things are open.",
        ),
        "demo_look": Text(
            "请看：\n  {root}/templates/xlsx  下发的空表\n  {root}/output/summary.xlsx  汇总表\n"
            "  {root}/output/report.docx  报告\n  {root}/output/report.html  报告（网页）",
            "Look at:\n  {root}/templates/xlsx  the templates\n  {root}/output/summary.xlsx  the summary\n"
            "  {root}/output/report.docx  the report\n  {root}/output/report.html  the report as a page",
        ),
    }
)


class _Spoken:
    """The language of this process, set once by the command line's `--lang`."""

    language = Language.ZH


def speak(language: Language) -> None:
    """Set the language in which the command line speaks."""
    _Spoken.language = language


def spoken() -> Language:
    """Give the language in which the command line speaks."""
    return _Spoken.language


def say(phrase: str, kind: PeriodKind = PeriodKind.YEAR, /, **facts: str) -> str:
    """Say a phrase in the spoken language, in the words of a form's kind of periods."""
    return in_period_words(PHRASES[phrase].to(_Spoken.language), kind).format(**facts)


def listed(names: Iterable[str]) -> str:
    """Join names as the spoken language does."""
    return ("、" if _Spoken.language is Language.ZH else ", ").join(names)


def first_listed(names: Sequence[str], most: int) -> str:
    """Join the first of many names."""
    return listed(names[:most]) + ("…" if len(names) > most else "")
