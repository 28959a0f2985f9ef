"""Plants errors of twenty kinds in clean returns and counts what the checks say about them.

    planted.py [--each 100] [--seed 1]

Clean returns are those of 平潭 2024, blanks filled with 0 and their one unbalanced column mended.
Each error is planted in a return with typed totals; in one on the template, whose totals are
formulas and follow; and in one on the template beside last year's figures, which here are this
year's clean ones. Counted: found at all; the planted cell named by a finding or among those of a
hint; messages. Kinds that no relation can see are listed as such.
"""

from __future__ import annotations

import argparse
import random
import sys
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from samples import cell, filled, form, submitted
from sheetflow.campaign.examples import example
from sheetflow.checks.case import Case
from sheetflow.checks.causes import causes, with_causes
from sheetflow.checks.submission import check_submission
from sheetflow.model.cells import CellRef
from sheetflow.model.history import Previous
from sheetflow.relations.evaluate import with_totals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sheetflow.model.findings import Finding

    Values = dict[CellRef, Decimal]
    Wrong = Mapping[CellRef, object]
    Plant = Callable[[random.Random, Values], Wrong | None]

FORM = form()
ENTRIES = [each.ref for each in FORM.entries() if each.numeric and each.required]
REQUESTS = [ref for ref in ENTRIES if ref.table == "requests"]
RESULTS = [ref for ref in REQUESTS if ref.item.startswith("done.")]
DISPUTES = [ref for ref in ENTRIES if ref.table == "disputes"]
SECTION_TWO = [ref for ref in ENTRIES if ref.table in ("documents", "licensing", "sanctions")]
FEE = cell("charges/fees/amount")
ITEMS = list(dict.fromkeys(ref.item for ref in RESULTS))
COLUMNS = list(dict.fromkeys(ref.column for ref in RESULTS))


class Mode(Enum):
    """What the checks have to go by."""

    TYPED = "Typed totals"
    FORMULAS = "On the template"
    HISTORY = "On the template, last year's figures known"


class Tally(NamedTuple):
    """How often a kind of error was planted, found, named, and said in how many messages."""

    planted: int
    found: int
    named: int
    messages: int


def clean_returns() -> list[Values]:
    """Give the agencies' figures without their mistakes."""
    returns = []
    for reported in example("pingtan-2024").reported().values():
        values = {ref: Decimal(reported.get(ref) or 0) for ref in ENTRIES}
        for column in COLUMNS:
            done = sum(v for ref, v in values.items() if ref in RESULTS and ref.column == column)
            values[CellRef("requests", "new", column)] = (
                done
                + values[CellRef("requests", "carried_out", column)]
                - values[CellRef("requests", "carried_in", column)]
            )
        returns.append(values)
    return returns


def nonzero(rng: random.Random, values: Values, refs: list[CellRef]) -> CellRef | None:
    """Pick a cell that has a figure."""
    known = [ref for ref in refs if values[ref]]
    return rng.choice(known) if known else None


def _changed(refs: list[CellRef], how: Callable[[random.Random, Decimal], object]) -> Plant:
    def plant(rng: random.Random, values: Values) -> Wrong | None:
        ref = nonzero(rng, values, refs)
        if ref is None:
            return None
        wrong = how(rng, values[ref])
        return None if wrong == values[ref] else {ref: wrong}

    return plant


def _transposed(_: random.Random, value: Decimal) -> object:
    digits = str(value)
    return (
        Decimal(digits[1] + digits[0] + digits[2:])
        if len(digits) > 1 and digits[1] != "0"
        else value
    )


def _digit(rng: random.Random, value: Decimal) -> object:
    digits = list(str(value))
    place = rng.randrange(len(digits))
    digits[place] = (
        str((int(digits[place]) + rng.randrange(1, 9)) % 10)
        if digits[place].isdigit()
        else digits[place]
    )
    return Decimal("".join(digits))


def _moved(rows: int, columns: int) -> Plant:
    def plant(rng: random.Random, values: Values) -> Wrong | None:
        ref = nonzero(rng, values, RESULTS)
        if ref is None:
            return None
        item, column = ITEMS.index(ref.item) + rows, COLUMNS.index(ref.column) + columns
        if item >= len(ITEMS) or column >= len(COLUMNS):
            return None
        other = CellRef("requests", ITEMS[item], COLUMNS[column])
        return None if values[other] else {ref: Decimal(0), other: values[ref]}

    return plant


def _counted_twice(rng: random.Random, values: Values) -> Wrong | None:
    ref = rng.choice(RESULTS)
    return {ref: values[ref] + 1}


def _exchanged_rows(rng: random.Random, values: Values) -> Wrong | None:
    one, other = rng.sample(ITEMS, 2)
    pairs = [(CellRef("requests", one, c), CellRef("requests", other, c)) for c in COLUMNS]
    wrong = {a: values[b] for a, b in pairs} | {b: values[a] for a, b in pairs}
    return wrong if any(wrong[ref] != values[ref] for ref in wrong) else None


def _exchanged_columns(rng: random.Random, values: Values) -> Wrong | None:
    one, other = rng.sample(COLUMNS, 2)
    rows = list(dict.fromkeys(ref.item for ref in REQUESTS))
    pairs = [(CellRef("requests", r, one), CellRef("requests", r, other)) for r in rows]
    wrong = {a: values[b] for a, b in pairs} | {b: values[a] for a, b in pairs}
    return wrong if any(wrong[ref] != values[ref] for ref in wrong) else None


def _total(column: str, value: object) -> Plant:
    """Put a figure into every total of a line, or leave one column out of each."""

    def plant(rng: random.Random, values: Values) -> Wrong | None:
        totals = with_totals(FORM, values)
        refs = [r for r in FORM.leaves if r.table == "requests" and column in (r.item, r.column)]
        if value == "forgets":
            left_out = rng.choice(COLUMNS)
            wrong = {
                r: totals[r] - values.get(CellRef("requests", r.item, left_out), Decimal(0))
                for r in refs
            }
        else:
            wrong = dict.fromkeys(refs, Decimal(str(value)))
        wrong = {ref: v for ref, v in wrong.items() if v != totals[ref]}
        return wrong or None

    return plant


def _dispute_total(rng: random.Random, values: Values) -> Wrong | None:
    totals = with_totals(FORM, values)
    ref = rng.choice([r for r in FORM.leaves if r.table == "disputes"])
    return {ref: totals[ref] + rng.randrange(1, 4)}


KINDS: dict[str, Plant] = {
    "总计栏留 0": _total("total", 0),
    "（七）总计行留 0": _total("done.total", 0),
    "总计漏加一栏": _total("total", "forgets"),
    "表四总计加错": _dispute_total,
    "错一位数字（表三）": _changed(REQUESTS, _digit),
    "相邻数字颠倒（表三）": _changed(REQUESTS, _transposed),
    "多一个零（表三）": _changed(REQUESTS, lambda _, v: v * 10),
    "一件计了两次": _counted_twice,
    "结果漏计（填成 0）": _changed(RESULTS, lambda *_: Decimal(0)),
    "空白代替数": _changed(REQUESTS, lambda *_: None),
    "文字代替数": _changed(REQUESTS, lambda *_: "减4"),
    "带单位": _changed(REQUESTS, lambda _, v: f"{v}件"),
    "低填一行": _moved(1, 0),
    "填到右边一栏": _moved(0, 1),
    "新收数填错": _changed([r for r in REQUESTS if r.item == "new"], lambda _, v: v + 1),
    "两行互换": _exchanged_rows,
    "两栏互换": _exchanged_columns,
    "表四一种结果填错": _changed(DISPUTES, _digit),
    "元填成万元": _changed([FEE], lambda _, v: v * 10000),
    "第二部分填错": _changed(SECTION_TWO, lambda _, v: v * 20),
}


def check(values: Values, wrong: Wrong, mode: Mode) -> tuple[list[Finding], set[CellRef]]:
    """Check a return with an error; give the messages, and every cell that they name."""
    totals = {ref: v for ref, v in with_totals(FORM, values).items() if ref in FORM.leaves}
    cells = {**values, **(totals if mode is Mode.TYPED else {}), **wrong}
    texts = {str(ref): float(v) if isinstance(v, Decimal) else v for ref, v in cells.items()}
    before = Previous("2023", ("a",), with_totals(FORM, values))
    known = _without_carry(before) if mode is Mode.HISTORY else None
    case = Case(FORM, submitted(filled(texts)), known)
    found = with_causes(FORM, check_submission(case), causes(case))
    keys = {finding.key for finding in found}
    messages = [f for f in found if f.consequence_of not in keys]
    named = {f.cell for f in found if f.cell}
    named |= {ref for f in found if f.cause for ref in f.cause.cells}
    return messages, named


def _without_carry(previous: Previous) -> Previous:
    """Take last year's figures for the same as this year's, but for what carries over."""
    carried = {ref: v for ref, v in previous.figures.items() if ref.item != "carried_out"}
    carried |= {
        CellRef(ref.table, "carried_out", ref.column): v
        for ref, v in previous.figures.items()
        if ref.item == "carried_in"
    }
    in_force = {ref: v for ref, v in carried.items() if ref.column == "in_force"}
    for ref, v in in_force.items():
        made, repealed = (CellRef(ref.table, ref.item, c) for c in ("made", "repealed"))
        carried[ref] = v - previous.figures[made] + previous.figures[repealed]
    return Previous(previous.period, previous.agencies, carried)


def measure(plant: Plant, each: int, rng: random.Random, mode: Mode) -> tuple[Tally, set[str]]:
    """Plant one kind of error so many times."""
    planted = found = named = messages = 0
    codes: set[str] = set()
    returns = clean_returns()
    for _ in range(each * 20):
        if planted == each:
            break
        values = rng.choice(returns)
        wrong = plant(rng, values)
        if wrong is None or (mode is not Mode.TYPED and all(ref in FORM.leaves for ref in wrong)):
            continue
        planted += 1
        said, cells = check(values, wrong, mode)
        told = [f for f in said if f.code != "P5"]
        found += bool(told)
        named += bool(cells & wrong.keys())
        messages += len(told)
        codes |= {f.code for f in told}
    return Tally(planted, found, named, messages), codes


def main() -> None:
    """Measure every kind in both modes; print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    alarms = sum(
        len([f for f in check(values, {}, mode)[0] if f.code != "P5"])
        for values in clean_returns()
        for mode in Mode
    )
    print(
        f"seed {arguments.seed}, {arguments.each} of each kind; false alarms on clean: {alarms}\n"
    )
    for mode in Mode:
        print(f"### {mode.value}\n")
        print("| error | planted | found | cell named | messages each | codes |")
        print("|---|---|---|---|---|---|")
        for name, plant in KINDS.items():
            rng = random.Random(arguments.seed)  # noqa: S311 - places, not secrets
            tally, codes = measure(plant, arguments.each, rng, mode)
            if tally.planted:
                by = "" if tally.found else "（看不出）"
                shares = [100 * part / tally.planted for part in (tally.found, tally.named)]
                cells = [f"{name}{by}", tally.planted, *(f"{share:.0f} %" for share in shares)]
                cells += [f"{tally.messages / tally.planted:.1f}", " ".join(sorted(codes))]
                print("|", " | ".join(map(str, cells)), "|")
        print()


if __name__ == "__main__":
    main()
