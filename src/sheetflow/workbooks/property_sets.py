"""Reads document properties from an OLE property set stream ([MS-OLEPS]).

Texts, numbers and booleans of one value each; what is cut off or of another type is left out.
"""

from __future__ import annotations

import struct

APPLICATION = 0x12
"""The number, in the first section of `SummaryInformation`, of the program that saved the file."""
_HEADER = 28
_SECTION = struct.Struct("<16xI")  # the section's format, and where it begins
_PAIR = struct.Struct("<II")
_LONG = struct.Struct("<I")
_NAMES, _CODEPAGE = 0, 1
_UTF16 = 1200
_NARROW, _WIDE, _BOOLEAN = 0x1E, 0x1F, 0xB
_NUMBERS = {2: "<h", 3: "<i", 5: "<d", 0x12: "<H", 0x13: "<I", 0x14: "<q", 0x15: "<Q", 0x16: "<i"}
_MOST = 1_000  # properties


def application(stream: bytes) -> str:
    """Give the program that saved the file by its `SummaryInformation`, "" if it gives none."""
    return _Section(stream, 0).values.get(APPLICATION, "")


def custom_properties(stream: bytes) -> dict[str, str]:
    """Give by name the properties that users define, from `DocumentSummaryInformation`."""
    section = _Section(stream, 1)
    return {
        name: section.values[number]
        for number, name in section.names.items()
        if number in section.values
    }


class _Section:
    """A section of a property set: the values, and where it has them the names, by number."""

    def __init__(self, stream: bytes, index: int) -> None:
        self._data = b""
        self._encoding = "latin-1"
        self.values: dict[int, str] = {}
        self.names: dict[int, str] = {}
        try:
            self._read(stream, index)
        except (struct.error, UnicodeError, LookupError):
            return  # what was read until then holds

    def _read(self, stream: bytes, index: int) -> None:
        if index >= _LONG.unpack_from(stream, _HEADER - _LONG.size)[0]:
            return
        (start,) = _SECTION.unpack_from(stream, _HEADER + index * _SECTION.size)
        self._data = stream[start:]
        count = min(_MOST, _LONG.unpack_from(self._data, 4)[0])
        places = dict(_PAIR.unpack_from(self._data, 8 * (1 + i)) for i in range(count))
        if _CODEPAGE in places:
            (codepage,) = struct.unpack_from("<H", self._data, places[_CODEPAGE] + 4)
            self._encoding = {_UTF16: "utf-16-le", 65001: "utf-8"}.get(codepage, f"cp{codepage}")
        if _NAMES in places:
            self.names = self._dictionary(places[_NAMES])
        for number, place in places.items():
            value = self._value(place) if number > _CODEPAGE else None
            if value is not None:
                self.values[number] = value

    def _value(self, place: int) -> str | None:
        (kind,) = struct.unpack_from("<H", self._data, place)
        place += 4
        if kind in _NUMBERS:
            return str(struct.unpack_from(_NUMBERS[kind], self._data, place)[0])
        if kind == _BOOLEAN:
            return str(int(self._data[place] != 0))
        if kind in {_NARROW, _WIDE}:
            (size,) = _LONG.unpack_from(self._data, place)
            wide = kind == _WIDE
            return self._text(place + 4, size * 2 if wide else size, wide=wide)
        return None

    def _dictionary(self, place: int) -> dict[int, str]:
        names: dict[int, str] = {}
        wide = self._encoding == "utf-16-le"
        (count,) = _LONG.unpack_from(self._data, place)
        place += 4
        for _ in range(min(_MOST, count)):
            number, size = _PAIR.unpack_from(self._data, place)
            size *= 2 if wide else 1
            names[number] = self._text(place + 8, size, wide=wide)
            place += 8 + size + (-size % 4 if wide else 0)
        return names

    def _text(self, place: int, size: int, *, wide: bool) -> str:
        stored = self._data[place : place + size]
        return stored.decode("utf-16-le" if wide else self._encoding).partition("\0")[0]
