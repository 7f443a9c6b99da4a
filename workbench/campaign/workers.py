"""Workers: who does the work of a campaign: this process, processes of this machine, or a cluster.

Each is a generator of finished rows that takes pieces of work from a queue, and yields an empty
list now and then while nothing is finished.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any

from ..errors import SamplingError, WorkbenchError
from .work import Job, JobSpec, Row, finished_rows, row_of

Pieces = deque[tuple[Job, ...]]
AHEAD = 2
"""Pieces of work that wait or run at each worker: the next is there when one is done."""

POLL_SECONDS = 0.5

OPEN = (
    "this Dask scheduler speaks no TLS: whoever reaches it can run code as you do; use a tls:// "
    "address, or be sure that your network lets nobody else in"
)


def here(pieces: Pieces, spec: JobSpec, halted: Callable[[], bool]) -> Iterator[list[Row]]:
    """Work in this process, on one device."""
    while pieces and not halted():
        yield finished_rows(pieces.popleft(), spec, halted)


def on_cluster(
    client: Any, pieces: Pieces, spec: JobSpec, halted: Callable[[], bool]
) -> Iterator[list[Row]]:
    """Work on the workers of a Dask cluster, those that come later too.

    Dask gives the work of a worker that died to another, until it has seen several die; it blames
    what was waiting there as well. So what it blames is tried in the end, one design at a time with
    nothing beside it; one whose workers still die becomes a failed row.
    """
    dask = _distributed()
    under_way: dict[Any, tuple[Job, ...]] = {}
    suspects: Pieces = deque()
    trial = None
    try:
        while (pieces or suspects or under_way) and not halted():
            room = AHEAD * max(1, len(client.nthreads()))
            while pieces and len(under_way) < room:
                piece = pieces.popleft()
                under_way[client.submit(finished_rows, piece, spec, pure=False)] = piece
            if suspects and not under_way:
                piece = suspects.popleft()
                trial = client.submit(finished_rows, piece, spec, pure=False)
                under_way[trial] = piece
            try:
                with client.as_current():
                    ready = dask.wait(list(under_way), POLL_SECONDS, "FIRST_COMPLETED").done
            except TimeoutError:
                yield []
                continue
            for future in ready:
                piece, error = under_way.pop(future), future.exception()
                rows = future.result() if error is None else []
                future.release()
                if error is None:
                    yield rows
                elif not isinstance(error, dask.KilledWorker):
                    raise SamplingError(
                        f"a worker cannot do its work: {_message(error)}"
                    ) from error
                elif future is trial:
                    yield [row_of(piece[0], "every worker that tried it died") | {"seconds": 0.0}]
                else:
                    suspects.extend((job,) for job in piece)
    except (CancelledError, OSError) as error:
        raise SamplingError(
            "the scheduler went away; all finished designs are kept: start it and the campaign "
            "again to go on"
        ) from error
    finally:
        if under_way and client.status == "running":
            client.cancel(list(under_way))


@contextmanager
def connected(scheduler: str) -> Iterator[Any]:
    """A client of the Dask scheduler at this address, such as ``tcp://10.0.0.5:8786``."""
    dask = _distributed()
    try:
        client = dask.Client(scheduler, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SamplingError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    try:
        yield client
    finally:
        client.close(timeout=5)


@contextmanager
def local_workers(count: int, gpus: int = 0) -> Iterator[Any]:
    """Return a client of processes of this machine; with GPUs, each process sees one."""
    _distributed()
    from .local_cluster import cluster_of

    with cluster_of(count, gpus) as client:
        yield client


def is_open(scheduler: str) -> bool:
    """Whether anybody who reaches this scheduler can run code there."""
    return scheduler.partition("://")[0] not in ("tls", "wss", "inproc")


def gpus_here() -> int:
    """NVIDIA GPUs that this process sees."""
    import torch

    return torch.cuda.device_count()


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise WorkbenchError(
            "several workers need Dask; install it with pip install 'esm3-workbench[cluster]'"
        ) from None
    return distributed


def _message(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [""]
    return lines[0] if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {lines[0]}"
