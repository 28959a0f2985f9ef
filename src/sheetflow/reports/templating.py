"""What the office's templates may say: the names in Chinese, a sandbox, and faults by name.

标题 (名称 期间 报表) 年度 草稿 前言 落款 日期;
各节, each with 代码 标题 部分 表格, and 节["三"], one of them; a 部分 has 代码 标题 句子 文字 提示;
数["requests/new/total"], any figure by its cell; 报送 with 应报 已报 未报 免报 未处理;
处理决定, each with 种类 单位 事项 内容 理由 经办 日期; 附录, each with
标题 内容, each of those with 标题 文字 表格.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sheetflow.errors import FaultyDefinitionError
from sheetflow.model.cells import Place
from sheetflow.model.findings import Finding, Severity
from sheetflow.reports.drafting import Stretch
from sheetflow.reports.listing_view import ListingView
from sheetflow.reports.template_scan import excerpt, flaws
from sheetflow.workbooks.styles import clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jinja2 import Template
    from markupsafe import Markup

    from sheetflow.reports.appendices import Appendix
    from sheetflow.reports.view import DecisionView, ReportView, SectionText, SectionView, TableView

Names = dict[str, object]
"""What a template may name."""

_LONGEST_DETAIL = 300
_COMPLAINTS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^File is not a zip file", "它不是完好的 Word 文件"),
        (r"has no attribute '(.*?)'$", "没有“{}”这一项"),
        (r"^Encountered unknown tag '(.*?)'", "不认识标记“{}”"),
        (r"^No filter named '(.*?)'", "没有“{}”这种处理"),
        (r"^unexpected char '(.*?)'", "不应有字符“{}”"),
        (r"^expected token .*, got '(.*?)'$", "“{}”处写法有误"),
        (r"^access to attribute '(.*?)'", "不能使用“{}”"),
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """How a text, a figure of the drafted text, and a table are written in a kind of document."""

    text: Callable[[str], Markup]
    figure: Callable[[Stretch], Markup]
    table: Callable[[TableView], Markup]
    listing: Callable[[ListingView], Markup]


def environment(*, trimmed: bool = False) -> ImmutableSandboxedEnvironment:
    """Give the environment that every template runs in, the shipped ones too.

    `trimmed`: a tag that stands alone on its line leaves no line behind.
    """
    return ImmutableSandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=trimmed,
        lstrip_blocks=trimmed,
    )


def template_of(text: str) -> Template:
    """Make a template of a text."""
    return environment(trimmed=True).from_string(text)


def template_names(view: ReportView, target: Target, appended: Sequence[Appendix] = ()) -> Names:
    """Give the report under the names that templates use."""
    text, coverage = target.text, view.coverage
    sections = [_section(section, target) for section in view.sections]
    return {
        "标题": text(view.title),
        "名称": text(view.name),
        "年度": text(view.year),
        "期间": text(view.period),
        "报表": text(view.form_title),
        "草稿": view.draft,
        "前言": text(view.preamble),
        "各节": sections,
        "节": {section.code: names for section, names in zip(view.sections, sections, strict=True)},
        "数": _figures(view, target),
        "报送": {
            "应报": coverage.expected,
            "已报": coverage.reported,
            "未报": [text(name) for name in coverage.missing],
            "免报": [text(name) for name in coverage.excused],
            "未处理": coverage.open_findings,
        },
        "处理决定": [_decision(decision, text) for decision in view.decisions],
        "附录": [_appendix(each, target) for each in appended],
        "落款": text(view.signer),
        "日期": text(view.date_place),
    }


def _section(section: SectionView, target: Target) -> Names:
    return {
        "代码": target.text(section.code),
        "标题": target.text(section.heading),
        "部分": [_part(part, target) for part in section.parts],
        "表格": _printed(section.register or section.table, target),
    }


def _part(part: SectionText, target: Target) -> Names:
    return {
        "代码": part.code,
        "标题": target.text(part.heading),
        "句子": [
            target.text("").join(
                target.figure(each) if each.is_bound else target.text(each.text)
                for each in sentence
            )
            for sentence in part.sentences
        ],
        "文字": [target.text(paragraph) for paragraph in part.paragraphs],
        "提示": target.text(part.placeholder),
    }


def _figures(view: ReportView, target: Target) -> Mapping[str, Markup]:
    return {
        str(ref): target.figure(Stretch(shown, str(ref)))
        for section in view.sections
        if section.table
        for ref, shown in section.table.shown.items()
    }


def _decision(decision: DecisionView, text: Callable[[str], Markup]) -> Names:
    return {
        "种类": text(decision.kind),
        "单位": text(decision.subject),
        "事项": text(decision.about),
        "内容": text(decision.what),
        "理由": text(decision.why),
        "经办": text(decision.by),
        "日期": text(decision.on),
    }


def _appendix(appendix: Appendix, target: Target) -> Names:
    return {
        "标题": target.text(appendix.heading),
        "内容": [
            {
                "标题": target.text(block.heading),
                "文字": [target.text(paragraph) for paragraph in block.paragraphs],
                "表格": _printed(block.table, target),
            }
            for block in appendix.blocks
        ],
    }


def _printed(table: TableView | ListingView | None, target: Target) -> Markup | str:
    if table is None:
        return ""
    return target.listing(table) if isinstance(table, ListingView) else target.table(table)


def check_template(
    file: str,
    lines: Sequence[tuple[int, str]],
    known: Names,
    find_names: Callable[[], Iterable[str]],
) -> None:
    """Raise FaultyDefinitionError with all that would be printed wrong without an error.

    Lines are paragraphs with their numbers, 0 for a header's or footer's. What else does not parse
    is left to rendering, which says where.
    """
    found = flaws(lines, known, word=file.endswith(".docx"))
    faults = [_fault(flaw.code, file, flaw.line, **flaw.facts) for flaw in found]
    with suppress(TemplateSyntaxError):
        for name in sorted(set(find_names()) - set(known)):
            number, line = _mention(name, lines)
            facts = {"name": name, "detail": excerpt(line), "known": "、".join(known)}
            faults.append(_fault("S22", file, number, **facts))
    if faults:
        raise FaultyDefinitionError(faults)


@contextmanager
def faults_named(file: str) -> Iterator[None]:
    """Turn whatever goes wrong with an office's template into a finding about that file.

    Raises FaultyDefinitionError.
    """
    try:
        yield
    except FaultyDefinitionError:
        raise
    except Exception as error:
        number = getattr(error, "lineno", None) or 0
        paragraphs = tuple(getattr(error, "docx_context", ()))
        detail = _said(str(error)) or type(error).__name__
        if paragraphs:  # docxtpl gives those around the line, from three before it on
            detail = f"{detail}：{paragraphs[min(number - 1, 3, len(paragraphs) - 1)].strip()}"
        fault = _fault("S23", file, 0 if paragraphs else number, detail=detail[:_LONGEST_DETAIL])
        raise FaultyDefinitionError([fault]) from error


def _said(message: str) -> str:
    """Say in Chinese what the template engine complains of, where it is what clerks mistake."""
    for pattern, words in _COMPLAINTS:
        if match := pattern.search(message):
            return words.format(*match.groups())
    return message


def _mention(name: str, lines: Sequence[tuple[int, str]]) -> tuple[int, str]:
    tag = re.compile(r"\{[{%].*?\b" + re.escape(name) + r"\b")
    return next(((number, line) for number, line in lines if tag.search(line)), (0, ""))


def _fault(code: str, file: str, line: int, **facts: str) -> Finding:
    clean = {key: clean_text(fact) for key, fact in facts.items()}
    return Finding(code, Severity.ERROR, place=Place(file, line=line), facts=clean)
