"""`report` and what stands below it: the report anew, and a look at the office's own template."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sheetflow.cli.verbs import AsOf, Verbs
from sheetflow.messages.interface import listed, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetflow.reports.results import Results


def report_commands(
    report: "Callable[[datetime | None], int]", compute: "Callable[[], Results]"
) -> typer.Typer:
    """Make the verb `report`; it writes the report unless another verb follows."""
    verbs = Verbs("重新写出报告和汇总表。", invoke_without_command=True)

    @verbs.callback()
    def write(context: typer.Context, *, as_of: AsOf = None) -> int:
        """重新写出报告和汇总表。"""
        return 0 if context.invoked_subcommand else report(as_of)

    @verbs.verb("check-template")
    def check_template(
        file: Annotated[
            Path | None,
            typer.Argument(
                help="要检查的模板（.docx 或 .html）；不给则检查 report 文件夹中的模板。"
            ),
        ] = None,
    ) -> int:
        """检查报告模板：名称、花括号、for 和 if 是否写对，逐处列出。"""
        return _check(compute(), file)

    return verbs


def _check(results: "Results", file: Path | None) -> int:
    from sheetflow.cli.forms import existing
    from sheetflow.cli.shown import fault_text
    from sheetflow.reports.checking import own_templates, template_faults

    given = _with(results, existing(file)) if file else results
    named = [file.name] if file else list(own_templates(given))
    faults = template_faults(given)
    for fault in faults:
        shown = (
            fault._replace(place=fault.place._replace(file=file.name))
            if file and fault.place
            else fault
        )
        typer.echo(fault_text(shown))
    if not named:
        typer.echo(say("no_template"))
    elif not faults:
        typer.echo(say("template_ok", files=listed(named)))
    return 1 if faults else 0


def _with(results: "Results", file: Path) -> "Results":
    from sheetflow.definitions.encodings import decode
    from sheetflow.reports.checking import with_html_template, with_word_template

    data = file.read_bytes()
    if file.suffix.lower() in {".html", ".htm"}:
        return with_html_template(results, decode(data))
    return with_word_template(results, data)
