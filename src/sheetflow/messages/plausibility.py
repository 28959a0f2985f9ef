"""P codes: figures and texts that can be right, but seldom are; each with its evidence."""

from sheetflow.messages.text import CatalogueEntry, Text

_ASK = Text(
    "请向该单位核实；属实的，由单位在说明中写明原因，或由本单位豁免。",
    "Ask the agency; if it is true it explains why, or you waive it.",
)
_EXPLAIN = "请核对：有误的改正；属实的，在“自检”表“说明”栏写明原因。"
_LOOK = Text("请查看；属实的不必处理。", "Have a look; if it is true nothing need be done.")

ENTRIES = (
    CatalogueEntry(
        code="P1",
        title=Text("可能把元填成了万元", "Perhaps 元 for 万元"),
        message=Text(
            "{本年} {now}，{上年} {before}，相差约一万倍，可能弄混了元和万元。",
            "{now}, {last year} {before}: about 10,000 times, perhaps 元 for 万元.",
        ),
        why=Text(
            "表中金额以万元为单位，按元填写就大了一万倍。",
            "The form asks for 万元; the same in 元 is 10,000 times as much.",
        ),
        remedy=_ASK,
        example=Text("上年 16220.85，本年 162208500。", "16220.85 last year, 162208500 now."),
        ask=_EXPLAIN,
    ),
    CatalogueEntry(
        code="P2",
        title=Text("与{上年}相差十倍以上", "More than ten times up or down"),
        message=Text("{本年} {now}，{上年} {before}。", "{now}, {last year} {before}."),
        why=Text(
            "申请、复议、诉讼的总数一年之内很少变化十倍。",
            "Totals of requests and disputes rarely change tenfold.",
        ),
        remedy=_LOOK,
        example=Text("新收申请上年 12，本年 1200。", "12 requests last year, 1200 now."),
    ),
    CatalogueEntry(
        code="P3",
        title=Text("相邻两个数字可能颠倒", "Two digits may be exchanged"),
        message=Text(
            "填写 {now}，按{上年}的数应为 {expected}：只差两个数字的先后。",
            "Found {now}, by {last year}'s figure it should be {expected}: two digits exchanged.",
        ),
        why=Text(
            "抄写时最常见的差错之一，差额总是 9 的倍数。",
            "One of the commonest slips of the hand; the difference is a multiple of 9.",
        ),
        remedy=Text("请核对后改正。", "Check it and correct it."),
        example=Text("应为 468，填成 486。", "468 typed as 486."),
    ),
    CatalogueEntry(
        code="P4",
        title=Text("可能填错了行或栏", "Perhaps in the wrong row or column"),
        message=Text(
            "“{first}”和“{second}”{本年}为 {now}，{上年}为 {before}：像是填到了对方的位置。",
            "{first} and {second} have {now}, {last year} {before}: as if in each other's place.",
        ),
        why=Text(
            "整行或整栏错位，各项勾稽关系仍然成立，只有与{上年}比较才看得出来。",
            "When whole lines slide every relation still holds; only {last year}'s figures tell.",
        ),
        remedy=_ASK,
        example=Text(
            "“予以公开”上年 60、本年 0，下一行“部分公开”上年 0、本年 58。",
            "予以公开 60 then 0, the row below 0 then 58.",
        ),
        ask=_EXPLAIN,
    ),
    CatalogueEntry(
        code="P5",
        title=Text("全部数字与{上年}相同", "Every figure is {last year}'s"),
        message=Text(
            "不为 0 的 {count} 个数全部与{上年}相同。",
            "All {count} figures above 0 are {last year}'s.",
        ),
        why=Text(
            "多半是把{上年}的报表又报了一次。", "Most likely {last year}'s workbook was sent again."
        ),
        remedy=_ASK,
        example=Text("166 个数一个不差。", "166 figures, not one different."),
        ask=_EXPLAIN,
    ),
    CatalogueEntry(
        code="P6",
        title=Text("文字与{上年}相同", "The text is {last year}'s"),
        message=Text(
            "共 {count} 字，除年份和数字外与{上年}一字不差。",
            "{count} characters, but for digits word for word {last year}'s.",
        ),
        why=Text(
            "国办公开办函〔2021〕30号要求不得敷衍、年年雷同。",
            "The letter forbids texts that are alike year after year.",
        ),
        remedy=_ASK,
        example=Text("“存在的主要问题”连续两年相同。", "The same problems two years running."),
        ask=_EXPLAIN,
    ),
    CatalogueEntry(
        code="P7",
        title=Text("全部数字与其他单位相同", "Every figure is another agency's"),
        message=Text("与 {others} 的数字全部相同。", "All figures equal those of {others}."),
        why=Text(
            "多半是抄了另一家的报表，或者把别家的文件改名报了上来。",
            "Most likely a workbook was copied, or sent under another name.",
        ),
        remedy=_ASK,
        example=Text("两个乡镇的 166 个数一个不差。", "Two townships with the same 166 figures."),
        ask=_EXPLAIN,
    ),
    CatalogueEntry(
        code="P8",
        title=Text("文字与其他单位相同", "The text is another agency's"),
        message=Text("与 {others} 的文字一字不差。", "Word for word that of {others}."),
        why=Text(
            "可能是共用的范文；报告引用前请核对。",
            "It may be a common model; look before quoting it.",
        ),
        remedy=_LOOK,
        example=Text("三个乡镇的“改进情况”完全相同。", "Three townships with one text."),
    ),
    CatalogueEntry(
        code="P9",
        title=Text("百分数大于 100%", "A percentage above 100%"),
        message=Text("{value}，大于 100%。", "{value}, which is above 100%."),
        why=Text(
            "把 98.5 粘贴到百分数的格里，就成了 9850%。",
            "98.5 pasted into a cell of percentages is 9850%.",
        ),
        remedy=_ASK,
        example=Text("办结率 9850%。", "A rate of 9850%."),
        ask=_EXPLAIN,
    ),
)
