"""What `--help` says of verbs, arguments and options, in the language that they were not declared in.

Verbs are declared with Chinese help and with parameters whose names are English.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CHINESE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "AGENCY|FILE": "对象",
        "agency": "单位",
        "cell": "位置",
        "check": "编号",
        "code": "编号",
        "file": "文件",
        "files": "文件",
        "folder": "文件夹",
        "form": "报表",
        "group": "分组",
        "path": "路径",
        "value": "数值",
    }
)
"""The Chinese name of each argument; those of one verb are equally wide, for the parser counts letters."""

ENGLISH_HELP: Mapping[str, str] = MappingProxyType(
    {
        # verbs
        "收集、审核、汇总各单位的报表，并写出报告；每个数都能追溯到原文件的单元格。": (
            "Gather, check and add up agencies' returns and write the report; every figure leads back "
            "to a file's cell."
        ),
        "建立填报任务文件夹。": "Make a campaign folder.",
        "给名录中的每个单位写一份空表；已下发的不动，有变化的重发。": (
            "Write a template for each agency of the roster. Issued ones stay; what changed is issued anew."
        ),
        "审核上报的报表，列出全部问题。": "Check the returns and list all findings.",
        "列出各单位的报送状态。": "List how each agency stands.",
        "汇总，写出全部成果（汇总表、报告、数据文件）。": (
            "Add up and write every output (summary, report, data files)."
        ),
        "重新写出报告和汇总表。": "Write the report and the summary anew.",
        "检查报告模板：名称、花括号、for 和 if 是否写对，逐处列出。": (
            "Check the report's template. Lists each fault in names, braces, for and if."
        ),
        "溯源：一个合计由哪些单位的哪些格相加而来。": (
            "Trace a total to the agencies and cells that it adds up."
        ),
        "解释一个审核编号：为什么、怎么办、例子。": (
            "Explain a finding code: why, what to do, an example."
        ),
        "用真实数据走一遍全过程：下发、填报、审核、汇总、报告。": (
            "Walk the whole way on real figures. Issue, fill in, check, add up, report."
        ),
        "查看或检查报表定义。": "Show or check the definition of a form.",
        "列出自带的报表。": "List the forms that are shipped.",
        "列出报表的每一格：代码、工作表、地址、名称。": (
            "List each cell of a form: code, sheet, address, words."
        ),
        "检查报表定义，一次列出全部问题。": "Check a form's definition and list all its faults.",
        "写下处理决定；所依据的数变了，决定自动失效并重新提出。": (
            "Write a decision. It reopens when a figure that it rests on changes."
        ),
        "豁免：某单位的一条审核结果属实，不必再改；或某文件不再需要，它的问题不必再管。": (
            "Waive a finding. The agency's figures are true as they are, or the file is no longer needed."
        ),
        "更正某单位的一个数；上报件本身不改。": (
            "Adjust a figure of an agency. Its return is not changed."
        ),
        "更正某分组的合计：另加一个数。": "Adjust a group's total by adding to it.",
        "选用：同一单位的几份报表以哪一份为准。": (
            "Choose which of several returns of an agency counts."
        ),
        "归属：一份报表是哪个单位的。": "Assign a return to an agency.",
        "免报：某单位不必报送。": "Excuse an agency from filing.",
        "空视为零：某单位没有填的格都是 0。": "Read an agency's blank cells as 0.",
        # arguments and options
        "填报任务文件夹。": "The campaign folder.",
        "提示语言：zh 中文，en 英文。": "The language of messages: zh Chinese, en English.",
        "新建的填报任务文件夹。": "The campaign folder to make.",
        "统计期：2024，半年 2024-H1，季度 2024-Q1，月份 2024-03。": (
            "The period that is reported on: 2024, a half-year 2024-H1, a quarter 2024-Q1, a month 2024-03."
        ),
        "汇总单位名称，例如 衡阳市。": "The name of who adds up, such as 衡阳市.",
        "报表代码，或报表定义文件的路径。": "A form's code, or the path of a definition.",
        "报表代码，或定义文件的路径。": "A form's code, or the path of a definition.",
        "定义文件的路径。": "The path of a definition.",
        "名录（.xlsx 或 .csv）；不给则写一份示例。": (
            "The roster (.xlsx or .csv); without it an example is written."
        ),
        "收表单位，印在空表封面上，也是退回通知和报告的落款。": (
            "The office that collects; on the templates' cover, and signer of notices and report."
        ),
        "报送截止日期。": "The day by which returns are due.",
        "上一期（年报为上年）的填报任务：沿用其名录、设置、报表、文字，并与之比较。": (
            "The last period's campaign: its roster, settings, form and texts are taken over, its figures compared."
        ),
        "只审核这些文件；不给则审核 returns。": "Check these files only, instead of returns/.",
        "以 JSON 输出，供程序读取。": "Print JSON, for programs.",
        "已处理的问题、与空表的不同、未采用报表的各格不同，全部列出。": (
            "List all: what is settled, what differs from the template, and cell by cell what returns "
            "say that were not chosen."
        ),
        "当作这一天运行，新收到的文件记为这一天收到。": (
            "Run as if on this day; new files are noted as received on it."
        ),
        "另写催报文字、催报名单和按时报送情况。": (
            "Write reminders, a list of whom to remind, and who filed in time, too."
        ),
        "定稿：有未处理事项时不写任何文件。": "Final: if anything is open, write nothing.",
        "另写 output/bundle.zip，供上级汇总时直接收取。": (
            "Write output/bundle.zip too, for the office above to take in."
        ),
        "由 Dask 集群读取报表（填调度器地址，须安装 sheetflow[dask]）。": (
            "Let a Dask cluster read (a scheduler's address; needs sheetflow[dask])."
        ),
        "要检查的模板（.docx 或 .html）；不给则检查 report 文件夹中的模板。": (
            "The template to check (.docx or .html), instead of those in report/."
        ),
        "格的代码，例如 requests/done.granted/person；或工作表和地址，例如 三!D9。": (
            "A cell's code, such as requests/done.granted/person, or sheet and address, such as 三!D9."
        ),
        "格的代码，或工作表和地址，例如 三!D9。": (
            "A cell's code, or sheet and address, such as 三!D9."
        ),
        "格的代码，或工作表和地址。": "A cell's code, or sheet and address.",
        "分组：all、单位代码、kind:类别。": "A group: all, an agency's code, or kind: and a kind.",
        "审核编号，例如 R1、T2。": "A finding code, such as R1 or T2.",
        "写入的文件夹，须为空或不存在。": "The folder to write to: an empty one, or a new one.",
        "例子的名称：pingtan-2024、hengyang-mzj-2023。": (
            "The name of the example: pingtan-2024, hengyang-mzj-2023."
        ),
        "理由，印在汇总表和报告的附件里。": "Why; printed in the summary and the report's appendix.",
        "经办人或科室。": "Who decides: a person or a section.",
        "作出决定的日期。": "The day of the decision.",
        "单位代码。": "An agency's code.",
        "文件名，或 sha256 的开头（至少 8 位）。": (
            "A file's name, or the beginning of its sha256 (8 digits at least)."
        ),
        "单位代码；或文件名、sha256 的开头（至少 8 位）。": (
            "An agency's code; or a file's name, or the beginning of its sha256 (8 digits at least)."
        ),
        "更正后的数。": "The right figure.",
        "加上的数；减的写负数，例如 --add -28。": (
            "The figure to add; to subtract, a negative one, such as --add -28."
        ),
        "只对一张表，例如 documents。": "For one table only, such as documents.",
        # what is said of defaults
        "当前文件夹": "the current folder",
        "今天": "today",
        "zfxxgk-2021；接上一期的用上一期的": "zfxxgk-2021; the last period's with --from",
    }
)
"""The English of all that verbs, arguments and options say in help, by its Chinese."""
