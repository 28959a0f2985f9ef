"""S codes from S21 on: faults of the office's own report templates."""

from sheetflow.messages.text import CatalogueEntry, Text

ENTRIES = (
    CatalogueEntry(
        code="S21",
        title=Text("报告模板用了全角花括号", "A report template has full-width braces"),
        message=Text(
            "“{detail}”中的花括号是全角的，会原样印出。",
            "The braces in “{detail}” are full width and would be printed as they are.",
        ),
        why=Text(
            "只有半角的 {{ }} 和 {% %} 才会换成数和文字。",
            "Only ASCII {{ }} and {% %} are replaced by figures and texts.",
        ),
        remedy=Text("请把花括号和百分号改为半角。", "Type the braces and the % sign in ASCII."),
        example=Text("｛｛ 年度 ｝｝，应写 {{ 年度 }}。", "｛｛ 年度 ｝｝ for {{ 年度 }}."),
    ),
    CatalogueEntry(
        code="S22",
        title=Text("报告模板用了不认识的名称", "A report template uses an unknown name"),
        message=Text("不认识“{name}”（{detail}）。", "“{name}” is not known ({detail})."),
        why=Text(
            "不认识的名称如印成空白，报告里就会少字而无人察觉。",
            "An unknown name printed as nothing would leave a gap that nobody sees.",
        ),
        remedy=Text(
            "请改正名称，可用的名称：{known}。", "Correct the name; these are known: {known}."
        ),
        example=Text("{{ 年份 }}，应写 {{ 年度 }}。", "{{ 年份 }} for {{ 年度 }}."),
    ),
    CatalogueEntry(
        code="S23",
        title=Text("报告模板无法使用", "A report template can't be used"),
        message=Text("按模板生成报告时出错：{detail}", "The template fails: {detail}"),
        why=Text(
            "模板须是完好的 Word 文件（.docx）或网页，其中的 {{ }}、{% %} 须成对，for 须有 endfor。",
            "It must be a sound .docx or HTML file, its tags in pairs, each for with its endfor.",
        ),
        remedy=Text(
            "请按提示改正模板；或移走模板，改用自带的版式。",
            "Mend the template, or move it away and the shipped one is used.",
        ),
        example=Text("写了 {%p for 节 in 各节 %} 而没有 endfor。", "A for without its endfor."),
    ),
)
