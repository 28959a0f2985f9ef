"""The shipped form says what the letter 国办公开办函〔2021〕30号 says, word for word."""

from __future__ import annotations

import re

import pytest

from samples import cell
from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text, shipped_forms
from sheetflow.errors import UnknownNameError
from sheetflow.layout.sheets import form_layout
from sheetflow.model.findings import Severity
from sheetflow.model.form import Blank, Form, LineKind, Measure
from sheetflow.relations.formula import SheetBox, side_formula

REQUESTS = """
new | 一、本年新收政府信息公开申请数量
carried_in | 二、上年结转政府信息公开申请数量
done | 三、本年度办理结果
done.granted | （一）予以公开
done.partial | （二）部分公开（区分处理的，只计这一情形，不计其他情形）
done.refused | （三）不予公开
done.refused.secret | 1.属于国家秘密
done.refused.law | 2.其他法律行政法规禁止公开
done.refused.stability | 3.危及“三安全一稳定”
done.refused.third_party | 4.保护第三方合法权益
done.refused.internal | 5.属于三类内部事务信息
done.refused.process | 6.属于四类过程性信息
done.refused.enforcement | 7.属于行政执法案卷
done.refused.query | 8.属于行政查询事项
done.unable | （四）无法提供
done.unable.not_held | 1.本机关不掌握相关政府信息
done.unable.not_ready | 2.没有现成信息需要另行制作
done.unable.unclear | 3.补正后申请内容仍不明确
done.declined | （五）不予处理
done.declined.petition | 1.信访举报投诉类申请
done.declined.repeat | 2.重复申请
done.declined.publication | 3.要求提供公开出版物
done.declined.excessive | 4.无正当理由大量反复申请
done.declined.reissue | 5.要求行政机关确认或重新出具已获取信息
done.other | （六）其他处理
done.other.no_correction | 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
done.other.no_payment | 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
done.other.misc | 3.其他
done.total | （七）总计
carried_out | 四、结转下年度继续办理
"""
RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


@pytest.fixture(scope="module")
def form() -> Form:
    loaded = load_form(shipped_form_text("zfxxgk-2021"), "zfxxgk-2021.toml")
    assert loaded.findings == ()
    assert loaded.value is not None
    return loaded.value


def official(form: Form) -> set[str]:
    return {section.code for section in form.sections if section.official}


def test_there_are_200_official_numbers_166_typed_and_34_computed(form: Form) -> None:
    numbers = [c for c in form.cells.values() if c.numeric and c.section in official(form)]
    kinds = [c.kind for c in numbers]
    assert len(numbers) == 200
    assert kinds.count(LineKind.ENTRY) == 166
    assert kinds.count(LineKind.TOTAL) == 34


def test_the_six_headings_are_the_letters(form: Form) -> None:
    assert [section.heading for section in form.sections if section.official] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]


def test_every_label_of_table_three_is_official(form: Form) -> None:
    expected = [tuple(line.split(" | ")) for line in REQUESTS.strip().splitlines()]
    table = form.table("requests")
    assert [(item.code, item.label) for item in table.items] == expected
    assert table.corner == "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    assert table.banner == "申请人情况"
    assert [(column.code, column.label) for column in table.columns] == [
        ("person", "自然人"),
        ("org", "法人或其他组织"),
        ("org.company", "商业企业"),
        ("org.research", "科研机构"),
        ("org.welfare", "社会公益组织"),
        ("org.legal", "法律服务机构"),
        ("org.other", "其他"),
        ("total", "总计"),
    ]


def test_section_two_is_four_tables_with_their_captions(form: Form) -> None:
    shown = {
        table.code: (
            table.caption,
            table.corner,
            [line.label for line in table.columns],
            [line.label for line in table.items],
        )
        for table in form.tables_of("二")
    }
    decided = ["本年处理决定数量"]
    assert shown == {
        "documents": (
            "第二十条第（一）项",
            "信息内容",
            ["本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "行政规范性文件"],
        ),
        "licensing": ("第二十条第（五）项", "信息内容", decided, ["行政许可"]),
        "sanctions": ("第二十条第（六）项", "信息内容", decided, ["行政处罚", "行政强制"]),
        "charges": (
            "第二十条第（八）项",
            "信息内容",
            ["本年收费金额（单位：万元）"],
            ["行政事业性收费"],
        ),
    }


def test_table_four_repeats_the_five_results_three_times(form: Form) -> None:
    columns = form.table("disputes").columns
    headings = [line.label for line in columns if line.kind is LineKind.HEADING]
    assert headings == ["行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"]
    labels = [line.label for line in columns if line.kind is not LineKind.HEADING]
    assert labels == RESULTS * 3


def test_sections_and_codes_are_those_that_data_and_decisions_use(form: Form) -> None:
    assert [section.code for section in form.sections] == [*"一二三四五六", "附表"]
    assert [section.official for section in form.sections] == [True] * 6 + [False]
    codes: dict[str, list[str]] = {}
    for ref in form.cells:
        if ref.table != "requests":
            codes.setdefault(ref.table, []).append(f"{ref.item}/{ref.column}")
    parts = ("disclosure", "requests", "management", "platform", "supervision")
    results = ("upheld", "corrected", "other", "pending", "total")
    activity = (
        *(f"published.{channel}" for channel in ("site", "media", "gazette", "other", "total")),
        *("interpretations", "responses", "letters"),
        *(f"hotline.{step}" for step in ("received", "answered", "satisfied")),
    )
    assert codes == {
        "texts": [*(f"overview.{part}/text" for part in parts), "problems/text", "other/text"],
        "documents": [
            f"{item}/{column}"
            for item in ("regulations", "normative")
            for column in ("made", "repealed", "in_force")
        ],
        "licensing": ["licences/decided"],
        "sanctions": ["penalties/decided", "coercion/decided"],
        "charges": ["fees/amount"],
        "disputes": [
            f"cases/{group}.{result}"
            for group in ("review", "suit.direct", "suit.after_review")
            for result in results
        ],
        "activity": [f"{item}/count" for item in activity],
    }
    assert len([ref for ref in form.cells if ref.table == "requests"]) == 25 * 7


def test_the_relations_are_the_checks_words_for_word(form: Form) -> None:
    assert [(r.check, r.table, r.along.value, r.text) for r in form.relations] == [
        ("R1", "requests", "columns", "[new] + [carried_in] = [done.total] + [carried_out]"),
        ("R2", "requests", "columns", "[done.total] = [done.*]"),
        ("R3", "requests", "items", "[total] = [person] + [org.*]"),
        ("R4", "disputes", "items", "[review.total] = [review.*]"),
        ("R4", "disputes", "items", "[suit.direct.total] = [suit.direct.*]"),
        ("R4", "disputes", "items", "[suit.after_review.total] = [suit.after_review.*]"),
        ("A1", "activity", "columns", "[published.total] = [published.*]"),
        ("A2", "activity", "columns", "[hotline.answered] <= [hotline.received]"),
        ("A2", "activity", "columns", "[hotline.satisfied] <= [hotline.received]"),
        ("X1", "requests", "columns", "[carried_in] = previous[carried_out]"),
        ("X2", "documents", "items", "[in_force] = previous[in_force] + [made] - [repealed]"),
        *(
            ("X3", table, "columns", holds)
            for table, item in (
                ("licensing", "licences"),
                ("sanctions", "penalties"),
                ("sanctions", "coercion"),
                ("charges", "fees"),
            )
            for holds in (f"[{item}] <= 10 previous[{item}]", f"10 [{item}] >= previous[{item}]")
        ),
    ]
    queries_and_notes = {
        **dict.fromkeys(("A2", "X1", "X2"), Severity.QUERY),
        "X3": Severity.NOTE,
    }
    assert {check.code: check.severity for check in form.checks} == {
        **dict.fromkeys(("R1", "R2", "R3", "R4", "A1"), Severity.ERROR),
        **queries_and_notes,
    }


def test_a_cells_labels_are_its_caption_then_its_items_then_its_columns_path(form: Form) -> None:
    shown = {
        code: form.cells[cell(code)].labels
        for code in (
            "documents/normative/made",
            "requests/done.refused.secret/org.other",
            "disputes/cases/suit.direct.total",
        )
    }
    assert shown == {
        "documents/normative/made": ("第二十条第（一）项", "行政规范性文件", "本年制发件数"),
        "requests/done.refused.secret/org.other": (
            *("三、本年度办理结果", "（三）不予公开", "1.属于国家秘密"),
            *("法人或其他组织", "其他"),
        ),
        "disputes/cases/suit.direct.total": ("行政诉讼", "未经复议直接起诉", "总计"),
    }


def test_every_prompt_fits_a_validation_and_every_text_its_cell(form: Form) -> None:
    assert all(len(c.help) <= 255 for c in form.cells.values())
    texts = [c for c in form.cells.values() if not c.numeric]
    assert [c.limit for c in texts] == [5000] * 7
    assert [c.section for c in texts] == [*"一一一一一五六"]


def test_the_formula_of_a_total_is_one_range_of_the_sheet(form: Form) -> None:
    layout = form_layout(form)

    def formula(code: str) -> str:
        side = form.definitions[cell(code)].right
        return side_formula(side, lambda ref: SheetBox(*layout.slots[ref]), "三")

    assert formula("requests/done.total/person") == "SUM(D11:D31)"
    assert formula("requests/new/total") == "SUM(D9:I9)"


def test_only_the_fee_is_an_amount_and_its_unit_is_ten_thousand_yuan(form: Form) -> None:
    amounts = [c for c in form.cells.values() if c.measure is Measure.AMOUNT]
    assert [(str(c.ref), c.unit) for c in amounts] == [("charges/fees/amount", "万元")]


def test_a_blank_is_an_error_but_a_query_for_regulations_and_nothing_in_optional_parts(
    form: Form,
) -> None:
    assert form.cells[cell("requests/new/person")].blank is Blank.ERROR
    assert form.cells[cell("documents/regulations/made")].blank is Blank.QUERY
    assert not form.cells[cell("texts/problems/text")].required
    assert not form.cells[cell("activity/letters/count")].required


def test_where_two_totals_cross_r2_gives_the_formula_and_r3_stays_a_check(form: Form) -> None:
    corner = cell("requests/done.total/total")
    assert form.definitions[corner].relation.check == "R2"
    assert form.definitions[cell("requests/new/total")].relation.check == "R3"
    assert any(c.relation.check == "R3" and c.line == "done.total" for c in form.comparisons)


def test_the_grand_total_adds_the_126_result_cells_once_each(form: Form) -> None:
    leaves = form.leaves[cell("requests/done.total/total")]
    assert len(leaves) == 21 * 6
    assert {factor for factor, _ in leaves} == {1}


def test_each_relation_runs_along_every_line_it_should(form: Form) -> None:
    counts: dict[str, int] = {}
    for comparison in form.comparisons:
        code = comparison.relation.check
        counts[code] = counts.get(code, 0) + 1
    assert counts == {"R1": 7, "R2": 7, "R3": 25, "R4": 3, "A1": 1, "A2": 2}


def test_a_drafted_sentence_has_no_digit_but_those_of_its_cells(form: Form) -> None:
    assert form.sentences
    for sentence in form.sentences:
        words = "".join(part for part in sentence.parts if isinstance(part, str))
        assert not re.search(r"[0-9０-９一二三四五六七八九十百千万]+[件条次]", words)
        assert not re.search(r"\d", words)
        assert sentence.until_written or not all(isinstance(part, str) for part in sentence.parts)


def test_every_row_of_table_three_that_the_rules_explain_has_a_prompt(form: Form) -> None:
    unexplained = {"done.declined.reissue", "done.other.misc", "done.total"}
    for item in form.table("requests").items:
        if item.kind is not LineKind.HEADING and item.code not in unexplained:
            assert item.help, item.code


def test_the_layout_prints_table_three_with_merged_headings_on_both_sides(form: Form) -> None:
    layout = form_layout(form)
    assert layout.place(cell("requests/new/person")).address == "D9"
    assert layout.place(cell("requests/carried_out/total")).address == "J33"
    sheet = next(sheet for sheet in layout.sheets if sheet.name == "三")
    boxes = {(label.code or label.text): label.box for label in sheet.labels}
    assert boxes["申请人情况"].columns == 7
    assert (boxes["org"].columns, boxes["org"].rows) == (5, 1)
    assert (boxes["person"].rows, boxes["total"].rows) == (2, 2)
    assert (boxes["done"].rows, boxes["done.refused"].rows, boxes["done.unable"].rows) == (22, 8, 3)
    assert (boxes["new"].columns, boxes["done.granted"].columns) == (3, 2)


def test_the_cells_and_labels_of_a_sheet_never_overlap(form: Form) -> None:
    for sheet in form_layout(form).sheets:
        taken: set[tuple[int, int]] = set()
        boxes = [label.box for label in sheet.labels] + [slot.box for slot in sheet.slots]
        for box in boxes + [mark.box for mark in sheet.marks]:
            area = {
                (row, column)
                for row in range(box.row, box.last_row + 1)
                for column in range(box.column, box.last_column + 1)
            }
            assert not area & taken
            taken |= area


def test_an_unknown_form_is_named() -> None:
    assert "zfxxgk-2021" in shipped_forms()
    with pytest.raises(UnknownNameError):
        shipped_form_text("no-such-form")
