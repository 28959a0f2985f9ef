"""F26 to F30: archives and mails, and files that are too large."""

from sheetflow.messages.text import CatalogueEntry, Text, or_waived

ENTRIES = (
    CatalogueEntry(
        code="F26",
        title=Text("没有附件的邮件或空压缩包", "A mail or archive with nothing in it"),
        message=Text(
            "邮件没有附件，或压缩包里没有文件。",
            "The mail has no attachment, or the archive no file.",
        ),
        why=Text(
            "只登记附件和包内的文件；邮件正文不读取，里面可能写有说明。",
            "Only attachments and packed files are read; the mail's own text is not, and may say "
            "something.",
        ),
        remedy=Text(
            "请查看邮件正文；漏了附件的，请该单位重新发送。",
            "Look at the mail's text; where an attachment was forgotten, have it sent again.",
        ),
        example=Text(
            "邮件写着“附件请查收”，却忘了附上。", "“Please find attached”, with nothing attached."
        ),
    ),
    CatalogueEntry(
        code="F27",
        title=Text("压缩包有密码", "An archive with a password"),
        message=Text(
            "压缩包设有密码，不能读取其中内容。",
            "The archive asks for a password; its contents can't be read.",
        ),
        why=Text(
            "压缩包里的文件是加密的，没有密码任何程序都读不出。",
            "What is in the archive is encrypted; without the password no program can read it.",
        ),
        remedy=or_waived(
            Text(
                "请用密码解压，把其中的表格放入 returns；或请该单位不设密码重新发送。",
                "Unpack it with the password and put the workbooks into returns/; or have it sent again "
                "without one.",
            )
        ),
        example=Text("压缩包加了密码，密码另用微信告知。", "The password came apart, by chat."),
    ),
    CatalogueEntry(
        code="F28",
        title=Text("套得太深", "Packed too deep"),
        message=Text(
            "压缩包或邮件层层套着，超过 {limit} 层，里面的内容未读取。",
            "Archives or mails lie in one another, more than {limit} deep; this one was not opened.",
        ),
        why=Text(
            "正常报送最多是压缩包里再有压缩包；套得更深的可能是为拖垮电脑而制作的。",
            "Honest returns come in an archive in an archive at most; what lies deeper may be made to "
            "exhaust the machine.",
        ),
        remedy=or_waived(
            Text(
                "请先与该单位核实来源；确认无误后解压，把其中的表格直接放入 returns。",
                "Ask the agency where it comes from; if it is honest, unpack it and put the workbooks "
                "into returns/.",
            )
        ),
        example=Text(
            "县里把各乡镇的压缩包又打包了两次。", "A county packed its towns' archives, twice."
        ),
    ),
    CatalogueEntry(
        code="F29",
        title=Text("文件过大", "A file too large"),
        message=Text(
            "文件有 {size} MB，超过 {limit} MB，未读取。",
            "The file has {size} MB, more than {limit} MB, and was not read.",
        ),
        why=Text(
            "正常报表不到 1 MB；过大的文件多半不是报表，或夹带了大量图片。",
            "Honest returns have less than 1 MB; a huge file is none, or is full of pictures.",
        ),
        remedy=or_waived(
            Text(
                "不是报表的请移出 returns；是报表的请删除图片等多余内容，另存后放回；"
                "是压缩包的请解压后放入。",
                "Move it out of returns/ if it is no return; else remove pictures and the like and save "
                "it; unpack an archive.",
            )
        ),
        example=Text("会议录像放进了 returns。", "A recording of a meeting lay in returns/."),
    ),
    CatalogueEntry(
        code="F30",
        title=Text("压缩包或邮件中的文件读不出", "A packed file that can't be read"),
        message=Text(
            "压缩包或邮件中的这个文件读不出：{detail}（{method}）。",
            "This file can't be got out of its archive or mail: {detail} ({method}).",
        ),
        why=Text(
            "文件损坏，或用了少见的压缩方法；同一压缩包中的其他文件不受影响。",
            "It is damaged, or packed by a rare method; the others in the archive are not affected.",
        ),
        remedy=or_waived(
            Text(
                "请用解压软件解压后，把这个文件放入 returns；解压也报错的，请该单位重新发送。",
                "Unpack it and put this file into returns/; if that fails too, have it sent again.",
            )
        ),
        example=Text(
            "压缩包传输时损坏了一处，其中一份表读不出。", "One spot of an archive was damaged."
        ),
    ),
    CatalogueEntry(
        code="F31",
        title=Text("县区汇总包不能使用", "A county's bundle can't be used"),
        message=Text(
            "汇总包未收取：{problem}。包内各单位都按未报处理。",
            "The bundle was not taken in: {problem}. Its agencies count as missing.",
        ),
        why=Text(
            "汇总包写明所用报表、年度和各部分的校验值；有一处对不上，就不能知道其中的数字是否可信。",
            "A bundle says of which form and period it is and bears a checksum of every part; where "
            "one does not fit, nobody knows whether its figures can be trusted.",
        ),
        remedy=or_waived(
            Text(
                "请县区用{同一年度}、同一报表重新运行 sheetflow merge --bundle，原样发来，不要解压改动。",
                "Have the county run sheetflow merge --bundle again for the same form and period, and "
                "send the file as it is.",
            )
        ),
        example=Text(
            "县区把包解压，改了几个数，又压缩发来。", "It was unpacked, altered and packed again."
        ),
    ),
    CatalogueEntry(
        code="F32",
        title=Text("汇总包内的单位不在名录中", "A bundle holds an agency that the roster lacks"),
        message=Text(
            "单位代码 {agency} 不在本级名录中，这份报表没有计入。",
            "The code {agency} is not in this office's roster; the return is not counted.",
        ),
        why=Text(
            "两级名录的代码要一致，否则同一单位可能漏算或重复计算。",
            "Codes must be the same on both levels, else an agency is left out or counted twice.",
        ),
        remedy=or_waived(
            Text(
                "请与县区核对代码：在本级名录中补上该单位，或请县区改正代码后重新打包。",
                "Compare the codes with the county's: add the agency here, or have the bundle made anew.",
            )
        ),
        example=Text("县区自己增加了一个街道办。", "The county added a street office of its own."),
    ),
    CatalogueEntry(
        code="F33",
        title=Text("汇总包的合计与明细不符", "A bundle's totals contradict its returns"),
        message=Text(
            "按包内报表和处理决定重新汇总，有 {count} 个合计与包内所写不同：{cells}。本级按重新汇总的数计。",
            "Added up again from its returns and decisions, {count} totals differ from those it "
            "states: {cells}. The figures added up again are used.",
        ),
        why=Text(
            "合计一律由明细算出；对不上说明县区对外公布的数可能有误。",
            "Totals are always computed; where they differ the county may have published wrong ones.",
        ),
        remedy=or_waived(
            Text(
                "请县区重新运行 sheetflow merge --bundle，核对已公布的数字。",
                "Have the county run sheetflow merge --bundle again and compare what it published.",
            )
        ),
        example=Text("县区在合计上直接改了数。", "Somebody typed over a total."),
    ),
)
