"""Lends the workers of a Dask cluster; they must see the campaign's folder under the same path."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sheetflow.errors import NoClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

_PATIENCE = 10
"""Seconds that one waits for the cluster to answer."""

_SUPPOSED = 32
"""Workers of an executor that does not say how many it has."""


@contextmanager
def cluster(address: str) -> Iterator[Executor | None]:
    """Connect to a cluster by its scheduler's address; none if the address is empty.

    Raises NoClusterError if it does not answer, or the extra `sheetflow[dask]` is not installed.
    """
    if not address:
        yield None
        return
    try:
        from distributed import Client  # noqa: PLC0415 - an extra

        client = Client(address, timeout=_PATIENCE)  # type: ignore[no-untyped-call]
    except (ImportError, OSError, ValueError) as error:
        raise NoClusterError(address) from error
    with client:
        yield client.get_executor()  # type: ignore[no-untyped-call]


def workers_of(executor: Executor) -> int:
    """Say how many tasks an executor works on at once; at least one."""
    client = getattr(executor, "_client", None)  # of a cluster
    if client:
        return int(sum(client.nthreads().values())) or 1
    return int(getattr(executor, "_max_workers", _SUPPOSED))
