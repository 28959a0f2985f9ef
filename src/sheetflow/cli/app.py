"""The verbs of a campaign. Each opens the folder, makes one library call and prints the outcome."""

import re
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sheetflow.cli.deciding import decide_commands
from sheetflow.cli.forms import definition_text, existing, forms, is_path, load
from sheetflow.cli.reporting import report_commands
from sheetflow.cli.verbs import AsOf, Verbs
from sheetflow.messages.interface import listed, say, speak, spoken
from sheetflow.messages.text import Language

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sheetflow.campaign.archiving import Archived
    from sheetflow.campaign.folder import Campaign
    from sheetflow.campaign.merging import Written
    from sheetflow.gathering.gather import Gathered
    from sheetflow.model.period import PeriodKind
    from sheetflow.reports.results import Results

app = Verbs(
    "收集、审核、汇总各单位的报表，并写出报告；每个数都能追溯到原文件的单元格。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(forms, name="form")

_FORM = "zfxxgk-2021"
_PLAIN = re.compile(r"[\w./\\:-]+")
"""A path that may be typed as it is; to shells brackets and & are signs of their own."""
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出，供程序读取。")]


class _Here:
    """The campaign folder that -C names."""

    folder = Path()


def _speak(language: Language) -> Language:
    """Speak it from now on, so that `--lang en --help` does."""
    speak(language)
    return language


@app.callback()
def common(
    folder: Annotated[
        Path, typer.Option("-C", help="填报任务文件夹。", show_default="当前文件夹")
    ] = Path(),
    _language: Annotated[
        Language,
        typer.Option("--lang", is_eager=True, callback=_speak, help="提示语言：zh 中文，en 英文。"),
    ] = Language.ZH,
) -> None:
    """收集、审核、汇总各单位的报表，并写出报告；每个数都能追溯到原文件的单元格。"""
    from sheetflow.cli.progress import show_progress

    _Here.folder = folder
    show_progress()


@app.verb()
def init(
    folder: Annotated[Path, typer.Argument(help="新建的填报任务文件夹。")],
    period: Annotated[
        str, typer.Option(help="统计期：2024，半年 2024-H1，季度 2024-Q1，月份 2024-03。")
    ] = "",
    name: Annotated[str, typer.Option(help="汇总单位名称，例如 衡阳市。")] = "",
    form: Annotated[
        str,
        typer.Option(
            help="报表代码，或报表定义文件的路径。",
            show_default="zfxxgk-2021；接上一期的用上一期的",
        ),
    ] = "",
    roster: Annotated[
        Path | None, typer.Option(help="名录（.xlsx 或 .csv）；不给则写一份示例。")
    ] = None,
    office: Annotated[
        str, typer.Option(help="收表单位，印在空表封面上，也是退回通知和报告的落款。")
    ] = "",
    due: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="报送截止日期。")
    ] = None,
    last: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="上一期（年报为上年）的填报任务：沿用其名录、设置、报表、文字，并与之比较。",
        ),
    ] = None,
) -> int:
    """建立填报任务文件夹。"""
    from dataclasses import replace

    from sheetflow.campaign.following import take_over
    from sheetflow.campaign.starting import start_campaign
    from sheetflow.messages.periods import period_fact
    from sheetflow.messages.terms import facts_said
    from sheetflow.model.campaign import Settings

    taken = take_over(last, folder) if last else None
    base = taken.settings if taken else Settings(form="", period="", name="")
    period, name = period or base.period, name or base.name
    code, text = (base.form, taken.form_text) if taken and not form else _form_text(form or _FORM)
    kind = _kind_of_periods(text, period)
    if not name:
        raise typer.BadParameter(say("no_name"))
    day: date | None = due.date() if due else None
    office = office or base.office
    previous = base.previous if period == base.period else ""
    settings = replace(
        base, form=code, period=period, name=name, office=office, due=day, previous=previous
    )
    listed_in = existing(roster) if roster else taken.roster if taken else None
    start_campaign(folder, settings, text, listed_in, taken.report if taken else {})
    roster_name = next(path.name for path in folder.glob("roster.*"))
    root = str(folder) if _PLAIN.fullmatch(str(folder)) else f'"{folder}"'
    typer.echo(say("started", name=name, root=root, roster=roster_name))
    if base.previous and not previous:
        named = {"period": period, "expected": base.period}
        facts = {name: period_fact(each, kind) for name, each in named.items()}
        typer.echo(say("not_succeeding", kind, **facts_said(facts, spoken(), kind)))
    return 0


@app.verb()
def template() -> int:
    """给名录中的每个单位写一份空表；已下发的不动，有变化的重发。"""
    from sheetflow.campaign.folder import TEMPLATES
    from sheetflow.campaign.issuing import Issue, issue_templates
    from sheetflow.campaign.packing import ZIPS, pack

    with _writing():
        campaign = _open()
        issued = issue_templates(campaign)
        packed = pack(campaign, issued)
    counts = {issue.value: str(sum(i.issue is issue for i in issued)) for issue in Issue}
    typer.echo(say("issued", folder=str(campaign.root / TEMPLATES), **counts))
    if packed:
        typer.echo(say("packed", folder=str(campaign.root / ZIPS), count=str(len(packed))))
    return 0


@app.verb()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="只审核这些文件；不给则审核 returns。")
    ] = None,
    *,
    as_json: AsJson = False,
    as_of: AsOf = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="已处理的问题、与空表的不同、未采用报表的各格不同，全部列出。"),
    ] = False,
) -> int:
    """审核上报的报表，列出全部问题。"""
    from sheetflow.campaign.computing import compute
    from sheetflow.cli import shown, shown_returns

    named = tuple(existing(file) for file in files or ())
    results = compute(_open(), named, today=_day(as_of))
    if as_json:
        shown.show_json(shown.findings_record(results))
    else:
        shown.show_findings(results, closed=everything)
        shown_returns.show_alternatives(results, listed_all=everything)
        shown_returns.show_changes(results, listed_all=everything)
        shown.show_nothing_found(results, closed=everything)
        if not files:
            shown.show_counts(results)
    return _exit_code(results)


@app.verb()
def status(
    *,
    as_json: AsJson = False,
    as_of: AsOf = None,
    remind: Annotated[
        bool, typer.Option("--remind", help="另写催报文字、催报名单和按时报送情况。")
    ] = False,
) -> int:
    """列出各单位的报送状态。"""
    from sheetflow.cli import shown
    from sheetflow.cli.guarding import mixture_words

    campaign, _, results = _computed(as_of)
    if as_json:
        shown.show_json(shown.status_record(results))
    else:
        shown.show_status(results)
        shown.show_counts(results)
        _write_page(campaign, results)
    for sentence in mixture_words(campaign.root):
        typer.echo(sentence, err=True)
    if remind:
        _remind(campaign, results)
    return _exit_code(results)


def _write_page(campaign: "Campaign", results: "Results") -> None:
    """Write the page anew, unless another run is at work on the outputs."""
    from sheetflow.campaign.locking import is_busy
    from sheetflow.campaign.merging import status_page

    if not is_busy(campaign.root):
        with _writing():
            written = status_page(campaign, results)
        typer.echo(say("page_written", path=str(written.files[0])))


def _remind(campaign: "Campaign", results: "Results") -> None:
    from sheetflow.campaign.reminding import remind

    with _writing():
        written = remind(campaign, results)
    names = listed(path.name for path in written)
    typer.echo(say("reminded", folder=str(written[0].parent), files=names), err=True)


@app.verb()
def merge(
    *,
    final: Annotated[
        bool, typer.Option("--final", help="定稿：有未处理事项时不写任何文件。")
    ] = False,
    as_of: AsOf = None,
    bundle: Annotated[
        bool, typer.Option("--bundle", help="另写 output/bundle.zip，供上级汇总时直接收取。")
    ] = False,
    dask: Annotated[
        str,
        typer.Option(
            "--dask", help="由 Dask 集群读取报表（填调度器地址，须安装 sheetflow[dask]）。"
        ),
    ] = "",
) -> int:
    """汇总，写出全部成果（汇总表、报告、数据文件）。"""
    from sheetflow.campaign.folder import BUNDLE, OUTPUT
    from sheetflow.cli.repeating import Repeatable

    wanted = bundle or (_Here.folder / OUTPUT / BUNDLE).is_file()
    with _writing():
        repeatable = Repeatable(_Here.folder, _day(as_of), with_bundle=wanted)
        if not final and (code := repeatable.again()) is not None:
            return code
        campaign, gathered, results = _computed(as_of, dask)
        if final and results.is_draft:
            return _not_final(results)
        repeatable.was_read()
        written = _merged(campaign, gathered, results, with_bundle=wanted)
        archived = _archived(campaign) if final else None
    _show_files(campaign, written)
    if archived:
        _show_archived(archived)
    with repeatable.saying(_exit_code(results), written):
        _show_counts(results)
        _show_notes(results)
    return _exit_code(results)


def _not_final(results: "Results") -> int:
    from sheetflow.cli.shown import show_open

    typer.echo(say("not_final"))
    show_open(results)
    return 1


def _merged(
    campaign: "Campaign", gathered: "Gathered", results: "Results", *, with_bundle: bool
) -> "Written":
    from sheetflow.campaign.bundling import bundle
    from sheetflow.campaign.merging import merge as merge_campaign
    from sheetflow.reports.typeset import printer_for

    packed = partial(bundle, campaign, gathered, results) if with_bundle else None
    return merge_campaign(campaign, results, printer_for(results), packed=packed)


def _archived(campaign: "Campaign") -> "Archived":
    from sheetflow.campaign.archiving import archive

    return archive(campaign)


def _show_archived(archived: "Archived") -> None:
    alone = "archived_alone" if archived.version > 1 else "archived_first"
    again = alone if archived.differences is None else "archived"
    phrase = again if archived.is_new else "archived_before"
    facts = {"path": str(archived.path), "count": str(archived.differences)}
    typer.echo(say(phrase, version=str(archived.version), **facts))


def _show_counts(results: "Results") -> None:
    from sheetflow.cli.shown import show_counts

    show_counts(results)


def report(as_of: datetime | None) -> int:
    """Write the report and the summary anew."""
    from sheetflow.campaign.merging import report as report_campaign
    from sheetflow.reports.typeset import printer_for

    with _writing():
        campaign, _, results = _computed(as_of)
        written = report_campaign(campaign, results, printer_for(results))
    _show_files(campaign, written)
    _show_notes(results)
    return _exit_code(results)


def _unlogged() -> "Results":
    """Compute the results without noting what came in: nothing is written."""
    from sheetflow.campaign.computing import compute

    return compute(_open())


app.add_typer(report_commands(report, _unlogged), name="report")
app.add_typer(decide_commands(lambda: _Here.folder), name="decide")


@app.verb()
def trace(
    cell: Annotated[
        str,
        typer.Argument(
            help="格的代码，例如 requests/done.granted/person；或工作表和地址，例如 三!D9。"
        ),
    ],
    group: Annotated[str, typer.Option(help="分组：all、单位代码、kind:类别。")] = "all",
    *,
    as_json: AsJson = False,
) -> int:
    """溯源：一个合计由哪些单位的哪些格相加而来。"""
    from sheetflow.campaign.tracing import trace as trace_cell
    from sheetflow.campaign.tracing import trace_record
    from sheetflow.cli import shown

    _, _, results = _computed()
    traced = trace_cell(results, cell, group)
    if as_json:
        shown.show_json(trace_record(traced))
    else:
        shown.show_trace(results, traced)
    return 0


@app.verb()
def explain(code: Annotated[str, typer.Argument(help="审核编号，例如 R1、T2。")]) -> int:
    """解释一个审核编号：为什么、怎么办、例子。"""
    from sheetflow.campaign.folder import FORM
    from sheetflow.cli.explaining import explain_code

    typer.echo(explain_code(code, spoken(), _Here.folder / FORM))
    return 0


@app.verb()
def demo(
    folder: Annotated[Path, typer.Argument(help="写入的文件夹，须为空或不存在。")] = Path(
        "sheetflow-demo"
    ),
    example: Annotated[
        str, typer.Option(help="例子的名称：pingtan-2024、hengyang-mzj-2023。")
    ] = "pingtan-2024",
) -> int:
    """用真实数据走一遍全过程：下发、填报、审核、汇总、报告。"""
    from sheetflow.cli.demonstrating import demonstrate

    return demonstrate(folder, example)


def _form_text(form: str) -> tuple[str, str]:
    """Give a form's code and text, by shipped code or by path."""
    from sheetflow.definitions.shipped import shipped_form_text

    if not is_path(form):
        return form, shipped_form_text(form)
    return load(form).code, definition_text(Path(form))


def _kind_of_periods(form_text: str, period: str) -> "PeriodKind":
    """Give a form's kind of periods, if the period is of it; of a faulty form it can't be told."""
    from sheetflow.definitions.form import load_form
    from sheetflow.model.period import PeriodKind, parse_period

    form, known = load_form(form_text, "").value, parse_period(period)
    if form and (known is None or known.kind is not form.period):
        raise typer.BadParameter(say(f"wrong_period_{form.period}"))
    return form.period if form else PeriodKind.YEAR


def _open() -> "Campaign":
    from sheetflow.campaign.folder import open_campaign

    return open_campaign(_Here.folder)


def _writing() -> "AbstractContextManager[None]":
    from sheetflow.cli.guarding import writing

    return writing(_Here.folder)


def _computed(
    as_of: datetime | None = None, dask: str = ""
) -> "tuple[Campaign, Gathered, Results]":
    from sheetflow.campaign.clusters import cluster
    from sheetflow.campaign.computing import gather_campaign, settle_campaign
    from sheetflow.campaign.history import last_period

    campaign, today = _open(), _day(as_of)
    last = last_period(campaign)
    with cluster(dask) as executor:
        gathered = gather_campaign(campaign, last, today=today, executor=executor)
    return campaign, gathered, settle_campaign(campaign, last, gathered, today=today)


def _day(as_of: datetime | None) -> date:
    return (as_of or datetime.now().astimezone()).date()


def _show_files(campaign: "Campaign", written: "Written") -> None:
    from sheetflow.campaign.folder import OUTPUT, SENDBACK

    output = campaign.root / OUTPUT
    names = listed(path.name for path in written.files if path.parent == output)
    typer.echo(say("merged", folder=str(output), files=names))
    copies = sum(path.parent != output and path.suffix == ".xlsx" for path in written.files)
    if copies:
        typer.echo(say("sent_back", count=str(copies), folder=str(output / SENDBACK)))
    for path in written.kept_aside:
        typer.echo(say("kept_aside", file="report.docx", aside=path.name))
    if written.no_pdf:
        typer.echo(say(written.no_pdf))


def _show_notes(results: "Results") -> None:
    from sheetflow.campaign.folder import REPORT, text_files
    from sheetflow.cli.shown import fault_text
    from sheetflow.reports.lengths import long_sections
    from sheetflow.reports.own_texts import contradicted_texts
    from sheetflow.reports.view import unwritten_parts

    files = {ref: f"{REPORT}/{name}" for ref, name in text_files(results.form).items()}
    for note in (*contradicted_texts(results, files), *long_sections(results)):
        typer.echo(fault_text(note, results.form.period))
    unwritten = () if results.is_draft else tuple(unwritten_parts(results))
    if unwritten:
        typer.echo(say("unwritten", count=str(len(unwritten)), parts=listed(unwritten)))


def _exit_code(results: "Results") -> int:
    """1 while an error is open, else 0: queries and missing agencies are no errors."""
    errors = (f for f in results.ledger.open_findings if f.severity.value == "error")
    return 1 if any(errors) else 0
