"""Batch: several runs of one model that share their passes, as many at once as memory allows.

The estimate counts what grows with the batch: activations of the trunk, masks and logits.
Attention goes block by block, in memory that does not grow. The estimate may be wrong, so a pass
that runs out of memory is made again with half as many runs.
"""

import gc
from collections.abc import Sequence
from pathlib import Path

import torch

from ..errors import SamplingError, WorkbenchError, is_out_of_memory
from ..model.model import Model
from .step import SamplingStep
from .trajectory import RunsFailed, Trajectory, advance_together, describe_failures

SHARE_OF_FREE = 0.6
"""Part of the free memory that a pass may fill."""

MOST = {"cuda": 64}
MOST_ELSEWHERE = 4
"""Runs in one pass at most; a processor gains little from more, and Pause would answer late."""

ACTIVATIONS = 20
"""Copies of the trunk's width held at once per residue."""

LOGITS = 3 * 4500
"""Logit values held at once per residue: 4,096 codes and the other tracks, drawn from in copies."""

UNKNOWN_FREE = 4 << 30


def bytes_per_run(model: Model, length: int) -> int:
    """About how much memory each further run of this many residues adds to a pass."""
    trunk, rows = model.config.trunk, length + 2
    size = model.dtype.itemsize
    per_row = trunk.width * ACTIVATIONS * size + 4 * LOGITS
    return rows * per_row + 2 * rows * rows * size


def free_bytes(device: torch.device) -> int:
    """Memory that is free on a device, or in this machine."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    table = Path("/proc/meminfo")
    if table.exists():
        for line in table.read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return UNKNOWN_FREE


def batch_size(model: Model, length: int, runs: int) -> int:
    """How many runs of this many residues should share a pass, at least 1."""
    most = MOST.get(model.device.type, MOST_ELSEWHERE)
    return max(1, min(runs, runs_that_fit(model, length), most))


def runs_that_fit(model: Model, length: int) -> int:
    """How many runs of this many residues the free memory has room for."""
    return int(SHARE_OF_FREE * free_bytes(model.device) // bytes_per_run(model, length))


def free_unused() -> None:
    """Give back what a pass that ran out of memory has left behind."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


class Batch:
    """Runs advanced together; ``size`` many share a pass, fewer once memory has run out.

    ``failures`` holds the error of each run that ended with one while others go on.
    """

    def __init__(self, trajectories: Sequence[Trajectory], size: int | None = None) -> None:
        """``size`` None shares passes among all of them."""
        self.trajectories = tuple(trajectories)
        self.size = len(self.trajectories) if size is None else size
        self.failures: dict[Trajectory, WorkbenchError] = {}

    @property
    def open(self) -> tuple[Trajectory, ...]:
        """Runs with passes left that have not failed."""
        return tuple(
            trajectory
            for trajectory in self.trajectories
            if not trajectory.done and trajectory not in self.failures
        )

    @property
    def done(self) -> bool:
        """Whether every run is finished."""
        return not self.open

    @property
    def failed(self) -> str:
        """Which runs failed and why, in words; empty while none did."""
        return describe_failures(self.failures)

    def advance(self) -> list[SamplingStep]:
        """One model pass for the runs that are furthest behind.

        Raises SamplingError when memory does not suffice for a single run, and RunsFailed when all
        have failed; they may be tried again.
        """
        while True:
            behind = min(len(run.steps) for run in self.open)
            turn = [run for run in self.open if len(run.steps) == behind][: self.size]
            try:
                return advance_together(turn)
            except RunsFailed as error:
                return self._without(error.failures, error.steps)
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                if len(turn) == 1:
                    length = len(turn[0].prompt)
                    raise SamplingError(
                        f"memory does not suffice for one run of {length} residues on "
                        f"{turn[0].model.device}; shorten the protein or use a smaller model"
                    ) from error
                self.size = max(1, len(turn) // 2)
            free_unused()

    def _without(
        self, failures: dict[Trajectory, WorkbenchError], steps: list[SamplingStep]
    ) -> list[SamplingStep]:
        """Set failed runs aside; where none is left, raise."""
        self.failures |= failures
        if len(self.failures) < len(self.trajectories):
            return steps
        everything, self.failures = self.failures, {}
        raise RunsFailed(everything, steps) from next(iter(everything.values()))
