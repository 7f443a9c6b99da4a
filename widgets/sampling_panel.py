"""SamplingPanel: recipe and settings, the transport buttons, progress, timeline and messages."""

from dataclasses import asdict
from typing import Protocol

import traitlets

from workbench.errors import SamplingError
from workbench.sampling.recipe import SCHEDULES, STRATEGIES

from . import assets
from .live import LiveWidget
from .settings import PRESETS, RunSettings
from .state import BenchState

OPTIONS = {
    "presets": [list(preset) for preset in PRESETS],
    "schedules": list(SCHEDULES),
    "strategies": list(STRATEGIES),
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


class SamplingPanel(LiveWidget):
    """The panel below the tracks."""

    _esm = assets.linked("sampling_panel.js")
    _css = assets.style("sampling_panel.css")

    options = traitlets.Dict(OPTIONS).tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    run_state = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)

    def __init__(self, state: BenchState, transport: Transport) -> None:
        self._state = state
        self._transport = transport
        super().__init__(state.lock)
        self._draw(None)
        watched = ["phase", "frame", "taken", "total", "remaining", "status", "error", "settings"]
        state.observe(self._draw, [*watched, "revision"])

    def _draw(self, _: object) -> None:
        state = self._state
        self.push(
            settings=asdict(state.settings) | {"steps": _steps(state.settings)},
            status=state.status,
            error=state.error,
            run_state={
                "phase": state.phase,
                "shown": state.index,
                "taken": state.taken,
                "total": state.total,
                "remaining": state.remaining,
            },
        )

    # -- intent in -------------------------------------------------------------------------------

    def on_settings(self, changes: dict) -> None:
        """Change settings for the next run; nonsense is refused and shown."""
        try:
            settings = self._state.settings
            steps = changes.pop("steps", None)
            settings = settings if steps is None else settings.with_steps(_whole(steps))
            self._state.update(settings=settings.with_(**changes), error="")
        finally:
            self.push(settings={})
            self._draw(None)

    def on_run(self) -> None:
        """Run, or go on."""
        self._transport.run()

    def on_step(self) -> None:
        """One model step."""
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
        """Put the error away."""
        self._state.update(error="")

    def refused(self, error: Exception) -> None:
        """Show what was refused."""
        self._state.report(error)


def _steps(settings: RunSettings) -> int | str:
    """Steps that all stages share, or nothing where they differ."""
    steps = {stage.steps for stage in settings.plan().stages}
    return steps.pop() if len(steps) == 1 else ""


def _whole(text: object) -> int:
    try:
        return int(text)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        raise SamplingError(f"{text!r} is no number of steps; give a whole number") from None
