"""The command line: one verb, one sentence, one exit code, whatever happens."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from campaigns import decide, form_text, ref, roster_csv, send, small_form, snapshot, start
from reported import office_word
from sheetflow.cli import app as application
from sheetflow.cli.app import app
from sheetflow.cli.entry import main, run
from sheetflow.cli.shown import show_json
from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text, shipped_forms
from sheetflow.layout.sheets import form_layout
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.messages.help import CHINESE_NAMES, ENGLISH_HELP
from sheetflow.messages.text import Language
from sheetflow.model.findings import Finding, Severity
from sheetflow.model.form import LineKind
from sheetflow.reports.findings import Speaker, Worded

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SHIPPED = load_form(shipped_form_text("zfxxgk-2021"), "form.toml").value
Flow = Callable[..., tuple[int, str, str]]
ROSTER = "a 甲局 . 部门\nx 东县 . group\nx1 东县一局 x 乡镇\nb 乙局 . 部门"
GOOD = "new 3 1\ndone.yes 3 1"


class UnforeseenError(Exception):
    """An error of a kind that no part of the program knows."""


@pytest.fixture
def flow(capsys: pytest.CaptureFixture[str]) -> Flow:
    """Run the command line in this process: exit code, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(lambda: app([str(a) for a in arguments], standalone_mode=False))
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Give a campaign of three agencies: a good return, a wrong one, none."""
    root = start(tmp_path / "c", ROSTER)
    send(root, a=GOOD, x1="new 3 1 9\ndone.yes 2 1\nleft - 0")
    return root


def chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


# exit codes


@pytest.mark.parametrize(
    "arguments",
    [
        ("--nonsense",),
        ("merge", "--nonsense"),
        ("nonsense",),
        ("init", "x"),
        ("init", "x", "--period", "24", "--name", "某市"),
        ("init", "x", "--period", "2024", "--name", "某市", "--form", "nonsense"),
        ("init", "x", "--period", "2024", "--name", "某市", "--form", "nonsense.toml"),
        ("init", "x", "--period", "2024", "--name", "某市", "--due", "tomorrow"),
        ("--lang", "fr", "status"),
        ("form", "show", "nonsense"),
        ("form", "show", "nonsense.toml"),
        ("form", "check", "nonsense.toml"),
        ("explain", "Z99"),
        ("demo", "x", "--example", "atlantis"),
    ],
)
def test_wrong_usage_is_2_and_leaves_nothing_behind(
    flow: Flow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = flow(*arguments)
    assert (code, err.count("Traceback")) == (2, 0)
    assert err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--nonsense",), "没有选项 --nonsense"),
        (("nonsense",), "没有命令 nonsense"),
        (("trace",), "缺少 位置"),
        (("trace", "a", "b"), "多写了 b"),
        (("trace", "a", "--group"), "--group 后面没有写内容"),
        (("merge", "--final=1"), "--final 后面不写内容"),
        (("init", "x", "--due", "明天"), "--due 写的是“明天”，日期应写成 2025-01-31"),
        (("--lang", "fr", "status"), "--lang 写的是“fr”，只能写 'zh', 'en'"),
        (("init", "x", "--period", "24"), "期间应为四位年份，例如 2024"),
    ],
)
def test_what_is_wrong_with_a_command_is_said_in_chinese(
    flow: Flow, arguments: tuple[str, ...], words: str
) -> None:
    code, _, err = flow(*arguments)
    assert (code, err) == (2, f"命令写法有误（{words}）。可在命令后加 --help 查看写法。\n")


def test_in_english_the_parsers_own_words_are_kept(flow: Flow) -> None:
    assert "Got unexpected extra argument" in flow("--lang", "en", "trace", "a", "b")[2]


@pytest.mark.parametrize("verb", ["template", "check", "status", "merge", "report"])
def test_outside_a_campaign_every_verb_says_so_and_is_2(
    flow: Flow,
    tmp_path: Path,
    verb: str,
) -> None:
    code, out, err = flow("-C", tmp_path, verb)
    assert (code, out) == (2, "")
    assert err.startswith(f"“{tmp_path}”不是填报任务文件夹")


@pytest.mark.parametrize("verb", ["check", "status", "merge"])
def test_without_a_folder_of_returns_nothing_is_found_to_be_in_order(
    flow: Flow, campaign: Path, verb: str
) -> None:
    flow("-C", campaign, "merge")
    written = snapshot(campaign / "output")
    (campaign / "returns").rename(campaign / "上报")
    code, out, err = flow("-C", campaign, verb)
    assert (code, out) == (3, "")
    assert f"没有上报件的文件夹“{campaign / 'returns'}”" in err
    assert snapshot(campaign / "output") == written


def test_a_check_of_a_file_that_is_not_there_is_2(flow: Flow, campaign: Path) -> None:
    for path in (campaign / "returns", campaign / "returns" / "nobody.xlsx"):
        code, out, err = flow("-C", campaign, "check", path)
        assert (code, out) == (2, "")
        assert "没有文件" in err


def test_what_nobody_foresaw_is_3_with_a_sentence_and_a_log_and_no_traceback(
    flow: Flow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise UnforeseenError("the reason")

    monkeypatch.setattr(application, "_open", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, out, err = flow("status")
    (log,) = tmp_path.glob("sheetflow-*.log")
    assert (code, out) == (3, "")
    assert err == f"程序遇到意外错误，没有完成。详细情况已写入 {log}，请把这个文件发给安装人员。\n"
    assert "UnforeseenError: the reason" in log.read_text(encoding="utf-8")


def test_an_interrupted_run_is_3(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(application, "_open", interrupted)
    assert flow("status")[0] == 3


@pytest.mark.parametrize("held", ["report.docx", "run.json"])
def test_an_output_that_is_held_open_is_named_and_3(
    flow: Flow,
    campaign: Path,
    monkeypatch: pytest.MonkeyPatch,
    held: str,
) -> None:
    assert flow("-C", campaign, "merge")[0] == 1
    settings = campaign / "sheetflow.toml"
    settings.write_text(settings.read_text("utf-8").replace("某市", "另一市"), "utf-8")
    before = snapshot(campaign)
    open_file = Path.open

    def locked(path: Path, *arguments: Any, **keywords: Any) -> Any:  # noqa: ANN401
        if path.name == held and arguments[:1] == ("r+b",):
            raise PermissionError(13, "in use", str(path))
        return open_file(path, *arguments, **keywords)

    monkeypatch.setattr(Path, "open", locked)
    code, _, err = flow("-C", campaign, "merge")
    monkeypatch.undo()
    assert code == 3
    assert err == (
        f"不能写入“{campaign / 'output' / held}”：它正被别的程序打开。"
        "请先关闭 Excel 或 WPS 中的这个文件，再运行一次。\n"
    )
    assert snapshot(campaign) == before


def test_a_file_that_may_not_be_read_is_named_and_3(
    flow: Flow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> None:
        raise PermissionError(13, "denied", "somewhere/form.toml")

    monkeypatch.setattr(application, "_open", refused)
    code, _, err = flow("status")
    assert (code, "不能打开“somewhere/form.toml”：没有权限" in err) == (3, True)


def test_faulty_definitions_are_listed_in_full_and_1_and_spoil_no_json(
    flow: Flow,
    campaign: Path,
) -> None:
    (campaign / "roster.csv").write_bytes(roster_csv("a 甲局\na 乙局 nowhere"))
    code, out, err = flow("-C", campaign, "check", "--json")
    assert (code, out) == (1, "")
    assert err.startswith("定义文件有 2 处问题，请改正后重试：")
    assert "roster.csv:3  强制性 S13" in err
    assert "roster.csv:3  强制性 S14" in err


def test_as_a_program_it_exits_with_the_code(tmp_path: Path) -> None:
    for arguments, code in (("--help",), 0), (("-C", tmp_path, "status"), 2):
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "sheetflow", *map(str, arguments)],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "gbk:strict"},
        )
        assert done.returncode == code
        assert b"Traceback" not in done.stderr


def test_main_exits_with_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["sheetflow", "explain", "Z99"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2


# help and language


def commands() -> dict[str, Any]:
    root: Any = typer.main.get_command(app)
    verbs = {}
    for name, command in root.commands.items():
        below = getattr(command, "commands", {})
        if not below or command.invoke_without_command:
            verbs[name] = command
        verbs |= {f"{name} {inner}": verb for inner, verb in below.items()}
    return verbs


def test_the_verbs_are_these() -> None:
    assert set(commands()) == {
        "init",
        "template",
        "check",
        "status",
        "merge",
        "report",
        "report check-template",
        "trace",
        "explain",
        "demo",
        "form list",
        "form show",
        "form check",
        "decide waive",
        "decide adjust",
        "decide adjust-group",
        "decide choose",
        "decide assign",
        "decide excuse",
        "decide blank-zero",
    }


@pytest.mark.parametrize("name", list(commands()))
def test_every_verb_and_each_of_its_options_has_help_in_chinese(name: str) -> None:
    command = commands()[name]
    assert chinese(command.help)
    assert all(chinese(parameter.help) for parameter in command.params)
    shown = CliRunner().invoke(app, [*name.split(), "--help"])
    assert shown.exit_code == 0
    assert command.help[:10] in shown.output
    assert not PARSERS_WORDS.search(shown.output)
    assert not re.search(r"[{\[]\w*[a-z]", shown.output.split("\n")[0])


PARSERS_WORDS = re.compile(
    r"Usage|OPTIONS|COMMAND|ARGS|Options:|Arguments:|Commands:|Show this|required|default|<str>|%Y"
)


@pytest.mark.parametrize("name", ["", "form", "decide", *commands()])
def test_in_english_all_help_is_english(name: str) -> None:
    shown = CliRunner().invoke(app, ["--lang", "en", *name.split(), "--help"])
    assert "Usage: " in shown.output
    assert "Show this message and exit." in shown.output
    assert "(" not in "".join(re.findall(r"\[default:.*?\]", shown.output, re.DOTALL))
    assert "..." not in shown.output.partition("Commands:")[2]
    assert not chinese(re.sub(r"衡阳市|三!D9", "", shown.output))


def test_help_translates_nothing_that_no_verb_says() -> None:
    root: Any = typer.main.get_command(app)
    every = [root, *root.commands.values(), *commands().values()]
    said = {each.help for each in every} | {
        words for each in every for p in each.params for words in (p.help, p.show_default)
    }
    assert set(ENGLISH_HELP) <= said
    assert set(CHINESE_NAMES) <= {p.human_readable_name for each in every for p in each.params}


def test_lang_en_speaks_english_and_keeps_the_figures(flow: Flow, campaign: Path) -> None:
    code, out, _ = flow("-C", campaign, "--lang", "en", "status")
    assert code == 1
    assert "3 agencies must file: 2 reported (1 accepted, 0 queried, 1 rejected)" in out
    assert "This is a draft: agencies missing: 1" in out
    code, out, _ = flow("-C", campaign, "--lang", "en", "check")
    assert "Found 9, but" in out
    assert "A required entry is blank" not in out
    assert flow("--lang", "en", "-C", "/nowhere", "status")[2].startswith(
        "“/nowhere” is no campaign"
    )
    assert "应报 3 家" in flow("-C", campaign, "status")[1]


# form


def test_form_list_names_every_shipped_form(flow: Flow) -> None:
    code, out, _ = flow("form", "list")
    assert code == 0
    assert all(name in out for name in shipped_forms())
    assert "国办公开办函〔2021〕30号" in out


def test_form_show_json_has_every_cell_with_its_code_place_and_kind(flow: Flow) -> None:
    code, out, _ = flow("form", "show", "zfxxgk-2021", "--json")
    cells = json.loads(out)["cells"]
    assert SHIPPED
    assert (code, [cell["code"] for cell in cells]) == (0, [str(ref) for ref in SHIPPED.cells])
    by_code = {cell["code"]: cell for cell in cells}
    new = by_code["requests/new/person"]
    assert (new["sheet"], new["kind"], new["measure"], new["required"]) == (
        "三",
        "entry",
        "count",
        True,
    )
    assert by_code["requests/done.total/total"]["kind"] == "total"
    assert by_code["charges/fees/amount"]["unit"] == "万元"
    assert by_code["documents/regulations/made"]["blank"] == "query"
    assert by_code["activity/letters/count"]["required"] is False
    assert len({(cell["sheet"], cell["address"]) for cell in cells}) == len(cells)
    assert sum(cell["kind"] == "entry" for cell in cells if cell["measure"] != "text") == (
        sum(c.kind is LineKind.ENTRY and c.numeric for c in SHIPPED.cells.values())
    )


def test_form_show_lists_the_cells_of_a_users_own_form(flow: Flow, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(form_text().encode("gb18030"))
    code, out, _ = flow("form", "show", path)
    assert (code, len(out.splitlines())) == (0, 1 + len(small_form().cells))
    assert {line.split()[2] for line in out.splitlines()[1:]} == {"填报", "合计"}
    assert "t/new/person" in out


def test_a_definition_is_known_by_its_ending_however_that_is_written(
    flow: Flow, tmp_path: Path
) -> None:
    path = tmp_path / "FORM.TOML"
    path.write_text(form_text(), encoding="utf-8")
    assert flow("form", "show", path)[0] == 0
    begun = flow("init", tmp_path / "c", "--form", path, "--period", "2024", "--name", "某市")
    assert begun[0] == 0
    assert (tmp_path / "c" / "form.toml").read_text("utf-8") == form_text()


def test_form_check_says_what_is_wrong_and_where(flow: Flow, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(form_text(), encoding="utf-8")
    bad.write_text(form_text().replace("[left]", "[lost]"), encoding="utf-8")
    code, out, _ = flow("form", "check", good)
    assert (code, out.splitlines()[-1]) == (0, "报表定义“good.toml”没有问题。")
    code, out, _ = flow("form", "check", bad)
    assert code == 1
    assert out.count("强制性 S05") == 2
    assert "[lost]" in out
    code, _, err = flow("form", "show", bad)
    assert (code, err.count("强制性 S05")) == (1, 2)


# init, template


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("衡阳2024", "衡阳2024"),
        ("衡阳-2024.v2", "衡阳-2024.v2"),
        ("衡阳 2024", '"衡阳 2024"'),
        ("衡阳(2024)", '"衡阳(2024)"'),
        ("部门&县区", '"部门&县区"'),
        ("市\u3000县", '"市\u3000县"'),
    ],
)
def test_init_writes_the_next_command_as_it_can_be_typed(
    flow: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, typed: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _, out, _ = flow("init", name, "--period", "2024", "--name", "某市")
    assert f"sheetflow -C {typed} template" in out


def test_init_then_template_then_again(flow: Flow, tmp_path: Path) -> None:
    root, roster = tmp_path / "c", tmp_path / "r.csv"
    roster.write_bytes(roster_csv(ROSTER))
    (tmp_path / "own.toml").write_text(form_text(), encoding="utf-8")
    made = ("init", root, "--form", tmp_path / "own.toml", "--period", "2024", "--name", "某市")
    code, out, _ = flow(*made, "--roster", roster, "--due", "2025-01-31", "--office", "公开科")
    assert (code, "已建立填报任务“某市”" in out, "roster.csv" in out) == (0, True, True)
    settings = (root / "sheetflow.toml").read_text(encoding="utf-8")
    assert "due = 2025-01-31" in settings
    assert 'office = "公开科"' in settings
    assert "新发 3 份，重发 0 份，未变 0 份" in flow("-C", root, "template")[1]
    assert "新发 0 份，重发 0 份，未变 3 份" in flow("-C", root, "template")[1]
    code, _, err = flow(*made)
    assert (code, "里已有内容" in err) == (2, True)


def test_init_with_a_shipped_form_needs_no_roster(flow: Flow, tmp_path: Path) -> None:
    code, out, _ = flow("init", tmp_path / "c", "--period", "2024", "--name", "某市")
    assert (code, "roster.csv" in out) == (0, True)
    assert flow("-C", tmp_path / "c", "status")[0] == 0


# check, status


def test_check_says_each_finding_with_place_sides_and_remedy(flow: Flow, campaign: Path) -> None:
    code, out, _ = flow("-C", campaign, "check")
    assert code == 1
    assert "returns/x1.xlsx  一!E7  强制性 B3  新收 · 总计" in out
    assert "填写 9，而“个人”＋“单位”为 4，多 5。相关的格：C7:D7" in out
    assert "应报 3 家，已报 2 家（已审定 1、待核实 0、退回 1），未报 1 家，免报 0 家。" in out
    assert "未处理：强制性" in out


def test_check_all_lists_the_closed_ones_too(flow: Flow, campaign: Path) -> None:
    decide(campaign, '[[blank-zero]] agency = "x1"; why = "电话确认"')
    assert "电话确认" not in flow("-C", campaign, "check")[1]
    assert "已更正：电话确认" in flow("-C", campaign, "check", "--all")[1]


def test_check_on_files_speaks_of_them_alone(flow: Flow, campaign: Path) -> None:
    good, bad = campaign / "returns/a.xlsx", campaign / "returns/x1.xlsx"
    assert flow("-C", campaign, "check", good) == (0, "没有发现问题。\n", "")
    code, out, _ = flow("-C", campaign, "check", bad)
    assert (code, "应报" in out, "returns/a.xlsx" in out) == (1, False, False)
    assert flow("-C", campaign, "check", good, bad)[0] == 1


def test_check_says_that_nothing_is_open_where_all_is_closed(flow: Flow, campaign: Path) -> None:
    good = campaign / "returns/a.xlsx"
    send(campaign, a="new 3 1\ndone.yes 3 -")
    decide(campaign, '[[blank-zero]] agency = "a"\n[[waive]] agency = "a"; check = "B1"')
    code, out, _ = flow("-C", campaign, "check", good)
    assert (code, out) == (0, "没有待处理的问题；已处理 3 条（check --all 列出）。\n")
    assert "没有待处理" not in flow("-C", campaign, "check", good, "--all")[1]


def test_check_json_is_what_findings_json_holds(flow: Flow, campaign: Path) -> None:
    flow("-C", campaign, "merge")
    code, out, _ = flow("-C", campaign, "check", "--json")
    written = json.loads((campaign / "output/findings.json").read_text(encoding="utf-8"))
    assert (code, json.loads(out)) == (1, {**written, "alternatives": []})
    assert {f["code"] for f in written["findings"]} == {"B1", "B3", "T2"}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii"])
def test_json_loses_no_character_whatever_the_output_takes(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    record = {"name": "㑇县“民政局”"}
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding, errors="replace"))
    show_json(record)
    sys.stdout.flush()
    assert json.loads(out.getvalue().decode(encoding)) == record


def test_queries_and_missing_agencies_alone_are_0(flow: Flow, campaign: Path) -> None:
    send(campaign, x1="new 3 1\ndone.yes 3 1\nleft - 0")
    code, out, _ = flow("-C", campaign, "status")
    assert code == 0
    assert "目前为草稿：未报 1 家、未处理的问题 1 条。" in out


def test_status_is_a_table_of_who_stands_how(flow: Flow, campaign: Path) -> None:
    code, out, _ = flow("-C", campaign, "status")
    assert code == 1
    rows = [line.split() for line in out.splitlines()[:4]]
    assert rows == [
        ["代码", "名称", "类别", "状态", "未处理", "文件"],
        ["a", "甲局", "部门", "已审定", "0", "returns/a.xlsx"],
        ["x1", "东县一局", "乡镇", "退回", "4", "returns/x1.xlsx"],
        ["b", "乙局", "部门", "未报", "0"],
    ]


def test_status_json_names_agencies_and_groups(flow: Flow, campaign: Path) -> None:
    code, out, _ = flow("-C", campaign, "status", "--json")
    record = json.loads(out)
    assert (code, record["draft"]) == (1, True)
    assert record["groups"] == ["all", "x", "kind:部门", "kind:乡镇"]
    assert {a["code"]: (a["standing"], a["file"]) for a in record["agencies"]} == {
        "a": ("accepted", "returns/a.xlsx"),
        "x1": ("rejected", "returns/x1.xlsx"),
        "b": ("missing", None),
    }


# merge, report


def test_merge_writes_every_output_and_says_so(flow: Flow, campaign: Path) -> None:
    code, out, _ = flow("-C", campaign, "merge")
    assert (code, "已写入" in out, "目前为草稿" in out) == (1, True, True)
    totals = list(
        csv.DictReader(io.StringIO((campaign / "output/totals.csv").read_text("utf-8-sig")))
    )
    new = next(r for r in totals if (r["group"], r["code"]) == ("all", "t/new/total"))
    assert (new["value"], new["reported"], new["expected"]) == ("8", "2", "3")


def test_final_is_refused_while_anything_is_open_and_writes_nothing(
    flow: Flow,
    campaign: Path,
) -> None:
    code, out, _ = flow("-C", campaign, "merge", "--final")
    assert code == 1
    assert out.startswith("还有未处理事项，没有写入任何文件：")
    assert "B3  新收 · 总计" in out
    assert "核实性 T2  结转 · 个人" in out
    assert "\nb 乙局：未报。\n" in out  # a name alone would not say what it waits for
    assert not (campaign / "output").exists()


def test_final_is_refused_for_a_query_or_a_missing_agency_alone(
    flow: Flow,
    campaign: Path,
) -> None:
    send(campaign, x1="left - 0", b=GOOD)
    assert flow("-C", campaign, "merge", "--final")[0] == 1
    send(campaign, x1=GOOD)
    (campaign / "returns/b.xlsx").unlink()
    assert flow("-C", campaign, "merge", "--final")[0] == 1
    decide(campaign, '[[excuse]] agency = "b"')
    code, out, _ = flow("-C", campaign, "merge", "--final")
    assert (code, "没有未处理事项，可以定稿。" in out) == (0, True)
    assert "草稿" not in (campaign / "output/report.html").read_text(encoding="utf-8")


def test_what_the_office_has_not_written_yet_is_named_once_nothing_else_is_open(
    flow: Flow, tmp_path: Path
) -> None:
    folder = tmp_path / "c"
    words = "--form", "zfxxgk-2021", "--period", "2024", "--name", "某市"
    assert flow("init", folder, *words)[0] == 0
    (folder / "roster.csv").write_text("代码,名称\na,甲局\n", encoding="utf-8")
    said = (
        "报告中还有 4 处由本单位填写的文字没有写：（三）政府信息管理、（四）政府信息公开平台建设、"
    )
    assert said not in flow("-C", folder, "merge")[1]  # a draft waits for other things too
    decide(folder, '[[excuse]] agency = "a"')
    assert said in flow("-C", folder, "merge")[1]
    assert said in flow("-C", folder, "merge", "--final")[1]
    for part in ("一总体情况（三）政府信息管理", "一总体情况（四）政府信息公开平台建设"):
        (folder / "report" / f"{part}.txt").write_text("写好了。", encoding="utf-8")
    assert "还有 2 处" in flow("-C", folder, "merge", "--final")[1]
    for part in ("五存在的主要问题及改进情况", "六其他需要报告的事项"):
        (folder / "report" / f"{part}.txt").write_text("写好了。", encoding="utf-8")
    assert "没有写：" not in flow("-C", folder, "merge", "--final")[1]


def test_report_names_what_it_wrote_and_what_it_kept_aside(flow: Flow, campaign: Path) -> None:
    flow("-C", campaign, "merge")
    (campaign / "output/report.docx").write_bytes(b"edited")
    code, out, _ = flow("-C", campaign, "report")
    assert code == 1
    assert (
        "summary.xlsx、report.docx、report.html、report-fragment.html、status.html、run.json" in out
    )
    assert "report.docx 曾被手工修改，原件保留为 report（手工修改1）.docx。" in out


# trace


def test_trace_lists_every_part_with_its_place_and_the_sum(flow: Flow, campaign: Path) -> None:
    decide(
        campaign,
        """
        [[adjust]] agency = "a"; cell = "t/new/person"; value = "5"; why = "电话核实"
        [[adjust]] group = "x"; cell = "t/new/person"; add = "-1"; why = "重复一件"
        """,
    )
    code, out, _ = flow("-C", campaign, "trace", "t/new/person")
    assert code == 0
    title, _, *rows, last = out.splitlines()
    assert title == "新收 · 个人"
    assert [row.split() for row in rows] == [
        ["a", "甲局", "t/new/person", "5", "3", "returns/a.xlsx", "一!C7", "电话核实"],
        ["x1", "东县一局", "t/new/person", "3", "3", "returns/x1.xlsx", "一!C7"],
        ["x", "（汇总更正）", "t/new/person", "-1", "-1", "decisions.toml:9", "重复一件"],
    ]
    assert last == "合计 7  有数 2／应报 3"


def test_trace_takes_a_group(flow: Flow, campaign: Path) -> None:
    for group, expected in (("x", "3"), ("kind:部门", "3"), ("b", "—")):
        code, out, _ = flow("-C", campaign, "trace", "t/new/person", "--group", group)
        assert (code, f"合计 {expected}  " in out) == (0, True)


def test_trace_json_adds_up(flow: Flow, campaign: Path) -> None:
    code, out, _ = flow("-C", campaign, "trace", "t/done.total/total", "--json")
    record = json.loads(out)
    parts = record["contributions"]
    assert (code, record["value"], record["reported"], record["expected"]) == (0, "7", 2, 3)
    assert sum(Decimal(part["value"]) for part in parts) == Decimal(record["value"])
    assert {(part["agency"], part["code"]) for part in parts} == {
        (agency, f"t/{item}/{column}")
        for agency in ("a", "x1")
        for item in ("done.yes", "done.no")
        for column in ("person", "firm")
    }
    assert all(part["file"] and part["sheet"] and part["cell"] for part in parts)


@pytest.mark.parametrize(
    ("arguments", "listing"),
    [
        (("explain", "ZZ"), "sheetflow check"),
        (("form", "show", "nope"), "sheetflow form list"),
        (
            ("init", "x", "--period", "2024", "--name", "市", "--form", "nope"),
            "sheetflow form list",
        ),
        (("demo", "x", "--example", "nope"), "sheetflow demo --help"),
        (("trace", "nope"), "sheetflow form show"),
        (("trace", "t/new/person", "--group", "nope"), "sheetflow status"),
    ],
)
def test_of_a_name_that_is_none_it_is_said_what_lists_the_right_ones(
    flow: Flow, campaign: Path, arguments: tuple[str, ...], listing: str
) -> None:
    code, _, err = flow("-C", campaign, *arguments)
    assert (code, f"“{arguments[-1]}”" in err, listing in err) == (2, True, True)


def test_the_help_of_demo_names_every_example(flow: Flow) -> None:
    _, out, _ = flow("demo", "--help")
    assert all(folder.name in out for folder in EXAMPLES.iterdir() if folder.is_dir())


def test_trace_takes_a_sheet_and_an_address_as_it_prints_them(flow: Flow, campaign: Path) -> None:
    by_code = flow("-C", campaign, "trace", "t/new/person")
    assert flow("-C", campaign, "trace", "一!c7") == by_code
    assert flow("-C", campaign, "trace", "一！C7") == by_code
    assert flow("-C", campaign, "trace", "一!Z99")[0] == 2


@pytest.mark.parametrize("arguments", [("t/new/nobody",), ("x",), ("t/new/person", "--group", "y")])
def test_tracing_what_does_not_exist_is_2(
    flow: Flow,
    campaign: Path,
    arguments: tuple[str, ...],
) -> None:
    code, out, err = flow("-C", campaign, "trace", *arguments)
    assert (code, out) == (2, "")
    assert f"“{arguments[-1]}”。" in err


@pytest.mark.parametrize("cell", ["words/story/text", "fees/copies/paid"])
def test_of_a_text_and_of_a_table_kept_apart_it_is_said_that_there_is_no_total(
    flow: Flow, tmp_path: Path, cell: str
) -> None:
    root = start(tmp_path / "c", ROSTER)
    form = form_text().replace('measure = "amount"', 'measure = "amount"\nmerge = "apart"')
    (root / "form.toml").write_text(form, encoding="utf-8")
    code, out, err = flow("-C", root, "trace", cell)
    assert (code, out) == (2, "")
    assert "不汇总，没有合计可追溯" in err
    assert "figures.csv" in err


# a finding in words


def said(finding: Finding, language: Language = Language.ZH) -> Worded:
    return Speaker(small_form(), form_layout(small_form()), language).say(finding)


@pytest.mark.parametrize(("code", "name"), [("T1", "raw"), ("D02", "subject"), ("N1", "words")])
def test_what_somebody_wrote_is_quoted_even_if_it_is_the_name_of_a_term(
    code: str, name: str
) -> None:
    assert "@pdf" in said(Finding(code, Severity.ERROR, facts={name: "@pdf"})).sentence


def test_an_inequality_says_by_how_much_it_fails(flow: Flow, campaign: Path) -> None:
    send(campaign, a="new 1 0\nleft 3 0")
    assert "“结转”为 3，“新收”为 1，多 2。相关的格：C7。" in flow("-C", campaign, "check")[1]
    english = flow("-C", campaign, "--lang", "en", "check")[1]
    assert "“结转” is 3, “新收” is 1: 2 too much. Cells: C7." in english


def test_a_consequence_names_its_cause_by_code_and_address() -> None:
    cell, cause = ref("t/new/person"), "T2 t/left/firm"
    finding = Finding("B1", Severity.ERROR, "a", cell, consequence_of=cause)
    assert said(finding).sentence == "由 T2 一!D11 引起。"
    named = Finding("B1", Severity.ERROR, "a", cell, consequence_of="T2 elsewhere")
    assert said(named).sentence == "由 T2 elsewhere 引起。"


def test_blanks_of_one_table_are_said_as_one_with_all_their_cells(
    flow: Flow, campaign: Path
) -> None:
    send(campaign, a="new - 0\nleft - -")
    _, out, _ = flow("-C", campaign, "check")
    assert "returns/a.xlsx  一!C11:D11  核实性 T2" in out
    assert "returns/a.xlsx  一!C7  强制性 T2  新收 · 个人" in out
    assert Speaker(small_form(), form_layout(small_form()), Language.ZH).addresses(()) == []


def test_without_a_place_or_facts_a_finding_still_has_its_title_and_remedy() -> None:
    words = said(Finding("F01", Severity.NOTE), Language.EN)
    assert words.where == ""
    assert words.severity == "note F01"
    assert words.remedy == CATALOGUE["F01"].remedy.en
    assert said(Finding("B1", Severity.ERROR), Language.EN).about == "B1 title_en"
    with pytest.raises(KeyError):
        said(Finding("Z99", Severity.ERROR))


# explain, demo


def test_every_code_is_explained_in_both_languages(flow: Flow) -> None:
    assert SHIPPED
    for name in (*CATALOGUE, *(check.code for check in SHIPPED.checks)):
        for language, words in (
            ("zh", ("为什么：", "怎么办：")),
            ("en", ("Why: ", "What to do: ")),
        ):
            code, out, _ = flow("--lang", language, "explain", name.lower())
            assert (code, out.startswith(f"{name}  ")) == (0, True)
            assert all(word in out for word in words)


def test_a_check_of_the_campaigns_own_form_is_explained_too(flow: Flow, campaign: Path) -> None:
    code, out, _ = flow("-C", campaign, "explain", "B4")
    assert (code, out.startswith("B4  B4 title（核实性，small）")) == (0, True)
    assert "[left] <= [new]" in out


def test_outside_a_campaign_a_check_is_explained_as_the_newer_form_has_it(
    flow: Flow, tmp_path: Path
) -> None:
    assert "（强制性，zfxxgk-2021）" in flow("-C", tmp_path, "explain", "R1")[1]


def test_a_check_is_explained_however_its_code_is_written(flow: Flow, tmp_path: Path) -> None:
    root = tmp_path / "c"
    root.mkdir()
    (root / "form.toml").write_text(form_text().replace('"B4"', '"b4x"'), encoding="utf-8")
    for code in ("b4x", "B4X"):
        assert flow("-C", root, "explain", code)[1].startswith("b4x  B4 title")


def test_demo_walks_the_whole_way(flow: Flow, tmp_path: Path) -> None:
    code, out, _ = flow("demo", tmp_path / "demo")
    assert code == 0
    assert "下发空表 17 份" in out
    assert "不作处理决定时：161／166 个填报格与公布的汇总一致，不一致的 5 个：" in out
    assert "sanctions/penalties/decided  846 / 1100" in out
    assert "审核结果：R1 2，R2 5，R3 8，R4 2，T2 27" in out
    assert "200／200 个格与公布的汇总一致（按显示位数），未处理事项 0 条。" in out
    assert (tmp_path / "demo/output/report.docx").is_file()
    assert flow("demo", tmp_path / "demo")[0] == 2


def test_demo_of_an_example_without_decisions(flow: Flow, tmp_path: Path) -> None:
    code, out, _ = flow("demo", tmp_path / "demo", "--example", "hengyang-mzj-2023")
    assert (code, "审核结果：T2 1" in out, "加上 decisions.toml" in out) == (0, True, False)


# report check-template


def test_a_template_is_checked_in_chinese_paragraph_by_paragraph(
    flow: Flow, campaign: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "草稿模板.docx"
    draft.write_bytes(office_word("年报", "{年度}", "{{ 年份 }}", "{%p for 节 in 各节 %}"))
    before = snapshot(campaign)
    code, out, _ = flow("-C", campaign, "report", "check-template", draft)
    assert code == 1
    assert [line.split()[2] for line in out.splitlines() if line.startswith("草稿模板.docx")] == [
        "S24",
        "S25",
    ]
    assert "“{%p for 节 in 各节 %}”中的 for 没有配对。" in out
    draft.write_bytes(office_word("年报", "{{ 年度 }}", "{{ 年份 }}"))
    code, out, _ = flow("-C", campaign, "report", "check-template", draft)
    assert (code, "不认识“年份”（{{ 年份 }}）。可用的名称：标题、名称、" in out) == (1, True)
    draft.write_bytes(office_word("年报", "{{ 年度 }}"))
    code, out, _ = flow("-C", campaign, "report", "check-template", draft)
    assert (code, out) == (0, "模板没有问题：草稿模板.docx。\n")
    assert snapshot(campaign) == before


def test_the_templates_of_the_campaign_are_checked_where_no_file_is_named(
    flow: Flow, campaign: Path, tmp_path: Path
) -> None:
    assert "按自带的版式写" in flow("-C", campaign, "report", "check-template")[1]
    (campaign / "report" / "模板.html").write_text("{{ 年份 }}", encoding="utf-8")
    code, out, _ = flow("-C", campaign, "report", "check-template")
    assert (code, out.startswith("report/模板.html:1  强制性 S22")) == (1, True)
    page = tmp_path / "a.HTML"
    page.write_text("{{ 年度 }}", encoding="gb18030")
    assert flow("-C", campaign, "report", "check-template", page)[0] == 0
    assert flow("-C", campaign, "report", "check-template", tmp_path / "none.docx")[0] == 2
