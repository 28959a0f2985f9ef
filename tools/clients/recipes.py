"""The programs, the files that each saves, and the commands that make it do so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from material import FIXTURES

TOOLS = Path(__file__).resolve().parent
_JARS = (
    *("poi", "poi-ooxml", "commons-collections4", "commons-math3", "commons-compress"),
    *("commons-codec", "commons-logging", "commons-validator", "jxl", "jOpenDocument-1.3"),
    *("odfdom-java", "jdom1", "jdom", "slf4j-api", "slf4j-simple", "xercesImpl", "xml-apis"),
    *("jena-core", "jena-iri", "java-rdfa"),
)
_CLASSES = ":".join(f"/usr/share/java/{jar}.jar" for jar in _JARS)
_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run of one program. Commands run in the work folder; `out` is theirs to write into."""

    program: str
    files: tuple[str, ...]
    command: tuple[str, ...]
    version: tuple[str, ...] = ()
    """A command that prints the program's version; () for what is made by hand."""
    renamed: tuple[str, str] = ("", "")
    """A file that the program names by itself, and the name it gets."""
    environment: tuple[tuple[str, str], ...] = ()


def recipes(python: str) -> list[Recipe]:
    """List all; `python` is one that has the packages of requirements.txt."""
    return [
        *_prepared(),
        *_libreoffice(),
        *_gnumeric(),
        _calligra(),
        _xlsx2csv(python),
        *_python(python),
        *_node(),
        *_java(),
        *_perl(),
        *_others(),
        *_by_hand(python),
    ]


def _prepared() -> list[Recipe]:
    """Give blank templates in other formats, for programs that load those only: no fixtures."""
    return [
        _converted("", "template.xlsx", "ods", "template.ods"),
        _converted("", "template.xlsx", "xls:MS Excel 97", "template.xls"),
        _exported("", "template.xlsx", "Gnumeric_OpenCalc:odf", "template-gnumeric.ods"),
        _exported("", "template.xlsx", "Gnumeric_Excel:excel_biff8", "template-gnumeric.xls"),
    ]


def _libreoffice() -> list[Recipe]:
    sheet = ":Text - txt - csv (StarCalc):44,34,{code},1,,0,false,true,false,false,false,4"
    typed = tuple(f"libreoffice-typed.{kind}" for kind in ("xlsx", "ods", "xls"))
    office, utf8, gb18030 = "LibreOffice", sheet.format(code=76), sheet.format(code=85)
    return [
        _converted(office, "filled.xlsx", "xlsx:Calc MS Excel 2007 XML", "libreoffice.xlsx"),
        _converted(office, "filled.xlsx", "xlsx:Calc Office Open XML", "libreoffice-ooxml.xlsx"),
        _converted(office, "filled.xlsx", "xlsm:Calc MS Excel 2007 VBA XML", "libreoffice.xlsm"),
        _converted(office, "filled.xlsx", "ods:calc8", "libreoffice.ods"),
        _converted(office, "filled.xlsx", "csv" + utf8, "libreoffice-utf8.csv", "filled-三.csv"),
        _converted(office, "filled.xlsx", "csv" + gb18030, "libreoffice-gb.csv", "filled-三.csv"),
        Recipe(
            "LibreOffice, typed into",
            typed,
            ("/usr/bin/python3", str(TOOLS / "by_uno.py"), ".", "out"),
            ("soffice", "--version"),
        ),
    ]


def _converted(program: str, source: str, kind: str, name: str, saved: str = "") -> Recipe:
    """Let LibreOffice convert a file without a window."""
    saved = saved or f"{Path(source).stem}.{kind.partition(':')[0]}"
    profile = "-env:UserInstallation=file://{work}/profile"
    convert = ("--headless", "--convert-to", kind, "--outdir", "out", source)
    version = ("soffice", "--version")
    return Recipe(program, (name,), ("soffice", profile, *convert), version, (saved, name))


def _gnumeric() -> list[Recipe]:
    program, source = "gnumeric", "filled.xlsx"
    return [
        _exported(program, source, "Gnumeric_Excel:xlsx2", "gnumeric.xlsx"),
        _exported(program, source, "Gnumeric_Excel:xlsx", "gnumeric-2006.xlsx"),
        _exported(program, source, "Gnumeric_Excel:excel_biff8", "gnumeric-biff8.xls"),
        _exported(program, source, "Gnumeric_Excel:excel_biff7", "gnumeric-biff7.xls"),
        _exported(program, source, "Gnumeric_Excel:excel_dsf", "gnumeric-biff7-biff8.xls"),
        _exported(program, source, "Gnumeric_OpenCalc:odf", "gnumeric.ods"),
        _exported(program, source, "Gnumeric_OpenCalc:openoffice", "gnumeric-strict.ods"),
        _exported(program, source, "Gnumeric_XmlIO:sax", "gnumeric.gnumeric"),
        _exported(program, "sheet.xlsx", "Gnumeric_stf:stf_csv", "gnumeric.csv"),
    ]


def _exported(program: str, source: str, kind: str, name: str) -> Recipe:
    """Let gnumeric convert a file, its formulas calculated anew."""
    command = ("ssconvert", "--recalc", "-T", kind, source, f"out/{name}")
    return Recipe(program, (name,), command, ("ssconvert", "--version"))


def _calligra() -> Recipe:
    return Recipe(
        "Calligra Sheets",
        ("calligra.ods",),
        ("calligraconverter", "--batch", "calculated/filled.xlsx", "out/calligra.ods"),
        ("calligraconverter", "--version"),
        environment=(("QT_QPA_PLATFORM", "offscreen"),),
    )


def _xlsx2csv(python: str) -> Recipe:
    command = (str(Path(python).with_name("xlsx2csv")), "-n", "三", "calculated/filled.xlsx")
    return Recipe(
        "xlsx2csv", ("xlsx2csv.csv",), (*command, "out/xlsx2csv.csv"), _package(python, "xlsx2csv")
    )


def _python(python: str) -> list[Recipe]:
    made = {
        ("openpyxl", "openpyxl"): ("openpyxl.xlsx", "openpyxl-write-only.xlsx"),
        ("pandas", "pandas"): (
            *("pandas-openpyxl.xlsx", "pandas-xlsxwriter.xlsx", "pandas.ods", "pandas.csv"),
        ),
        ("xlsxwriter", "xlsxwriter"): ("xlsxwriter-inline.xlsx",),
        ("pyexcelerate", "pyexcelerate"): ("pyexcelerate.xlsx",),
        ("pylightxl", "pylightxl"): ("pylightxl.xlsx",),
        ("ironcalc", "ironcalc"): ("ironcalc.xlsx",),
        ("xlwt", "xlwt"): ("xlwt.xls",),
        ("xlutils", "xlutils"): ("xlutils.xls",),
        ("pyexcel", "pyexcel-ods3"): ("pyexcel-ods3.ods",),
        ("ezodf", "ezodf"): ("ezodf.ods",),
        ("odfpy", "odfpy"): ("odfpy.ods",),
    }
    script = str(TOOLS / "by_python.py")
    return [
        Recipe(package, files, (python, script, name, ".", "out"), _package(python, package))
        for (name, package), files in made.items()
    ]


def _package(python: str, package: str) -> tuple[str, ...]:
    ask = f"from importlib.metadata import version; print(version({package!r}))"
    return (python, "-c", ask)


def _node() -> list[Recipe]:
    endings = (
        *(".xlsx", ".xlsm", ".xlsb", "-biff8.xls", "-biff5.xls", ".ods", ".fods", ".xml", ".csv"),
        *(".html", "-utf16.txt"),
    )
    made = {
        ("exceljs", "exceljs"): ("exceljs.xlsx", "exceljs.csv", "exceljs-stream.xlsx"),
        ("sheetjs", "xlsx"): tuple("sheetjs" + ending for ending in endings),
        ("populate", "xlsx-populate"): ("xlsx-populate.xlsx",),
        ("excelize", "excelize-wasm"): ("excelize.xlsx",),
        ("excelts", "@cj-tech-master/excelts"): ("excelts.xlsx",),
    }
    shown = {"xlsx": "SheetJS (xlsx)", "@cj-tech-master/excelts": "excelts"}
    script = str(TOOLS / "by_node.cjs")
    return [
        Recipe(
            shown.get(package, package),
            files,
            ("node", script, name, "template.xlsx", "job.json", "out"),
            ("node", "-p", f"require('./node_modules/{package}/package.json').version"),
        )
        for (name, package), files in made.items()
    ]


def _java() -> list[Recipe]:
    made = {
        ("poi", "Apache POI (HSSF)", "libapache-poi-java"): "poi-hssf.xls",
        ("jxl", "JExcelApi", "libjexcelapi-java"): "jxl.xls",
        ("jopendocument", "jOpenDocument", "libjopendocument-java"): "jopendocument.ods",
        ("odfdom", "ODFDOM", "libodfdom-java"): "odfdom.ods",
    }
    script = str(TOOLS / "ByJava.java")
    return [
        Recipe(program, (file,), ("java", "-cp", _CLASSES, script, name, ".", "out"), _deb(package))
        for (name, program, package), file in made.items()
    ]


def _perl() -> list[Recipe]:
    made = {
        ("excel-writer-xlsx", "Excel::Writer::XLSX"): "perl-excel-writer.xlsx",
        ("writeexcel", "Spreadsheet::WriteExcel"): "perl-writeexcel.xls",
        ("saveparser", "Spreadsheet::ParseExcel"): "perl-saveparser.xls",
    }
    script = str(TOOLS / "by_perl.pl")
    return [
        Recipe(
            module,
            (file,),
            ("perl", script, name, ".", "out"),
            ("perl", f"-M{module}", "-e", f"print ${module}::VERSION"),
        )
        for (name, module), file in made.items()
    ]


def _others() -> list[Recipe]:
    go = (("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOCACHE", "{work}/go"))
    return [
        Recipe(
            "Ruby spreadsheet",
            ("ruby-spreadsheet.xls", "ruby-spreadsheet-own.xls"),
            ("ruby", str(TOOLS / "by_ruby.rb"), ".", "out"),
            _deb("ruby-spreadsheet"),
        ),
        Recipe(
            "R openxlsx",
            ("r-openxlsx.xlsx", "r.csv"),
            ("Rscript", str(TOOLS / "by_r.R"), ".", "out"),
            _deb("r-cran-openxlsx"),
        ),
        Recipe(
            "Go tealeg/xlsx",
            ("go-tealeg.xlsx",),
            ("go", "run", str(TOOLS / "by_go.go"), ".", "out"),
            _deb("golang-github-tealeg-xlsx-dev"),
            environment=go,
        ),
    ]


def _deb(package: str) -> tuple[str, ...]:
    return ("dpkg-query", "-W", "-f", "${Version}", package)


def _by_hand(python: str) -> list[Recipe]:
    wps = ("wps-like.xlsx", "wps-like-images.xlsx", "wps-like.xlsm", "wps-like-inline.xlsx")
    kinds = ("case", "backslashes", "absolute", "rich-texts", "strict", "utf16")
    files = (*wps, "wps-like.et", *(f"handmade-{kind}.xlsx" for kind in kinds))
    bases = tuple(str(FIXTURES / f"libreoffice-typed.{kind}") for kind in ("xlsx", "xls"))
    return [Recipe(_HAND, files, (python, str(TOOLS / "wps_like.py"), *bases, "out"))]
