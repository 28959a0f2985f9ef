"""T codes, F10 and F34: what stands in a cell, as against what the form asks for there."""

from sheetflow.messages.text import CatalogueEntry, Text

ENTRIES = (
    CatalogueEntry(
        code="T1",
        title=Text("填写内容不能识别为数", "The entry can't be read as what is asked"),
        message=Text(
            "填写“{raw}”，应填{expected}。{hint}", "Found “{raw}”, expected {expected}. {hint}"
        ),
        why=Text(
            "件数须为不小于 0 的整数，金额须为不小于 0 的数；“无”“/”“-”“—”不等于 0。",
            "A count is a whole number of at least 0, an amount a number of at least 0; "
            "无, /, - and — are not 0.",
        ),
        remedy=Text(
            "请填写数字；没有发生的填 0。", "Fill in a number; where nothing happened, fill in 0."
        ),
        example=Text("“减4”“/”“无”“3.5 件”。", "“减4”, “/”, “无”, “3.5” in a count."),
    ),
    CatalogueEntry(
        code="T2",
        title=Text("应填未填", "A required entry is blank"),
        message=Text("未填写。", "Blank."),
        why=Text(
            "空白不等于 0：没有发生、忘了填写、没有此项业务是三回事。",
            "A blank is not a 0: nothing happened, forgotten, and not applicable are three things.",
        ),
        remedy=Text(
            "没有发生的请填 0；确认空白即为 0 的，可用 sheetflow decide blank-zero 单位代码 处理。",
            "Where nothing happened fill in 0; where the office knows that blanks mean 0, "
            "`sheetflow decide blank-zero AGENCY` says so.",
        ),
        example=Text("“规章”一行整行未填。", "The row 规章 was left blank."),
        ask="没有发生的请填 0。",
    ),
    CatalogueEntry(
        code="T3",
        title=Text("表样与下发的不一致", "A label is not as issued"),
        message=Text(
            "此处应为“{expected}”，现为“{found}”；{count} 个格因此无法对应，未计入。",
            "Expected “{expected}”, found “{found}”; {count} cells can't be placed and are not counted.",
        ),
        why=Text(
            "行、列或标签变了，数字的含义就不能确定；不确定的数不计入汇总。",
            "Where a row, column or label has changed, the meaning of a figure is not certain, "
            "and an uncertain figure is not added.",
        ),
        remedy=Text(
            "请该单位用下发的空表重填，不要增删行列、改动标签。",
            "Have the agency fill in the template again without changing rows, columns or labels.",
        ),
        example=Text(
            "删除了“规章”一行，以下各行上移。", "The row 规章 was deleted and all below moved up."
        ),
        ask="请在本退回件中重填，不要增删行列、改动标签。",
    ),
    CatalogueEntry(
        code="T4",
        title=Text("按规则识别的填写", "Read with a recorded repair"),
        message=Text(
            "填写“{raw}”，读作 {value}（{rule}）。", "“{raw}” was read as {value} ({rule})."
        ),
        why=Text(
            "全角数字、千分位、空格、带计量单位的数含义明确，可以识别，但须留下记录。",
            "Full width, separators, spaces and units leave the meaning certain; "
            "the repair is recorded all the same.",
        ),
        remedy=Text(
            "提示性的无需处理；核实性的请与填报单位核实。",
            "A note needs nothing; of a query ask the agency.",
        ),
        example=Text("“１２”“1,234”“124件”。", "“１２”, “1,234”, “124件”."),
        ask="请核对读出的数；数字后面不要带计量单位。",
    ),
    CatalogueEntry(
        code="F10",
        title=Text("表外有内容", "Something stands beside the form"),
        message=Text(
            "表样以外有 {count} 个格填了内容，未采用：{places}。",
            "{count} cells beside the form are filled in and not used: {places}.",
        ),
        why=Text(
            "只有表样中的格参加汇总；写在表外的内容逐一列出，以免遗漏。",
            "Only the form's cells are added up; what stands elsewhere is listed, so that nothing is "
            "lost.",
        ),
        remedy=Text(
            "请查看所写的内容；如应计入，请单位填到对应的格里。",
            "Look at what it says; if it should count, have the agency put it into the right cell.",
        ),
        example=Text("在表下方写了“备注：含下属单位”。", "A remark below the table."),
    ),
    CatalogueEntry(
        code="F34",
        title=Text("台账的行不够", "A register has too few rows"),
        message=Text(
            "“{table}”有 {rows} 行可填，最后一行以下还有 {count} 行填了内容，未采用：{places}。",
            "“{table}” offers {rows} rows; below the last one {count} more are filled in and not "
            "used: {places}.",
        ),
        why=Text(
            "插入的行、写在最后一行以下的内容也是台账的一部分，漏掉就少了事项。",
            "Rows that were inserted, or written below the last one, are cases like the others; "
            "without them some are lost.",
        ),
        remedy=Text(
            "请把 form.toml 中该表的 rows 改大，再运行 merge：已交的报表照样读取，多出的行随即"
            "采用，单位不必重填；那里写的如不是台账的事项，可用 sheetflow decide waive 豁免。",
            "Raise `rows` of the table in form.toml and merge again: the returns are read as they "
            "are, with the further rows; the agency has nothing to fill in anew. What is no case of "
            "the register can be waived: sheetflow decide waive.",
        ),
        example=Text(
            "台账有 30 行，单位收到 32 件申请，写到了第 32 行。",
            "The register has 30 rows; the agency wrote 32 requests into it.",
        ),
    ),
    CatalogueEntry(
        code="T5",
        title=Text("说明没有说出原因", "A reason that says nothing"),
        message=Text("{check} 的说明是“{text}”。", "The reason given for {check} is “{text}”."),
        why=Text(
            "“核实无误”“情况属实”之类没有说明原因，问题仍未解决。",
            "“Checked and correct” is no reason; the query stays open.",
        ),
        remedy=Text(
            "请单位写明原因，例如：2024年集中清理，废止文件20件。",
            "Ask for the reason, for example: 20 documents were repealed in a clean-up.",
        ),
        example=Text("核实无误。", "核实无误。"),
    ),
    CatalogueEntry(
        code="T6",
        title=Text("说明没有对应的问题", "A reason that answers nothing"),
        message=Text(
            "“{text}”（{check}）没有对应的审核结果。", "“{text}” ({check}) answers no finding."
        ),
        why=Text(
            "单位写的每一句说明都列出来，以免遗漏。",
            "Everything that an agency writes is listed, so that nothing is lost.",
        ),
        remedy=Text(
            "请查看；编号或单元格写错的（要写明表名，如 三!D9），请单位改正。",
            "Have a look; a mistyped code or cell (the sheet is part of it: 三!D9) is the agency's "
            "to correct.",
        ),
        example=Text("编号写成了 X4。", "The code was typed X4."),
    ),
    CatalogueEntry(
        code="T7",
        title=Text("应写未写", "A required text, choice or day is blank"),
        message=Text("未填写。", "Blank."),
        why=Text("报表要求填写这一格。", "The form asks for it."),
        remedy=Text(
            "请填写；要写文字而没有情况的，写“无”。",
            "Fill it in; where a text is asked for and there is nothing to say, say so.",
        ),
        example=Text("“是否出庭”一格空着。", "A cell that asks for yes or no was left blank."),
        ask="请填写；要写文字而没有情况的，写“无”。",
    ),
    CatalogueEntry(
        code="T8",
        title=Text("填的是公式", "A formula was filled in"),
        message=Text(
            "有 {count} 个格填的是公式，取的是文件保存时算出的结果：{places}。",
            "{count} cells hold formulas; what they came to when the file was saved is used: {places}.",
        ),
        why=Text(
            "公式的结果是最后保存文件的程序算出的；所引用的数后来变了而没有重算，结果就是旧的。",
            "The program that saved the file last computed the result; if what it refers to changed "
            "since, the result is old.",
        ),
        remedy=Text(
            "一般无需处理；引用别的文件的，可请单位改填数字。",
            "Mostly nothing; where another file is referred to, the agency may type the number.",
        ),
        example=Text("格内填了“=3+4”。", "The cell holds =3+4."),
    ),
    CatalogueEntry(
        code="T9",
        title=Text("不是所列选项，或不是日期", "None of the choices, or no day"),
        message=Text(
            "填写“{raw}”，应填：{expected}。{hint}", "Found “{raw}”, expected {expected}. {hint}"
        ),
        why=Text(
            "选项要与所列的一致，日期要写明年月日，才能统计、比较。",
            "Answers can be counted and compared only if they are those listed, days only with "
            "year, month and day.",
        ),
        remedy=Text(
            "有下拉列表的请从中选择；日期请按 2025-01-05 的格式填写。",
            "Choose from the list; write a day as 2025-01-05.",
        ),
        example=Text("“是否出庭”一格写了“部分”。", "Yes or no was asked, and 部分 was written."),
    ),
)
