"""Runner: sampling in one worker thread, so that the kernel stays free.

Callers leave wishes (run, step, pause, stop, rewind, show) and return at once; the worker takes
them between model steps, so a pause answers within one step. Frames reach the state as often as
``Progress`` lets them, and always when the worker comes to rest. The thread carries the context of
the cell that started it and ends by itself when there has been nothing to do for a while.

Several designs share model passes, as many as memory allows. A paused run keeps its own settings:
``run`` goes on with it, ``run(anew=True)`` keeps what it sampled as designs and starts another.
Where the prompt was painted on a step, ``run`` does what was left of that step's run, from there.
"""

import os
import threading
import time
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import replace
from typing import TYPE_CHECKING

from ..frame import Frame
from ..messages import describe, names_of
from ..state import ACTIVE, BenchState, error_text
from .progress import Progress
from .requests import Wishes
from .settings import RunSettings

if TYPE_CHECKING:
    from workbench.sampling.batching import Batch
    from workbench.sampling.recipe import Recipe
    from workbench.sampling.trajectory import Trajectory

IDLE_SECONDS = 60.0


class Runner:
    """Drives the session's trajectory; ``model`` is a name or path, or a model already loaded."""

    def __init__(self, state: BenchState, model: object) -> None:
        self._state = state
        self._model = model
        self._wishes = Wishes()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._failure: BaseException | None = None
        self._batch: Batch | None = None
        self._left = 0
        self._progress = Progress(state)
        state.observe(self._look_closer, "pairs")

    # -- wishes: any thread, return at once ------------------------------------------------------

    def run(self, anew: bool = False) -> None:
        """Go on with the paused run or start one; ``anew`` starts one where settings changed."""
        self._state.update(follows=True)
        self._wish(running=True, anew=anew or self._wishes.anew)

    def step(self, anew: bool = False) -> None:
        """Take one model step."""
        self._state.update(follows=True)
        with self._changed:
            anew = anew or self._wishes.anew
            self._wish(running=False, steps=self._wishes.steps + 1, anew=anew)

    def pause(self) -> None:
        """Rest after the model step in hand; ``run`` goes on from there."""
        with self._changed:
            if not (self._busy or self._wishes.any()):
                return
            self._wish(running=False, steps=0, pause=True)
        with self._state.lock:
            if self._state.phase in ("running", "loading"):
                self._state.update(phase="pausing")

    def stop(self) -> None:
        """End the run after the model step in hand; all that was sampled stays."""
        with self._changed:
            self._wishes = Wishes(stop=True)
            self._wish()

    def rewind(self, index: int = 0) -> None:
        """Forget the steps after ``index``; 0 goes back to the prompt."""
        self._state.update(follows=True)
        self._wish(running=False, steps=0, rewind=max(0, int(index)))

    def show(self, index: int) -> None:
        """Put a step of the current run on view."""
        self._wish(show=max(0, int(index)))

    def _look_closer(self, _: object) -> None:
        frame = self._state.frame
        if self._state.pairs and frame is not None and frame.index and not self.active:
            self.show(frame.index)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the worker rests, False on timeout. Raises what made a run fail."""
        with self._changed:
            rested = self._changed.wait_for(
                lambda: not self._busy and not self._wishes.any(), timeout
            )
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return rested

    def at_hand(self) -> "tuple[RunSettings, Recipe]":
        """Settings and recipe of the run of this prompt: under way, done or to come."""
        state, run = self._state, self._state.session.trajectory
        changed = self._replaces(anew=False)
        done = run is not None and run.done and run.prompt is state.prompt
        if state.planned is not None and (done or (self._current() is not None and not changed)):
            return state.planned, run.recipe
        return self._to_come(changed)

    @property
    def active(self) -> bool:
        """Whether a run is under way."""
        return self._wishes.running or self._wishes.steps > 0

    def _wish(self, **wishes: object) -> None:
        with self._changed:
            for name, value in wishes.items():
                setattr(self._wishes, name, value)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=copy_context().run,
                    args=(self._work,),
                    name="bench-sampling",
                    daemon=True,
                )
                self._thread.start()
            self._changed.notify_all()

    # -- the worker ------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(self._wishes_any, IDLE_SECONDS):
                    self._thread = None
                    return
                wishes = self._wishes
                taken = replace(wishes)
                wishes.rewind = wishes.show = None
                wishes.stop = wishes.pause = wishes.anew = False
                wishes.steps = max(0, wishes.steps - 1)
                self._busy = True
            try:
                self._obey(taken)
            except BaseException as error:  # the thread border: shown in the bench, raised by wait
                self._fail(error)
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def _wishes_any(self) -> bool:
        return self._wishes.any()

    def _obey(self, wishes: Wishes) -> None:
        trajectory = self._state.session.trajectory
        if wishes.pause and self._state.phase in ACTIVE:
            self._rest("paused", "paused")
        if wishes.rewind is not None and trajectory is not None:
            self._rewind(trajectory, wishes.rewind)
        if wishes.show is not None:
            self._show(wishes.show)
        if wishes.stop:
            self._end()
        elif wishes.running or wishes.steps:
            self._advance(wishes.anew)

    def _rewind(self, trajectory: "Trajectory", index: int) -> None:
        together = self._batch.trajectories if self._batch is not None else ()
        if trajectory not in together or self._batch is None or self._batch.done:
            together = (trajectory,)
            self._left = 1
            self._share(together)
        for one in together:
            one.rewind(min(index, len(one.steps)))
        self._rest("paused" if trajectory.steps else "idle", "rewound")

    def _show(self, index: int) -> None:
        state = self._state
        pairs = state.pairs and state.phase not in ACTIVE
        looked, trajectory = state.looked, state.session.trajectory
        if looked is not None and looked.run is not None:
            if index >= len(looked.steps):
                state.show(Frame.of_design(looked), looked)
                return
            self._load()
            trajectory = state.session.trajectory_of(looked)
            title = f"{looked.name}, step {index}" if index else f"{looked.name}, its prompt"
            state.show(Frame.of(trajectory, index, pairs=pairs, title=title), looked)
        elif trajectory is not None:
            taken = len(trajectory.steps)
            frame = Frame.of(trajectory, min(index, taken), pairs=pairs) if index else None
            state.update(frame=frame, looked=None, follows=index >= taken)

    def _end(self) -> None:
        kept = self._keep_unfinished()
        self._left = 0
        trajectory = self._state.session.trajectory
        if not kept:
            self._rest("stopped", "stopped")
            return
        steps = len(trajectory.steps) if trajectory is not None else 0
        self._rest("stopped", f"stopped after step {steps}; kept as {names_of(kept)}")

    def _keep_unfinished(self) -> list[str]:
        """Keep what the runs under way have sampled, and have none under way any more."""
        batch, self._batch = self._batch, None
        session = self._state.session
        kept = [session.keep(one).name for one in batch.open if one.steps] if batch else []
        self._state.update(designs=len(session.designs))
        return kept

    def _advance(self, anew: bool) -> None:
        state = self._state
        changed = self._replaces(anew)
        batch = None if changed else self._current()
        batch = self._begin(changed) if batch is None else batch
        state.update(phase="running", error="")
        began = time.monotonic()
        if not batch.done:
            size = batch.size
            made = batch.advance()
            self._progress.passed((time.monotonic() - began) / len(made))
            if batch.size < size:
                self._progress.note = f"memory ran out: now {batch.size} designs share a pass"
                state.update(batch=batch.size)
        if batch.done:
            self._finish(batch)
        elif not self.active:
            self._rest("paused", "paused")
        else:
            self._progress.show(state.session.trajectory)

    def _current(self) -> "Batch | None":
        """The run to go on with, None where another is to begin."""
        trajectory, batch = self._state.session.trajectory, self._batch
        if batch is None or batch.done or trajectory not in batch.trajectories:
            return None
        return batch if trajectory.prompt is self._state.prompt else None

    def _replaces(self, anew: bool) -> bool:
        """Whether other settings are to end the run at hand: on demand, or where it has no step."""
        state, run = self._state, self._state.session.trajectory
        anew = anew or (run is not None and not run.steps)
        return anew and state.planned not in (None, state.settings)

    @property
    def _under_way(self) -> bool:
        return self._batch is not None and not self._batch.done

    def _goes_on(self, changed: bool) -> bool:
        """Whether the prompt was painted on a step of the run before, to go on from there."""
        return self._state.left is not None and self._state.planned is not None and not changed

    def _to_come(self, changed: bool = False) -> "tuple[RunSettings, Recipe]":
        """How the next run is set, and what it does."""
        state, goes_on = self._state, self._goes_on(changed)
        settings = state.planned if goes_on and self._under_way else state.settings
        return settings, state.left if goes_on and settings == state.planned else settings.plan()

    def _begin(self, changed: bool) -> "Batch":
        from workbench.sampling.batching import batch_size

        state = self._state
        if self._under_way and not self._goes_on(changed):
            self._keep_unfinished()
        with state.lock:
            settings, recipe = self._to_come(changed)
            more = self._left > 0 and state.planned == settings and not changed
            self._left = self._left if more else settings.designs
            seed = settings.seed + settings.designs - self._left
        self._load()
        session = state.session
        cut_off = self._taken_up()
        with state.lock:
            size = len(cut_off) or batch_size(session.model, len(state.prompt), self._left)
            runs = cut_off or [
                session.start(recipe, seed + k, predict_structure=True) for k in range(size)
            ]
            self._left = len(cut_off) or self._left
            session.trajectory = runs[0]
            batch = self._share(runs)
            self._progress.begin(batch, max(0, self._left - len(runs)))
            state.update(
                planned=settings,
                taken=len(runs[0].steps),
                total=runs[0].total,
                batch=size,
                designs_asked=settings.designs,
                designs_done=settings.designs - self._left,
            )
        return batch

    def _share(self, runs: "Sequence[Trajectory]") -> "Batch":
        """Have these runs under way, in passes that they share."""
        from workbench.sampling.batching import Batch

        self._batch = Batch(runs)
        return self._batch

    def _taken_up(self) -> "list[Trajectory]":
        """Runs that an opened record brought along; designs once the prompt has moved on."""
        session = self._state.session
        runs = session.take_up()
        if all(one.prompt is self._state.prompt for one in runs):
            return runs
        for one in runs:
            session.keep(one)
        self._state.update(designs=len(session.designs))
        return []

    def _load(self) -> None:
        if not isinstance(self._model, str | os.PathLike):
            self._state.session.model = self._model
            return
        before = self._state.phase
        self._state.update(phase="loading", status=f"loading {self._model}")
        import torch

        from workbench import load_model

        torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
        self._model = load_model(str(self._model))
        self._state.session.model = self._model
        self._state.update(model=describe(self._model), phase=before)

    def _finish(self, batch: "Batch") -> None:
        state = self._state
        kept = [state.session.keep(one) for one in batch.trajectories if one not in batch.failures]
        self._left = max(0, self._left - len(batch.trajectories))
        self._progress.note = batch.failed or self._progress.note
        state.update(
            designs=len(state.session.designs),
            designs_done=max(0, state.designs_asked - self._left),
        )
        if self._left > 0 and self.active:
            self._progress.push(state.session.trajectory)
            return
        with self._changed:
            self._wishes.running, self._wishes.steps = False, 0
        ready = "is ready" if len(kept) == 1 else "are ready"
        self._rest("done", f"{names_of([one.name for one in kept])} {ready}")

    def _rest(self, phase: str, status: str) -> None:
        trajectory = self._state.session.trajectory
        note = self._progress.note if phase != "stopped" else ""
        status = "  ·  ".join(filter(None, [status, note]))
        ended = {"phase": phase, "status": status, "remaining": None}
        if trajectory is None:
            self._state.update(**ended)
        else:
            self._progress.push(trajectory, self._state.pairs, **ended)

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            self._wishes = Wishes()
            self._failure = error
        self._state.update(
            phase="error",
            status="the run ended with an error",
            error=error_text(error),
            remaining=None,
        )
