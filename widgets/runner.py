"""Runner: sampling in one worker thread, so that the kernel stays free.

Callers leave wishes (run, step, pause, stop, rewind, show) and return at once; the worker takes
them between model steps, so a pause answers within one step. Frames reach the state at most ten
times a second, and always when the worker comes to rest. The thread carries the context of the cell
that started it and ends by itself when there has been nothing to do for a while.
"""

import os
import threading
import time
from contextvars import copy_context
from dataclasses import dataclass, replace

from .frame import Frame
from .settings import RunSettings
from .state import BenchState, error_text

FRAME_SECONDS = 0.1
VIEW_PATIENCE = 3.0
"""Rest between frames in units of the last one's cost: views take a quarter of the time at most."""

DRAWING_SECONDS = 2.0
"""How long to wait for a browser that has not drawn the last frame; it may be gone."""

IDLE_SECONDS = 60.0
ACTIVE = ("running", "loading", "pausing")


@dataclass(slots=True)
class Wishes:
    """What the worker should do next."""

    running: bool = False
    steps: int = 0
    pause: bool = False
    stop: bool = False
    rewind: int | None = None
    show: int | None = None

    def any(self) -> bool:
        """Whether there is something to do."""
        return (
            self.running
            or self.steps > 0
            or self.pause
            or self.stop
            or self.rewind is not None
            or self.show is not None
        )


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
        self._planned: RunSettings | None = None
        self._stopped = False
        self._left = 0
        self._next_push = 0.0
        self._pace = 0.0

    # -- wishes: any thread, return at once ------------------------------------------------------

    def run(self) -> None:
        """Start a run with the current prompt and settings, or go on with the paused one."""
        self._wish(running=True)

    def step(self) -> None:
        """Take one model step."""
        with self._changed:
            self._wish(running=False, steps=self._wishes.steps + 1)

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
        self._wish(running=False, steps=0, rewind=max(0, int(index)))

    def show(self, index: int) -> None:
        """Put a step of the current run on view."""
        self._wish(show=max(0, int(index)))

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
                wishes.stop = wishes.pause = False
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
            trajectory.rewind(min(wishes.rewind, len(trajectory.steps)))
            self._stopped = False
            self._left = 0
            self._rest("paused" if trajectory.steps else "idle", "rewound")
        if wishes.show is not None and trajectory is not None:
            index = min(wishes.show, len(trajectory.steps))
            self._state.show(Frame.of(trajectory, index) if index else None)
        if wishes.stop:
            self._end(trajectory)
        elif wishes.running or wishes.steps:
            self._advance()

    def _end(self, trajectory) -> None:
        open_run = trajectory is not None and trajectory.steps and not trajectory.done
        status = "stopped"
        if open_run and not self._stopped:
            design = self._state.session.keep(trajectory)
            status = f"stopped after step {len(trajectory.steps)}; kept as {design.name}"
        self._stopped, self._left = True, 0
        self._state.update(designs=len(self._state.session.designs))
        self._rest("stopped", status)

    def _advance(self) -> None:
        state = self._state
        trajectory = self._current() or self._begin()
        state.update(phase="running", error="")
        began = time.monotonic()
        if not trajectory.done:
            trajectory.advance()
            self._measure(time.monotonic() - began)
        if trajectory.done:
            self._finish(trajectory)
        elif not self.active:
            self._rest("paused", "paused")
        elif self._wants_frame():
            self._push(trajectory)

    def _current(self):
        state = self._state
        trajectory = state.session.trajectory
        usable = (
            trajectory is not None
            and not self._stopped
            and not trajectory.done
            and trajectory.prompt is state.prompt
            and self._planned == state.settings
        )
        return trajectory if usable else None

    def _begin(self):
        state = self._state
        with state.lock:
            settings = state.settings
            more = self._left > 0 and self._planned == settings
            self._left = self._left if more else settings.designs
            seed = settings.seed + settings.designs - self._left
        self._load()
        with state.lock:
            trajectory = state.session.start(settings.plan(), seed, ghost=True)
            self._planned, self._stopped, self._pace = settings, False, 0.0
            state.update(taken=0, total=trajectory.total)
        return trajectory

    def _load(self) -> None:
        if not isinstance(self._model, str | os.PathLike):
            self._state.session.model = self._model
            return
        self._state.update(phase="loading", status=f"loading {self._model}")
        import torch

        from workbench import load_model

        torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
        self._model = load_model(str(self._model))
        self._state.session.model = self._model
        self._state.update(model=describe(self._model))

    def _finish(self, trajectory) -> None:
        state = self._state
        design = state.session.keep(trajectory)
        self._left = max(0, self._left - 1)
        state.update(designs=len(state.session.designs))
        if self._left > 0 and self.active:
            self._push(trajectory)
            return
        with self._changed:
            self._wishes.running, self._wishes.steps = False, 0
        self._rest("done", f"{design.name} is ready")

    # -- showing ---------------------------------------------------------------------------------

    def _wants_frame(self) -> bool:
        late = time.monotonic() - self._next_push
        return late >= 0 if self._state.keeping_up else late >= DRAWING_SECONDS

    def _measure(self, seconds: float) -> None:
        self._pace = seconds if not self._pace else 0.7 * self._pace + 0.3 * seconds

    def _push(self, trajectory) -> None:
        began = time.monotonic()
        frame = Frame.of(trajectory, len(trajectory.steps)) if trajectory.steps else None
        state, taken = self._state, len(trajectory.steps)
        with state.lock:
            on_view = {"frame": frame} if trajectory.prompt is state.prompt else {}
            state.update(
                taken=taken,
                total=trajectory.total,
                status=_filled(trajectory),
                remaining=self._pace * (trajectory.total - taken),
                **on_view,
            )
        now = time.monotonic()
        self._next_push = now + max(FRAME_SECONDS, VIEW_PATIENCE * (now - began))

    def _rest(self, phase: str, status: str) -> None:
        trajectory = self._state.session.trajectory
        if trajectory is not None:
            self._push(trajectory)
        self._state.update(phase=phase, status=status, remaining=None)

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


def describe(model: object) -> str:
    """One line about a model: name, device, size."""
    millions = model.parameter_count / 1e6
    return f"{model.name} · {model.device} · {millions:.1f} M parameters"


def _filled(trajectory) -> str:
    if not trajectory.steps:
        return "ready"
    step = trajectory.steps[-1]
    return f"filled {len(step.positions)} of {step.track.value}"
