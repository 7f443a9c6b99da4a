"""Runner: sampling in one worker thread, so that the kernel stays free.

Callers leave requests (run, pause, stop, rewind, show) in one queue and return at once; the worker
takes them in their order between model steps, so a pause answers within one step. Frames reach the
state as often as ``Progress`` lets them, and always when the worker comes to rest. The thread
carries the context of the cell that started it and ends by itself when there has been nothing to do
for a while.

What a run is asked is fixed when it starts (``RunJob``): its prompt, recipe, seeds and number of
designs. Several designs share model passes, as many as memory allows. A run that takes the place of
a paused one keeps what that one sampled as designs.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from contextvars import copy_context
from types import UnionType
from typing import TYPE_CHECKING

from workbench.errors import SamplingError

from ..frame import Frame
from ..messages import names_of
from ..run_job import RunJob
from ..run_requests import Pause, Request, Rewind, Run, Show, Stop
from ..run_status import RunStatus
from ..state import BenchState, error_text
from .model_source import ModelSource
from .progress import Progress
from .step_on_view import put_on_view

if TYPE_CHECKING:
    from workbench.model.model import Model
    from workbench.prompt import Prompt
    from workbench.sampling.batching import Batch
    from workbench.sampling.trajectory import Trajectory

IDLE_SECONDS = 60.0
SCRUB_SECONDS = 0.3
"""Who goes from step to step asks for the next one sooner."""
OF_ANOTHER_MODEL = "a run that another model began waits: open the record with that model"


class Runner:
    """Drives the session's trajectory with the model of ``source``."""

    def __init__(self, state: BenchState, source: ModelSource) -> None:
        self._state = state
        self._source = source
        self._queue: deque[Request] = deque()
        self._running = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._failure: BaseException | None = None
        self._batch: Batch | None = None
        self._designs_left = 0
        self._turns = self._turns_known = 0
        self._progress = Progress(state)
        state.observe(self._look_closer, "needs_pae")
        state.observe(self._look_elsewhere, ["frame", "revision"])

    # -- requests: any thread, return at once ----------------------------------------------------

    def run(self, anew: bool = False) -> None:
        """Go on with the paused run or start one; ``anew`` starts one where settings changed."""
        self._ask_to_run(None, anew)

    def step(self, anew: bool = False) -> None:
        """Take one model step."""
        self._ask_to_run(1, anew)

    def _ask_to_run(self, steps: int | None, anew: bool) -> None:
        with self._state.lock:
            request = self._state.run_request(steps, anew=anew)
            self._state.update(follows=True)
        self._put(request)

    def pause(self) -> None:
        """Rest after the model step in hand; ``run`` goes on from there."""
        with self._changed:
            if not self._at_work:
                return
            self._put(Pause(), instead_of=Run)
        with self._state.lock:
            if self._state.run.active:
                self._state.update(run=self._state.run.with_(phase="pausing"))

    def stop(self) -> None:
        """End the run after the model step in hand; all that was sampled stays."""
        self._put(Stop(), instead_of=Request)

    def rewind(self, index: int = 0) -> None:
        """Forget the steps after ``index``; 0 goes back to the prompt."""
        self._state.update(follows=True)
        self._put(Rewind(max(0, int(index))), instead_of=Run)

    def show(self, index: int) -> None:
        """Put a step of the current run on view."""
        self._put(Show(max(0, int(index))), instead_of=Show)

    def look_at(self, what: str) -> None:
        """Put the prompt on view, or the result that was on view last, or else the newest one."""
        state, last, designs = self._state, self._state.last_result, self._state.session.designs
        if what == "prompt":
            self._look_elsewhere()
            state.update(frame=None, viewed_design=None, follows=False)
        elif state.run.taken and (state.run.active or last is None):
            self.show(state.run.total)
        elif last is not None or designs:
            frame, design = last or (Frame.of_design(designs[-1]), designs[-1])
            state.update(frame=frame, viewed_design=design, follows=False)
        else:
            raise SamplingError("there is no result yet; press Run")

    def _look_elsewhere(self, _: object = None) -> None:
        """Show no step asked for so far: somebody turns to something else or edits the prompt."""
        with self._changed:
            if threading.current_thread() is not self._thread:
                self._turns += 1
                self._drop(Show)

    def _look_closer(self, _: object) -> None:
        frame = self._state.frame
        if self._state.needs_pae and frame is not None and frame.index and not self._at_work:
            self.show(frame.index)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the worker rests, False on timeout. Raises what made a run fail."""
        with self._changed:
            rested = self._changed.wait_for(lambda: not self._at_work, timeout)
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return rested

    @property
    def _at_work(self) -> bool:
        """Whether there is something to do or being done."""
        return self._busy or self._running or bool(self._queue)

    def _put(self, request: Request, instead_of: type | UnionType | tuple[()] = ()) -> None:
        """Leave a request; those of a kind that it makes pointless are dropped."""
        with self._changed:
            self._drop(instead_of)
            self._queue.append(request)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=copy_context().run,
                    args=(self._work,),
                    name="bench-sampling",
                    daemon=True,
                )
                self._thread.start()
            self._changed.notify_all()

    def _drop(self, kind: type | UnionType | tuple[()]) -> None:
        self._queue = deque(request for request in self._queue if not isinstance(request, kind))

    # -- the worker ------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._queue or self._running, IDLE_SECONDS):
                    self._thread = None
                    return
                request = self._queue.popleft() if self._queue else None
                self._busy, self._turns_known = True, self._turns
            try:
                self._obey(request)
            except BaseException as error:  # the thread border: shown in the bench, raised by wait
                self._fail(error)
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def _obey(self, request: Request | None) -> None:
        match request:
            case None:
                self._advance()
            case Run():
                self._take_request(request)
                self._running = request.steps is None
                self._advance()
            case Pause():
                self._running = False
                if self._state.run.active:
                    self._rest("paused", "paused")
            case Rewind(index):
                self._running = False
                self._rewind(index)
            case Show(index):
                self._show(index)
            case Stop():
                self._running = False
                self._end()

    def _rewind(self, index: int) -> None:
        trajectory, batch = self._state.session.trajectory, self._batch
        if trajectory is None:
            return
        if batch is None or batch.done or trajectory not in batch.trajectories:
            self._designs_left, batch = 1, self._share([trajectory])
            job = RunJob.of_runs([trajectory])
            self._state.update(job=job, run=RunStatus(designs_requested=1))
        for run in batch.trajectories:
            run.rewind(min(index, len(run.steps)))
        self._rest("paused" if trajectory.steps else "idle", "rewound")

    def _show(self, index: int) -> None:
        """A step whose structure takes long is there as a draft, and whole when nobody goes on."""
        design, session = self._state.viewed_design, self._state.session
        if design is not None and index < len(design.steps):
            self._source.load_for_run()
        if session.model is not None and session.model.structure_decoder.drafts:
            if not put_on_view(self._state, index, self._is_awaited, draft=True):
                return
            with self._changed:
                if self._running or self._changed.wait_for(lambda: self._queue, SCRUB_SECONDS):
                    return
        put_on_view(self._state, index, self._is_awaited)

    def _is_awaited(self) -> bool:
        """Whether nobody has turned to something else since the request at hand was taken."""
        return self._turns == self._turns_known

    def _end(self) -> None:
        names = self._keep_unfinished()
        self._designs_left = 0
        trajectory = self._state.session.trajectory
        if not names:
            self._rest("stopped", "stopped")
            return
        steps = len(trajectory.steps) if trajectory is not None else 0
        self._rest("stopped", f"stopped after step {steps}; kept as {names_of(names)}")

    def _keep_unfinished(self) -> list[str]:
        """Keep what the runs under way have sampled, and have none under way any more."""
        batch, self._batch = self._batch, None
        session = self._state.session
        names = [session.keep(run).name for run in batch.open if run.steps] if batch else []
        self._state.update(designs=len(session.designs))
        return names

    def _take_request(self, request: Run) -> None:
        """Have the run under way that this asks for."""
        state = self._state
        if state.goes_on(request):
            return
        names = self._keep_unfinished()
        self._announce(request.job)
        self._source.load_for_run()
        job = self._announce(request.job)
        self._begin(self._cut_off(job.prompt))
        if names:
            self._progress.note = f"what was sampled before is kept as {names_of(names)}"
        if state.session.unfinished:
            state.update(notice=OF_ANOTHER_MODEL)

    def _announce(self, asked: RunJob) -> RunJob:
        """Show what the run that begins is asked; a loaded model may not fit runs of a record."""
        job = self._state.job_of(asked)
        self._designs_left = job.settings.designs
        status = RunStatus("running", designs_requested=self._designs_left)
        self._state.update(job=job, run=status, notice="", error="")
        return job

    def _cut_off(self, prompt: "Prompt") -> "list[Trajectory]":
        """Runs that an opened record brought along; designs once the prompt has moved on."""
        session = self._state.session
        runs = session.resume_runs()
        if all(run.prompt is prompt for run in runs):
            return runs
        for run in runs:
            session.keep(run)
        self._state.update(designs=len(session.designs))
        return []

    @property
    def _job(self) -> RunJob:
        """What the run at hand was asked."""
        job = self._state.job
        assert job is not None, "no run was asked for"
        return job

    @property
    def _loaded(self) -> "Model":
        """The session's model, loaded by now."""
        model = self._state.session.model
        assert model is not None, "the model is not loaded"
        return model

    @property
    def _trajectory(self) -> "Trajectory":
        """The run whose steps are shown."""
        trajectory = self._state.session.trajectory
        assert trajectory is not None, "no run has begun"
        return trajectory

    def _begin(self, runs: "Sequence[Trajectory]" = ()) -> "Batch":
        """Start the next designs of the job, or go on with these runs."""
        from workbench.sampling.batching import batch_size

        state, session, job = self._state, self._state.session, self._job
        first = job.settings.seed + job.settings.designs - self._designs_left
        with state.lock:
            if not runs:
                size = batch_size(self._loaded, len(job.prompt), self._designs_left)
                runs = [
                    session.start(job.recipe, first + k, prompt=job.prompt) for k in range(size)
                ]
            session.trajectory = runs[0]
            batch = self._share(runs)
            self._progress.begin(batch, max(0, self._designs_left - len(runs)))
            run = state.run.with_(
                taken=len(runs[0].steps),
                total=runs[0].total,
                batch=batch.size,
                open=True,
                designs_done=job.settings.designs - self._designs_left,
            )
            state.update(run=run)
        return batch

    def _share(self, runs: "Sequence[Trajectory]") -> "Batch":
        """Have these runs under way, in passes that they share."""
        from workbench.sampling.batching import Batch

        self._batch = Batch(runs)
        return self._batch

    def _advance(self) -> None:
        state = self._state
        state.update(run=state.run.with_(phase="running"), error="")
        batch = self._batch
        if batch is None or batch.done:
            batch = self._begin()
        began = time.monotonic()
        if not batch.done:
            size = batch.size
            done = batch.advance()
            self._progress.passed((time.monotonic() - began) / len(done))
            if batch.size < size:
                self._progress.note = f"memory ran out: now {batch.size} designs share a pass"
                state.update(run=state.run.with_(batch=batch.size))
        if batch.done:
            self._finish(batch)
        elif not self._running:
            self._rest("paused", "paused")
        else:
            self._progress.show(self._trajectory)

    def _finish(self, batch: "Batch") -> None:
        state = self._state
        designs = [
            state.session.keep(run) for run in batch.trajectories if run not in batch.failures
        ]
        self._designs_left = max(0, self._designs_left - len(batch.trajectories))
        self._progress.note = batch.failed or self._progress.note
        requested = self._job.settings.designs
        done = requested - self._designs_left
        state.update(designs=len(state.session.designs), run=state.run.with_(designs_done=done))
        if self._designs_left > 0:
            if self._running:
                self._progress.push(self._trajectory)
            else:
                self._rest("paused", f"paused after {done} of {requested} designs")
            return
        self._running = False
        ready = "is ready" if len(designs) == 1 else "are ready"
        self._rest("done", f"{names_of([design.name for design in designs])} {ready}")

    def _rest(self, phase: str, message: str) -> None:
        trajectory = self._state.session.trajectory
        note = self._progress.note if phase != "stopped" else ""
        says, is_open = "  ·  ".join(filter(None, [message, note])), self._designs_left > 0
        ended = {"phase": phase, "message": says, "remaining": None, "open": is_open}
        if trajectory is None:
            self._state.update(run=self._state.run.with_(**ended))
        else:
            self._progress.push(trajectory, self._state.needs_pae, **ended)

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            self._queue.clear()
            self._running = False
            self._failure = error
        run = self._state.run.with_(
            phase="error",
            message="the run ended with an error",
            remaining=None,
            open=self._batch is not None and not self._batch.done,
        )
        self._state.update(run=run, error=error_text(error))
