"""What makes functions verbs of the command line, and the option that several verbs have.

Modules that declare verbs do without `from __future__ import annotations`: it makes texts of them,
each of which typer compiles anew, a twelfth of the time that `--help` takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from sheetflow.messages.help import CHINESE_NAMES, ENGLISH_HELP
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
    )
)

_SAID_OF_DEFAULT = re.compile(r"(\[default:\s+)\((.*?)\)\]", re.DOTALL)
"""Words in place of a default, which the parser puts in brackets of their own."""


class Verbs(typer.Typer):
    """Verbs whose help is all in the spoken language, the parser's own words included."""

    def __init__(self, help: str, **told: Any) -> None:  # noqa: A002, ANN401 - typer's words
        super().__init__(cls=_Group, help=help, rich_markup_mode=None, **told)

    def verb(self, name: str | None = None) -> Callable[[Verb], Verb]:
        """Make a function a verb, of its own name or another."""
        return self.command(name, cls=_Command)


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - click's class, which is not ours to import
        return _parsers_words(TyperCommand.get_help(_spoken(self), ctx))


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - click's class, which is not ours to import
        told = _spoken(self)
        told.commands = {name: _spoken(command) for name, command in self.commands.items()}
        return _parsers_words(TyperGroup.get_help(told, ctx))


def _spoken(command: Any) -> Any:  # noqa: ANN401 - as above
    """Copy a command, with what help says of it in the spoken language."""
    told = copy(command)
    told.params = [copy(parameter) for parameter in command.params]
    if spoken() is Language.ZH:
        for argument in told.params:
            if isinstance(argument, TyperArgument):
                argument.metavar = CHINESE_NAMES[argument.human_readable_name]
        return told
    for each in (told, *told.params):
        each.help = ENGLISH_HELP[each.help]
    for parameter in told.params:
        if isinstance(parameter.show_default, str):
            parameter.show_default = ENGLISH_HELP[parameter.show_default]
    return told


def _parsers_words(shown: str) -> str:
    """Put the parser's own words, which are English, into the spoken language."""
    shown = _SAID_OF_DEFAULT.sub(r"\1\2]", shown)
    for pattern, words in _PARSERS_WORDS if spoken() is Language.ZH else ():
        shown = pattern.sub(words, shown)
    return shown
