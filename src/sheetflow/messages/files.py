"""F codes: what is wrong with a file as such, before anything in it is looked at."""

from sheetflow.messages.text import CatalogueEntry, Text, or_waived

ENTRIES = (
    CatalogueEntry(
        code="F01",
        title=Text("不是电子表格", "Not a spreadsheet"),
        message=Text("这是{format}，不是电子表格。", "This is {format}, not a spreadsheet."),
        why=Text(
            "数据只从下发的空表中读取；格式按文件内容判断，不看扩展名。",
            "Figures are read from the issued template only; contents decide, not the file name.",
        ),
        remedy=or_waived(
            Text(
                "如为 Word、PDF 等形式的报告，请将其中的数填入该单位空表后放入 returns；与填报无关的文件请移出。",
                "Where it is a report in Word, PDF or the like, fill its figures into the agency's "
                "template and put that into returns/; move anything else out.",
            )
        ),
        example=Text("交来了 Word 版年度报告。", "The annual report came as a Word file."),
    ),
    CatalogueEntry(
        code="F02",
        title=Text("文件损坏", "A damaged file"),
        message=Text(
            "文件在 {what} 处损坏，不能读取（{detail}）。",
            "The file is damaged at {what} and can't be read ({detail}).",
        ),
        why=Text(
            "文件有一处损坏，其余数字也不可信，因此整份不读。",
            "Where one part is damaged the other figures can't be trusted, so none is read.",
        ),
        remedy=or_waived(
            Text(
                "请该单位重新发送；仍不能读取时，用 WPS 或 Excel 打开并另存为 .xlsx 后再发。",
                "Have it sent again; if that does not help, have it opened in WPS or Excel and saved "
                "as a new .xlsx.",
            )
        ),
        example=Text("文件里缺了一张工作表的数据。", "The data of one of its sheets are missing."),
    ),
    CatalogueEntry(
        code="F04",
        title=Text("文件有打开密码", "A password to open"),
        message=Text(
            "文件设有打开密码，不能读取。", "The file asks for a password and can't be read."
        ),
        why=Text(
            "有打开密码的文件是加密的，没有密码任何程序都读不出。",
            "A password to open encrypts the file; without it no program can read it.",
        ),
        remedy=or_waived(
            Text(
                "请取消密码后另存：WPS 为“文件—文档加密—密码加密”，清空打开密码；"
                "Excel 为“文件—信息—保护工作簿—用密码进行加密”，清空密码。"
                "知道密码的，也可以每行一个写入一个文件，并在 sheetflow.toml 中写明 "
                'passwords = "passwords.txt"，再运行一次。',
                "Remove the password and save. WPS: File > Encrypt > Password, clear it. "
                "Excel: File > Info > Protect Workbook > Encrypt with Password, clear it. Passwords "
                "that are known can also be listed in a file, one a line: name it in sheetflow.toml by "
                'passwords = "passwords.txt" and run again.',
            )
        ),
        example=Text("单位发送前给文件加了密码。", "The agency set a password before sending."),
    ),
    CatalogueEntry(
        code="F05",
        title=Text("不能读取的表格格式", "A table that is no workbook"),
        message=Text("文件是{format}，不能读取。", "The file is {format}, which is not read."),
        why=Text(
            "网页和 XML 表格不是工作簿，即使扩展名是 .xls；格式按文件内容判断，改扩展名不起作用。",
            "Web pages and XML tables are no workbooks, even where they are called .xls; contents "
            "decide, so renaming does not help.",
        ),
        remedy=or_waived(
            Text(
                "请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入 returns。",
                "Open it in WPS or Excel, save it as .xlsx and put that into returns/.",
            )
        ),
        example=Text(
            "业务系统导出的“.xls”其实是网页。", "A system's “.xls” that is really a web page."
        ),
    ),
    CatalogueEntry(
        code="F07",
        title=Text("空文件", "An empty file"),
        message=Text("文件没有内容。", "The file has no contents."),
        why=Text(
            "网络中断、磁盘已满或网盘未同步完时，会留下空文件。",
            "A broken transfer, a full disk or an unfinished sync leaves empty files.",
        ),
        remedy=or_waived(Text("请该单位重新发送。", "Have it sent again.")),
        example=Text("大小为 0 字节的 .xlsx。", "An .xlsx of 0 bytes."),
    ),
    CatalogueEntry(
        code="F08",
        title=Text("不能打开的压缩包或邮件", "An archive or mail that is not opened"),
        message=Text(
            "文件是{format}，不能打开，其中内容未读取。",
            "The file is {format}, which is not opened; nothing in it was read.",
        ),
        why=Text(
            "能打开 zip 压缩包和邮件，安装 sheetflow[7z] 后也能打开 7z；rar 是专有格式，不能打开。",
            "Archives as zip and mails are opened, 7z where sheetflow[7z] is installed; rar is a "
            "proprietary format.",
        ),
        remedy=or_waived(
            Text(
                "请解压（邮件请保存附件），把其中的表格放入 returns；也可请该单位改用 zip 格式重新打包。",
                "Unpack it (of a mail, save the attachments) and put the workbooks into returns/; or have "
                "it packed again as zip.",
            )
        ),
        example=Text(
            "全县的报表打成一个 rar 压缩包发来。", "A county sent all its returns as one rar."
        ),
    ),
    CatalogueEntry(
        code="F09",
        title=Text("不能读取", "The file can't be opened"),
        message=Text(
            "系统拒绝读取该文件（{detail}）。", "The system refused to open the file ({detail})."
        ),
        why=Text(
            "文件可能正被其他程序打开、没有读取权限，或不是普通文件。",
            "Another program may hold it open, permission may be missing, or it is no regular file.",
        ),
        remedy=Text(
            "请先关闭正在打开该文件的 WPS 或 Excel，检查权限后再运行一次。",
            "Close WPS or Excel, check the permissions, and run again.",
        ),
        example=Text("文件正在 Excel 中打开。", "The file is open in Excel."),
    ),
    CatalogueEntry(
        code="F25",
        title=Text("读取时超出限制", "Beyond the limits while being read"),
        message=Text(
            "文件读取时超出时间或内存限制（{what}），未读取。",
            "The file went beyond the limits of time or memory ({what}) and was not read.",
        ),
        why=Text(
            "旧格式和加密文件在受限的单独进程中读取；损坏或恶意的文件可能使它耗尽时间或内存。",
            "Old formats and encrypted files are read in a process with limits of its own; a "
            "damaged or hostile one can use them up.",
        ),
        remedy=or_waived(
            Text(
                "请该单位用 WPS 或 Excel 打开，另存为 .xlsx（不设密码）后重新发送。",
                "Have it opened in WPS or Excel, saved as .xlsx without a password, and sent again.",
            )
        ),
        example=Text(
            "损坏的 .xls 使读取程序一直运行。", "A damaged .xls kept its reader running for ever."
        ),
    ),
)
