"""Writes the pages of docs/ that the code knows best, or checks that they are up to date."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer.main

from sheetflow.cli.app import app
from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text, shipped_forms
from sheetflow.messages.catalogue import CATALOGUE
from sheetflow.messages.help import ENGLISH_HELP
from sheetflow.messages.terms import TERMS
from sheetflow.relations.words import relation_words

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTE = "<!-- made by tools/make_docs.py from the code; edit the code instead -->"


def findings_page() -> str:
    """List every finding code: what it means, why, what to do."""
    lines = ["# Findings", "", NOTE, ""]
    lines += ["A form's own checks first, then what the program itself can find.", ""]
    for code in shipped_forms():
        form = load_form(shipped_form_text(code), f"{code}.toml").value
        if form is None:
            raise SystemExit(f"{code} has faults: sheetflow form check")
        lines += [f"## Checks of `{form.code}`", ""]
        for check in form.checks:
            severity = TERMS[check.severity]
            lines += [f"### {check.code} {check.title}", ""]
            lines += [f"{check.title_en}. {severity.zh} (`{check.severity}`).", ""]
            for relation in form.relations:
                if relation.check == check.code:
                    lines.append(f"- `{relation.text}`: {relation_words(relation, form)}")
            lines += ["", f"- 为什么：{check.why} *{check.why_en}*"]
            lines += [f"- 怎么办：{check.remedy} *{check.remedy_en}*", ""]
    lines += ["## What the program finds", ""]
    for entry in CATALOGUE.values():
        lines += [f"### {entry.code} {entry.title.zh}", "", f"{entry.title.en}.", ""]
        parts = (
            ("提示", entry.message),
            ("为什么", entry.why),
            ("怎么办", entry.remedy),
            ("例子", entry.example),
        )
        lines += [f"- {name}：{text.zh} *{text.en}*" for name, text in parts]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def commands_page() -> str:
    """List every command with its arguments and options."""
    root = typer.main.get_command(app)
    lines = ["# Commands", "", NOTE, ""]
    lines += ["Exit codes: 0 no open error; 1 open errors, or `--final` refused; 2 wrong usage;"]
    lines += ["3 could not run.", ""]
    lines += ["## Options before the command", "", *_options(root), ""]
    for name, command in _commands(root, "sheetflow"):
        lines += [f"## {name}", "", _both(command.help), "", *_options(command), ""]
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Walk the command groups; their classes belong to click, which is not ours to import."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            if command.invoke_without_command:
                yield f"{prefix} {name}", command
            yield from _commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def _options(command: Any) -> Iterator[str]:  # noqa: ANN401
    for parameter in command.params:
        if parameter.name == "help":
            continue
        names = "/".join(parameter.opts) if parameter.opts[0][:1] == "-" else parameter.name.upper()
        yield f"- `{names}` {_both(parameter.help)}"


def _both(words: str) -> str:
    """Give words of help in both languages."""
    return f"{words} *{ENGLISH_HELP[words]}*"


PAGES = {"findings.md": findings_page, "commands.md": commands_page}


def main() -> int:
    """Write the pages, or with --check name those that are not what the code says."""
    stale = 0
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"docs/{name} is not what the code says; run make masters")
            stale += 1
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
