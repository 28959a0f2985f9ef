"""Makes the shipped Word template of the report, laid out by GB/T 9704; --check compares only."""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from sheetflow.reports.word import CREATED, repacked

TARGET = Path(__file__).parents[1] / "src/sheetflow/reports/templates/report.docx"

LATIN = "Times New Roman"
BODY, TITLE, FIRST, SECOND, PLAIN = "仿宋", "方正小标宋简体", "黑体", "楷体", "宋体"
LINE = Pt(28.9)
RED = RGBColor(0xC0, 0, 0)
COVERAGE = (
    "应报送{{ 报送.应报 }}个单位，已报送{{ 报送.已报 }}个。"
    "{% if 报送.未报 %}未报送：{{ 报送.未报|join('、') }}。{% endif %}"
    "{% if 报送.免报 %}免报：{{ 报送.免报|join('、') }}。{% endif %}"
    "{% if 报送.未处理 %}审核问题尚有{{ 报送.未处理 }}条未处理。{% endif %}"
)
DECISION_WIDTHS = (9, 11, 26, 28, 16, 42, 24)
DECISION_HEADS = ("序号", "种类", "单位或分组", "事项", "内容", "理由", "经办、日期")
DECISION_NAMES = (
    "{{ loop.index }}",
    "{{ 决定.种类 }}",
    "{{ 决定.单位 }}",
    "{{ 决定.事项 }}",
    "{{ 决定.内容 }}",
    "{{ 决定.理由 }}",
    "{{ 决定.经办 }}\n{{ 决定.日期 }}",
)


def build() -> bytes:
    """Build the template."""
    document = Document()
    _styles(document)
    _page(document)
    _title(document)
    _sections(document)
    _signature(document)
    _appendix(document)
    properties = document.core_properties
    properties.title = properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = CREATED
    target = BytesIO()
    document.save(target)
    return repacked(target.getvalue())


def _styles(document: Any) -> None:  # noqa: ANN401 - python-docx carries no types
    normal = document.styles["Normal"]
    _font(normal, BODY, 16)
    paragraph = normal.paragraph_format
    paragraph.line_spacing_rule, paragraph.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.widow_control = False
    for name, font, size in (
        ("报告标题", TITLE, 22),
        ("报告一级标题", FIRST, 16),
        ("报告二级标题", SECOND, 16),
        ("报告正文", BODY, 16),
        ("报告附注", PLAIN, 10.5),
    ):
        style = document.styles.add_style(name, 1)
        style.base_style = normal
        style.quick_style = True
        _font(style, font, size)
    for name in ("报告一级标题", "报告二级标题", "报告正文"):
        _indent(document.styles[name].element.get_or_add_pPr())
    document.styles["报告正文"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for level, name in enumerate(("报告一级标题", "报告二级标题")):
        style = document.styles[name]
        style.paragraph_format.keep_with_next = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level))
        style.element.get_or_add_pPr().append(outline)
    title = document.styles["报告标题"].paragraph_format
    title.alignment, title.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, Pt(36)
    title.space_before, title.space_after = LINE, LINE
    note = document.styles["报告附注"].paragraph_format
    note.line_spacing = Pt(15)


def _font(target: Any, name: str, size: float) -> None:  # noqa: ANN401 - as above
    target.font.name, target.font.size = LATIN, Pt(size)
    target.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), name)


def _run(paragraph: Any, text: str, name: str, size: float) -> Any:  # noqa: ANN401 - as above
    run = paragraph.add_run(text)
    run.font.name, run.font.size = LATIN, Pt(size)
    run._element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), name)  # noqa: SLF001 - no other way
    return run


def _indent(properties: Any) -> None:  # noqa: ANN401 - as above
    indent = OxmlElement("w:ind")
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")
    properties.append(indent)


def _page(document: Any) -> None:  # noqa: ANN401 - as above
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - no other way
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001 - no other way
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "578")
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    draft = _run(header, "{% if 草稿 %}草　稿{% endif %}", FIRST, 14)
    draft.font.color.rgb = RED
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(footer, "— ", PLAIN, 14)
    _page_number(_run(footer, "", PLAIN, 14))
    _run(footer, " —", PLAIN, 14)


def _page_number(run: Any) -> None:  # noqa: ANN401 - as above
    for kind in ("begin", "", "end"):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = " PAGE "
        run._element.append(mark)  # noqa: SLF001 - no other way


def _title(document: Any) -> None:  # noqa: ANN401 - as above
    title = document.add_paragraph(style="报告标题")
    title.add_run("{{ 名称 }}{{ 期间 }}{% if 标题|length > 20 %}\n{% endif %}{{ 报表 }}")
    draft = title.add_run("{% if 草稿 %}（草稿）{% endif %}")
    draft.font.color.rgb = RED
    document.add_paragraph("{{ 前言 }}", style="报告正文")


def _sections(document: Any) -> None:  # noqa: ANN401 - as above
    for text, style in (
        ("{%p for 节 in 各节 %}", "报告正文"),
        ("{{ 节.标题 }}", "报告一级标题"),
        ("{%p for 部分 in 节.部分 %}", "报告正文"),
        ("{%p if 部分.标题 %}", "报告正文"),
        ("{{ 部分.标题 }}", "报告二级标题"),
        ("{%p endif %}", "报告正文"),
        ("{%p if 部分.句子 %}", "报告正文"),
        ("{{ 部分.句子|join }}", "报告正文"),
        ("{%p endif %}", "报告正文"),
        ("{%p for 段 in 部分.文字 %}", "报告正文"),
        ("{{ 段 }}", "报告正文"),
        ("{%p endfor %}", "报告正文"),
        ("{%p if 部分.提示 %}", "报告正文"),
        ("{{ 部分.提示 }}", "报告正文"),
        ("{%p endif %}", "报告正文"),
        ("{%p endfor %}", "报告正文"),
        ("{%p if 节.表格 %}", "报告正文"),
        ("{{p 节.表格 }}", "报告正文"),
        ("", "报告附注"),
        ("{%p endif %}", "报告正文"),
        ("{%p endfor %}", "报告正文"),
    ):
        paragraph = document.add_paragraph(text, style=style)
        if not text:
            _unsnapped(paragraph).paragraph_format.line_spacing = Pt(9)


def _signature(document: Any) -> None:  # noqa: ANN401 - as above
    for text in ("", "{{ 落款 }}", "{{ 日期 }}"):
        paragraph = document.add_paragraph(text, style="报告正文")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.keep_with_next = text != "{{ 日期 }}"


def _appendix(document: Any) -> None:  # noqa: ANN401 - as above
    heading = document.add_paragraph("附：报送情况和处理决定", style="报告一级标题")
    heading.paragraph_format.page_break_before = True
    for text, style in (
        ("本附供审核、签发时参考，公布报告时删去。", "报告正文"),
        ("（一）报送情况", "报告二级标题"),
        (COVERAGE, "报告正文"),
        ("（二）处理决定", "报告二级标题"),
        ("{%p if not 处理决定 %}", "报告正文"),
        ("没有处理决定，各单位报送的数均照原样汇总。", "报告正文"),
        ("{%p else %}", "报告正文"),
    ):
        document.add_paragraph(text, style=style)
    _decisions(document)
    document.add_paragraph("{%p endif %}", style="报告正文")
    _appendices(document)


def _appendices(document: Any) -> None:  # noqa: ANN401 - as above
    for text, style in (
        ("{%p for 附 in 附录 %}", "报告正文"),
        ("{{ 附.标题 }}", "报告一级标题"),
        ("{%p if not 附.内容 %}", "报告正文"),
        ("没有内容。", "报告正文"),
        ("{%p endif %}", "报告正文"),
        ("{%p for 项 in 附.内容 %}", "报告正文"),
        ("{%p if 项.标题 %}", "报告正文"),
        ("{{ 项.标题 }}", "报告二级标题"),
        ("{%p endif %}", "报告正文"),
        ("{%p for 段 in 项.文字 %}", "报告正文"),
        ("{{ 段 }}", "报告正文"),
        ("{%p endfor %}", "报告正文"),
        ("{%p if 项.表格 %}", "报告正文"),
        ("{{p 项.表格 }}", "报告正文"),
        ("", "报告附注"),
        ("{%p endif %}", "报告正文"),
        ("{%p endfor %}", "报告正文"),
        ("{%p endfor %}", "报告正文"),
    ):
        paragraph = document.add_paragraph(text, style=style)
        paragraph.paragraph_format.page_break_before = text == "{{ 附.标题 }}" or None
        if not text:
            _unsnapped(paragraph).paragraph_format.line_spacing = Pt(9)


def _decisions(document: Any) -> None:  # noqa: ANN401 - as above
    table = document.add_table(rows=4, cols=len(DECISION_WIDTHS))
    table.style, table.autofit = "Table Grid", False
    _row(table.rows[0], DECISION_HEADS, FIRST)
    _row(table.rows[1], ("{%tr for 决定 in 处理决定 %}",), PLAIN)
    _row(table.rows[2], DECISION_NAMES, PLAIN)
    _row(table.rows[3], ("{%tr endfor %}",), PLAIN)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - as above
    for column, width in zip(table.columns, DECISION_WIDTHS, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))  # noqa: SLF001 - as above
        for cell, width in zip(row.cells, DECISION_WIDTHS, strict=True):
            cell.width = Mm(width)


def _row(row: Any, texts: tuple[str, ...], font: str) -> None:  # noqa: ANN401 - as above
    for cell, text in zip(row.cells, texts, strict=False):
        paragraph = _unsnapped(cell.paragraphs[0])
        paragraph.style = "报告附注"
        if font == FIRST:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, text, font, 10.5)


def _unsnapped(paragraph: Any) -> Any:  # noqa: ANN401 - as above
    """Take a paragraph off the grid of lines, so that its own spacing holds."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().append(snap)  # noqa: SLF001 - no other way
    return paragraph


def _parts(data: bytes) -> dict[str, bytes]:
    """Give the parts; compressed bytes differ between builds of zlib, parts do not."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def main() -> int:
    """Write the template, or with --check say whether it is the one that this tool makes."""
    made = build()
    if "--check" in sys.argv:
        same = TARGET.is_file() and _parts(TARGET.read_bytes()) == _parts(made)
        print("report.docx is as made" if same else f"{TARGET} differs: run {sys.argv[0]}")
        return 0 if same else 1
    TARGET.write_bytes(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
