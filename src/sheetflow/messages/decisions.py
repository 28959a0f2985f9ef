"""D codes: decisions that are wrongly written, match nothing, or contradict each other."""

from sheetflow.messages.text import CatalogueEntry, Text

ENTRIES = (
    CatalogueEntry(
        code="D01",
        title=Text("处理决定写法有误", "A decision is wrongly written"),
        message=Text(
            "[[{kind}]] 的“{key}”{problem}{found}，{asked}{expected}；这条决定未采用。",
            "[[{kind}]]: “{key}” {problem}{found}; {asked}{expected}; the decision is not applied.",
        ),
        why=Text(
            "处理决定会改变结果，写得不完整、不确切的不能采用；其余各条照常采用。",
            "A decision changes results, so one that is incomplete or inexact is not applied; "
            "the others are.",
        ),
        remedy=Text(
            '请按所列写法改正：代码须在名录和报表中存在，数字写成文字如 "12.5"，经办人（by）、'
            "日期（on）、理由（why）都要写。单位已从名录中去掉的，删去这条决定。",
            "Write it as shown: codes must exist in roster and form, numbers stand as texts such as "
            '"12.5", and by, on and why are all required. If the agency was taken off the roster, '
            "delete the decision.",
        ),
        example=Text(
            "value = 12.5 未加引号；why 为空。", "value = 12.5 without quotes; an empty why."
        ),
    ),
    CatalogueEntry(
        code="D02",
        title=Text("处理决定没有对应到任何内容", "A decision matches nothing"),
        message=Text(
            "{kind}（{subject}）没有起作用：{why}。", "{kind} ({subject}) had no effect: {why}."
        ),
        why=Text(
            "不起作用的决定多半写错了对象，或所针对的问题已经改好。",
            "A decision without effect most likely names the wrong thing, or what it was about has "
            "been mended since.",
        ),
        remedy=Text(
            "请核对单位、格、编号；问题已改好的，删去这条决定。",
            "Check agency, cell and code; if the matter is settled, delete the decision.",
        ),
        example=Text(
            "豁免的错误已由单位重报改正。", "The waived error was mended by a new return."
        ),
    ),
    CatalogueEntry(
        code="D03",
        title=Text("两条处理决定相互矛盾", "Two decisions contradict each other"),
        message=Text(
            "{kind}（{subject}）与第 {line} 行的决定针对同一内容，两条都未采用。",
            "{kind} ({subject}): line {line} decides the same; neither is applied.",
        ),
        why=Text(
            "同一内容只能有一个决定，否则结果取决于书写次序。",
            "One thing can be decided once, or the result would depend on the order.",
        ),
        remedy=Text("请保留一条，删去另一条。", "Keep one of them and delete the other."),
        example=Text("同一格更正为 0 又更正为 1。", "The same cell adjusted to 0 and to 1."),
    ),
    CatalogueEntry(
        code="D04",
        title=Text("更正后合计为负", "An adjustment makes a total negative"),
        message=Text(
            "加上汇总更正后，“{group}”的合计为 {value}。",
            "With the adjustments the total of “{group}” is {value}.",
        ),
        why=Text(
            "件数和金额不会为负；多半是更正的数写错了，或更正已不再需要。",
            "Neither counts nor amounts are negative: the figure is most likely mistyped, or the "
            "adjustment is no longer needed.",
        ),
        remedy=Text(
            "请核对 decisions.toml 中对该格的汇总更正（add）。",
            "Check the group adjustments (add) of this cell in decisions.toml.",
        ),
        example=Text("应减 28，写成了减 2800。", "Minus 2800 instead of minus 28."),
    ),
    CatalogueEntry(
        code="D05",
        title=Text("处理决定所依据的数变了", "What a decision rests on has changed"),
        message=Text(
            "{on} {by} 作的决定（{kind}：{subject}）没有采用，理由是“{why}”；"
            "它所依据的{basis}变了：当时 {then}，现在 {now}。",
            "The decision by {by} on {on} ({kind}: {subject}) is not applied; its reason was "
            "“{why}”. What it rests on has changed ({basis}): then {then}, now {now}.",
        ),
        why=Text(
            "用 decide 作的决定针对当时的数；数变了，原来的理由不一定还成立。",
            "A decision taken with `decide` is about the figures of that day; when they change its "
            "reason may no longer hold.",
        ),
        remedy=Text(
            "请看新的数：仍需要的，再作一次 decide；不需要的，在 decisions.toml 中删去。",
            "Look at the new figures: decide again, or delete the decision from decisions.toml.",
        ),
        example=Text(
            "把 1 更正为 0，单位重报后该格成了 2。", "1 was adjusted to 0; the new return says 2."
        ),
    ),
    CatalogueEntry(
        code="D06",
        title=Text(
            "两个汇总包中的处理决定相互矛盾", "Decisions of two bundles contradict each other"
        ),
        message=Text(
            "{kind}（{subject}）与 {other} 中的决定针对同一内容而不相同，两条都未采用。",
            "{kind} ({subject}): {other} decides the same differently; neither is applied.",
        ),
        why=Text(
            "两个汇总包含有同一单位，多半是同一县区先后发来的；哪一个有效，程序无从得知。",
            "Both bundles hold the same agency: most likely a county sent two versions, and nothing "
            "says which is valid.",
        ),
        remedy=Text(
            "请只保留有效的汇总包；都要保留的，针对单位的可由本级另作决定，以本级为准。",
            "Keep the valid bundle only; or, if it is about an agency, decide it here: this office's "
            "decision prevails.",
        ),
        example=Text(
            "县区先发来的包加 2 件，更正后的包加 3 件，两个都放在 returns 中。",
            "A county's first bundle adds 2, its corrected one 3; both lie in returns/.",
        ),
    ),
)
