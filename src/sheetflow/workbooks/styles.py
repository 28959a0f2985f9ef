"""The look of our workbooks, one name a format."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.sharedstrings import SharedStringTable
from xlsxwriter.worksheet import Worksheet

from sheetflow.workbooks.zip_assembly import assembled, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.format import Format

    from sheetflow.model.cells import Box
    from sheetflow.workbooks.zip_assembly import Part

GREEN, RED, AMBER = "#1E7B45", "#C62828", "#B26A00"
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""No output contains a clock reading."""
FIRST_DAY = date(1900, 3, 1)
"""The first that is certain: Excel counts a 29 February 1900, which never was."""

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LONGEST_TEXT = 32767
"""In UTF-16 units, as Excel counts."""

_BASE: dict[str, Any] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_BOXED = _BASE | {"border": 1, "border_color": "#8A94A6", "text_wrap": True}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": _BASE | {"text_wrap": True},
    "title": _BASE
    | {"font_size": 16, "bold": True, "align": "center", "font_color": "#1F3864"}
    | {"shrink": True},
    "title_left": _BASE | {"font_size": 14, "bold": True, "font_color": "#1F3864"},
    "info": _BASE | {"font_size": 10},
    "code": _BASE | {"font_size": 9, "font_color": "#666666"},
    "status": _BASE | {"bold": True, "indent": 1, "bg_color": "#EEF1F6", "text_wrap": True},
    "caption": _BOXED | {"bold": True, "align": "center", "bg_color": "#DCE6F1"},
    "corner": _BOXED | {"font_size": 9, "align": "center", "bg_color": "#F3F6FB"},
    "column": _BOXED | {"bold": True, "align": "center", "bg_color": "#DCE6F1"},
    "item": _BOXED | {"align": "left", "indent": 1, "bg_color": "#F3F6FB"},
    "number": _BOXED | {"align": "center", "bg_color": "#F3F6FB"},
    "heading": _BOXED | {"bold": True, "align": "center", "bg_color": "#F3F6FB"},
    "count": _BOXED | {"align": "center", "num_format": "0"},
    "amount": _BOXED | {"align": "center", "num_format": "General"},
    "percent": _BOXED | {"align": "center", "num_format": "0.0%"},
    "text": _BOXED | {"valign": "top", "align": "left"},
    "choice": _BOXED | {"align": "center"},
    "date": _BOXED | {"align": "center", "num_format": "yyyy-mm-dd"},
    "mark": _BASE | {"font_size": 9, "align": "center", "bold": True, "shrink": True},
    "mark_label": _BASE | {"font_size": 9, "align": "right", "indent": 1, "font_color": "#666666"},
    "mark_name": _BASE
    | {"font_size": 9, "align": "right", "font_color": "#666666", "text_wrap": True},
    "link": _BOXED | {"font_color": "#1F4E9E", "underline": 1, "indent": 1},
    "small_link": _BOXED | {"font_size": 9, "font_color": "#1F4E9E", "underline": 1, "indent": 1},
    "cell": _BOXED | {"align": "left", "indent": 1},
    "small": _BOXED | {"font_size": 9, "align": "left", "indent": 1},
    "cell_middle": _BOXED | {"align": "center"},
    "must_mend": _BOXED | {"align": "center", "bg_color": "#F8D0CD", "font_color": RED},
    "must_explain": _BOXED | {"align": "center", "bg_color": "#FFE3B3", "font_color": AMBER},
    "good": {"font_color": GREEN, "bg_color": "#DFF3E4"},
    "bad": {"font_color": "#FFFFFF", "bg_color": RED},
    "waiting": {"font_color": AMBER, "bg_color": "#FFF1D6"},
    "draft": _BASE | {"bold": True, "font_color": RED, "align": "center", "font_size": 12},
}
_ENTRY = {"bg_color": "#FFF8DC", "locked": False}
_TOTAL = {"bg_color": "#E7EAEF", "bold": True}
_WRONG, _ASKED = {"bg_color": "#F8D0CD"}, {"bg_color": "#FFE3B3"}
_KINDS: dict[str, dict[str, Any]] = {
    "": {},
    "entry": _ENTRY,
    "total": _TOTAL,
    "entry error": _ENTRY | _WRONG,
    "entry query": _ENTRY | _ASKED,
    "total error": _TOTAL | _WRONG,
    "total query": _TOTAL | _ASKED,
}
"""Entries are open and coloured, totals grey; what is in question in a 退回件 stands out."""


class _PlainTexts(SharedStringTable):  # type: ignore[misc]
    """The table of texts, in which a text that looks like XlsxWriter's rich texts is a text."""

    def _get_shared_string_index(self, text: str) -> int:
        if text.startswith("<r>") and text.endswith("</r>"):
            text = f'<r><t xml:space="preserve">{escape(text)}</t></r>'
        index: int = super()._get_shared_string_index(text)
        return index


class _PlainFormulas(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas stand as they are given.

    XlsxWriter searches each for some thirty functions of newer Excels, which ours do not use, and
    would rename even a word of a text in them.
    """

    def _prepare_formula(self, formula: str, _expand: object = None) -> str:
        return formula.removeprefix("=")


class StyledWorkbook(Workbook):  # type: ignore[misc]
    """An XlsxWriter workbook with our formats, byte-reproducible, its structure locked."""

    worksheet_class = _PlainFormulas

    def __init__(self, title: str) -> None:
        self._target = io.BytesIO()
        super().__init__(
            self._target,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self.str_table = _PlainTexts()
        self.set_properties({"title": clean_text(title), "created": _CREATED})
        self._styles: dict[tuple[str, str], Format] = {}

    def finished(self) -> bytes:
        """Give the workbook's bytes; nothing more can be written."""
        return assembled(self.parts())

    def parts(self) -> Iterator[Part]:
        """Give the workbook's parts; nothing more can be written."""
        self.close()
        return parts_of(self._target.getvalue())

    def style(self, name: str, *, kind: str = "") -> Format:
        """Give a format; `kind` names one of the kinds of cells, or is empty."""
        if (name, kind) not in self._styles:
            extra = _KINDS[kind]
            self._styles[name, kind] = self.add_format(_STYLES[name] | extra)
        return self._styles[name, kind]

    def format_number(self, name: str, *, kind: str = "") -> int:
        """Give the number by which cells will name a format, whether or not one has it."""
        number: int = self.style(name, kind=kind)._get_xf_index()  # noqa: SLF001 - no other way
        return number

    def amount_style(self, decimals: int, *, kind: str = "") -> Format:
        """Give the format of an amount that shows up to so many decimals."""
        key = f"amount {decimals}", kind
        if key not in self._styles:
            pattern = "0." + "0" * decimals if decimals else "0"
            format_ = _STYLES["amount"] | {"num_format": pattern} | _KINDS[kind]
            self._styles[key] = self.add_format(format_)
        return self._styles[key]

    def _write_book_views(self) -> None:
        """Lock the sheets' number and order; XlsxWriter has no option for it."""
        self._xml_empty_tag("workbookProtection", [("lockStructure", "1")])
        super()._write_book_views()


def merge_box(page: Worksheet, box: Box, style: Format) -> None:
    """Merge the cells of a box, if it has more than one."""
    if box.rows * box.columns > 1:
        page.merge_range(box.row, box.column, box.last_row, box.last_column, "", style)


def clean_text(text: str) -> str:
    """Take out what makes a workbook ill-formed: what is no character, excess length."""
    text = _NO_TEXT.sub("", text)
    if len(text) <= _LONGEST_TEXT // 2:
        return text
    return text.encode("utf-16-le")[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore")


def display_width(text: str) -> int:
    """Count a text's width in half-width characters."""
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)  # noqa: PLR2004


def lines_of(text: str, room: float) -> int:
    """Count the lines that a text takes in so many half-width characters; its own breaks stay."""
    return max(1, sum(max(1, -(-display_width(x) // int(room))) for x in text.splitlines()))
