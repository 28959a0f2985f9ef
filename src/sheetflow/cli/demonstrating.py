"""`demo` on the terminal: what was done, what came out, where to look."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import typer

from sheetflow.campaign import demo
from sheetflow.campaign.examples import example
from sheetflow.messages.interface import say
from sheetflow.model.findings import Status
from sheetflow.model.form import LineKind

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.reports.results import Results


def demonstrate(folder: Path, name: str) -> int:
    """Run an example without its decisions, then with them, and print both outcomes."""
    case = example(name)
    count = demo.prepare(case, folder)
    typer.echo(say("demo_issued", count=str(count)))
    published = case.published()
    before = demo.run(folder)
    if published:
        different = demo.differences(before, published)
        typed = sum(before.form.cells[ref].kind is LineKind.ENTRY for ref in published)
        typer.echo(
            say(
                "demo_before",
                equal=str(typed - len(different)),
                typed=str(typed),
                different=str(len(different)),
            )
        )
        for each in different:
            typer.echo(f"  {each.cell}  {each.summed} / {each.published}")
    typer.echo(say("demo_findings", counts=_counts(before)))
    if case.decisions.is_file():
        demo.decide(case, folder)
        after = demo.run(folder)
        typer.echo(
            say(
                "demo_after",
                equal=str(demo.equal_as_displayed(after, published)),
                cells=str(len(published)),
                open=str(len(after.ledger.open_findings) + len(after.ledger.missing)),
            )
        )
    typer.echo(say("demo_look", root=str(folder)))
    return 0


def _counts(results: Results) -> str:
    found = Counter(f.code for f in results.ledger.findings if f.status is Status.OPEN)
    return "，".join(f"{code} {count}" for code, count in sorted(found.items()))
