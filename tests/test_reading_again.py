"""Returns that did not change are not read again; many are read by several processes."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sqlite3
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import nullcontext
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from unittest.mock import patch

import pytest

import corpus
from campaigns import send, start
from intakes import list_entries, take_in_one
from sheetflow.campaign import workers
from sheetflow.campaign.cache import CACHE, Cache, Row
from sheetflow.campaign.clusters import cluster, workers_of
from sheetflow.campaign.computing import compute, gather_campaign
from sheetflow.campaign.folder import open_campaign
from sheetflow.errors import NoClusterError
from sheetflow.gathering.folder import Incoming, Source, read_source
from sheetflow.gathering.records import RecordReader, RecordWriter
from sheetflow.model.history import LastPeriod
from sheetflow.reports.figure_files import figure_files
from sheetflow.reports.renderers import DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sheetflow.gathering.gather import Gathered
    from sheetflow.reports.results import Results

P = ParamSpec("P")
T = TypeVar("T")
AGES = 10**10
"""Nanoseconds, more than a file must be old to be known by its times."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a campaign whose returns came a while ago."""
    root = start(tmp_path / "campaign", "a 甲局 . .\nb 丙局 . .\nc 丁局 . .\nd 戊局 . .")
    send(root, a="new 3 1", b="new 5 ? 7\ndone.yes 5 1", c="new 2 -\ndone.yes 2 0", d="new 0 0")
    for path in (root / "returns").iterdir():
        _age(path)
    return root


def _age(path: Path) -> None:
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns - AGES, status.st_mtime_ns - AGES))


def gathered(root: Path, executor: Executor | None = None) -> Gathered:
    """Read a campaign's returns."""
    return gather_campaign(open_campaign(root), LastPeriod(), executor=executor)


def read_by(root: Path) -> list[str]:
    """Read a campaign's returns and name the files that were read for it."""
    read: list[str] = []

    def noted(source: Source) -> Incoming:
        read.append(source.shown)
        return read_source(source)

    with patch.object(workers, "read_source", noted):
        gathered(root)
    return read


# the cache


def test_the_second_time_nothing_is_read_and_all_is_the_same(root: Path) -> None:
    first = gathered(root)
    with patch.object(Cache, "keep", side_effect=AssertionError("nothing is new")):
        assert read_by(root) == []
        assert gathered(root) == first


def test_what_changed_is_read_again(root: Path) -> None:
    gathered(root)
    first, second, *_ = sorted((root / "returns").iterdir())
    first.write_bytes(second.read_bytes())
    assert read_by(root) == [f"returns/{first.name}"]


def test_a_change_that_keeps_size_and_time_is_seen(root: Path) -> None:
    path = min((root / "returns").iterdir())
    before = path.stat()
    gathered(root)
    data = bytearray(path.read_bytes())
    data[-30] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read_by(root) == [f"returns/{path.name}"]


def test_a_file_that_was_only_touched_or_copied_is_known_by_its_content(root: Path) -> None:
    gathered(root)
    for path in (root / "returns").iterdir():
        path.touch()
    assert read_by(root) == []
    shutil.move(root / "returns", root / "old")
    shutil.copytree(root / "old", root / "returns")
    assert read_by(root) == []


def test_what_it_is_read_as_counts_too(root: Path) -> None:
    gathered(root)
    roster = root / "roster.csv"
    roster.write_text(roster.read_text("utf-8-sig").replace("甲", "乙"), "utf-8")
    assert len(read_by(root)) == len(list((root / "returns").iterdir()))


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"no database"),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: _execute(path, "update record set text = '[[1]]'"),
        lambda path: _execute(path, "update record set text = 'no json'"),
        lambda path: _execute(path, "update record set text = replace(text, '5', '7')"),
        lambda path: _execute(path, "update slate set text = '{}'"),
        lambda path: _execute(path, "update slate set text = replace(text, 'B7', 'C7')"),
        lambda path: _execute(path, "drop table record"),
    ],
)
def test_a_damaged_cache_is_done_without(root: Path, damage: Callable[[Path], None]) -> None:
    first = gathered(root)
    damage(root / CACHE)
    assert gathered(root) == first
    assert gathered(root) == first
    assert read_by(root) == []


def _execute(path: Path, statement: str) -> None:
    database = sqlite3.connect(path)
    with database:
        database.execute(statement)
    database.close()


def test_a_cache_that_another_run_holds_is_done_without(root: Path) -> None:
    first = gathered(root)
    holder = sqlite3.connect(root / CACHE)
    holder.execute("begin exclusive")
    with patch("sheetflow.campaign.cache._PATIENCE", 0.1):
        again = gathered(root)
    holder.rollback()
    holder.close()
    assert again.submissions == first.submissions


class Counted(sqlite3.Connection):
    """A connection; so many are open."""

    open = 0

    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__(path, timeout)
        Counted.open += 1

    def close(self) -> None:
        """Close it."""
        super().close()
        Counted.open -= 1


def test_a_cache_that_is_not_used_is_closed_before_it_is_deleted(root: Path) -> None:
    def deleted(path: Path, *, missing_ok: bool) -> None:
        assert Counted.open == 0  # Windows deletes no open file
        assert missing_ok
        os.remove(path)  # noqa: PTH107 - Path's own is replaced

    holder = sqlite3.connect(root / CACHE)
    holder.execute("begin exclusive")
    with patch("sqlite3.connect", Counted), patch("sheetflow.campaign.cache._PATIENCE", 0.1):
        Cache(root, "made by")
        assert Counted.open == 0
        holder.close()
        (root / CACHE).write_bytes(b"no database" * 1_000)
        with patch("pathlib.Path.unlink", deleted):
            cache = Cache(root, "made by")
        assert Counted.open == 1
        cache.close()


def test_a_record_that_a_killed_run_did_not_finish_is_not_there(root: Path) -> None:
    cache = Cache(root, "made by")

    def failing() -> Iterator[Row]:
        yield Row("a", "", "0", "[]")
        raise sqlite3.OperationalError

    cache.keep(failing(), {})
    assert not cache.states(["a"])
    assert not cache.texts(["a"])
    cache.close()


def test_what_could_not_be_read_is_tried_again(root: Path) -> None:
    (root / "returns" / "z.xlsx").write_bytes(b"PK\3\4 cut off")
    gathered(root)
    _age(root / "returns" / "z.xlsx")
    assert read_by(root) == ["returns/z.xlsx"]


# records


@pytest.mark.parametrize("name", [sample.name for sample in corpus.samples()])
def test_every_return_comes_back_from_its_record(name: str) -> None:
    data = next(sample.data for sample in corpus.samples() if sample.name == name)
    intakes = take_in_one(
        Incoming(f"returns/{name}", data, "0" * 64, len(data)), corpus.expectation()
    )
    writer, reader = RecordWriter(), RecordReader(corpus.form())
    record = writer.write(intakes)
    reader.learn(writer.slates)
    assert list(reader.read(record) or ()) == intakes


@pytest.mark.parametrize(
    "text", ["", "[", "{}", "[[]]", "[[[], null, []]]", "[1]", '["a"]', "null"]
)
def test_what_is_no_record_is_none(text: str) -> None:
    assert not RecordReader(corpus.form()).read(text)


# several processes


def data_files(results: Results) -> dict[str, bytes]:
    files = figure_files(results) | {name: write(results) for name, write in DATA.items()}
    return {name: b"".join(chunks) for name, chunks in files.items()}


@pytest.mark.usefixtures("two_cores")
def test_a_pool_gives_the_same_to_the_byte(root: Path) -> None:
    alone = data_files(compute(open_campaign(root)))
    (root / CACHE).unlink()
    with patch.object(workers, "FROM", 1), patch.object(workers, "_CHUNK", 2):
        together = data_files(compute(open_campaign(root)))
    assert together == alone


@pytest.fixture
def two_cores() -> Iterator[None]:
    """Let there be a pool, whatever machine this is."""
    with patch("os.sched_getaffinity", lambda _: {0, 1}, create=True):
        yield


@pytest.mark.skipif(os.name == "nt", reason="what is patched here is not so in the workers")
@pytest.mark.usefixtures("two_cores")
def test_a_pool_reads_every_return_that_changed(root: Path) -> None:
    here = os.getpid()

    def elsewhere(source: Source) -> Incoming:
        assert os.getpid() != here
        return read_source(source)

    with (
        patch.object(workers, "FROM", 1),
        patch.object(workers, "_CHUNK", 2),
        patch.object(workers, "read_source", elsewhere),
    ):
        assert len(gathered(root).submissions) == len(list((root / "returns").iterdir()))


@pytest.mark.usefixtures("two_cores")
def test_processes_that_start_from_nothing_as_on_windows_read_the_returns(root: Path) -> None:
    alone = gathered(root)
    (root / CACHE).unlink()
    started = partial(ProcessPoolExecutor, mp_context=get_context("spawn"))
    with (
        patch.object(workers, "FROM", 1),
        patch.object(workers, "_CHUNK", 2),
        patch.object(workers, "ProcessPoolExecutor", started),
        patch.object(workers, "read_source", side_effect=AssertionError("read here")),
    ):
        assert gathered(root) == alone


@pytest.mark.parametrize(("started", "least"), [("fork", 300), ("spawn", 2_000)])
@pytest.mark.usefixtures("two_cores")
def test_a_pool_must_be_worth_the_time_that_its_processes_take_to_start(
    started: str, least: int
) -> None:
    expected = corpus.expectation()
    pools = patch.object(workers, "ProcessPoolExecutor", return_value=nullcontext(Dying()))
    with pools, patch.object(workers, "get_context", partial(get_context, started)):
        for files, is_pool in ((least - 1, False), (least, True)):
            with workers.crew_of(expected, files, None) as crew:
                assert (crew is not None) is is_pool


def test_workers_of_a_pool_are_told_once_what_to_expect() -> None:
    with workers.crew_of(corpus.expectation(), workers.FROM, None) as crew:
        assert crew is None or not crew.job.expected
    executor = Dying()
    with workers.crew_of(corpus.expectation(), 1, executor) as told:
        assert told
        assert told.job.expected


class Overwritten(list[object]):
    """What a worker was given last, another thread of which is always given something else then."""

    def __setitem__(self, at: object, given: object) -> None:
        """Forget at once what is put in."""
        super().__setitem__(slice(None), [("another job", None)])


def test_threads_of_a_worker_may_read_for_two_campaigns_at_once() -> None:
    with workers.crew_of(corpus.expectation(), 1, Dying()) as crew:
        assert crew
        with patch.object(workers, "_last", Overwritten()):
            for _ in range(2):
                assert workers._unpacked(crew.job).settings == corpus.expectation().settings  # noqa: SLF001


class Dying(Executor):
    """Workers of which every second one dies over its work."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        """Do the work, or die."""
        self.given += 1
        future: Future[T] = Future()
        if self.given % 2:
            future.set_exception(BrokenExecutor("killed"))
        else:
            future.set_result(work(*given, **named))
        return future


def test_what_a_worker_was_given_that_died_is_not_lost(root: Path) -> None:
    alone = gathered(root)
    (root / CACHE).unlink()
    executor = Dying()
    with patch.object(workers, "_CHUNK", 1):
        assert gathered(root, executor) == alone
    assert executor.given == len(alone.files)


@pytest.mark.parametrize("processes", [1, 7])
def test_as_many_chunks_wait_as_an_executors_workers_need(processes: int) -> None:
    with (
        ThreadPoolExecutor(processes) as threads,
        workers.crew_of(corpus.expectation(), 1, threads) as crew,
        patch.object(threads, "submit", return_value=Future()) as submit,
        patch.object(workers, "_result", return_value=None),
    ):
        assert crew
        sources = (Source(f"{number}", ("returns", f"{number}"), 1) for number in range(5_000))
        next(workers._answers(crew, sources))  # noqa: SLF001
    assert submit.call_count == 4 * processes


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_is_killed_takes_nothing_with_it(root: Path) -> None:
    alone = gathered(root)
    (root / CACHE).unlink()
    with ProcessPoolExecutor(1) as executor, patch.object(workers, "_CHUNK", 1):
        pid = executor.submit(os.getpid).result()
        os.kill(pid, signal.SIGKILL)
        assert gathered(root, executor) == alone


def test_a_cluster_of_two_gives_the_same_also_if_a_worker_dies(root: Path) -> None:
    distributed = pytest.importorskip("distributed")
    alone = data_files(compute(open_campaign(root)))
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as two:
        for kills in (False, True):
            (root / CACHE).unlink(missing_ok=True)
            with cluster(two.scheduler_address) as executor, patch.object(workers, "_CHUNK", 1):
                assert executor
                assert workers_of(executor) == 2
                if kills:
                    next(iter(two.workers.values())).process.process._process.kill()  # noqa: SLF001
                results = compute(open_campaign(root), executor=executor)
            assert data_files(results) == alone


def test_a_cluster_that_does_not_answer_is_named() -> None:
    with (
        patch("sheetflow.campaign.clusters._PATIENCE", 0.2),
        pytest.raises(NoClusterError, match="127"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass


def test_files_are_read_in_the_same_order_whoever_reads(root: Path) -> None:
    entries = [entry.path for entry in list_entries(root, root / "returns")]
    assert [file.path for file in gathered(root).files] == entries


# garbage


def test_python_searches_for_garbage_as_before_once_all_is_read(root: Path) -> None:
    before = gc.get_threshold()
    gathered(root)
    assert gc.get_threshold() == before
