"""Progress: what a run shows: pictures as often as ``FrameRate`` says, words every second."""

import time
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..frame import Frame
from ..state import BenchState
from .frame_rate import FrameRate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.protein import Protein
    from workbench.sampling.batching import Batch
    from workbench.sampling.trajectory import Trajectory

    Folded = tuple[Trajectory | None, int, Protein | None]

WORD_SECONDS = 1.0
"""Between two messages on the progress of a run, where no frame is shown."""

EMPTY: "Mapping[str, object]" = MappingProxyType({})


class Progress:
    """Shows the runs of one bench; ``note`` is added to each message until the next run."""

    def __init__(self, state: BenchState, frame_rate: FrameRate | None = None) -> None:
        self.note = ""
        self._state = state
        self._frame_rate = frame_rate or FrameRate()
        self._batch: Batch | None = None
        self._waiting = 0
        self._folded: Folded = None, 0, None
        self._pace = self._next_word = 0.0

    def begin(self, batch: "Batch", waiting: int) -> None:
        """These runs begin; so many more designs wait for them to end."""
        self._batch, self._waiting = batch, waiting
        self._pace, self.note = 0.0, ""
        self._folded = None, 0, None
        self._frame_rate.begin(time.monotonic())

    def passed(self, seconds: float) -> None:
        """A pass took so long for each of its designs."""
        self._pace = seconds if not self._pace else 0.7 * self._pace + 0.3 * seconds

    def show(self, trajectory: "Trajectory") -> None:
        """Show a step that flies by, if it is time to."""
        began = time.monotonic()
        if self._state.follows and self._frame_rate.due(began, self._state.keeping_up):
            folds = self._frame_rate.folds(began)
            self.push(trajectory, passing=True, folds=folds)
            now, on_processor = time.monotonic(), trajectory.model.device.type == "cpu"
            self._frame_rate.picture(now - began, now, on_processor, folds=folds)
        elif began >= self._next_word:
            self._publish(trajectory)

    def push(
        self,
        trajectory: "Trajectory",
        needs_pae: bool = False,
        passing: bool = False,
        folds: bool = True,
        **run: object,
    ) -> None:
        """Show where the run is, if anybody follows it; ``run`` are changes of its status.

        A step in ``passing`` has a draft of its structure, or, unless it ``folds``, the one that
        was folded last.
        """
        taken, state = len(trajectory.steps), self._state
        frame = None
        if taken > 0 and state.follows and folds:
            frame = Frame.of(trajectory, taken, needs_pae=needs_pae, draft=passing)
            self._folded = trajectory, taken, frame.protein
        elif taken > 0 and state.follows:
            frame = Frame.in_passing(trajectory, taken, self._last_fold(trajectory)[1])
        with state.lock:
            on_view = {"frame": frame, "viewed_design": None} if state.follows else {}
            self._publish(trajectory, on_view, **run)

    def _publish(
        self, trajectory: "Trajectory", on_view: "Mapping[str, object]" = EMPTY, **run: object
    ) -> None:
        """Say how far the run is; this is cheap, so it keeps its pace where frames are slow."""
        changes = {
            "taken": len(trajectory.steps),
            "total": trajectory.total,
            "message": self._message(trajectory),
            "remaining": self._remaining(trajectory),
            **run,
        }
        self._state.update(run=self._state.run.with_(**changes), **on_view)
        self._next_word = time.monotonic() + WORD_SECONDS

    def _last_fold(self, trajectory: "Trajectory") -> "tuple[int, Protein | None]":
        """The step of this run whose structure was folded last, and the structure; 0 for none."""
        of, step, protein = self._folded
        return (step, protein) if of is trajectory else (0, None)

    def _remaining(self, trajectory: "Trajectory") -> float:
        """Seconds left for all designs asked for, at the pace so far."""
        runs = (trajectory,) if self._batch is None else self._batch.trajectories
        passes = sum(run.left for run in runs)
        return self._pace * (passes + self._waiting * trajectory.total)

    def _message(self, trajectory: "Trajectory") -> str:
        parts = [str(trajectory.steps[-1]) if trajectory.steps else "ready"]
        folded, _ = self._last_fold(trajectory)
        if self._state.follows and folded < len(trajectory.steps):
            parts.append(f"structure of step {folded}" if folded else "structure of the prompt")
        run, batch = self._state.run, self._batch
        requested = run.designs_requested
        if requested > 1 and batch is not None:
            first = run.designs_done + 1
            last = min(requested, first + len(batch.trajectories) - 1)
            together = "" if batch.size == 1 else f", {batch.size} in a pass"
            parts.append(f"designs {first}–{last} of {requested}{together}")
        return "  ·  ".join([*parts, *([self.note] if self.note else [])])
