"""Whatever was sent and decided: bundles give the city what every return itself would give it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import decide, send, start
from sheetflow.campaign.computing import compute
from sheetflow.campaign.folder import KEY, open_campaign
from test_bundles import packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sheetflow.reports.results import Results

CITY = """N 北县 . group
T 北街 N group
a 甲局 T 部门
b 乙局 T 部门
c 丙局 N 部门
S 南县 . group
d 丁局 S 部门
e 己局 . 部门"""
COUNTY = "T 北街 . group\na 甲局 T 部门\nb 乙局 T 部门\nc 丙局 . 部门"
AGENCIES = "abcde"
STREET = "a 甲局 . 部门\nb 乙局 . 部门"
TEXTS = (
    "new 3 1\ndone.yes 2 1\nleft 1 0",
    "new 5 -\ndone.yes 5 1",
    "new 0 0",
    "new 4 4\ndone.no 4 4\ncopies 1.5 0",
    "new ? 2\ndone.yes 0 2",
)
EXAMPLES = int(os.environ.get("SHEETFLOW_EXAMPLES", "40"))
CELLS = ("t/new/firm", "t/left/person")


@dataclass(frozen=True)
class Decided:
    """A decision of an office: its kind, one of its agencies, and what it says."""

    agencies: str
    kind: str
    agency: str
    cell: str
    number: int

    def written(self, group: str, sha: Callable[[str], str]) -> str:
        """Write it as decisions.toml has it."""
        own = f'agency = "{self.agency}"'
        match self.kind:
            case "adjust":
                return f'[[adjust]] {own}; cell = "{self.cell}"; value = {self.number}'
            case "add":
                return (
                    f'[[adjust]] group = "{group}"; cell = "{self.cell}"; add = {self.number - 3}'
                )
            case "waive":
                return f'[[waive]] {own}; check = "B{self.number % 3 + 1}"'
            case "choose" | "assign":
                other = self.agencies[self.number % len(self.agencies)]
                file = sha(other if self.kind == "assign" else self.agency)
                return f'[[{self.kind}]] {own}; sha256 = "{file}"' if file else ""
        return f"[[{self.kind}]] {own}"


def decisions(agencies: str) -> st.SearchStrategy[list[Decided]]:
    """Draw decisions of every kind on some agencies and on their sum."""
    kinds = ("adjust", "blank-zero", "waive", "excuse", "choose", "assign", "add")
    one = st.builds(
        Decided,
        st.just(agencies),
        st.sampled_from(kinds),
        st.sampled_from(agencies),
        st.sampled_from(CELLS),
        st.integers(0, 6),
    )
    return st.lists(one, max_size=4, unique_by=lambda d: (d.kind, d.agency, d.cell))


@cache
def sources() -> tuple[bytes, dict[tuple[str, int], bytes]]:
    """Give a campaign's key, and each agency's return of each text; all offices use them."""
    with tempfile.TemporaryDirectory() as folder:
        root = start(Path(folder, "c"), CITY)
        files: dict[tuple[str, int], bytes] = {}
        for number, text in enumerate(TEXTS):
            send(root, **dict.fromkeys(AGENCIES, text))
            for agency in AGENCIES:
                files[agency, number] = (root / "returns" / f"{agency}.xlsx").read_bytes()
        return (root / KEY).read_bytes(), files


def office(
    root: Path,
    roster: str,
    sent: Mapping[str, Sequence[int]],
    decided: Iterable[tuple[str, list[Decided]]],
    *bundles: bytes,
) -> Path:
    """Make a campaign with returns, decisions (each list with its group) and bundles."""
    start(root, roster)
    key, files = sources()
    (root / KEY).write_bytes(key)
    for agency, texts in sent.items():
        for number in texts:
            (root / "returns" / f"{agency}{number}.xlsx").write_bytes(files[agency, number])
    for number, data in enumerate(bundles):
        (root / "returns" / f"下级{number}.zip").write_bytes(data)

    def sha(agency: str) -> str:
        digests = (hashlib.sha256(files[agency, number]).hexdigest() for number in sent[agency])
        return next(digests, "")

    decide(root, "\n".join(d.written(group, sha) for group, some in decided for d in some))
    return root


def known(results: Results) -> object:
    """Give all that must be the same: totals with their coverage, standings, findings."""
    return (
        {group: dict(each.totals) for group, each in results.aggregates.items()},
        {
            line.agency: (line.standing, sorted((f.key, f.status, f.reason) for f in line.findings))
            for line in results.ledger.lines
        },
    )


SENT = st.fixed_dictionaries(
    {
        agency: st.lists(st.sampled_from(range(len(TEXTS))), max_size=2, unique=True).map(tuple)
        for agency in AGENCIES
    }
)


@given(
    SENT,
    decisions("ab"),
    decisions("c"),
    decisions("de"),
    st.sampled_from(("one", "nested", "twice")),
    st.sets(st.sampled_from("abc")),
)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_bundles_give_what_all_returns_and_decisions_give(  # noqa: PLR0917 - drawn
    sent: dict[str, tuple[int, ...]],
    of_street: list[Decided],
    of_county: list[Decided],
    of_city: list[Decided],
    how: str,
    also_here: set[str],
) -> None:
    own = {agency: sent[agency] for agency in "de"}
    with tempfile.TemporaryDirectory() as folder:
        every = [("T", of_street), ("N", of_county), ("all", of_city)]
        flat = office(Path(folder, "flat"), CITY, sent, every)
        if how == "nested":
            below = {agency: sent[agency] for agency in "ab"}
            street = packed(office(Path(folder, "T"), STREET, below, [("all", of_street)]))
            county = packed(
                office(Path(folder, "N"), COUNTY, {"c": sent["c"]}, [("all", of_county)], street)
            )
        else:
            below = {agency: sent[agency] for agency in "abc"}
            given_there = [("T", of_street), ("all", of_county)]
            county = packed(office(Path(folder, "N"), COUNTY, below, given_there))
        bundles = [county] * (2 if how == "twice" else 1)
        here = own | {agency: sent[agency] for agency in sorted(also_here)}
        city = office(Path(folder, "city"), CITY, here, [("all", of_city)], *bundles)
        results = compute(open_campaign(city))
        assert known(results) == known(compute(open_campaign(flat)))
        assert not [f for f in results.ledger.other_findings if f.code.startswith("F")]
