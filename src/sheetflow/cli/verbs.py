"""What makes functions verbs of the command line, and the option that several verbs have."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from sheetflow.messages.interface import spoken
from sheetflow.messages.text import Language

Verb = TypeVar("Verb", bound=Callable[..., int])

AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="当作这一天运行，新收到的文件记为这一天收到。"),
]

_PARSERS_WORDS = tuple(
    (re.compile(pattern, re.MULTILINE), words)
    for pattern, words in (
        (r"^Usage: ", "用法："),
        (r"^Options:$", "选项："),
        (r"^Arguments:$", "参数："),
        (r"^Commands:$", "命令："),
        (r" \[OPTIONS\]", " [选项]"),
        (r" COMMAND(\s+)\[ARGS\]\.\.\.$", r" 命令\1[参数]..."),
        (r"<%Y-%m-%d>", "<年-月-日>"),  # as wide as what it stands for, like the next two
        (r"<path>", "<路径>"),
        (r"<str>", "<词> "),
        (r"Show this message and exit\.$", "显示这段说明。"),
        (r"\[required\]", "[必填]"),
        (r"\[default: ?", "[默认："),  # what follows may stand in the next line
        (r"\[默认：(\s*)\((.*?)\)\]", r"[默认：\1\2]"),
    )
)


class Verbs(typer.Typer):
    """Verbs whose help says the parser's own words in Chinese, too."""

    def __init__(self, help: str, **told: Any) -> None:  # noqa: A002, ANN401 - typer's words
        super().__init__(cls=_Group, help=help, rich_markup_mode=None, **told)

    def verb(self, name: str | None = None) -> Callable[[Verb], Verb]:
        """Make a function a verb, of its own name or another."""
        return self.command(name, cls=_Command)


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - click's class, which is not ours to import
        return _in_chinese(super().get_help(ctx))


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - click's class, which is not ours to import
        return _in_chinese(super().get_help(ctx))


def _in_chinese(shown: str) -> str:
    for pattern, words in _PARSERS_WORDS if spoken() is Language.ZH else ():
        shown = pattern.sub(words, shown)
    return shown
