"""S codes from S21 on: faults of the office's own report templates; N codes: notes on the report."""

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
        message=Text(
            "不认识“{name}”（{detail}）。可用的名称：{known}。",
            "“{name}” is not known ({detail}). These are: {known}.",
        ),
        why=Text(
            "不认识的名称如印成空白，报告里就会少字而无人察觉。",
            "An unknown name printed as nothing would leave a gap that nobody sees.",
        ),
        remedy=Text("请改正名称。", "Correct the name."),
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
        example=Text("写了 {{ 报送.应到 }}，应写 {{ 报送.应报 }}。", "报送.应到 for 报送.应报."),
    ),
    CatalogueEntry(
        code="S24",
        title=Text("报告模板的花括号不成对", "Braces of a report template do not match"),
        message=Text(
            "“{detail}”中的花括号不成对，或中间有空格。",
            "Braces in “{detail}” are missing, or have a space between them.",
        ),
        why=Text(
            "名称两边须各有两个紧挨的半角花括号，并在同一段内写完，否则原样印出或无法使用。",
            "A name stands between two braces on either side, next to each other and in one paragraph.",
        ),
        remedy=Text(
            "请改为 {{ 名称 }} 的写法：左右各两个花括号，中间不空格，不换行。",
            "Write {{ name }}: two braces on either side, without a space or a line break between.",
        ),
        example=Text("{年度}、{ { 年度 } }，应写 {{ 年度 }}。", "{年度} for {{ 年度 }}."),
    ),
    CatalogueEntry(
        code="S25",
        title=Text("报告模板的 for、if 没有首尾配对", "A for or if of a template has no match"),
        message=Text("“{detail}”中的 {word} 没有配对。", "The {word} in “{detail}” has no match."),
        why=Text(
            "每个 for 须有 endfor，每个 if 须有 endif，先开始的后结束。",
            "Each for needs its endfor, each if its endif, the first opened closed last.",
        ),
        remedy=Text(
            "请补上缺少的一半，或删去多出的一半；Word 模板中多用 {%p endfor %}、{%p endif %} 单独成段。",
            "Add the missing half or delete the spare one; in Word mostly {%p endfor %} or {%p endif %}, "
            "in a paragraph of its own.",
        ),
        example=Text("写了 {%p for 节 in 各节 %} 而没有 endfor。", "A for without its endfor."),
    ),
    CatalogueEntry(
        code="S26",
        title=Text("Word 模板中的表格没有单独成段", "A table in a Word template is not alone"),
        message=Text(
            "“{detail}”中的表格要单独成段，花括号后紧跟 p。",
            "The table in “{detail}” must be alone in its paragraph, with p after the braces.",
        ),
        why=Text(
            "表格取代整段；夹在文字中会丢失文字，不写 p 则生成的文件中没有表格。",
            "A table replaces its paragraph: text beside it would be lost, and without the p so is the table.",
        ),
        remedy=Text(
            "请把表格的标记单独放一段，花括号后紧跟 p：{{p 节.三.表格 }}。",
            "Put the tag into a paragraph of its own, with p right after the braces.",
        ),
        example=Text(
            "“见下表：{{ 节.三.表格 }}”，应分成两段，第二段写 {{p 节.三.表格 }}。",
            "“See {{ 节.三.表格 }}” in place of a paragraph with {{p 节.三.表格 }} alone.",
        ),
    ),
    CatalogueEntry(
        code="N1",
        title=Text("文字中的数与表中不一致", "A figure in the text differs"),
        message=Text(
            "文字中“{words}”为 {said}，{whose} {found}。",
            "“{words}” in the text says {said}; {whose} {found}.",
        ),
        why=Text(
            "文字和表格说的是同一件事，公布后常被人拿来对照。",
            "Text and tables speak of the same thing, and readers compare them.",
        ),
        remedy=Text(
            "请核对是文字还是表格有误；口径不同的，在文字中写明。",
            "See which is wrong; where they count different things the text should say so.",
        ),
        example=Text(
            "文字写收到申请 12 件，表三新收总计 15。", "12 requests in the text, 15 in table 3."
        ),
        ask="请核对文字和表格，改正有误的一处；口径不同的，在“自检”表“说明”栏写明。",
    ),
    CatalogueEntry(
        code="N2",
        title=Text("报告文字过长", "A section of the report is long"),
        message=Text(
            "“{section}”有 {length} 字，规定不超过 {limit} 字。",
            "“{section}” has {length} characters; the form allows {limit}.",
        ),
        why=Text(
            "来文对篇幅有要求，字数按报告印出的文字计，标题和表格不计。",
            "The letter limits the length; headings and tables do not count.",
        ),
        remedy=Text(
            "请压缩这一部分的文字：单位写的请该单位压缩，本单位写的在 report 文件夹或 Word 中删减。",
            "Shorten this section: an agency's text is the agency's to shorten, your own stands in "
            "the folder report, and in Word.",
        ),
        example=Text("总体情况写了 1200 字。", "The overview has 1,200 characters."),
    ),
    CatalogueEntry(
        code="N3",
        title=Text("没有写到应写的事项", "A section leaves something out"),
        message=Text("“{section}”没有写到{words}。", "“{section}” does not mention {words}."),
        why=Text(
            "来文要求在这一部分报告此事，没有发生的也应写明。",
            "The letter asks for it here, also where nothing happened.",
        ),
        remedy=Text("请提醒单位补写一句。", "Remind the agency to add a sentence."),
        example=Text("第六部分没有写收取信息处理费的情况。", "Section 六 without 信息处理费."),
    ),
    CatalogueEntry(
        code="N4",
        title=Text("文字写的是上年", "A text about last year"),
        message=Text(
            "文字以“{found}年”开头，全文没有写到 {expected} 年。",
            "The text begins with {found} and never names {expected}.",
        ),
        why=Text(
            "多半是沿用上年的文字而没有改年份，其中的数也多半没有改；写明是上年的数不与本年的表比较。",
            "Most likely it is last year's and was not changed, nor were its figures; figures of "
            "another year are not compared with this year's tables.",
        ),
        remedy=Text(
            "请核对年份和文中的数；确实写的是上年的事，在说明中写明。",
            "Check the year and the figures; if it does speak of last year, say so.",
        ),
        example=Text(
            "2025 年度的报告写着“2024年，我局……”。", "“2024年，我局…” in the report on 2025."
        ),
    ),
)
