"""decisions.toml as text: what an office wrote in it stays, decisions are added and retired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheetflow.definitions.encodings import encoding_of
from sheetflow.definitions.lines import statements
from sheetflow.definitions.settings import toml_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sheetflow.definitions.encodings import Encoding
    from sheetflow.model.decisions import DecisionKind

_RETIRED = "# （以下决定已由后面的决定代替）"
_KEPT = "surrogateescape"


@dataclass(frozen=True, slots=True)
class EditedText:
    """A text with what is needed to write it as it was: its encoding and its line ends."""

    content: str
    encoding: Encoding
    newline: str
    """How its lines end; where they differ, how those end that are added."""

    def followed_by(self, addition: str) -> EditedText:
        """Give the text with something added at its end, as it ends lines."""
        return replace(self, content=self.content + addition.replace("\n", self.newline))


def decoded(data: bytes) -> EditedText:
    """Read what an office's editor wrote; what is in no encoding is kept."""
    encoding = encoding_of(data)
    text = data.removeprefix(encoding.mark).decode(encoding.name, errors=_KEPT)
    return EditedText(text, encoding, "\r\n" if "\r\n" in text else "\n")


def encoded(text: EditedText) -> bytes:
    """Write a text as it was read."""
    encoding = text.encoding
    return encoding.mark + text.content.encode(encoding.name, errors=_KEPT)


def block(kind: DecisionKind, keys: Mapping[str, str], on: date, seen: str) -> str:
    """Write a decision as a table of its own, to stand at the end."""
    lines = [f"{key} = {toml_text(value)}" for key, value in keys.items() if value]
    lines.append(f"on = {on.isoformat()}")
    if seen:
        lines.append(f"seen = {toml_text(seen)}  # 作决定时的数；变了就重新提出")
    return "\n".join(["", f"[[{kind}]]", *lines, ""])


def without(text: EditedText, headers: Sequence[int]) -> EditedText:
    """Comment out the decisions whose headers stand at these lines (from 1)."""
    lines = text.content.split("\n")
    told_apart = statements(text.content) if headers else ()
    begins = [line for line, statement in told_apart if statement.lstrip().startswith("[")]
    for header in headers:
        index = header - 1
        lines[index] = f"{_RETIRED}{text.newline}# {lines[index]}"
        following = min((line for line in begins if line > header), default=len(lines) + 1)
        for number in range(index + 1, following - 1):
            if lines[number].strip() and not lines[number].lstrip().startswith("#"):
                lines[number] = f"# {lines[number]}"
    kept = replace(text, content="\n".join(lines))
    return kept.followed_by("" if not kept.content or kept.content.endswith("\n") else "\n")
