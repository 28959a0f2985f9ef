"""S codes: faults of a definition, be it form.toml, sheetflow.toml or the roster."""

from sheetflow.messages.text import CatalogueEntry, Text

ENTRIES = (
    CatalogueEntry(
        code="S01",
        title=Text("文件写法有误，无法读取", "The file is not well-formed TOML"),
        message=Text("这一行读不通。", "This line can't be read."),
        why=Text(
            "文件须符合 TOML 写法：每行一个“名称 = 值”，文字加半角引号，日期不加。",
            "The file must be TOML: one “key = value” a line, texts in straight quotes.",
        ),
        remedy=Text(
            "请查看这一行及上一行：引号、等号、方括号须为半角并成对，同一名称不得写两次，"
            "名称用英文，路径中的“\\”改写成“/”，日期写成 2025-02-10（月、日各两位）。",
            "Look at this line and the one above: quotes, brackets and equals signs must be ASCII "
            "and in pairs, no key may stand twice, keys are ASCII, paths have / for \\, and a date is "
            "written 2025-02-10, months and days with two digits.",
        ),
        example=Text("name = “衡阳市”，用了全角引号。", "name = “衡阳市”, in curly quotes."),
    ),
    CatalogueEntry(
        code="S02",
        title=Text("缺少必填的项", "A required key is missing"),
        message=Text(
            "缺少“{key}”，写法：{expected}", "“{key}” is missing, to be written: {expected}"
        ),
        why=Text("没有这一项，定义就不完整。", "Without this key the definition is not complete."),
        remedy=Text("请在这一段补写该项。", "Add the key to this table."),
        example=Text("[campaign] 下没有写 period。", "[campaign] without a period."),
    ),
    CatalogueEntry(
        code="S03",
        title=Text("有不认识的项", "An unknown key"),
        message=Text(
            "不认识“{key}”，此处可写：{expected}。",
            "“{key}” is not known; it may mean: {expected}.",
        ),
        why=Text(
            "写错的名称如被忽略，本想作的规定就不起作用。",
            "If a misspelt key were passed over, what it was meant to say would not hold.",
        ),
        remedy=Text("请改正名称，或删去这一行。", "Correct the key, or delete the line."),
        example=Text("把 label 写成 lable。", "lable for label."),
    ),
    CatalogueEntry(
        code="S04",
        title=Text("项的值不合要求", "A value is not of the kind asked"),
        message=Text(
            "“{key}”写的是“{found}”，应写：{expected}", "“{key}” is “{found}”, expected: {expected}"
        ),
        why=Text(
            "每一项只接受一种写法，写成别的就不能确定原意。",
            "Each key takes one kind of value; of another kind its meaning would be a guess.",
        ),
        remedy=Text("请按所列写法改正。", "Write the value as shown."),
        example=Text(
            'decimals = "两位"，应写 decimals = 2。', 'decimals = "two" for decimals = 2.'
        ),
    ),
    CatalogueEntry(
        code="S05",
        title=Text(
            "提到的表、行、栏或格不存在", "A line, table, section or cell that does not exist"
        ),
        message=Text(
            "“{key}”提到的“{found}”在报表中不存在。",
            "“{key}” speaks of “{found}”, which the form does not have.",
        ),
        why=Text(
            "关系和文字只能提到报表中有的格，否则算出的数没有来处。",
            "A relation or text can only name what the form has.",
        ),
        remedy=Text(
            "请核对代码的拼写，包括点号、斜线和上级代码。",
            "Check the spelling of the code, its dots, slashes and headings.",
        ),
        example=Text("[done.totl]，应为 [done.total]。", "[done.totl] for [done.total]."),
    ),
    CatalogueEntry(
        code="S06",
        title=Text("勾稽关系读不通", "A relation can't be read"),
        message=Text("“{text}”在“{detail}”处读不通。", "“{text}” can't be read at “{detail}”."),
        why=Text(
            "关系须为：若干项相加减，中间一个 =、<= 或 >=；各项写在方括号内。",
            "A relation is a sum of references in brackets, one of =, <= and >=, and another sum.",
        ),
        remedy=Text(
            "请照这样写：[new] + [carried_in] = [done.total] + [carried_out]",
            "Write it like this: [new] + [carried_in] = [done.total] + [carried_out]",
        ),
        example=Text("[a] + [b，缺右括号。", "[a] + [b, without its closing bracket."),
    ),
    CatalogueEntry(
        code="S07",
        title=Text("合计行（栏）的算法不唯一", "A total line is not defined exactly once"),
        message=Text(
            "合计“{line}”应由一条关系算出，现有 {count} 条。",
            "The total “{line}” must be computed by one relation, there are {count}.",
        ),
        why=Text(
            "合计由公式算出：没有公式就没有数，有两个公式就可能有两个数。",
            "A total is computed: with no formula it has no value, with two it may have two.",
        ),
        remedy=Text(
            "请写一条左边只有这个合计、右边没有 previous 的等式；多余的改写成别的审核关系。要加上期数的"
            "（如累计数），写成填报的行（栏），另写审核关系。",
            "Give one equation with this total alone on its left side and no previous[...] on its "
            "right; say the others otherwise. What adds to the last period's figure is an entry "
            "line with a check.",
        ),
        example=Text(
            "增加了“小计”一栏而没有写它等于什么。", "A new subtotal column without a relation."
        ),
    ),
    CatalogueEntry(
        code="S08",
        title=Text("重复定义", "Defined twice"),
        message=Text("“{what}”定义了两次。", "“{what}” is defined twice."),
        why=Text(
            "代码是格的名称，两个同名就分不清所指。",
            "A code is a name; two of one name can't be told apart.",
        ),
        remedy=Text("请删去一处，或换一个代码。", "Delete one, or give it another code."),
        example=Text("两个指标的代码都是 new。", "Two items with the code new."),
    ),
    CatalogueEntry(
        code="S09",
        title=Text("合计相互循环", "Totals add each other"),
        message=Text(
            "合计“{line}”最终把自己也加了进去。", "The total “{line}” in the end adds itself."
        ),
        why=Text(
            "合计须由填报的格相加得出；互相引用就没有起点。",
            "A total is a sum of entries; where totals name each other there is no start.",
        ),
        remedy=Text(
            "请查看定义这些合计的关系式，去掉其中一处引用。",
            "Look at the relations that define these totals and take one reference out.",
        ),
        example=Text("[a] = [b] 与 [b] = [a]。", "[a] = [b] and [b] = [a]."),
    ),
    CatalogueEntry(
        code="S10",
        title=Text("文件不存在或打不开", "A file is absent or can't be opened"),
        message=Text("读不到这个文件：{why}。", "The file can't be read: {why}."),
        why=Text(
            "设置、报表、名录、处理决定都从填报任务文件夹中的文件读取，缺一份就不知道该怎样汇总。",
            "Settings, form, roster and decisions are read from files in the campaign's folder; "
            "without one of them there is no telling what to add.",
        ),
        remedy=Text(
            "不见了的，请从备份或回收站放回原处；正打开着的，请先关闭；没有权限的，请先取得权限。",
            "If it is gone put it back from a backup; if it is open close it; else ask for permission.",
        ),
        example=Text("form.toml 被误删。", "form.toml was deleted by mistake."),
    ),
    CatalogueEntry(
        code="S11",
        title=Text("名录缺少必需的列", "The roster lacks a column"),
        message=Text(
            "没有“{column}”列；首行写的是：{found}。",
            "There is no column “{column}”; the first row says: {found}.",
        ),
        why=Text(
            "名录首行写列名；“代码”和“名称”两列必须有，“上级”“类别”“联系人”“曾用名”“前身”可以没有。",
            "The first row names the columns; code and name are required, parent, kind, contact, "
            "former_names and predecessors are not.",
        ),
        remedy=Text(
            "请删去列名上面的标题行，列名写成：代码、名称、上级、类别、联系人、曾用名、前身"
            "（次序不限，每列只写一次）。",
            "Delete any title above the names of the columns, and let these be code, name, parent, "
            "kind, contact, former_names, predecessors, in any order, each once.",
        ),
        example=Text("首行是大标题“填报单位名录”。", "The first row is a title."),
    ),
    CatalogueEntry(
        code="S12",
        title=Text("单位代码不合要求", "An agency's code is malformed"),
        message=Text("第 {row} 行的代码“{found}”不合要求。", "Row {row}: “{found}” is not a code."),
        why=Text(
            "代码是单位的固定标识，用字母、数字和 . _ -，以字母或数字开头，不超过 40 个字符，不能是 all；"
            "Excel 会把数字代码变成 430424.0、4.30E+05 或丢掉开头的 0，原样已不能确定。",
            "A code has letters, digits and . _ -, starts with a letter or digit, has at most 40 "
            "characters and is not “all”; Excel turns codes of digits into 430424.0 or 4.30E+05 or "
            "drops leading zeros, and what stood there can't be known.",
        ),
        remedy=Text(
            "请把“代码”列设为文本格式，再重新填写这一行的代码。",
            "Format the column as text and type the code again.",
        ),
        example=Text("430424.0", "430424.0"),
    ),
    CatalogueEntry(
        code="S13",
        title=Text("单位代码重复", "A code stands twice"),
        message=Text(
            "第 {row} 行的代码“{found}”与第 {first} 行重复。",
            "Row {row}: the code “{found}” stands in row {first} already.",
        ),
        why=Text(
            "代码不分大小写，每个单位一个；重复就分不清是谁报的数。",
            "Whatever the case, a code belongs to one agency, or returns can't be told apart.",
        ),
        remedy=Text("请改其中一个代码，或删去重复的行。", "Change one of them, or delete a row."),
        example=Text("hy-mzj 和 HY-MZJ。", "hy-mzj and HY-MZJ."),
    ),
    CatalogueEntry(
        code="S14",
        title=Text("上级单位不在名录中", "The parent is not in the roster"),
        message=Text(
            "第 {row} 行“{name}”的上级“{found}”不是名录中的代码。",
            "Row {row}, {name}: its parent “{found}” is no code of the roster.",
        ),
        why=Text(
            "“上级”一列写上级单位的代码（不是名称）；直接归本级的留空。",
            "parent holds a code, not a name; it is empty for those directly under the whole.",
        ),
        remedy=Text(
            "请改写为名录中的代码，或补上该上级单位一行。",
            "Write a code of the roster, or add a row for that parent.",
        ),
        example=Text("上级写了“衡阳县”，应写它的代码。", "The county's name instead of its code."),
    ),
    CatalogueEntry(
        code="S15",
        title=Text("上下级关系成环", "Parents run in a circle"),
        message=Text(
            "第 {row} 行“{name}”沿上级走又回到自己：{found}。",
            "Row {row}, {name}: its parents lead back to itself: {found}.",
        ),
        why=Text(
            "汇总沿上级逐级相加，成环就没有顶。",
            "Figures are added from parent to parent; a circle has no top.",
        ),
        remedy=Text("请改正其中一行的上级。", "Correct the parent of one of these rows."),
        example=Text("甲的上级是乙，乙的上级是甲。", "A is under B, and B under A."),
    ),
    CatalogueEntry(
        code="S16",
        title=Text("单位名称为空", "An agency has no name"),
        message=Text("第 {row} 行（{code}）没有名称。", "Row {row} ({code}) has no name."),
        why=Text(
            "名称印在空表封面和各种清单上。",
            "The name is printed on the template and in every list.",
        ),
        remedy=Text("请补写名称；多余的行请删去。", "Add the name, or delete the row."),
        example=Text("只填了代码的一行。", "A row with nothing but a code."),
    ),
    CatalogueEntry(
        code="S17",
        title=Text("名录为空或无法读取", "The roster is empty or can't be read"),
        message=Text("名录中没有读到任何单位。", "No agency was found in the roster."),
        why=Text(
            "名录须有一行列名和至少一个单位；csv 须为 UTF-8、UTF-16 或 GB18030（GBK）编码。",
            "A roster has a row of column names and at least one agency; a csv file is in UTF-8, "
            "UTF-16 or GB18030.",
        ),
        remedy=Text(
            "请检查文件内容；用 Excel 或 WPS 另存为“CSV UTF-8”或 xlsx 后再试。",
            "Check the file; save it as “CSV UTF-8” or xlsx and try again.",
        ),
        example=Text(
            "文件是空的，或其实是改了扩展名的 Word 文件。", "A Word file renamed to .csv."
        ),
    ),
    CatalogueEntry(
        code="S18",
        title=Text("两个单位名称相同", "Two agencies share a name"),
        message=Text(
            "第 {row} 行的名称或曾用名“{name}”，与第 {other} 行的单位名称相同，上级也相同。",
            "Row {row}: the name or former name {name} is that of row {other}, under the same parent.",
        ),
        why=Text(
            "没有代码的上报件按名称归属，名称相同就分不清是谁的；同一单位写了两行，多出的一行永远是未报。",
            "A return without a code is known by its name, which here says nothing; and where one "
            "agency has two rows, one of them stays missing for ever.",
        ),
        remedy=Text(
            "同一单位写了两次的，请删去一行；确是两个单位的，请把名称写得能区分，曾用名只留在一行。",
            "If it is one agency delete a row; if they are two, let their names differ.",
        ),
        example=Text(
            "“临江市公安局”写了两行，代码不同，上级相同。",
            "One name in two rows, with two codes and one parent.",
        ),
    ),
    CatalogueEntry(
        code="S19",
        title=Text("有两份名录", "There are two rosters"),
        message=Text("采用的是 {used}，这一份没有读取。", "{used} is used, this one is not read."),
        why=Text(
            "改了没有采用的那一份，名录并不会变。",
            "Whatever is changed in the one that is not used changes nothing.",
        ),
        remedy=Text(
            "请核对以哪一份为准，把另一份移出文件夹。",
            "See which one holds, and move the other out of the folder.",
        ),
        example=Text("roster.xlsx 和 roster.csv 放在一起。", "roster.xlsx beside roster.csv."),
    ),
    CatalogueEntry(
        code="S20",
        title=Text("单位没有代码", "An agency has no code"),
        message=Text("第 {row} 行（{name}）没有代码。", "Row {row} ({name}) has no code."),
        why=Text(
            "代码是单位的固定标识，空表、上报件和合计都按它归属。",
            "By its code an agency is known on templates, in returns and in totals.",
        ),
        remedy=Text("请补写代码；多余的行请删去。", "Add the code, or delete the row."),
        example=Text("只填了名称的一行。", "A row with nothing but a name."),
    ),
    CatalogueEntry(
        code="S27",
        title=Text("{上年}的数读不出", "{Last year}'s figures can't be read"),
        message=Text("{problem}{found}", "{problem} {found}"),
        why=Text(
            "设置中指明了{上年}的数（previous），读不全就无法核对结转和变化，也写不出{同比}。",
            "The settings name {last year}'s figures (previous); without all of them nothing that is "
            "compared with them can be trusted.",
        ),
        remedy=Text(
            "请改正该文件或 sheetflow.toml 中的 previous；没有{上年}数的，在这一行行首加“#”。",
            "Mend the file, or `previous` in sheetflow.toml; if there are no figures, put a # "
            "before that line.",
        ),
        example=Text(
            'previous = "../2023"，而该文件夹没有 output/figures.csv，也没有 output/figures/。',
            'previous = "../2023", but there is neither output/figures.csv nor output/figures/.',
        ),
    ),
    CatalogueEntry(
        code="S28",
        title=Text("{上年}的单位{今年}没有承接", "Agencies of {last year} that nobody follows on"),
        message=Text("{count} 个：{agencies}。", "{count}: {agencies}."),
        why=Text(
            "撤销、合并、改代码的单位，其{上年}数如不由{今年}的单位承接，就不参加核对和{同比}。",
            "What an abolished, merged or renumbered agency reported is compared with nothing.",
        ),
        remedy=Text(
            "合并或拆分的，在名录“前身”一栏填{上年}的代码（多个用“；”隔开）；确已撤销的不必处理。",
            "If merged or split, list {last year}'s codes in the roster's column 前身, separated by "
            "；; if it was abolished nothing need be done.",
        ),
        example=Text("上年有 sl-lyj 示例市旅游局，今年并入文化和旅游局。", "sl-lyj was merged."),
    ),
    CatalogueEntry(
        code="S29",
        title=Text("同一条关系写了两次", "A relation is stated twice"),
        message=Text(
            "“{subject}”与“{other}”说的是同一件事。", "“{subject}” says the same as “{other}”."
        ),
        why=Text("同一个错会报两次。", "One mistake would be reported twice."),
        remedy=Text("请删去其中一条。", "Take one of them out."),
        example=Text("[a] = [b] 和 2 [b] = 2 [a]。", "[a] = [b] and 2 [b] = 2 [a]."),
    ),
    CatalogueEntry(
        code="S30",
        title=Text("勾稽关系互相矛盾", "Relations contradict each other"),
        message=Text(
            "这些关系只有在 {cells} 全为 0 时才能同时成立：{subject}。",
            "These can hold together only if {cells} are all 0: {subject}.",
        ),
        why=Text(
            "这些格只要有一个不为 0，无论怎样填都会报错。",
            "As soon as one of the cells is above 0 every return has an error.",
        ),
        remedy=Text("请对照表样改正其中一条。", "Correct one of them by the official form."),
        example=Text("[a] = [b] 和 [a] = [b] + [c]。", "[a] = [b] and [a] = [b] + [c]."),
    ),
    CatalogueEntry(
        code="S31",
        title=Text("勾稽关系永远成立", "A relation can never fail"),
        message=Text(
            "无论填什么数，“{subject}”都成立。", "Whatever is filled in, “{subject}” holds."
        ),
        why=Text(
            "总计由程序计算，各项不小于 0，这条关系查不出任何错误。",
            "Totals are computed and entries are at least 0: it finds no mistake.",
        ),
        remedy=Text(
            "请看是否写反了或写错了栏目；否则删去。",
            "See whether sides or lines were mixed up; else take it out.",
        ),
        example=Text("[合计] >= [其中一项]。", "[total] >= [one of its parts]."),
    ),
    CatalogueEntry(
        code="S32",
        title=Text("不能参加计算", "What can't be added is named"),
        message=Text(
            "“{key}”提到的“{found}”不能相加、比较：它不是件数、金额，或在台账（register）的一行中。",
            "“{key}” speaks of “{found}”, which can't be added or compared: it is no count or "
            "amount, or stands in a row of a register.",
        ),
        why=Text(
            "关系和句子只能用数：文字、选项、日期没有合计，百分数不能相加；台账的第3行，各单位、"
            "各年说的不是同一件事。",
            "Relations and sentences are about figures that are added: texts, choices, days and "
            "percentages are not; row 3 of a register is another case at each agency, each year.",
        ),
        remedy=Text(
            "请只写填件数、金额的行（栏）；本应填数的，检查它的 measure；台账各栏之间的关系写 "
            'along = "items"。',
            "Name lines of figures alone; if this should be one, look at its measure. What columns "
            'of a register have to do with each other is said along = "items".',
        ),
        example=Text("[合计] = [件数] + [备注]。", "[total] = [cases] + [remarks]."),
    ),
    CatalogueEntry(
        code="S33",
        title=Text("百分数不能相加", "Percentages can't be added up"),
        message=Text(
            "“{key}”写的是“{found}”，而这个表的数要相加汇总。",
            "“{key}” is “{found}”, but figures of this table are added up.",
        ),
        why=Text(
            "各单位的百分数加起来没有意义。", "The sum of agencies' percentages means nothing."
        ),
        remedy=Text(
            '请改为填报分子和分母；只看各单位的，在 [[table]] 中写 merge = "apart"。',
            "Ask for both parts of the fraction; if each agency's alone is wanted, say "
            'merge = "apart" in the [[table]].',
        ),
        example=Text('“办结率”一栏，unit = "%"。', 'A column of rates with unit = "%".'),
    ),
)
