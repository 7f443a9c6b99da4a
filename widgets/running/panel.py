"""RunPanel: recipe and settings, the transport buttons, progress, timeline and messages."""

from dataclasses import asdict
from typing import Protocol

import traitlets

from workbench.errors import SamplingError
from workbench.sampling.settings import BOUNDS, PRESETS, RunSettings
from workbench.sampling.stage_options import SCHEDULES, STRATEGIES
from workbench.tracks import TRACKS, Track

from ..browser import loader
from ..browser.style import style
from ..messages import sized
from ..run_job import RunJob
from ..state import BenchState
from ..view import BenchView
from .recipe_form import stage_form, stages_of

WAITS = "the paused run keeps its own settings; the new ones wait for the next run (Stop ends this)"
"""What is said when settings change under a paused run."""

OPTIONS = {
    "presets": [list(preset) for preset in PRESETS],
    "bounds": {name: list(bounds) for name, bounds in BOUNDS.items()},
    "schedules": list(SCHEDULES),
    "strategies": list(STRATEGIES),
    "stage": stage_form(),
}


class Transport(Protocol):
    """What the buttons call; the bench is one."""

    def run(self) -> object: ...  # noqa: D102
    def step(self) -> object: ...  # noqa: D102
    def pause(self) -> object: ...  # noqa: D102
    def stop(self) -> object: ...  # noqa: D102
    def rewind(self, index: int) -> object: ...  # noqa: D102
    def branch(self) -> object: ...  # noqa: D102
    def show_step(self, index: int) -> object: ...  # noqa: D102


class RunPanel(BenchView):
    """The panel below the tracks."""

    _esm = loader.linked("running/panel.js")
    _css = style("running/panel.css")

    options = traitlets.Dict(OPTIONS).tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    stages = traitlets.List(help="stages of the recipe, with what they spell out").tag(sync=True)
    run_state = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    plan = traitlets.List().tag(sync=True)
    estimate = traitlets.Unicode().tag(sync=True)
    notes = traitlets.List().tag(sync=True)
    guidance = traitlets.List().tag(sync=True)
    rejected = traitlets.Dict(help="settings as typed that were refused, by name").tag(sync=True)

    def __init__(self, state: BenchState, transport: Transport) -> None:
        self._transport = transport
        super().__init__(state)
        self._previewed: tuple = ()
        self._draw(None)
        state.observe(lambda _: self.push(rejected={}), "settings")
        watched = "run job frame viewed_design notice error settings model revision"
        state.observe(self._draw, watched.split())

    def _draw(self, _: object) -> None:
        state = self._state
        run, viewed_design = state.run, state.viewed_design
        job = state.job_on_timeline
        taken, total = state.timeline
        messages = [run.message, state.notice] if run.active or not state.notice else [state.notice]
        self.push(
            settings=asdict(state.settings) | {"steps": _steps(state.settings)},
            stages=stages_of(state.settings.recipe),
            status="  ·  ".join(filter(None, messages)),
            error=state.error,
            run_state={
                "phase": run.phase,
                "goes_on": state.goes_on(state.run_request()) and taken > 0,
                "shown": state.index,
                "taken": taken,
                "total": total,
                "remaining": run.remaining,
                "design": viewed_design.name if viewed_design is not None else "",
            },
            notes=list(state.frame.notes) if state.frame is not None else [],
        )
        self._preview(job)

    def _preview(self, job: RunJob) -> None:
        """The passes of the run on the timeline, and what Run would do."""
        state, viewed_design, coming = self._state, self._state.viewed_design, self._state.next_job
        compared = (job.prompt, job.settings, coming.prompt, coming.settings)
        about = (*compared, viewed_design, state.prompt, state.model)
        if about == self._previewed:
            return
        self._previewed = about
        shown = job
        if viewed_design is not None and viewed_design.run is not None:
            shown = RunJob.of_runs([viewed_design])
        recipe = shown.recipe
        plan = [
            [recipe.stages[planned.stage].track.value, planned.count] for planned in shown.passes
        ]
        self.push(plan=plan, estimate=self._estimate(coming), guidance=self._guidance())

    def _guidance(self) -> list[list[str | float]]:
        """What the prompt gives or has a weight, with a title and the weight."""
        prompt, weights = self._state.prompt, self._state.settings.weights
        titles = {track.value: TRACKS[track].title for track in Track}
        given = [track.value for track in Track if not prompt.masked(track).all()]
        labels = [annotation.label for annotation in (*prompt.function, *prompt.residue)]
        names = dict.fromkeys([*given, *labels, *weights])
        return [[name, titles.get(name, name), weights.get(name, 0.0)] for name in names]

    def _estimate(self, job: RunJob) -> str:
        passes, cost, model = len(job.passes), job.cost, self._state.session.model
        if not passes:
            return "nothing is masked on the recipe's tracks"
        designs = job.settings.designs
        words = [f"{passes} steps"]
        if cost.most != passes or cost.decodes:
            words.append(str(cost))
        if designs > 1:
            words.append(f"{designs} designs")
        if designs > 1 and model is not None:
            from workbench.sampling.batching import batch_size, bytes_per_run, free_bytes

            length = len(job.prompt)
            each, free = bytes_per_run(model, length), free_bytes(model.device)
            words.append(
                f"{batch_size(model, length, designs)} share a pass "
                f"(about {sized(each)} each, {sized(free)} free)"
            )
        return " · ".join(words)

    # -- intent in -------------------------------------------------------------------------------

    def on_settings(self, changes: dict) -> None:
        """Change settings for the next run; nonsense is refused, and stays on view to be mended."""
        written = {*changes, "recipe"} if "steps" in changes else changes
        rejected = {name: text for name, text in self.rejected.items() if name not in written}
        try:
            self._change(**changes)
        except Exception:
            rejected |= changes
            raise
        finally:
            self.push(settings={}, rejected=rejected)
            self._draw(None)

    def _change(self, steps: object = None, **changes: object) -> None:
        settings = self._state.settings
        settings = settings if steps is None else settings.with_steps(_whole(steps))
        settings = settings.with_(**changes)
        self._state.update(settings=settings, error="")
        job = self._state.next_job
        if job is self._state.job and settings != job.settings:
            self._state.update(notice=WAITS)

    def _mended(self) -> None:
        """Refuse once more what was refused: a new run would not be the one on view."""
        if self.rejected and self._state.next_job is not self._state.job:
            self.on_settings(self.rejected)

    def on_guide(self, name: str, weight: float) -> None:
        """Follow a track or an annotation of the prompt more closely, from the next run on."""
        changed = self._state.settings.with_weight(str(name), float(weight))
        self.on_settings({"guide": changed.guide})

    def on_run(self) -> None:
        """Run, or go on."""
        self._mended()
        self._transport.run()

    def on_step(self) -> None:
        """One model step."""
        self._mended()
        self._transport.step()

    def on_pause(self) -> None:
        """Rest after this step."""
        self._transport.pause()

    def on_stop(self) -> None:
        """End the run."""
        self._transport.stop()

    def on_rewind(self, index: int = 0) -> None:
        """Forget the steps after ``index``."""
        self._transport.rewind(index)

    def on_branch(self) -> None:
        """Take the step on view as the new prompt."""
        self._transport.branch()

    def on_show(self, index: int) -> None:
        """Look at another step."""
        self._transport.show_step(index)

    def on_dismiss(self) -> None:
        """Put the error away, and what was refused with it."""
        self.push(rejected={})
        self._state.update(error="")


def _steps(settings: RunSettings) -> int | str:
    """Steps that all stages share, or nothing where they differ."""
    steps = {stage.steps for stage in settings.plan().stages}
    return steps.pop() if len(steps) == 1 else ""


def _whole(text: object) -> int:
    try:
        return int(text)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        raise SamplingError(f"{text!r} is no number of steps; give a whole number") from None
