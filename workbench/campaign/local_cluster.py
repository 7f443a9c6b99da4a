"""A Dask cluster of processes of this machine that nobody but this process can talk to.

Whoever reaches a Dask process may run code in it, and every user of the machine reaches its
loopback. So all of them speak TLS with a certificate that is made for the run and kept in memory,
and none of them serves the pages over HTTP that Dask's own do.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Client, Nanny, Scheduler, Security, SpecCluster, Worker

from ..errors import WorkbenchError

QUIET: Any = logging.ERROR
UNINTERRUPTED = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""What a worker does first: Ctrl-C in a terminal reaches it too, but is for the campaign alone."""


class _WithoutPages:
    def start_http_server(self, *_: Any, **__: Any) -> None:
        """Listen on no port for it."""


class QuietScheduler(_WithoutPages, Scheduler):
    """A scheduler that is reached by its workers and its client alone."""


class QuietWorker(_WithoutPages, Worker):
    """A worker that is reached by its scheduler and its peers alone."""


@contextmanager
def cluster_of(count: int, gpus: int = 0) -> Iterator[Client]:
    """Return a Dask client of this many processes; with GPUs, each process sees one."""
    security = _certificate()
    shared = {"host": "127.0.0.1", "protocol": "tls://", "security": security, "dashboard": False}
    workers = {}
    for n in range(count):
        env = {"CUDA_VISIBLE_DEVICES": str(n % gpus)} if gpus else {}
        options = {
            "nthreads": 1, "env": env, "silence_logs": QUIET,
            "worker_class": QuietWorker, "preload": [UNINTERRUPTED], **shared,
        }  # fmt: skip
        workers[n] = {"cls": Nanny, "options": options}
    scheduler = {"cls": QuietScheduler, "options": {"port": 0, **shared}}
    with (
        SpecCluster(
            workers=workers, scheduler=scheduler, security=security, silence_logs=QUIET
        ) as cluster,
        Client(cluster, security=security, set_as_default=False) as client,
    ):
        yield client


def _certificate() -> Security:
    try:
        return Security.temporary()
    except ImportError:
        raise WorkbenchError(
            "several workers on this machine need cryptography, so that nobody else can use them; "
            "install it with pip install 'esm3-workbench[cluster]'"
        ) from None
