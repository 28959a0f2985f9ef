"""I codes: whose return a file is, and which of several counts."""

from sheetflow.messages.text import CatalogueEntry, Text, or_waived

ENTRIES = (
    CatalogueEntry(
        code="I01",
        title=Text("不能确定填报单位", "The agency can't be told"),
        message=Text(
            "没有两处依据指向同一单位（{witnesses}）；可能是：{candidates}。",
            "No two witnesses name the same agency ({witnesses}); it may be: {candidates}.",
        ),
        why=Text(
            "每份空表在隐藏工作表、文档属性、定义名称和各表印刷编号四处写有同一标识；标识丢失时再看表内"
            "单位名称和文件名。至少两处一致、没有相反的依据、年度明确，才能认定；名称相近不算一致。",
            "Each template bears the same mark in four places; where they are lost, the agency's name "
            "in the sheets and the file's name are asked. Two must agree, none may contradict, and "
            "the period must be stated; a likeness of names is no agreement.",
        ),
        remedy=or_waived(
            Text(
                "请核实该文件属于哪个单位，用 sheetflow decide assign 文件 单位代码 指定归属；"
                "或请该单位用下发的空表重填。",
                "Find out whose file it is and say so with `sheetflow decide assign FILE "
                "AGENCY`; or have the agency fill in the template that it was sent.",
            )
        ),
        example=Text("一张自制的表格放进了 returns。", "A home-made table was put into returns/."),
    ),
    CatalogueEntry(
        code="I02",
        title=Text("单位不在名录中", "The agency is not in the roster"),
        message=Text(
            "文件标识的单位代码是“{found}”，名录中没有。",
            "The file is marked with the agency code “{found}”, which the roster does not have.",
        ),
        why=Text("只有名录中的单位才计入汇总。", "Only agencies of the roster are added up."),
        remedy=or_waived(
            Text(
                "请核对名录；如代码已变更，用 sheetflow decide assign 文件 单位代码 指定归属。"
                "几个单位已合并的，请合并后的单位合起来报一份；逐份指定归属的，只会采用其中一份。",
                "Check the roster; if the code has changed, say so with `sheetflow decide assign FILE "
                "AGENCY`. "
                "Where agencies were merged have the new one file for all of them: of several returns "
                "assigned to it one counts.",
            )
        ),
        example=Text("单位撤并后仍交了表。", "An agency that was merged away still reported."),
    ),
    CatalogueEntry(
        code="I03",
        title=Text("不是本次填报的报表", "Another form"),
        message=Text(
            "文件是“{found}”，本次应填“{expected}”。",
            "The file is “{found}”, but this campaign asks for “{expected}”.",
        ),
        why=Text(
            "报表版本不同，各格的含义可能不同，不能混用。",
            "In another version of a form a cell may mean another thing.",
        ),
        remedy=or_waived(
            Text(
                "请该单位用本次下发的空表重填。",
                "Have the agency fill in this campaign's template.",
            )
        ),
        example=Text("交来的是另一种报表的空表。", "The template of another form was returned."),
    ),
    CatalogueEntry(
        code="I04",
        title=Text("不是本期的报表", "Another period"),
        message=Text(
            "文件是 {found}{ 年度}的，本次应填 {expected}{ 年度}。",
            "The file is for {found}, but this campaign is for {expected}.",
        ),
        why=Text("{去年}的表常被误交。", "{Last year}'s workbook is often sent by mistake."),
        remedy=or_waived(
            Text("请该单位用本期的空表重填。", "Have the agency fill in this period's template.")
        ),
        example=Text(
            "2023 年的表放进了 2024 年的文件夹。", "A workbook of 2023 in the folder of 2024."
        ),
    ),
    CatalogueEntry(
        code="I05",
        title=Text("封签不符", "The seal does not match"),
        message=Text(
            "隐藏工作表中的封签与单位、期间、次数不符。",
            "The seal in the hidden sheet does not fit agency, period and issue number.",
        ),
        why=Text(
            "封签由本任务的密钥（.sheetflow/key）生成；不符说明空表来自别的任务，或标识被改过，"
            "或者密钥丢失后换了新的。",
            "The seal is made with this campaign's key (.sheetflow/key); if it does not fit, the "
            "template comes from another campaign, its marks were changed, or the key was lost and "
            "made anew.",
        ),
        remedy=Text(
            "各单位都不符的，是本单位的密钥换了，请从备份恢复 .sheetflow/key；个别不符的，请与该单位核实"
            "文件来源。数据已照常读取，核实后可豁免。",
            "If no seal fits the key was lost: put .sheetflow/key back from a backup. If a few do not, "
            "ask these agencies where the file comes from; figures were read as usual. Waive the finding "
            "when that is settled.",
        ),
        example=Text(
            "单位用了另一个科室发的空表。", "The agency used a template that another office sent."
        ),
    ),
    CatalogueEntry(
        code="I06",
        title=Text("同一单位有多份报表，无法确定先后", "Several returns of one agency, no order"),
        message=Text(
            "有 {count} 份内容不同的报表，次数和完整程度分不出先后，均未采用：{files}。",
            "{count} different returns; neither issue number nor completeness nor date tells which "
            "stands, so none is used: {files}.",
        ),
        why=Text(
            "内容不同而又分不出先后时，采用任何一份都是猜测。",
            "Where returns differ and nothing says which is later, taking one would be a guess.",
        ),
        remedy=Text(
            "请与单位核实，用 sheetflow decide choose 单位代码 文件 写明采用哪一份；"
            "也可以按收到日期放进子文件夹，如 returns/2025-01-20/。check 逐格列出各份的不同。",
            "Ask the agency and say which one with `sheetflow decide choose AGENCY FILE`; or sort them "
            "into folders by date, such as returns/2025-01-20/. `check` lists every difference.",
        ),
        example=Text(
            "微信和邮箱各收到一份，数字不同。",
            "One came by chat, one by e-mail, with other figures.",
        ),
    ),
    CatalogueEntry(
        code="I07",
        title=Text("多份报表，采用其中一份", "Several returns, one of them is used"),
        message=Text(
            "采用第 {issue} 次下发的 {used}，因为{why}；未采用：{files}。",
            "Issue {issue}, {used}, is used, since {why}; not used: {files}.",
        ),
        why=Text(
            "先看下发次数，再看完整程度，再看收到日期；被采用的一份在别的方面不如另一份时，须核实。",
            "Issue number comes first, then completeness, then date; where the one that counts is "
            "behind another in some way, somebody should look.",
        ),
        remedy=Text(
            "check 逐格列出各份的不同和对合计的影响；如应采用另一份，用 sheetflow decide choose 单位代码 文件 选用。",
            "`check` lists every difference and what it does to the totals; if another one should "
            "stand, say so with `sheetflow decide choose AGENCY FILE`.",
        ),
        example=Text(
            "退回修改后的第 2 次报表。", "The second issue, after the first was sent back."
        ),
    ),
    CatalogueEntry(
        code="I08",
        title=Text("汇总单位不单独填报", "A group does not file"),
        message=Text(
            "“{found}”在名录中是汇总（group），不单独填报，此文件未计入。",
            "“{found}” is a group in the roster and files nothing itself; the file is not counted.",
        ),
        why=Text(
            "汇总单位的数由下级相加；再计一份会重复。",
            "A group's figures are the sum of its children; a return would count twice.",
        ),
        remedy=or_waived(
            Text(
                "如该单位本级也要填报，请在名录中去掉“类别”的 group。",
                "If it does file for itself, give it another kind in the roster.",
            )
        ),
        example=Text("县级汇总单位交来了全县汇总表。", "A county sent in its own aggregate."),
    ),
    CatalogueEntry(
        code="I09",
        title=Text("标识不一致", "The marks disagree"),
        message=Text(
            "四处标识指向不同的单位：{witnesses}；按多数计入。",
            "The marks name different agencies: {witnesses}; the majority counts.",
        ),
        why=Text(
            "可能是用别的单位的空表复制、拼接而成。",
            "The workbook may have been put together from another agency's template.",
        ),
        remedy=Text(
            "请核实数据是哪个单位的；核实后可豁免，或用 sheetflow decide assign 指定归属。",
            "Find out whose figures these are; then waive the finding or use `sheetflow decide "
            "assign`.",
        ),
        example=Text(
            "把乙局的工作表粘进了甲局的空表。", "Sheets of agency B in the template of A."
        ),
    ),
    CatalogueEntry(
        code="I10",
        title=Text("封签缺失，无法核对", "No seal to check"),
        message=Text(
            "隐藏工作表已不在，封签无法核对。",
            "The hidden sheet is gone, so there is no seal to check.",
        ),
        why=Text(
            "有的程序保存时会丢掉隐藏工作表；其余标识一致，数据已照常读取。",
            "Some programs drop hidden sheets; the other marks agree and the figures were read.",
        ),
        remedy=Text(
            "一般无需处理；对来源有疑问时请与单位核实。", "Usually nothing; ask if in doubt."
        ),
        example=Text("用手机软件另存过。", "Saved by a program on a phone."),
    ),
    CatalogueEntry(
        code="I11",
        title=Text("空表由另一版报表定义生成", "Issued from another version of the form"),
        message=Text(
            "下发之后 form.toml 有过改动；各格按现在的定义读取，标签已核对。",
            "form.toml has changed since the template was issued; cells are read as defined now, "
            "and their labels were checked.",
        ),
        why=Text(
            "定义改动后，同一格的要求可能不同。",
            "After a change the same cell may ask for something else.",
        ),
        remedy=Text(
            "如改动影响填报，请运行 template 重发空表；否则无需处理。",
            "If the change matters to agencies, run template again; otherwise nothing.",
        ),
        example=Text("下发后改了一条填表说明。", "A prompt was reworded after issuing."),
    ),
    CatalogueEntry(
        code="I12",
        title=Text("用了其他单位的空表", "Another agency's template"),
        message=Text(
            "空表是下发给{found}的，填报内容或文件名指向别的单位（{witnesses}）；可能是：{candidates}。",
            "The template was issued to {found}, but its contents or the file's name say another "
            "agency ({witnesses}); it may be: {candidates}.",
        ),
        why=Text(
            "单位之间互相转发空表时，表内标识仍是原单位的，照此计入会张冠李戴。",
            "Where agencies pass a template on, its marks still name the first one, and the figures "
            "would be counted as the wrong agency's.",
        ),
        remedy=or_waived(
            Text(
                "请与单位核实，用 sheetflow decide assign 文件 单位代码 指定归属；或请该单位用自己的空表重填。",
                "Ask the agency, then use `sheetflow decide assign FILE AGENCY`; or have the agency "
                "fill in its own template.",
            )
        ),
        example=Text(
            "乙局拿甲局的空表填写，文件名改成了乙局。",
            "Agency B filled in A's template and named the file after itself.",
        ),
    ),
    CatalogueEntry(
        code="I13",
        title=Text("不是下发的空表", "Not an issued template"),
        message=Text(
            "文件没有任何标识，按表内单位名称和文件名归属。",
            "The file bears no mark; the names in it and of it say whose it is.",
        ),
        why=Text(
            "没有标识就不能核对空表的来源，数据已照常读取。",
            "Without marks there is no telling where it comes from; its figures were read as usual.",
        ),
        remedy=Text(
            "请与单位核实后豁免；或请其用下发的空表重填。",
            "Ask the agency, then waive the finding; or have the template filled in.",
        ),
        example=Text("把表格复制到了新建的工作簿。", "The tables were copied into a new workbook."),
    ),
    CatalogueEntry(
        code="I14",
        title=Text("放在了其他单位的文件夹里", "In another agency's folder"),
        message=Text(
            "文件属于{expected}，却在“{found}”的文件夹或压缩包里。",
            "The file is {expected}'s, but lies in a folder or archive of {found}.",
        ),
        why=Text(
            "可能是放错了位置，也可能是别的单位误用了它的空表。",
            "It may have been misplaced, or another agency may have used its template.",
        ),
        remedy=Text("请核实后豁免，或移到正确的位置。", "Check, then waive it or move the file."),
        example=Text("甲局文件夹里是乙局的表。", "Agency B's workbook in the folder of A."),
    ),
    CatalogueEntry(
        code="I15",
        title=Text("单位名称与名录不同", "A name that the roster does not have"),
        message=Text(
            "表内写的单位是“{found}”，名录中是“{expected}”。",
            "The return says “{found}”, the roster “{expected}”.",
        ),
        why=Text(
            "单位可能已更名；归属按标识认定，不受影响。",
            "The agency may have been renamed; the marks say whose the return is all the same.",
        ),
        remedy=Text(
            "如已更名，请在名录中更新名称，原名写入“曾用名”。",
            "If it was renamed, update the roster and put the old name under former_names.",
        ),
        example=Text("卫计局已改称卫生健康局。", "An office that bears a new name."),
    ),
    CatalogueEntry(
        code="I16",
        title=Text("旧版表样", "An older form"),
        message=Text(
            "填的是{form}：{taken} 个数含义相同，已采用；{left} 格在新表中没有对应，其中已填的：{cells}。",
            "This is {form}: {taken} figures mean the same and were taken over; {left} cells have no "
            "counterpart, filled in among them: {cells}.",
        ),
        why=Text(
            "旧表与新表只有部分指标含义相同；不能一一对应的数不作推算。",
            "Only some of the old form's figures mean the same today; the others are never converted.",
        ),
        remedy=Text(
            "请该单位用本次下发的空表补填缺少的数。",
            "Have the agency fill in what is missing, in this campaign's template.",
        ),
        example=Text("仍按 2019 年试行格式填报。", "A return on the trial form of 2019."),
    ),
    CatalogueEntry(
        code="I17",
        title=Text("文件名像是其他单位的", "A file named like another agency's"),
        message=Text(
            "空表是下发给{expected}的，文件名“{called}”却像是{found}。",
            "The template was issued to {expected}, but the file's name, “{called}”, is rather {found}.",
        ),
        why=Text(
            "单位之间转发空表时，文件名常用简称；照标识计入可能张冠李戴。简称不足以认定，只作提醒。",
            "Where templates are passed on, files are often named by short names, and the marks say "
            "another agency. A short name proves nothing, so it is only asked about.",
        ),
        remedy=Text(
            "请与单位核实：是别的单位报的，用 sheetflow decide assign 指定归属；没有错的，予以豁免。",
            "Ask the agency: if another one sent it, use sheetflow decide assign; else waive it.",
        ),
        example=Text(
            "文件名是“金井片区.xlsx”，用的是君山片区的空表。",
            "A file 金井片区.xlsx that is the template of 君山片区.",
        ),
    ),
)
