"""Types the answers into the template as a person does in LibreOffice, and saves it thrice.

Run by a Python that has `uno`: python3 by_uno.py folder out. `.uno:EnterString` goes the way of the
keyboard: it obeys locks and validations, and reads `1.5` and dates as the program's language does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib import import_module  # `uno` comes with LibreOffice
from pathlib import Path
from typing import Any

_TRIES, _PAUSE, _PATIENCE = 60, 0.5, 30  # the latter two in seconds
_FORMATS = {
    "libreoffice-typed.xlsx": "Calc MS Excel 2007 XML",
    "libreoffice-typed.ods": "calc8",
    "libreoffice-typed.xls": "MS Excel 97",
}


def main() -> int:
    """Start LibreOffice, type, save, and end it."""
    folder, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    pipe = "sheetflow-clients"
    profile = f"-env:UserInstallation={(folder / 'uno').as_uri()}"
    accept = f"--accept=pipe,name={pipe};urp;"
    quiet = ["--headless", "--norestore", "--nologo"]
    office = subprocess.Popen(["soffice", profile, *quiet, accept])  # noqa: S603, S607 - by name
    try:
        context = _connect(pipe)
        create = context.ServiceManager.createInstanceWithContext
        desktop = create("com.sun.star.frame.Desktop", context)
        dispatcher = create("com.sun.star.frame.DispatchHelper", context)
        url = (folder / "template.xlsx").as_uri()
        book = desktop.loadComponentFromURL(url, "_blank", 0, (_named("Hidden", value=True),))
        _fill(book, dispatcher, json.loads((folder / "job.json").read_text())["cells"])
        for name, kind in _FORMATS.items():
            book.storeToURL((out / name).as_uri(), (_named("FilterName", kind),))
        book.close(True)  # noqa: FBT003 - UNO's own call
        desktop.terminate()
    except BaseException:
        office.kill()
        raise
    office.wait(_PATIENCE)
    return 0


def _connect(pipe: str) -> Any:  # noqa: ANN401 - untyped
    uno = import_module("uno")
    local = uno.getComponentContext()
    name = "com.sun.star.bridge.UnoUrlResolver"
    resolver = local.ServiceManager.createInstanceWithContext(name, local)
    for _ in range(_TRIES):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(_PAUSE)
    raise TimeoutError(pipe)


def _fill(book: Any, dispatcher: Any, cells: list[dict[str, Any]]) -> None:  # noqa: ANN401
    controller = book.CurrentController
    for cell in cells:
        sheet = book.Sheets.getByName(cell["sheet"])
        controller.select(sheet.getCellRangeByName(cell["address"]))
        typed = (_named("StringName", str(cell["value"])),)
        dispatcher.executeDispatch(controller.Frame, ".uno:EnterString", "", 0, typed)


def _named(name: str, value: object) -> Any:  # noqa: ANN401 - untyped
    pair = import_module("uno").createUnoStruct("com.sun.star.beans.PropertyValue")
    pair.Name, pair.Value = name, value
    return pair


if __name__ == "__main__":
    sys.exit(main())
