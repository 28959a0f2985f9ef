"""The whole way on real figures: templates, returns, checks, decisions, sums, report."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from campaigns import ref, snapshot
from sheetflow.campaign import demo
from sheetflow.campaign.computing import compute
from sheetflow.campaign.examples import Example, example
from sheetflow.campaign.folder import OUTPUT, RETURNS, TEMPLATES, open_campaign
from sheetflow.campaign.issuing import issue_templates
from sheetflow.campaign.merging import merge
from sheetflow.campaign.starting import start_campaign
from sheetflow.campaign.tracing import trace
from sheetflow.cli.app import app
from sheetflow.cli.entry import run
from sheetflow.definitions.shipped import shipped_form_text
from sheetflow.model.campaign import Settings
from sheetflow.model.findings import Severity, Status
from sheetflow.model.form import LineKind
from sheetflow.model.ledger import Standing
from sheetflow.model.roster import ALL

if TYPE_CHECKING:
    from pathlib import Path

    from sheetflow.model.cells import CellRef
    from sheetflow.reports.results import Results

REGULATIONS = ("made", "repealed", "in_force")
APPLICANTS = ("person", "org.company", "org.research", "org.welfare", "org.legal", "org.other")

BLANK_REGULATIONS = {
    (agency, f"documents/regulations/{column}")
    for agency in ("pt-scj", "pt-nyn", "pt-shs", "pt-htp", "pt-jjp")
    for column in REGULATIONS
}
BLANK_RESULTS = {
    ("pt-scj", f"requests/{item}/{column}")
    for item in ("done.other.no_payment", "done.other.misc")
    for column in APPLICANTS
}
WRONG_TOTALS = {
    ("R2", "pt-jfj", "requests/done.total/person", 0, 3),
    ("R2", "pt-jfj", "requests/done.total/total", 0, 3),
    ("R3", "pt-nyn", "requests/new/total", 0, 3),
    ("R3", "pt-nyn", "requests/done.granted/total", 0, 1),
    ("R3", "pt-nyn", "requests/done.refused.third_party/total", 0, 2),
    ("R2", "pt-nyn", "requests/done.total/total", 0, 3),
    ("R4", "pt-shs", "disputes/cases/suit.after_review.total", 15, 19),
    ("R4", "pt-hzs", "disputes/cases/review.total", 0, 1),
    ("R3", "pt-htp", "requests/new/total", 0, 6),
    ("R3", "pt-htp", "requests/done.unable.not_held/total", 0, 4),
    ("R3", "pt-htp", "requests/done.unable.unclear/total", 0, 1),
    ("R3", "pt-htp", "requests/done.other.no_correction/total", 0, 1),
    ("R3", "pt-htp", "requests/done.other.misc/total", 0, 1),
    ("R2", "pt-htp", "requests/done.total/total", 0, 7),
    ("R2", "pt-htp", "requests/done.total/person", 5, 6),
}
UNBALANCED = {
    ("R1", "pt-htp", "requests/new/person", 5, 6),
    ("R1", "pt-htp", "requests/new/total", 6, 7),
}


@dataclass(frozen=True)
class Case:
    """Two campaign folders of one example, without and with the office's decisions."""

    example: Example
    draft_root: Path
    draft: Results
    final_root: Path
    final: Results


@pytest.fixture(scope="session")
def pingtan(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("pingtan")
    case, draft, final = example("pingtan-2024"), folder / "draft", folder / "final"
    demo.prepare(case, draft)
    shutil.copytree(draft, final)
    demo.decide(case, final)
    return Case(case, draft, demo.run(draft), final, demo.run(final))


@pytest.fixture(scope="session")
def hengyang(tmp_path_factory: pytest.TempPathFactory) -> Results:
    root = tmp_path_factory.mktemp("hengyang") / "case"
    demo.prepare(example("hengyang-mzj-2023"), root)
    return demo.run(root)


def found(results: Results, *codes: str) -> set[tuple[str, str, str, int, int]]:
    return {
        (f.code, f.agency, str(f.cell), int(f.left or 0), int(f.right or 0))
        for f in results.ledger.findings
        if f.code in codes
    }


def blanks(results: Results, severity: Severity) -> set[tuple[str, str]]:
    return {
        (f.agency, str(f.cell))
        for f in results.ledger.findings
        if f.code == "T2" and f.severity is severity
    }


def value(results: Results, code: str) -> Decimal | None:
    return results.aggregates[ALL].value(ref(code))


def typed_total(results: Results, cell: CellRef) -> Decimal:
    """Add up what the agencies' own total cells say, as nobody should."""
    submissions = [line.submission for line in results.ledger.lines if line.submission]
    totals = [sent.totals[cell] for sent in submissions]
    leaves = [leaf for _, leaf in results.form.leaves[cell]]
    left = [sent for sent, total in zip(submissions, totals, strict=True) if not total.typed]
    computed = [sent.entries[leaf].value for sent in left for leaf in leaves]
    return sum((v for v in (*(t.value for t in totals), *computed) if v), Decimal(0))


def test_every_return_is_used_and_no_agency_is_missing(pingtan: Case) -> None:
    assert Counter(file.verdict.value for file in pingtan.draft.ledger.files) == {"used": 17}
    assert not pingtan.draft.ledger.missing


def test_without_decisions_161_of_166_typed_cells_equal_the_published_ones(pingtan: Case) -> None:
    published = pingtan.example.published()
    typed = [c for c in published if pingtan.draft.form.cells[c].kind is LineKind.ENTRY]
    different = demo.differences(pingtan.draft, published)
    assert (len(published), len(typed), len(typed) - len(different)) == (200, 166, 161)
    assert {(str(d.cell), d.summed, d.published) for d in different} == {
        ("requests/done.unable.unclear/person", "1", "0"),
        ("sanctions/penalties/decided", "846", "1100"),
        ("documents/normative/repealed", "27", "33"),
        ("documents/normative/in_force", "468", "440"),
        ("charges/fees/amount", "18651.064104", "18651.06"),
    }


def test_the_27_blanks_are_found_regulations_as_queries_the_others_as_errors(
    pingtan: Case,
) -> None:
    assert blanks(pingtan.draft, Severity.QUERY) == BLANK_REGULATIONS
    assert blanks(pingtan.draft, Severity.ERROR) == BLANK_RESULTS
    assert len(BLANK_REGULATIONS) + len(BLANK_RESULTS) == 27


def test_the_15_wrong_totals_are_found_with_both_sides(pingtan: Case) -> None:
    assert found(pingtan.draft, "R2", "R3", "R4") == WRONG_TOTALS


def test_the_request_counted_twice_is_found_once_and_its_total_as_a_consequence(
    pingtan: Case,
) -> None:
    assert found(pingtan.draft, "R1") == UNBALANCED
    causes = {
        str(f.cell): f.consequence_of for f in pingtan.draft.ledger.findings if f.code == "R1"
    }
    assert causes == {
        "requests/new/person": "",
        "requests/new/total": "R1 requests/new/person",
    }


def test_nothing_else_is_found(pingtan: Case) -> None:
    counts = Counter(f.code for f in pingtan.draft.ledger.findings)
    assert counts == {"T2": 27, "R1": 2, "R2": 5, "R3": 8, "R4": 2}


def test_each_finding_names_file_sheet_and_cell(pingtan: Case) -> None:
    places = [f.place for f in pingtan.draft.ledger.findings]
    assert all(p and p.file.startswith("returns/pt-") and p.sheet and p.address for p in places)


def test_new_requests_are_the_sum_of_the_typed_cells_not_of_the_typed_totals(
    pingtan: Case,
) -> None:
    total = ref("requests/new/total")
    assert value(pingtan.draft, "requests/new/total") == Decimal(218)
    assert typed_total(pingtan.draft, total) == Decimal(209)


def test_the_draft_says_so_in_every_document(pingtan: Case) -> None:
    assert pingtan.draft.is_draft
    assert not pingtan.final.is_draft
    for root, is_draft in ((pingtan.draft_root, True), (pingtan.final_root, False)):
        output = root / OUTPUT
        assert ("草稿" in (output / "report.html").read_text(encoding="utf-8")) is is_draft
        assert ("草稿" in word_text(output / "report.docx")) is is_draft
        assert any("草稿" in text for text in summary_texts(output, "二")) is is_draft
        assert json.loads((output / "run.json").read_text(encoding="utf-8"))["draft"] is is_draft


def test_with_the_decisions_all_200_cells_equal_the_published_ones_as_displayed(
    pingtan: Case,
) -> None:
    published = pingtan.example.published()
    assert demo.equal_as_displayed(pingtan.final, published) == len(published) == 200
    assert value(pingtan.final, "charges/fees/amount") == Decimal("18651.064104")


def test_with_the_decisions_nothing_is_open_and_every_closed_finding_stays_listed(
    pingtan: Case,
) -> None:
    ledger = pingtan.final.ledger
    assert ledger.is_final
    assert {line.standing for line in ledger.lines} == {Standing.ACCEPTED}
    before = {(f.agency, f.key) for f in pingtan.draft.ledger.findings}
    assert {(f.agency, f.key) for f in ledger.findings} == before
    assert all(f.reason for f in ledger.findings)
    assert Counter(f.status for f in ledger.findings) == {Status.ADJUSTED: 31, Status.WAIVED: 13}


def test_merge_final_exits_0_once_nothing_is_open(pingtan: Case) -> None:
    arguments = ["-C", str(pingtan.final_root), "merge", "--final"]
    assert run(lambda: app(arguments, standalone_mode=False)) == 0


def test_every_decision_is_listed_with_its_reason_in_summary_and_report(pingtan: Case) -> None:
    decisions = pingtan.final.ledger.decisions
    assert Counter(d.kind.value for d in decisions) == {"adjust": 4, "blank-zero": 5, "waive": 13}
    output = pingtan.final_root / OUTPUT
    listed = Counter(summary_texts(output, "处理决定"))
    word, html = word_text(output / "report.docx"), (output / "report.html").read_text("utf-8")
    for reason, times in Counter(d.why for d in decisions).items():
        assert listed[reason] == times
        assert word.count(reason) == times
        assert html.count(reason) == times


def test_the_summary_workbook_shows_the_published_figures_as_cached_values(pingtan: Case) -> None:
    data = (pingtan.final_root / OUTPUT / "summary.xlsx").read_bytes()
    book = load_workbook(io.BytesIO(data), data_only=True)
    published = pingtan.example.published()
    shown = {
        slot.ref: book[sheet.name][slot.box.moved_down(2).address].value
        for sheet in pingtan.final.layout.sheets
        for slot in (sheet.grid.slots if sheet.grid else ())
    }
    assert {cell: shown[cell] for cell in published} == {
        cell: pytest.approx(float(figure), abs=0.005) for cell, figure in published.items()
    }


def test_the_group_adjustment_is_a_contribution_of_its_own(pingtan: Case) -> None:
    traced = trace(pingtan.final, "sanctions/penalties/decided", ALL)
    own, other = traced.contributions[:-1], traced.contributions[-1]
    assert (len(own), sum(part.value or 0 for part in own)) == (17, 846)
    assert (other.agency, other.value, other.place.file) == (ALL, Decimal(254), "decisions.toml")
    assert (traced.total.reported, traced.total.expected) == (17, 17)


def test_the_adjusted_cell_keeps_what_the_agency_wrote(pingtan: Case) -> None:
    traced = trace(pingtan.final, "requests/done.unable.unclear/person", ALL)
    (part,) = (p for p in traced.contributions if p.agency == "pt-htp")
    assert (part.raw, part.value, part.state) == ("1", Decimal(0), "adjusted")
    assert part.reason.startswith("单位报告把同一件申请")


def test_the_same_folder_gives_the_same_bytes_twice(pingtan: Case) -> None:
    before = snapshot(pingtan.final_root)
    shutil.rmtree(pingtan.final_root / OUTPUT)
    campaign = open_campaign(pingtan.final_root)
    merge(campaign, compute(campaign))
    assert snapshot(pingtan.final_root) == before


def test_the_same_key_gives_the_same_templates_and_the_same_outputs(
    pingtan: Case, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    settings = Settings(form="zfxxgk-2021", period="2024", name=pingtan.example.campaign)
    form = shipped_form_text("zfxxgk-2021")
    start_campaign(other, settings, form, pingtan.example.roster)
    shutil.copy(pingtan.final_root / ".sheetflow/key", other / ".sheetflow/key")
    issue_templates(open_campaign(other))
    assert snapshot(other / TEMPLATES) == snapshot(pingtan.final_root / TEMPLATES)
    shutil.copytree(pingtan.draft_root / RETURNS, other / RETURNS, dirs_exist_ok=True)
    demo.run(other)
    assert snapshot(other / OUTPUT) == snapshot(pingtan.draft_root / OUTPUT)


def test_one_blank_fee_is_all_that_is_found_in_a_sound_report(hengyang: Results) -> None:
    (finding,) = hengyang.ledger.findings
    assert (finding.code, str(finding.cell), finding.severity) == (
        "T2",
        "charges/fees/amount",
        Severity.ERROR,
    )
    total = hengyang.aggregates[ALL].totals[ref("charges/fees/amount")]
    assert (total.value, total.reported, total.expected) == (None, 0, 1)
    assert hengyang.shown(ALL, ref("charges/fees/amount")) == "—"


def summary_texts(output: Path, sheet: str) -> list[str]:
    book = load_workbook(io.BytesIO((output / "summary.xlsx").read_bytes()), data_only=True)
    return [str(cell) for row in book[sheet].iter_rows(values_only=True) for cell in row if cell]


def word_text(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read("word/document.xml").decode()
