"""Saves the return with Python's libraries: python by_python.py LIBRARY folder out.

The folder holds template.xlsx, template.xls, template.ods and job.json. Those that can load the
template fill it; the others write a workbook of their own with the same sheets, as scripts do that
people make at home.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module  # none of these is a dependency of sheetflow
from pathlib import Path
from typing import Any


def openpyxl(folder: Path, out: Path) -> None:
    """Load, fill and save; and write a workbook of its own, row by row."""
    library = import_module("openpyxl")
    book = library.load_workbook(folder / "template.xlsx")
    for cell in _cells(folder):
        book[cell["sheet"]][cell["address"]].value = cell["value"]
    book.save(out / "openpyxl.xlsx")
    own = library.Workbook(write_only=True)
    for name, rows in _rows(folder).items():
        sheet = own.create_sheet(name)
        for row in rows:
            sheet.append(row)
    own.save(out / "openpyxl-write-only.xlsx")


def pandas(folder: Path, out: Path) -> None:
    """Write data frames: xlsx by two engines, ods, and one sheet as csv."""
    library = import_module("pandas")
    frames = {name: library.DataFrame(rows) for name, rows in _rows(folder).items()}
    for name in ("pandas-openpyxl.xlsx", "pandas-xlsxwriter.xlsx", "pandas.ods"):
        engine = name.partition("-")[2].partition(".")[0] or "odf"
        with library.ExcelWriter(out / name, engine=engine) as writer:
            for sheet, frame in frames.items():
                frame.to_excel(writer, sheet_name=sheet, header=False, index=False)
    frames["三"].to_csv(out / "pandas.csv", header=False, index=False, encoding="utf-8-sig")


def xlsxwriter(folder: Path, out: Path) -> None:
    """Write a workbook of its own, with texts in the cells rather than in a shared table."""
    library = import_module("xlsxwriter")
    book = library.Workbook(out / "xlsxwriter-inline.xlsx", {"constant_memory": True})
    for name, rows in _rows(folder).items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()


def pyexcelerate(folder: Path, out: Path) -> None:
    """Write a workbook of its own."""
    book = import_module("pyexcelerate").Workbook()
    for name, rows in _rows(folder).items():
        book.new_sheet(name, data=rows)
    book.save(out / "pyexcelerate.xlsx")


def pylightxl(folder: Path, out: Path) -> None:
    """Load, fill and save: formulas and values are kept, and nothing else."""
    library = import_module("pylightxl")
    book = library.readxl(folder / "template.xlsx")
    for cell in _cells(folder):
        book.ws(ws=cell["sheet"]).update_address(address=cell["address"], val=cell["value"])
    library.writexl(db=book, fn=out / "pylightxl.xlsx")


def ironcalc(folder: Path, out: Path) -> None:
    """Load, fill, calculate and save."""
    library = import_module("ironcalc")
    book = library.load_from_xlsx(str(folder / "template.xlsx"), "en", "UTC", "en")
    sheets = [sheet["name"] for sheet in book.get_worksheets_properties()]
    for cell in _cells(folder):
        where = (sheets.index(cell["sheet"]), cell["row"] + 1, cell["column"] + 1)
        book.set_user_input(*where, str(cell["value"]))
    book.evaluate()
    (out / "ironcalc.xlsx").unlink(missing_ok=True)
    book.save_to_xlsx(str(out / "ironcalc.xlsx"))


def xlwt(folder: Path, out: Path) -> None:
    """Write a workbook of its own."""
    book = import_module("xlwt").Workbook(encoding="utf-8")
    for name, rows in _rows(folder).items():
        sheet = book.add_sheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(row, column, value)
    book.save(out / "xlwt.xls")


def xlutils(folder: Path, out: Path) -> None:
    """Copy the template and fill the copy: formulas become the values that they had."""
    library = import_module("xlrd")
    book = library.open_workbook(folder / "template.xls", formatting_info=True)
    copy = import_module("xlutils.copy").copy(book)
    for cell in _cells(folder):
        copy.get_sheet(cell["sheet"]).write(cell["row"], cell["column"], cell["value"])
    copy.save(out / "xlutils.xls")


def pyexcel(folder: Path, out: Path) -> None:
    """Write a workbook of its own."""
    rows = {name: [_filled(row) for row in rows] for name, rows in _rows(folder).items()}
    import_module("pyexcel_ods3").save_data(str(out / "pyexcel-ods3.ods"), rows)


def ezodf(folder: Path, out: Path) -> None:
    """Load, fill and save."""
    library = import_module("ezodf")
    book = library.opendoc(str(folder / "template.ods"))
    for cell in _cells(folder):
        book.sheets[cell["sheet"]][cell["row"], cell["column"]].set_value(cell["value"])
    book.saveas(str(out / "ezodf.ods"))


def odfpy(folder: Path, out: Path) -> None:
    """Load, fill and save; a run of equal cells is split where one of them is filled."""
    table, text = import_module("odf.table"), import_module("odf.text")
    book = import_module("odf.opendocument").load(str(folder / "template.ods"))
    sheets = {s.getAttribute("name"): s for s in book.getElementsByType(table.Table)}
    for cell in _cells(folder):
        row = _nth(sheets[cell["sheet"]], cell["row"], "numberrowsrepeated", table.TableRow)
        spot = _nth(row, cell["column"], "numbercolumnsrepeated", table.TableCell)
        spot.childNodes.clear()
        is_text = isinstance(cell["value"], str)
        spot.setAttribute("valuetype", "string" if is_text else "float")
        if not is_text:
            spot.setAttribute("value", repr(cell["value"]))
        for line in str(cell["value"]).split("\n"):
            spot.addElement(text.P(text=line))
    book.save(str(out / "odfpy.ods"))


def _nth(parent: Any, number: int, repeat: str, kind: Any) -> Any:  # noqa: ANN401 - untyped
    """Find the nth row or cell, taking it out of the run that it is part of."""
    names = {kind().qname, (kind().qname[0], "covered-table-cell")}
    children = [c for c in _flat(parent) if getattr(c, "qname", None) in names]
    for child in children:
        count = int(child.getAttribute(repeat) or 1)
        if number < count:
            return _alone(child, number, count, repeat)
        number -= count
    raise IndexError(number)


def _flat(parent: Any) -> list[Any]:  # noqa: ANN401 - untyped
    """Give children, and those of groups of rows in place of the groups."""
    children: list[Any] = []
    for child in parent.childNodes:
        is_group = "header-rows" in str(getattr(child, "qname", ""))
        children += _flat(child) if is_group else [child]
    return children


def _alone(child: Any, number: int, count: int, repeat: str) -> Any:  # noqa: ANN401 - untyped
    """Split a run into what is before the cell, the cell, and what is after it."""
    for length, place in ((number, child), (count - number - 1, child.nextSibling)):
        if length:
            copy = child.__class__(qname=child.qname, check_grammar=False)
            copy.attributes.update(child.attributes)
            copy.setAttribute(repeat, str(length))
            child.parentNode.insertBefore(copy, place)
    if count > 1:
        child.removeAttribute(repeat)
    return child


def _cells(folder: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = _job(folder)["cells"]
    return cells


def _rows(folder: Path) -> dict[str, list[list[Any]]]:
    """Give the filled sheets as rows of equal length, None where nothing stands."""
    sheets = {}
    for sheet in _job(folder)["sheets"]:
        height = max(row for row, _, _ in sheet["cells"]) + 1
        width = max(column for _, column, _ in sheet["cells"]) + 1
        rows: list[list[Any]] = [[None] * width for _ in range(height)]
        for row, column, value in sheet["cells"]:
            rows[row][column] = value
        sheets[sheet["name"]] = rows
    return sheets


def _filled(row: list[Any]) -> list[Any]:
    return ["" if value is None else value for value in row]


def _job(folder: Path) -> dict[str, Any]:
    job: dict[str, Any] = json.loads((folder / "job.json").read_text())
    return job


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
