"""`form list|show|check`: the shipped forms, and a user's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sheetflow.cli.verbs import Verbs
from sheetflow.messages.interface import listed, say, spoken

if TYPE_CHECKING:
    from sheetflow.model.form import Form

forms = Verbs("查看或检查报表定义。", no_args_is_help=True)


@forms.verb("list")
def list_forms() -> int:
    """列出自带的报表。"""
    from sheetflow.cli.shown import show_table
    from sheetflow.definitions.shipped import shipped_forms

    loaded = [load(code) for code in shipped_forms()]
    rows = [(form.code, form.title, form.letter) for form in loaded]
    show_table([say("code"), say("name"), ""], rows)
    return 0


@forms.verb()
def show(
    form: Annotated[str, typer.Argument(help="报表代码，或定义文件的路径。")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出，供程序读取。")] = False,
) -> int:
    """列出报表的每一格：代码、工作表、地址、名称。"""
    from sheetflow.cli.shown import show_json, show_table
    from sheetflow.messages.terms import term

    records = cell_records(load(form))
    if as_json:
        show_json({"cells": records})
    else:
        rows = [
            (
                str(r["code"]),
                f"{r['sheet']}!{r['address']}",
                term(str(r["kind"]), spoken()),
                str(r["words"]),
            )
            for r in records
        ]
        show_table([say("code"), say("cell"), say("kind"), say("name")], rows)
    return 0


@forms.verb()
def check(path: Annotated[Path, typer.Argument(help="定义文件的路径。")]) -> int:
    """检查报表定义，一次列出全部问题。"""
    from sheetflow.cli.shown import show_faults
    from sheetflow.definitions.form import load_form
    from sheetflow.definitions.form_consistency import consistency_findings

    text = definition_text(path)
    loaded = load_form(text, path.name)
    if loaded.value is None:
        show_faults(loaded.findings)
        return 1
    found = tuple(consistency_findings(loaded.value, text, path.name))
    is_faulty = any(finding.blocks for finding in found)
    if found:
        show_faults(found, "faulty" if is_faulty else "noted")
    typer.echo(_rank_words(loaded.value))
    if is_faulty:
        return 1
    typer.echo(say("form_ok", form=path.name))
    return 0


def _rank_words(form: "Form") -> str:
    """Say how many equations there are, and which of them follow from the others."""
    from sheetflow.relations.consistency import equations, implied

    count, follow = len(equations(form)), implied(form)
    names = listed(f"{each.relation.check}（{each.line}）" for each in follow)
    words = say("equations", count=str(count), rank=str(count - len(follow)))
    return f"{words}{say('implied', names=names)}" if follow else words


def load(form: str) -> "Form":
    """Load a form by shipped code or by path; FaultyDefinitionError if it has faults."""
    from sheetflow.definitions.form import load_form
    from sheetflow.definitions.shipped import shipped_form_text
    from sheetflow.errors import FaultyDefinitionError

    path, by_path = Path(form), is_path(form)
    text = definition_text(path) if by_path else shipped_form_text(form)
    loaded = load_form(text, path.name if by_path else f"{form}.toml")
    if loaded.value is None:
        raise FaultyDefinitionError(loaded.findings)
    return loaded.value


def is_path(form: str) -> bool:
    """Say whether a form is named by its definition's path; on Windows that may end in .TOML."""
    return Path(form).suffix.lower() == ".toml"


def definition_text(path: Path) -> str:
    """Read a form's definition from a file that the user named."""
    from sheetflow.definitions.encodings import decode

    return decode(existing(path).read_bytes())


def existing(path: Path) -> Path:
    """Give a file that the user named; one that is not there is wrong usage."""
    if not path.is_file():
        raise typer.BadParameter(say("no_file", file=str(path)))
    return path


def cell_records(form: "Form") -> list[dict[str, object]]:
    """Give every cell with its place and meaning, so that any program can fill a template."""
    from sheetflow.layout.sheets import form_layout
    from sheetflow.relations.words import cell_words

    layout = form_layout(form)
    records: list[dict[str, object]] = []
    for cell in form.cells.values():
        sheet, box = layout.slots[cell.ref]
        records.append(
            {
                "code": str(cell.ref),
                "sheet": sheet,
                "address": box.address,
                "kind": cell.kind.value,
                "measure": cell.measure.value,
                **({"choices": list(cell.choices)} if cell.choices else {}),
                "unit": cell.unit,
                "required": cell.required,
                "blank": cell.blank.value if cell.required else "",
                "labels": list(cell.labels),
                "words": cell_words(cell.ref, form),
            }
        )
    return records
