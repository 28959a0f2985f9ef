"""Says in Chinese what the parser of the command line finds wrong."""

from __future__ import annotations

import re
from typing import Any

from sheetflow.messages.help import CHINESE_NAMES
from sheetflow.messages.interface import spoken
from sheetflow.messages.text import Language

_COMPLAINTS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^No such option: (\S+)", "没有选项 {}"),
        (r"^No such command '(.*?)'", "没有命令 {}"),
        (r"^Missing (?:argument|option) '(.*?)'", "缺少 {}"),
        (r"^Got unexpected extra argument\S* \((.*)\)", "多写了 {}"),
        (r"^Option '(.*?)' requires an argument", "{} 后面没有写内容"),
        (r"^Option '(.*?)' does not take a value", "{} 后面不写内容"),
        (r"for '(.*?)': '(.*)' does not match the format", "{} 写的是“{}”，日期应写成 2025-01-31"),
        (r"for '(.*?)': '(.*)' is not one of (.*?)\.?$", "{} 写的是“{}”，只能写 {}"),
        (r"for '(.*?)': \w+ '(.*)' is not readable", "{} 写的“{}”不能读取"),
        (r"for '(.*?)': \w+ '(.*)' does not exist", "{} 写的“{}”不存在"),
        (r"for '(.*?)': \w+ '(.*)' is a directory", "{} 写的“{}”是文件夹"),
    )
)


def complaint(error: Any) -> str:  # noqa: ANN401 - click's class, which is not ours to import
    """Say what is wrong with a command; our own sentences, and what nobody foresaw, as they are.

    It stands in brackets, where no sentence ends.
    """
    message = str(error.format_message())
    for pattern, words in _COMPLAINTS if spoken() is Language.ZH else ():
        if match := pattern.search(message):
            return words.format(*(CHINESE_NAMES.get(each, each) for each in match.groups()))
    return (getattr(error, "message", "") or message).removesuffix("。")
