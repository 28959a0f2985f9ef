"""Hands the reading of returns to other processes; what comes back is text, and in order.

The same work goes to any `concurrent.futures.Executor` whose workers see the folder: a pool on this
machine, or a cluster.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections import deque
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from sheetflow.campaign.clusters import workers_of
from sheetflow.campaign.collecting import few_collections
from sheetflow.gathering.folder import read_source
from sheetflow.gathering.records import RecordWriter
from sheetflow.gathering.taking_in import take_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from sheetflow.gathering.folder import Source
    from sheetflow.gathering.intake import Expectation, Intake
    from sheetflow.gathering.records import RecordReader

FROM = 300
"""So many files are worth a pool of processes that are forked."""
_FROM_STARTED = 2_000
"""So many where each starts from nothing, as on Windows: in that time one reads some 1,000."""
_MOST = 32
"""So many processes; Windows allows 61, and one folder feeds no more."""
_CHUNK = 48
"""Files that a worker is given at a time, some of which go together through each step."""
_AHEAD = 4
"""Chunks that wait for each worker, so that none is idle and few results pile up."""


class TakenIn(NamedTuple):
    """What became of one file and of all that lies in it."""

    intakes: Sequence[Intake]
    record: Callable[[], str]
    slates: Mapping[str, str]
    """Those that the record names, maybe others too."""


class Job(NamedTuple):
    """What workers need to know, packed once; nothing of it for those who have been told."""

    digest: str
    expected: bytes


class Crew(NamedTuple):
    """Who reads files, and what is said with each chunk of them."""

    executor: Executor
    job: Job
    workers: int
    """How many of them there are."""


class Answer(NamedTuple):
    """What a worker gives back: a record for each file, and the slates that they name."""

    records: list[str]
    slates: Mapping[str, str]


def take_in_sources(
    expected: Expectation, sources: Iterable[Source], crew: Crew | None, reader: RecordReader
) -> Iterator[TakenIn]:
    """Take in files, in order; without a crew, or if its workers die, here."""
    if crew is None:
        writer = RecordWriter()
        for intakes in take_in(map(read_source, sources), expected):
            yield TakenIn(intakes, partial(writer.write, intakes), writer.slates)
        return
    for chunk, answer in _answers(crew, sources):
        if answer is None:
            yield from take_in_sources(expected, chunk, None, reader)
            continue
        reader.learn(answer.slates)
        for source, record in zip(chunk, answer.records, strict=True):
            read = reader.read(record) or next(take_in([read_source(source)], expected))
            yield TakenIn(read, partial(str, record), answer.slates)


@few_collections()
def take_in_chunk(job: Job, sources: Sequence[Source]) -> Answer:
    """Read some files; this is what a worker does."""
    expected = _unpacked(job)
    writer = RecordWriter()
    records = [writer.write(each) for each in take_in(map(read_source, sources), expected)]
    return Answer(records, writer.slates)


def cores() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def crew_of(expected: Expectation, files: int, executor: Executor | None) -> Iterator[Crew | None]:
    """Give who reads so many files: an executor's workers, who are told all with each chunk.

    Else a pool of processes, one a core, each told once, if there are enough files for it.
    """
    if not files or not (executor or _is_worth_it(files)):
        yield None
        return
    if executor:
        packed = pickle.dumps(expected)
        job = Job(hashlib.sha256(packed).hexdigest(), packed)
        yield Crew(executor, job, workers_of(executor))
        return
    processes = min(cores(), _MOST)
    with ProcessPoolExecutor(processes, initializer=_tell, initargs=(expected,)) as own:
        yield Crew(own, _TOLD, processes)


def _is_worth_it(files: int) -> bool:
    """Whether a pool reads so many files sooner than this process alone."""
    is_forked = get_context().get_start_method() == "fork"
    return cores() > 1 and files >= (FROM if is_forked else _FROM_STARTED)


def _answers(
    crew: Crew, sources: Iterable[Source]
) -> Iterator[tuple[Sequence[Source], Answer | None]]:
    """Hand out the files chunk by chunk; None where a worker died over one."""
    rest = iter(sources)
    chunks: Iterator[Sequence[Source]] = iter(lambda: list(islice(rest, _CHUNK)), [])
    begun: deque[tuple[Sequence[Source], Future[Answer] | None]] = deque()
    most = _AHEAD * crew.workers
    while True:
        for chunk in islice(chunks, most - len(begun)):
            begun.append((chunk, _submit(crew, chunk)))
        if not begun:
            return
        chunk, future = begun.popleft()
        yield chunk, _result(future)


def _submit(crew: Crew, chunk: Sequence[Source]) -> Future[Answer] | None:
    try:
        return crew.executor.submit(take_in_chunk, crew.job, chunk)
    except (BrokenExecutor, RuntimeError):  # its workers died, or it was shut down
        return None


def _result(future: Future[Answer] | None) -> Answer | None:
    try:
        return future.result() if future else None
    except Exception:  # noqa: BLE001 - every executor has its own; the work is done again here
        return None


_TOLD = Job("", b"")
"""What is said with a chunk to those who were told before."""
_last: list[tuple[str, Expectation]] = []
"""What this worker was given last, unpacked."""


def _tell(expected: Expectation) -> None:
    """Tell a process of a pool; one that was forked holds it already, and it is not packed."""
    _last[:] = [(_TOLD.digest, expected)]


def _unpacked(job: Job) -> Expectation:
    """Unpack a job; EOFError if this worker was to be told before, and was not."""
    for digest, expected in tuple(_last):  # which another thread may set meanwhile
        if digest == job.digest:
            return expected
    unpacked: Expectation = pickle.loads(job.expected)  # noqa: S301 - packed by ourselves
    _last[:] = [(job.digest, unpacked)]
    return unpacked
