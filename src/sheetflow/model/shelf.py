"""Long sequences of immutable values: of a nation's returns few are held, the others lie in a file.

What is put on a shelf comes back equal, in order, and not as the same object.
"""

from __future__ import annotations

import errno
import io
import os
import pickle
import tempfile
from abc import abstractmethod
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from operator import attrgetter, methodcaller
from types import MappingProxyType
from typing import IO, Any, Generic, TypeVar, overload

from sheetflow.errors import DiskFullError, WriteFailedError
from sheetflow.model.answers import Slate
from sheetflow.model.form import Form

T = TypeVar("T")
U = TypeVar("U")

_MOST = 20_000
"""So many values are held as they are."""
_AT_ONCE = 64
"""So many lie together: taking one down takes them all, and the next ones cost nothing."""
_KEPT = 4
"""So many times that many are kept when they were taken down."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_COMMON = (Form, Slate, Enum)
"""Of these there are few, which very many values name: they stay as they are."""


class Shelving(Generic[T]):
    """Takes values one after the other, and gives them as a sequence when all are there.

    Raises DiskFullError or WriteFailedError if there are very many and the disk can't take them.
    """

    def __init__(self) -> None:
        self._held: list[T] = []
        self._shelf: _Shelf[T] | None = None

    def append(self, value: T) -> None:
        """Take the next value."""
        if self._shelf is not None:
            self._shelf.append(value)
            return
        self._held.append(value)
        if len(self._held) > _MOST:
            self._shelf = _Shelf()
            for each in self._held:
                self._shelf.append(each)
            self._held = []

    def __getitem__(self, number: int) -> T:
        return self._held[number] if self._shelf is None else self._shelf[number]

    def done(self) -> Sequence[T]:
        """Give all values: a tuple, if they are not very many."""
        return tuple(self._held) if self._shelf is None else self._shelf


def shelved(values: Iterable[T]) -> Sequence[T]:
    """Give values as `Shelving` does."""
    shelving = Shelving[T]()
    for value in values:
        shelving.append(value)
    return shelving.done()


def is_held(values: Sequence[object]) -> bool:
    """Whether values are all in memory; else they lie on a shelf, and nobody should keep many."""
    return isinstance(values, tuple)


def picked(values: Sequence[T], numbers: Sequence[int]) -> Sequence[T]:
    """Give some of the values, by their numbers; those of a shelf stay there."""
    if is_held(values):
        return tuple(map(values.__getitem__, numbers))
    return _Picked(values, numbers)


def changed(values: Sequence[T], change: Callable[[T], U]) -> Sequence[U]:
    """Give what becomes of each of the values; those of a shelf change when they are looked at."""
    if is_held(values):
        return tuple(map(change, values))
    return _Changed(values, change)


class Streamed(Sequence[T]):
    """Values that are made anew each time that somebody walks along them."""

    def __init__(self, walk: Callable[[], Iterator[T]]) -> None:
        self._walk = walk

    def __iter__(self) -> Iterator[T]:
        return self._walk()

    def __bool__(self) -> bool:
        return next((True for _ in self), False)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @overload
    def __getitem__(self, number: int) -> T: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[T]: ...
    def __getitem__(self, number: int | slice) -> T | Sequence[T]:
        return tuple(self)[number]


class _Apart(Sequence[T]):
    """Values that are not held here, but fetched by their numbers."""

    @abstractmethod
    def _fetched(self, number: int) -> T:
        """Give a value by its number, from 0."""

    @overload
    def __getitem__(self, number: int) -> T: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[T]: ...
    def __getitem__(self, number: int | slice) -> T | Sequence[T]:
        if isinstance(number, slice):
            return _Picked(self, range(len(self))[number])
        return self._fetched(range(len(self))[number])


class _Shelf(_Apart[T]):
    """Values that lie pickled in a temporary file that nobody else sees and that goes with us."""

    def __init__(self) -> None:
        self._common: list[object] = []
        self._reducers = _Reducers(self._common)
        self._starts = array("Q", [0])
        """Where in the file those begin that lie together, and where the next ones will."""
        self._waiting: list[T] = []
        """The last ones, which are not in the file yet."""
        self._kept: dict[int, list[T]] = {}
        with _named_failures():
            self._file = tempfile.TemporaryFile(prefix="sheetflow-")  # noqa: SIM115 - kept open

    def append(self, value: T) -> None:
        """Put the next value on the shelf."""
        if len(self._waiting) == _AT_ONCE:
            target = io.BytesIO()
            _Pickler(target, self._reducers).dump(self._waiting)
            with _named_failures():
                self._file.seek(self._starts[-1])
                self._file.write(target.getbuffer())
                self._file.flush()
            self._starts.append(self._file.tell())
            self._waiting = []
        self._waiting.append(value)

    def _together(self, block: int) -> list[T]:
        """Give the values that lie together; those taken down last are kept."""
        if block == len(self._starts) - 1:
            return self._waiting
        some = self._kept.get(block)
        if some is None:
            some = _Unpickler(io.BytesIO(self._read(block)), self._common).load()
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[block] = some
        return some

    def _read(self, block: int) -> bytes:
        start, end = self._starts[block], self._starts[block + 1]
        if hasattr(os, "pread"):  # a forked process shares the place where we are in the file
            return os.pread(self._file.fileno(), end - start, start)
        self._file.seek(start)
        return self._file.read(end - start)

    def __len__(self) -> int:
        return (len(self._starts) - 1) * _AT_ONCE + len(self._waiting)

    def _fetched(self, number: int) -> T:
        return self._together(number // _AT_ONCE)[number % _AT_ONCE]

    def __iter__(self) -> Iterator[T]:
        for block in range(len(self._starts)):
            yield from self._together(block)


class _Picked(_Apart[T]):
    """Some of the values of a shelf."""

    def __init__(self, values: Sequence[T], numbers: Sequence[int]) -> None:
        self._values = values
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def _fetched(self, number: int) -> T:
        return self._values[self._numbers[number]]

    def __iter__(self) -> Iterator[T]:
        return map(self._values.__getitem__, self._numbers)


class _Changed(_Apart[U]):
    """What becomes of the values of a shelf."""

    def __init__(self, values: Sequence[T], change: Callable[[T], U]) -> None:
        self._values: Sequence[Any] = values
        self._change = change

    def __len__(self) -> int:
        return len(self._values)

    def _fetched(self, number: int) -> U:
        return self._change(self._values[number])

    def __iter__(self) -> Iterator[U]:
        return map(self._change, self._values)


@contextmanager
def _named_failures() -> Iterator[None]:
    """Say where there was no room, or what else was wrong with the disk."""
    folder = tempfile.gettempdir()
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(folder) from error
        raise WriteFailedError(f"{folder}: {error.strerror or error}") from error


class _Pickler(pickle.Pickler):
    """Pickles values, and of what many have in common a number."""

    def __init__(self, target: io.BytesIO, reducers: _Reducers) -> None:
        super().__init__(target, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = reducers


class _Unpickler(pickle.Unpickler):
    """Unpickles what we pickled ourselves."""

    def __init__(self, source: IO[bytes], common: Sequence[object]) -> None:
        super().__init__(source)
        self._common = common

    def find_class(self, module: str, name: str) -> object:
        """Give what a name stands for; one stands for what this shelf's values have in common."""
        if (module, name) == (__name__, _by_number.__name__):
            return self._common.__getitem__
        return super().find_class(module, name)


class _Reducers(dict[type[Any], Callable[[Any], tuple[Any, ...]]]):
    """How values are taken apart: dataclasses by their fields, several times as fast.

    A table of kinds costs nothing for texts, numbers and tuples; `persistent_id` is asked of each.
    """

    def __init__(self, common: list[object]) -> None:
        super().__init__({MappingProxyType: lambda values: (_read_only, (dict(values),))})
        self._common = common
        self._numbers: dict[int, int] = {}

    def __missing__(self, kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
        self[kind] = self._reducer(kind)
        return self[kind]

    def _reducer(self, kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
        if issubclass(kind, _COMMON):
            return self._numbered
        if hasattr(kind, "_fields"):  # a named tuple; ours hold their fields and no more
            return partial(_taken_apart, kind, tuple)
        if issubclass(kind, type):
            raise KeyError(kind)  # a class goes by its name
        if not is_dataclass(kind):
            return methodcaller("__reduce_ex__", pickle.HIGHEST_PROTOCOL)
        names = [field.name for field in fields(kind)]
        pick = attrgetter(*names) if len(names) > 1 else partial(_only, attrgetter(*names))
        return partial(_taken_apart, kind, pick)

    def _numbered(self, value: object) -> tuple[Any, ...]:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._common)
            self._common.append(value)
        return _by_number, (number,)


def _by_number(number: int) -> object:
    """Stand in a pickle for what gives a shelf's common values by their numbers."""
    raise NotImplementedError(number)


def _taken_apart(
    kind: type[Any], pick: Callable[[Any], tuple[Any, ...]], value: object
) -> tuple[type[Any], tuple[Any, ...]]:
    return kind, pick(value)


def _only(pick: Callable[[Any], Any], value: object) -> tuple[Any]:
    return (pick(value),)


def _read_only(values: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(values)
