"""Work: what one process does for a campaign, with a model that it loads once.

The failure of a design is a row that says why; a model that cannot be loaded fails all of it.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..archive.record import record_bytes
from ..archive.values import Values
from ..errors import WorkbenchError
from ..prompt import Prompt
from ..sampling.goals import Score
from ..sampling.recipe import Recipe
from ..session import Design, Session

if TYPE_CHECKING:
    from ..model.model import Model
    from ..sampling.trajectory import Trajectory

Row = dict[str, Any]

_TURN = threading.Lock()
"""One process works at one piece of work at a time, however many threads Dask gives it."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One design to make; ``key`` is the fingerprint of its prompt."""

    key: str
    prompt: Prompt
    seed: int

    @property
    def identity(self) -> tuple[str, int]:
        """Prompt and seed, which no other job of a campaign has."""
        return self.key, self.seed


@dataclass(frozen=True, slots=True, eq=False)
class JobSpec:
    """How all designs of a campaign are made; ``steps`` keeps every step of every run."""

    recipe: Recipe
    model: "str | Model"
    device: str | None = None
    dtype: str | None = None
    scores: Mapping[str, Score] = field(default_factory=dict)
    steps: bool = False


def key_of(prompt: Prompt) -> str:
    """Fingerprint of a prompt: the same wherever and whenever it holds the same."""
    values = Values()
    values.prompt(prompt)
    text = json.dumps([values.prompts, values.proteins], sort_keys=True)
    digest = hashlib.sha256(text.encode())
    for member in values.arrays.members:
        digest.update(member)
    return digest.hexdigest()[:16]


def finished_rows(
    jobs: Sequence[Job], spec: JobSpec, halted: Callable[[], bool] = lambda: False
) -> list[Row]:
    """A row per job: its design, or why there is none; no rows once ``halted``."""
    with _TURN:
        model = _model(spec)
        began, rows = time.perf_counter(), list(_rows(jobs, spec, model, halted))
        if halted() and len(rows) < len(jobs):
            return []
        each = (time.perf_counter() - began) / len(rows)
    return [{**row, "seconds": each} for row in rows]


def row_of(job: Job, error: str) -> Row:
    """The row of a job without a design."""
    return {
        "design": name_of(job), "prompt": job.key, "seed": job.seed, "length": len(job.prompt),
        "metrics": {}, "sequence": "", "error": error, "model": "", "device": "", "record": None,
    }  # fmt: skip


def name_of(job: Job) -> str:
    """The name of a design: its prompt's fingerprint and its seed."""
    return f"{job.key}-{job.seed}"


def _model(spec: JobSpec) -> "Model":
    if not isinstance(spec.model, str):
        return spec.model
    return _loaded(spec.model, spec.device, spec.dtype)


@lru_cache(maxsize=1)
def _loaded(name: str, device: str | None, dtype: str | None) -> "Model":
    from ..model.checkpoint import load_model

    return load_model(name, device=device, dtype=dtype)


def _rows(
    jobs: Sequence[Job], spec: JobSpec, model: "Model", halted: Callable[[], bool]
) -> Iterator[Row]:
    """Rows of jobs that share passes; where that fails as a whole, each is made alone."""
    from ..sampling.batching import Batch, batch_size

    runs: dict[Job, Trajectory] = {}
    errors: dict[Job, str] = {}
    for job in jobs:
        try:
            session = Session(job.prompt, model)
            runs[job] = session.start(spec.recipe, job.seed, False, spec.scores)
        except Exception as error:  # a design that fails is a row, whatever went wrong
            errors[job] = _message(error)
    try:
        if runs:
            longest = max(len(job.prompt) for job in runs)
            batch = Batch(list(runs.values()), batch_size(model, longest, len(runs)))
            while not batch.done:
                if halted():
                    return
                batch.advance()
            errors |= {
                job: str(batch.failures[r]) for job, r in runs.items() if r in batch.failures
            }
    except Exception as error:
        if len(jobs) > 1:
            for job in jobs:
                yield from _rows([job], spec, model, halted)
            return
        errors[jobs[0]] = _message(error)
    for job in jobs:
        if job in errors:
            yield row_of(job, errors[job])
        else:
            yield _finished(job, runs[job], spec)


def _finished(job: Job, run: "Trajectory", spec: JobSpec) -> Row:
    try:
        design = replace(Session(job.prompt, run.model).keep(run), name=name_of(job))
        if not spec.steps:
            design = replace(design, run=None)
        return _row(job, design, run)
    except Exception as error:
        return row_of(job, _message(error))


def _row(job: Job, design: Design, run: "Trajectory") -> Row:
    session = Session(job.prompt)
    session.designs = [replace(design, protein=design.protein.with_(name=design.name))]
    return {
        **row_of(job, run.stopped),
        "metrics": {name: float(value) for name, value in design.metrics.items()},
        "sequence": design.protein.sequence,
        "model": design.model_fingerprint,
        "device": run.model.device.type,
        "record": record_bytes(session),
    }


def _message(error: Exception) -> str:
    return str(error) if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {error}"
