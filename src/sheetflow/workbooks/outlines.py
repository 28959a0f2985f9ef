"""Small parts that differ from one already parsed in nothing but texts, and how that is told."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from sheetflow.model.answers import Known
from sheetflow.model.characters import short_ones_kept
from sheetflow.workbooks.limits import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from sheetflow.workbooks.package import Visitor

T = TypeVar("T")
_UTF_8 = re.compile(
    rb"""(?:<\?xml version=["']1\.0["'](?: encoding=["']utf-8["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])?\s*\?>\s*)?<[a-z]""",
    re.IGNORECASE,
)
_TEXT = re.compile(rb">([^<>\s][^<>]*)<")
_CONTROLS = bytes({*range(2, 32)} - {9, 10})
_ENTITIES = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}
_ENTITY = re.compile("&([a-z]+|#[^;&]*);")
_CODE = re.compile("#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))")
_ALLOWED = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARK = "\ue000"
"""Stands around the number of a text while a part is parsed; no part that has it is taken."""
_NUMBER = re.compile(f"{_MARK}([0-9]+){_MARK}")
_MARK_AS_ENTITY = re.compile(rb"&#(?:x0*e000|0*57344);", re.IGNORECASE)
"""A part may have it that way in texts that are cut out, not between them."""
_MOST = 128
_known: dict[Hashable, Any] = {}
_MOST_KNOWN = 20_000
_LONGEST = 1_000  # bytes of one


class _Element(NamedTuple):
    """An element as it closes, as `Visitor` takes it."""

    depth: int
    name: str
    attributes: dict[str, str]
    text: list[str]
    """In turn what every part has and the number of what is each part's own."""


def walk_alike(
    xml: bytes, kind: Hashable, parse: Callable[[bytes, Visitor], None], visit: Visitor
) -> bool:
    """Show the elements of a part to `visit`; False: only the parser can tell what they are.

    Parts of one `kind` are parsed by `parse` once for all that differ in texts alone, filled with
    the texts' numbers.
    """
    cut = _cut(xml)
    if cut is None:
        return False
    between, texts = cut
    elements = _remembered((_parsed, kind), between, lambda filled: _parsed(filled, parse))
    if elements is None:
        return False
    for depth, name, attributes, pieces in elements:
        visit(depth, name, attributes, _joined(pieces, texts))
    return True


def read_alike(
    xml: bytes, kind: Hashable, read: Callable[[bytes], tuple[T, Mapping[str, str]] | None]
) -> tuple[T, dict[str, str]] | None:
    """Give what `read` makes of a part, and texts by name; None: only the parser can tell.

    It reads parts of one `kind` once for all that differ in texts alone.
    """

    def outline(filled: bytes) -> tuple[T, list[tuple[str, list[str]]]] | None:
        found = read(filled)
        return found and (found[0], [(n, _NUMBER.split(text)) for n, text in found[1].items()])

    cut = _cut(xml)
    known = cut and _remembered((read_alike, kind), cut[0], outline)
    if cut is None or known is None:
        return None
    rest, marked = known
    return rest, {name: _joined(pieces, cut[1]) for name, pieces in marked}


def _cut(xml: bytes) -> tuple[list[bytes], list[str]] | None:
    """Cut texts out, and give what stands between them; None if texts are not what they seem."""
    if b"\0" in xml or b"<!" in xml or _MARK.encode() in xml or not is_utf_8(xml):
        return None
    parts = _TEXT.split(xml)
    texts = plain_texts(parts[1::2])
    return None if texts is None else (parts[::2], texts)


def _remembered(
    kind: Hashable, between: list[bytes], read: Callable[[bytes], T | None]
) -> T | None:
    """Read a part that is filled with the numbers of texts, once; None if that can't be done."""
    key = (kind, b"\0".join(between))
    if key not in _known:
        if len(_known) >= _MOST:
            _known.clear()
        filled = (
            b"%b>%b<" % (piece, f"{_MARK}{number}{_MARK}".encode())
            for number, piece in enumerate(between[:-1])
        )
        try:
            is_marked = _MARK_AS_ENTITY.search(key[1])
            _known[key] = None if is_marked else read(b"".join(filled) + between[-1])
        except UnreadableFile:
            _known[key] = None
    known: T | None = _known[key]
    return known


def _joined(pieces: list[str], texts: Sequence[str]) -> str:
    """Fill in the texts whose numbers stand among pieces."""
    if len(pieces) == 1:
        return pieces[0]
    own = (texts[int(number)] for number in pieces[1::2])
    return "".join(chain.from_iterable(zip(pieces[::2], (*own, ""), strict=True)))


def _parsed(filled: bytes, parse: Callable[[bytes, Visitor], None]) -> list[_Element]:
    elements: list[_Element] = []

    def visit(depth: int, name: str, attributes: dict[str, str], text: str) -> None:
        elements.append(_Element(depth, name, attributes, _NUMBER.split(text)))

    parse(filled, visit)
    return elements


def is_utf_8(xml: bytes) -> bool:
    """Whether a part says that it is UTF-8, or says nothing, which means the same."""
    return _UTF_8.match(xml) is not None


def recalled(
    known: dict[bytes, str],
    values: Sequence[bytes],
    read: Callable[[Sequence[bytes]], list[str] | None],
) -> list[str] | None:
    """Give the text of each value, `read` being asked for those that are not known; it may refuse.

    What it reads is kept in `known`, which stays bounded.
    """
    texts = list(map(known.get, values))
    if None not in texts:
        return cast("list[str]", texts)
    new = [value for value, text in zip(values, texts, strict=True) if text is None]
    given = read(new)
    if given is None:
        return None
    if len(known) > _MOST_KNOWN:
        known.clear()
    pairs = zip(new, given, strict=True)
    known.update((value, text) for value, text in pairs if len(value) <= _LONGEST)
    rest = iter(given)
    return [next(rest) if text is None else text for text in texts]


def plain_texts(values: Sequence[bytes]) -> list[str] | None:
    """Decode values; None if the parser would not hand them on as they stand."""
    raw = b"\1".join(values)
    try:
        joined = raw.decode()
    except UnicodeDecodeError:
        return None
    texts = joined.split("\1") if values else []
    if len(texts) != len(values) or _is_forbidden(raw, joined):
        return None
    return _resolved_all(texts) if "&" in joined else texts


def _is_forbidden(raw: bytes, text: str) -> bool:
    """Whether a text has what the parser refuses or does not hand on as it stands.

    That is tags, control characters and carriage returns, and `]]>`. It may have NUL and SOH, which
    are for the caller to look for.
    """
    return (
        "<" in text
        or len(raw.translate(None, _CONTROLS)) < len(raw)
        or "\ufffe" in text
        or "\uffff" in text
        or ("]" in text and "]]>" in text)
    )


def _resolved_all(texts: list[str]) -> list[str] | None:
    """Resolve the entities in texts; None if one is none, or stands for what XML has not."""
    try:
        return [_resolved(text) if "&" in text else text for text in texts]
    except ValueError:
        return None


@short_ones_kept
def _resolved(text: str) -> str:
    """Resolve entities: where a program writes in ASCII, each Chinese character is one."""
    first, *numbered = text.split("&#")  # half the time of a pattern
    if len(numbered) == text.count("&"):
        return first + "".join(map(_numbered.__getitem__, numbered))
    pieces = _ENTITY.split(text)
    names = pieces[1::2]
    if len(names) != text.count("&"):
        raise ValueError(text)
    pieces[1::2] = map(_character, names)
    return "".join(pieces)


def _character(name: str) -> str:
    """Give what an entity stands for; ValueError if that is nothing that XML allows."""
    if name in _ENTITIES:
        return _ENTITIES[name]
    match = _CODE.fullmatch(name)
    if match is None:
        raise ValueError(name)
    character = chr(int(match[1], 16) if match[1] else int(match[2]))
    if not _ALLOWED.match(character):
        raise ValueError(name)
    return character


def _begun(piece: str) -> str:
    """Resolve the entity by number with which a piece begins, its `&#` left out."""
    number, end, rest = piece.partition(";")
    if not end:
        raise ValueError(piece)
    return _character(f"#{number}") + rest


_numbered = Known(_begun)
"""Pieces of texts that begin with an entity: most hold nothing else."""
