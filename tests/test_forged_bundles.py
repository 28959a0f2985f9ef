"""A bundle whose hashes fit, and that somebody made up all the same, does no harm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from campaigns import merged, start
from sheetflow.campaign.folder import RETURNS
from sheetflow.gathering.bundles import RECORDS, ROSTER, SLATES, TOTALS
from sheetflow.gathering.enclosed import DECISIONS
from test_bundles import CITY, NORTH, altered, codes, packed, sent, totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sheetflow.reports.results import Results

    Json = Any
    Way = tuple[int | str, ...]
    """Leads to a value within JSON."""

HALF = "\ud800"
FORGED: tuple[Json, ...] = (
    *(
        None,
        True,
        3,
        -1,
        1.5,
        10**30,
        "",
        "x",
        "R9",
        HALF,
        "1e999999999",
        "1e900",
        "NaN",
        "7" * 5000,
    ),
    *([], {}, ["x"], {"a": 1}, ["t", "new", "person"], ["t", "new", "nothing"]),
)
FILE, RETURN = (0, 0), (0, 1)
"""The ways to the first record's file and to its return."""


@pytest.fixture(scope="module")
def odd_bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Pack two returns of which one is odd in every way, and what is no return."""
    root = sent(start(tmp_path_factory.mktemp("county") / "north", NORTH), "a", "b")
    path = root / RETURNS / "a.xlsx"
    book = load_workbook(path)
    book["一"]["A8"].value = "办结的"  # a label reworded
    book["一"]["C7"].value = "三件"
    book["一"]["E11"].value = 9  # a total typed over
    book["一"]["J20"].value = "别处"
    book["自检"]["E4"].value = "两件待补正"
    book.create_sheet("多出的")
    book.save(path)
    (root / RETURNS / "坏.xlsx").write_bytes(b"PK\3\4")
    return packed(root)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the city's campaign, in which the bundle is still to come."""
    return sent(start(tmp_path_factory.mktemp("above") / "city", CITY), "c", "d", "e")


def ways(given: Json, before: Way = ()) -> Iterator[Way]:
    """Give the way to each value within JSON."""
    yield before
    keys = (
        range(len(given)) if isinstance(given, list) else given if isinstance(given, dict) else ()
    )
    for key in keys:
        yield from ways(given[key], (*before, key))


def changed(given: Json, way: Way, value: Json) -> Json:
    """Give JSON with another value at the end of a way."""
    if not way:
        return value
    copy = given.copy()
    copy[way[0]] = changed(given[way[0]], way[1:], value)
    return copy


def lines_of(parts: Mapping[str, bytes]) -> list[Json]:
    """Give the records, then the slates and the roster."""
    slates = {name: json.loads(text) for name, text in json.loads(parts[SLATES]).items()}
    records = map(json.loads, parts[RECORDS].splitlines())
    return [*records, slates, json.loads(parts[ROSTER])]


def put_back(parts: dict[str, bytes], lines: Sequence[Json]) -> None:
    """Write the records, the slates and the roster."""
    *records, slates, roster = lines
    if isinstance(slates, dict):
        slates = {name: json.dumps(slate) for name, slate in slates.items()}
    parts[RECORDS] = b"".join(b"%b\n" % json.dumps(each).encode() for each in records)
    parts[SLATES], parts[ROSTER] = (json.dumps(each).encode() for each in (slates, roster))


def forged(bundle: bytes, line: int, way: Way, value: Json) -> bytes:
    """Put another value into a bundle, its head told to fit."""

    def change(parts: dict[str, bytes]) -> None:
        lines = lines_of(parts)
        lines[line] = changed(lines[line], way, value)
        put_back(parts, lines)

    return altered(bundle, change, signed=True)


def came(root: Path, bundle: bytes) -> Results:
    """Merge the city with a bundle."""
    (root / RETURNS / "县.zip").write_bytes(bundle)
    return merged(root)


@pytest.mark.parametrize(
    ("way", "value"),
    [
        ((*FILE, 1), "17264"),  # its size
        ((*FILE, 2), 7),  # its SHA-256
        ((*FILE, 6), ["F02"]),  # why it was not read
        ((*FILE, 7), ["a"]),  # its agency
        ((*RETURN, 0), "1"),  # its issue
        ((*RETURN, 1, 1), "1\x7f1e900"),  # its answers
        ((*RETURN, 3), ["张三"]),  # who filled it in
        ((*RETURN, 4), [["R9", "query", "a", *[None] * 4, [], "", "open", "", None, {}]]),
        ((*RETURN, 4), [["I05", "query", "a", *[None] * 4, [], "", "open", "", None, []]]),
        ((*RETURN, 6, 0, 3), []),  # the cells that a label took away
        ((*RETURN, 10), [1]),  # what its figures add up to
    ],
)
def test_a_field_of_another_type_makes_a_bundle_no_bundle(
    odd_bundle: bytes, city: Path, way: Way, value: Json
) -> None:
    results = came(city, forged(odd_bundle, 0, way, value))
    assert "F31" in codes(results)
    assert results.ledger.by_agency["a"].submission is None


@pytest.mark.parametrize("part", [RECORDS, SLATES, ROSTER, TOTALS, DECISIONS])
@pytest.mark.parametrize("data", [b"\xff", HALF.encode("utf-8", "surrogatepass")])
def test_a_part_that_is_no_text_makes_a_bundle_no_bundle(
    odd_bundle: bytes, city: Path, part: str, data: bytes
) -> None:
    bundle = altered(odd_bundle, lambda parts: parts.update({part: data}), signed=True)
    assert "F31" in codes(came(city, bundle))


@pytest.mark.parametrize("code", ["", "b"])
def test_a_roster_that_is_no_tree_makes_a_bundle_no_bundle(
    odd_bundle: bytes, city: Path, code: str
) -> None:
    assert "F31" in codes(came(city, forged(odd_bundle, -1, (0, "code"), code)))


def test_what_figures_are_said_to_add_up_to_is_added_up_anew(odd_bundle: bytes, city: Path) -> None:
    sums = [
        came(city, each).ledger.by_agency["b"].submission
        for each in (odd_bundle, forged(odd_bundle, 1, (*RETURN, 10), 12345))
    ]
    assert sums[0] is not None
    assert sums[1] is not None
    assert sums[0].total == sums[1].total


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_forged_the_city_is_merged(
    odd_bundle: bytes, city: Path, data: st.DataObject
) -> None:
    lines: list[Json] = []
    altered(odd_bundle, lambda parts: lines.extend(lines_of(parts)), signed=False)
    line = data.draw(st.integers(0, len(lines) - 1))
    way = data.draw(st.sampled_from(list(ways(lines[line]))))
    value = data.draw(st.sampled_from(FORGED))
    results = came(city, forged(odd_bundle, line, way, value))
    if not codes(results) & {"F31", "F33"}:
        assert totals(results) == totals(came(city, odd_bundle))
