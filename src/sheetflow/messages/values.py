"""T codes: what stands in a cell, as against what the cell asks for."""

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
            "没有发生的请填 0；确认空白即为 0 的，可用 [[blank-zero]] 处理。",
            "Where nothing happened fill in 0; where the office knows that blanks mean 0, "
            "a [[blank-zero]] decision says so.",
        ),
        example=Text("“规章”一行整行未填。", "The row 规章 was left blank."),
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
    ),
    CatalogueEntry(
        code="T4",
        title=Text("按规则识别的填写", "Read with a recorded repair"),
        message=Text(
            "填写“{raw}”，按{rule}读作 {value}。", "“{raw}” was read as {value} ({rule})."
        ),
        why=Text(
            "全角数字、千分位、空格、带单位的数含义明确，可以识别，但须留下记录。",
            "Full width, separators, spaces and units leave the meaning certain; "
            "the repair is recorded all the same.",
        ),
        remedy=Text(
            "提示性的无需处理；带单位的请与单位核实。",
            "A note needs nothing; where a unit was written, ask the agency.",
        ),
        example=Text("“１２”“1,234”“124件”。", "“１２”, “1,234”, “124件”."),
    ),
)
