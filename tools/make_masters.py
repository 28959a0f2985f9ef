"""Writes the blank master of each form in force to templates/xlsx, or checks them by part."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from sheetflow.definitions.form import load_form
from sheetflow.definitions.shipped import shipped_form_text, shipped_forms
from sheetflow.layout.sheets import form_layout
from sheetflow.workbooks.front import Cover
from sheetflow.workbooks.template import write_template

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "xlsx"


def current_forms() -> list[str]:
    """Give the forms that no other has replaced: only these are issued."""
    forms = [load_form(shipped_form_text(code), code).value for code in shipped_forms()]
    replaced = {code for form in forms if form for code in form.former}
    return [code for code in shipped_forms() if code not in replaced]


def master(code: str) -> bytes:
    """Make the blank master of a form: its template without an agency."""
    form = load_form(shipped_form_text(code), f"{code}.toml").value
    if form is None:
        raise SystemExit(f"{code} has faults: sheetflow form check")
    return write_template(form, form_layout(form), Cover(campaign="", period="    "), None)


def parts(data: bytes) -> dict[str, bytes]:
    """Give a workbook's parts; compressed bytes differ between builds of zlib, parts do not."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def main() -> int:
    """Write the masters, or with --check say which parts differ."""
    stale = 0
    for code in current_forms():
        path = FOLDER / f"{code}.xlsx"
        made = master(code)
        if "--check" not in sys.argv:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
            continue
        present = parts(path.read_bytes()) if path.is_file() else {}
        differing = sorted(
            name
            for name in parts(made).keys() | present.keys()
            if parts(made).get(name) != present.get(name)
        )
        for name in differing:
            print(f"{path.name}: {name} is not what the code makes; run make masters")
        stale += len(differing)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
