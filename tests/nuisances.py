"""Fifty agencies, each with a nuisance of its own: what they send, and what must become of it.

Every return answers 100 and some to the first request figure, another number for each agency, and 0
to nearly everything else, so that a figure that is lost or counted as another's is noticed.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

from openpyxl import Workbook, load_workbook

from samples import form, plan
from sheetflow.workbooks.filling import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

Files = dict[str, bytes]
FIRST = "requests/new/person"


@dataclass(frozen=True)
class Sender:
    """One agency: its number among the fifty, and the template that it was sent."""

    number: int
    code: str
    name: str
    template: bytes

    @property
    def figure(self) -> int:
        """What it answers to the first figure."""
        return 100 + self.number

    @property
    def answers(self) -> dict[str, object]:
        """Give the answers that balance."""
        zeros: dict[str, object] = {str(c.ref): 0 for c in form().entries() if c.required}
        return zeros | {FIRST: self.figure, "requests/done.granted/person": self.figure}

    def filled(self, changes: Mapping[str, object] | None = None) -> bytes:
        """Fill the template, with some answers changed; None leaves one blank."""
        answers = self.answers | dict(changes or {})
        places = {plan().layout.place(ref): answers.get(str(ref)) for ref in plan().layout.slots}
        written = {p: v for p, v in places.items() if isinstance(v, int | float | str)}
        return fill(self.template, written)

    def edited(self, sheet: str, change: Callable[[Worksheet], object]) -> bytes:
        """Fill the template, then change a sheet as a person with the password would."""
        book = load_workbook(io.BytesIO(self.filled()))
        change(book[sheet])
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()


@dataclass(frozen=True)
class Nuisance:
    """What an agency sends (paths below returns/), and what must become of it."""

    name: str
    send: Callable[[Sender], Files]
    codes: frozenset[str] = frozenset()
    """Codes of the findings that must be there, of the agency or at its files."""
    figure: bool = True
    """Whether the first figure is read."""
    verdicts: Mapping[str, str] | None = None
    """Verdicts by path; by default the one file is used."""


def zipped(files: Mapping[str, bytes], encoding: str = "") -> bytes:
    """Pack files; with an encoding as Chinese Windows does, without the UTF-8 flag."""
    names = {name: name for name in files}
    if encoding:  # packed under ASCII names of equal length, which are overwritten then
        names = {n: f"{i}".rjust(len(n.encode(encoding)), "q") for i, n in enumerate(files)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(names[name], data)
    packed = target.getvalue()
    for name, stand_in in names.items() if encoding else ():
        packed = packed.replace(stand_in.encode(), name.encode(encoding))
    return packed


def mailed(files: Mapping[str, bytes], date: str) -> bytes:
    """Attach files to a mail of a date."""
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "a@example.gov.cn", "报送年报", date
    mail.set_content("见附件。")
    for name, data in files.items():
        mail.add_attachment(data, "application", "octet-stream", filename=name)
    return mail.as_bytes()


def mailbox(mails: Iterable[bytes]) -> bytes:
    """Put mails into one file, as mail programs export several."""
    return b"".join(b"From - Mon Jan 20 09:30:00 2025\n" + each + b"\n\n" for each in mails)


def encrypted(data: bytes, password: str) -> bytes:
    """Encrypt a workbook as Excel does."""
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415 - slow to load

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, target)
    return target.getvalue()


def one(data: bytes, path: str = "表.xlsx") -> Callable[[Sender], Files]:
    return lambda sender: {f"{sender.code}/{path}": data}


def answer(value: object) -> Callable[[Sender], Files]:
    """Answer the first figure in some way of one's own."""
    return lambda sender: {f"{sender.code}.xlsx": sender.filled({FIRST: _value(value, sender)})}


def _value(value: object, sender: Sender) -> object:
    return value.format(sender.figure) if isinstance(value, str) else value


def edit(sheet: str, change: Callable[[Worksheet], object]) -> Callable[[Sender], Files]:
    return lambda sender: {f"{sender.code}.xlsx": sender.edited(sheet, change)}


def put(address: str, value: str | float) -> Callable[[Worksheet], object]:
    return lambda sheet: sheet.__setitem__(address, value)


def full_width(sender: Sender) -> Files:
    text = "".join(chr(ord(digit) + 0xFEE0) for digit in str(sender.figure))
    return {f"{sender.code}.xlsx": sender.filled({FIRST: text})}


def renamed_sheets(sender: Sender) -> Files:
    book = load_workbook(io.BytesIO(sender.filled()))
    book["三"].title = "表三（定稿）"
    book.move_sheet("二", offset=3)
    return {f"{sender.code}.xlsx": _saved(book)}


def without_hidden_sheet(sender: Sender) -> Files:
    book = load_workbook(io.BytesIO(sender.filled()))
    del book["_sheetflow"]
    return {f"{sender.code}.xlsx": _saved(book)}


def home_made(sender: Sender) -> Files:
    """Copy the printed tables one below the other into a new workbook, formulas as values."""
    source = load_workbook(io.BytesIO(sender.filled()))
    book = Workbook()
    sheet = book.worksheets[0]
    row = 1
    sheet.cell(row, 1, f"填报单位：{sender.name}")
    sheet.cell(row, 4, "统计年度：2024年")
    for name in "二三四":
        row += 2
        for line in source[name].iter_rows(min_row=6, values_only=True):
            for column, value in enumerate(line, 1):
                if value is not None and not str(value).startswith("="):
                    sheet.cell(row, column, value)
            row += 1
    return {f"{sender.name}.xlsx": _saved(book)}


def as_csv(sender: Sender) -> Files:
    """Save the sheet of requests as text, as spreadsheet programs do."""
    sheet = load_workbook(io.BytesIO(sender.filled()))["三"]
    rows = (
        ",".join("" if v is None or str(v).startswith("=") else f'"{v}"' for v in line)
        for line in sheet.iter_rows(values_only=True)
    )
    return {f"{sender.code}_三.csv": "\n".join(rows).encode("gb18030")}


def _saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def two_dates(sender: Sender) -> Files:
    return {
        f"2025-01-10/{sender.code}.xlsx": sender.filled({FIRST: 1}),
        f"2025-01-20/{sender.code}.xlsx": sender.filled(),
    }


def two_without_order(sender: Sender) -> Files:
    return {
        f"{sender.code}.xlsx": sender.filled({FIRST: 1}),
        f"{sender.code}(1).xlsx": sender.filled(),
    }


def the_complete_one(sender: Sender) -> Files:
    gaps = {"disputes/cases/review.upheld": None, FIRST: 1}
    return {f"{sender.code}.xlsx": sender.filled(gaps), f"{sender.code}(1).xlsx": sender.filled()}


def in_nested_archives(sender: Sender) -> Files:
    inner = zipped({f"{sender.name}/表.xlsx": sender.filled(), "__MACOSX/._表.xlsx": b"x"})
    return {f"{sender.code}.zip": zipped({"汇总.zip": inner, "说明.txt": b"see inside"})}


def same_bytes_twice(sender: Sender) -> Files:
    data = sender.filled()
    return {f"{sender.code}.xlsx": data, f"重复/{sender.code}副本.xlsx": data}


def word_report(sender: Sender) -> Files:
    return {
        f"{sender.code}.xlsx": zipped(
            {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}
        )
    }


NUISANCES: tuple[Nuisance, ...] = (
    Nuisance("plain", lambda s: {f"{s.code}.xlsx": s.filled()}),
    Nuisance("renamed", lambda s: {"终稿2(1).xlsx": s.filled()}),
    Nuisance("in a folder deep down", lambda s: {f"a/b/c/d/{s.code}.xlsx": s.filled()}),
    Nuisance(
        "in an archive with GBK names",
        lambda s: {f"{s.code}.zip": zipped({f"{s.name}年报.xlsx": s.filled()}, "gb18030")},
        verdicts={".zip": "not_a_return", "年报.xlsx": "used"},
    ),
    Nuisance(
        "in an archive in an archive, packed on a Mac",
        in_nested_archives,
        codes=frozenset({"F01"}),
        verdicts={
            "说明.txt": "not_a_return",
            "._表.xlsx": "ignored",
            "/表.xlsx": "used",
            ".zip": "not_a_return",
        },
    ),
    Nuisance(
        "attached to a mail",
        lambda s: {
            f"{s.code}.eml": mailed(
                {f"{s.name}.xlsx": s.filled()}, "Mon, 20 Jan 2025 09:30:00 +0800"
            )
        },
        verdicts={".eml": "not_a_return", ".xlsx": "used"},
    ),
    Nuisance(
        "in a mailbox, behind another mail",
        lambda s: {
            f"{s.code}.mbox": mailbox(
                mailed(files, "Mon, 20 Jan 2025 09:30:00 +0800")
                for files in ({"说明.txt": b"words"}, {f"{s.name}.xlsx": s.filled()})
            )
        },
        codes=frozenset({"F01"}),
        verdicts={
            "号单位.xlsx": "used",
            "说明.txt": "not_a_return",
            ".eml": "not_a_return",
            ".mbox": "not_a_return",
        },
    ),
    Nuisance("full width digits", full_width, frozenset({"T4"})),
    Nuisance("a number stored as text", answer("{}"), frozenset({"T4"})),
    Nuisance("spaces around it", answer(" {} "), frozenset({"T4"})),
    Nuisance("a unit behind it", answer("{}件"), frozenset({"T4"})),
    Nuisance("无", answer("无"), frozenset({"T1"}), figure=False),
    Nuisance("a dash", answer("—"), frozenset({"T1"}), figure=False),
    Nuisance("不适用", answer("不适用"), frozenset({"T1"}), figure=False),
    Nuisance("words", answer("约{}"), frozenset({"T1"}), figure=False),
    Nuisance(
        "a blank",
        lambda s: {f"{s.code}.xlsx": s.filled({FIRST: None})},
        frozenset({"T2"}),
        figure=False,
    ),
    Nuisance("a formula without a result", answer("=50+50"), frozenset({"T1"}), figure=False),
    Nuisance("an error", edit("三", put("D9", "#REF!")), frozenset({"T1"}), figure=False),
    Nuisance("a fraction", answer(3.5), frozenset({"T1"}), figure=False),
    Nuisance("a negative number", answer(-4), frozenset({"T1"}), figure=False),
    Nuisance(
        "a percentage",
        edit("三", lambda p: setattr(p["D9"], "number_format", "0%")),
        frozenset({"T1"}),
        figure=False,
    ),
    Nuisance(
        "a date",
        edit("三", lambda p: setattr(p["D9"], "number_format", "yyyy-mm-dd")),
        frozenset({"T1"}),
        figure=False,
    ),
    Nuisance(
        "the fee to many digits",
        lambda s: {f"{s.code}.xlsx": s.filled({"charges/fees/amount": 18651.064104000001})},
    ),
    Nuisance("a row inserted", edit("三", lambda p: p.insert_rows(7))),
    Nuisance("a column inserted", edit("三", lambda p: p.insert_cols(2))),
    Nuisance("the row 规章 deleted", edit("二", lambda p: p.delete_rows(8)), frozenset({"T3"})),
    Nuisance("sheets renamed and moved", renamed_sheets),
    Nuisance("a label changed", edit("三", put("A9", "一、新收")), frozenset({"T3"}), figure=False),
    Nuisance("a label in known other words", edit("二", put("A9", "规范性文件"))),
    Nuisance("a wrong number over a total", edit("三", put("J9", 1)), frozenset({"R3"})),
    Nuisance("a remark beside the table", edit("三", put("D40", "含下属单位")), frozenset({"F10"})),
    Nuisance("the hidden sheet gone", without_hidden_sheet, frozenset({"I10"})),
    Nuisance("one sheet as GBK text", as_csv, frozenset({"T3"})),
    Nuisance("tables copied into a new workbook", home_made, frozenset({"I13"})),
    Nuisance(
        "the same file twice",
        same_bytes_twice,
        verdicts={"副本.xlsx": "duplicate", ".xlsx": "used"},
    ),
    Nuisance(
        "two, in dated folders",
        two_dates,
        frozenset({"I07"}),
        verdicts={"2025-01-10": "superseded", "2025-01-20": "used"},
    ),
    Nuisance(
        "two that differ, no order",
        two_without_order,
        frozenset({"I06"}),
        figure=False,
        verdicts={".xlsx": "superseded"},
    ),
    Nuisance(
        "two, one of them complete",
        the_complete_one,
        frozenset({"I07"}),
        verdicts={"(1).xlsx": "used", ".xlsx": "superseded"},
    ),
    Nuisance(
        "locked by Excel's own password",
        lambda s: {f"{s.code}.xlsx": encrypted(s.filled(), "VelvetSweatshop")},
    ),
    Nuisance(
        "a password that the office knows",
        lambda s: {f"{s.code}.xlsx": encrypted(s.filled(), "市局2024")},
    ),
    Nuisance(
        "a password that nobody knows",
        lambda s: {f"{s.code}.xlsx": encrypted(s.filled(), "?")},
        frozenset({"F04"}),
        figure=False,
        verdicts={".xlsx": "unreadable"},
    ),
    Nuisance(
        "a Word report under a workbook's name",
        word_report,
        frozenset({"F01"}),
        figure=False,
        verdicts={".xlsx": "unreadable"},
    ),
    Nuisance(
        "a PDF",
        one(b"%PDF-1.7\n%1", "报告.pdf"),
        frozenset({"F01"}),
        figure=False,
        verdicts={".pdf": "not_a_return"},
    ),
    Nuisance(
        "a photo",
        one(b"\xff\xd8\xff\xe0photo", "照片.jpg"),
        frozenset({"F01"}),
        figure=False,
        verdicts={".jpg": "not_a_return"},
    ),
    Nuisance(
        "nothing in the file",
        lambda s: {f"{s.code}.xlsx": b""},
        frozenset({"F07"}),
        figure=False,
        verdicts={".xlsx": "unreadable"},
    ),
    Nuisance(
        "half a file",
        lambda s: {f"{s.code}.xlsx": s.filled()[:9000]},
        frozenset({"F20"}),
        figure=False,
        verdicts={".xlsx": "unreadable"},
    ),
    Nuisance(
        "a rar archive",
        one(b"Rar!\x1a\x07\x01\x00", "全部.rar"),
        frozenset({"F08"}),
        figure=False,
        verdicts={".rar": "unreadable"},
    ),
    Nuisance(
        "lock and system files beside it",
        lambda s: {
            f"{s.code}.xlsx": s.filled(),
            f"~${s.code}.xlsx": b"lock",
            f"{s.code}/Thumbs.db": b"x",
        },
        verdicts={"returns/~$": "ignored", "Thumbs.db": "ignored", ".xlsx": "used"},
    ),
    Nuisance(
        "another name in the sheets",
        edit("二", put("A2", "填报单位：改名后的局　　　统计年度：2024年")),
        frozenset({"I15"}),
    ),
    Nuisance(
        "nothing filled in",
        lambda s: {f"{s.code}.xlsx": s.template},
        frozenset({"T2"}),
        figure=False,
    ),
    Nuisance("sends nothing at all", lambda _: {}, figure=False, verdicts={}),
)


def roster_text() -> str:
    """Write the roster of the fifty, in two counties."""
    lines = ["code,name,parent,kind", "east,东县,,group", "west,西县,,group"]
    for number, _ in enumerate(NUISANCES):
        parent = "east" if number % 2 else "west"
        lines.append(f"{code_of(number)},第{number:02}号单位,{parent},部门")
    return "\n".join(lines)


def code_of(number: int) -> str:
    return f"n{number:02}"


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files into the returns folder."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
