"""F11 to F24: files forged to deceive or exhaust their reader, or damaged on the way."""

from sheetflow.messages.text import CatalogueEntry, Text, or_waived

_SUSPICIOUS = or_waived(
    Text(
        "请勿打开这个文件，先与该单位核实它的来源；确认无误后，请其用下发的空表重填。",
        "Do not open the file; ask the agency where it comes from, and have the template filled again.",
    )
)
_TOO_MUCH = or_waived(
    Text(
        "请与该单位核实：多余的行、列、工作表请删除后另存；来源不明的请勿打开。必要时用下发的空表重填。",
        "Ask the agency: stray rows, columns and sheets are to be deleted and the file saved anew; do "
        "not open what nobody knows. If need be have the template filled again.",
    )
)
_SEND_AGAIN = or_waived(
    Text(
        "请该单位重新发送，最好先压缩成 zip；仍不能读取时，用 WPS 或 Excel 打开，另存为 .xlsx 后再发。",
        "Have it sent again, best packed as zip; if that does not help, have it opened in WPS or Excel "
        "and saved as a new .xlsx.",
    )
)
_SAVE_AGAIN = or_waived(
    Text(
        "请该单位用 WPS 或 Excel 打开，另存为 .xlsx 后重新发送；打不开的，用下发的空表重填。",
        "Have it opened in WPS or Excel, saved as a new .xlsx and sent again; if it does not open, have "
        "the template filled again.",
    )
)

ENTRIES = (
    CatalogueEntry(
        code="F11",
        title=Text("压缩数据互相重叠", "Members that overlap"),
        message=Text(
            "文件内部的压缩数据互相重叠（{part}），未读取。",
            "Packed data in the file lie over each other ({part}); it was not read.",
        ),
        why=Text(
            "xlsx 是一个压缩包，各部分依次存放；重叠的是“压缩炸弹”或伪造的文件，程序不会写出。",
            "An xlsx is an archive of parts that follow each other; overlapping ones are a zip bomb "
            "or forged, no program writes them.",
        ),
        remedy=_SUSPICIOUS,
        example=Text(
            "几十 KB 的文件，解压后有几个 GB。", "A file of some KB that unpacks to gigabytes."
        ),
    ),
    CatalogueEntry(
        code="F12",
        title=Text("内部有重名的部分", "Two parts of one name"),
        message=Text(
            "文件内部有两个部分同名（{part}），不能确定以哪个为准，未读取。",
            "Two parts of the file have the same name ({part}); which one counts is uncertain, so "
            "none was read.",
        ),
        why=Text(
            "不同软件会取不同的一个：您在 WPS 中看到的数字，可能不是程序读到的数字。",
            "Programs differ in which one they take: what WPS shows may not be what is read here.",
        ),
        remedy=_SUSPICIOUS,
        example=Text("内部有两张 sheet1.xml，数字不同。", "Two sheet1.xml with other figures."),
    ),
    CatalogueEntry(
        code="F13",
        title=Text("内部名称指向文件之外", "A name that leads elsewhere"),
        message=Text(
            "文件内部有指向别处的名称（{part}），未读取。",
            "A name in the file leads out of it ({part}); it was not read.",
        ),
        why=Text(
            "这种名称用来在解压时覆盖电脑上的其他文件，正常的表格中没有。",
            "Such names are made to overwrite other files on unpacking; honest workbooks have none.",
        ),
        remedy=_SUSPICIOUS,
        example=Text("内部名称为 ../../a.exe。", "A part named ../../a.exe."),
    ),
    CatalogueEntry(
        code="F14",
        title=Text("含有“文档类型”声明", "A document type"),
        message=Text(
            "文件的 {part} 部分含有“文档类型”（DOCTYPE）声明，未读取。",
            "The part {part} declares a document type (DOCTYPE); it was not read.",
        ),
        why=Text(
            "这种声明能让几行文字膨胀成几个 GB，或让程序去读取电脑上的其他文件；表格软件不写它。",
            "It can blow a few lines up to gigabytes, or make a program read other files; no "
            "spreadsheet program writes it.",
        ),
        remedy=_SUSPICIOUS,
        example=Text("名为“十亿个笑”的攻击文件。", "The attack known as billion laughs."),
    ),
    CatalogueEntry(
        code="F15",
        title=Text("解压后过大", "Inflates too far"),
        message=Text(
            "文件解压后过大，远超正常的报表，已停止读取。",
            "Unpacked, the file is far larger than any honest return; reading was stopped.",
        ),
        why=Text(
            "解压后过大的文件可能拖垮电脑，也可能是恶意的“压缩炸弹”。",
            "What unpacks to so much can exhaust the machine, or is a zip bomb that is meant to.",
        ),
        remedy=_TOO_MUCH,
        example=Text("100 KB 的文件，解压后有 100 MB。", "A file of 100 KB unpacks to 100 MB."),
    ),
    CatalogueEntry(
        code="F16",
        title=Text("文字过多", "Too much text"),
        message=Text(
            "文件中的文字过多，远超正常的报表，已停止读取。",
            "The file holds far more text than any honest return; reading was stopped.",
        ),
        why=Text(
            "正常报表的文字远少于此；这么多文字会耗尽电脑的内存。",
            "Honest returns hold far less; so much text exhausts the machine's memory.",
        ),
        remedy=_TOO_MUCH,
        example=Text("一个单元格里有一千万字。", "A cell with ten million characters."),
    ),
    CatalogueEntry(
        code="F17",
        title=Text("单元格过多", "Too many cells"),
        message=Text(
            "文件中有内容的单元格超过 {limit} 个，已停止读取。",
            "More than {limit} cells of the file hold something; reading was stopped.",
        ),
        why=Text(
            "正常报表只有几千个单元格；这么多多半是公式或数字被拖到了表底，也可能是恶意文件。",
            "Honest returns have some thousands; most likely something was filled down to the last "
            "row, or it is meant to do harm.",
        ),
        remedy=_TOO_MUCH,
        example=Text("公式被一直拖到了最后一行。", "A formula was filled down to the last row."),
    ),
    CatalogueEntry(
        code="F18",
        title=Text("内部结构套得太深", "Nested too deep"),
        message=Text(
            "文件内部的结构层层嵌套，超过 {limit} 层，未读取。",
            "Elements in the file lie in one another, more than {limit} deep; it was not read.",
        ),
        why=Text(
            "表格软件最多写十几层；套得更深的，是为使读取程序崩溃而制作的。",
            "Spreadsheet programs write a dozen levels; more are made to crash a reader.",
        ),
        remedy=_SUSPICIOUS,
        example=Text("几万个标记一个套一个。", "Tens of thousands of tags in one another."),
    ),
    CatalogueEntry(
        code="F19",
        title=Text("校验不符", "A wrong checksum"),
        message=Text(
            "文件的 {part} 部分与保存时不一致（校验不符），整份未读取。",
            "The part {part} is not what was saved (its checksum is wrong); nothing was read.",
        ),
        why=Text(
            "文件在传输或存储中变了样，或被人直接改动过；其中的数字不可信。",
            "It changed on its way or on the disk, or was tampered with; its figures can't be "
            "trusted.",
        ),
        remedy=_SEND_AGAIN,
        example=Text("U 盘损坏，文件中错了一个字节。", "A bad flash drive changed one byte."),
    ),
    CatalogueEntry(
        code="F20",
        title=Text("文件不完整", "A file that is cut off"),
        message=Text(
            "文件不完整，后面一截没有收到（{part}）。",
            "The file is incomplete: its end is missing ({part}).",
        ),
        why=Text(
            "传输中断、磁盘已满或网盘未同步完时，会留下半个文件。",
            "A broken transfer, a full disk or an unfinished sync leaves half a file.",
        ),
        remedy=_SEND_AGAIN,
        example=Text("传输中断，只收到半个文件。", "The transfer broke off half-way."),
    ),
    CatalogueEntry(
        code="F21",
        title=Text("含有不允许的字符", "Characters that are not allowed"),
        message=Text(
            "文件的 {part} 部分含有表格文件不允许的控制字符，不能读取。",
            "The part {part} holds control characters that no workbook may hold; it can't be read.",
        ),
        why=Text(
            "这类看不见的字符多由业务系统导出时带入，WPS 和 Excel 也会提示文件损坏。",
            "Such invisible characters mostly come from systems that export badly; WPS and Excel "
            "call the file damaged too.",
        ),
        remedy=_SAVE_AGAIN,
        example=Text(
            "业务系统导出的备注中带有退格符。", "An exported remark with a backspace in it."
        ),
    ),
    CatalogueEntry(
        code="F22",
        title=Text("含有残缺的字符", "Halves of characters"),
        message=Text(
            "文件的 {part} 部分含有残缺的字符（只有半个编码），不能读取。",
            "The part {part} holds halves of characters (lone surrogates); it can't be read.",
        ),
        why=Text(
            "表情符号或生僻字被从中截断；各种软件对它的解释不同，读出的文字不可信。",
            "An emoji or a rare character was cut in two; programs differ in what they make of it, "
            "so the text can't be trusted.",
        ),
        remedy=_SAVE_AGAIN,
        example=Text(
            "业务系统按长度截断文字，正好截在生僻字中间。",
            "A system cut a text by its length, in the middle of a rare character.",
        ),
    ),
    CatalogueEntry(
        code="F23",
        title=Text("单元格位置不可能", "A cell in an impossible place"),
        message=Text(
            "单元格 {cell} 的位置不可能存在，或与另一单元格重复，未读取。",
            "The cell {cell} lies outside the sheet, or where another one lies; nothing was read.",
        ),
        why=Text(
            "位置有误的文件，不同软件会读出不同的数字；它多半已损坏或被改动过。",
            "Programs read different figures from it; most likely it is damaged or tampered with.",
        ),
        remedy=_SAVE_AGAIN,
        example=Text("同一张表里有两个 B5。", "Two cells B5 in one sheet."),
    ),
    CatalogueEntry(
        code="F24",
        title=Text("内部组成过多", "Made of too much"),
        message=Text(
            "文件内部的文件、工作表、样式或标记过多（超过 {limit}），已停止读取。",
            "The file is made of too many files, sheets, styles or tags (above {limit}); reading "
            "was stopped.",
        ),
        why=Text(
            "正常报表远少于此；过多的会拖垮电脑，多半是反复复制粘贴留下的，也可能是恶意文件。",
            "Honest returns have far fewer; so many exhaust the machine. Mostly they are left by "
            "copying again and again, but may be meant to do harm.",
        ),
        remedy=_TOO_MUCH,
        example=Text(
            "空白行列都带着格式，一直到表底。", "Formats on blank cells down to the last row."
        ),
    ),
)
