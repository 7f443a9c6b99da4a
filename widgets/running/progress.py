"""Progress: what a run shows: pictures as often as ``FrameRate`` says, words every second."""

import time
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..frame import Frame
from ..state import BenchState
from .frame_rate import FrameRate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.sampling.batching import Batch
    from workbench.sampling.trajectory import Trajectory

WORD_SECONDS = 1.0
"""Between two words on how far the run is, where no frame says it."""

EMPTY: "Mapping[str, object]" = MappingProxyType({})


class Progress:
    """Of the runs of one bench; ``note`` is said with each word until the next run begins."""

    def __init__(self, state: BenchState, frame_rate: FrameRate | None = None) -> None:
        self.note = ""
        self._state = state
        self._frame_rate = frame_rate or FrameRate()
        self._batch: Batch | None = None
        self._waiting = 0
        self._pace = self._next_word = 0.0

    def begin(self, batch: "Batch", waiting: int) -> None:
        """These runs begin; so many more designs wait for them to end."""
        self._batch, self._waiting = batch, waiting
        self._pace, self.note = 0.0, ""
        self._frame_rate.begin()

    def passed(self, seconds: float) -> None:
        """A pass took so long for each of its designs."""
        self._pace = seconds if not self._pace else 0.7 * self._pace + 0.3 * seconds

    def show(self, trajectory: "Trajectory") -> None:
        """Show a step that flies by, if it is time to."""
        began = time.monotonic()
        if self._state.follows and self._frame_rate.due(began, self._state.keeping_up):
            self.push(trajectory, draft=True)
            now = time.monotonic()
            self._frame_rate.picture(now - began, now, trajectory.model.device.type == "cpu")
        elif began >= self._next_word:
            self._publish(trajectory)

    def push(
        self,
        trajectory: "Trajectory",
        needs_pae: bool = False,
        draft: bool = False,
        **run: object,
    ) -> None:
        """Show where the run is, if anybody follows it; ``run`` are changes of its status."""
        taken, state = len(trajectory.steps), self._state
        follows = taken > 0 and state.follows
        frame = None
        if follows:
            frame = Frame.of(trajectory, taken, needs_pae=needs_pae, draft=draft)
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

    def _remaining(self, trajectory: "Trajectory") -> float:
        """Seconds left for all designs asked for, at the pace so far."""
        runs = (trajectory,) if self._batch is None else self._batch.trajectories
        passes = sum(run.left for run in runs)
        return self._pace * (passes + self._waiting * trajectory.total)

    def _message(self, trajectory: "Trajectory") -> str:
        parts = [str(trajectory.steps[-1]) if trajectory.steps else "ready"]
        run, batch = self._state.run, self._batch
        requested = run.designs_requested
        if requested > 1 and batch is not None:
            first = run.designs_done + 1
            last = min(requested, first + len(batch.trajectories) - 1)
            together = "" if batch.size == 1 else f", {batch.size} in a pass"
            parts.append(f"designs {first}–{last} of {requested}{together}")
        return "  ·  ".join([*parts, *([self.note] if self.note else [])])
