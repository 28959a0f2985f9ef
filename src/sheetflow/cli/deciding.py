"""`decide`: the verbs by which the office writes decisions that last."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sheetflow.cli.verbs import Verbs
from sheetflow.messages.interface import first_listed, say, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sheetflow.campaign.deciding import Decided
    from sheetflow.model.findings import Finding
    from sheetflow.reports.results import Results

Why = Annotated[str, typer.Option(help="理由，印在汇总表和报告的附件里。")]
By = Annotated[str, typer.Option(help="经办人或科室。")]
On = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="作出决定的日期。", show_default="今天"),
]
Cell = Annotated[str, typer.Option(help="格的代码，或工作表和地址，例如 三!D9。")]
_SHOWN = 5
"""How many findings a line names."""
AGENCY, FILE = "单位代码。", "文件名，或 sha256 的开头（至少 8 位）。"
AGENCY_OR_FILE = "单位代码；或文件名、sha256 的开头（至少 8 位）。"


def decide_commands(folder: "Callable[[], Path]") -> typer.Typer:
    """Make the commands; `folder` gives the campaign that -C names."""
    commands = Verbs("写下处理决定；所依据的数变了，决定自动失效并重新提出。", no_args_is_help=True)

    def write(kind: str, why: str, by: str, on: datetime | None, /, **keys: str) -> int:
        from sheetflow.campaign.deciding import Wanted, decide
        from sheetflow.cli.guarding import writing
        from sheetflow.model.decisions import DecisionKind

        day = (on or datetime.now().astimezone()).date()
        with writing(folder()):
            decided = decide(folder(), Wanted(DecisionKind(kind), keys, why, by, day))
        _show(decided)
        return 0

    @commands.verb()
    def waive(
        agency: Annotated[str, typer.Argument(metavar="AGENCY|FILE", help=AGENCY_OR_FILE)],
        check: Annotated[str, typer.Argument(help="审核编号，例如 R1、T2。")],
        cell: Cell = "",
        *,
        why: Why,
        by: By,
        on: On = None,
    ) -> int:
        """豁免：某单位的一条审核结果属实，不必再改；或某文件不再需要，它的问题不必再管。"""
        keys = {"cell": cell} if cell else {}
        return write("waive", why, by, on, agency=agency, check=check, **keys)

    @commands.verb()
    def adjust(
        agency: Annotated[str, typer.Argument(help=AGENCY)],
        cell: Annotated[str, typer.Argument(help="格的代码，或工作表和地址。")],
        value: Annotated[str, typer.Argument(help="更正后的数。")],
        *,
        why: Why,
        by: By,
        on: On = None,
    ) -> int:
        """更正某单位的一个数；上报件本身不改。"""
        return write("adjust", why, by, on, agency=agency, cell=cell, value=value)

    @commands.verb("adjust-group")
    def adjust_group(
        group: Annotated[str, typer.Argument(help="分组：all、单位代码、kind:类别。")],
        cell: Annotated[str, typer.Argument(help="格的代码，或工作表和地址。")],
        *,
        add: Annotated[str, typer.Option(help="加上的数；减的写负数，例如 --add -28。")],
        why: Why,
        by: By,
        on: On = None,
    ) -> int:
        """更正某分组的合计：另加一个数。"""
        return write("adjust", why, by, on, group=group, cell=cell, add=add)

    @commands.verb()
    def choose(
        agency: Annotated[str, typer.Argument(help=AGENCY)],
        file: Annotated[str, typer.Argument(help=FILE)],
        *,
        why: Why,
        by: By,
        on: On = None,
    ) -> int:
        """选用：同一单位的几份报表以哪一份为准。"""
        return write("choose", why, by, on, agency=agency, file=file)

    @commands.verb()
    def assign(
        file: Annotated[str, typer.Argument(help=FILE)],
        agency: Annotated[str, typer.Argument(help=AGENCY)],
        *,
        why: Why,
        by: By,
        on: On = None,
    ) -> int:
        """归属：一份报表是哪个单位的。"""
        return write("assign", why, by, on, file=file, agency=agency)

    @commands.verb()
    def excuse(
        agency: Annotated[str, typer.Argument(help=AGENCY)],
        *,
        why: Why,
        by: By,
        on: On = None,
    ) -> int:
        """免报：某单位不必报送。"""
        return write("excuse", why, by, on, agency=agency)

    @commands.verb("blank-zero")
    def blank_zero(
        agency: Annotated[str, typer.Argument(help=AGENCY)],
        table: Annotated[str, typer.Option(help="只对一张表，例如 documents。")] = "",
        *,
        why: Why,
        by: By,
        on: On = None,
    ) -> int:
        """空视为零：某单位没有填的格都是 0。"""
        keys = {"table": table} if table else {}
        return write("blank-zero", why, by, on, agency=agency, **keys)

    return commands


def _show(decided: "Decided") -> None:
    """Say what was written, what that closed and opened, and how the agency now stands."""
    from sheetflow.messages.terms import term
    from sheetflow.model.decisions import DecisionKind
    from sheetflow.relations.words import cell_words

    decision, results = decided.decision, decided.after
    kind = term(decision.kind, spoken())
    typer.echo(say("decided", kind=kind, line=str(decision.line)))
    if decided.replaced:
        typer.echo(say("decision_replaced", count=str(len(decided.replaced))))
    if decision.kind is DecisionKind.ADJUST and decision.cell:
        cell = results.form.cells[decision.cell]
        before, after = ("—" if f is None else cell.written(f) for f in decided.figures)
        typer.echo(f"{cell_words(decision.cell, results.form)}  {before} → {after}")
    for phrase, findings in (("closed", decided.closed), ("opened", decided.opened)):
        if findings:
            count, names = str(len(findings)), _named(findings, decision.agency, results)
            typer.echo(say(f"decision_{phrase}", count=count, findings=names))
    line = results.ledger.by_agency.get(decision.agency)
    if line:
        name = results.roster.by_code[line.agency].name
        typer.echo(say("stands", agency=name, standing=term(line.standing, spoken())))


def _named(findings: "Iterable[Finding]", own: str, results: "Results") -> str:
    """Name findings by code and cell; those on decisions by their line, others' with their agency.

    A return that is assigned to one agency may be missed by another.
    """
    from sheetflow.reports.findings import key_words, place_words

    names: dict[str, None] = {}
    for each in findings:
        if each.cell and not (each.place and each.place.line):
            what = key_words(each.key, results.layout)
        else:
            what = f"{each.code} {place_words(each.place)}"
        agency = results.roster.by_code.get(each.agency if each.agency != own else "")
        whose = f"{agency.name} " if agency else ""
        names[f"{whose}{what}"] = None
    return first_listed([*names], _SHOWN)
