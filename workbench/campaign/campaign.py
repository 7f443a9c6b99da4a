"""Campaign: many (prompt, seed) by one recipe, on all devices or a cluster, able to go on later.

A design depends on prompt, recipe, seed and model alone, so it is the one that a session with that
seed makes, wherever it was made. What was finished stays when a worker, the scheduler or this
process ends; the same call goes on with the rest.
"""

import atexit
import os
import signal
import threading
import time
import warnings
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..archive.record import session_of
from ..embedded import DEFAULT_MODEL
from ..errors import SamplingError
from ..opening import Source, open_prompt
from ..paths import given_path
from ..prompt import Prompt
from ..sampling.goals import Score
from ..sampling.recipe import Recipe
from ..session import Column, Design
from ..session.columns import DESIGN, LENGTH, SEED, SEQUENCE, measured_columns
from . import workers
from .results import MOST_DESIGNS, Results
from .work import Job, JobSpec, Row, key_of

if TYPE_CHECKING:
    from ..model.model import Model

PROMPT = Column("prompt", "prompt", "The fingerprint of its prompt.")
MADE_WITH = (
    Column("error", "error", "Why it failed, or which gate stopped it."),
    Column("model", "model", "The fingerprint of the model."),
    Column("device", "device", "What it was computed on."),
    Column("seconds", "s", "Seconds it took, as its share of those made beside it.", "number"),
)
WRITE_SECONDS = 10
"""Finished designs are written at the latest after so many seconds."""

_at_work: "weakref.WeakSet[Campaign]" = weakref.WeakSet()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is; ``remaining`` is in seconds, None while unknown."""

    done: int
    failed: int
    total: int
    running: bool
    remaining: float | None

    def __str__(self) -> str:
        text = f"{self.done:,} of {self.total:,} designs"
        if self.failed:
            text += f", {self.failed:,} failed"
        if self.running and self.remaining is not None:
            minutes = ceil(self.remaining / 60)
            text += f", about {minutes} min left" if minutes > 1 else ", under a minute left"
        return text


class Campaign:
    """Many designs, each once, as rows of a Parquet dataset in ``folder``."""

    def __init__(
        self,
        jobs: Iterable[tuple[Source, int | np.integer]],
        folder: str | os.PathLike,
        recipe: Recipe | str,
        model: "str | Model" = DEFAULT_MODEL,
        *,
        scheduler: str | None = None,
        workers: int | None = None,
        device: str | None = None,
        dtype: str | None = None,
        scores: Mapping[str, Score] | None = None,
        steps: bool = False,
        together: int = 8,
    ) -> None:
        """Plan a campaign; ``run`` or ``start`` sets it going, or on, where the folder has some.

        Each job is a prompt, or anything that a bench can open, and a seed; the same job twice is
        one. ``model`` is a name or folder
        that each worker can load. ``scheduler`` is the address of a Dask cluster with one worker
        per GPU; without it, ``workers`` processes are started here: one per GPU where there are
        several, else (or with 0) the work is done in this process. Workers of several processes
        that import your script need it to keep its own work under ``if __name__ == "__main__"``.
        ``together`` runs share their passes as far as memory allows; they are lost together, and
        made again, when a worker dies. ``scores`` are metrics of your own that the recipe names.
        ``steps`` keeps the steps of every run.
        """
        recipe = Recipe.parse(recipe) if isinstance(recipe, str) else recipe
        if not isinstance(model, str) and (scheduler is not None or workers):
            raise SamplingError(
                f"other processes cannot be given {model.name} itself; give its name or its folder"
            )
        if together < 1 or (workers or 0) < 0:
            raise SamplingError(f"together {together}, workers {workers}; give 1 or more")
        self.folder, self.scheduler, self.workers = given_path(folder), scheduler, workers
        self.together = together
        self.spec = JobSpec(recipe, model, device, dtype, dict(scores or {}), steps)
        self.jobs = {job.identity: job for job in _jobs(jobs)}
        if len(self.jobs) > MOST_DESIGNS:
            raise SamplingError(
                f"a campaign of {len(self.jobs):,} designs; one folder holds up to "
                f"{MOST_DESIGNS:,}, so give each part a folder of its own"
            )
        self.results = Results(self.folder, str(recipe), tuple(self.spec.scores))
        self.error: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._halted = False
        self._ended = threading.Event()
        self._ended.set()
        self._lock = threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        self._began: tuple[float, int] | None = None
        self._rested = True

    @classmethod
    def open(cls, folder: str | os.PathLike) -> "Campaign":
        """Open an earlier campaign to look at its table and its designs."""
        terms = Results.terms_in(given_path(folder))
        if terms is None:
            raise SamplingError(f"there is no campaign in {folder}")
        return cls([], folder, terms["recipe"], scores=dict.fromkeys(terms["scores"], _absent))

    # -- running ---------------------------------------------------------------------------------

    def run(self) -> "Campaign":
        """Make the missing designs and return when all are made; Ctrl-C keeps the finished ones."""
        with self.interruptible():
            return self.start().wait()

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Have Ctrl-C end the run in this block; it is raised once all finished designs are kept.

        The signal only sets a mark: an exception out of the middle of ``Thread.join`` would have
        Python 3.11 believe that the thread has ended, and the process end before it writes.
        """
        before = signal.getsignal(signal.SIGINT)
        main = threading.current_thread() is threading.main_thread()
        if not main or before in (signal.SIG_IGN, None):
            yield
            return
        interrupted = []

        def interrupt(*_: object) -> None:
            interrupted.append(True)
            self._halted = True

        signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            if interrupted:
                self._ended.wait()
            signal.signal(signal.SIGINT, before)
        if interrupted:
            raise KeyboardInterrupt

    def start(self) -> "Campaign":
        """Make the missing designs in the background; this call returns at once."""
        if self.running:
            raise SamplingError("this campaign is running; wait for it or stop it")
        self.error, self._rested, self._halted = None, False, False
        self._ended.clear()
        _at_work.add(self)
        self._began = (time.monotonic(), len(self.results.rows))
        context = copy_context()
        self._thread = threading.Thread(target=context.run, args=[self._caught], daemon=True)
        self._thread.start()
        return self

    def wait(self, seconds: float | None = None) -> "Campaign":
        """Wait until the run ends, or this many seconds; raise the error that ended it, if any."""
        self._ended.wait(seconds)
        if self.error is not None:
            raise self.error
        return self

    def stop(self) -> None:
        """End the run and write what is finished; designs under way are made again later."""
        self._halted = True
        if threading.current_thread() is not self._thread:
            self._ended.wait()

    def retry(self) -> None:
        """Forget the designs that failed, so that the next run tries them again."""
        if self.running:
            raise SamplingError("this campaign is running; stop it before it forgets failures")
        with self._lock, self.results.locked():
            self.results.forget_failures()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this function, in the run's thread, whenever designs arrive or the run ends."""
        self._listeners.append(listener)

    # -- what there is ---------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return not self._ended.is_set()

    @property
    def resting(self) -> bool:
        """Whether nothing more will come in; true when listeners hear of the end of a run."""
        return self._rested

    @property
    def progress(self) -> Progress:
        """How far it is."""
        with self._lock:
            rows = list(self.results.rows)
        total, failed = max(len(self.jobs), len(rows)), sum(bool(row["error"]) for row in rows)
        remaining = None
        if self._began is not None and len(rows) > self._began[1]:
            each = (time.monotonic() - self._began[0]) / (len(rows) - self._began[1])
            remaining = each * (total - len(rows))
        return Progress(len(rows), failed, total, not self._rested, remaining)

    def table(self) -> pd.DataFrame:
        """One row per design so far; ``error`` says why one failed or which gate stopped it.

        Values are as in memory: pLDDT is 0–1, distances are in Å; NaN where a metric cannot be
        said. ``columns`` says what each column means.
        """
        with self._lock:
            rows = list(self.results.rows)
        return pd.DataFrame(rows, columns=[column.name for column in self.columns])

    @property
    def columns(self) -> list[Column]:
        """The columns of the table; scores of your own come after the metrics."""
        measured = measured_columns(self.results.metrics)
        return [DESIGN, PROMPT, SEED, LENGTH, *measured, SEQUENCE, *MADE_WITH]

    def designs(self, table: pd.DataFrame | None = None) -> list[Design]:
        """The designs in these rows of the table, or all of them; failed ones are left out."""
        rows = self.table() if table is None else table
        names = [str(name) for name in rows["design"]]
        with self._lock:
            records = self.results.records(set(names))
        return [
            session_of(records[name], f"{name} in {self.folder}").designs[0]
            for name in names
            if name in records
        ]

    def __repr__(self) -> str:
        return f"<Campaign in {self.folder}: {self.progress}>"

    # -- the thread of the run -------------------------------------------------------------------

    def _caught(self) -> None:
        try:
            with self.results.locked():
                self._work()
        except BaseException as error:  # raised where somebody waits
            self.error = error
        self._rested = True
        try:
            for listener in self._listeners:
                listener()
        finally:
            self._ended.set()

    def _work(self) -> None:
        known = self.results.known
        unfinished = [job for identity, job in self.jobs.items() if identity not in known]
        pieces = workers.Pieces(
            tuple(unfinished[at : at + self.together])
            for at in range(0, len(unfinished), self.together)
        )
        written = time.monotonic()
        with ExitStack() as stack:
            for rows in self._incoming_rows(pieces, stack) if pieces else ():
                self._check_model(rows)
                with self._lock:
                    self.results.add(rows)
                    late = time.monotonic() - written > WRITE_SECONDS
                    if late or self.results.enough:
                        self.results.write()
                        written = time.monotonic()
                for listener in self._listeners if rows else ():
                    listener()

    def _incoming_rows(
        self, pieces: "deque[tuple[Job, ...]]", stack: ExitStack
    ) -> Iterator[list[Row]]:

        def halted() -> bool:
            return self._halted

        if self.scheduler is not None:
            if workers.is_open(self.scheduler):
                warnings.warn(workers.OPEN, stacklevel=2)
            client = stack.enter_context(workers.connected(self.scheduler))
            return workers.on_cluster(client, pieces, self.spec, halted)
        gpus = 0 if self.spec.device not in (None, "cuda") else workers.gpus_here()
        count = (gpus if gpus > 1 else 0) if self.workers is None else self.workers
        if not count or not isinstance(self.spec.model, str):
            return workers.here(pieces, self.spec, halted)
        client = stack.enter_context(workers.local_workers(count, gpus))
        return workers.on_cluster(client, pieces, self.spec, halted)

    def _check_model(self, rows: Iterable[Row]) -> None:
        """Refuse designs of another model than the campaign began with."""
        own = next((row["model"] for row in self.results.rows if row["model"]), "")
        for row in rows:
            if own and row["model"] and row["model"] != own:
                raise SamplingError(
                    f"the campaign in {self.folder} is of the model {own}, this worker has "
                    f"{row['model']}; give all workers the same weights and precision, or choose "
                    "another folder"
                )
            own = own or row["model"]


def _jobs(pairs: Iterable[tuple[Source, int | np.integer]]) -> Iterator[Job]:
    opened: dict[object, tuple[object, Prompt, str]] = {}
    for source, seed in pairs:
        seed = seed.item() if isinstance(seed, np.integer) else seed
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 1 << 63:
            raise SamplingError(f"the seed is {seed!r}; give a whole number of at least 0")
        known = source if isinstance(source, str | int) else id(source)
        if known not in opened:
            prompt = open_prompt(source)
            opened[known] = (source, prompt, key_of(prompt))
        _, prompt, key = opened[known]
        yield Job(key, prompt, seed)


@atexit.register
def _rest() -> None:
    """What is finished when Python ends, as when a kernel is shut down, is written before."""
    for campaign in list(_at_work):
        campaign.stop()


def _absent(*_: object) -> float:
    raise SamplingError("this campaign was opened to read; make it again with its jobs to run it")
