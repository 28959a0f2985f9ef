"""The forms that come with sheetflow, by code."""

from __future__ import annotations

from importlib.resources import files

from sheetflow.errors import UnknownFormError

_FORMS = files("sheetflow") / "forms"


def shipped_forms() -> tuple[str, ...]:
    """Give the codes of the shipped forms."""
    names = sorted(entry.name for entry in _FORMS.iterdir())
    return tuple(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def shipped_form_text(code: str) -> str:
    """Give a shipped form's definition; UnknownFormError if there is none of that code."""
    if code not in shipped_forms():
        raise UnknownFormError(code)
    return (_FORMS / f"{code}.toml").read_text(encoding="utf-8")
